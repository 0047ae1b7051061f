"""Questions ranked as if nobody had written them down, with the product's own matcher."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.checking.leaving_out import LeavingOut, ranking_without
from assistant.matching.features import PAIR, Evidence, Reader
from assistant.matching.normal import normalise
from assistant.matching.sounds import shipped_sounds
from assistant.topics import content_folder, read_content

WAYS = {
    "wheelchair": ["when do i need a wheelchair", "a chair with wheels", "power chair", "seat that tilts"],
    "riluzole": ["what does riluzole do", "the als pill", "does the pill slow it down", "riluzole side effects"],
    "sleep": ["i can not sleep", "awake all night", "what helps me sleep", "restless nights"],
}


def fresh(ways: dict[str, list[str]]) -> Reader:
    made = LeavingOut(ways)
    return Reader(ways, made._meaning_of, shipped_sounds(), made._classifier)  # the very same parts


@pytest.mark.parametrize("topic", WAYS)
def test_a_question_left_out_counts_as_if_it_had_never_been_there(topic: str) -> None:
    question = WAYS[topic][0]
    without = {name: [way for way in ways if way != question] for name, ways in WAYS.items()}
    left_out, never_there = LeavingOut(WAYS).evidence_without(question, topic), fresh(without).evidence(question)
    for name in ("meaning", "meaning of three", "meaning of all", "same words", "letters", "sounds", "classifier"):
        at = PAIR.index(name)
        assert left_out.pairs[:, at] == pytest.approx(never_there.pairs[:, at], abs=1e-4), name
    for name in ("pieces", "words", "covered"):  # weighed by how many phrases have a word: one more or less
        at = PAIR.index(name)
        assert left_out.pairs[:, at] == pytest.approx(never_there.pairs[:, at], abs=0.06), name


def test_a_question_that_stays_in_is_likest_to_itself_and_forgetting_leaves_no_trace() -> None:
    reader = LeavingOut(WAYS)
    question = "i can not sleep"
    before = reader.evidence(question)
    reader.evidence_without(question, "sleep")
    after = reader.evidence(question)
    place = reader.topics.index("sleep")
    assert before.pairs[place, PAIR.index("meaning")] == pytest.approx(1, abs=0.01)
    assert same(before, after)


def test_a_question_the_topic_does_not_have_is_asked_as_it_is() -> None:
    reader = LeavingOut(WAYS)
    assert same(reader.evidence_without("how do i rest", "sleep"), reader.evidence("how do i rest"))


def test_a_question_at_home_in_another_topic_ranks_there() -> None:
    content, _ = read_content(content_folder())
    rank = ranking_without(content)
    strange, own = "Does riluzole upset the liver?", "wheelchair"
    assert rank(strange, own)[0][0] == "riluzole"
    likely = [score for _, score in rank(content.topics["wheelchair"].questions[0], "wheelchair")]
    assert likely == sorted(likely, reverse=True)
    assert sum(likely) <= 1 + 1e-6


def same(one: Evidence, other: Evidence) -> bool:
    return bool(np.allclose(one.pairs, other.pairs) and np.allclose(one.whole, other.whole))


def test_normalised_questions_are_what_is_left_out() -> None:
    question = "When do I need a wheelchair?"
    reader = LeavingOut(WAYS)
    left_out = reader.evidence_without(normalise(question), "wheelchair")
    at = PAIR.index("meaning")
    assert left_out.pairs[0, at] < 0.99
