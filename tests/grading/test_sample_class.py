"""The class of `make demo-class`: each submission comes out as the demonstration promises."""

import re
import shutil
import subprocess
import sys

import pytest
from class_of_cheats import ROOT

import tasks
from dcgan_grader import sandbox

EXPECTED = {
    "ana": ("graded", "14/14"),
    "ben": ("graded", "9/14"),
    "chen": ("repaired", "14/14"),
    "dora": ("failed", "-"),
    "elif": ("graded", "14/14"),
    "farid": ("graded", "11/14"),
    "gil": ("review", "11/14"),
    "hana": ("review", "11/14"),
}


@pytest.mark.slow
@pytest.mark.skipif(
    sandbox.reason_against() is not None, reason=f"no sandbox: {sandbox.reason_against()}"
)
def test_each_comes_out_as_it_must(tmp_path, monkeypatch):
    """With the commands of the job itself, in a folder of the test."""
    said = []

    def call(command):
        program, *arguments = [
            part.replace("demo/class", str(tmp_path / "class")) for part in command
        ]
        module = ["-m", "dcgan_grader.cli"] if program.endswith("dcgan-grader") else []
        arguments = ["20" if part == "10" else part for part in arguments]  # For a busy machine.
        done = subprocess.run(
            [sys.executable, *module, *arguments],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=500,
        )
        said.append(done.stdout)
        return done.returncode

    monkeypatch.setattr(tasks, "environment", lambda: "main")
    monkeypatch.setattr(tasks, "call", call)
    before = {path: path.stat().st_mtime_ns for path in ROOT.glob("gradebook.db*")}
    tasks.demo_class()
    print("\n".join(said))
    table = dict(
        (student, (status, points))
        for student, status, points in re.findall(r"^(\w+) +(\w+) +(\S+/14|-)", said[2], re.M)
    )
    assert table == EXPECTED
    assert "8 pages of feedback" in said[3]
    for file in ("marks-csv.csv", "report.html"):
        assert (tmp_path / "class" / "grading" / "05_losses" / file).stat().st_size > 500
    assert {path: path.stat().st_mtime_ns for path in ROOT.glob("gradebook.db*")} == before


def test_only_a_folder_of_its_own_is_replaced(tmp_path):
    command = [sys.executable, "scripts/sample_class.py", str(tmp_path / "class")]
    for _ in range(2):
        subprocess.run(command, cwd=ROOT, check=True, timeout=60)
    other = tmp_path / "other"
    shutil.copytree(tmp_path / "class" / "course", other)
    done = subprocess.run(
        [*command[:2], str(other)], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 1 and "holds something else" in done.stderr
    assert any(other.iterdir())
