"""Where a family's content lies: one whole folder for each save, the latest in use, the ones before it kept.

A folder counts once its list of sums is there, which is written last: what a crash or a full disk leaves behind is
never taken for a save. A folder whose files are not those that were written is not used; the one before it is, and
that is said.
"""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from assistant.atomic import write_atomic
from assistant.family.files import FamilyUnreadable, family_of
from assistant.family.model import Family

FOLDER = "family"
SUMS = "sums.txt"
KEPT = 10
"""Copies kept besides the one in use."""
NAME = re.compile(r"(\d{5,9})_(\d{4}-\d{2}-\d{2}_\d{2}-\d{2}-\d{2})")
STAMP = "%Y-%m-%d_%H-%M-%S"
OURS = (".md", ".txt")


class FamilyTrouble(Exception):
    """A family's content could not be saved or read; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Copy:
    """One save."""

    name: str
    saved: datetime
    """On the computer's own clock."""
    family: Family


class Copies:
    """All saves in `home`."""

    def __init__(self, home: Path) -> None:
        self._root = home / FOLDER

    def folder(self, copy: Copy) -> Path:
        """Where it lies, as a pack."""
        return self._root / copy.name

    def read(self) -> tuple[list[Copy], list[str]]:
        """Every whole copy, latest first, and a sentence when the latest save is not among them."""
        found: list[Copy] = []
        faults: list[str] = []
        for _, name in sorted(self._names(), reverse=True):
            try:
                found.append(_read(self._root / name))
            except (FamilyUnreadable, OSError) as fault:
                faults += [str(fault)] if not found else []
        if not faults:
            return found, []
        then = f"The copy of {found[0].saved:%d %B %Y, %H:%M} is used." if found else "There is no other copy."
        return found, [f"Your family's last save can not be used: {faults[0].rstrip('.')}. {then}"]

    def save(self, files: Mapping[str, bytes], now: datetime) -> None:
        """Add a copy, and let go of those that are too old. Raises FamilyTrouble; then all is as it was."""
        number = max((number for number, _ in self._names()), default=0) + 1
        folder = self._root / f"{number:05d}_{now.strftime(STAMP)}"
        try:
            (folder / "topics").mkdir(parents=True)
            for name, content in files.items():
                write_atomic(folder / name, content)
            write_atomic(folder / SUMS, _sums(files))
        except OSError as error:
            shutil.rmtree(folder, ignore_errors=True)
            raise FamilyTrouble(
                f"This could not be saved in {self._root}: {error.strerror}. What was saved before still counts."
            ) from None
        self._let_go()

    def _names(self) -> list[tuple[int, str]]:
        if not self._root.is_dir():
            return []
        matches = [NAME.fullmatch(entry.name) for entry in self._root.iterdir() if entry.is_dir()]
        return [(int(match[1]), match[0]) for match in matches if match]

    def _let_go(self) -> None:
        """Delete what is older than the oldest copy that is kept; a damaged one may still be looked at until then."""
        kept = self.read()[0][: KEPT + 1]
        for _, name in self._names() if len(kept) > KEPT else ():
            if name < kept[-1].name:
                shutil.rmtree(self._root / name, ignore_errors=True)


def _read(folder: Path) -> Copy:
    """The copy in `folder`, if it is as it was written. Raises FamilyUnreadable, OSError."""
    match = NAME.fullmatch(folder.name)
    if not match or not (folder / SUMS).is_file():
        raise FamilyUnreadable("it was not finished")
    files = dict(_files(folder))
    if (folder / SUMS).read_bytes() != _sums(files):
        raise FamilyUnreadable("its files are damaged, or were changed outside askaloud")
    try:
        saved = datetime.strptime(match[2], STAMP)  # noqa: DTZ007 - the computer's own clock is meant
    except ValueError:
        raise FamilyUnreadable("the name of its folder was changed") from None
    return Copy(folder.name, saved, family_of(files))


def _files(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")):
        if path.suffix in OURS and path.name != SUMS:
            yield path.relative_to(folder).as_posix(), path.read_bytes()


def _sums(files: Mapping[str, bytes]) -> bytes:
    lines = [f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in sorted(files.items())]
    return "".join(lines).encode()
