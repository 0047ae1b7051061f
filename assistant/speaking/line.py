"""One open output device, fed with the sum of its tracks for as long as it lives."""

from __future__ import annotations

import contextlib
import ctypes
import sys
import threading
import time
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.portaudio import OPENING
from assistant.speaking.track import Notice, Track

LATENCY_S = 0.04
"""Enough not to stutter on a busy computer. Silence does not wait for it: the stream is aborted."""
STALLED_S = 1.5
SETTLED_BLOCKS = 4
"""A stream that starts may run ahead of its device and report underflows: what it is given then is lost. Sound
waits for so many blocks in a row without one..."""
SETTLED_S = 0.8
"""... but no longer than this."""
LONGEST_DELAY_S = 1.0
"""Some drivers report nonsense times; a delay beyond this is not believed."""


class Witness(Protocol):
    """Is told all that a device plays, on the sound card's thread: it must come back at once."""

    def put(self, samples: NDArray[np.float32], rate_hz: int, at_s: float) -> None:
        """The device was given these samples (16-bit scale, silence included) at this moment of the monotonic clock.

        What a starting stream loses is left out.
        """

    def cut(self, unheard_s: float) -> None:
        """The last of it, so long, will not be heard."""


class NoLoudspeaker(Exception):
    """Sound cannot be played. The text is a sentence for a person."""


def sound_system() -> Any:  # noqa: ANN401 - sounddevice has no types
    """The sounddevice module, which can only be imported where PortAudio is."""
    try:
        import sounddevice  # noqa: PLC0415 - importing it fails without PortAudio
    except OSError as error:
        raise NoLoudspeaker(
            "The loudspeaker cannot be used: the PortAudio library is missing. Install it (on Debian and "
            "Ubuntu: sudo apt install libportaudio2) and start again. Until then answers are only shown."
        ) from error
    _quieten_alsa()
    return sounddevice


@cache
def _quieten_alsa() -> None:
    """Keep ALSA from writing thousands of lines to the terminal ("underrun occurred").

    Its handler of messages is set to a C function that takes nothing and changes nothing. One written in
    Python could be called while the interpreter shuts down.
    """
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):
            nothing = ctypes.cast(ctypes.CDLL(None).getpid, ctypes.c_void_p)
            ctypes.CDLL("libasound.so.2").snd_lib_error_set_handler(nothing)


def _outputs(system: Any) -> list[tuple[int, str]]:  # noqa: ANN401 - sounddevice has no types
    devices = system.query_devices()
    return [(i, str(d["name"])) for i, d in enumerate(devices) if d["max_output_channels"] > 0]


def _device(system: Any, wanted: str) -> int | None:  # noqa: ANN401 - sounddevice has no types
    """Index of the device called `wanted`, in full or in part; None for the system's usual one."""
    outputs = _outputs(system)
    if not outputs:
        raise NoLoudspeaker(
            "No loudspeaker was found. Connect or switch on one and start again. Until then answers are only shown."
        )
    if not wanted:
        return None
    name = wanted.casefold()
    for fits in (lambda known: known.casefold() == name, lambda known: name in known.casefold()):
        for index, known in outputs:
            if fits(known):
                return index
    raise NoLoudspeaker(
        f"There is no loudspeaker called '{wanted}'. Connect it, or choose one of these in the settings: "
        f"{', '.join(known for _, known in outputs)}."
    )


class Line:
    """A stream that stays open and plays silence when there is nothing to say.

    `on_notice` gets what begins and the seconds until it is heard; `on_lost` is called once when the device
    goes away. They are called on the sound card's thread and must come back at once.
    """

    def __init__(
        self,
        device: str,
        rate_hz: int,
        tracks: Sequence[Track],
        on_notice: Callable[[Notice, float], None],
        on_lost: Callable[[Line], None],
        witness: Witness | None = None,
    ) -> None:
        self.device, self.rate_hz, self.tracks = device, rate_hz, tracks
        self.lock = threading.Lock()
        self.lost = False
        self.sounded_s = float("-inf")
        """When a sample that is not silence was last handed over, on the monotonic clock."""
        self._on_notice, self._on_lost, self._witness = on_notice, on_lost, witness
        self._ending = False
        self._begin()
        self._stream: Any = self._open()

    @property
    def busy(self) -> bool:
        """Whether there is anything still to be played."""
        return any(track.busy for track in self.tracks)

    @property
    def stalled(self) -> bool:
        """Whether the device has stopped asking for samples although there are some."""
        return self.busy and not self.lost and time.monotonic() - self._block_s > STALLED_S

    def drop(self) -> list[int]:
        """Forget every sound that is not yet with the device; their numbers."""
        with self.lock:
            return [number for track in self.tracks for number in track.clear()]

    def cut(self) -> None:
        """Throw away what the device has been given but has not played."""
        self._ending = True
        with contextlib.suppress(self._system.PortAudioError):
            self._stream.abort()
        if self._witness is not None:
            self._witness.cut(LATENCY_S)

    def go_on(self) -> None:
        """Play again after `cut`."""
        self._ending = False
        self._begin()
        try:
            self._stream.start()
        except self._system.PortAudioError:
            self.lose()

    def lose(self) -> None:
        """Give up the device: it is gone."""
        if not self.lost:
            self.lost = True
            self._on_lost(self)

    def close(self) -> None:
        """Give the device back."""
        stream, self._stream = self._stream, None
        if stream is None:  # PortAudio does not survive closing one twice
            return
        self._ending = True
        with contextlib.suppress(self._system.PortAudioError):
            stream.abort()
        with OPENING, contextlib.suppress(self._system.PortAudioError):
            stream.close()

    def _begin(self) -> None:
        self._started_s = self._block_s = time.monotonic()
        self._unsettled = SETTLED_BLOCKS

    def _open(self) -> Any:  # noqa: ANN401 - sounddevice has no types
        self._system = sound_system()
        try:
            with OPENING:
                stream = self._system.RawOutputStream(
                    samplerate=self.rate_hz,
                    channels=1,
                    dtype="int16",
                    latency=LATENCY_S,
                    device=_device(self._system, self.device),
                    callback=self._fill,
                    finished_callback=self._finished,
                )
                stream.start()
        except (self._system.PortAudioError, ValueError) as error:
            name = f"'{self.device}'" if self.device else "of this computer"
            raise NoLoudspeaker(
                f"The loudspeaker {name} cannot be opened ({error}). Check that it is connected and that no "
                "other program keeps it for itself. Until then answers are only shown."
            ) from error
        return stream

    def _settled(self, now_s: float, *, underflow: bool) -> bool:
        if self._unsettled and now_s - self._started_s < SETTLED_S:
            self._unsettled = SETTLED_BLOCKS if underflow else self._unsettled - 1
            return False
        self._unsettled = 0
        return True

    def _fill(self, out: Any, frames: int, times: Any, status: Any) -> None:  # noqa: ANN401 - cffi objects
        now_s = self._block_s = time.monotonic()
        if not self._settled(now_s, underflow=bool(status.output_underflow)):
            out[:] = bytes(len(out))
            return
        mixed = np.zeros(frames, np.float32)
        notices: list[Notice] = []
        with self.lock:
            sounding = self.busy
            for track in self.tracks:
                samples, begun = track.take(frames)
                mixed += samples
                notices += begun
        out[:] = np.clip(mixed, -32768, 32767).astype(np.int16).tobytes()
        if self._witness is not None:
            self._witness.put(mixed, self.rate_hz, now_s)
        if sounding:
            self.sounded_s = now_s
        delay_s = max(0.0, min(times.outputBufferDacTime - times.currentTime, LONGEST_DELAY_S))
        for notice in notices:
            self._on_notice(notice, delay_s + notice.frame / self.rate_hz)

    def _finished(self) -> None:
        if not self._ending:
            self.lose()
