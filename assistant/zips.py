"""Archives: how they are written, and what Python raises for one that is damaged, locked or packed in unknown ways."""

import io
import zipfile
import zlib
from collections.abc import Iterable

DAMAGED = (zipfile.BadZipFile, zlib.error, ValueError, OverflowError, EOFError, RuntimeError)
"""RuntimeError stands for a password, for a packing that is not implemented, and for names within names."""
SINCE = (1980, 1, 1, 0, 0, 0)
"""The earliest time a zip can hold."""


def zipped(files: Iterable[tuple[str, bytes]]) -> bytes:
    """An archive of `files`, each a name and what is in it. The same files give the same bytes at any time."""
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            entry = zipfile.ZipInfo(name, SINCE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return into.getvalue()
