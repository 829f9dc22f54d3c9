"""Marks: points of the gradebook, status of the records, and never a silent 0."""

import csv
import io
import json

import pytest
import toy_class as toy

from dcgan_grader.cli import main
from dcgan_grader.course import Course
from dcgan_grader.gradebook import opened
from dcgan_grader.marks import read_marks, write_marks

DONE = {"test_square": 2.0, "test_cube": 0.0, "why": 2.5, "drawing": 1.0}
ROSTER = """id,Full name,email,Canvas ID,SIS Login ID,Identifier,Section
ada,Ada Lovelace,ada@example.org,101,alovelace,Participant 1,A
bob,"Bôb, =cmd|' /C calc'!A0",bob@example.org,102,,,B
cem,=1+1,cem@example.org,=x,+login,7,
dan,Dan,,,,,
eve,Eve,,,,,
fay,Fay,,,,,
gus,Gus,,,,,
hal,Hal,,,,,
"""


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A class in which each status occurs."""
    root = toy.make_course(tmp_path_factory.mktemp("course"))
    (root / "grading").mkdir()
    (root / "grading" / "roster.csv").write_text(ROSTER, encoding="utf-8")
    toy.grade(root, "ada", toy.answered(), DONE)
    toy.record(root, "ada")
    toy.grade(root, "bob", toy.answered(), DONE, late_submission_penalty=1.25)
    toy.record(root, "bob", "repaired", repairs=["a cell was moved"])
    toy.grade(root, "cem", toy.answered(), DONE, flagged=True)
    toy.record(root, "cem", "review", why=['says "hi", twice', "=H(1)"], flags=["=H(1)"])
    toy.grade(root, "dan", toy.answered(), toy.FULL)
    toy.record(root, "dan")
    # Eve's older notebook was graded; what she handed in last could not be.
    toy.grade(root, "eve", toy.answered(), DONE)
    toy.record(root, "eve", "failed", why=["the file is empty"])
    submitted = root / "submitted" / "gus" / toy.NAME
    submitted.mkdir(parents=True)
    (submitted / f"{toy.NAME}.ipynb").write_text("{}")
    entry = {"inbox": "/inbox", "time": None, "why": ""}
    files = [
        entry | {"file": "hal.ipynb", "student": "hal", "outcome": "refused", "why": "is HTML"},
        entry
        | {"file": "in.zip!A L_555_assignsubmission_file_/x.ipynb", "student": "ada"}
        | {"outcome": "taken", "lms_id": "555"},
        entry
        | {"file": "bobb_9102_70012_x.ipynb", "student": "bob"}
        | {"outcome": "taken", "lms_id": "9102"},
        entry | {"file": "who.ipynb", "student": None, "outcome": "unknown student"},
    ]
    path = root / "grading" / toy.NAME / "collected.json"
    path.write_text(json.dumps({"name": toy.NAME, "inbox": "/inbox", "files": files}))
    # Zoe is in the gradebook alone: plain nbgrader graded her.
    toy.grade(root, "zoe", toy.answered(), DONE)
    return root


def table(course, form, **options):
    path, _ = write_marks(course, toy.NAME, form, **options)
    text = path.read_bytes().decode("utf-8")
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def rows(course, form, **options):
    lines = table(course, form, **options)
    return [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]


def test_everybody_has_a_row_with_a_status(course):
    status = {row["student"]: (row["status"], row["total"]) for row in rows(course, "csv")}
    assert status == {
        "ada": ("graded", "5.5"),
        "bob": ("repaired", "4.25"),
        "cem": ("review", "5.5"),
        "dan": ("needs manual marking", ""),
        "eve": ("failed", ""),
        "fay": ("missing", ""),
        "gus": ("not graded yet", ""),
        "hal": ("failed", ""),
        "zoe": ("graded", "5.5"),
    }


def test_the_reason_stands_beside_it(course):
    why = {row["student"]: row["reason"] for row in rows(course, "csv")}
    assert why["cem"] == 'says "hi", twice; =H(1)'
    assert why["dan"] == "not marked yet: drawing, why"
    assert why["eve"] == "the file is empty"
    assert why["gus"] == f"run: dcgan-grader grade {toy.NAME}"
    assert why["hal"] == "hal.ipynb: is HTML"
    assert why["zoe"] == "is not on the roster"


def test_points_stand_in_the_notebook_s_order(course):
    lines = table(course, "csv")
    assert lines[0] == [
        *("student", "name", "email", "status", "reason"),
        *("test_square", "test_cube", "why", "drawing"),
        *("late_penalty", "total", "max"),
    ]
    bob = lines[2]
    assert bob[5:] == ["2", "0", "2.5", "1", "1.25", "4.25", "7"]
    dan = lines[4]
    assert dan[5:] == ["2", "1", "", "", "0", "", "7"]
    fay = lines[6]
    assert fay[5:] == ["", "", "", "", "0", "", "7"]


def test_totals_are_those_of_nbgrader(course):
    totals = {row["student"]: row["total"] for row in rows(course, "csv")}
    with opened(Course(course)) as gradebook:
        for student in ("ada", "bob", "zoe"):
            one = gradebook.find_submission(toy.NAME, student)
            assert float(totals[student]) == one.score - (one.late_submission_penalty or 0)


def test_a_spreadsheet_takes_no_text_for_a_formula(course):
    path, _ = write_marks(course, toy.NAME, "csv")
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    for form in ("csv", "canvas", "moodle"):
        for line in table(course, form):
            for cell in line:
                assert cell == "-" or not cell.startswith(("=", "+", "-", "@", "\t"))
    assert rows(course, "csv")[2]["name"] == "'=1+1"
    assert rows(course, "csv")[1]["name"] == "Bôb, =cmd|' /C calc'!A0"


def test_risky_texts_are_defused_and_numbers_are_not():
    from dcgan_grader.marks import _safe

    for text in ("=1", "+1", "-1+cmd", "@x", "\t=1", "\r=1", "\x00=1", "＝1", "\n=1", "--1"):
        assert _safe(text).startswith("'")
    for text in ("-0.5", "-3", "-", "1.5", "Ada", "a=b", ""):
        assert _safe(text) == text


def test_canvas(course):
    lines = table(course, "canvas", column="Toy (77)")
    assert lines[0] == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Toy (77)"]
    assert lines[1] == ["    Points Possible", "", "", "", "", "7"]
    marks = {line[0]: line[1:] for line in lines[2:]}
    assert marks["Ada Lovelace"] == ["101", "", "alovelace", "A", "5.5"]
    assert marks["Bôb, =cmd|' /C calc'!A0"] == ["102", "", "bob", "B", "4.25"]
    # No number of Canvas's: the column stays empty.
    assert marks["'=1+1"] == ["", "", "'+login", "", ""]
    assert marks["Zoe"] == ["", "", "zoe", "", "5.5"]
    assert [marks[one][-1] for one in ("Dan", "Eve", "Fay", "Gus", "Hal")] == [""] * 5
    assert table(course, "canvas")[0][-1] == toy.NAME


def test_canvas_numbers_come_from_collected_files_without_a_roster(course, tmp_path):
    path = course / "grading" / "roster.csv"
    text = path.read_text()
    path.unlink()
    try:
        ids = {row["SIS Login ID"]: row["ID"] for row in rows(course, "canvas")[1:]}
    finally:
        path.write_text(text)
    # 555 is a number of Moodle's.
    assert ids["bob"] == "9102" and ids["ada"] == ""


def test_moodle(course):
    made = {row["ID number"]: row for row in rows(course, "moodle")}
    assert made["ada"] == {
        "Identifier": "Participant 555",
        "Full name": "Ada Lovelace",
        "Email address": "ada@example.org",
        "ID number": "ada",
        "Status": "graded",
        "Grade": "5.5",
        "Maximum grade": "7",
        "Last modified (grade)": "-",
    }
    assert made["cem"]["Identifier"] == "Participant 7"
    assert made["bob"]["Identifier"] == "Participant 0"
    assert [made[one]["Grade"] for one in ("cem", "dan", "eve", "fay", "gus", "hal")] == [""] * 6


def test_marks_under_review_reach_the_lms_only_when_asked_for(course):
    for form, key in (("moodle", "Grade"), ("canvas", toy.NAME)):
        assert [row[key] for row in rows(course, form, with_review=True)].count("5.5") == 3
        assert [row[key] for row in rows(course, form)].count("5.5") == 2


def test_manual_marks_and_extra_credit_count(course):
    with opened(Course(course)) as gradebook:
        for grade_id, manual, extra in (("why", 1.0, 0.5), ("drawing", 0.0, None)):
            one = gradebook.find_grade(grade_id, toy.NAME, toy.NAME, "dan")
            one.manual_score, one.extra_credit, one.needs_manual_grade = manual, extra, False
        gradebook.db.commit()
    try:
        dan = rows(course, "csv")[3]
        assert (dan["status"], dan["reason"], dan["total"]) == ("graded", "", "4.5")
        assert (dan["why"], dan["drawing"]) == ("1.5", "0")
    finally:
        toy.grade(course, "dan", toy.answered(), toy.FULL)
        with opened(Course(course)) as gradebook:
            for grade_id in ("why", "drawing"):
                one = gradebook.find_grade(grade_id, toy.NAME, toy.NAME, "dan")
                one.manual_score = one.extra_credit = None
            gradebook.db.commit()


def test_a_manual_mark_that_a_new_grading_kept_is_pointed_out(course):
    with opened(Course(course)) as gradebook:
        one = gradebook.find_grade("why", toy.NAME, toy.NAME, "zoe")
        one.manual_score, one.needs_manual_grade = 3.0, True
        gradebook.db.commit()
    zoe = read_marks(Course(course), toy.NAME).rows[-1]
    assert "graded again after it was marked by hand: why" in zoe.why
    assert zoe.total == 6.0
    with opened(Course(course)) as gradebook:
        one = gradebook.find_grade("why", toy.NAME, toy.NAME, "zoe")
        one.manual_score, one.needs_manual_grade = None, False
        gradebook.db.commit()


def test_a_review_is_over_when_its_flag_is_taken_away(course):
    def flag(value):
        with opened(Course(course)) as gradebook:
            gradebook.find_submission_notebook(toy.NAME, toy.NAME, "cem").flagged = value
            gradebook.db.commit()

    flag(False)
    cem = rows(course, "csv")[2]
    assert (cem["status"], cem["total"]) == ("graded", "5.5")
    assert cem["reason"].endswith("somebody has looked at it")
    assert rows(course, "moodle")[2]["Grade"] == "5.5"
    flag(True)
    assert rows(course, "csv")[2]["status"] == "review"
    assert rows(course, "moodle")[2]["Grade"] == ""


def test_the_command_reviewed_takes_flags_away(course, tmp_path, capsys):
    command = ["--root", str(course), "reviewed", toy.NAME]
    assert main([*command, "cem", "nobody"]) == 2
    assert "no grade of 03_toy for nobody; no flag was taken away" in capsys.readouterr().err
    assert rows(course, "csv")[2]["status"] == "review"
    assert main([*command, "cem", "ada"]) == 0
    assert capsys.readouterr().out == "reviewed: cem, ada\n"
    assert rows(course, "csv")[2]["status"] == "graded"
    with opened(Course(course)) as gradebook:
        gradebook.find_submission_notebook(toy.NAME, toy.NAME, "cem").flagged = True
        gradebook.db.commit()
    assert main(["--root", str(tmp_path), "reviewed", toy.NAME, "cem"]) == 2


def test_a_record_without_a_gradebook_entry_is_no_mark(course):
    toy.record(course, "fay")
    try:
        fay = read_marks(Course(course), toy.NAME).rows[5]
        assert (fay.status, fay.total) == ("failed", None)
        assert "the gradebook has no entry" in fay.why[0]
    finally:
        (course / "grading" / toy.NAME / "students" / "fay.json").unlink()


def test_a_class_that_nobody_graded(tmp_path):
    root = toy.make_course(tmp_path, gradebook=False)
    (root / "grading").mkdir()
    (root / "grading" / "roster.csv").write_text("id\nada\n")
    assert [row["status"] for row in rows(root, "csv")] == ["missing"]
    assert not (root / "gradebook.db").exists()


def test_the_command(course, tmp_path, capsys):
    out = tmp_path / "new" / "m.csv"
    arguments = ["--root", str(course), "marks", toy.NAME, "--format", "canvas"]
    assert main([*arguments, "--out", str(out)]) == 0
    assert out.read_text(encoding="utf-8").startswith("Student,ID,")
    said = capsys.readouterr().out
    assert f"marks: {out}" in said and "1 missing" in said and "2 failed" in said
    assert main(arguments) == 0
    assert (course / "grading" / toy.NAME / "marks-canvas.csv").exists()
    assert main(["--root", str(course), "marks", "99_x"]) == 2


def test_before_anything_came_in_the_commands_say_so(tmp_path, capsys):
    course = toy.make_course(tmp_path, gradebook=False)
    assert main(["--root", str(course), "marks", toy.NAME]) == 2
    assert "dcgan-grader collect 03_toy INBOX" in capsys.readouterr().err
    assert not (course / "grading").exists()
