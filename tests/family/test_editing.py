"""What a family types: taken as it is or refused beside the field, and never in the way of a cry for help."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.book import BookOrder, book_html
from assistant.choices import World, items
from assistant.family import Copies, Family
from assistant.family.editing import (
    Editing,
    Form,
    Outcome,
    PersonForm,
    RegionForm,
    Remove,
    Restore,
    TopicForm,
    WaysForm,
)
from assistant.family.model import spoken_number
from assistant.matching import Matcher, normalise
from assistant.places import Menu, Ready
from assistant.profile import Settings, home
from assistant.startup import load_world, make_matcher
from assistant.topics import content_folder
from tests.switching import Stage

NURSE = TopicForm(
    "Our night nurse",
    "When does the night helper come?\nIs Maria coming tonight?",
    "Maria is here at night. She comes at ten in the evening and stays until six. Ring the bell and she will come",
    more="She can turn you in bed.",
    caregivers="Her number is on the fridge.",
)
MARIA = PersonForm("Maria", "our night nurse", "+1 555 0123")


class Desk:
    """A family's page without the page."""

    def __init__(self, world: World, matcher: Matcher) -> None:
        self.counted: list[Family] = []
        self.minute = 0
        self.editing = Editing(
            home(),
            lambda: world,
            lambda _: matcher,
            lambda family, _: self.counted.append(family),
            lambda: "us",
            self.now,
        )

    def now(self) -> datetime:
        self.minute += 1
        return datetime(2026, 11, 24, 9, self.minute % 60)  # noqa: DTZ001 - a wall clock

    def take(self, form: Form) -> Outcome:
        return self.editing.take(form)

    def family(self) -> Family:
        found, troubles = Copies(home()).read()
        assert not troubles
        return found[0].family if found else Family()

    def faults(self, form: Form) -> dict[str, str]:
        """Errors by field."""
        outcome = self.take(form)
        assert not outcome.saved
        return {fault.field: fault.sentence for fault in outcome.faults if fault.level == "error"}


@pytest.fixture(autouse=True)
def quick_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waiting for the disk is not what is tested here."""
    monkeypatch.setattr("os.fsync", lambda _: None)


@pytest.fixture
def desk(world: World, matcher: Matcher) -> Desk:
    return Desk(world, matcher)


def test_an_own_topic_is_in_the_lists_found_by_voice_and_in_the_book(desk: Desk) -> None:
    assert desk.take(NURSE).saved
    world, problems = load_world(Settings())
    assert problems == []
    assert [item.label for item in items(world, Ready()) if item.id == "group:family"] == ["Our own answers"]
    (topic,) = world.in_group("family")
    assert (topic.code, topic.title, topic.short[-1]) == ("M1", "Our night nurse", ".")
    assert items(world, Menu("family"))[0].id == "topic:own-1"
    assert world.names[normalise("m 1")] == "topic:own-1"
    matcher = make_matcher(world)
    assert matcher.rank(("is maria coming tonight",)).candidates[0].topic == "own-1"
    assert "M1" in book_html(world.content, content_folder(), BookOrder(groups=("family",)))


def test_names_and_numbers_can_be_asked_for_and_are_read_figure_by_figure(desk: Desk) -> None:
    assert desk.take(MARIA).saved
    world, _ = load_world(Settings())
    assert "plus one, five five five, zero one two three." in world.topics["person-1"].short
    matcher = make_matcher(world)
    for asked in ("who is maria", "maria", "what is maria's number", "how do i reach maria"):
        best = matcher.rank((asked,)).candidates[0]
        assert (best.topic, best.probability > 0.8) == ("person-1", True)
    assert spoken_number("(030) 12-34") == "zero three zero, one two, three four"


def test_own_ways_to_ask_lead_to_the_topic_that_is_there(desk: Desk) -> None:
    assert desk.take(WaysForm("cramps", "the charley horse\nleg grabs")).saved
    world, _ = load_world(Settings())
    assert world.topics["cramps"].questions[-2:] == ("the charley horse", "leg grabs")
    assert make_matcher(world).rank(("leg grabs",)).candidates[0].topic == "cramps"
    assert desk.take(WaysForm("cramps", "")).saved
    assert desk.family().ways == ()


@pytest.mark.parametrize(
    "way",
    [
        "I can't breathe",
        "help me please",
        "stop",
        "slower",
        "say it again",
        "D3",
        "m 5",
        "stop talking",
        "call my caregiver",
    ],
)
def test_words_of_need_commands_and_codes_are_never_taken(desk: Desk, way: str) -> None:
    assert way in desk.faults(TopicForm("Our remote", way, "It is on the shelf."))["ways"]
    assert "ways" in desk.faults(WaysForm("cramps", way))
    assert desk.counted == []


def test_every_urgent_phrase_is_refused_as_a_way_and_as_a_name(desk: Desk, world: World) -> None:
    for phrase in world.urgent.clearest:
        assert "ways" in desk.faults(TopicForm("Our remote", phrase, "It is on the shelf."))
    assert "name" in desk.faults(TopicForm("I am choking", "the remote", "It is on the shelf."))
    assert "name" in desk.faults(PersonForm("Help", "our nurse"))


def test_an_urgent_topic_is_neither_changed_nor_shadowed(desk: Desk, world: World, matcher: Matcher) -> None:
    for topic in world.topics.values():
        if topic.urgent:
            assert "can not be changed" in desk.faults(WaysForm(topic.id, "the gurgle"))["topic"]
    near = [
        way
        for topic in world.topics.values()
        for way in (topic.questions if topic.urgent else ())
        if world.urgent.find((way,)) is None and matcher.rank((way,)).candidates[0].topic == topic.id
    ]
    assert near
    for way in near[:10]:
        assert "ways" in desk.faults(TopicForm("Our remote", way, "It is on the shelf."))
        assert "ways" in desk.faults(TopicForm("Our remote", f"please {way}", "It is on the shelf."))


def test_what_already_leads_somewhere_is_not_taken_away_from_there(desk: Desk) -> None:
    faults = desk.faults(TopicForm("Cramp stretches", "How do I stop a cramp?", "Ask Maria."))
    assert "already leads to “Muscle cramps”" in faults["ways"]
    desk.take(NURSE)
    assert "Our night nurse" in desk.faults(WaysForm("cramps", "is maria coming tonight"))["ways"]
    assert "taken" in desk.faults(PersonForm("our night nurse", "our nurse"))["name"]


def test_errors_stand_beside_their_field_in_plain_words_and_advice_does_not_hinder(desk: Desk) -> None:
    assert set(desk.faults(TopicForm("", "", ""))) == {"name", "ways", "answer"}
    assert set(desk.faults(PersonForm("A very long name indeed", "", "call me"))) == {"name", "who", "phone"}
    faults = desk.faults(TopicForm("Our pills", "which pills today", "Take 5mg of the blue one & rest (always)."))
    assert set(faults) == {"answer"}
    assert "can not" in desk.faults(TopicForm("Our pills", "which pills today", "Take <b>one</b> pill."))["answer"]
    long = "We have a very long sentence here that goes on and on and on until nobody can follow it at all."
    outcome = desk.take(TopicForm("Our garden", "what grows in the garden", long))
    assert outcome.saved
    assert [fault.field for fault in outcome.faults if fault.level == "advice"]


def test_what_is_taken_away_keeps_its_number_free_for_the_book(desk: Desk) -> None:
    desk.take(NURSE)
    desk.take(MARIA)
    desk.take(Remove(1))
    desk.take(PersonForm("Anna", "your daughter"))
    assert [one.number for one in desk.family().entries] == [2, 3]
    desk.take(PersonForm("Anne", "your daughter", number=3))
    assert [one.name for one in desk.family().people] == ["Maria", "Anne"]


def test_the_last_change_is_undone_and_undone_again(desk: Desk) -> None:
    desk.take(NURSE)
    desk.take(Remove(1))
    assert desk.take(Restore()).saved
    assert [own.name for own in desk.family().topics] == ["Our night nurse"]
    desk.take(Restore())
    assert desk.family().topics == ()
    assert desk.counted[-1] == desk.family()
    assert desk.take(Restore("../..")).trouble
    first = desk.editing.state()["copies"][-1]["name"]  # type: ignore[index]  # a list of dictionaries
    assert desk.take(Restore(first)).saved
    assert len(desk.family().topics) == 1


def test_the_first_change_can_be_undone_too(desk: Desk) -> None:
    assert not desk.take(Restore()).saved
    desk.take(NURSE)
    desk.take(Restore())
    assert desk.family().entries == ()


def test_the_region_is_one_that_is_known(desk: Desk) -> None:
    assert "region" in desk.faults(RegionForm("atlantis"))
    assert desk.take(RegionForm("uk")).saved
    assert desk.counted[-1].region == "uk"


def test_when_nothing_else_can_take_effect_it_is_saved_and_said(world: World, matcher: Matcher) -> None:
    def fails(*_: object) -> None:
        raise RuntimeError

    editing = Editing(home(), lambda: world, lambda _: matcher, fails, lambda: "us")
    assert editing.take(NURSE).saved
    assert "when askaloud starts again" in str(editing.state()["trouble"])


anything = st.text(max_size=60)
spoken = st.text("abcXYZ àéñ?!.,'\"-\u2013\u2014:;#*_`<>(){}[]\n\t123\u200b\u00a0", max_size=60)
texts = st.one_of(anything, spoken)


def _tidied(text: str) -> str:
    from assistant.family.rules import tidy

    return tidy(text)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=texts, ways=texts, answer=texts, more=texts)
def test_any_text_reads_back_the_same_or_is_refused_with_a_sentence(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, name: str, ways: str, answer: str, more: str
) -> None:
    monkeypatch.setattr(Editing, "_shadowed", lambda *_: "")
    monkeypatch.setattr(Editing, "_with", lambda *_: None)
    outcome = desk.take(TopicForm(name, ways, answer, more=more))
    if outcome.saved:
        own = desk.family().topics[-1]
        assert own.name == _tidied(name)
        assert list(own.ways) == [line for line in map(_tidied, ways.splitlines()) if line]
        assert [own.answer.rstrip("."), own.more.rstrip(".")] == [
            _joined(answer).rstrip("."),
            _joined(more).rstrip("."),
        ]
        world, problems = load_world(Settings())
        assert problems == []
        assert world.topics[f"own-{own.number}"].short == own.answer
        desk.take(Remove(own.number))
    else:
        assert outcome.trouble or any(fault.sentence for fault in outcome.faults if fault.level == "error")


def _joined(text: str) -> str:
    import re

    lines = [line for line in map(_tidied, text.splitlines()) if line]
    return " ".join(line if re.search(r"[.!?][\"')]*$", line) else f"{line}." for line in lines)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=texts, who=texts, phone=texts, ways=texts)
def test_any_name_and_any_own_way_reads_back_the_same_or_is_refused(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, name: str, who: str, phone: str, ways: str
) -> None:
    monkeypatch.setattr(Editing, "_shadowed", lambda *_: "")
    monkeypatch.setattr(Editing, "_with", lambda *_: None)
    outcome = desk.take(PersonForm(name, who, phone))
    if outcome.saved:
        person = desk.family().people[-1]
        assert (person.name, person.who, person.phone) == (_tidied(name), _tidied(who).rstrip("."), _tidied(phone))
        desk.take(Remove(person.number))
    else:
        assert outcome.trouble or outcome.faults
    outcome = desk.take(WaysForm("cramps", ways))
    if outcome.saved:
        expected = tuple(line for line in map(_tidied, ways.splitlines()) if line)
        assert (desk.family().ways[0].ways if expected else ()) == expected
    else:
        assert outcome.trouble or outcome.faults


def test_the_numbers_are_all_taken_one_day(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.family.model.MOST_NUMBER", 1)
    desk.take(NURSE)
    assert "99" in desk.take(MARIA).trouble


def test_one_switch_reaches_an_own_answer(desk: Desk) -> None:
    desk.take(NURSE)
    stage = Stage(load_world(Settings())[0])
    stage.choose("group:family")
    stage.choose("topic:own-1")
    assert stage.answered[-1][1] == "own-1"
    assert any("Maria is here at night." in text for text in stage.said)
