"""What names of files and folders say: the student, and which copy it is.

Layouts that are understood; the first part of a path inside the inbox names the student:

    Ada Lovelace_123456_assignsubmission_file_/x.ipynb      Moodle, with folders
    Ada Lovelace_123456_assignsubmission_file_x.ipynb       Moodle, without
    lovelaceada_12345_678901_x.ipynb                        Canvas (also ..._LATE_12345_...)
    Essay_ada_attempt_2024-05-01-10-20-30_x.ipynb           Blackboard
    12345-678 - Ada Lovelace - 1 May, 2024 1020 AM/x.ipynb  Brightspace
    Ada Lovelace - x.ipynb                                  Google Classroom
    ada/x.ipynb, ada/03_generator/03_generator.ipynb        a folder for each student
    ada.ipynb, ada_03_generator.ipynb, 03_generator_ada.ipynb, ada.zip

A folder that is named as a notebook is passed over. From a file's name its ending, the name of a
notebook and what a copy adds ("Copy of", "(1)", also in other languages) are taken away; what is
left names the student.
"""

import hashlib
import re
import unicodedata
from typing import NamedTuple

_MOODLE = re.compile(r"(.+?)_(\d+)_assignsubmission_(?:file|onlinetext)_?(.*)", re.I | re.S)
_CANVAS = re.compile(r"([^_]+)(?:_LATE)?_(\d+)_(?:[1-9]\d{2,}_|text\b)(.*)", re.I | re.S)
_BLACKBOARD = re.compile(r".+_([^_]+)_attempt_\d{4}(?:-\d{2}){5}(?:_.*|\.txt)?", re.I | re.S)
_BRIGHTSPACE = re.compile(r"\d+-\d+ - (.+?) - .*\d{4} \d{3,4} [AP]M(?: - .*)?", re.I | re.S)
_NO_NAME = {"participant", "anonymous", "anon"}
# What Drive, Colab and file managers add to the name of a copy, in the languages of students.
_COPY = re.compile(
    "^(?:(?:another )?copy of|kopie von|copie de|copia d[ei]|c[oó]pia de|kopie van|kopi a[vf]|"
    "kopia av|kopia notatnika|kopia|(?:ещё одна )?копия(?: блокнота)?|копія|bản sao của|salinan|"
    "สำเนาของ|نسخة من|עותק של) |"
    " ?(?:のコピー|的副本|의 사본)$|"
    "[ -]+(?:(?:adlı not defterinin )?kopyası|副本|사본|copy|kopie|copie|copia|kopia|kopi)$",
    re.I,
)
_NUMBER = re.compile(r"[ _]?(?:\((\d{1,3})\)|_(\d{1,2})_)$")
_ENDING = re.compile(r"\.(?:ipynb|json|txt|zip|py|html?|pdf|docx?|odt|rtf|md|csv)$", re.I)
_QUOTES = str.maketrans(dict.fromkeys("\"'“”„‟‘’«»「」『』", " "))
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.I)
_SAFE_ID = re.compile(r"[\w@][\w.@-]*(?<!\.)")
LONGEST_ID = 64


class Who(NamedTuple):
    """What a path says about a student.

    Args:
        names: tuple of str; the ways to read the name, the likeliest last; empty if there is none.
        number: str; the LMS's number of the student (or of the participant), or "".
        from_lms: bool; the path is named as an LMS does it.
    """

    names: tuple
    number: str = ""
    from_lms: bool = False


def who(parts, notebooks):
    """Read a student's name from a path inside the inbox.

    Args:
        parts: tuple of str; the path.
        notebooks: names of the course's notebooks.

    Returns:
        A `Who`.
    """
    if ".." in parts or parts[0] == "/":
        return Who(())
    for place, part in enumerate(parts, 1):
        is_file = place == len(parts)
        if lms := lms_name(part):
            return lms
        bare = bare_name(part, notebooks, is_file)
        if bare:
            full = _ENDING.sub("", part) if is_file else part
            return Who((full, bare) if full != bare else (bare,))
    return Who(())


def without_wrapper(paths, notebooks, is_student):
    """Count the folders around the whole inbox that name no student.

    Args:
        paths: list of tuple of str.
        notebooks: names of the course's notebooks.
        is_student: function from a name to bool: whether it is on the roster.

    Returns:
        int; how many parts to leave out at the front of each path.
    """
    depth = passed = 0
    while paths and len({path[0] for path in paths}) == 1 and min(map(len, paths)) > 1:
        first = paths[0][0]
        if lms_name(first) or is_student(first):
            break
        below = {(path[1], len(path) == 2) for path in paths}
        known = any(
            lms_name(part) or is_student(bare_name(part, notebooks, file)) for part, file in below
        )
        paths = [path[1:] for path in paths]
        depth += 1
        # Below a folder that may itself be a student's, only known students count.
        if known or (passed == depth - 1 and _is_wrapper(first, below, notebooks)):
            passed = depth
    return passed


def _is_wrapper(folder, below, notebooks):
    if folder.casefold() in ("submitted", "submissions"):
        return True
    folders = {part for part, file in below if not file and bare_name(part, notebooks, False)}
    files = {part for part, file in below if file and holds_notebook(part)}
    # Without a roster: folders for several students, or files that name notebook and student.
    named = {bare_name(part, notebooks, True) for part in files}
    both = all(bare_name(part, (), True) not in named for part in files) and "" not in named
    return len(folders) > 1 and not files or len(named) > 1 and both and not folders


def holds_notebook(part):
    """Whether the name of a file says that it is a notebook or a zip file."""
    return ".ipynb" in part.lower() or part.lower().endswith(".zip")


def lms_name(part):
    """Read a name that an LMS gave.

    Args:
        part: str; name of a file or folder.

    Returns:
        A `Who`, or None if it was not named so.
    """
    match = _MOODLE.fullmatch(part) or _CANVAS.fullmatch(part)
    if not match:
        match = _BLACKBOARD.fullmatch(part) or _BRIGHTSPACE.fullmatch(part)
        return Who((match[1].strip(),), "", True) if match else None
    name, number = match[1].strip(), match[2]
    if name.casefold() in _NO_NAME:
        name = f"{name}_{number}"
    return Who((name,), number, True)


def copy_number(name):
    """Rank of a copy among files of the same time.

    Args:
        name: str; name of a file such as "Copy of x (2).ipynb".

    Returns:
        float: the number which a browser or an LMS appended (0 if none); half more for a copy.
    """
    stem = _without_ending(name)
    number = _NUMBER.search(stem) or re.search(r"-(\d{1,2})$", stem)
    rank = next((int(one) for one in number.groups() if one), 0) if number else 0
    return rank + 0.5 * bool(_COPY.search(_spaced(_NUMBER.sub("", stem))))


def student_id(name):
    """Make an id from a name, for a class without a roster.

    Accents are dropped; what is neither letter, digit, ".", "-" nor "@" becomes "_".

    Args:
        name: str.

    Returns:
        str; a safe name of a folder, or "" if nothing is left.
    """
    plain = unicodedata.normalize("NFKD", name)
    plain = "".join(one for one in plain if not unicodedata.combining(one))
    plain = re.sub(r"_+", "_", re.sub(r"[^\w.@-]", "_", unicodedata.normalize("NFC", plain)))
    plain = plain.lstrip("._-").rstrip("._- ")
    if len(plain) > LONGEST_ID:
        # Two long names must not become one.
        plain = f"{plain[: LONGEST_ID - 9]}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"
    return f"_{plain}" if _RESERVED.fullmatch(plain) else plain


def is_safe_id(one):
    """Whether an id can be the name of a folder, for nbgrader and on each system."""
    return bool(len(one) <= LONGEST_ID and _SAFE_ID.fullmatch(one) and not _RESERVED.fullmatch(one))


def _without_ending(name):
    while (shorter := _ENDING.sub("", name)) != name:
        name = shorter
    return name


def _spaced(text):
    """Underscores are what an LMS makes of spaces, and nothing of quotes and brackets."""
    text = unicodedata.normalize("NFC", text).translate(_QUOTES)
    return re.sub(r"[\s_]+", " ", text).strip()


def bare_name(part, notebooks, is_file):
    """Take from a name what is not the student: ending, notebook's name, signs of a copy.

    Args:
        part: str; name of a file or folder.
        notebooks: names of the course's notebooks.
        is_file: bool; only a file's name has an ending.

    Returns:
        str; "" if nothing is left.
    """
    text = _NUMBER.sub("", _without_ending(part) if is_file else part)
    text = _COPY.sub("", _spaced(text))
    for name in notebooks:
        words = "[ -]*".join(map(re.escape, name.split("_")))
        ending = r"(?![^\W\d_])(?:[ .]?ipynb)?(?:-\d{1,2}(?!\d)| ?\(\d+\))?"
        text = re.sub(rf"(?<!\d){words}{ending}", " ", text, flags=re.I)
    # "Ada Lovelace - Copy of 03_generator": the copy's words stand behind the name.
    parts = [_COPY.sub("", f"{part} ").strip() for part in re.split(r" -(?: |$)", _spaced(text))]
    return " - ".join(filter(None, parts)).strip(" -.,()")
