"""The player on a real, if virtual, sound card: what comes out of the loudspeaker is recorded."""

from __future__ import annotations

import queue
import re
import statistics
import sys
import threading
import time
from collections.abc import Iterator
from types import SimpleNamespace

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.speaking import line as lines
from assistant.speaking.espeak import EspeakVoice
from assistant.speaking.line import NoLoudspeaker
from assistant.speaking.player import Player
from assistant.speaking.sound import Sound, Word
from assistant.speaking.tones import alarm
from tests.real_sound.virtual_card import RECORDING_HZ, VirtualCard, virtual_card

pytestmark = pytest.mark.real_sound
RATE_HZ = 22_050
HUSH_WITHIN_S = 0.05
Samples = NDArray[np.float64]


@pytest.fixture(scope="module")
def card() -> Iterator[VirtualCard]:
    with virtual_card() as card, card.in_this_process():
        yield card


class Listener:
    """Keeps what a player reports, with the time of each report."""

    def __init__(self) -> None:
        self.finished: queue.SimpleQueue[int] = queue.SimpleQueue()
        self.words: list[tuple[float, int, Word]] = []
        self.lost: queue.SimpleQueue[str] = queue.SimpleQueue()

    def word(self, number: int, word: Word) -> None:
        self.words.append((time.monotonic(), number, word))


@pytest.fixture
def listener() -> Listener:
    return Listener()


@pytest.fixture
def player(card: VirtualCard, listener: Listener) -> Iterator[Player]:  # noqa: ARG001 - the card must be on
    player = Player(
        listener.finished.put,
        listener.word,
        on_lost=listener.lost.put,
        answer_device="speaker",
        cue_device="speaker2",
        cue_volume=1.0,
    )
    yield player
    player.close()


def tone(seconds: float, hz: float = 440.0) -> Sound:
    wave = np.sin(2 * np.pi * hz * np.arange(round(seconds * RATE_HZ)) / RATE_HZ) * 9_000
    return Sound(wave.astype(np.int16).tobytes(), RATE_HZ)


def as_recorded(sound: Sound) -> Samples:
    samples = np.frombuffer(sound.pcm, np.int16).astype(float)
    at = np.arange(int(sound.seconds * RECORDING_HZ)) * (sound.rate_hz / RECORDING_HZ)
    converted: Samples = np.interp(at, np.arange(len(samples)), samples)
    return converted


def likeness(expected: Samples, recorded: Samples) -> float:
    """Greatest normalised correlation of `expected` with any stretch of `recorded`; 1 is the same."""
    size = 1 << (len(expected) + len(recorded)).bit_length()
    product = np.fft.rfft(recorded, size) * np.conj(np.fft.rfft(expected, size))
    sums = np.fft.irfft(product, size)[: len(recorded)]
    energy = np.cumsum(np.concatenate([[0.0], recorded**2]))
    ends = np.minimum(np.arange(len(recorded)) + len(expected), len(recorded))
    here = energy[ends] - energy[: len(recorded)]
    scale = np.sqrt(np.maximum(here, np.mean(expected**2) * 100) * np.sum(expected**2))
    return float(np.max(sums / scale))


def voiced(samples: Samples) -> Samples:
    heard = np.flatnonzero(np.abs(samples) > 200)
    return samples[heard[0] : heard[-1]]


def test_what_is_heard_is_what_was_said_from_its_first_sound_to_its_last(
    card: VirtualCard, player: Player, listener: Listener
) -> None:
    voice = EspeakVoice()
    said = voice.synthesise("Peter takes riluzole twice a day at a quarter past eight.")
    other = voice.synthesise("A breathing mask at night can help you sleep and feel better.")
    with card.record() as heard:
        began_s = time.monotonic()
        player.play(1, said)
        assert listener.finished.get(timeout=10) == 1
        took_s = time.monotonic() - began_s
        time.sleep(0.1)
    recorded = heard.samples().astype(float)
    expected = voiced(as_recorded(said))
    piece = RECORDING_HZ // 4
    assert likeness(expected[:piece], recorded) > 0.8
    assert likeness(expected[-piece:], recorded) > 0.8
    assert likeness(expected, recorded) > 2 * likeness(voiced(as_recorded(other)), recorded)
    assert said.seconds <= took_s < said.seconds + 0.5


def test_words_are_reported_when_they_are_heard(card: VirtualCard, player: Player, listener: Listener) -> None:
    clicks = np.zeros(RATE_HZ, np.int16)
    for at_s in (0.2, 0.5, 0.8):
        clicks[round(at_s * RATE_HZ) :][:200] = 12_000
    words = tuple(Word(str(at_s), at_s, 0) for at_s in (0.2, 0.5, 0.8))
    player.play(1, tone(0.3))  # so that the first opening's delay is over
    listener.finished.get(timeout=5)
    with card.record() as heard:
        time.sleep(0.15)
        heard.blocks.clear()  # the end of the tone
        player.play(2, Sound(clicks.tobytes(), RATE_HZ, words))
        assert listener.finished.get(timeout=5) == 2
        time.sleep(0.1)
    loud = [at for at, data in heard.blocks if np.abs(np.frombuffer(data, np.int16)).max() > 3_000]
    starts = [at for i, at in enumerate(loud) if i == 0 or at - loud[i - 1] > 0.15]
    assert len(starts) == 3
    late = [seen - at for (seen, _, _), at in zip(listener.words, starts, strict=True)]
    assert max(abs(s) for s in late) < 0.15
    assert [word.text for _, _, word in listener.words] == ["0.2", "0.5", "0.8"]


def test_sounds_queue_on_each_output_and_come_from_its_own_loudspeaker(
    card: VirtualCard, player: Player, listener: Listener
) -> None:
    with card.record("speaker") as left, card.record("speaker2") as right:
        player.play(1, tone(0.4, 440.0))
        player.play(2, tone(0.6, 440.0))
        player.play(3, tone(0.7, 1_000.0), "cue")
        assert [listener.finished.get(timeout=5) for _ in range(3)] == [1, 3, 2]
        time.sleep(0.1)
    assert left.seconds_of_sound() == pytest.approx(1.0, abs=0.12)
    assert right.seconds_of_sound() == pytest.approx(0.7, abs=0.12)
    for heard, hz in ((left, 440.0), (right, 1_000.0)):
        spectrum = np.abs(np.fft.rfft(heard.samples().astype(float)))
        peak_hz = np.argmax(spectrum) * RECORDING_HZ / len(heard.samples())
        assert peak_hz == pytest.approx(hz, rel=0.02)


def test_silence_comes_within_50_ms_on_both_outputs(
    card: VirtualCard, player: Player, listener: Listener, capsys: pytest.CaptureFixture[str]
) -> None:
    waits: list[float] = []
    with card.record("speaker") as left, card.record("speaker2") as right:
        for number in range(20):
            player.play(number, tone(5))
            player.play(100 + number, tone(5), "cue")
            player.play(200 + number, tone(5))
            time.sleep(0.25)
            told_s = time.monotonic()
            player.hush()
            time.sleep(0.12)
            waits += [heard.last_sound_s(told_s) - told_s for heard in (left, right)]
    assert left.seconds_of_sound() > 3, "nothing was playing that could have been hushed"
    with capsys.disabled():
        print(
            f"\n  hush() to the last recorded sound, 20 times on 2 outputs: "
            f"median {1000 * statistics.median(waits):.0f} ms, most {1000 * max(waits):.0f} ms"
        )
    assert statistics.median(waits) < HUSH_WITHIN_S / 2
    assert sum(wait >= HUSH_WITHIN_S for wait in waits) <= 1, "one late block in 40 is the recorder's"
    assert listener.finished.empty(), "a number that was dropped came back"


def test_after_hush_the_next_sound_is_heard_in_full(card: VirtualCard, player: Player, listener: Listener) -> None:
    with card.record() as heard:
        player.play(1, tone(5))
        time.sleep(0.2)
        player.hush()
        time.sleep(0.2)
        seconds_before = heard.seconds_of_sound()
        cut = len(heard.samples())
        player.play(2, tone(0.5))
        assert listener.finished.get(timeout=5) == 2
        time.sleep(0.1)
    assert seconds_before < 0.35
    later = np.flatnonzero(np.abs(heard.samples()[cut:].astype(int)) > 30)
    assert (later[-1] - later[0]) / RECORDING_HZ == pytest.approx(0.5, abs=0.06)


def test_an_alarm_sounds_until_it_is_hushed(card: VirtualCard, player: Player, listener: Listener) -> None:
    with card.record() as heard:
        player.play(1, alarm(RATE_HZ), repeating=True)
        time.sleep(2.2)
        player.hush()
        time.sleep(0.1)
    assert heard.seconds_of_sound() > 1.8
    assert np.abs(heard.samples().astype(int)).max() > 20_000
    assert listener.finished.empty()


def test_two_outputs_on_one_device_are_mixed_each_at_its_volume(card: VirtualCard, listener: Listener) -> None:
    player = Player(
        listener.finished.put,
        answer_device="speaker",
        cue_device="speaker",
        answer_volume=0.5,
        cue_volume=0.25,
    )
    with card.record() as heard:
        player.play(1, tone(0.8, 500.0))
        player.play(2, tone(0.8, 1_500.0), "cue")
        assert sorted(listener.finished.get(timeout=5) for _ in range(2)) == [1, 2]
    player.close()
    spectrum = np.abs(np.fft.rfft(heard.samples().astype(float)))
    bin_hz = RECORDING_HZ / len(heard.samples())
    low, high = (spectrum[int(hz / bin_hz) - 30 : int(hz / bin_hz) + 30].max() for hz in (500, 1_500))
    assert low / high == pytest.approx(2.0, rel=0.25)


def test_a_sound_of_another_rate_keeps_its_pitch(card: VirtualCard, player: Player, listener: Listener) -> None:
    wave = (np.sin(2 * np.pi * 700 * np.arange(16_000) / 32_000) * 9_000).astype(np.int16)
    time.sleep(0.6)
    with card.record() as heard:
        player.play(1, Sound(wave.tobytes(), 32_000))
        assert listener.finished.get(timeout=5) == 1
        time.sleep(0.1)
    spectrum = np.abs(np.fft.rfft(heard.samples().astype(float)))
    assert np.argmax(spectrum) * RECORDING_HZ / len(heard.samples()) == pytest.approx(700, rel=0.02)
    assert heard.seconds_of_sound() == pytest.approx(0.5, abs=0.1)


def test_a_sound_server_that_dies_is_told_and_does_not_stop_the_conversation(
    card: VirtualCard, player: Player, listener: Listener
) -> None:
    player.play(1, tone(5))
    player.play(2, tone(5))
    time.sleep(0.3)
    card.kill()
    assert "has stopped" in listener.lost.get(timeout=5)
    assert [listener.finished.get(timeout=5) for _ in range(2)] == [1, 2]
    began_s = time.monotonic()
    player.play(3, tone(0.4))
    assert listener.finished.get(timeout=5) == 3
    assert time.monotonic() - began_s >= 0.4, "without a device sounds still take their time"
    card.start()
    with card.record() as heard:
        player.play(4, tone(0.6))
        assert listener.finished.get(timeout=5) == 4
        time.sleep(0.1)
    assert heard.seconds_of_sound() == pytest.approx(0.6, abs=0.12)


def test_a_device_that_stops_asking_for_samples_is_given_up(player: Player, listener: Listener) -> None:
    player._lines["answer"].cut()  # no more blocks are asked for, and no end is reported
    player.play(1, tone(5))
    assert "'speaker'" in listener.lost.get(timeout=5)
    assert listener.finished.get(timeout=5) == 1


@pytest.mark.usefixtures("card")
def test_an_unknown_device_is_a_sentence_that_names_those_there_are() -> None:
    player = Player(lambda _: None, answer_device="speaker", cue_device="kitchen")
    assert re.search(r"no loudspeaker called 'kitchen'.*speaker.*speaker2", player.missing)
    player.close()


def test_a_closed_player_takes_orders_and_does_nothing(player: Player, listener: Listener) -> None:
    player.close()
    player.play(1, tone(0.1))
    player.hush()
    player.close()
    assert listener.finished.empty()


def test_hushing_and_playing_from_many_threads_leaves_it_working(player: Player, listener: Listener) -> None:
    def disturb() -> None:
        for number in range(15):
            player.play(number, tone(0.05))
            player.hush()

    threads = [threading.Thread(target=disturb) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    player.play(99, tone(0.1))
    while (number := listener.finished.get(timeout=5)) != 99:
        assert number < 15
    assert listener.lost.empty()


@pytest.mark.usefixtures("card")
def test_a_hush_from_within_a_callback_does_not_lock_up() -> None:
    done: queue.SimpleQueue[int] = queue.SimpleQueue()

    def finished(number: int) -> None:
        own.hush()
        if number < 2:
            own.play(number + 1, tone(0.1))
        done.put(number)

    own = Player(finished, answer_device="speaker", cue_device="speaker2")
    own.play(0, tone(0.1))
    assert [done.get(timeout=5) for _ in range(3)] == [0, 1, 2]
    own.close()


def test_without_portaudio_the_cure_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    class Missing:
        def find_spec(self, name: str, *_: object) -> None:
            if name == "sounddevice":
                raise OSError("PortAudio library not found")

    monkeypatch.delitem(sys.modules, "sounddevice", raising=False)
    monkeypatch.setattr("sys.meta_path", [Missing(), *sys.meta_path])
    with pytest.raises(NoLoudspeaker, match=r"sudo apt install libportaudio2"):
        Player(lambda _: None)


def test_without_any_device_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    system = SimpleNamespace(query_devices=list, PortAudioError=RuntimeError, RawOutputStream=dict)
    monkeypatch.setattr(lines, "sound_system", lambda: system)
    player = Player(lambda _: None)
    assert player.missing.startswith("No loudspeaker was found")
    player.close()
