"""From words to sound: a thread that has text synthesised, played, and its end reported.

Silence never waits for this thread: `hush` reaches the player at once, and what is still being synthesised is thrown
away when it arrives.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable

from assistant.events import AnyEvent, Say, Spoken, Troubled
from assistant.speaking.player import USUAL_RATE_HZ, NoLoudspeaker, Player
from assistant.speaking.silent import SilentPlayer
from assistant.speaking.sound import Sound
from assistant.speaking.tones import alarm, chime
from assistant.speaking.voice import Voice, VoiceFailed

ALARM_NUMBER = -1
TONE_NUMBER = -2


class Speaker:
    """Says one thing after the other. Thread-safe; everything returns at once."""

    def __init__(
        self,
        voice: Voice,
        spare: Voice | None,
        player: Player | SilentPlayer,
        put: Callable[[AnyEvent], None],
        name: str = "",
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

    def tone(self, name: str) -> None:
        """A short sound on the private output."""
        sound = chime(name, USUAL_RATE_HZ)
        with self._lock:
            if sound.pcm:
                self._play(TONE_NUMBER, sound, Say(TONE_NUMBER, "", output="cue"))

    def hush(self) -> None:
        """Silence at once, and forget what was still to be said."""
        with self._lock:
            self._era += 1
            self._alarm_after = None
            self._player.hush()

    def ended(self, number: int) -> None:
        """The player came to the end of `number`; from the player's thread."""
        self._put(Spoken(number))
        with self._lock:
            if self._alarm_after == number:
                self._alarm_after = None
                self._play(ALARM_NUMBER, alarm(USUAL_RATE_HZ), Say(ALARM_NUMBER, ""))

    def close(self) -> None:
        """Stop and give the device back."""
        self.hush()
        self._orders.put(None)
        self._thread.join(timeout=2)
        self._player.close()
        self._voice.close()

    def _work(self) -> None:
        while (order := self._orders.get()) is not None:
            era, say = order
            if era == self._era:
                self._speak(era, say)

    def _speak(self, era: int, say: Say) -> None:
        try:
            sound = self._synthesise(say)
        except VoiceFailed as failure:
            self._put(Troubled("voice", str(failure)))
            self._put(Spoken(say.number))
            return
        with self._lock:  # a hush between the check and the play would be lost
            if era == self._era:
                self._play(say.number, sound, say)

    def _play(self, number: int, sound: Sound, say: Say) -> None:
        try:
            self._player.play(number, sound, say.output, volume=say.volume, repeating=number == ALARM_NUMBER)
        except NoLoudspeaker as missing:
            self._put(Troubled("loudspeaker", str(missing)))
            self._put(Spoken(number))

    def _synthesise(self, say: Say) -> Sound:
        try:
            return self._voice.synthesise(say.text, rate_wpm=say.rate_wpm, pause_s=say.pause_s, voice=self._name)
        except VoiceFailed:
            if self._spare is None:
                raise
            return self._spare.synthesise(say.text, rate_wpm=say.rate_wpm, pause_s=say.pause_s)
