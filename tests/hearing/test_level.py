"""How loud the microphone is, and whether echo is cancelled, as sentences."""

from __future__ import annotations

import math
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.hearing import level
from assistant.hearing.level import echo_canceller, level_dbfs, loudness
from assistant.hearing.microphone import NoMicrophone

BLOCK = 512


def hum(amplitude: float) -> bytes:
    """A block of a tone; whole periods, so that its level is exact."""
    wave = amplitude * np.sin(2 * np.pi * 8 * np.arange(BLOCK) / BLOCK)
    return np.round(wave).astype("<i2").tobytes()


@given(st.floats(100, 32767))
def test_a_tone_is_as_loud_as_the_book_says(amplitude: float) -> None:
    assert level_dbfs(hum(amplitude)) == pytest.approx(20 * math.log10(amplitude / math.sqrt(2) / 32768), abs=0.05)


@given(st.binary(max_size=99))
def test_no_sound_is_louder_than_full_scale(sound: bytes) -> None:
    assert level_dbfs(sound) <= 0.01


def test_digital_silence_and_no_sound_have_no_level() -> None:
    assert level_dbfs(bytes(1000)) == level_dbfs(b"") == level_dbfs(b"\x01") == -math.inf


class Card(SimpleNamespace):
    """Stands in for sounddevice: a microphone that gives the same block again and again, or nothing."""

    def __init__(self, block: bytes | None) -> None:
        super().__init__(block=block, done=threading.Event())

    def query_devices(self) -> list[dict[str, Any]]:
        return [{"name": "Desk", "max_input_channels": 1}]

    def RawInputStream(self, callback: Callable[..., None], **_: object) -> Any:  # noqa: N802 - sounddevice's name
        def feed() -> None:
            while self.block is not None and not self.done.wait(0.005):
                callback(self.block, BLOCK, None, None)

        thread = threading.Thread(target=feed)
        return SimpleNamespace(start=thread.start, close=self.done.set, abort=self.done.set, stop=self.done.set)


@pytest.fixture
def card(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[bytes | None], None]]:
    cards: list[Card] = []

    def plug_in(block: bytes | None) -> None:
        cards.append(Card(block))
        monkeypatch.setitem(sys.modules, "sounddevice", cards[-1])

    monkeypatch.setattr(level, "LISTEN_S", 0.1)
    yield plug_in
    for one in cards:
        one.done.set()


@pytest.mark.parametrize(
    ("amplitude", "told"),
    [(3000, "it works; level now 24 dB below full scale."), (4, "turn the microphone up"), (32767, "microphone down")],
)
def test_what_the_microphone_hears_is_told(card: Callable[[bytes | None], None], amplitude: float, told: str) -> None:
    card(hum(amplitude))
    assert told in loudness()


def test_a_muted_and_a_dead_microphone_are_told_apart(card: Callable[[bytes | None], None]) -> None:
    card(bytes(2 * BLOCK))
    with pytest.raises(NoMicrophone, match="muted"):
        loudness()
    card(None)
    with pytest.raises(NoMicrophone, match="no sound comes from it"):
        loudness()


def test_a_microphone_of_another_name_is_said(card: Callable[[bytes | None], None]) -> None:
    card(hum(1000))
    with pytest.raises(NoMicrophone, match="Desk"):
        loudness("Headset")


@pytest.mark.parametrize(
    ("script", "told"),
    [
        (r"printf '7\tech.o\tmodule-echo-cancel.c\ts16le\tIDLE\n'", "the sound server cancels echo (ech.o)"),
        ("echo '7 module-null-sink'", "has no echo canceller"),
        ("exit 1", "does not answer"),
    ],
)
def test_the_echo_canceller_is_looked_for_in_the_sound_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, told: str
) -> None:
    (tmp_path / "pactl").write_text(f"#!/bin/sh\n{script}\n")
    (tmp_path / "pactl").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    assert told in echo_canceller()


def test_without_a_sound_server_echo_is_not_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "not known" in echo_canceller()
