"""Files that are whole or not there: what a crash, a full disk or a pulled plug must not leave in pieces."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path


def write_atomic(path: Path, content: bytes) -> None:
    """Write `content` so that `path` holds the old or the new, never a part. Raises OSError."""
    part = path.with_name(path.name + ".part")
    try:
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """A renamed file survives a power cut only once its folder is on the disk too. Not every system can do that."""
    if os.name != "posix":
        return
    with contextlib.suppress(OSError):  # the file is in place
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
