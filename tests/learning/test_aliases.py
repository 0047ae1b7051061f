from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.choices import World
from assistant.learning.aliases import HALF_LIFE_S, Alias, Aliases, mixed
from assistant.learning.own_words import protection
from assistant.matching import Bands, Candidate, Ranking, decide

DAY_S = 86_400.0
NOW_S = 1_800_000_000.0
TOPICS = ("breathing-mask", "cramps", "hope")
UNSURE = Ranking((Candidate("cramps", 0.3), Candidate("hope", 0.2)), 0.5)

texts = st.lists(st.sampled_from(["creams", "brie thing mast", "hop", "stop", "help me", "the", "four"]), max_size=4)
turns = st.lists(st.tuples(texts, st.sampled_from(TOPICS), st.booleans(), st.floats(0, 100 * DAY_S)), max_size=25)


def nothing_protected(_text: str) -> bool:
    return False


def taught(
    aliases: Aliases, text: str, topic: str, times: int = 1, at_s: float = NOW_S, *, right: bool = True
) -> Aliases:
    for _ in range(times):
        aliases = aliases.learn((text,), topic, right=right, now_s=at_s, protected=nothing_protected)
    return aliases


def kind(aliases: Aliases, text: str, at_s: float = NOW_S, ranking: Ranking = UNSURE) -> str:
    outcome = decide(aliases.apply(ranking, (text,), TOPICS, at_s), Bands())
    return f"{outcome.kind} {outcome.topics[0].topic}" if outcome.topics else outcome.kind


def played(history: list[tuple[list[str], str, bool, float]]) -> tuple[Aliases, float]:
    aliases, now_s = Aliases(), NOW_S
    for heard, topic, right, after_s in history:
        now_s += after_s
        aliases = aliases.learn(heard, topic, right=right, now_s=now_s, protected=nothing_protected)
    return aliases, now_s


def test_one_confirmation_is_asked_back_and_three_are_understood_at_once() -> None:
    assert kind(Aliases(), "brie thing mast") != "confirm breathing-mask"
    assert kind(taught(Aliases(), "brie thing mast", "breathing-mask"), "brie thing mast") == "confirm breathing-mask"
    twice = taught(Aliases(), "brie thing mast", "breathing-mask", 2)
    assert kind(twice, "brie thing mast") == "confirm breathing-mask"
    thrice = taught(Aliases(), "brie thing mast", "breathing-mask", 3)
    assert kind(thrice, "brie thing mast") == "answer breathing-mask"


def test_what_is_heard_a_little_differently_is_asked_back() -> None:
    thrice = taught(Aliases(), "brie thing mast", "breathing-mask", 3)
    assert kind(thrice, "breed thing mast") == "confirm breathing-mask"
    assert kind(thrice, "bone marrow") == kind(Aliases(), "bone marrow")


def test_a_no_lowers_and_a_wrong_confirmation_is_recovered_from() -> None:
    wrong = taught(Aliases(), "brie thing", "cramps", 3)
    assert kind(wrong, "brie thing") == "answer cramps"
    once_refused = taught(wrong, "brie thing", "cramps", right=False)
    assert not kind(once_refused, "brie thing").startswith("answer")
    right = taught(taught(once_refused, "brie thing", "cramps", right=False), "brie thing", "breathing-mask", 3)
    assert kind(right, "brie thing") == "answer breathing-mask"
    assert {learned.topic for learned in right.listed(NOW_S)} == {"breathing-mask"}


def test_what_is_not_renewed_fades_in_months() -> None:
    thrice = taught(Aliases(), "brie thing", "breathing-mask", 3)
    assert kind(thrice, "brie thing", NOW_S + 10 * DAY_S) == "answer breathing-mask"
    assert kind(thrice, "brie thing", NOW_S + 60 * DAY_S) == "confirm breathing-mask"
    assert kind(thrice, "brie thing", NOW_S + 400 * DAY_S) == kind(Aliases(), "brie thing")


def test_drift_is_followed_the_new_way_of_speaking_takes_over() -> None:
    aliases = taught(Aliases(), "brie thing", "cramps", 3)
    later_s = NOW_S + 120 * DAY_S
    aliases = taught(aliases, "brie thing", "breathing-mask", 3, later_s)
    assert kind(aliases, "brie thing", later_s) in ("choose breathing-mask", "answer breathing-mask")
    refused = taught(aliases, "brie thing", "cramps", at_s=later_s, right=False)
    assert kind(refused, "brie thing", later_s) == "answer breathing-mask"


def test_one_text_confirmed_for_two_topics_becomes_a_choice() -> None:
    both = taught(taught(Aliases(), "brie thing", "cramps", 3), "brie thing", "breathing-mask", 3)
    outcome = decide(both.apply(UNSURE, ("brie thing",), TOPICS, NOW_S), Bands())
    assert outcome.kind == "choose"
    assert {c.topic for c in outcome.topics[:2]} == {"cramps", "breathing-mask"}


def test_topics_that_are_gone_are_not_offered() -> None:
    ranking = taught(Aliases(), "brie thing", "old-topic", 3).apply(UNSURE, ("brie thing",), TOPICS, NOW_S)
    assert ranking == UNSURE


def test_forgetting_a_topic_leaves_the_others() -> None:
    aliases = taught(taught(Aliases(), "hop", "hope", 3), "creams", "cramps", 3)
    kept = aliases.forget("hope")
    assert [learned.topic for learned in kept.listed(NOW_S)] == ["cramps"]
    assert kept.undo()[1] == "cramps"
    undone = kept.undo()[0].undo()[0].undo()[0]
    assert (undone.listed(NOW_S), undone.undo()[1]) == ((), "")


@pytest.mark.parametrize(
    "text", ["stop", "stop it please", "help me", "I can't breathe", "he is choking", "yes", "two", "go to sleep", "uh"]
)
def test_cries_for_help_and_commands_are_never_learned(world: World, text: str) -> None:
    learned = Aliases().learn((text, "brie thing"), "hope", right=True, now_s=NOW_S, protected=protection(world))
    assert [alias.text for alias in learned.known] == ["brie thing"]


@given(turns)
def test_no_alias_ever_takes_a_protected_text(history: list[tuple[list[str], str, bool, float]]) -> None:
    aliases = Aliases()
    for heard, topic, right, _ in history:
        aliases = aliases.learn(heard, topic, right=right, now_s=NOW_S, protected=lambda t: t in ("stop", "help me"))
    assert not {"stop", "help me"} & {alias.text for alias in aliases.known}


@given(history=turns, heard=texts, topic=st.sampled_from(TOPICS), right=st.booleans())
def test_undo_is_the_opposite_of_learning(
    history: list[tuple[list[str], str, bool, float]], heard: list[str], topic: str, *, right: bool
) -> None:
    before, now_s = played(history)
    after = before.learn(heard, topic, right=right, now_s=now_s, protected=nothing_protected)
    if after is not before:
        undone, what = after.undo()
        assert what == topic
        assert set(undone.known) == set(before.known)


@given(turns, texts, st.floats(0, 1000 * DAY_S))
def test_probabilities_stay_probabilities(
    history: list[tuple[list[str], str, bool, float]], heard: list[str], later_s: float
) -> None:
    aliases, now_s = played(history)
    ranking = aliases.apply(UNSURE, heard, TOPICS, now_s + later_s)
    likely = [c.probability for c in ranking.candidates]
    assert all(0 <= p <= 1 for p in [*likely, ranking.none])
    assert sum(likely) + ranking.none <= 1 + 1e-9
    assert likely == sorted(likely, reverse=True)


@given(turns, st.sampled_from(TOPICS), st.sampled_from(["creams", "hop"]))
def test_a_yes_never_lowers_and_a_no_never_raises(
    history: list[tuple[list[str], str, bool, float]], topic: str, text: str
) -> None:
    aliases, now_s = played(history)
    belief = aliases.beliefs((text,), now_s).get(topic, 0.0)
    after_yes = taught(aliases, text, topic, at_s=now_s).beliefs((text,), now_s).get(topic, 0.0)
    after_no = taught(aliases, text, topic, at_s=now_s, right=False).beliefs((text,), now_s).get(topic, 0.0)
    assert after_yes >= belief - 1e-9
    assert after_no <= belief + 1e-9


@given(st.floats(0.1, 50), st.floats(0, 10))
def test_weights_halve_in_sixty_days_however_often_they_are_looked_at(weight: float, halves: float) -> None:
    alias = Alias("hop", "hope", weight, NOW_S)
    assert alias.weight_at(NOW_S + halves * HALF_LIFE_S) == pytest.approx(weight * 0.5**halves)
    assert alias.weight_at(NOW_S - 5 * DAY_S) == weight


def test_beliefs_take_their_part_from_everything_else_alike() -> None:
    ranking = mixed(UNSURE, {"breathing-mask": 0.5})
    assert ranking.candidates[0] == Candidate("breathing-mask", 0.5)
    assert ranking.none == pytest.approx(0.25)
    assert sum(c.probability for c in ranking.candidates) + ranking.none == pytest.approx(1.0)
