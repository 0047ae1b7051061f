"""The file in which a profile travels: a zip with a list of what is in it and the sum of each.

What comes from elsewhere is never unpacked onto the disk: it is read entry by entry, in memory, under limits, and only
what is known to belong in a profile.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from assistant.moving.parts import TOPIC, belongs, sound
from assistant.zips import DAMAGED, zipped

LIST = "profile.json"
FORMAT = "askaloud-profile-1"
MOST_BYTES = 60_000_000
"""Of the file, and of all that is in it."""
MOST_FILES = 2_000
MOST_PACKS = 99


class BadProfile(Exception):
    """The file is no profile that can be taken safely. The text is a sentence for a person."""


@dataclass(frozen=True)
class Profile:
    """What a person has on a computer."""

    files: Mapping[str, bytes]
    """By path from the folder of everything askaloud remembers."""
    packs: tuple[str, ...] = ()
    """Which folders of own topics are in use, by path from there."""


class _List(msgspec.Struct, frozen=True):
    format: str
    sums: dict[str, str]
    """SHA-256 of every file, by its name."""
    packs: tuple[str, ...] = ()


def packed(profile: Profile) -> bytes:
    """As a file. Raises BadProfile if it would be too large to be taken."""
    if len(profile.files) >= MOST_FILES or sum(map(len, profile.files.values())) > MOST_BYTES * 9 // 10:
        raise BadProfile("This profile is too large to move: your own topics or the journal take too much room.")
    sums = {name: hashlib.sha256(content).hexdigest() for name, content in profile.files.items()}
    listed = msgspec.json.format(msgspec.json.encode(_List(FORMAT, sums, profile.packs)))
    return zipped([(LIST, listed), *profile.files.items()])


def unpacked(path: Path) -> Profile:
    """The profile in the file at `path`. Raises BadProfile."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise BadProfile(f"{path.name} is larger than {MOST_BYTES // 1_000_000} MB, too large for a profile.")
        raw = path.read_bytes()
    except OSError as error:
        raise BadProfile(f"{path} can not be opened: {error.strerror}. Check its name and rights.") from None
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            return _read(archive, path.name)
    except DAMAGED:
        raise BadProfile(f"{path.name} is damaged or is no profile. Copy it again, or export it again.") from None


def _read(archive: zipfile.ZipFile, file: str) -> Profile:
    entries = {entry.filename: entry for entry in archive.infolist()}
    if len(archive.infolist()) > MOST_FILES or sum(entry.file_size for entry in entries.values()) > MOST_BYTES:
        raise BadProfile(f"{file} would unpack to far more than a profile needs. Nothing was changed.")
    if len({name.casefold() for name in entries}) < len(archive.infolist()):
        raise BadProfile(f"{file} holds the same file twice. Nothing was changed.")
    listed = _listed(archive, entries, file)
    names = set(entries) - {LIST}
    if names != set(listed.sums):
        raise BadProfile(f"{file} does not hold what its list says. Export it again. Nothing was changed.")
    for name in names:
        if not belongs(name):
            raise BadProfile(f"{file} holds {name[:60]!a}, which is no part of a profile. Nothing was changed.")
    files = {name: _content(archive, entries[name], listed.sums[name], file) for name in sorted(names)}
    _refuse_wrong_packs(listed.packs, file)
    return Profile(files, listed.packs)


def _listed(archive: zipfile.ZipFile, entries: Mapping[str, zipfile.ZipInfo], file: str) -> _List:
    if LIST not in entries:
        raise BadProfile(f"{file} is no profile of askaloud. Make one with: askaloud profile export {file}")
    try:
        listed = msgspec.json.decode(_limited(archive, entries[LIST]), type=_List)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise BadProfile(f"The list in {file} can not be read. Export it again. Nothing was changed.") from None
    if listed.format != FORMAT:
        raise BadProfile(f"{file} was made by another version of askaloud. Use the same version on both computers.")
    return listed


def _limited(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """What an entry holds, never more than it tells: the sum of all it tells is under the limit."""
    with archive.open(entry) as source:
        return source.read(entry.file_size)


def _content(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, told_sum: str, file: str) -> bytes:
    content = _limited(archive, entry)
    if hashlib.sha256(content).hexdigest() != told_sum or not sound(entry.filename, content):
        raise BadProfile(f"In {file}, {entry.filename} is damaged. Copy or export it again. Nothing was changed.")
    return content


def _refuse_wrong_packs(packs: tuple[str, ...], file: str) -> None:
    if len(packs) > MOST_PACKS or not all(TOPIC.fullmatch(f"{pack}/groups.txt") for pack in packs):
        raise BadProfile(f"{file} names folders that are no part of a profile. Nothing was changed.")
