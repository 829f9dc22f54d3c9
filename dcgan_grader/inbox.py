"""What lies in an inbox: listed and read without following, extracting or trusting anything.

Nothing is unpacked to disk: a member of a zip file is a stream, and its name is only ever a text.
What comes from a student (each file, and all that is in a zip file of a student) is limited in
size, number and depth. The ratio of compression is not: an honest notebook which printed one line
a million times shrinks as much as a bomb does.
"""

import contextlib
import os
import re
import stat
import struct
import tempfile
import unicodedata
import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from dcgan_grader.names import lms_name
from dcgan_grader.notebooks import LARGEST

MOST_FILES = 200_000  # in the inbox
MOST_MEMBERS = 10_000  # in a student's zip file
MOST_NOTEBOOKS = 50  # in a student's zip file
LARGEST_ZIP = 500_000_000  # bytes of a student's zip file inside another one
MOST_UNPACKED = 300_000_000  # bytes read from a student's zip file
DEEPEST_ZIP = 2  # zip files inside a student's zip file
DEEPEST_FOLDER = 30
_JUNK = {"__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini"}
_KINDS = (
    (b"%PDF", "a PDF file"),
    (b"\x1f\x8b", "a gzip or tar file; of archives only zip is read"),
    (b"7z\xbc\xaf", "a 7z archive; of archives only zip is read"),
    (b"Rar!", "a RAR archive; of archives only zip is read"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\xd0\xcf\x11\xe0", "a Word, Excel or PowerPoint file"),
)
_OFFICE = (b"[Content_Types].xml", b"word/", b"xl/", b"ppt/", b"mimetypeapplication/vnd.oasis")
_SUFFIXES = {
    ".py": "a Python script",
    ".html": "a web page (HTML)",
    ".txt": "a text file",
    ".md": "a text file",
    ".docx": "a Word file",
}


class Unreadable(ValueError):
    """Something in the inbox is not read; the message says why."""


@dataclass
class Item:
    """One file of the inbox, where the LMS or the instructor put it.

    Args:
        parts: tuple of str; its path inside the inbox.
        where: str; its path as it is reported, zip members as "a.zip!member".
        time: `datetime` in UTC, or None.
        open: function that opens it as a binary stream.
        problem: str; why it is not read, or "".
    """

    parts: tuple
    where: str
    time: datetime | None = None
    open: object = None
    problem: str = ""


@dataclass
class Version:
    """One file that a student handed in, perhaps inside a zip file.

    Args:
        where: str; its path as it is reported.
        name: str; its own name.
        time: `datetime` in UTC or None: of the outermost file, which the student did not write.
        inner: `datetime` or None: of the member of the student's zip file.
        data: bytes, or None.
        problem: str; why there is no data, or "".
        foreign: bool; it is not meant to be a notebook.
    """

    where: str
    name: str
    time: datetime | None
    inner: datetime | None = None
    data: bytes | None = None
    problem: str = ""
    foreign: bool = False


@contextlib.contextmanager
def open_inbox(path, is_export):
    """List an inbox: a folder, a zip file or a single file.

    A zip file that is the inbox was made by the LMS or the instructor: its folders count as the
    inbox's. Zip files that lie in a folder are the students' own, unless `is_export` says of each
    thing at the top of the folder that it is what an LMS exports.

    Args:
        path: the inbox.
        is_export: function from the names of a zip file's members (each a tuple of str) and
            whether it lies alone in its folder, to bool.

    Yields:
        A list of `Item`, sorted by their paths. Their files can be opened inside the context.

    Raises:
        ValueError: if there is nothing at this path, or too many files.
    """
    path = Path(path)
    with contextlib.ExitStack() as stack:
        if path.is_dir():
            items = list(_walk(path, ()))
            top = [item for item in items if not item.problem]
            exports = [item for item in top if _is_zip(item)]
            if exports and len(exports) == len(top) and all(len(i.parts) == 1 for i in top):
                members = _open_exports(exports, stack, is_export)
                if members:
                    items = [item for item in items if item.problem] + members
        elif path.is_file():
            file = Path(os.path.realpath(path))
            item = Item((path.name,), shown(path.name), _file_time(file.stat()), _opener(file))
            items = [item]
            if _is_zip(item):
                try:
                    items = _open_export(item, stack, "")
                except (zipfile.BadZipFile, Unreadable) as error:
                    raise ValueError(f"{path}: {_reason(error)}; download it again") from error
        else:
            raise ValueError(f"there is no file or folder {path}")
        if len(items) > MOST_FILES:
            raise ValueError(f"{path} holds more than {MOST_FILES} files")
        yield sorted(items, key=lambda item: item.parts)


def unpack(item):
    """Read what a student handed in.

    Args:
        item: an `Item`.

    Yields:
        A `Version` for each notebook, and for each thing that is none; the other files of a zip
        file are summed up in one.
    """
    name = item.parts[-1]
    if item.problem:
        yield Version(item.where, name, item.time, problem=item.problem)
        return
    try:
        with item.open() as file:
            yield from _read(file, name, item.where, item.time, None, _Limits(), 0)
    except Exception as error:
        # Whatever a damaged file makes the libraries raise: it must not stop the others.
        yield Version(item.where, name, item.time, problem=_reason(error))


def shown(name):
    """A name as it can be printed: control and direction characters, and what is no text, escaped.

    Args:
        name: str.

    Returns:
        str.
    """
    return "".join(
        letter.encode("unicode_escape").decode()
        if unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Zl", "Zp")
        else letter
        for letter in unicodedata.normalize("NFC", name)
    )


class _Limits:
    """What may still be read from one student's zip file."""

    def __init__(self):
        self.bytes, self.notebooks = MOST_UNPACKED, MOST_NOTEBOOKS

    def take(self, amount):
        self.bytes -= amount
        if self.bytes < 0:
            raise Unreadable(f"unpacks to more than {MOST_UNPACKED // 1_000_000} MB: not read on")


def _reason(error):
    if isinstance(error, Unreadable):
        return str(error)
    if isinstance(error, zipfile.BadZipFile):
        return f"a damaged zip file ({error})"
    if isinstance(error, OSError) and error.strerror:
        return f"cannot be read: {error.strerror}"
    return f"cannot be read ({type(error).__name__}: {shown(str(error))[:100]})"


def _walk(folder, above):
    """List a folder; links, devices and the like become items with a problem."""
    try:
        with os.scandir(folder) as entries:
            entries = sorted(entries, key=lambda entry: entry.name)
    except OSError as error:
        yield Item((*above, ""), shown("/".join(above)), problem=_reason(error))
        return
    for entry in entries:
        parts = (*above, entry.name)
        item = Item(parts, shown("/".join(parts)))
        if _is_junk(parts):
            continue
        try:
            info = entry.stat(follow_symlinks=False)
        except OSError as error:
            item.problem = _reason(error)
            yield item
            continue
        if stat.S_ISDIR(info.st_mode) and len(parts) <= DEEPEST_FOLDER:
            inside = list(_walk(entry.path, parts))
            yield from inside
            if inside or not entry.name.lower().endswith(".ipynb"):
                continue
        item.problem = _kind_problem(info.st_mode) or _name_problem(parts)
        item.time, item.open = _file_time(info), _opener(entry.path)
        yield item


def _is_junk(parts):
    """What an operating system or git leaves; a checkpoint of Jupyter is listed."""
    name = parts[-1]
    hidden_folder = any(re.match(r"\.[^.]", part) for part in parts[:-1])
    if name.startswith("._") or not _JUNK.isdisjoint(parts):
        return True
    return hidden_folder and ".ipynb_checkpoints" not in parts


def _kind_problem(mode):
    if stat.S_ISLNK(mode):
        return "a symbolic link; links are not followed"
    if stat.S_ISDIR(mode):
        return "a folder, not a notebook"
    return "" if stat.S_ISREG(mode) else "a pipe, socket or device, not a file"


def _name_problem(parts):
    if ".." in parts or parts[0] in ("", "/") or re.match(r"[A-Za-z]:", parts[0]):
        return "its path leads out of the archive"
    if ".ipynb_checkpoints" in parts:
        return "a checkpoint of Jupyter, not what was handed in"
    return ""


def _opener(path):
    return partial(_open_file, path)


def _open_file(path):
    # It may have changed since it was listed: never follow a link, never wait for a pipe.
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    file = os.fdopen(os.open(path, flags | getattr(os, "O_BINARY", 0)), "rb")
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise Unreadable("not a plain file")
    return file


def _file_time(info):
    return _sensible(info.st_mtime)


def _sensible(seconds):
    """A time in UTC; None for one that cannot be: before notebooks, or in the future."""
    try:
        time = datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, OSError, ValueError):
        return None
    # A file from the future would win against all that come after it.
    return time if time.year >= 2000 and time < datetime.now(UTC) + timedelta(days=1) else None


def _is_zip(item):
    try:
        with item.open() as file:
            return _what_is(file.read(4096), item.parts[-1]) == "zip"
    except (OSError, Unreadable):
        return False


def _open_exports(zips, stack, is_export):
    """The members of zip files that lie in a folder; None unless each is an export."""
    items = []
    for item in zips:
        try:
            members = _open_export(item, stack, f"{item.where}!")
        except (zipfile.BadZipFile, Unreadable):
            return None
        if not is_export([member.parts for member in members], len(zips) == 1):
            return None
        items += members
    return items


def _open_export(item, stack, before):
    """The members of a zip file that the LMS made, as items."""
    archive = stack.enter_context(zipfile.ZipFile(stack.enter_context(item.open())))
    items = []
    for member in archive.infolist():
        parts = _member_parts(member)
        if not parts or member.is_dir() or _is_junk(parts):
            continue
        items.append(
            Item(
                parts,
                before + shown("/".join(parts)),
                _member_time(member),
                partial(archive.open, member),
                _member_problem(member, parts),
            )
        )
    return items


def _member_parts(member):
    """The path of a zip member as a tuple of str."""
    name = member.filename
    if not member.flag_bits & 0x800:
        # macOS and some LMSs write UTF-8 without saying so.
        with contextlib.suppress(UnicodeError):
            name = name.encode("cp437").decode("utf-8")
    name = unicodedata.normalize("NFC", name).replace("\\", "/")
    first = ("/",) if name.startswith("/") else ()
    return first + tuple(part for part in name.split("/") if part not in ("", "."))


def _member_problem(member, parts):
    mode = member.external_attr >> 16
    if member.flag_bits & 1:
        return "is encrypted"
    kind = stat.S_IFMT(mode) and not stat.S_ISREG(mode) and _kind_problem(mode)
    return kind or _name_problem(parts)


def _member_time(member):
    """When a zip member was changed: its time in UTC if given, else the local one."""
    extra = member.extra
    while len(extra) >= 4:
        kind, size = struct.unpack("<HH", extra[:4])
        if kind == 0x5455 and size >= 5 and extra[4:5] and extra[4] & 1:
            return _sensible(struct.unpack("<i", extra[5:9].ljust(4, b"\0"))[0])
        extra = extra[4 + size :]
    try:
        return _sensible(datetime(*member.date_time).timestamp())
    except (ValueError, OverflowError, OSError):
        return None


def _what_is(head, name):
    """Tell a file from its first bytes: "zip", "notebook", or what else it is."""
    if head.startswith(b"PK\x03\x04"):
        office = any(sign in head for sign in _OFFICE)
        return "a Word, Excel or OpenDocument file" if office else "zip"
    if head.startswith(b"PK\x05\x06"):
        return "an empty zip file"
    for sign, what in _KINDS:
        if head.startswith(sign):
            return what
    text = head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if text[:200].lower().startswith((b"<!doctype", b"<html", b"<head", b"<script", b"<?xml")):
        return "a web page (HTML), perhaps a login page"
    if ".ipynb" in name.lower() or text.startswith(b"{"):
        return "notebook"
    return _SUFFIXES.get(Path(name).suffix.lower(), "not a notebook" if head else "an empty file")


def _read(file, name, where, time, inner, limits, depth):
    """Read an open file of a student: a notebook, or a zip file with notebooks."""
    head = file.read(4096)
    kind = _what_is(head, name)
    version = Version(where, name, time, inner)
    if kind == "zip":
        yield from _read_zip(file, head, where, time, limits, depth)
        return
    if kind == "notebook":
        version.data = head + file.read(LARGEST + 1 - len(head))
        limits.take(len(version.data))
        if len(version.data) > LARGEST:
            version.data, version.problem = None, f"larger than {LARGEST // 1_000_000} MB"
    else:
        version.problem = kind if kind.startswith("not ") else f"{kind}, not a notebook"
        version.foreign = ".ipynb" not in name.lower()
    yield version


def _read_zip(file, head, where, time, limits, depth):
    if depth > DEEPEST_ZIP:
        raise Unreadable("zip files inside zip files inside zip files")
    others = []
    with tempfile.TemporaryFile() as copy:
        # A zip file is read from its end, which a member of another one cannot do quickly.
        if depth or not file.seekable() or isinstance(file, zipfile.ZipExtFile):
            _copy(head, file, copy, limits if depth else None)
            file = copy
        _check_directory(file)
        with zipfile.ZipFile(file) as archive:
            members = [one for one in archive.infolist() if not one.is_dir()]
            if len(members) > MOST_MEMBERS:
                raise Unreadable(f"holds more than {MOST_MEMBERS} files")
            if depth == 0 and _holds_a_class(members):
                raise Unreadable(
                    "holds several students' files, as an LMS exports; collect it alone"
                )
            for member in members:
                parts = _member_parts(member)
                if not parts or _is_junk(parts):
                    continue
                inside = f"{where}!{shown('/'.join(parts))}"
                for version in _read_member(archive, member, parts, inside, time, limits, depth):
                    if version.foreign:
                        others.append(version.name)
                        continue
                    limits.notebooks -= 1
                    if limits.notebooks < 0:
                        raise Unreadable(f"more than {MOST_NOTEBOOKS} notebooks: not read on")
                    yield version
    if others:
        names = shown(", ".join(sorted(others)[:5]))[:200] + (", …" if len(others) > 5 else "")
        problem = f"not taken: {len(others)} other files ({names})"
        yield Version(where, "", time, problem=problem, foreign=True)


def _holds_a_class(members):
    """Whether these are files of several students; whose they are, only an LMS may say."""
    named = {lms_name(part) for one in members for part in _member_parts(one)[:2]} - {None}
    return len(named) > 1


def _read_member(archive, member, parts, where, time, limits, depth):
    inner = _member_time(member)
    problem = _member_problem(member, parts)
    if problem:
        foreign = ".ipynb" not in parts[-1].lower()
        yield Version(where, parts[-1], time, inner, problem=problem, foreign=foreign)
        return
    try:
        with archive.open(member) as file:
            yield from _read(file, parts[-1], where, time, inner, limits, depth + 1)
    except Exception as error:
        if isinstance(error, Unreadable) and limits.bytes < 0:
            raise
        yield Version(where, parts[-1], time, inner, problem=_reason(error))


def _copy(head, file, copy, limits):
    size = len(head)
    copy.write(head)
    while block := file.read(1 << 20):
        size += len(block)
        if limits:
            limits.take(len(block))
        if size > LARGEST_ZIP:
            raise Unreadable(f"a zip file larger than {LARGEST_ZIP // 1_000_000} MB")
        copy.write(block)


def _check_directory(file):
    """Refuse a zip file whose table of contents alone would fill the memory."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - 65_557))
    tail = file.read()
    end = len(tail) - 22 if tail[-22:].startswith(b"PK\x05\x06") else tail.rfind(b"PK\x05\x06")
    if end < 0 or len(tail) < end + 22:
        raise Unreadable("a damaged zip file: its end is missing")
    if tail[max(0, end - 20) :].startswith(b"PK\x06\x07"):
        raise Unreadable("a zip file of the kind for more than 65,535 files")
    if int.from_bytes(tail[end + 12 : end + 16], "little") > 500 * MOST_MEMBERS:
        raise Unreadable("a zip file with too many names")
