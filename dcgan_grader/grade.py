"""Grade a class: workers run the submissions, one writer keeps the gradebook.

    submitted/ ──► jobs ──► workers (work.py) ──► one writer ──► autograded/, gradebook, records

nbgrader's own preprocessors decide the points from the outputs and write them. A submission is
done when its record is written, last of all: after an interruption only the others are graded.
"""

import contextlib
import fcntl
import hashlib
import json
import time
import warnings

import nbformat
import sqlalchemy.exc
from nbgrader.api import Assignment as AssignmentEntry
from nbgrader.api import Gradebook, InvalidEntry, SubmittedAssignment

from dcgan_grader import sandbox
from dcgan_grader.collect import read_collected
from dcgan_grader.course import RELEASE, Course
from dcgan_grader.files import write_atomically
from dcgan_grader.gradebook import directory, one_engine, opened, reason, settings
from dcgan_grader.records import Record, RecordError, read_record
from dcgan_grader.release import remember
from dcgan_grader.roster import read_roster
from dcgan_grader.run_notebook import Options
from dcgan_grader.work import Assignment, code_version
from dcgan_grader.workers import GO_ON, GradeError, finished

PATIENCE = 60  # seconds to wait for a gradebook that is locked, or cannot be reached


def grade(
    root,
    name,
    students=(),
    workers=None,
    scheduler=None,
    unsafe=False,
    again=False,
    options=None,
    say=print,
):
    """Grade the submissions of a notebook.

    Args:
        root: folder of the course.
        name: name of the notebook.
        students: ids; all who have handed in when empty.
        workers: how many submissions at once on this machine; one per processor when None.
        scheduler: address of a Dask scheduler, to grade on its cluster instead.
        unsafe: run students' code without a sandbox where there is none to be had.
        again: also what has been graded already and has not changed.
        options: `run_notebook.Options`.
        say: function that shows a line of progress.

    Returns:
        list of `Record`, of every student who has handed something in, sorted.

    Raises:
        GradeError: if there is no such notebook, no sandbox, or another grading runs.
        ValueError: if a file that grading needs is damaged.
    """
    course = Course(root)
    if name not in course.names or not course.notebook(RELEASE, name).exists():
        raise GradeError(f"no released notebook {name}; there are: {', '.join(course.names)}")
    reason = sandbox.reason_against() if scheduler is None else None
    if reason and not unsafe:
        raise GradeError(
            f"no sandbox here: {reason}. Students' code would run with your rights. Grade on "
            "Linux, or, in a machine that holds nothing else, with --unsafe"
        )
    with _alone(course), one_engine(), warnings.catch_warnings():
        # nbgrader's own lines, which are none of the instructor's business.
        warnings.simplefilter("ignore", sqlalchemy.exc.SAWarning)
        remember(course, [name])
        assignment = _assignment(course, name, options or Options())
        # On a cluster each worker looks for itself.
        assignment = assignment._replace(
            unsafe=unsafe and bool(reason or scheduler), code=code_version() if scheduler else ""
        )
        jobs = _jobs(course, name, students)
        kept = _in_gradebook(course, name)
        todo = {
            student: data
            for student, data in jobs.items()
            if again or not _is_done(course, name, student, _fingerprint(assignment, data), kept)
        }
        done = len(jobs) - len(todo)
        say(f"{name}: {len(jobs)} submissions" + (f", {done} graded already" if done else ""))
        writer = _Writer(course, assignment, say)
        _run_all(assignment, todo, writer, workers, scheduler, say)
        _record_refused(course, name, jobs, students)
    return [read_record(course, name, student) for student in sorted(_known(course, name))]


def table(records):
    """The result as lines of text.

    Args:
        records: list of `Record`.

    Returns:
        list of str.
    """
    width = max([7, *(len(record.student) for record in records)])
    lines = [f"{'student':<{width}}  status    points  why"]
    for record in records:
        cells = record.cells.values()
        got = sum(cell["points"] or 0 for cell in cells)
        most = sum(cell["max"] for cell in cells)
        points = f"{got:g}/{most:g}" if cells else "-"
        waiting = [key for key, cell in record.cells.items() if cell["points"] is None]
        notes = [f"mark by hand: {', '.join(waiting)}"] if waiting else []
        why = "; ".join(dict.fromkeys([*record.why, *record.flags, *record.repairs, *notes]))
        line = f"{record.student:<{width}}  {record.status:<8}  {points:>6}  {why}".rstrip()
        lines.append(line if len(line) <= 160 else f"{line[:157].rsplit(' ', 1)[0]} ...")
    return lines


@contextlib.contextmanager
def _alone(course):
    """Keep a second grading of the same course out: there is one writer."""
    path = course.root / "grading" / ".lock"
    path.parent.mkdir(exist_ok=True)
    with open(path, "w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise GradeError(
                "another grading of this course is running; wait for it, or stop it"
            ) from None
        yield


def _assignment(course, name, options):
    with opened(course) as gradebook:
        cells = gradebook.find_notebook(name, name).source_cells
        tests = {cell.name: cell.source for cell in cells if cell.locked}
    release = course.notebook(RELEASE, name).read_text(encoding="utf-8")
    return Assignment(name, release, tests, options)


def _jobs(course, name, students):
    """The submissions: id -> bytes."""
    folder = course.root / "submitted"
    found = {path.parts[-3]: path for path in folder.glob(f"*/{name}/{name}.ipynb")}
    unknown = sorted(set(students) - set(found))
    if unknown:
        raise GradeError(f"no submission of {name} by {', '.join(unknown)}")
    chosen = {student: found[student] for student in sorted(students or found)}
    return {
        student: path.read_bytes() if path.is_file() and not path.is_symlink() else b""
        for student, path in chosen.items()
        if not student.startswith(".")
    }


def _fingerprint(assignment, data):
    """Of everything that the result depends on."""
    digest = hashlib.sha256(data)
    kept = assignment._replace(limits=None, code="", started=())
    digest.update(json.dumps(kept, sort_keys=True).encode())
    return digest.hexdigest()


def _in_gradebook(course, name):
    """Ids of the students whose submission the gradebook knows."""
    with opened(course) as gradebook:
        found = gradebook.db.query(SubmittedAssignment.student_id).join(AssignmentEntry)
        return {student for (student,) in found.filter(AssignmentEntry.name == name)}


def _is_done(course, name, student, fingerprint, kept):
    try:
        record = read_record(course, name, student)
    except RecordError:
        return False
    if record is None or record.fingerprint != fingerprint:
        return False
    if record.status == "failed":
        return True
    return student in kept and _autograded(course, name, student).exists()


def _autograded(course, name, student):
    return course.root / "autograded" / student / name / f"{name}.ipynb"


def _known(course, name):
    folder = course.root / "grading" / name / "students"
    return {path.stem for path in folder.glob("[!.]*.json")}


def _record_refused(course, name, jobs, students):
    """Students of whom `collect` took nothing get a record that says why: never a silent 0."""
    for entry in read_collected(course, name):
        student = entry["student"]
        if entry["outcome"] != "refused" or not student or student in jobs:
            continue
        if (students and student not in students) or student in _known(course, name):
            continue
        why = [f"{entry['file']}: {entry['why']}"]
        Record(student, name, "failed", why=why).write(course)


def _run_all(assignment, todo, writer, workers, scheduler, say):
    start = time.monotonic()
    with contextlib.closing(finished(assignment, todo, workers, scheduler)) as results:
        for done, result in enumerate(results, 1):
            record = writer.write(result, _fingerprint(assignment, todo[result.student]))
            left = (time.monotonic() - start) / done * (len(todo) - done)
            say(f"[{done}/{len(todo)}] {_line(record)}{_time_left(left)}")


def _line(record):
    cells = record.cells.values()
    points = f" {sum(c['points'] or 0 for c in cells):g}/{sum(c['max'] for c in cells):g}"
    return f"{record.student}: {record.status}{points if cells else ''}"


def _time_left(seconds):
    if seconds < 1:
        return ""
    text = f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"
    return f" (about {text} left)"


_REFUSED = (InvalidEntry, sqlalchemy.exc.DataError, sqlalchemy.exc.IntegrityError)


class _Writer:
    """The only one who writes: nbgrader's gradebook, the graded notebook, the record."""

    def __init__(self, course, assignment, say):
        from nbgrader.preprocessors import AssignLatePenalties, LimitOutput, SaveAutoGrades

        self.course, self.assignment, self.say = course, assignment, say
        self.people = _people(course)
        self.folder = directory(course)
        config = settings(course)
        kinds = (LimitOutput, SaveAutoGrades, AssignLatePenalties)
        self.preprocessors = [kind(config=config) for kind in kinds]
        entries = read_collected(course, assignment.name)
        self.notes = {e["student"]: e["why"] for e in entries if e["outcome"] == "taken"}

    def write(self, graded, fingerprint):
        """Write what came of a submission.

        Args:
            graded: `work.Graded`.
            fingerprint: str, of all that the result depends on.

        Returns:
            The `Record`.
        """
        name, student = self.assignment.name, graded.student
        why = [*graded.review, *graded.flags, *filter(None, [self.notes.get(student)])]
        # With the same reasons as before, the flag stays as somebody has left it in formgrader.
        flag = bool(why) if why != self._reasons_before(student) else None
        if not graded.error:
            notebook = nbformat.reads(graded.notebook, 4)
            try:
                self._save(student, notebook, flag)
            except _REFUSED as error:
                refused = f"the gradebook refuses it: {reason(error)}"
                graded = graded._replace(error=refused, try_again=True)
        if graded.error:
            kept = "" if graded.try_again else fingerprint
            record = Record(student, name, "failed", why=[graded.error], fingerprint=kept)
            record.write(self.course)
            return record
        text = nbformat.v4.writes(notebook).rstrip("\n") + "\n"
        path = _autograded(self.course, name, student)
        write_atomically(path, text)
        stamp = self.course.root / "submitted" / student / name / "timestamp.txt"
        if stamp.is_file():
            write_atomically(path.with_name("timestamp.txt"), stamp.read_bytes())
        status = "review" if why else "repaired" if graded.repairs else "graded"
        record = Record(
            student,
            name,
            status,
            why=why,
            repairs=list(graded.repairs),
            flags=list(graded.flags),
            cells=dict(_cells(notebook, graded.outcomes)),
            fingerprint=fingerprint,
            seconds=round(graded.seconds, 2),
        )
        record.write(self.course)
        return record

    def _reasons_before(self, student):
        try:
            before = read_record(self.course, self.assignment.name, student)
        except RecordError:
            return []
        return before.why if before else []

    def _save(self, student, notebook, flag):
        """Put the points into the gradebook, as `nbgrader autograde` does."""
        deadline, said, refusals = time.monotonic() + PATIENCE, False, 0
        while True:
            try:
                return self._save_now(student, notebook, flag)
            except _REFUSED:
                # Another machine may have added the same student at the same time.
                refusals += 1
                if refusals > 2:
                    raise
            except sqlalchemy.exc.OperationalError as error:
                lasting = self.folder.db_url.startswith("sqlite") and "locked" not in str(error)
                if lasting or time.monotonic() > deadline:
                    raise GradeError(
                        f"the gradebook cannot be written: {reason(error)}. {GO_ON}"
                    ) from None
                if not said:
                    self.say(f"waiting for the gradebook: {reason(error)}")
                said = True
            time.sleep(0.5)

    def _save_now(self, student, notebook, flag):
        name = self.assignment.name
        stamp = self.folder.get_existing_timestamp(
            self.folder.format_path(self.folder.submitted_directory, student, name)
        )
        with Gradebook(self.folder.db_url, self.folder.course_id) as gradebook:
            gradebook.update_or_create_student(student, **self.people.get(student, {}))
            known = {"timestamp": stamp} if stamp else {}
            gradebook.update_or_create_submission(name, student, **known)
        resources = {
            "unique_key": name,
            "nbgrader": {
                "student": student,
                "assignment": name,
                "notebook": name,
                "db_url": self.folder.db_url,
            },
        }
        for preprocessor in self.preprocessors:
            notebook, resources = preprocessor.preprocess(notebook, resources)
        if flag is not None:
            with Gradebook(self.folder.db_url, self.folder.course_id) as gradebook:
                gradebook.find_submission_notebook(name, name, student).flagged = flag
                gradebook.db.commit()


def _people(course):
    """What the gradebook shall know of the students: names and addresses of the roster."""
    path = course.root / "grading" / "roster.csv"
    people = {}
    for one in read_roster(path).students if path.exists() else ():
        first, _, last = one.name.rpartition(" ")
        known = {"first_name": first, "last_name": last, "email": one.email}
        people[one.id] = {key: value for key, value in known.items() if value}
    return people


def _cells(notebook, outcomes):
    """What a record says of each graded cell."""
    from nbgrader.utils import determine_grade, is_grade, is_solution

    for cell in notebook.cells:
        if not is_grade(cell):
            continue
        points, most = determine_grade(cell)
        grade_id = cell.metadata.nbgrader.grade_id
        manual = is_solution(cell) or cell.cell_type != "code"
        errors = [o for o in cell.get("outputs", []) if o.output_type == "error"]
        message = f"{errors[0].ename}: {errors[0].evalue}" if errors else ""
        outcome = "manual" if manual else outcomes.get(grade_id, "failed")
        yield grade_id, {"points": points, "max": most, "outcome": outcome, "message": message}


def main_line(records):
    """One line that sums up, for the end of the command."""
    counts = {}
    for record in records:
        counts[record.status] = counts.get(record.status, 0) + 1
    return ", ".join(f"{count} {status}" for status, count in sorted(counts.items()))
