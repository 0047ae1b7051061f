"""Which words the recogniser that comes with the product knows, without starting it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

from assistant.hearing.pronouncing import BadWords, read_words

WORDS_FILE = "recogniser-words.txt"


def known_words(folder: Path) -> Callable[[str], bool] | None:
    """Whether a word in small letters is in PocketSphinx's dictionary or in the language folder's own list.

    None where PocketSphinx is not installed, or the list has a fault (which starting the recogniser reports).
    """
    own = folder / WORDS_FILE
    try:
        every = _dictionary() | (read_words(own).keys() if own.is_file() else frozenset())
    except (ImportError, OSError, BadWords):
        return None
    return every.__contains__


def everyday_words() -> Callable[[str], bool] | None:
    """Whether PocketSphinx knows a word by itself; None where it is not installed."""
    try:
        return _dictionary().__contains__
    except (ImportError, OSError):
        return None


@cache
def _dictionary() -> frozenset[str]:
    import pocketsphinx  # noqa: PLC0415 - engines load late

    text = Path(pocketsphinx.get_model_path("en-us"), "cmudict-en-us.dict").read_text(encoding="utf-8")
    return frozenset(line.split(" ", 1)[0] for line in text.splitlines())
