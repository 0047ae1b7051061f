"""Cries for help as they are heard while the assistant speaks, and ordinary talk that is none."""

from __future__ import annotations

import pytest

from assistant.choices import World, wanted_words
from assistant.hearing.pocketsphinx import PocketSphinxRecogniser
from assistant.hearing.recogniser import beside
from assistant.places import Conversation
from tests.hearing.sounds import flite

VOICES = ("rms", "slt", "awb")
TALK = (
    "i want to know the time",
    "i want to pay my insurance bill",
    "i want to start calling you bob",
    "i want to go to the garden after lunch",
    "i can not seem to find my phone",
    "i have found the newspaper",
    "help yourself to some cake",
    "she can not come on sunday",
    "i feel like a cup of tea",
    "i wonder if i have enough money for a bike",
)


@pytest.fixture(scope="module")
def recogniser(world: World) -> PocketSphinxRecogniser:
    pytest.importorskip("pocketsphinx")
    return PocketSphinxRecogniser(world.urgent.phrases[:1])


def heard(recogniser: PocketSphinxRecogniser, world: World, sound: bytes) -> tuple[str, ...]:
    recogniser.begin(wanted_words(world, Conversation(speaking=1)), closed=True)
    for at in range(0, len(sound), 1024):
        recogniser.accept(sound[at : at + 1024])
    return recogniser.finish().hypotheses


def test_the_clearest_cries_are_heard_in_every_voice(world: World, recogniser: PocketSphinxRecogniser) -> None:
    said = [(cry, voice) for cry in world.urgent.clearest for voice in VOICES]
    missed = [one for one in said if world.urgent.find(heard(recogniser, world, flite(*one))) is None]
    assert len(missed) <= 0.05 * len(said), missed


def test_what_only_begins_like_a_cry_is_none(world: World, recogniser: PocketSphinxRecogniser) -> None:
    taken = [
        (text, voice)
        for text in TALK
        for voice in VOICES
        if world.urgent.find(heard(recogniser, world, flite(text, voice))) is not None
    ]
    assert taken == []


def test_a_cry_by_list_is_never_dropped_and_other_words_of_the_list_need_a_second_witness() -> None:
    assert beside(("find her own faith", "five"), ("i'm choking",), {"i'm choking"}) == (
        "find her own faith",
        "i'm choking",
        "five",
    )
    assert beside((), ("help me",), {"help me"}) == ("help me",)
    assert beside(("find her own faith",), ("tell me more",), {"help me"}) == ("find her own faith",)
