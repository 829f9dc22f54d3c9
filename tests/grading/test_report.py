"""The class report: right numbers, nothing live, and readable without seeing it."""

import json
import re

import pytest
import toy_class as toy
from test_feedback import SCRIPT, Page

from dcgan_grader.cli import main
from dcgan_grader.records import Record
from dcgan_grader.report import find_mistakes, write_report

SIGN = f"CheckFailed: {toy.MESSAGE}"
CRASH = f"ZeroDivisionError: division by zero {SCRIPT}"
NONE = {"test_square": 0.0, "test_cube": 0.0, "why": 1.0, "drawing": 1.0}


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    course = toy.make_course(tmp_path_factory.mktemp("course"))
    full = NONE | {"test_square": 2.0, "test_cube": 1.0}
    toy.grade(course, "ada", toy.answered(), full)
    toy.record(course, "ada", seconds=2.5)
    for student in ("bob", "cem"):
        toy.grade(course, student, toy.answered(), full | {"test_square": 0.0})
        toy.record(course, student, cells={"test_square": (0.0, SIGN)}, seconds=9.25)
    toy.grade(course, "dan", toy.answered(), NONE | {"why": None}, flagged=True)
    cells = {"test_square": (0.0, SIGN), "test_cube": (0.0, CRASH), "why": (None, "")}
    toy.record(course, "dan", "review", cells=cells, why=[f"odd {SCRIPT}"], flags=["In was read"])
    toy.record(
        course, "eve", "failed", why=["the file is empty"], cells={"test_cube": (0.0, CRASH)}
    )
    files = [{"file": f"<b>{SCRIPT}.ipynb", "student": None, "outcome": "unknown student"}]
    files[0] |= {"why": "not on the roster", "inbox": "/inbox"}
    path = course / "grading" / toy.NAME / "collected.json"
    path.write_text(json.dumps({"files": files}))
    path = write_report(course, toy.NAME)
    assert path == course / "grading" / toy.NAME / "report.html"
    return Page(path)


def row(page, start):
    """Texts of the cells of the row whose first cell starts so."""
    for line in re.findall(r"<tr>(.*?)</tr>", page.html, re.S):
        cells = [re.sub(r"<[^>]*>", " ", one) for one in re.split(r"</t[hd]>", line)[:-1]]
        cells = [" ".join(one.split()) for one in cells]
        if cells[0].startswith(start):
            return cells
    raise AssertionError(f"no row {start}")


def test_nothing_in_it_can_run_or_load(page):
    assert [one for one in page.dangers if "style=width" not in one] == []
    assert page.policy.startswith("default-src 'none'")
    assert "<script" not in page.html and "http" not in page.html.replace("http-equiv", "")


def test_points_of_each_exercise(page):
    # Cell, bar, mean, full, partial, none, not marked.
    assert row(page, "test_square") == ["test_square", "", "0.5 of 2", "1", "0", "3", "0"]
    assert row(page, "test_cube") == ["test_cube", "", "0.75 of 1", "3", "0", "1", "0"]
    assert row(page, "why") == ["why", "", "1 of 3", "0", "3", "0", "1"]
    assert 'aria-label="1 full, 0 partial, 3 none"' in page.html
    assert 'style="width:25%;background' in page.html


def test_marks_are_summed_up(page):
    # Ada has 5 points, Bob and Cem 3; Dan's are up for review.
    assert (
        "3 final marks of at most 7 points: mean 3.67, median 3, lowest 3, highest 5." in page.text
    )
    assert row(page, "graded") == ["graded", "3"]
    assert row(page, "review") == ["review", "1"]


def test_the_commonest_mistake_comes_first_with_its_section(page):
    assert row(page, "square: the square of -7 is wrong") == [
        "square: the square of -7 is wrong likely: a sign",
        "3",
        "03_toy, &quot;Squares&quot;",
        "bob, cem, dan",
    ]
    assert row(page, "03_toy,") == ["03_toy, &quot;Squares&quot;", "3"]
    assert row(page, "ZeroDivisionError")[1:] == ["1", "", "dan"]
    assert page.text.index("the square of -7") < page.text.index("ZeroDivisionError")


def test_who_needs_a_look(page):
    assert row(page, "dan")[2:] == [
        "review",
        "odd &lt;script&gt;alert(1)&lt;/script&gt; In was read not marked yet: why",
    ]
    assert row(page, "eve")[2:] == ["failed", "the file is empty"]
    look = page.text[page.text.index("Who needs a look") :]
    assert look.index("eve") < look.index("dan")
    assert "ada" not in page.text[page.text.index("Who needs a look") : page.text.index("Slowest")]
    assert row(page, "&lt;b&gt;")[1] == "not on the roster"


def test_the_slowest_come_first(page):
    slow = page.text[page.text.index("Longest to grade") :]
    assert slow.index("bob") < slow.index("ada")
    assert row(page, "ada") == ["ada", "2.5"]


def test_it_can_be_read_without_seeing_it(page):
    assert page.language == "en"
    assert re.findall(r"<h(\d)", page.html) == ["1", "2", "2", "2", "2", "2", "2"]
    tables = re.findall(r"<table>(.*?)</table>", page.html, re.S)
    assert len(tables) == 7
    for table in tables:
        assert table.startswith("<caption>")
        assert all(
            re.match(r'<th scope="(col|row)">', one) for one in re.findall(r"<th\b[^>]*>", table)
        )
        heads = table.count('scope="col"')
        for line in re.findall(r"<tr>(.*?)</tr>", table.split("<tbody>")[1], re.S):
            assert len(re.findall(r"<t[hd]\b", line)) == heads


def contrast(one, other):
    """WCAG 2.2's contrast of two colours."""

    def light(color):
        parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        parts = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return sum(w * p for w, p in zip((0.2126, 0.7152, 0.0722), parts, strict=True))

    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_colours_have_contrast(page):
    style = re.search(r"<style>(.*?)</style>", page.html, re.S)[1]
    for color in re.findall(r"[; {]color: (#\w{6})", style):
        assert contrast(color, "#ffffff") >= 4.5
    from dcgan_grader.report import LEVELS

    assert all(contrast(color, "#ffffff") >= 3 for _, color in LEVELS)


def test_messages_of_one_student_count_once():
    cell = {"points": 0.0, "max": 1.0, "outcome": "failed", "message": SIGN}
    records = [Record(one, toy.NAME, "graded", cells={"a": cell, "b": cell}) for one in "xy"]
    (found,) = find_mistakes(records)
    assert found.students == {"x", "y"}
    assert found.taught == '03_toy, "Squares"'
    assert find_mistakes([Record("x", toy.NAME, "failed", why=["w"], cells={"a": cell})]) == []


def test_a_message_without_words_names_its_cell():
    def first(message):
        cell = {"points": 0.0, "max": 1.0, "outcome": "failed", "message": message}
        return find_mistakes([Record("x", toy.NAME, "graded", cells={"test_a": cell})])[0].message

    assert first("AssertionError: ") == "test_a failed without a message"
    assert first("AssertionError: \n\nNot equal to tolerance") == "Not equal to tolerance"
    assert first("KeyError: 'a'") == "KeyError: 'a'"


def test_a_class_that_nobody_graded(tmp_path, capsys):
    course = toy.make_course(tmp_path, gradebook=False)
    assert main(["--root", str(course), "report", toy.NAME]) == 0
    assert "report.html" in capsys.readouterr().out
    page = Page(course / "grading" / toy.NAME / "report.html")
    assert "No mark is final yet." in page.text and page.dangers == []
