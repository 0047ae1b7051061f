from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.learning.keeping import Damaged
from assistant.learning.leaning import Leaning, OwnLeaning, decode, leaning_file
from assistant.matching import Bands, Candidate, Ranking, decide

NOW = 1_800_000_000.0
DAY = 86_400.0
TOPICS = ("cramps", "oxygen", "saliva", "sleep")


def ranking(*chances: float, none: float = 0.05) -> Ranking:
    return Ranking(tuple(Candidate(t, c) for t, c in zip(TOPICS, chances, strict=False)), none)


def taught(*turns: tuple[Ranking, str, bool], now_s: float = NOW) -> Leaning:
    leaning = Leaning()
    for asked, topic, right in turns:
        leaning = leaning.learn(asked, topic, right=right, now_s=now_s)
    return leaning


def first(found: Ranking) -> str:
    return found.candidates[0].topic


chances = st.lists(st.floats(0.001, 1.0), min_size=5, max_size=5).map(lambda c: [x / sum(c) for x in c])
rankings = chances.map(lambda c: ranking(*sorted(c[:4], reverse=True), none=c[4]))
turns = st.lists(st.tuples(rankings, st.sampled_from(TOPICS), st.booleans()), max_size=30)


@given(rankings, turns)
def test_no_learning_makes_anything_answered_that_was_not(asked: Ranking, before: list) -> None:  # type: ignore[type-arg]  # of Hypothesis
    leaned = taught(*before).apply(asked, NOW)
    plain, now = decide(asked, Bands()), decide(leaned, Bands())
    assert now.kind != "answer" or (plain.kind == "answer" and now.topics[0].topic == plain.topics[0].topic)
    assert sum(c.probability for c in leaned.candidates) + leaned.none <= 1 + 1e-9
    assert [c.probability for c in leaned.candidates] == sorted(
        (c.probability for c in leaned.candidates), reverse=True
    )


def test_without_turns_nothing_changes() -> None:
    asked = ranking(0.6, 0.2)
    assert Leaning().apply(asked, NOW) is asked


def test_what_a_person_often_asks_wins_where_the_words_leave_it_open() -> None:
    close = ranking(0.35, 0.30, 0.1)
    assert first(taught(*[(close, "oxygen", True)] * 3).apply(close, NOW)) == "oxygen"
    clear = ranking(0.80, 0.10)
    assert first(taught(*[(close, "oxygen", True)] * 100).apply(clear, NOW)) == "cramps"


def test_wrong_confirmations_are_made_good_by_half_as_many_refusals() -> None:
    close = ranking(0.35, 0.30, 0.1)
    wrong = [(close, "oxygen", True)] * 4
    right_again = taught(*wrong, *[(close, "oxygen", False)] * 2)
    assert right_again.habits(NOW) == {}
    assert first(right_again.apply(close, NOW)) == "cramps"


def test_refusals_of_what_was_promised_make_the_matcher_less_sure() -> None:
    sure = ranking(0.93, 0.03)
    leaning = taught(*[(sure, "cramps", False)] * 4, *[(sure, "cramps", True)] * 4)
    assert leaning.temperature(NOW) > 1
    assert decide(leaning.apply(sure, NOW), Bands()).kind == "confirm"
    assert taught(*[(sure, "cramps", True)] * 20).temperature(NOW) == 1


def test_everything_fades_in_months_and_a_clock_set_back_does_no_harm() -> None:
    sure = ranking(0.93, 0.03)
    leaning = taught(*[(sure, "cramps", False)] * 8)
    later = NOW + 720 * DAY
    assert leaning.temperature(later) == 1
    assert leaning.temperature(NOW - 720 * DAY) == leaning.temperature(NOW) > 1
    assert taught(*[(sure, "cramps", True)] * 3).habits(later)["cramps"] < 0.001


def test_it_is_kept_undone_and_forgotten(tmp_path: Path) -> None:
    close = ranking(0.35, 0.30, 0.1)
    own = OwnLeaning(tmp_path, "person", lambda: NOW)
    for _ in range(3):
        own.learn(close, "oxygen", right=True)
    again = OwnLeaning(tmp_path, "person", lambda: NOW)
    assert first(again.apply(close)) == "oxygen"
    assert first(OwnLeaning(tmp_path, "caregiver", lambda: NOW).apply(close)) == "cramps"
    for _ in range(4):
        again.undo()
    assert first(again.apply(close)) == "cramps"
    again.learn(close, "oxygen", right=True)
    again.forget("oxygen")
    assert all(b"oxygen" not in path.read_bytes() for path in tmp_path.iterdir())


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b'{"format":2,"leaning":{"turns":[]}}',
        b'{"format":1,"leaning":{"turns":[{"topic":"a","probability":7,"right":true,"as_of":1}]}}',
    ],
)
def test_a_damaged_file_is_found_out(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(Damaged):
        decode(content)
    leaning_file(tmp_path, "person").write_bytes(content)
    assert OwnLeaning(tmp_path, "person", lambda: NOW).troubles
