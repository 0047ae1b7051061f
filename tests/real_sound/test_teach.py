"""A lesson held aloud on a virtual sound card: what is taught is known afterwards."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.real_sound.running import room_noise
from tests.real_sound.spoken import say_to_file
from tests.real_sound.virtual_card import VirtualCard, virtual_card

pytestmark = pytest.mark.real_sound

ROOT = Path(__file__).parents[2]
LONGEST_S = 240.0


def pupil(card: VirtualCard, home: Path, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "assistant", *words],
        env={**card.env, "ASKALOUD_HOME": str(home), "PYTHONUNBUFFERED": "1"},
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def wait_for_silence(card: VirtualCard) -> None:
    while True:
        with card.record() as out:
            time.sleep(0.6)
        if out.seconds_of_sound() == 0:
            return


def test_what_is_taught_aloud_is_known_afterwards_and_can_be_skipped_by_voice(tmp_path: Path) -> None:
    taught = {"stop", "cramps"}
    with virtual_card() as card:
        hiss = room_noise(card, tmp_path)
        lesson = pupil(card, tmp_path, "teach", "cramps", "--tries", "2")
        said: list[str] = []
        try:
            assert lesson.stdout
            for line in lesson.stdout:
                said.append(line)
                asked = re.match(r"(?:Please say|Once more): (.+)\.$", line.strip())
                if asked or "Shall we" in line or "I did not hear" in line:
                    word = asked.group(1) if asked and asked.group(1) in taught else "skip" if asked else "no"
                    wait_for_silence(card)
                    card.play_into_microphone(say_to_file(word, "flite:rms", tmp_path / "word.wav"))
            assert lesson.wait(timeout=20) == 0, said
        finally:
            lesson.kill()
            hiss.kill()
        listed = pupil(card, tmp_path, "learned").communicate(timeout=60)[0]
    assert "stop  by its sound" in listed, said
    assert "cramps  by its sound" in listed, said
    assert "louder" not in listed, said
