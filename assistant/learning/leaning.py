"""How much to believe the matcher for one person: fitted to their confirmed and refused turns.

Two numbers, both held back by what is usual. *Doubt*: where the matcher promised more than came true, its probabilities
are flattened (a temperature, Guo and others 2017, fitted by its most likely value under a prior at 1); they are never
sharpened. *Habit*: a topic that was confirmed before is up to twice as likely. Nothing is answered because of either: a
topic that was not probable enough without them stays below that, so wrong answers can only become fewer.

As everything learned: a refusal takes back two confirmations, and all weights halve in 60 days.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import msgspec

from assistant.learning.aliases import HALF_LIFE_S, REFUSED
from assistant.learning.keeping import Damaged, KeptFile, Profile
from assistant.matching import Candidate, Ranking

FORMAT = 1
MOST_TURNS = 200
ASKED_ALONE = 0.5
"""From this probability on a topic was asked back by itself, and its being right says how true the number was."""
LEAST, MOST = 0.01, 0.99
TEMPERATURES = tuple(1 + step / 10 for step in range(11))
SPREAD = 0.3
"""How far the logarithm of the temperature usually lies from none."""
MOST_HABIT = math.log(2)
HALF_HABIT = 3.0
"""Confirmations that give half of it."""
MOST_LEANED = 0.85
"""No topic gets above this by habit: an answer takes more."""


class Turn(msgspec.Struct, frozen=True):
    """A question that was confirmed or refused to mean `topic`."""

    topic: str
    probability: float
    """What the matcher gave it."""
    right: bool
    as_of: float
    """Seconds since 1970."""

    def weight_at(self, now_s: float) -> float:
        """1 when it happened, half of it 60 days later. A clock that was set back ages nothing."""
        return float(0.5 ** (max(0.0, now_s - self.as_of) / HALF_LIFE_S))


class Leaning(msgspec.Struct, frozen=True):
    """What is known. Every change makes a new one."""

    turns: tuple[Turn, ...] = ()
    """Oldest first."""

    def learn(self, ranking: Ranking, topic: str, *, right: bool, now_s: float) -> Leaning:
        """After the person said that a question with this ranking means `topic`, or that it does not."""
        said = next((c.probability for c in ranking.candidates if c.topic == topic), 0.0)
        return Leaning((*self.turns, Turn(topic, said, right, now_s))[-MOST_TURNS:])

    def temperature(self, now_s: float) -> float:
        """1: as probable as it says; 2: log-odds count half."""

        def fit(temperature: float) -> float:
            told = [turn for turn in self.turns if turn.probability >= ASKED_ALONE]
            likely = sum(turn.weight_at(now_s) * _log_likely(turn, temperature) for turn in told)
            return likely - (math.log(temperature) / SPREAD) ** 2 / 2

        return max(TEMPERATURES, key=fit)

    def habits(self, now_s: float) -> dict[str, float]:
        """What is added to the logarithm of each topic's probability."""
        counts: dict[str, float] = {}
        for turn in self.turns:  # in order: what is taken back can not go below nothing
            change = turn.weight_at(now_s) * (1.0 if turn.right else -REFUSED)
            counts[turn.topic] = max(0.0, counts.get(turn.topic, 0.0) + change)
        return {topic: MOST_HABIT * count / (count + HALF_HABIT) for topic, count in counts.items() if count > 0}

    def apply(self, ranking: Ranking, now_s: float) -> Ranking:
        """`ranking` as it counts for this person."""
        if not self.turns or not ranking.candidates:
            return ranking
        sharpness, habits = 1 / self.temperature(now_s), self.habits(now_s)
        weighed = {c.topic: c.probability**sharpness * math.exp(habits.get(c.topic, 0.0)) for c in ranking.candidates}
        none = ranking.none**sharpness
        rest = max(0.0, 1.0 - ranking.none - sum(c.probability for c in ranking.candidates))
        total = none + rest + sum(weighed.values())
        leaned = [
            Candidate(c.topic, min(weighed[c.topic] / total, max(c.probability, MOST_LEANED)))
            for c in ranking.candidates
        ]
        return Ranking(tuple(sorted(leaned, key=lambda c: -c.probability)), none / total)


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    format: int
    leaning: Leaning


def leaning_file(folder: Path, profile: Profile) -> Path:
    """Where one person's leaning is."""
    return folder / f"learned-leaning-{profile}.json"


def encode(leaning: Leaning) -> bytes:
    """As a file."""
    return msgspec.json.encode(_File(FORMAT, leaning))


def decode(content: bytes) -> Leaning:
    """From a file. Raises Damaged."""
    try:
        file = msgspec.json.decode(content, type=_File)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Damaged(str(error)) from None
    turns = file.leaning.turns
    if file.format != FORMAT or not all(0 <= t.probability <= 1 and math.isfinite(t.as_of) for t in turns):
        message = "a number that can not be"
        raise Damaged(message)
    return file.leaning


class OwnLeaning:
    """The leaning of one person, kept on the disk.

    Args:
        folder: where everything is remembered.
        profile: whose.
        clock: seconds since 1970.
    """

    def __init__(self, folder: Path, profile: Profile, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._kept = KeptFile(leaning_file(folder, profile), encode, decode, Leaning())
        self.troubles = self._kept.troubles

    def learn(self, ranking: Ranking, topic: str, *, right: bool) -> None:
        """After a confirmed or refused turn. Raises LearningTrouble: not saved."""
        self._kept.replace(self._kept.now.learn(ranking, topic, right=right, now_s=self._clock()))

    def apply(self, ranking: Ranking) -> Ranking:
        """`ranking` as it counts for this person."""
        return self._kept.now.apply(ranking, self._clock())

    def undo(self) -> None:
        """Forget the last turn. Raises LearningTrouble."""
        if self._kept.now.turns:
            self._kept.replace(Leaning(self._kept.now.turns[:-1]))

    def forget(self, topic: str) -> None:
        """Forget every turn that was about `topic`, on the disk too. Raises LearningTrouble."""
        self._kept.forget(Leaning(tuple(turn for turn in self._kept.now.turns if turn.topic != topic)))


def _log_likely(turn: Turn, temperature: float) -> float:
    """Of what came of `turn`, with the log-odds of its topic divided by `temperature`."""
    said = min(max(turn.probability, LEAST), MOST)
    odds = math.log(said / (1 - said)) / temperature
    return -math.log1p(math.exp(-odds if turn.right else odds))
