"""tasks.py: a Python that fits is found, and an environment is complete or made afresh."""

import ast
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import tasks

pytestmark = pytest.mark.skipif(os.name == "nt", reason="plants shell scripts")


def plant(folder, name, minor):
    """A program that answers as Python 3.`minor` does."""
    path = folder / name
    path.write_text(f"#!/bin/sh\necho '3 {minor} {path}'\n")
    path.chmod(0o755)
    return str(path)


@pytest.fixture
def pythons(tmp_path, monkeypatch):
    """A PATH with nothing on it; this Python is an old one."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.delenv("PYTHON", raising=False)
    monkeypatch.setattr(sys, "executable", plant(folder, "python3", 10))
    return folder


def refusal(call, *arguments):
    with pytest.raises(SystemExit) as caught:
        call(*arguments)
    assert "\n" not in caught.value.code
    return caught.value.code


def test_parses_on_old_pythons():
    source = Path(tasks.__file__).read_text()
    ast.parse(source, feature_version=(3, 4))
    assert not any(isinstance(node, ast.JoinedStr) for node in ast.walk(ast.parse(source)))


def test_range_is_that_of_pyproject():
    assert tasks.python_range() == (11, 13)


@pytest.mark.parametrize("minor", [11, 12, 13])
def test_this_python_is_taken_if_it_fits(pythons, monkeypatch, minor):
    here = plant(pythons, "here", minor)
    plant(pythons, "python3.13", 13)
    monkeypatch.setattr(sys, "executable", here)
    assert tasks.find_python() == here


@pytest.mark.parametrize("ours", [10, 14])
def test_another_python_on_the_path_is_found(pythons, monkeypatch, ours):
    monkeypatch.setattr(sys, "executable", plant(pythons, "python3", ours))
    # A name on the PATH is no proof: it may start another version, or nothing.
    plant(pythons, "python3.13", 14)
    fits = plant(pythons, "python3.12", 12)
    broken = pythons / "python3.11"
    broken.write_text("#!/bin/sh\nexit 127\n")
    broken.chmod(0o755)
    assert tasks.find_python() == fits


def test_no_python_that_fits_is_one_clear_line(pythons):
    message = refusal(tasks.find_python)
    assert "needs Python 3.11 to 3.13" in message
    assert f"{pythons / 'python3'} is Python 3.10" in message


def test_python_that_is_asked_for_is_not_replaced(pythons, monkeypatch):
    plant(pythons, "python3.12", 12)
    monkeypatch.setenv("PYTHON", plant(pythons, "asked", 14))
    assert "asked is Python 3.14" in refusal(tasks.find_python)
    monkeypatch.setenv("PYTHON", "no-such-python")
    assert "no-such-python does not run" in refusal(tasks.find_python)
    monkeypatch.setenv("PYTHON", plant(pythons, "other", 11))
    assert tasks.find_python() == str(pythons / "other")


@pytest.fixture
def set_ups(tmp_path, pythons, monkeypatch):
    """A project in which setting up writes down that it was done; returns that record."""
    root = tmp_path / "project"
    root.mkdir()
    (root / "list.txt").write_text("a==1")
    pyproject = Path(tasks.ROOT, "pyproject.toml").read_text()
    (root / "pyproject.toml").write_text(pyproject)
    monkeypatch.setattr(tasks, "ROOT", str(root))
    monkeypatch.setattr(sys, "executable", plant(pythons, "python3", 12))
    record = []

    def make_venv(folder, python):
        Path(folder, tasks.BIN).mkdir(parents=True)
        Path(tasks.tool(folder, "python")).symlink_to(python)

    def install(python, arguments):
        assert Path(python).exists()
        record.append(arguments)

    monkeypatch.setattr(tasks, "make_venv", make_venv)
    monkeypatch.setattr(tasks, "install", install)
    return record


def make():
    return Path(tasks.complete(".venv", ["list.txt"], [["first"], ["second"]]))


def test_complete_environment_is_kept(set_ups):
    folder = make()
    kept = folder / "kept"
    kept.touch()
    assert make() == folder
    assert set_ups == [["first"], ["second"]]
    assert kept.exists()


def test_changed_source_makes_it_afresh(set_ups):
    leftover = make() / "leftover"
    leftover.touch()
    Path(tasks.ROOT, "list.txt").write_text("a==2")
    make()
    assert len(set_ups) == 4
    assert not leftover.exists()


def test_interrupted_set_up_is_not_taken_for_complete(set_ups, monkeypatch):
    install = tasks.install

    def stop_before_second(python, arguments):
        if arguments == ["second"]:
            raise KeyboardInterrupt
        install(python, arguments)

    # The first time nothing was there; the second time an older environment was.
    for text in ("a==1", "a==2"):
        Path(tasks.ROOT, "list.txt").write_text(text)
        set_ups.clear()
        with monkeypatch.context() as patch:
            patch.setattr(tasks, "install", stop_before_second)
            with pytest.raises(KeyboardInterrupt):
                make()
        assert set_ups == [["first"]]
        make()
        assert set_ups == [["first"], ["first"], ["second"]]


def test_moved_project_makes_it_afresh(set_ups, tmp_path, monkeypatch):
    make()
    monkeypatch.setattr(tasks, "ROOT", str(Path(tasks.ROOT).rename(tmp_path / "moved")))
    make()
    assert len(set_ups) == 4


def test_lost_python_makes_it_afresh(set_ups, pythons, monkeypatch):
    make()
    monkeypatch.setattr(sys, "executable", plant(pythons, "newer", 13))
    make()
    assert len(set_ups) == 2, "still complete: the Python it was made with is there"
    (pythons / "python3").unlink()
    make()
    assert len(set_ups) == 4


def test_another_python_asked_for_makes_it_afresh(set_ups, pythons, monkeypatch):
    make()
    monkeypatch.setenv("PYTHON", str(pythons / "python3"))
    make()
    assert len(set_ups) == 2
    monkeypatch.setenv("PYTHON", plant(pythons, "newer", 13))
    make()
    assert len(set_ups) == 4


def test_pip_installs_where_uv_fails(monkeypatch, capsys):
    calls = []

    def call(command):
        calls.append(command)
        return 2 if "uv" in command else 0

    monkeypatch.setattr(tasks, "call", call)
    tasks.install("python", ["-r", "list.txt"])
    assert [c[1:4] for c in calls] == [["-m", "uv", "pip"], ["-m", "pip", "install"]]
    assert "pip tries again" in capsys.readouterr().out

    monkeypatch.setattr(tasks, "call", lambda command: 1)
    assert "could not be installed" in refusal(tasks.install, "python", ["-r", "list.txt"])


def test_lines_of_uv_are_taken_from_the_lock(monkeypatch, tmp_path):
    seen = []

    def call(command):
        if "-r" in command:
            seen.append(Path(command[-1]).read_text())
        return 0

    monkeypatch.setattr(tasks, "call", call)
    tasks.make_venv(str(tmp_path / "venv"), "python")
    first, *rest = seen[0].splitlines()
    assert first.startswith("uv==")
    assert len(rest) > 5
    assert all("--hash=sha256:" in line for line in rest)
    assert not rest[-1].endswith("\\")


def test_ctrl_c_waits_for_the_program(tmp_path):
    program = (
        "import pathlib, signal, sys, time\n"
        "try:\n"
        "    pathlib.Path('ready').touch(); time.sleep(30)\n"
        "except KeyboardInterrupt:\n"
        "    time.sleep(1); pathlib.Path('ended').touch(); sys.exit(3)\n"
    )
    starter = (
        "import signal, sys, tasks\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        f"tasks.ROOT = {str(tmp_path)!r}\n"
        f"tasks.JOBS = [lambda: tasks.call([sys.executable, '-c', {program!r}])]\n"
        "tasks.JOBS[0].__name__ = 'job'; tasks.JOBS[0].__doc__ = ''\n"
        "sys.exit(tasks.main(['job']))\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", starter],
        cwd=tasks.ROOT,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    while not (tmp_path / "ready").exists():
        assert process.poll() is None
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=30)
    assert (tmp_path / "ended").exists()
    assert said == "tasks.py: stopped\n"
    assert process.returncode == 1


@pytest.mark.parametrize("notebooks", [False, True])
@pytest.mark.parametrize("failing", ["ruff check", "format", "--cov", "--nbmake", "colab", None])
def test_test_runs_every_step_and_names_what_failed(tmp_path, monkeypatch, failing, notebooks):
    calls = []

    def call(command):
        calls.append(" ".join(command))
        return 1 if failing and failing in calls[-1] else 0

    if notebooks:
        (tmp_path / "solutions" / "a").mkdir(parents=True)
        (tmp_path / "solutions" / "a" / "a.ipynb").touch()
    monkeypatch.setattr(tasks, "ROOT", str(tmp_path))
    monkeypatch.setattr(tasks, "environment", lambda: "main")
    monkeypatch.setattr(tasks, "colab_environment", lambda: "other")
    monkeypatch.setattr(tasks, "call", call)
    if failing is None or (failing == "--nbmake" and not notebooks):
        assert tasks.test() is None
    else:
        assert refusal(tasks.test).count(",") == 0
    steps = ["ruff check", "ruff format --check", "pytest --cov", "--nbmake", "-m colab"]
    if not notebooks:
        steps.remove("--nbmake")
    assert len(calls) == len(steps)
    assert all(step in command for step, command in zip(steps, calls, strict=True))


@pytest.fixture
def calls(monkeypatch):
    """The programs that a job runs, none of which is run; one that holds `failing` fails."""

    def record(failing=None):
        def call(command):
            calls.append(" ".join(command))
            return 2 if failing and failing in calls[-1] else 0

        calls = []
        monkeypatch.setattr(tasks, "environment", lambda: "main")
        monkeypatch.setattr(tasks, "call", call)
        return calls

    return record


STEPS_OF_THE_CLASS = ["sample_class.py", "collect", "grade", "feedback", "marks", "report"]


def test_demo_trains_and_then_grades_a_class(calls):
    ran = calls()
    tasks.demo()
    steps = ["train --out demo", "animate demo", "evaluate demo", *STEPS_OF_THE_CLASS]
    assert len(ran) == len(steps)
    assert all(step in command for step, command in zip(steps, ran, strict=True))


def test_demo_class_stops_where_there_is_no_sandbox(calls):
    ran = calls(failing=" grade ")
    with pytest.raises(SystemExit) as caught:
        tasks.demo_class()
    assert caught.value.code == 2
    assert len(ran) == 1 + STEPS_OF_THE_CLASS.index("grade")
    assert not any("--unsafe" in command for command in ran)
    # The course's own gradebook is not touched.
    assert all(" --root demo/class " in command for command in ran[1:])


def test_unknown_job_is_answered_with_the_list():
    command = [sys.executable, tasks.__file__, "nonsense"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 2
    assert {"demo", "test", "lab"} <= set(done.stdout.split())


def test_every_job_has_a_target():
    makefile = Path(tasks.ROOT, "Makefile").read_text()
    [jobs] = [line for line in makefile.splitlines() if line.startswith("JOBS := ")]
    ours = [job.__name__.replace("_", "-") for job in tasks.JOBS]
    assert jobs.split()[2:] == ["help", *ours]
