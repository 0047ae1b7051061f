"""The port every voice fits, and how one is chosen."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import Protocol

from assistant.speaking.pronunciation import Pronunciation
from assistant.speaking.sound import Sound

ESPEAK = "espeak-ng"
PYTTSX3 = "pyttsx3"
NAMES = ("auto", ESPEAK, PYTTSX3)
Tables = Mapping[str, Mapping[str, str]]
"""Engine name -> how words are written -> how they are spelled for that engine."""


class VoiceFailed(Exception):
    """A voice cannot be started, or could not say a text. The text is a sentence for a person."""


class Voice(Protocol):
    """Turns text into sound. Safe to call from any thread; calls wait for one another."""

    name: str

    def synthesise(self, text: str, *, rate_wpm: int = 160, pause_s: float = 0.0, voice: str = "") -> Sound:
        """Say `text`.

        Args:
            text: as it is shown; the voice's own pronunciation table is applied.
            rate_wpm: words a minute, 80 to 450; anything beyond is taken as the nearer end.
            pause_s: extra silence between sentences.
            voice: the engine's name of a voice; empty for its usual one.

        Raises:
            VoiceFailed: nothing, or not all of the text, could be spoken.
        """
        ...

    def voices(self) -> tuple[str, ...]:
        """Names that `synthesise` takes as `voice`."""
        ...

    def close(self) -> None:
        """Let go of processes and memory. May be called twice."""
        ...


def open_voice(name: str = "auto", pronunciation: Tables | None = None) -> Voice:
    """Start the voice called `name`.

    "auto" is pyttsx3 where the system brings voices of its own (Windows, macOS), if it really speaks, and
    espeak-ng, whose library and data come with the assistant, everywhere else.

    Raises:
        VoiceFailed: there is no such voice, or it cannot be started.
    """
    tables = pronunciation or {}
    if name == "auto":
        return _first_that_speaks(tables, sys.platform)
    if name not in _OPENERS:
        raise VoiceFailed(f"There is no voice called '{name}'. Set the voice to one of: {', '.join(NAMES)}.")
    return _OPENERS[name](tables)


def _first_that_speaks(tables: Tables, platform: str) -> Voice:
    if platform in ("win32", "darwin"):
        voice = _open_pyttsx3(tables)
        try:
            voice.synthesise("Hello.")
        except VoiceFailed:
            voice.close()
        else:
            return voice
    return _open_espeak(tables)


def _systems_own(platform: str) -> str:
    """The engine that speaks behind pyttsx3."""
    return {"win32": "sapi5", "darwin": "nsss"}.get(platform, ESPEAK)


def _open_espeak(tables: Tables) -> Voice:
    from assistant.speaking.espeak import EspeakVoice  # noqa: PLC0415 - voices are loaded when chosen

    return EspeakVoice(Pronunciation.of_engine(tables, ESPEAK))


def _open_pyttsx3(tables: Tables) -> Voice:
    from assistant.speaking.pyttsx3_voice import Pyttsx3Voice  # noqa: PLC0415 - voices are loaded when chosen

    return Pyttsx3Voice(Pronunciation.of_engine(tables, _systems_own(sys.platform), PYTTSX3))


_OPENERS: dict[str, Callable[[Tables], Voice]] = {ESPEAK: _open_espeak, PYTTSX3: _open_pyttsx3}
