"""Whole conversations on the real loop, and every command in every place."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.choices import World, command_names
from assistant.events import Listen, Recall, Say, Tested
from assistant.matching import Matcher
from assistant.places import (
    Answer,
    AnyPlace,
    Asleep,
    Choose,
    Confirm,
    Conversation,
    Manner,
    Menu,
    Patience,
    Proposed,
    Ready,
    Testing,
    Urgent,
)
from assistant.profile import Settings
from assistant.steering import COMMANDS
from tests.conversing import Scene, Stage, read_scenes
from tests.talk import NOTHING, Talk, meaning

SCENES = read_scenes()
LEAST_SCENES = 60


@pytest.mark.parametrize("scene", SCENES, ids=[scene.title for scene in SCENES])
def test_scene(world: World, matcher: Matcher, tmp_path: Path, scene: Scene) -> None:
    scene.play(Stage(world, matcher, tmp_path, scene.settings))


def test_there_are_enough_scenes_and_every_one_checks_something() -> None:
    assert len(SCENES) >= LEAST_SCENES
    assert len({scene.title for scene in SCENES}) == len(SCENES)


def test_a_scene_that_is_not_so_fails(world: World, matcher: Matcher, tmp_path: Path) -> None:
    wrong = Scene("wrong", ((1, "person", "menu"), (2, "place", "Ready")))
    with pytest.raises(AssertionError, match="line 2"):
        wrong.play(Stage(world, matcher, tmp_path, Settings()))


# ---- every command in every place

FOUND = Tested((("scan_step_s", 1.2), ("scan_usual_s", 1.2)), 0.6, 12.0)
PLACES: dict[str, AnyPlace] = {
    "ready": Ready(),
    "confirm": Confirm("oxygen", ("cramps",), ("oxy",)),
    "choose": Choose(("cramps", "oxygen", "pain"), ("x",)),
    "one choice": Choose(("cramps",), ("x",)),
    "declined": Choose(("cramps", "oxygen"), ("x",), declined=True),
    "answer": Answer("cramps", others=("pain",), hypotheses=("cramps",)),
    "sensitive": Answer("life-expectancy", asked_full=True),
    "end of an answer": Answer("cramps", 99),
    "menu": Menu(),
    "group": Menu("breathing"),
    "settings": Manner(),
    "switch test": Testing(),
    "proposal": Proposed(FOUND),
    "patience": Patience("long", Ready()),
    "alarm": Urgent("choking"),
    "call": Urgent(),
    "asleep": Asleep(Ready()),
    "paused": Asleep(Answer("cramps"), paused=True),
}
SILENCING = ("stop", "cancel")


def at(world: World, place: AnyPlace, *, speaking: bool) -> Talk:
    talk = Talk(world).start()
    talk.ask("cramps", meaning("cramps"))
    if not speaking:
        talk.finish()
    talk.now = msgspec.structs.replace(talk.now, place=place)
    return talk


@pytest.mark.parametrize("speaking", [True, False], ids=["while it speaks", "in silence"])
@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
def test_every_command_does_something_sensible_in_every_place(world: World, place: AnyPlace, *, speaking: bool) -> None:
    for name in COMMANDS:
        form = next(iter(world.commands.words({name})))
        talk = at(world, place, speaking=speaking).ask(form)
        assert isinstance(talk.listen, Listen)
        if name in SILENCING and name in command_names(place):
            assert talk.said == "", name
            assert not talk.now.speaking, name
        elif name in command_names(place):
            looked_up = any(isinstance(effect, Recall) for effect in talk.effects)  # the app answers with what it finds
            assert talk.said or talk.view.text or talk.now.place != place or looked_up, name
        if isinstance(place, Asleep) and name not in command_names(place):
            assert (talk.said, talk.place) == ("", place), name


@pytest.mark.parametrize("speaking", [True, False], ids=["while it speaks", "in silence"])
@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
def test_need_is_heard_in_every_place(world: World, place: AnyPlace, *, speaking: bool) -> None:
    for cry in world.urgent.clearest:
        talk = at(world, place, speaking=speaking).ask(cry)
        assert "can not call" in talk.said
        assert isinstance(talk.place, (Urgent, Answer))


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
def test_noise_never_moves_the_conversation_away_from_what_was_asked(world: World, place: AnyPlace) -> None:
    talk = at(world, place, speaking=False)
    said = []
    for _ in range(6):
        talk.ask("")
        said.append(talk.said)
        talk.finish()
    asked = isinstance(place, (Confirm, Choose, Proposed, Patience, Menu, Manner, Urgent, Asleep))
    assert type(talk.place) is type(place) if asked else isinstance(talk.place, Menu | type(place))
    assert said[-3:] == ["", "", ""], said


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
def test_help_names_what_is_understood_there(world: World, place: AnyPlace) -> None:
    talk = at(world, place, speaking=False).ask("help")
    if not isinstance(place, Urgent):
        assert talk.said


STEERING = ["more", "help", "menu", "next", "two", "four", "none", "no", "yes", "slower", "louder", "source", "back"]
LONGER = [
    "caregivers",
    "not that",
    "wake up",
    "go to sleep",
    "settings",
    "last answer",
    "pause",
    "go on",
    "wait longer",
]
ASKING = ["", "who won", "cramps", "oxygen", "help me", "call"]
WORDS = STEERING + LONGER + ASKING


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(WORDS), max_size=20))
def test_the_same_words_are_never_said_twice_in_a_row(world: World, words: list[str]) -> None:
    talk = Talk(world, Conversation()).start()
    before = ""
    for word in words:
        talk.ask(word, meaning(word) if word in ("cramps", "oxygen") else NOTHING)
        said = [effect.text for effect in talk.effects if isinstance(effect, Say)]
        if said:
            assert said[0] != before, word
            before = said[0]
        talk.finish()
