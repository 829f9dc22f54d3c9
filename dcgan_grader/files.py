"""Files that are never half-written."""

import os
from pathlib import Path


def write_atomically(path, data):
    """Write a file beside its place, then rename it: readers see the old one or the new one.

    Args:
        path: the file to write. Its folder is made if it does not exist.
        data: bytes, or str for UTF-8. What UTF-8 cannot hold (a lone surrogate) becomes "?".

    Returns:
        The path.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(data, str):
        data = data.encode("utf-8", "replace")
    temporary = path.with_name(f".{path.name[:200]}.{os.getpid()}")
    try:
        temporary.write_bytes(data)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    return path
