"""What a question means, as a direction in space: the sentence model all-MiniLM-L6-v2, made small, on NumPy alone.

The model is a BERT of six layers (Devlin and others 2019; Wang and others 2020, "MiniLM"). Its weights have four bits
each here, and rare pieces of words are left out (see `models/build_encoder.py`). Questions whose words differ but whose
meaning is the same point in nearly the same direction.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

TABLE = Path(__file__).with_name("encoder.npz")
LAYERS, HEADS, WIDTH = 6, 12, 384
ROOT = np.float32((WIDTH // HEADS) ** -0.5)
GROUP = 64
"""Neighbouring weights that share a scale."""
MOST_TOKENS = 64
"""Pieces of words looked at; no question is longer."""
BATCH = 64
"""Texts encoded together: enough for speed, little memory."""
PANEL = 32
"""Columns of a matrix kept together. A question is a dozen rows; so narrow a panel is multiplied where it lies, while
the linear algebra library would copy a whole matrix first, which takes longer than the sum itself."""
SMALLEST = 1e-12
"""What BERT adds to a variance."""
START, END, UNKNOWN = "[CLS]", "[SEP]", "[UNK]"


class Rows(Protocol):
    """A matrix that gives some of its rows."""

    def __getitem__(self, places: NDArray[np.intp], /) -> Floats: ...


class Encoder:
    """Turns texts into directions."""

    def __init__(self, pieces: Sequence[str], weights: Mapping[str, Floats], words: Rows | None = None) -> None:
        """Each of `weights` is looked at once, so that a mapping may make them as they are wanted.

        Args:
            pieces: pieces of words in the order of the rows of the matrix "word"; later ones start with ##.
            weights: by name.
            words: in place of `weights["word"]`.
        """
        self._places = {piece: place for place, piece in enumerate(pieces)}
        self._longest = max(map(len, pieces))
        self._words: Rows | None = weights.get("word") if words is None else words
        self._panels: dict[str, Floats] = {}
        self._weights: dict[str, Floats] = {}
        for name in weights:
            if name == "word":
                continue
            weight = weights[name]
            if f"{name}.bias" in weights and weight.ndim == 2:
                self._panels[name] = _panels(weight)
            else:
                self._weights[name] = weight

    @classmethod
    def read(cls, path: Path = TABLE) -> Encoder:
        """Read the model at `path`. Raises OSError or KeyError where it is missing or not such a model."""
        with np.load(path) as table:
            pieces = table["pieces"].tobytes().decode().split("\n")
            return cls(pieces, _Table(table), _PackedRows(_parts_of(table, "word")))

    def of(self, text: str) -> Floats:
        """The direction of a normalised text, of length one; zeros where there is no text."""
        return np.asarray(self.of_all([text])[0], dtype=np.float32)

    def of_all(self, texts: Sequence[str]) -> Floats:
        """One row for each text."""
        rows = np.zeros((len(texts), WIDTH), dtype=np.float32)
        for first in range(0, len(texts), BATCH):
            some = range(first, min(first + BATCH, len(texts)))
            filled = [place for place in some if texts[place]]
            if filled:
                rows[filled] = self._encode([self.tokens(texts[place]) for place in filled])
        return rows

    def tokens(self, text: str) -> list[int]:
        """Places of the pieces of `text`, longest first, between the signs for start and end."""
        found = [place for word in text.split() for place in self._pieces_of(word)]
        return [self._places[START], *found[: MOST_TOKENS - 2], self._places[END]]

    def _pieces_of(self, word: str) -> list[int]:
        found: list[int] = []
        start = 0
        while start < len(word):
            front = "##" if start else ""
            ends = range(min(len(word), start + self._longest), start, -1)
            end = next((e for e in ends if front + word[start:e] in self._places), None)
            if end is None:
                return [self._places[UNKNOWN]]
            found.append(self._places[front + word[start:end]])
            start = end
        return found

    def _encode(self, tokens: list[list[int]]) -> Floats:
        """All texts as one long row of pieces; only attention looks at one text at a time."""
        sizes = np.array([len(row) for row in tokens])
        ends = np.cumsum(sizes)
        spans = [slice(end - size, end) for end, size in zip(ends, sizes, strict=True)]
        held = self._weights
        if self._words is None:
            raise KeyError("word")
        x = self._words[np.concatenate(tokens)] + held["place"][np.concatenate([np.arange(size) for size in sizes])]
        x = self._level(x, "first")
        for layer in range(LAYERS):
            x = self._level(x + self._dense(self._attend(x, spans, layer), f"{layer}.out"), f"{layer}.out.level")
            inner = _gelu(self._dense(x, f"{layer}.in"))
            x = self._level(x + self._dense(inner, f"{layer}.back"), f"{layer}.back.level")
        means = np.add.reduceat(x, ends - sizes, axis=0)
        return np.asarray(means / np.maximum(np.linalg.norm(means, axis=1, keepdims=True), SMALLEST), dtype=np.float32)

    def _attend(self, x: Floats, spans: list[slice], layer: int) -> Floats:
        parts = self._dense(x, f"{layer}.qkv").reshape(len(x), 3, HEADS, WIDTH // HEADS)
        seen = np.empty((len(x), HEADS, WIDTH // HEADS), dtype=np.float32)
        for span in spans:
            query, key, value = parts[span].transpose(1, 2, 0, 3)
            scores = query @ key.transpose(0, 2, 1)
            scores *= ROOT
            scores -= np.maximum.reduce(scores, axis=2, keepdims=True)
            shares = np.exp(scores, out=scores)
            shares /= np.add.reduce(shares, axis=2, keepdims=True)
            seen[span] = (shares @ value).transpose(1, 0, 2)
        return seen.reshape(len(x), WIDTH)

    def _dense(self, x: Floats, name: str) -> Floats:
        product = np.matmul(x, self._panels[name]).transpose(1, 0, 2).reshape(len(x), -1)
        product += self._weights[f"{name}.bias"]
        return np.asarray(product, dtype=np.float32)

    def _level(self, x: Floats, name: str) -> Floats:
        x = np.asarray(x - np.add.reduce(x, axis=1, keepdims=True) / WIDTH, dtype=np.float32)
        x *= 1 / np.sqrt(np.einsum("ij,ij->i", x, x) / WIDTH + SMALLEST)[:, None]
        x *= self._weights[name]
        x += self._weights[f"{name}.bias"]
        return x


def _panels(matrix: Floats) -> Floats:
    """Panels by rows by columns of a panel."""
    return np.ascontiguousarray(matrix.reshape(len(matrix), -1, PANEL).transpose(1, 0, 2))


def _gelu(x: Floats) -> Floats:
    """The model's bend, by its usual approximation (Hendrycks and Gimpel 2016)."""
    inner = x * x
    inner *= 0.7978846 * 0.044715
    inner += 0.7978846
    inner *= x
    np.tanh(inner, out=inner)
    inner += 1
    inner *= x
    inner *= 0.5
    return inner


def packed(matrix: Floats) -> Iterator[tuple[str, NDArray[np.generic]]]:
    """A matrix as four bits a number: parts of its file, by the end of their names. Rows must divide into groups."""
    groups = matrix.reshape(-1, GROUP)
    best = np.full((len(groups), 1), np.inf, dtype=np.float32)
    scale, codes = np.zeros_like(best), np.zeros(groups.shape, dtype=np.int8)
    for share in (0.7, 0.8, 0.9, 1.0):  # leaving out the farthest numbers of a group often pays
        tried = (np.abs(groups).max(axis=1, keepdims=True) * share / 7 + SMALLEST).astype(np.float16).astype(np.float32)
        tried = np.maximum(tried, np.float32(6e-8))  # the least number above zero of two bytes
        rounded = np.clip(np.round(groups / tried), -8, 7)
        error = ((rounded * tried - groups) ** 2).sum(axis=1, keepdims=True)
        better = error < best
        best, scale = np.where(better, error, best), np.where(better, tried, scale)
        codes = np.where(better, rounded, codes).astype(np.int8)
    flat = (codes.ravel() + 8).astype(np.uint8)
    yield "codes", flat[::2] << 4 | flat[1::2]
    yield "scale", scale.astype(np.float16)
    yield "shape", np.array(matrix.shape)


def unpacked(parts: Mapping[str, NDArray[np.generic]]) -> Floats:
    """The matrix that `packed` made `parts` of."""
    codes = np.asarray(parts["codes"], np.uint8)
    flat = np.empty(2 * len(codes), dtype=np.int8)
    flat[::2], flat[1::2] = codes >> 4, codes & 15
    groups = (flat.astype(np.float32) - 8).reshape(-1, GROUP) * parts["scale"].astype(np.float32)
    return groups.reshape(tuple(int(size) for size in parts["shape"].tolist()))


def _parts_of(table: Mapping[str, NDArray[np.generic]], name: str) -> dict[str, NDArray[np.generic]]:
    return {part: table[f"{name}:{part}"] for part in ("codes", "scale", "shape")}


class _Table(Mapping[str, Floats]):
    """A file of weights; each is unpacked when it is asked for, and not kept."""

    def __init__(self, file: Mapping[str, NDArray[np.generic]]) -> None:
        self._file = file
        self._names = dict.fromkeys(name.partition(":")[0] for name in file if name != "pieces")

    def __getitem__(self, name: str) -> Floats:
        if name in self._file:
            return self._file[name].astype(np.float32)
        return unpacked(_parts_of(self._file, name))

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


class _PackedRows:
    """A matrix of which only the rows that are looked at are unpacked: a seventh of the memory."""

    def __init__(self, parts: Mapping[str, NDArray[np.generic]]) -> None:
        rows, self._width = (int(size) for size in parts["shape"].tolist())
        self._codes = np.asarray(parts["codes"]).reshape(rows, -1)
        self._scale = np.asarray(parts["scale"]).reshape(rows, -1)

    def __getitem__(self, places: NDArray[np.intp]) -> Floats:
        some = {"codes": self._codes[places].ravel(), "scale": self._scale[places].reshape(-1, 1)}
        return unpacked({**some, "shape": np.array((len(places), self._width))})


@cache
def shipped_encoder() -> Encoder:
    """The model that comes with the product, read once."""
    return Encoder.read()
