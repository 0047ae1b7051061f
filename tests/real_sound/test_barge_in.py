"""Interrupting the assistant aloud, while its microphone hears what it says itself."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.real_sound.room import Room
from tests.real_sound.running import Running, silent_again, until
from tests.real_sound.spoken import say_to_file
from tests.real_sound.virtual_card import virtual_card

pytestmark = [
    pytest.mark.real_sound,
    pytest.mark.skipif(
        not os.environ.get("ASKALOUD_LONG"),
        reason="not yet right every time (docs/benchmarks-barge-in.md): set ASKALOUD_LONG",
    ),
]
SHARE = 0.3
SILENT_WITHIN_S = 0.8
QUIET_AFTER_S = 0.25
"""Each recording of a word ends with so much."""
LONG = "what is a feeding tube"
VOICES = ("flite:slt", "flite:awb")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Running, Room]]:
    """An assistant whose loudspeaker stands beside its microphone."""
    with virtual_card() as card, card.echo(SHARE):
        room = Room(card)
        assistant = Running(card, tmp_path_factory.mktemp("running"))
        try:
            with card.record() as out:
                until(lambda: out.seconds_of_sound() > 1, 60, assistant)
            silent_again(card, assistant)
            yield assistant, room
        finally:
            assistant.process.kill()
            room.kill()


def test_it_does_not_answer_itself(home: tuple[Running, Room]) -> None:
    """A whole answer and the silence after it: nothing is taken for anybody's words."""
    running, _ = home
    before = len(running.lines)
    with running.card.record() as out:
        running.type(LONG)
        until(lambda: out.seconds_of_sound() > 8, 25, running)
        until(lambda: time.monotonic() - out.last_sound_s(0) > 3, 25, running)
    said = [line for line in running.lines[before:] if line.startswith("You: ")]
    assert len(said) <= 1, said


@pytest.mark.parametrize("speaker", VOICES)
def test_stop_is_heard_over_its_own_voice(home: tuple[Running, Room], tmp_path: Path, speaker: str) -> None:
    """At the second word at the latest; how often at the first is counted by bench_barge_in."""
    running, room = home
    stop = say_to_file("stop", speaker, tmp_path / "stop.wav")
    with running.card.record() as out:
        running.type(LONG)
        until(lambda: out.seconds_of_sound() > 3, 15, running)
        for word in (1, 2):
            room.say(stop)
            ended_s = time.monotonic() - QUIET_AFTER_S
            time.sleep(1.5)
            silent_s = out.last_sound_s(0) - ended_s
            print(f"{speaker}: silent {silent_s * 1000:.0f} ms after the end of word {word}")
            if silent_s < SILENT_WITHIN_S:
                break
    silent_again(running.card, running)
    assert silent_s < SILENT_WITHIN_S, running.lines[-4:]
