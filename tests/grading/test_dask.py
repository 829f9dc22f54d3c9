"""Grading on Dask: the same marks, whoever dies; and no mark from a worker that is not fit."""

import contextlib
import json
import os
import pickle
import shutil
import signal
import subprocess
import sys
import time

import class_of_cheats as toy
import nbformat
import pytest
from nbgrader.api import Gradebook

from dcgan_grader import grade as grade_module
from dcgan_grader import sandbox
from dcgan_grader import work as work_module
from dcgan_grader import workers as workers_module
from dcgan_grader.course import Course
from dcgan_grader.grade import GradeError, grade
from dcgan_grader.release import release
from dcgan_grader.run_notebook import Options

pytest.importorskip("distributed", reason="Dask is not installed")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.xdist_group("dask"),
    pytest.mark.skipif(
        sandbox.reason_against() is not None, reason=f"no sandbox: {sandbox.reason_against()}"
    ),
    pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning"),
]
QUICK = Options(cell_seconds=6)
TIME = 60  # seconds that a process may take to start or to end
STUDENTS = {
    name: (toy.HONEST | toy.DYING)[name]
    for name in ("right", "wrong_double", "helper_in_own_cell", "os_exit")
}


@pytest.fixture(scope="module")
def released(tmp_path_factory):
    """The course, released, without submissions; its package of checks lies elsewhere."""
    root = tmp_path_factory.mktemp("course")
    toy.make_course(root)
    packages = tmp_path_factory.mktemp("installed") / "packages"
    (root / "packages").rename(packages)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", f"{packages}{os.pathsep}{toy.ROOT}")
        release(root)
        yield root


@pytest.fixture
def course(released, tmp_path):
    """A course of its own for one test, with the submissions."""
    work_module.code_version.cache_clear()  # Somebody may be at work on the code.
    root = shutil.copytree(released, tmp_path / "course")
    notebook = nbformat.read(root / "course" / toy.NAME / f"{toy.NAME}.ipynb", 4)
    for student, (_, changed) in STUDENTS.items():
        path = root / "submitted" / student / toy.NAME / f"{toy.NAME}.ipynb"
        path.parent.mkdir(parents=True)
        nbformat.write(toy.submission(notebook, **changed), path)
    return root


@contextlib.contextmanager
def dask(*arguments, env=None):
    """A process of Dask, which ends with the test."""
    command = [sys.executable, "-m", "dask", *map(str, arguments)]
    nowhere = subprocess.DEVNULL
    process = subprocess.Popen(command, cwd="/", env=env, stdout=nowhere, stderr=nowhere)
    try:
        yield process
    finally:
        process.kill()
        process.wait(timeout=TIME)


@contextlib.contextmanager
def new_scheduler(folder):
    """A scheduler in a process of its own: the process and the address."""
    file = folder / "scheduler.json"
    options = ["--host", "127.0.0.1", "--port", "0", "--dashboard-address", ":0"]
    with dask("scheduler", *options, "--scheduler-file", file) as process:
        wait_until(lambda: file.exists() and file.read_text().endswith("}"))
        yield process, json.loads(file.read_text())["address"]


@pytest.fixture(scope="module")
def scheduler(released, tmp_path_factory):
    """The address of a scheduler without workers."""
    with new_scheduler(tmp_path_factory.mktemp("scheduler")) as (_, address):
        yield address


@pytest.fixture
def worker(tmp_path):
    """A function that starts a worker process; `first` goes to the front of its path."""
    with contextlib.ExitStack() as stack:

        def start(scheduler, first=None, threads=1):
            path = os.environ["PYTHONPATH"]
            env = os.environ | {"PYTHONPATH": f"{first}{os.pathsep}{path}" if first else path}
            options = ["--no-nanny", "--no-dashboard", "--nthreads", threads]
            options += ["--local-directory", tmp_path]
            return stack.enter_context(dask("worker", scheduler, *options, env=env))

        yield start


def plan(folder, code):
    """A folder that, on a process's path, makes it run some code at its start."""
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(code)
    return folder


def wait_until(holds):
    deadline = time.monotonic() + TIME
    while not holds():
        assert time.monotonic() < deadline, "it took too long"
        time.sleep(0.05)


def scores(root):
    """All points of the gradebook: student -> points."""
    with Gradebook(f"sqlite:///{root / 'gradebook.db'}") as gradebook:
        return {one.student.id: one.score for one in gradebook.assignment_submissions(toy.NAME)}


RIGHT = {student: points for student, (points, _) in STUDENTS.items()}


def test_plain_processes_where_there_is_no_dask(course, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    grade(course, toy.NAME, workers=1, options=QUICK, say=list)
    assert scores(course) == RIGHT
    with pytest.raises(GradeError, match=r"needs Dask: pip install 'dcgan-course\[cluster\]'"):
        grade(course, toy.NAME, scheduler="tcp://127.0.0.1:1", say=list, again=True)


def test_a_killed_worker_loses_and_doubles_nothing(course, scheduler, worker):
    doomed, other = worker(scheduler), worker(scheduler, threads=2)
    lines = []

    def say(line):
        lines.append(line)
        if line.startswith("[1/"):
            doomed.kill()

    records = grade(course, toy.NAME, scheduler=scheduler, options=QUICK, say=say)
    assert doomed.wait(timeout=TIME) == -signal.SIGKILL and other.poll() is None
    assert scores(course) == RIGHT
    assert {r.student: sum(c["points"] for c in r.cells.values()) for r in records} == RIGHT
    for student in RIGHT:
        assert len([line for line in lines if f" {student}: " in line]) == 1


def test_a_submission_that_kills_every_worker_fails_alone(course, tmp_path, monkeypatch):
    import dask

    code = (
        "import os\nimport dcgan_grader.work as room\nreal = room.work\n\n"
        "def work(assignment, student, data):\n    if student == 'os_exit':\n"
        "        os._exit(1)\n    return real(assignment, student, data)\n\nroom.work = work"
    )
    path = f"{plan(tmp_path / 'plan', code)}{os.pathsep}{os.environ['PYTHONPATH']}"
    with monkeypatch.context() as patch, dask.config.set(ALLOWED):
        patch.setenv("PYTHONPATH", path)
        records = grade(course, toy.NAME, ["os_exit"], workers=1, options=QUICK, say=list)
    assert [(r.student, r.status) for r in records] == [("os_exit", "failed")]
    assert "died again and again" in records[0].why[0]
    assert records[0].fingerprint == "", "the next run must try again"


ALLOWED = {"distributed.scheduler.allowed-failures": 1}


@pytest.mark.parametrize("address", ["tls://127.0.0.1:1", "nonsense://x", "tcp://127.0.0.1:1"])
def test_a_scheduler_that_cannot_be_reached_is_one_line(course, address):
    import dask

    with dask.config.set({"distributed.comm.timeouts.connect": "1s"}):
        refused(course, address, f"the scheduler {address} cannot be used: ")


def test_a_cluster_without_workers_is_no_endless_wait(course, scheduler, monkeypatch):
    monkeypatch.setattr(workers_module, "PATIENCE", 1)
    refused(course, scheduler, f"the scheduler {scheduler} has no worker")


def test_when_the_last_worker_is_gone_it_says_so(course, scheduler, worker, monkeypatch):
    last = worker(scheduler)

    def say(line):
        if line.startswith("[1/"):
            last.kill()
            monkeypatch.setattr(workers_module, "PATIENCE", 1)

    with pytest.raises(GradeError, match="has no worker.*run the command again"):
        grade(course, toy.NAME, scheduler=scheduler, options=QUICK, say=say)
    assert len(scores(course)) >= 1
    assert set(scores(course).items()) < set(RIGHT.items())


def test_when_the_scheduler_is_gone_it_says_so(course, worker, tmp_path):
    import dask

    with new_scheduler(tmp_path) as (process, address):
        worker(address)

        def say(line):
            if line.startswith("[1/"):
                process.kill()

        with (
            dask.config.set({"distributed.comm.timeouts.connect": "2s"}),
            pytest.raises(GradeError, match="the scheduler tcp://.* is gone"),
        ):
            grade(course, toy.NAME, scheduler=address, options=QUICK, say=say)
    assert set(scores(course).items()) < set(RIGHT.items())


def test_a_worker_with_other_code_refuses(course, scheduler, worker, tmp_path):
    package = shutil.copytree(toy.ROOT / "dcgan_grader", tmp_path / "other" / "dcgan_grader")
    (package / "newer.py").touch()
    worker(scheduler, first=package.parent)
    refused(course, scheduler, "has another dcgan-course")


def test_a_worker_without_the_course_refuses(course, scheduler, worker, tmp_path):
    package = tmp_path / "none" / "dcgan_grader"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("raise ModuleNotFoundError('no dcgan_grader')")
    worker(scheduler, first=package.parent)
    refused(course, scheduler, "the worker tcp://.* cannot grade: .*no dcgan_grader")


def test_a_worker_without_a_sandbox_refuses_unless_told_otherwise(
    course, scheduler, worker, tmp_path
):
    code = "import dcgan_grader.sandbox\ndcgan_grader.sandbox.reason_against = lambda: 'none today'"
    worker(scheduler, first=plan(tmp_path / "plan", code))
    refused(course, scheduler, "has no sandbox: none today")
    grade(course, toy.NAME, ["right"], scheduler=scheduler, options=QUICK, unsafe=True, say=list)
    assert scores(course) == {"right": RIGHT["right"]}


def refused(course, scheduler, why):
    with pytest.raises(GradeError, match=why):
        grade(course, toy.NAME, scheduler=scheduler, options=QUICK, say=list)
    assert scores(course) == {}
    assert not list((course / "grading").glob("*/students/*"))


def test_a_worker_needs_no_file_of_the_course(course):
    assignment = grade_module._assignment(Course(course), toy.NAME, QUICK)
    student = "wrong_double"
    path = course / "submitted" / student / toy.NAME / f"{toy.NAME}.ipynb"
    job = pickle.dumps((assignment, student, path.read_bytes()))
    shutil.rmtree(course)
    done = work_module.work(*pickle.loads(job))
    work_module.stop()
    assert done.error == "" and not done.flags
    assert {name: o == "passed" for name, o in done.outcomes.items()} == {
        "test_double": False,
        "test_triple": True,
        "test_greet": True,
    }


@pytest.fixture
def command(course):
    """A function that starts the command line in a process group of its own."""
    started = []

    def start():
        program = [sys.executable, "-m", "dcgan_grader.cli", "--root", str(course)]
        process = subprocess.Popen(
            [*program, "grade", toy.NAME, "--workers", "1", "--cell-seconds", "6"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate(timeout=TIME)


@pytest.fixture
def without_dask(tmp_path, monkeypatch):
    """New processes do not find Dask."""
    (tmp_path / "plain").mkdir()
    (tmp_path / "plain" / "distributed.py").write_text("raise ImportError")
    path = f"{tmp_path / 'plain'}{os.pathsep}{os.environ['PYTHONPATH']}"
    monkeypatch.setenv("PYTHONPATH", path)


def until_first(process):
    """Read what the command says until the first submission is graded."""
    for line in process.stdout:
        if line.startswith("[1/"):
            return
    raise AssertionError("it ended before")


@pytest.mark.parametrize("kind", ["with_dask", "without_dask"])
def test_ctrl_c_ends_all_processes_with_one_line(kind, request, command, course):
    if kind == "without_dask":
        request.getfixturevalue(kind)
    process = command()
    until_first(process)
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=TIME)
    assert said == "\ndcgan-grader: stopped; run the same command again to go on.\n"
    assert process.returncode == 130
    wait_until(lambda: not group_lives(process.pid))
    assert set(scores(course).items()) < set(RIGHT.items())


def test_kill_9_ends_all_processes(without_dask, command, course):
    process = command()
    until_first(process)
    process.kill()
    process.communicate(timeout=TIME)  # Every process holds the other end: this waits for all.
    wait_until(lambda: not group_lives(process.pid))
    assert set(scores(course).items()) < set(RIGHT.items())


def group_lives(number):
    try:
        os.killpg(number, 0)
        return True
    except ProcessLookupError:
        return False
