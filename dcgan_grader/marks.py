"""The marks of a class: points from nbgrader's gradebook, the status from the records."""

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import nbformat

from dcgan_grader.collect import REFUSED, read_collected
from dcgan_grader.course import SOURCE, Course
from dcgan_grader.files import write_atomically
from dcgan_grader.gradebook import directory, opened
from dcgan_grader.names import lms_name
from dcgan_grader.records import read_records
from dcgan_grader.roster import read_roster

FINAL = ("graded", "repaired")
UNMARKED = "needs manual marking"
UNGRADED = "not graded yet"
# Where to look among the roster's other columns, in plain lower case.
CANVAS_ID = ("canvas id", "canvas user id", "canvas")
MOODLE_ID = ("identifier", "participant", "participant id", "moodle id", "moodle")


@dataclass
class Mark:
    """The mark of one student.

    Args:
        student: id of the student.
        name: full name, or "".
        email: str, or "".
        others: dict of the roster's other columns, by their titles in plain lower case.
        lms: dict from "moodle" or "canvas" to the number that collected files bear.
        status: "graded", "repaired", "review", "failed", "missing", `UNMARKED` or `UNGRADED`.
        why: list of str; what an instructor must know or do.
        points: dict from a grade_id to float, or None where nobody has marked it yet.
        penalty: points off for handing in late.
        total: float; None where there is no mark, which is not the same as 0 points.
    """

    student: str
    name: str = ""
    email: str = ""
    others: dict = field(default_factory=dict)
    lms: dict = field(default_factory=dict)
    status: str = "missing"
    why: list = field(default_factory=list)
    points: dict = field(default_factory=dict)
    penalty: float = 0.0
    total: float | None = None


class Marks(NamedTuple):
    """The marks of a class: `maxima` from each grade_id to its points, and a list of `Mark`."""

    name: str
    maxima: dict
    rows: list


def read_marks(course, name):
    """Read the marks of everybody on the roster, in the records or in the gradebook.

    Args:
        course: the `Course`.
        name: name of the notebook.

    Returns:
        `Marks`, sorted by student.

    Raises:
        ValueError: if there is no such notebook, or a record or the roster is damaged.
    """
    if name not in course.names:
        raise ValueError(f"no notebook {name}; there are: {', '.join(course.names)}")
    maxima, grades = _grades(course, name)
    records = {record.student: record for record in read_records(course, name)}
    files = {}
    for one in read_collected(course, name):
        if one["student"]:
            files.setdefault(one["student"], []).append(one)
    path = course.root / "grading" / "roster.csv"
    roster = {one.id: one for one in read_roster(path).students} if path.exists() else {}
    rows = []
    for student in sorted({*roster, *records, *grades, *files}):
        row = Mark(student)
        if student in roster:
            row.name, row.email = roster[student].name, roster[student].email
            row.others = {_plain(key): text for key, text in roster[student].others.items()}
        elif student in grades:
            row.name, row.email = grades[student]["name"], grades[student]["email"]
        for one in files.get(student, ()):
            row.lms |= _lms(one)
        _decide(
            row, records.get(student), grades.get(student), files.get(student, ()), course, name
        )
        if roster and student not in roster:
            row.why.append("is not on the roster")
        rows.append(row)
    return Marks(name, maxima, rows)


def write_marks(root, name, form="csv", out=None, with_review=False, column=None):
    """Write the marks of a class as a CSV file.

    A student without a mark has an empty one: never 0.

    Args:
        root: folder of the course.
        name: name of the notebook.
        form: "csv" for a spreadsheet; "canvas" or "moodle" to import there.
        out: file to write; `grading/NAME/marks-FORM.csv` when None.
        with_review: give the LMS the marks of submissions that are up for review, too.
        column: title of the assignment in Canvas; the notebook's name when None.

    Returns:
        The path, and a dict from each status to how many students have it.

    Raises:
        ValueError: as `read_marks`, or if there is nobody yet.
    """
    course = Course(root)
    marks = read_marks(course, name)
    if not marks.rows:
        raise ValueError(
            f"{name} has no students yet; run: dcgan-grader collect {name} INBOX --roster FILE"
        )
    if form == "csv":
        table = _spreadsheet(marks)
    else:
        final = FINAL + ("review",) * with_review
        given = [row.total if row.status in final else None for row in marks.rows]
        table = {"canvas": _canvas, "moodle": _moodle}[form](marks, given, column or name)
    text = io.StringIO()
    csv.writer(text).writerows([[_safe(cell) for cell in line] for line in table])
    # Excel takes a CSV file for UTF-8 only if it starts with this mark; an LMS needs none.
    data = text.getvalue().encode("utf-8-sig" if form == "csv" else "utf-8", "replace")
    path = Path(out) if out else course.root / "grading" / name / f"marks-{form}.csv"
    return write_atomically(path, data), dict(Counter(row.status for row in marks.rows))


def number(value):
    """Write points: at most two decimals, "" for None."""
    return "" if value is None else f"{round(value, 2):g}"


def _grades(course, name):
    """Points of each graded cell in the notebook's order, and what the gradebook has by student."""
    source = nbformat.read(course.notebook(SOURCE, name), as_version=4)
    order = [cell.metadata.get("nbgrader", {}).get("grade_id") for cell in source.cells]
    with opened(course) as gradebook:
        found = [one for one in gradebook.assignments if one.name == name] if gradebook else []
        notebooks = [one for one in found[0].notebooks if one.name == name] if found else []
        if not notebooks:
            return {}, {}
        cells = [*notebooks[0].grade_cells, *notebooks[0].task_cells]
        cells.sort(key=lambda one: (order + [one.name]).index(one.name))
        grades = {}
        for submission in notebooks[0].submissions:
            person = submission.student
            names = (person.first_name, person.last_name)
            grades[person.id] = {
                "name": " ".join(one for one in names if one),
                "email": person.email or "",
                "penalty": submission.late_submission_penalty or 0.0,
                "flagged": bool(submission.flagged),
                "points": {one.name: _points(one) for one in submission.grades},
                "again": sorted(
                    one.name
                    for one in submission.grades
                    if one.needs_manual_grade and one.manual_score is not None
                ),
            }
        return {one.name: one.max_score for one in cells}, grades


def _points(grade):
    """Points of a cell with extra credit; None where neither a program nor a human marked it."""
    marked = grade.auto_score if grade.manual_score is None else grade.manual_score
    return None if marked is None else marked + (grade.extra_credit or 0.0)


def _decide(row, record, grade, files, course, name):
    """Fill in the status, the points and the reasons of a row."""
    if record and record.status == "failed":
        row.status, row.why = "failed", list(record.why)
    elif record is None and grade is None:
        refused = [f"{one['file']}: {one['why']}" for one in files if one["outcome"] == REFUSED]
        folder = directory(course)
        place = Path(folder.format_path(folder.submitted_directory, row.student, name))
        if (place / f"{name}.ipynb").exists():
            row.status, row.why = UNGRADED, [f"run: dcgan-grader grade {name}"]
        elif refused:
            row.status, row.why = "failed", refused
    elif grade is None:
        row.status = "failed"
        row.why = [f"the gradebook has no entry; run: dcgan-grader grade {name}"]
    else:
        row.status = record.status_now(grade["flagged"]) if record else "graded"
        # `grade` gives flags as reasons, too.
        row.why = list(dict.fromkeys([*record.why, *record.flags])) if record else []
        if record and row.status != record.status:
            row.why.append("somebody has looked at it")
        row.points, row.penalty = grade["points"], grade["penalty"]
        unmarked = [key for key, points in row.points.items() if points is None]
        if unmarked:
            row.why.append(f"not marked yet: {', '.join(sorted(unmarked))}")
            row.status = UNMARKED if row.status in FINAL else row.status
        else:
            # As nbgrader's own export.
            row.total = max(0.0, sum(row.points.values()) - row.penalty)
        if grade["again"]:
            row.why.append(f"graded again after it was marked by hand: {', '.join(grade['again'])}")


def _spreadsheet(marks):
    head = ["student", "name", "email", "status", "reason", *marks.maxima]
    yield [*head, "late_penalty", "total", "max"]
    for row in marks.rows:
        points = [number(row.points.get(key)) for key in marks.maxima]
        about = [row.student, row.name, row.email, row.status, "; ".join(row.why)]
        most = number(sum(marks.maxima.values()))
        yield [*about, *points, number(row.penalty), number(row.total), most]


def _canvas(marks, given, column):
    """What Canvas's gradebook imports.

    Canvas finds a student by its own number, else by the SIS user id, else by the login, else by
    the name; an assignment by "title (number)" or by its title. Source: `gradebook_importer.rb`
    of instructure/canvas-lms; "How do I import grades in the Gradebook?", Canvas's guides.
    """
    yield ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", column]
    yield ["    Points Possible", "", "", "", "", number(sum(marks.maxima.values()))]
    for row, mark in zip(marks.rows, given, strict=True):
        # Our own id must not stand in the column ID: Canvas would take its first digits for one
        # of its numbers, and with it another student.
        own = _find(row, CANVAS_ID) or row.lms.get("canvas", "")
        own = own if own.isascii() and own.isdigit() else ""
        login = _find(row, ("sis login id", "login id", "login", "username")) or row.student
        section = _find(row, ("section",))
        user = _find(row, ("sis user id", "sis id"))
        yield [row.name or row.student, own, user, login, section, number(mark)]


def _moodle(marks, given, column):
    """What a Moodle assignment takes as "Upload grading worksheet"; its gradebook imports it, too.

    The worksheet must have the columns Identifier, Grade and Last modified (grade); it skips empty
    grades. The gradebook finds a student by "Email address" or "ID number". Source:
    `mod/assign/feedback/offline/importgradeslib.php` and `locallib.php`, and
    `grade/import/csv/classes/load_data.php` of moodle/moodle.
    """
    head = ["Identifier", "Full name", "Email address", "ID number", "Status", "Grade"]
    yield [*head, "Maximum grade", "Last modified (grade)"]
    most = number(sum(marks.maxima.values()))
    for row, mark in zip(marks.rows, given, strict=True):
        # The participant's number differs from assignment to assignment: files know it best.
        own = re.search(r"\d*$", row.lms.get("moodle") or _find(row, MOODLE_ID), re.ASCII)[0]
        # Nobody has the number 0; without any number Moodle on PostgreSQL stops the whole upload.
        own = f"Participant {own or 0}"
        idnumber = _find(row, ("id number", "idnumber")) or row.student
        about = [own, row.name or row.student, row.email, idnumber, row.status]
        # "-" is Moodle's own word for "never": it keeps newer grades unless it is told not to.
        yield [*about, number(mark), most, "-"]


def _lms(entry):
    """The number that the LMS gave a collected file, if its name is one of the LMS's."""
    if not entry.get("lms_id"):
        return {}
    parts = re.split(r"[/\\]|!", entry["file"])
    if any("_assignsubmission_" in part for part in parts):
        return {"moodle": entry["lms_id"]}
    named = [who for who in map(lms_name, parts) if who and who.number == entry["lms_id"]]
    return {"canvas": entry["lms_id"]} if named else {}


def _find(row, titles):
    return next((row.others[title] for title in titles if row.others.get(title)), "")


def _plain(title):
    return re.sub(r"[\s_-]+", " ", title).strip().casefold()


def _safe(cell):
    """Keep a spreadsheet from taking a text for a formula.

    Source: OWASP, "CSV Injection".
    """
    text = re.sub(r"[\x00-\x08\x0b-\x1f]", "", str(cell))
    risky = text != str(cell) or text[:1] in tuple("=+-@\t\n＝＋－＠")
    return f"'{text}" if risky and not re.fullmatch(r"-(\d+(\.\d+)?)?", text) else text
