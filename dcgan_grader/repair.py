"""A submission laid over the release: what the student did to the notebook's frame is put right.

The release gives the order, the metadata, the tests and the texts; the student gives the answers
and his own cells. Nothing is run.
"""

from dcgan_grader.bindings import bindings


class RepairError(ValueError):
    """The notebook is not this one at all; the message says why."""


class _Slot:
    """A cell of the release, and what the submission has for it."""

    def __init__(self, index, cell):
        self.index, self.cell, self.kind = index, cell, cell.cell_type
        self.text = _plain(cell.source)
        self.meta = _nbgrader(cell)
        self.answer = bool(self.meta.get("solution"))
        self.locked = bool(self.meta) and not self.answer
        self.name = self.meta.get("grade_id") or cell.get("id") or f"cell {index + 1}"
        self.bound = bindings(cell.source) if self.kind == "code" else {}
        # The name that its tests call: that of the exercise, or the only one there is.
        names = [self.name] if self.name in self.bound else list(self.bound)
        self.exercise = names[0] if self.answer and len(names) == 1 else None
        self.chosen = None


def belongs_to(notebook, releases):
    """Find out which notebook of the course somebody handed in.

    Args:
        notebook: the submission, a notebook of nbformat 4.
        releases: dict of name to released notebook.

    Returns:
        (name, evidence): the release that it has most of, or None if it has nothing of any, or
        as much of one as of another; and a sentence with the figures.
    """
    grade_ids = {_grade_id(cell) for cell in notebook.cells}
    texts = {_plain(cell.source) for cell in notebook.cells}
    code = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    found = []
    for name, release in releases.items():
        slots = [_Slot(*pair) for pair in enumerate(release.cells)]
        exercises = tuple(slot.exercise for slot in slots if slot.exercise)
        marked = sum(bool(slot.meta) and slot.meta.get("grade_id") in grade_ids for slot in slots)
        same = sum(slot.text in texts for slot in slots)
        answers = len(
            {key for source in code for key in bindings(source, exercises)} & {*exercises}
        )
        sentence = f"{marked} graded cells, {same} unchanged cells and {answers} answers of {name}"
        found.append((3 * marked + same + 2 * answers, name, sentence))
    found.sort(key=lambda one: -one[0])
    if not found or not found[0][0]:
        return None, "it has no cell and no answer of any notebook"
    if len(found) > 1 and found[0][0] == found[1][0]:
        return None, f"it has {found[0][2]}, and {found[1][2]}"
    return found[0][1], f"it has {found[0][2]}"


def _plain(source):
    """A source without what editors change by themselves: line ends, spaces there, empty edges."""
    return "\n".join(line.rstrip() for line in source.splitlines()).strip("\n")


def _nbgrader(cell):
    """The nbgrader metadata of a cell; empty if there is none, or none that can be read."""
    meta = cell.metadata.get("nbgrader")
    return meta if isinstance(meta, dict) else {}


def _grade_id(cell):
    grade_id = _nbgrader(cell).get("grade_id")
    return grade_id if isinstance(grade_id, str) else None
