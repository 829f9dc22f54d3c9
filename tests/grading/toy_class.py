"""A small course with one notebook, and what grading leaves of its students."""

import base64
import functools
import json
import shutil
import struct
import tempfile
import zlib
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

ROOT = Path(__file__).resolve().parents[2]
NAME = "03_toy"
HIDDEN = "assert square(-7) == 49, MESSAGE  # the secret input"
MESSAGE = 'square: the square of -7 is wrong\n  likely:    a sign\n  taught in: 03_toy, "Squares"'
POINTS = {"test_square": 2.0, "test_cube": 1.0, "why": 3.0, "drawing": 1.0}


def marked(cell, grade_id, points=0, **flags):
    kind = {"grade": False, "solution": False, "locked": False, "task": False} | flags
    kind |= {"grade_id": grade_id, "schema_version": 3, "points": points}
    if not kind["grade"] and not kind["task"]:
        del kind["points"]
    cell.metadata["nbgrader"] = kind | {"cell_type": cell.cell_type}
    cell.id = grade_id
    return cell


def source_notebook():
    cells = [
        new_markdown_cell(
            "# Toy\n\n![badge](https://example.org/badge.svg) and $x^2 < 3$", id="intro"
        ),
        marked(
            new_code_cell(
                "### BEGIN SOLUTION\ndef square(x):\n    return x * x\n### END SOLUTION\n"
                f"MESSAGE = {MESSAGE!r}"
            ),
            "square",
            solution=True,
        ),
        marked(
            new_code_cell(
                "assert square(2) == 4, 'square(2) must be 4'\n"
                f"### BEGIN HIDDEN TESTS\n{HIDDEN}\n### END HIDDEN TESTS"
            ),
            "test_square",
            2,
            grade=True,
            locked=True,
        ),
        marked(
            new_code_cell("assert square(1) ** 3 == 1"), "test_cube", 1, grade=True, locked=True
        ),
        marked(new_markdown_cell("YOUR ANSWER HERE"), "why", 3, grade=True, solution=True),
        marked(
            new_markdown_cell(
                "Draw a square.\n### BEGIN MARK SCHEME\nfour corners give one point\n"
                "### END MARK SCHEME"
            ),
            "drawing",
            1,
            task=True,
            locked=True,
        ),
    ]
    return new_notebook(
        cells=cells, metadata={"kernelspec": {"name": "python3", "display_name": "P"}}
    )


def make_course(folder, gradebook=True):
    """A course with one notebook, in the gradebook as a release leaves it."""
    shutil.copy(ROOT / "nbgrader_config.py", folder)
    (folder / "pyproject.toml").write_text(
        '[project]\nname = "toy"\nversion = "1.0"\n[project.urls]\n'
        'Repository = "https://github.com/OWNER/toy"\n'
    )
    place = folder / "solutions" / NAME
    place.mkdir(parents=True)
    nbformat.write(source_notebook(), place / f"{NAME}.ipynb")
    if gradebook:
        (folder / "gradebook.db").write_bytes(_gradebook())
    return folder


@functools.cache
def _gradebook():
    """The bytes of a gradebook without students.

    nbgrader's own commands take seconds; what they put into the gradebook is written by its API.
    """
    from nbgrader.api import Gradebook

    with tempfile.TemporaryDirectory() as folder:
        with Gradebook(f"sqlite:///{folder}/gradebook.db", "dcgan") as gradebook:
            gradebook.add_assignment(NAME)
            gradebook.add_notebook(NAME, NAME)
            for cell in source_notebook().cells:
                meta = cell.metadata.get("nbgrader", {})
                about = {"cell_type": cell.cell_type, "max_score": meta.get("points")}
                if meta.get("grade"):
                    gradebook.add_grade_cell(cell.id, NAME, NAME, **about)
                if meta.get("solution"):
                    gradebook.add_solution_cell(cell.id, NAME, NAME)
                if meta.get("task"):
                    gradebook.add_task_cell(cell.id, NAME, NAME, **about)
        return Path(folder, "gradebook.db").read_bytes()


def answered(square="def square(x):\n    return x * x", why="Because.", outputs=None, extra=()):
    """The notebook as grading leaves it: hidden tests are back, cells have outputs."""
    notebook = source_notebook()
    cells = {cell.id: cell for cell in notebook.cells}
    cells["square"].source = square
    cells["why"].source = why
    for grade_id, given in (outputs or {}).items():
        cells[grade_id].outputs = given
    notebook.cells[4:4] = list(extra)
    return notebook


def error(text, name="AssertionError"):
    """An error as IPython reports it: the traceback shows the hidden line."""
    trace = [
        "\x1b[31m-----\x1b[39m",
        f"Cell In[3], line 3\n      1 assert square(2) == 4\n----> 3 {HIDDEN}\n",
        f"File /course/checks.py:7, in check()\n----> 7 secret_check_code({HIDDEN!r})",
        f"{name}: {text}",
    ]
    return new_output("error", ename=name, evalue=text, traceback=trace)


def grade(course, student, notebook, scores, **fields):
    """Put a graded student into the gradebook and into `autograded/`.

    Args:
        scores: dict from a grade_id to points; None for what waits for a human.
        fields: of the `SubmittedNotebook`, such as late_submission_penalty.
    """
    from dcgan_grader.course import Course
    from dcgan_grader.gradebook import opened

    place = course / "autograded" / student / NAME
    place.mkdir(parents=True, exist_ok=True)
    # Not by nbformat, which refuses some of what a file may hold.
    (place / f"{NAME}.ipynb").write_text(json.dumps(notebook))
    with opened(Course(course)) as gradebook:
        gradebook.update_or_create_student(student, first_name=student.title())
        gradebook.update_or_create_submission(NAME, student)
        submission = gradebook.find_submission_notebook(NAME, NAME, student)
        for name, value in fields.items():
            setattr(submission, name, value)
        for one in submission.grades:
            one.auto_score = scores[one.name]
            one.needs_manual_grade = scores[one.name] is None
        gradebook.db.commit()


def record(course, student, status="graded", cells=None, **fields):
    """Write the record of a student; `cells` maps a grade_id to (points, message)."""
    from dcgan_grader.course import Course
    from dcgan_grader.records import Record

    kept = {}
    for grade_id, (points, message) in (cells or {}).items():
        outcome = "manual" if points is None else "failed" if message else "passed"
        kept[grade_id] = {
            "points": points,
            "max": POINTS[grade_id],
            "outcome": outcome,
            "message": message,
        }
    Record(student, NAME, status, cells=kept, **fields).write(Course(course))


def png():
    """A red pixel, in base64."""

    def chunk(kind, data):
        whole = kind + data
        return struct.pack(">I", len(data)) + whole + struct.pack(">I", zlib.crc32(whole))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    data = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head)
    data += chunk(b"IDAT", zlib.compress(b"\x00\xff\x00\x00")) + chunk(b"IEND", b"")
    return base64.b64encode(data).decode()


FULL = {"test_square": 2.0, "test_cube": 1.0, "why": None, "drawing": None}
