"""Where submissions are graded: processes of this machine, or a Dask cluster.

One generator hands over what is graded, in the order in which it comes. A worker that dies costs
nothing: its submission is graded once more by another.
"""

import contextlib
import logging
import os
import signal
import threading
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    CancelledError,
    ProcessPoolExecutor,
    wait,
)
from multiprocessing import active_children, get_context, parent_process
from typing import Any, NamedTuple

from dcgan_grader.work import Graded, UnfitError, must_be_fit, started_early, work

PATIENCE = 60  # seconds to wait for a worker where there is none
GO_ON = "What is graded is kept: run the command again to go on"


class GradeError(ValueError):
    """The class cannot be graded, or not to its end; the message says why."""


class _Crew(NamedTuple):
    executor: Any
    look: Any  # a function that raises GradeError when no worker is left
    killed: Any = ()  # the error of a submission whose workers have died again and again


def finished(assignment, submissions, workers=None, scheduler=None):
    """Grade submissions, several at once.

    Args:
        assignment: `work.Assignment`.
        submissions: dict, id of a student -> bytes.
        workers: how many at once on this machine; one per processor when None.
        scheduler: address of a Dask scheduler, to grade on its cluster instead.

    Yields:
        `work.Graded`, one of each student.

    Raises:
        GradeError: if no worker can do it.
    """
    waiting = dict(submissions)
    crashes = 0
    while waiting:
        count = min(workers or os.cpu_count() or 1, len(waiting))
        early = 0 if scheduler else count // _threads(count)
        with (
            started_early(assignment, early) as known,
            _crew(assignment, count, scheduler) as crew,
        ):
            futures = {
                crew.executor.submit(work, known, student, data): student
                for student, data in waiting.items()
            }
            try:
                while futures:
                    ready, _ = wait(futures, timeout=PATIENCE, return_when=FIRST_COMPLETED)
                    if not ready:
                        crew.look()
                    for future in ready:
                        student = futures.pop(future)
                        result = _result(future, student, crew)
                        del waiting[student]
                        yield result
            except BrokenExecutor:
                # The memory of this machine, say. What is done is done; the rest once more.
                crashes += 1
                if crashes > 2:
                    raise GradeError(
                        f"a worker process died three times; fewer --workers may help. {GO_ON}"
                    ) from None
            except UnfitError as error:
                raise GradeError(f"a worker refuses to grade: {error}") from None
            except CancelledError:
                raise GradeError(f"the scheduler {scheduler or ''} is gone. {GO_ON}") from None
            finally:
                for future in futures:
                    future.cancel()


def _result(future, student, crew):
    try:
        return future.result()
    except crew.killed:
        error = "the worker processes that graded it died again and again"
        return Graded(student, error=error, try_again=True)


@contextlib.contextmanager
def _crew(assignment, count, scheduler):
    try:
        from distributed import Client, KilledWorker, LocalCluster, Security

        # Without keys every user of this machine could give the workers something to do.
        security = None if scheduler else Security.temporary()
    except ImportError:
        if scheduler:
            raise GradeError(
                "--scheduler needs Dask: pip install 'dcgan-course[cluster]'"
            ) from None
        with _plain_processes(count) as executor:
            yield _Crew(executor, look=lambda: None)
        return
    with contextlib.ExitStack() as stack:
        if scheduler is None:
            with _interrupts_ignored():
                threads = _threads(count)
                cluster = LocalCluster(
                    n_workers=count // threads,
                    threads_per_worker=threads,
                    processes=True,
                    dashboard_address="127.0.0.1:0",
                    memory_limit=0,  # Each sandbox has a limit of its own.
                    security=security,
                    silence_logs=logging.CRITICAL,
                )
            stack.callback(_close, cluster)
        try:
            client = stack.enter_context(Client(scheduler or cluster, set_as_default=False))
        except (OSError, TypeError, ValueError) as error:  # TypeError: tls:// without keys
            raise GradeError(f"the scheduler {scheduler or ''} cannot be used: {error}") from None

        def look():
            try:
                client.wait_for_workers(1, timeout=PATIENCE)
            except OSError:
                place = f"the scheduler {scheduler} has" if scheduler else "there is"
                raise GradeError(f"{place} no worker. {GO_ON}") from None

        if scheduler:
            look()
            _ask_all(client, assignment)
        yield _Crew(client.get_executor(pure=False), look, KilledWorker)


def _threads(count):
    """How many share a process, and its fork server; more would wait for each other."""
    return max(threads for threads in (1, 2, 3, 4) if count % threads == 0)


def _close(cluster):
    # All results are here: a worker that cannot be ended in good order must not undo them.
    with contextlib.suppress(Exception):
        cluster.close()


def _ask_all(client, assignment):
    """Ask the workers of a cluster first: one without the course would die without a word."""
    answers = client.run(must_be_fit, assignment.code, on_error="return")
    for address, answer in answers.items():
        if isinstance(answer, BaseException):
            raise GradeError(f"the worker {address} cannot grade: {answer}")


@contextlib.contextmanager
def _plain_processes(count):
    # Not forked: a fork would copy the writer's open gradebook.
    with ProcessPoolExecutor(count, get_context("spawn"), _start_process) as executor:
        try:
            yield executor
        except BaseException:
            for process in active_children():
                process.terminate()
            raise


def _start_process():
    """Leave Ctrl-C to the parent, and end when it ends, even by kill -9."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent():
    parent_process().join()
    os._exit(1)


@contextlib.contextmanager
def _interrupts_ignored():
    """Processes that are started in here leave Ctrl-C to this one, which ends them."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
