"""The tutorial: short enough, steered by voice, switch and page, ended at any step, and ending in a real answer."""

from __future__ import annotations

import pytest

from assistant.checking.measures import seconds
from assistant.choices import World
from assistant.places import Answer, Reading, Ready, Tour
from assistant.touring import EXAMPLE
from tests.talk import Talk, meaning

LONGEST_S = {"person": 60, "partner": 120}


@pytest.mark.parametrize("who", LONGEST_S)
def test_it_is_said_in_the_time_it_promises(world: World, who: str) -> None:
    assert sum(seconds(text) for text in world.content.prompts.variants(f"tour {who} step")) < LONGEST_S[who]


def test_by_voice_the_person_comes_to_a_real_answer(world: World) -> None:
    talk = Talk(world).start().ask("tutorial").finish().ask("one").finish()
    said = [talk.said]
    while isinstance(talk.place, Tour):
        said.append(talk.finish().ask("next").said)
    assert talk.place == Answer(EXAMPLE)
    assert said[-1].startswith(world.topics[EXAMPLE].title)
    assert len(said) == len(world.content.prompts.variants("tour person step")) + 1


def test_the_reader_ends_with_a_card_to_read_aloud(world: World) -> None:
    talk = Talk(world).start().pick("command:tour").pick("tour:partner")
    for text in world.content.prompts.variants("tour partner step"):
        assert talk.said == text
        assert talk.view.text == text
        talk.finish().pick("command:next")
    assert talk.place == Reading(EXAMPLE)
    assert talk.now.reads
    assert talk.said == ""


@pytest.mark.parametrize("who", LONGEST_S)
def test_stop_ends_it_at_every_step_in_silence(world: World, who: str) -> None:
    for steps in range(len(world.content.prompts.variants(f"tour {who} step"))):
        talk = Talk(world).start().pick("command:tour").pick(f"tour:{who}")
        for _ in range(steps):
            talk.pick("command:next")
        talk.ask("stop")
        assert (talk.place, talk.said, talk.now.speaking) == (Ready(), "", 0)


def test_presses_alone_go_through_it(world: World) -> None:
    talk = Talk(world).start().press("command:tour").finish().press("tour:person").finish()
    for _ in world.content.prompts.variants("tour person step"):
        assert isinstance(talk.place, Tour)
        talk.press().finish()
    assert talk.place == Answer(EXAMPLE)


def test_a_question_on_the_way_is_answered(world: World) -> None:
    talk = Talk(world).start().pick("command:tour").pick("tour:person").finish()
    assert isinstance(talk.ask("what is riluzole", meaning("riluzole")).place, Answer)


def test_back_goes_a_step_back_and_then_to_the_choice_of_whose_it_is(world: World) -> None:
    talk = Talk(world).start().pick("command:tour").pick("tour:partner").pick("command:next").pick("command:back")
    assert talk.place == Tour("partner")
    assert talk.pick("command:back").place == Tour()
