"""Records: written whole or not at all, read back as they were."""

from types import SimpleNamespace

import pytest

from dcgan_grader.records import Record, RecordError, read_record, read_records

CELL = {"points": 1.5, "max": 2.0, "outcome": "failed", "message": "CheckFailed: é\nline 2"}


@pytest.fixture
def course(tmp_path):
    return SimpleNamespace(root=tmp_path)


def make(student="ada", **fields):
    fields = {"status": "graded", "cells": {"test_a": dict(CELL)}, "seconds": 3.5} | fields
    return Record(student=student, notebook="03_x", **fields)


def test_a_record_comes_back_as_it_was(course):
    record = make(status="repaired", repairs=["a cell was duplicated"], fingerprint="abc")
    path = record.write(course)
    assert path == course.root / "grading/03_x/students/ada.json"
    assert read_record(course, "03_x", "ada") == record
    assert [p.name for p in path.parent.iterdir()] == ["ada.json"]


def test_no_record_is_none(course):
    assert read_record(course, "03_x", "nobody") is None
    assert read_records(course, "03_x") == []


def test_a_class_is_sorted_by_student(course):
    for student in ("grace", "ada", "Zoé"):
        make(student).write(course)
    assert [record.student for record in read_records(course, "03_x")] == ["Zoé", "ada", "grace"]


def test_a_new_record_replaces_the_old_one_and_a_failure_keeps_it(course):
    make().write(course)
    with pytest.raises(ValueError):
        make(seconds=float("nan")).write(course)
    assert read_record(course, "03_x", "ada").seconds == 3.5
    make(seconds=1.0).write(course)
    assert read_record(course, "03_x", "ada").seconds == 1.0


def test_what_utf8_cannot_hold_does_not_stop_it(course):
    make(why=["lone \ud800 surrogate"], status="review").write(course)
    assert read_record(course, "03_x", "ada").why == ["lone ? surrogate"]


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", '{"student": "ada"}', '{"student": "ada", "x": 1}', "\x00\xff"]
)
def test_a_damaged_file_is_named_with_the_remedy(course, text):
    path = make().write(course)
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(RecordError, match=r"ada\.json is damaged .*dcgan-grader grade 03_x"):
        read_record(course, "03_x", "ada")
    with pytest.raises(RecordError):
        read_records(course, "03_x")


def test_a_record_of_somebody_else_is_damage(course):
    path = make().write(course)
    path.rename(path.with_name("grace.json"))
    with pytest.raises(RecordError, match="damaged"):
        read_record(course, "03_x", "grace")


@pytest.mark.parametrize("student", ["", "../ada", "a/b", ".", "..", ".hidden"])
def test_an_id_that_is_no_file_name_is_refused(course, student):
    with pytest.raises(RecordError, match="cannot name a file"):
        make(student).write(course)


def test_unknown_words_are_refused():
    with pytest.raises(RecordError, match="status"):
        make(status="fine")
    with pytest.raises(RecordError, match="outcome"):
        make(cells={"a": CELL | {"outcome": "ok"}})
    with pytest.raises(RecordError, match="fields"):
        make(cells={"a": {"points": 1}})
