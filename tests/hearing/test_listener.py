from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence

import pytest

from assistant.hearing.listener import HearingFailed, Listener, Report, SpeechGoesOn, SpeechStarted, Utterance
from assistant.hearing.recogniser import Heard, tidy
from assistant.hearing.turns import FRAME_BYTES

SPEECH, QUIET = b"\x01" * FRAME_BYTES, b"\x00" * FRAME_BYTES


class Notes:
    """A recogniser that says what it was asked for and how much it got."""

    name = "notes"

    def __init__(self) -> None:
        self.words: Sequence[str] | None = None
        self.sound = b""
        self.only = self.closed = False

    def begin(self, words: Sequence[str] | None = None, *, closed: bool = True) -> None:
        self.words, self.only, self.sound = words, closed, b""

    def first_heard(self) -> bool:
        return False

    def accept(self, frames: bytes) -> None:
        self.sound += frames

    def finish(self) -> Heard:
        if self.words == ("break",):
            raise RuntimeError("broken on purpose")
        return Heard((f"{self.words} {self.sound.count(SPEECH)}",), self.name, 0.0)

    def close(self) -> None:
        self.closed = True


class World:
    def __init__(self) -> None:
        self.recogniser = Notes()
        self.reports: list[Report] = []
        self.listener = Listener(self.recogniser, lambda frame: float(frame == SPEECH), self.reports.append)

    def wait(self, done: Callable[[], bool]) -> None:
        until = time.monotonic() + 5
        while not done():
            assert time.monotonic() < until, self.reports
            time.sleep(0.005)

    def utterances(self, count: int) -> list[Utterance]:
        self.wait(lambda: sum(isinstance(r, Utterance) for r in self.reports) >= count)
        return [r for r in self.reports if isinstance(r, Utterance)]


@pytest.fixture
def ear() -> Iterator[World]:
    world = World()
    yield world
    world.listener.close()


def test_speech_is_reported_when_it_begins_and_when_it_is_over(ear: World) -> None:
    ear.listener.listen(7, patience_s=0.3)
    ear.listener.hear(QUIET * 5 + SPEECH * 20 + QUIET * 12)
    (said,) = ear.utterances(1)
    assert ear.reports[0] == SpeechStarted(7)
    assert (said.number, said.why, said.heard.hypotheses) == (7, "silence", ("None 20",))
    assert said.sound.count(SPEECH) == 20


def test_a_sound_long_enough_for_a_press_is_told_once_while_it_lasts_and_a_short_one_is_not(ear: World) -> None:
    ear.listener.listen(7, patience_s=0.3)
    ear.listener.hear(QUIET * 5 + SPEECH * 5 + QUIET * 12 + SPEECH * 30 + QUIET * 12)
    ear.utterances(2)
    assert [type(report) for report in ear.reports] == [
        SpeechStarted,
        Utterance,
        SpeechStarted,
        SpeechGoesOn,
        Utterance,
    ]


def test_sound_may_come_in_pieces_of_any_length(ear: World) -> None:
    ear.listener.listen(1, patience_s=0.3)
    sound = SPEECH * 20 + QUIET * 12
    for at in range(0, len(sound), 700):
        ear.listener.hear(sound[at : at + 700])
    assert ear.utterances(1)[0].heard.hypotheses == ("None 20",)


def test_a_closed_ear_hears_nothing(ear: World) -> None:
    ear.listener.hear(SPEECH * 20 + QUIET * 60)
    ear.listener.listen(1, patience_s=0.3)
    ear.listener.ignore()
    ear.listener.hear(SPEECH * 20 + QUIET * 60)
    ear.listener.listen(2)
    ear.listener.end_utterance()
    assert [u.number for u in ear.utterances(1)] == [2]


def test_a_press_is_always_answered(ear: World) -> None:
    ear.listener.listen(3, patience_s=None)
    ear.listener.end_utterance()
    assert ear.utterances(1)[0].heard.hypotheses == ()
    ear.listener.listen(4, patience_s=None)
    ear.listener.hear(SPEECH * 20 + QUIET * 200)
    ear.listener.end_utterance()
    assert ear.utterances(2)[1].heard.hypotheses == ("None 20",)
    assert ear.utterances(2)[1].why == "switch"


def test_an_answer_begun_before_the_list_changed_is_heard_whole_by_the_new_list(ear: World) -> None:
    ear.listener.listen(1, ("stop",), patience_s=0.3)
    ear.listener.hear(SPEECH * 10)
    ear.listener.listen(2, ("yes", "no"), patience_s=0.3)
    ear.listener.hear(SPEECH * 5 + QUIET * 12)
    (said,) = ear.utterances(1)
    assert (said.number, said.heard.hypotheses) == (2, ("('yes', 'no') 15",))


def test_a_recogniser_that_fails_does_not_end_the_ear(ear: World) -> None:
    ear.listener.listen(1, ("break",), patience_s=0.3)
    ear.listener.hear(SPEECH * 20 + QUIET * 12)
    ear.listener.listen(2, patience_s=0.3)
    ear.listener.hear(SPEECH * 20 + QUIET * 12)
    assert ear.utterances(1)[0].number == 2
    assert HearingFailed(1, "broken on purpose") in ear.reports


def test_closing_closes_the_recogniser_and_may_be_repeated() -> None:
    world = World()
    world.listener.close()
    world.listener.close()
    assert world.recogniser.closed


def test_guesses_are_cleaned_and_an_empty_best_guess_drops_its_ghosts() -> None:
    assert tidy(["Stop  it", "stop it", "[unk] stop", "", "<sil>"]) == ("stop it", "stop")
    assert tidy(["", "how", "i"]) == ()
    assert tidy(["[unk]", "how"]) == ()
    assert tidy([]) == ()
