from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.learning.features import pattern
from assistant.learning.templates import MOST_TRIES, MOST_TRIGGERS, Templates
from tests.learning.sounds import heard

WORDS = ("cramps", "feeding tube", "oxygen", "riluzole", "wheelchair", "stop", "hospice")
OTHERS = ("pass me the salt", "where is my daughter", "good morning", "football", "not today", "close the curtains")


def item(word: str) -> str:
    return f"topic:{word.replace(' ', '-')}"


def taught(words: tuple[str, ...] = WORDS, tries: int = 2) -> Templates:
    known = Templates()
    for word in words:
        for take in range(tries):
            known = known.with_try(item(word), heard(word, take), float(take), taught=True)
    return known


@pytest.mark.parametrize("tries", [1, 2, 3])
def test_every_trigger_is_known_again_and_surely(tries: int) -> None:
    known = taught(tries=tries)
    for word in WORDS:
        match = known.match(heard(word, 9))
        assert match
        assert match.item == item(word)
        assert match.probability > 0.8


def test_other_speech_other_voices_and_noise_are_no_trigger() -> None:
    known = taught()
    dice = np.random.default_rng(3)
    noise = [pattern(dice.normal(0, 2000, 20_000).astype("<i2").tobytes())]
    sounds = [*noise, *(heard(o, 1) for o in OTHERS), *(heard(o, 1, "espeak-ng:en-us") for o in OTHERS)]
    likely = [match.probability for sound in sounds if (match := known.match(sound))]
    assert max(likely) < 0.55
    assert sum(p > 0.3 for p in likely) <= 1


def test_few_triggers_reject_too() -> None:
    known = taught(("cramps",), 2)
    match = known.match(heard("cramps", 9))
    assert match
    assert match.probability > 0.5
    for other in OTHERS:
        wrong = known.match(heard(other, 1))
        assert wrong
        assert wrong.probability < 0.5


def test_nothing_taught_and_nothing_heard_match_nothing() -> None:
    assert Templates().match(heard("cramps", 1)) is None
    assert taught(("cramps",)).match(None) is None


def test_a_trigger_follows_the_voice_and_keeps_two_taught_tries() -> None:
    known = taught(("cramps", "oxygen"), 3)
    for take in range(3, 12):
        known = known.confirmed("topic:cramps", heard("cramps", take), float(take))
    tries = known.of("topic:cramps")
    assert len(tries) == MOST_TRIES
    assert sorted(t.at_s for t in tries if t.taught) == [1.0, 2.0]
    assert max(t.at_s for t in tries) == 11.0
    assert len(known.of("topic:oxygen")) == 3


def test_another_way_to_ask_does_not_spoil_a_trigger() -> None:
    known = taught()
    assert known.confirmed("topic:cramps", heard("what can i do when my legs cramp", 1), 9.0) is known
    assert known.confirmed("topic:cramps", heard("oxygen", 5), 9.0) is known


def test_short_confirmed_turns_begin_a_trigger_and_the_next_one_alike_makes_it_firm() -> None:
    asked = heard("does it help to breathe through a machine at night when i lie flat on my back", 1)
    assert Templates().confirmed("topic:cramps", asked, 1.0).tries == ()
    once = Templates().confirmed("topic:cramps", heard("cramps", 1), 1.0)
    twice = once.confirmed("topic:cramps", heard("cramps", 2), 2.0)
    assert len(twice.tries) == 2
    other = once.confirmed("topic:cramps", heard("charley horse", 2), 2.0)
    assert [t.at_s for t in other.tries] == [2.0]


def test_a_trigger_that_was_confirmed_by_mistake_goes_when_it_is_refused() -> None:
    wrong = Templates().confirmed("topic:cramps", heard("oxygen", 1), 1.0)
    assert wrong.refused("topic:cramps", heard("oxygen", 2)).tries == ()
    assert len(wrong.refused("topic:cramps", heard("pass me the salt", 2)).tries) == 1


def test_there_are_never_more_triggers_than_can_be_compared_in_time() -> None:
    known = taught(("cramps",), 2)
    for number in range(MOST_TRIGGERS + 5):
        known = known.confirmed(f"topic:t{number}", heard("oxygen", number), float(number))
    assert len(known.items) == MOST_TRIGGERS
    assert "topic:cramps" in known.items
    assert "topic:t0" not in known.items
    assert f"topic:t{MOST_TRIGGERS + 4}" in known.items


def test_a_refused_turn_takes_back_what_wrong_turns_taught() -> None:
    known = taught(("cramps", "oxygen"), 2)
    spoilt = known.with_try("topic:cramps", heard("football", 1), 5.0, taught=False)
    mended = spoilt.refused("topic:cramps", heard("football", 2))
    assert len(mended.of("topic:cramps")) == 2
    assert all(t.taught for t in mended.of("topic:cramps"))
    kept = mended.refused("topic:cramps", heard("cramps", 7))
    assert len(kept.of("topic:cramps")) == 2


def test_forgetting_one_trigger_leaves_the_others() -> None:
    known = taught().without("topic:cramps")
    assert "topic:cramps" not in known.items
    assert len(known.items) == len(WORDS) - 1


@settings(max_examples=25)
@given(st.lists(st.tuples(st.sampled_from(WORDS), st.integers(0, 9), st.booleans()), max_size=14))
def test_no_trigger_ever_has_more_tries_than_five(said: list[tuple[str, int, bool]]) -> None:
    known = Templates()
    for at, (word, take, by_teaching) in enumerate(said):
        known = known.with_try(item(word), heard(word, take), float(at), taught=by_teaching)
        assert known.of(item(word))[-1].at_s == at
    assert all(len(known.of(one)) <= MOST_TRIES for one in known.items)
    match = known.match(heard("cramps", 3))
    assert (match is None) == (not said)
    assert match is None or 0 <= match.probability <= 1
