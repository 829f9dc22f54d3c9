"""What an honest answer never needs, found by reading the code of a cell without running it.

Two levels. TAMPERING reaches for the machinery that tests an answer: such a cell is not run and
earns nothing. SUSPICIOUS may be honest: the cell runs, and a human has a look.
"""

import ast
import functools
import re

from dcgan_grader.bindings import TOO_DEEP, tree_of

TAMPERING, SUSPICIOUS = "tampering", "suspicious"

# Attributes, functions and modules that lead into the interpreter or into the running tests.
_INNER = """
_getframe _current_frames currentframe f_back f_locals f_globals f_builtins f_code tb_frame gi_frame
cr_frame ag_frame __code__ __globals__ __builtins__ __subclasses__ __closure__ settrace setprofile
setswitchinterval addaudithook get_objects get_referrers get_referents ctypes _ctypes _thread
ast_transformers input_transformers_post input_transformers_cleanup input_transformer_manager
ast_node_interactivity run_cell run_cell_async run_code run_ast_nodes do_execute execute_request
shell_handlers grading_request register_magic_function set_custom_exc showtraceback
_showtraceback history_manager pidfd_open process_vm_writev ptrace memfd_create dup2
__wrapped__ __array_interface__ __array_struct__ getclosurevars capture_locals walk_stack
"""
INNER = frozenset(_INNER.split())
# Replacing parts of other modules, by name.
PATCHING = frozenset({"mock", "monkeypatch", "reload"})
# Modules in which careful people do change something.
CHANGEABLE = frozenset({"matplotlib", "mpl", "os", "plt", "ssl", "sys", "warnings"})
# With these an object can pass for what it is not.
_PRETENDING = """
__ne__ __bool__ __instancecheck__ __class__ __array__ __array_function__ __array_ufunc__
"""
PRETENDING = frozenset(_PRETENDING.split())
# What finds an attribute by its name; in the hands of something else it can find any.
FINDING = frozenset({"getattr", "setattr", "delattr", "vars"})
_BY_NAME = """
attrgetter methodcaller __getattribute__ getmembers getmembers_static getattr_static
"""
BY_NAME = frozenset(_BY_NAME.split())
ALSO_BY_NAME = frozenset({"get_field", "locate", "resolve_name"})  # if they are what Python has
SETTING = frozenset({"__setattr__", "__delattr__"})  # of a type, it passes by a module's own
FOUND = INNER | SETTING | BY_NAME  # what nobody honest finds by a name that the code computes
RUNNING = frozenset({"exec", "eval", "compile", "__import__"})
LOOKING = frozenset({"help", "print", "dir", "type"})


def read(source, names=(), exercises=(), imported=(), others=()):
    """Read the code of a cell.

    Args:
        source: str; IPython's magic lines are passed over.
        names: names that belong to the tests, such as that of their module.
        exercises: names that the student is to write.
        imported: names that other cells import.
        others: names and packages in which no exercise is to be found, whatever is named like one.

    Returns:
        list of `(level, sentence)`, most serious first.
    """
    try:
        tree = tree_of(source)
    except TOO_DEEP:
        return _read_text(source)
    reader = _Reader(frozenset(names), frozenset(exercises), imported, others)
    try:
        reader.visit(tree)
    except RecursionError:
        return [(SUSPICIOUS, "is nested too deeply to be read")]
    found = list(dict.fromkeys(reader.found))
    return sorted(found, key=lambda item: item[0] != TAMPERING)


# Most cells are the release's, which the whole class has.
@functools.lru_cache(maxsize=512)
def imports(source):
    """Read which names a cell imports, at its top or deeper.

    Args:
        source: str.

    Returns:
        list of `(name, origin)`, e.g. `("plt", "matplotlib.pyplot")`.
    """
    try:
        nodes = list(ast.walk(tree_of(source)))
    except TOO_DEEP:
        return []
    found = []
    for node in nodes:
        if isinstance(node, ast.Import):
            found += [(a.asname or a.name.split(".")[0], a.name) for a in node.names]
        elif isinstance(node, ast.ImportFrom):
            found += [(a.asname or a.name, f"{node.module}.{a.name}") for a in node.names]
    return found


def read_names(names):
    """Find inner names among the names of a code object; see `read`."""
    return [(TAMPERING, f"uses `{name}`") for name in names if name in INNER]


def _read_text(source):
    """Without a syntax tree there is no run either, but a magic of IPython may repair it."""
    words = set(re.findall(r"\w+", source))
    return [(SUSPICIOUS, f"holds the word `{word}`") for word in sorted(words & INNER)]


class _Reader(ast.NodeVisitor):
    def __init__(self, names, exercises, imported, others):
        self.names, self.exercises, self.others = names, exercises, frozenset(others)
        self.imported = set(imported)
        self.of_tests = set(names)  # names of modules from which the tests come
        self.of_self = set()  # calls by which a class sets what is its own
        self.renamed = {}  # a name -> what it was before `import … as`
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
                self.suspicious(f"imports `{alias.name}`")
            self._name(path[0])
            self._name(path[-1])
            if path[0] == "builtins":
                self.suspicious("imports `builtins`")

    def visit_ImportFrom(self, node):
        path = (node.module or "").split(".")
        for part in path:
            self._name(part)
        for alias in node.names:
            self._name(alias.name)
            self.renamed[alias.asname or alias.name] = alias.name
            if alias.name in FINDING | RUNNING:
                self.suspicious(f"imports `{alias.name}`")
            if path[0] not in self.others:
                self._exercise(alias.name, ".".join(path))
            if self.names & {*path, alias.name}:
                self.of_tests.add(alias.asname or alias.name)
                self._private(alias.name, "the tests")
                self.suspicious(f"imports `{alias.name}` of the tests")
            # What comes from a package may be a module: `from package import checks`.
            self.imported.add(alias.asname or alias.name)
            self._bound(alias.asname or alias.name)

    def visit_Name(self, node):
        self._name(node.id)
        was = self.renamed.get(node.id)
        is_handy = node.id in FINDING | RUNNING | self.of_tests or was in BY_NAME | ALSO_BY_NAME
        if is_handy and isinstance(node.ctx, ast.Load):
            self.suspicious(f"hands `{node.id}` on")
        if not isinstance(node.ctx, ast.Load):
            self._bound(node.id)

    def visit_Compare(self, node):
        # `"google.colab" in sys.modules` is how a notebook finds out where it runs.
        for part in (node.left, *node.comparators):
            if ast.unparse(part) != "sys.modules":
                self.visit(part)

    def visit_Attribute(self, node):
        self._name(node.attr)
        owner = ast.unparse(node.value)
        if self._root(node.value) in self.of_tests or self.names & set(owner.split(".")):
            self._private(node.attr, owner)
        root = self._root(node.value)
        if root in self.imported - self.of_tests - self.others:
            self._exercise(node.attr, owner)
        if root in self.of_tests and isinstance(node.ctx, ast.Load):
            self.suspicious(f"hands `{ast.unparse(node)}` on")
        if node.attr in SETTING and node not in self.of_self:
            self.tampering(f"uses `{node.attr}` of `{owner}`")
        if node.attr == "__dict__" and owner not in ("self", "cls"):
            self.suspicious(f"looks into the names of `{owner}`")
        if (owner, node.attr) in (("sys", "modules"), ("get_ipython()", "kernel")):
            self.suspicious(f"uses `{owner}.{node.attr}`")
        if node.attr in FINDING and root in self.imported:
            self.suspicious(f"uses `{node.attr}` of `{owner}`")
        if not isinstance(node.ctx, ast.Load):
            self._changed(node, node.attr)
        if root not in self.of_tests or not isinstance(node.value, ast.Name):
            self.visit(node.value)

    def visit_Constant(self, node):
        if isinstance(node.value, str) and node.value in INNER:
            self._name(node.value)
        elif isinstance(node.value, str):
            for word in re.findall(r"__\w+__", node.value):
                if word in INNER:
                    self.suspicious(f"holds the word `{word}`")
            first, *rest = node.value.split(".")
            if rest and self.names & {first, *rest}:
                self.suspicious(f"names `{node.value}`")

    def visit_FunctionDef(self, node):
        self._bound(node.name)
        if node.name in PRETENDING:
            self.suspicious(f"defines `{node.name}`")
        if node.name == "__eq__" and not _looks_at_other(node):
            self.suspicious("defines an `__eq__` that does not look at the other one")
        self.generic_visit(node)

    visit_AsyncFunctionDef = visit_ClassDef = visit_FunctionDef

    def visit_MatchClass(self, node):
        for name in node.kwd_attrs:
            self._name(name)
        self.generic_visit(node)

    def visit_Call(self, node):
        called = node.func.id if isinstance(node.func, ast.Name) else ""
        called = self.renamed.get(called, called)
        if called in ("setattr", "delattr") and node.args:
            self._changed(ast.Attribute(node.args[0], "", ast.Store()), "an attribute")
        if called == "getattr" and not _is_constant(node.args[1:2]):
            self.suspicious("gets an attribute by a name that it computes")
        if called == "vars" and node.args:
            root = self._root(node.args[0])
            if root in self._modules() or not isinstance(node.args[0], ast.Name):
                self._looked_into(node.args[0])
        named = called or getattr(node.func, "attr", "")
        is_pythons = called in self.renamed.values() or self._root(node.func) in self.imported
        if named in BY_NAME or (named in ALSO_BY_NAME and is_pythons):
            self._found_by_name(named, node)
        if named in SETTING and isinstance(node.func, ast.Attribute) and _is_of_self(node):
            self.of_self.add(node.func)
        if called == "type" and len(node.args) > 1:
            self.suspicious("makes a class without a `class`")
        if called in RUNNING:
            self.suspicious(f"calls `{called}`")
        if named in ("__import__", "import_module") and self._names_tests(node.args[:1]):
            self.tampering("gets the tests by their name")
        for part in (*node.args, *(keyword.value for keyword in node.keywords)):
            if not (called in LOOKING and self._root(part) in self.of_tests):
                self.visit(part)
        # A plain call, of a function or of a check, is what names are for.
        if isinstance(node.func, ast.Attribute):
            self._called(node.func)
        elif not isinstance(node.func, ast.Name):
            self.visit(node.func)
        else:
            self._name(node.func.id)

    def _found_by_name(self, named, node):
        own = isinstance(node.func, ast.Attribute) and _is_of_self(node)
        if not _is_constant(node.args):
            level = self.suspicious if own else self.tampering
            level(f"finds what it names by `{named}`")

    def _called(self, function):
        """Visit a function that is called: `checks.value(answer)` is as the release has it."""
        if isinstance(function.value, ast.Name) and function.value.id in self.of_tests:
            self._name(function.attr)
            self._private(function.attr, function.value.id)
        else:
            self.visit(function)

    def _names_tests(self, nodes):
        constants = [node.value for node in nodes if isinstance(node, ast.Constant)]
        return any(isinstance(c, str) and self.names & set(c.split(".")) for c in constants)

    def _modules(self):
        return self.imported | self.of_tests

    def _looked_into(self, node):
        root = self._root(node)
        level = self.tampering if root in self.of_tests else self.suspicious
        level(f"looks into the names of `{ast.unparse(node)}`")

    def visit_Subscript(self, node):
        inner = node.value
        through_dict = isinstance(inner, ast.Attribute) and inner.attr == "__dict__"
        through_vars = isinstance(inner, ast.Call) and isinstance(inner.func, ast.Name)
        if not isinstance(node.ctx, ast.Load):
            if through_dict and self._root(inner.value) in self.imported:
                self.tampering(f"changes `{ast.unparse(inner.value)}`")
            elif through_vars and inner.func.id in ("vars", "globals", "locals"):
                self.suspicious(f"writes into `{inner.func.id}()`")
            elif (
                isinstance(inner, ast.Attribute)
                and _is_path(inner)
                and self._root(inner) in self.imported - CHANGEABLE
            ):
                self.suspicious(f"changes an item of `{ast.unparse(inner)}`")
        elif through_dict and self._root(inner.value) in self._modules():
            self._looked_into(inner.value)
        self.generic_visit(node)

    def _exercise(self, name, owner):
        if name in self.exercises:
            self.suspicious(f"uses `{name}` of `{owner}`, which is to be written here")

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


def _is_constant(nodes):
    return all(isinstance(node, ast.Constant) for node in nodes)


def _is_of_self(call):
    """Whether a call is `super().__setattr__(…)` or `object.__setattr__(self, …)`."""
    first = ast.unparse(call.args[0]) if call.args else ""
    return first == "self" or ast.unparse(call.func.value) == "super()"


def _is_path(node):
    """Whether a node is names and dots alone."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name)


def _looks_at_other(function):
    """Whether a comparison reads something of the other object."""
    other = function.args.args[1].arg if len(function.args.args) > 1 else None
    return any(
        isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == other
        for node in ast.walk(function)
    )
