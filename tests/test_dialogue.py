"""The conversation, one line at a time, and what holds whatever happens."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.choices import World
from assistant.dialogue import step
from assistant.events import (
    Alarm,
    AnyEvent,
    Heard,
    Hush,
    Ignore,
    Keep,
    Learn,
    Listen,
    Picked,
    Pressed,
    Recall,
    Recalled,
    Say,
    SpeechBegan,
    Spoken,
    Started,
    Tested,
    Ticked,
    Troubled,
    Undone,
    Wait,
)
from assistant.matching import Ranking
from assistant.places import Answer, Asleep, Choose, Confirm, Conversation, Menu, Pace, Ready, Urgent
from tests.talk import NOTHING, Talk, meaning


@pytest.fixture
def talk(world: World) -> Talk:
    return Talk(world).start()


# ---- four outcomes


def test_a_sure_question_is_answered_with_its_topic_named_first(talk: Talk) -> None:
    talk.ask("what helps with cramps", meaning("cramps"))
    assert talk.place == Answer("cramps", hypotheses=("what helps with cramps",))
    assert talk.said.startswith(talk.world.topics["cramps"].title + ".")


def test_the_first_answer_says_that_no_clinician_has_checked_it_and_the_second_does_not(talk: Talk) -> None:
    draft = talk.world.content.prompts.variants("draft")[0]
    assert draft in talk.ask("cramps", meaning("cramps")).said
    assert draft not in talk.finish().ask("pain", meaning("pain")).said


def test_a_likely_question_is_confirmed_and_yes_answers_and_teaches(talk: Talk) -> None:
    talk.ask("breeding machine", meaning("breathing-mask", "oxygen", probability=0.7))
    assert isinstance(talk.place, Confirm)
    assert "?" in talk.said
    talk.finish().ask("yes")
    assert isinstance(talk.place, Answer)
    assert talk.learned == [Learn(("breeding machine",), "breathing-mask", right=True)]


def test_a_no_offers_the_next_nearest_without_asking_to_say_it_again(talk: Talk) -> None:
    talk.ask("breeding machine", meaning("breathing-mask", "oxygen", "cough-help", probability=0.7, rest=0.1))
    talk.finish().ask("no")
    assert isinstance(talk.place, Choose)
    assert talk.place.options == ("oxygen", "cough-help")
    assert "number" not in talk.said.partition("one")[0]
    talk.finish().ask("two")
    assert isinstance(talk.place, Answer)
    assert talk.place.topic == "cough-help"


def test_silence_is_never_a_yes(talk: Talk) -> None:
    talk.ask("breeding machine", meaning("breathing-mask", probability=0.7)).finish()
    for number in range(talk.now.number + 2):
        talk.do(Ticked(number)).do(Spoken(number))
    assert isinstance(talk.place, Confirm)


@pytest.mark.parametrize("words", ["two", "to", "too", "the second one", "number two", "oxygen"])
def test_a_choice_is_made_by_number_homophone_ordinal_or_name(talk: Talk, words: str) -> None:
    talk.now = msgspec.structs.replace(talk.now, place=Choose(("cramps", "oxygen", "pain"), ("x",)))
    if words == "oxygen":
        words = talk.world.topics["oxygen"].say
    talk.ask(words)
    assert isinstance(talk.place, Answer)
    assert talk.place.topic == "oxygen"


def test_what_is_not_covered_is_declined_and_what_was_heard_is_said(talk: Talk) -> None:
    talk.ask("who won the football")
    assert talk.place == Ready()
    assert "who won the football" in talk.said


@pytest.mark.parametrize("probability", [0.7, 0.35, 0.05])
def test_what_was_typed_was_not_heard(talk: Talk, probability: float) -> None:
    """Confirmed, offered and declined; the last twice, as the words change."""
    for _ in range(2):
        ranking = meaning("oxygen", "suction", probability=probability, rest=0.2)
        talk.do(Heard(("the thing with the hose",), ranking, "typed", 0))
        assert talk.said
        assert "heard" not in talk.said.lower()
        talk.finish().pick("command:none")
        talk.finish()


def test_unheard_speech_is_asked_again_once_then_the_list_is_offered_with_more_patience(talk: Talk) -> None:
    before_s = talk.now.pace.patience_s or 0
    talk.ask("").finish()
    assert talk.place == Ready()
    talk.ask("")
    assert isinstance(talk.place, Menu)
    assert (talk.now.pace.patience_s or 0) > before_s


# ---- commands


def test_more_gives_the_parts_one_by_one_and_says_when_there_are_none_left(talk: Talk) -> None:
    talk.ask("cramps", meaning("cramps")).finish()
    for block in talk.world.topics["cramps"].more:
        assert block.text.split(".")[0] in talk.ask("more").said
        talk.finish()
    said = talk.ask("more").said
    assert any(said == text for text in talk.world.content.prompts.variants("more none"))


def test_a_sensitive_topic_asks_before_its_long_form(talk: Talk) -> None:
    talk.ask("how long do i have", meaning("life-expectancy"))
    assert talk.world.content.prompts.variants("sensitive")[0] in talk.said
    talk.finish().ask("no")
    assert isinstance(talk.place, Answer)
    assert talk.place.part == 0


def test_repeat_says_the_same_then_slower_with_pauses(talk: Talk) -> None:
    first = talk.ask("cramps", meaning("cramps")).said
    once = next(effect for effect in talk.finish().ask("repeat").effects if isinstance(effect, Say))
    twice = next(effect for effect in talk.finish().ask("say again").effects if isinstance(effect, Say))
    assert once.text == twice.text == first
    assert twice.rate_wpm < once.rate_wpm
    assert twice.pause_s > once.pause_s


def test_slower_puts_pauses_first_then_lowers_the_rate_and_is_kept(talk: Talk) -> None:
    talk.ask("slower").finish()
    assert (talk.now.pace.rate_wpm, talk.now.pace.pause_s > 0) == (160, True)
    talk.ask("slower").finish().ask("slower").finish()
    assert talk.now.pace.rate_wpm < 160
    kept = {effect.name for effect in talk.past if isinstance(effect, Keep)}
    assert kept == {"pause_s", "rate_wpm"}


def test_the_menu_reads_groups_then_topics_and_a_number_opens_them(talk: Talk) -> None:
    talk.ask("menu").finish().ask("next").finish().ask("one")
    assert isinstance(talk.place, Menu)
    assert talk.place.group == list(talk.world.groups)[4]
    talk.finish().ask("two")
    assert isinstance(talk.place, Answer)
    assert talk.place.topic == talk.world.in_group(list(talk.world.groups)[4])[1].id


def test_back_leads_home_step_by_step(talk: Talk) -> None:
    talk.ask("menu").finish().ask("one").finish().ask("one").finish()
    for _ in range(4):
        talk.ask("back").finish()
    assert talk.place == Ready()


def test_not_that_undoes_an_answer_and_offers_the_others(talk: Talk) -> None:
    talk.ask("cramps", meaning("cramps", "pain", probability=0.95)).finish().ask("not that")
    assert talk.learned[-1] == Learn(("cramps",), "cramps", right=False)
    assert isinstance(talk.place, Choose)


def test_asleep_only_wakes(talk: Talk) -> None:
    talk.ask("stop listening").finish()
    assert talk.ask("what helps with cramps", meaning("cramps")).said == ""
    assert type(talk.place) is Asleep
    assert talk.ask("wake up").place == Ready()


def test_a_code_on_paper_opens_its_topic_by_voice(talk: Talk) -> None:
    topic = next(iter(talk.world.topics.values()))
    assert talk.ask(topic.code).said.startswith(topic.title)


# ---- help at once


def test_words_of_need_win_over_everything_and_nobody_is_said_to_be_called(talk: Talk) -> None:
    talk.ask("i can't breathe", meaning("lying-flat"))
    assert talk.place == Urgent("sudden-breathlessness")
    assert "nine one one" in talk.said
    assert "can not call" in talk.said
    assert isinstance(talk.last(Alarm), Alarm)
    assert next(effect for effect in talk.effects if isinstance(effect, Say)).volume == 1.0


def test_help_helps_and_help_me_is_urgent(talk: Talk) -> None:
    assert talk.ask("help").place == Ready()
    assert talk.finish().ask("help me").place == Urgent("")


def test_despair_is_met_without_a_siren(talk: Talk) -> None:
    talk.ask("i want to die")
    assert not any(isinstance(effect, Alarm) for effect in talk.effects)
    assert "nine eight eight" in talk.said


def test_an_alarm_is_ended_by_stop_no_cancel_or_a_press(world: World) -> None:
    for end in ("stop", "no", "cancel", None):
        talk = Talk(world).start().ask("help me").finish()
        _ = talk.press() if end is None else talk.ask(end)
        assert isinstance(talk.effects[0], Hush)
        assert talk.said == ""
        assert not isinstance(talk.place, Urgent)


# ---- speaking and listening together


def test_its_own_words_in_the_microphone_change_nothing_but_a_command_does(talk: Talk) -> None:
    talk.ask("cramps", meaning("cramps"))
    own = " ".join(talk.said.split()[2:6])
    assert talk.ask(own, meaning("pain")).said == ""
    assert talk.now.speaking
    talk.ask("stop")
    assert isinstance(talk.effects[0], Hush)
    assert not talk.now.speaking


def test_while_it_speaks_only_words_count_and_afterwards_questions(talk: Talk) -> None:
    assert talk.ask("cramps", meaning("cramps")).listen.closed
    assert not talk.finish().listen.closed


def test_a_press_tells_that_a_slow_question_is_complete(talk: Talk) -> None:
    talk.do(SpeechBegan(talk.now.listening)).press()
    assert type(talk.effects[0]).__name__ == "EndUtterance"


def test_a_fault_of_the_voice_is_shown_and_never_said(talk: Talk) -> None:
    talk.do(Troubled("voice", "The voice is gone."))
    assert talk.said == ""
    assert talk.view.text == "The voice is gone."


# ---- one switch


def test_a_list_that_is_opened_by_a_press_is_shown_and_not_read_out(talk: Talk) -> None:
    talk.press("group:breathing")
    assert talk.place == Menu("breathing")
    assert talk.said == ""
    assert talk.view.items[0].id.startswith("topic:")


def test_a_press_on_a_lit_item_counts_though_there_was_a_noise(talk: Talk) -> None:
    talk.do(SpeechBegan(talk.now.listening)).press("group:breathing")
    assert talk.place == Menu("breathing")


def test_a_choice_is_taken_back_once_with_all_it_changed(talk: Talk) -> None:
    talk.press("group:breathing")
    before = talk.now
    talk.press("topic:" + talk.world.in_group("breathing")[0].id).do(Undone())
    assert isinstance(talk.effects[0], Hush)
    assert (talk.place, talk.now.before, talk.said) == (before.place, before.before, "")
    assert talk.do(Undone()).effects == ()


def test_a_call_for_the_caregiver_is_loud_and_says_that_it_is_only_a_sound(talk: Talk) -> None:
    talk.press("command:call")
    assert isinstance(talk.last(Alarm), Alarm)
    assert "only make this sound" in talk.said
    assert "phone" in talk.said


def test_what_is_asked_most_is_offered_but_groups_are_read_out(world: World) -> None:
    talk = Talk(replace(world, asked_most=("cramps",))).start()
    assert talk.ask("menu").view.items[0].id == "topic:cramps"
    assert talk.world.topics["cramps"].title not in talk.said


# ---- whatever happens

TEXTS = [
    "stop", "yes", "no", "one", "two", "three", "four", "none", "more", "back", "menu", "next", "repeat", "slower",
    "faster", "louder", "softer", "normal", "help", "help me", "i can't breathe", "i want to die", "pause", "go on",
    "source", "caregivers", "not that", "stop listening", "wake up", "cancel", "", "tell me about cramps", "D 3",
]  # fmt: skip
TOPICS = ["cramps", "oxygen", "life-expectancy", "do-they-work", "choking", "suicidal-thoughts"]
rankings = st.one_of(
    st.just(NOTHING),
    st.builds(
        lambda topics, first: meaning(*topics, probability=first, rest=(1 - first) / 8),
        st.lists(st.sampled_from(TOPICS), min_size=1, max_size=4, unique=True),
        st.floats(0.05, 1.0),
    ),
)
PICKS = [
    "topic:cramps",
    "group:breathing",
    "command:more",
    "command:settings",
    "command:switch test",
    "command:ladder",
    "command:call",
    "command:stop",
    "topic:gone",
    "nonsense",
    "",
]
back_in_time = st.integers(0, 3)
"""0: the number that is current; more: an older one."""


OTHERS: dict[str, AnyEvent] = {
    "trouble": Troubled("microphone", "The microphone is gone."),
    "start": Started(),
    "undone": Undone(),
    "tested": Tested((("scan_step_s", 2.0),), 1.3, 15.0),
}


@st.composite
def moves(draw: st.DrawFn) -> tuple[str, str, Ranking, int]:
    kind = draw(st.sampled_from(["heard", "heard", "typed", "press", "pick", "spoken", "ticked", "began", *OTHERS]))
    return kind, draw(st.sampled_from(TEXTS + PICKS)), draw(rankings), draw(back_in_time)


def as_event(move: tuple[str, str, Ranking, int], now: Conversation) -> AnyEvent:
    kind, text, ranking, back = move
    heard = (text,) if text else ()
    match kind:
        case "heard":
            return Heard(heard, ranking, "vosk", max(1, now.listening - back))
        case "typed":
            return Heard(heard, ranking)
        case "press":
            return Pressed(text if ":" in text else "")
        case "pick":
            return Picked(text)
        case "spoken":
            return Spoken(max(1, now.speaking - back))
        case "ticked":
            return Ticked(max(1, now.speaking - back))
        case "began":
            return SpeechBegan(max(1, now.listening - back))
        case _:
            return OTHERS[kind]


many_moves = st.lists(moves(), max_size=25)
thorough = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


starts = st.builds(
    Conversation,
    barge_in=st.sampled_from(["commands", "full"]),
    tones=st.booleans(),
    keeps_misses=st.booleans(),
    pauses_s=st.sampled_from([(), (1.4,) * 10]),
)
by_switch = st.builds(
    Conversation,
    listens=st.just("switch"),
    tones=st.booleans(),
    pace=st.sampled_from([Pace(), Pace(patience_s=None)]),
    pauses_s=st.sampled_from([(), (1.4,) * 10]),
)


@thorough
@given(starts, many_moves)
def test_something_can_always_wake_the_conversation(
    world: World, start: Conversation, story: list[tuple[str, str, Ranking, int]]
) -> None:
    talk = Talk(world, start).do(Started())
    for move in story:
        talk.do(as_event(move, talk.now))
        assert talk.listen.number == talk.now.listening > 0
        if talk.now.speaking:
            assert any(isinstance(e, Wait) and e.number == talk.now.speaking for e in talk.past)
            assert any(isinstance(e, Say) and e.number == talk.now.speaking for e in talk.past)


@thorough
@given(starts | by_switch, many_moves)
def test_one_press_or_the_word_stop_brings_silence_from_anywhere(
    world: World, start: Conversation, story: list[tuple[str, str, Ranking, int]]
) -> None:
    talk = Talk(world, start).do(Started())
    for move in story:
        talk.do(as_event(move, talk.now))
    sounding = talk.now.speaking or isinstance(talk.place, Urgent)
    for silence in (Pressed("topic:cramps"), Heard(("stop",), meaning("pain"), "vosk", talk.now.listening)):
        _, effects = step(world, talk.now, silence)
        if sounding:
            assert isinstance(effects[0], Hush)
            assert not any(isinstance(effect, (Say, Alarm)) for effect in effects)


@thorough
@given(many_moves, st.integers(1, 50))
def test_what_comes_too_late_changes_nothing(
    world: World, story: list[tuple[str, str, Ranking, int]], late: int
) -> None:
    talk = Talk(world).do(Started())
    for move in story:
        talk.do(as_event(move, talk.now))
    for event in (Spoken(late), Ticked(late), SpeechBegan(late), Heard(("yes",), NOTHING, "vosk", late)):
        if late not in (talk.now.speaking, talk.now.listening):
            assert step(world, talk.now, event) == (talk.now, ())


@thorough
@given(starts | by_switch, many_moves)
def test_new_words_never_run_into_old_ones(
    world: World, start: Conversation, story: list[tuple[str, str, Ranking, int]]
) -> None:
    talk = Talk(world, start).do(Started())
    for move in story:
        speaking = talk.now.speaking
        talk.do(as_event(move, talk.now))
        kinds = [type(effect) for effect in talk.effects]
        if Say in kinds:
            assert kinds.count(Say) == 1
            if speaking and not isinstance(as_event(move, talk.now), (Spoken, Ticked)):
                assert Hush in kinds[: kinds.index(Say)]


@thorough
@given(starts, many_moves)
def test_an_opened_ear_is_told_what_it_may_hear(
    world: World, start: Conversation, story: list[tuple[str, str, Ranking, int]]
) -> None:
    talk = Talk(world, start).do(Started())
    for move in story:
        talk.do(as_event(move, talk.now))
        assert isinstance(talk.listen, Listen)
        assert "stop" in talk.listen.words
        assert talk.listen.closed or not talk.now.speaking or talk.now.barge_in == "full"


@thorough
@given(by_switch, many_moves)
def test_where_a_press_opens_the_ear_it_is_open_or_a_press_opens_it(
    world: World, start: Conversation, story: list[tuple[str, str, Ranking, int]]
) -> None:
    talk = Talk(world, start).do(Started())
    for move in story:
        talk.do(as_event(move, talk.now))
        ears = [effect for effect in talk.past if isinstance(effect, (Listen, Ignore))]
        last = ears[-1].number if ears and isinstance(ears[-1], Listen) else 0
        assert last == talk.now.listening
        if talk.now.speaking and not isinstance(talk.place, Urgent):
            assert last == 0
    for _ in range(4):
        if talk.now.listening and not talk.now.speaking:
            return
        talk.press().finish()
    pytest.fail("four presses and nobody listens")


@thorough
@given(st.lists(st.sampled_from(TEXTS), max_size=20))
def test_a_person_is_asked_to_say_it_again_once_and_then_only_listened_to(world: World, texts: list[str]) -> None:
    again = {world.content.prompts.variants("unheard")[turn] for turn in range(2)}
    talk = Talk(world).start()
    for text in texts:
        talk.ask(text).finish()
    asked = 0
    for _ in range(5):
        asked += talk.ask("").said in again
        talk.finish()
    assert asked <= 1


def test_a_topic_picked_after_a_question_that_led_nowhere_is_learned_from_it(world: World) -> None:
    conversation, _ = step(world, Conversation(listening=1), Heard(("blurred words",), NOTHING, "test", 1))
    assert conversation.unmet == ("blurred words",)
    conversation, effects = step(world, conversation, Picked("topic:cramps"))
    assert Learn(("blurred words",), "cramps", right=True) in effects
    _, effects = step(world, conversation, Picked("topic:cramps"))
    assert not [e for e in effects if isinstance(e, Learn)], "once is enough"


def test_what_was_learned_is_looked_up_and_told(world: World) -> None:
    for words, wanted in (("what have you learned", Recall("list")), ("forget that", Recall("undo"))):
        conversation, effects = step(world, Conversation(), Heard((words,), NOTHING))
        assert wanted in effects
    conversation, effects = step(world, conversation, Recalled("unlearned", (("topic", "Cramps"),)))
    assert "Forgotten: Cramps." in [e.text for e in effects if isinstance(e, Say)]


def test_a_question_that_comes_before_the_greeting_is_not_talked_over(world: World) -> None:
    conversation, _ = step(world, Conversation(), Heard(("cramps",), meaning("cramps")))
    assert step(world, conversation, Started()) == (conversation, ())
