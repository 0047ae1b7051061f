"""The port between sound and words: what a recogniser is, what it returns, how one is opened."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from rapidfuzz import fuzz

Engine = Literal["auto", "vosk", "pocketsphinx"]
"""The last two hear alone; "auto" takes the better one, and Whisper beside it."""

MOST_HYPOTHESES = 10
ALIKE = 75.0
"""Least `fuzz.ratio` (0 to 100) at which two decodings heard much the same."""
ALIKE_DEEP = 3
SHORT_LETTERS = 5
"""Words this short share too few letters with what they are misheard as."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What an utterance may have been."""

    hypotheses: tuple[str, ...]
    """Best first, lower case, all different. Empty: nothing was understood."""
    engine: str
    """Name of the recogniser."""
    decode_ms: float
    """Time spent on recognising, while the person spoke and afterwards."""
    others: tuple[str, ...] = ()
    """What a second recogniser heard in the same sound, likewise."""
    likely: tuple[str, ...] | None = None
    """What must not be missed and is hardly less likely in this sound, likeliest first; None: nobody looked."""


class RecogniserUnavailable(Exception):
    """A recogniser cannot be used; the text is a sentence that says why and what to do."""


class Recogniser(Protocol):
    """Turns one utterance at a time into words. Used from one thread."""

    @property
    def name(self) -> str:
        """Short, for people who look after it."""

    def begin(self, words: Sequence[str] | None = None, *, closed: bool = True) -> None:
        """Start a new utterance, forgetting one under way.

        Args:
            words: short words or phrases that are likely now, first the one that must not be missed; None: there
                are none, listen for free questions.
            closed: listen for exactly those words and reject everything else. False: for free questions, and
                for the words beside them on the same sound.
        """

    def accept(self, frames: bytes) -> None:
        """Take more sound of the utterance: 16 kHz, one channel, 16 bit, any length."""

    def first_heard(self) -> bool:
        """Whether what was heard so far is the first of the listed words. Costs next to nothing; ends nothing."""

    def finish(self) -> Heard:
        """End the utterance and say what it was."""

    def close(self) -> None:
        """Give memory and files back. Harmless when repeated."""


def tidy(texts: Iterable[str]) -> tuple[str, ...]:
    """Clean a recogniser's list of guesses: lower case, spaces single, none empty, none twice, ten at most.

    Markers such as ``[unk]`` or ``<sil>`` are taken out. When the *best* guess holds no word, the whole list is
    dropped: engines put ghost words behind an empty best guess.
    """
    cleaned = [" ".join(w for w in text.lower().split() if w[0] not in "[<") for text in texts]
    if not cleaned or not cleaned[0]:
        return ()
    return tuple(dict.fromkeys(text for text in cleaned if text))[:MOST_HYPOTHESES]


def beside(free: tuple[str, ...], listed: tuple[str, ...], cries: Collection[str] = ()) -> tuple[str, ...]:
    """One list of guesses from two decodings of the same sound: free, and by a word list.

    A word list finds one of its phrases in nearly everything ("can move on" is "I can't breathe" to it), so its find
    counts only where the free decoding heard much the same: it comes first then. "stay back" beside "step back" is
    "step back", and "to" beside "two" is "two". A find among `cries` is never dropped: it comes second then.
    """
    if listed and listed[0] in cries and listed[0] not in free[:1]:
        return tuple(dict.fromkeys((*free[:1], listed[0], *free[1:])))[:MOST_HYPOTHESES]
    if not free or not listed or not any(_much_the_same(text, listed[0]) for text in free[:ALIKE_DEEP]):
        return free
    return tuple(dict.fromkeys((listed[0], *free)))[:MOST_HYPOTHESES]


def _much_the_same(free: str, listed: str) -> bool:
    if abs(len(free.split()) - len(listed.split())) > 1:
        return False
    one_short_word = " " not in free + listed and len(free) <= SHORT_LETTERS
    return one_short_word or fuzz.ratio(free, listed) >= ALIKE


def open_recogniser(
    engine: Engine,
    *,
    phrases: Sequence[str],
    vosk_model: Path | None,
    cache: Path | None = None,
    tell: Callable[[str], None] = lambda _: None,
    cries: Sequence[str] = (),
) -> Recogniser:
    """Open the recogniser `engine`.

    Args:
        engine: "auto" takes Vosk when its model is on disk and in order, else PocketSphinx.
        phrases: the ways to ask that the content knows; they make such questions likelier to be heard.
        vosk_model: folder of Vosk's model; None: there is none.
        cache: folder where what takes long to make may be kept for the next start.
        tell: gets a sentence when Vosk's model is there but broken, and PocketSphinx is taken in its place.
        cries: cries for help: where they are among the listed words, PocketSphinx, whose free decoding misses many,
            takes one for heard whatever else was heard.

    Raises:
        RecogniserUnavailable: it cannot be opened.
    """
    if engine == "vosk" or (engine == "auto" and vosk_model is not None):
        try:
            return _open_vosk(vosk_model)
        except RecogniserUnavailable as broken:
            if engine == "vosk":
                raise
            tell(str(broken))
    from assistant.hearing.pocketsphinx import PocketSphinxRecogniser  # noqa: PLC0415 - engines load late

    return PocketSphinxRecogniser(phrases, cache=cache, cries=cries)


def _open_vosk(model: Path | None) -> Recogniser:
    if model is None:
        message = (
            "Vosk needs a speech model and none is installed. "
            "Run 'askaloud models get' to fetch one, or use the recogniser 'pocketsphinx'."
        )
        raise RecogniserUnavailable(message)
    from assistant.hearing.vosk import VoskRecogniser  # noqa: PLC0415 - engines load late

    return VoskRecogniser(model)
