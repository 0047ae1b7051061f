"""Two recognisers on the same sound: one that hears as the person speaks, and Whisper, that hears it as a whole.

For free questions both count. By a word list the first is quicker and mostly enough; where it finds nothing, or a cry
for help, Whisper is asked which of the words it may be. What must not be missed, and sounds much like what was heard,
is compared with the sound once more.
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
LISTED_NATS = 15.0
"""What the first recogniser found in a list of words is hardly ever wrong: with 8 in place of this, 13 more of 240
cries over its own words would be lost."""
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
        return self._freely(heard) if self._free else self._by_list(heard)

    def _freely(self, heard: Heard) -> Heard:
        cries = [guess for guess in heard.hypotheses[:FIRST_GUESSES] if self._cries.beside(guess) is not None]
        opinion, decode_ms = self._asked(heard, cries)
        if not opinion.guesses:
            return replace(heard, decode_ms=decode_ms)
        return Heard(
            opinion.guesses, self.name, decode_ms, heard.hypotheses, _likely(opinion, self._cries, cries, HEARD_NATS)
        )

    def _by_list(self, heard: Heard) -> Heard:
        found = [as_spoken(word) for word in heard.hypotheses[:1]]
        if any(self._cries.beside(word) is None for word in found):
            return heard  # "stop" and the like must be quick; a cry may take a third of a second to be sure of
        opinion, decode_ms = self._asked(heard, found)
        if not opinion.guesses:
            return replace(heard, decode_ms=decode_ms)
        words = [
            word
            for word in (*opinion.guesses[:1], *_likely(opinion, self._words, found, LISTED_NATS))
            if word in self._listed
        ]
        engine = heard.engine if found and words[:1] == found else self.name
        return replace(
            heard, hypotheses=tuple(self._listed[word] for word in words[:1]), engine=engine, decode_ms=decode_ms
        )

    def _asked(self, heard: Heard, also: Sequence[str]) -> tuple[Opinion, float]:
        """Whisper's opinion, of `also` too, and the milliseconds that both took."""
        begun = time.perf_counter()
        opinion = self._whisper.finish(also)
        return opinion, heard.decode_ms + 1000 * (time.perf_counter() - begun)

    def close(self) -> None:
        """Let go of both."""
        self._first.close()
        self._whisper.close()


def _likely(opinion: Opinion, wanted: Misheard, heard_too: Sequence[str], heard_nats: float) -> tuple[str, ...]:
    """What counts of the texts that were compared with the sound, likeliest first.

    What the first recogniser heard too may be `heard_nats` less likely than the best guess.
    """

    def most_nats(text: str) -> float:
        return (heard_nats if text in heard_too else LIKELY_NATS) - BESIDE_NATS * (wanted.beside(text) or 0)

    return tuple(
        sorted((t for t, nats in opinion.behind.items() if nats <= most_nats(t)), key=opinion.behind.__getitem__)
    )


@lru_cache(maxsize=16)
def _misheard(listed: tuple[str, ...]) -> Misheard:
    """For a list of words, of which only a whole one counts."""
    words = dict.fromkeys(listed, 0)
    return Misheard(listed, words.get)
