"""Words of need: found anywhere in what was said, and not in calm questions."""

from __future__ import annotations

import pytest

from assistant.choices import World

NEED = [
    ("I can't breathe", "sudden-breathlessness"),
    ("he cannot breathe", "sudden-breathlessness"),
    ("please she can not get any air no air", "sudden-breathlessness"),
    ("i can't breathe when i lie flat", "sudden-breathlessness"),
    ("i am choking", "choking"),
    ("my wife is choking on her food", "choking"),
    ("something is stuck in her throat", "choking"),
    ("i want to die", "suicidal-thoughts"),
    ("i don't want to live any more", "suicidal-thoughts"),
    ("I'm thinking about suicide", "suicidal-thoughts"),
    ("she wants to kill herself", "suicidal-thoughts"),
    ("i fell", "fall-now"),
    ("he has fallen out of bed", "fall-now"),
    ("help me", "call"),
    ("help help", "call"),
    ("somebody help me please", "call"),
    ("this is an emergency", "call"),
    ("call an ambulance", "call"),
    ("the ventilator has stopped", "call"),
]
CALM = [
    "help",
    "can a breathing machine help me",
    "what can help me sleep",
    "could stem cells help me",
    "how can i eat without choking",
    "will i choke to death",
    "what should i tell the ambulance crew",
    "what do emergency room doctors need to know",
    "who do i call with questions",
    "how do i stop falling",
    "why did i fall ill",
    "my breathing is getting weak",
    "help me get ready for the appointment",
    "how will i die",
    "is there hope",
    "how do i get up from the sofa",
]


@pytest.mark.parametrize(("said", "topic"), NEED)
def test_need_is_found(world: World, said: str, topic: str) -> None:
    assert world.urgent.find((said,)) == topic


@pytest.mark.parametrize("said", CALM)
def test_a_calm_question_is_left_alone(world: World, said: str) -> None:
    assert world.urgent.find((said,)) is None


def test_need_in_the_third_guess_still_counts(world: World) -> None:
    assert world.urgent.find(("i can breathe", "i can breed", "i can't breathe")) == "sudden-breathlessness"


def test_no_everyday_question_of_a_calm_topic_sounds_an_alarm(world: World) -> None:
    alarms = {
        (topic.id, question): found
        for topic in world.topics.values()
        for question in topic.questions
        if not topic.urgent and (found := world.urgent.find((question,)))
    }
    allowed = {topic for topic, _ in alarms} & {
        "lying-flat",
        "easing-breathlessness",
        "caregiver-strain",
        "sadness",
    }
    assert {topic for topic, _ in alarms} == allowed, alarms


def test_every_urgent_phrase_leads_to_a_topic_there_is(world: World) -> None:
    assert {topic for topic, _ in world.urgent.urgent} <= {*world.topics, "call"}
