"""Reads and writes archives of boards (.obz).

What comes from elsewhere is never unpacked: it is read entry by entry, in memory, under limits, and nothing in it names
a file that is written.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from assistant.boards.layout import FORMAT, Json, path_of
from assistant.zips import DAMAGED, zipped

MANIFEST = "manifest.json"
MOST_FILE_BYTES = 50_000_000
MOST_ENTRIES = 3_000
MOST_ENTRY_BYTES = 4_000_000
"""All 120 topics on one board would be about 500,000."""
MOST_BYTES = 60_000_000
"""Of all boards together. Pictures and sounds are not read, but an archive that claims more is not unpacked either."""


class BadArchive(Exception):
    """The file is no archive of boards that can be read safely. The text is a sentence for a person."""


@dataclass(frozen=True)
class Archive:
    """The boards of an archive, as they were found."""

    manifest: Json
    boards: Mapping[str, Json]
    """By path."""
    names: frozenset[str]
    """Every entry."""
    troubles: tuple[str, ...]
    """What could not be read, each a sentence."""


def archive_bytes(boards: Mapping[str, Json], extra: Json) -> bytes:
    """An archive of `boards` (by id, the first is the one to start from). `extra` goes into the manifest."""
    manifest: Json = {
        "format": FORMAT,
        "root": path_of(next(iter(boards))),
        "paths": {"boards": {name: path_of(name) for name in boards}, "images": {}, "sounds": {}},
        **extra,
    }
    files = {MANIFEST: manifest} | {path_of(name): board for name, board in boards.items()}
    return zipped((name, json.dumps(value, ensure_ascii=False, indent=1).encode()) for name, value in files.items())


def read_archive(path: Path) -> Archive:
    """The boards in the file `path`. Raises BadArchive."""
    try:
        if path.stat().st_size > MOST_FILE_BYTES:
            raise BadArchive(f"{path.name} is larger than {MOST_FILE_BYTES // 1_000_000} MB, too large for boards.")
        raw = path.read_bytes()
    except OSError as error:
        raise BadArchive(f"I can not open {path} ({error.strerror}). Check its name and rights.") from None
    if raw.lstrip()[:1] == b"{":
        raise BadArchive(f"{path.name} is a single board. Export the whole set, as .obz, and take that.")
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            return _read(archive, path.name)
    except DAMAGED:
        raise BadArchive(f"{path.name} is not a whole .obz file. Copy or export it again.") from None


def _read(archive: zipfile.ZipFile, file: str) -> Archive:
    names = _safe_names(archive, file)
    manifest = _manifest(archive, names, file)
    paths = manifest.get("paths")
    listed = paths.get("boards") if isinstance(paths, dict) else None
    if not isinstance(listed, dict) or not listed:
        raise BadArchive(f"{file} lists no boards. Export it again from the program it is from.")
    boards: dict[str, Json] = {}
    troubles: list[str] = []
    left = MOST_BYTES
    for place in dict.fromkeys(str(value) for value in listed.values()):
        found = _json(archive, place, names, left)
        if isinstance(found, str):
            troubles.append(found)
            continue
        left -= archive.getinfo(place).file_size
        boards[place] = found
    return Archive(manifest, boards, names, tuple(troubles))


def _safe_names(archive: zipfile.ZipFile, file: str) -> frozenset[str]:
    """The names of all entries, after a look at what an archive must not do."""
    entries = archive.infolist()
    names = [entry.filename for entry in entries]
    if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_BYTES + MOST_FILE_BYTES:
        raise BadArchive(f"{file} would unpack to far more than boards need, so I leave it alone.")
    for name in names:
        if _leads_out(name):
            raise BadArchive(
                f"{file} holds a file that would land outside its folder ({name[:40]!r}). I leave it alone."
            )
    if len(set(names)) < len(names):
        raise BadArchive(f"{file} holds two files of the same name. Export it again.")
    return frozenset(names)


def _leads_out(name: str) -> bool:
    parts = re.split(r"[/\\]", name)
    return ".." in parts or name.startswith(("/", "\\")) or bool(re.match(r"[A-Za-z]:", name)) or "\0" in name


def _manifest(archive: zipfile.ZipFile, names: frozenset[str], file: str) -> Json:
    found = _json(archive, MANIFEST, names, MOST_ENTRY_BYTES)
    if isinstance(found, str):
        raise BadArchive(f"{file} is not an Open Board archive: {found}")
    kind = found.get("format")
    if not isinstance(kind, str) or not kind.startswith("open-board-"):
        raise BadArchive(f"{file} is not an Open Board archive: its manifest names no format I know.")
    return found


def _json(archive: zipfile.ZipFile, name: str, names: frozenset[str], left: int) -> Json | str:
    """The object in an entry, or the sentence that says why there is none."""
    if name not in names:
        return f"{name[:60]} is missing in it."
    try:
        with archive.open(name) as entry:
            # The size in the head may be a lie, so no more than the limit is ever unpacked.
            raw = entry.read(min(MOST_ENTRY_BYTES, left) + 1)
    except (*DAMAGED, OSError):
        return f"{name} is damaged or locked with a password."
    if len(raw) > min(MOST_ENTRY_BYTES, left):
        return f"{name} is far too large for a board."
    try:
        found = json.loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return f"{name} holds no JSON that I can read."
    return found if isinstance(found, dict) else f"{name} holds no JSON object."
