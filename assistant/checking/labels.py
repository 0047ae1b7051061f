"""How long a switch label takes to say: measured where the voice can be loaded, else estimated."""

from __future__ import annotations

from array import array
from collections.abc import Callable

from assistant.checking.measures import seconds
from assistant.knowledge import Content
from assistant.speaking.sound import Sound
from assistant.speaking.voice import ESPEAK, Voice, VoiceFailed, open_voice

LABEL_RATE_WPM = 175
SENTENCE_PAUSE_S = 0.56
"""What the estimate adds after a sentence; a label has none."""
QUIET = 60
"""Samples (of 32,768) up to this are the silence after the label."""


def label_timer(content: Content) -> Callable[[str], float]:
    """A function that gives the seconds a label takes at 175 words a minute, without the silence after it."""
    try:
        voice = open_voice(ESPEAK, content.pronunciation)
    except VoiceFailed:
        return _estimated
    known: dict[str, float] = {}

    def measured(label: str) -> float:
        if label not in known:
            known[label] = _measured(voice, label)
        return known[label]

    return measured


def _measured(voice: Voice, label: str) -> float:
    try:
        return _voiced_s(voice.synthesise(label, rate_wpm=LABEL_RATE_WPM))
    except VoiceFailed:
        return _estimated(label)


def _voiced_s(sound: Sound) -> float:
    samples = array("h", sound.pcm)
    end = len(samples)
    while end and abs(samples[end - 1]) <= QUIET:
        end -= 1
    return end / sound.rate_hz


def _estimated(label: str) -> float:
    return seconds(label, LABEL_RATE_WPM) - SENTENCE_PAUSE_S
