"""How words sound: a text file a person can read, and three ways to fill it."""

import re
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

from models.test_voice_model.aligner import Pronunciation
from models.test_voice_model.phones import FLITE_NAMES, SILENCE, SOUNDS

Pronunciations = dict[str, list[Pronunciation]]

SPOKEN_OTHERWISE: dict[str, tuple[str, ...]] = {
    "a": ("ey", "ah"),
    "als": ("ey eh l eh s", "ae l z"),
    "an": ("ae n", "ah n"),
    "and": ("ae n d", "ah n d", "ah n"),
    "are": ("aa r", "er"),
    "as": ("ae z", "ah z"),
    "at": ("ae t", "ah t"),
    "can": ("k ae n", "k ah n"),
    "close": ("k l ow z", "k l ow s"),
    "do": ("d uw", "d ah"),
    "edaravone": ("eh d ae r ah v ow n", "ih d ae r ah v ow n", "eh d er ah v ow n"),
    "for": ("f ao r", "f er"),
    "from": ("f r ah m",),
    "live": ("l ih v", "l ay v"),
    "mnd": ("eh m eh n d iy",),
    "my": ("m ay",),
    "of": ("ah v",),
    "people": ("p iy p ah l",),
    "read": ("r iy d", "r eh d"),
    "riluzole": ("r ih l uw z ow l", "r ih l ah z ow l", "r ay l uw z ow l"),
    "that": ("dh ae t", "dh ah t"),
    "the": ("dh ah", "dh iy"),
    "to": ("t uw", "t ah"),
    "tofersen": ("t ow f er s ah n", "t aa f er s ah n"),
    "use": ("y uw z", "y uw s"),
    "was": ("w aa z", "w ah z"),
    "with": ("w ih th", "w ih dh"),
    "your": ("y ao r", "y uh r"),
}
"""Words that voices say in more than one way, or that flite gets wrong."""


class UnknownWordError(LookupError):
    """A word whose sounds nobody here knows."""


def words_of(text: str) -> list[str]:
    """The words of a phrase as the model spells them: lower case, no punctuation but apostrophes inside."""
    joined = re.sub(r"\b(?:\w\.){2,}", lambda letters: letters[0].replace(".", ""), text.lower().replace("\u2019", "'"))
    return re.findall(r"[a-z0-9]+(?:'[a-z]+)*", joined)


def read(path: Path) -> Pronunciations:
    """A lexicon file: a word and its sounds on a line, separated by blanks; one line a pronunciation."""
    entries: Pronunciations = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        word, *sounds = line.split()
        entries.setdefault(word, []).append(tuple(sounds))
    return entries


def write(path: Path, entries: Mapping[str, Iterable[Pronunciation]]) -> None:
    """Write a lexicon file, in the order of the alphabet."""
    lines = [f"{word} {' '.join(sounds)}\n" for word in sorted(entries) for sounds in entries[word]]
    path.write_text("".join(lines), encoding="utf-8")


def from_flite(words: Iterable[str]) -> Pronunciations:
    """The sounds of each word, asked of flite; SPOKEN_OTHERWISE first. UnknownWordError without flite."""
    if shutil.which("flite") is None:
        raise UnknownWordError("flite is not installed, so new words cannot be sounded out: apt-get install flite")
    wanted = sorted(set(words))
    with ThreadPoolExecutor(2) as two:
        return dict(zip(wanted, two.map(_sounded, wanted), strict=True))


def _sounded(word: str) -> list[Pronunciation]:
    if word in SPOKEN_OTHERWISE:
        return [tuple(way.split()) for way in SPOKEN_OTHERWISE[word]]
    told = subprocess.run(["flite", "-ps", "-t", word, "-o", "none"], capture_output=True, text=True, check=True)
    sounds = tuple(FLITE_NAMES.get(sound, sound) for sound in told.stdout.split())
    spoken = tuple(sound for sound in sounds if sound != SILENCE)
    if not spoken:
        raise UnknownWordError(f"flite does not say anything for '{word}'. Write the word as it is spoken.")
    return [spoken]


@cache
def _cmu_dictionary() -> dict[str, list[Pronunciation]]:
    """The CMU dictionary that comes inside the pocketsphinx wheel; empty where that is not installed."""
    try:
        from pocketsphinx import get_model_path  # noqa: PLC0415 - only needed for words missing from the lexicon
    except ImportError:
        return {}
    entries: Pronunciations = {}
    path = Path(str(get_model_path("en-us"))) / "cmudict-en-us.dict"
    for line in path.read_text(encoding="utf-8").splitlines():
        word, *sounds = line.split()
        pronunciation = tuple(sound.lower() for sound in sounds)
        if set(pronunciation) <= set(SOUNDS):
            entries.setdefault(re.sub(r"\(\d+\)$", "", word), []).append(pronunciation)
    return entries


def unknown(words: Iterable[str], known: Mapping[str, list[Pronunciation]]) -> set[str]:
    """Those of `words` whose sounds neither `known` nor the CMU dictionary tells."""
    return set(words) - known.keys() - _cmu_dictionary().keys()


def sounds_of(word: str, known: Mapping[str, list[Pronunciation]]) -> list[Pronunciation]:
    """The ways to say `word`: from `known`, else the CMU dictionary, else flite, else UnknownWordError."""
    found = known.get(word) or _cmu_dictionary().get(word)
    if found:
        return found
    try:
        return from_flite([word])[word]
    except UnknownWordError as error:
        raise UnknownWordError(
            f"The test model does not know how '{word}' sounds. Where flite is installed, run "
            "'python -m models.test_voice_model lexicon' and commit the changed lexicon."
        ) from error
