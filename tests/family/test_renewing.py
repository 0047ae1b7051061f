"""What the family adds counts at once, in the running conversation."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.choices import World
from assistant.dialogue import step
from assistant.events import Keep, Picked, Renewed, Show
from assistant.family.editing import PersonForm, RegionForm, Remove, TopicForm
from assistant.places import Answer, Asleep, Conversation, Menu, Ready, Urgent
from assistant.profile import Settings
from assistant.renewing import open_family
from assistant.running import Wanted, build


def test_a_running_conversation_answers_with_what_was_just_added_and_forgets_what_was_taken_away() -> None:
    app, _ = build(Settings(), Wanted(hears=False, speaks=False, page=False))
    shown: list[Show] = []
    heard: list[World] = []
    app.renewed = heard.append
    kept: list[Keep] = []
    app.screens.append(shown.append)
    family = open_family(app, Settings(), None, kept.append)

    def turn() -> Show:
        while app.turn(0.05) and app.conversation.number < 0:
            pass
        return shown[-1]

    assert family.take(TopicForm("Our remote", "where is the clicker", "It is on the shelf.")).saved
    assert "group:family" in [item.id for item in turn().items]
    assert "own-1" in heard[-1].topics
    app.heard(("where is the clicker",))
    assert "It is on the shelf." in turn().text
    assert family.take(PersonForm("Maria", "our night nurse")).saved
    turn()
    assert family.take(Remove(1)).saved
    assert turn().title == ""
    assert isinstance(app.conversation.place, Ready)
    app.put(Picked("topic:own-1"))
    turn()
    assert isinstance(app.conversation.place, Ready)
    assert family.take(RegionForm("uk")).saved
    turn()
    assert kept == [Keep("region", "uk")]
    app.put(Picked("topic:choking"))
    assert "nine nine nine" in turn().text
    app.close()


GONE = Renewed(("cramps",), "us")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (Answer("cramps"), Ready()),
        (Menu("body"), Ready()),
        (Asleep(Answer("cramps")), Asleep(Ready())),
        (Urgent("choking"), Urgent("choking")),
    ],
)
def test_nothing_leads_to_a_topic_that_is_gone(world: World, before: object, after: object) -> None:
    left = {name: topic for name, topic in world.topics.items() if name != "cramps"}
    smaller = World(replace(world.content, topics=left), world.commands, world.urgent, world.bands, book=world.book)
    talk = Conversation(place=before, before=(Answer("cramps"),), last_answer="cramps")  # type: ignore[arg-type]  # a place
    talk, _ = step(smaller, talk, GONE)
    assert (talk.place, talk.before, talk.last_answer) == (after, (), "")
    for item in ("command:back", "command:last", "command:repeat", "topic:cramps"):
        step(smaller, talk, Picked(item))


def test_what_stays_is_not_disturbed(world: World) -> None:
    talk = Conversation(place=Answer("cramps"), before=(Menu("body"),), speaking=3, last_text="Stretch.")
    after, effects = step(world, talk, Renewed((), "uk"))
    assert (after.place, after.before, after.speaking, after.region) == (talk.place, talk.before, 3, "uk")
    assert [type(effect) for effect in effects if not isinstance(effect, Show)] in ([], [type(effects[0])])
