"""What the notebook tests share: reading sources, running cells, scoring them as nbgrader does."""

import ast
import logging
import os
from contextlib import contextmanager
from pathlib import Path

import nbformat

ROOT = Path(__file__).parent.parent
NAMES = sorted(path.parent.name for path in (ROOT / "solutions").glob("*/*.ipynb"))


def read(folder, name):
    """The notebook `folder/name/name.ipynb`, as it is on disk."""
    return nbformat.read(ROOT / folder / name / f"{name}.ipynb", nbformat.NO_CONVERT)


def grading(cell):
    """nbgrader's metadata of a cell, {} for a cell that it does not know."""
    return cell.metadata.get("nbgrader", {})


def solution_cells(notebook):
    """Cells that students fill with code, by the name of the exercise."""
    return {
        grading(cell)["grade_id"]: cell
        for cell in notebook.cells
        if cell.cell_type == "code" and grading(cell).get("solution")
    }


def cells_of_tests(notebook):
    """Auto-graded cells by the name of the exercise that they test."""
    exercises = solution_cells(notebook)
    cells = {name: [] for name in exercises}
    for cell in notebook.cells:
        if cell.cell_type == "code" and grading(cell).get("grade"):
            tested = grading(cell)["grade_id"].removeprefix("test_")
            # The longest name that fits: `repair_loss` before `repair`.
            owner = max((n for n in exercises if tested.startswith(n)), key=len)
            cells[owner].append(cell)
    return cells


def statements(source):
    """The statements of a cell, each as source."""
    return [ast.get_source_segment(source, node) for node in ast.parse(source).body]


@contextmanager
def kernel(notebook, folder):
    """A kernel for a notebook; yields a function that runs source and returns its outputs."""
    from nbclient import NotebookClient

    os.environ["DCGAN_DATA"] = "embedded"
    client = NotebookClient(
        notebook,
        timeout=300,
        kernel_name="python3",
        allow_errors=True,
        resources={"metadata": {"path": str(folder)}},
    )

    def run(source):
        cell = nbformat.v4.new_code_cell(source)
        notebook.cells.append(cell)
        client.execute_cell(cell, len(notebook.cells) - 1)
        notebook.cells.pop()
        return cell.outputs

    with client.setup_kernel():
        yield run


def error_of(outputs):
    """The error output of a cell, or None."""
    return next((o for o in outputs if o.output_type == "error"), None)


def score(cell, outputs):
    """Points that nbgrader gives to an auto-graded cell with these outputs."""
    from nbgrader.utils import determine_grade

    graded = nbformat.from_dict({**cell, "outputs": outputs})
    points, most = determine_grade(graded, logging.getLogger("score"))
    return most if points is None else points
