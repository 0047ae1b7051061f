"""Two recognisers on the same sound: one that hears as the person speaks, and Whisper, that hears it as a whole.

For free questions both count. By a word list the first is quicker and mostly enough; where it finds nothing, what
Whisper heard counts if it is one of the words and nothing else. What must not be missed, and sounds much like what was
heard, is compared with the sound once more.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from assistant.hearing.misheard import Misheard
from assistant.hearing.recogniser import Heard, Recogniser
from assistant.hearing.whisper import Opinion, Whisper
from assistant.hearing.whisper_model import as_spoken

LIKELY_NATS, HEARD_NATS = 5.0, 8.0
"""A cry counts when it is at most so much less likely than the best guess, or than this when the first recogniser
heard it too..."""
BESIDE_NATS = 1.0
"""...but for each word beside it by so much less: it is mostly cried alone, and in a long sentence anything is found.
Chosen on 732 spoken cries and 1086 calm sentences; docs/benchmarks-urgent.md says what others cost."""
FIRST_GUESSES = 3
"""So many of the first recogniser's guesses are looked at for cries."""
NO_CRIES = Misheard((), lambda _: None)


class SecondOpinion:
    """A recogniser with Whisper beside it.

    Args:
        first: hears in any case. It counts alone where Whisper has nothing to say.
        whisper: closed with this.
        cries: what must not be missed where free questions are listened for.
    """

    def __init__(self, first: Recogniser, whisper: Whisper, cries: Misheard = NO_CRIES) -> None:
        self._first, self._whisper, self._cries = first, whisper, cries
        self._free, self._words = False, NO_CRIES
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
        self._words = _misheard(tuple(self._listed))
        self._whisper.begin(self._cries.texts if self._free else self._words.texts)

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
        wanted = self._cries if self._free else self._words
        cries = [guess for guess in heard.hypotheses[:FIRST_GUESSES] if wanted.beside(guess) is not None]
        opinion = self._whisper.finish(cries)
        likely = [text for text in opinion.behind if _likely(opinion, wanted, text, heard_too=text in cries)]
        likely.sort(key=opinion.behind.__getitem__)
        decode_ms = heard.decode_ms + 1000 * (time.perf_counter() - begun)
        if not opinion.guesses:
            return replace(heard, decode_ms=decode_ms)
        if not self._free:
            found = [self._listed[text] for text in (*opinion.guesses[:1], *likely) if text in self._listed]
            return replace(heard, hypotheses=tuple(found[:1]), engine=self.name, decode_ms=decode_ms)
        return Heard(opinion.guesses, self.name, decode_ms, heard.hypotheses, tuple(likely))

    def close(self) -> None:
        """Let go of both."""
        self._first.close()
        self._whisper.close()


def _likely(opinion: Opinion, wanted: Misheard, text: str, *, heard_too: bool) -> bool:
    most_nats = HEARD_NATS if heard_too else LIKELY_NATS
    return opinion.behind[text] <= most_nats - BESIDE_NATS * (wanted.beside(text) or 0)


@lru_cache(maxsize=16)
def _misheard(listed: tuple[str, ...]) -> Misheard:
    """For a list of words, of which only a whole one counts."""
    words = dict.fromkeys(listed, 0)
    return Misheard(listed, words.get)
