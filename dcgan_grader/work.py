"""What a worker does with one submission: read, repair, run. It touches no file of the course."""

import ast
import atexit
import traceback
from typing import NamedTuple

import nbformat

from dcgan_grader.forkserver import ForkServer
from dcgan_grader.notebooks import NotANotebook, read_notebook, write_notebook
from dcgan_grader.repair import RepairError, repair
from dcgan_grader.run_notebook import Options, run_notebook
from dcgan_grader.sandbox import Limits


class Assignment(NamedTuple):
    """What is the same for a whole class."""

    name: str
    release: str  # the released notebook, as text
    tests: dict  # grade_id -> source with the hidden tests
    options: Options = Options()
    limits: Limits = Limits()
    sandboxed: bool = True


class Graded(NamedTuple):
    """What came of one submission; `error` says why there is no notebook."""

    student: str
    notebook: str = ""  # as text
    outcomes: dict = {}  # noqa: RUF012
    repairs: tuple = ()
    review: tuple = ()
    flags: tuple = ()
    seconds: float = 0.0
    error: str = ""


def work(assignment, student, data):
    """Grade one submission in this process's sandboxed kernels.

    Args:
        assignment: `Assignment`.
        student: id of the student.
        data: bytes of the submission.

    Returns:
        `Graded`. It never raises: one submission must not stop a class.
    """
    try:
        release = nbformat.reads(assignment.release, 4)
        submission, notes = read_notebook(data, release.metadata)
        repaired = repair(submission, release)
        for cell in repaired.notebook.cells:
            grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
            if grade_id in assignment.tests:
                cell.source = assignment.tests[grade_id]
        result = run_notebook(repaired.notebook, release, _server(assignment), assignment.options)
        return Graded(
            student,
            write_notebook(result.notebook),
            result.outcomes,
            tuple(notes + repaired.repairs),
            tuple(repaired.review),
            tuple(result.flags),
            result.seconds,
        )
    except (NotANotebook, RepairError) as error:
        return Graded(student, error=str(error))
    except Exception as error:
        traceback.print_exc()
        return Graded(student, error=f"grading failed: {type(error).__name__}: {error}")


def imports(notebook):
    """The modules that a notebook imports at the top level of its cells.

    Args:
        notebook: `NotebookNode`.

    Returns:
        Sorted list of str.
    """
    found = set()
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        for line in cell.source.splitlines():
            try:
                nodes = ast.parse(line.rstrip()).body
            except SyntaxError:
                continue
            for node in nodes:
                if isinstance(node, ast.Import):
                    found |= {alias.name for alias in node.names}
                elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                    found.add(node.module)
                    found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return sorted(found)


_running = {}


def _server(assignment):
    """This process's fork server for an assignment: started once, and anew from time to time."""
    key = (assignment.name, assignment.sandboxed, assignment.limits)
    server = _running.get(key)
    if server is None or server.is_worn:
        stop()
        modules = imports(nbformat.reads(assignment.release, 4))
        _running[key] = ForkServer(modules, assignment.sandboxed, assignment.limits)
    return _running[key]


@atexit.register
def stop():
    """End the fork server of this process."""
    while _running:
        _running.popitem()[1].close()
