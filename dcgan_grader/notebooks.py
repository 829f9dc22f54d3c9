"""Notebooks as students hand them in: read whatever can be read, keep what grading needs.

That is: the cells' types, texts, ids and nbgrader's metadata, and pictures in written answers.
Outputs, execution counts and everything else in the metadata (Colab writes its user's name and
number there) are dropped.
"""

import json
import math
import re

import nbformat

LARGEST = 100_000_000  # bytes of a file; outputs of 50 MB have been seen
LARGEST_TEXT = 5_000_000  # characters in all cells
LARGEST_PICTURES = 10_000_000  # characters of base64
MOST_CELLS = 5_000
MOST_VALUES = 5_000_000  # in JSON outside strings: each costs some 100 bytes of memory
PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp")

_STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"', re.S)
_BASE64 = re.compile(r"[A-Za-z0-9+/=\s]+")
_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")


class NotANotebook(ValueError):
    """A file cannot be read as a notebook; the message says why, for the instructor."""


def read_notebook(data, metadata):
    """Read a file as a notebook and clean it.

    Read are nbformat 3 and 4 (and newer, where the cells are in the same place), in UTF-8, with
    or without a byte order mark, UTF-16, UTF-32 and Windows-1252.

    Args:
        data: bytes of the file.
        metadata: dict; the metadata of the cleaned notebook (the release's).

    Returns:
        A `NotebookNode` that is valid in nbformat 4.5, and a list of str, one sentence per thing
        that was not as it should be.

    Raises:
        NotANotebook: if it cannot be read.
    """
    notes = []
    try:
        raw = _parse(data, notes)
        cells = _cells_of(raw, notes)
        return nbformat.from_dict(_notebook(cells, metadata, notes)), notes
    except RecursionError:
        raise NotANotebook("damaged: its JSON is nested too deeply") from None
    except MemoryError:
        raise NotANotebook("too large for this machine's memory") from None


def write_notebook(notebook):
    """A cleaned notebook as the text of a file.

    Args:
        notebook: what `read_notebook` returned.

    Returns:
        str; the same for the same notebook.
    """
    return nbformat.v4.writes(notebook).rstrip("\n") + "\n"


def _parse(data, notes):
    """Bytes to JSON."""
    if len(data) > LARGEST:
        raise NotANotebook(f"larger than {LARGEST // 1_000_000} MB: clear its outputs")
    text = _decode(data, notes).strip("\ufeff\0 \t\r\n")
    if not text:
        raise NotANotebook("the file is empty")
    if not text.startswith("{"):
        raise NotANotebook(f"not a notebook: it begins with {text[:20]!a}")
    if len(data) > LARGEST // 10:
        rest = _STRING.sub(b"", data)
        if sum(map(rest.count, (b",", b"[", b"{", b"\0"))) > MOST_VALUES:
            raise NotANotebook("it holds too many values: clear its outputs")
    try:
        return _loads(text)
    except json.JSONDecodeError as error:
        if error.msg.startswith("Unterminated string") or not text[error.pos :].strip():
            raise NotANotebook("cut off: the file ends in the middle") from None
        raise NotANotebook(f"damaged: no valid JSON in line {error.lineno} ({error.msg})") from None
    except ValueError:
        # Python refuses numbers of thousands of digits; nothing that is graded has one.
        return _loads(text, parse_int=lambda digits: int(digits) if len(digits) < 20 else None)


def _loads(text, **options):
    return json.loads(text, strict=False, parse_constant=lambda name: None, **options)


def _decode(data, notes):
    encoding = json.detect_encoding(data)
    try:
        text = data.decode(encoding)
        if encoding not in ("utf-8", "utf-8-sig"):
            notes.append(f"was written in {encoding.upper()}")
        return text
    except UnicodeDecodeError:
        if encoding not in ("utf-8", "utf-8-sig"):
            return data.decode(encoding, "replace")
    # Either UTF-8 with a few damaged bytes, or an older encoding throughout.
    text = data.decode("utf-8", "surrogateescape")
    broken = len(re.findall("[\udc80-\udcff]", text))
    if len(re.findall("[^\0-\x7f]", text)) >= 2 * broken:
        notes.append(f"{broken} bytes are not UTF-8: these letters are lost")
        return data.decode("utf-8", "replace")
    notes.append("is not UTF-8: read as Windows-1252, letters with accents may be wrong")
    return data.decode("cp1252", "replace")


def _cells_of(raw, notes):
    """The list of cells, wherever this version of nbformat keeps it."""
    major = raw.get("nbformat")
    cells = raw.get("cells")
    if not isinstance(cells, list) and isinstance(raw.get("worksheets"), list):
        cells = []
        for sheet in raw["worksheets"]:
            if isinstance(sheet, dict) and isinstance(sheet.get("cells"), list):
                cells.extend(sheet["cells"])
    if not isinstance(cells, list):
        raise NotANotebook("JSON, but not a notebook: it has no cells")
    if not any(isinstance(cell, dict) for cell in cells):
        raise NotANotebook("a notebook without cells")
    if len(cells) > MOST_CELLS:
        raise NotANotebook(f"it has {len(cells)} cells; read are {MOST_CELLS} at most")
    if major != 4:
        notes.append(f"nbformat is {major if isinstance(major, int) else 'not given'}, not 4")
    return cells


def _notebook(raw_cells, metadata, notes):
    numbered = [(n, raw) for n, raw in enumerate(raw_cells, 1) if isinstance(raw, dict)]
    if len(numbered) < len(raw_cells):
        notes.append(f"{len(raw_cells) - len(numbered)} cells held nothing and were left out")
    cells = [_cell(raw, number, notes) for number, raw in numbered]
    if sum(len(cell["source"]) for cell in cells) > LARGEST_TEXT:
        raise NotANotebook(f"more than {LARGEST_TEXT // 1_000_000} million characters in its cells")
    _limit_pictures(cells, notes)
    ids = [_id(raw) for _, raw in numbered]
    taken = set(ids) - {None}
    free = set(taken)
    for number, (cell, one) in enumerate(zip(cells, ids, strict=True), 1):
        # Of cells with the same id the first keeps it.
        cell["id"] = one if one in free else _fresh_id(number, taken)
        free.discard(one)
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def _id(raw):
    """A cell's id; Colab keeps it in the metadata."""
    for place in (raw, raw.get("metadata")):
        one = place.get("id") if isinstance(place, dict) else None
        if isinstance(one, str) and _ID.fullmatch(one):
            return one
    return None


def _fresh_id(number, taken):
    one = f"unnamed-{number}"
    while one in taken:
        one += "-"
    return one


def _cell(raw, number, notes):
    metadata = raw.get("metadata")
    data = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    kind = raw.get("cell_type")
    source = raw.get("source", raw.get("input"))
    parts = source if isinstance(source, list) else [source]
    if not all(isinstance(part, str) for part in parts):
        notes.append(f"cell {number} had parts that are not text")
    source = _text([part for part in parts if isinstance(part, str)])
    if kind == "heading":
        level = raw.get("level")
        kind, source = "markdown", "#" * (level if level in range(1, 7) else 1) + " " + source
    if kind not in ("code", "markdown", "raw"):
        notes.append(f"cell {number} had no known type")
        told = data.get("cell_type") if isinstance(data, dict) else None
        code = any(key in raw for key in ("outputs", "execution_count", "input"))
        kind = told if told in ("code", "markdown") else "code" if code else "raw"
    cell = {"cell_type": kind, "id": "", "metadata": {}, "source": source}
    if isinstance(metadata, dict) and "nbgrader" in metadata:
        cell["metadata"]["nbgrader"] = _plain(data)
    if kind == "code":
        cell |= {"outputs": [], "execution_count": None}
    elif isinstance(raw.get("attachments"), dict):
        cell["attachments"] = _pictures(raw["attachments"])
    return cell


def _text(lines):
    """The text that nbformat keeps as a list of lines."""
    # Some tools write the lines without their ends.
    bare = len(lines) > 1 and not any(line.endswith("\n") for line in lines[:-1])
    text = _encodable(("\n" if bare else "").join(lines))
    # Python stops at a NUL.
    return text.replace("\r\n", "\n").replace("\0", "")


def _encodable(text):
    return text.encode("utf-8", "replace").decode("utf-8")


def _plain(value):
    """JSON that can be written again: no infinite numbers, no lone surrogates."""
    if isinstance(value, dict):
        return {_encodable(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, str):
        return _encodable(value)
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _pictures(attachments):
    """Pictures pasted into a written answer; only formats that hold no script."""
    return {
        _encodable(name): {
            kind: data
            for kind, data in bundle.items()
            if kind in PICTURES and isinstance(data, str) and _BASE64.fullmatch(data)
        }
        for name, bundle in attachments.items()
        if isinstance(bundle, dict)
    }


def _limit_pictures(cells, notes):
    room = LARGEST_PICTURES
    for cell in cells:
        for name, bundle in list(cell.get("attachments", {}).items()):
            room -= sum(map(len, bundle.values()))
            if room < 0 or not bundle:
                del cell["attachments"][name]
                notes.append(f"the attachment {name[:40]!a} was left out")
        if not cell.get("attachments", True):
            del cell["attachments"]
