"""Files that are never half-written."""

import contextlib
import os
import tempfile
from pathlib import Path

ASSETS = Path(__file__).parent / "assets"


@contextlib.contextmanager
def atomic_path(path):
    """Give a temporary path beside `path`, and rename it to `path` on success.

    Readers see the old file or the new one, never a part of one. When the body raises, the
    temporary file is removed and `path` is left as it was.

    Args:
        path: the file to write, str or Path. Its directory must exist.

    Yields:
        A `Path` in the same directory, with the same suffix, to write to.

    Raises:
        FileNotFoundError: if the directory of `path` does not exist.
    """
    path = Path(path)
    if not path.parent.is_dir():
        raise FileNotFoundError(f"cannot write {path}: the directory {path.parent} does not exist")
    handle, name = tempfile.mkstemp(prefix=".", suffix=path.suffix, dir=path.parent)
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        umask = os.umask(0)
        os.umask(umask)
        # mkstemp makes files that only the owner reads; a finished file is an ordinary one.
        temporary.chmod(0o666 & ~umask)
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
