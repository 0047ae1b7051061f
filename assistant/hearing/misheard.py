"""What must not be missed, where something was heard that sounds much like it.

A recogniser that writes "come quit" has nearly heard "come quick". These are texts in which the part that sounds like a
phrase is that phrase; how likely each is in the sound itself, the recogniser can then say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import accumulate

from rapidfuzz import fuzz, process

from assistant.matching import normalise
from assistant.matching.sounds import Sounds, shipped_sounds

LEAST_ALIKE = 60.0
"""Of 100: `fuzz.ratio` of the sounds of a phrase and of what was heard in its place."""
MOST_TEXTS = 16
LONGEST_WORDS = 12
"""A cry is short; of what is longer a part sounds like anything."""


class Misheard:
    """Looks for such texts.

    Args:
        phrases: what must not be missed, as it is said.
        beside: how many words of a text stand beside what must not be missed in it; None: it holds nothing of it.
        sounds: how words sound; None: the product's table.
    """

    def __init__(
        self, phrases: Iterable[str], beside: Callable[[str], int | None], sounds: Sounds | None = None
    ) -> None:
        self.beside = beside
        self._sounds = sounds or shipped_sounds()
        self._phrases = {phrase: self._of(phrase) for phrase in dict.fromkeys(phrases)}

    def texts(self, guesses: Sequence[str]) -> tuple[str, ...]:
        """Guesses that count, then what may have been misheard as one of them, nearest first; 16 at most."""
        found = {guess: 101.0 for guess in guesses if self.beside(guess) is not None}
        for guess in guesses:
            words = guess.split()
            if 0 < len(words) <= LONGEST_WORDS:
                for text, alike in self._near(words):
                    if alike > found.get(text, LEAST_ALIKE) and self.beside(text) is not None:
                        found[text] = alike
        return tuple(sorted(found, key=found.__getitem__, reverse=True)[:MOST_TEXTS])

    def _near(self, words: Sequence[str]) -> Iterable[tuple[str, float]]:
        parts = [self._of(word) for word in words]
        ends = list(accumulate(map(len, parts)))
        heard = "".join(parts)
        # Loose on purpose: it only says where to look. What is found there has to sound alike as a whole, has to be a
        # cry or a listed word, and is then compared with the sound.
        for _, _, phrase in process.extract(
            heard, self._phrases, scorer=fuzz.partial_ratio, score_cutoff=LEAST_ALIKE, limit=None
        ):
            wanted = self._phrases[phrase]
            first, last = _place(wanted, heard, ends)
            alike = fuzz.ratio("".join(parts[first:last]), wanted)
            yield " ".join((*words[:first], phrase, *words[last:])), alike
        for _, alike, phrase in process.extract(
            heard, self._phrases, scorer=fuzz.ratio, score_cutoff=LEAST_ALIKE, limit=None
        ):
            yield phrase, alike

    def _of(self, text: str) -> str:
        return self._sounds.of(normalise(text))


def _place(wanted: str, heard: str, ends: Sequence[int]) -> tuple[int, int]:
    """The first of the words that are heard for `wanted`, and the one behind the last of them."""
    if len(heard) <= len(wanted):
        return 0, len(ends)
    place = fuzz.partial_ratio_alignment(wanted, heard)
    begin, end = (place.dest_start, place.dest_end) if place else (0, 0)
    inside = [
        at for at, (a, b) in enumerate(zip((0, *ends), ends, strict=False)) if 2 * (min(b, end) - max(a, begin)) > b - a
    ]
    return (inside[0], inside[-1] + 1) if inside else (0, 0)
