"""Turn taking: when does someone begin to speak, and when are they done?

A pure machine over frames of 32 ms. It owns no thread, clock or device: time is counted in frames, and voice
activity comes from the callable it is given. People with ALS pause inside sentences, so silence ends a turn only
after the person's own `patience_s`, or not before the switch says so.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

FRAME_SAMPLES = 512
"""What the voice detector wants at once."""
FRAME_BYTES = 2 * FRAME_SAMPLES
FRAME_S = FRAME_SAMPLES / 16_000

SPEECH_BEGINS = 0.5
"""A frame at least this likely to be speech counts towards a beginning."""
SPEECH_GOES_ON = 0.35
"""Inside a turn less is enough: voices fade towards the end of a sentence."""
WEAK_SPEECH = 0.1
"""When the switch ends a turn that never began, this much is still worth a try."""
BEGIN_FRAMES, BEGIN_OF = 3, 5
"""A turn begins when 3 of the last 5 frames are speech: 0.1 s, less than the shortest word, more than a click."""
TAIL_S = 0.3
"""Silence after the last word that is still passed on; recognisers need some, and all beyond is waste."""
LONGEST_HELD_S = 15.0
DETECTOR_LAG_S = 0.05
"""The detector lets go of a word so long after it is over (mean of four natural voices; 0.02 to 0.09 s)."""


Why = Literal["silence", "switch", "length", "word"]
"""What ended a turn."""


@dataclass(frozen=True, slots=True)
class Began:
    """Someone began to speak."""


@dataclass(frozen=True, slots=True)
class Piece:
    """The next sound of the turn. All pieces of a turn together are one unbroken stretch of sound."""

    frames: bytes


@dataclass(frozen=True, slots=True)
class Ended:
    """The turn is over."""

    why: Why
    speech_s: float
    """From the first to the last speech, pauses included."""
    trailing_s: float
    """Silence that passed after the last speech before the turn was taken to be over."""
    pause_s: float = 0.0
    """The longest silence inside it."""


Turn = Began | Piece | Ended


class TurnTaker:
    """Cuts a stream of frames into turns.

    Args:
        speech_probability: likelihood from 0 to 1 that a frame of 512 samples is speech.
        patience_s: silence that ends a turn; None: only `end_now` does.
        pre_roll_s: sound kept from before the beginning, so that soft first sounds are not lost.
        longest_s: a turn is ended at this length, whatever happens: a television must not hold the ear for ever.
    """

    def __init__(
        self,
        speech_probability: Callable[[bytes], float],
        patience_s: float | None = 1.5,
        pre_roll_s: float = 0.5,
        longest_s: float = 60.0,
    ) -> None:
        self._probability = speech_probability
        self._patience = None if patience_s is None else max(1, round((patience_s - DETECTOR_LAG_S) / FRAME_S))
        self._pre_roll = round(pre_roll_s / FRAME_S) + BEGIN_OF
        self._longest = max(BEGIN_OF + 1, round(longest_s / FRAME_S))
        self._tail = round(TAIL_S / FRAME_S)
        self.reset()

    def reset(self) -> None:
        """Forget everything heard so far."""
        kept = self._pre_roll if self._patience is not None else round(LONGEST_HELD_S / FRAME_S)
        self._before: deque[tuple[bytes, float]] = deque(maxlen=kept)
        self._held: list[bytes] = []  # silence that is passed on only if speech goes on
        self._in_turn = False
        self._turn_frames = 0
        self._silent = self._longest_pause = 0

    @property
    def in_turn(self) -> bool:
        """Whether a turn has begun and not ended."""
        return self._in_turn

    def feed(self, frame: bytes) -> list[Turn]:
        """What the next frame (512 samples, 16 bit) brings about.

        Raises:
            ValueError: the frame has another length.
        """
        if len(frame) != FRAME_BYTES:
            message = f"A frame has {FRAME_BYTES} bytes, not {len(frame)}."
            raise ValueError(message)
        probability = self._probability(frame)
        return self._go_on(frame, probability) if self._in_turn else self._wait(frame, probability)

    @property
    def speech_s(self) -> float:
        """Seconds of the turn under way, up to the last speech; 0 when nobody speaks."""
        return max(0, self._turn_frames - self._silent) * FRAME_S if self._in_turn else 0.0

    @property
    def silent_frames(self) -> int:
        """How many frames of silence the turn under way ends with by now."""
        return self._silent if self._in_turn else 0

    @property
    def spoken_s(self) -> float:
        """From the first to the last speech of the turn under way."""
        return max(0.0, (self._turn_frames - self._silent) * FRAME_S - DETECTOR_LAG_S) if self._in_turn else 0.0

    def end_now(self, why: Literal["switch", "word"] = "switch") -> list[Turn]:
        """End the turn: the person said so by a press, or the one word was heard that is waited for.

        Nothing when nobody spoke. When only the switch ends turns, speech too weak to begin one is passed on now.
        """
        if self._in_turn:
            return [self._end(why)]
        first = next((i for i, (_, p) in enumerate(self._before) if p >= WEAK_SPEECH), None)
        if self._patience is not None or first is None:
            return []
        frames = [frame for frame, _ in self._before][max(0, first - self._pre_roll) :]
        self._silent, self._turn_frames = 0, len(frames)
        return [Began(), Piece(b"".join(frames)), self._end("switch")]

    def _wait(self, frame: bytes, probability: float) -> list[Turn]:
        self._before.append((frame, probability))
        recent = list(self._before)[-BEGIN_OF:]
        if sum(p >= SPEECH_BEGINS for _, p in recent) < BEGIN_FRAMES:
            return []
        frames = [kept for kept, _ in self._before][-self._pre_roll :]
        self._before.clear()
        self._in_turn, self._silent, self._turn_frames = True, 0, BEGIN_OF
        return [Began(), Piece(b"".join(frames))]

    def _go_on(self, frame: bytes, probability: float) -> list[Turn]:
        self._turn_frames += 1
        out: list[Turn] = []
        if probability >= SPEECH_GOES_ON:
            out.append(Piece(b"".join(self._held) + frame))
            self._longest_pause = max(self._longest_pause, self._silent)
            self._held, self._silent = [], 0
        else:
            self._silent += 1
            if self._silent <= self._tail:
                out.append(Piece(frame))
            else:
                self._held.append(frame)
        if self._patience is not None and self._silent >= self._patience:
            out.append(self._end("silence"))
        elif self._turn_frames >= self._longest:
            out.append(self._end("length"))
        return out

    def _end(self, why: Why) -> Ended:
        lag_s = min(DETECTOR_LAG_S, self._turn_frames * FRAME_S) if self._silent else 0.0
        spoken_s = max(0, self._turn_frames - self._silent) * FRAME_S - lag_s
        pause_s = self._longest_pause * FRAME_S + DETECTOR_LAG_S if self._longest_pause else 0.0
        ended = Ended(why, max(0.0, spoken_s), self._silent * FRAME_S + lag_s, pause_s)
        self.reset()
        return ended
