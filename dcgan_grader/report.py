"""A report on the class: marks, the commonest mistakes, and who needs a look."""

import re
import statistics
from collections import Counter
from dataclasses import dataclass, field
from html import escape

from dcgan_grader.clean import plain
from dcgan_grader.collect import UNKNOWN, read_collected
from dcgan_grader.course import Course
from dcgan_grader.files import write_atomically
from dcgan_grader.marks import FINAL, UNGRADED, UNMARKED, number, read_marks
from dcgan_grader.page import page
from dcgan_grader.records import read_records

MISTAKES = 25  # as many mistakes are listed, the commonest first
NAMED = 30  # as many students are named beside each
SLOWEST = 5
URGENCY = ("failed", "review", UNMARKED, UNGRADED, "missing", *FINAL)
LEVELS = (("full", "#1a7f37"), ("partial", "#bf8700"), ("none", "#b42318"))
STYLE = """
.bar { display: flex; width: 12rem; height: 1rem; border: 1px solid #767676; }
.bar span { display: block; height: 100%; }
.hint { color: #4a4a4a; margin: 0.25rem 0 0; font-weight: normal; }
"""


@dataclass
class Mistake:
    """A message that students got: `students` are their ids, `hints` count its likely causes."""

    message: str
    taught: str
    students: set = field(default_factory=set)
    hints: Counter = field(default_factory=Counter)


def write_report(root, name):
    """Write `grading/NAME/report.html`.

    Args:
        root: folder of the course.
        name: name of the notebook.

    Returns:
        The path.

    Raises:
        ValueError: if there is no such notebook, or a record is damaged.
    """
    course = Course(root)
    marks = read_marks(course, name)
    records = read_records(course, name)
    unknown = [one for one in read_collected(course, name) if one["outcome"] == UNKNOWN]
    mistakes = find_mistakes(records)
    body = [
        f"<h1>{_text(name)}: report on the class</h1>",
        _summary(marks),
        _exercises(marks),
        _teach_again(mistakes),
        _mistakes(mistakes),
        _needs_a_look(marks, unknown),
        _slowest(records),
    ]
    html = page(f"{name}: report on the class", "\n".join(body), STYLE)
    return write_atomically(course.root / "grading" / name / "report.html", html)


def find_mistakes(records):
    """Group the messages of failed checks by their first line and the section that teaches it.

    A check's message names its likely cause ("likely:") and its section ("taught in:") in lines
    of their own.

    Args:
        records: list of `Record`.

    Returns:
        list of `Mistake`, the one of most students first.
    """
    found = {}
    for record in records:
        for grade_id, cell in record.cells.items():
            lines = [line for line in plain(cell["message"]).split("\n") if line.strip()]
            if not lines or record.status == "failed":
                continue
            # The error's name tells an instructor nothing where the check wrote the message.
            lines[0] = re.sub(r"^(CheckFailed|AssertionError|NotAnswered):\s*", "", lines[0])
            lines = [line for line in lines if line] or [f"{grade_id} failed without a message"]
            message = lines[0][:300]
            key = message, _line(lines, "taught in")
            one = found.setdefault(key, Mistake(*key))
            one.students.add(record.student)
            if hint := _line(lines, "likely"):
                one.hints[hint] += 1
    return sorted(found.values(), key=lambda one: (-len(one.students), one.message))


def _line(lines, key):
    return next(
        (one.split(":", 1)[1].strip()[:300] for one in lines if one.strip().startswith(f"{key}:")),
        "",
    )


def _summary(marks):
    counts = Counter(row.status for row in marks.rows)
    rows = [[_text(status), _number(count)] for status, count in counts.most_common()]
    totals = [row.total for row in marks.rows if row.total is not None and row.status in FINAL]
    html = "<h2>Marks</h2>" + _table("Students by status", ["Status", "Students"], rows)
    if not totals:
        return html + "<p>No mark is final yet.</p>"
    return html + (
        f"<p>{len(totals)} final marks of at most {number(sum(marks.maxima.values()))} points: "
        f"mean {number(statistics.fmean(totals))}, median {number(statistics.median(totals))}, "
        f"lowest {number(min(totals))}, highest {number(max(totals))}.</p>"
    )


def _exercises(marks):
    rows = []
    for key, most in marks.maxima.items():
        given = [row.points.get(key) for row in marks.rows if row.points]
        points = [one for one in given if one is not None]
        counts = {
            "full": sum(one >= most - 1e-9 for one in points),
            "partial": sum(0 < one < most - 1e-9 for one in points),
            "none": sum(one <= 0 < most for one in points),
        }
        mean = number(statistics.fmean(points)) if points else "–"
        cells = [_text(key), _bar(counts, len(points)), _number(f"{mean} of {number(most)}")]
        cells += [_number(one) for one in (*counts.values(), len(given) - len(points))]
        rows.append(cells)
    head = ["Exercise", "Bar", "Mean", "Full", "Partial", "None", "Not marked"]
    caption = "Points of each graded cell, of all who were graded"
    return "<h2>Exercises</h2>" + _table(caption, head, rows)


def _bar(counts, total):
    label = f"{counts['full']} full, {counts['partial']} partial, {counts['none']} none"
    parts = "".join(
        f'<span style="width:{100 * counts[level] / total:.4g}%;background:{color}"></span>'
        for level, color in LEVELS
        if counts[level]
    )
    return f'<td><div class="bar" role="img" aria-label="{label}">{parts}</div></td>'


def _teach_again(mistakes):
    sections = {}
    for one in mistakes:
        if one.taught:
            sections.setdefault(one.taught, set()).update(one.students)
    ordered = sorted(sections.items(), key=lambda one: (-len(one[1]), one[0]))
    rows = [[_text(section), _number(len(students))] for section, students in ordered]
    head = ["Section", "Students with a mistake"]
    table = _table("Sections that teach what went wrong, the commonest first", head, rows)
    return "<h2>What to teach again</h2>" + (table if rows else "<p>No check named a section.</p>")


def _mistakes(mistakes):
    rows = []
    for one in mistakes[:MISTAKES]:
        hint = one.hints.most_common(1)
        hint = f'<p class="hint">likely: {_text(hint[0][0])}</p>' if hint else ""
        message = f"<td>{_text(one.message)}{hint}</td>"
        rows.append([message, _number(len(one.students)), _text(one.taught), _who(one.students)])
    head = ["Message of the check", "Students", "Taught in", "Who"]
    html = "<h2>Commonest mistakes</h2>"
    html += _table("Messages of failed checks", head, rows) if rows else "<p>None.</p>"
    left = len(mistakes) - MISTAKES
    return html + (f"<p>{left} rarer messages are left out.</p>" if left > 0 else "")


def _needs_a_look(marks, unknown):
    rows = [
        [_text(row.student), _text(row.name), _text(row.status), _list(row.why)]
        for row in sorted(marks.rows, key=lambda row: (URGENCY.index(row.status), row.student))
        if row.status not in FINAL or row.why
    ]
    head = ["Student", "Name", "Status", "Reason"]
    html = "<h2>Who needs a look</h2>"
    html += (
        _table("Students without a final mark, or with a note", head, rows)
        if rows
        else "<p>Nobody.</p>"
    )
    if unknown:
        files = [[_text(one["file"]), _text(one["why"])] for one in unknown]
        html += _table("Files of unknown students", ["File", "Reason"], files)
    return html


def _slowest(records):
    slow = sorted(records, key=lambda one: -one.seconds)[:SLOWEST]
    rows = [[_text(one.student), _number(f"{one.seconds:.1f}")] for one in slow]
    table = _table("Longest to grade", ["Student", "Seconds"], rows)
    return "<h2>Slowest</h2>" + (table if rows else "<p>Nothing was graded.</p>")


def _who(students):
    named = sorted(students)
    rest = f" and {len(named) - NAMED} more" if len(named) > NAMED else ""
    return _text(", ".join(named[:NAMED])) + rest


def _list(sentences):
    return "<br>".join(_text(one[:500]) for one in sentences)


def _text(text):
    return escape(plain(text))


def _number(value):
    return f'<td class="number">{_text(value)}</td>'


def _table(caption, head, rows):
    """Write a table; a cell is HTML, with or without its own `td`. The first one heads its row."""
    titles = "".join(f'<th scope="col">{_text(one)}</th>' for one in head)
    lines = "".join(
        f'<tr><th scope="row">{line[0].removeprefix("<td>").removesuffix("</td>")}</th>'
        + "".join(one if one.startswith("<td") else f"<td>{one}</td>" for one in line[1:])
        + "</tr>\n"
        for line in rows
    )
    return (
        f'<div class="wide"><table><caption>{_text(caption)}</caption>\n'
        f"<thead><tr>{titles}</tr></thead>\n<tbody>\n{lines}</tbody></table></div>"
    )
