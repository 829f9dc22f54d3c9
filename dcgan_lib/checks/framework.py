"""How a check works.

An `Exercise` is one function or choice that a student writes. Its checks are properties that a
right answer must have, each a plain function of the answer and of inputs with defaults:

    LOSS = Exercise("generator_loss", "05_losses", references=["losses.generator_loss"])

    @LOSS.check("The generator's loss")
    def generator_loss_value(answer, logits=(0.5, -2.0)):
        "gives the mean cross-entropy of fakes against ones"
        ...

A test cell calls `generator_loss_value(generator_loss)`; a hidden test calls it with other
inputs. A check prints one line when it passes. When it fails it says what came, what was
expected, the likely cause, and where it was taught.
"""

import contextlib
import functools
import importlib
import io
import re
import sys
import textwrap
import threading
import traceback
import types
import warnings
from pathlib import Path

import numpy as np

LESSONS = {}  # lesson name -> its exercises, in the order in which they are taught
WIDTH = 100  # of a message in a notebook, in characters
_caches = []  # of what answers made; see `kept`
_SKELETON = "there is still a `...` of the skeleton: write your own code in its place"
_LIBRARY = str(Path(__file__).parents[1])
# How an error that was raised while a graph is traced names a line of code: file and line.
_TRACED_LINE = re.compile(r'^ *File "(.*)", line \d+, in .*\n *(.*)\n', re.M)


class CheckFailed(AssertionError):
    """An answer lacks a property. The message is written for the student."""


class NotAnswered(CheckFailed):
    """A choice question has no answer yet."""


class ReferenceUsed(CheckFailed):
    """An answer reached the library's own solution of its exercise."""


def fail(what, *, came, expected, cause):
    """Fail the check that is running.

    Args:
        what: what is wrong, a clause in plain words.
        came: what the answer gave.
        expected: what a right answer gives.
        cause: the likely mistake, and what to do.

    Raises:
        CheckFailed: always.
    """
    raise CheckFailed(f"{what}\n  came:      {came}\n  expected:  {expected}\n  likely:    {cause}")


def expect(condition, what, *, came, expected, cause):
    """Fail the check that is running unless `condition` holds; see `fail`."""
    if not condition:
        fail(what, came=came, expected=expected, cause=cause)


def expect_close(came, expected, what, *, cause, rtol=1e-4, atol=1e-6):
    """Fail the check that is running unless all numbers are close, and of one shape.

    Args:
        came: number, array or tensor that the answer gave.
        expected: number or array.
        what: what is compared, e.g. "the loss for real logits (3, -1)".
        cause: the likely mistake; or a function from the array that came to it.
        rtol: relative tolerance.
        atol: absolute tolerance.
    """
    array = as_array(came, what)
    expected = np.asarray(expected)
    explain = (lambda: cause(array)) if callable(cause) else (lambda: cause)
    if array.shape != expected.shape:
        fail(
            f"{what} has the wrong shape",
            came=f"shape {array.shape}",
            expected=f"shape {expected.shape}",
            cause=explain(),
        )
    if not np.allclose(array, expected, rtol=rtol, atol=atol, equal_nan=False):
        fail(f"{what} is wrong", came=short(array), expected=short(expected), cause=explain())


def as_array(value, what):
    """Turn what an answer gave into a NumPy array of numbers, or fail the check.

    Args:
        value: anything.
        what: what it should be, for the message.

    Returns:
        A NumPy array.
    """
    array = None
    if value is not None:
        with contextlib.suppress(Exception):
            array = np.asarray(value)
    if array is None or array.dtype.kind not in "biuf":
        fail(
            f"{what} is not made of numbers",
            came=short(value),
            expected="a number, an array or a tensor",
            cause=_no_numbers(value),
        )
    return array


def _no_numbers(value):
    if value is None:
        return "is there a `return`, and does it return the result itself?"
    if value is ...:
        return _SKELETON
    return "return the array or tensor itself, not something that holds it"


def one_array(value, what):
    """The same, where a list or a tuple of arrays is none; see `as_array`."""
    if isinstance(value, list | tuple):
        fail(
            f"{what} is not one array",
            came=f"a {type(value).__name__} of {len(value)}",
            expected="an array or a tensor",
            cause="compute with the whole array, or join the parts with np.stack",
        )
    return as_array(value, what)


def short(value):
    """Write a value in one line of at most about 200 characters."""
    if isinstance(value, np.ndarray):
        value = value.item() if value.ndim == 0 else value
    if isinstance(value, np.ndarray):
        text = np.array2string(value, precision=6, threshold=12, edgeitems=3)
    elif isinstance(value, float):
        text = f"{value:.6g}"
    else:
        text = repr(value)
    text = " ".join(text.split())
    return text if len(text) <= 200 else f"{text[:197]}..."


class Exercise:
    """One function or choice that a student writes.

    Args:
        name: its name in the contract, which the student's function bears.
        lesson: the notebook that teaches it, e.g. "05_losses".
        references: the library's solutions, as "room.function"; an answer may not reach them.
    """

    def __init__(self, name, lesson, references=()):
        self.name = name
        self.lesson = lesson
        self.references = tuple(references)
        self.checks = []
        LESSONS.setdefault(lesson, []).append(self)

    def check(self, section):
        """Register a property of a right answer.

        Args:
            section: heading of the notebook's section that teaches the property.

        Returns:
            A decorator of a function `(answer, **inputs)`. The first line of its docstring
            completes the sentence "<exercise> …".
        """

        def decorate(body):
            @functools.wraps(body)
            def run(answer, **inputs):
                taught = f'\n  taught in: {self.lesson}, "{section}"'
                notes = []
                if _running and not _is_ours(sys._getframe(1)):
                    _refuse(f"check of {self.name}")
                _running.append(self)
                try:
                    with _heard_warnings(notes), _guarded(self):
                        body(answer, **inputs)
                except CheckFailed as failure:
                    raise _brief(type(failure)(f"{self.name}: {failure}{taught}")) from None
                except NotImplementedError as error:
                    if _raised_by_library(error):
                        raise self._stopped(error, taught) from error
                    raise _brief(self._unwritten(error)) from None
                except (Exception, SystemExit) as error:
                    raise self._stopped(error, taught) from error
                finally:
                    _running.pop()
                    for note in dict.fromkeys(notes):
                        print(f"  note: Python warned: {note}")
                print(f"\N{CHECK MARK} {self.name} {_first_line(body)}")

            run.section = section
            self.checks.append(run)
            return run

        return decorate

    def choice(self, section, right, reasons):
        """Register the check of a choice question.

        Args:
            section: heading of the notebook's section that teaches the answer.
            right: the right letters, e.g. "AC"; one letter for a single choice.
            reasons: dict from every letter to the reason why it is right or wrong.

        Returns:
            The check, a function of the answer: a letter, or a set, list or string of letters.
        """

        def body(answer):
            chosen = _letters(answer)
            if not chosen:
                raise NotAnswered(
                    f"not answered yet. Choose among {', '.join(reasons)} and run the cell again."
                )
            unknown = sorted(set(chosen) - set(reasons))
            expect(
                not unknown,
                "there is no such option",
                came=", ".join(unknown),
                expected=f"letters among {', '.join(reasons)}",
                cause="write the letters of the options, such as {'A', 'B'}",
            )
            wrong = [letter for letter in chosen if letter not in right]
            missing = len(set(right) - set(chosen))
            expect(
                not wrong,
                "not every chosen option is right",
                came=", ".join(chosen),
                expected="only options that are right",
                cause="; ".join(f"{letter}: {reasons[letter]}" for letter in wrong),
            )
            expect(
                not missing,
                "right so far, but not complete",
                came=", ".join(chosen),
                expected=f"{missing} more",
                cause="go through the other options once more, each on its own",
            )
            for letter in chosen:
                print(_wrapped(f"  {letter}: {reasons[letter]}", indent=5))

        body.__doc__ = "is answered right"
        body.__name__ = body.__qualname__ = f"{self.name}_choice"
        return self.check(section)(body)

    def _unwritten(self, error):
        """Say which exercise is not written: this one, or one that its answer calls."""
        raised_in = _innermost(error).f_code.co_name
        exercises = {exercise.name for lesson in LESSONS.values() for exercise in lesson}
        if raised_in in exercises - {self.name}:
            return CheckFailed(f"{self.name}: it calls {raised_in}, which is not written yet.")
        return NotImplementedError(f"{self.name} is not written yet.")

    def _stopped(self, error, taught):
        hint = _place(error)
        said = reason(error)
        # Of the answer itself, not of a function that it calls.
        own = said.startswith((self.name, "<lambda>")) or "<locals>.<lambda>()" in said
        if own and isinstance(error, TypeError) and "argument" in said:
            hint += "\n  likely:    the parameters are not those that the text names"
        elif isinstance(error, TypeError) and "'ellipsis'" in str(error):
            hint += f"\n  likely:    {_SKELETON}"
        what = f"your code stopped with {type(error).__name__}: {_cut(said)}"
        return _brief(CheckFailed(f"{self.name}: {what}{hint}{taught}"))


def progress(lesson, names):
    """Print each exercise of a lesson as done, failing or not started. Never raises.

    Args:
        lesson: e.g. "05_losses".
        names: the notebook's names, `globals()`.
    """
    for exercise in LESSONS[lesson]:
        print(f"{exercise.name:<30}{_state(exercise, names)}")


def _state(exercise, names):
    if exercise.name not in names:
        return "not started"
    for check in exercise.checks:
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                check(names[exercise.name])
        except (NotImplementedError, NotAnswered):
            return "not started"
        except Exception as error:
            return f"failing: {str(error).splitlines()[0].removeprefix(f'{exercise.name}: ')}"
    return "done"


def reason(error):
    """Say what an error says, without the lines that TensorFlow adds while it traces a graph.

    Args:
        error: an exception.

    Returns:
        The text of the error.
    """
    text = str(error)
    if not text.startswith("in user code:"):
        return text
    return _TRACED_LINE.split(text)[-1].strip().removeprefix(f"{type(error).__name__}: ")


def kept(make):
    """Keep what an answer made for the checks that follow; a decorator.

    What an answer made with the library's own solution is forgotten when that is refused.

    Args:
        make: function of the answer, and of other arguments that can be hashed.

    Returns:
        The function, which makes each of the last three things once.
    """
    cache = functools.lru_cache(maxsize=3)(make)
    _caches.append(cache)
    return cache


def _letters(answer):
    if answer is None:
        return []
    letters = answer if isinstance(answer, (str, set, frozenset, list, tuple)) else str(answer)
    return sorted({part.upper() for item in letters for part in str(item) if part.isalpha()})


def _first_line(body):
    return (body.__doc__ or "").strip().splitlines()[0]


def _brief(error):
    """Let IPython show the message alone: the library's own lines would bury it."""
    error._render_traceback_ = lambda: [_wrapped(f"{type(error).__name__}: {error}", indent=13)]
    return error


def _wrapped(text, indent):
    """Break long lines between words: JupyterLab breaks them within a word."""
    return "\n".join(
        textwrap.fill(
            line,
            WIDTH,
            subsequent_indent=" " * indent,
            break_long_words=False,
            break_on_hyphens=False,
        )
        for line in text.split("\n")
    )


def _place(error):
    """Say which line of the student's code stopped: the last one outside all libraries."""
    libraries = ("site-packages", "__autograph_generated", _LIBRARY)
    frames = [(frame.filename, frame.line) for frame in traceback.extract_tb(error.__traceback__)]
    for filename, line in reversed(frames + _TRACED_LINE.findall(str(error))):
        if not any(library in filename for library in libraries):
            return f"\n  in line:   {line}" if line else ""
    return ""


def _cut(text, most=600):
    """A message without colours and empty lines; Keras writes hundreds of lines."""
    lines = [line for line in re.sub(r"\x1b\[[0-9;]*m", "", text).splitlines() if line.strip()]
    text = "\n".join(lines)
    return text if len(text) <= most else f"{text[:most]} ..."


def _raised_by_library(error):
    """Tell a network that lacks its `call` from an exercise that is not written."""
    return "site-packages" in _innermost(error).f_code.co_filename


def _innermost(error):
    """The frame in which an error was raised."""
    trace = error.__traceback__
    while trace.tb_next is not None:
        trace = trace.tb_next
    return trace.tb_frame


@contextlib.contextmanager
def _heard_warnings(notes):
    """Collect warnings as text: on stderr, nbgrader would take the cell's points away."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("default")
        try:
            yield
        finally:
            # Deprecations are for authors of libraries; some come from the kernel's own threads.
            notes.extend(
                str(warning.message).splitlines()[0]
                for warning in caught
                if not issubclass(warning.category, (DeprecationWarning, FutureWarning))
            )


# How an answer that uses the library's own solution is refused.
#
# While a check runs, a trap stands in the place of each solution's code. It costs nothing until it
# is called, from whatever thread. A copy of a solution (its source run by `exec`, say) has code of
# its own, which must have been run or put into a function: Python tells `_hear` so. A copy made
# while the check runs is refused at once. Where one was made before, the check looks at each
# function that is called; that is slow, and an honest answer is spared it.
#
# An answer that starts a check of its own could read there what is expected: it is refused, too.

_running = []  # the exercises whose checks run; a check may run another exercise's check
_solutions = {}  # while a check runs: each guarded function, and its own code
_heard = {}  # by `_mark`: the code that was run, or None for what was put into a function
_reached = []  # names of the solutions that answers reached
_one_at_a_time = threading.RLock()  # else a check in another thread could restore a trap


@contextlib.contextmanager
def _guarded(exercise):
    """Refuse an answer that runs the library's own solution, however it got hold of it."""
    with _one_at_a_time:
        already = len(_reached)
        solutions = [_find(reference) for reference in exercise.references]
        # A check may run another exercise's check, and both may guard the same solution.
        fresh = {
            solution: solution.__code__ for solution in solutions if solution not in _solutions
        }
        _solutions.update(fresh)
        for solution, code in fresh.items():
            solution.__code__ = _make_trap(code)
        codes = [_solutions[solution] for solution in solutions]
        copied = any(copy is not code for code in codes for copy in _heard.get(_mark(code), ()))
        try:
            with _looking() if copied else contextlib.nullcontext():
                yield
        finally:
            for solution in fresh:
                solution.__code__ = _solutions.pop(solution)
            if len(_reached) > already:
                for cache in _caches:
                    cache.cache_clear()
                raise ReferenceUsed(
                    f"this answer runs the library's own solution, dcgan_lib's "
                    f"{_reached[already]}.\n"
                    "  expected:  your own code; what the setup cell imports may be used"
                ) from None


def _trap(*arguments, **options):
    """Stand for a solution."""
    from dcgan_lib.checks import framework  # a trap sees the names of the solution's module

    framework._refuse()


def _refuse(name=None):
    # Noted first: the answer may catch the error.
    _reached.append(name or sys._getframe(1).f_code.co_name)
    raise ReferenceUsed("this is the library's own solution")


def _is_ours(frame):
    return frame.f_code.co_filename.startswith(_LIBRARY)


def _make_trap(code):
    # All that may be read of the solution stays: a copy of its source must still be known.
    return _trap.__code__.replace(
        co_name=code.co_name,
        co_filename=code.co_filename,
        co_firstlineno=code.co_firstlineno,
        co_freevars=code.co_freevars,
        co_consts=(_docstring(code), *_trap.__code__.co_consts[1:]),
    )


def _hear(event, arguments):
    """Note code that is run, or put into a function; Python calls this (PEP 578)."""
    if event not in ("exec", "function.__new__", "object.__setattr__"):
        return
    for code in filter(_is_code, arguments):
        if sys._getframe(1).f_globals is globals():
            return
        names = _names_by_mark()
        for part in _parts(code):
            mark = _mark(part)
            _heard.setdefault(mark, []).append(part if event == "exec" else None)
            if mark in names:
                _reached.append(names[mark])


@contextlib.contextmanager
def _looking():
    """Look at each function that is called, in this thread and in those that it starts."""
    names = _names_by_mark()

    def look(frame, event, argument):
        if event == "call" and (mark := _mark(frame.f_code)) in names:
            _reached.append(names[mark])

    before = sys.getprofile()
    before_in_threads = threading.getprofile()
    sys.setprofile(look)
    threading.setprofile(look)
    try:
        yield
    finally:
        sys.setprofile(before)
        threading.setprofile(before_in_threads)


def _names_by_mark():
    return {_mark(code): code.co_name for code in list(_solutions.values())}


def _parts(code):
    """A code object, and those of the functions that it defines."""
    yield code
    for constant in filter(_is_code, code.co_consts):
        yield from _parts(constant)


def _is_code(value):
    return isinstance(value, types.CodeType)


def _docstring(code):
    first = code.co_consts[0] if code.co_consts else None
    return first if isinstance(first, str) else None


def _mark(code):
    """What a copy has in common with the original: its docstring, else the code itself."""
    return _docstring(code) or code


def _find(reference):
    """Find "room.function" or "room.Class.method" in `dcgan_lib`."""
    room, *path = reference.split(".")
    return functools.reduce(getattr, path, importlib.import_module(f"dcgan_lib.{room}"))


sys.addaudithook(_hear)
