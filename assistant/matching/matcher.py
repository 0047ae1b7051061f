"""From what was heard to the topics it may mean."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from assistant.matching.carriers import bare
from assistant.matching.classifier import Classifier, shipped_classifier
from assistant.matching.features import Reader
from assistant.matching.fusion import Fusion, shipped_fusion
from assistant.matching.memory import Meanings, shipped_meanings
from assistant.matching.normal import normalise
from assistant.matching.ranking import Candidate, Ranking
from assistant.matching.sounds import Sounds, shipped_sounds

MOST_CANDIDATES = 10
HYPOTHESES = 5
"""Further hypotheses of a recogniser are noise."""
DISCOUNT = 0.5
"""What a hypothesis counts beside the one before it."""
AUTHORED = 0.9
"""How surely a question means the topic it was written for, word for word but for "please" and the like, when the rest
speaks for it too: of 33 training questions that happen to be such, 32 did."""
PLAIN = 0.5
"""Least probability of such a topic without that: "do they work" alone is too general, though it is a label."""
POOLING = (0.9, 0.4, 0.2)
"""How much the logarithms count of what two recognisers find likely on the whole and of what each does. More than 1
in all: where they agree, both are surer than either. `tests/bench/fit_pooling.py` fits them."""
LEAST = 1e-3
"""No recogniser rules a topic out."""
NOTHING = Ranking((), 1.0)


class Matcher:
    """Ranks topics by how likely a question means them.

    Topics may be any: those of a family's own pack are found by their ways to ask, as ours are.
    """

    def __init__(
        self,
        questions: Mapping[str, Sequence[str]],
        *,
        meanings: Meanings | None = None,
        sounds: Sounds | None = None,
        classifier: Classifier | None = None,
        fusion: Fusion | None = None,
    ) -> None:
        """`questions`: topic id to its ways to ask, as written; topics with none are left out."""
        ways = {topic: _distinct(texts) for topic, texts in questions.items()}
        self._fusion = fusion or shipped_fusion()
        self._reader = Reader(
            {topic: texts for topic, texts in ways.items() if texts},
            meanings or shipped_meanings(),
            sounds or shipped_sounds(),
            classifier or shipped_classifier(),
        )
        places = {topic: place for place, topic in enumerate(self._reader.topics)}
        self._authors = {text: places[topic] for text, topic in _owned(ways).items()}
        plainly = {topic: {bare(text) for text in texts} for topic, texts in ways.items()}
        self._bare_authors = {text: places[topic] for text, topic in _owned(plainly).items()}

    def rank(
        self, hypotheses: Sequence[str], *, others: Sequence[str] = (), aliases: Iterable[tuple[str, str]] = ()
    ) -> Ranking:
        """The topics that `hypotheses`, best first, may mean.

        Args:
            hypotheses: what a recogniser heard, or the one text typed.
            others: what another recogniser heard in the same sound. Where both heard the same best, that was said.
                Where both point to one topic it is surer than by either; where they point to different ones, neither
                is as sure.
            aliases: pairs of a text and the topic this person means by it, learned from confirmed turns. A hypothesis
                that is word for word such a text means that topic.
        """
        topics = self._reader.topics
        lists = [found for found in (_distinct(hypotheses), _distinct(others)) if found]
        if not lists or not topics:
            return NOTHING
        known = {normalise(text): topic for text, topic in aliases if topic in topics}
        alike = len({found[0] for found in lists}) == 1
        lists = [lists[0][:1]] if alike and len(lists) > 1 else [found[:HYPOTHESES] for found in lists]
        texts = list(dict.fromkeys(chain.from_iterable(lists)))
        likely = self._likely([text for text in texts if text not in known])
        likely |= {text: self._alone(known[text]) for text in texts if text in known}
        opinions = [_weighed([likely[text] for text in found]) for found in lists]
        return self._ranking(pooled(*opinions) if len(opinions) > 1 else opinions[0])

    def _likely(self, texts: Sequence[str]) -> dict[str, NDArray[np.float64]]:
        """The probabilities from each text alone."""
        if not texts:
            return {}
        asked = [self._authored(text) for text in texts]
        directions = self._reader.directions([plain for plain, _ in asked])
        return {
            text: self._of_one(plain, author, direction)
            for text, (plain, author), direction in zip(texts, asked, directions, strict=True)
        }

    def _authored(self, text: str) -> tuple[str, int | None]:
        """The text, or what of it a question consists of, and the topic it was written for, if it was."""
        plain = bare(text)
        if text not in self._authors and plain in self._bare_authors:
            return plain, self._bare_authors[plain]
        return text, self._authors.get(text)

    def _of_one(self, text: str, author: int | None, direction: NDArray[np.float32]) -> NDArray[np.float64]:
        likely = self._fusion.probabilities(self._reader.evidence(text, direction))
        if author is not None and likely[author] >= PLAIN:
            return (1 - AUTHORED) * likely + AUTHORED * self._alone(self._reader.topics[author])
        return likely

    def _alone(self, topic: str) -> NDArray[np.float64]:
        certain = np.zeros(len(self._reader.topics) + 1)
        certain[self._reader.topics.index(topic)] = 1
        return certain

    def _ranking(self, likely: NDArray[np.float64]) -> Ranking:
        order = np.argsort(-likely[:-1], kind="stable")[:MOST_CANDIDATES]
        best = tuple(Candidate(self._reader.topics[place], float(likely[place])) for place in order)
        return Ranking(best, float(likely[-1]))


def _weighed(likely: Sequence[NDArray[np.float64]]) -> NDArray[np.float64]:
    """One recogniser's probabilities from those of its hypotheses, the better counting more."""
    shares = DISCOUNT ** np.arange(len(likely))
    return np.asarray(shares / shares.sum() @ np.stack(likely))


def pooled(
    first: NDArray[np.float64], second: NDArray[np.float64], *, weights: Sequence[float] = POOLING
) -> NDArray[np.float64]:
    """What two recognisers find likely, as one: a linear pool of opinions within a logarithmic one.

    Their mean alone is the best order of topics but too unsure, as it treats what both say as if one had said it; see
    Genest and Zidek, Combining probability distributions (1986).
    """
    together = (first + second) / 2
    scores = sum(w * np.log(likely + LEAST) for w, likely in zip(weights, (together, first, second), strict=True))
    powers = np.exp(scores)
    return np.asarray(powers / powers.sum())


def _owned(ways: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """Texts that only one topic has, and that topic."""
    askers = Counter(text for texts in ways.values() for text in texts)
    return {text: topic for topic, texts in ways.items() for text in texts if askers[text] == 1}


def _distinct(texts: Iterable[str]) -> list[str]:
    """Normalised, without repetitions and what is empty."""
    return [text for text in dict.fromkeys(map(normalise, texts)) if text]
