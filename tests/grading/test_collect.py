"""Collecting: who handed in what, the newest of it, and nothing else."""

import copy
import json
import os
import random
import socket
import stat
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import nbformat
import pytest

from dcgan_grader import collect as module
from dcgan_grader import inbox, notebooks
from dcgan_grader.cli import main
from dcgan_grader.collect import collect
from dcgan_grader.names import copy_number, is_safe_id, student_id, who
from dcgan_grader.roster import read_roster

NAME, OTHER = "03_toy", "04_other"
NOON = 1_700_000_000  # 2023-11-14 22:13:20 UTC
ANSWER = "def toy(x):\n    return x + 1"
SECRET = "Ada's Google account"


def graded(grade_id, **more):
    data = {"grade": False, "locked": False, "solution": True, "task": False, "schema_version": 3}
    return {"nbgrader": data | {"grade_id": grade_id, "cell_type": "code"} | more}


def toy(name=NAME, function="toy"):
    """A release: two texts, an answer and a test."""
    test = graded(f"test_{function}", grade=True, locked=True, solution=False, points=2)
    cells = [
        {"cell_type": "markdown", "id": "a", "source": f"# {name}\nWrite {function}."},
        {"cell_type": "code", "id": "b", "source": f"import math  # for {name}"},
        {
            "cell_type": "code",
            "id": function,
            "metadata": graded(function),
            "source": f"def {function}(x):\n    raise NotImplementedError",
        },
        {"cell_type": "code", "id": "t", "metadata": test, "source": f"assert {function}(1) == 2"},
    ]
    for cell in cells:
        cell.setdefault("metadata", {})
        if cell["cell_type"] == "code":
            cell |= {"outputs": [], "execution_count": None}
    metadata = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def handed_in(answer=ANSWER):
    notebook = toy()
    notebook["cells"][2]["source"] = answer
    return notebook


def raw(notebook):
    return json.dumps(notebook, ensure_ascii=False).encode()


RIGHT = raw(handed_in())


@pytest.fixture
def course(tmp_path):
    """The folder of a course with two released notebooks."""
    root = tmp_path / "course"
    for name, function in ((NAME, "toy"), (OTHER, "other")):
        for folder in ("solutions", "course"):
            put(root / folder / name / f"{name}.ipynb", raw(toy(name, function)))
    put(root / "nbgrader_config.py", b"")
    put(
        root / "pyproject.toml",
        b'[project]\nversion = "1"\n[project.urls]\nRepository = "https://github.com/x/y"\n',
    )
    return root


@pytest.fixture
def box(tmp_path):
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


def put(path, data=RIGHT, time=NOON):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    os.utime(path, (time, time))
    return path


def zipped(path, members, date=(2023, 11, 14, 12, 0, 0)):
    """A zip file of {name: bytes}; a name may be a ZipInfo."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            info = name if isinstance(name, zipfile.ZipInfo) else zipfile.ZipInfo(name, date)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, data)
    return path


def outcomes(collected):
    return {one["file"]: one["outcome"] for one in collected.files}


def students(collected):
    return {one["file"]: one["student"] for one in collected.files}


def reasons(collected):
    return {one["file"]: one["why"] for one in collected.files}


def submitted(course, student, name=NAME):
    return course / "submitted" / student / name / f"{name}.ipynb"


def answer_of(course, student):
    notebook = nbformat.read(submitted(course, student), as_version=nbformat.NO_CONVERT)
    nbformat.validate(notebook)
    return next(cell.source for cell in notebook.cells if "def toy" in cell.source)


def tree(course):
    """Everything that collecting wrote, with its content and time."""
    files = [p for top in ("submitted", "grading") for p in (course / top).rglob("*")]
    return {p: (p.read_bytes(), p.stat().st_mtime_ns) for p in files if p.is_file()}


# Names and layouts


@pytest.mark.parametrize(
    ("path", "student"),
    [
        ("Ada Lovelace_123456_assignsubmission_file_/x.ipynb", "Ada_Lovelace"),
        ("Ada Lovelace_123456_assignsubmission_file_x.ipynb", "Ada_Lovelace"),
        ("Ada Lovelace_123456_assignsubmission_file/deep/down/x.ipynb", "Ada_Lovelace"),
        ("lovelaceada_12345_678901_x-1.ipynb", "lovelaceada"),
        ("lovelaceada_LATE_12345_678901_x.ipynb", "lovelaceada"),
        ("03_toy_ada_attempt_2024-05-01-10-20-30_my file.ipynb", "ada"),
        ("12345-678 - Ada Lovelace - May 1, 2024 1020 AM/x.ipynb", "Ada_Lovelace"),
        ("12345-678 - Ada Lovelace - 1 May, 2024 920 PM - x.ipynb", "Ada_Lovelace"),
        ("Ada Lovelace - 03_toy.ipynb", "Ada_Lovelace"),
        ("Ada Lovelace - Copy of 03_toy.ipynb", "Ada_Lovelace"),
        ("Ada Lovelace - Kopie von 03_toy (1).ipynb", "Ada_Lovelace"),
        ("Copy of 03_toy.ipynb - Ada Lovelace.ipynb", "Ada_Lovelace"),
        ("ada/x.ipynb", "ada"),
        ("ada/03_toy/03_toy.ipynb", "ada"),
        ("03_toy/ada/x.ipynb", "ada"),
        ("ada.ipynb", "ada"),
        ("Ada.B-1@uni.edu.ipynb", "Ada.B-1@uni.edu"),
        ("ada_03_toy.ipynb", "ada"),
        ("03_toy_ada.ipynb", "ada"),
        ("03-toy-ada.ipynb", "ada"),
        ("Copy of 03_toy - ada.ipynb", "ada"),
        ("ada_03_toy (2).ipynb", "ada"),
        ("ada (1).ipynb", "ada"),
        ("ada.ipynb.txt", "ada"),
        ("ada_03_toy.ipynb.json", "ada"),
        ("student-1.ipynb", "student-1"),
        ("s_123_03_toy.ipynb", "s_123"),
        ("José Álvarez/x.ipynb", "Jose_Alvarez"),
        ("Владимир/x.ipynb", "Владимир"),
        ("CON/x.ipynb", "_CON"),
        ("ada+bob/x.ipynb", "ada_bob"),
        (".ada.ipynb", "ada"),
        ("a\u202enb/x.ipynb", "a_nb"),
        ("a\nb/x.ipynb", "a_b"),
    ],
)
def test_the_first_part_of_a_path_names_the_student(course, box, path, student):
    put(box / path)
    collected = collect(course, NAME, box)
    assert [one["student"] for one in collected.files] == [student]
    assert [one["outcome"] for one in collected.files] == ["taken"]
    assert submitted(course, student).exists()
    assert collected.files[0]["file"].isprintable()


@pytest.mark.parametrize(
    "name",
    [
        "03_toy.ipynb",
        "03_toy (1).ipynb",
        "03_toy-1.ipynb",
        "03_toy_1_.ipynb",
        "Copy of 03_toy.ipynb",
        "Copy_of_03_toy.ipynb",
        "Kopie von 03_toy.ipynb",
        "Copie de 03_toy.ipynb",
        "Copia de 03_toy.ipynb",
        "Copia di 03_toy.ipynb",
        "Cópia de 03_toy.ipynb",
        "Kopie van 03_toy.ipynb",
        'Копия блокнота "03_toy.ipynb"',
        "Копия_блокнота__03_toy_ipynb_.ipynb",
        "Kopia notatnika 03_toy.ipynb",
        "03_toy_ipynb_adlı_not_defterinin_kopyası.ipynb",
        "“03_toy.ipynb”的副本",
        "「03_toy_ipynb」的副本.ipynb",
        "03_toy_ipynb_のコピー.ipynb",
        "03_toy.ipynb의 사본",
        "03_toy - Copy.ipynb",
        "03_toy.ipynb.txt",
        "03_toy.ipynb.json",
        "my final work!!.ipynb",
    ],
)
def test_a_notebook_counts_whatever_its_name(course, box, name):
    put(box / "ada" / name)
    assert outcomes(collect(course, NAME, box)) == {inbox.shown(f"ada/{name}"): "taken"}
    assert answer_of(course, "ada") == ANSWER
    if "final" not in name:
        assert who((name,), [NAME]).names == (), "such a name names no student"


def test_a_file_that_names_nobody_is_listed(course, box):
    put(box / "03_toy.ipynb")
    put(box / "Copy of 03_toy (1).ipynb")
    put(box / "README.txt", b"read me")
    put(box / "ada.ipynb")
    collected = collect(course, NAME, box)
    assert outcomes(collected) == {
        "03_toy.ipynb": "unknown student",
        "Copy of 03_toy (1).ipynb": "unknown student",
        "README.txt": "unknown student",
        "ada.ipynb": "taken",
    }
    assert "put it into a folder" in reasons(collected)["03_toy.ipynb"]


def test_an_id_made_from_a_name_is_a_safe_folder():
    hard = [
        "../../etc",
        "a/b",
        "a\\b",
        "..",
        ".",
        "-rf",
        "~",
        "x" * 300,
        "nul.txt",
        "a:b",
        "a*",
        " ",
    ]
    hard += ["\u202e", "ada.", "{x}", "a[1]", "é" * 200, "\udcff", "a,b", "😀", "a" * 63 + ".b"]
    for name in hard:
        one = student_id(name)
        assert not one or is_safe_id(one), (name, one)
    assert student_id("x" * 300) != student_id("x" * 301)


def test_two_people_of_one_name_stay_two_and_keep_their_ids(course, box):
    put(box / "Li Wei_11_assignsubmission_file_/x.ipynb")
    collect(course, NAME, box)
    put(box / "Li Wei_22_assignsubmission_file_/x.ipynb", raw(handed_in("def toy(x):\n    2")))
    collected = collect(course, NAME, box)
    assert sorted(students(collected).values()) == ["Li_Wei", "Li_Wei_22"]
    assert answer_of(course, "Li_Wei") == ANSWER
    assert {one["lms_id"] for one in collected.files} == {"11", "22"}


def test_a_class_zip_and_the_same_folder_give_the_same(course, box, tmp_path):
    class_zip = zipped(
        tmp_path / "Toy-12-3.zip",
        {
            "Ada Lovelace_11_assignsubmission_file_/03_toy.ipynb": RIGHT,
            "Bob Ross_12_assignsubmission_file_/Copy of 03_toy.ipynb": RIGHT,
            "Bob Ross_12_assignsubmission_onlinetext_/onlinetext.html": b"<p>hello</p>",
            "__MACOSX/Bob Ross_12_assignsubmission_file_/._03_toy.ipynb": b"\0",
        },
    )
    alone = collect(course, NAME, class_zip)
    assert [one["student"] for one in alone.files if one["outcome"] == "taken"] == [
        "Ada_Lovelace",
        "Bob_Ross",
    ]
    (box / "wrapper").mkdir()
    with zipfile.ZipFile(class_zip) as archive:
        archive.extractall(box / "wrapper")
    unpacked = collect(course, NAME, box)
    assert set(students(unpacked).values()) == {"Ada_Lovelace", "Bob_Ross"}
    for place in (box, box / "wrapper"):
        for path in list(place.iterdir()):
            path.rename(tmp_path / f"gone-{path.name}")
        if place == box:
            break
    (box / class_zip.name).write_bytes(class_zip.read_bytes())
    inside = collect(course, NAME, box)
    assert set(students(inside).values()) == {"Ada_Lovelace", "Bob_Ross"}
    assert all(one["file"].startswith("Toy-12-3.zip!") for one in inside.files)


def test_zip_of_a_folder_with_a_folder_for_each_student(course, tmp_path):
    path = zipped(tmp_path / "class.zip", {"class/ada/x.ipynb": RIGHT, "class/bob/x.ipynb": RIGHT})
    assert set(students(collect(course, NAME, path)).values()) == {"ada", "bob"}


def test_zip_of_a_student_inside_the_class_zip(course, tmp_path, box):
    work = zipped(box / "work.zip", {"my/03_toy.ipynb": RIGHT, "my/numpy.py": b"x", "n.md": b"x"})
    path = zipped(
        tmp_path / "all.zip",
        {
            "Ada L_1_assignsubmission_file_/work.zip": work.read_bytes(),
            "Bob R_2_assignsubmission_file_bob.zip": work.read_bytes(),
        },
    )
    collected = collect(course, NAME, path)
    assert answer_of(course, "Ada_L") == answer_of(course, "Bob_R") == ANSWER
    assert "not taken: 2 other files (n.md, numpy.py)" in reasons(collected).values()
    names = {path.name for path in (course / "submitted").rglob("*") if path.is_file()}
    assert names == {f"{NAME}.ipynb", "timestamp.txt"}


def test_a_single_notebook_and_the_zip_of_one_student(course, box, tmp_path):
    assert students(collect(course, NAME, put(box / "ada.ipynb"))) == {"ada.ipynb": "ada"}
    bob = zipped(tmp_path / "bob.zip", {"03_toy.ipynb": RIGHT})
    assert students(collect(course, NAME, bob)) == {"03_toy.ipynb": "bob"}
    copy = put(box / "Copy of 03_toy (1).ipynb")
    assert set(students(collect(course, NAME, copy)).values()) == {None}


def test_nbgraders_own_layout_with_its_time(course, box):
    put(box / "submitted/ada/03_toy/03_toy.ipynb")
    put(box / "submitted/ada/03_toy/timestamp.txt", b"2024-02-01 10:00:00.500000 UTC")
    collected = collect(course, NAME, box)
    assert students(collected) == {"submitted/ada/03_toy/03_toy.ipynb": "ada"}
    assert collected.files[0]["time"] == "2024-02-01T10:00:00.500000+00:00"
    stamp = submitted(course, "ada").with_name("timestamp.txt")
    assert stamp.read_text() == "2024-02-01 10:00:00.500000 UTC"


def test_no_student_can_hand_in_for_another(course, box):
    bobs = "Bob_7_assignsubmission_file_/03_toy.ipynb"
    put(box / "ada.ipynb")
    zipped(box / "mallory.zip", {bobs: RIGHT, "ada/03_toy.ipynb": RIGHT})
    zipped(box / "eve.zip", {bobs: RIGHT, "Ada_8_assignsubmission_file_x.ipynb": RIGHT})
    put(box / "carl" / bobs)
    collected = collect(course, NAME, box)
    assert set(students(collected).values()) == {"ada", "mallory", "eve", "carl"}
    assert "collect it alone" in reasons(collected)["eve.zip"]


# The roster


def roster(tmp_path, text, encoding="utf-8"):
    path = tmp_path / "roster.csv"
    path.write_bytes(text.encode(encoding))
    return path


CLASS = (
    "id,name,email,moodle_id,Canvas User ID\n"
    "al1,Ada Lovelace,ada@uni.edu,123456,501\n"
    "ja2,José Álvarez,jose@uni.edu,123457,502\n"
    "lw3,Li Wei,lw3@uni.edu,123458,503\n"
    "lw4,Li Wei,lw4@uni.edu,123459,504\n"
)


@pytest.mark.parametrize(
    ("path", "student"),
    [
        ("al1/x.ipynb", "al1"),
        ("AL1.ipynb", "al1"),
        ("ada@uni.edu.ipynb", "al1"),
        ("ada.ipynb", "al1"),
        ("Lovelace, Ada/x.ipynb", "al1"),
        ("ADA_LOVELACE_03_toy.ipynb", "al1"),
        ("lovelaceada_501_700001_x.ipynb", "al1"),
        ("lovelaceada_999_700001_x.ipynb", "al1"),
        ("Jose Alvarez_1_assignsubmission_file_/x.ipynb", "ja2"),
        ("Li Wei_123459_assignsubmission_file_/x.ipynb", "lw4"),
        ("liwei_503_700001_x.ipynb", "lw3"),
        ("Someone Renamed_123456_assignsubmission_file_/x.ipynb", "al1"),
        ("502.ipynb", "ja2"),
        ("ada (1).ipynb", "al1"),
        # Never guessed:
        ("Li Wei/x.ipynb", None),
        ("Ada Lovelac/x.ipynb", None),
        ("Ada/x.ipynb", "al1"),
        ("Adam/x.ipynb", None),
        ("Ada Lovelace_123457_assignsubmission_file_/x.ipynb", None),
        ("Grace Hopper_1_assignsubmission_file_/x.ipynb", None),
        ("03_toy.ipynb", None),
    ],
)
def test_the_roster_knows_names_and_numbers(course, box, tmp_path, path, student):
    put(box / path)
    collected = collect(course, NAME, box, roster(tmp_path, CLASS))
    assert students(collected) == {path: student}
    assert outcomes(collected) == {path: "taken" if student else "unknown student"}
    assert {one.id for one in collected.missing} == {"al1", "ja2", "lw3", "lw4"} - {student}


def test_the_name_of_a_group_before_all_names_is_no_part_of_them(course, box, tmp_path):
    """So Moodle does it where a group was chosen for the download."""
    class_file = roster(tmp_path, CLASS)
    for name in ("Ada Lovelace", "José Álvarez", "Grace Hopper"):
        put(box / f"Lab 2-b-{name}_1_assignsubmission_file_/x.ipynb")
    assert list(students(collect(course, NAME, box, class_file)).values()) == ["al1", "ja2", None]


def test_half_of_a_double_name_is_nobody(course, box, tmp_path):
    for name in ("Eve-Ada Lovelace", "Eve-Jo Smith"):
        put(box / f"{name}_1_assignsubmission_file_/x.ipynb")
    found = students(collect(course, NAME, box, roster(tmp_path, CLASS)))
    assert set(found.values()) == {None}


def test_folders_around_the_class_are_passed_over(course, box, tmp_path):
    put(box / "Downloads/Course/ada@uni.edu - 03_toy.ipynb")
    put(box / "Downloads/Course/Li Wei_123459_assignsubmission_file_/x.ipynb")
    found = students(collect(course, NAME, box, roster(tmp_path, CLASS)))
    assert sorted(found.values()) == ["al1", "lw4"]


def test_a_students_own_folders_are_no_class(course, box):
    put(box / "ada/project/data/x.ipynb")
    put(box / "ada/project/src/03_toy.ipynb")
    assert set(students(collect(course, NAME, box)).values()) == {"ada"}


def test_the_roster_is_remembered(course, box, tmp_path):
    put(box / "Ada Lovelace.ipynb")
    collect(course, NAME, box, roster(tmp_path, CLASS))
    kept = read_roster(course / "grading/roster.csv")
    assert kept.students == read_roster(roster(tmp_path, CLASS)).students
    assert students(collect(course, NAME, box)) == {"Ada Lovelace.ipynb": "al1"}


def test_without_the_roster_an_unknown_student_gets_an_id(course, box, tmp_path):
    put(box / "gracehopper_601_700001_x.ipynb")
    assert set(students(collect(course, NAME, box, roster(tmp_path, CLASS))).values()) == {None}
    (course / "grading/roster.csv").unlink()
    assert set(students(collect(course, NAME, box)).values()) == {"gracehopper"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_a_roster_from_a_spreadsheet(tmp_path, encoding, mark):
    text = CLASS.replace(",", mark).replace("\n", "\r\n") + f"{mark}{mark}\r\n"
    kept = read_roster(roster(tmp_path, text, encoding))
    assert kept.students[1][:3] == ("ja2", "José Álvarez", "jose@uni.edu")
    assert [one.id for one in kept.students] == ["al1", "ja2", "lw3", "lw4"]


def test_a_roster_as_moodle_lists_participants(tmp_path):
    text = 'First name,Last name,ID number,Email address\n"Ada","Lovelace",a1,ada@uni.edu\n'
    assert read_roster(roster(tmp_path, text)).students[0][:3] == (
        "a1",
        "Ada Lovelace",
        "ada@uni.edu",
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name,email\nAda,a@b.c\n", "has no column id"),
        ("", "has no column id"),
        ("id,name\na,Ada\nA,Bob\n", "line 3: the id A is there twice"),
        ("id,name\na/b,Ada\n", "line 2: the id 'a/b' cannot be a folder's name"),
        ("id,name\na+b,Ada\n", "cannot be a folder"),
        ("id,name\n..,Ada\n", "cannot be a folder"),
        ("id,name\n,Ada\n", "line 2: the id ''"),
        ("id,name\n", "names no student"),
    ],
)
def test_a_wrong_roster_is_refused(tmp_path, text, message):
    with pytest.raises(ValueError, match=message):
        read_roster(roster(tmp_path, text))


# The newest wins


def test_the_newest_wins_and_the_others_are_listed(course, box):
    put(box / "ada/03_toy.ipynb", raw(handed_in("def toy(x):\n    'old'")), NOON - 100)
    put(box / "ada/03_toy (1).ipynb", RIGHT, NOON)
    put(box / "ada/03_toy (2).ipynb", raw(handed_in("def toy(x):\n    'older'")), NOON - 200)
    collected = collect(course, NAME, box)
    assert outcomes(collected) == {
        "ada/03_toy.ipynb": "older",
        "ada/03_toy (1).ipynb": "taken",
        "ada/03_toy (2).ipynb": "older",
    }
    assert answer_of(course, "ada") == ANSWER
    assert reasons(collected)["ada/03_toy.ipynb"] == "replaced by ada/03_toy (1).ipynb"


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("03_toy.ipynb", "03_toy (1).ipynb"),
        ("03_toy (1).ipynb", "03_toy (2).ipynb"),
        ("03_toy (9).ipynb", "03_toy (10).ipynb"),
        ("03_toy.ipynb", "Copy of 03_toy.ipynb"),
        ("Copy of 03_toy.ipynb", "Copy of 03_toy (1).ipynb"),
        ("03_toy.ipynb", "03_toy-1.ipynb"),
    ],
)
def test_of_equally_old_ones_the_last_copy_wins(course, box, first, last):
    assert copy_number(first) < copy_number(last)
    put(box / "ada" / first, raw(handed_in("def toy(x):\n    'old'")), NOON + 1)
    put(box / "ada" / last, RIGHT, NOON)
    assert outcomes(collect(course, NAME, box))[f"ada/{last}"] == "taken"
    assert answer_of(course, "ada") == ANSWER


def test_of_two_files_of_one_name_in_a_zip_file_the_later_one_counts(course, tmp_path):
    first = zipfile.ZipInfo("ada/x.ipynb", (2023, 11, 14, 12, 0, 0))
    second = zipfile.ZipInfo("ada/x.ipynb", (2023, 11, 14, 12, 0, 0))
    old = raw(handed_in("def toy(x):\n    'old'"))
    path = zipped(tmp_path / "class.zip", {first: old})
    with zipfile.ZipFile(path, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr(second, RIGHT)
    collect(course, NAME, path)
    assert answer_of(course, "ada") == ANSWER


def test_the_time_of_the_lms_counts_more_than_that_inside_a_students_zip(course, box):
    zipped(box / "ada/new.zip", {"x.ipynb": RIGHT}, (2001, 1, 1, 0, 0, 0))
    zipped(box / "ada/old.zip", {"x.ipynb": raw(handed_in("def toy(x):\n    'old'"))})
    os.utime(box / "ada/new.zip", (NOON, NOON))
    os.utime(box / "ada/old.zip", (NOON - 9, NOON - 9))
    assert outcomes(collect(course, NAME, box))["ada/new.zip!x.ipynb"] == "taken"
    assert answer_of(course, "ada") == ANSWER
    stamp = submitted(course, "ada").with_name("timestamp.txt").read_text()
    assert stamp == "2023-11-14 22:13:20.000000 UTC"


def test_a_file_from_the_future_has_no_time(course, box):
    put(box / "ada/a.ipynb", raw(handed_in("def toy(x):\n    'future'")), 4_000_000_000)
    put(box / "ada/b.ipynb")
    assert outcomes(collect(course, NAME, box)) == {"ada/a.ipynb": "older", "ada/b.ipynb": "taken"}


def test_an_unreadable_file_does_not_hide_an_older_one_and_is_told(course, box):
    put(box / "ada/a.ipynb")
    put(box / "ada/b.ipynb", RIGHT[:-40], NOON + 60)
    collected = collect(course, NAME, box)
    assert outcomes(collected) == {"ada/a.ipynb": "taken", "ada/b.ipynb": "refused"}
    assert reasons(collected)["ada/a.ipynb"] == "a newer file could not be read: ada/b.ipynb"


def test_the_same_inbox_again_changes_nothing(course, box):
    put(box / "ada/03_toy.ipynb")
    put(box / "ada/Copy of 03_toy.ipynb", RIGHT, NOON - 50)
    put(box / "bob.ipynb", b"{")
    zipped(box / "carl.zip", {"x.ipynb": RIGHT, "y (1).ipynb": raw(handed_in("def toy(x): 3"))})
    first = collect(course, NAME, box)
    before = tree(course)
    assert collect(course, NAME, box) == first
    assert tree(course) == before


def test_a_later_file_replaces_and_an_older_one_never_does(course, box, tmp_path):
    put(box / "ada.ipynb")
    collect(course, NAME, box)
    second = raw(handed_in("def toy(x):\n    'second'"))
    late = collect(course, NAME, put(tmp_path / "late/ada.ipynb", second, NOON + 60))
    assert outcomes(late) == {"ada.ipynb": "taken"}
    assert "second" in answer_of(course, "ada")
    before = tree(course)
    again = collect(course, NAME, box)
    assert outcomes(again) == {"ada.ipynb": "older"}
    assert "not newer" in reasons(again)["ada.ipynb"]
    assert "second" in answer_of(course, "ada")
    kept = module.read_collected(module.Course(course), NAME)
    assert [(one["outcome"], one["time"][-14:-6]) for one in kept] == [
        ("older", "22:13:20"),
        ("taken", "22:14:20"),
    ]
    originals = course / f"grading/{NAME}/originals/ada"
    assert {path.read_bytes() for path in originals.iterdir()} == {RIGHT, second}
    report = course / f"grading/{NAME}/collected.json"
    assert {p for p, old in before.items() if tree(course)[p] != old} <= {report}


def test_what_the_instructor_changed_by_hand_stays(course, box):
    put(box / "ada.ipynb")
    collect(course, NAME, box)
    path = put(submitted(course, "ada"), raw(handed_in("def toy(x):\n    'by hand'")))
    put(path.with_name("timestamp.txt"), b"2023-11-13 12:00:00 UTC")
    before = tree(course)
    assert outcomes(collect(course, NAME, box)) == {"ada.ipynb": "taken"}
    assert tree(course) == before


def test_refusals_of_an_earlier_inbox_stay_in_the_report(course, box, tmp_path):
    put(box / "ada.ipynb", b"<html>")
    collect(course, NAME, box)
    collect(course, NAME, put(tmp_path / "late/bob.ipynb"))
    kept = module.read_collected(module.Course(course), NAME)
    assert {one["student"]: one["outcome"] for one in kept} == {"ada": "refused", "bob": "taken"}


def test_what_lies_in_submitted_already_is_replaced_only_by_something_newer(course, box):
    mine = put(submitted(course, "ada"), raw(handed_in("def toy(x):\n    'by hand'")), NOON + 5)
    put(box / "ada.ipynb")
    assert outcomes(collect(course, NAME, box)) == {"ada.ipynb": "older"}
    put(mine.with_name("timestamp.txt"), b"2023-11-14 22:00:00 UTC")
    assert outcomes(collect(course, NAME, box)) == {"ada.ipynb": "taken"}
    assert answer_of(course, "ada") == ANSWER


def test_a_run_that_breaks_off_is_completed_by_the_next(course, box, monkeypatch):
    for student in ("ada", "bob", "carl"):
        put(box / f"{student}.ipynb")
    whole = collect(course, NAME, box)
    want = {path.relative_to(course): data for path, (data, _) in tree(course).items()}
    for stop in range(1, len(want) + 1):
        for path in tree(course):
            path.unlink()
        left = iter(range(stop))

        def write(path, data, left=left, real=module.write_atomically):
            if next(left, None) is None:
                raise KeyboardInterrupt
            return real(path, data)

        with monkeypatch.context() as patch:
            patch.setattr(module, "write_atomically", write)
            if stop < len(want):
                with pytest.raises(KeyboardInterrupt):
                    collect(course, NAME, box)
        assert collect(course, NAME, box) == whole
        assert {path.relative_to(course): data for path, (data, _) in tree(course).items()} == want


# What is not taken


def test_links_pipes_sockets_and_folders_are_not_taken(course, box, tmp_path):
    secret = put(tmp_path / "secret.ipynb", raw(handed_in("def toy(x):\n    'secret'")))
    (box / "ada").mkdir()
    (box / "ada/03_toy.ipynb").symlink_to(secret)
    (box / "bob").symlink_to(tmp_path / "course")
    os.mkfifo(box / "carl.ipynb")
    (box / "dora.ipynb").mkdir()
    (box / "eve").mkdir()
    with socket.socket(socket.AF_UNIX) as server:
        here = os.getcwd()
        os.chdir(box)
        server.bind("e.ipynb")
        os.chdir(here)
        collected = collect(course, NAME, box)
    assert reasons(collected) == {
        "ada/03_toy.ipynb": "a symbolic link; links are not followed",
        "bob": "its path names no student: put it into a folder that bears the student's name; "
        "a symbolic link; links are not followed",
        "carl.ipynb": "a pipe, socket or device, not a file",
        "dora.ipynb": "a folder, not a notebook",
        "e.ipynb": "a pipe, socket or device, not a file",
    }
    assert not (course / "submitted").exists()


def test_links_and_climbing_paths_in_zip_files_are_not_taken(course, box):
    link = zipfile.ZipInfo("link.ipynb", (2024, 1, 1, 0, 0, 0))
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    fifo = zipfile.ZipInfo("fifo.ipynb", (2024, 1, 1, 0, 0, 0))
    fifo.external_attr = (stat.S_IFIFO | 0o666) << 16
    bad = ["../../evil.ipynb", "/etc/evil.ipynb", "C:\\evil.ipynb", "a\\..\\..\\evil.ipynb"]
    members = dict.fromkeys(bad, RIGHT) | {link: b"/etc/passwd", fifo: b"", "x/y\\z.ipynb": RIGHT}
    zipped(box / "ada.zip", members)
    collected = collect(course, NAME, box)
    assert [one["file"] for one in collected.files if one["outcome"] == "taken"] == [
        "ada.zip!x/y/z.ipynb"
    ]
    why = list(reasons(collected).values())
    assert why.count("its path leads out of the archive") == 4
    assert "a symbolic link; links are not followed" in why
    assert "a pipe, socket or device, not a file" in why
    paths = ["../bob/x.ipynb", "/carl/x.ipynb", "dora/x.ipynb"]
    outside = collect(course, NAME, zipped(box.parent / "class.zip", dict.fromkeys(paths, RIGHT)))
    assert list(students(outside).values()) == ["dora", None, None]
    assert outcomes(outside)["dora/x.ipynb"] == "taken"
    assert not list(course.parent.rglob("evil*"))


def test_zip_bombs_are_stopped(course, box, monkeypatch):
    monkeypatch.setattr(inbox, "MOST_UNPACKED", 3_000_000)
    monkeypatch.setattr(inbox, "LARGEST", 2_000_000)
    monkeypatch.setattr(inbox, "MOST_MEMBERS", 300)
    zeros = b"{" + b" " * 10_000_000
    zipped(box / "ada/big.zip", {"a.ipynb": zeros})
    zipped(box / "bob/many.zip", {f"{n}.ipynb": zeros[:900_000] for n in range(9)})
    zipped(box / "carl/count.zip", {f"{n}.txt": b"" for n in range(301)})
    inner = RIGHT
    for _ in range(6):
        inner = zipped(
            box / "x.zip", {"x.zip" if inner != RIGHT else "x.ipynb": inner}
        ).read_bytes()
    put(box / "dora/nested.zip", inner)
    (box / "x.zip").unlink()
    copies = zipped(box / "y.zip", {f"{n}.bin": bytes(990_000) for n in range(9)}).read_bytes()
    zipped(box / "eve/copies.zip", {f"{n}.zip": copies + bytes(900_000) for n in range(9)})
    (box / "y.zip").unlink()
    zipped(box / "frank/notebooks.zip", {f"{n}.ipynb": b"{}" for n in range(99)})
    put(box / "zoe.ipynb")
    collected = collect(course, NAME, box)
    taken = {one["file"] for one in collected.files if one["outcome"] == "taken"}
    assert taken == {"zoe.ipynb"}
    text = "\n".join(f"{one['student']}: {one['why']}" for one in collected.files)
    assert "ada: larger than 2 MB" in text
    assert "bob: unpacks to more than 3 MB: not read on" in text
    assert "carl: holds more than 300 files" in text
    assert "dora: zip files inside zip files" in text
    assert "eve: unpacks to more than 3 MB" in text
    assert "frank: more than 50 notebooks" in text


def test_a_directory_that_would_fill_the_memory_is_not_read(course, box, monkeypatch):
    monkeypatch.setattr(inbox, "MOST_MEMBERS", 20)
    zipped(box / "ada/x.zip", {"n" * 60_000: b"", "03_toy.ipynb": RIGHT})
    assert reasons(collect(course, NAME, box)) == {"ada/x.zip": "a zip file with too many names"}


def test_damaged_and_encrypted_zip_files(course, box):
    whole = zipped(box / "ada/x.zip", {"03_toy.ipynb": RIGHT, "z.ipynb": RIGHT}).read_bytes()
    put(box / "ada/x.zip", whole[:-30])
    put(box / "bob/x.zip", b"PK\x03\x04" + bytes(500))
    locked = bytearray(whole)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = -1
        while (at := locked.find(mark, at + 1)) >= 0:
            locked[at + offset] |= 1
    put(box / "carl/x.zip", bytes(locked))
    put(box / "dora/x.zip", whole[:80] + b"?" * 30 + whole[110:])
    put(box / "eve/03_toy.ipynb", whole)
    collected = collect(course, NAME, box)
    assert {one["student"] for one in collected.files if one["outcome"] == "taken"} == {
        "dora",
        "eve",
    }, "a zip file counts by its content, too; one damaged member does not spoil the other"
    assert reasons(collected)["carl/x.zip!03_toy.ipynb"] == "is encrypted"
    assert "damaged zip file" in reasons(collected)["ada/x.zip"]
    with pytest.raises(ValueError, match="damaged zip file"):
        collect(course, NAME, box / "bob/x.zip")


def test_other_files_are_listed_and_left(course, box):
    put(box / "ada/03_toy.ipynb")
    put(box / "ada/numpy.py", b"raise SystemExit")
    put(box / "ada/.git/config", b"x")
    put(box / "ada/.ipynb_checkpoints/03_toy-checkpoint.ipynb")
    put(box / "bob/03_toy.py", b"def toy(x): ...")
    put(box / "carl/report.pdf", b"%PDF-1.7")
    put(box / "dora/work.docx", zipped(box.parent / "w", {"[Content_Types].xml": b""}).read_bytes())
    put(box / "eve/weights.h5", b"\x89HDF\r\n")
    put(box / "fay/03_toy.tar.gz", b"\x1f\x8b")
    put(box / "gus/empty.txt", b"")
    collected = collect(course, NAME, box)
    assert reasons(collected) == {
        "ada/03_toy.ipynb": "",
        "ada/numpy.py": "a Python script, not a notebook",
        "ada/.ipynb_checkpoints/03_toy-checkpoint.ipynb": "a checkpoint of Jupyter, "
        "not what was handed in",
        "bob/03_toy.py": "a Python script, not a notebook",
        "carl/report.pdf": "a PDF file, not a notebook",
        "dora/work.docx": "a Word, Excel or OpenDocument file, not a notebook",
        "eve/weights.h5": "not a notebook",
        "fay/03_toy.tar.gz": "a gzip or tar file; of archives only zip is read, not a notebook",
        "gus/empty.txt": "a text file, not a notebook",
    }
    assert {path.name for path in (course / "submitted").rglob("*")} == {
        "ada",
        NAME,
        f"{NAME}.ipynb",
        "timestamp.txt",
    }
    originals = course / f"grading/{NAME}/originals"
    assert [path.parent.name for path in originals.rglob("*.ipynb")] == ["ada"]


@pytest.mark.skipif(os.name != "posix", reason="such names exist on POSIX systems only")
def test_weird_names_stop_nothing(course, box):
    put(box / "ada/\x1b[31m\r\n.ipynb")
    put(box / ("b" * 200) / ("c" * 240 + ".ipynb"))
    os.makedirs(os.fsencode(box) + b"/caf\xe9")
    Path(os.fsdecode(os.fsencode(box) + b"/caf\xe9/x\xff.ipynb")).write_bytes(RIGHT)
    collected = collect(course, NAME, box)
    assert set(outcomes(collected).values()) == {"taken"}
    assert len(set(students(collected).values())) == 3
    assert all(one["file"].isprintable() for one in collected.files)
    assert all(is_safe_id(one["student"]) for one in collected.files)


# What can be read


def without(notebook, *keys):
    return {key: value for key, value in notebook.items() if key not in keys}


def version_3():
    cells = copy.deepcopy(handed_in()["cells"])
    for cell in cells:
        cell.pop("id")
        if cell["cell_type"] == "code":
            cell["input"] = cell.pop("source")
            cell["language"] = "python"
            cell["prompt_number"] = cell.pop("execution_count")
    cells.insert(0, {"cell_type": "heading", "level": 2, "metadata": {}, "source": "Title"})
    return {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": cells}]}


def with_cells(change):
    notebook = handed_in()
    for cell in notebook["cells"]:
        change(cell)
    return notebook


def lose_metadata(cell):
    cell["metadata"] = {}
    cell.pop("id")


READABLE = {
    "as released": RIGHT,
    "byte order mark": b"\xef\xbb\xbf" + RIGHT,
    "UTF-16": RIGHT.decode().encode("utf-16"),
    "UTF-16 without mark": RIGHT.decode().encode("utf-16-le"),
    "UTF-32": RIGHT.decode().encode("utf-32"),
    "Windows-1252": raw(handed_in(ANSWER + "  # café")).decode().encode("cp1252"),
    "one broken byte": RIGHT.replace(b"Write toy", "Wríte töy ä\0".encode()[:-1] + b"\xff"),
    "zeros at the end": RIGHT + bytes(100),
    "spaces around": b"\n\n " + RIGHT + b"\n\n",
    "control characters": RIGHT.replace(b"# 03_toy", b"# 03_toy\x01\t"),
    "nbformat 3": raw(version_3()),
    "nbformat 4.0": raw({**with_cells(lambda cell: cell.pop("id")), "nbformat_minor": 0}),
    "nbformat 4.4": raw({**with_cells(lambda cell: cell.pop("id")), "nbformat_minor": 4}),
    "nbformat 4.9": raw({**handed_in(), "nbformat_minor": 9, "news": 1}),
    "nbformat 5": raw({**handed_in(), "nbformat": 5}),
    "no nbformat": raw(without(handed_in(), "nbformat", "nbformat_minor", "metadata")),
    "wrong types": raw({**handed_in(), "nbformat": "4", "metadata": [], "nbformat_minor": None}),
    "metadata lost": raw(with_cells(lose_metadata)),
    "lines": raw(
        with_cells(lambda cell: cell.update(source=cell["source"].splitlines(keepends=True)))
    ),
    "lines without ends": raw(
        with_cells(lambda cell: cell.update(source=cell["source"].splitlines()))
    ),
    "CRLF": raw(with_cells(lambda cell: cell.update(source=cell["source"].replace("\n", "\r\n")))),
    "cell metadata of wrong type": raw(
        {**handed_in(), "cells": [*handed_in()["cells"], {"cell_type": "code", "metadata": 3}]}
    ),
    "cells of wrong types": raw(
        {
            **handed_in(),
            "cells": [
                *handed_in()["cells"],
                None,
                "text",
                7,
                {},
                {"cell_type": "code", "source": None},
                {"cell_type": "code", "source": 12, "outputs": "no"},
                {"cell_type": ["code"], "source": ["x", 3, None]},
                {"cell_type": "heading", "level": [], "source": {}},
                {"cell_type": "markdown", "source": "![](attachment:a)", "attachments": [1]},
                {"cell_type": "markdown", "source": "", "attachments": {"a": {"image/png": 3}}},
            ],
        }
    ),
    "ids doubled and wrong": raw(with_cells(lambda cell: cell.update(id="same id")))
    .replace(b'"same id"', b'"x"', 2)
    .replace(b'"same id"', b"[1]", 1),
    "keys doubled": RIGHT.replace(b'"nbformat": 4', b'"nbformat": 3, "cells_": 1, "nbformat": 4'),
    "NaN": RIGHT.replace(b'"points": 2', b'"points": NaN'),
    "infinity": RIGHT.replace(b'"points": 2', b'"points": 1e999'),
    "huge number": RIGHT.replace(b'"points": 2', b'"points": ' + b"9" * 5000),
    "lone surrogate": RIGHT.replace(b"# for", b"# \\ud800 for"),
    "deep outputs": RIGHT.replace(b'"outputs": []', b'"outputs": ' + b"[" * 400 + b"]" * 400),
    "duplicated cells": raw({**handed_in(), "cells": handed_in()["cells"] * 2}),
}


@pytest.mark.parametrize("data", READABLE.values(), ids=READABLE)
def test_it_is_read(course, box, data):
    put(box / "ada/03_toy.ipynb", data)
    collected = collect(course, NAME, box)
    assert reasons(collected) == {"ada/03_toy.ipynb": ""}
    answer = answer_of(course, "ada")
    assert answer.split("  #")[0] == ANSWER
    original = course / f"grading/{NAME}" / collected.files[0]["original"]
    assert original.read_bytes() == data
    notebook = json.loads(submitted(course, "ada").read_text(), parse_constant=pytest.fail)
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    ids = [cell["id"] for cell in notebook["cells"]]
    assert len(set(ids)) == len(ids)
    again = notebooks.read_notebook(submitted(course, "ada").read_bytes(), notebook["metadata"])
    assert again[1] == [], "what was cleaned is clean"


DEEP = b"[" * 200_000
UNREADABLE = {
    "empty": (b"", "an empty file|the file is empty"),
    "blank": (b" \n\0\0", "the file is empty"),
    "truncated": (RIGHT[: len(RIGHT) // 2], "cut off: the file ends in the middle"),
    "truncated between": (RIGHT[:-1], "cut off: the file ends in the middle"),
    "login page": (b"\n<!DOCTYPE html><html>Log in</html>", "a web page"),
    "Python": (b"import numpy as np\n", "it begins with 'import numpy as np"),
    "PDF": (b"%PDF-1.4", "a PDF file"),
    "Word": (b"\xd0\xcf\x11\xe0", "a Word"),
    "binary": (bytes(range(256)), "not a notebook|empty"),
    "damaged": (RIGHT.replace(b'"cells":', b'"cells"'), "damaged: no valid JSON in line 1"),
    "list": (b"[1, 2]", "it begins with"),
    "no notebook": (b'{"a": 1}', "JSON, but not a notebook"),
    "cells of a dict": (b'{"cells": {"a": 1}}', "JSON, but not a notebook"),
    "no cells": (raw({**toy(), "cells": []}), "a notebook without cells"),
    "cells that are none": (b'{"cells": [1, null, "x"]}', "a notebook without cells"),
    "deep": (b'{"cells": ' + DEEP, "nested too deeply"),
    "deep metadata": (
        RIGHT.replace(b'"task": false', b'"x": ' + b"[" * 5000 + b"]" * 5000, 1),
        "nested too deeply",
    ),
    "too many cells": (b'{"cells": [' + b"{}," * 6000 + b"{}]}", "it has 6001 cells"),
    "too long": (raw(handed_in("#" * 6_000_000)), "more than 5 million characters"),
    "wrong notebook": (raw(toy(OTHER, "other")), "is 04_other, not 03_toy"),
    "foreign notebook": (
        raw({**toy(), "cells": [{"cell_type": "code", "source": "print('homework')"}]}),
        "is another notebook, not 03_toy",
    ),
}


@pytest.mark.parametrize(("data", "why"), UNREADABLE.values(), ids=UNREADABLE)
def test_it_is_listed_with_the_reason_and_stops_nothing(course, box, data, why):
    put(box / "ada/03_toy.ipynb", data)
    put(box / "bob/03_toy.ipynb")
    collected = collect(course, NAME, box)
    assert outcomes(collected) == {"ada/03_toy.ipynb": "refused", "bob/03_toy.ipynb": "taken"}
    assert any(part in reasons(collected)["ada/03_toy.ipynb"] for part in why.split("|"))
    assert not submitted(course, "ada").exists()


def test_a_file_with_too_many_values_is_refused_before_it_fills_the_memory(monkeypatch):
    monkeypatch.setattr(notebooks, "LARGEST", 10_000)
    monkeypatch.setattr(notebooks, "MOST_VALUES", 100)
    text = RIGHT.replace(b'"outputs": []', b'"outputs": [' + b"[]," * 300 + b"[]]", 1)
    with pytest.raises(notebooks.NotANotebook, match="too many values"):
        notebooks.read_notebook(text, {})
    printed = RIGHT.replace(b'"outputs": []', b'"outputs": ["' + b"[,{" * 400 + b'"]', 1)
    monkeypatch.setattr(notebooks, "MOST_VALUES", 200)
    assert notebooks.read_notebook(printed, {})[0].cells


def test_500_damaged_files_are_read_or_refused(course):
    """Bytes cut off, changed, doubled and moved: there is always an answer."""
    dice = random.Random(20)
    sources = [RIGHT, raw(version_3()), READABLE["UTF-16"], READABLE["cells of wrong types"]]
    read = 0
    for round_ in range(500):
        data = bytearray(sources[round_ % len(sources)])
        for _ in range(dice.randint(1, 4)):
            at, size = dice.randrange(len(data)), dice.randint(1, 30)
            match dice.randrange(5):
                case 0:
                    data = data[: max(at, 10)]
                case 1:
                    data[at] ^= 1 << dice.randrange(8)
                case 2:
                    data[at:at] = data[dice.randrange(len(data)) :][:size]
                case 3:
                    del data[at : min(at + size, len(data) - 10)]
                case 4:
                    data[at : at + 1] = dice.choice(
                        [b"[", b"{", b'"', b"null", b"\0", b"\xff", b"-1"]
                    )
        try:
            notebook, _ = notebooks.read_notebook(bytes(data), {})
        except notebooks.NotANotebook as error:
            assert str(error)
            continue
        nbformat.validate(notebook)
        notebooks.write_notebook(notebook).encode()
        read += 1
    assert 20 < read < 480, "the damage must neither be harmless nor always deadly"


# What is kept


def colab():
    """A notebook as Colab saves it: ids in the metadata, the user in executionInfo."""
    user = {"userId": "0815", "displayName": SECRET, "photoUrl": "x"}
    notebook = handed_in()
    for cell in notebook["cells"]:
        info = {"status": "ok", "user": user, "user_tz": -60}
        cell["metadata"] |= {
            "id": cell.pop("id"),
            "executionInfo": info,
            "outputId": "u",
            "colab": 1,
        }
        if cell["cell_type"] == "code":
            cell["execution_count"] = 3
            cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": [SECRET]}]
    notebook["metadata"] = {
        "colab": {"provenance": [], "authorship_tag": SECRET},
        "authors": [{"name": SECRET}],
        "kernelspec": {"name": "my_env", "display_name": "My env"},
        "language_info": {"name": "python"},
        "widgets": {"application/vnd.jupyter.widget-state+json": {"a": {}}},
        "accelerator": "GPU",
    }
    return notebook | {"nbformat_minor": 0}


def test_outputs_and_personal_data_are_dropped_and_the_answers_kept(course, box):
    data = raw(colab())
    put(box / "ada/03_toy.ipynb", data)
    collected = collect(course, NAME, box)
    text = submitted(course, "ada").read_text()
    for word in (SECRET, "executionInfo", "0815", "colab", "widgets", "outputId", "accelerator"):
        assert word not in text
        assert word not in json.dumps(collected.files)
    notebook = nbformat.read(submitted(course, "ada"), as_version=nbformat.NO_CONVERT)
    nbformat.validate(notebook)
    assert notebook.metadata == toy()["metadata"]
    want = handed_in()["cells"]
    assert [cell.id for cell in notebook.cells] == [cell["id"] for cell in want]
    assert [cell.source for cell in notebook.cells] == [cell["source"] for cell in want]
    assert [cell.metadata for cell in notebook.cells] == [cell["metadata"] for cell in want]
    assert all(
        cell.outputs == [] and cell.execution_count is None
        for cell in notebook.cells
        if cell.cell_type == "code"
    )
    [original] = (course / f"grading/{NAME}/originals/ada").iterdir()
    assert original.read_bytes() == data


def test_12_mb_of_output_are_no_obstacle(course, box):
    notebook = colab()
    notebook["cells"][1]["outputs"][0]["text"] = "loss: 0.123\n" * 1_000_000
    put(box / "ada/03_toy.ipynb", raw(notebook))
    assert set(outcomes(collect(course, NAME, box)).values()) == {"taken"}
    assert submitted(course, "ada").stat().st_size < 5_000


def test_pictures_in_written_answers_are_kept_within_a_limit(monkeypatch):
    monkeypatch.setattr(notebooks, "LARGEST_PICTURES", 100)
    notebook = handed_in()
    notebook["cells"][0]["attachments"] = {
        "a.png": {"image/png": "iVBORw0K"},
        "b.svg": {"image/svg+xml": "<svg onload='x'/>"},
        "c.png": {"image/png": "<script>"},
        "d.png": {"image/png": "A" * 200},
    }
    read, notes = notebooks.read_notebook(raw(notebook), {})
    assert read.cells[0].attachments == {"a.png": {"image/png": "iVBORw0K"}}
    assert len(notes) == 3


def test_what_was_wrong_with_a_file_is_told(course, box):
    put(box / "ada/Kopie von 03_toy.ipynb", raw(version_3()).decode().encode("utf-16"))
    assert collect(course, NAME, box).files[0]["repairs"] == [
        "was not named 03_toy.ipynb",
        "was written in UTF-16",
        "nbformat is 3, not 4",
    ]


# The command


def run(course, *arguments):
    return main(["--root", str(course), "collect", *map(str, arguments)])


def test_the_command_prints_a_table(course, box, tmp_path, capsys):
    put(box / "al1/03_toy.ipynb")
    put(box / "al1/03_toy (1).ipynb", RIGHT + b" ", NOON - 60)
    put(box / "ja2/03_toy.ipynb", RIGHT[:-9])
    put(box / "zoe/03_toy.ipynb")
    assert run(course, NAME, box, "--roster", roster(tmp_path, CLASS)) == 0
    lines = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    assert lines == [
        "al1 older al1/03_toy (1).ipynb replaced by al1/03_toy.ipynb; was not named 03_toy.ipynb",
        "al1 taken al1/03_toy.ipynb",
        "ja2 refused ja2/03_toy.ipynb cut off: the file ends in the middle",
        "- unknown student zoe/03_toy.ipynb not on the roster",
        "lw3 missing Li Wei",
        "lw4 missing Li Wei",
        "1 taken, 1 older, 1 refused, 1 unknown student, 2 missing",
        "Files that are refused or of unknown students are not graded.",
    ]


def test_the_report_is_as_designed(course, box):
    put(box / "Ada L_77_assignsubmission_file_/03_toy.ipynb")
    collect(course, NAME, box)
    report = json.loads((course / f"grading/{NAME}/collected.json").read_text())
    assert report["name"] == NAME
    assert report["inbox"] == str(box)
    [entry] = report["files"]
    assert entry.pop("original").startswith("originals/Ada_L/03_toy-")
    assert entry == {
        "file": "Ada L_77_assignsubmission_file_/03_toy.ipynb",
        "student": "Ada_L",
        "outcome": "taken",
        "why": "",
        "time": datetime.fromtimestamp(NOON, UTC).isoformat(),
        "inbox": str(box),
        "lms_id": "77",
    }


def test_mistakes_of_the_instructor_are_named(course, box, tmp_path, capsys):
    (course / "course" / OTHER / f"{OTHER}.ipynb").unlink()
    put(box / "ada.ipynb")
    for arguments, message in [
        ((NAME, tmp_path / "nowhere"), "there is no file or folder"),
        (("99_x", box), "no notebook 99_x; there are: 03_toy, 04_other"),
        ((OTHER, box), "dcgan-grader release 04_other"),
        ((NAME, course), "overlap"),
        ((NAME, course / "submitted"), "overlap"),
        ((NAME, box, "--roster", tmp_path / "none.csv"), "none.csv"),
    ]:
        assert run(course, *arguments) == 2
        assert message in capsys.readouterr().err
    put(course / f"grading/{NAME}/collected.json", b"{")
    assert run(course, NAME, box) == 2
    assert "delete it and collect again" in capsys.readouterr().err


def test_an_empty_inbox_is_no_error(course, box, capsys):
    assert run(course, NAME, box) == 0
    assert capsys.readouterr().out.splitlines() == [
        "0 taken, 0 older, 0 refused, 0 unknown student"
    ]
