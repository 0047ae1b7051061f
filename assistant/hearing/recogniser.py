"""The port between sound and words: what a recogniser is, what it returns, how one is opened."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

Engine = Literal["auto", "vosk", "pocketsphinx"]

MOST_HYPOTHESES = 10


@dataclass(frozen=True, slots=True)
class Heard:
    """What an utterance may have been."""

    hypotheses: tuple[str, ...]
    """Best first, lower case, all different. Empty: nothing was understood."""
    engine: str
    """Name of the recogniser."""
    decode_ms: float
    """Time spent on recognising, while the person spoke and afterwards."""


class RecogniserUnavailable(Exception):
    """A recogniser cannot be used; the text is a sentence that says why and what to do."""


class Recogniser(Protocol):
    """Turns one utterance at a time into words. Used from one thread."""

    name: str

    def begin(self, words: Sequence[str] | None = None) -> None:
        """Start a new utterance, forgetting one under way.

        Args:
            words: listen for exactly these words or phrases and reject everything else;
                None: listen for free questions.
        """

    def accept(self, frames: bytes) -> None:
        """Take more sound of the utterance: 16 kHz, one channel, 16 bit, any length."""

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


def open_recogniser(engine: Engine, *, phrases: Sequence[str], vosk_model: Path | None) -> Recogniser:
    """Open the recogniser `engine`.

    Args:
        engine: "auto" takes Vosk when its model is on disk and in order, else PocketSphinx.
        phrases: the ways to ask that the content knows; they make such questions likelier to be heard.
        vosk_model: folder of Vosk's model; None: there is none.

    Raises:
        RecogniserUnavailable: it cannot be opened.
    """
    if engine == "vosk" or (engine == "auto" and vosk_model is not None):
        try:
            return _open_vosk(vosk_model)
        except RecogniserUnavailable:
            if engine == "vosk":
                raise
    from assistant.hearing.pocketsphinx import PocketSphinxRecogniser  # noqa: PLC0415 - engines load late

    return PocketSphinxRecogniser(phrases)


def _open_vosk(model: Path | None) -> Recogniser:
    if model is None:
        message = (
            "Vosk needs a speech model and none is installed. "
            "Run 'askaloud models get' to fetch one, or use the recogniser 'pocketsphinx'."
        )
        raise RecogniserUnavailable(message)
    from assistant.hearing.vosk import VoskRecogniser  # noqa: PLC0415 - engines load late

    return VoskRecogniser(model)
