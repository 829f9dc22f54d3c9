"""What formgrader shows an instructor: all that is to be marked, and nothing that runs."""

import re
from html import escape

import nbformat
import toy_class as toy
from nbconvert.exporters import HTMLExporter
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output
from nbgrader.server_extensions.formgrader import handlers
from test_feedback import HOSTILE_HTML, SCRIPT, Page

from dcgan_grader.course import Course
from dcgan_grader.gradebook import settings

FIELDS = (
    r'<button class="btn btn-(?:warning mark-graded|success full-credit|danger no-credit)" '
    r'type="button">|</button>|<input class="(?:score|extra-credit) tabbable" id="\w+" '
    r'style="width: \dem;" type="number"/>|<textarea class="comment tabbable" id="[\w-]+">'
    r"|</textarea>|(?<=<span) style=\"margin-left: 1em;\""
)


def page_of(root, notebook):
    """The submission's part of a page, made as formgrader makes it."""
    config = settings(Course(root))
    config.HTMLExporter.template_name = "formgrade"
    config.HTMLExporter.extra_template_basedirs = [handlers.template_path]
    exporter = HTMLExporter(config=config)
    about = {"index": 0, "total": 1, "student": "ada", "first_name": SCRIPT, "last_name": SCRIPT}
    for _ in range(2):  # The server keeps its exporter.
        html, _ = exporter.from_notebook_node(notebook, about)
    assert SCRIPT not in html and escape(f"{SCRIPT}, {SCRIPT}") in html
    html = html[html.index('id="notebook-container"') : html.index('class="help"')]
    # What the instructor types into and clicks is no danger.
    html, fields = re.subn(FIELDS, "", html)
    (root / "page.html").write_text(f"<body><div {html}", encoding="utf-8")
    return Page(root / "page.html"), fields


def test_nothing_of_a_student_runs(tmp_path):
    own = new_code_cell(f"# {SCRIPT}")
    png = {"image/png": toy.png()}
    own.outputs = [
        new_output("display_data", {"text/html": SCRIPT, "text/plain": "as text"}),
        new_output("display_data", {"application/javascript": "alert(1)"}),
        new_output("display_data", {"image/svg+xml": "<svg onload='alert(1)'></svg>"}),
        new_output("display_data", {"text/markdown": SCRIPT}),
        new_output("display_data", png, metadata={"image/png": {"width": "1 onerror=alert(1)"}}),
        toy.error(SCRIPT),
    ]
    own.metadata = {"tags": [f'"><{SCRIPT}'], "nbgrader": {"grade_id": SCRIPT, "solution": True}}
    raw = nbformat.v4.new_raw_cell(SCRIPT, metadata={"raw_mimetype": "text/html"})
    why = f"An answer. {SCRIPT}"
    extra = [own, raw, *map(new_markdown_cell, HOSTILE_HTML)]
    page, _ = page_of(
        toy.make_course(tmp_path, gradebook=False), toy.answered(why=why, extra=extra)
    )
    assert page.dangers == []
    assert "An answer." in page.text and "as text" in page.text
    assert [one["src"][:21] for one in page.images] == ["data:image/png;base64"]


def test_what_is_to_be_marked_is_there(tmp_path):
    page, fields = page_of(toy.make_course(tmp_path, gradebook=False), toy.answered())
    assert toy.HIDDEN in page.text and "four corners give one point" in page.text
    assert re.findall(r"/ (\d\.\d)", page.text) == [str(points) for points in toy.POINTS.values()]
    # Three buttons with their ends, two fields and a style for each mark; three comments.
    assert fields == 9 * len(toy.POINTS) + 2 * 3
