"""What a sense that is lost does to a running assistant, on a sound card that really loses it."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.real_sound.running import Running, room_noise, silent_again, until
from tests.real_sound.spoken import say_to_file
from tests.real_sound.virtual_card import VirtualCard, virtual_card

pytestmark = pytest.mark.real_sound


@pytest.fixture
def card() -> Iterator[VirtualCard]:
    with virtual_card() as card:
        yield card


@pytest.fixture
def running(card: VirtualCard, tmp_path: Path) -> Iterator[Running]:
    hiss = room_noise(card, tmp_path)
    assistant = Running(card, tmp_path)
    try:
        with card.record() as out:
            until(lambda: out.seconds_of_sound() > 1, 60, assistant)
        silent_again(card, assistant)
        assistant.hiss = hiss
        yield assistant
    finally:
        assistant.process.kill()
        hiss.kill()


def says(assistant: Running, words: str, within_s: float) -> None:
    until(lambda: any(words in line for line in assistant.lines), within_s, assistant)


def test_a_muted_microphone_is_said_and_so_is_its_return(card: VirtualCard, running: Running, tmp_path: Path) -> None:
    assert running.hiss
    running.hiss.kill()  # exact silence, as a mute switch in hardware gives it
    says(running, "seems to be muted", 12)
    hiss = room_noise(card, tmp_path)
    try:
        says(running, "The microphone works now", 12)
    finally:
        hiss.kill()
    assert running.process.poll() is None


def test_when_the_sound_server_dies_it_says_so_answers_in_writing_and_comes_back(
    card: VirtualCard, running: Running, tmp_path: Path
) -> None:
    assert running.hiss
    running.hiss.kill()
    card.kill()
    says(running, "The microphone is gone", 15)
    running.type("what is palliative care")
    says(running, "Palliative care", 10)
    card.start()
    hiss = room_noise(card, tmp_path)
    try:
        says(running, "The microphone works now", 40)
        silent_again(card, running)
        with card.record() as out:
            card.play_into_microphone(say_to_file("is there a cure", "flite:rms", tmp_path / "q.wav"))
            until(lambda: out.seconds_of_sound() > 1, 20, running)
        says(running, "Is there a cure", 5)
    finally:
        hiss.kill()


def test_a_loudspeaker_that_goes_away_while_it_speaks_is_said_and_used_again_when_it_is_back(
    card: VirtualCard, running: Running
) -> None:
    running.type("what is palliative care")
    with card.record() as out:
        until(lambda: out.seconds_of_sound() > 1, 20, running)
    card.kill()
    says(running, "The loudspeaker of this computer has stopped", 15)
    card.start()
    time.sleep(1)
    with card.record() as out:
        running.type("is there a cure")
        until(lambda: out.seconds_of_sound() > 1, 20, running)


def test_an_answer_given_while_the_loudspeaker_is_away_is_heard_once_it_is_back(
    card: VirtualCard, running: Running
) -> None:
    card.kill()
    says(running, "The microphone is gone", 15)
    time.sleep(4)  # devices are looked for while there are none: PortAudio knows of none from then on
    running.type("is there a cure")
    says(running, "Is there a cure", 10)
    card.start()
    with card.record() as out:
        until(lambda: out.seconds_of_sound() > 1, 20, running)


def test_plugged_in_after_the_start_the_microphone_is_found(card: VirtualCard, tmp_path: Path) -> None:
    card.kill()
    assistant = Running(card, tmp_path)
    try:
        says(assistant, "microphone", 60)
        card.start()
        hiss = room_noise(card, tmp_path)
        try:
            says(assistant, "The microphone works now", 60)
            with card.record() as out:
                card.play_into_microphone(say_to_file("is there a cure", "flite:rms", tmp_path / "q.wav"))
                until(lambda: out.seconds_of_sound() > 1, 30, assistant)
        finally:
            hiss.kill()
    finally:
        assistant.process.kill()


def test_a_killed_assistant_leaves_the_sound_card_free_and_starts_again(
    card: VirtualCard, running: Running, tmp_path: Path
) -> None:
    running.process.kill()
    running.process.wait()
    again = Running(card, tmp_path)
    try:
        with card.record() as out:
            until(lambda: out.seconds_of_sound() > 1, 60, again)
        assert again.end() == 0
    finally:
        again.process.kill()
    inputs = subprocess.run(["pactl", "list", "short", "sink-inputs"], env=card.env, capture_output=True, check=True)
    assert b"python" not in inputs.stdout
