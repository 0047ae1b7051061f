from __future__ import annotations

from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from assistant.choices import World
from assistant.learning.features import Pattern
from assistant.learning.teaching import COMMANDS, MOST_UNHEARD, Answer, Teaching, Word, lesson, teach
from tests.learning.sounds import heard

FAVOURITES = ("cramps", "oxygen", "riluzole", "hospice")


def words(*says: str) -> tuple[Word, ...]:
    return tuple(Word(f"topic:{say}", say, ("another way",)) for say in says)


class Person:
    """Says what was asked for, as `how` has it."""

    def __init__(self, how: Callable[[str, int], Answer], *, agrees: bool = False) -> None:
        self.how, self.agrees = how, agrees
        self.asked: list[tuple[str, str]] = []
        self.turns = 0

    def say(self, name: str, **fields: str) -> None:
        self.asked.append((name, fields.get("word", "")))

    def listen(self) -> Answer:
        self.turns += 1
        return self.how(self.asked[-1][1], self.turns)

    def agree(self) -> bool:
        return self.agrees


def test_a_lesson_has_ten_commands_and_up_to_ten_topics(world: World) -> None:
    made = lesson(world, [*FAVOURITES, "no-such-topic", *world.topics])
    assert [w.say for w in made.words[:3]] == ["stop", "yes", "no"]
    assert len(made.words) == 20
    assert all(w.others for w in made.words[: len(COMMANDS)])
    assert len({w.item for w in made.words}) == 20


def test_clear_words_said_alike_are_all_good() -> None:
    person = Person(heard)
    done = teach(Teaching(words("cramps", "oxygen", "riluzole")), person.say, person.listen, person.agree)
    assert [f.kind for f in done.findings()] == ["good"] * 3
    assert person.turns == 9
    assert person.asked[-1][0] == "teach end"
    assert set(done.templates().items) == {"topic:cramps", "topic:oxygen", "topic:riluzole"}


def test_a_word_said_differently_each_time_is_unsteady_and_another_way_is_proposed() -> None:
    sounds = {1: "cramps", 2: "where is my daughter", 3: "football", 4: "oxygen", 5: "oxygen", 6: "oxygen"}
    person = Person(lambda _word, turn: heard(sounds[turn], turn))
    done = teach(Teaching(words("cramps", "oxygen")), person.say, person.listen, person.agree)
    found = {f.say: f for f in done.findings()}
    assert (found["cramps"].kind, found["cramps"].proposal) == ("unsteady", "another way")
    assert found["oxygen"].kind == "good"
    assert ("teach unsteady", "cramps") in person.asked


def test_two_words_that_sound_alike_are_confused_and_can_be_taught_anew() -> None:
    def how(word: str, turn: int) -> Answer:
        return heard("oxygen" if word in ("oxygen", "hospice") else "wheelchair ramp", turn)

    person = Person(how, agrees=True)
    done = teach(Teaching(words("oxygen", "hospice")), person.say, person.listen, person.agree)
    assert ("teach confused", "oxygen") in person.asked
    assert "another way" in {w.say for w in done.words}
    assert [f.kind for f in done.findings()] == ["good", "good"]
    assert ("teach confused", "hospice") not in person.asked


def test_any_word_can_be_skipped_and_the_lesson_ended_at_any_time() -> None:
    skipping = Person(lambda word, turn: "skip" if word == "cramps" else heard(word, turn))
    done = teach(Teaching(words("cramps", "oxygen")), skipping.say, skipping.listen, skipping.agree)
    assert done.templates().items == ("topic:oxygen",)
    ending = Person(lambda word, turn: "end" if turn == 3 else heard(word, turn))
    done = teach(Teaching(words("cramps", "oxygen")), ending.say, ending.listen, ending.agree)
    assert (ending.turns, len(done.templates().tries)) == (3, 2)


def test_a_word_that_stays_unheard_is_passed_over() -> None:
    silent = Person(lambda _word, _turn: None)
    done = teach(Teaching(words("cramps", "oxygen")), silent.say, silent.listen, silent.agree)
    assert silent.turns == 2 * MOST_UNHEARD
    assert done.findings() == ()


@given(st.lists(st.sampled_from(["said", "unheard", "skip", "end"]), max_size=40))
def test_every_lesson_comes_to_its_end_and_asks_no_more_than_it_must(answers: list[str]) -> None:
    sound: Pattern = heard("cramps", 1)
    teaching = Teaching(words("cramps", "oxygen", "riluzole"), tries=2)
    for answer in answers:
        before = teaching
        match answer:
            case "said":
                teaching = teaching.heard(sound)
            case "unheard":
                teaching = teaching.heard(None)
            case "skip":
                teaching = teaching.skip()
            case _:
                teaching = teaching.end()
        if before.word is None:
            assert teaching == before
    assert all(len(word.tries) <= 2 for word in teaching.words)
    if len(answers) >= 3 * 2 * MOST_UNHEARD:
        assert teaching.word is None
