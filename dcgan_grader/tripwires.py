"""What an honest answer never needs, found by reading the code of a cell without running it.

Two levels. TAMPERING reaches for the machinery that tests an answer: such a cell is not run and
earns nothing. SUSPICIOUS may be honest: the cell runs, and a human has a look.
"""

import ast
import re

TAMPERING, SUSPICIOUS = "tampering", "suspicious"

# Attributes, functions and modules that lead into the interpreter or into the running tests.
_INNER = """
_getframe _current_frames currentframe f_back f_locals f_globals f_builtins f_code tb_frame gi_frame
cr_frame ag_frame __code__ __globals__ __builtins__ __subclasses__ __closure__ settrace setprofile
setswitchinterval addaudithook get_objects get_referrers get_referents ctypes _ctypes _thread
ast_transformers input_transformers_post input_transformers_cleanup input_transformer_manager
ast_node_interactivity run_cell run_cell_async run_code run_ast_nodes do_execute execute_request
shell_handlers grading_request register_magic_function set_custom_exc showtraceback
_showtraceback history_manager pidfd_open process_vm_writev ptrace memfd_create
"""
INNER = frozenset(_INNER.split())
# Replacing parts of other modules, by name.
PATCHING = frozenset({"mock", "monkeypatch", "reload"})
# Modules in which careful people do change something.
CHANGEABLE = frozenset({"matplotlib", "mpl", "os", "plt", "ssl", "sys", "warnings"})
# With these an object can pass for what it is not.
PRETENDING = frozenset({"__eq__", "__ne__", "__bool__", "__instancecheck__", "__class__"})


def read(source, names=()):
    """Read the code of a cell.

    Args:
        source: str; IPython's magic lines are passed over.
        names: names that belong to the tests, such as that of their module.

    Returns:
        list of `(level, sentence)`, most serious first.
    """
    try:
        tree = ast.parse(_without_magics(source))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return _read_text(source)
    reader = _Reader(frozenset(names))
    try:
        reader.visit(tree)
    except RecursionError:
        return [(SUSPICIOUS, "is nested too deeply to be read")]
    found = list(dict.fromkeys(reader.found))
    return sorted(found, key=lambda item: item[0] != TAMPERING)


def read_names(names):
    """Find inner names among the names of a code object; see `read`."""
    return [(TAMPERING, f"uses `{name}`") for name in names if name in INNER]


def _without_magics(source):
    if source.lstrip().startswith("%%"):
        return ""
    return re.sub(r"^(\s*)([%!?].*)$", r"\1pass", source, flags=re.MULTILINE)


def _read_text(source):
    """Without a syntax tree there is no run either, but a magic of IPython may repair it."""
    words = set(re.findall(r"\w+", source))
    return [(SUSPICIOUS, f"holds the word `{word}`") for word in sorted(words & INNER)]


class _Reader(ast.NodeVisitor):
    def __init__(self, names):
        self.names = names
        self.imported = set()
        self.of_tests = set(names)  # names of modules from which the tests come
        self.found = []

    def tampering(self, sentence):
        self.found.append((TAMPERING, sentence))

    def suspicious(self, sentence):
        self.found.append((SUSPICIOUS, sentence))

    def visit_Import(self, node):
        for alias in node.names:
            path = alias.name.split(".")
            name = alias.asname or path[0]
            self.imported.add(name)
            if self.names & set(path):
                self.of_tests.add(name)
            self._name(path[0])
            self._name(path[-1])

    def visit_ImportFrom(self, node):
        path = (node.module or "").split(".")
        for part in path:
            self._name(part)
        for alias in node.names:
            self._name(alias.name)
            if self.names & {*path, alias.name}:
                self.of_tests.add(alias.asname or alias.name)
                self._private(alias.name, "the tests")
            # What comes from a package may be a module: `from package import checks`.
            self.imported.add(alias.asname or alias.name)
            self._bound(alias.asname or alias.name)

    def visit_Name(self, node):
        self._name(node.id)
        if not isinstance(node.ctx, ast.Load):
            self._bound(node.id)

    def visit_Attribute(self, node):
        self._name(node.attr)
        owner = ast.unparse(node.value)
        if self._root(node.value) in self.of_tests or self.names & set(owner.split(".")):
            self._private(node.attr, owner)
        if not isinstance(node.ctx, ast.Load):
            self._changed(node, node.attr)
        self.generic_visit(node)

    def visit_Constant(self, node):
        if isinstance(node.value, str) and node.value in INNER:
            self._name(node.value)
        elif isinstance(node.value, str):
            first, *rest = node.value.split(".")
            if rest and self.names & {first, *rest}:
                self.suspicious(f"names `{node.value}`")

    def visit_FunctionDef(self, node):
        self._bound(node.name)
        if node.name in PRETENDING:
            self.suspicious(f"defines `{node.name}`")
        self.generic_visit(node)

    visit_AsyncFunctionDef = visit_ClassDef = visit_FunctionDef

    def visit_Call(self, node):
        called = node.func.id if isinstance(node.func, ast.Name) else ""
        if called in ("setattr", "delattr") and node.args:
            self._changed(ast.Attribute(node.args[0], "", ast.Store()), "an attribute")
        if (
            called == "getattr"
            and len(node.args) > 1
            and not isinstance(node.args[1], ast.Constant)
        ):
            self.suspicious("gets an attribute by a name that it computes")
        if called in ("exec", "eval", "compile", "__import__"):
            self.suspicious(f"calls `{called}`")
        self.generic_visit(node)

    def visit_Subscript(self, node):
        inner = node.value
        through_dict = isinstance(inner, ast.Attribute) and inner.attr == "__dict__"
        through_vars = isinstance(inner, ast.Call) and isinstance(inner.func, ast.Name)
        if not isinstance(node.ctx, ast.Load):
            if through_dict and self._root(inner.value) in self.imported:
                self.tampering(f"changes `{ast.unparse(inner.value)}`")
            elif through_vars and inner.func.id in ("vars", "globals", "locals"):
                self.suspicious(f"writes into `{inner.func.id}()`")
        self.generic_visit(node)

    def _name(self, name):
        if name in INNER:
            self.tampering(f"uses `{name}`")
        elif name in PATCHING:
            self.suspicious(f"uses `{name}`")

    def _private(self, name, owner):
        if name.startswith("_") and not name.startswith("__"):
            self.tampering(f"uses `{name}` of {owner}")

    def _bound(self, name):
        if name in self.names:
            self.tampering(f"gives the name `{name}` to something else")

    def _changed(self, node, what):
        """An attribute is assigned or deleted."""
        root = self._root(node.value)
        if root in self.imported or root in self.names:
            level = self.suspicious if root in CHANGEABLE else self.tampering
            level(f"changes {what} of `{ast.unparse(node.value)}`")

    def _root(self, node):
        while isinstance(node, ast.Attribute | ast.Subscript | ast.Call):
            node = node.func if isinstance(node, ast.Call) else node.value
        return node.id if isinstance(node, ast.Name) else ""
