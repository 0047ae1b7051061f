"""Knowing a person's own triggers by their sound: a few tries of each, and how much else there is that sounds alike.

Any utterance may be a trigger, clear or not, as long as it is said alike each time. What is heard is compared with
every try; how likely the nearest trigger was meant is judged by how far it is, how far apart the trigger's own tries
are, and how much nearer it is than other triggers and other speech. What is no trigger must stay unlikely.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.learning.features import LENGTH, WIDTH, Floats, Pattern
from assistant.learning.warping import distances

BACKGROUND = Path(__file__).with_name("background.npz")
MOST_TRIES = 5
KEPT_TAUGHT = 2
"""So many tries from teaching stay, however many turns were confirmed since."""
SCALE = 24.0
"""Patterns are kept in one byte a number: they lie between -5 and 5."""
TEMPO = 0.05
"""What a length twice or half of the other costs, times ln 2."""
NEAREST = 0.7
"""How much the nearest try counts; the rest is for all tries together."""
USUAL_OWN = 0.52
"""How far apart tries of one trigger usually are; a trigger with few tries is taken to be usual."""
USUAL_WEIGHT = 2.0
REFRESH = 1.12
"""A confirmed turn farther from a trigger than this, in its own spread, was another way to say it."""
LONGEST_TURN = 160
"""Frames, 1.6 s of speech: a longer confirmed turn was a question, not a trigger."""
MOST_TRIGGERS = 60
FEW = 4
"""With fewer triggers than this, other speech stands for other triggers."""
# Fitted by tests/bench/fit_templates.py: how far the trigger is, for this trigger; how much nearer than the nearest
# other speech; how far out of the ordinary among other triggers, and among other speech; constant.
WEIGHTS = (-12.26, 5.91, 0.51, 0.4, 9.14)


@dataclass(frozen=True, slots=True, eq=False)
class Try:
    """One time a trigger was said."""

    item: str
    """What it stands for: "topic:breathing-mask", "command:stop"."""
    pattern: Pattern
    at_s: float
    """Seconds since 1970."""
    taught: bool
    """From teaching; else from a confirmed turn."""


@dataclass(frozen=True, slots=True)
class Match:
    """The trigger that was most likely said."""

    item: str
    probability: float
    """That it was this one, and not another or none."""
    second: str = ""

    @property
    def topic(self) -> str:
        """The topic's id, or empty."""
        return self.item.removeprefix("topic:") if self.item.startswith("topic:") else ""

    @property
    def command(self) -> str:
        """The command's name, or empty."""
        return self.item.removeprefix("command:") if self.item.startswith("command:") else ""


@dataclass(frozen=True)
class Templates:
    """All tries of one person. Every change makes a new one."""

    tries: tuple[Try, ...] = ()

    @cached_property
    def items(self) -> tuple[str, ...]:
        """What there are triggers for."""
        return tuple(dict.fromkeys(t.item for t in self.tries))

    def of(self, item: str) -> tuple[Try, ...]:
        """The tries of one trigger."""
        return tuple(t for t in self.tries if t.item == item)

    def with_try(self, item: str, pattern: Pattern, at_s: float, *, taught: bool) -> Templates:
        """With one more try; where there are five, the oldest goes, but never the last two that were taught."""
        kept = list(self.tries)
        if len(self.of(item)) >= MOST_TRIES:
            kept.remove(_to_replace(self.of(item)))
        return Templates((*kept, Try(item, pattern, at_s, taught)))

    def without(self, item: str) -> Templates:
        """Without a trigger."""
        return Templates(tuple(t for t in self.tries if t.item != item))

    def confirmed(self, item: str, pattern: Pattern, at_s: float) -> Templates:
        """After a turn that was confirmed to mean `item`: when it sounds like the trigger, it is one more try.

        Where there is no trigger yet, a short turn begins one.
        """
        own = self.of(item)
        if not own:
            roomy = self._with_room()
            short = pattern.frames <= LONGEST_TURN and len(roomy.items) < MOST_TRIGGERS
            return roomy.with_try(item, pattern, at_s, taught=False) if short else self
        scores = self.scores(pattern)
        if scores[item] <= min(REFRESH * self.spread(item), *scores.values()):
            return self.with_try(item, pattern, at_s, taught=False)
        if len(own) == 1 and not own[0].taught and pattern.frames <= LONGEST_TURN:
            return self.without(item).with_try(item, pattern, at_s, taught=False)
        return self

    def refused(self, item: str, pattern: Pattern) -> Templates:
        """After a turn that was taken for `item` and was not: tries that came from turns and sound like it go."""
        own = self.of(item)
        if not own:
            return self
        far = dict(zip(map(id, own), _apart(_stacked(own), _lengths(own), pattern).tolist(), strict=True))
        like = min((far[id(t)] for t in own if t.taught), default=REFRESH * self.spread(item))
        return Templates(tuple(t for t in self.tries if t.item != item or t.taught or far[id(t)] > like))

    def _with_room(self) -> Templates:
        """Without the trigger that was unused longest, if there are as many as can be; taught ones stay."""
        newest = {item: max(t.at_s for t in self.of(item)) for item in self.items}
        untaught = [item for item in self.items if not any(t.taught for t in self.of(item))]
        if len(self.items) < MOST_TRIGGERS or not untaught:
            return self
        return self.without(min(untaught, key=lambda item: newest[item]))

    def match(self, pattern: Pattern | None) -> Match | None:
        """The trigger most likely said, however unlikely; None where there are no triggers or nothing to compare."""
        if pattern is None or not self.tries:
            return None
        scores = self._scores(pattern)
        order = np.argsort(scores, kind="stable")
        best = int(order[0])
        signs = self._signs(pattern, scores, best)
        probability = 1 / (1 + math.exp(-float(np.dot(WEIGHTS, [*signs, 1.0]))))
        second = self.items[order[1]] if len(order) > 1 else ""
        return Match(self.items[best], probability, second)

    def _signs(self, pattern: Pattern, scores: Floats, best: int) -> tuple[float, ...]:
        """What speaks for the nearest trigger, in the order of `WEIGHTS`."""
        near = max(float(scores[best]), 1e-3)
        speech = _apart(*_background(), pattern)
        others = np.delete(scores, best) if len(scores) >= FEW else speech
        ahead = math.log(max(float(speech.min()), 1e-3) / near)
        apart = ((float(rest.mean()) - near) / (float(rest.std()) + 1e-3) for rest in (others, speech))
        return (near / float(self._owns[best]), ahead, *apart)

    def spread(self, item: str) -> float:
        """How far apart the tries of a trigger are: .53 is usual, .59 is chance."""
        return float(self._owns[self.items.index(item)])

    def scores(self, pattern: Pattern) -> dict[str, float]:
        """How far each trigger is."""
        return dict(zip(self.items, self._scores(pattern).tolist(), strict=True))

    def _scores(self, pattern: Pattern) -> Floats:
        apart = _apart(self._rows, self._frames, pattern)
        return np.array([_pooled(apart[places]) for places in self._places], np.float32)

    @cached_property
    def _rows(self) -> Floats:
        return _stacked(self.tries)

    @cached_property
    def _frames(self) -> Floats:
        return _lengths(self.tries)

    @cached_property
    def _places(self) -> list[NDArray[np.intp]]:
        of = np.array([t.item for t in self.tries])
        return [np.flatnonzero(of == item) for item in self.items]

    @cached_property
    def _owns(self) -> Floats:
        """For each trigger, how far one of its tries is from the others, drawn to the usual where there are few."""
        pairs = [(a, b) for places in self._places for a in places for b in places if a != b]
        found = {}
        if pairs:
            one, other = np.array(pairs).T
            apart = distances(self._rows[one], self._rows[other]) + _tempo(self._frames[one], self._frames[other])
            found = dict(zip(pairs, apart.tolist(), strict=True))
        return np.array([_own(places.tolist(), found) for places in self._places], np.float32)


def _own(places: list[int], apart: dict[tuple[int, int], float]) -> float:
    each = [_pooled(np.array([apart[a, b] for b in places if b != a])) for a in places if len(places) > 1]
    return (sum(each) + USUAL_WEIGHT * USUAL_OWN) / (len(each) + USUAL_WEIGHT)


def _pooled(apart: NDArray[np.floating]) -> float:
    return float(NEAREST * apart.min() + (1 - NEAREST) * apart.mean())


def _apart(rows: Floats, frames: Floats, pattern: Pattern) -> Floats:
    return distances(rows, pattern.rows) + _tempo(frames, np.float32(pattern.frames))


def _tempo(frames: Floats, others: Floats | np.float32) -> Floats:
    return np.asarray(TEMPO * np.abs(np.log(frames / others)), np.float32)


def _stacked(tries: Iterable[Try]) -> Floats:
    rows = [t.pattern.rows for t in tries]
    return np.stack(rows) if rows else np.zeros((0, LENGTH, WIDTH), np.float32)


def _lengths(tries: Iterable[Try]) -> Floats:
    return np.array([t.pattern.frames for t in tries], np.float32)


def _to_replace(tries: tuple[Try, ...]) -> Try:
    """The oldest, but not the newest that were taught."""
    stay = sorted((t for t in tries if t.taught), key=lambda t: t.at_s)[-KEPT_TAUGHT:]
    return min((t for t in tries if t not in stay), key=lambda t: t.at_s)


@cache
def _background() -> tuple[Floats, Floats]:
    """Other speech, to compare with: patterns and their lengths."""
    with np.load(BACKGROUND, allow_pickle=False) as file:
        return (file["rows"] / SCALE).astype(np.float32), file["frames"].astype(np.float32)
