"""Short words that steer."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.choices import ALWAYS, BY_PLACE, World
from assistant.places import Choose, Confirm, Ready
from assistant.profile import Settings
from assistant.startup import load_world

EVERYTHING = ALWAYS | frozenset().union(*BY_PLACE.values()) | {"wake", "continue"}


@pytest.mark.parametrize(
    ("said", "command"),
    [
        ("stop", "stop"),
        ("Stop please.", "stop"),
        ("stop stop stop", "stop"),
        ("um repeat", "repeat"),
        ("speak more slowly please", "slower"),
        ("speek more slowly", "slower"),
        ("who says so", "source"),
        ("for care givers", "caregivers"),
        ("not that one", "not that"),
    ],
)
def test_short_and_longer_forms_are_understood(world: World, said: str, command: str) -> None:
    assert world.commands.find((said,), ALWAYS) == command


@pytest.mark.parametrize("question", ["can you stop it", "does it stop", "how do i get more help at home", "next week"])
def test_a_question_that_holds_a_command_stays_a_question(world: World, question: str) -> None:
    assert world.commands.find((question,), EVERYTHING) is None


def test_to_and_for_count_as_numbers_only_where_a_number_is_asked(world: World) -> None:
    assert world.commands.find(("to",), ALWAYS | BY_PLACE[Choose]) == "two"
    assert world.commands.find(("to",), ALWAYS | BY_PLACE[Ready]) is None
    assert world.commands.find(("yes",), ALWAYS | BY_PLACE[Confirm]) == "yes"


def test_every_command_has_a_longer_form_and_an_effect(world: World) -> None:
    from assistant.steering import COMMANDS

    names = set(world.commands.forms.values())
    assert names == set(COMMANDS)
    for name in names:
        assert any(len(form) > 5 for form, its in world.commands.forms.items() if its == name), name


def test_the_second_and_third_guess_count_too_and_later_ones_do_not(world: World) -> None:
    assert world.commands.find(("top", "shop", "stop"), ALWAYS) == "stop"
    assert world.commands.find(("a", "b", "c", "d", "stop"), ALWAYS) is None


# ---- a person's own words


def test_a_person_may_call_a_command_what_they_like_and_the_usual_forms_stay(world: World) -> None:
    commands, wrong = world.commands.with_own({"repeat": "Ba ba", "stop": "Nee"}, world.urgent)
    assert wrong == []
    assert commands.find(("ba ba",), ALWAYS) == "repeat"
    assert commands.find(("say again",), ALWAYS) == "repeat"
    assert commands.find(("nee",), ALWAYS) == "stop"
    assert "ba ba" in commands.words({"repeat"})


@pytest.mark.parametrize(
    ("own", "why"),
    [
        ({"repeat": "stop"}, "stops the assistant"),
        ({"repeat": "stop it please"}, "stops the assistant"),
        ({"repeat": "be quiett"}, "stops the assistant"),
        ({"menu": "help me"}, "cry for help"),
        ({"stop": "i can't breathe"}, "cry for help"),
        ({"menu": "no"}, "already means"),
        ({"menu": "please more"}, "already means"),
        ({"menu": "please"}, "no words"),
        ({"menu": "..."}, "no words"),
        ({"sing": "la la"}, "no such command"),
    ],
)
def test_own_words_never_steal_stop_or_a_cry_for_help(world: World, own: dict[str, str], why: str) -> None:
    commands, wrong = world.commands.with_own(own, world.urgent)
    assert commands == world.commands
    assert len(wrong) == 1
    assert why in wrong[0]


def test_one_phrase_can_not_mean_two_commands(world: World) -> None:
    commands, wrong = world.commands.with_own({"repeat": "ba ba", "menu": "ba ba"}, world.urgent)
    assert commands.find(("ba ba",), ALWAYS) == "repeat"
    assert "already means" in wrong[0]


def test_own_words_in_the_settings_are_heard_and_what_is_wrong_with_them_is_told() -> None:
    world, problems = load_world(Settings(own_words={"repeat": "ba ba", "menu": "stop"}))
    assert world.commands.find(("ba ba",), ALWAYS) == "repeat"
    assert world.commands.find(("stop",), ALWAYS) == "stop"
    assert [problem.rule for problem in problems if problem.rule == "own-words"] == ["own-words"]


def test_the_commands_are_listed_where_people_look_for_them(world: World) -> None:
    page = (Path(__file__).parents[1] / "docs" / "commands.md").read_text("utf-8")
    listed = page.partition("The commands are:")[2].partition(".\n")[0].replace("\n", " ").split(",")
    assert sorted(name.strip() for name in listed) == sorted(set(world.commands.forms.values()))


def test_a_word_that_each_guess_hears_otherwise_was_a_noise(world: World) -> None:
    tails = ("over", "both", "boat", "of", "old")
    guesses = tuple(f"who says so {tail}" for tail in tails)
    assert world.commands.find(guesses, {"source", "stop"}) == "source"
    assert world.commands.find(guesses[:3], {"source", "stop"}) is None
    assert world.commands.find((*guesses, "who sews it over"), {"source", "stop"}) is None
    assert world.commands.find(tuple(f"who says so about {tail}" for tail in tails), {"source"}) is None
    assert world.commands.find(tuple(f"stop {tail}" for tail in tails), {"stop"}) is None
