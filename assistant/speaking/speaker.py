"""From words to sound: a thread that has text synthesised, played, and its end reported.

Silence never waits for this thread: `hush` reaches the player at once, and what is still being synthesised is thrown
away when it arrives.
"""

from __future__ import annotations

import math
import queue
import threading
from array import array
from collections.abc import Callable

import numpy as np

from assistant.events import AnyEvent, Say, Spoken, Troubled
from assistant.speaking.player import Playing
from assistant.speaking.sound import Sound
from assistant.speaking.voice import Voice, VoiceFailed

ALARM_NUMBER = -1
ALARM_RATE_HZ = 22_050
ALARM_TONES_HZ = (880.0, 660.0)
ALARM_TONE_S = 0.35
ALARM_GAP_S = 0.8


class Speaker:
    """Says one thing after the other. Thread-safe; everything returns at once."""

    def __init__(
        self, voice: Voice, spare: Voice | None, player: Playing, put: Callable[[AnyEvent], None], name: str = ""
    ) -> None:
        self._voice, self._spare, self._player, self._put, self._name = voice, spare, player, put, name
        self._orders: queue.SimpleQueue[tuple[int, Say] | None] = queue.SimpleQueue()
        self._era = 0
        self._alarm_after: int | None = None
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._work, name="speaker", daemon=True)
        self._thread.start()

    def say(self, order: Say) -> None:
        """Speak `order`, then put `Spoken` with its number."""
        self._orders.put((self._era, order))

    def alarm(self, after: int) -> None:
        """When saying `after` has ended, sound until hushed."""
        with self._lock:
            self._alarm_after = after

    def hush(self) -> None:
        """Silence at once, and forget what was still to be said."""
        with self._lock:
            self._era += 1
            self._alarm_after = None
            self._player.hush()

    def ended(self, number: int) -> None:
        """The player came to the end of `number`; from the player's thread."""
        if number == ALARM_NUMBER:
            self._sound_alarm(only_if=ALARM_NUMBER)
            return
        self._put(Spoken(number))
        self._sound_alarm(only_if=number)

    def close(self) -> None:
        """Stop and give the device back."""
        self.hush()
        self._orders.put(None)
        self._thread.join(timeout=2)
        self._player.close()
        self._voice.close()

    def _sound_alarm(self, only_if: int) -> None:
        with self._lock:
            if self._alarm_after == only_if:
                self._alarm_after = ALARM_NUMBER
                self._player.play(ALARM_NUMBER, alarm_sound())

    def _work(self) -> None:
        while (order := self._orders.get()) is not None:
            era, say = order
            if era == self._era:
                self._speak(era, say)

    def _speak(self, era: int, say: Say) -> None:
        try:
            sound = louder(self._synthesise(say), say.volume)
        except VoiceFailed as failure:
            self._put(Troubled("voice", str(failure)))
            self._put(Spoken(say.number))
            return
        with self._lock:  # a hush between the check and the play would be lost
            if era == self._era:
                self._player.play(say.number, sound, say.output)

    def _synthesise(self, say: Say) -> Sound:
        try:
            return self._voice.synthesise(say.text, rate_wpm=say.rate_wpm, pause_s=say.pause_s, voice=self._name)
        except VoiceFailed:
            if self._spare is None:
                raise
            return self._spare.synthesise(say.text, rate_wpm=say.rate_wpm, pause_s=say.pause_s)


def louder(sound: Sound, volume: float) -> Sound:
    """`sound` at `volume` (0 to 1)."""
    if volume >= 1.0:
        return sound
    samples = np.frombuffer(sound.pcm, "<i2").astype(np.float32) * volume
    return Sound(samples.astype("<i2").tobytes(), sound.rate_hz, sound.words)


def alarm_sound() -> Sound:
    """Two falling tones and a gap, to be played again and again: heard through a wall, unlike any answer."""
    samples = array("h")
    for tone_hz in ALARM_TONES_HZ:
        count = int(ALARM_TONE_S * ALARM_RATE_HZ)
        samples.extend(
            int(28_000 * math.sin(math.tau * tone_hz * i / ALARM_RATE_HZ) * min(1, i / 200, (count - i) / 200))
            for i in range(count)
        )
    samples.extend([0] * int(ALARM_GAP_S * ALARM_RATE_HZ))
    return Sound(samples.tobytes(), ALARM_RATE_HZ, ())
