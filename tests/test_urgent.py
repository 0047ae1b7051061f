"""Words of need: found anywhere in what was said, and not in calm questions."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.choices import World
from assistant.urgent import UrgentWords

WORDINGS = [
    tuple(line.split("\t"))
    for line in Path(__file__).with_name("urgent_wordings.txt").read_text("utf-8").splitlines()
    if "\t" in line and not line.startswith("#")
]

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
    ("he has fallen out of bed and his peg has fallen out", "fall-now"),
    ("my peg has fallen out and I have fallen", "fall-now"),
    ("fallen out of bed", "fall-now"),
    ("the trach has fallen out", "sudden-breathlessness"),
    ("my mask's fallen off", "sudden-breathlessness"),
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
    "the peg has fallen out",
    "and it's fallen out",
    "my peg's fallen out",
    "her feeding tube has fallen out",
    "my hair has fallen out",
    "his glasses have fallen off",
    "the remote has fallen on the floor",
    "how do i get up from the sofa",
]


@pytest.mark.parametrize(("said", "topic"), NEED)
def test_need_is_found(world: World, said: str, topic: str) -> None:
    assert world.urgent.find((said,)) == topic


@pytest.mark.parametrize("said", CALM)
def test_a_calm_question_is_left_alone(world: World, said: str) -> None:
    assert world.urgent.find((said,)) is None


@pytest.mark.parametrize(("topic", "said"), [pair for pair in WORDINGS if pair[0] != "calm"])
def test_every_wording_of_need_is_found(world: World, topic: str, said: str) -> None:
    assert topic in {*world.topics, "call"}
    assert world.urgent.find((said,)) is not None


@pytest.mark.parametrize("said", [said for topic, said in WORDINGS if topic == "calm"])
def test_calm_talk_with_the_same_words_is_left_alone(world: World, said: str) -> None:
    assert world.urgent.find((said,)) is None


@pytest.mark.parametrize(
    ("form", "said", "found"),
    [
        ("can not ... breathe", "i can't breathe", True),
        ("can not ... breathe", "i can't seem to breathe", True),
        ("can not ... breathe", "i can't see how anybody could breathe", False),
        ("=air=", "air", True),
        ("=air=", "um, air please", True),
        ("=air=", "air travel", False),
        ("help me=", "somebody help me", True),
        ("help me=", "help me bake", False),
        ("suicid*", "suicidal", True),
        ("=can .... help=", "can a very soft collar help", True),
        ("=can .... help=", "i can help", False),
        ("...help=", "the battery is dead help", True),
        ("...help=", "help", False),
        ("i fell", "i fellow", False),
    ],
)
def test_forms_may_have_gaps_ends_and_open_words(tmp_path: Path, form: str, said: str, *, found: bool) -> None:
    (tmp_path / "urgent.txt").write_text(f"call: {form}\n", "utf-8")
    assert (UrgentWords.read(tmp_path / "urgent.txt").find((said,)) == "call") is found


def test_a_calm_best_guess_of_some_length_is_believed(world: World) -> None:
    assert world.urgent.find(("is choking common in als", "is choking comment in als"), heard=True) is None
    assert world.urgent.find(("is choking", "is choking common in als"), heard=True) == "choking"
    assert world.urgent.find(("is choking a", "is choking"), heard=True) == "choking"


def test_a_lesser_guess_of_many_words_is_no_cry(world: World) -> None:
    assert world.urgent.find(("give me a nerve", "give me out", "give me air"), heard=True) is not None
    assert world.urgent.find(("my tooth hurts", "tooth hurts", "and then he said help me"), heard=True) is None
    assert world.urgent.find(("which exercise helps", "we do exercises help"), heard=True) is None


def test_need_in_the_third_guess_still_counts(world: World) -> None:
    assert world.urgent.find(("i can breathe", "i can breed", "i can't breathe")) == "sudden-breathlessness"


def test_the_lesser_guesses_of_a_long_sentence_do_not_count(world: World) -> None:
    long = "how much money do i have been checking"
    assert world.urgent.find((long, "how much money do i have am choking")) is None
    assert world.urgent.find(("how much money do i have am choking", long)) == "choking"


def test_in_a_long_sentence_that_was_heard_only_telling_cries_count(world: World) -> None:
    garbled = "i want no air my reminder what could you do not me walk thirty percent or two hundred"
    assert world.urgent.find((garbled,), heard=True) is None
    assert world.urgent.find((garbled,)) == "sudden-breathlessness"
    true = "oh my god somebody has to come in here right away because i can't breathe any more at all"
    assert world.urgent.find((true,), heard=True) == "sudden-breathlessness"


def test_in_a_long_sentence_that_was_heard_a_second_guess_must_have_the_cry_too(world: World) -> None:
    begin = "and then we went to the shop with them all because "
    cry, other, alike = (begin + end for end in ("i can't breathe now", "again agree now", "oh i can't breathe now"))
    assert world.urgent.find((cry, other, other + " on"), heard=True) is None
    assert world.urgent.find((cry, other, alike), heard=True) == "sudden-breathlessness"
    assert world.urgent.find((cry,), heard=True) == "sudden-breathlessness"
    assert world.urgent.find((cry, other)) == "sudden-breathlessness"
    assert world.urgent.find(("i can't breathe", "again agree", "agree"), heard=True) == "sudden-breathlessness"


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


@pytest.mark.parametrize(
    ("text", "beside"),
    [
        ("i can't breathe", 0),
        ("oh please i um can't breathe", 0),
        ("my husband is choking", 2),
        ("will i suffocate", None),
        ("what is als", None),
        ("", None),
        (" ".join(["well"] * 12) + " no air", None),
    ],
)
def test_words_beside_a_cry_are_counted(world: World, text: str, beside: int | None) -> None:
    assert world.urgent.words_beside(text) == beside


@given(st.text("abcdefghinorstuwy '", max_size=60), st.sampled_from(["help me", "no air", "call an ambulance"]))
def test_where_there_is_a_cry_words_can_be_counted(world: World, text: str, cry: str) -> None:
    for said in (text, f"{text} {cry}", f"{cry} {text}"):
        beside = world.urgent.words_beside(said)
        assert (beside is None) == (world.urgent.find((said,), heard=True) is None)
        assert beside is None or 0 <= beside < len(said.split()) * 3


@pytest.mark.parametrize(
    ("hypotheses", "likely", "found"),
    [
        (("come quit", "come quick"), (), None),
        (("come quit",), ("come quick",), "call"),
        (("come quick",), (), "call"),
        (("is choking common in als",), ("is choking",), None),
        (("come quit", "come quick"), None, "call"),
        ((), ("come quick",), "call"),
    ],
)
def test_where_the_sound_was_looked_at_lesser_guesses_do_not_count(
    world: World, hypotheses: tuple[str, ...], likely: tuple[str, ...] | None, found: str | None
) -> None:
    assert world.urgent.find(hypotheses, heard=True, likely=likely) == found


UNSEEN_FOUND = 0.75
"""In docs/benchmarks-urgent.md it is .77."""


def test_wordings_that_nobody_learned_from_are_mostly_found_and_calm_ones_left_alone(world: World) -> None:
    """Counted only, so that no wording is learned from it by the way."""
    lines = Path(__file__).with_name("urgent_unseen.txt").read_text("utf-8").splitlines()
    said = [line.split("\t") for line in lines if "\t" in line]
    found = {
        kind: [world.urgent.find((text,)) is not None for topic, text in said if (topic == "calm") == kind]
        for kind in (False, True)
    }
    print(f"found {sum(found[False])} of {len(found[False])}, false alarms {sum(found[True])} of {len(found[True])}")
    assert sum(found[False]) >= UNSEEN_FOUND * len(found[False])
    assert sum(found[True]) == 0
