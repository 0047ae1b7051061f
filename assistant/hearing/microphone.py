"""The microphone: one raw stream, open all the time, watched.

Opening a stream loses up to half a second of sound on some systems, so it is opened once. PortAudio tells nobody when
a device goes away: no exception, just no more blocks. A watch notices that, and a microphone muted in hardware (its
blocks are all zeros), says each once, and opens the stream again when the device is back.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from assistant.hearing import RATE_HZ
from assistant.hearing.turns import FRAME_SAMPLES
from assistant.portaudio import OPENING

LOST_AFTER_S = 2.0
MUTED_AFTER_S = 5.0
CHECK_EVERY_S = 0.5
LONGEST_RETRY_S = 30.0


class NoMicrophone(Exception):
    """There is no microphone to use; the text is a sentence that says why and what to do."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something about the microphone that the person should know."""

    kind: Literal["lost", "muted", "back"]
    """lost: no sound comes; muted: only zeros come; back: sound comes again."""
    sentence: str


LOST = Trouble("lost", "The microphone is gone. Check its plug or its connection; until then type or use the switch.")
MUTED = Trouble("muted", "The microphone seems to be muted. Look for a mute switch on it or on the headset.")
BACK = Trouble("back", "The microphone works now.")


class Watch:
    """Notices loss, muting and return, each once. Pure: the time in seconds is handed in."""

    def __init__(self, now_s: float, *, lost: bool = False) -> None:
        self._last_block_s = now_s - LOST_AFTER_S if lost else now_s
        self._last_sound_s = now_s
        self._told: Trouble | None = LOST if lost else None

    @property
    def lost(self) -> bool:
        """Whether loss has been told and the microphone has not come back."""
        return self._told is LOST

    def block(self, frames: bytes, now_s: float) -> None:
        """A block of sound came."""
        if self._told is LOST:
            self._last_sound_s = now_s  # do not hold the time of loss for time of muting
        self._last_block_s = now_s
        if frames.count(0) != len(frames):
            self._last_sound_s = now_s

    def check(self, now_s: float, *, finished: bool = False) -> Trouble | None:
        """What has to be told now. `finished`: the stream says that it ended."""
        silent_s = now_s - self._last_block_s
        if finished or silent_s > LOST_AFTER_S:
            new = LOST
        elif now_s - self._last_sound_s > MUTED_AFTER_S:
            new = MUTED
        else:
            new = BACK
        if new is (self._told or BACK):
            return None
        self._told = None if new is BACK else new
        return new


class Microphone:
    """Sound from a device, 512 samples at a time.

    Args:
        on_frame: gets every block, on PortAudio's thread: it must return at once.
        on_trouble: gets loss, muting and return, on the watch's thread.
        device: part of the device's name; empty: the system's choice.
        rescan: makes PortAudio see new devices. That ends every open stream, so the loudspeakers' owner does it, and
            this stream is closed meanwhile; without it a device unplugged is found again only when the sound system
            keeps its place.
        patient: a device that is not there yet is waited for; `missing` says what is wrong until it comes.

    Raises:
        NoMicrophone: no sound library; and unless `patient`: no device, none of that name, or it cannot be opened.
    """

    def __init__(
        self,
        on_frame: Callable[[bytes], None],
        on_trouble: Callable[[Trouble], None],
        device: str = "",
        rescan: Callable[[], None] | None = None,
        *,
        patient: bool = False,
    ) -> None:
        try:
            import sounddevice  # noqa: PLC0415 - raises OSError where PortAudio is missing
        except (ImportError, OSError) as problem:
            message = (
                "Sound cannot be used: the library PortAudio is missing. On Debian or Ubuntu install it with "
                "'sudo apt install libportaudio2'. Until then type or use the switch."
            )
            raise NoMicrophone(message) from problem
        self._sounddevice: Any = sounddevice
        self._on_frame, self._on_trouble = on_frame, on_trouble
        self._device, self._rescan = device, rescan
        self._finished = threading.Event()
        self._outdated = threading.Event()
        self._closing = threading.Event()
        self._watch = Watch(time.monotonic())
        self.missing = ""
        """A sentence while a device that was not there at the start is waited for."""
        self._stream: Any = None
        try:
            self._stream = self._open()
        except NoMicrophone as missing:
            if not patient:
                raise
            self.missing = str(missing)
            self._watch = Watch(time.monotonic(), lost=True)
        self._thread = threading.Thread(target=self._look_after, name="microphone watch", daemon=True)
        self._thread.start()

    def look_anew(self) -> None:
        """Close, have the sound system list its devices anew, and open again, soon: a loudspeaker is looked for."""
        self._outdated.set()

    def close(self) -> None:
        """Give the device back. Harmless when repeated."""
        self._closing.set()
        if self._thread is not threading.current_thread():
            self._thread.join(timeout=5)
        self._close_stream()

    def _open(self) -> Any:  # noqa: ANN401 - sounddevice has no types
        found = choose_device(self._devices(), self._device)
        try:
            self._finished.clear()
            with OPENING:
                stream = self._sounddevice.RawInputStream(
                    samplerate=RATE_HZ,
                    blocksize=FRAME_SAMPLES,
                    channels=1,
                    dtype="int16",
                    device=found,
                    latency="low",
                    callback=self._take,
                    finished_callback=self._finished.set,
                )
                stream.start()
        except Exception as problem:  # PortAudioError, ValueError, OSError: all mean the same to a person
            name = self._device or "the system's microphone"
            message = f"The microphone ({name}) cannot be opened: {problem}. Close other programs that use it."
            raise NoMicrophone(message) from problem
        return stream

    def _devices(self) -> list[dict[str, Any]]:
        return [dict(device) for device in self._sounddevice.query_devices()]

    def _take(self, data: object, _count: int, _time: object, _status: object) -> None:
        frames = bytes(data)  # type: ignore[call-overload] # PortAudio's buffer
        self._watch.block(frames, time.monotonic())
        self._on_frame(frames)

    def _look_after(self) -> None:
        since_try_s, patience_s = 0.0, LOST_AFTER_S
        while not self._closing.wait(CHECK_EVERY_S):
            trouble = self._watch.check(time.monotonic(), finished=self._finished.is_set())
            if trouble is not None:
                self.missing = ""
                self._on_trouble(trouble)
            since_try_s += CHECK_EVERY_S
            if self._outdated.is_set():
                self._outdated.clear()
                self._reopen()
            elif not self._watch.lost:
                patience_s = LOST_AFTER_S
            elif since_try_s >= patience_s:
                since_try_s, patience_s = 0.0, min(1.5 * patience_s, LONGEST_RETRY_S)
                self._reopen()

    def _reopen(self) -> None:
        self._close_stream()
        with contextlib.suppress(Exception):  # it is still gone: tried again soon
            if self._rescan is not None:
                self._rescan()
            self._stream = self._open()

    def _close_stream(self) -> None:
        stream, self._stream = self._stream, None
        if stream is not None:
            with OPENING, contextlib.suppress(Exception):  # a dead stream may not even close
                stream.close()


def choose_device(devices: list[dict[str, Any]], wanted: str) -> int | None:
    """Number of the input device whose name holds `wanted`; the whole name wins. None: the system's choice.

    Raises:
        NoMicrophone: there is none, or none of that name.
    """
    inputs = [(i, str(d["name"])) for i, d in enumerate(devices) if d["max_input_channels"] > 0]
    if not inputs:
        message = "There is no microphone. Plug one in, or type or use the switch."
        raise NoMicrophone(message)
    if not wanted:
        return None
    for number, name in sorted(inputs, key=lambda device: (len(device[1]), device[0])):
        if wanted.lower() in name.lower():
            return number
    names = ", ".join(dict.fromkeys(name for _, name in inputs))
    message = f'There is no microphone called "{wanted}". There are: {names}. Change the setting or plug it in.'
    raise NoMicrophone(message)
