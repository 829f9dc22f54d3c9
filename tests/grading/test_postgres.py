"""The gradebook in PostgreSQL: the same marks as in SQLite, whatever happens to the server."""

import contextlib
import glob
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import class_of_cheats as toy
import nbformat
import pytest
from nbgrader.api import Gradebook

from dcgan_grader import grade as grade_module
from dcgan_grader import sandbox
from dcgan_grader.cli import main
from dcgan_grader.course import Course
from dcgan_grader.grade import GradeError, grade
from dcgan_grader.gradebook import GradebookError
from dcgan_grader.marks import read_marks
from dcgan_grader.records import read_records
from dcgan_grader.release import release
from dcgan_grader.run_notebook import Options

TIME = 60  # seconds that a server may take to start or to end
QUICK = Options(cell_seconds=6)
STUDENTS = {name: (toy.HONEST | toy.DYING)[name] for name in ("right", "wrong_double", "os_exit")}
RIGHT = {student: points for student, (points, _) in STUDENTS.items()}


def programs():
    """The folder of PostgreSQL's programs, or None: Debian keeps them off the PATH."""
    found = shutil.which("initdb")
    if found and shutil.which("pg_ctl"):
        return Path(found).resolve().parent
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb"))
    return Path(found[-1]).parent if found else None


pytest.importorskip("psycopg", reason="the driver of PostgreSQL is not installed")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.xdist_group("postgres"),
    pytest.mark.skipif(programs() is None, reason="PostgreSQL's initdb and pg_ctl are not here"),
    pytest.mark.skipif(
        sandbox.reason_against() is not None, reason=f"no sandbox: {sandbox.reason_against()}"
    ),
    pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning"),
]


class Server:
    """A server of PostgreSQL in a folder of its own, reached by a socket there."""

    def __init__(self, folder):
        self.folder = Path(folder)
        # It refuses to run as root.
        names = [user.pw_name for user in pwd.getpwall() if user.pw_name in ("postgres", "nobody")]
        self.user = sorted(names)[-1] if os.geteuid() == 0 else None
        if self.user:
            shutil.chown(folder, self.user)
        self.run("initdb", "-D", self.data, "-U", "marks", "-A", "trust", "--no-sync")

    @property
    def data(self):
        return self.folder / "data"

    def url(self, name):
        return f"postgresql+psycopg://marks@/{name}?host={self.folder}&port=5999"

    def run(self, program, *arguments):
        command = [str(programs() / program), *map(str, arguments)]
        nowhere = subprocess.DEVNULL
        subprocess.run(command, user=self.user, cwd="/", stdout=nowhere, check=True, timeout=TIME)

    def start(self):
        options = f"-F -p 5999 -c listen_addresses='' -k {self.folder}"
        log = self.folder / "log"
        self.run("pg_ctl", "-w", "-D", self.data, "-l", log, "-o", options, "start")

    def stop(self):
        self.run("pg_ctl", "-w", "-D", self.data, "-m", "immediate", "stop")

    def new_database(self, name):
        import psycopg

        address = f"host={self.folder} port=5999 user=marks dbname=postgres"
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return self.url(name)


@pytest.fixture(scope="module")
def server():
    # Short, for the name of a socket may have 107 bytes.
    with tempfile.TemporaryDirectory(prefix="pg-", dir="/tmp") as folder:
        server = Server(folder)
        server.start()
        try:
            yield server
        finally:
            with contextlib.suppress(subprocess.CalledProcessError):
                server.stop()


@pytest.fixture(scope="module")
def template(server, tmp_path_factory):
    """The course, released into a gradebook in PostgreSQL, with submissions."""
    root = tmp_path_factory.mktemp("course")
    toy.make_course(root)
    path = f"{root / 'packages'}{os.pathsep}{toy.ROOT}"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", path)
        release(root)
        notebook = nbformat.read(root / "course" / toy.NAME / f"{toy.NAME}.ipynb", 4)
        for student, (_, changed) in STUDENTS.items():
            put(root, student, nbformat.writes(toy.submission(notebook, **changed)))
        yield root


def put(root, student, text):
    path = root / "submitted" / student / toy.NAME / f"{toy.NAME}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


@pytest.fixture
def make(server, template, tmp_path):
    """A function that copies the course, with the gradebook at a URL."""

    def copy(name, url):
        root = shutil.copytree(template, tmp_path / name)
        (root / "gradebook.db").unlink()
        line = f'\nc.CourseDirectory.db_url = "{url}"\n'
        config = root / "nbgrader_config.py"
        config.write_text(config.read_text() + line)
        return root

    return copy


def scores(url):
    """All points of a gradebook: student -> cell -> points."""
    with Gradebook(url) as gradebook:
        return {
            one.student.id: {
                g.name: (g.auto_score, g.manual_score) for g in one.notebooks[0].grades
            }
            for one in gradebook.assignment_submissions(toy.NAME)
        }


def totals(url):
    return {s: sum(auto for auto, _ in cells.values()) for s, cells in scores(url).items()}


def test_same_marks_as_in_sqlite_and_all_commands_work(server, make, template, capsys):
    url = server.new_database("same")
    root = make("same", url)
    config = (root / "nbgrader_config.py").read_text()
    shutil.copy(template / "nbgrader_config.py", root)
    grade(root, toy.NAME, workers=2, options=QUICK, say=list)
    in_sqlite = scores(f"sqlite:///{root / 'gradebook.db'}")
    (root / "gradebook.db").unlink()
    # Another gradebook: nothing is taken for graded that is not in it.
    (root / "nbgrader_config.py").write_text(config)
    grade(root, toy.NAME, workers=2, options=QUICK, say=list)
    assert scores(url) == in_sqlite
    assert totals(url) == RIGHT and not (root / "gradebook.db").exists()
    for command in ("marks", "report", "feedback"):
        assert main(["--root", str(root), command, toy.NAME]) == 0
    assert "3 pages" in capsys.readouterr().out
    assert {m.student: m.total for m in read_marks(Course(root), toy.NAME).rows} == RIGHT

    # A manual mark stays; nothing runs twice unless it is asked for.
    with Gradebook(url) as gradebook:
        found = gradebook.find_grade("test_double", toy.NAME, toy.NAME, "wrong_double")
        found.manual_score = 1.5
        gradebook.db.commit()
    lines = []
    grade(root, toy.NAME, options=QUICK, say=lines.append)
    assert lines == [f"{toy.NAME}: 3 submissions, 3 graded already"]
    grade(root, toy.NAME, ["wrong_double"], again=True, workers=1, options=QUICK, say=list)
    assert scores(url)["wrong_double"]["test_double"] == (0, 1.5)


def test_a_server_that_ends_is_waited_for(server, make):
    url = server.new_database("waits")
    root = make("waits", url)
    lines = []

    def say(line):
        lines.append(line)
        if line.startswith("[1/"):
            server.stop()
        if line.startswith("waiting"):
            server.start()

    grade(root, toy.NAME, workers=2, options=QUICK, say=say)
    assert len([line for line in lines if line.startswith("waiting for the gradebook: ")]) == 1
    assert totals(url) == RIGHT


def test_a_server_that_is_gone_is_one_line_and_loses_nothing(server, make, monkeypatch, capsys):
    url = server.new_database("gone")
    root = make("gone", url)

    def say(line):
        if line.startswith("[1/"):
            monkeypatch.setattr(grade_module, "PATIENCE", 1)
            server.stop()

    with pytest.raises(GradeError, match="cannot be written: .*run the command again"):
        grade(root, toy.NAME, workers=2, options=QUICK, say=say)
    assert len(read_records(Course(root), toy.NAME)) == 1
    with pytest.raises(GradebookError, match="the gradebook fails: "):
        grade(root, toy.NAME, workers=2, options=QUICK, say=say)
    assert main(["--root", str(root), "marks", toy.NAME]) == 2
    said = capsys.readouterr().err
    assert said.startswith("dcgan-grader: the gradebook fails: ") and said.count("\n") == 1
    server.start()
    lines = []
    grade(root, toy.NAME, workers=2, options=QUICK, say=lines.append)
    assert lines[0] == f"{toy.NAME}: 3 submissions, 1 graded already"
    assert totals(url) == RIGHT


def test_two_machines_share_a_gradebook(server, make):
    """Two folders of the course, each with half of the class and one student in both."""
    url = server.new_database("shared")
    Gradebook(
        url
    ).close()  # The tables: two programs that make them at once get in each other's way.
    roots = [make("first", url), make("second", url)]
    halves = [("right", "wrong_double"), ("wrong_double", "os_exit")]
    running = []
    try:
        for root, students in zip(roots, halves, strict=True):
            command = [sys.executable, "-m", "dcgan_grader.cli", "--root", str(root), "grade"]
            command += [toy.NAME, *students, "--workers", "1", "--cell-seconds", "6"]
            running.append(subprocess.Popen(command, stderr=subprocess.PIPE, text=True))
        said = [process.communicate(timeout=5 * TIME)[1] for process in running]
    finally:
        for process in running:
            process.kill()
    assert [process.returncode for process in running] == [0, 0], said
    assert totals(url) == RIGHT


def test_what_the_database_refuses_fails_alone(server, make):
    """PostgreSQL keeps to the lengths that nbgrader gives it; SQLite does not."""
    url = server.new_database("refuses")
    root = make("refuses", url)
    long = "x" * 150
    put(root, long, (root / "submitted/right" / toy.NAME / f"{toy.NAME}.ipynb").read_text())
    records = grade(root, toy.NAME, ["right", long], workers=1, options=QUICK, say=list)
    assert [r.status for r in records] == ["graded", "failed"]
    assert records[1].why[0].startswith("the gradebook refuses it: ")
    assert "value too long" in records[1].why[0]
    assert totals(url) == {"right": 6}


def test_a_wrong_address_is_one_line(server, make):
    url = server.url("nowhere")
    with pytest.raises(GradebookError, match='database "nowhere" does not exist'):
        grade(make("nowhere", url), toy.NAME, say=list)
    with pytest.raises(GradebookError, match="CourseDirectory.db_url: .*postgres"):
        grade(make("typo", url.replace("postgresql+psycopg", "postgres")), toy.NAME, say=list)
