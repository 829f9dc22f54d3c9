"""The notebooks: their form, their release, and what nbgrader makes of it."""

import importlib
import re
import shutil

import nbformat
import pytest
from notebooks import (
    NAMES,
    ROOT,
    cells_of_tests,
    grading,
    read,
    solution_cells,
    statements,
)

from dcgan_lib.checks.framework import LESSONS

# The contract: points of each notebook, and its exercises in order.
POINTS = {"00": 2, "01": 12, "02": 10, "03": 16, "04": 14, "05": 14}
POINTS |= {"06": 14, "07": 8, "08": 5, "09": 5, "10": 20}
EXERCISES = {
    "00": "hello_gan",
    "01": "sample_latent value_function optimal_discriminator jensen_shannon_divergence "
    "mode_collapse_symptoms",
    "02": "normalize_images denormalize_images make_dataset",
    "03": "conv_transpose_output_size make_generator_model generate_images",
    "04": "make_discriminator_model probability_real is_real",
    "05": "discriminator_loss generator_loss saturating_generator_loss make_optimizers",
    "06": "make_train_step train make_checkpoint_manager restore_latest",
    "07": "image_grid generate_and_save_images make_gif",
    "08": "lerp slerp interpolate digit_direction",
    "09": "class_histogram missing_digits kl_from_uniform frechet_distance",
    "10": "cause_loss repair_loss cause_step repair_step cause_data repair_data cause_labels "
    "repair_labels cause_sampling repair_sampling cause_collapse evidence_collapse",
}
MODULES = {name: name[3:] for name in NAMES}
SETUP = """\
# In Colab this installs the course's library; elsewhere the library is there already.
try:
    import dcgan_lib
except ModuleNotFoundError:
    %pip install --quiet --no-deps "dcgan-course @ {{archive}}"

from dcgan_lib.doctor import start

digits = start("NAME", "{{version}}")
"""
LINK = r"\[(Open in Colab|View on GitHub|Download)\]\(\{\{(colab|tree|raw)\}\}/(\S+?)\)"


def markdown(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "markdown"]


@pytest.fixture(params=NAMES)
def source(request):
    return request.param, read("solutions", request.param)


def test_it_opens_with_title_links_objectives_time_and_needs(source):
    name, notebook = source
    first = notebook.cells[0].source
    assert re.match(rf"# {name[:2]} \S", first)
    links = re.findall(LINK, first)
    assert [link[1] for link in links] == ["colab", "tree", "raw"]
    for link in links:
        assert (ROOT / link[2]).is_file() and link[2] == f"course/{name}/{name}.ipynb"
    for word in ("**In this notebook you**", "**Time:**", "**You need:**"):
        assert word in first


def test_its_setup_cell_is_everybodys(source):
    name, notebook = source
    setup = next(cell for cell in notebook.cells if cell.cell_type == "code")
    assert setup.source.startswith(SETUP.replace("NAME", name))
    assert f"from dcgan_lib.checks import {MODULES[name]} as checks" in setup.source
    for exercise in solution_cells(notebook):
        assert not re.search(rf"import.*\b{exercise}\b", setup.source)


def test_its_headings_are_in_order_and_it_ends_with_a_summary(source):
    _, notebook = source
    text = "\n".join(re.sub(r"```.*?```", "", c.source, flags=re.S) for c in markdown(notebook))
    levels = [len(marks) for marks in re.findall(r"^(#+) ", text, re.M)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(new <= old + 1 for old, new in zip(levels, levels[1:], strict=False))
    assert notebook.cells[-1].source.startswith("## What you learnt, and what comes next")
    assert "## If it went wrong" in text


def test_no_line_of_a_sentence_begins_like_a_list(source):
    _, notebook = source
    item = r"(\d+[.)]|[-+*]) "
    for cell in markdown(notebook):
        lines = re.sub(r"```.*?```|\$\$.*?\$\$", "", cell.source, flags=re.S).splitlines()
        for before, line in zip(lines, lines[1:], strict=False):
            in_a_sentence = before.strip() and not re.match(rf"{item}|\s", before)
            assert not (in_a_sentence and re.match(item, line)), line
            assert len(re.findall(r"(?:^| )\d\. ", line)) < 2 or not re.match(item, line), line


def test_its_pictures_have_alternative_text(source):
    _, notebook = source
    for cell in markdown(notebook):
        assert not re.search(r"!\[\s*\]\(", cell.source)
        for image in re.findall(r"<img[^>]*>", cell.source):
            assert re.search(r'alt="[^"]+"', image)
    code = "\n".join(c.source for c in notebook.cells if c.cell_type == "code")
    assert "plt.show(" not in code and "IPython.display.Image" not in code
    assert "explore(" in code, "nothing to move"


def test_its_cells_have_unique_ids_and_no_outputs(source):
    _, notebook = source
    nbformat.validate(notebook)
    ids = [cell.id for cell in notebook.cells]
    assert len(ids) == len(set(ids))
    for cell in notebook.cells:
        assert cell.cell_type != "code" or not (cell.outputs or cell.execution_count)


def test_it_has_the_contracts_exercises_and_points(source):
    name, notebook = source
    assert list(solution_cells(notebook)) == EXERCISES[name[:2]].split()
    assert sum(grading(c).get("points", 0) for c in notebook.cells) == POINTS[name[:2]]
    written = [grading(c)["grade_id"] for c in markdown(notebook) if grading(c)]
    assert all(grade_id.startswith("written_") for grade_id in written)


def test_its_test_cells_call_checks_and_nothing_else(source):
    name, notebook = source
    for exercise, cells in cells_of_tests(notebook).items():
        assert cells, f"{exercise} has no test"
        for cell in cells:
            visible = cell.source.split("### BEGIN HIDDEN TESTS")[0]
            assert statements(visible), f"{grading(cell)['grade_id']} shows nothing"
            for statement in statements(cell.source):
                assert re.match(rf"checks\.{exercise}_\w+\({exercise}[,)]", statement), statement


def test_each_exercise_has_hints_in_three_steps(source):
    _, notebook = source
    hints = "\n".join(cell.source for cell in markdown(notebook))
    functions = [c for c in solution_cells(notebook).values() if "\ndef " in f"\n{c.source}"]
    for step in (1, 2, 3):
        assert hints.count(f"<summary>Hint {step}") >= len(functions)


def test_what_a_check_names_as_taught_is_a_heading(source):
    name, notebook = source
    text = "\n".join(cell.source for cell in markdown(notebook))
    headings = set(re.findall(r"^#+ (.+)$", text, re.M))
    importlib.import_module(f"dcgan_lib.checks.{MODULES[name]}")
    checks = [check for exercise in LESSONS[name] for check in exercise.checks]
    assert checks and {check.section for check in checks} <= headings


def test_the_release_is_up_to_date():
    from dcgan_grader.release import release

    assert release(ROOT, check=True) == []
    released = {path.parent.name for path in (ROOT / "course").glob("*/*.ipynb")}
    assert released == set(NAMES)


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A copy of the course in which things may be released and graded."""
    root = tmp_path_factory.mktemp("course")
    for name in ("nbgrader_config.py", "pyproject.toml"):
        shutil.copy(ROOT / name, root)
    shutil.copytree(ROOT / "solutions", root / "solutions")
    return root


def solved(name):
    """The students' notebook with the model answers in place."""
    notebook = read("course", name)
    answers = solution_cells(read("solutions", name))
    for cell in notebook.cells:
        if grading(cell).get("grade_id") in answers:
            cell.source = answers[grading(cell)["grade_id"]].source
    return notebook


def without_demonstrations(notebook):
    """Leave out the cells that no answer and no test needs: nbmake runs them."""
    from dcgan_grader.bindings import bindings, used_names

    setup, *code = (cell for cell in notebook.cells if cell.cell_type == "code")
    needed = [setup, *(cell for cell in code if grading(cell))]
    for cell in needed:  # grows meanwhile
        names = used_names(cell.source)
        needed += [
            other
            for other in code
            if other not in needed and names & set(bindings(other.source)) - {"_"}
        ]
    notebook.cells = [c for c in notebook.cells if c.cell_type != "code" or c in needed]
    return notebook


@pytest.mark.parametrize("name", NAMES)
def test_nbgrader_gives_full_points_to_the_solution_and_none_to_the_release(
    name, course, monkeypatch
):
    from nbgrader.api import Gradebook
    from nbgrader.apps import NbGraderAPI
    from traitlets.config import PyFileConfigLoader

    monkeypatch.setenv("DCGAN_DATA", "embedded")
    config = PyFileConfigLoader("nbgrader_config.py", path=str(course)).load_config()
    api = NbGraderAPI(config=config)
    assert api.generate_assignment(name, force=True, create=True)["success"]
    for student, notebook in (("nobody", read("course", name)), ("solver", solved(name))):
        folder = course / "submitted" / student / name
        folder.mkdir(parents=True)
        nbformat.write(without_demonstrations(notebook), folder / f"{name}.ipynb")
        result = api.autograde(name, student, force=True, create=True)
        assert result["success"], result["log"]
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        scores = {
            student: gradebook.find_submission(name, student).score
            for student in ("nobody", "solver")
        }
    manual = sum(grading(c)["points"] for c in markdown(read("course", name)) if grading(c))
    assert scores == {"nobody": 0, "solver": POINTS[name[:2]] - manual}
    for student in scores:
        graded = nbformat.read(course / "autograded" / student / name / f"{name}.ipynb", 4)
        for cell in graded.cells:
            if cell.cell_type != "code" or not grading(cell).get("grade"):
                continue
            streams = [o.name for o in cell.outputs if o.output_type == "stream"]
            errors = [o for o in cell.outputs if o.output_type == "error"]
            assert "stderr" not in streams
            if student == "solver":
                assert not errors
            else:
                assert errors[0].ename == "NotImplementedError" or (
                    errors[0].ename == "NotAnswered" and "not answered" in errors[0].evalue
                )
