"""What simulated speakers say to measure own-voice triggers with, and where it is kept between runs.

Speakers 1 to 4 are for measuring, 11 to 14 for fitting, 21 and on for the background that ships; none does two things.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from assistant.hearing.wav import read_wav
from tests.bench.dysarthria import Grade, distort
from tests.real_sound.spoken import RATE_HZ, say_to_file

COMMANDS = ("stop", "repeat", "slower", "louder", "menu", "help", "yes", "no", "more", "back")
TOPICS = {
    "riluzole": "riluzole", "edaravone": "edaravone", "care team": "care-team", "clinic visit": "clinic-questions",
    "gene test": "genetic-testing", "diagnosis": "diagnosis", "how it spreads": "progression",
    "early signs": "early-symptoms", "feeding tube": "feeding-tube", "swallowing": "swallowing",
    "drooling": "watery-saliva", "thick spit": "thick-saliva", "mask machine": "breathing-mask",
    "cough help": "cough-help", "lying down": "lying-flat", "oxygen": "oxygen", "weak hands": "weak-hands",
    "walking": "walking", "wheelchair": "wheelchair", "eye gaze": "eye-gaze", "letter board": "letter-board",
    "cramps": "cramps", "stiff muscles": "stiffness", "pain": "pain", "sleep": "sleep", "pressure sores": "skin",
    "travel": "driving-travel", "sad": "sadness", "living will": "advance-directive", "hospice": "hospice",
    "the therapy": "stem-cell-therapy",
}  # fmt: skip
"""Label of a topic as it is said, and its id."""
TRIGGERS = (*COMMANDS, *TOPICS)
OTHERS = (
    "good morning", "pass me the salt", "open the window", "where is my daughter", "turn the television on",
    "i am cold", "what time is it", "thank you very much", "the dog is outside", "call the nurse", "move my pillow",
    "that was funny", "who is at the door", "i want some water", "did you feed the cat", "it is raining again",
    "close the curtains please", "let me see the pictures", "not today", "maybe tomorrow", "my glasses",
    "the radio is too loud for me", "coffee", "blanket", "hello there", "how was school", "she is coming at four",
    "football", "happy birthday", "do you remember the lake", "lung tests", "call bell", "tube care", "placebo",
    "inflammation", "support groups", "grief", "hands free", "mouth care", "vaccines", "weak neck", "power cut",
    "bone marrow cells", "exercise", "fatigue", "money", "veterans", "twitching", "the future", "neural cells",
)  # fmt: skip
"""What the same person says beside their triggers: talk at home, and names of other topics."""
BACKGROUND = (
    "table", "garden", "tuesday", "elephant", "sugar", "window sill", "big city", "paper bag", "over the hill",
    "seven", "under water", "letters", "orange juice", "come in", "silver spoon", "the train is late", "grandfather",
    "a long walk", "music", "left side",
)  # fmt: skip
LEARNED_TAKES, TESTED_TAKES = (1, 2, 3), (11, 12)
VOICES = {
    1: "flite:rms", 2: "flite:slt", 3: "espeak-ng:en-gb", 4: "flite:awb",
    11: "flite:slt", 12: "flite:rms", 13: "espeak-ng:en-us", 14: "flite:awb",
}  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Spoken:
    """One utterance of a simulated speaker."""

    text: str
    take: int
    trigger: bool
    sound: bytes


def item_of(text: str) -> str:
    """What a trigger stands for."""
    return f"command:{text}" if text in COMMANDS else f"topic:{TOPICS[text]}"


def utterances(speaker: int, grade: Grade, cache: Path | None = None) -> list[Spoken]:
    """Every trigger in five takes and every other phrase in one; read from `cache` where it was made before."""
    path = cache / f"{grade}-{speaker}.npz" if cache else None
    if path is None or not path.is_file():
        return _make(speaker, grade, path)
    with np.load(path) as file:
        names = [name.split("|") for name in file.files]
        return [
            Spoken(text, int(take), kind == "t", file[f"{kind}|{text}|{take}"].tobytes()) for kind, text, take in names
        ]


def _make(speaker: int, grade: Grade, path: Path | None) -> list[Spoken]:
    takes = (*LEARNED_TAKES, *TESTED_TAKES)
    wanted = [(text, take, True) for text in TRIGGERS for take in takes] + [(text, 1, False) for text in OTHERS]
    clear = dict(clear_speech(VOICES[speaker], (*TRIGGERS, *OTHERS)))
    made = [Spoken(t, take, is_one, said(clear[t], t, grade, speaker, take)) for t, take, is_one in wanted]
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        kept = {f"{'t' if s.trigger else 'o'}|{s.text}|{s.take}": np.frombuffer(s.sound, np.int16) for s in made}
        np.savez(path, allow_pickle=False, **kept)
    return made


def clear_speech(voice: str, texts: Iterable[str]) -> list[tuple[str, NDArray[np.float32]]]:
    """`texts` by a synthetic voice."""
    with TemporaryDirectory() as folder:
        place = Path(folder, "said.wav")
        return [(t, _floats(read_wav(say_to_file(t, voice, place)))) for t in texts]


def said(clear: NDArray[np.float32], text: str, grade: Grade, speaker: int, take: int) -> bytes:
    """`clear` as a simulated speaker says it, 16 bit."""
    return (distort(clear, RATE_HZ, text, grade, speaker, take) * 32767).astype("<i2").tobytes()


def _floats(pcm: bytes) -> NDArray[np.float32]:
    return np.asarray(np.frombuffer(pcm, "<i2") / 32768, np.float32)
