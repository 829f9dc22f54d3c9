"""From what an LMS gives to `submitted/`: who handed in what, the newest of it, nothing else.

    submitted/STUDENT/NAME/NAME.ipynb           the newest notebook, cleaned
    submitted/STUDENT/NAME/timestamp.txt        when it was handed in, as nbgrader writes it
    grading/NAME/originals/STUDENT/...          every version as it came
    grading/NAME/collected.json                 what became of each file
    grading/roster.csv                          the list of the students

Each file is written beside its place and renamed, the report last: after a run that was broken
off, the same run again completes it.
"""

import contextlib
import hashlib
import json
import os
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import nbformat

from dcgan_grader.course import RELEASE, SOURCE, Course
from dcgan_grader.files import write_atomically
from dcgan_grader.inbox import open_inbox, unpack
from dcgan_grader.matching import slots_of
from dcgan_grader.names import bare_name, copy_number, holds_notebook, lms_name
from dcgan_grader.notebooks import NotANotebook, read_notebook, write_notebook
from dcgan_grader.repair import belongs_to
from dcgan_grader.roster import owners, read_roster

TAKEN, OLDER, REFUSED, UNKNOWN = OUTCOMES = "taken", "older", "refused", "unknown student"
SUBMITTED, GRADING = "submitted", "grading"
# A zip file counts time in steps of two seconds: what is closer than that is as old.
SAME_TIME = timedelta(seconds=2)
_STAMP = "%Y-%m-%d %H:%M:%S.%f UTC"


class Collected(NamedTuple):
    """The result of `collect`.

    Args:
        files: list of dict, as in `collected.json`: what became of each file of this inbox.
        missing: list of `Student`: those of the roster who have handed in nothing so far.
    """

    files: list
    missing: list


@dataclass
class _Candidate:
    """A file that is the wanted notebook; `original` is the copy that is kept of it."""

    entry: dict
    time: datetime | None
    inner: datetime | None
    copy: float
    original: Path


def collect(root, name, inbox, roster=None):
    """Collect the submissions of one notebook.

    Args:
        root: folder of the course.
        name: name of the notebook.
        inbox: folder, zip file or notebook.
        roster: CSV file of the students; the one given before when None.

    Returns:
        A `Collected`.

    Raises:
        ValueError: if there is no such notebook or inbox, or the roster is wrong.
        OSError: if the course's folders cannot be written.
    """
    course = Course(root)
    run = _Run(course, name, Path(inbox).absolute())
    students = _roster(course, roster)
    with open_inbox(inbox, lambda names, alone: _is_export(names, alone, course.names)) as items:
        items = _with_timestamps(items)
        run.collect(items, students)
    run.write()
    return Collected(run.files, run.missing(students.students) if students else [])


def table(collected):
    """The result as lines of text.

    Args:
        collected: a `Collected`.

    Returns:
        list of str; the last ones count.
    """
    rows = [
        (one["student"] or "-", one["outcome"], one["file"], "; ".join(_notes(one)))
        for one in collected.files
    ]
    rows += [(one.id, "missing", "", one.name) for one in collected.missing]
    widths = [min(40, max((len(row[column]) for row in rows), default=0)) for column in range(3)]
    lines = [
        "  ".join(
            [cell.ljust(width) for cell, width in zip(row[:3], widths, strict=True)] + [row[3]]
        ).rstrip()
        for row in rows
    ]
    counts = [(sum(one["outcome"] == what for one in collected.files), what) for what in OUTCOMES]
    counts += [(len(collected.missing), "missing")] if collected.missing else []
    lines.append(", ".join(f"{count} {what}" for count, what in counts))
    if any(one["outcome"] in (REFUSED, UNKNOWN) for one in collected.files):
        lines.append("Files that are refused or of unknown students are not graded.")
    return lines


def read_collected(course, name):
    """Read the report of earlier runs.

    Args:
        course: the `Course`.
        name: name of the notebook.

    Returns:
        list of dict: the "files" of `collected.json`; empty if nothing was collected.

    Raises:
        ValueError: if the file is damaged.
    """
    path = _report_path(course, name)
    if not path.exists():
        return []
    try:
        files = json.loads(path.read_bytes())["files"]
        if all(one["outcome"] in OUTCOMES and one["file"] and one["inbox"] for one in files):
            return files
        raise ValueError("an entry is not complete")
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(f"{path} is damaged ({error}); delete it and collect again") from error


class _Run:
    """One run of `collect`."""

    def __init__(self, course, name, inbox):
        self.course, self.name, self.inbox = course, name, inbox
        releases = _releases(course, name)
        self._metadata = releases[name].metadata
        self._slots = {one: slots_of(release) for one, release in releases.items()}
        _check_place(course, inbox)
        self._before = read_collected(course, name)
        taken = [one for one in self._before if one["outcome"] == TAKEN]
        self._taken = {one["student"]: one for one in reversed(taken)}
        self.files = []

    def collect(self, items, students):
        """Take the newest of each student, and list the rest."""
        submitted = self.course.root / SUBMITTED
        found = owners(
            [item.parts for item in items],
            self.course.names,
            students,
            {
                one["lms_id"]: one["student"]
                for one in self._before
                if one.get("lms_id") and one["student"]
            },
            [path.name for path in submitted.iterdir()] if submitted.is_dir() else (),
            bare_name(self.inbox.name, self.course.names, True) if self.inbox.is_file() else "",
        )
        by_student = {}
        for item, owner in zip(items, found, strict=True):
            if owner.student is None:
                self._list(item, owner, UNKNOWN, _join(owner.why, item.problem))
            else:
                by_student.setdefault(owner.student, []).append((item, owner))
        for student in sorted(by_student):
            self._collect_one(student, by_student[student])

    def missing(self, students):
        """Those of whom nothing came, neither in this run nor before."""
        known = {one["student"] for one in [*self.files, *self._before]}
        return [one for one in students if one.id not in known and not self._path(one.id).exists()]

    def write(self):
        """Write the report: this inbox's files, and those of others that came before."""
        self.files.sort(key=lambda one: (one["student"] is None, one["student"] or "", one["file"]))
        taken = {one["student"]: one for one in self.files if one["outcome"] == TAKEN}
        kept = []
        for one in self._before:
            now = taken.get(one["student"])
            if one["outcome"] == TAKEN and now:
                one = one | {"outcome": OLDER, "why": f"replaced by {now['file']}"}
            if one["inbox"] != str(self.inbox) or one["outcome"] == TAKEN:
                kept.append(one)
        report = {"name": self.name, "inbox": str(self.inbox), "files": self.files + kept}
        text = json.dumps(report, ensure_ascii=False, indent=1) + "\n"
        path = _report_path(self.course, self.name)
        if not path.exists() or path.read_bytes() != text.encode("utf-8", "replace"):
            write_atomically(path, text)

    def _path(self, student):
        return self.course.root / SUBMITTED / student / self.name / f"{self.name}.ipynb"

    def _list(self, version, owner, outcome, why):
        """Add an entry to the report."""
        entry = {
            "file": version.where,
            "student": owner.student,
            "outcome": outcome,
            "why": why,
            "time": version.time.isoformat() if version.time else None,
            "inbox": str(self.inbox),
        }
        if owner.number:
            entry["lms_id"] = owner.number
        self.files.append(entry)
        return entry

    def _collect_one(self, student, handed_in):
        candidates, unread = [], []
        for item, owner in handed_in:
            for version in unpack(item):
                entry = self._list(version, owner, REFUSED, version.problem)
                if version.problem:
                    if not version.foreign:
                        unread.append(version)
                    continue
                self._look(version, entry, candidates, unread)
        if not candidates:
            return
        best = _newest(candidates)
        for one in candidates:
            if one is not best:
                one.entry.update(outcome=OLDER, why=f"replaced by {best.entry['file']}")
        # The newest may be worse than what a file that cannot be read would have been.
        later = [one for one in unread if _is_later(one.time, 0, best.time, 0)]
        self._take(student, best)
        if later:
            warning = f"a newer file could not be read: {later[-1].where}"
            best.entry["why"] = _join(best.entry["why"], warning)

    def _look(self, version, entry, candidates, unread):
        """Read one file; keep the original of what was meant to be this notebook."""
        try:
            notebook, notes = read_notebook(version.data, self._metadata)
            found, evidence = belongs_to(notebook, self._slots)
        except NotANotebook as error:
            entry["why"] = str(error)
            unread.append(version)
            self._keep(version, entry)
            return
        if found != self.name:
            entry["why"] = f"is {found or 'another notebook'}, not {self.name}: {evidence}"
            return
        path = self._keep(version, entry)
        rank = copy_number(version.name)
        if rank or not version.name.endswith(f"{self.name}.ipynb"):
            notes.insert(0, f"was not named {self.name}.ipynb")
        if notes:
            entry["repairs"] = notes
        candidates.append(_Candidate(entry, version.time, version.inner, rank, path))

    def _keep(self, version, entry):
        """Write the bytes as they came, once."""
        digest = hashlib.sha256(version.data).hexdigest()[:16]
        stem = re.sub(r"[^A-Za-z0-9.-]+", "_", version.name).strip("._-")[:60]
        stem = stem.removesuffix(".ipynb") or "notebook"
        folder = _grading(self.course, self.name) / "originals" / entry["student"]
        path = folder / f"{stem}-{digest}.ipynb"
        if not path.exists():
            write_atomically(path, version.data)
            if version.time:
                os.utime(path, (version.time.timestamp(),) * 2)
        entry["original"] = str(path.relative_to(_grading(self.course, self.name)))
        return path

    def _take(self, student, best):
        """Put the newest into `submitted/`, unless something newer is there."""
        path = self._path(student)
        stamp = path.with_name("timestamp.txt")
        there = path.exists()
        before = self._taken.get(student)
        if there and before and before.get("original") == best.entry["original"]:
            # An earlier run took it; what the instructor changed since then stays.
            best.entry.update(outcome=TAKEN, why="")
            return
        text = write_notebook(read_notebook(best.original.read_bytes(), self._metadata)[0])
        if not there or path.read_bytes() != text.encode("utf-8"):
            time, rank = self._there(student, path, stamp) if there else (None, -1)
            if not _is_later(best.time, best.copy, time, rank):
                when = f" ({time:%Y-%m-%d %H:%M:%S} UTC)" if time else ""
                why = f"not newer than what is in {SUBMITTED}/{when}"
                best.entry.update(outcome=OLDER, why=why)
                return
            write_atomically(path, text)
        best.entry.update(outcome=TAKEN, why="")
        # After the notebook: a run that breaks off between the two is completed here.
        if best.time and _parse(stamp) != best.time:
            write_atomically(stamp, best.time.strftime(_STAMP))
        elif not best.time:
            stamp.unlink(missing_ok=True)

    def _there(self, student, path, stamp):
        """Time and rank of what is in `submitted/`."""
        before = self._taken.get(student)
        if before:
            time = datetime.fromisoformat(before["time"]) if before["time"] else None
            return time, copy_number(before["file"])
        changed = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        return _parse(stamp) or changed, 0


def _newest(candidates):
    """The newest; of equally old ones the last copy, then the later by a hair, then by name."""
    for time in (lambda one: one.time, lambda one: one.inner):
        newest = max((time(one) for one in candidates if time(one)), default=None)
        if newest:
            candidates = [one for one in candidates if not _is_later(newest, 0, time(one), 0)]
    # Of two files of one name in a zip file the later one counts, as for those who unpack it.
    return max(
        reversed(candidates),
        key=lambda one: (one.copy, *map(_sortable, (one.time, one.inner)), one.entry["file"]),
    )


def _is_later(time, rank, other_time, other_rank):
    time, other_time = _sortable(time), _sortable(other_time)
    return time > other_time if abs(time - other_time) >= SAME_TIME else rank > other_rank


def _sortable(time):
    return time or datetime.fromtimestamp(0, UTC)


def _join(*sentences):
    return "; ".join(one for one in sentences if one)


def _notes(entry):
    return [one for one in (entry["why"], *entry.get("repairs", [])) if one]


def _grading(course, name):
    return course.root / GRADING / name


def _report_path(course, name):
    return _grading(course, name) / "collected.json"


def _releases(course, name):
    """The released notebooks by name."""
    if name not in course.names:
        raise ValueError(f"no notebook {name}; there are: {', '.join(course.names)}")
    if not course.notebook(RELEASE, name).exists():
        raise ValueError(f"{name} is not released: dcgan-grader release {name}")
    paths = {one: course.notebook(RELEASE, one) for one in course.names}
    return {one: nbformat.read(path, as_version=4) for one, path in paths.items() if path.exists()}


def _check_place(course, inbox):
    """The inbox must not be where the results go."""
    inbox = inbox.resolve()
    for folder in (SUBMITTED, GRADING, SOURCE, RELEASE, "autograded", "feedback"):
        own = course.root / folder
        if inbox.is_relative_to(own) or own.is_relative_to(inbox):
            raise ValueError(f"the inbox {inbox} and the course's own {folder}/ overlap")


def _roster(course, path):
    """The roster, remembered in `grading/`; None if there was never one."""
    own = course.root / GRADING / "roster.csv"
    if path is None:
        return read_roster(own) if own.exists() else None
    roster = read_roster(path)
    write_atomically(own, roster.to_csv())
    return roster


def _is_export(names, alone, notebooks):
    """Whether a zip file holds the files of a class, as an LMS exports them."""
    names = [parts for parts in names if holds_notebook(parts[-1])]
    if names and all(any(map(lms_name, parts[:2])) for parts in names):
        return True
    folders = {parts[0] for parts in names if len(parts) > 1}
    folders = {folder for folder in folders if bare_name(folder, notebooks, False)}
    return alone and len(folders) > 1 and all(len(parts) > 1 for parts in names)


def _with_timestamps(items):
    """Use the time that nbgrader keeps in a file beside a notebook; leave that file out."""
    times = {}
    for item in items:
        if item.parts[-1] == "timestamp.txt" and len(item.parts) > 1 and not item.problem:
            with contextlib.suppress(Exception), item.open() as file:
                times[item.parts[:-1]] = _time_from(file.read(100).decode())
    for item in items:
        item.time = times.get(item.parts[:-1]) or item.time
    return [item for item in items if item.parts[-1] != "timestamp.txt"]


def _parse(stamp):
    """The time in a timestamp.txt, or None."""
    try:
        return _time_from(stamp.read_text())
    except (OSError, ValueError):
        return None


def _time_from(text):
    """A time as nbgrader writes it: with the name of a time zone, or in UTC."""
    from dateutil import parser, tz

    words = text.split()
    if len(words) == 3:
        zone = tz.gettz(words[2])
        time = parser.parse(" ".join(words[:2])).replace(tzinfo=zone or UTC)
    else:
        time = parser.parse(text)
    return time.replace(tzinfo=time.tzinfo or UTC).astimezone(UTC)
