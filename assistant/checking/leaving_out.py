"""The product's own matcher, asked each way to ask a topic as if nobody had written it down.

What is left out is the question itself: it is taken from the phrases, from the centre of its topic's meaning and from
the words its topic uses, before it is compared with them. What the matcher was fitted on can not be taken out of the
fit: its classifier and its sentence model learned these very questions. So a question that is taken for another topic
here is truly mistaken, in spite of the fit; that none is taken wrongly does not show how questions fare that nobody
wrote down. `models/fit_matcher.py` measures that, on a fifth of the questions that it keeps from every part of the fit.
A family that adds a topic cannot fit anything. Its questions are asked word for word, as they will be.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from assistant.checking.asking import Ranking
from assistant.knowledge import Content
from assistant.matching.classifier import shipped_classifier
from assistant.matching.features import Evidence, Floats, Reader
from assistant.matching.fusion import shipped_fusion
from assistant.matching.matcher import Matcher
from assistant.matching.memory import shipped_meanings
from assistant.matching.normal import normalise
from assistant.matching.sounds import shipped_sounds

NOWHERE = -9.0
"""Less like than anything is."""


class LeavingOut(Reader):
    """A reader that can forget one of its phrases for the time of one question."""

    def __init__(self, questions: Mapping[str, Sequence[str]]) -> None:
        """`questions`: topic to its ways to ask, all normalised, none empty or twice in a topic."""
        super().__init__(questions, shipped_meanings(), shipped_sounds(), shipped_classifier())
        self._out = -1
        self._every_centre = self._centres
        self._uses = [Counter(word for way in ways for word in set(way.split())) for ways in questions.values()]

    def evidence_without(self, text: str, topic: str) -> Evidence:
        """What speaks for each topic in `text`, were it not among the ways to ask `topic`."""
        place = self.topics.index(topic)
        start = int(self.starts[place])
        ways = self.phrases[start : start + int(self._sizes[place])]
        if text not in ways:
            return self.evidence(text)
        self._out = start + ways.index(text)
        self._centres = self._centres_without(place)
        try:
            return self.evidence(text)
        finally:
            self._out, self._centres = -1, self._every_centre

    def _centres_without(self, place: int) -> Floats:
        start = int(self.starts[place])
        rows = self._meanings[start : start + int(self._sizes[place])]
        left = rows.sum(axis=0) - self._meanings[self._out]
        centres = self._every_centre.copy()
        centres[place] = left / max(float(np.linalg.norm(left)), 1e-9)
        return centres

    def _hidden(self, likeness: Floats) -> Floats:
        if self._out < 0:
            return likeness
        hidden = likeness.copy()
        hidden[self._out] = NOWHERE
        return hidden

    def _best(self, likeness: Floats) -> Floats:
        return np.maximum(super()._best(self._hidden(likeness)), 0)

    def _mean_of_nearest(self, likeness: Floats) -> Floats:
        return super()._mean_of_nearest(self._hidden(likeness))

    def _shortlist(self, likeness: Floats) -> NDArray[np.int64]:
        chosen = super()._shortlist(self._hidden(likeness))
        return np.asarray(chosen[chosen != self._out], dtype=np.int64)

    def _covered(self, text: str) -> Floats:
        covered = super()._covered(text)
        if self._out < 0:
            return covered
        place = int(np.searchsorted(self.starts, self._out, side="right")) - 1
        words = dict.fromkeys(text.split())
        weights = {word: self._words.weight(word) for word in words}
        alone = sum(weight for word, weight in weights.items() if self._uses[place][word] == 1)
        covered[place] -= alone / max(sum(weights.values()), 1e-9)
        return covered


def ranking_without(content: Content) -> Ranking:
    """A ranking of the topics for `collisions`, best first, each question left out of the topic it is asked for."""
    written = {topic.id: (*topic.questions, topic.title, topic.say) for topic in content.topics.values()}
    ways = {topic: list(dict.fromkeys(filter(None, map(normalise, texts)))) for topic, texts in written.items()}
    reader = LeavingOut({topic: texts for topic, texts in ways.items() if texts})
    fusion = shipped_fusion()
    matcher = Matcher(written) if content.packs else None

    def rank(question: str, topic: str) -> list[tuple[str, float]]:
        if matcher and topic in content.packs:
            return [(found.topic, found.probability) for found in matcher.rank([question]).candidates]
        likely = fusion.probabilities(reader.evidence_without(normalise(question), topic))[:-1]
        return [(reader.topics[at], float(likely[at])) for at in np.argsort(-likely, kind="stable")]

    return rank
