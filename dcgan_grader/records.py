"""What grading found out about one student's notebook: `grade` writes it, the rest reads it.

A record says how a submission was graded. The points that count are those of nbgrader's
gradebook, where an instructor may change them.
"""

import json
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path

from dcgan_grader.files import write_atomically

STATUSES = ("graded", "repaired", "review", "failed")
OUTCOMES = ("passed", "failed", "stopped", "void", "manual")


class RecordError(ValueError):
    """A record cannot be read or written; the message says which and why."""


@dataclass
class Record:
    """How the submission of one student for one notebook was graded.

    Args:
        student: id of the student.
        notebook: name of the notebook, such as "03_generator".
        status: one of `STATUSES`; "failed" means that it could not be graded at all.
        why: list of str; for "review" and "failed" what a human must look at.
        repairs: list of str; one sentence per repair.
        flags: list of str; one sentence per attempt at tampering.
        cells: dict from a grade_id to a dict: points (None while a manual mark is missing), max,
            outcome (one of `OUTCOMES`), message ("" if passed; no traceback).
        fingerprint: of everything that the result depends on.
        seconds: how long grading took.

    Raises:
        RecordError: if a field cannot be right.
    """

    student: str
    notebook: str
    status: str
    why: list = field(default_factory=list)
    repairs: list = field(default_factory=list)
    flags: list = field(default_factory=list)
    cells: dict = field(default_factory=dict)
    fingerprint: str = ""
    seconds: float = 0.0

    def __post_init__(self):
        if self.status not in STATUSES:
            raise RecordError(f"status {self.status!r} is not one of {', '.join(STATUSES)}")
        for grade_id, cell in self.cells.items():
            if set(cell) != {"points", "max", "outcome", "message"}:
                raise RecordError(f"cell {grade_id} has the fields {', '.join(sorted(cell))}")
            if cell["outcome"] not in OUTCOMES:
                raise RecordError(f"outcome {cell['outcome']!r} is not one of {OUTCOMES}")

    def status_now(self, flagged):
        """Give the status, after somebody may have looked at a review.

        Args:
            flagged: whether the gradebook still has the flag that `grade` set; who has looked
                takes it away in formgrader.

        Returns:
            One of `STATUSES`.
        """
        if self.status != "review" or flagged:
            return self.status
        return "repaired" if self.repairs else "graded"

    def write(self, course):
        """Write the record, so that a reader never sees a part of it.

        Args:
            course: the `Course`.

        Returns:
            The path of the file.
        """
        text = json.dumps(asdict(self), ensure_ascii=False, allow_nan=False, indent=1)
        return write_atomically(record_path(course, self.notebook, self.student), text)


def record_path(course, name, student):
    """Path of a record.

    Raises:
        RecordError: if the student's id is no plain file name.
    """
    if not student or student.startswith(".") or Path(student).name != student:
        raise RecordError(f"student id {student!r} cannot name a file")
    return course.root / "grading" / name / "students" / f"{student}.json"


def read_record(course, name, student):
    """Read the record of one student.

    Args:
        course: the `Course`.
        name: name of the notebook.
        student: id of the student.

    Returns:
        A `Record`, or None if there is none.

    Raises:
        RecordError: if the file is damaged.
    """
    path = record_path(course, name, student)
    return _read(path) if path.exists() else None


def read_records(course, name):
    """Read the records of a class.

    Args:
        course: the `Course`.
        name: name of the notebook.

    Returns:
        A list of `Record`, sorted by student.

    Raises:
        RecordError: if a file is damaged.
    """
    return [read_record(course, name, student) for student in students_with_records(course, name)]


def students_with_records(course, name):
    """Ids of the students who have a record, sorted; the records are not read."""
    return sorted(path.stem for path in record_path(course, name, "any").parent.glob("[!.]*.json"))


def _read(path):
    name, student = path.parts[-3], path.stem
    try:
        data = json.loads(path.read_bytes())
        record = Record(**{one.name: data.pop(one.name) for one in fields(Record)})
        if data or (record.notebook, record.student) != (name, student):
            raise RecordError("it holds something else")
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise RecordError(
            f"{path} is damaged ({type(error).__name__}: {error}); "
            f"delete it and run: dcgan-grader grade {name}"
        ) from error
    return record
