"""Level the sound of each utterance by its own beginning before it is decoded.

PocketSphinx takes from every utterance the mean of its cepstrum, so that voice, microphone and room matter less.
Decoding while a person speaks, it can only use the mean of earlier utterances, and hears badly who speaks first, or in
another voice or place than the one before. Here the beginning is kept back, measured, and then decoded with its own
mean: decoding is several times faster than speech, and has caught up long before the person's patience has run out.
Silence that falls earlier is used in the same way, as nothing more may come; if more does, it begins anew.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Mean = NDArray[np.float64]

HELD_S = 1.5
"""Sound that is measured before any is decoded, the half second from before the voice was noticed included."""
BYTES_A_SECOND = 32_000
MEASURED_BYTES = int(HELD_S * BYTES_A_SECOND)
STEP_BYTES = 1024
SHORTEST_BYTES = BYTES_A_SECOND // 2
"""A short word with what comes before it. If silence follows it is decoded at once: later someone would wait for it."""
FRAMES_A_SECOND = 100
ASSUMED_FRAMES = 500
"""For so many frames PocketSphinx counts the mean that it is given."""
EARLIER_FRAMES = 50
"""For so many frames what was heard before counts: it steadies the mean of a single short word."""
FEWEST_FRAMES = 20
"""Less sound than this says nothing."""
CEPSTRA = 13
MEASURING, MEASURING_PHRASE = "measuring", "hello there"


class Settling:
    """A decoder that is given sound late enough to know its mean. Used from one thread.

    Args:
        decoder: of PocketSphinx, with all its words.
        search: name of its search for what is said.
    """

    def __init__(self, decoder: Any, search: str) -> None:  # noqa: ANN401 - PocketSphinx has no types
        self._decoder, self._search = decoder, search
        # The only way to a mean is a finished utterance; looking for one phrase is the search that costs least.
        decoder.add_keyphrase(MEASURING, MEASURING_PHRASE)
        self._earlier: Mean | None = None
        self._held = bytearray()
        self._decoding = self._early = False

    def start_utt(self) -> None:
        """Begin an utterance."""
        self._held = bytearray()
        self._decoding = self._early = False

    def process_raw(self, frames: bytes) -> None:
        """Take more sound: kept at first, then decoded."""
        if self._early and frames:
            self._decoder.end_utt()
            self._decoding = self._early = False
        at = 0
        while not self._decoding and at < len(frames):
            self._held += frames[at : at + STEP_BYTES]
            at += STEP_BYTES
            if len(self._held) >= MEASURED_BYTES:
                self._decode_held()
        if at < len(frames):
            self._decoder.process_raw(frames[at:])

    def fall_silent(self) -> None:
        """It is quiet, and no more sound may come: decode what is kept, unless that is too little to be a word."""
        if not self._decoding and len(self._held) >= SHORTEST_BYTES:
            self._decode_held()
            self._early = True

    def end_utt(self, rest: bytes = b"") -> None:
        """End the utterance with the `rest` of its last silence; the decoder then has what was said."""
        if not self._decoding:
            self._held += rest
            self._decode_held()
        elif rest:
            self._decoder.process_raw(rest)
        self._decoder.end_utt()
        self._earlier = self._mean()

    def _decode_held(self) -> None:
        sound = bytes(self._held)
        self._settle(sound)
        self._decoder.activate_search(self._search)
        self._decoder.start_utt()
        if sound:
            self._decoder.process_raw(sound)
        self._decoding = True

    def _settle(self, sound: bytes) -> None:
        """Give the decoder the mean of `sound`, and a little of earlier ones."""
        frames = len(sound) * FRAMES_A_SECOND // BYTES_A_SECOND
        if frames < FEWEST_FRAMES:
            return
        self._decoder.activate_search(MEASURING)
        self._decoder.set_cmn(",".join(["0"] * CEPSTRA))
        self._decoder.start_utt()
        self._decoder.process_raw(sound)
        self._decoder.end_utt()
        own = self._mean() * (ASSUMED_FRAMES + frames) / frames
        earlier = 0 if self._earlier is None else EARLIER_FRAMES
        mean = (earlier * (own if self._earlier is None else self._earlier) + frames * own) / (earlier + frames)
        self._decoder.set_cmn(",".join(f"{number:.3f}" for number in mean))

    def _mean(self) -> Mean:
        """Brought up to date: the end of an utterance alone does that for some lengths of sound and not for others."""
        text = self._decoder.get_cmn(True)  # noqa: FBT003 - PocketSphinx's order
        return np.array([float(number) for number in text.split(",")])
