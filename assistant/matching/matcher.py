"""From what was heard to the topics it may mean."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

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
            others: what another recogniser heard in the same sound. Both count alike: where they point to different
                topics, neither is probable enough to be answered without asking back.
            aliases: pairs of a text and the topic this person means by it, learned from confirmed turns. A hypothesis
                that is word for word such a text means that topic.
        """
        topics = self._reader.topics
        lists = [found for found in (_distinct(hypotheses), _distinct(others)) if found]
        if not lists or not topics:
            return NOTHING
        known = {normalise(text): topic for text, topic in aliases if topic in topics}
        return self._ranking(np.mean([self._weighed(found[:HYPOTHESES], known) for found in lists], axis=0))

    def _weighed(self, heard: Sequence[str], known: Mapping[str, str]) -> NDArray[np.float64]:
        """The probabilities from one recogniser's hypotheses, the better counting more."""
        shares = DISCOUNT ** np.arange(len(heard))
        total = sum(
            share * (self._alone(known[text]) if text in known else self._likely(text))
            for share, text in zip(shares / shares.sum(), heard, strict=True)
        )
        return np.asarray(total)

    def _likely(self, text: str) -> NDArray[np.float64]:
        authored = self._authors.get(text)
        if authored is None and (plain := bare(text)) in self._bare_authors:
            text, authored = plain, self._bare_authors[plain]
        likely = self._fusion.probabilities(self._reader.evidence(text))
        if authored is not None and likely[authored] >= PLAIN:
            return (1 - AUTHORED) * likely + AUTHORED * self._alone(self._reader.topics[authored])
        return likely

    def _alone(self, topic: str) -> NDArray[np.float64]:
        certain = np.zeros(len(self._reader.topics) + 1)
        certain[self._reader.topics.index(topic)] = 1
        return certain

    def _ranking(self, likely: NDArray[np.float64]) -> Ranking:
        order = np.argsort(-likely[:-1], kind="stable")[:MOST_CANDIDATES]
        best = tuple(Candidate(self._reader.topics[place], float(likely[place])) for place in order)
        return Ranking(best, float(likely[-1]))


def _owned(ways: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """Texts that only one topic has, and that topic."""
    askers = Counter(text for texts in ways.values() for text in texts)
    return {text: topic for topic, texts in ways.items() for text in texts if askers[text] == 1}


def _distinct(texts: Iterable[str]) -> list[str]:
    """Normalised, without repetitions and what is empty."""
    return [text for text in dict.fromkeys(map(normalise, texts)) if text]
