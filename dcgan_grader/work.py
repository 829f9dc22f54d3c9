"""What a worker does with one submission: read, repair, run. It touches no file of the course."""

import ast
import atexit
import contextlib
import functools
import hashlib
import platform
import threading
import traceback
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import nbformat

from dcgan_grader.bindings import TOO_DEEP, tree_of
from dcgan_grader.forkserver import COURSE, ForkServer, Process
from dcgan_grader.notebooks import NotANotebook, read_notebook, write_notebook
from dcgan_grader.repair import RepairError, repair
from dcgan_grader.run_notebook import Options, run_notebook
from dcgan_grader.sandbox import Limits, SandboxError


class Assignment(NamedTuple):
    """What is the same for a whole class."""

    name: str
    release: str  # the released notebook, as text
    tests: dict  # grade_id -> source with the hidden tests
    options: Options = Options()
    limits: Limits = Limits()
    unsafe: bool = False  # also where there is no sandbox
    code: str = ""  # `code_version` that a worker must have; "" for any
    started: tuple = ()  # `forkserver.Started`, on this machine


class UnfitError(RuntimeError):
    """This worker must not grade; the message says why. Nothing of the submission was run."""


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
    try_again: bool = False  # the error is not the submission's: the next run tries once more


def work(assignment, student, data):
    """Grade one submission in this process's sandboxed kernels.

    Args:
        assignment: `Assignment`.
        student: id of the student.
        data: bytes of the submission.

    Returns:
        `Graded`. No submission makes it raise: one must not stop a class.

    Raises:
        UnfitError: if this machine has no sandbox, or not the code of the one that asks.
    """
    must_be_fit(assignment.code)
    try:
        release = nbformat.reads(assignment.release, 4)
        submission, notes = read_notebook(data, release.metadata)
        repaired = repair(submission, release)
        for cell in repaired.notebook.cells:
            grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
            if grade_id in assignment.tests:
                cell.source = assignment.tests[grade_id]
        with _server(assignment) as server:
            result = run_notebook(repaired.notebook, release, server, assignment.options)
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
    except SandboxError as error:
        raise UnfitError(f"{platform.node()} has no sandbox: {error}") from None
    except Exception as error:
        traceback.print_exc()
        said = f"grading failed: {type(error).__name__}: {error}"
        return Graded(student, error=said, try_again=True)


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
                nodes = tree_of(line).body
            except TOO_DEEP:
                continue
            for node in nodes:
                if isinstance(node, ast.Import):
                    found |= {alias.name for alias in node.names}
                elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                    found.add(node.module)
                    found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return sorted(found)


def must_be_fit(code):
    """Refuse to grade with other code than that of the machine that asks.

    Args:
        code: `code_version` of that machine; "" for any.

    Raises:
        UnfitError: if this one's is another.
    """
    if code not in ("", code_version()):
        raise UnfitError(f"{platform.node()} has another dcgan-course than the machine that asks")


@functools.cache
def code_version():
    """Tell one state of the course's code from another.

    Returns:
        str; a hash of the packages that grade and check.
    """
    digest = hashlib.sha256()
    for name in ("dcgan_grader", COURSE):
        spec = find_spec(name)
        for folder in spec.submodule_search_locations if spec else ():
            for path in sorted(Path(folder).rglob("*.py")):
                digest.update(f"{name} {path.relative_to(folder).as_posix()}\n".encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()


_lock = threading.Lock()
_servers = []  # The newest first; the others still have kernels that run.


class _Shared:
    """A fork server, and how many submissions use it."""

    def __init__(self, key, server):
        self.key, self.server, self.users = key, server, 0

    def fits(self, key):
        return self.key == key and not self.server.is_worn


@contextlib.contextmanager
def _server(assignment):
    """This process's fork server for an assignment: started once, and anew from time to time.

    All threads share it: each import of TensorFlow costs seconds and half a gigabyte.
    """
    key = (assignment.name, assignment.unsafe, assignment.limits)
    with _lock:
        if not (_servers and _servers[0].fits(key)):
            server = ForkServer(*_kind(assignment), assignment.started)
            _servers.insert(0, _Shared(key, server))
        shared = _servers[0]
        shared.users += 1
    try:
        yield shared.server
    finally:
        with _lock:
            shared.users -= 1
            for old in [one for one in _servers[1:] if not one.users]:
                _servers.remove(old)
                old.server.close()


def _kind(assignment):
    """The first arguments of a fork server."""
    modules = imports(nbformat.reads(assignment.release, 4))
    return modules, assignment.unsafe, assignment.limits


@contextlib.contextmanager
def started_early(assignment, count):
    """Start fork servers for worker processes that are not yet there.

    Args:
        assignment: `Assignment`.
        count: how many; the workers must be on this machine.

    Yields:
        The `Assignment` that leads workers to them.
    """
    processes = []
    try:
        for _ in range(count):
            processes.append(Process(*_kind(assignment)))
        yield assignment._replace(started=tuple(one.started for one in processes))
    finally:
        for process in processes:
            process.close()


@atexit.register
def stop():
    """End the fork servers of this process."""
    while _servers:
        _servers.pop().server.close()
