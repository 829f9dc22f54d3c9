"""What watches inside a student's kernel, and runs the tests there; `unchanged` is its memory.

The tests run in the student's process, so the student's code could change them. Against that:

- The tests do not pass through IPython. The grader sends them in a message of their own, whose
  handler compiles and runs them here, and proves each statement by a word that needs a key. The
  grader sends the key before any of the student's code runs.
- An audit hook reports when student's code reaches for frames, tracing, code objects or memory.
  Python cannot remove such a hook; the report leaves through a pipe at once.
- After the setup cell all functions that matter are listed; between any two cells and tests they
  are compared.
- While a test runs, its names are in a dict of their own; whoever uses them from elsewhere is an
  answer that asks the tests.
- TensorFlow knows from which lines of code a graph was traced; a graph of the library's own
  solution would run later without that solution.

A report ends the run; the grader starts afresh without the cell that caused it.
"""

import builtins
import contextlib
import hashlib
import io
import itertools
import json
import operator
import os
import sys
import threading
import types
from importlib.machinery import PathFinder

from dcgan_grader import tripwires
from dcgan_grader.unchanged import (
    Snapshot,
    Versions,
    acting_changes,
    calls_in_graph,
    classes_of,
    classes_to_keep,
    contents_of,
    parts_of,
    traced_graphs,
)

# Functions that are defined below see these: nothing that is done to `builtins` reaches them.
__builtins__ = dict(vars(builtins))

# Reports of tampering: the answer is void.
_TAMPERING = """
sys._getframe sys._getframemodulename sys._current_frames sys._current_exceptions
sys.settrace sys.setprofile sys.addaudithook sys.monitoring.register_callback
gc.get_objects gc.get_referrers gc.get_referents code.__new__ function.__new__
object.__getattr__ object.__setattr__ object.__delattr__ _thread.start_new_thread
ctypes.dlopen ctypes.dlsym ctypes.addressof ctypes.string_at ctypes.call_function
ctypes.cdata ctypes.cdata/buffer ctypes.get_errno ctypes.set_errno ctypes.PyObj_FromPtr
"""
# Attempts, which the sandbox foils: a human has a look.
_FILES = """
open os.listdir os.scandir os.walk glob.glob shutil.copyfile os.rename os.remove os.symlink os.link
sqlite3.connect
"""
_OTHERS = """
socket.connect socket.bind socket.getaddrinfo subprocess.Popen os.system os.exec os.fork
os.forkpty os.posix_spawn os.kill os.killpg
"""
TAMPERING_EVENTS = frozenset(_TAMPERING.split())
FILE_EVENTS = frozenset(_FILES.split())
ATTEMPT_EVENTS = FILE_EVENTS | frozenset(_OTHERS.split())
OPEN_TO_STUDENTS = ("/tmp", "/content", "/kaggle", "/dev", "/usr/share")
CODE_FILES = (".py", ".pth", ".so")
TEST = "<test>"  # what Python takes for the file of a test cell
MOST_REPORTS = 50  # of each level
MOST_OUTPUT = 100_000  # characters of one test cell
# What hands the frames of its callers on.
HAND_ON = ("inspect.py", "traceback.py", "bdb.py")
# What finds an attribute by a name that its caller gives.
FINDERS = ("mock.py", "pkgutil.py", "pydoc.py", "string.py")
# Modules whose classes decide a check, and stay as they are while a notebook runs.
_STEADY = """
abc ast collections contextlib dataclasses enum fractions functools inspect json numbers operator re
statistics textwrap traceback types typing warnings numpy
"""
STEADY = frozenset(_STEADY.split())
# How a dict is changed.
CHANGING = (
    "__setitem__",
    "__delitem__",
    "__ior__",
    "clear",
    "pop",
    "popitem",
    "setdefault",
    "update",
)
# Functions of `inspect` that look into a function, and hand nothing of it on.
READING = frozenset({"signature", "getsource", "getsourcelines", "getsourcefile", "getfullargspec"})


def proof(key, serial, source, statement, value=None):
    """The word that proves a statement of a test; without the key nobody can find it.

    Args:
        key: str, known to the grader and to the guard.
        serial: number of the test in this kernel.
        source: str, the test cell.
        statement: number of the statement in it.
        value: number that the last statement gives, for partial credit, or None.

    Returns:
        str.
    """
    text = repr((serial, source, statement, value)).encode("utf-8", "surrogatepass")
    return _hash(text, key=key.encode()).hexdigest()


_hash = hashlib.blake2b


class Reporter:
    """The way out for reports: one JSON object a line."""

    def __init__(self, descriptor):
        self._descriptor = descriptor
        self._write, self._state, self._exit = os.write, os.fstat, os._exit
        self._dumps = json.JSONEncoder().encode
        self._left = {tripwires.TAMPERING: MOST_REPORTS, tripwires.SUSPICIOUS: MOST_REPORTS}
        self._pipe = self._identity()
        self.is_late = False  # whether what is reported was done before this message

    def _identity(self):
        state = self._state(self._descriptor)
        return state.st_dev, state.st_ino

    def alarm(self, level, sentence, where=""):
        """Report something that student's code did."""
        if self._left[level] > 0:
            self._left[level] -= 1
            self.send(level=level, sentence=sentence, where=where, late=self.is_late)

    def send(self, **message):
        """Write one line. Without a way out there is nothing more to run."""
        try:
            if self._identity() != self._pipe:
                self._exit(1)
            self._write(self._descriptor, self._dumps(message).encode() + b"\n")
        except OSError:
            self._exit(1)


class Guard:
    """Knows which code is the student's, and what was there before it.

    Args:
        reporter: `Reporter`.
        folders: folders of trusted code.
    """

    def __init__(self, reporter, folders):
        self._reporter = reporter
        standard = os.path.dirname(os.__file__)
        self._standard = standard
        self._packages = os.path.join(standard, "site-packages")
        # IPython puts a function of its own in the place of `open`.
        self._between = os.path.join("IPython", "core", "interactiveshell.py")
        own = os.path.dirname(__file__)
        self._trusted = (*folders, "/usr/", own, standard, "<frozen", "<__array_function__")
        self._local = tuple(f for f in folders if f not in (sys.prefix, sys.base_prefix))
        self._local_packages = frozenset()
        self._getframe = sys._getframe
        self._busy = threading.local()
        self._saved = self._namespace = self._key = None
        self._serial, self._is_testing = 0, False

    def start(self):
        """From now on, report."""
        sys.addaudithook(self._hear)

    def _is_students(self, frame):
        return not frame.f_code.co_filename.startswith(self._trusted)

    def _culprit(self, frame, is_skipped):
        """The student's frame that is behind an event, or None."""
        while frame is not None and is_skipped(frame):
            frame = frame.f_back
        return frame if frame is not None and self._is_students(frame) else None

    def _hands_on(self, frame):
        filename = frame.f_code.co_filename
        return filename.startswith(self._standard) and os.path.basename(filename) in HAND_ON

    def _is_inspect(self, frame):
        return frame.f_code.co_filename == f"{self._standard}/inspect.py"

    def _is_reading(self, frame):
        """Whether `inspect` looks at a function for a signature or a source."""
        names = []
        while frame is not None and self._is_inspect(frame):
            names.append(frame.f_code.co_name)
            frame = frame.f_back
        return bool(names) and names[-1] in READING

    def _is_standard(self, frame):
        filename = frame.f_code.co_filename
        inside = filename.startswith(self._standard) and not filename.startswith(self._packages)
        return inside or filename.startswith("<frozen") or filename.endswith(self._between)

    def _hear(self, event, arguments):
        tampering = event in TAMPERING_EVENTS
        if not (tampering or event in ATTEMPT_EVENTS or event in ("compile", "exec")):
            return
        if getattr(self._busy, "now", False):
            return
        self._busy.now = True
        try:
            frame = self._getframe(1)
            if tampering:
                # A traceback is printed by looking at frames; a signature by looking at code.
                looks = event == "object.__getattr__"
                culprit = self._culprit(frame, self._is_inspect if looks else self._hands_on)
                if culprit and not (looks and self._is_reading(frame)):
                    self._alarm(tripwires.TAMPERING, f"reached for `{event}`", culprit)
            elif event in ("compile", "exec"):
                if culprit := self._writer(event, arguments, frame):
                    self._hear_code(event, arguments, culprit)
            elif culprit := self._culprit(frame, self._is_standard):
                self._hear_attempt(event, arguments, culprit)
        finally:
            self._busy.now = False

    def _writer(self, event, arguments, frame):
        """The student's frame that runs a text, or imports what is not installed; or None."""
        if not _is_importing(frame):
            return frame if self._is_students(frame) else None
        file = arguments[1] if event == "compile" else arguments[0].co_filename
        is_installed = str(_text(file)).startswith(self._trusted)
        return None if is_installed else self._culprit(frame, _is_importing)

    def _hear_code(self, event, arguments, frame):
        subject = arguments[0]
        if event == "exec":
            found = tripwires.read_names(_all_names(subject))
        else:
            text = _text(subject)
            found = tripwires.read(text) if text is not None else []
        for level, sentence in found:
            self._alarm(level, f"in text that it runs, {sentence}", frame)

    def _hear_attempt(self, event, arguments, frame):
        if event not in FILE_EVENTS:
            self._alarm(tripwires.SUSPICIOUS, f"tried `{event}`", frame)
            return
        for path in arguments[:2]:
            text = _text(path)
            if text is None:
                continue
            real = os.path.realpath(text.removeprefix("file:").split("?")[0])
            if real.startswith("/proc"):
                self._alarm(tripwires.TAMPERING, f"tried `{event}` on {real}", frame)
            elif not real.startswith((*OPEN_TO_STUDENTS, *self._trusted)) or real in self._local:
                self._alarm(tripwires.SUSPICIOUS, f"tried `{event}` on {real}", frame)
            elif event == "open" and real.endswith(CODE_FILES) and "r" not in str(arguments[1]):
                self._alarm(tripwires.SUSPICIOUS, f"wrote {real}", frame)

    def _alarm(self, level, sentence, frame):
        self._reporter.alarm(level, sentence, frame.f_code.co_filename)

    def mark(self, namespace, names, exercises, key, carriers):
        """List what must stay as it is: modules, functions, classes, names that tests use.

        Args:
            namespace: dict of the student's notebook, after the setup cell.
            names: names in it that belong to the tests.
            exercises: names that the student is to write.
            key: see `proof`.
            carriers: objects that the messages of tests pass through.
        """
        if self._saved is not None:
            self._reporter.alarm(tripwires.TAMPERING, "spoke to the kernel in the grader's name")
            return
        self._namespace, self._key = namespace, key
        self._exercises = frozenset(exercises)
        self._graphs = traced_graphs()
        self._path, self._finders = list(sys.path), list(sys.meta_path)
        self._home = os.getcwd()  # where a notebook may write modules of its own
        self._carriers = [(part, dict(vars(part))) for part in carriers]
        builtins.getattr = self._heard_getattr()
        self._list_modules()
        self._list_classes(namespace)
        self._names = {name: namespace[name] for name in names if name in namespace}
        # Only the tests themselves may use what comes from the course: a student may use NumPy.
        self._ours = {
            name: self._stand_in(name)
            for name, part in self._names.items()
            if isinstance(part, types.ModuleType) and self._is_local(part.__name__)
        }
        self._watch_modules()

    def _list_modules(self):
        modules = list(sys.modules.items())
        self._modules = frozenset(sys.modules)
        self._local_packages = frozenset(
            name
            for name, module in modules
            if "." not in name
            and str(getattr(module, "__file__", None) or "").startswith(self._local or ("\0",))
        )
        self._saved = {
            name: (module, *parts_of(module, self._is_local(name)))
            for name, module in modules
            if isinstance(module, types.ModuleType) and self._matters(name)
        }
        self._modules_then = Snapshot(
            [vars(module) for module, *_ in self._saved.values()],
            [keys for _, keys, _ in self._saved.values()],
        )

    def _list_classes(self, namespace):
        """List classes, and the functions of the course."""
        local = [
            part
            for name, (_, _, parts) in self._saved.items()
            if self._is_local(name)
            for part in parts
            if getattr(part, "__module__", None) == name
        ]
        functions = [part for part in local if isinstance(part, types.FunctionType)]
        self._functions = [(part, contents_of(part)) for part in functions]
        self._watched = self._watched_module()
        self._room = self._watched_room()
        parts = itertools.chain.from_iterable(parts for _, _, parts in self._saved.values())
        steady = [*classes_of(parts, STEADY | self._local_packages), self._watched, self._room]
        self._steady = frozenset(map(id, steady))
        classes = {id(part): part for part in [*classes_to_keep(local, namespace), *steady]}
        self._classes = {number: dict(vars(part)) for number, part in classes.items()}
        self._versions = Versions(list(classes.values()))

    def _watch_modules(self):
        of_tests = {id(part) for part in self._names.values()}
        for name, module in list(sys.modules.items()):
            if type(module) is types.ModuleType and self._is_watched(name):
                is_room = self._is_local(name) and id(module) not in of_tests
                module.__class__ = self._room if is_room else self._watched

    def _is_local(self, name):
        return name.split(".")[0] in self._local_packages

    def _matters(self, name):
        if name.split(".")[0] in ("builtins", "numpy", "IPython", "ipykernel"):
            return True
        # `help` gives pydoc another pager at its first call; the notebook's names are its own.
        return self._is_local(name) or ("." not in name and name not in ("pydoc", "__main__"))

    def _is_watched(self, name):
        package = name.split(".")[0]
        if package in tripwires.CHANGEABLE:
            return False
        return self._matters(name) or package in ("keras", "tensorflow")

    def _watched_module(self):
        """A class for modules: it tells who changes one, also when it is changed back at once."""
        guard, names_of = self, types.ModuleType.__dict__["__dict__"].__get__

        class Copy(dict):
            def changed(self):
                guard._changed(self["__name__"], "__dict__")

        for name in CHANGING:
            setattr(Copy, name, _after(Copy.changed, getattr(dict, name)))

        class Watched(types.ModuleType):
            def __setattr__(self, name, value):
                guard._changed(names_of(self)["__name__"], name)
                super().__setattr__(name, value)

            def __delattr__(self, name):
                guard._changed(names_of(self)["__name__"], name)
                super().__delattr__(name)

            @property
            def __dict__(self):
                # A student may look into a module.
                return Copy(names_of(self)) if guard._caller() else names_of(self)

        return Watched

    def _watched_room(self):
        """A class for modules of the course: they keep the solutions of the exercises back."""
        guard, exercises = self, self._exercises

        class Room(self._watched):
            def __getattribute__(self, name):
                part = super().__getattribute__(name)
                if name in exercises and guard._is_taken(name, part):
                    return _keep_back(name)
                if name == "__dict__" and guard._caller():
                    for one in exercises & part.keys():
                        dict.__delitem__(part, one)
                return part

        return Room

    def _is_taken(self, name, part):
        if self._is_testing or not isinstance(part, types.FunctionType):
            return False
        if frame := self._caller():
            self._alarm(tripwires.SUSPICIOUS, f"took the library's own `{name}`", frame)
        return frame is not None

    def _caller(self):
        """The student's frame behind a call, also through Python's own modules, or None."""
        self._busy.now = True
        frame = self._getframe(2)
        self._busy.now = False
        while frame.f_code.co_filename == __file__:
            frame = frame.f_back
        # An import puts a module into its package.
        return None if _is_importing(frame) else self._culprit(frame, self._is_standard)

    def _changed(self, module, name):
        if frame := self._caller():
            self._alarm(tripwires.TAMPERING, f"changed `{module}.{name}`", frame)

    def _heard_getattr(self):
        """Python's `getattr`, which tells by what names a student's code finds things."""
        guard, find = self, getattr

        def heard(thing, name, *default):
            plain = name if type(name) is str else _text(name)
            if plain in tripwires.FOUND:
                guard._found(plain)
            return find(thing, name, *default)

        heard.__name__ = heard.__qualname__ = "getattr"
        heard.__module__ = "builtins"
        heard.__doc__ = find.__doc__
        return heard

    def _found(self, name):
        self._busy.now = True
        frame = self._getframe(2)
        self._busy.now = False
        while self._finds(frame):
            frame = frame.f_back
        if self._is_students(frame):
            self._alarm(tripwires.TAMPERING, f"found `{name}` by its name", frame)

    def _finds(self, frame):
        if self._is_inspect(frame):
            return "getmembers" in frame.f_code.co_name
        filename = frame.f_code.co_filename
        return filename.startswith(self._standard) and os.path.basename(filename) in FINDERS

    def compare(self, namespace):
        """Report whatever `mark` has listed and has changed since.

        Args:
            namespace: what the notebook says is its dict.
        """
        if self._saved is None:
            return
        changed = [] if namespace is self._namespace else ["the notebook's names"]
        namespace = self._namespace
        if not self._modules_then.holds():
            for name, (module, keys, parts) in self._saved.items():
                pairs = zip(keys, map(vars(module).get, keys), parts, strict=True)
                changed += [f"{name}.{key}" for key, new, old in pairs if new is not old]
        changed += [name for name, (module, *_) in self._saved.items() if _replaced(name, module)]
        for part in self._versions.changed():
            changed += self._changes_of(part)
        for part, before in self._carriers:
            changed += [
                f"{type(part).__name__}.{key}"
                for key in acting_changes(vars(part), before)
                if callable(getattr(type(part), key, None))
            ]
        for part, before in self._functions:
            now = contents_of(part)
            if len(now) != len(before) or any(map(operator.is_not, now, before)):
                changed.append(f"{part.__module__}.{part.__qualname__}")
        changed += [name for name, part in self._names.items() if namespace.get(name) is not part]
        changed += [name for name in set(sys.modules) - self._modules if self._shadows(name)]
        for name in changed[:5]:
            self._reporter.alarm(tripwires.TAMPERING, f"changed `{name}`")
        if sys.gettrace() or sys.getprofile():
            self._reporter.alarm(tripwires.TAMPERING, "left a tracing function behind")
        graphs = traced_graphs()
        for graph in graphs - self._graphs:
            self._hear_graph(graph)
        self._graphs = graphs

    def _changes_of(self, part):
        """What was changed in a class whose version is another."""
        name, now = f"{part.__module__}.{part.__qualname__}", dict(vars(part))
        before, self._classes[id(part)] = self._classes[id(part)], now
        found = [f"{name}.{key}" for key in acting_changes(now, before)]
        # Python may have added an `__annotations__`, say.
        same = now.keys() == before.keys() and all(now[key] is before[key] for key in now)
        if same and id(part) in self._steady and self._versions.are_known:
            found.append(name)
        return found

    def _hear_graph(self, graph):
        """Report a graph that was traced from the library's own solution of an exercise."""
        found = set()
        for calls in calls_in_graph(graph):
            caller, inside = "", False  # the student's last file; whether the library calls itself
            for filename, name in calls:
                if not filename.startswith(self._local or ("\0",)):
                    if filename != TEST and not filename.startswith(self._trusted):
                        caller, inside = filename, False
                elif name in self._exercises or (name.startswith("_") and not inside):
                    if caller or not inside:
                        level = tripwires.SUSPICIOUS if inside else tripwires.TAMPERING
                        found.add((level, f"put the library's `{name}` into a graph", caller))
                    break
                else:
                    inside = True
        for alarm in sorted(found):
            self._reporter.alarm(*alarm)

    def _shadows(self, name):
        """Whether a module that came later stands in the place of an installed one."""
        module = sys.modules.get(name)
        if module is None or name.startswith("__") or name.split(".")[0] in ("google", "__main__"):
            return False
        origin = getattr(getattr(module, "__spec__", None), "origin", None) or ""
        if origin.startswith(self._trusted) or origin in ("built-in", "frozen"):
            return False
        try:
            installed = [folder for folder in self._path if folder != self._home]
            return PathFinder.find_spec(name.split(".")[0], installed) is not None
        except (ImportError, ValueError):
            return False

    @contextlib.contextmanager
    def _own_imports(self):
        """Let tests import what is installed, whatever the notebook did to `sys.path`."""
        theirs = list(sys.path), list(sys.meta_path)
        sys.path[:], sys.meta_path[:] = self._path, self._finders
        try:
            yield
        finally:
            sys.path[:], sys.meta_path[:] = theirs

    def test(self, source, namespace, is_last):
        """Run a test cell; see `run_test`. Before it `compare` looks at what ran until now.

        Args:
            source: str.
            namespace: what the notebook says is its dict.
            is_last: whether no other test follows at once, before which `compare` will look.
        """
        self._serial += 1
        serial, key, names = self._serial, self._key, self._namespace
        self._reporter.is_late = True
        self._restore_builtins()
        self.compare(namespace)
        self._reporter.is_late = False
        before = dict(names)
        space = dict(before)
        names.update(self._ours)
        self._is_testing = True
        try:
            with self._own_imports():
                answer = run_test(
                    source,
                    space,
                    lambda statement, value=None: self._reporter.send(
                        word=proof(key, serial, source, statement, value), value=value
                    ),
                )
        finally:
            self._is_testing = False
            for name, asked in self._ours.items():
                if names.get(name) is asked:
                    names[name] = self._names[name]
            # Later cells may use what a test binds.
            names.update({k: v for k, v in space.items() if before.get(k, self) is not v})
            if is_last:
                self.compare(namespace)
        return answer

    def _restore_builtins(self):
        """Let tests see Python's own functions, whatever the notebook calls `__builtins__`."""
        if self._namespace.get("__builtins__") not in (builtins, vars(builtins)):
            self._reporter.alarm(tripwires.TAMPERING, "changed `__builtins__`")
        self._namespace["__builtins__"] = builtins

    def _asked(self, name, key):
        frame = self._getframe(2)
        if self._is_students(frame):
            sentence = f"used `{name}.{key}` while a test ran"
            self._reporter.alarm(tripwires.TAMPERING, sentence, frame.f_code.co_filename)
        return getattr(self._names[name], key)

    def _stand_in(self, name):
        """What a student's code finds in the place of the tests' module while a test runs."""
        guard = self

        class Asked:
            def __getattribute__(self, key):
                return guard._asked(name, key)

        return Asked()


def _keep_back(name):
    def kept_back(*arguments, **options):
        raise RuntimeError(f"{name} is to be written here: the library's own is kept back")

    return kept_back


def _after(tell, method):
    def told(self, *arguments, **options):
        tell(self)
        return method(self, *arguments, **options)

    return told


def _is_importing(frame):
    return frame.f_code.co_filename.startswith("<frozen importlib")


def _text(value):
    """A path or code as text, found without running a method of a student's class; or None."""
    if isinstance(value, str):
        return str.__str__(value)[:]
    if isinstance(value, bytes):
        return bytes.decode(value, "utf-8", "replace")
    return None


def _replaced(name, module):
    return sys.modules.get(name) is not module


def _all_names(code):
    names = list(code.co_names)
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            names += _all_names(constant)
        elif isinstance(constant, str):
            names.append(constant)
    return names


class _Capped(io.TextIOBase):
    """Collects what is printed, up to a limit."""

    def __init__(self):
        self.parts, self.left = [], MOST_OUTPUT

    def writable(self):
        return True

    def write(self, text):
        self.parts.append(text[: self.left])
        self.left -= len(self.parts[-1])
        return len(text)


def run_test(source, namespace, prove):
    """Run a test cell, statement by statement, and prove each one that holds.

    Args:
        source: str.
        namespace: dict in which it runs.
        prove: called with the number of each statement that holds; for the last one also with
            the number that it gives, for partial credit.

    Returns:
        dict: `text` (what it printed), `error` (None, or `[name, message]`).
    """
    import ast

    out = _Capped()
    answer = {"text": "", "error": None}
    body = ast.parse(source).body
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
            for number, node in enumerate(body):
                if number == len(body) - 1 and isinstance(node, ast.Expr):
                    code = compile(ast.Expression(node.value), TEST, "eval")
                    value = eval(code, namespace)
                    prove(number, float(value) if type(value) in (int, float) else None)
                else:
                    exec(compile(ast.Module([node], []), TEST, "exec"), namespace)
                    prove(number)
    except BaseException as error:
        answer["error"] = [type(error).__name__, _message(error)]
    answer["text"] = "".join(out.parts)
    return answer


def _message(error):
    try:
        return str(str(error))[:20_000]
    except BaseException:
        return "(its message cannot be read)"
