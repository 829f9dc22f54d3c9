"""One class with every trouble that nbgrader alone has with real files, from zip to marks.

An LMS's zip holds a notebook for each. collect, grade, feedback, marks and report go through, each
honest answer gets its points, and each student has a status. What code may do to a grader is in
test_grade.py.
"""

import copy
import csv
import io
import json
import os
import zipfile

import class_of_cheats as toy
import nbformat
import pytest
from nbgrader.api import Gradebook

from dcgan_grader import cli, sandbox
from dcgan_grader.records import read_records
from dcgan_grader.release import release

pytestmark = [
    pytest.mark.xdist_group("every trouble"),
    pytest.mark.skipif(
        sandbox.reason_against() is not None, reason=f"no sandbox: {sandbox.reason_against()}"
    ),
    pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning"),
]
FILE = f"{toy.NAME}.ipynb"


def cell_of(notebook, grade_id):
    return next(
        cell
        for cell in notebook["cells"]
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == grade_id
    )


def marks_of(notebook, grade_id):
    return cell_of(notebook, grade_id)["metadata"]["nbgrader"]


# Each changes the dict of a notebook with right answers in place, or returns another.


def old_format_without_ids(notebook):
    notebook["nbformat_minor"] = 0
    for cell in notebook["cells"]:
        cell.pop("id", None)


def ids_in_the_metadata(notebook):
    for cell in notebook["cells"]:
        cell["metadata"]["id"] = cell.pop("id")
    notebook["nbformat_minor"] = 0


def another_kernel(notebook):
    notebook["metadata"]["kernelspec"] = {"name": "python42", "display_name": "Python 42"}


def colabs_metadata(notebook):
    notebook["metadata"]["colab"] = {"provenance": [], "gpuType": "T4"}
    notebook["metadata"]["accelerator"] = "GPU"
    for cell in notebook["cells"]:
        cell["metadata"]["executionInfo"] = {"user": {"displayName": "Ada", "userId": "123456789"}}
        cell["metadata"]["outputId"] = "abc"


def failing_pip_and_drive(notebook):
    add(notebook, "%pip install --quiet no-such-package", 2)
    add(notebook, "from google.colab import drive\ndrive.mount('/content/drive')", 2)


def google_colab_in_the_answer(notebook):
    cell = cell_of(notebook, "double")
    cell["source"] = "!nvidia-smi\nfrom google.colab import files\n" + cell["source"]


def widgets_without_state(notebook):
    notebook["metadata"]["widgets"] = {"application/vnd.jupyter.widget-state+json": {}}


def duplicated_cell(notebook):
    cell = cell_of(notebook, "test_double")
    notebook["cells"].append(copy.deepcopy(cell))
    notebook["cells"][-1].pop("id", None)


def duplicated_answer(notebook):
    cell = copy.deepcopy(cell_of(notebook, "triple"))
    cell.pop("id", None)
    notebook["cells"].insert(3, cell)


def without_schema_version(notebook):
    del marks_of(notebook, "double")["schema_version"]


def another_schema_version(notebook):
    marks_of(notebook, "double")["schema_version"] = 1


def test_cell_deleted(notebook):
    notebook["cells"].remove(cell_of(notebook, "test_triple"))


def metadata_of_a_test_lost(notebook):
    del cell_of(notebook, "test_triple")["metadata"]["nbgrader"]


def all_metadata_lost(notebook):
    for cell in notebook["cells"]:
        cell["metadata"] = {}


def format_3(notebook):
    return json.loads(nbformat.writes(nbformat.from_dict(notebook), 3))


def another_grade_id(notebook):
    marks_of(notebook, "test_greet")["grade_id"] = "tset_greet"


def another_flag(notebook):
    marks_of(notebook, "test_greet")["grade"] = False


def another_key(notebook):
    marks_of(notebook, "double")["points"] = 100


def other_points(notebook):
    marks_of(notebook, "test_double")["points"] = 100


def reordered(notebook):
    first, *rest = notebook["cells"]
    notebook["cells"] = [first, *reversed(rest)]


def much_output(notebook):
    text = {"output_type": "stream", "name": "stdout", "text": "x" * 50_000_000}
    cell_of(notebook, "double")["outputs"] = [text]


def an_easier_test(notebook):
    cell_of(notebook, "test_double")["source"] = "checks.double(lambda x: 2 * x)"
    cell_of(notebook, "double")["source"] = toy.WRONG["double"]


def add(notebook, source, place):
    cell = nbformat.v4.new_code_cell(source)
    cell.pop("id")
    notebook["cells"].insert(place, cell)


WHOLE = 6
CHANGED = {  # -> (points, status)
    old_format_without_ids: (WHOLE, "graded"),
    ids_in_the_metadata: (WHOLE, "graded"),
    another_kernel: (WHOLE, "graded"),
    colabs_metadata: (WHOLE, "graded"),
    failing_pip_and_drive: (WHOLE, "graded"),
    google_colab_in_the_answer: (WHOLE, "graded"),
    widgets_without_state: (WHOLE, "graded"),
    duplicated_cell: (WHOLE, "repaired"),
    duplicated_answer: (WHOLE, "repaired"),
    without_schema_version: (WHOLE, "repaired"),
    another_schema_version: (WHOLE, "repaired"),
    test_cell_deleted: (WHOLE, "repaired"),
    metadata_of_a_test_lost: (WHOLE, "repaired"),
    all_metadata_lost: (WHOLE, "repaired"),
    format_3: (WHOLE, "graded"),
    another_grade_id: (WHOLE, "repaired"),
    another_flag: (WHOLE, "repaired"),
    another_key: (WHOLE, "repaired"),
    other_points: (WHOLE, "repaired"),
    reordered: (WHOLE, "repaired"),
    much_output: (WHOLE, "graded"),
    an_easier_test: (WHOLE - toy.MOST["test_double"], "repaired"),
}
# What cannot be read: bytes, and a word of the reason.
UNREADABLE = {
    "utf_16": ("{}".encode("utf-16"), "cell"),
    "truncated": (b'{"cells": [{"cell_type": "co', "cut off"),
    "empty": (b"", "empty"),
    "html": (b"<!DOCTYPE html><html>log in</html>", "web page"),
    "no_cells": (json.dumps({"cells": [], "metadata": {}, "nbformat": 4}).encode(), ""),
}
for function in CHANGED:  # pytest collects by name, and these are no tests
    function.__test__ = False


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """The folder of the course after all commands, and what they printed."""
    root = tmp_path_factory.mktemp("course")
    toy.make_course(root)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", f"{root / 'packages'}{os.pathsep}{toy.ROOT}")
        release(root)
        released = nbformat.read(root / "course" / toy.NAME / FILE, nbformat.NO_CONVERT)
        right = json.loads(json.dumps(toy.submission(released)))
        inbox = root.parent / f"{root.name}.zip"
        with zipfile.ZipFile(inbox, "w", zipfile.ZIP_DEFLATED) as file:
            fill(Moodle(file), right)
        roster = root.parent / "roster.csv"
        students = sorted(path.split("_assign")[0].rpartition("_")[0] for path in names(inbox))
        rows = [f"{name},{name.capitalize()} Smith" for name in dict.fromkeys(students)]
        roster.write_text("\n".join(["id,name", *rows]))
        said = [run(root, "collect", toy.NAME, str(inbox), "--roster", str(roster))]
        said += [run(root, "grade", toy.NAME, "--workers", "2")]
        said += [run(root, command, toy.NAME) for command in ("feedback", "marks", "report")]
        yield root, said


def names(inbox):
    with zipfile.ZipFile(inbox) as file:
        return file.namelist()


class Moodle:
    """Writes files of students into a zip as Moodle does."""

    def __init__(self, file):
        self.file, self.numbers = file, {}

    def add(self, student, data, name=FILE, when=(2026, 3, 1, 12, 0, 0)):
        """Hand in for a student; data is bytes, or the dict of a notebook."""
        number = self.numbers.setdefault(student, 1000 + len(self.numbers))
        if not isinstance(data, bytes):
            data = json.dumps(data).encode()
        path = f"{student}_{number}_assignsubmission_file/{name}"
        self.file.writestr(zipfile.ZipInfo(path, when), data, zipfile.ZIP_DEFLATED)


def fill(inbox, right):
    wrong = copy.deepcopy(right)
    for name, source in toy.ALL_WRONG.items():
        cell_of(wrong, name)["source"] = source
    for change in CHANGED:
        notebook = copy.deepcopy(right)
        inbox.add(change.__name__, change(notebook) or notebook)
    for student, (data, _) in UNREADABLE.items():
        inbox.add(student, data)
    inbox.add("byte_order_mark", b"\xef\xbb\xbf" + json.dumps(right).encode())
    inbox.add("copy_of", right, f"Copy of {FILE}")
    inbox.add("translated", right, f"Kopie von {FILE}")
    inbox.add("numbered", right, f"{toy.NAME} (1).ipynb")
    inbox.add("newer", wrong, when=(2026, 3, 1, 10, 0, 0))
    inbox.add("newer", right, f"{toy.NAME} (1).ipynb", when=(2026, 3, 1, 11, 0, 0))
    inbox.add("twice", wrong)
    inbox.add("twice", right, f"{toy.NAME} (1).ipynb")
    inbox.add("shadow", right)
    inbox.add("shadow", b"raise SystemExit('shadowed')", "numpy.py")
    link = zipfile.ZipInfo("link_2000_assignsubmission_file/" + FILE, (2026, 3, 1, 12, 0, 0))
    link.external_attr = 0o120777 << 16
    inbox.file.writestr(link, "/etc/passwd")


def run(root, *arguments):
    """Run a command as an instructor would; return what it printed."""
    printed = io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdout", printed)
        assert cli.main(["--root", str(root), *arguments]) == 0
    return printed.getvalue()


@pytest.fixture(scope="module")
def records(course):
    return {record.student: record for record in read_records(Course(course[0]), toy.NAME)}


def Course(root):
    from dcgan_grader.course import Course

    return Course(root)


@pytest.mark.parametrize("change", CHANGED)
def test_an_honest_answer_in_a_mangled_notebook_gets_its_points(change, records):
    record = records[change.__name__]
    assert (points(record), record.status) == CHANGED[change], record
    assert bool(record.repairs) == (record.status == "repaired")


def points(record):
    return sum(cell["points"] for cell in record.cells.values())


@pytest.mark.parametrize(
    "student", ["byte_order_mark", "copy_of", "translated", "numbered", "newer", "twice", "shadow"]
)
def test_the_right_file_is_graded_whatever_its_name(student, records):
    assert (points(records[student]), records[student].status) == (WHOLE, "graded")


@pytest.mark.parametrize("student", [*UNREADABLE, "link"])
def test_what_cannot_be_read_has_a_reason_and_no_mark(student, records, course):
    record = records[student]
    assert (record.status, record.cells) == ("failed", {})
    assert record.why and UNREADABLE.get(student, (b"", ""))[1] in " ".join(record.why)
    with open(course[0] / "grading" / toy.NAME / "marks-csv.csv", encoding="utf-8-sig") as file:
        [row] = [row for row in csv.DictReader(file) if row["student"] == student]
    assert row["status"] == "failed" and not row["total"]


def test_the_gradebook_has_each_mark_once(course, records):
    with Gradebook(f"sqlite:///{course[0] / 'gradebook.db'}") as gradebook:
        scores = {one.student.id: one.score for one in gradebook.assignment_submissions(toy.NAME)}
        one = gradebook.find_student("copy_of")
        assert (one.first_name, one.last_name) == ("Copy_of", "Smith")
    graded = {student: points(r) for student, r in records.items() if r.status != "failed"}
    assert scores == graded


def test_the_graded_notebook_is_the_release_with_the_answers(course):
    def sources(folder):
        path = course[0] / folder / toy.NAME / FILE
        return [cell.source for cell in nbformat.read(path, nbformat.NO_CONVERT).cells]

    graded, released = sources("autograded/reordered"), sources("course")
    assert len(graded) == len(released)
    changed = [now for now, then in zip(graded, released, strict=True) if now != then]
    answers = [text for text in toy.SOLUTIONS.values() if text in changed]
    assert len(answers) == len(toy.SOLUTIONS)
    # Only the hidden part of the tests is there besides.
    rest = set(changed) - set(answers)
    assert all("### BEGIN HIDDEN TESTS" in text for text in rest)


def test_each_has_a_page_of_a_bearable_size(course, records):
    for student, record in records.items():
        page = course[0] / "feedback" / student / toy.NAME / f"{toy.NAME}.html"
        if record.status != "failed":
            assert 1000 < page.stat().st_size < 2_000_000


def test_nothing_but_notebooks_was_taken(course):
    taken = {path.name for path in (course[0] / "submitted").glob("*/*/*")}
    assert taken == {FILE, "timestamp.txt"}


def test_the_commands_name_every_student(course, records):
    collected, graded, *_ = course[1]
    for student in records:
        assert student in collected and student in graded
