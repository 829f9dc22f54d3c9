"""Who handed in what: the list of the students, and whose each file is."""

import csv
import io
import os.path
import re
import unicodedata
from typing import NamedTuple

from dcgan_grader.names import (
    Who,
    holds_notebook,
    is_safe_id,
    student_id,
    who,
    without_wrapper,
)

COLUMNS = {
    "id": ("id", "student id", "id number"),
    "name": ("name", "full name", "student", "student name"),
    "email": ("email", "e mail", "email address"),
    "first": ("first name", "given name"),
    "last": ("last name", "surname", "family name"),
}
NOBODY = "its path names no student: put it into a folder that bears the student's name"
_LMS_COLUMN = re.compile(r"\b(id|ids|identifier|login|username|user|number|moodle|canvas|lms)\b")
# Letters that Unicode does not take apart into a letter and an accent.
_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "ı": "i", "þ": "th"}
)


class Student(NamedTuple):
    """One row of the roster; `others` is a dict of its other columns."""

    id: str
    name: str
    email: str
    others: dict


class Roster:
    """The students of the course.

    Args:
        students: list of `Student`.
    """

    def __init__(self, students):
        self.students = students
        self._numbers, self._exact, self._alike = {}, {}, {}
        for place, one in enumerate(students):
            numbers = {_number(value) for key, value in one.others.items() if _is_lms(key)}
            self._add(self._numbers, numbers, place)
            exact = {one.id, one.email} | numbers
            self._add(self._exact, {value.casefold() for value in exact}, place)
            alike = _ways(one.name) | {_fold(value) for value in exact | {one.email.split("@")[0]}}
            self._add(self._alike, alike, place)

    @staticmethod
    def _add(index, keys, place):
        for key in keys - {""}:
            index.setdefault(key, set()).add(place)

    def find(self, who):
        """Find a student.

        The LMS's number decides, then an id or email, then the name in any order of its words,
        without case and accents. What fits two students, or one by number and another by name,
        fits none.

        Args:
            who: a `Who`.

        Returns:
            A `Student` or None, and str: why there is none.
        """
        numbered = self._numbers.get(who.number, set())
        named = set()
        for name in who.names:
            named = named or self._exact.get(name.casefold(), set())
        for name in reversed(who.names):
            named = named or self._alike.get(_fold(name), set())
        if not named and not numbered:
            numbered = self._exact.get(who.number, set())
        found = numbered & named or numbered or named
        if numbered and named and not numbered & named:
            found = numbered | named
        if len(found) == 1:
            return self.students[next(iter(found))], ""
        if found:
            ids = ", ".join(sorted(self.students[place].id for place in found)[:5])
            return None, f"fits more than one student of the roster: {ids}"
        return None, "not on the roster"

    def to_csv(self):
        """The roster as CSV text, with the columns id, name, email and the others."""
        others = dict.fromkeys(key for one in self.students for key in one.others)
        text = io.StringIO()
        table = csv.writer(text, lineterminator="\n")
        table.writerow(["id", "name", "email", *others])
        for one in self.students:
            table.writerow([*one[:3], *(one.others.get(key, "") for key in others)])
        return text.getvalue()


class Owner(NamedTuple):
    """Whose a file is: `student` an id or None, `number` the LMS's, `why` there is no student."""

    student: str | None
    number: str
    why: str


def owners(paths, notebooks, roster=None, known=None, existing=(), spare=""):
    """Find out whose each file is.

    With a roster only its students are found. Without one the names become ids; where the LMS
    gives the same name to two numbers, the number is added.

    Args:
        paths: list of tuple of str; the files' paths inside the inbox.
        notebooks: names of the course's notebooks.
        roster: `Roster` or None.
        known: dict from the LMS's number to the id that it got before.
        existing: ids that are in use; one that differs in case alone is the same.
        spare: str; the name to use if no path names a student, or "".

    Returns:
        A list of `Owner`, one for each path.
    """
    known = known or {}
    depth = without_wrapper(paths, notebooks, lambda name: bool(_on(roster, name)))
    found = [who(path[depth:], notebooks) for path in paths]
    if spare and not any(one.names for one in found):
        found = [Who((spare,))] * len(found)
    if roster:
        found = _without_group(found, roster)
        return [_from_roster(roster, one) for one in found]
    ids = {one.casefold(): one for one in existing}
    numbers = {one.casefold(): {number} for number, one in known.items()}
    for one in found:
        if one.number and one.number not in known:
            numbers.setdefault(student_id(one.names[-1]).casefold(), set()).add(one.number)
    result = []
    for path, one in zip(paths, found, strict=True):
        own = student_id(one.names[-1]) if one.names else ""
        # At the top of an inbox lie other things, too, such as a text for the instructor.
        loose = len(path) == depth + 1 and not one.from_lms and not holds_notebook(path[-1])
        if not own or loose:
            result.append(Owner(None, one.number, NOBODY))
            continue
        if one.number and len(numbers[own.casefold()]) > 1:
            own = f"{own}_{one.number}"
        own = known.get(one.number, own)
        result.append(Owner(ids.setdefault(own.casefold(), own), one.number, ""))
    return result


def _without_group(found, roster):
    """Take from names what Moodle puts before all of them: the name of a group, and "-"."""
    names = {one.names[0] for one in found if one.from_lms}
    group = os.path.commonprefix(list(names)).rpartition("-")[0] + "-"
    known = [name for name in names if _on(roster, name.removeprefix(group))]
    # One could be chance: half of a double name that somebody else has.
    if len(known) < 2 or any(_on(roster, name) for name in names):
        return found
    return [
        one._replace(names=(one.names[0].removeprefix(group),)) if one.from_lms else one
        for one in found
    ]


def _on(roster, name):
    return roster and name and roster.find(Who((name,)))[0]


def _from_roster(roster, one):
    if not one.names:
        return Owner(None, one.number, NOBODY)
    student, why = roster.find(one)
    return Owner(student.id if student else None, one.number, why)


def read_roster(path):
    """Read a roster: CSV with a header and the columns id, name, email and any ids of the LMS.

    Args:
        path: the file; UTF-8, UTF-16 or Windows-1252; comma, semicolon or tab.

    Returns:
        A `Roster`.

    Raises:
        ValueError: if there is no column id, or an id is missing, doubled or no folder's name.
        OSError: if the file cannot be read.
    """
    with open(path, "rb") as file:
        text = _decode(file.read(50_000_000))
    header = text.split("\n", 1)[0]
    rows = csv.reader(io.StringIO(text), delimiter=max(",;\t", key=header.count))
    try:
        titles = [title.strip() for title in next(rows, [])]
        rows = [(rows.line_num, row) for row in rows if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise ValueError(f"{path} is no CSV file: {error}") from error
    places = {key: _column(titles, COLUMNS[key]) for key in COLUMNS}
    if places["id"] is None:
        raise ValueError(f"{path} has no column id; its columns are: {', '.join(titles)}")
    students, seen = [], set()
    for line, row in rows:
        cells = [cell.strip() for cell in row] + [""] * (len(titles) - len(row))
        known = {key: "" if at is None else cells[at] for key, at in places.items()}
        one = known["id"]
        if not is_safe_id(one):
            raise ValueError(
                f"{path}, line {line}: the id {one!r} cannot be a folder's name; "
                "use letters, digits, '_', '-', '.' and '@'"
            )
        if one.casefold() in seen:
            raise ValueError(f"{path}, line {line}: the id {one} is there twice")
        seen.add(one.casefold())
        name = known["name"] or f"{known['first']} {known['last']}".strip()
        used = set(places.values())
        others = {title: cells[at] for at, title in enumerate(titles) if at not in used and title}
        students.append(Student(one, name, known["email"], others))
    if not students:
        raise ValueError(f"{path} names no student")
    return Roster(students)


def _decode(data):
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _column(titles, wanted):
    plain = [_plain_title(title) for title in titles]
    return next((plain.index(title) for title in wanted if title in plain), None)


def _plain_title(title):
    return re.sub(r"[\s_-]+", " ", title).strip().casefold()


def _is_lms(title):
    return bool(_LMS_COLUMN.search(_plain_title(title)))


def _number(value):
    """Moodle's worksheets write "Participant 123456"."""
    return re.sub(r"^participant\s+(?=\d+$)", "", value.strip(), flags=re.I)


def _fold(text):
    """A name without case, accents, spaces and marks."""
    text = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    return "".join(letter for letter in text if letter.isalnum())


def _ways(name):
    """A name with its words in each order that keeps their neighbours: "Ada Lovelace" both ways."""
    words = [_fold(word) for word in re.split(r"[\s,;._-]+", name)]
    words = [word for word in words if word][:10]
    return {"".join(words[at:] + words[:at]) for at in range(len(words))}
