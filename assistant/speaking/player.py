"""Plays sounds on two outputs, and is silent within 50 ms of being told to."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from functools import partial
from typing import Literal

from assistant.portaudio import look_anew
from assistant.speaking.bell import Bell
from assistant.speaking.line import Line, NoLoudspeaker, Witness, sound_system
from assistant.speaking.silent import SilentPlayer
from assistant.speaking.sound import Sound, Word
from assistant.speaking.track import Notice, Track

Output = Literal["answer", "cue"]
OUTPUTS: tuple[Output, Output] = ("answer", "cue")
USUAL_RATE_HZ = 22_050
CUE_VOLUME = 0.7
STILL_IN_DEVICE_S = 0.5
"""So long after the last sample was handed over, some may still be on its way."""
FIRST_RETRY_S, RETRIES = 1.0, 6
"""A lost device is tried so often, each time after half as long again: for 20 s, and with every sound to come."""


class Player:
    """Two outputs, "answer" and "cue", each with a device and a volume of its own.

    Both may be the same device: then they are mixed. Each output plays its sounds one after the other; the
    two do not wait for one another. Devices are opened at once and stay open, as opening one takes too long
    for an answer to a press. Callbacks come on the player's own thread, when the sound is really heard.

    When a device goes away, `on_lost` gets a sentence for a person, and the numbers of the sounds that were
    lost come back as finished. It is tried again for a while, and anew with each further `play`; as long as it cannot
    be opened, sounds take their time in silence, so that the conversation flows on. One that is not there at the start
    is lost from the start; `missing` is its sentence. `on_back` is called when a lost device is open again.

    Args:
        on_finished: gets the number of each sound that has come to its end. It must come back soon.
        on_word: gets the number and the word that begins.
        on_lost, on_back: see above.
        on_missing: told each time that a device is not there, on the player's thread: who owns the microphone may then
            close that and call `rescan`.
        witness: is told all that is played on the answers' device, for an ear in the same room.
        answer_device, cue_device: name or part of the name of a device; empty for the system's usual one.
        answer_volume, cue_volume: 0 to 1.
        rate_hz: samples a second of the sounds to come.

    Raises:
        NoLoudspeaker: PortAudio is missing. Take `SilentPlayer` instead.
    """

    def __init__(
        self,
        on_finished: Callable[[int], None],
        on_word: Callable[[int, Word], None] | None = None,
        *,
        on_lost: Callable[[str], None] = lambda _: None,
        on_back: Callable[[], None] = lambda: None,
        on_missing: Callable[[], None] = lambda: None,
        witness: Witness | None = None,
        answer_device: str = "",
        cue_device: str = "",
        answer_volume: float = 1.0,
        cue_volume: float = CUE_VOLUME,
        rate_hz: int = USUAL_RATE_HZ,
    ) -> None:
        sound_system()
        self._on_finished, self._on_word, self._rate_hz = on_finished, on_word, rate_hz
        self._on_lost, self._on_back, self._on_missing = on_lost, on_back, on_missing
        self._witness = witness
        self._tracks = {"answer": Track(answer_volume), "cue": Track(cue_volume)}
        self._control = threading.RLock()
        """Held while devices are opened, cut and closed; never while sound is dropped."""
        self._devices: dict[Output, str] = {"answer": answer_device, "cue": cue_device}
        self._lines: dict[Output, Line] = {}
        self._closed = False
        self._tries, self._next_try_s = 0, 0.0
        self.missing = ""
        self._bell = Bell(watch=self._watch)
        self._instead = SilentPlayer(on_finished, on_word)
        for device in dict.fromkeys(self._devices.values()):
            try:
                self._open(device, rate_hz)
            except NoLoudspeaker as missing:
                self.missing = self.missing or str(missing)

    def play(
        self,
        number: int,
        sound: Sound,
        output: Output = "answer",
        *,
        volume: float = 1.0,
        repeating: bool = False,
    ) -> None:
        """Queue `sound` on an output; `number` comes back in the callbacks.

        `volume` is 0 to 1, on top of that of the output. A `repeating` sound is played again and again until `hush`,
        and never finishes.
        """
        with self._control:
            if self._closed:
                return
            try:
                line = self._ready_line(output, sound.rate_hz)
            except NoLoudspeaker:
                self._try_from_now()
                self._instead.play(number, sound, output, repeating=repeating)
                return
            with line.lock:
                self._tracks[output].put(number, sound, line.rate_hz, volume=volume, repeating=repeating)

    def hush(self) -> None:
        """Be silent on every output, and forget what waits. Numbers that are dropped do not come back.

        A callback that was already being made is finished all the same.
        """
        lines = self._all_lines()
        for line in lines:
            line.drop()
        with self._control:
            newest_s = time.monotonic() - STILL_IN_DEVICE_S
            sounding = [line for line in lines if not line.lost and line.sounded_s > newest_s]
            for line in sounding:
                line.cut()
            self._bell.forget()
            self._instead.hush()
            for line in sounding:
                line.go_on()

    def rescan(self) -> bool:
        """Close every device, have PortAudio look for devices anew, and open them again.

        The microphone's stream must be closed. False, and nothing is done, while something is still being played.
        """
        with self._control:
            lines = self._all_lines()
            newest_s = time.monotonic() - STILL_IN_DEVICE_S
            if any(not line.lost and (line.busy or line.sounded_s > newest_s) for line in lines):
                return False
            for line in lines:
                line.lost = True
                line.close()
            look_anew()
            self._reopen()
            return True

    def close(self) -> None:
        """Give the devices back. No callback comes afterwards."""
        with self._control:
            self._closed = True
            for line in self._all_lines():
                line.close()
            self._lines.clear()
        self._bell.close()
        self._instead.close()

    def _all_lines(self) -> list[Line]:
        return list(dict.fromkeys(self._lines.values()))

    def _open(self, device: str, rate_hz: int) -> None:
        outputs = [output for output in OUTPUTS if self._devices[output] == device]
        tracks = [self._tracks[output] for output in outputs]
        witness = self._witness if "answer" in outputs else None
        line = Line(device, rate_hz, tracks, self._noticed, self._lost, witness)
        self._lines.update(dict.fromkeys(outputs, line))

    def _ready_line(self, output: Output, rate_hz: int) -> Line:
        """The output's line, opened anew if its device was lost or it rests at another rate."""
        line = self._lines.get(output)
        if line is None:
            self._open(self._devices[output], rate_hz)
            self._on_back()
            return self._lines[output]
        resting = not line.busy and time.monotonic() - line.sounded_s > STILL_IN_DEVICE_S
        if line.lost or (line.rate_hz != rate_hz and resting):
            was_lost, line.lost = line.lost, True  # should it not open again, it is tried anew the next time
            line.close()
            self._open(line.device, rate_hz)
            if was_lost:
                self._on_back()
        return self._lines[output]

    def _reopen(self) -> bool:
        """Open what is lost or was never there. False: not everything could be."""
        for output in OUTPUTS:
            line = self._lines.get(output)
            if line is None or line.lost:
                try:
                    self._ready_line(output, line.rate_hz if line else self._rate_hz)
                except NoLoudspeaker:
                    return False
        return True

    def _try_from_now(self) -> None:
        self._tries, self._next_try_s = RETRIES, time.monotonic()

    def _try_again(self) -> None:
        """From time to time, see whether a lost device is back."""
        if not self._tries or time.monotonic() < self._next_try_s:
            return
        with self._control:
            if self._closed or self._reopen():
                self._tries = 0
                return
            self._next_try_s = time.monotonic() + FIRST_RETRY_S * 1.5 ** (RETRIES - self._tries)
            self._tries -= 1
        self._on_missing()

    def _noticed(self, notice: Notice, delay_s: float) -> None:
        due_s = time.monotonic() + delay_s
        if notice.word is None:
            self._bell.at(due_s, partial(self._on_finished, notice.number))
        elif self._on_word is not None:
            self._bell.at(due_s, partial(self._on_word, notice.number, notice.word))

    def _lost(self, line: Line) -> None:
        numbers = line.drop()
        self._bell.at(time.monotonic(), partial(self._report_lost, line.device, numbers), forgettable=False)

    def _report_lost(self, device: str, numbers: list[int]) -> None:
        self._try_from_now()
        name = f"'{device}'" if device else "of this computer"
        self._on_lost(
            f"The loudspeaker {name} has stopped. Check that it is connected and switched on. "
            "It is tried again with the next answer."
        )
        for number in numbers:
            self._on_finished(number)

    def _watch(self) -> None:
        for line in self._all_lines():
            if line.stalled:
                line.lose()
        self._try_again()
