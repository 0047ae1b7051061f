from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Self

import pytest

from assistant.speaking.espeak import EspeakVoice
from assistant.speaking.pronunciation import Pronunciation
from assistant.speaking.pyttsx3_voice import Pyttsx3Voice
from assistant.speaking.voice import VoiceFailed

TEXT = "Early signs are weak hands. Speech may slur. Ask your care team."
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="processes are stopped with signals here")


@pytest.fixture
def voice() -> Iterator[Pyttsx3Voice]:
    voice = Pyttsx3Voice(Pronunciation({"ALS": "A-L-S"}))
    yield voice
    voice.close()


def child(code: str) -> list[str]:
    return [sys.executable, "-c", code]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere pyttsx3 has other voices than espeak-ng")
def test_pyttsx3_speaks_completely_at_the_rate_asked_for(voice: Pyttsx3Voice) -> None:
    for rate in (120, 160, 320):
        expected = EspeakVoice().synthesise(TEXT, rate_wpm=rate, voice="en-gb").seconds
        assert voice.synthesise(TEXT, rate_wpm=rate).seconds == pytest.approx(expected, rel=0.15), rate


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere pyttsx3 has other voices than espeak-ng")
def test_a_rate_that_was_lost_is_noticed() -> None:
    code = """
from assistant.speaking import pyttsx3_child as made
real = made._engine()
real.setProperty = lambda name, value: None
made._engine = lambda: real
made.main()
"""
    voice = Pyttsx3Voice(command=child(code))
    with pytest.raises(VoiceFailed, match="it spoke 200 words a minute instead of 120"):
        voice.synthesise("Hello there.", rate_wpm=120)
    voice.close()


def test_words_have_places_and_times_and_sentences_their_pause(voice: Pyttsx3Voice) -> None:
    plain, slow = voice.synthesise(TEXT), voice.synthesise(TEXT, pause_s=1.0)
    for sound in (plain, slow):
        assert [word.text for word in sound.words] == TEXT.split()
        assert all(TEXT[word.offset :].startswith(word.text) for word in sound.words)
        assert [w.start_s for w in sound.words] == sorted(w.start_s for w in sound.words)
        assert sound.words[-1].start_s < sound.seconds
    assert slow.seconds > plain.seconds + 1.5


def test_nothing_is_printed_and_no_file_is_left(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    voice = Pyttsx3Voice()
    voice.synthesise("Hello there.")
    voice.close()
    assert capfd.readouterr() == ("", "")
    assert list(tmp_path.iterdir()) == []


def test_an_empty_text_is_an_empty_sound(voice: Pyttsx3Voice) -> None:
    assert voice.synthesise("  ").pcm == b""


def test_an_unknown_voice_is_a_sentence_and_the_known_are_listed(voice: Pyttsx3Voice) -> None:
    with pytest.raises(VoiceFailed, match="no voice 'zz'"):
        voice.synthesise("Hello.", voice="zz")
    known = voice.voices()
    assert known
    assert voice.synthesise("Hello.", voice=known[0]).seconds > 0.2


class Killer:
    """Kills the child as often as a new one appears, up to a number of times."""

    def __init__(self, voice: Pyttsx3Voice, times: int) -> None:
        self.killed: list[int] = []
        self._voice, self._times = voice, times
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._times = 0
        self._thread.join()

    def _run(self) -> None:
        while len(self.killed) < self._times:
            pid = self._voice.child_pid
            if pid and pid not in self.killed:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
                self.killed.append(pid)
            time.sleep(0.002)


def test_a_child_that_is_killed_is_replaced_and_the_text_still_said(voice: Pyttsx3Voice) -> None:
    with Killer(voice, times=2) as killer:
        sound = voice.synthesise(TEXT)
    assert sound.seconds > 3
    assert killer.killed


def test_killed_every_time_it_fails_with_a_sentence_and_the_next_text_is_said(voice: Pyttsx3Voice) -> None:
    with (
        Killer(voice, times=99),
        pytest.raises(VoiceFailed, match=r"could not say 'Early signs.*in time or in 3 tries"),
    ):
        voice.synthesise(TEXT)
    assert voice.synthesise(TEXT).seconds > 3


def test_a_child_killed_in_the_middle_of_its_work_is_noticed() -> None:
    slow = "import sys, time; sys.stdin.readline(); time.sleep(60)"
    voice = Pyttsx3Voice(command=child(slow))
    with Killer(voice, times=3) as killer, pytest.raises(VoiceFailed, match="status -9"):
        voice.synthesise(TEXT)
    voice.close()
    assert len(killer.killed) == 3


def test_an_engine_that_hangs_is_ended_within_its_limit() -> None:
    voice = Pyttsx3Voice(command=child("import time; time.sleep(60)"), first_limit_s=0.2)
    began_s = time.monotonic()
    with pytest.raises(VoiceFailed, match="nothing came within"):
        voice.synthesise("Hello.")
    voice.close()
    assert time.monotonic() - began_s < 10


def test_speech_that_was_cut_is_not_taken_for_complete() -> None:
    cut = (
        "import json, sys, wave\n"
        "order = json.loads(sys.stdin.readline())\n"
        "file = wave.open(order['out'], 'wb')\n"
        "file.setnchannels(1); file.setsampwidth(2); file.setframerate(22050)\n"
        "file.writeframes(bytes(2 * 22050 * 8 // 10)); file.close()\n"
    )
    voice = Pyttsx3Voice(command=child(cut))
    with pytest.raises(VoiceFailed, match=r"only 0\.8 s of sound"):
        voice.synthesise(TEXT)
    assert voice.synthesise("Yes.").seconds == pytest.approx(0.8)
    voice.close()


def test_closing_ends_a_text_that_is_being_made() -> None:
    voice = Pyttsx3Voice(command=child("import time; time.sleep(60)"))
    closer = threading.Timer(0.3, voice.close)
    closer.start()
    began_s = time.monotonic()
    with pytest.raises(VoiceFailed):
        voice.synthesise("Hello.")
    closer.join()
    assert time.monotonic() - began_s < 5
    voice.close()


def test_a_missing_program_is_a_sentence() -> None:
    with pytest.raises(VoiceFailed, match="pyttsx3 could not be started"):
        Pyttsx3Voice(command=["/nowhere/python"])
