"""Where each sound of a known text is in its recording, by PocketSphinx's forced alignment."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

ALIGNER_HZ = 16_000
FORMANTS_HZ = {
    "IY": (342, 2322), "IH": (427, 2034), "EY": (476, 2089), "EH": (580, 1799), "AE": (588, 1952), "AA": (768, 1333),
    "AO": (652, 997), "OW": (497, 910), "UH": (469, 1122), "UW": (378, 997), "AH": (623, 1200), "ER": (474, 1379),
    # Halfway between the two vowels of a diphthong.
    "AY": (600, 1680), "AW": (620, 1230), "OY": (540, 1515),
}  # fmt: skip


@dataclass(frozen=True)
class Phone:
    """One sound of the utterance; `start` and `end` in WORLD's frames."""

    name: str
    start: int
    end: int
    last: bool
    """It ends a word."""
    hard: bool
    """A consonant in a cluster or at a word's end."""

    @property
    def vowel(self) -> bool:
        return self.name in FORMANTS_HZ


@cache
def _aligner() -> Any:
    return importlib.import_module("pocketsphinx").Decoder(lm=None, samprate=ALIGNER_HZ, loglevel="FATAL", cmn="batch")


def align(samples: NDArray[np.float32], rate_hz: int, text: str, frames: int) -> list[Phone]:
    """Where each sound of `text` is; empty where a word is unknown or the sound does not fit."""
    words = "".join(c if c.isalpha() or c == "'" else " " for c in text.lower()).split()
    aligner = _aligner()
    if not words or any(aligner.lookup_word(word) is None for word in words):
        return []
    at = np.arange(0, len(samples), rate_hz / ALIGNER_HZ)
    pcm = (np.interp(at, np.arange(len(samples)), samples) * 32767).astype("<i2").tobytes()
    try:
        aligner.set_align_text(" ".join(words))
        _decode(aligner, pcm)
        aligner.set_alignment()
        _decode(aligner, pcm)
        found = [(w.name, [(p.name, p.start, p.duration) for p in w]) for w in aligner.get_alignment() or ()]
    except (RuntimeError, ValueError):
        return []
    return [phone for name, parts in found if not name.startswith("<") for phone in _phones(parts, frames)]


def _decode(aligner: Any, pcm: bytes) -> None:
    aligner.start_utt()
    aligner.process_raw(pcm, full_utt=True)
    aligner.end_utt()


def _phones(parts: list[tuple[str, int, int]], frames: int) -> list[Phone]:
    """One word's phones; the aligner's frames last two of WORLD's."""
    made = []
    for place, (name, start, duration) in enumerate(parts):
        last = place == len(parts) - 1
        beside = [parts[i][0] for i in (place - 1, place + 1) if 0 <= i < len(parts)]
        cluster = any(other not in FORMANTS_HZ for other in beside)
        end = min(2 * (start + duration), frames)
        made.append(Phone(name, min(2 * start, end), end, last, name not in FORMANTS_HZ and (last or cluster)))
    return made
