"""The espeak-ng library, called directly: fast, exact in its rate, and with the time of each word.

The structures and numbers are those of espeak-ng's public header, speak_lib.h.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from assistant.speaking.pronunciation import Pronunciation
from assistant.speaking.sentences import Sentence, sentences
from assistant.speaking.sound import BYTES_A_SAMPLE, Mark, Sound, Word, silence, timed_words
from assistant.speaking.voice import ESPEAK, VoiceFailed

SYNCHRONOUS = 2
DONT_EXIT = 0x8000
"""Without this option espeak-ng ends the whole process when its data is missing."""
LIST_TERMINATED, WORD_EVENT = 0, 1
RATE_PARAMETER = 1
RATES_WPM = (80, 450)
CHARACTERS_UTF8 = 1
END_PAUSE = 0x1000
"""The usual pause after the last sentence too, so that texts played in turn do not run together."""
QUIET = 60
"""Samples (of 32,768) up to this are the silence after a sentence."""
USUAL_VOICE = "en-us"


class _Id(ctypes.Union):
    _fields_ = (("number", ctypes.c_int), ("name", ctypes.c_char_p), ("string", ctypes.c_char * 8))


class _Event(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position_ms", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", _Id),
    )


class _VoiceEntry(ctypes.Structure):
    _fields_ = (
        ("name", ctypes.c_char_p),
        ("languages", ctypes.c_char_p),
        ("identifier", ctypes.c_char_p),
        ("gender", ctypes.c_ubyte),
        ("age", ctypes.c_ubyte),
        ("variant", ctypes.c_ubyte),
        ("reserved", ctypes.c_ubyte),
        ("score", ctypes.c_int),
        ("spare", ctypes.c_void_p),
    )


_Callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event))


@dataclass(frozen=True, slots=True)
class _Heard:
    """What the library gave for one text."""

    pcm: bytes
    positions: list[tuple[int, float]]
    """(index of a character in the text it was given, seconds)"""


class _Library:
    """The one espeak-ng of this process. It keeps global state, so everything passes one lock."""

    def __init__(self, path: str, data: str | None) -> None:
        self._c = ctypes.CDLL(path)
        self._declare()
        self.lock = threading.Lock()
        self.rate_hz = int(self._c.espeak_Initialize(SYNCHRONOUS, 0, data.encode() if data else None, DONT_EXIT))
        if self.rate_hz <= 0:
            raise OSError(f"its data was not found at {data or 'the usual place'}")
        self.voices = self._listed()
        self._pcm = bytearray()
        self._positions: list[tuple[int, float]] = []
        # The library keeps the bare pointer: the object must live as long as the library does.
        self._callback = _Callback(self._made)
        self._c.espeak_SetSynthCallback(self._callback)

    def _declare(self) -> None:
        self._c.espeak_Initialize.argtypes = (ctypes.c_int, ctypes.c_int, ctypes.c_char_p, ctypes.c_int)
        self._c.espeak_SetVoiceByName.argtypes = (ctypes.c_char_p,)
        self._c.espeak_SetParameter.argtypes = (ctypes.c_int, ctypes.c_int, ctypes.c_int)
        self._c.espeak_Synth.argtypes = (
            *(ctypes.c_char_p, ctypes.c_size_t, ctypes.c_uint, ctypes.c_int, ctypes.c_uint, ctypes.c_uint),
            *(ctypes.POINTER(ctypes.c_uint), ctypes.c_void_p),
        )
        self._c.espeak_TextToPhonemes.argtypes = (
            ctypes.POINTER(ctypes.c_char_p),
            ctypes.c_int,
            ctypes.c_int,
        )
        self._c.espeak_TextToPhonemes.restype = ctypes.c_char_p
        self._c.espeak_ListVoices.restype = ctypes.POINTER(ctypes.POINTER(_VoiceEntry))

    def _made(self, samples: Any, count: int, events: Any) -> int:  # noqa: ANN401 - ctypes pointers
        at = 0
        while events[at].type != LIST_TERMINATED:
            if events[at].type == WORD_EVENT:
                self._positions.append((events[at].text_position - 1, events[at].audio_position_ms / 1000))
            at += 1
        if samples and count > 0:
            self._pcm += ctypes.string_at(samples, count * BYTES_A_SAMPLE)
        return 0

    def set_voice(self, language: str) -> bool:
        identifier = self.voices.get(language, language.encode())
        return bool(self._c.espeak_SetVoiceByName(identifier) == 0)

    def synthesise(self, text: str, rate_wpm: int) -> _Heard:
        self._pcm, self._positions = bytearray(), []
        self._c.espeak_SetParameter(RATE_PARAMETER, rate_wpm, 0)
        raw = text.replace("\0", " ").encode()
        flags = CHARACTERS_UTF8 | END_PAUSE
        if self._c.espeak_Synth(raw, len(raw) + 1, 0, 1, 0, flags, None, None) != 0:
            raise VoiceFailed(f"The voice espeak-ng could not say: {text}")
        return _Heard(bytes(self._pcm), self._positions)

    def phonemes(self, text: str) -> str:
        rest = ctypes.c_char_p(text.encode())
        clauses: list[bytes] = []
        while rest.value:
            clauses.append(self._c.espeak_TextToPhonemes(ctypes.byref(rest), CHARACTERS_UTF8, 0) or b"")
        return " ".join(clause.decode() for clause in clauses).strip()

    def _listed(self) -> dict[str, bytes]:
        """Language -> the library's identifier, as it does not find every voice by its language ("en-gb")."""
        entries = self._c.espeak_ListVoices(None)
        found: dict[str, bytes] = {}
        at = 0
        while entries[at]:
            # One byte of priority comes before the name of the language.
            entry = entries[at].contents
            found.setdefault(entry.languages[1:].decode(), entry.identifier)
            at += 1
        return found


@cache
def _library() -> _Library:
    """The library from the espeakng-loader package, or the system's."""
    reasons: list[str] = []
    for find in (_packaged, _of_the_system):
        try:
            return _Library(*find())
        except (ImportError, OSError) as error:
            reasons.append(str(error))
    raise VoiceFailed(
        f"The voice espeak-ng could not be started ({'; '.join(reasons)}). "
        "Install the Python package espeakng-loader again, or espeak-ng from your system's packages."
    )


def _packaged() -> tuple[str, str | None]:
    import espeakng_loader  # noqa: PLC0415 - engines are loaded when chosen

    return espeakng_loader.get_library_path(), espeakng_loader.get_data_path()


def _of_the_system() -> tuple[str, str | None]:
    path = ctypes.util.find_library("espeak-ng")
    if path is None:
        raise OSError("the system has no espeak-ng library")
    return path, None


class EspeakVoice:
    """espeak-ng as a `Voice`. Several may exist; they share the one library and wait for one another."""

    name = ESPEAK

    def __init__(
        self,
        pronunciation: Pronunciation | None = None,
        *,
        library: Callable[[], _Library] = _library,
    ) -> None:
        self._pronunciation = pronunciation or Pronunciation()
        self._library = library()

    @property
    def rate_hz(self) -> int:
        """Samples a second of every sound this voice makes."""
        return self._library.rate_hz

    def synthesise(self, text: str, *, rate_wpm: int = 160, pause_s: float = 0.0, voice: str = "") -> Sound:
        """Say `text`, a sentence at a time. See `Voice.synthesise`."""
        rate_wpm = max(RATES_WPM[0], min(rate_wpm, RATES_WPM[1]))
        pause = silence(pause_s, self.rate_hz)
        pcm = bytearray()
        words: list[Word] = []
        with self._library.lock:
            self._choose(voice or USUAL_VOICE)
            for sentence in sentences(text):
                pcm += pause if pcm else b""
                sound = self._sentence(sentence, rate_wpm)
                begins_s = len(pcm) / BYTES_A_SAMPLE / self.rate_hz
                words += [Word(w.text, begins_s + w.start_s, sentence.offset + w.offset) for w in sound.words]
                pcm += sound.pcm
        return Sound(bytes(pcm), self.rate_hz, tuple(words))

    def voices(self) -> tuple[str, ...]:
        """Languages and accents, such as "en-us" and "en-gb"."""
        return tuple(sorted(self._library.voices))

    def phonemes(self, text: str, voice: str = "") -> str:
        """How `text` is pronounced, in espeak-ng's own letters for sounds."""
        with self._library.lock:
            self._choose(voice or USUAL_VOICE)
            return self._library.phonemes(self._pronunciation.spoken(text).text)

    def close(self) -> None:
        """Nothing to let go of: the library stays loaded for the life of the process."""

    def _choose(self, voice: str) -> None:
        if not self._library.set_voice(voice):
            known = ", ".join(name for name in self.voices() if name.startswith("en"))
            raise VoiceFailed(f"espeak-ng has no voice '{voice}'. English ones are: {known}.")

    def _sentence(self, sentence: Sentence, rate_wpm: int) -> Sound:
        spoken = self._pronunciation.spoken(sentence.text)
        heard = self._library.synthesise(spoken.text, rate_wpm)
        marks = [Mark(spoken.origin(index), at_s) for index, at_s in heard.positions]
        words = timed_words(sentence.text, marks, 0.0, _voiced_s(heard.pcm, self.rate_hz))
        return Sound(heard.pcm, self.rate_hz, words)


def _voiced_s(pcm: bytes, rate_hz: int) -> float:
    """Seconds until the last sample that can be heard."""
    samples = memoryview(pcm).cast("h")
    at = len(samples)
    while at and abs(samples[at - 1]) <= QUIET:
        at -= 1
    return at / rate_hz
