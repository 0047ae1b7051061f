"""Which patience suits a person who pauses as they do."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.choices import World
from assistant.events import Heard, Keep
from assistant.patience import FOR_LONGER, FOR_SHORTER, REMEMBERED, remember, suited
from assistant.places import PATIENCE_S, Answer, Conversation, Patience
from assistant.profile import Settings
from tests.talk import Talk, meaning

pauses = st.lists(st.floats(0, 5), max_size=REMEMBERED)
patience = st.sampled_from([s for s in PATIENCE_S.values() if s is not None])


@pytest.mark.parametrize(
    ("pauses_s", "patience_s", "name"),
    [
        ([1.2] * FOR_LONGER, 1.5, "long"),
        ([0.2] * 4 + [1.3] * 2, 1.5, "long"),
        ([0.2] * 5 + [1.3], 1.5, None),
        ([1.2] * (FOR_LONGER - 1), 1.5, None),
        ([2.5] * FOR_LONGER, 3.0, None),
        ([0.2] * FOR_SHORTER, 1.5, "short"),
        ([0.2] * (FOR_SHORTER - 1), 1.5, None),
        ([0.5] * FOR_SHORTER, 1.5, None),
        ([0.5] * FOR_SHORTER, 3.0, "medium"),
        ([0.2] * FOR_SHORTER, 0.8, None),
        ([9.0] * FOR_SHORTER, None, None),
        ([], 1.5, None),
    ],
)
def test_patience_follows_the_pauses(pauses_s: list[float], patience_s: float | None, name: str | None) -> None:
    assert suited(pauses_s, patience_s) == name


@given(pauses, patience)
def test_what_is_proposed_is_another_patience_than_now_and_never_too_short(
    pauses_s: list[float], patience_s: float
) -> None:
    name = suited(pauses_s, patience_s)
    if name is not None:
        proposed_s = PATIENCE_S[name]
        assert proposed_s is not None
        assert proposed_s != patience_s
        assert proposed_s > patience_s or proposed_s >= 2 * max(pauses_s)


@given(pauses, st.floats(0, 5))
def test_the_latest_pauses_are_remembered(pauses_s: list[float], pause_s: float) -> None:
    kept = remember(pauses_s, pause_s)
    assert kept[-1] == pause_s
    assert len(kept) <= REMEMBERED


def slow_talk(world: World, questions: int = FOR_LONGER) -> Talk:
    talk = Talk(world, Conversation()).start()
    for _ in range(questions):
        talk.do(Heard(("what helps with cramps",), meaning("cramps"), "vosk", talk.now.listening, 1.3)).finish()
    return talk


def test_more_patience_is_proposed_after_the_answer_and_taken_only_after_a_yes(world: World) -> None:
    talk = slow_talk(world)
    assert isinstance(talk.place, Patience)
    assert "wait longer" in talk.said
    assert talk.now.pace.patience_s == 1.5
    talk.finish().ask("yes")
    assert talk.now.pace.patience_s == 3.0
    assert Keep("patience", "long") in talk.past
    assert isinstance(talk.place, Answer)


def test_a_no_leaves_it_and_it_is_never_proposed_again(world: World) -> None:
    talk = slow_talk(world).finish().ask("no").finish()
    assert Keep("told_patience", value=True) in talk.past
    talk = slow_talk(world)
    again = Talk(world, msgspec.structs.replace(talk.finish().ask("no").finish().now))
    for _ in range(2 * FOR_LONGER):
        again.do(Heard(("cramps",), meaning("cramps"), "vosk", again.now.listening, 1.3)).finish()
    assert not isinstance(again.place, Patience)
    assert again.now.pace.patience_s == 1.5


@pytest.mark.parametrize(("said", "place"), [("more", Answer), ("cramps", Answer), ("stop", Answer)])
def test_whoever_goes_on_instead_of_replying_simply_goes_on(world: World, said: str, place: type) -> None:
    talk = slow_talk(world).finish().ask(said, meaning("cramps"))
    assert isinstance(talk.place, place)
    assert talk.now.pace.patience_s == 1.5


def test_teaching_is_proposed_once_after_much_that_was_not_understood(world: World) -> None:
    talk = Talk(world).start()
    said = [talk.ask("vera nosk").finish().now.last_text for _ in range(8)]
    assert [("askaloud teach" in text) for text in said] == [False] * 4 + [True] + [False] * 3
    assert Keep("told_teaching", value=True) in talk.past


def test_where_nothing_is_learned_teaching_is_not_proposed(world: World) -> None:
    talk = Talk(world, Settings(learning="off").conversation()).start()
    for _ in range(8):
        talk.ask("vera nosk").finish()
    assert Keep("told_teaching", value=True) not in talk.past
