"""Repair: named cases, and many random ones over the real notebooks."""

import json
import random
import re
from copy import deepcopy
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_raw_cell
from nbgrader.nbgraderformat import MetadataValidator

from dcgan_grader.bindings import bindings, is_whole, used_names
from dcgan_grader.matching import plain, slots_of
from dcgan_grader.repair import RepairError, belongs_to, repair

ROOT = Path(__file__).parents[2]
NAMES = sorted(path.stem for path in ROOT.glob("course/*/*.ipynb"))
WORDS = (
    "A hospital makes scans with a GAN; a blackmailer makes videos; a detector finds some of them."
)


def read(folder, name):
    return nbformat.read(ROOT / folder / name / f"{name}.ipynb", as_version=4)


def grade_id(cell):
    return cell.metadata.get("nbgrader", {}).get("grade_id")


def solve(release, solution):
    """The release with the answers of the solution."""
    solved = deepcopy(release)
    answers = {grade_id(cell): cell for cell in solution.cells if grade_id(cell)}
    for cell in solved.cells:
        if cell.metadata.get("nbgrader", {}).get("solution"):
            source = answers[grade_id(cell)].source
            cell.source = re.sub(r"(?m)^ *### (BEGIN|END) SOLUTION\n?", "", source).strip("\n")
            if cell.cell_type == "markdown":
                cell.source = WORDS
    return solved


RELEASES = {name: read("course", name) for name in NAMES}
SOLVED = {name: solve(RELEASES[name], read("solutions", name)) for name in NAMES}
STUBS = {cell.source: grade_id(cell) for nb in RELEASES.values() for cell in nb.cells}


def mark(grade_id, *, solution=False, grade=False, locked=False, points=None, kind="code"):
    meta = {
        "cell_type": kind,
        "checksum": "0" * 32,
        "grade": grade,
        "grade_id": grade_id,
        "locked": locked,
        "schema_version": 3,
        "solution": solution,
        "task": False,
    }
    if points is not None:
        meta["points"] = points
    return {"nbgrader": meta}


def stub(name, arguments="x"):
    return (
        f'def {name}({arguments}):\n    """Do what {name} promises.\n\n    Args:\n'
        f'        x: a number.\n    """\n    raise NotImplementedError("write this function")'
    )


def toy(*exercises, choice=(), written=()):
    """A small release: prose, setup, and for each exercise a text, an answer and a test."""
    cells = [
        new_markdown_cell("# 99 A toy notebook", id="title"),
        new_code_cell("from toy import checks", id="setup"),
    ]
    for name in [*exercises, *choice, *written]:
        cells.append(
            new_markdown_cell(f"### Exercise {name}\n\nWrite {name} here.", id=f"ask-{name}")
        )
        if name in written:
            meta = mark(name, solution=True, grade=True, points=3, kind="markdown")
            cells.append(new_markdown_cell("YOUR ANSWER HERE", id=name, metadata=meta))
            continue
        source = f"{name} = None  # the letters you choose" if name in choice else stub(name)
        cells.append(new_code_cell(source, id=name, metadata=mark(name, solution=True)))
        test = mark(f"test_{name}", grade=True, locked=True, points=1)
        cells.append(new_code_cell(f"checks.{name}({name})", id=f"test_{name}", metadata=test))
    cells.append(new_markdown_cell("## The end", id="end"))
    return new_notebook(cells=cells)


def solved(release, **answers):
    notebook = deepcopy(release)
    for cell in notebook.cells:
        cell.source = answers.get(cell.id, cell.source)
    return notebook


def find(notebook, name):
    [cell] = [cell for cell in notebook.cells if cell.get("id") == name]
    return cell


def at(notebook, name):
    return notebook.cells.index(find(notebook, name))


def answer(name, value=1):
    return f"def {name}(x):\n    y = x + {value}\n    return y"


def strip(notebook):
    """What is left when an editor drops all metadata and ids."""
    for number, cell in enumerate(notebook.cells):
        cell.metadata = {}
        cell.id = f"new{number}"
    return notebook


def own_texts(notebook, release):
    ids = {cell.id for cell in release.cells}
    return [cell.source for cell in notebook.cells if cell.id not in ids]


def check_frame(result, release):
    """What holds for every repaired notebook."""
    notebook = result.notebook
    nbformat.validate(notebook)
    ids = {cell.id for cell in release.cells}
    frame = [cell for cell in notebook.cells if cell.id in ids]
    assert [cell.id for cell in frame] == [cell.id for cell in release.cells]
    for cell, released in zip(frame, release.cells, strict=True):
        assert cell.metadata == released.metadata
        assert cell.cell_type == released.cell_type
        if released.metadata.get("nbgrader", {}).get("locked"):
            assert cell.source == released.source
    assert all(not cell.metadata for cell in notebook.cells if cell.id not in ids)
    assert notebook.metadata == release.metadata
    again = repair(notebook, release)
    assert again.repairs == []
    assert again.notebook == notebook
    return result


def repaired(submission, release):
    before = deepcopy(submission)
    result = check_frame(repair(submission, release), release)
    assert submission == before
    return result


def found_by_tests(notebook, name):
    """The binding of `name` that its first test finds, when all runs from top to bottom."""
    bound = None
    for cell in notebook.cells:
        if (grade_id(cell) or "").startswith("test_") and re.search(rf"\b{name}\b", cell.source):
            return bound
        if cell.cell_type == "code":
            bound = bindings(cell.source).get(name, bound)
    raise AssertionError(f"no test of {name}")


# A submission as it should be.


@pytest.mark.parametrize("name", NAMES)
def test_an_unmodified_submission_is_left_alone(name):
    result = repaired(SOLVED[name], RELEASES[name])
    MetadataValidator().validate_nb(result.notebook)
    assert (result.repairs, result.review) == ([], [])
    assert result.notebook == SOLVED[name]


@pytest.mark.parametrize("name", NAMES)
def test_an_empty_submission_is_left_alone(name):
    result = repaired(RELEASES[name], RELEASES[name])
    assert (result.repairs, result.review) == ([], [])
    assert result.notebook == RELEASES[name]


def test_own_cells_and_edited_demos_stay():
    release = toy("f", "g")
    submission = solved(
        release, f=answer("f"), g=answer("g"), setup="from toy import checks\nimport os"
    )
    submission.cells.insert(4, new_code_cell("helper = 1", id="mine"))
    submission.cells.insert(0, new_markdown_cell("My name is Ada."))
    submission.cells.append(new_code_cell("f(helper)"))
    result = repaired(submission, release)
    assert (result.repairs, result.review) == ([], [])
    assert [c.source for c in result.notebook.cells] == [c.source for c in submission.cells]


def test_what_an_editor_writes_is_no_repair():
    release = toy("f")
    submission = solved(release, f=answer("f"))
    submission.metadata = {
        "colab": {"provenance": []},
        "kernelspec": {"name": "x", "display_name": "X"},
    }
    for cell in submission.cells:
        cell.metadata.update(
            colab={"base_uri": "x"}, executionInfo={"user": {}}, tags=["raises-exception"]
        )
        cell.source = cell.source.replace("\n", "  \r\n")
    submission.cells.insert(2, new_code_cell("1 / 0", metadata={"tags": ["raises-exception"]}))
    result = repaired(submission, release)
    assert (result.repairs, result.review) == ([], [])


def test_an_experiment_with_the_name_of_an_exercise_stays_where_it_is():
    release = toy("f")
    submission = solved(release, f=answer("f"))
    submission.cells.append(new_code_cell("f = f(3)"))
    submission.cells.insert(0, new_code_cell("def f(x):\n    return 'first try'"))
    result = repaired(submission, release)
    assert (result.repairs, result.review) == ([], [])
    assert [c.source for c in result.notebook.cells] == [c.source for c in submission.cells]


# Each row of what was seen of nbgrader with submissions from Colab and careless hands.


@pytest.mark.parametrize("minor", [0, 4])
def test_old_nbformat_without_ids(minor):
    release = toy("f")
    submission = solved(release, f=answer("f"))
    submission.nbformat_minor = minor
    for cell in submission.cells:
        del cell["id"]
    result = repaired(submission, release)
    assert (result.repairs, result.review) == ([], [])
    assert find(result.notebook, "f").source == answer("f")


def test_ids_in_the_metadata():
    release = toy("f", written=["written_w"])
    submission = strip(
        solved(release, f=answer("f"), written_w=WORDS, setup="import toy\nfrom toy import checks")
    )
    for cell, released in zip(submission.cells, release.cells, strict=True):
        cell.metadata["id"] = released.id
    result = repaired(submission, release)
    assert result.review == []
    assert result.repairs == [
        "The nbgrader metadata of f, test_f and written_w was lost; it was put back."
    ]
    assert [c.source for c in result.notebook.cells] == [c.source for c in submission.cells]


def test_duplicated_ids():
    release = toy("f")
    submission = solved(release, f=answer("f"))
    for cell in submission.cells:
        cell.id = "same"
    assert repaired(submission, release).notebook == solved(release, f=answer("f"))


@pytest.mark.parametrize("which", ["f", "test_f"])
@pytest.mark.parametrize("place", ["after", "end"])
def test_duplicated_graded_cell(which, place):
    release = toy("f", "g")
    submission = solved(release, f=answer("f"), g=answer("g"))
    copy = deepcopy(find(submission, which))
    copy.id = "copy"
    submission.cells.insert(at(submission, which) + 1 if place == "after" else 99, copy)
    result = repaired(submission, release)
    assert result.notebook == solved(release, f=answer("f"), g=answer("g"))
    assert (
        len(result.repairs) == 1 and which in result.repairs[0] and "dropped" in result.repairs[0]
    )
    assert result.review == []


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("schema_version", None),
        ("schema_version", 2),
        ("schema_version", 99),
        ("schema_version", "three"),
        ("grade_id", "test_g"),
        ("grade_id", None),
        ("grade_id", ["f"]),
        ("grade", False),
        ("solution", True),
        ("locked", False),
        ("points", 600),
        ("points", None),
        ("extra", 1),
        ("checksum", "1" * 32),
    ],
)
def test_changed_metadata(key, value):
    release = toy("f", "g")
    submission = solved(release, f=answer("f"), g=answer("g"))
    meta = find(submission, "test_f").metadata["nbgrader"]
    meta[key] = value
    if value is None:
        del meta[key]
    result = repaired(submission, release)
    assert result.notebook == solved(release, f=answer("f"), g=answer("g"))
    assert result.review == []
    assert result.repairs == [
        f"The nbgrader metadata of test_f was changed ({key}); it was put back."
    ]


@pytest.mark.parametrize("meta", [None, {}, [], "x", {"nbgrader": 3}])
def test_metadata_that_is_none(meta):
    release = toy("f")
    submission = solved(release, f=answer("f"))
    find(submission, "f").metadata["nbgrader"] = meta
    result = repaired(submission, release)
    assert result.notebook == solved(release, f=answer("f"))
    assert len(result.repairs) == 1 and " f was " in result.repairs[0]


def test_deleted_test_cell():
    release = toy("f", "g")
    submission = solved(release, f=answer("f"), g=answer("g"))
    submission.cells.remove(find(submission, "test_f"))
    result = repaired(submission, release)
    assert result.notebook == solved(release, f=answer("f"), g=answer("g"))
    assert result.repairs == ["The code of test_f was missing; it was put back."]


def test_deleted_setup_and_texts():
    release = toy("f")
    submission = solved(release, f=answer("f"))
    submission.cells = [find(submission, name) for name in ("f", "test_f")]
    result = repaired(submission, release)
    assert result.notebook == solved(release, f=answer("f"))
    assert result.repairs == [
        "The text of title, ask-f and end was missing; it was put back.",
        "The code of setup was missing; it was put back.",
    ]


def test_test_cell_without_metadata():
    release = toy("f", "g")
    submission = solved(release, f=answer("f"), g=answer("g"))
    cell = find(submission, "test_f")
    cell.metadata, cell.id = {}, "new"
    result = repaired(submission, release)
    assert result.repairs == ["The nbgrader metadata of test_f was lost; it was put back."]
    assert result.notebook == solved(release, f=answer("f"), g=answer("g"))


@pytest.mark.parametrize("name", NAMES)
def test_all_metadata_lost(name):
    submission = strip(deepcopy(SOLVED[name]))
    result = repaired(submission, RELEASES[name])
    assert result.notebook == SOLVED[name]
    assert len(result.repairs) == 1 and "lost" in result.repairs[0]
    assert result.review == []


@pytest.mark.parametrize("name", ["01_gan_theory", "05_losses"])
def test_nbformat_3(name):
    old = nbformat.convert(strip(deepcopy(SOLVED[name])), 3)
    submission = nbformat.convert(nbformat.from_dict(json.loads(json.dumps(old))), 4)
    result = repaired(submission, RELEASES[name])
    assert result.notebook == SOLVED[name]
    assert result.review == []


def test_no_cells():
    with pytest.raises(RepairError, match='not "99 A toy notebook": it has no cells'):
        repair(new_notebook(), toy("f"))
    with pytest.raises(RepairError, match="no cells"):
        repair(new_notebook(cells=[new_code_cell("")]), toy("f"))


@pytest.mark.parametrize("seed", range(3))
def test_cells_reordered(seed):
    submission = deepcopy(SOLVED["05_losses"])
    random.Random(seed).shuffle(submission.cells)
    result = repaired(submission, RELEASES["05_losses"])
    assert result.notebook == SOLVED["05_losses"]
    assert "another place" in " ".join(result.repairs)
    assert result.review == []


@pytest.mark.parametrize("kind", ["markdown", "raw"])
@pytest.mark.parametrize("which", ["f", "test_f", "setup"])
@pytest.mark.parametrize("bare", [False, True])
def test_code_cell_retyped(kind, which, bare):
    release = toy("f")
    submission = solved(release, f=answer("f"))
    cell = find(submission, which)
    make = new_markdown_cell if kind == "markdown" else new_raw_cell
    new = make(cell.source, metadata=cell.metadata, id=cell.id)
    submission.cells[submission.cells.index(cell)] = new
    if bare:
        strip(submission)
    result = repaired(submission, release)
    assert result.notebook == solved(release, f=answer("f"))
    assert (
        f"The cell of {which} had become a {kind} cell; it is a code cell again." in result.repairs
    )
    assert result.review == []


@pytest.mark.parametrize("bare", [False, True])
def test_words_in_a_code_cell(bare):
    release = toy("f", written=["written_w"])
    submission = solved(release, f=answer("f"))
    cell = find(submission, "written_w")
    new = new_code_cell(WORDS, metadata=cell.metadata, id=cell.id)
    submission.cells[submission.cells.index(cell)] = new
    if bare:
        strip(submission)
    result = repaired(submission, release)
    assert result.notebook == solved(release, f=answer("f"), written_w=WORDS)
    assert result.review == []


@pytest.mark.parametrize("text", ["A, C", "**A** and **C**", "Answer: {'A', 'C'}"])
def test_letters_in_a_text_instead_of_a_choice_are_for_a_person_to_see(text):
    release = toy("f", choice=["which"])
    submission = solved(release, f=answer("f"))
    submission.cells.insert(at(submission, "test_which"), new_markdown_cell(text, id="mine"))
    result = repaired(submission, release)
    [sentence] = result.review
    assert sentence.startswith("which: its own cell is unanswered") and "cell 8" in sentence
    assert own_texts(result.notebook, release) == [text]
    find(submission, "which").source = "which = {'A'}"
    assert repaired(submission, release).review == []


def test_changed_test_cell_is_as_released_again():
    release = toy("f")
    submission = solved(release, f=answer("f"), test_f="checks.f(f)\nprint('ok')")
    result = repaired(submission, release)
    assert result.notebook == solved(release, f=answer("f"))
    assert result.repairs == ["The cell of test_f had been changed; it is as released again."]


# Where the answers are.


@pytest.mark.parametrize(
    "code",
    [
        "def f(x):\n    return x",
        "async def f(x):\n    return x",
        "f = lambda x: x",
        "f: object = lambda x: x",
        "@decorated\ndef f(x):\n    return x",
        "if True:\n    def f(x):\n        return x",
        "try:\n    def f(x):\n        return x\nexcept ValueError:\n    pass",
        "class f:\n    pass",
        "import functools\nf = functools.partial(max, 1)",
        "%%time\ndef f(x):\n    return x",
        "!ls\n%matplotlib inline\ndef f(x):\n    return x",
        "    def f(x):\n        return x",
        "def f(x)\n    return x",
        "def f(x:\n    return (x",
        "f = lambda x x",
    ],
)
def test_answer_is_recognised_by_the_name_that_it_defines(code):
    release = toy("f", "ff")
    submission = strip(solved(release, f=code, ff=answer("ff")))
    submission.cells.insert(1, submission.cells.pop(3))
    result = repaired(submission, release)
    assert find(result.notebook, "f").source == code
    assert find(result.notebook, "ff").source == answer("ff")
    assert result.review == []


@pytest.mark.parametrize("seed", range(5))
def test_names_that_begin_alike(seed):
    pairs = [("train", "make_train_step"), ("cause_loss", "repair_loss")]
    for first, second in pairs:
        release = toy(first, second, f"{first}_more")
        answers = {name: answer(name, 3) for name in (first, second, f"{first}_more")}
        submission = strip(solved(release, **answers))
        random.Random(seed).shuffle(submission.cells)
        assert repaired(submission, release).notebook == solved(release, **answers)


def test_answer_in_an_own_cell_moves_to_the_stub():
    release = toy("f", "g")
    submission = solved(release, g=answer("g"))
    submission.cells.insert(at(submission, "f"), new_code_cell(answer("f")))
    result = repaired(submission, release)
    assert result.notebook == solved(release, f=answer("f"), g=answer("g"))
    assert result.repairs == [
        "The answer to f stood in another cell (4), while its own held none; it was moved there."
    ]
    assert result.review == []


def test_answer_at_the_end_brings_what_it_needs():
    release = toy("f", "g")
    submission = solved(release, g=answer("g"))
    needs = "def f(x):\n    return helper(x)"
    submission.cells += [
        new_code_cell("print('unrelated')"),
        new_code_cell("def deeper(x):\n    return x"),
        new_code_cell("def helper(x):\n    return deeper(x)"),
        new_code_cell(needs),
    ]
    result = repaired(submission, release)
    notebook = result.notebook
    assert find(notebook, "f").source == needs
    sources = [cell.source for cell in notebook.cells]
    assert sources[at(notebook, "f") - 2 : at(notebook, "f")] == [
        "def deeper(x):\n    return x",
        "def helper(x):\n    return deeper(x)",
    ]
    assert sources[-1] == "print('unrelated')"
    assert any("Cell 11 was put before f" in text for text in result.repairs)


def test_an_answer_in_its_place_gets_what_it_needs_from_below_its_test():
    release = toy("f", "g")
    needs = "def f(x):\n    return HALF * sum([x])"
    submission = solved(release, f=needs, g=answer("g"))
    submission.cells += [
        new_code_cell("HALF = 0.5"),
        new_code_cell("sum = 7"),
        new_code_cell("HALF, tried = 0.25, g(3)"),
    ]
    result = repaired(strip(submission), release)
    sources = [cell.source for cell in result.notebook.cells]
    assert sources[at(result.notebook, "f") - 1] == "HALF = 0.5"
    assert sources[-2:] == ["sum = 7", "HALF, tried = 0.25, g(3)"], "these are not needed there"
    assert any("Cell 10 was put before f, which needs it" in text for text in result.repairs)


def test_a_helper_between_an_answer_and_its_test_stays():
    release = toy("f")
    submission = solved(release, f="def f(x):\n    return helper(x)")
    submission.cells.insert(4, new_code_cell("def helper(x):\n    return x"))
    assert repaired(submission, release).repairs == []


def test_answer_written_over_a_test():
    release = toy("f")
    submission = solved(release, test_f=answer("f"))
    result = repaired(submission, release)
    assert result.notebook == solved(release, f=answer("f"))
    assert result.review == []


def test_own_function_in_a_test_cell_stays():
    release = toy("f")
    own = "def helper(x):\n    return x"
    submission = solved(release, f="def f(x):\n    return helper(x)", test_f=own + "\nchecks.f(f)")
    result = repaired(submission, release)
    assert own in own_texts(result.notebook, release)
    assert at(result.notebook, "test_f") > [c.source for c in result.notebook.cells].index(own)
    assert result.repairs


def test_stub_and_answer_both_marked():
    release = toy("f")
    for order in (1, -1):
        submission = deepcopy(release)
        copy = deepcopy(find(submission, "f"))
        copy.id, copy.source = "copy", answer("f")
        place = at(submission, "f")
        submission.cells[place : place + 1] = [find(submission, "f"), copy][::order]
        result = repaired(submission, release)
        assert result.notebook == solved(release, f=answer("f"))
        assert len(result.repairs) == 1 and result.review == []


@pytest.mark.parametrize("bare", [False, True])
def test_two_different_answers(bare):
    release = toy("f", "g")
    submission = solved(release, f=answer("f", 1), g=answer("g"))
    copy = deepcopy(find(submission, "f"))
    copy.id, copy.source = "copy", answer("f", 2)
    submission.cells.insert(at(submission, "f") + 1, copy)
    if bare:
        strip(submission)
    result = repaired(submission, release)
    assert find(result.notebook, "f").source == answer("f", 2)
    sources = [cell.source for cell in result.notebook.cells]
    assert sources.index(answer("f", 1)) < sources.index(answer("f", 2))
    assert len(result.review) == 1 and result.review[0].startswith("f: there are different")


def test_two_own_answers_beside_a_stub_are_for_a_human():
    release = toy("f")
    submission = deepcopy(release)
    submission.cells += [new_code_cell(answer("f", 1)), new_code_cell(answer("f", 2))]
    result = repaired(submission, release)
    assert find(result.notebook, "f").source == answer("f", 2)
    assert found_by_tests(result.notebook, "f") == bindings(answer("f", 2))["f"]
    assert "cells 7 and 8" in result.review[0]


def test_later_experiments_do_not_count_without_metadata():
    release = toy("f")
    submission = solved(release, f=answer("f", 1))
    submission.cells.append(new_code_cell(answer("f", 2)))
    result = repaired(strip(submission), release)
    assert find(result.notebook, "f").source == answer("f", 1)
    assert result.notebook.cells[-1].source == answer("f", 2)


@pytest.mark.parametrize("bare", [False, True])
def test_another_answer_below_the_tests_is_for_a_human(bare):
    release = toy("f")
    submission = solved(release, f=answer("f", 1))
    submission.cells += [new_code_cell(answer("f", 2)), new_code_cell(answer("f", 1))]
    result = repaired(strip(submission) if bare else submission, release)
    assert find(result.notebook, "f").source == answer("f", 1)
    assert len(result.review) == 1 and "cell 7 answers it in another way" in result.review[0]


@pytest.mark.parametrize("bare", [False, True])
@pytest.mark.parametrize("fence", ["```python\n{}\n```", "~~~\n{}\n~~~\n"])
def test_an_answer_as_a_block_of_code_in_a_text(bare, fence):
    release = toy("f")
    submission = solved(release, f=answer("f"))
    submission.cells[at(submission, "f")] = new_markdown_cell(
        fence.format(answer("f")), metadata=find(submission, "f").metadata
    )
    result = repaired(strip(submission) if bare else submission, release)
    assert find(result.notebook, "f").source == answer("f")
    assert any("had become a markdown cell" in text for text in result.repairs)


def test_parked_answer_is_for_a_human():
    release = toy("f")
    submission = deepcopy(release)
    submission.cells.insert(3, new_raw_cell(answer("f")))
    result = repaired(submission, release)
    assert result.repairs == []
    assert len(result.review) == 1 and "raw cell 4" in result.review[0]
    assert answer("f") in own_texts(result.notebook, release)


def test_deleted_answer_cell():
    release = toy("f", "g")
    submission = solved(release, g=answer("g"))
    submission.cells.remove(find(submission, "f"))
    result = repaired(submission, release)
    assert result.notebook == solved(release, g=answer("g"))
    assert result.repairs == ["The cell of f was missing; it was put back, unanswered."]
    assert result.review == []


def test_renamed_answer_without_metadata_is_for_a_human():
    release = toy("make_model")
    text = stub("make_modell").replace(
        'raise NotImplementedError("write this function")', "return x"
    )
    result = repaired(strip(solved(release, make_model=text)), release)
    assert find(result.notebook, "make_model").source == text
    assert len(result.review) == 1 and "does not define make_model" in result.review[0]


def test_merged_answers():
    release = toy("f", "g", "h")
    merged = answer("f") + "\n\n\n" + answer("g")
    for bare in (False, True):
        submission = solved(release, f=merged, h=answer("h"))
        submission.cells.remove(find(submission, "g"))
        if bare:
            strip(submission)
        result = repaired(submission, release)
        assert find(result.notebook, "f").source == merged
        assert find(result.notebook, "g").source == "# The answer stands in the cell of f."
        assert found_by_tests(result.notebook, "g") == bindings(answer("g"))["g"]
        assert result.review == []
        assert any("answer to g stands in the cell of f" in text for text in result.repairs)


def test_answers_merged_into_the_later_cell():
    release = toy("f", "g")
    merged = answer("f") + "\n\n\n" + answer("g")
    result = repaired(solved(release, g=merged), release)
    assert find(result.notebook, "f").source == merged
    assert found_by_tests(result.notebook, "f") == bindings(merged)["f"]
    assert found_by_tests(result.notebook, "g") == bindings(merged)["g"]


def test_answer_merged_with_tests_is_parted():
    release = toy("f", "g")
    merged = "\n".join([answer("f"), "", "checks.f(f)", answer("g"), "", "checks.g(g)"])
    submission = solved(release, f=merged)
    for name in ("test_f", "g", "test_g"):
        submission.cells.remove(find(submission, name))
    result = repaired(submission, release)
    assert [plain(c.source) for c in result.notebook.cells] == [
        plain(c.source) for c in solved(release, f=answer("f"), g=answer("g")).cells
    ]
    assert any("merged" in text and "test_f and test_g" in text for text in result.repairs)


def test_answer_merged_with_the_setup():
    release = toy("f")
    submission = solved(release, setup="from toy import checks\n\n" + answer("f"))
    submission.cells.remove(find(submission, "f"))
    result = repaired(submission, release)
    assert answer("f") in find(result.notebook, "f").source
    assert find(result.notebook, "setup").source == "from toy import checks"


@pytest.mark.parametrize("marked", [False, True])
@pytest.mark.parametrize("cut", [1, 2])
def test_answer_split_inside_its_function(marked, cut):
    release = toy("f", "g")
    submission = solved(release, f=answer("f"), g=answer("g"))
    cell = find(submission, "f")
    lines = answer("f").split("\n")
    cell.source = "\n".join(lines[:cut])
    rest = new_code_cell("\n".join(lines[cut:]))
    if marked:
        rest.metadata = deepcopy(cell.metadata)
    submission.cells.insert(at(submission, "f") + 1, rest)
    result = repaired(submission, release)
    assert result.notebook == solved(release, f=answer("f"), g=answer("g"))
    assert result.repairs == ["The answer to f was split over the cells 4 and 5; they were joined."]


@pytest.mark.parametrize("bare", [False, True])
def test_answer_split_before_its_function(bare):
    release = toy("f")
    helper = "def helper(x):\n    return x"
    submission = solved(release, f=helper)
    submission.cells.insert(4, new_code_cell("def f(x):\n    return helper(x)"))
    if bare:
        strip(submission)
    result = repaired(submission, release)
    sources = [cell.source for cell in result.notebook.cells]
    assert find(result.notebook, "f").source == "def f(x):\n    return helper(x)"
    assert sources.index(helper) == at(result.notebook, "f") - 1


def test_metadata_of_two_answers_swapped():
    release = toy("f", "g")
    submission = solved(release, f=answer("g"), g=answer("f"))
    result = repaired(submission, release)
    assert result.notebook == solved(release, f=answer("f"), g=answer("g"))
    assert result.review == []


@pytest.mark.parametrize("bare", [False, True])
def test_choice_answered_below_the_given_line(bare):
    release = toy("f", choice=["letters"])
    text = find(release, "letters").source + '\nletters = {"A", "B"}'
    submission = solved(release, f=answer("f"), letters=text)
    if bare:
        strip(submission)
    result = repaired(submission, release)
    assert result.notebook == solved(release, f=answer("f"), letters=text)
    assert result.review == []


def test_choice_answered_in_an_own_cell():
    release = toy(choice=["letters"])
    submission = deepcopy(release)
    submission.cells.insert(4, new_code_cell('letters = {"A"}'))
    result = repaired(submission, release)
    assert result.notebook == solved(release, letters='letters = {"A"}')


def test_reordered_answers_with_own_cells_between():
    release = toy("f", "g")
    uses = "def f(x):\n    return helper(x)"
    submission = solved(release, f=uses, g=answer("g"))
    cells = submission.cells
    f = cells.pop(at(submission, "f"))
    cells[at(submission, "g") + 1 : at(submission, "g") + 1] = [new_code_cell("helper = abs"), f]
    result = repaired(submission, release)
    sources = [cell.source for cell in result.notebook.cells]
    assert sources.index("helper = abs") < sources.index(uses) < sources.index("checks.f(f)")


def test_graded_cells_of_other_kinds():
    """An exercise whose grade_id is no name, a task, a code answer without a name."""
    release = toy("f")
    find(release, "f").metadata = mark("cell-1a", solution=True)
    task = new_markdown_cell("Do something.", id="task", metadata=mark("task", locked=True))
    task.metadata["nbgrader"].update(task=True, points=2, cell_type="markdown")
    free = mark("free", solution=True, grade=True, points=2)
    plot = new_code_cell("# YOUR CODE HERE", id="free", metadata=free)
    release.cells += [task, plot, new_markdown_cell("Bye.", id="bye")]
    submission = solved(release, f=answer("f"), free="print('a plot')")
    submission.cells.insert(at(submission, "free"), new_code_cell("print('what the task asks')"))
    result = repaired(submission, release)
    assert (result.repairs, result.review) == ([], [])
    find(submission, "task").source += " No."
    submission.cells.pop(at(submission, "free") - 1)
    for cell in submission.cells:
        cell.metadata = {}
    result = repaired(submission, release)
    assert result.notebook == solved(release, f=answer("f"), free="print('a plot')")
    assert "cell-1a, test_f, task and free was lost" in result.repairs[0]
    assert result.review == []


def test_cell_marked_as_graded_that_is_none():
    release = toy("f")
    submission = solved(release, f=answer("f"))
    submission.cells.append(new_code_cell("1", metadata=mark("bonus", grade=True, points=99)))
    result = repaired(submission, release)
    assert result.repairs == [
        "Cell 7 was marked as a graded cell, but is none of the release; the mark was removed."
    ]


def test_answer_in_an_edited_demo():
    release = toy("f")
    release.cells.insert(2, new_code_cell("demo = 1\nprint(demo)", id="demo"))
    submission = solved(release, demo="demo = 1\n" + answer("f") + "\nprint(demo)")
    result = repaired(submission, release)
    assert answer("f") in find(result.notebook, "f").source
    assert find(result.notebook, "demo").source == "demo = 1\nprint(demo)"
    assert result.repairs and result.review == []


def test_emptied_cells():
    release = toy("f")
    for source in ("", "# nothing yet"):
        result = repaired(solved(release, f=source), release)
        assert find(result.notebook, "f").source == source
        assert (result.repairs, result.review) == ([], [])
    submission = solved(release, f="", setup="")
    submission.cells.append(new_code_cell(answer("f")))
    result = repaired(submission, release)
    assert result.notebook == solved(release, f=answer("f"))


# Answers in words.


@pytest.mark.parametrize("bare", [False, True])
@pytest.mark.parametrize("text", [WORDS, "YOUR ANSWER HERE\n\n" + WORDS, "No."])
def test_written_answer(bare, text):
    release = toy("f", written=["written_w", "written_v"])
    submission = solved(release, f=answer("f"), written_w=text, written_v="Yes.")
    if bare:
        strip(submission)
    result = repaired(submission, release)
    assert result.notebook == solved(release, f=answer("f"), written_w=text, written_v="Yes.")
    assert result.review == []


def test_written_answer_below_the_template():
    release = toy(written=["written_w"])
    submission = deepcopy(release)
    submission.cells.insert(
        4, new_markdown_cell(WORDS, attachments={"a.png": {"image/png": "eA=="}})
    )
    result = repaired(submission, release)
    assert find(result.notebook, "written_w").source == WORDS
    assert "a.png" in find(result.notebook, "written_w").attachments
    assert "moved there" in result.repairs[0] and result.review == []


def test_written_answer_in_several_cells():
    release = toy(written=["written_w"])
    submission = deepcopy(release)
    submission.cells[3:4] = [new_markdown_cell("One."), new_markdown_cell("Two.")]
    result = repaired(submission, release)
    assert find(result.notebook, "written_w").source == "One.\n\nTwo."
    assert len(result.review) == 1 and "cell 4 and 5" in result.review[0]


def test_written_answer_below_the_question():
    release = toy(written=["written_w"])
    question = find(release, "ask-written_w").source
    submission = solved(release, **{"ask-written_w": question + "\n\n" + WORDS})
    result = repaired(submission, release)
    assert result.notebook == solved(release, written_w=WORDS)
    assert result.repairs


def test_written_answer_far_away_is_for_a_human():
    release = toy("f", written=["written_w"])
    submission = deepcopy(release)
    submission.cells.insert(0, new_markdown_cell(WORDS + " " + WORDS))
    result = repaired(submission, release)
    assert own_texts(result.notebook, release) == [WORDS + " " + WORDS]
    assert len(result.review) == 1 and "cell 1" in result.review[0]


@pytest.mark.parametrize(
    ("cell", "asked"),
    [
        (new_markdown_cell("A use, a misuse, a safeguard."), True),
        (new_markdown_cell("医院用合成图像训练，" * 7), True),
        (new_code_cell("# A use, a misuse, and a safeguard."), True),
        (new_code_cell('"A use, a misuse, and a safeguard."'), True),
        (new_code_cell("A use, a misuse, and a safeguard."), True),
        (new_code_cell("!pip install one two three four"), False),
        (new_code_cell("print('one two three four five six')"), False),
        (new_markdown_cell("## My notes"), False),
    ],
)
def test_whatever_may_be_the_written_answer_is_for_a_human(cell, asked):
    release = toy("f", written=["written_w"])
    submission = solved(release, f=answer("f"))
    submission.cells.insert(0, deepcopy(cell))
    assert bool(repaired(submission, release).review) == asked


# Other notebooks.


def test_a_stranger_is_refused():
    with pytest.raises(RepairError, match='not "03 The generator"'):
        repair(SOLVED["02_data"], RELEASES["03_generator"])
    with pytest.raises(RepairError, match="toy"):
        repair(new_notebook(cells=[new_code_cell("print('hello')")]), toy("f"))


def test_a_new_notebook_with_the_answers_alone():
    release = toy("f", "g")
    submission = new_notebook(cells=[new_code_cell(answer("g")), new_code_cell(answer("f"))])
    result = repaired(submission, release)
    assert result.notebook == solved(release, f=answer("f"), g=answer("g"))


@pytest.mark.parametrize("name", NAMES)
def test_belongs_to(name):
    slots = {one: slots_of(release) for one, release in RELEASES.items()}
    for _ in range(2):
        assert belongs_to(SOLVED[name], slots)[0] == name
    assert belongs_to(strip(deepcopy(SOLVED[name])), slots)[0] == name
    others = {other: slots[other] for other in NAMES if other != name}
    assert belongs_to(SOLVED[name], others)[0] is None


def test_belongs_to_nothing_or_both():
    both = {"one": slots_of(toy("f")), "two": slots_of(toy("f"))}
    assert belongs_to(new_notebook(), both)[0] is None
    found, evidence = belongs_to(toy("f"), both)
    assert found is None and "of one" in evidence and "of two" in evidence


# Code that is read.


def test_bindings():
    assert bindings("x = 1\nx = 2")["x"] == bindings("x = 2  # two")["x"]
    assert bindings('def f():\n    "doc"\n    return 1') == bindings("def f():\n    return 1")
    assert bindings("a, (b, *c) = d").keys() == {"a", "b", "c"}
    assert bindings("import a.b, c as d\nfrom e import f").keys() == {"a", "d", "f"}
    assert bindings("%%bash\nf = 1") == {} and bindings("f.x = 1\nf[0] = 1\nf == 2") == {}
    assert bindings("def f(:\nfoo = 1", ("f", "fo", "oo")).keys() == {"f"}
    assert used_names("def f(x):\n    y = x\n    return g(h, y)\nf(1)") == {"g", "h"}
    assert not is_whole("return 1") and not is_whole("if x:\n    return 1")
    assert is_whole("def f():\n    return 1")


@pytest.mark.parametrize(
    "code", ["-" * 5000 + "1", "1" + "+1" * 5000, "\0", "(" * 9000, "x" * 300_000]
)
def test_code_that_the_parser_cannot_take(code):
    release = toy("f")
    submission = solved(release, f="def f(x):\n    return " + code)
    submission.cells.append(new_code_cell(code))
    result = repaired(strip(submission), release)
    assert find(result.notebook, "f").source == "def f(x):\n    return " + code


def test_a_huge_submission_is_repaired_quickly_enough():
    release = RELEASES["05_losses"]
    submission = strip(deepcopy(SOLVED["05_losses"]))
    submission.cells += [new_code_cell(f"own = {n}") for n in range(2000)]
    result = repair(submission, release)
    assert len(result.notebook.cells) == len(release.cells) + 2000


# Many things at once.


class Mutator:
    """A careless student: changes a notebook, and remembers which texts are his."""

    def __init__(self, notebook, rng):
        self.notebook, self.rng = deepcopy(notebook), rng
        self.cells = self.notebook.cells
        self.texts = {
            grade_id(cell): cell.source
            for cell in self.cells
            if cell.metadata.get("nbgrader", {}).get("solution")
        }
        self.own, self.fragments, self.bare = [], [], False

    def pick(self, role=None):
        cells = [cell for cell in self.cells if role is None or self.role(cell) == role]
        return self.rng.choice(cells) if cells else None

    def role(self, cell):
        """By the text: metadata may be gone already."""
        if cell.source in self.texts.values():
            return "answer"
        if cell.source.startswith("checks.") and "progress" not in cell.source:
            return "test"
        return "own" if cell.source in self.own + self.fragments else "frame"

    def copy(self, cell):
        new = deepcopy(cell)
        new.id = f"c{self.rng.randrange(10**9)}"
        return new

    def mutate(self):
        names = [name for name in dir(self) if name.startswith("do_")]
        name = self.rng.choice(names)
        getattr(self, name)()
        return name

    def do_lose_metadata(self):
        for cell in self.cells:
            if self.rng.random() < 0.5:
                cell.metadata = {}

    def do_lose_all(self):
        strip(self.notebook)

    def do_colab(self):
        for cell in self.cells:
            cell.metadata.update(id=cell.id, colab={}, executionInfo={"user": "x"})
            cell.id = f"c{self.rng.randrange(10**9)}"

    def do_same_ids(self):
        for cell in self.cells:
            cell.id = "same"

    def do_change_metadata(self):
        cell = self.pick(self.rng.choice(["answer", "test"]))
        if cell and "nbgrader" in cell.metadata:
            key, value = self.rng.choice(
                [
                    ("schema_version", 9),
                    ("points", 100),
                    ("grade_id", "nonsense"),
                    ("locked", None),
                    ("solution", None),
                    ("extra", {}),
                ]
            )
            cell.metadata["nbgrader"][key] = value

    def do_duplicate(self):
        cell = self.pick(self.rng.choice(["answer", "test", "frame"]))
        if cell:
            place = self.rng.choice([self.cells.index(cell) + 1, len(self.cells)])
            self.cells.insert(place, self.copy(cell))

    def do_delete(self):
        cell = self.pick(self.rng.choice(["test", "frame"]))
        if cell:
            self.cells.remove(cell)

    def do_edit_test(self):
        cell = self.pick("test")
        if cell:
            cell.source += self.rng.choice(["\n# passed", "\nprint('passed')", "\nassert True"])

    def do_edit_frame(self):
        cell = self.pick("frame")
        if cell:
            line = f"own_{self.rng.randrange(10**9)} = 1"
            cell.source += f"\n{line}" if cell.cell_type == "code" else f"\n\n{line}"

    def do_move(self):
        cell = self.cells.pop(self.rng.randrange(len(self.cells)))
        self.cells.insert(self.rng.randrange(len(self.cells) + 1), cell)

    def do_swap_answers(self):
        one, two = self.pick("answer"), self.pick("answer")
        if one and two:
            i, j = self.cells.index(one), self.cells.index(two)
            self.cells[i], self.cells[j] = two, one

    def do_retype(self):
        cell = self.pick(self.rng.choice(["answer", "test", "frame"]))
        if cell:
            make = self.rng.choice([new_markdown_cell, new_raw_cell, new_code_cell])
            new = make(cell.source, metadata=cell.metadata, id=cell.id)
            self.cells[self.cells.index(cell)] = new

    def do_split(self):
        cell = self.pick("answer")
        lines = cell.source.split("\n") if cell else []
        if len(lines) > 1 and cell.cell_type == "code":
            cut = self.rng.randrange(1, len(lines))
            rest = self.copy(cell)
            rest.metadata = deepcopy(cell.metadata) if self.rng.random() < 0.5 else {}
            name = next(name for name, text in self.texts.items() if text == cell.source)
            cell.source, rest.source = "\n".join(lines[:cut]), "\n".join(lines[cut:])
            self.cells.insert(self.cells.index(cell) + 1, rest)
            del self.texts[name]
            self.fragments += [text for text in (cell.source, rest.source) if text not in STUBS]

    def do_merge(self):
        place = self.rng.randrange(len(self.cells) - 1)
        one, two = self.cells[place : place + 2]
        if one.cell_type == two.cell_type:
            one.source += "\n\n" + two.source
            self.cells.remove(two)

    def do_answer_in_a_demo(self):
        cell, demo = self.pick("answer"), self.pick("frame")
        if cell and cell.cell_type == demo.cell_type == "code":
            demo.source += "\n\n" + cell.source
            self.cells.remove(cell)

    def do_own_cell(self):
        text = f"mine_{self.rng.randrange(10**9)} = 1"
        self.own.append(text)
        make = self.rng.choice([new_code_cell, new_markdown_cell])
        self.cells.insert(self.rng.randrange(len(self.cells) + 1), make(text))

    def do_answer_elsewhere(self):
        cell = self.pick("answer")
        if cell and cell.cell_type == "code" and grade_id(cell) in self.texts:
            new = new_code_cell(cell.source)
            cell.source = next(text for text, name in STUBS.items() if name == grade_id(cell))
            self.cells.insert(self.rng.randrange(len(self.cells) + 1), new)


def check_mutations(name, seed):
    rng = random.Random(f"{name} {seed}")
    mutator = Mutator(SOLVED[name], rng)
    done = [mutator.mutate() for _ in range(rng.randrange(1, 7))]
    case = f"{name}, seed {seed}: {', '.join(done)}"
    try:
        result = repaired(mutator.notebook, RELEASES[name])
    except Exception as error:
        raise AssertionError(case) from error
    texts = [plain(cell.source) for cell in result.notebook.cells]
    for text in [*mutator.texts.values(), *mutator.own, *mutator.fragments]:
        assert any(plain(text) in other for other in texts), f"{case}: lost\n{text}"
    for exercise, text in mutator.texts.items():
        bound = bindings(text).get(exercise)
        if bound and not any(one.startswith(f"{exercise}: ") for one in result.review):
            assert found_by_tests(result.notebook, exercise) == bound, f"{case}: {exercise}"


@pytest.mark.parametrize("name", NAMES)
def test_many_mutations(name):
    for seed in range(600 // len(NAMES)):
        check_mutations(name, seed)
