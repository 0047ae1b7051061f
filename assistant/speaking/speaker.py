"""From words to sound: a thread that has text synthesised, played, and its end reported.

Silence never waits for this thread: `hush` reaches the player at once, and what is still being synthesised is thrown
away when it arrives.
"""

from __future__ import annotations

import contextlib
import itertools
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass

from assistant.events import AnyEvent, Say, Spoken, Troubled
from assistant.speaking.line import NoLoudspeaker
from assistant.speaking.player import USUAL_RATE_HZ, Player
from assistant.speaking.sentences import sentences
from assistant.speaking.silent import SilentPlayer
from assistant.speaking.sound import Sound, Word, silence
from assistant.speaking.tones import alarm, chime
from assistant.speaking.voice import Voice, VoiceFailed

FIRST_LOOK_S, MOST_LOOKS_S = 5.0, 60.0
"""A voice that failed is tried again after so long, then after twice as long, up to the second."""
TRIAL = "Hello."
Announce = Callable[[int, int, int], None]
"""Gets number of the saying, index of the first character of the word that begins, index after its last."""


@dataclass(frozen=True, slots=True)
class _Part:
    """What the player knows by a number of its own: a stretch of a saying."""

    say: Say
    offset: int = 0
    """Where in the saying's text it begins."""
    last: bool = True


class Speaker:
    """Says one thing after the other. Thread-safe; everything returns at once.

    The first sentence is played while the others are still being synthesised: a reply must not wait for its end.

    Args:
        voice, spare: the voice, and one to take when it fails, until it speaks again; both are closed with the speaker.
        make_player: gets the callbacks `on_finished` and `on_word`; its player is closed with the speaker.
        put: gets `Spoken` and `Troubled`.
        name: of the voice within its engine; empty for the usual one.
        cue_name: of the voice that speaks cues, so that nobody takes them for answers; empty for the same one.
        announce: gets every word as it is heard.

    Raises:
        NoLoudspeaker: what `make_player` raises.
    """

    def __init__(
        self,
        voice: Voice,
        spare: Voice | None,
        make_player: Callable[[Callable[[int], None], Callable[[int, Word], None]], Player | SilentPlayer],
        put: Callable[[AnyEvent], None],
        *,
        name: str = "",
        cue_name: str = "",
        announce: Announce = lambda _number, _start, _end: None,
    ) -> None:
        self._voice, self._spare, self._put, self._name = voice, spare, put, name
        self._cue_name = cue_name or name
        self._announce = announce
        self._orders: queue.SimpleQueue[tuple[int, Say] | None] = queue.SimpleQueue()
        self._era = 0
        self._alarm_after: int | None = None
        self._parts: dict[int, _Part] = {}
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()
        self._player = make_player(self._ended, self._word)
        self._ailing = False
        """The voice failed, and has not spoken since: nobody waits for it."""
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._work, name="speaker", daemon=True)
        self._thread.start()

    @property
    def missing(self) -> str:
        """Why nothing could be heard at the start, as a sentence; empty when the loudspeaker was there."""
        return getattr(self._player, "missing", "")

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
        if sound.pcm:
            with self._lock, contextlib.suppress(NoLoudspeaker):
                self._player.play(next(self._numbers), sound, "cue")

    def hush(self) -> None:
        """Silence at once, and forget what was still to be said."""
        with self._lock:
            self._era += 1
            self._alarm_after = None
            self._parts.clear()
            self._player.hush()

    def rescan(self) -> None:
        """As the player's."""
        self._player.rescan()

    def close(self) -> None:
        """Stop and give the device back."""
        self._closing.set()
        self.hush()
        self._orders.put(None)
        self._thread.join(timeout=2)
        self._player.close()
        for voice in (self._voice, self._spare):
            if voice is not None:
                voice.close()

    def _ended(self, number: int) -> None:
        """The player came to the end of a part; on the player's thread."""
        with self._lock:
            part = self._parts.pop(number, None)
        if part is not None and part.last:
            self._over(part.say)

    def _word(self, number: int, word: Word) -> None:
        with self._lock:
            part = self._parts.get(number)
        if part is not None:
            start = part.offset + word.offset
            self._announce(part.say.number, start, start + len(word.text))

    def _over(self, say: Say) -> None:
        self._put(Spoken(say.number))
        with self._lock, contextlib.suppress(NoLoudspeaker):
            if self._alarm_after == say.number:
                self._alarm_after = None
                self._player.play(next(self._numbers), alarm(USUAL_RATE_HZ), repeating=True)

    def _work(self) -> None:
        while (order := self._orders.get()) is not None:
            era, say = order
            if era == self._era:
                self._speak(era, say)

    def _speak(self, era: int, say: Say) -> None:
        try:
            for part, text in _parts(say):
                sound = self._synthesise(text, say)
                self._play(era, part, sound)
        except VoiceFailed as failure:
            self._put(Troubled("voice", str(failure)))
            self._over(say)
        except NoLoudspeaker as missing:
            self._put(Troubled("loudspeaker", str(missing)))
            self._over(say)

    def _play(self, era: int, part: _Part, sound: Sound) -> None:
        number = next(self._numbers)
        if part.offset and part.say.pause_s:
            sound = _after_silence(sound, part.say.pause_s)
        with self._lock:  # a hush between the check and the play would be lost
            if era == self._era:
                self._parts[number] = part
                self._player.play(number, sound, part.say.output, volume=part.say.volume)

    def _synthesise(self, text: str, say: Say) -> Sound:
        name = self._cue_name if say.output == "cue" else self._name
        if self._spare is None:
            return self._voice.synthesise(text, rate_wpm=say.rate_wpm, pause_s=say.pause_s, voice=name)
        if not self._ailing:
            try:
                return self._voice.synthesise(text, rate_wpm=say.rate_wpm, pause_s=say.pause_s, voice=name)
            except VoiceFailed:
                self._ailing = True
                threading.Thread(target=self._revive, name="voice", daemon=True).start()
        return self._spare.synthesise(text, rate_wpm=say.rate_wpm, pause_s=say.pause_s)

    def _revive(self) -> None:
        """See from time to time whether the voice speaks again, beside the spare one."""
        wait_s = FIRST_LOOK_S
        while not self._closing.wait(wait_s):
            wait_s = min(2 * wait_s, MOST_LOOKS_S)
            with contextlib.suppress(VoiceFailed):
                self._voice.synthesise(TRIAL)
                self._ailing = False
                return


def _parts(say: Say) -> list[tuple[_Part, str]]:
    """The first sentence, and the rest."""
    offsets = [sentence.offset for sentence in sentences(say.text)][1:2]
    if not offsets:
        return [(_Part(say), say.text)]
    return [(_Part(say, last=False), say.text[: offsets[0]]), (_Part(say, offsets[0]), say.text[offsets[0] :])]


def _after_silence(sound: Sound, pause_s: float) -> Sound:
    words = tuple(Word(word.text, word.start_s + pause_s, word.offset) for word in sound.words)
    return Sound(silence(pause_s, sound.rate_hz) + sound.pcm, sound.rate_hz, words)
