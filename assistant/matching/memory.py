"""The directions of phrases that are known already: reading them takes no time, finding them does."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.matching.encoder import WIDTH, Encoder, shipped_encoder

Floats = NDArray[np.float32]

TABLE = Path(__file__).with_name("meanings.npz")
MOST_NEW = 5_000
"""Phrases that are not in the table are encoded when the program starts, up to this many (about half a minute)."""
STEPS = 127
"""Numbers of a direction are kept in one byte: they are never above one."""


def key(text: str) -> int:
    """A number that stands for a text."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little")


class Meanings:
    """Directions of texts, from memory where they are known."""

    def __init__(self, encoder: Encoder, known: dict[int, Floats] | None = None, most_new: int = MOST_NEW) -> None:
        self._encoder, self._most_new = encoder, most_new
        self._known = dict(known or {})

    @classmethod
    def read(cls, encoder: Encoder, path: Path = TABLE) -> Meanings:
        """With the directions kept at `path`; without any where there is no such file."""
        if not path.is_file():
            return cls(encoder)
        with np.load(path) as table:
            rows = table["rows"].astype(np.float32) * table["scale"].astype(np.float32)
            return cls(encoder, dict(zip(table["keys"].tolist(), rows, strict=True)))

    def of(self, text: str) -> Floats:
        """The direction of a normalised text; it is not remembered, for what people ask is theirs."""
        return np.asarray(self.of_asked([text])[0], dtype=np.float32)

    def of_asked(self, texts: Sequence[str]) -> Floats:
        """One row for each of what a person may have asked; together they take half as long as one by one."""
        known = [self._known.get(key(text)) for text in texts]
        new = self._encoder.of_all([text for text, row in zip(texts, known, strict=True) if row is None])
        fresh = iter(new)
        return np.stack([next(fresh) if row is None else row for row in known])

    def of_all(self, texts: Sequence[str]) -> Floats:
        """One row for each of our own phrases, remembered until the end; zeros for those beyond `MOST_NEW`."""
        keys = [key(text) for text in texts]
        new = {k: text for k, text in zip(keys, texts, strict=True) if k not in self._known}
        some = list(new)[: self._most_new]
        self._known |= dict(zip(some, self._encoder.of_all([new[k] for k in some]), strict=True))
        nothing = np.zeros(WIDTH, dtype=np.float32)
        rows = [self._known.get(k, nothing) for k in keys]
        return np.stack(rows) if rows else np.zeros((0, WIDTH), dtype=np.float32)

    def write(self, texts: Iterable[str], path: Path = TABLE) -> None:
        """Keep the directions of `texts` at `path`."""
        wanted = list(dict.fromkeys(texts))
        rows = self.of_all(wanted)
        scale = np.maximum(np.abs(rows).max(axis=1, keepdims=True), 1e-9) / STEPS
        keys = np.array([key(text) for text in wanted], dtype=np.uint64)
        small = np.round(rows / scale).astype(np.int8)
        np.savez_compressed(path, keys=keys, rows=small, scale=scale.astype(np.float16))


@cache
def shipped_meanings() -> Meanings:
    """Those that come with the product, read once."""
    return Meanings.read(shipped_encoder())
