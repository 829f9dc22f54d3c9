"""The released notebooks, solved, in Colab's versions: `make test-colab` runs this."""

from importlib.util import find_spec

import pytest
from notebooks import NAMES, error_of, grading, read, solution_cells

pytestmark = [
    pytest.mark.colab,
    pytest.mark.slow,
    pytest.mark.skipif(
        find_spec("nbgrader") is not None,
        reason="this is not Colab: nbmake runs the notebooks here, nbgrader the answers",
    ),
]


@pytest.mark.parametrize("name", NAMES)
def test_the_solved_release_runs_from_top_to_bottom(name, tmp_path, monkeypatch):
    nbclient = pytest.importorskip("nbclient")
    monkeypatch.setenv("DCGAN_DATA", "embedded")
    notebook = read("course", name)
    answers = solution_cells(read("solutions", name))
    for cell in notebook.cells:
        if grading(cell).get("grade_id") in answers:
            cell.source = answers[grading(cell)["grade_id"]].source
    nbclient.NotebookClient(
        notebook,
        timeout=300,
        kernel_name="python3",
        allow_errors=True,
        resources={"metadata": {"path": str(tmp_path)}},
    ).execute()
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    failed = [(cell.id, error_of(cell.outputs).evalue) for cell in code if error_of(cell.outputs)]
    assert not failed
    assert notebook.metadata.get("widgets"), "no widget was made"
    progress = "".join(output.get("text", "") for output in code[-1].outputs)
    assert progress.count("done") == len(answers) and "failing" not in progress
