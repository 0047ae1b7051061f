from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from assistant.hearing.microphone import BACK, LOST, MUTED, Microphone, NoMicrophone, Trouble, Watch, choose_device

SOUND = b"\x01\x00" * 512
ZEROS = bytes(1024)
DEVICES = [
    {"name": "Speakers", "max_input_channels": 0},
    {"name": "USB Headset: Audio", "max_input_channels": 1},
    {"name": "USB Headset", "max_input_channels": 1},
]


def told(watch: Watch, blocks: dict[float, bytes], until_s: float) -> list[tuple[float, Trouble]]:
    """What the watch tells, asked every half second while `blocks` come at their times."""
    out, waiting = [], sorted(blocks.items())
    for half in range(int(until_s * 2) + 1):
        while waiting and waiting[0][0] <= half / 2:
            at, block = waiting.pop(0)
            watch.block(block, at)
        if trouble := watch.check(half / 2):
            out.append((half / 2, trouble))
    return out


def steady(start_s: float, end_s: float, block: bytes) -> dict[float, bytes]:
    return {tenth / 10: block for tenth in range(int(start_s * 10), int(end_s * 10))}


def test_a_working_microphone_is_no_trouble() -> None:
    assert told(Watch(0.0), steady(0, 20, SOUND), 20) == []


def test_loss_and_return_are_told_once_each() -> None:
    blocks = {**steady(0, 5, SOUND), **steady(15, 30, SOUND)}
    assert told(Watch(0.0), blocks, 29) == [(7.0, LOST), (15.0, BACK)]


def test_a_microphone_muted_in_hardware_is_told_once_and_so_is_its_return() -> None:
    blocks = {**steady(0, 3, SOUND), **steady(3, 20, ZEROS), **steady(20, 30, SOUND)}
    assert told(Watch(0.0), blocks, 29) == [(8.0, MUTED), (20.0, BACK)]


def test_a_stream_that_says_it_ended_is_lost_at_once() -> None:
    watch = Watch(0.0)
    watch.block(SOUND, 0.1)
    assert watch.check(0.2, finished=True) is LOST
    assert watch.check(0.7, finished=True) is None


def test_a_microphone_is_chosen_by_a_part_of_its_name_and_the_whole_name_wins() -> None:
    assert choose_device(DEVICES, "usb headset") == 2
    assert choose_device(DEVICES, "audio") == 1
    assert choose_device(DEVICES, "") is None
    with pytest.raises(NoMicrophone, match="USB Headset"):
        choose_device(DEVICES, "Speakers")
    with pytest.raises(NoMicrophone, match="Plug one in"):
        choose_device(DEVICES[:1], "")


class Card(SimpleNamespace):
    """Stands in for sounddevice, whose loss of a device cannot be had without the hardware."""

    def __init__(self) -> None:
        super().__init__(opened=[], gone=False)

    def query_devices(self) -> list[dict[str, Any]]:
        return [] if self.gone else DEVICES

    def RawInputStream(self, callback: Callable[..., None], **_: object) -> Any:  # noqa: N802 - sounddevice's name
        stream = SimpleNamespace(start=lambda: None, close=lambda: None, callback=callback)
        self.opened.append(stream)
        return stream


@pytest.fixture
def card(monkeypatch: pytest.MonkeyPatch) -> Iterator[Card]:
    card = Card()
    monkeypatch.setitem(sys.modules, "sounddevice", card)
    return card


def test_one_stream_passes_on_what_it_hears_and_may_be_closed_twice(card: Card) -> None:
    heard: list[bytes] = []
    microphone = Microphone(heard.append, lambda _: None)
    (stream,) = card.opened
    stream.callback(SOUND, 512, None, None)
    microphone.close()
    microphone.close()
    assert heard == [SOUND]
    assert len(card.opened) == 1


def test_a_lost_microphone_is_opened_again_by_itself(card: Card) -> None:
    troubles: list[Trouble] = []
    microphone = Microphone(lambda _: None, troubles.append)
    card.opened[0].callback(SOUND, 512, None, None)
    until = time.monotonic() + 12
    while len(card.opened) == 1 and time.monotonic() < until:
        time.sleep(0.1)
    end = time.monotonic() + 1.5
    while time.monotonic() < end:
        card.opened[-1].callback(SOUND, 512, None, None)
        time.sleep(0.1)
    microphone.close()
    assert troubles == [LOST, BACK]


def test_no_sound_library_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sounddevice", None)
    with pytest.raises(NoMicrophone, match="libportaudio2"):
        Microphone(lambda _: None, lambda _: None)
