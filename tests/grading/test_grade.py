"""Grading a class: each honest answer gets its points, no attack gains one, all is written once."""

import contextlib
import os
import signal
import sqlite3
import subprocess
import sys
import time
from copy import deepcopy
from pathlib import Path
from types import SimpleNamespace

import class_of_cheats as toy
import nbformat
import pytest
from nbgrader.api import Gradebook

from dcgan_grader import grade as grade_module
from dcgan_grader import guard, sandbox, tripwires, unchanged
from dcgan_grader import release as release_module
from dcgan_grader.forkserver import ForkServer
from dcgan_grader.grade import GradeError, grade, table
from dcgan_grader.records import read_records
from dcgan_grader.release import ReleaseError, release
from dcgan_grader.run_notebook import Options, run_notebook

pytestmark = [
    pytest.mark.xdist_group("class"),
    pytest.mark.timeout(1200),  # the first test waits until the class is graded
    pytest.mark.skipif(
        sandbox.reason_against() is not None, reason=f"no sandbox: {sandbox.reason_against()}"
    ),
    pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning"),
]
QUICK = Options(cell_seconds=6)
MANGLED = {
    "empty": b"",
    "html": b"<!DOCTYPE html><title>Log in</title>",
    "truncated": b'{"cells": [{"cell_type": "code", "sou',
    "latin": "caf\xe9".encode("latin-1"),
    "other_notebook": nbformat.writes(
        nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1 + 1")])
    ).encode(),
}


@pytest.fixture(scope="module")
def make_class(tmp_path_factory):
    """A function that makes a course with submissions: student -> bytes or changed cells."""
    with pytest.MonkeyPatch.context() as patch:

        def make(submissions):
            root = tmp_path_factory.mktemp("class")
            toy.make_course(root)
            patch.setenv("PYTHONPATH", f"{root / 'packages'}{os.pathsep}{toy.ROOT}")
            release(root)
            released = nbformat.read(root / "course" / toy.NAME / f"{toy.NAME}.ipynb", 4)
            for student, changed in submissions.items():
                path = root / "submitted" / student / toy.NAME / f"{toy.NAME}.ipynb"
                path.parent.mkdir(parents=True)
                if isinstance(changed, bytes):
                    path.write_bytes(changed)
                else:
                    nbformat.write(toy.submission(released, **changed), path)
            return root

        yield make


@pytest.fixture(scope="module")
def graded(make_class):
    """The whole class, graded: folder, records by student, lines of progress."""
    submissions = {name: changed for name, (_, changed) in (toy.HONEST | toy.DYING).items()}
    submissions |= {f"cheat_{n}": toy.ALL_WRONG | changed for n, changed in toy.CHEATING.items()}
    submissions |= {f"reach_{n}": changed for n, changed in toy.REACHING.items()}
    root = make_class(submissions | {f"mangled_{n}": data for n, data in MANGLED.items()})
    lines = []
    records = grade(root, toy.NAME, workers=2, options=QUICK, say=lines.append)
    return root, {record.student: record for record in records}, lines


# What the tests' names can be reached by, and what is like it and honest; by level.
READ = {
    "tampering": [
        "checks.double.__wrapped__(print)",
        "vars(checks)['clo' + 'se']",
        "operator.attrgetter(name)(np)",
        "from operator import attrgetter as get\nget(name)(np)",
        "from pydoc import locate\nlocate(name)",
        "import pydoc\npydoc.locate(name)",
        "object.__setattr__(thing, 'x', 1)",
        "change = type(thing).__delattr__",
        "__import__('toy_checks.checks')",
        "np.poly1d.__call__ = print",
        "%time checks._seen",
        "match double:\n    case type(__closure__=cells):\n        pass",
    ],
    "suspicious": [
        "f = checks.double",
        "from checks import double as d",
        "find = getattr",
        "import builtins",
        "from builtins import getattr as find",
        "from operator import attrgetter as get\nfind = get",
        "class Proxy:\n    def __getattribute__(self, name):\n"
        "        return object.__getattribute__(self, name)",
        "vars(type(double))",
        "names = thing.__dict__",
        "np.core._registry['add'] = 1",
        "from library import double",
        "library.double(3)",
        "sys.modules['library'].part",
        "get_ipython().kernel.get_parent()",
        "class Yes:\n    def __eq__(self, other):\n        return True",
        "class Yes:\n    def __array__(self):\n        return 1",
        "'{0.__globals__}'.format(double)",
        "%%time\nexec(text)",
    ],
    None: [
        "checks.double(double)",
        "help(checks.double)",
        "operator.attrgetter('x')(point)",
        "getattr(np, 'pi')",
        "from operator import attrgetter\nsorted(points, key=attrgetter('x'))",
        "def locate(x):\n    return x\nlocate(x)\nshelf.locate(x)",
        "object.__setattr__(self, 'x', 1)",
        "super().__setattr__(name, value)",
        "self.__dict__.update(x=1)",
        "vars(thing)",
        "plt.rcParams['font.size'] = 9",
        "data['x'] = 1",
        "np.double(3)",
        "from numpy import double",
        "'google.colab' in sys.modules and 'colab' in str(get_ipython())",
        "self.double(3)",
        "print('double')",
        "!ls",
        "%%writefile notes.txt\nexec is a word",
    ],
}


@pytest.mark.parametrize("level", READ)
def test_code_is_read_before_it_runs(level):
    for source in READ[level]:
        imported = ["np", "plt", "operator", "library"]
        found = tripwires.read(source, ["checks"], ["double"], imported, ["np", "numpy"])
        assert (found[0][0] if found else None) == level, (source, found)


def test_a_graph_of_the_librarys_own_solution_is_heard():
    """Traced before a test runs, it would run in the test without that solution."""
    import tensorflow as tf

    from dcgan_lib import losses

    heard = []
    reporter = SimpleNamespace(alarm=lambda *alarm: heard.append(alarm))
    folders = [sys.prefix, sys.base_prefix, str(Path(losses.__file__).parent)]
    ears = guard.Guard(reporter, folders)
    for exercise, expected in (
        ("generator_loss", []),
        ("discriminator_loss", [("tampering", "discriminator_loss")]),
        ("_cross_entropy", [("suspicious", "_cross_entropy")]),
    ):
        ears._exercises, before = {exercise}, unchanged.traced_graphs()
        graph = tf.function(lambda x: losses.discriminator_loss(x, x))
        graph(tf.zeros(2))
        new = unchanged.traced_graphs() - before
        assert len(new) == 1
        ears._hear_graph(*new)
        said = [(level, f"put the library's `{n}` into a graph", __file__) for level, n in expected]
        assert heard == said
        heard.clear()


def points(record):
    return sum(cell["points"] for cell in record.cells.values())


def gradebook_of(root):
    """All scores: student -> cell -> (points, manual mark, needs a person)."""
    scores = {}
    with Gradebook(f"sqlite:///{root / 'gradebook.db'}") as gradebook:
        for submission in gradebook.assignment_submissions(toy.NAME):
            scores[submission.student.id] = {
                one.name: (one.auto_score, one.manual_score, one.needs_manual_grade)
                for one in submission.notebooks[0].grades
            }
    return scores


@pytest.mark.parametrize("name", toy.HONEST)
def test_an_honest_answer_gets_its_points_and_no_flag(name, graded):
    record = graded[1][name]
    assert points(record) == toy.HONEST[name][0], record
    assert record.status == "graded" and not record.flags, record


@pytest.mark.parametrize("name", toy.DYING)
def test_what_hangs_or_dies_costs_its_own_cells_only(name, graded):
    record = graded[1][name]
    assert points(record) == toy.DYING[name][0], record
    assert (record.status == "review") == (name not in toy.HARMLESS), record
    for cell in record.cells.values():
        assert cell["outcome"] in ("passed", "failed", "stopped")
        assert (cell["outcome"] == "passed") == (cell["message"] == "")


@pytest.mark.parametrize("name", toy.CHEATING)
def test_an_attack_gains_nothing_and_is_flagged(name, graded):
    record = graded[1][f"cheat_{name}"]
    assert points(record) == 0, record
    assert record.status == "review" and record.flags and set(record.flags) <= set(record.why)
    with Gradebook(f"sqlite:///{graded[0] / 'gradebook.db'}") as gradebook:
        assert gradebook.find_submission_notebook(toy.NAME, toy.NAME, record.student).flagged


@pytest.mark.parametrize("name", toy.REACHING)
def test_reaching_outside_fails_and_is_flagged(name, graded):
    record = graded[1][f"reach_{name}"]
    assert points(record) == 6, record
    assert record.status == "review" and record.flags, record


@pytest.mark.parametrize("name", MANGLED)
def test_what_cannot_be_read_is_failed_and_never_a_silent_zero(name, graded):
    root, records, _ = graded
    record = records[f"mangled_{name}"]
    assert record.status == "failed" and record.why[0] and record.cells == {}
    assert f"mangled_{name}" not in gradebook_of(root)


def test_the_gradebook_and_the_graded_notebooks_say_the_same(graded):
    root, records, _ = graded
    scores = gradebook_of(root)
    assert set(scores) == {s for s, record in records.items() if record.status != "failed"}
    for student, cells in scores.items():
        said = {name: cell["points"] for name, cell in records[student].cells.items()}
        assert {name: one[0] for name, one in cells.items()} == said
        path = root / "autograded" / student / toy.NAME / f"{toy.NAME}.ipynb"
        nbformat.validate(nbformat.read(path, 4))


def test_progress_and_table_name_every_student(graded):
    _, records, lines = graded
    for student, record in records.items():
        assert any(f"{student}: {record.status}" in line for line in lines)
        assert any(line.startswith(f"{student} ") for line in table(records.values()))


def test_nothing_is_left_running(graded):
    """Neither kernels nor their sockets, nor what students started."""
    deadline = time.monotonic() + 10
    while left := list(_processes("sleep\0" + "1000")):
        assert time.monotonic() < deadline, left
        time.sleep(0.2)


def _processes(words):
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if words in path.read_text():
                yield path
        except OSError:
            continue


def test_a_demonstration_is_not_run_for_what_another_cell_imports_itself():
    setup = nbformat.v4.new_code_cell("from math import floor as start\n\nnumber = start(2.5)")
    demonstration = nbformat.v4.new_code_cell("start = 1 / 0")
    release = nbformat.v4.new_notebook(cells=[setup, demonstration])
    notebook = deepcopy(release)
    notebook.cells.append(nbformat.v4.new_code_cell("number + 1"))
    with contextlib.closing(ForkServer()) as server:
        outputs = [c.outputs for c in run_notebook(notebook, release, server).notebook.cells]
    assert outputs[1] == [] and outputs[2][0].data == {"text/plain": "3"}


def test_a_kernel_leaves_nothing_open():
    """In the process that grades a whole class."""
    release = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("import math")])
    notebook = deepcopy(release)
    notebook.cells.append(nbformat.v4.new_code_cell("while True:\n    pass"))
    with contextlib.closing(ForkServer()) as server:
        result = run_notebook(notebook, release, server, Options(cell_seconds=1))
    assert "took longer" in result.notebook.cells[1].outputs[0].evalue
    assert not [p for p in Path("/proc/self/fd").iterdir() if "pidfd" in str(p.resolve())]


def test_grading_again_changes_nothing_and_runs_nothing(graded):
    root, _, _ = graded
    before, lines = gradebook_of(root), []
    grade(root, toy.NAME, workers=2, options=QUICK, say=lines.append)
    assert gradebook_of(root) == before
    assert len(lines) == 1 and "graded already" in lines[0]


def test_nbgrader_gives_the_same_points(graded, tmp_path):
    """To honest submissions; the dishonest ones it cannot be asked about."""
    from nbgrader.apps import NbGraderAPI
    from traitlets.config import PyFileConfigLoader

    root, records, _ = graded
    config = PyFileConfigLoader("nbgrader_config.py", path=str(root)).load_config()
    config.CourseDirectory.root = str(root)
    config.CourseDirectory.autograded_directory = str(tmp_path)
    config.CourseDirectory.db_url = f"sqlite:///{tmp_path / 'gradebook.db'}"
    config.CourseDirectory.release_directory = str(tmp_path / "release")
    api = NbGraderAPI(config=config)
    assert api.generate_assignment(toy.NAME, force=True, create=True)["success"]
    for student in ("wrong_double", "uses_a_demonstration"):
        assert api.autograde(toy.NAME, student, force=True, create=True)["success"]
        with Gradebook(config.CourseDirectory.db_url) as gradebook:
            score = gradebook.find_submission(toy.NAME, student).score
        assert score == points(records[student])


SOME = ("right", "wrong_double", "all_wrong", "os_exit", "helper_in_own_cell")


def test_killed_in_the_middle_it_ends_as_if_undisturbed(make_class, graded):
    submissions = {name: (toy.HONEST | toy.DYING)[name][1] for name in SOME}
    root = make_class(submissions)
    command = [sys.executable, "-m", "dcgan_grader.cli", "--root", str(root), "grade", toy.NAME]
    command += ["--workers", "1", "--cell-seconds", "6"]
    for killed_after in (1, 3):
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            for line in process.stdout:
                if line.startswith(f"[{killed_after}/"):
                    os.kill(process.pid, signal.SIGKILL)
    done = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "graded already" in done
    assert done.endswith("4 graded, 1 review\n")
    whole = gradebook_of(graded[0])
    assert gradebook_of(root) == {student: whole[student] for student in SOME}
    again = {record.student: record.cells for record in read_records(_course(root), toy.NAME)}
    assert again == {student: graded[1][student].cells for student in SOME}


def _course(root):
    from dcgan_grader.course import Course

    return Course(root)


@pytest.fixture(scope="module")
def small(make_class):
    odd = {"own": ["import math\nword = 'pi'\nprint(getattr(math, word))"]}
    return make_class({"odd": odd, "right": {}, "wrong_double": toy.HONEST["wrong_double"][1]})


def test_what_a_person_decided_survives_a_second_grading(small):
    grade(small, toy.NAME, workers=1, options=QUICK, say=list)
    with Gradebook(f"sqlite:///{small / 'gradebook.db'}") as gradebook:
        found = gradebook.find_grade("test_double", toy.NAME, toy.NAME, "wrong_double")
        found.manual_score, found.extra_credit = 1.5, 0.5
        odd = gradebook.find_submission_notebook(toy.NAME, toy.NAME, "odd")
        assert odd.flagged
        odd.flagged = False
        gradebook.db.commit()
    grade(small, toy.NAME, workers=1, options=QUICK, again=True, say=list)
    with Gradebook(f"sqlite:///{small / 'gradebook.db'}") as gradebook:
        found = gradebook.find_grade("test_double", toy.NAME, toy.NAME, "wrong_double")
        assert (found.auto_score, found.manual_score, found.extra_credit) == (0, 1.5, 0.5)
        assert not gradebook.find_submission_notebook(toy.NAME, toy.NAME, "odd").flagged


def test_a_changed_submission_is_graded_anew_and_no_other(small):
    grade(small, toy.NAME, workers=1, options=QUICK, say=list)
    path = small / "submitted" / "wrong_double" / toy.NAME / f"{toy.NAME}.ipynb"
    path.write_bytes((small / "submitted" / "right" / toy.NAME / path.name).read_bytes())
    lines = []
    records = grade(small, toy.NAME, workers=1, options=QUICK, say=lines.append)
    assert [points(record) for record in records] == [6, 6, 6]
    assert [line for line in lines if "[1/1] wrong_double" in line]


def test_a_gradebook_that_another_program_has_locked_is_waited_for(small):
    """nbgrader gives up after five seconds."""
    other = sqlite3.connect(small / "gradebook.db", check_same_thread=False, isolation_level=None)
    lines = []

    def say(line):
        lines.append(line)
        if len(lines) == 1:
            other.execute("BEGIN EXCLUSIVE")
        elif "waiting for the gradebook" in line:
            other.rollback()

    records = grade(small, toy.NAME, workers=1, options=QUICK, again=True, say=say)
    other.close()
    assert len([line for line in lines if "waiting for the gradebook" in line]) == 1
    assert [record.status for record in records] == ["review", "graded", "graded"]
    assert all(gradebook_of(small).values())


def test_without_a_sandbox_it_refuses_unless_told_otherwise(small, monkeypatch):
    monkeypatch.setattr(grade_module.sandbox, "reason_against", lambda: "none today")
    with pytest.raises(GradeError, match="no sandbox here: none today.*--unsafe"):
        grade(small, toy.NAME, say=list)
    records = grade(small, toy.NAME, workers=1, unsafe=True, again=True, options=QUICK, say=list)
    assert points(records[0]) == 6


def test_a_gradebook_that_another_machine_fills_at_the_same_time_is_told_again(small, monkeypatch):
    told = []

    def refuse_twice(*arguments):
        told.append(arguments)
        if len(told) < 3:
            raise ReleaseError('duplicate key value violates unique constraint "course_pkey"')

    monkeypatch.setattr(release_module, "_generate", refuse_twice)
    release_module.remember(grade_module.Course(small), [toy.NAME])
    assert len(told) == 3

    def refuse(*arguments):
        told.append(arguments)
        raise ReleaseError("another reason")

    monkeypatch.setattr(release_module, "_generate", refuse)
    with pytest.raises(ReleaseError, match="another reason"):
        release_module.remember(grade_module.Course(small), [toy.NAME])
    assert len(told) == 4


def test_bad_names_are_told(small, make_class):
    with pytest.raises(GradeError, match="no released notebook 99_none"):
        grade(small, "99_none")
    with pytest.raises(GradeError, match="no submission of 01_toy by nobody"):
        grade(small, toy.NAME, students=["nobody"], say=list)


def test_two_gradings_at_once_are_kept_apart(small):
    with (
        grade_module._alone(grade_module.Course(small)),
        pytest.raises(GradeError, match="another grading"),
    ):
        grade(small, toy.NAME, say=list)
