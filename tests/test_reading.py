"""Someone reads aloud: the assistant is silent, hears nobody but "wake up", and always has a way on."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.choices import World
from assistant.dialogue import step
from assistant.events import Alarm, AnyEvent, Gather, Heard, Hush, Keep, Picked, Pressed, Say, Troubled, Undone
from assistant.places import Confirm, Conversation, Partner, Reading, Ready, Urgent
from tests.talk import NOTHING, Talk, meaning


@pytest.fixture
def talk(world: World) -> Talk:
    return Talk(world).start().pick("command:partner").pick("signal:Eyes up")


def reply(talk: Talk, *names: str) -> Talk:
    for name in names:
        talk.pick(f"command:{name}")
    return talk


def typed(talk: Talk, text: str, *topics: str, probability: float = 0.97) -> Talk:
    return talk.do(Heard((text,), meaning(*topics, probability=probability) if topics else NOTHING))


def test_first_the_yes_is_agreed_and_kept(world: World) -> None:
    talk = Talk(world).start().pick("command:partner")
    assert talk.place == Partner("signal")
    assert talk.view.aloud
    assert talk.view.aloud.kind == "signal"
    typed(talk, "  left   eyebrow  ")
    assert talk.now.signal == "left eyebrow"
    assert Keep("yes_signal", "left eyebrow") in talk.past
    assert talk.view.aloud.after == "Wait. Count to five. Look for: left eyebrow."
    again = reply(talk, "stop").pick("command:partner")
    assert again.view.items[0].label == "As before: left eyebrow"
    assert reply(again, "yes").place == Partner("list")


def test_two_lists_and_a_second_yes_lead_to_the_cards_without_a_sound(talk: Talk) -> None:
    topic = talk.world.in_group("breathing")[2]
    reply(talk, *["no"] * list(talk.world.groups).index("breathing"), "yes", "no", "no", "yes")
    assert talk.view.text == f"Say it back: {topic.title}. Is that right?"
    reply(talk, "yes")
    assert talk.place == Reading(topic.id)
    assert not [effect for effect in talk.past if isinstance(effect, Say)][1:]  # the greeting


def test_the_light_on_the_script_is_at_one_line(talk: Talk) -> None:
    reply(talk, "no", "no")
    assert talk.view.aloud
    assert [line.now for line in talk.view.aloud.lines].index(True) == 2
    assert sum(line.now for line in talk.view.aloud.lines) == 1


def test_speak_it_speaks_the_card_and_nothing_else(talk: Talk) -> None:
    talk.pick("topic:cramps")
    reply(talk, "yes", "repeat")
    assert talk.view.aloud
    assert talk.said == talk.view.aloud.text
    reply(talk, "next")
    assert isinstance(talk.effects[0], Hush)
    assert talk.said == ""


def test_what_is_heard_in_the_room_changes_nothing_but_wake_up_ends_it(talk: Talk) -> None:
    before = talk.place
    for words in ("yes", "menu", "i can't breathe", "what helps with cramps", "stop"):
        talk.ask(words, meaning("cramps"))
        assert (talk.place, talk.said) == (before, "")
    assert talk.listen.closed
    assert talk.ask("wake up").place == Ready()
    assert not talk.now.reads


def test_begun_by_voice_it_says_how_to_come_back_and_stop_does(world: World) -> None:
    talk = Talk(world).start().ask("someone reads aloud")
    assert talk.said == world.content.prompts.variants("reader begins")[0]
    talk.finish().ask("stop")
    assert (talk.place, talk.now.reads) == (Ready(), False)


def test_who_can_use_nothing_else_any_more_comes_to_the_script_from_the_ladder(world: World) -> None:
    start = Conversation(method="dwell")
    talk = Talk(world, start).start().pick("command:ladder").finish().pick("command:yes")
    assert talk.place == Partner("signal")


def test_numbers_on_a_card_are_spoken_figure_by_figure(talk: Talk) -> None:
    talk.pick("topic:suicidal-thoughts")
    reply(talk, "yes")
    while talk.view.aloud and "988" not in talk.view.aloud.text:
        reply(talk, "next")
    assert "nine eight eight" in reply(talk, "repeat").said
    assert "988" not in talk.said


def test_an_answer_that_got_shorter_while_it_is_read_is_read_on(talk: Talk) -> None:
    talk.pick("topic:cramps")
    reply(talk, "yes", "source", "next")
    topics = {**talk.world.topics, "cramps": replace(talk.world.topics["cramps"], more=(), caregivers="")}
    talk.world = replace(talk.world, content=replace(talk.world.content, topics=topics))
    reply(talk, "repeat")
    assert talk.view.aloud
    assert talk.view.aloud.card == talk.view.aloud.cards
    assert reply(talk, "back").view.aloud


def test_stop_heard_while_it_speaks_is_silence(talk: Talk) -> None:
    reply(talk, "repeat")
    assert talk.now.speaking
    talk.ask("stop")
    assert isinstance(talk.effects[0], Hush)
    assert talk.now.reads


def test_a_typed_question_is_answered_on_cards(talk: Talk) -> None:
    assert typed(talk, "what helps with cramps", "cramps").place == Reading("cramps")
    assert talk.said == ""


def test_a_typed_question_that_is_not_sure_is_asked_in_silence_and_a_yes_leads_to_the_cards(talk: Talk) -> None:
    typed(talk, "breeding machine", "breathing-mask", "oxygen", probability=0.7)
    assert isinstance(talk.place, Confirm)
    assert talk.said == ""
    assert talk.world.topics["breathing-mask"].title in talk.view.text
    assert reply(talk, "yes").place == Reading("breathing-mask")


def test_a_typed_question_that_is_not_known_leads_to_the_groups_and_says_so_on_the_screen(talk: Talk) -> None:
    typed(talk, "who won the football")
    assert talk.place == Partner("list")
    assert talk.view.aloud
    assert "who won the football" in talk.view.aloud.note


def test_a_question_for_the_clinic_is_put_on_the_list_by_one_choice_or_in_own_words(talk: Talk) -> None:
    talk.pick("topic:cramps")
    reply(talk, "yes", "clinic")
    assert Gather("cramps") in talk.effects
    typed(talk, "is magnesium safe for her")
    assert Gather("cramps", "is magnesium safe for her") in talk.effects
    assert talk.place == Reading("cramps")


def test_a_call_for_help_is_loud_and_leads_back(talk: Talk) -> None:
    reply(talk, "call")
    assert isinstance(talk.place, Urgent)
    assert any(isinstance(effect, Alarm) for effect in talk.effects)
    assert talk.said
    assert reply(talk, "stop").place == Partner("list")


def test_words_of_despair_that_are_typed_are_answered_aloud(talk: Talk) -> None:
    typed(talk, "i want to die")
    assert "nine eight eight" in talk.said
    assert talk.place == Reading("suicidal-thoughts")


def test_leaving_is_silent_and_the_next_question_is_spoken_again(talk: Talk) -> None:
    reply(talk, "stop")
    assert (talk.place, talk.said) == (Ready(), "")
    assert talk.view.aloud is None
    assert talk.ask("what helps with cramps", meaning("cramps")).said


def test_a_choice_by_switch_is_taken_back(talk: Talk) -> None:
    here = talk.place
    talk.press("command:no").do(Undone())
    assert talk.place == here
    talk.press("command:stop").do(Undone())
    assert (talk.place, talk.now.reads) == (here, True)


def test_a_press_on_nothing_changes_nothing(talk: Talk) -> None:
    here = talk.place
    assert talk.press().place == here


def test_back_from_the_first_card_says_the_topic_back(talk: Talk) -> None:
    talk.pick("topic:cramps")
    reply(talk, "yes", "next", "back", "back")
    assert isinstance(talk.place, Partner)
    assert (talk.place.stage, talk.place.topic) == ("confirm", "cramps")


CHOICES = [
    "yes",
    "no",
    "unsure",
    "none",
    "back",
    "next",
    "repeat",
    "more",
    "caregivers",
    "source",
    "clinic",
    "menu",
    "call",
]
PICKS = [
    *(f"command:{name}" for name in CHOICES),
    "group:breathing",
    "topic:life-expectancy",
    "signal:A nod",
    "nonsense",
]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(PICKS), max_size=30))
def test_whatever_is_chosen_there_is_something_to_choose_and_stop_ends_it(world: World, picks: list[str]) -> None:
    talk = Talk(world).start().pick("command:partner")
    for item in picks:
        talk.pick(item)
        offered = {one.id for one in talk.view.items}
        assert len(offered) > 1
        assert talk.now.listening
        if not talk.now.reads:
            return  # "back" from the very beginning
        assert "command:stop" in offered
        if talk.view.aloud and talk.view.aloud.kind == "card":
            assert 1 <= talk.view.aloud.card <= talk.view.aloud.cards
    now = talk.now
    for _ in range(2):  # an alarm first
        now, _effects = step(world, now, Picked("command:stop"))
    assert not now.reads
    assert msgspec.structs.replace(now, earlier=None).place == Ready()


MOVES = [
    *(Picked(item) for item in ("command:partner", "command:tour", "tour:partner", "command:settings", "topic:cramps")),
    *(Picked(f"command:{name}") for name in ("yes", "no", "next", "repeat", "stop", "wake", "sleep", "call", "ladder")),
    *(Heard((text,), NOTHING) for text in ("menu", "help me", "who won", "pause", "wake up", "slower", "D 3")),
    *(Pressed(item) for item in ("", "command:yes", "signal:A nod", "group:breathing")),
    Heard(("cramps",), meaning("cramps", probability=0.7)),
    Troubled("microphone", "The microphone is gone."),
    Undone(),
]
ways = st.lists(st.sampled_from(MOVES), max_size=25)
in_the_room = st.sampled_from(["yes", "stop", "wake up", "help me", "cramps"])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(way=ways, words=in_the_room, ends=st.booleans())
def test_from_wherever_it_came_something_wakes_it_and_a_press_is_silence(
    world: World, way: list[AnyEvent], words: str, *, ends: bool
) -> None:
    talk = Talk(world).start().pick("command:partner")
    for event in way:
        talk.do(event)
        if ends:
            talk.finish()
        assert talk.now.listening
        assert talk.view.items
        sounding = talk.now.speaking or isinstance(talk.place, Urgent)
        pressed, effects = step(world, talk.now, Pressed("topic:cramps"))
        if sounding:
            assert isinstance(effects[0], Hush)
            assert not pressed.speaking
        elif talk.now.reads:
            heard = Heard((words,), meaning("cramps"), "vosk", talk.now.listening)
            after, effects = step(world, talk.now, heard)
            assert not [effect for effect in effects if isinstance(effect, Say)]
            assert after.place == talk.place or not after.reads
