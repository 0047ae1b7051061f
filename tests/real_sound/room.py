"""A room in which someone may speak: one stream into the microphone that never ends.

Each new stream into a virtual microphone changes how late everything else in it is, as no person in a room does.
"""

from __future__ import annotations

import subprocess
import threading
import time
from pathlib import Path

import numpy as np

from assistant.hearing.wav import read_wav
from tests.real_sound.virtual_card import RECORDING_HZ, VirtualCard

BLOCK = RECORDING_HZ // 50
NOISE_PEAK = 8
AHEAD_S = 0.06


class Room:
    """Faint hiss, and what is said into it."""

    def __init__(self, card: VirtualCard) -> None:
        command = ["pacat", "--device=micfeed", f"--rate={RECORDING_HZ}", "--channels=1", "--format=s16le"]
        self._stream = subprocess.Popen([*command, "--latency-msec=60"], env=card.env, stdin=subprocess.PIPE)
        self._words = np.zeros(0, np.int16)
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._breathe, daemon=True)
        self._thread.start()

    def say(self, wav: Path) -> None:
        """Comes back when the last of it has been handed over."""
        sound = np.frombuffer(read_wav(wav), np.int16)
        with self._lock:
            self._words = sound
        time.sleep(len(sound) / RECORDING_HZ + AHEAD_S)

    def kill(self) -> None:
        """Leave."""
        self._over.set()
        self._thread.join(timeout=5)
        self._stream.kill()
        self._stream.wait()

    def _breathe(self) -> None:
        hiss = np.random.default_rng(3)
        began_s, given = time.monotonic(), 0
        assert self._stream.stdin
        while not self._over.wait(max(0.0, began_s + given / RECORDING_HZ - AHEAD_S - time.monotonic())):
            block = hiss.integers(-NOISE_PEAK, NOISE_PEAK + 1, BLOCK)
            with self._lock:
                word, self._words = self._words[:BLOCK], self._words[BLOCK:]
            block[: len(word)] += word
            try:
                self._stream.stdin.write(block.clip(-32768, 32767).astype("<i2").tobytes())
                self._stream.stdin.flush()
            except OSError:
                return  # the card is gone
            given += BLOCK
