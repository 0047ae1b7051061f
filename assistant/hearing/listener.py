"""The ear: sound goes in on any thread, utterances come out.

One thread owns the turn taker and the recogniser. It decodes while the person speaks and while their patience runs,
so that little is left to do when the turn is over.
"""

from __future__ import annotations

import queue
import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from assistant.hearing.own_voice import OwnVoice
from assistant.hearing.recogniser import Heard, Recogniser
from assistant.hearing.turns import FRAME_BYTES, FRAME_S, Began, Ended, Piece, Turn, TurnTaker, Why

VOICED_S = 0.3
FIRST_FRAMES = 4
"""After 0.13 s of silence the first of the listed words, "stop", counts at once; other words may be a beginning."""
ECHOES_FRAMES = 47
"""1.5 s after the last sound was played, none of it is heard any more."""
SHORTEST_OVER_OWN_S = 0.2
"""While it speaks, what is shorter is nobody's word: "stop" by seven voices takes 0.3 s and more."""
HARDLY_LEFT = 0.03
"""While it speaks, a frame of which less than this share of the power is left holds nobody's voice."""
LEAST_LEFT, MOST_LEFT = 0.1, 0.35
"""Someone's word is more than that: at least a share between these two, since of the own voice sometimes a thousandth
and sometimes a third is left..."""
MORE_LEFT = 4.0
"""... namely so many times as much as is left of it usually."""
JUDGED_FRAMES = 625
"""Of a turn under way, the last 20 s tell whether it is someone's or the own voice."""
LONGEST_CARRIED_FRAMES = 94
"""3 s of a turn under way are heard again when what is listened for changes."""


@dataclass(frozen=True, slots=True)
class SpeechStarted:
    """Someone began to speak into listening `number`."""

    number: int


@dataclass(frozen=True, slots=True)
class Utterance:
    """One complete turn, recognised."""

    number: int
    """The listening it belongs to."""
    heard: Heard
    speech_s: float
    """From the first to the last speech, pauses included. 0: the switch ended a turn in which nobody spoke."""
    trailing_s: float
    """Silence before the turn was taken to be over."""
    why: Why
    sound: bytes
    """The turn's sound, 16 kHz mono 16 bit: for own-voice matching. Kept in memory only."""
    pause_s: float = 0.0
    """The longest silence inside it."""


@dataclass(frozen=True, slots=True)
class HearingFailed:
    """The recogniser failed on listening `number`; the thread goes on."""

    number: int
    reason: str


@dataclass(frozen=True, slots=True)
class SpeechGoesOn:
    """The sound in listening `number` is no click, cough or bump: it has lasted for `VOICED_S`."""

    number: int


Report = SpeechStarted | SpeechGoesOn | Utterance | HearingFailed


@dataclass(frozen=True, slots=True)
class _Listen:
    number: int
    words: tuple[str, ...] | None
    closed: bool
    patience_s: float | None


@dataclass(frozen=True, slots=True)
class _Sound:
    frames: bytes
    played: bytes
    moved: bool


@dataclass(frozen=True, slots=True)
class _Order:
    what: Literal["ignore", "end", "close"]


class Listener:
    """Glue between frames, turn taking and recognition.

    Args:
        recogniser: used from the listener's own thread only, and closed with it.
        speech_probability: voice activity of a frame of 512 samples, 0 to 1.
        put: gets the reports, on the listener's thread.
    """

    def __init__(
        self,
        recogniser: Recogniser,
        speech_probability: Callable[[bytes], float],
        put: Callable[[Report], None],
    ) -> None:
        self._recogniser, self._detect, self._put = recogniser, speech_probability, put
        self._orders: queue.SimpleQueue[_Listen | _Order | _Sound] = queue.SimpleQueue()
        self._listening: _Listen | None = None
        self._turns = TurnTaker(self._probability)
        self._own_voice = OwnVoice()
        self._rest = self._rest_played = b""
        self._unplayed_frames = ECHOES_FRAMES
        self._moved = False
        self._powers: deque[tuple[float, float]] = deque(maxlen=JUDGED_FRAMES)
        """Of the last frames, as heard and without the own voice."""
        self._mostly_own = False
        """Of the frame at hand little is left without the own voice."""
        self._recent: deque[tuple[bytes, bool]] = deque(maxlen=LONGEST_CARRIED_FRAMES)
        self._sound: list[bytes] = []
        self._told_on = True
        self._thread = threading.Thread(target=self._run, name="listener", daemon=True)
        self._thread.start()

    def hear(self, frames: bytes, played: bytes = b"", *, moved: bool = False) -> None:
        """Take sound of any length: 16 kHz, one channel, 16 bit. Returns at once.

        `played`: what the loudspeaker played meanwhile, alike, if that may be in the sound; it is taken out. `moved`:
        it stands somewhat earlier or later beside the sound than before.
        """
        self._orders.put(_Sound(frames, played or bytes(len(frames)), moved))

    def listen(
        self,
        number: int,
        words: Sequence[str] | None = None,
        patience_s: float | None = 1.5,
        *,
        closed: bool = True,
    ) -> None:
        """Open the ear as listening `number`; one before it is replaced.

        Speech under way is not lost: its last 3 s are heard again in the new listening.

        Args:
            number: comes back with every report.
            words: short words that are likely now, as a recogniser's `begin` takes them.
            closed: listen for those only.
            patience_s: silence that ends the turn; None: only `end_utterance` does.
        """
        self._orders.put(_Listen(number, None if words is None else tuple(words), closed, patience_s))

    def ignore(self) -> None:
        """Close the ear and forget what was under way."""
        self._orders.put(_Order("ignore"))

    def end_utterance(self) -> None:
        """The person says by a press that they are done. Always answered by an utterance, empty if nobody spoke."""
        self._orders.put(_Order("end"))

    def close(self) -> None:
        """End the thread and close the recogniser. Harmless when repeated."""
        self._orders.put(_Order("close"))
        if self._thread is not threading.current_thread():
            self._thread.join(timeout=10)

    def _run(self) -> None:
        while True:
            order = self._orders.get()
            if isinstance(order, _Order) and order.what == "close":
                self._recogniser.close()
                return
            try:
                self._obey(order)
            except Exception as problem:  # noqa: BLE001 - the ear must outlive any fault of an engine
                number = self._listening.number if self._listening else 0
                self._turns.reset()
                self._put(HearingFailed(number, str(problem) or type(problem).__name__))

    def _obey(self, order: _Listen | _Order | _Sound) -> None:
        match order:
            case _Sound(frames, played, moved):
                self._moved = self._moved or moved
                self._take(frames, played)
            case _Listen():
                self._start(order)
            case _Order("end"):
                self._end_by_switch()
            case _Order():
                self._listening = None
                self._turns.reset()
                self._recent.clear()

    def _start(self, listening: _Listen) -> None:
        so_far_s = self._turns.speech_s + self._turns.silent_frames * FRAME_S
        carried = list(self._recent) if self._turns.in_turn and not self._own(so_far_s) else []
        self._listening = listening
        self._turns = TurnTaker(self._probability, listening.patience_s)
        self._recent.clear()
        for frame, self._mostly_own in carried:
            self._frame(frame)

    def _take(self, frames: bytes, played: bytes) -> None:
        sound, beside = self._rest + frames, self._rest_played + played
        whole = len(sound) // FRAME_BYTES * FRAME_BYTES
        self._rest, self._rest_played = sound[whole:], beside[whole:]
        for at in range(0, whole, FRAME_BYTES):
            self._frame(self._clean(sound[at : at + FRAME_BYTES], beside[at : at + FRAME_BYTES]))

    def _clean(self, frame: bytes, played: bytes) -> bytes:
        """The frame without the assistant's own voice; as it is, once the last of that has faded away."""
        self._unplayed_frames = 0 if played.strip(b"\0") else self._unplayed_frames + 1
        left = frame
        if self._unplayed_frames < ECHOES_FRAMES:
            left = self._own_voice.clean(frame, played, moved=self._moved)
            self._moved = False
        heard, kept = _power(frame), _power(left)
        self._powers.append((heard, kept))
        self._mostly_own = kept < HARDLY_LEFT * heard
        return left

    def _least_left(self) -> float:
        """The share of the power below which a word is its own."""
        return min(MOST_LEFT, max(LEAST_LEFT, MORE_LEFT * self._own_voice.usually_left))

    def _probability(self, frame: bytes) -> float:
        """Of what is mostly its own voice a detector of voices is not asked.

        It finds it however little is left, and gets used to that: then it takes a person's word for more of it.
        """
        return 0.0 if self._mostly_own else self._detect(frame)

    def _frame(self, frame: bytes) -> None:
        if self._listening is None:
            return
        self._recent.append((frame, self._mostly_own))
        for turn in self._turns.feed(frame):
            self._follow(turn, self._listening)
        if not self._told_on and self._turns.speech_s >= VOICED_S:
            self._told_on = True
            self._put(SpeechGoesOn(self._listening.number))
        if self._listening.closed and self._turns.silent_frames == FIRST_FRAMES and self._first_heard():
            for turn in self._turns.end_now("word"):
                self._follow(turn, self._listening)

    def _first_heard(self) -> bool:
        return self._someones(self._turns.spoken_s, FIRST_FRAMES * FRAME_S) and self._recogniser.first_heard()

    def _someones(self, speech_s: float, trailing_s: float) -> bool:
        """Whether there may be words: of the own voice, some bits are left that are shorter or softer than any."""
        shortest_s = SHORTEST_OVER_OWN_S if self._unplayed_frames < ECHOES_FRAMES else 0.0
        return speech_s >= shortest_s and not self._own(speech_s + trailing_s)

    def _own(self, seconds: float) -> bool:
        """Whether of what was heard in the last seconds little is left without the own voice, or none can tell yet."""
        if self._unplayed_frames * FRAME_S < seconds and not self._own_voice.known:
            return True
        last = list(self._powers)[-round(seconds / FRAME_S) - 1 :]
        heard, left = (sum(powers) for powers in zip((0.0, 0.0), *last, strict=True))
        return bool(left < self._least_left() * heard)

    def _end_by_switch(self) -> None:
        if self._listening is None:
            return
        turns = self._turns.end_now()
        for turn in turns:
            self._follow(turn, self._listening)
        if not turns:
            nothing = Heard((), self._recogniser.name, 0.0)
            self._put(Utterance(self._listening.number, nothing, 0.0, 0.0, "switch", b""))

    def _follow(self, turn: Turn, listening: _Listen) -> None:
        match turn:
            case Began():
                self._sound, self._told_on = [], False
                self._recogniser.begin(listening.words, closed=listening.closed)
                self._put(SpeechStarted(listening.number))
            case Piece(frames):
                self._sound.append(frames)
                self._recogniser.accept(frames)
            case Ended(why, speech_s, trailing_s, pause_s):
                heard = self._recogniser.finish()
                if not self._someones(speech_s, trailing_s) and why != "switch":
                    heard = Heard((), heard.engine, heard.decode_ms)
                sound, self._sound = b"".join(self._sound), []
                self._put(Utterance(listening.number, heard, speech_s, trailing_s, why, sound, pause_s))


def _power(frame: bytes) -> float:
    samples = np.frombuffer(frame, "<i2").astype(np.float64)
    return float(samples @ samples)
