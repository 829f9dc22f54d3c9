"""What must stay as it is while a notebook runs, and how it is seen that it does not.

Parts of modules and of functions are compared as objects, classes by the versions that Python
counts, and TensorFlow says from which lines of code a graph was traced.
"""

import builtins
import ctypes
import functools
import itertools
import operator
import sys
import types

# Functions that are defined below see these: nothing that is done to `builtins` reaches them.
__builtins__ = dict(vars(builtins))

OF_PYTHON = 1 << 9  # the flag of a class that is not built in, and can be changed
UNUSED = "no class has this"
# Whose classes carry the messages between the grader and the tests.
CARRIERS = ("IPython.core.inter", "ipykernel", "jupyter_client.session", "zmq", "json")


class Snapshot:
    """What many dicts hold, compared after every cell: no loop of Python's own.

    Args:
        dicts: dicts, or what shows one.
        keys: of each, those that matter.
    """

    def __init__(self, dicts, keys):
        self._lookups, self._keys = [one.get for one in dicts], keys
        self._values = list(self._now())

    def _now(self):
        return itertools.chain.from_iterable(map(map, self._lookups, self._keys))

    def holds(self):
        """Whether every value is the same object as then."""
        return all(map(operator.is_, self._now(), self._values))


class Versions:
    """Of classes: Python counts their changes, so that one is seen that was undone at once.

    Args:
        classes: list of classes that were written in Python.

    Attributes:
        are_known: whether this Python's counters have been found.
    """

    def __init__(self, classes):
        place = _place_of_version()
        self.are_known = bool(place)
        self._classes = classes
        counted = classes if place else []
        self._counters = [ctypes.c_uint.from_address(id(one) + place) for one in counted]
        self._values = self._now()

    def _now(self):
        for one, counter in zip(self._classes, self._counters, strict=False):
            if not counter.value:  # It was changed; it is counted when it is used.
                hasattr(one, UNUSED)
        return [counter.value for counter in self._counters]

    def changed(self):
        """Those that were changed since this was called last; all, where no counter is known."""
        if not self.are_known:
            return self._classes
        before, self._values = self._values, self._now()
        if before == self._values:
            return []
        both = zip(self._classes, before, self._values, strict=True)
        return [one for one, old, new in both if old != new]


@functools.cache
def _place_of_version():
    """How many bytes behind its beginning a class holds its version; 0 where none is found."""

    class Tried:
        pass

    words = (ctypes.c_uint * (type.__basicsize__ // 4)).from_address(id(Tried))
    places = set(range(len(words)))
    for number in range(4):
        hasattr(Tried, UNUSED)
        before = list(words)
        hasattr(Tried, UNUSED)
        places &= {i for i in places if words[i] == before[i]}
        Tried.tried = number
        hasattr(Tried, UNUSED)
        places &= {i for i in places if 0 < words[i] - before[i] < 1000}
    return 4 * places.pop() if len(places) == 1 else 0


def traced_graphs():
    """Names of the graphs that TensorFlow has traced so far, without those of single operations."""
    module = sys.modules.get("tensorflow.python.eager.context")
    context = getattr(module, "_context", None)
    if not getattr(context, "_initialized", False):
        return frozenset()
    names = (
        name.decode() if isinstance(name, bytes) else name for name in context.list_function_names()
    )
    return frozenset(name for name in names if not name.startswith("__wrapped__"))


def calls_in_graph(graph):
    """The calls that led to each operation of a graph, outermost first: files and functions."""
    context = sys.modules["tensorflow.python.eager.context"].context()
    try:
        info = context.get_graph_debug_info(graph)
    except Exception:  # It is gone, with the last that could call it.
        return set()
    calls = {
        number: (info.files[frame.file_index], frame.func)
        for number, frame in info.frames_by_id.items()
    }
    return {tuple(calls[n] for n in trace.frame_id) for trace in info.traces_by_id.values()}


def parts_of(module, all_of_it):
    """What must not be replaced in a module: functions, classes, modules; or also constants.

    Returns:
        The names, and as many objects.
    """
    parts = {
        key: part
        for key, part in list(vars(module).items())
        if callable(part)
        or type(part) is types.ModuleType
        or (all_of_it and not key.startswith("__"))
    }
    return list(parts), list(parts.values())


def contents_of(function):
    """What makes a function do what it does."""
    cells = [cell.cell_contents for cell in function.__closure__ or () if _is_full(cell)]
    return [function.__code__, function.__defaults__, function.__kwdefaults__, *cells]


def _is_full(cell):
    try:
        return cell.cell_contents is cell.cell_contents
    except ValueError:
        return False


def _is_class(part):
    return isinstance(part, type) and bool(part.__flags__ & OF_PYTHON)


def classes_of(parts, packages):
    """The classes among parts that are of these packages, and derive from theirs alone."""
    for part in parts:
        if not (isinstance(part, type) and _package(part) in packages and _is_class(part)):
            continue
        if all(_package(one) in packages for one in type.mro(part) if _is_class(one)):
            yield part


def _package(part):
    return str(part.__module__).split(".")[0]


def classes_to_keep(local, namespace):
    """Classes that must stay as they are: the course's, and the public ones of what is imported.

    All their parents too; of the children, which have no public name, those of a package's own.
    """
    imported = {part for part in namespace.values() if isinstance(part, types.ModuleType)}
    rooms = imported | {
        part
        for module in imported
        for name, part in list(vars(module).items())
        if isinstance(part, types.ModuleType)
        and part.__name__.startswith(f"{module.__name__}.")
        and not name.startswith("_")
    }
    carriers = {part for name, part in list(sys.modules.items()) if name.startswith(CARRIERS)}
    found = {part for part in local if isinstance(part, type)}
    found |= {part for module in rooms | carriers for part in _classes_in(module)}
    found |= _descendants({part for module in imported for part in _classes_in(module)} - {object})
    found |= {part for one in found for part in type.mro(one)} - {type}
    return [part for part in found if _is_class(part) and part.__module__ != "__main__"]


def _descendants(classes):
    found, waiting = set(), list(classes)
    while waiting:
        children = set(type.__subclasses__(waiting.pop())) - found
        found |= children
        waiting += children
    return found


def _classes_in(module):
    return [part for part in list(vars(module).values()) if isinstance(part, type)]


def acting_changes(now, before):
    """Names of what acts, and is not what it was: functions, properties, other descriptors."""
    return [
        key
        for key in now.keys() | before.keys()
        if now.get(key) is not before.get(key) and any(map(_acts, (now.get(key), before.get(key))))
    ]


def _acts(value):
    return callable(value) or hasattr(type(value), "__get__")
