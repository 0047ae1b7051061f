"""How words sound, in ARPAbet, the alphabet of PocketSphinx.

Listed words come from the content's ``recogniser-words.txt``; others (names in a family's own topics) are guessed with
espeak-ng's letter-to-sound rules. espeak-ng keeps one state a process and the voice owns it, so the guess is made in
a short-lived process of its own: ``python -m assistant.hearing.pronouncing word ...``.
"""

from __future__ import annotations

import ctypes
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

ARGUMENT = "--sound-out"
"""In a bundled program there is no `python -m`: the program starts itself with this word before the others."""
PHONES = frozenset(
    [
        "AA",
        "AE",
        "AH",
        "AO",
        "AW",
        "AY",
        "B",
        "CH",
        "D",
        "DH",
        "EH",
        "ER",
        "EY",
        "F",
        "G",
        "HH",
        "IH",
        "IY",
        "JH",
        "K",
        "L",
        "M",
        "N",
        "NG",
        "OW",
        "OY",
        "P",
        "R",
        "S",
        "SH",
        "T",
        "TH",
        "UH",
        "UW",
        "V",
        "W",
        "Y",
        "Z",
        "ZH",
    ]
)
GUESS_LIMIT_S = 10
# espeak-ng's names of English sounds (its phsource/ph_english* files), longest first, and the nearest ARPAbet.
ESPEAK = {
    "aI@": "AY ER", "aI3": "AY ER", "aU@": "AW ER", "i@3": "IH R", "e@3": "EH R", "U@3": "UH R",
    "tS": "CH", "dZ": "JH", "aI": "AY", "eI": "EY", "OI": "OY", "aU": "AW", "oU": "OW", "A:": "AA", "A@": "AA R",
    "O:": "AO", "O@": "AO R", "o@": "AO R", "3:": "ER", "i:": "IY", "u:": "UW", "i@": "IH R", "e@": "EH R",
    "U@": "UH R", "I2": "IH", "I#": "IH", "O2": "AO", "a#": "AH", "E#": "EH", "@L": "AH L", "@2": "AH", "@5": "UH",
    "n-": "AH N", "l#": "L", "r-": "R", "t#": "T", "aa": "AE",
    "V": "AH", "@": "AH", "3": "ER", "a": "AE", "E": "EH", "I": "IH", "i": "IY", "0": "AA", "O": "AO", "U": "UH",
    "u": "UW", "A": "AA", "o": "OW", "e": "EH",
    "p": "P", "b": "B", "t": "T", "d": "D", "k": "K", "g": "G", "f": "F", "v": "V", "T": "TH", "D": "DH", "s": "S",
    "z": "Z", "S": "SH", "Z": "ZH", "h": "HH", "m": "M", "n": "N", "N": "NG", "l": "L", "L": "L", "r": "R", "w": "W",
    "j": "Y", "?": "T", "x": "K", "C": "K",
}  # fmt: skip
_SOUND = re.compile("|".join(re.escape(name) for name in sorted(ESPEAK, key=len, reverse=True)))


class BadWords(Exception):
    """The file of pronunciations has a fault; the text says where and what."""


def read_words(path: Path) -> dict[str, list[str]]:
    """Pronunciations of each word in the file `path`: lines of a word and its sounds.

    Raises:
        BadWords: a line has no sounds, or a sound that is not ARPAbet.
        OSError: it cannot be read.
    """
    found: dict[str, list[str]] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        word, *sounds = line.split("#")[0].split() or [""]
        if not word:
            continue
        wrong = [sound for sound in sounds if sound not in PHONES]
        if wrong or not sounds:
            what = f'"{wrong[0]}" is no sound of ARPAbet' if wrong else "its sounds are missing"
            message = f"{path}, line {number}, {word}: {what}. Write for example: riluzole R IH L UW Z OW L"
            raise BadWords(message)
        found.setdefault(word.lower(), []).append(" ".join(sounds))
    return found


def arpabet(espeak: str) -> str:
    """espeak-ng's sounds of a word ("r'Ilu:z,oUl") as ARPAbet; stress and unknown signs are left out."""
    plain = re.sub(r"[',%=_:|;!]{1}(?<!:)", "", espeak)
    return " ".join(ESPEAK[match.group()] for match in _SOUND.finditer(plain))


def guess(words: Iterable[str]) -> dict[str, str]:
    """Guessed sounds of `words`, for those that espeak-ng can say. Empty where it cannot be asked."""
    wanted = [word for word in dict.fromkeys(words) if re.fullmatch(r"[^\W\d_]+(?:'[^\W\d_]+)*", word)]
    if not wanted:
        return {}
    itself = [ARGUMENT] if getattr(sys, "frozen", False) else ["-m", "assistant.hearing.pronouncing"]
    command = [sys.executable, *itself, *wanted]
    root = Path(__file__).parents[2]
    try:
        made = subprocess.run(command, capture_output=True, check=True, timeout=GUESS_LIMIT_S, cwd=root)
    except (OSError, subprocess.SubprocessError):
        return {}
    lines = (line.partition("\t") for line in made.stdout.decode("utf-8").splitlines())
    return {word: sounds for word, _, sounds in lines if sounds}


def _ask_espeak(words: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Each word with espeak-ng's sounds in ARPAbet. Only in a process of its own."""
    import espeakng_loader  # noqa: PLC0415 - optional here

    library = ctypes.CDLL(espeakng_loader.get_library_path())
    retrieve_only, do_not_exit = 2, 0x8000
    if library.espeak_Initialize(retrieve_only, 0, espeakng_loader.get_data_path().encode(), do_not_exit) <= 0:
        return
    library.espeak_SetVoiceByName(b"en-us")
    library.espeak_TextToPhonemes.restype = ctypes.c_char_p
    utf8, names_not_ipa = 1, 0
    for word in words:
        text = ctypes.c_char_p(word.encode())
        sounds = library.espeak_TextToPhonemes(ctypes.byref(text), utf8, names_not_ipa)
        yield word, arpabet((sounds or b"").decode())


def main(words: Sequence[str]) -> None:
    """Print each word with its sounds, a line each: the process that `guess` starts."""
    for word, sounds in _ask_espeak(words):
        sys.stdout.buffer.write(f"{word}\t{sounds}\n".encode())


if __name__ == "__main__":
    main(sys.argv[1:])
