from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.learning.fusing import fuse
from assistant.learning.templates import Match
from assistant.matching import Bands, Candidate, Ranking, decide

TOPICS = ("cramps", "hope", "oxygen")
LOST = Ranking((Candidate("hope", 0.1), Candidate("oxygen", 0.05)), 0.85)
SURE = Ranking((Candidate("hope", 0.95),), 0.05)


@st.composite
def rankings(draw: st.DrawFn) -> Ranking:
    weights = draw(st.lists(st.floats(0.001, 1), min_size=4, max_size=4))
    parts = [w / sum(weights) for w in weights]
    best = sorted(zip(TOPICS, parts, strict=False), key=lambda pair: -pair[1])
    return Ranking(tuple(Candidate(*pair) for pair in best), parts[3])


def outcome(ranking: Ranking, match: Match) -> str:
    found = decide(fuse(ranking, match), Bands())
    return f"{found.kind} {found.topics[0].topic}" if found.topics else found.kind


def test_where_the_words_say_nothing_the_voice_decides() -> None:
    assert outcome(LOST, Match("topic:cramps", 0.97)) == "answer cramps"
    assert outcome(LOST, Match("topic:cramps", 0.7)) == "confirm cramps"
    assert outcome(LOST, Match("topic:cramps", 0.05)) == "decline"


def test_a_sure_recogniser_is_never_overruled() -> None:
    assert fuse(SURE, Match("topic:cramps", 0.999)) is SURE


def test_two_witnesses_that_differ_make_a_question() -> None:
    words = Ranking((Candidate("hope", 0.8),), 0.2)
    assert outcome(words, Match("topic:cramps", 0.9)).split()[0] in ("choose", "confirm")
    assert outcome(words, Match("topic:cramps", 0.3)) == "confirm hope"


def test_two_witnesses_that_agree_are_surer_than_either() -> None:
    words = Ranking((Candidate("cramps", 0.8),), 0.2)
    assert fuse(words, Match("topic:cramps", 0.8)).candidates[0].probability == pytest.approx(0.96)


def test_a_command_and_no_match_change_no_topic() -> None:
    assert fuse(LOST, Match("command:stop", 0.99)) is LOST
    assert fuse(LOST, None) is LOST


@given(rankings(), st.sampled_from(TOPICS), st.floats(0, 1))
def test_it_stays_a_ranking_and_never_lowers_what_it_heard(ranking: Ranking, topic: str, probability: float) -> None:
    fused = fuse(ranking, Match(f"topic:{topic}", probability))
    likely = [c.probability for c in fused.candidates]
    assert likely == sorted(likely, reverse=True)
    assert all(0 <= p <= 1 for p in likely)
    assert sum(likely) + fused.none == pytest.approx(1.0)
    of = {c.topic: c.probability for c in ranking.candidates}
    assert {c.topic: c.probability for c in fused.candidates}[topic] >= of[topic] - 1e-9
