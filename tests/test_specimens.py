"""Every specimen in tests/specimens/ scores what its file says, by nbgrader's own rules.

A file `specimens/LESSON/EXERCISE.py` holds answers, each after a line `# %% wrong: what` or
`# %% right: style`. A wrong one goes on with

    # fails: every check that must refuse it, separated by commas
    # says: words that the message must hold
    # score: the points it gets

Each check of a lesson must catch at least one specimen, and specimens that reach the library's
own solution in every way we know are made here for each exercise.
"""

import builtins
import re
from pathlib import Path
from typing import NamedTuple

import pytest
from notebooks import (
    NAMES,
    ROOT,
    cells_of_tests,
    error_of,
    kernel,
    read,
    score,
    solution_cells,
    statements,
)

SPECIMENS = Path(__file__).parent / "specimens"
# Answers that reach the library's solution; {room}.{name} is where it lives.
CHEATS = {
    "imported at the top": "from dcgan_lib.{room} import {name}",
    "imported inside": "def {name}(*a, **k):\n    from dcgan_lib.{room} import {name} as f\n"
    "    return f(*a, **k)",
    "by importlib": "import importlib\ndef {name}(*a, **k):\n"
    "    return importlib.import_module('dcgan_lib.{room}').{name}(*a, **k)",
    "by getattr": "import dcgan_lib.{room}\n_own = getattr(dcgan_lib.{room}, '{name}')\n"
    "{name} = lambda *a, **k: _own(*a, **k)",
    "by exec of its source": "import inspect, dcgan_lib.{room}\n"
    "_names = dict(vars(dcgan_lib.{room}))\n"
    "exec(inspect.getsource(dcgan_lib.{room}.{name}), _names)\n"
    "def {name}(*a, **k):\n    return _names['{name}'](*a, **k)",
}


class Specimen(NamedTuple):
    right: bool
    title: str
    source: str
    fails: frozenset
    says: str
    score: float | None


def read_specimens(path):
    parts = re.split(r"^# %% (wrong|right): (.+)$", path.read_text(), flags=re.M)
    for kind, title, source in zip(parts[1::3], parts[2::3], parts[3::3], strict=True):
        fields = dict(re.findall(r"^# (fails|says|score): (.+)$", source, re.M))
        fails = frozenset(filter(None, map(str.strip, fields.get("fails", "").split(","))))
        if kind == "wrong":
            assert {"fails", "says", "score"} <= set(fields), f"{path.name}, {title}: incomplete"
        points = float(fields["score"]) if "score" in fields else None
        yield Specimen(kind == "right", title, source, fails, fields.get("says", ""), points)


def judge(run, answer, tests):
    """Run an answer and its test cells.

    Where a cell fails, its statements are run once more, one by one, so that every check that
    refuses the answer is known.
    """
    points, failed, messages = 0, set(), []
    broken = error_of(run(answer))
    if broken:
        return 0, {"the cell itself"}, [broken.evalue]
    for cell in tests:
        outputs = run(cell.source)
        points += score(cell, outputs)
        for statement in statements(cell.source) if error_of(outputs) else ():
            if error := error_of(run(statement)):
                failed.add(re.match(r"\s*checks\.(\w+)", statement)[1])
                messages.append(f"{error.ename}: {error.evalue}")
    return points, failed, messages


def body_lines(cell):
    """How many lines the model answer of a solution cell has."""
    body = cell.source.split("### BEGIN SOLUTION")[1].split("### END SOLUTION")[0]
    return len([line for line in body.splitlines() if line.strip()])


@pytest.mark.parametrize("name", NAMES)
def test_specimens_score_what_their_files_say(name, tmp_path):
    notebook = read("solutions", name)
    solutions, tests = solution_cells(notebook), cells_of_tests(notebook)
    setup = next(cell for cell in notebook.cells if cell.cell_type == "code")
    wrongs, caught, used = [], {}, set()
    with kernel(read("solutions", name), tmp_path) as run:
        assert not error_of(run(setup.source)), "the setup cell fails"
        for cell in solutions.values():
            assert not error_of(run(cell.source)), "a model answer fails"
        for exercise, cell in solutions.items():
            most = sum(c.metadata.nbgrader.points for c in tests[exercise])
            used |= {
                m[1]
                for c in tests[exercise]
                for s in statements(c.source)
                if (m := re.match(r"\s*checks\.(\w+)", s))
            }
            path = SPECIMENS / name / f"{exercise}.py"
            specimens = list(read_specimens(path)) if path.exists() else []
            for specimen in specimens:
                points, failed, messages = judge(run, specimen.source, tests[exercise])
                where = f"{exercise}, {specimen.title}"
                if specimen.right and points != most:
                    wrongs.append(f"{where}: {points} of {most}; {messages}")
                if not specimen.right:
                    if points != specimen.score or not points < most:
                        wrongs.append(f"{where}: {points} points, its file says {specimen.score}")
                    if failed != specimen.fails:
                        wrongs.append(f"{where}: refused by {failed}; {messages}")
                    if not any(specimen.says in message for message in messages):
                        wrongs.append(f"{where}: no message says {specimen.says!r}; {messages}")
                    for check in failed:
                        caught.setdefault(check, []).append(specimen.title)
            wrongs += too_few(exercise, specimens, body_lines(cell))
            wrongs += cheats(run, exercise, tests[exercise], name)
            # Later exercises may call this one.
            run(cell.source)
    wrongs += [f"check {check} catches no specimen" for check in sorted(used - set(caught))]
    assert not wrongs, "\n" + "\n".join(wrongs)


def too_few(exercise, specimens, lines):
    wrong = sum(not s.right for s in specimens)
    right = sum(s.right for s in specimens)
    need_wrong, need_right = (5, 3) if lines > 3 else (2, 1)
    if wrong < need_wrong or right < need_right:
        yield f"{exercise}: {wrong} wrong, {right} right; needed: {need_wrong}, {need_right}"


def cheats(run, exercise, tests, lesson):
    """Every way to the library's own solution must be refused, and named."""
    references = run(
        "from dcgan_lib.checks import framework as _framework\n"
        f"print(*next(e for e in _framework.LESSONS[{lesson!r}] if e.name == {exercise!r})"
        ".references)"
    )
    for reference in references[0]["text"].split():
        room, name = reference.split(".", 1)
        if name != exercise:
            continue
        for title, source in CHEATS.items():
            points, _, messages = judge(run, source.format(room=room, name=name), tests)
            if points or not all("library's own solution" in message for message in messages):
                yield f"{exercise}, {title}: {points} points; {messages}"


def test_specimens_import_what_they_use():
    """In the kernel they share, an earlier specimen may have done it for them."""
    from dcgan_grader.bindings import bindings, used_names

    for path in sorted(SPECIMENS.glob("*/*.py")):
        cells = read("solutions", path.parent.name).cells
        names = (bindings(cell.source) for cell in cells if cell.cell_type == "code")
        known = {"__name__", *dir(builtins)}.union(*names)
        for specimen in read_specimens(path):
            missing = used_names(specimen.source) - known
            assert not missing, f"{path.stem}, {specimen.title}: {sorted(missing)}"


def test_specimen_folders_belong_to_exercises():
    for path in SPECIMENS.glob("*/*.py"):
        exercises = solution_cells(read("solutions", path.parent.name))
        assert path.stem in exercises, f"{path.relative_to(ROOT)} belongs to no exercise"
