"""Feedback for students: nbgrader's page, without what they must not read or a browser run."""

import logging
import re
import time
from html import escape
from pathlib import Path
from typing import NamedTuple

import nbformat
from jinja2 import pass_context
from nbconvert.exporters import HTMLExporter
from nbgrader.converters import GenerateFeedback
from traitlets import default

from dcgan_grader.clean import clean, clean_html
from dcgan_grader.course import Course
from dcgan_grader.files import write_atomically
from dcgan_grader.gradebook import directory, opened, settings
from dcgan_grader.page import POLICY, items, page
from dcgan_grader.records import read_record, students_with_records

# Of the files beside a notebook nbgrader's `release_feedback` needs these; the rest is a student's.
COMPANIONS = ("timestamp.txt", "submission_secret.txt")

MARKDOWN_TEXT = 20_000  # characters; a longer cell is shown as it was typed
MARKDOWN_SECONDS = 10  # for the cells of one notebook; later ones are shown as they were typed

STATUS = {
    "graded": "This notebook was graded as you handed it in.",
    "repaired": "This notebook was repaired before it was graded. Your answers were not changed.",
    "review": "Your instructor looks at this notebook before its marks count. They may change.",
    "failed": "This notebook could not be graded. It has no mark yet: ask your instructor.",
}


class Written(NamedTuple):
    """What `feedback` did: paths of pages, and a dict from a student to what went wrong."""

    pages: list
    problems: dict


def feedback(root, name, students=()):
    """Write a page of feedback for each graded student.

    The pages stand where nbgrader puts them, `feedback/STUDENT/NAME/NAME.html`. A page that
    cannot be made leaves the old one, and the other students, alone.

    Args:
        root: folder of the course.
        name: name of the notebook.
        students: ids; everybody who was graded when empty.

    Returns:
        `Written`.

    Raises:
        ValueError: if there is no such notebook, or nothing was graded for a student.
    """
    course = Course(root)
    if name not in course.names:
        raise ValueError(f"no notebook {name}; there are: {', '.join(course.names)}")
    folder = directory(course)
    known = {path.parents[1].name for path in _autograded(folder, name)}
    known |= set(students_with_records(course, name))
    unknown = sorted(set(students) - known)
    if unknown or not known:
        who = ", ".join(unknown) or "anybody"
        raise ValueError(f"{name} was not graded for {who}; run: dcgan-grader grade {name}")
    logging.getLogger("traitlets").setLevel(logging.ERROR)
    config = settings(course)
    config.pop("HTMLExporter", None)  # That is for formgrader, which shows hidden tests.
    converter = SafeFeedback(coursedir=folder, config=config)
    return converter.write_pages(course, name, sorted(students or known))


class SafeFeedback(GenerateFeedback):
    """nbgrader's converter, for notebooks that `clean` has cleaned."""

    @default("exporter_class")
    def _exporter_class_default(self):
        return SafeExporter

    def init_notebooks(self):
        """Look for no notebooks: `write_pages` is told whose there are."""

    def write_pages(self, course, name, students):
        """Write the pages of some students; see `feedback`."""
        self.course, self.name, self.students = course, name, students
        self.written = Written([], {})
        self.start()
        return self.written

    def convert_notebooks(self):
        """Convert one notebook after the other; the failure of one stops no other."""
        with opened(self.course) as gradebook:
            for student in self.students:
                try:
                    self.written.pages.append(self._write(gradebook, student))
                except Exception as error:  # Whatever a student's notebook may provoke.
                    reason = (str(error).splitlines() or [""])[0][:300]
                    self.written.problems[student] = f"{type(error).__name__}: {reason}"

    def _write(self, gradebook, student):
        record = read_record(self.course, self.name, student)
        if record and record.status == "failed":
            body = f"<h1>{escape(self.name)}</h1>\n{_status(record, [])}"
            html = page(self.name, body)
        else:
            html = self._convert(gradebook, student, record)
        place = Path(self._format_dest(self.name, student))
        for folder in (self._format_source(self.name, student), self._submitted(student)):
            for file in (Path(folder) / companion for companion in COMPANIONS):
                if file.is_file() and not file.is_symlink():
                    write_atomically(place / file.name, file.read_bytes())
        return write_atomically(place / f"{self.name}.html", html)

    def _convert(self, gradebook, student, record):
        source = Path(self._format_source(self.name, student)) / f"{self.name}.ipynb"
        # nbgrader writes this version, and validation takes long for many outputs.
        notebook = nbformat.v4.reads(source.read_text(encoding="utf-8"))
        submission = gradebook.find_submission_notebook(self.name, self.name, student)
        flags = {}
        for kind in ("grade", "solution", "task"):
            for cell in getattr(submission.notebook, f"{kind}_cells"):
                flags.setdefault(cell.name, {})[kind] = True
        unmarked = (one for one in submission.grades if one.manual_score is None)
        pending = sorted(one.name for one in unmarked if one.auto_score is None)
        messages = {key: cell["message"] for key, cell in record.cells.items()} if record else {}
        # Grades are read by nbgrader's own preprocessor, from a connection of its own.
        gradebook.db.rollback()
        resources = self.init_single_notebook_resources(str(source))
        html, _ = self.exporter.from_notebook_node(clean(notebook, flags, messages), resources)
        return _seal(html, _status(record, pending, submission.flagged))

    def _submitted(self, student):
        return self.coursedir.format_path(self.coursedir.submitted_directory, student, self.name)


class SafeExporter(HTMLExporter):
    """nbconvert's exporter, whose Markdown holds no live HTML."""

    exclude_anchor_links = True

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self._until = time.monotonic() + MARKDOWN_SECONDS

    def from_notebook_node(self, nb, resources=None, **options):
        """Convert one notebook."""
        self._until = time.monotonic() + MARKDOWN_SECONDS
        return super().from_notebook_node(nb, resources, **options)

    @pass_context
    def markdown2html(self, context, source):
        """Turn Markdown into HTML that cannot run or load anything."""
        try:
            # Markdown can be written so that it takes minutes to read.
            if len(source) > MARKDOWN_TEXT or time.monotonic() > self._until:
                raise ValueError("too much")
            html = super().markdown2html(context, source)
        except Exception:  # A missing attachment, a thousand nested quotes, ...
            return f"<pre>{escape(source)}</pre>"
        return clean_html(html)


def _autograded(folder, name):
    """Paths of the autograded notebooks of a class."""
    pattern = folder.format_path(folder.autograded_directory, "*", name)
    pattern = Path(pattern).relative_to(folder.root) / f"{name}.ipynb"
    return [path for path in Path(folder.root).glob(str(pattern)) if path.is_file()]


def _status(record, pending, flagged=True):
    """Tell a student how the notebook was graded."""
    html = f"<p><strong>{STATUS[record.status_now(flagged)]}</strong></p>" if record else ""
    if record and record.status == "failed":
        html += items(record.why)
    elif record and record.repairs:
        html += f"<p>What was repaired:</p>{items(record.repairs)}"
    if pending:
        html += (
            "<p>These answers are not marked yet, and count as 0 points below until they are: "
            f"{escape(', '.join(pending))}.</p>"
        )
    return html


def _seal(html, status):
    """Take scripts out of nbgrader's page, forbid all others, and put the status on top.

    The scripts of its template load MathJax from the network: formulas stay in TeX. All stand in
    the head; what comes from a student stands in the body, and is clean.

    Raises:
        ValueError: if nbgrader's template is not the one that this was written for.
    """
    parts = re.fullmatch(r"(.*?)<html>(.*?)<head>(.*?)</head>(.*?)<body>(.*)", html, re.S)
    if not parts:
        raise ValueError("nbgrader's page of feedback has another form than that of version 0.9.6")
    start, gap, head, between, body = parts.groups()
    head = re.sub(r"<script\b.*?</script>|<!--.*?-->|<link\b[^>]*>", "", head, flags=re.S)
    # Its icons' font lies beside nbgrader, not beside this page.
    head = re.sub(r"@font-face\s*{[^}]*}", "", head)
    policy = f'<meta http-equiv="Content-Security-Policy" content="{POLICY}"/>'
    # Its list says "Test cell" nine times.
    body = re.sub(r'(<a href="#([\w.-]+)">)Test cell</a>', r"\1\2</a>", body)
    if status:
        status = f'<section class="container" aria-label="Status">{status}</section>'
    return f'{start}<html lang="en">{gap}<head>{policy}{head}</head>{between}<body>{status}{body}'
