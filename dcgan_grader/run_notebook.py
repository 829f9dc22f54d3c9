"""One notebook in sandboxed kernels: run what its tests need, and prove what they find.

Cells run in order in a fresh kernel. A cell that kills the kernel, or tampers, is left out, and
everything runs again without it in another fresh kernel: so it costs its own points only. Points
come from a run in which nothing tampered.
"""

import ast
import asyncio
import contextlib
import functools
import json
import logging
import os
import secrets
import threading
import time
from copy import deepcopy
from queue import Empty
from typing import NamedTuple

import nbformat
from ipykernel.compiler import get_tmp_hash_seed, murmur2_x86
from nbclient import NotebookClient
from nbclient.exceptions import CellTimeoutError, DeadKernelError

from dcgan_grader import tripwires
from dcgan_grader.bindings import TOO_DEEP, bindings, tree_of, used_names
from dcgan_grader.guard import proof
from dcgan_grader.provisioner import ForkedKernelManager

PASSED, FAILED, STOPPED, VOID = "passed", "failed", "stopped", "void"
REFUSED = "ReferenceUsed"  # the error by which a check says so
STARTING = 60  # seconds that a kernel has to answer for the first time
GRACE = 5  # seconds that a cell has to end after an interrupt


class Options(NamedTuple):
    """How a notebook is run."""

    cell_seconds: int = 180
    notebook_seconds: int = 1800
    memory: int = 4 * 2**30  # bytes
    output: int = 1_000_000  # characters that are kept of a cell's output
    every_cell: bool = False  # also the unchanged demonstrations that no answer needs


class Result(NamedTuple):
    """What came of a notebook."""

    notebook: nbformat.NotebookNode  # with outputs
    outcomes: dict  # grade_id of a test cell -> outcome
    flags: list  # sentences: what somebody must look at
    seconds: float


class _Stop(Exception):
    """This run cannot go on; `index` is the cell to leave out of the next.

    `is_violent` tells a kernel that ended, or heard no interrupt, from a cell that took too long.
    """

    def __init__(self, index, outcome, sentence, is_violent=False):
        super().__init__(sentence)
        self.index, self.outcome, self.sentence = index, outcome, sentence
        self.is_violent = is_violent


class _GuardError(RuntimeError):
    """The guard cannot work in this kernel: a cell has left it no memory, say."""


class _SetupError(RuntimeError):
    """The release's own setup cell fails: no submission can be graded here."""


def run_notebook(notebook, release, server, options=None):
    """Run a repaired submission.

    Args:
        notebook: the submission laid over the release; its test cells hold the hidden tests too.
        release: the released notebook.
        server: `forkserver.ForkServer`.
        options: `Options`.

    Returns:
        `Result`. Every test cell that did not pass has an error among its outputs.

    Raises:
        RuntimeError: if the sandbox, or the setup cell of the release, does not work.
    """
    return asyncio.run(_Run(notebook, release, server, options or Options()).whole())


class _Run:
    def __init__(self, notebook, release, server, options):
        self.notebook, self.server, self.options = notebook, server, options
        self.trusted = {_plain(cell.source) for cell in release.cells}
        code = [cell.source for cell in release.cells if cell.cell_type == "code"]
        solutions = [cell.source for cell in release.cells if _grading(cell).get("solution")]
        self.exercises = {name for source in solutions for name in bindings(source)}
        self.statements = {text for source in code for text in _statements(source)}
        ungraded = [c for c in release.cells if c.cell_type == "code" and not _grading(c)]
        self.setup = ungraded[0].source if ungraded else ""
        self.code = [i for i, c in enumerate(notebook.cells) if c.cell_type == "code"]
        self.tests = [i for i in self.code if _is_test(notebook.cells[i])]
        self.solutions = [i for i in self.code if _grading(notebook.cells[i]).get("solution")]
        answers = {name for i in self.solutions for name in bindings(notebook.cells[i].source)}
        used = {name for i in self.tests for name in used_names(notebook.cells[i].source)}
        self.test_names = sorted(used & set(bindings(self.setup)) - answers)
        self.files = {_file_of(notebook.cells[i].source): i for i in self.code}
        self.planned = set(self.code) if options.every_cell else self._needed()
        self.left_out = {}
        self.flags = []

    def _needed(self):
        """All but the release's own demonstrations that nothing else needs."""
        cells = self.notebook.cells
        demonstrations = [
            i
            for i in self.code
            if not _grading(cells[i]) and _plain(cells[i].source) in self.trusted
        ]
        needed = set(self.code) - set(demonstrations)
        waiting = list(needed)
        while waiting:
            names = used_names(cells[waiting.pop()].source)
            for i in demonstrations:
                if i not in needed and names & set(bindings(cells[i].source)) - {"_"}:
                    needed.add(i)
                    waiting.append(i)
        return needed

    async def whole(self):
        start = time.monotonic()
        self.deadline = start + self.options.notebook_seconds
        self._read_before_running()
        while True:
            copy = deepcopy(self.notebook)
            outcomes = {}
            try:
                await self._once(copy, outcomes)
                break
            except _Stop as stop:
                if stop.outcome == VOID:
                    self._flag(stop.index, stop.sentence)
                elif stop.is_violent:
                    self._flag(self._answer_behind(stop.index), stop.sentence.removeprefix("it "))
                self.left_out[stop.index] = (stop.outcome, stop.sentence)
        for i in self.tests:
            if self._is_void(i):
                outcomes[_grading(copy.cells[i])["grade_id"]] = VOID
        return Result(copy, outcomes, self.flags, time.monotonic() - start)

    def _read_before_running(self):
        cells = [self.setup, *(self.notebook.cells[i].source for i in self.code)]
        bound = [item for source in cells for item in bindings(source).items()]
        imported = {name for name, binding in bound if binding.kind == "import"}
        others = self._without_exercises(cells)
        for i in self.code:
            cell = self.notebook.cells[i]
            if i in self.tests or _plain(cell.source) in self.trusted:
                continue
            own = _without(cell.source, self.statements)
            found = tripwires.read(own, self.test_names, self.exercises, imported, others)
            for level, sentence in found:
                if level == tripwires.TAMPERING:
                    self._flag(i, sentence)
                    self.left_out[i] = (VOID, sentence)
                    break
                self._flag(i, sentence)

    def _without_exercises(self, cells):
        """Names and packages in which the library's solutions are not: there is a `tf.train`."""
        # What the setup cell takes from the library may be used.
        given = [item for item in tripwires.imports(self.setup) if "." in item[1]]
        found = [item for source in cells for item in tripwires.imports(source)]
        of_tests = {_package(origin) for name, origin in found if name in self.test_names}
        packages = {_package(origin) for _, origin in tripwires.imports(self.setup)} - of_tests
        others = {item for item in found if item in given or _package(item[1]) in packages}
        return packages | {name for name, _ in found} - {name for name, _ in set(found) - others}

    def _flag(self, index, sentence):
        sentence = f"{self._name(index)} {sentence}"
        if sentence not in self.flags:
            self.flags.append(sentence)

    def _name(self, index):
        grade_id = _grading(self.notebook.cells[index]).get("grade_id")
        return f"the cell {grade_id}" if grade_id else f"cell {index + 1}"

    def _is_void(self, test):
        names = used_names(self.notebook.cells[test].source)
        return self.left_out.get(test, ("",))[0] == VOID or any(
            outcome == VOID and names & set(bindings(self.notebook.cells[i].source))
            for i, (outcome, _) in self.left_out.items()
        )

    async def _once(self, notebook, outcomes):
        """Run all cells but those left out, in a fresh kernel; raise `_Stop` where it ends."""
        with _alone_at_first():
            manager = ForkedKernelManager(self.server, self.options.memory)
            client = _Client(
                notebook,
                km=manager,
                timeout=self.options.cell_seconds,
                allow_errors=True,
                error_on_timeout=self._timeout_error(),
                most=self.options.output,
                log=_QUIET,
            )
        try:
            with _alone_at_first():
                await manager.start_kernel()
                await client.connect()
                _has_started.set()
            outputs = await self._set_up(client)
            steps = []
            for index in self.code:
                cell = notebook.cells[index]
                if index == self.code[0] and _plain(cell.source) == _plain(self.setup):
                    cell.outputs = outputs  # It has just been run.
                elif index in self.left_out:
                    self._explain(cell, *self.left_out[index])
                    if index in self.tests:
                        outcomes[_grading(cell)["grade_id"]] = self.left_out[index][0]
                elif index in self.tests or index in self.planned:
                    steps.append(index)
            neighbours = zip([None, *steps], [*steps[1:], None], strict=False)
            for index, (before, after) in zip(steps, neighbours, strict=False):
                cell, is_last = notebook.cells[index], after not in self.tests
                if index in self.tests:
                    outcome = await self._test(client, cell, index, before, is_last)
                    outcomes[_grading(cell)["grade_id"]] = outcome
                else:
                    await self._student(client, cell, index, is_last)
        finally:
            # nbclient leaves a task behind where a cell took too long; it would complain later.
            for task in asyncio.all_tasks() - {asyncio.current_task()}:
                task.cancel()
            if client.kc is not None:
                client.kc.stop_channels()
            manager.close()

    async def _set_up(self, client):
        cell, first = nbformat.v4.new_code_cell(self.setup), client.nb.cells[0]
        await client.async_execute_cell(cell, 0)
        client.nb.cells[0] = first  # nbclient puts what it has run into the notebook
        errors = [o for o in cell.outputs if o.output_type == "error"]
        if errors:
            raise _SetupError(
                f"the setup cell of the release fails: {errors[0].ename}: {errors[0].evalue}"
            )
        self.key, self.serial = secrets.token_hex(16), 0
        request = {"do": "mark", "names": self.test_names, "key": self.key}
        request["exercises"] = sorted(self.exercises)
        await client.ask(request, GRACE + 30)
        self._reports(client)
        return cell.outputs

    async def _student(self, client, cell, index, is_last):
        if time.monotonic() > self.deadline:
            raise _Stop(index, STOPPED, self._too_late())
        try:
            await client.async_execute_cell(cell, index)
            if is_last:  # Otherwise the test that follows compares.
                await client.ask({"do": "compare"}, GRACE + 30)
        except (DeadKernelError, CellTimeoutError, Empty, _GuardError) as error:
            self._judge_reports(client, index)
            raise self._stop(index, client, error) from None
        self._judge_reports(client, index)

    async def _test(self, client, cell, index, before, is_last):
        if time.monotonic() > self.deadline:
            raise _Stop(index, STOPPED, self._too_late())
        self.serial += 1
        request = {"do": "test", "source": cell.source, "is_last": is_last}
        try:
            answer = await client.ask(request, self.options.cell_seconds)
        except (DeadKernelError, Empty, _GuardError) as error:
            self._judge_reports(client, index, before)
            raise self._stop(index, client, error) from None
        proofs = self._judge_reports(client, index, before)
        cell.outputs = []
        if answer["text"]:
            cell.outputs.append(nbformat.v4.new_output("stream", text=str(answer["text"])))
        last = len(tree_of(cell.source).body) - 1
        value = proofs[-1]["value"] if proofs else None
        expected = [
            proof(self.key, self.serial, cell.source, number, value if number == last else None)
            for number in range(last + 1)
        ]
        if answer["error"] is None and [p["word"] for p in proofs] != expected:
            sentence = "did not give the proof that its test ran"
            raise _Stop(index, VOID, sentence)
        if answer["error"] is not None:
            cell.outputs.append(_error(*answer["error"]))
            if answer["error"][0] == REFUSED:
                self._flag(self._answer_behind(index), "runs the library's own solution")
            return FAILED
        if value is not None:
            if not 0 <= value <= _grading(cell)["points"]:
                raise _Stop(index, VOID, f"gave itself {value} points")
            data = {"text/plain": repr(value)}
            cell.outputs.append(nbformat.v4.new_output("execute_result", data=data))
        return PASSED

    def _judge_reports(self, client, index, before=None):
        """Flag what was reported; return the proofs; stop if somebody tampered.

        What was found late is of the step before.
        """
        alarms, proofs = self._reports(client)
        for alarm in sorted(alarms, key=lambda a: a["level"] != tripwires.TAMPERING):
            where = self.files.get(os.path.basename(alarm["where"]))
            step = before if before is not None and alarm["late"] else index
            culprit = where if where is not None else self._answer_behind(step)
            if culprit in self.left_out:
                culprit = step
            if alarm["level"] == tripwires.TAMPERING:
                raise _Stop(culprit, VOID, alarm["sentence"])
            if _plain(self.notebook.cells[culprit].source) not in self.trusted:
                self._flag(culprit, alarm["sentence"])
        return proofs

    def _answer_behind(self, index):
        """The solution cell whose function a test cell calls; else the cell itself."""
        if index not in self.tests:
            return index
        names = used_names(self.notebook.cells[index].source)
        for i in reversed(self.code[: self.code.index(index)]):
            if i not in self.tests and names & set(bindings(self.notebook.cells[i].source)):
                return i
        return index

    def _reports(self, client):
        alarms, proofs = [], []
        for line in client.lines():
            try:
                message = json.loads(line)
                if "word" in message:
                    proofs.append({"word": message["word"], "value": message["value"]})
                else:
                    alarm = {k: str(message[k]) for k in ("level", "sentence", "where")}
                    alarms.append({**alarm, "late": message["late"]})
            except (ValueError, KeyError, TypeError):
                sentence = "wrote into the grader's pipe"
                alarm = {"level": tripwires.TAMPERING, "sentence": sentence, "where": ""}
                alarms.append({**alarm, "late": False})
        return alarms, proofs

    def _stop(self, index, client, error):
        # nbclient does not interrupt a cell that takes too long: it may be an honest loop.
        is_violent = not isinstance(error, CellTimeoutError)
        return _Stop(index, STOPPED, self._how_it_ended(client, error), is_violent)

    def _how_it_ended(self, client, error):
        if client.km.provisioner.too_large:
            return f"it used more than {self.options.memory / 2**30:.1f} GB of memory"
        if isinstance(error, DeadKernelError):
            return "it ended the Python process"
        if isinstance(error, _GuardError):
            return f"it left the process so that {error}"
        return (
            f"it took longer than {self.options.cell_seconds} seconds and could not be interrupted"
        )

    def _too_late(self):
        return f"the notebook took longer than {self.options.notebook_seconds} seconds"

    def _timeout_error(self):
        message = f"this cell took longer than {self.options.cell_seconds} seconds"
        return {"ename": "Timeout", "evalue": message, "traceback": [f"Timeout: {message}"]}

    def _explain(self, cell, outcome, sentence):
        name = "NotRun" if outcome == VOID else "Stopped"
        suffix = ". A person will look at it." if outcome == VOID else ""
        cell.outputs = [_error(name, f"this cell was left out: {sentence}{suffix}")]


_has_started = threading.Event()  # whether a kernel has been started in this process
_starting = threading.Lock()


def _alone_at_first():
    """Looked up by name at their first use, traitlets' classes are not ready for two threads."""
    return contextlib.nullcontext() if _has_started.is_set() else _starting


class _Client(NotebookClient):
    """nbclient's client, with the grader's message, and a limit to what a cell may print."""

    def __init__(self, notebook, km, most, log, **options):
        super().__init__(notebook, km=km, **options)
        self.log = log
        self.most, self._used, self._rest = most, {}, b""
        self.allow_errors = True

    async def connect(self):
        """Wait until the kernel hears and is heard.

        Raises:
            DeadKernelError: if the kernel has ended.
            RuntimeError: if it does not answer.
        """
        self.kc = self.km.client()
        # No heartbeat: its thread waits for ever where a kernel has closed that socket.
        self.kc.start_channels(hb=False)
        self.kc.allow_stdin = False
        deadline = time.monotonic() + STARTING
        # The first thing heard shows that nothing will be missed.
        while not await self.kc.iopub_channel.msg_ready():
            if not await self.km.is_alive():
                raise DeadKernelError("Kernel died")
            if time.monotonic() > deadline:
                raise RuntimeError(f"the kernel did not answer within {STARTING} seconds")
            self.kc.kernel_info()
            with contextlib.suppress(Empty):
                await self.kc.shell_channel.get_msg(timeout=0.2)

    async def ask(self, content, seconds):
        """Send the grader's message; return the content of the answer.

        Raises:
            DeadKernelError: if the kernel has ended.
            Empty: if no answer came, not even after an interrupt.
            _GuardError: if the guard cannot work any more.
        """
        message = self.kc.session.msg("grading_request", content)
        self.kc.shell_channel.send(message)
        deadline, interrupted = time.monotonic() + seconds, False
        while True:
            try:
                reply = await self.kc.shell_channel.get_msg(timeout=0.2)
            except Empty:
                if not await self.kc.is_alive():
                    raise DeadKernelError("Kernel died") from None
                if time.monotonic() > deadline:
                    if interrupted:
                        raise
                    interrupted, deadline = True, time.monotonic() + GRACE
                    await self.km.interrupt_kernel()
                continue
            if reply["parent_header"].get("msg_id") == message["header"]["msg_id"]:
                answer = reply["content"]
                if "failed" in answer:
                    raise _GuardError(f"the guard of the kernel fails: {answer['failed']}")
                if interrupted:
                    answer["error"] = ["Timeout", f"this took longer than {seconds} seconds"]
                return answer

    def lines(self):
        """What the guard has reported since, line by line."""
        data = self._rest
        while part := self.km.reports.read(65536):
            data += part
        *lines, self._rest = data.split(b"\n")
        return lines

    def output(self, outs, msg, display_id, cell_index):
        """Keep an output, up to the limit of its cell."""
        size = len(json.dumps(msg["content"], default=str))
        used = self._used.get(cell_index, 0)
        self._used[cell_index] = used + size
        if used > self.most:
            return None
        if used + size > self.most and msg["msg_type"] != "error":
            text = "\n[the rest of this output is left out]\n"
            cut = {**msg, "msg_type": "stream", "content": {"name": "stdout", "text": text}}
            cut["header"] = {**msg["header"], "msg_type": "stream"}
            return super().output(outs, cut, None, cell_index)
        return super().output(outs, msg, display_id, cell_index)


_QUIET = logging.getLogger(__name__)
_QUIET.addHandler(logging.NullHandler())
_QUIET.propagate = False


def _error(name, message):
    return nbformat.v4.new_output(
        "error", ename=str(name), evalue=str(message), traceback=[f"{name}: {message}"]
    )


def _grading(cell):
    return cell.metadata.get("nbgrader", {})


def _package(origin):
    return origin.split(".")[0]


def _is_test(cell):
    return bool(_grading(cell).get("grade")) and not _grading(cell).get("solution")


def _plain(source):
    return "\n".join(line.rstrip() for line in source.strip().splitlines())


@functools.lru_cache(maxsize=512)
def _statements(source):
    """The statements of a cell, in a form that can be compared."""
    try:
        return [ast.dump(node) for node in tree_of(source).body]
    except TOO_DEEP:
        return []


def _without(source, statements):
    """A cell's code without the statements that are the release's."""
    try:
        body = tree_of(source).body
        kept = [node for node in body if ast.dump(node) not in statements]
        return source if len(kept) == len(body) else "\n".join(map(ast.unparse, kept))
    except TOO_DEEP:
        return source


@functools.lru_cache(maxsize=512)
def _file_of(source):
    """The file name that ipykernel gives to the code of a cell."""
    return f"{murmur2_x86(source, get_tmp_hash_seed())}.py"
