"""What of a graded notebook a student may see, and a browser may open."""

import re

import bleach
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

CELL_TEXT = 20_000  # characters of output that one cell may show
NOTEBOOK_IMAGES = 8_000_000  # characters of base64 that the images of one notebook may take
SOURCE_TEXT = 50_000  # characters of source that one cell may show
NOTEBOOK_TEXT = 2_000_000  # characters of source and output that one notebook may show

# Their base64 must begin like this: no SVG, which is a document with scripts of its own.
IMAGES = {"image/png": "iVBORw0KGgo", "image/jpeg": "/9j/"}
TEXTS = ("text/latex", "text/markdown", "text/plain")
HIDDEN = ("HIDDEN TESTS", "MARK SCHEME")

TAGS = {
    "a", "abbr", "b", "blockquote", "br", "code", "dd", "del", "details", "div", "dl", "dt", "em",
    "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "kbd", "li", "ol", "p", "pre", "s",
    "span", "strong", "sub", "summary", "sup", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip


def clean(notebook, flags, messages, whole=False):
    """Copy a graded notebook without what feedback must not show or run.

    Hidden tests, mark schemes and tracebacks are left out, and lines of them that an output
    repeats. Of outputs, text and PNG or JPEG images stay. All metadata are dropped.

    Args:
        notebook: the autograded notebook, `NotebookNode`. It is not changed.
        flags: dict from each grade_id of the release to its flags, a dict with some of "grade",
            "solution", "task". They come from the gradebook: a notebook can claim anything.
        messages: dict from a grade_id to the message that grading kept of it; it is shown where
            the notebook shows no error.
        whole: keep hidden tests and mark schemes: an instructor reads it.

    Returns:
        A new `NotebookNode`.
    """
    flags = dict(flags)
    secrets = [
        line
        for cell in notebook.cells
        # A student's own "hidden" lines are none.
        if flags.get(_grade_id(cell), {"solution": True}).get("solution") is not True
        for line in _split(str(cell.source))[1]
        if not whole
    ]
    budget = {"images": NOTEBOOK_IMAGES, "text": NOTEBOOK_TEXT}
    cells = []
    for cell in notebook.cells:
        grade_id = _grade_id(cell)
        # A second cell of the same name is none of ours.
        kind = flags.pop(grade_id, None)
        source = str(cell.source) if whole else _split(str(cell.source))[0]
        source, cut = _cut(plain(source), min(SOURCE_TEXT, budget["text"]))
        budget["text"] -= len(source)
        if cell.cell_type == "code":
            new = new_code_cell(source + cut, execution_count=_count(cell))
            new.outputs = _outputs(cell, secrets, budget, traced=not (kind or {}).get("grade"))
            message = messages.get(grade_id) if kind else None
            if message and not any(one.output_type == "error" for one in new.outputs):
                new.outputs.append(_error(_hide(plain(message), secrets)))
        elif cell.cell_type == "markdown":
            new = new_markdown_cell(source + cut)
            new.attachments = _attachments(cell, budget)
        else:
            new = new_markdown_cell("\n".join(f"    {line}" for line in source.split("\n")))
        if kind:
            new.metadata["nbgrader"] = {"grade": False, "solution": False, "task": False} | kind
            new.metadata["nbgrader"]["grade_id"] = grade_id
        cells.append(new)
    return new_notebook(cells=cells, metadata={"language_info": {"name": "python"}})


def clean_html(html):
    """Keep of HTML that Markdown made what cannot run, load, or cover the page.

    Args:
        html: str.

    Returns:
        str. Other tags are left out, their text stays.
    """
    # With their text: it is code, not prose.
    html = re.sub(r"(?is)<(script|style)\b.*?(</\1\s*>|$)", "", html)
    html = bleach.clean(
        html,
        tags=TAGS,
        attributes=_attribute,
        protocols={"http", "https", "mailto", "data"},
        strip=True,
        strip_comments=True,
    )
    return re.sub(r"<img\b(?:\s[\w-]+=\"[^\"]*\")*\s*/?>", _image, html)


def plain(text):
    """Drop what cannot be shown: control characters, and text that a carriage return covered."""
    text = str(text)[:NOTEBOOK_TEXT].encode("utf-8", "replace").decode()
    text = "\n".join(line.rstrip("\r").rsplit("\r", 1)[-1] for line in text.split("\n"))
    return re.sub(r"[\x00-\x08\x0b-\x1a\x1c-\x1f\x7f]", "", text)


def _grade_id(cell):
    meta = cell.metadata.get("nbgrader")
    grade_id = meta.get("grade_id") if isinstance(meta, dict) else None
    return grade_id if isinstance(grade_id, str) else None


def _attribute(tag, name, value):
    if tag == "a":
        return name == "href" and re.match(r"(https?://|mailto:|#)", value, re.I) is not None
    if tag == "img":
        images = "|".join(f"{kind};base64,{re.escape(head)}" for kind, head in IMAGES.items())
        return name == "alt" or (
            name == "src" and re.fullmatch(f"data:({images})[A-Za-z0-9+/=]*", value) is not None
        )
    # Only the classes that colour code: others could lay a cell over the page.
    return (
        tag in ("div", "span")
        and name == "class"
        and bool(re.fullmatch(r"\w{1,2}|highlight", value))
    )


def _image(match):
    """Keep an image that has a source; of another the alternative text is left."""
    alt = re.search(r' alt="([^"]*)"', match[0])
    return match[0] if ' src="' in match[0] else f"[{alt[1] if alt and alt[1] else 'image'}]"


def _split(source):
    """Part a source into what everybody may read and the lines of its hidden regions."""
    shown, hidden, region = [], [], None
    for line in source.split("\n"):
        if region is None:
            region = next((one for one in HIDDEN if f"BEGIN {one}" in line), None)
            if region is None:
                shown.append(line)
        elif f"END {region}" in line:
            region = None
        # Shorter lines are no secret, and stand in outputs by chance.
        elif len(line.strip()) >= 8:
            hidden.append(line.strip())
    return "\n".join(shown), hidden


def _hide(text, secrets):
    for secret in secrets:
        text = text.replace(secret, "[a line of a hidden test]")
    return text


def _cut(text, limit):
    """Part a text into what is shown and a note that there is more."""
    return (text, "") if len(text) <= limit else (text[:limit], "\n[… the rest is not shown]")


def _count(cell):
    count = cell.get("execution_count")
    return count if isinstance(count, int) else None


def _outputs(cell, secrets, budget, traced):
    outputs = []
    room = min(CELL_TEXT, budget["text"])
    left_out = 0
    for output in cell.get("outputs", []):
        if output.output_type == "error":
            # It says what went wrong: it is shown even where nothing else fits.
            text = f"{output.get('ename', '')}: {output.get('evalue', '')}".removesuffix(": ")
            text = _cut(_hide(plain(text), secrets), CELL_TEXT)[0]
            if len([one for one in outputs if one.output_type == "error"]) < 3:
                outputs.append(_error(text + (_line(output, cell.source) if traced else "")))
            continue
        data = output.get("data")
        data = data if isinstance(data, dict) else {}
        image = next((kind for kind in IMAGES if _is_image(kind, data.get(kind))), None)
        if image and len(data[image]) <= budget["images"]:
            budget["images"] -= len(data[image])
            alt = output.get("metadata", {}).get(image, {})
            alt = alt.get("alt") if isinstance(alt, dict) else None
            alt = {image: {"alt": plain(alt)[:500]}} if isinstance(alt, str) else {}
            outputs.append(
                new_output("display_data", {image: data[image].replace("\n", "")}, metadata=alt)
            )
            continue
        if output.output_type == "stream":
            text = output.get("text", "")
        elif image:
            text = "[an image is not shown: too large]"
        else:
            text = next((data[kind] for kind in TEXTS if isinstance(data.get(kind), str)), None)
            text = text or f"[not shown: {', '.join(sorted(map(str, data)))[:200] or 'nothing'}]"
        text, cut = _cut(_hide(plain(text), secrets), room)
        left_out += bool(cut and not text)
        # A line of its own costs something, too: a cell may print a million empty texts.
        room = max(0, room - len(text) - 50)
        if text:
            stderr = output.get("name") == "stderr"
            name = "stderr" if stderr else "stdout"
            outputs.append(new_output("stream", name=name, text=text + cut))
    if left_out:
        outputs.append(
            new_output("stream", name="stdout", text=f"[… {left_out} more outputs are not shown]")
        )
    budget["text"] -= min(CELL_TEXT, budget["text"]) - room
    return outputs


def _is_image(kind, data):
    return (
        isinstance(data, str)
        and data.startswith(IMAGES[kind])
        and re.fullmatch(r"[A-Za-z0-9+/=\n]*", data) is not None
    )


def _error(text):
    return new_output("error", ename="", evalue="", traceback=[text])


def _line(output, source):
    """Name the line of this cell that stopped, and nothing of what lies behind it."""
    trace = "\n".join(map(str, output.get("traceback", [])))
    trace = re.sub(r"\x1b\[[0-9;]*m", "", trace[:100_000])
    places = re.findall(r"Cell In\[(\d+)\], line (\d{1,5})", trace)
    lines = str(source).split("\n")
    numbers = [int(line) for cell, line in places if cell == places[0][0]]
    numbers = [number for number in numbers if 1 <= number <= len(lines)]
    if not numbers:
        return ""
    return f"\n  in line {numbers[-1]}:   {lines[numbers[-1] - 1].strip()[:200]}"


def _attachments(cell, budget):
    kept = {}
    attachments = cell.get("attachments")
    for name, data in (attachments if isinstance(attachments, dict) else {}).items():
        for kind in IMAGES:
            if isinstance(data, dict) and _is_image(kind, data.get(kind)):
                if len(data[kind]) <= budget["images"]:
                    budget["images"] -= len(data[kind])
                    kept[name] = {kind: data[kind].replace("\n", "")}
                break
    return kept
