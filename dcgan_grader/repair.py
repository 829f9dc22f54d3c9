"""A submission laid over the release: what the student did to the notebook's frame is put right.

The release gives the order, the metadata, the tests and the texts; the student gives the answers
and his own cells. Nothing is run.
"""

import builtins
from copy import deepcopy
from typing import NamedTuple

from nbformat import NotebookNode
from nbformat.v4 import new_notebook

from dcgan_grader.bindings import is_whole, used_names
from dcgan_grader.matching import Matching, Slot, listing, plain, slots_of, without_fence

KNOWN_SHARE = 0.25  # of the release's cells unchanged: it is this notebook, also without an answer
SOME = 4  # cells that are not graded and named in one sentence
POINTER = "# The answer stands in the cell of {}."


class RepairError(ValueError):
    """The notebook is not this one at all; the message says why."""


class Repaired(NamedTuple):
    """A repaired notebook.

    Attributes:
        notebook: `NotebookNode`, valid: the release's cells in the release's order with the
            student's answers, and his own cells after those that they followed.
        repairs: list of str; one sentence per repair. None for what editors change by
            themselves: cell ids, kernel, outputs, metadata of their own.
        review: list of str; one sentence per thing that needs a human.
    """

    notebook: NotebookNode
    repairs: list
    review: list


def repair(submission, release):
    """Lay a submission over the release.

    Args:
        submission: the student's notebook, valid nbformat 4. It is not changed.
        release: the notebook as it was released.

    Returns:
        `Repaired`. No answer is blanked: what the student wrote is still in the notebook, but
        for changes to tests, and copies of what is there already. A repaired notebook needs no
        repair.

    Raises:
        RepairError: if nothing of the release is in it.
    """
    matching = Matching(submission, slots_of(release))
    _refuse_strangers(matching)
    matching.match()
    fates = {cell: _fate(matching, cell) for cell in matching.free()}
    stray, anchors = _place(matching, [cell for cell, fate in fates.items() if fate.stays])
    for cell in _join_split(matching, anchors):
        del fates[cell], anchors[cell]
    for fate in fates.values():
        if fate.sentence:
            matching.note(fate.slot, fate.sentence)
    _report(matching, stray)
    notebook = _write(matching, anchors, release)
    sentences = [text for _, text in sorted(matching.notes, key=lambda note: note[0])]
    return Repaired(notebook, sentences, matching.review)


def belongs_to(notebook, releases):
    """Find out which notebook of the course somebody handed in.

    Args:
        notebook: the submission, a notebook of nbformat 4.
        releases: dict of name to `slots_of` the released notebook.

    Returns:
        (name, evidence): the release that it has most of, or None if it has nothing of any, or
        as much of one as of another; and a sentence with the figures.
    """
    found = []
    for name, slots in releases.items():
        known = _Known(Matching(notebook, slots))
        if known:
            found.append((known.weight, name, f"it has {known} of {name}"))
    found.sort(key=lambda one: -one[0])
    if not found:
        return None, "it has no graded cell and no answer of any notebook"
    if len(found) > 1 and found[0][0] == found[1][0]:
        return None, f"{found[0][2]}, and {found[1][2]}"
    return found[0][1:]


class _Known:
    """How much of a release a submission has; false if it is not of this release."""

    def __init__(self, matching):
        cells, slots = matching.cells, matching.slots
        texts = {cell.text for cell in cells} - {""}
        grade_ids = [cell.meta.get("grade_id") for cell in cells]
        self.marked = sum(bool(slot.meta) and slot.name in grade_ids for slot in slots)
        self.same = sum(slot.text in texts for slot in slots)
        self.answers = sum(
            any(name in cell.binds and cell.binds[name].kind != "import" for cell in cells)
            for name in matching.exercises
        )
        self.weight = 3 * self.marked + 2 * self.answers + self.same
        self.tests = any(slot.locked and slot.text in texts for slot in slots)
        self.share = self.same / max(1, len(slots))

    def __bool__(self):
        return bool(self.marked or self.answers or self.tests) or self.share >= KNOWN_SHARE

    def __str__(self):
        return f"{self.marked} graded cells, {self.answers} answers and {self.same} unchanged cells"


def _refuse_strangers(matching):
    title = next((slot.text.split("\n")[0].strip("# ") for slot in matching.slots), "")
    if not any(cell.text for cell in matching.cells):
        raise RepairError(f'this is not "{title}": it has no cells with text in them')
    known = _Known(matching)
    if not known:
        raise RepairError(f'this is not "{title}": it has only {known} of it')


class _Fate(NamedTuple):
    """What becomes of a cell that was not chosen, and the slot and sentence to say so."""

    stays: bool
    slot: Slot = None
    sentence: str = ""


def _fate(matching, cell):
    for slot in matching.slots:
        chosen = (slot.home or slot).chosen
        if not slot.answer or chosen is None:
            continue
        if slot.text and (cell.text == slot.text or (cell.claim is slot and not cell.text)):
            said = slot.moved or slot.home
            sentence = f"A second, unanswered cell of {slot.name} was dropped."
            return _Fate(False, slot, "" if said else sentence)
        copied = cell.claim is slot or (slot.exercise and not chosen.claim)
        if cell.text == chosen.text and copied:
            sentence = f"A second cell of {slot.name} held the same and was dropped."
            return _Fate(False, slot, sentence)
        if slot.home and cell.claim is slot and cell.text == POINTER.format(slot.home.name):
            return _Fate(False)
    slot = cell.claim
    if slot and not cell.text:
        return _Fate(False)
    where = f"{slot.name} (cell {cell.number})" if slot else ""
    if slot and slot.locked and not matching.is_own_work(cell, slot):
        return _Fate(False, slot, f"A second cell of {where} was dropped.")
    if slot and slot.locked:
        sentence = f"The cell of {where} held work of the student's; that stays as an own cell."
        return _Fate(True, slot, sentence)
    if slot and slot.answer:
        said = slot.moved or not cell.meta
        return _Fate(True, slot, "" if said else f"A second cell of {where} stays as an own cell.")
    if cell.meta.get("grade_id"):
        return _Fate(
            True,
            None,
            f"Cell {cell.number} was marked as a graded cell, but is none of the release; the "
            "mark was removed.",
        )
    return _Fate(True)


def _place(matching, own):
    """Find the slot after which each of the student's own cells goes.

    It is the one that it followed. Slots that stood out of order do not count: so all that was
    in order, and his own cells with it, stays in his order.

    Returns:
        (list of slots that stood out of order, dict from own cell to the index of a slot).
    """
    found = sorted((s for s in matching.slots if s.chosen), key=lambda s: s.chosen.position)
    kept = _longest_rise(found)
    stray = [slot for slot in matching.slots if slot.chosen and slot not in kept]
    anchors = {}
    for cell in own:
        before = [slot.index for slot in kept if slot.chosen.position < cell.position]
        anchors[cell] = max(before, default=-1)
        for name in matching.answers(cell):
            slot = matching.exercises[name]
            stub = cell.binds[name].value == slot.bound[name].value
            slot = slot.home or slot
            # What was no answer before must not overwrite the answer now.
            if slot.chosen and (stub or cell.position < slot.chosen.position):
                anchors[cell] = min(anchors[cell], slot.index - 1)
    _bring_needed(matching, stray, anchors)
    return stray, anchors


def _bring_needed(matching, stray, anchors):
    """Put own cells that an answer needs before it: of a moved one, and what nobody ran before."""
    known = {*dir(builtins), *matching.exercises}
    for slot in matching.slots:
        if not slot.answer:
            known |= slot.bound.keys() | (slot.chosen.binds.keys() if slot.chosen else set())
    for slot in matching.exercises.values():
        if slot in stray:
            _bring_along(matching, slot, anchors, known, slot.index, set())
        elif slot.chosen:
            tested = next((s.index for s in matching.slots[slot.index :] if s.locked), slot.index)
            before = {n for cell, anchor in anchors.items() if anchor < tested for n in cell.binds}
            # What tries out this answer or a later one has nothing to run on up there.
            later = {name for name, s in matching.exercises.items() if s.index >= slot.index}
            _bring_along(matching, slot, anchors, known | before, tested, later)


def _bring_along(matching, slot, anchors, known, start, later):
    """Put own cells from `start` on before an answer that needs more than the `known` names.

    A cell that uses one of the names `later` stays where it is.
    """
    todo = [slot.chosen]
    while todo:
        needed = used_names(todo.pop().source) - known
        for cell, anchor in anchors.items():
            if (
                anchor >= start
                and needed & cell.binds.keys()
                and not used_names(cell.source) & later
            ):
                anchors[cell] = slot.index - 1
                todo.append(cell)
                matching.note(
                    slot, f"Cell {cell.number} was put before {slot.name}, which needs it."
                )


def _longest_rise(slots):
    """The longest part of a list of slots whose indices rise."""
    best = []
    for number, slot in enumerate(slots):
        chains = [best[i] for i in range(number) if slots[i].index < slot.index]
        best.append([*max(chains, key=len, default=[]), slot])
    return max(best, key=len, default=[])


def _join_split(matching, anchors):
    """Put answers together that were split inside their function.

    Returns:
        List of the own cells that went into answers.
    """
    joined = []
    for slot in matching.exercises.values():
        cell = slot.chosen
        if cell is None or cell.kind != "code":
            continue
        source, parts, found = cell.source, [], 0
        for other in [other for other, anchor in anchors.items() if anchor == slot.index]:
            if (
                other.kind != "code"
                or other.claim not in (None, slot)
                or matching.answers(other)
                or (is_whole(source) and is_whole(other.source))
            ):
                break
            parts.append(other)
            source = f"{source}\n{other.source}"
            if is_whole(source):
                found = len(parts)
        if found:
            parts = parts[:found]
            cell.source = "\n".join(part.source for part in [cell, *parts])
            cell.text = plain(cell.source)
            joined += parts
            numbers = listing([part.number for part in [cell, *parts]])
            matching.note(
                slot,
                f"The answer to {slot.name} was split over the cells {numbers}; they were joined.",
            )
    return joined


def _write(matching, anchors, release):
    names = (f"own-{number}" for number in range(1, len(matching.slots) + len(anchors) + 1))
    free = (name for name in names if name not in matching.by_id)
    notebook = new_notebook(metadata=deepcopy(release.metadata))
    for index in range(-1, len(matching.slots)):
        if index >= 0:
            notebook.cells.append(_written(matching.slots[index]))
        own = [cell for cell, anchor in anchors.items() if anchor == index]
        notebook.cells.extend(_own(cell, next(free)) for cell in own)
    return notebook


def _written(slot):
    """The release's cell with the student's text, where it is his to write."""
    new = deepcopy(slot.cell)
    new.setdefault("id", f"release-{slot.index + 1}")
    if slot.home:
        new.source = POINTER.format(slot.home.name)
    elif slot.chosen and not slot.locked and slot.chosen.text != slot.text:
        new.source = slot.chosen.source
        if slot.kind == "code" != slot.chosen.kind:
            new.source = without_fence(new.source)
        if slot.chosen.attachments and slot.kind != "code":
            new.attachments = deepcopy(slot.chosen.attachments)
    return new


def _own(cell, name):
    """A cell of the student's, without metadata: some change how a notebook is run."""
    new = NotebookNode(cell_type=cell.kind, id=name, metadata=NotebookNode(), source=cell.source)
    if cell.kind == "code":
        new.update(outputs=[], execution_count=None)
    elif cell.attachments:
        new.attachments = deepcopy(cell.attachments)
    return new


def _report(matching, stray):
    """Say what became of each cell of the release."""
    lost, code, texts = [], [], []
    for slot in matching.slots:
        if slot.home:
            _report_shared(matching, slot)
        elif slot.chosen:
            _report_chosen(matching, slot)
            if slot.meta and not (slot.moved or slot.chosen.parted or slot.chosen.meta):
                lost.append(slot)
        elif slot.answer:
            matching.note(
                slot, f"The cell of {slot.name} was missing; it was put back, unanswered."
            )
        elif slot.text:
            (code if slot.kind == "code" else texts).append(slot)
    for slots, sentence in (
        (lost, "The nbgrader metadata of {} was lost; it was put back."),
        (code, "The code of {} was missing; it was put back."),
        (texts, "The text of {} was missing; it was put back."),
        (
            [slot for slot in stray if not slot.moved],
            "The cell of {} stood in another place; the release's order was put back.",
        ),
    ):
        if slots:
            matching.note(slots[0], sentence.format(_named(slots)))


def _named(slots):
    """Names of slots: of all graded ones, and of some others."""
    graded = [slot.name for slot in slots if slot.meta]
    others = [slot.name for slot in slots if not slot.meta]
    if len(others) > SOME:
        others = [*others[:SOME], f"{len(others) - SOME} others"]
    return listing(graded + others)


def _report_shared(matching, slot):
    pointer = POINTER.format(slot.home.name)
    if all(cell.text != pointer for cell in matching.claims.get(slot, [])):
        matching.note(
            slot,
            f"The answer to {slot.name} stands in the cell of {slot.home.name}, too; it was left "
            "there.",
        )


def _report_chosen(matching, slot):
    cell, meta = slot.chosen, slot.chosen.meta
    if slot.moved:
        matching.note(
            slot,
            f"The answer to {slot.name} stood in another cell ({cell.number}), while its own held "
            "none; it was moved there.",
        )
    elif slot.meta and meta and meta != slot.meta and not cell.parted:
        keys = meta.keys() | slot.meta.keys()
        changed = sorted(str(key) for key in keys if meta.get(key) != slot.meta.get(key))
        matching.note(
            slot,
            f"The nbgrader metadata of {slot.name} was changed ({listing(changed)}); it was put "
            "back.",
        )
    if cell.kind != slot.kind:
        matching.note(
            slot,
            f"The cell of {slot.name} had become a {cell.kind} cell; it is a {slot.kind} cell "
            "again.",
        )
    if slot.locked and cell.text != slot.text:
        matching.note(slot, f"The cell of {slot.name} had been changed; it is as released again.")
