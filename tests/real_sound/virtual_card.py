"""A private virtual sound card, for tests that play and record in real time.

    with virtual_card() as card, card.record("speaker") as heard:
        ... play through the device "speaker" ...
    samples = heard.samples()

It is a PulseAudio of its own with null sinks: `speaker` and `speaker2` to play to, `micfeed` whose monitor
is the microphone `mic`. ALSA gets devices of the same names, so that PortAudio finds them. No other sound
server is touched.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

RECORDING_HZ = 16_000
BLOCK_MS = 10
SINKS = ("speaker", "speaker2", "micfeed")
STARTS_WITHIN_S = 10.0

DEVICES = """\
load-module module-native-protocol-unix socket={socket} auth-anonymous=1
load-module module-null-sink sink_name=speaker rate=48000
load-module module-null-sink sink_name=speaker2 rate=48000
load-module module-null-sink sink_name=micfeed rate=16000 channels=1
load-module module-remap-source source_name=mic master=micfeed.monitor
set-default-sink speaker
set-default-source mic
"""
ALSA = """\
</usr/share/alsa/alsa.conf>
pcm.speaker {{ type pulse server "{server}" device speaker hint {{ show on description "speaker" }} }}
pcm.speaker2 {{ type pulse server "{server}" device speaker2 hint {{ show on description "speaker2" }} }}
pcm.mic {{ type pulse server "{server}" device mic hint {{ show on description "mic" }} }}
"""


class Recording:
    """What came out of a loudspeaker, in blocks of 10 ms with the moment each arrived."""

    def __init__(self) -> None:
        self.blocks: list[tuple[float, bytes]] = []

    def samples(self) -> NDArray[np.int16]:
        """Everything so far, at 16 kHz."""
        return np.frombuffer(b"".join(data for _, data in self.blocks), dtype=np.int16)

    def last_sound_s(self, after_s: float, quiet: int = 30) -> float:
        """When the last block with sound in it arrived, on the monotonic clock; `after_s` if none later."""
        times = [at for at, data in self.blocks if np.abs(np.frombuffer(data, np.int16)).max(initial=0) > quiet]
        return max([after_s, *times])

    def seconds_of_sound(self, quiet: int = 30) -> float:
        """From the first to the last sample that can be heard."""
        heard = np.flatnonzero(np.abs(self.samples().astype(np.int32)) > quiet)
        return float(heard[-1] - heard[0]) / RECORDING_HZ if len(heard) else 0.0


class _Ear:
    """Listens to one loudspeaker as long as the card is on.

    A sink without a listener in a hurry wakes every two seconds only: everything would begin late.
    """

    def __init__(self, sink: str, env: dict[str, str]) -> None:
        self.recordings: list[Recording] = []
        self._recorder = subprocess.Popen(
            [
                *("parec", "-d", f"{sink}.monitor", f"--rate={RECORDING_HZ}", "--channels=1"),
                *("--format=s16le", "--raw", f"--latency-msec={BLOCK_MS}"),
            ],
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self._hears = threading.Event()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def wait(self) -> None:
        if not self._hears.wait(STARTS_WITHIN_S):
            pytest.fail("the virtual loudspeaker cannot be recorded")

    def close(self) -> None:
        self._recorder.terminate()
        self._recorder.wait()
        self._reader.join(timeout=5)

    def _read(self) -> None:
        size = RECORDING_HZ * BLOCK_MS // 1000 * 2
        with contextlib.closing(self._recorder.stdout) as stream:  # type: ignore[type-var]  # it is a pipe
            while data := stream.read(size):  # type: ignore[union-attr]  # it is a pipe
                self._hears.set()
                for recording in list(self.recordings):
                    recording.blocks.append((time.monotonic(), data))


class VirtualCard:
    """See the module. Made by `virtual_card`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._server: subprocess.Popen[bytes] | None = None
        self._ears: dict[str, _Ear] = {}
        address = f"unix:{folder / 'pulse.sock'}"
        self.env = {**os.environ, "PULSE_SERVER": address, "ALSA_CONFIG_PATH": str(folder / "alsa.conf")}
        """Environment in which every program finds the card."""
        (folder / "card.pa").write_text(DEVICES.format(socket=folder / "pulse.sock"))
        (folder / "alsa.conf").write_text(ALSA.format(server=address))

    def start(self) -> None:
        """Switch the card on; also after `kill`."""
        private = {name: str(self._folder) for name in ("HOME", "XDG_RUNTIME_DIR", "PULSE_RUNTIME_PATH")}
        (self._folder / "pulse.sock").unlink(missing_ok=True)
        (self._folder / "pid").unlink(missing_ok=True)
        self._server = subprocess.Popen(
            [
                "pulseaudio",
                "-n",
                "-F",
                str(self._folder / "card.pa"),
                "--daemonize=no",
                "--exit-idle-time=-1",
            ],
            env={**os.environ, **private, "PULSE_STATE_PATH": str(self._folder)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        deadline_s = time.monotonic() + STARTS_WITHIN_S
        while subprocess.run(["pactl", "info"], env=self.env, capture_output=True, check=False).returncode:
            if time.monotonic() > deadline_s or self._server.poll() is not None:
                pytest.fail("pulseaudio is installed but did not start")
            time.sleep(0.1)
        self._ears = {sink: _Ear(sink, self.env) for sink in SINKS}
        for ear in self._ears.values():
            ear.wait()

    def kill(self) -> None:
        """Let the sound server die, as it sometimes does."""
        if self._server:
            self._server.send_signal(signal.SIGKILL)
            self._server.wait()
            self._server = None
        for ear in self._ears.values():
            ear.close()
        self._ears = {}

    def play_into_microphone(self, wav: Path) -> None:
        """Say a sound file into the microphone; comes back when it has been said."""
        subprocess.run(["paplay", "--device=micfeed", str(wav)], env=self.env, check=True, timeout=120)

    @contextlib.contextmanager
    def echo(self, share: float) -> Iterator[None]:
        """Let the microphone hear the loudspeaker, `share` (0 to 1, amplitude) as loud and a little late."""
        loop = ["load-module", "module-loopback", "source=speaker.monitor", "sink=micfeed", "latency_msec=40"]
        done = subprocess.run(["pactl", *loop], env=self.env, capture_output=True, check=True, text=True)
        module = done.stdout.strip()
        inputs = subprocess.run(
            ["pactl", "list", "short", "sink-inputs"], env=self.env, capture_output=True, check=True, text=True
        )
        number = inputs.stdout.strip().splitlines()[-1].split()[0]
        volume = str(round(65_536 * share ** (1 / 3)))  # the sound server's volumes are cubic
        subprocess.run(["pactl", "set-sink-input-volume", number, volume], env=self.env, check=True)
        try:
            yield
        finally:
            subprocess.run(["pactl", "unload-module", module], env=self.env, check=True)

    @contextlib.contextmanager
    def record(self, sink: str = "speaker") -> Iterator[Recording]:
        """Hear what a loudspeaker plays, until the end of the `with` block."""
        recording = Recording()
        ear = self._ears[sink]
        ear.recordings.append(recording)
        try:
            yield recording
        finally:
            ear.recordings.remove(recording)

    @contextlib.contextmanager
    def in_this_process(self) -> Iterator[None]:
        """Let PortAudio in this very process find the card, and forget it afterwards."""
        names = ("PULSE_SERVER", "ALSA_CONFIG_PATH")
        before = {name: os.environ.get(name) for name in names}
        os.environ.update({name: self.env[name] for name in names})
        _look_for_devices_again()
        try:
            yield
        finally:
            for name, value in before.items():
                if value is None:
                    os.environ.pop(name, None)
                else:
                    os.environ[name] = value
            _look_for_devices_again()


def _look_for_devices_again() -> None:
    """PortAudio lists the devices once, when it starts."""
    if "sounddevice" in sys.modules:
        system = sys.modules["sounddevice"]
        system._terminate()
        system._initialize()


@contextlib.contextmanager
def virtual_card() -> Iterator[VirtualCard]:
    """Start a card and stop it at the end.

    Skips the test, saying why, where there is no PulseAudio or PortAudio.
    """
    missing = [program for program in ("pulseaudio", "pactl", "paplay", "parec") if not shutil.which(program)]
    if missing:
        pytest.skip(f"no virtual sound card: {', '.join(missing)} not installed")
    try:
        import sounddevice  # noqa: F401 - only to see whether it can be had
    except OSError:
        pytest.skip("no virtual sound card: PortAudio (libportaudio2) not installed")
    # A socket's path has room for about 100 characters: not under pytest's own long folders.
    with tempfile.TemporaryDirectory(prefix="card-", dir="/tmp", ignore_cleanup_errors=True) as folder:
        card = VirtualCard(Path(folder))
        card.start()
        try:
            yield card
        finally:
            card.kill()
