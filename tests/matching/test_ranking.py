"""What to do with a ranking."""

from __future__ import annotations

import pytest

from assistant.matching import Bands, Candidate, Ranking, decide


def ranking(*probabilities: float) -> Ranking:
    found = tuple(Candidate(f"topic-{n}", p) for n, p in enumerate(probabilities))
    return Ranking(found, 1 - sum(probabilities))


BANDS = Bands(answer=0.95, confirm=0.55, choose=0.30, lead=3.0)


@pytest.mark.parametrize(
    ("probabilities", "kind", "topics"),
    [
        ((0.97, 0.01), "answer", 1),
        ((0.95,), "answer", 1),
        ((0.94, 0.02), "confirm", 1),
        ((0.60, 0.25, 0.1), "choose", 3),
        ((0.40, 0.05), "choose", 2),
        ((0.20, 0.15, 0.10, 0.09), "choose", 3),
        ((0.10, 0.05, 0.01), "decline", 0),
        ((), "decline", 0),
    ],
)
def test_the_surer_the_shorter_the_way_to_the_answer(probabilities: tuple[float, ...], kind: str, topics: int) -> None:
    outcome = decide(ranking(*probabilities), BANDS)
    assert outcome.kind == kind
    assert len(outcome.topics) == topics


def test_what_may_well_be_about_none_of_the_topics_is_not_asked_back_about_a_single_one() -> None:
    far_ahead = (Candidate("cramps", 0.66), Candidate("hope", 0.02))
    assert decide(Ranking(far_ahead, 0.1), Bands()).kind == "confirm"
    assert decide(Ranking(far_ahead, 0.32), Bands()).kind == "choose"


def test_at_most_three_are_offered_and_the_likeliest_first() -> None:
    outcome = decide(ranking(0.3, 0.25, 0.2, 0.15), BANDS)
    assert [c.topic for c in outcome.topics] == ["topic-0", "topic-1", "topic-2"]


def test_an_answer_needs_as_much_certainty_as_a_wrong_one_costs() -> None:
    """A wrong answer costs about twelve further questions, so 1 - 1/12.5."""
    assert Bands().answer >= 0.92
