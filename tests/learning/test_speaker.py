"""One person's memory on the real content, matcher and conversation."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.choices import World
from assistant.commands import NUMBERS
from assistant.dialogue import step
from assistant.events import Heard, Learn, Started
from assistant.learning.features import pattern
from assistant.learning.speaker import LearnedThing, SpeakerMemory
from assistant.matching import Matcher, decide
from assistant.places import Answer, Choose, Confirm, Conversation
from assistant.profile import Settings
from tests.learning.sounds import heard, tried


@pytest.fixture
def memory(world: World, matcher: Matcher, tmp_path: Path) -> SpeakerMemory:
    return SpeakerMemory(world, matcher, tmp_path, "person", lambda: 1_800_000_000.0)


def teach(memory: SpeakerMemory, item: str, text: str) -> None:
    memory.voice.taught(item, tuple(heard(text, take) for take in (1, 2, 3)))


def outcome(memory: SpeakerMemory, world: World, texts: tuple[str, ...], sound: bytes = b"") -> str:
    found = decide(memory.understand(texts, sound)[1], world.bands)
    return f"{found.kind} {found.topics[0].topic}" if found.topics else found.kind


def test_misheard_words_are_understood_after_confirmations_through_the_conversation(
    memory: SpeakerMemory, world: World
) -> None:
    conversation: Conversation = step(world, Settings().conversation(), Started())[0]
    asked_back = False
    for _ in range(4):
        conversation = turn(memory, world, conversation, "grand pa sticks")
        match conversation.place:
            case Answer(topic="cramps"):
                break
            case Confirm(topic="cramps"):
                asked_back = True
                conversation = turn(memory, world, conversation, "yes")
            case Choose(options=options) if "cramps" in options:
                conversation = turn(memory, world, conversation, NUMBERS[options.index("cramps")])
            case _:  # found in the list, which is a confirmation too
                memory.learn(Learn(("grand pa sticks",), "cramps", right=True))
    assert asked_back
    place = turn(memory, world, conversation, "grand pa sticks").place
    assert isinstance(place, Answer)
    assert place.topic == "cramps"


def turn(memory: SpeakerMemory, world: World, conversation: Conversation, text: str) -> Conversation:
    texts, ranking = memory.understand((text,))
    conversation, effects = step(world, conversation, Heard(texts, ranking))
    for effect in effects:
        if isinstance(effect, Learn):
            memory.learn(effect)
    return conversation


def test_a_taught_trigger_answers_where_the_words_are_wrong_or_missing(memory: SpeakerMemory, world: World) -> None:
    teach(memory, "topic:cramps", "cramps")
    teach(memory, "topic:oxygen", "oxygen")
    assert outcome(memory, world, ("grand pa",), tried("cramps", 7)) in ("answer cramps", "confirm cramps")
    texts, _ = memory.understand((), tried("oxygen", 7))
    assert texts == ("oxygen",)
    assert outcome(memory, world, (), tried("oxygen", 7)) in ("answer oxygen", "confirm oxygen")
    assert memory.understand((), b"") == ((), memory._matcher.rank(()))


def test_a_trigger_of_ones_own_stops_it_even_if_the_words_say_otherwise(memory: SpeakerMemory) -> None:
    teach(memory, "command:stop", "bah bah bah")
    teach(memory, "topic:cramps", "cramps")
    texts, _ = memory.understand(("baba",), tried("bah bah bah", 8))
    assert texts[0] == "stop"
    assert memory.understand(("louder",), tried("bah bah bah", 8))[0] == ("louder",)


def test_a_cry_for_help_is_never_taken_for_a_trigger(memory: SpeakerMemory) -> None:
    teach(memory, "topic:cramps", "i can't breathe")
    texts, ranking = memory.understand(("i can't breathe",), tried("i can't breathe", 8))
    assert texts == ("i can't breathe",)
    assert ranking == memory._matcher.rank(("i can't breathe",))


def test_confirmed_turns_teach_words_and_sound_and_are_undone_together(memory: SpeakerMemory) -> None:
    texts, _ = memory.understand(("grand pa",), tried("cramps", 1))
    memory.understand(("yes",), tried("yes", 1))
    memory.learn(Learn(texts, "cramps", right=True))
    assert set(memory.listed()) == {
        LearnedThing("topic:cramps", "", direct=True),
        LearnedThing("topic:cramps", "grand pa", direct=False),
    }
    assert memory.undo() == "cramps"
    assert memory.listed() == ()
    assert memory.undo() == ""


def test_a_stand_in_for_missing_words_is_not_learned_as_words(memory: SpeakerMemory) -> None:
    teach(memory, "topic:oxygen", "oxygen")
    texts, _ = memory.understand((), tried("oxygen", 7))
    memory.learn(Learn(texts, "oxygen", right=True))
    assert [thing.text for thing in memory.listed()] == [""]


def test_one_persons_memory_is_not_anothers(
    memory: SpeakerMemory, world: World, matcher: Matcher, tmp_path: Path
) -> None:
    teach(memory, "topic:cramps", "cramps")
    memory.learn(Learn(("grand pa",), "cramps", right=True))
    caregiver = SpeakerMemory(world, matcher, tmp_path, "caregiver", lambda: 1_800_000_000.0)
    assert caregiver.listed() == ()
    caregiver.learn(Learn(("grand pa",), "oxygen", right=True))
    caregiver.forget("oxygen")
    again = SpeakerMemory(world, matcher, tmp_path, "person", lambda: 1_800_000_000.0)
    assert again.listed() == memory.listed()


def test_a_topic_is_forgotten_in_words_sounds_and_habits_and_in_every_file(
    memory: SpeakerMemory, tmp_path: Path
) -> None:
    teach(memory, "topic:cramps", "cramps")
    texts, before = memory.understand(("grand pa",))
    memory.learn(Learn(texts, "cramps", right=True))
    assert memory.undo() == "cramps"
    memory.understand(("grand pa",))
    memory.learn(Learn(texts, "cramps", right=True))
    assert memory.listed()
    memory.forget("cramps")
    assert memory.listed() == ()
    assert memory.undo() == ""
    assert memory.understand(("grand pa",))[1] == before
    for path in tmp_path.glob("learned-*.json"):
        assert b"cramps" not in path.read_bytes(), path.name


def test_typed_questions_are_ranked_as_ever(memory: SpeakerMemory, matcher: Matcher) -> None:
    teach(memory, "topic:oxygen", "oxygen")
    assert memory.understand(("what helps with cramps",))[1] == matcher.rank(("what helps with cramps",))
    assert pattern(b"") is None
