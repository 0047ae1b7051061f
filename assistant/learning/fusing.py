"""Two witnesses for one utterance: what the recogniser's words mean, and whose trigger it sounds like.

Adding scores of different kinds up is worse than the better one alone; so both are probabilities, and they are joined
as such. A sure recogniser is never overruled: what it makes doubtful becomes a question, not an answer.
"""

from __future__ import annotations

from assistant.learning.aliases import mixed
from assistant.learning.templates import Match
from assistant.matching import Bands, Ranking

HEEDED = 0.1
"""A match less likely than this says nothing."""


def fuse(ranking: Ranking, match: Match | None, sure: float = Bands().answer) -> Ranking:
    """`ranking` with the match as a second witness.

    Where the words speak for another topic, they count against the match by their odds; where they say little, the
    match stands. Words as sure as `sure` of another topic are left alone.
    """
    if match is None or not match.topic or match.probability < HEEDED:
        return ranking
    against = max((c.probability for c in ranking.candidates if c.topic != match.topic), default=0.0)
    if against >= sure:
        return ranking
    odds = match.probability / (1 - min(match.probability, 0.999))
    if against > 0.5:
        odds *= (1 - against) / against
    return mixed(ranking, {match.topic: odds / (1 + odds)})
