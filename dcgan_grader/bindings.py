"""Which names the code of a cell binds and uses. The code is read, never run."""

import ast
import functools
import re
import textwrap
import threading
import warnings
from typing import NamedTuple

# IPython runs what follows these as Python. What follows any other `%%` is something else.
PYTHON_MAGICS = {"capture", "prun", "time", "timeit"}
LONGEST = 200_000  # characters that are parsed; no answer is as long
TOO_DEEP = (SyntaxError, ValueError, RecursionError, MemoryError)
# Python 3.11 counts the depth of a tree for all threads together, and then finds it wrong.
_one_at_a_time = threading.Lock()
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)


class Binding(NamedTuple):
    """What a name was bound to.

    Attributes:
        value: text to compare with that of another binding.
        kind: "function" (also a class or a lambda), "value" or "import".
    """

    value: str
    kind: str


# Most cells are the release's, which the whole class has.
@functools.lru_cache(maxsize=512)
def bindings(source, names=()):
    """Read what a cell binds at its top level; also below `if`, `try`, `with` and loops.

    Args:
        source: str, the code of a cell, with IPython's magics.
        names: tuple of names to look for by their form when the code cannot be parsed.

    Returns:
        dict of name to `Binding`, to be read only; the last one where a name is bound twice.
        Docstrings and comments do not count. For code that cannot be parsed: those of `names`
        that stand at the begin of a line as `def NAME`, `class NAME` or `NAME =`.
    """
    try:
        tree = tree_of(source)
        return dict(_bound(tree.body))
    except TOO_DEEP:
        return _by_form(source, names)


@functools.lru_cache(maxsize=512)
def used_names(source):
    """Read which names a cell needs from elsewhere.

    Args:
        source: str, the code of a cell.

    Returns:
        frozenset of str: the names that it reads anywhere, without those that it binds anywhere;
        empty for code that cannot be parsed.
    """
    try:
        nodes = list(ast.walk(tree_of(source)))
    except TOO_DEEP:
        return frozenset()
    names = [node for node in nodes if isinstance(node, ast.Name)]
    bound = {node.id for node in names if not isinstance(node.ctx, ast.Load)}
    bound |= {node.arg for node in nodes if isinstance(node, ast.arg)}
    bound |= {node.name for node in nodes if isinstance(node, FUNCTIONS[:3])}
    imports = [node for node in nodes if isinstance(node, ast.Import | ast.ImportFrom)]
    bound |= {(a.asname or a.name).split(".")[0] for node in imports for a in node.names}
    return frozenset(node.id for node in names) - bound


def is_whole(source):
    """Whether the code can stand alone: it parses, and no `return` is outside a function.

    Args:
        source: str, the code of a cell.

    Returns:
        bool.
    """
    try:
        todo = list(tree_of(source).body)
    except TOO_DEEP:
        return False
    while todo:
        node = todo.pop()
        if isinstance(node, ast.Return):
            return False
        if not isinstance(node, FUNCTIONS):
            todo.extend(ast.iter_child_nodes(node))
    return True


def parses(source):
    """Whether the code is Python, or Python with IPython's magics.

    Args:
        source: str, the code of a cell.

    Returns:
        bool.
    """
    try:
        tree_of(source)
    except TOO_DEEP:
        return False
    return True


def tree_of(source):
    """Parse a cell; threads may do so at once.

    Args:
        source: str, the code of a cell, with IPython's magics.

    Returns:
        `ast.Module`; `pass` stands for a magic that holds no Python.

    Raises:
        SyntaxError, ValueError, RecursionError, MemoryError: if it cannot be parsed.
    """
    if len(source) > LONGEST:
        raise ValueError("too long")
    with _one_at_a_time, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(_without_magics(source))


def _without_magics(source):
    """The Python in a cell. IPython also takes off an indentation that a whole cell has."""
    source = textwrap.dedent(source).lstrip("\n")
    magic = re.match(r"%%(\w+).*", source)
    if magic and magic[1] not in PYTHON_MAGICS:
        return ""
    source = re.sub(rf"(?m)^([ \t]*)%({'|'.join(PYTHON_MAGICS)})[ \t]+(?!-)", r"\1", source)
    return re.sub(r"(?m)^([ \t]*)[%!?].*", r"\1pass", source)


def _bound(statements):
    for node in statements:
        if isinstance(node, FUNCTIONS):
            yield node.name, Binding(_text(node), "function")
        elif isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            kind = "function" if isinstance(node.value, ast.Lambda) else "value"
            binding = Binding(_text(node.value), kind)
            for target in targets:
                for name in ast.walk(target):
                    if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store):
                        yield name.id, binding
        elif isinstance(node, ast.Import | ast.ImportFrom):
            for alias in node.names:
                name = (alias.asname or alias.name).split(".")[0]
                yield name, Binding(_text(node), "import")
        else:
            for field in ("body", "orelse", "handlers", "finalbody", "cases"):
                yield from _bound(getattr(node, field, []))


def _text(node):
    """A node as text, without the docstring of a function or class."""
    body = getattr(node, "body", None)
    if isinstance(body, list) and ast.get_docstring(node, clean=False) is not None:
        head = type(node)(**{field: getattr(node, field, None) for field in node._fields})
        head.body = body[1:]
        node = head
    return ast.dump(node)


def _by_form(source, names):
    found = {}
    for name in names:
        name_ = re.escape(name)
        if re.search(rf"(?m)^(async\s+)?(def|class)\s+{name_}\b", source):
            found[name] = Binding(source.strip(), "function")
        elif re.search(rf"(?m)^{name_}\s*(:[^=\n]+)?=(?!=)", source):
            found[name] = Binding(source.strip(), "value")
    return found
