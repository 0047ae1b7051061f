"""What speaks for each topic: numbers for every pair of a question and a topic, the same for topics of any pack."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from assistant.matching.classifier import Classifier
from assistant.matching.memory import Meanings
from assistant.matching.phrases import PhraseIndex, pieces, words_and_pairs
from assistant.matching.sounds import Sounds

Floats = NDArray[np.float32]
Scorer = Callable[..., float]

SHORTLIST = 64
"""Phrases that are compared letter by letter: the likest by pieces, words and meaning."""
NEAREST = 3
"""Phrases of a topic whose mean likeness in meaning is looked at, beside the best."""
PAIR = (
    "pieces", "words", "meaning", "meaning of three", "meaning of all", "same words", "letters", "sounds",
    "covered", "classifier",
)  # fmt: skip
"""Names of the numbers for a pair of question and topic, in the order of the last axis of `Evidence.pairs`."""
WHOLE = ("always", "pieces", "words", "meaning", "covered", "unknown words", "length", "classifier", "lead")
"""Names of the numbers for a question as a whole, in the order of `Evidence.whole`: they speak for "none of these"."""
LONG_QUESTION = 12
"""Words."""


@dataclass(frozen=True)
class Evidence:
    """What speaks for the topics in one question."""

    pairs: Floats
    """Topics by `PAIR`."""
    learned: NDArray[np.bool_]
    """Which topics the classifier knows."""
    whole: Floats
    """In the order of `WHOLE`."""


class Reader:
    """Knows the ways to ask of every topic and compares a question with all of them."""

    def __init__(
        self, questions: Mapping[str, Sequence[str]], meanings: Meanings, sounds: Sounds, classifier: Classifier
    ) -> None:
        """`questions`: topic to its ways to ask, all normalised, none empty."""
        self.topics = tuple(questions)
        self.phrases = [phrase for ways in questions.values() for phrase in ways]
        sizes = np.array([len(ways) for ways in questions.values()], dtype=np.int64)
        self.starts = np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.int64) if len(sizes) else sizes
        self._sizes = sizes
        self._meaning_of, self._sounds, self._classifier = meanings, sounds, classifier
        self._pieces = PhraseIndex(self.phrases, pieces)
        self._words = PhraseIndex(self.phrases, words_and_pairs)
        self._meanings = meanings.of_all(self.phrases)
        self._centres = self._centres_of_topics()
        self._sounding = [sounds.of(phrase) for phrase in self.phrases]
        self._holders = self._topics_by_word(questions)
        self.learned = np.array([topic in classifier.places for topic in self.topics], dtype=bool)
        self._classes = np.array([classifier.places.get(topic, 0) for topic in self.topics], dtype=np.int64)

    def directions(self, texts: Sequence[str]) -> Floats:
        """What each of some normalised texts means: a row for each, one at least."""
        return self._meaning_of.of_asked(texts)

    def evidence(self, text: str, direction: Floats | None = None) -> Evidence:
        """What speaks for each topic in the normalised, non-empty `text`, of which `direction` may be known already."""
        by_pieces, by_words = self._pieces.likeness(text), self._words.likeness(text)
        direction = self._meaning_of.of(text) if direction is None else direction
        by_meaning = self._meanings @ direction
        chosen = self._shortlist(by_pieces + by_words + by_meaning)
        judged = self._classifier.judge(text, direction)
        covered = self._covered(text)
        pairs = np.stack(
            [
                self._best(by_pieces),
                self._best(by_words),
                self._best(by_meaning),
                self._mean_of_nearest(by_meaning),
                self._centres @ direction,
                self._best_of(chosen, self.phrases, text, fuzz.token_set_ratio),
                self._best_of(chosen, self.phrases, text, fuzz.ratio),
                self._best_of(chosen, self._sounding, self._sounds.of(text), fuzz.ratio),
                covered,
                np.where(self.learned, judged[self._classes], 0),
            ],
            axis=1,
        ).astype(np.float32)
        return Evidence(pairs, self.learned, self._whole(text, pairs, float(judged[self._classifier.none])))

    def _whole(self, text: str, pairs: Floats, none: float) -> Floats:
        words = text.split()
        unknown = sum(self._words.weight(w) for w in words if not self._words.knows(w))
        weight = sum(self._words.weight(word) for word in words)
        best = pairs.max(axis=0)
        nearest = np.sort(pairs[:, PAIR.index("meaning")])
        lead = nearest[-1] - nearest[-2] if len(nearest) > 1 else nearest[-1]
        length = min(1.0, len(words) / LONG_QUESTION)
        return np.array(
            [1, best[0], best[1], best[2], best[PAIR.index("covered")], unknown / weight, length, none, lead],
            dtype=np.float32,
        )

    def _best(self, likeness: Floats) -> Floats:
        return np.maximum.reduceat(likeness, self.starts)

    def _mean_of_nearest(self, likeness: Floats) -> Floats:
        best = np.zeros(len(self.topics), dtype=np.float32)
        left = likeness.copy()
        for _ in range(NEAREST):
            top = np.maximum.reduceat(left, self.starts)
            found = left == np.repeat(top, self._sizes)
            left[found] = -1
            best += np.maximum(top, 0)
        return np.asarray(best / np.minimum(NEAREST, self._sizes), dtype=np.float32)

    def _shortlist(self, likeness: Floats) -> NDArray[np.int64]:
        if len(likeness) <= SHORTLIST:
            return np.arange(len(likeness))
        return np.argpartition(-likeness, SHORTLIST)[:SHORTLIST]

    def _best_of(self, chosen: NDArray[np.int64], phrases: list[str], text: str, score: Scorer) -> Floats:
        """The best likeness 0 to 1 of each topic, 0 where none of its phrases is among the `chosen`."""
        near = process.cdist([text], [phrases[i] for i in chosen], scorer=score)[0] / 100
        topics = np.searchsorted(self.starts, chosen, side="right") - 1
        best = np.zeros(len(self.topics), dtype=np.float32)
        np.maximum.at(best, topics, near.astype(np.float32))
        return best

    def _covered(self, text: str) -> Floats:
        """The share of the words of `text`, telling ones counting more, that each topic uses anywhere."""
        covered = np.zeros(len(self.topics), dtype=np.float32)
        whole = 0.0
        for word in dict.fromkeys(text.split()):
            weight = self._words.weight(word)
            whole += weight
            if word in self._holders:
                covered[self._holders[word]] += weight
        return covered / max(whole, 1e-9)

    def _centres_of_topics(self) -> Floats:
        if not len(self.starts):
            return self._meanings
        total = np.add.reduceat(self._meanings, self.starts, axis=0)
        return np.asarray(total / np.maximum(np.linalg.norm(total, axis=1, keepdims=True), 1e-9), dtype=np.float32)

    @staticmethod
    def _topics_by_word(questions: Mapping[str, Sequence[str]]) -> dict[str, NDArray[np.int64]]:
        holders: dict[str, dict[int, None]] = {}
        for place, ways in enumerate(questions.values()):
            for word in (word for way in ways for word in way.split()):
                holders.setdefault(word, {})[place] = None
        return {word: np.array(list(places), dtype=np.int64) for word, places in holders.items()}
