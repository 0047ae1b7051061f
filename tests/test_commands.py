"""Short words that steer."""

from __future__ import annotations

import pytest

from assistant.choices import ALWAYS, BY_PLACE, World
from assistant.places import Choose, Confirm, Ready

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
