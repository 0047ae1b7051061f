"""Unpacks an archive that nobody has to trust: no way out of the folder, no links, no devices, no bombs."""

import os
import re
import stat
import zipfile
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from assistant.models.errors import ArchiveError, UnsafeArchiveError
from assistant.zips import DAMAGED

MOST_FILES = 10_000
SLACK = 1.25
"""An archive may be larger than the catalogue says by this factor, not more."""

BLOCK_BYTES = 1 << 20
LONGEST_PART = 200
PLAIN_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
ENCRYPTED = 0x1
FORBIDDEN = re.compile(r'[\x00-\x1f\x7f<>:"|?*\\]')
DEVICE = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9\u00b9\u00b2\u00b3])\s*(\..*)?", re.IGNORECASE)
"""Names that Windows keeps for devices, with any ending."""


def safe_parts(name: str) -> tuple[str, ...]:
    """The folders and file that a member's name means; UnsafeArchiveError unless it is safe on every system.

    A safe name is relative, goes down only, and has no character, ending or device name that a system treats
    specially.
    """
    parts = tuple(part for part in name.split("/") if part not in ("", "."))
    if not parts or name.startswith("/"):
        raise _unsafe(name)
    for part in parts:
        odd = part == ".." or part != part.rstrip(". ") or part != part.lstrip(" ")
        if odd or FORBIDDEN.search(part) or DEVICE.fullmatch(part) or len(part.encode(errors="replace")) > LONGEST_PART:
            raise _unsafe(name)
    return parts


def _unsafe(name: str) -> UnsafeArchiveError:
    return UnsafeArchiveError(f"The archive holds {name[:80]!a}, a name no speech model has. It was not unpacked.")


def unpack(archive: Path, into: Path, expected_bytes: int) -> None:
    """Unpack the files of `archive` below the new folder `into`, without the one folder that wraps them all.

    `expected_bytes` is the size of all files together. ArchiveError or UnsafeArchiveError if the archive is
    damaged or not to be trusted; then `into` may hold some of the files. OSError if they cannot be written.
    """
    limit_bytes = int(expected_bytes * SLACK)
    try:
        with zipfile.ZipFile(archive) as opened:
            members = _checked(opened.infolist(), limit_bytes)
            into.mkdir(parents=True)
            for member, parts in members:
                _write(opened, member, into.joinpath(*parts))
    except DAMAGED as error:
        raise ArchiveError(f"The archive {archive.name} is damaged ({error}). Fetch it again.") from error


def _checked(infos: Sequence[zipfile.ZipInfo], limit_bytes: int) -> list[tuple[zipfile.ZipInfo, tuple[str, ...]]]:
    """All files of an archive with the place each goes to; directories follow from them."""
    if len(infos) > MOST_FILES or sum(info.file_size for info in infos) > limit_bytes:
        raise UnsafeArchiveError(
            "The archive would grow far beyond the size of this speech model. It was not unpacked."
        )
    for info in infos:
        _refuse_specials(info)
    members = [(info, safe_parts(info.filename)) for info in infos if not info.is_dir()]
    for info in infos:
        safe_parts(info.filename)
    if len({parts[0] for _, parts in members}) == 1 and all(len(parts) > 1 for _, parts in members):
        members = [(info, parts[1:]) for info, parts in members]
    _refuse_clashes([parts for _, parts in members])
    return members


def _refuse_specials(info: zipfile.ZipInfo) -> None:
    if not info.filename:  # zipfile looks at its last letter
        raise _unsafe("")
    if info.header_offset < 0:  # to zipfile that is trouble with the disk
        raise zipfile.BadZipFile(f"{info.filename[:80]!a} begins before the beginning")
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise UnsafeArchiveError(f"The archive holds a link or device, {info.filename[:80]!a}. It was not unpacked.")
    if info.flag_bits & ENCRYPTED or info.compress_type not in PLAIN_METHODS:
        raise ArchiveError(f"The archive is packed in a way this program does not read ({info.filename[:80]!a}).")


def _refuse_clashes(members: Sequence[tuple[str, ...]]) -> None:
    """No file twice, none also a folder; on Windows and macOS large and small letters are the same."""
    files = [PurePosixPath(*parts).as_posix().casefold() for parts in members]
    folders = {parent.as_posix().casefold() for parts in members for parent in PurePosixPath(*parts).parents}
    if len(set(files)) < len(files) or folders & set(files):
        raise UnsafeArchiveError("The archive holds the same file twice. It was not unpacked.")


def _write(archive: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path) -> None:
    """Write one file and see it onto the disk. zipfile checks its size and CRC while we read."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with archive.open(member) as source, target.open("xb") as sink:
        written = 0
        while block := source.read(BLOCK_BYTES):
            written += len(block)
            sink.write(block)
        if written != member.file_size:
            raise zipfile.BadZipFile(f"{member.filename[:80]!a} is shorter than it should be")
        sink.flush()
        os.fsync(sink.fileno())
