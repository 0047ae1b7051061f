"""Whether the voice says initials letter by letter, looked up in its own sounds, alone and inside each sentence.

A word in capitals is often read as a word when it stands alone or in a short clause ("alz"), and spelled out in a long
one, so every place is looked up. What pronunciation.txt spells otherwise ("PEG = peg") is meant to be said so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from assistant.checking.passages import passages, problem_in
from assistant.hearing.pronouncing import arpabet
from assistant.knowledge import Content, Topic
from assistant.speaking.espeak import EspeakVoice
from assistant.speaking.pronunciation import EVERY_ENGINE, Pronunciation
from assistant.speaking.voice import ESPEAK, VoiceFailed
from assistant.textfiles import Problem

INITIALS = re.compile(r"\b[A-Z]{2,5}(?=s?\b)")
_LETTERS = """
    A EY|B B IY|C S IY|D D IY|E IY|F EH F|G JH IY|H EY CH|I AY|J JH EY|K K EY|L EH L|M EH M|N EH N|O OW|P P IY|
    Q K Y UW|R AA R|S EH S|T T IY|U Y UW|V V IY|W D AH B AH L Y UW|X EH K S|Y W AY|Z Z IY
"""
LETTERS = {item.split()[0]: item.split()[1:] for item in _LETTERS.split("|")}
"""How each letter is called, in ARPAbet."""
Sounds = Callable[[str], str]
"""From a text to its sounds in ARPAbet."""


def voice_sounds(content: Content) -> Sounds | None:
    """The sounds of the voice that comes with the product; None where it can not be loaded."""
    try:
        voice = EspeakVoice(Pronunciation.of_engine(content.pronunciation, ESPEAK))
    except VoiceFailed:
        return None
    return lambda text: arpabet(voice.phonemes(text))


def misread(content: Content, topic: Topic, sounds: Sounds) -> Iterator[Problem]:
    """Initials that the voice reads as a word, in what it says of a topic."""
    spoken = [("title", topic.title), ("say", topic.say)]
    spoken += [(f"more {number}", block.label) for number, block in enumerate(topic.more, start=1)]
    spoken += [(passage.part, sentence) for passage in passages(content, topic) for sentence in passage.sentences]
    for part, text in spoken:
        for word in misread_in(text, content, sounds):
            sentence = (
                f"The voice does not spell '{word}' in '{text}'. "
                f"Add '{word} = {'-'.join(word)}' to pronunciation.txt, or how it is said as a word."
            )
            yield problem_in(topic, part, sentence, "sounds")


def misread_in(text: str, content: Content, sounds: Sounds) -> list[str]:
    """The initials of a text that are not heard letter by letter in it."""
    written = dict.fromkeys(INITIALS.findall(text))
    wanted = [word for word in written if _spelled(word, content)]
    heard = f" {' '.join(_single(sounds(text).split()))} " if wanted else ""
    return [word for word in wanted if f" {' '.join(letters(word))} " not in heard]


def letters(word: str) -> list[str]:
    """The sounds of a word spelled out; a sound twice in a row is heard as one."""
    return _single([sound for letter in word for sound in LETTERS[letter]])


def _single(sounds: list[str]) -> list[str]:
    return [sound for at, sound in enumerate(sounds) if not at or sound != sounds[at - 1]]


def _spelled(word: str, content: Content) -> bool:
    """Whether a word is to be said letter by letter: it is not written as something else for the voice."""
    tables = content.pronunciation
    said = tables.get(ESPEAK, {}).get(word) or tables.get(EVERY_ENGINE, {}).get(word) or word
    return re.sub(r"[-. ]", "", said) == word
