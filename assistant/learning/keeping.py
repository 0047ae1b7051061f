"""Files of what was learned: a full disk, a killed process or damage cost the last change at most."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Generic, Literal, TypeVar

from assistant.atomic import write_atomic

Profile = Literal["person", "caregiver"]
PROFILES: tuple[Profile, ...] = ("person", "caregiver")

Kept = TypeVar("Kept")


class LearningTrouble(Exception):
    """What was learned could not be saved or read; the text says where and what to do."""


class Damaged(Exception):
    """The bytes are not what was written."""


class KeptFile(Generic[Kept]):
    """One thing that was learned, in memory and on the disk.

    Args:
        path: where it is kept.
        encode, decode: to bytes and back; `decode` raises Damaged.
        empty: when nothing was ever kept.
    """

    def __init__(
        self, path: Path, encode: Callable[[Kept], bytes], decode: Callable[[bytes], Kept], empty: Kept
    ) -> None:
        self._path, self._encode, self._decode = path, encode, decode
        self.now, self.troubles = read_kept(path, decode, empty)
        """What is known, and what was wrong with the file at the start."""

    def replace(self, kept: Kept) -> None:
        """From now on this is known. Raises LearningTrouble: not saved, but it counts."""
        self.now = kept
        write_kept(self._path, self._encode(kept), self._decode)

    def forget(self, kept: Kept) -> None:
        """Keep only this, and no copy of what it was before either. Raises LearningTrouble."""
        self.replace(kept)
        self.replace(kept)  # the first of the two made the old one the copy before


def previous(path: Path) -> Path:
    """Where the copy before the last writing is: learned-person.json has learned-person.previous.json."""
    return path.with_name(f"{path.stem}.previous{path.suffix}")


def read_kept(path: Path, decode: Callable[[bytes], Kept], empty: Kept) -> tuple[Kept, list[str]]:
    """What is kept at `path`, and what is wrong. Damaged: the copy before it; without one, `empty`.

    Args:
        path: the file.
        decode: makes the thing from bytes, or raises Damaged.
        empty: when nothing was ever kept.
    """
    troubles: list[str] = []
    for source in (path, previous(path)):
        try:
            return decode(source.read_bytes()), [t + " The copy before it is used." for t in troubles]
        except FileNotFoundError:
            continue
        except Damaged:
            troubles.append(f"What was learned is damaged: {source} can not be read.")
        except OSError as error:
            troubles.append(f"What was learned can not be opened: {source}, {error.strerror}.")
    return empty, [t + " Nothing is known of your voice for now." for t in troubles]


def write_kept(path: Path, content: bytes, decode: Callable[[bytes], object]) -> None:
    """Write `content`; what was there before is kept as the copy before it, if it is in order.

    Raises:
        LearningTrouble: the folder is read-only or the disk is full.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _keep_previous(path, decode)
        write_atomic(path, content)
    except OSError as error:
        where = f"{path.parent}: {error.strerror}"
        raise LearningTrouble(
            f"What was learned could not be saved in {where}. It counts until you close askaloud."
        ) from None


def _keep_previous(path: Path, decode: Callable[[bytes], object]) -> None:
    """A damaged file must not take the place of the last good copy."""
    try:
        before = path.read_bytes()
        decode(before)
    except (FileNotFoundError, Damaged):
        return
    write_atomic(previous(path), before)
