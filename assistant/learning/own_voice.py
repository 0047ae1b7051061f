"""The triggers of whoever is speaking, on the disk: patterns only, never sound."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np

from assistant.learning.features import LENGTH, WIDTH, Pattern
from assistant.learning.keeping import Damaged, KeptFile, Profile
from assistant.learning.templates import SCALE, Match, Templates, Try

FORMAT = 1


def voice_file(folder: Path, profile: Profile) -> Path:
    """Where one person's triggers are."""
    return folder / f"own-voice-{profile}.npz"


def encode(templates: Templates) -> bytes:
    """As a file."""
    rows = [np.clip(np.round(t.pattern.rows * SCALE), -127, 127) for t in templates.tries]
    made = io.BytesIO()
    np.savez_compressed(
        made,
        allow_pickle=False,
        format=np.array(FORMAT),
        rows=np.array(rows, np.int8).reshape(-1, LENGTH, WIDTH),
        frames=np.array([t.pattern.frames for t in templates.tries], np.int32),
        items=np.array([t.item for t in templates.tries], np.str_),
        at_s=np.array([t.at_s for t in templates.tries], np.float64),
        taught=np.array([t.taught for t in templates.tries], np.bool_),
    )
    return made.getvalue()


def decode(content: bytes) -> Templates:
    """From a file. Raises Damaged."""
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as file:
            parts = {name: file[name] for name in ("format", "rows", "frames", "items", "at_s", "taught")}
        return _read(parts)
    except Exception as error:  # noqa: BLE001 - damaged archives fail inside zlib and struct in many ways
        raise Damaged(str(error)) from None


def _read(parts: dict[str, np.ndarray[tuple[int, ...], np.dtype[np.generic]]]) -> Templates:
    rows = parts["rows"]
    if int(parts["format"].item()) != FORMAT or rows.shape[1:] != (LENGTH, WIDTH) or rows.dtype != np.int8:
        raise Damaged("of another kind")
    columns = [parts[name].tolist() for name in ("frames", "items", "at_s", "taught")]
    tries = zip(rows.astype(np.float32) / np.float32(SCALE), *columns, strict=True)
    return Templates(
        tuple(
            Try(str(item), Pattern(one, max(1, int(frames))), float(at_s), bool(taught))
            for one, frames, item, at_s, taught in tries
        )
    )


class OwnVoice:
    """One person's triggers.

    Args:
        folder: where everything is remembered.
        profile: whose; another's is another file.
        clock: seconds since 1970.
    """

    def __init__(self, folder: Path, profile: Profile, clock: Callable[[], float]) -> None:
        self.profile = profile
        self._clock = clock
        self._kept = KeptFile(voice_file(folder, profile), encode, decode, Templates())
        self.troubles = self._kept.troubles
        self._before: Templates | None = None

    @property
    def templates(self) -> Templates:
        """All triggers."""
        return self._kept.now

    def match(self, pattern: Pattern | None) -> Match | None:
        """The trigger most likely said."""
        return self.templates.match(pattern)

    def taught(self, item: str, patterns: tuple[Pattern, ...]) -> None:
        """Keep the tries of a trigger in place of those before. Raises LearningTrouble."""
        templates = self.templates.without(item)
        for pattern in patterns:
            templates = templates.with_try(item, pattern, self._clock(), taught=True)
        self._replace(templates)

    def learn(self, item: str, pattern: Pattern, *, right: bool) -> bool:
        """After a confirmed or refused turn. True when something changed. Raises LearningTrouble."""
        known = self.templates
        changed = known.confirmed(item, pattern, self._clock()) if right else known.refused(item, pattern)
        if len(changed.tries) == len(known.tries) and all(map(lambda a, b: a is b, changed.tries, known.tries)):
            return False
        self._replace(changed)
        return True

    def undo(self) -> None:
        """Undo the last change, once. Raises LearningTrouble."""
        if self._before is not None:
            self._replace(self._before)
            self._before = None

    def forget(self, item: str) -> None:
        """Forget a trigger, on the disk too. Raises LearningTrouble."""
        self._before = None
        self._kept.forget(self.templates.without(item))

    def _replace(self, templates: Templates) -> None:
        self._before = self.templates
        self._kept.replace(templates)
