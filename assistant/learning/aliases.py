"""What a person was heard as: texts a recogniser made of their speech, and the topics they meant by them.

Pure: it knows no file and no clock. Only confirmed and refused turns count, silence never does.

A confirmation weighs 1, a refusal takes 2 away, and every weight halves in 60 days, for a voice changes. One
confirmation makes a text evidence: it is asked back. Three make it understood at once. What is understood at once is no
longer confirmed, so it ages, is asked back one day, and is confirmed anew.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass

import msgspec
from rapidfuzz import fuzz, process

from assistant.matching import Candidate, Ranking, normalise

HALF_LIFE_S = 60 * 86_400.0
DIRECT = 2.5
"""Least weight to be understood at once: three confirmations, a little aged."""
EVIDENCE = 0.5
"""Least weight to count at all: one confirmation, 60 days old."""
REFUSED = 2.0
HEARD_DEEP = 3
"""How many hypotheses are learned from and looked up."""
SHARES = (1.0, 0.5, 0.25)
"""What a confirmation weighs for the first, second and third hypothesis."""
TRUST = (1.0, 0.8, 0.65)
"""How far a text found as first, second or third hypothesis is believed."""
SURE = 0.95
"""Belief in a text that is understood at once: above what an answer takes, and still not certain."""
ALIKE = 0.80
"""Least likeness (share of letters in common, 0 to 1) of what is heard to a known text."""
MOST_CANDIDATES = 10
MOST_ALIASES = 2_000
MOST_STEPS = 50
"""So many things learned can be undone, one after the other."""

Protected = Callable[[str], bool]
"""True for what may never be learned: cries for help, commands, sighs."""


class Alias(msgspec.Struct, frozen=True):
    """A text heard, and a topic meant by it."""

    text: str
    """Normalised."""
    topic: str
    weight: float
    """At the time `as_of`."""
    as_of: float
    """Seconds since 1970."""

    def weight_at(self, now_s: float) -> float:
        """The weight, aged. A clock that was set back ages nothing."""
        return float(self.weight * 0.5 ** (max(0.0, now_s - self.as_of) / HALF_LIFE_S))


class Change(msgspec.Struct, frozen=True):
    """How one alias was before it was changed; None: it was not there."""

    text: str
    topic: str
    before: Alias | None


class Step(msgspec.Struct, frozen=True):
    """Everything one confirmation or refusal changed."""

    topic: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Learned:
    """For the list of what has been learned."""

    topic: str
    text: str
    direct: bool
    """It is understood at once; else it is asked back."""


class Aliases(msgspec.Struct, frozen=True):
    """Everything one person was heard as. Every change makes a new one."""

    known: tuple[Alias, ...] = ()
    steps: tuple[Step, ...] = ()
    """What can be undone, oldest first."""

    def learn(
        self, hypotheses: Sequence[str], topic: str, *, right: bool, now_s: float, protected: Protected
    ) -> Aliases:
        """After the person said that `hypotheses` means `topic`, or that it does not."""
        texts = [text for text in _texts(hypotheses) if not protected(text)]
        table = self._table()
        changes = []
        for text, share in zip(texts, SHARES, strict=False):
            before = table.get((text, topic))
            after = _weighed(before, text, topic, share if right else -REFUSED, now_s)
            if after is not before:
                changes.append(Change(text, topic, before))
                _put(table, (text, topic), after)
        if not changes:
            return self
        steps = (*self.steps, Step(topic, tuple(changes)))[-MOST_STEPS:]
        return Aliases(_strongest(table, now_s), steps)

    def undo(self) -> tuple[Aliases, str]:
        """As it was before the last thing learned, and the topic of that; an empty topic: there is nothing to undo."""
        if not self.steps:
            return self, ""
        *rest, step = self.steps
        table = self._table()
        for change in step.changes:
            _put(table, (change.text, change.topic), change.before)
        return Aliases(tuple(table.values()), tuple(rest)), step.topic

    def forget(self, topic: str) -> Aliases:
        """Without what was learned for `topic`. It can not be undone."""
        kept = tuple(alias for alias in self.known if alias.topic != topic)
        steps = tuple(step for step in self.steps if step.topic != topic)
        return Aliases(kept, steps)

    def listed(self, now_s: float) -> tuple[Learned, ...]:
        """What counts today, strongest first."""
        weighed = sorted(((a.weight_at(now_s), a) for a in self.known), key=lambda pair: -pair[0])
        return tuple(Learned(a.topic, a.text, weight >= DIRECT) for weight, a in weighed if weight >= EVIDENCE)

    def beliefs(self, hypotheses: Sequence[str], now_s: float) -> dict[str, float]:
        """How surely each topic is meant, from what this person was heard as alone. All together at most 1."""
        counted = [(a, weight) for a in self.known if (weight := a.weight_at(now_s)) >= EVIDENCE]
        found: dict[str, float] = {}
        for text, trust in zip(_texts(hypotheses), TRUST, strict=False):
            alike = process.cdist([text], [a.text for a, _ in counted], scorer=fuzz.ratio, score_cutoff=100 * ALIKE)
            for (alias, weight), score in zip(counted, alike[0].tolist(), strict=True):
                belief = trust * _belief(weight) * _likeness(score / 100)
                found[alias.topic] = max(found.get(alias.topic, 0.0), belief)
        best, total = max(found.values(), default=0.0), sum(found.values())
        return {topic: best * belief / total for topic, belief in found.items() if belief > 0}

    def apply(self, ranking: Ranking, hypotheses: Sequence[str], topics: Container[str], now_s: float) -> Ranking:
        """`ranking` with what was learned mixed in. `topics`: those there are today."""
        beliefs = {t: b for t, b in self.beliefs(hypotheses, now_s).items() if t in topics}
        return mixed(ranking, beliefs)

    def _table(self) -> dict[tuple[str, str], Alias]:
        return {(a.text, a.topic): a for a in self.known}


def mixed(ranking: Ranking, beliefs: dict[str, float]) -> Ranking:
    """`beliefs` as the first word and `ranking` for what they leave open."""
    left = 1.0 - sum(beliefs.values())
    likely = {c.topic: left * c.probability for c in ranking.candidates}
    for topic, belief in beliefs.items():
        likely[topic] = likely.get(topic, 0.0) + belief
    best = sorted(likely.items(), key=lambda pair: -pair[1])[:MOST_CANDIDATES]
    return Ranking(tuple(Candidate(topic, probability) for topic, probability in best), left * ranking.none)


def _texts(hypotheses: Sequence[str]) -> list[str]:
    """Normalised, all different, none empty, the best few."""
    return [text for text in dict.fromkeys(map(normalise, hypotheses)) if text][:HEARD_DEEP]


def _weighed(before: Alias | None, text: str, topic: str, change: float, now_s: float) -> Alias | None:
    weight = (before.weight_at(now_s) if before else 0.0) + change
    return Alias(text, topic, weight, now_s) if weight > 0 else None


def _put(table: dict[tuple[str, str], Alias], key: tuple[str, str], alias: Alias | None) -> None:
    if alias is None:
        table.pop(key, None)
    else:
        table[key] = alias


def _strongest(table: dict[tuple[str, str], Alias], now_s: float) -> tuple[Alias, ...]:
    if len(table) <= MOST_ALIASES:
        return tuple(table.values())
    return tuple(sorted(table.values(), key=lambda a: -a.weight_at(now_s))[:MOST_ALIASES])


def _belief(weight: float) -> float:
    """.55 to .74 for evidence: enough to be asked back, not to be answered."""
    return SURE if weight >= DIRECT else min(0.50 + 0.1 * weight, 0.74)


def _likeness(ratio: float) -> float:
    """1 for the same text, .5 for one that is just alike enough, 0 for another."""
    return 0.0 if ratio < ALIKE else 1.0 - 2.5 * (1.0 - ratio)
