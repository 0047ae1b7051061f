"""From guesses at what was said to ranked topics with a calibrated probability, and what to do with them."""

from assistant.matching.matcher import Matcher
from assistant.matching.normal import by_turns, normalise
from assistant.matching.ranking import Bands, Candidate, Outcome, Ranking, decide

__all__ = ["Bands", "Candidate", "Matcher", "Outcome", "Ranking", "by_turns", "decide", "normalise"]
