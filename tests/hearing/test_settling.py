from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pytest

from assistant.hearing.pocketsphinx import PocketSphinxRecogniser
from assistant.hearing.settling import MEASURED_BYTES, MEASURING, Settling
from tests.hearing.sounds import flite

SAID = "What does riluzole do?"


@dataclass
class Decoder:
    """Notes what it is asked to do; its mean is that of the last utterance."""

    done: list[str] = field(default_factory=list)
    search: str = ""
    decoded: int = 0

    def add_keyphrase(self, name: str, _: str) -> None:
        self.done.append(f"add {name}")

    def activate_search(self, name: str) -> None:
        self.search = name

    def start_utt(self) -> None:
        self.done.append(f"start {self.search}")

    def process_raw(self, frames: bytes) -> None:
        self.decoded += len(frames) if self.search == "said" else 0

    def end_utt(self) -> None:
        self.done.append(f"end {self.search}")

    def set_cmn(self, mean: str) -> None:
        self.mean = mean

    def get_cmn(self, _: bool) -> str:  # noqa: FBT001 - PocketSphinx's order
        return self.mean


def begun() -> tuple[Decoder, Settling]:
    decoder = Decoder()
    settling = Settling(decoder, "said")
    settling.start_utt()
    return decoder, settling


def test_sound_is_kept_back_until_there_is_enough_and_none_is_lost() -> None:
    decoder, settling = begun()
    piece = b"\1\0" * 512
    for _ in range(MEASURED_BYTES // 1024):
        settling.process_raw(piece)
    assert decoder.decoded == 0
    for _ in range(20):
        settling.process_raw(piece)
    settling.end_utt()
    assert decoder.decoded == len(piece) * (MEASURED_BYTES // 1024 + 20)
    assert decoder.done == [f"add {MEASURING}", f"start {MEASURING}", f"end {MEASURING}", "start said", "end said"]


def test_a_short_word_is_decoded_while_it_is_still_waited_whether_more_comes() -> None:
    decoder, settling = begun()
    settling.process_raw(b"\1\0" * 7_000)
    settling.fall_silent()
    assert decoder.decoded == 0  # no word is that short
    settling.process_raw(b"\1\0" * 11_000)
    settling.fall_silent()
    assert decoder.decoded == 36_000
    settling.fall_silent()
    settling.end_utt(b"\1\0" * 100)
    assert decoder.decoded == 36_200
    assert decoder.done[-2:] == ["start said", "end said"]


def test_what_goes_on_after_silence_is_decoded_with_the_mean_of_more() -> None:
    decoder, settling = begun()
    settling.process_raw(b"\1\0" * 18_000)
    settling.fall_silent()
    settling.process_raw(b"\1\0" * 2_000)
    assert decoder.decoded == 36_000
    settling.fall_silent()
    settling.end_utt()
    assert decoder.decoded == 36_000 + 40_000
    assert decoder.done.count("start said") == decoder.done.count("end said") == 2
    assert decoder.done.count(f"start {MEASURING}") == 2


@pytest.mark.parametrize("sound", [b"", b"\1\0" * 100, b"\1\0" * 8000])
def test_the_shortest_sound_is_decoded_when_it_ends(sound: bytes) -> None:
    decoder = Decoder()
    settling = Settling(decoder, "said")
    decoder.mean = ",".join(["1"] * 13)
    for number in (1, 2):
        settling.start_utt()
        settling.process_raw(sound)
        settling.end_utt()
        assert decoder.decoded == number * len(sound)
        assert decoder.done[-2:] == ["start said", "end said"]


@pytest.mark.parametrize("length_s", [1.0, 1.0313, 1.2, 1.3571, 1.5, 2.9157, 3.6506])
def test_what_is_decoded_with_is_the_mean_of_the_beginning_whatever_the_length(length_s: float) -> None:
    pocketsphinx = pytest.importorskip("pocketsphinx")
    decoder = pocketsphinx.Decoder(lm=None, loglevel="FATAL")
    decoder.add_keyphrase("said", "a cure")
    settling = Settling(decoder, "said")
    sound = (flite(SAID) * 3)[: int(length_s * 16_000) * 2]
    means = []
    for _ in range(2):
        settling.start_utt()
        settling.process_raw(sound)
        settling.end_utt()
        means.append(np.array(decoder.get_cmn(False).split(","), float))  # noqa: FBT003 - PocketSphinx's order
    assert means[0][0] > 30
    assert np.abs(means[1] - means[0]).max() < 3


def test_all_at_once_is_as_bit_by_bit() -> None:
    pytest.importorskip("pocketsphinx")
    sound = flite(SAID)
    recogniser = PocketSphinxRecogniser((SAID,))
    heard = []
    for piece in (1024, len(sound)):
        for _ in range(2):  # the second time with the same past
            recogniser.begin()
            for at in range(0, len(sound), piece):
                recogniser.accept(sound[at : at + piece])
            found = recogniser.finish().hypotheses
        heard.append(found[0])
    assert heard[0] == heard[1]


def test_whoever_spoke_before_a_voice_is_heard_alike() -> None:
    pytest.importorskip("pocketsphinx")
    heard = set()
    recogniser = PocketSphinxRecogniser((SAID, "Is there a cure?"))
    loud_hum = (3000 * np.sin(np.arange(48_000) * 0.3)).astype("<i2").tobytes()
    for before in (b"", loud_hum, flite("Is there a cure?", "awb")):
        recogniser.begin()
        recogniser.accept(before)
        recogniser.finish()
        recogniser.begin()
        recogniser.accept(flite(SAID))
        heard.add(recogniser.finish().hypotheses[0])
    assert heard == {"what does riluzole do"}
