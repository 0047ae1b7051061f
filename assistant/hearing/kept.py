"""A file that takes seconds to make is kept for the next start, and never trusted unseen.

PocketSphinx reads its binary language models without looking: a damaged one ends the process. So the kept file
carries its own SHA-256, and one that does not fit is made anew. A disk that is full or may not be written to costs the
seconds again, nothing else.
"""

from __future__ import annotations

import contextlib
import hashlib
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from assistant.atomic import write_atomic

MOST_KEPT = 3
"""Kept files of one kind; older ones are deleted."""


def fingerprint(parts: Iterable[str | bytes]) -> str:
    """A name for what a file is made from: the same parts, the same name."""
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()[:24]


@contextlib.contextmanager
def kept(folder: Path | None, name: str, make: Callable[[Path], None]) -> Iterator[Path]:
    """The file `name`, from `folder` when it is there whole, else made now and kept there if the disk allows.

    Args:
        folder: where files are kept; None: nowhere.
        name: as ``kind-fingerprint.ending``; other fingerprints of the same kind are deleted when there are many.
        make: writes the file to the path it is given. What it raises is passed on.
    """
    if folder is not None and _whole(folder / name):
        yield folder / name
        return
    with tempfile.TemporaryDirectory(prefix="askaloud-") as own:
        made = Path(own, name)
        make(made)
        if folder is not None:
            with contextlib.suppress(OSError):
                _keep(made, folder)
        yield made


def _seal(path: Path) -> Path:
    return path.with_name(path.name + ".sha256")


def _whole(path: Path) -> bool:
    try:
        return _seal(path).read_text("ascii").strip() == hashlib.sha256(path.read_bytes()).hexdigest()
    except (OSError, ValueError):
        return False


def _keep(made: Path, folder: Path) -> None:
    """The seal is written last: a file without its own seal is not used."""
    folder.mkdir(parents=True, exist_ok=True)
    data = made.read_bytes()
    path = folder / made.name
    _seal(path).unlink(missing_ok=True)
    write_atomic(path, data)
    write_atomic(_seal(path), hashlib.sha256(data).hexdigest().encode())
    kind = made.name.partition("-")[0]
    alike = sorted(folder.glob(f"{kind}-*{made.suffix}"), key=lambda p: p.stat().st_mtime, reverse=True)
    for old in alike[MOST_KEPT:]:
        old.unlink(missing_ok=True)
        _seal(old).unlink(missing_ok=True)
