"""A small class that hands in 05_losses, to see grading at work.

    python scripts/sample_class.py demo/class

It makes a folder that is a course of its own, so that no real gradebook is touched: the notebook,
a roster, and submissions.zip as Moodle gives it. The submissions are made from the release and
the model answers: right, wrong, mangled, cut off, hanging and cheating.
"""

import json
import shutil
import sys
import zipfile
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parent.parent
NAME = "05_losses"
MADE_HERE = ".sample-class"

# In the place of the model answer, by the name of the exercise.
MIXED_UP = {
    "discriminator_loss": """\
def discriminator_loss(real_output, fake_output):
    cross_entropy = keras.losses.BinaryCrossentropy(from_logits=True)
    real_loss = cross_entropy(tf.zeros_like(real_output), real_output)
    fake_loss = cross_entropy(tf.ones_like(fake_output), fake_output)
    return real_loss + fake_loss
""",
    "make_optimizers": """\
def make_optimizers(learning_rate=1e-4, beta_1=0.9):
    optimizer = keras.optimizers.Adam(learning_rate, beta_1=beta_1)
    return optimizer, optimizer
""",
}
NEVER_ENDS = {
    "generator_loss": """\
def generator_loss(fake_output):
    loss = 1.0
    while loss > 0:
        loss = abs(loss)
    return loss
""",
}
ALWAYS_ZERO = {"generator_loss": "def generator_loss(fake_output):\n    return 0.0"}
READS_THE_TEST = {
    "generator_loss": """\
import sys


def generator_loss(fake_output):
    return sys._getframe(1).f_locals["expected"]
""",
}
REPLACES_THE_TEST = "checks.generator_loss_value = lambda answer, *others, **options: None"
DRIVE = "from google.colab import drive\n\ndrive.mount('/content/drive')"


def answers():
    """The model answers of the notebook, by the name of the exercise."""
    cells = nbformat.read(ROOT / "solutions" / NAME / f"{NAME}.ipynb", 4).cells
    return {
        cell.metadata.nbgrader.grade_id: cell.source
        for cell in cells
        if cell.metadata.get("nbgrader", {}).get("solution")
    }


def handed_in(changed=(), own=()):
    """A student's notebook.

    Args:
        changed: dict, another answer in the place of the model answer, by exercise.
        own: sources of cells of the student's own, at the end.

    Returns:
        A `NotebookNode`.
    """
    notebook = nbformat.read(ROOT / "course" / NAME / f"{NAME}.ipynb", 4)
    given = {**answers(), **dict(changed)}
    for cell in notebook.cells:
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
        cell.source = given.get(grade_id, cell.source)
    notebook.cells[3:3] = [nbformat.v4.new_code_cell(source) for source in own]
    return notebook


def without_metadata(notebook):
    """What an editor leaves that knows nothing of nbgrader: neither metadata nor ids."""
    for cell in notebook.cells:
        cell.metadata = {}
        cell.pop("id")
    notebook.metadata = {}
    return notebook


def from_colab(notebook):
    """What Colab adds."""
    for number, cell in enumerate(notebook.cells):
        cell.metadata["id"] = f"Ab{number:010}"
        if cell.cell_type == "code":
            cell.metadata["executionInfo"] = {"user": {"displayName": "Elif"}}
    notebook.metadata["colab"] = {"provenance": []}
    return notebook


def the_class():
    """The students: full name -> name of the file, and what is in it."""

    def text(notebook):
        return json.dumps(notebook, ensure_ascii=False)

    whole = text(handed_in())
    mangled = without_metadata(handed_in())
    mangled.nbformat_minor = 4  # The last format without ids.
    copied = from_colab(handed_in(own=[DRIVE]))
    return {
        "Ana Lima": (f"{NAME}.ipynb", whole),
        "Ben Okafor": (f"{NAME}.ipynb", text(handed_in(MIXED_UP))),
        "Chen Yu": (f"{NAME} (1).ipynb", text(mangled)),
        "Dora Novak": (f"{NAME}.ipynb", whole[: len(whole) // 2]),
        "Elif Kaya": (f"Copy of {NAME}.ipynb", text(copied)),
        "Farid Nazari": (f"{NAME}.ipynb", text(handed_in(NEVER_ENDS))),
        "Gil Moreau": (f"{NAME}.ipynb", text(handed_in(ALWAYS_ZERO, own=[REPLACES_THE_TEST]))),
        "Hana Sato": (f"{NAME}.ipynb", text(handed_in(READS_THE_TEST))),
    }


def make(folder):
    """Make the folder.

    Args:
        folder: path; made afresh if this script made it before.

    Raises:
        ValueError: if it holds something else.
    """
    folder = Path(folder)
    if folder.exists() and not (folder / MADE_HERE).exists():
        raise ValueError(f"{folder} exists and holds something else: name another folder")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / MADE_HERE).touch()
    for file in ("nbgrader_config.py", "pyproject.toml"):
        shutil.copy(ROOT / file, folder)
    for part in ("solutions", "course"):
        shutil.copytree(ROOT / part / NAME, folder / part / NAME)
    rows = ["id,name,email"]
    with zipfile.ZipFile(folder / "submissions.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for number, (student, (file, text)) in enumerate(the_class().items(), 101):
            first = student.split()[0].lower()
            rows.append(f"{first},{student},{first}@example.org")
            archive.writestr(f"{student}_{number}_assignsubmission_file_/{file}", text)
    rows.append("jo,Jo Berg,jo@example.org")  # hands nothing in
    (folder / "roster.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python scripts/sample_class.py FOLDER")
    try:
        make(sys.argv[1])
    except (ValueError, OSError) as error:
        sys.exit(f"sample_class.py: {error}")
