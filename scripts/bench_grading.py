"""How many submissions an hour: dcgan-grader beside plain nbgrader, on the same notebooks.

    make bench-grading                                    # 40 submissions, 4 by nbgrader too
    python scripts/bench_grading.py --submissions 200     # does the cost stay linear?
    python scripts/bench_grading.py --plain 40            # all of them by both
    python scripts/bench_grading.py --submissions 1000 --scheduler tcp://ADDRESS:8786

The submissions are the model answers; every fourth lacks one of them. nbgrader grades one after
the other, so each of its times is one submission; the scores of both must be equal. Both know the
released notebook before the clock starts. The course's own gradebook is not touched.
"""

import argparse
import os
import platform
import shutil
import statistics
import sys
import tempfile
import time
import warnings
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parent.parent


def make_class(root, name, count):
    """Copy the course into `root` and hand in for `count` students; return their ids."""
    for file in ("nbgrader_config.py", "pyproject.toml"):
        shutil.copy(ROOT / file, root)
    for folder in ("solutions", "course"):
        shutil.copytree(ROOT / folder / name, root / folder / name)
    answers = {
        cell.metadata.nbgrader.grade_id: cell.source
        for cell in nbformat.read(ROOT / "solutions" / name / f"{name}.ipynb", 4).cells
        if cell.metadata.get("nbgrader", {}).get("solution")
    }
    students = [f"student{number:04}" for number in range(count)]
    for number, student in enumerate(students):
        notebook = nbformat.read(ROOT / "course" / name / f"{name}.ipynb", 4)
        given = dict(answers)
        if number % 4 == 3:
            del given[sorted(given)[number // 4 % len(given)]]
        for cell in notebook.cells:
            grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
            cell.source = given.get(grade_id, cell.source)
        path = root / "submitted" / student / name / f"{name}.ipynb"
        path.parent.mkdir(parents=True)
        nbformat.write(notebook, path)
    return students


def scores(url, name):
    """Points of each student in a gradebook."""
    from nbgrader.api import Gradebook

    with Gradebook(url) as gradebook:
        return {one.student.id: one.score for one in gradebook.assignment_submissions(name)}


def by_nbgrader(root, name, students):
    """Grade with plain nbgrader; return seconds of each submission, and the scores."""
    from nbgrader.apps import NbGraderAPI
    from traitlets.config import PyFileConfigLoader

    config = PyFileConfigLoader("nbgrader_config.py", path=str(root)).load_config()
    config.CourseDirectory.root = str(root)
    config.CourseDirectory.release_directory = str(root / "plain_release")
    config.CourseDirectory.autograded_directory = str(root / "plain")
    config.CourseDirectory.db_url = f"sqlite:///{root / 'plain.db'}"
    api = NbGraderAPI(config=config)
    if not api.generate_assignment(name, force=True, create=True)["success"]:
        sys.exit("nbgrader could not release the notebook")
    seconds = []
    for student in (students[0], *students):
        start = time.perf_counter()
        if not api.autograde(name, student, force=True, create=True)["success"]:
            sys.exit(f"nbgrader could not grade {student}")
        seconds.append(time.perf_counter() - start)
    # The first one is not counted: it reads all packages from the disk.
    return seconds[1:], scores(config.CourseDirectory.db_url, name)


def main():
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--name", default="03_generator", help="the notebook")
    parser.add_argument("--submissions", type=int, default=40)
    parser.add_argument("--plain", type=int, default=4, help="how many by plain nbgrader, too")
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    parser.add_argument("--scheduler", help="grade on this Dask cluster instead")
    options = parser.parse_args()
    os.environ["DCGAN_DATA"] = "embedded"
    warnings.filterwarnings("ignore", module="nbgrader")
    from dcgan_grader.course import Course
    from dcgan_grader.grade import grade
    from dcgan_grader.release import find_programs, remember

    with tempfile.TemporaryDirectory(prefix="bench-", dir="/var/tmp") as folder:
        root = Path(folder)
        students = make_class(root, options.name, options.submissions)
        find_programs()
        plain, plain_scores = by_nbgrader(root, options.name, students[: options.plain])
        remember(Course(root), [options.name])
        times = []

        def note(line):
            times.append(time.perf_counter())
            print(line, flush=True)

        start = time.perf_counter()
        grade(root, options.name, (), options.workers, options.scheduler, say=note)
        ours = time.perf_counter() - start
        our_scores = scores(f"sqlite:///{root / 'gradebook.db'}", options.name)
    different = [s for s in plain_scores if plain_scores[s] != our_scores[s]]
    one, rate = statistics.mean(plain), 3600 * len(students) / ours
    model = next(
        (
            x.split(": ")[1]
            for x in Path("/proc/cpuinfo").read_text().splitlines()
            if "model n" in x
        ),
        platform.machine(),
    )
    half = len(times) // 2
    crew = options.scheduler or f"{options.workers} workers"
    print(
        f"\n{options.name}, {os.cpu_count()} processors ({model}), load {os.getloadavg()[0]:.1f}, "
        f"Python {platform.python_version()}\n"
        f"nbgrader:      {3600 / one:7.1f} an hour ({len(plain)} graded, {min(plain):.1f} to "
        f"{max(plain):.1f} s each)\n"
        f"dcgan-grader:  {rate:7.1f} an hour ({len(students)} graded by {crew} "
        f"in {ours:.0f} s, sandboxed, set-up included;\n"
        f"               first half of the results after {times[half] - start:.0f} s)\n"
        f"ratio:         {rate * one / 3600:7.1f}\n"
        f"scores:        {'equal' if not different else f'differ: {different}'}"
    )
    return int(bool(different))


if __name__ == "__main__":
    sys.exit(main())
