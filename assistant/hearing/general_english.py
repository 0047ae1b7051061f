"""Read the general English language model that comes inside PocketSphinx's wheel.

PocketSphinx can use that model, but cannot mix it with another. The file is therefore read here: a trie of 3-grams
keyed on the *last* word, bit-packed, with quantised logarithms (written by sphinxbase's ``ngram_model_trie.c``, a
layout that descends from KenLM, Heafield 2011). Layout, little-endian:

    19 bytes "Trie Language Model", 1 byte order, a uint32 count for each order, int32 kind of quantisation (1: 16 bit)
    tables of 65,536 floats: 2-gram probability, 2-gram backoff, 3-gram probability
    1-grams, one more than counted: float probability, float backoff, uint32 first 2-gram
    2-grams, one more: word before | backoff | probability | first 3-gram, in as few bits as hold the largest
    3-grams, one more: word before that | probability (a few entries at the end of both tables are not in use)
    uint32 length, then the words, each ended by a zero byte

Logarithms are to the base 1.0001.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

MAGIC = b"Trie Language Model\x03"
LOG_10_OF_BASE = float(np.log10(1.0001))
TABLE = 65_536


class UnknownModel(Exception):
    """The file has a layout that is not read here."""


@dataclass(frozen=True, slots=True)
class General:
    """A 3-gram model over `words`. Word numbers index `words`; probabilities and backoff weights are plain, not logs.

    Row i of `two` (before, word) has probability `p_two[i]` and, as a history, backoff `bow_two[i]`.
    Row i of `three` is (before that, before, word).
    """

    words: list[str]
    p_one: Floats
    bow_one: Floats
    two: Ints
    p_two: Floats
    bow_two: Floats
    three: Ints
    p_three: Floats


def read_general(path: Path) -> General:
    """Read the model file `path`; about half a second.

    Raises:
        UnknownModel: it has another layout.
        OSError: it cannot be read.
    """
    raw = _raw(path)
    try:
        return _read(raw)
    except (IndexError, ValueError) as problem:
        raise UnknownModel(str(path)) from problem


def _raw(path: Path) -> NDArray[np.uint8]:
    raw = np.fromfile(path, np.uint8)
    if len(raw) <= len(MAGIC) + 13 or raw[: len(MAGIC)].tobytes() != MAGIC or int(raw[32]) != 1:
        raise UnknownModel(str(path))
    return raw


def _read(raw: NDArray[np.uint8]) -> General:
    ones, twos, threes = (int(n) for n in np.frombuffer(raw[20:32].tobytes(), "<u4"))
    at = 36
    tables = np.frombuffer(raw[at : at + 12 * TABLE].tobytes(), "<f4").reshape(3, TABLE).astype(np.float64)
    at += 12 * TABLE
    layout = np.dtype([("p", "<f4"), ("bow", "<f4"), ("first", "<u4")])
    one = np.frombuffer(raw[at : at + 12 * (ones + 1)].tobytes(), layout)
    at += 12 * (ones + 1)
    word_bits, next_bits = ones.bit_length(), threes.bit_length()
    bits = word_bits + 32 + next_bits
    before = _bits(raw, at, (bits, 0, word_bits), twos)
    bow_two = _bits(raw, at, (bits, word_bits, 16), twos)
    p_two = _bits(raw, at, (bits, word_bits + 16, 16), twos)
    first = _bits(raw, at, (bits, word_bits + 32, next_bits), twos + 1)
    at += _packed_bytes(twos, bits)
    bits = word_bits + 16
    before_that = _bits(raw, at, (bits, 0, word_bits), threes)
    p_three = _bits(raw, at, (bits, word_bits, 16), threes)
    at += _packed_bytes(threes, bits) + 4
    children = one["first"].astype(np.int64)
    word = np.repeat(np.arange(ones), children[1:] - children[:-1])
    row = np.repeat(np.arange(len(word)), first[1 : len(word) + 1] - first[: len(word)])
    return General(
        words=raw[at:].tobytes().decode("utf-8").split("\0")[:ones],
        p_one=_plain(one["p"][:ones].astype(np.float64)),
        bow_one=_plain(one["bow"][:ones].astype(np.float64)),
        two=np.stack([before[: len(word)], word], axis=1),
        p_two=_plain(tables[0][p_two[: len(word)]]),
        bow_two=_plain(tables[1][bow_two[: len(word)]]),
        three=np.stack([before_that[: len(row)], before[row], word[row]], axis=1),
        p_three=_plain(tables[2][p_three[: len(row)]]),
    )


def read_vocabulary(path: Path) -> list[str]:
    """The words of the model file `path`. Raises as `read_general` does."""
    raw = _raw(path)
    ones, twos, threes = (int(n) for n in np.frombuffer(raw[20:32].tobytes(), "<u4"))
    word_bits, next_bits = ones.bit_length(), threes.bit_length()
    at = 36 + 12 * TABLE + 12 * (ones + 1) + 4
    at += _packed_bytes(twos, word_bits + 32 + next_bits) + _packed_bytes(threes, word_bits + 16)
    try:
        return raw[at:].tobytes().decode("utf-8").split("\0")[:ones]
    except ValueError as problem:
        raise UnknownModel(str(path)) from problem


def _plain(logarithms: Floats) -> Floats:
    return np.asarray(10.0 ** (logarithms * LOG_10_OF_BASE), np.float64)


def _packed_bytes(entries: int, bits: int) -> int:
    """Length of a packed table; eight spare bytes let a reader take whole words."""
    return ((1 + entries) * bits + 7) // 8 + 8


def _bits(raw: NDArray[np.uint8], start: int, field: tuple[int, int, int], count: int) -> Ints:
    """`count` whole numbers, one an entry; `field` is (bits an entry, place of the number in it, its bits)."""
    entry, offset, size = field
    place = np.arange(count, dtype=np.int64) * entry + offset
    value = np.zeros(count, np.uint64)
    for byte in range((size + 14) // 8):
        value |= raw[start + (place >> 3) + byte].astype(np.uint64) << np.uint64(8 * byte)
    return ((value >> (place & 7).astype(np.uint64)) & np.uint64((1 << size) - 1)).astype(np.int64)
