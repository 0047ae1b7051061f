"""A dozen conversations by voice alone, on the virtual sound card: what is said aloud leads where it should.

Some of them in every run; all of them (two minutes more) where ASKALOUD_LONG is set.

What a person says and what the assistant must then say, one line after the other. `~` before a saying: into its answer.
"""

from __future__ import annotations

import os
import re
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
SETTINGS = 'patience = "short"\nrate-wpm = 260\n'
ANSWERS_WITHIN_S = 9.0
SPEAKER = "flite:rms"
SCENES = {
    "a question and more of its answer": ["what is a feeding tube", "What a feeding tube is", "more", r"\w"],
    "stop into the answer, then once more": [
        "what is a feeding tube",
        "feeding tube",
        "~stop",
        "",
        "repeat",
        "feeding tube",
    ],
    "slower": ["slow down", "slow"],
    "faster": ["speed up", "fast"],
    "the list and its second group": ["main menu", "one", "two", "one"],
    "help with words": ["what can i say", "(?i)say|ask"],
    "help now, and all is well again": ["help me", "call", "~cancel", ""],
    "sleep and wake": ["go to sleep", "rest", "wake up", r"\w"],
    "who says so": ["what is a feeding tube", "feeding tube", "who says so", "This comes from|own words"],
    "into the answer: louder": ["what is a feeding tube", "feeding tube", "~turn it up", "(?i)loud"],
    "into the answer: softer": ["what is a feeding tube", "feeding tube", "~turn it down", "(?i)soft"],
    "back to where it was": ["what is a feeding tube", "feeding tube", "main menu", "one", "go back", "feeding tube"],
    "for caregivers": ["what is a feeding tube", "feeding tube", "for caregivers", r"\w"],
}


ALWAYS = ("a question and more of its answer", "back to where it was")
LONG = bool(os.environ.get("ASKALOUD_LONG"))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Running, Room]]:
    """An assistant whose microphone hears its loudspeaker."""
    with virtual_card() as card, card.echo(0.3):
        room, folder = Room(card), tmp_path_factory.mktemp("running")
        (folder / "settings.toml").write_text(SETTINGS)
        assistant = Running(card, folder)
        try:
            with card.record() as out:
                until(lambda: out.seconds_of_sound() > 1, 60, assistant)
            yield assistant, room
        finally:
            assistant.process.kill()
            room.kill()


@pytest.mark.parametrize("scene", SCENES)
def test_a_conversation_by_voice(home: tuple[Running, Room], tmp_path: Path, scene: str) -> None:
    if scene not in ALWAYS and not LONG:
        pytest.skip("one of the longer conversations: set ASKALOUD_LONG to have them all")
    running, room = home
    lines = iter(SCENES[scene])
    for said, wanted in zip(lines, lines, strict=True):
        speak(running, room, said, wanted, tmp_path / "said.wav")


def speak(running: Running, room: Room, said: str, wanted: str, wav: Path) -> None:
    """Say it, in silence or (`~`) over what is being said, and wait for what must follow: words, or silence."""
    say_to_file(said.removeprefix("~"), SPEAKER, wav)
    if said.startswith("~"):
        time.sleep(2.0)
    else:
        silent_again(running.card, running)
    before = len(running.lines)
    room.say(wav)
    if wanted:
        until(lambda: any(re.search(wanted, line) for line in running.lines[before:]), ANSWERS_WITHIN_S, running)
        return
    time.sleep(2.0)  # to be silent takes a third of a second; a saying that begins then would still be heard
    with running.card.record() as out:
        time.sleep(0.7)
    assert out.seconds_of_sound() == 0, f"it speaks on: {running.lines[-5:]}"
