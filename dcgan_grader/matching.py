"""Which cell of a submission is which cell of the release. Nothing is run.

A cell is recognised by, in this order: the unchanged text of a cell that needs no answer; the
name that an answer defines; nbgrader's `grade_id`, or else the cell's id; a similar text between
cells that are known. The name comes before the metadata, since it is what the tests call.
"""

import re
from difflib import SequenceMatcher

from dcgan_grader.bindings import bindings, parses, used_names

ALIKE = 0.6  # difflib's ratio from which an edited cell is taken for the release's
LONGEST = 300  # words that are compared so
NEAR = 30  # cells that are compared with one cell of the release
GRADED = ("grade", "solution", "locked", "task")  # with one of these, a cell is nbgrader's
LETTERS = re.compile(r"\W*(?:answers?\W+)?[A-Z](?:\W+(?:and\W+)?[A-Z])*\W*", re.I)
TALK = 5  # words from which a text may be an answer that stands in a wrong place


class Slot:
    """A cell of the release, and what the submission has for it.

    Attributes:
        name: its `grade_id`, or else its id.
        exercise: the name that its tests call; None if it is no answer that defines one.
        answer, locked: whether it is the student's to fill, or nobody's to change.
        chosen: the student's `Cell`, or None.
        home: the slot in whose cell the answer stands too, or None.
        moved: whether the answer stood outside its own cell, which held none.
    """

    def __init__(self, index, cell):
        self.index, self.cell, self.kind = index, cell, cell.cell_type
        self.text = plain(cell.source)
        meta = nbgrader(cell)
        self.meta = meta if any(meta.get(flag) for flag in GRADED) else {}
        self.answer = bool(self.meta.get("solution"))
        self.locked = bool(self.meta) and not self.answer
        self.name = self.meta.get("grade_id") or cell.get("id") or f"cell {index + 1}"
        self.bound = bindings(cell.source) if self.kind == "code" else {}
        names = [self.name] if self.name in self.bound else list(self.bound)
        self.exercise = names[0] if self.answer and len(names) == 1 else None
        self.chosen = self.home = None
        self.moved = False


def slots_of(release):
    """The cells of a release as slots, for one submission; before any is matched, for many.

    Args:
        release: `NotebookNode`.

    Returns:
        list of `Slot`.
    """
    return [Slot(*pair) for pair in enumerate(release.cells)]


class Cell:
    """A cell of the submission, or a part of one.

    Attributes:
        number: its place in the submission, from 1, as a human counts.
        text: its source without what editors change by themselves.
        claim: the `Slot` that its metadata or id name, or None.
        binds: dict, what it binds at its top level.
        parted: whether it was cut out of a larger cell.
        used: whether it was chosen for a slot.
    """

    def __init__(self, number, kind, source, ids=(), meta=None, attachments=None, parted=False):
        self.number, self.kind, self.source, self.text = number, kind, source, plain(source)
        self.ids, self.meta, self.attachments = ids, meta or {}, attachments
        self.parted, self.used = parted, False
        self.position = self.claim = self.binds = None

    @classmethod
    def read(cls, number, cell):
        """Read a cell of a notebook. Colab keeps the id in the metadata."""
        ids = [id_ for id_ in (cell.get("id"), cell.metadata.get("id")) if isinstance(id_, str)]
        source = cell.source if isinstance(cell.source, str) else "".join(cell.source)
        attachments = cell.get("attachments")
        return cls(number, cell.cell_type, source, ids, nbgrader(cell), attachments)

    def take_over(self, other):
        """Take the identity of another cell."""
        self.ids, self.meta, self.attachments = other.ids, other.meta, other.attachments


class Matching:
    """The cells of a submission, matched to the slots of the release.

    Args:
        submission: `NotebookNode`.
        slots: `slots_of` the release.

    Attributes:
        slots: list of `Slot`, in the release's order.
        cells: list of `Cell`; merged ones parted.
        exercises: dict from the name that tests call to the `Slot` of its answer.
        notes: list of (index of a slot, sentence): what was repaired.
        review: list of sentences: what a human must look at.
    """

    def __init__(self, submission, slots):
        self.slots = slots
        self.exercises = {slot.exercise: slot for slot in self.slots if slot.exercise}
        self.by_grade_id = {slot.meta["grade_id"]: slot for slot in self.slots if slot.meta}
        self.by_id = {slot.cell["id"]: slot for slot in self.slots if "id" in slot.cell}
        self.notes, self.review = [], []
        self._look([Cell.read(*pair) for pair in enumerate(submission.cells, start=1)])

    def match(self):
        """Choose a cell for every slot that has one."""
        self._part_merged()
        self._match_unchanged()
        self._match_locked()
        for slot in self.exercises.values():
            self._match_answer(slot)
        self._share_merged()
        self._match_plain()
        self._match_alike()
        texts = [slot for slot in self.slots if slot.answer and not slot.exercise]
        for slot in texts:
            self._match_text(slot)
        for slot in texts:
            self._search_text(slot)
        for slot in self.exercises.values():
            self._search_letters(slot)

    def note(self, slot, sentence):
        """Say what was repaired; without a slot it is said last."""
        self.notes.append((slot.index if slot else len(self.slots), sentence))

    def free(self, claim=None):
        """Cells that were not chosen; only those with this claim, if one is given."""
        cells = self.cells if claim is None else self.claims.get(claim, [])
        return [cell for cell in cells if not cell.used]

    def answers(self, cell):
        """Names of the exercises that a cell binds, but for those that the release binds there."""
        frame = cell.claim.bound if cell.claim and not cell.claim.answer else {}
        return (self.exercises.keys() & cell.binds.keys()) - frame.keys()

    def is_own_work(self, cell, slot):
        """Whether a cell that claims a locked slot holds something of the student's."""
        functions = [name for name, bound in cell.binds.items() if bound.kind == "function"]
        return bool(cell.text) and bool(
            self.answers(cell)
            or any(name not in slot.bound for name in functions)
            or _ratio(cell.text, slot.text) < ALIKE
        )

    def _look(self, cells):
        """Find out what each cell says of itself."""
        self.cells, self.claims = cells, {}
        names = tuple(self.exercises)
        for position, cell in enumerate(cells):
            cell.position = position
            grade_id = cell.meta.get("grade_id")
            named = [self.by_grade_id.get(grade_id)] if isinstance(grade_id, str) else []
            named += [self.by_id.get(id_) for id_ in cell.ids]
            cell.claim = next((slot for slot in named if slot), None)
            self.claims.setdefault(cell.claim, []).append(cell)
            # A text may quote code: it must be all code, unless it is marked as an answer's cell.
            by_form = cell.kind == "code" or (cell.claim is not None and cell.claim.answer)
            if cell.binds is None:
                source = cell.source if cell.kind == "code" else without_fence(cell.source)
                cell.binds = bindings(source, names if by_form else ())

    # Cells that were merged.

    def _part_merged(self):
        """Cut what the release holds out of cells that hold more than that."""
        cells, texts = [], {cell.text for cell in self.cells}
        missing = [slot for slot in self.slots if slot.text and slot.text not in texts]
        for cell in self.cells:
            slots = [s for s in missing if s.text in cell.text and self._may_part(cell, s)]
            parts = _parts(cell, slots)
            cells.extend(parts or [cell])
            found = [s for s in slots if s.meta and any(part.text == s.text for part in parts)]
            if found:
                names = listing([slot.name for slot in found])
                self.note(
                    found[0],
                    f"The cell of {names} had been merged with others (cell {cell.number}); "
                    "it was parted from them.",
                )
        self._look(cells)

    def _may_part(self, cell, slot):
        if slot.kind != cell.kind or (slot.answer and not slot.exercise):
            return False
        claims = self.claims.get(slot, [])
        if slot.exercise:
            # Not a stub that the same cell overwrites: that is how a choice is answered.
            return not claims and cell.binds.get(slot.exercise) == slot.bound[slot.exercise]
        if slot.locked or not claims:
            return claims in ([], [cell])
        # Words below a question may be the answer, when its own cell holds none.
        question = self.slots[slot.index + 1 : slot.index + 2]
        return claims == [cell] and any(
            near.answer
            and not near.exercise
            and all(other.text in ("", near.text) for other in self.claims.get(near, []))
            for near in question
        )

    # Cells of the release that need no answer.

    def _take(self, slot, cell):
        slot.chosen, cell.used = cell, True

    def _match_unchanged(self):
        """By their text; where it occurs more than once by metadata and id, too."""
        by_text = {}
        for cell in self.cells:
            by_text.setdefault(cell.text, []).append(cell)
        slots = [slot for slot in self.slots if slot.text and not slot.answer]
        for sure in (True, False):
            for slot in slots:
                for cell in by_text.get(slot.text, []):
                    if not slot.chosen and not cell.used and (cell.claim is slot or not sure):
                        self._take(slot, cell)

    def _match_locked(self):
        """Tests that were changed, by metadata or id."""
        for slot in self.slots:
            if slot.locked and not slot.chosen:
                cells = [c for c in self.free(slot) if not self.is_own_work(c, slot)]
                if cells:
                    self._take(slot, cells[0])

    def _match_plain(self):
        """The release's other cells that were edited, by id."""
        for slot in self.slots:
            if not slot.meta and not slot.chosen:
                cells = [c for c in self.free(slot) if c.kind == slot.kind and c.text]
                if cells:
                    self._take(slot, cells[0])

    def _match_alike(self):
        """Cells that were edited and lost id and metadata: similar, between known neighbours."""
        for slot in self.slots:
            if slot.answer or slot.chosen or not slot.text:
                continue
            ratios = [
                (_ratio(cell.text, slot.text), -cell.position, cell)
                for cell in self._between_neighbours(slot)[0][:NEAR]
                if cell.kind == slot.kind
                and not cell.claim
                and not (slot.locked and self.is_own_work(cell, slot))
            ]
            if ratios and max(ratios)[0] >= ALIKE:
                self._take(slot, max(ratios)[2])

    def _between_neighbours(self, slot):
        """Free cells between the nearest known cells, and whether these adjoin the slot."""
        before = next((s for s in reversed(self.slots[: slot.index]) if s.chosen), None)
        after = next((s for s in self.slots[slot.index + 1 :] if s.chosen), None)
        start = before.chosen.position if before else -1
        end = after.chosen.position if after else len(self.cells)
        gap = (after.index if after else len(self.slots)) - (before.index if before else -1)
        return [cell for cell in self.free() if start < cell.position < end], gap == 2

    # Answers that define a name.

    def _match_answer(self, slot):
        """The cell that defines what the tests of this exercise call."""
        name, stub = slot.exercise, slot.bound[slot.exercise]
        frame = {s.chosen for s in self.slots if not s.answer}
        cells = [cell for cell in self.cells if cell not in frame]
        definers = [cell for cell in cells if name in self.answers(cell)]
        real = [cell for cell in definers if cell.binds[name].value != stub.value]
        stubs = [cell for cell in definers if cell.binds[name].value == stub.value]
        stubs = [cell for cell in stubs if cell.kind == "code" or cell.claim is slot]
        marked = [cell for cell in real if cell.claim is slot]
        others = [cell for cell in real if cell.claim is not slot]
        asleep = [cell for cell in others if cell.kind != "code"]
        others = [cell for cell in others if cell.kind == "code"]
        holders = [cell for cell in self.free(slot) if cell not in definers]
        if any(cell.kind == "code" for cell in marked) or (marked and not others):
            self._choose(slot, marked)
            self._doubt_later(slot, others)
        elif others:
            if stub.kind == "function":
                sure = [cell for cell in others if cell.binds[name].kind == "function"]
                others = sure or others
            # Those that the tests would have found, where they stand.
            tested = self._first_test(slot)
            self._choose(slot, [cell for cell in others if cell.position < tested] or others)
            self._doubt_later(slot, others)
            slot.moved = any(cell.claim is slot for cell in stubs + holders)
            self._doubt_texts(slot, marked)
        elif asleep and not stubs and not holders:
            self._choose(slot, asleep)
        elif stubs:
            self._take(slot, max(stubs, key=lambda cell: cell.claim is slot))
            self._doubt_texts(slot, asleep)
        elif holders:
            self._choose(slot, [cell for cell in holders if cell.text] or holders)
            self._doubt_texts(slot, asleep)
        else:
            self._match_renamed(slot)

    def _choose(self, slot, cells):
        """Take the last of several cells; a human must look when they differ."""
        chosen = cells[-1]
        if len({cell.text for cell in cells}) > 1:
            self.review.append(
                f"{slot.name}: there are different answers, in the cells "
                f"{listing([cell.number for cell in cells])}; that of cell {chosen.number} was "
                "graded. Look which one counts."
            )
        else:
            tested = self._first_test(slot)
            chosen = next((c for c in reversed(cells) if c.position < tested), chosen)
        self._take(slot, chosen)

    def _first_test(self, slot):
        """Where the first test of an answer stands in the submission."""
        for test in self.slots[slot.index + 1 :]:
            if test.answer:
                break
            if test.locked and test.chosen:
                return test.chosen.position
        return float("inf")

    def _doubt_later(self, slot, cells):
        """A second answer below the tests may be the better one, or an experiment."""
        chosen, tested = slot.chosen.binds[slot.exercise], self._first_test(slot)
        later = [
            cell
            for cell in cells
            if slot.chosen.position < tested < cell.position
            and cell.binds[slot.exercise].kind == chosen.kind
            and cell.binds[slot.exercise].value != chosen.value
        ]
        if later:
            self.review.append(
                f"{slot.name}: cell {slot.chosen.number} was graded, but below its tests "
                f"cell {listing([cell.number for cell in later])} answers it in another way. Look "
                "which one counts."
            )

    def _doubt_texts(self, slot, cells):
        for cell in cells:
            self.review.append(
                f"{slot.name}: the {cell.kind} cell {cell.number} defines it as well, but nothing "
                "runs that cell. Look whether it is the answer."
            )

    def _match_renamed(self, slot):
        """An answer with another name than the tests call, by the rest of its text."""
        cells = [
            cell
            for cell in self.free(None)
            if cell.kind == "code" and not cell.claim and not self.answers(cell)
        ]
        near = [cell for cell in cells if _ratio(cell.text, slot.text) >= ALIKE]
        if len(near) == 1:
            self._take(slot, near[0])
            self.review.append(
                f"{slot.name}: cell {near[0].number} looks like its answer, but does not define "
                f"{slot.exercise}. Look whether it only has another name."
            )

    def _share_merged(self):
        """A cell that answers several exercises stands where the first of them does."""
        first = {}
        for slot in self.exercises.values():
            if slot.chosen and first.setdefault(slot.chosen, slot) is not slot:
                slot.home, slot.chosen = first[slot.chosen], None

    # Answers that are words.

    def _match_text(self, slot):
        """An answer that defines no name: by metadata, id, the template's words, or its place."""
        claims = self.free(slot)
        written = [cell for cell in claims if cell.text not in ("", slot.text)]
        found, sure = ([], True) if written else self._unmarked_texts(slot)
        if written:
            self._choose(slot, written)
        elif found:
            slot.moved = bool(claims)
            if not sure:
                numbers = listing([cell.number for cell in found])
                self.review.append(
                    f"{slot.name}: its answer was taken from cell {numbers}, for the place alone. "
                    "Look whether it is the answer."
                )
            for cell in found:
                cell.used = True
            self._take(slot, _together(found))
        else:
            claims = claims or [c for c in self.free() if c.text == slot.text and not c.claim]
            if claims:
                self._take(slot, claims[0])

    def _unmarked_texts(self, slot):
        """Cells that may be the answer, and whether that is sure."""
        cells = [cell for cell in self.free() if cell.text not in ("", slot.text)]
        begun = [cell for cell in cells if slot.text in cell.text and not cell.claim]
        if len(begun) == 1 and slot.text and [s.text for s in self.slots].count(slot.text) == 1:
            return begun, True
        near, adjoins = self._between_neighbours(slot)
        found = [
            cell
            for cell in cells
            if cell in near
            and not cell.claim
            and not self.answers(cell)
            # Words in a code cell are no code.
            and (cell.kind == "code") <= (slot.kind == "code" or not parses(cell.source))
            and (cell.kind == "code") >= (slot.kind == "code")
        ]
        return found, adjoins and len(found) == 1

    def _search_text(self, slot):
        """Say where else an unanswered question may have its answer."""
        if slot.kind == "code" or (slot.chosen and slot.chosen.text not in ("", slot.text)):
            return
        cells = [c for c in self.free() if _is_talk(c) and _words(c.text) >= TALK]
        cells += [
            plain.chosen
            for plain in self.slots
            if not plain.meta and plain.kind != "code" and plain.chosen
            if _words(plain.chosen.text) - _words(plain.text) >= TALK
        ]
        if cells:
            self.review.append(
                f"{slot.name}: its own cell is unanswered, but the student wrote text into cell "
                f"{listing([cell.number for cell in cells])}. Look whether that is the answer."
            )

    def _search_letters(self, slot):
        """Say where an unanswered choice may have its answer: letters that stand as text."""
        is_choice = all(binding.kind == "value" for binding in slot.bound.values())
        if not is_choice or (slot.chosen and slot.chosen.text not in ("", slot.text)):
            return
        cells = [c for c in self.free() if c.kind != "code" and LETTERS.fullmatch(c.text)]
        if cells:
            self.review.append(
                f"{slot.name}: its own cell is unanswered, but the student wrote letters into cell "
                f"{listing([cell.number for cell in cells])}. Look whether they are the answer."
            )


def plain(source):
    """A source without what editors change by themselves: line ends, spaces there, empty edges."""
    return "\n".join(line.rstrip() for line in source.splitlines()).strip("\n")


def without_fence(source):
    """A text that is one block of code in Markdown, as that code."""
    block = re.fullmatch(r"\s*(```+|~~~+)[^\n`]*\n(.*?)\n?\1\s*", source, re.S)
    return block[2] if block else source


def nbgrader(cell):
    """The nbgrader metadata of a cell; empty if there is none, or none that can be read."""
    meta = cell.metadata.get("nbgrader")
    return meta if isinstance(meta, dict) else {}


def listing(names):
    """Names or numbers as an English list."""
    names = [str(name) for name in names]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _parts(cell, slots):
    """Part a cell at the texts of slots.

    Returns:
        List of `Cell`; empty if none of these texts fills whole lines of the cell, or if what is
        left would not be code any more.
    """
    lines = [line.rstrip() for line in cell.source.splitlines()] if slots else []
    found = []
    for slot in slots:
        text = slot.text.split("\n")
        for start, line in enumerate(lines):
            end = start + len(text)
            apart = all(end <= s or e <= start for s, e, _ in found)
            if line == text[0] and lines[start:end] == text and apart:
                found.append((start, end, slot))
                break
    if not found:
        return []
    pieces, done = [], 0
    for start, end, slot in sorted(found, key=lambda one: one[0]):
        pieces += [(lines[done:start], None), (lines[start:end], slot)]
        done = end
    pieces = [("\n".join(text).strip("\n"), slot) for text, slot in [*pieces, (lines[done:], None)]]
    pieces = [(text, slot) for text, slot in pieces if text]
    rest = [text for text, slot in pieces if slot is None]
    if cell.kind == "code" and parses(cell.source) and not all(parses(text) for text in rest):
        return []
    owners = [slot for _, slot in pieces]
    # A test to which nothing but more checks or prints was added is a changed test.
    added = set(owners) == {cell.claim, None} and not any(bindings(text) for text in rest)
    if len(pieces) == 1 or (added and cell.claim.locked and cell.kind == "code"):
        return []
    parts = [Cell(cell.number, cell.kind, text, parted=True) for text, _ in pieces]
    # What carried the metadata keeps them; else the student's own part does.
    heir = cell.claim if cell.claim in owners else None
    if heir in owners:
        parts[owners.index(heir)].take_over(cell)
    return parts


def _together(cells):
    """Several texts as one cell."""
    if len(cells) == 1:
        return cells[0]
    attachments = {}
    for cell in cells:
        attachments.update(cell.attachments or {})
    first = cells[0]
    source = "\n\n".join(cell.source for cell in cells)
    new = Cell(first.number, first.kind, source, first.ids, first.meta, attachments)
    new.position = first.position
    return new


def _ratio(text, other):
    """How alike two texts are, from 0 to 1, word for word."""
    matcher = SequenceMatcher(None, text.split()[:LONGEST], other.split()[:LONGEST], False)
    return matcher.ratio() if matcher.quick_ratio() >= ALIKE else 0.0


def _is_talk(cell):
    """Whether a cell holds words: a text, or a code cell with nothing but comments and strings."""
    if cell.kind != "code":
        return True
    return not (cell.binds or used_names(cell.source) or cell.text.startswith(("%", "!")))


def _words(text):
    # Some scripts put no spaces between words.
    return max(len(text.split()), len(text) // 12)
