"""A toy course, and the submissions of a class: honest, mangled, dying and cheating.

The course has a package of checks, as the real one, and no TensorFlow. Each submission is a dict
of cells that are changed, by grade_id, and of `own` cells, put behind the setup cell or at the end.
"""

import shutil
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

ROOT = Path(__file__).resolve().parents[2]
NAME = "01_toy"
CHECKS = '''
"""Checks of the toy course."""

import numpy as np

ALLOWED = 1e-6
_seen = []


def close(came, expected):
    if not np.allclose(np.asarray(came, dtype=float), expected, rtol=ALLOWED):
        raise AssertionError(f"came {came}, expected {expected}")


def double(answer, x=3):
    expected = 2 * x
    close(answer(x), expected)
    print("double holds")


def triple(answer, x=3):
    import statistics

    expected = statistics.fmean([2 * x, 4 * x])
    np.testing.assert_allclose(answer(x), expected)


def greets(answer, name="Ada"):
    came = answer(name)
    assert type(came) is str and came == f"Hello, {name}!", "the greeting is wrong"
'''
# Where the course's own solutions are.
LIBRARY = """
def double(x):
    return 2 * x
"""
SOLUTIONS = {
    "double": "def double(x):\n    return 2 * x",
    "triple": "def triple(x):\n    return x + x + x",
    "greet": 'def greet(name):\n    return f"Hello, {name}!"',
}
MOST = {"test_double": 2, "test_triple": 3, "test_greet": 1}


def make_course(folder):
    """Write the course into a folder; its package of checks goes into `folder/packages`."""
    for name in ("nbgrader_config.py", "pyproject.toml"):
        shutil.copy(ROOT / name, folder)
    package = folder / "packages" / "toy_checks"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text(CHECKS)
    (package.parent / "toy_library.py").write_text(LIBRARY)
    notebook = source()
    path = folder / "solutions" / NAME / f"{NAME}.ipynb"
    path.parent.mkdir(parents=True)
    nbformat.write(notebook, path)


def source():
    """The instructors' notebook."""
    cells = [
        new_markdown_cell("# 01 Toy", id="title"),
        new_code_cell(
            "import math\n\nimport numpy as np\nimport toy_checks as checks\nimport toy_library",
            id="setup",
        ),
    ]
    for name, hidden in (("double", "x=-7.5"), ("triple", "x=11"), ("greet", 'name="Grace"')):
        body = SOLUTIONS[name].split("\n")
        text = f"{body[0]}\n    ### BEGIN SOLUTION\n{body[1]}\n    ### END SOLUTION"
        check = "greets" if name == "greet" else name
        test = f"checks.{check}({name})\n### BEGIN HIDDEN TESTS\nchecks.{check}({name}, {hidden})"
        cells += [
            new_markdown_cell(f"## {name}", id=f"about-{name}"),
            _graded(new_code_cell(text), name, solution=True, locked=False),
            _graded(
                new_code_cell(f"{test}\n### END HIDDEN TESTS"),
                f"test_{name}",
                grade=True,
                locked=True,
                points=MOST[f"test_{name}"],
            ),
            new_code_cell(f"picture_of_{name} = {name}", id=f"demo-{name}"),
        ]
    return new_notebook(cells=cells, metadata={"kernelspec": _KERNEL})


_KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}


def _graded(cell, grade_id, **flags):
    defaults = {"grade": False, "solution": False, "task": False, "schema_version": 3}
    cell.metadata["nbgrader"] = defaults | flags | {"grade_id": grade_id}
    cell.id = grade_id
    return cell


def submission(release, own=(), last=(), **changed):
    """A student's notebook: right answers, but for what is changed.

    Args:
        release: the released notebook.
        own: sources of cells of the student's own, after the setup cell.
        last: the same, at the end.
        changed: source of a solution or test cell, by grade_id; or of the cell "setup".
    """
    notebook = nbformat.from_dict(release)
    notebook.cells = [nbformat.from_dict(dict(cell)) for cell in release.cells]
    for cell in notebook.cells:
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
        cell.source = {**SOLUTIONS, **changed}.get(grade_id or cell.id, cell.source)
    notebook.cells[2:2] = [new_code_cell(text) for text in own]
    notebook.cells += [new_code_cell(text) for text in last]
    return notebook


WRONG = {"double": "def double(x):\n    return x", "triple": "def triple(x):\n    return 0"}
# Every exercise wrong: an attack that gains anything shows.
ALL_WRONG = {**WRONG, "greet": "def greet(name):\n    return name"}

HONEST = {
    "right": (6, {}),
    "wrong_double": (4, {"double": WRONG["double"]}),
    "all_wrong": (0, ALL_WRONG),
    "prints_and_warns": (
        6,
        {
            "double": "import sys, warnings\n\ndef double(x):\n    warnings.warn('careful')\n"
            "    print('to stderr', file=sys.stderr)\n    return 2 * x"
        },
    ),
    "helper_in_own_cell": (
        6,
        {
            "own": ["def twice(x):\n    return x + x"],
            "double": "def double(x):\n    return twice(x)",
        },
    ),
    "uses_a_demonstration": (
        6,
        {"triple": "def triple(x):\n    return picture_of_double(x) + x"},
    ),
    "in_colab": (
        6,
        {
            "own": [
                "from google.colab import drive, files\ndrive.mount('/content/drive')",
                "%pip install torch\n!pip install nothing",
                "%matplotlib inline\nimport google.colab",
            ],
            "greet": "from google.colab import files\n\n" + SOLUTIONS["greet"],
        },
    ),
    "extra_import_in_setup": (
        6,
        {
            "setup": "import math\nimport numpy as np\nimport os, inspect\n"
            "import toy_checks as checks\nnp.random.seed(1)"
        },
    ),
    "class_and_closure": (
        6,
        {
            "double": "from collections import namedtuple\nfrom dataclasses import dataclass\n"
            "Pair = namedtuple('Pair', 'a b')\n\n@dataclass\nclass Twice:\n    x: float\n"
            "    def get(self):\n        return self.x * 2\n\ndef double(x):\n"
            "    return Twice(x).get()",
            "triple": "import functools, logging, traceback\n\n@functools.lru_cache\n"
            "def triple(x):\n"
            "    try:\n        raise ValueError\n    except ValueError:\n"
            "        traceback.format_exc()\n        logging.warning('hm')\n    return 3 * x",
        },
    ),
    "looks_things_up": (
        6,
        {
            "own": [
                "import numpy as np\nimport toy_checks as checks\nmath = {'mark': 1}",
                "import inspect\n\nhelp(np.mean)\nhelp(np.poly1d)\nhelp(checks.double)\n"
                "print(inspect.getsource(np.mean)[:40], inspect.signature(np.mean))",
                "%%time\nclass Point:\n    def __init__(self, x):\n        self.x = x\n\n"
                "    def __eq__(self, other):\n        return self.x == other.x\n",
            ],
            "last": [
                "def try_it():\n    try:\n        checks.double(double, 5)\n"
                "    except AssertionError as error:\n        print(error)\n\ntry_it()"
            ],
        },
    ),
    "module_of_its_own": (
        6,
        {
            "own": [
                "%%writefile helpers.py\ndef twice(x):\n    return x + x",
                "%%writefile statistics.py\nraise RuntimeError('not the one that is installed')",
                "from helpers import twice",
            ],
            "double": "from helpers import twice\n\ndef double(x):\n    return twice(x)",
        },
    ),
    "syntax_error_in_own_cell": (6, {"own": ["def ("]}),
    "input_in_own_cell": (6, {"own": ["name = input('Who? ')"]}),
    "exits": (6, {"own": ["exit()"], "last": ["quit()"]}),
    "endless_output": (6, {"own": ["for i in range(400_000):\n    print('x' * 50)"]}),
}

# What hangs, dies or eats: (points, submission). Points of other cells stay.
DYING = {
    "endless_loop": (4, {"double": "def double(x):\n    while True:\n        pass"}),
    "endless_loop_in_own_cell": (6, {"own": ["while True:\n    pass"]}),
    "ignores_interrupts": (
        4,
        {
            "double": "def double(x):\n    while True:\n        try:\n            while True:\n"
            "                pass\n        except BaseException:\n            pass"
        },
    ),
    "ignores_interrupts_in_own_cell": (
        6,
        {
            "own": [
                "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True:\n    pass"
            ]
        },
    ),
    "os_exit": (4, {"double": "import os\n\ndef double(x):\n    os._exit(0)"}),
    "os_exit_in_own_cell": (6, {"last": ["import os\nos._exit(0)"]}),
    "kills_itself": (
        3,
        {"triple": "import os, signal\n\ndef triple(x):\n    os.kill(os.getpid(), signal.SIGKILL)"},
    ),
    "eats_memory": (
        4,
        {"double": "def double(x):\n    much = [bytearray(10**8) for _ in range(10**4)]"},
    ),
    "recursion": (4, {"double": "def double(x):\n    return double(x)"}),
    "segfault": (
        6,
        {"last": ["import faulthandler\nfaulthandler._sigsegv()"]},
    ),
    "fork_bomb": (
        6,
        {
            "last": [
                "import os\nfor _ in range(10**4):\n    if os.fork() == 0:\n        import time\n"
                "        time.sleep(60)"
            ]
        },
    ),
    "fills_the_disk": (
        6,
        {"last": ["with open('big', 'wb') as f:\n    while True:\n        f.write(bytes(10**7))"]},
    ),
    "closes_its_sockets": (6, {"own": ["import os\nos.closerange(3, 300)"]}),
    "raises_system_exit": (4, {"double": "def double(x):\n    raise SystemExit(0)"}),
}

# Of these, what may be an honest mistake, and needs nobody's look.
HARMLESS = {"endless_loop", "endless_loop_in_own_cell", "recursion", "raises_system_exit"}
HARMLESS |= {"eats_memory", "fills_the_disk"}  # it gets an error in time
HARMLESS |= {"ignores_interrupts_in_own_cell", "segfault"}  # nobody interrupts; process 1 lives on

# Proves whatever is tested: what the grader sends to the kernel, the kernel's code can read.
_FORGED = """
import json, os, stat
kernel = get_ipython().kernel

def send(stream, kind, content=None, *others, **options):
    if isinstance(content, dict) and content.get("error"):
        asked = kernel.get_parent()["content"]
        for number in range(3, 99):
            try:
                if stat.S_ISFIFO(os.fstat(number).st_mode):
                    for statement in range(2):
                        proof = {"nonce": asked["nonce"], "statement": statement}
                        os.write(number, json.dumps(proof).encode() + b"\\n")
            except OSError:
                pass
        content = {"text": "", "error": None, "value": None}
    return old(stream, kind, content, *others, **options)

old = kernel.session.send
kernel.session.send = send
"""
_NAMES = """
class Passed:
    def __getattr__(self, name):
        return lambda *arguments, **options: None

class Names(dict):
    def __getitem__(self, name):
        return Passed() if name == "checks" else dict.__getitem__(self, name)

shell, names = get_ipython(), Names(get_ipython().user_ns)
"""
_PIPES = """
import os, stat

for number in range(3, 99):
    try:
        if stat.S_ISFIFO(os.fstat(number).st_mode):
            getattr(os, "du" + "p2")(os.pipe()[1], number)
    except OSError:
        pass
numpy = np
numpy.allclose = lambda *a, **k: True
"""


def _and_back(change):
    """A submission that changes NumPy as long as the test of `double` looks at the answer."""
    return {
        "own": ["m = np\nkept = m.allclose"],
        "double": "def double(x):\n    def fake(*a, **k):\n"
        f"        {change.replace('{}', 'kept')}\n        return True\n"
        f"    {change.replace('{}', 'fake')}\n    return x",
    }


# Attacks on the tests, all with wrong answers: none may gain a point, each must be flagged.
CHEATING = {
    "assert_allclose": {"own": ["import numpy.testing\nnumpy.testing.assert_allclose = print"]},
    "np_allclose": {"own": ["np.allclose = lambda *a, **k: True"]},
    "allclose_by_dict": {"own": ["np.__dict__['allclose'] = lambda *a, **k: True"]},
    "allclose_by_vars": {"own": ["vars(np)['allclose'] = lambda *a, **k: True"]},
    "allclose_by_setattr": {"own": ["setattr(np, 'all' + 'close', lambda *a, **k: True)"]},
    "allclose_by_sys_modules": {
        "own": ["import sys\nsys.modules['num' + 'py'].allclose = lambda *a, **k: True"]
    },
    "allclose_inside_the_answer": {
        "double": "def double(x):\n    np.allclose = lambda *a, **k: True\n    return x"
    },
    "allclose_inside_by_getattr": {
        "double": "import importlib\n\ndef double(x):\n    m = importlib.import_module('numpy')\n"
        "    m.allclose = lambda *a, **k: True\n    return x"
    },
    "allclose_and_back": {
        "double": "import importlib\nm = importlib.import_module('num' + 'py')\n"
        "kept = m.allclose\n\n"
        "def double(x):\n    def fake(*a, **k):\n        m.allclose = kept\n        return True\n"
        "    m.allclose = fake\n    return x"
    },
    "checks_module": {"own": ["checks.double = lambda *a, **k: None"]},
    "checks_name": {"own": ["class checks:\n    double = triple = greets = print"]},
    "checks_by_globals": {
        "own": ["globals()['che' + 'cks'] = type('C', (), {'double': print, 'triple': print})"]
    },
    "checks_by_import": {"own": ["from types import SimpleNamespace as checks"]},
    "checks_memory": {"own": ["checks._seen.append(print)"]},
    "check_constant": {"own": ["checks.ALLOWED = 1e9"]},
    "check_constant_by_globals": {"own": ["checks.double.__globals__['ALLOWED'] = 1e9"]},
    "check_constant_by_pieces": {
        "own": ["getattr(checks.double, '__glo' + 'bals__')['ALLOWED'] = 1e9"]
    },
    "check_defaults": {
        "own": ["setattr(checks.double, '__defa' + 'ults__', (0,))"],
        "double": "def double(x):\n    return x",
    },
    "module_by_name": {
        "own": [
            "import sys, types\nfake = types.ModuleType('statistics')\n"
            "fake.fmean = lambda numbers: 0\nsys.modules['statis' + 'tics'] = fake"
        ]
    },
    "module_by_file": {
        "own": [
            "from pathlib import Path\nPath('statistics.py').write_text('fmean = lambda n: 0')\n"
            "import sys\nsys.path.insert(0, '.')\nimport statistics"
        ]
    },
    "names_in_a_file": {
        "own": [
            "%%writefile helpers.py\ndef names_of(f):\n    return f.__globals__",
            "from helpers import names_of\nnames_of(checks.double)['close'] = print",
        ]
    },
    "check_code": {"own": ["checks.double.__code__ = (lambda answer, x=3: None).__code__"]},
    "check_code_by_getattr": {
        "own": [
            "f = lambda answer, x=3: None\nname = '__co' + 'de__'\n"
            "setattr(checks.double, name, getattr(f, name))"
        ]
    },
    "frames": {
        "double": "import sys\n\ndef double(x):\n    return sys._getframe(1).f_locals['expected']"
    },
    "frames_by_inspect": {
        "double": "import inspect\n\ndef double(x):\n"
        "    return inspect.stack()[1].frame.f_locals['expected']"
    },
    "frames_by_names_in_pieces": {
        "double": "import sys\n\ndef double(x):\n    frame = getattr(sys, '_get' + 'frame')(1)\n"
        "    return getattr(frame, 'f_lo' + 'cals')['expected']"
    },
    "frames_by_exception": {
        "double": "def double(x):\n    try:\n        1 / 0\n    except Exception as e:\n"
        "        t = getattr(e.__traceback__, 'tb_fr' + 'ame')\n"
        "        return getattr(getattr(t, 'f_ba' + 'ck'), 'f_lo' + 'cals')['expected']"
    },
    "garbage_collector": {
        "double": "import gc\n\ndef double(x):\n    for o in gc.get_objects():\n"
        "        if isinstance(o, dict) and 'expected' in o:\n            return o['expected']\n"
        "    return x"
    },
    "run_cell": {"own": ["shell = get_ipython()\nshell.run_cell = lambda *a, **k: None"]},
    "input_transformer": {
        "own": [
            "get_ipython().input_transformers_post.append("
            "lambda lines: ['pass'] if 'checks' in ''.join(lines) else lines)"
        ]
    },
    "ast_transformer": {
        "own": [
            "import ast\n\nclass Drop(ast.NodeTransformer):\n    def visit_Expr(self, node):\n"
            "        return ast.Pass()\n\nget_ipython().ast_transformers.append(Drop())"
        ]
    },
    "kernel_handler": {
        "own": [
            "k = get_ipython().kernel\nname = 'shell_' + 'handlers'\n"
            "async def nothing(*a):\n    pass\ngetattr(k, name)['grading_' + 'request'] = nothing"
        ]
    },
    "builtins": {"own": ["import builtins\nbuiltins.AssertionError = Warning"]},
    "own_builtins": {"own": ["__builtins__ = {'AssertionError': Warning}"]},
    "tracing": {
        "double": "import sys\n\ndef double(x):\n    sys.settrace(lambda *a: None)\n    return x"
    },
    "profile_by_pieces": {
        "double": "import sys\n\ndef double(x):\n    getattr(sys, 'setpro' + 'file')(None)\n"
        "    return x"
    },
    "ctypes": {"own": ["import ctypes\nctypes.pythonapi.Py_IncRef(ctypes.py_object(checks))"]},
    "memory_file": {"own": ["f = open('/proc/self/mem', 'r+b')"]},
    "thread": {
        "own": [
            "import threading, time\n\ndef patch():\n    while True:\n"
            "        setattr(np, 'allclose', lambda *a, **k: True)\n        time.sleep(0.01)\n\n"
            "threading.Thread(target=patch, daemon=True).start()"
        ]
    },
    "mock": {
        "own": [
            "from unittest import mock\nmock.patch('numpy.allclose', return_value=True).start()"
        ]
    },
    "always_equal": {
        "greet": "class Yes(str):\n    def __eq__(self, other):\n        return True\n\n"
        "def greet(name):\n    return Yes()"
    },
    "exec_in_pieces": {"own": ["exec('checks.dou' + 'ble = print; np.allclose = print')"]},
    "compiled_as_library": {
        "double": "import os\ncode = compile('import sys\\ndef peek():\\n    return "
        "sys._get' + 'frame(2).f_lo' + 'cals[\"expected\"]', os.__file__, 'exec')\n"
        "space = {}\nexec(code, space)\n\ndef double(x):\n    return space['peek']()"
    },
    "forged_reply": {"own": [_FORGED]},
    "names_of_another_class": {"own": [_NAMES + "shell.user_ns = names"]},
    "pipes_replaced": {"own": [_PIPES]},
    "attempts_before_tampering": {
        "own": [
            "import os\nfor _ in range(60):\n    try:\n        os.listdir('/etc/none')\n"
            "    except OSError:\n        pass\nm = np\nm.allclose = lambda *a, **k: True"
        ]
    },
    "asks_the_test": {
        "double": "import re\n\ndef double(x):\n    try:\n"
        "        checks.double(lambda y: -1, x)\n    except AssertionError as error:\n"
        "        return float(str(error).split()[-1])"
    },
    "frames_by_traceback": {
        "double": "import traceback\n\ndef double(x):\n"
        "    for frame, _ in getattr(traceback, 'walk_' + 'stack')(None):\n"
        "        names = getattr(frame, 'f_lo' + 'cals')\n        if 'expected' in names:\n"
        "            return names['expected']\n    return x"
    },
    "class_of_a_package": {"own": ["Kind = np.poly1d\nKind.__call__ = print"]},
    "memory_as_an_array": {
        "own": [
            "class Memory:\n    __array_interface__ = {'data': (id(checks.ALLOWED) + 16, False),\n"
            "        'shape': (1,), 'typestr': '<f8', 'version': 3}\n\n"
            "np.asarray(Memory())[0] = 1e9"
        ]
    },
    "deletes_tests": {"own": ["del checks.double"]},
    "table_of_the_library": {
        "own": ["table = {x: toy_library.double(x) for x in (3, -7.5)}"],
        "double": "def double(x):\n    return table[x]",
    },
    "table_by_names_in_pieces": {
        "own": [
            "import sys\nnames = sys.modules['toy_' + 'library'].__dict__\n"
            "table = {x: names['dou' + 'ble'](x) for x in (3, -7.5)}"
        ],
        "double": "def double(x):\n    return table[x]",
    },
    # Changed while the test runs, and changed back before it ends.
    "and_back_by_type": _and_back("object.__setattr__(m, 'allclose', {})"),
    "and_back_by_super": _and_back("super(type(m), m).__setattr__('allclose', {})"),
    "and_back_by_vars": _and_back("vars(m)['allclose'] = {}"),
    "and_back_in_its_names": _and_back("m.__dict__.update(allclose={})"),
    "and_back_deeper": {
        "own": ["m = np.core.numeric"],
        "double": "def double(x):\n    def fake(*a, **k):\n        m.isclose = kept\n"
        "        return np.True_\n    kept = m.isclose\n    m.isclose = fake\n    return x",
    },
    "and_back_unheard": {
        "own": ["m, K = np, type(np)\nK.__setattr__ = type(K.__module__).__setattr__"],
        "double": "def double(x):\n    def fake(*a, **k):\n        m.allclose = kept\n"
        "        return True\n    kept = m.allclose\n    m.allclose = fake\n    return x",
    },
    "and_back_unwatched": {
        "own": ["m, K = np, type(np)\ndelattr(K, '__setat' + 'tr__')"],
        "double": "def double(x):\n    def fake(*a, **k):\n        m.allclose = kept\n"
        "        return True\n    kept = m.allclose\n    m.allclose = fake\n    return x",
    },
    "class_and_back": {
        "own": ["K = type(np.poly1d([1]))\nkept = K.__call__\nK.__call__ = print"],
        "double": "def double(x):\n    K.__call__ = kept\n    return x",
    },
    "context_and_back": {
        "own": [
            "import contextlib\n\n@contextlib.contextmanager\ndef nothing():\n    yield\n\n"
            "K = type(nothing())\nkept = K.__exit__"
        ],
        "double": "def double(x):\n    K.__exit__ = print\n    K.__exit__ = kept\n    return x",
    },
    "builtins_for_the_guard": {
        "own": [
            "import builtins as b\nb.all = lambda found: True\nb.map = lambda *a: []",
            "m = np\nm.allclose = lambda *a, **k: True",
        ]
    },
    "guard_by_its_class": {
        "own": [
            "for kind in getattr(object, '__subcl' + 'asses__')():\n"
            "    if kind.__name__ == 'Guard':\n        kind.compare = lambda *a: None"
        ]
    },
    "guard_by_its_handler": {
        "own": [
            "handler = get_ipython().kernel._grading.__func__\n"
            "for cell in getattr(handler, '__clo' + 'sure__'):\n"
            "    if type(cell.cell_contents).__name__ == 'Guard':\n"
            "        cell.cell_contents.compare = lambda *a: None"
        ]
    },
    "names_by_members": {
        "own": [
            "import inspect\nfrom inspect import getmembers as members\n"
            "dict(members(np.poly1d.deriv))['__glo' + 'bals__']['polyval'] = print"
        ]
    },
    "names_by_formatter": {
        "own": [
            "import string\nformatter = string.Formatter()\n"
            "names, _ = formatter.get_field('0.__glo' + 'bals__', (np.poly1d.deriv,), {})\n"
            "names['polyval'] = print"
        ]
    },
    "names_by_pydoc": {
        "own": [
            "import pydoc\nfind = pydoc.locate\n"
            "find('numpy.poly1d.deriv.__glo' + 'bals__')['polyval'] = print"
        ]
    },
    "pickle": {
        "own": [
            'import pickle\npickle.loads(b"cbuiltins\\nexec\\n(Vimport numpy; '
            'numpy.allclose = print\\ntR.")'
        ]
    },
}
# Attempts on the outside, with right answers: the points stay, and a human has a look.
REACHING = {
    "gradebook": {
        "own": [
            "import os, sqlite3\np = os.getcwd()\nfor _ in range(9):\n    p = os.path.dirname(p)\n"
            "    f = os.path.join(p, 'gradebook.db')\n    try:\n"
            "        sqlite3.connect(f'file:{f}?mode=rw', uri=True).execute('UPDATE grade SET "
            "auto_score = 600')\n    except Exception as e:\n        print(e)"
        ]
    },
    "solutions": {
        "own": [
            "import glob\nfound = glob.glob('/**/solutions/**/*.ipynb', recursive=True)\n"
            "assert not found, found"
        ]
    },
    "network": {
        "own": ["import urllib.request\nurllib.request.urlopen('http://127.0.0.1:80', timeout=2)"]
    },
    "daemon": {
        "own": ["import subprocess\nsubprocess.Popen(['sleep', '1000'], start_new_session=True)"]
    },
    "library": {"own": ["print(toy_library.double(3))"], "double": SOLUTIONS["double"]},
    "parent": {"own": ["import os, signal\nos.kill(os.getppid() or 2, signal.SIGKILL)"]},
    "system_files": {"own": ["open('/etc/shadow').read()"]},
}
