"""A real Vosk model for the tests, small enough to be committed and complete once a word list is given.

It knows synthetic voices only (trained by `python -m models.test_voice_model train`): never offer it to a
person.
"""

from collections.abc import Iterable
from functools import cache
from pathlib import Path

from models.test_voice_model import lexicon
from models.test_voice_model.aligner import Pronunciation
from models.test_voice_model.directory import write_directory

FOLDER = Path(__file__).resolve().parent
FINAL_MDL = FOLDER / "am" / "final.mdl"


@cache
def known_sounds() -> dict[str, list[Pronunciation]]:
    """The committed lexicon: words and their sounds."""
    return lexicon.read(FOLDER / "lexicon.txt")


def write_model(folder: Path, phrases: Iterable[str]) -> Path:
    """Make `folder` a Vosk model that knows the words of `phrases` and `[unk]`; takes milliseconds.

    `phrases` are sentences or single words in any spelling ("What is ALS?"). With no grammar given to the
    recogniser, the model expects these phrases; with one, any phrases of the same words. Returns `folder`.
    """
    return write_directory(folder, FINAL_MDL, phrases, known_sounds())
