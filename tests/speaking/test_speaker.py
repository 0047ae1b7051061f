from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable

import pytest

from assistant.events import AnyEvent, Say, Spoken, Troubled
from assistant.speaking.line import NoLoudspeaker
from assistant.speaking.silent import SilentPlayer
from assistant.speaking.sound import Sound, Word
from assistant.speaking.speaker import Speaker
from assistant.speaking.voice import Voice, VoiceFailed, open_voice

TEXT = "Hope. It is here, and it stays."
FAST_WPM = 300


class HastyPlayer(SilentPlayer):
    """Says at once that everything was heard, and keeps what it was given."""

    def __init__(self, finished: Callable[[int], None], word: Callable[[int, Word], None] | None = None) -> None:
        super().__init__(finished, word)
        self.given: list[tuple[int, Sound, str, bool]] = []
        self.refuses = False

    def play(
        self, number: int, sound: Sound, output: str = "answer", *, volume: float = 1.0, repeating: bool = False
    ) -> None:
        if self.refuses:
            raise NoLoudspeaker("The loudspeaker is gone.")
        self.given.append((number, sound, output, repeating))
        super().play(number, sound, output, volume=volume, repeating=repeating)


class Mute:
    """A voice that fails."""

    name = "mute"

    def synthesise(self, text: str, *, rate_wpm: int = 160, pause_s: float = 0.0, voice: str = "") -> Sound:
        raise VoiceFailed(f"The voice can not say {text!r}, at {rate_wpm} and {pause_s}, as {voice!r}.")

    def voices(self) -> tuple[str, ...]:
        return ()

    def close(self) -> None:
        pass


class Stage:
    def __init__(self, voice: Voice | None = None, spare: Voice | None = None) -> None:
        self.events: queue.SimpleQueue[AnyEvent] = queue.SimpleQueue()
        self.words: list[tuple[int, int, int]] = []
        self.players: list[HastyPlayer] = []

        def make(finished: Callable[[int], None], word: Callable[[int, Word], None]) -> HastyPlayer:
            self.players.append(HastyPlayer(finished, word))
            return self.players[0]

        self.speaker = Speaker(
            voice or open_voice("espeak-ng"),
            spare,
            make,
            self.events.put,
            announce=lambda *word: self.words.append(word),
        )

    def next(self) -> AnyEvent:
        return self.events.get(timeout=10)

    def nothing_for(self, seconds: float) -> bool:
        try:
            self.events.get(timeout=seconds)
        except queue.Empty:
            return True
        return False

    def sounds(self) -> list[tuple[int, Sound, str, bool]]:
        return self.players[0].given


def test_the_end_is_told_once_and_every_word_is_announced_where_it_stands() -> None:
    stage = Stage()
    stage.speaker.say(Say(7, TEXT, FAST_WPM))
    assert stage.next() == Spoken(7)
    assert stage.nothing_for(0.2)
    assert [TEXT[start:end] for _, start, end in stage.words] == TEXT.split()
    assert {number for number, _, _ in stage.words} == {7}
    stage.speaker.close()


def test_the_first_sentence_is_played_before_the_others_are_made() -> None:
    waits = threading.Event()
    inner = open_voice("espeak-ng")

    class Slow(Mute):
        def synthesise(self, text: str, *, rate_wpm: int = 160, pause_s: float = 0.0, voice: str = "") -> Sound:
            if not text.startswith("Hope"):
                waits.wait(10)
            return inner.synthesise(text, rate_wpm=rate_wpm, pause_s=pause_s, voice=voice)

    stage = Stage(Slow())
    stage.speaker.say(Say(1, TEXT, FAST_WPM))
    deadline = time.monotonic() + 5
    while not stage.sounds() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert len(stage.sounds()) == 1
    waits.set()
    assert stage.next() == Spoken(1)
    stage.speaker.close()


def test_a_pause_stands_between_all_sentences() -> None:
    lengths = []
    for pause_s in (0.0, 0.5):
        stage = Stage()
        stage.speaker.say(Say(1, "One. Two. Three.", FAST_WPM, pause_s))
        stage.next()
        lengths.append(sum(sound.seconds for _, sound, _, _ in stage.sounds()))
        stage.speaker.close()
    assert lengths[1] - lengths[0] == pytest.approx(1.0, abs=0.05)


def test_what_is_hushed_is_not_told_as_spoken_and_what_follows_is() -> None:
    stage = Stage()
    stage.speaker.say(Say(1, TEXT * 5))
    stage.speaker.hush()
    stage.speaker.say(Say(2, "Yes.", FAST_WPM))
    assert stage.next() == Spoken(2)
    stage.speaker.close()


def test_the_alarm_sounds_after_its_words_until_it_is_hushed() -> None:
    stage = Stage()
    stage.speaker.say(Say(3, "Help.", FAST_WPM))
    stage.speaker.alarm(3)
    assert stage.next() == Spoken(3)
    deadline = time.monotonic() + 5
    while not any(repeating for *_, repeating in stage.sounds()) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert [repeating for *_, repeating in stage.sounds()] == [False, True]
    stage.speaker.hush()
    assert stage.nothing_for(0.2)
    stage.speaker.close()


def test_short_sounds_go_to_the_private_output_and_are_nobodys_words() -> None:
    stage = Stage()
    stage.speaker.tone("select")
    stage.speaker.tone("no such sound")
    assert [output for _, _, output, _ in stage.sounds()] == ["cue"]
    assert stage.nothing_for(0.4)
    stage.speaker.close()


def test_a_voice_that_fails_is_told_and_the_conversation_goes_on() -> None:
    stage = Stage(Mute())
    stage.speaker.say(Say(4, TEXT))
    trouble = stage.next()
    assert isinstance(trouble, Troubled)
    assert trouble.sense == "voice"
    assert stage.next() == Spoken(4)
    stage.speaker.close()


def test_a_spare_voice_takes_over() -> None:
    stage = Stage(Mute(), spare=open_voice("espeak-ng"))
    stage.speaker.say(Say(5, TEXT, FAST_WPM))
    assert stage.next() == Spoken(5)
    assert sum(sound.seconds for _, sound, _, _ in stage.sounds()) > 1
    stage.speaker.close()


def test_a_loudspeaker_that_is_gone_is_told_and_the_conversation_goes_on() -> None:
    stage = Stage()
    stage.players[0].refuses = True
    stage.speaker.say(Say(6, TEXT))
    assert stage.next() == Troubled("loudspeaker", "The loudspeaker is gone.")
    assert stage.next() == Spoken(6)
    stage.speaker.tone("select")
    stage.speaker.close()
