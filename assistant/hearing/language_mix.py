"""A language model for open questions: the content's own phrases mixed with general English.

A model made of the phrases alone hears every paraphrase as one of the phrases; general English alone is slow and
does not know that "riluzole" is likely here. The mix is a linear interpolation, history by history,

    p(w | h) = share(h) * count(h w) / count(h) + (1 - share(h)) * general(w | h)
    share(h) = most * count(h) / (count(h) + enough)

so that histories the content never saw stay general English (Bacchiani and Roark 2003 call this MAP adaptation).
Backoff weights are computed anew, so each history's probabilities add up to one. Written in ARPA format.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from assistant.hearing.general_english import Floats, General, Ints

START, END = "<s>", "</s>"
TINY = 1e-9
MOST_SHARE = 0.85
"""The content's share where it has seen much."""
ENOUGH_SEEN = 1.0
"""Sightings of a history at which the content has half of its greatest share."""


@dataclass(frozen=True, slots=True)
class Grams:
    """All n-grams of one order: `keys` sorted, word numbers in base `size`, first word first."""

    keys: Ints
    p: Floats
    bow: Floats


@dataclass(frozen=True, slots=True)
class Mix:
    """The finished model."""

    words: list[str]
    one: Grams
    two: Grams
    three: Grams


def mix(general: General, phrases: Iterable[str], known: Sequence[str], vocabulary: int = 10_000) -> Mix:
    """Mix `phrases` into `general`, over the phrases' words and the `vocabulary` most frequent general ones.

    Args:
        general: the general model.
        phrases: lower case sentences of words from `known`.
        known: words that may be used: those with a pronunciation.
        vocabulary: general words to keep. Fewer are faster and hear fewer paraphrases.
    """
    sentences = [[START, *phrase.split(), END] for phrase in phrases]
    words, general_at = _choose_words(general, sentences, set(known), vocabulary)
    number = {word: i for i, word in enumerate(words)}
    counted = [[number[w] for w in sentence if w in number] for sentence in sentences]
    size = len(words)
    one = _mix_one(general, general_at, counted, number[START])
    new = np.full(len(general.words), -1, np.int64)
    new[general_at[general_at >= 0]] = np.flatnonzero(general_at >= 0)
    two = _mix_longer(_renumbered(general.two, general.p_two, new, size), counted, one, one, size)
    bow = _look_up(two.keys, *_renumbered(general.two, general.bow_two, new, size), 1.0)
    three = _mix_longer(
        _renumbered(general.three, general.p_three, new, size), counted, two, Grams(two.keys, two.p, bow), size
    )
    return Mix(words, *_with_backoffs(one, two, three, size))


def _choose_words(
    general: General, sentences: list[list[str]], known: set[str], vocabulary: int
) -> tuple[list[str], Ints]:
    """The words of the mix, and where each is in the general model (-1: nowhere)."""
    at = {word: i for i, word in enumerate(general.words)}
    order = np.argsort(-general.p_one)
    frequent = [w for i in order if (w := general.words[i]) in known][:vocabulary]
    ours = {w for sentence in sentences for w in sentence if w in known}
    words = sorted({START, END, *frequent, *ours})
    return words, np.array([at.get(w, -1) for w in words], np.int64)


def _renumbered(grams: Ints, values: Floats, new: Ints, size: int) -> tuple[Ints, Floats]:
    """Those of the general n-grams whose words are all kept: sorted keys and their values."""
    mapped = new[grams]
    kept = (mapped >= 0).all(axis=1)
    keys = _key(mapped[kept], size)
    order = np.argsort(keys)
    return keys[order], values[kept][order]


def _key(numbers: Ints, size: int) -> Ints:
    key = numbers[:, 0].copy()
    for column in range(1, numbers.shape[1]):
        key = key * size + numbers[:, column]
    return key


def _look_up(wanted: Ints, keys: Ints, values: Floats, otherwise: Floats | float) -> Floats:
    """The value of each wanted key, or `otherwise`."""
    place = np.searchsorted(keys, wanted).clip(0, max(0, len(keys) - 1))
    found = keys[place] == wanted if len(keys) else np.zeros(len(wanted), bool)
    return np.where(found, values[place] if len(keys) else 0.0, otherwise)


def _mix_one(general: General, general_at: Ints, counted: list[list[int]], start: int) -> Grams:
    there = general_at >= 0
    p = np.where(there, general.p_one[general_at], 0.0)
    bow = np.where(there, general.bow_one[general_at], 1.0)
    counts = np.bincount([w for s in counted for w in s[1:]], minlength=len(p)).astype(np.float64)
    p[start], counts[start] = 0.0, 0.0
    rare = p[p > 0].min()
    p = np.where(p > 0, p, rare)
    p[start] = 0.0
    share = MOST_SHARE / 2
    mixed = share * counts / max(1.0, counts.sum()) + (1 - share) * p / p.sum()
    return Grams(np.arange(len(p), dtype=np.int64), mixed, bow)


def _mix_longer(
    general: tuple[Ints, Floats], counted: list[list[int]], lower: Grams, history: Grams, size: int
) -> Grams:
    """One order up. `lower` are the n-grams one shorter, `history.bow` the general backoff weight of each history."""
    order = 2 if len(lower.keys) == size else 3
    seen = [s[i : i + order] for s in counted for i in range(len(s) - order + 1)]
    ours, counts = np.unique(_key(np.array(seen or [[0] * order], np.int64), size), return_counts=True)
    keys = np.union1d(general[0], ours)
    keys = keys[np.isin(keys // size, history.keys)]
    shorter = keys % size ** (order - 1)
    plain = _look_up(keys // size, history.keys, history.bow, 1.0) * _look_up(shorter, lower.keys, lower.p, TINY)
    p_general = _look_up(keys, *general, plain)
    count = _look_up(keys, ours, counts.astype(np.float64), 0.0)
    histories, which = np.unique(keys // size, return_inverse=True)
    total = np.bincount(which, count, len(histories))
    crowd = np.bincount(which, p_general, len(histories))
    p_general /= np.maximum(1.0, crowd / 0.999)[which]  # rounding of the quantised model may exceed one
    share = (MOST_SHARE * total / (total + ENOUGH_SEEN))[which]
    p = share * count / np.maximum(total, 1.0)[which] + (1 - share) * p_general
    return Grams(keys, p, np.ones(len(keys)))


def _with_backoffs(one: Grams, two: Grams, three: Grams, size: int) -> tuple[Grams, Grams, Grams]:
    one = Grams(one.keys, one.p, _backoffs(one.keys, two, one.p[two.keys % size], size))
    seen = _look_up(
        three.keys % size**2,
        two.keys,
        two.p,
        one.bow[three.keys // size % size] * one.p[three.keys % size],
    )
    return one, Grams(two.keys, two.p, _backoffs(two.keys, three, seen, size)), three


def _backoffs(histories: Ints, grams: Grams, lower_p: Floats, size: int) -> Floats:
    """What is left for unlisted words after each history, over what the shorter model gives to them."""
    place = np.searchsorted(histories, grams.keys // size)
    left = 1.0 - np.bincount(place, grams.p, len(histories))
    below = 1.0 - np.bincount(place, lower_p, len(histories))
    return np.asarray(np.maximum(left, TINY) / np.maximum(below, TINY), np.float64)


def write_arpa(model: Mix, path: Path) -> None:
    """Write `model` to `path` in ARPA format."""
    size = len(model.words)
    one, two, three = model.one, model.two, model.three
    names = np.array(model.words, object)
    sections = [
        (names, one, True),
        (names[two.keys // size] + " " + names[two.keys % size], two, True),
        (
            names[three.keys // size**2] + " " + names[three.keys // size % size] + " " + names[three.keys % size],
            three,
            False,
        ),
    ]
    with path.open("w", encoding="utf-8") as out:
        out.write("\\data\\\n" + "".join(f"ngram {n}={len(g.keys)}\n" for n, (_, g, _) in enumerate(sections, 1)))
        for n, (texts, grams, with_backoff) in enumerate(sections, 1):
            out.write(f"\n\\{n}-grams:\n")
            p = np.log10(np.maximum(grams.p, 1e-30)).tolist()
            if with_backoff:
                bow = np.log10(grams.bow).tolist()
                out.writelines(f"{a:.4f} {t} {b:.4f}\n" for a, t, b in zip(p, texts.tolist(), bow, strict=True))
            else:
                out.writelines(f"{a:.4f} {t}\n" for a, t in zip(p, texts.tolist(), strict=True))
        out.write("\n\\end\\\n")
