"""Hear free questions at the person's own pace: word by word, drawn out, or as usual.

Long pauses are shortened, and the sound is decoded twice: as it is, and faster, which suits drawn-out speech. Neither
is always better. What both made of it goes on: a topic is likely where they agree, and less so where they do not.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import Any

from assistant.hearing.pauses import PauseShortener
from assistant.hearing.recogniser import MOST_HYPOTHESES, tidy
from assistant.hearing.settling import Settling
from assistant.hearing.tempo import Tempo
from assistant.matching import by_turns

SPEEDS = (1.0, 1.2)
"""The better suited to most voices comes first."""
SILENT_S = 0.25
"""After so much silence there may be nothing more to wait for."""
LATTICE_GUESSES = 60
"""Guesses looked at to find ten different ones: most differ in pauses only."""


class Unhurried:
    """Decoders of the same sound, each at its own tempo. Used from one thread.

    Args:
        decoders: of PocketSphinx, one for each of `SPEEDS`.
        search: name of their search for what is said.
    """

    def __init__(self, decoders: Sequence[Any], search: str) -> None:
        self._pauses = PauseShortener()
        self._ears = [_Ear(decoder, search, speed) for decoder, speed in zip(decoders, SPEEDS, strict=True)]

    def start_utt(self) -> None:
        """Begin an utterance."""
        self._pauses.start()
        for ear in self._ears:
            ear.start()

    def process_raw(self, frames: bytes) -> None:
        """Take more sound."""
        sound = self._pauses.take(frames)
        for ear in self._ears:
            ear.take(sound)
            if self._pauses.silent_s >= SILENT_S:
                ear.settling.fall_silent()

    def end_utt(self) -> None:
        """End the utterance; the guesses are there then."""
        rest = self._pauses.end()
        for ear in self._ears:
            ear.end(rest)

    def guesses(self) -> tuple[str, ...]:
        """The best guess of each decoder, then the next of each, all different; ten at most."""
        return by_turns(*(ear.guesses() for ear in self._ears))[:MOST_HYPOTHESES]


class _Ear:
    def __init__(self, decoder: Any, search: str, speed: float) -> None:  # noqa: ANN401 - PocketSphinx has no types
        self._decoder = decoder
        self.settling = Settling(decoder, search)
        self._tempo = Tempo(speed) if speed != 1 else None

    def start(self) -> None:
        self.settling.start_utt()
        if self._tempo:
            self._tempo.start()

    def take(self, sound: bytes) -> None:
        self.settling.process_raw(self._tempo.take(sound) if self._tempo else sound)

    def end(self, rest: bytes) -> None:
        self.settling.end_utt(self._tempo.take(rest) + self._tempo.end() if self._tempo else rest)

    def guesses(self) -> tuple[str, ...]:
        best = self._decoder.hyp()
        if not best or not best.hypstr:
            return ()
        others = (guess.hypstr for guess in islice(self._decoder.nbest(), LATTICE_GUESSES) if guess)
        return tidy([best.hypstr, *(text for text in others if text)])
