"""`askaloud` as a person starts it, on a virtual sound card."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.real_sound.virtual_card import RECORDING_HZ, VirtualCard

CACHE = tempfile.TemporaryDirectory(prefix="askaloud-cache-")
"""The recogniser's model takes ten seconds to make: one for all."""


class Running:
    """`askaloud` as a person starts it, on the card; with no options, without its page."""

    def __init__(self, card: VirtualCard, home: Path, *options: str) -> None:
        self.card = card
        self.lines: list[str] = []
        self.hiss: subprocess.Popen[bytes] | None = None
        home.mkdir(exist_ok=True)
        if not (home / "cache").exists():
            (home / "cache").symlink_to(CACHE.name, target_is_directory=True)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "assistant", *(options or ("--no-page",))],
            env={**card.env, "ASKALOUD_HOME": str(home), "PYTHONUNBUFFERED": "1"},
            cwd=Path(__file__).parents[2],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.lines.append(line)

    def type(self, text: str) -> None:
        assert self.process.stdin
        self.process.stdin.write(text + "\n")
        self.process.stdin.flush()

    def end(self) -> int:
        self.type("quit")
        return self.process.wait(timeout=15)


def room_noise(card: VirtualCard, folder: Path) -> subprocess.Popen[bytes]:
    """The faint hiss of a real microphone, all the time: pure zeros mean that it is muted."""
    noise = np.random.default_rng(3).integers(-8, 9, 600 * RECORDING_HZ).astype("<i2")
    (folder / "noise.raw").write_bytes(noise.tobytes())
    command = ["pacat", "--device=micfeed", f"--rate={RECORDING_HZ}", "--channels=1", "--format=s16le"]
    return subprocess.Popen([*command, str(folder / "noise.raw")], env=card.env)


def until(true: Callable[[], bool], longest_s: float, assistant: Running) -> None:
    deadline_s = time.monotonic() + longest_s
    while not true():
        if time.monotonic() > deadline_s:
            pytest.fail(f"nothing for {longest_s} s. It said:\n{''.join(assistant.lines[-20:])}")
        time.sleep(0.02)


def silent_again(card: VirtualCard, assistant: Running) -> None:
    """Press Enter while anything is heard: the next test begins in silence. In silence Enter opens the menu."""
    for _ in range(20):
        with card.record() as out:
            time.sleep(1.0)
        if out.seconds_of_sound() == 0:
            return
        assistant.type("")
        time.sleep(0.5)  # what was on its way is heard out, not counted
    pytest.fail(f"a press did not bring silence. It said:\n{''.join(assistant.lines[-20:])}")
