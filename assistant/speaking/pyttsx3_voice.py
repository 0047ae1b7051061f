"""pyttsx3 as a voice that can be trusted: in a process of its own, checked, and tried again."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import assistant
from assistant.speaking import pyttsx3_child
from assistant.speaking.pronunciation import Pronunciation
from assistant.speaking.sentences import Sentence, sentences
from assistant.speaking.sound import BYTES_A_SAMPLE, Sound, Word, silence, timed_words
from assistant.speaking.voice import PYTTSX3, VoiceFailed
from assistant.speaking.wav import UnreadableSound, read_speech

TRIES = 3
TRY_S = 2.0
"""After so long a try is taken to hang: the process is ready by then and writes a sentence in 0.1 s."""
TRY_S_A_CHARACTER = 0.004
"""A minute of speech, some 900 characters, takes 0.2 s, and may take 18 times as long."""
LIMIT_S = 4.0
"""All tries of one stretch together: whoever waits for it needs the spare voice before 5 s are over."""
FIRST_LIMIT_S = 10.0
"""Of each try and of all together, until the engine has spoken once: a busy computer may take long to start it."""
LEAST_S_A_CHARACTER = 0.02
"""At 160 words a minute. English takes 0.05 to 0.09; an utterance that was cut takes far less."""
USUAL_RATE_WPM = 160
RATES_WPM = (80, 450)


class _OneTryFailed(Exception):
    """Why a try gave no usable sound."""


class Pyttsx3Voice:
    """The system's own voices, through pyttsx3.

    A child process waits ready for the next text, so that its start is not heard as a delay.
    """

    name = PYTTSX3

    def __init__(
        self,
        pronunciation: Pronunciation | None = None,
        *,
        command: Sequence[str] | None = None,
        limit_s: float = LIMIT_S,
        first_limit_s: float = FIRST_LIMIT_S,
    ) -> None:
        self._pronunciation = pronunciation or Pronunciation()
        self._command = [*(command or _child_command())]
        self._limit_s, self._first_limit_s = limit_s, first_limit_s
        self._has_spoken = False
        self._lock = threading.Lock()
        self._closed = False
        self._child: subprocess.Popen[str] | None = None
        self._ready()

    @property
    def child_pid(self) -> int | None:
        """The process that works on a text, or waits for the next one."""
        child = self._child
        return child.pid if child else None

    def synthesise(self, text: str, *, rate_wpm: int = 160, pause_s: float = 0.0, voice: str = "") -> Sound:
        """Say `text`: in one go, or a sentence at a time when there is a pause to put between them."""
        rate_wpm = max(RATES_WPM[0], min(rate_wpm, RATES_WPM[1]))
        parts = sentences(text)
        if pause_s <= 0 and parts:
            first = parts[0].offset
            parts = [Sentence(text[first:].rstrip(), first)]
        with self._lock:
            sounds = [self._part(part, rate_wpm, voice) for part in parts]
        return _joined(parts, sounds, pause_s)

    def voices(self) -> tuple[str, ...]:
        """The names of the system's voices. Raises VoiceFailed when they cannot be listed."""
        with self._lock, tempfile.TemporaryDirectory(prefix="askaloud-") as folder:
            out = Path(folder, "voices.json")
            try:
                self._run(json.dumps({"text": None, "out": str(out)}), self._first_limit_s)
                return tuple(json.loads(out.read_text(encoding="utf-8")))
            except (_OneTryFailed, OSError, ValueError) as error:
                raise VoiceFailed(
                    f"pyttsx3 could not list its voices ({error}). Set the voice to espeak-ng."
                ) from error

    def close(self) -> None:
        """End the child process, and with it a text being worked on."""
        self._closed = True
        child, self._child = self._child, None
        if child:
            _end(child)

    def _part(self, part: Sentence, rate_wpm: int, voice: str) -> Sound:
        spoken = self._pronunciation.spoken(part.text).text
        until_s = time.monotonic() + (self._limit_s if self._has_spoken else self._first_limit_s)
        reason = "there was no time left for it"
        for _ in range(TRIES):
            left_s = until_s - time.monotonic()
            if self._closed:
                raise VoiceFailed("The voice was closed while it was speaking.")
            if left_s <= 0:
                break
            longest_s = TRY_S + TRY_S_A_CHARACTER * len(spoken) if self._has_spoken else left_s
            try:
                sound = self._one_try(spoken, rate_wpm, voice, min(longest_s, left_s))
            except _OneTryFailed as failure:
                reason = str(failure)
            else:
                self._has_spoken = True
                words = timed_words(part.text, (), 0.0, sound.seconds)
                return Sound(sound.pcm, sound.rate_hz, words)
        raise VoiceFailed(
            f"The voice pyttsx3 could not say '{part.text[:60]}' in time or in {TRIES} tries ({reason}). "
            "Set the voice to espeak-ng, or check that this computer can speak by itself."
        )

    def _one_try(self, spoken: str, rate_wpm: int, voice: str, longest_s: float) -> Sound:
        with tempfile.TemporaryDirectory(prefix="askaloud-", ignore_cleanup_errors=True) as folder:
            out = Path(folder, "speech.wav")
            order = {"text": spoken, "rate_wpm": rate_wpm, "voice": voice, "out": str(out)}
            self._run(json.dumps(order), longest_s)
            try:
                sound = read_speech(out)
            except UnreadableSound as error:
                raise _OneTryFailed(str(error)) from error
        letters = sum(character.isalnum() for character in spoken)
        if sound.seconds < LEAST_S_A_CHARACTER * letters * USUAL_RATE_WPM / rate_wpm:
            raise _OneTryFailed(f"only {sound.seconds:.1f} s of sound came for {letters} letters")
        return sound

    def _run(self, order: str, limit_s: float) -> None:
        child = self._ready()
        try:
            _, errors = child.communicate(order + "\n", timeout=limit_s)
        except subprocess.TimeoutExpired:
            raise _OneTryFailed(f"nothing came within {limit_s:.1f} s") from None
        except (OSError, ValueError) as error:
            raise _OneTryFailed(f"its process was gone: {error}") from error
        finally:
            _end(child)
            if not self._closed:
                self._child = self._started()
        if child.returncode != 0:
            last = [line for line in errors.splitlines() if line.strip()][-1:]
            raise _OneTryFailed(" ".join(last) or f"its process ended with status {child.returncode}")

    def _ready(self) -> subprocess.Popen[str]:
        if self._child is None:
            self._child = self._started()
        return self._child

    def _started(self) -> subprocess.Popen[str]:
        root = str(Path(assistant.__file__).parent.parent)
        path = os.pathsep.join([root, *filter(None, [os.environ.get("PYTHONPATH")])])
        try:
            return subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                encoding="utf-8",
                errors="replace",
                env={**os.environ, "PYTHONPATH": path, "PYTHONIOENCODING": "utf-8"},
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        except OSError as error:
            raise VoiceFailed(f"The voice pyttsx3 could not be started: {error}.") from error


def _child_command() -> list[str]:
    if getattr(sys, "frozen", False):
        return [sys.executable, pyttsx3_child.ARGUMENT]
    return [sys.executable, "-m", pyttsx3_child.__name__]


def _end(child: subprocess.Popen[str]) -> None:
    """Kill a child and forget it, whatever state it is in."""
    child.kill()
    for pipe in (child.stdin, child.stderr):
        if pipe:
            with contextlib.suppress(OSError, ValueError):
                pipe.close()
    child.wait()


def _joined(parts: Sequence[Sentence], sounds: Sequence[Sound], pause_s: float) -> Sound:
    rate_hz = sounds[0].rate_hz if sounds else 22_050
    pcm = bytearray()
    words: list[Word] = []
    for part, sound in zip(parts, sounds, strict=True):
        pcm += silence(pause_s, rate_hz) if pcm else b""
        begins_s = len(pcm) / BYTES_A_SAMPLE / rate_hz
        words += [Word(w.text, begins_s + w.start_s, part.offset + w.offset) for w in sound.words]
        pcm += sound.pcm
    return Sound(bytes(pcm), rate_hz, tuple(words))
