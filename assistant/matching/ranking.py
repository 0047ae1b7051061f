"""What the matcher found, and what to do with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

MOST_CHOICES = 3
"""More choices than this can not be kept in mind when they are read out."""

Kind = Literal["answer", "confirm", "choose", "decline"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A topic and how likely it is the one that was meant."""

    topic: str
    probability: float


@dataclass(frozen=True, slots=True)
class Ranking:
    """How likely each topic is meant. All probabilities and `none` add up to 1 at most."""

    candidates: tuple[Candidate, ...]
    """Best first, ten at most."""
    none: float
    """Probability that the question is about none of our topics."""


@dataclass(frozen=True, slots=True)
class Bands:
    """Least probabilities for each outcome.

    With an answer the person did not ask for costing as much as twelve further questions, answering pays from a
    probability of .92 on: being asked back tires too. Confirming one topic pays over offering three where the first is
    clearly ahead of the next and of "none of these"; offering pays over declining where the three together are likely
    enough to hold the right one.
    """

    answer: float = 0.92
    confirm: float = 0.57
    choose: float = 0.30
    """Of the three best topics together."""
    lead: float = 3.0
    """To be confirmed alone, the first topic must be this many times as probable as the second."""
    lead_over_none: float = 2.3
    """And this many times as probable as "none of these". With .57 above, .952 of held-out questions about none of the
    topics are declined or offered a choice; with .55 and without this they were .937."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What to do with a question."""

    kind: Kind
    topics: tuple[Candidate, ...]
    """One for answer and confirm, one to three for choose, none for decline."""


def decide(ranking: Ranking, bands: Bands) -> Outcome:
    """Answer, confirm, offer a choice, or say that this is not known."""
    best = ranking.candidates[:MOST_CHOICES]
    if not best:
        return Outcome("decline", ())
    first = best[0].probability
    second = best[1].probability if len(best) > 1 else 0.0
    if first >= bands.answer:
        return Outcome("answer", best[:1])
    clear = first >= bands.lead * second and first >= bands.lead_over_none * ranking.none
    if first >= bands.confirm and clear:
        return Outcome("confirm", best[:1])
    if sum(candidate.probability for candidate in best) >= bands.choose:
        return Outcome("choose", best)
    return Outcome("decline", ())
