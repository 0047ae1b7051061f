"""Two recognisers on the same sound: one that hears as the person speaks, and Whisper, that hears it as a whole.

For free questions both count. By a word list the first is quicker and mostly enough; where it finds nothing, what
Whisper heard counts if it is one of the words and nothing else.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

from assistant.hearing.recogniser import Heard, Recogniser
from assistant.hearing.whisper import Whisper, as_spoken


class SecondOpinion:
    """A recogniser with Whisper beside it.

    Args:
        first: hears in any case. It counts alone where Whisper has nothing to say.
        whisper: closed with this.
    """

    def __init__(self, first: Recogniser, whisper: Whisper) -> None:
        self._first, self._whisper = first, whisper
        self._free = False
        self._listed: dict[str, str] = {}
        """The words of the list as Whisper would have heard them, and as they are listed."""

    @property
    def name(self) -> str:
        """Both names."""
        return f"whisper+{self._first.name}"

    def begin(self, words: Sequence[str] | None = None, *, closed: bool = True) -> None:
        """Start an utterance, as a recogniser's."""
        self._free = words is None or not closed
        self._listed = {as_spoken(word): word for word in words or ()}
        self._first.begin(words, closed=closed)
        self._whisper.begin()

    def accept(self, frames: bytes) -> None:
        """Take more sound."""
        self._first.accept(frames)
        self._whisper.accept(frames)

    def first_heard(self) -> bool:
        """Whether what was heard so far is the first of the listed words."""
        return self._first.first_heard()

    def finish(self) -> Heard:
        """End the utterance: what Whisper heard, and what the first heard as `others`."""
        heard = self._first.finish()
        if heard.hypotheses and not self._free:
            return heard
        begun = time.perf_counter()
        guesses = self._whisper.finish()
        waited_ms = 1000 * (time.perf_counter() - begun)
        if not self._free:
            guesses = tuple(self._listed[guess] for guess in guesses[:1] if guess in self._listed)
        if not guesses:
            return replace(heard, decode_ms=heard.decode_ms + waited_ms)
        return Heard(guesses, self.name, heard.decode_ms + waited_ms, heard.hypotheses)

    def close(self) -> None:
        """Let go of both."""
        self._first.close()
        self._whisper.close()
