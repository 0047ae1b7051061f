from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.hearing.turns import FRAME_BYTES, Began, Ended, Piece, Turn, TurnTaker
from assistant.hearing.voice_activity import voice_detector
from tests.hearing.sounds import espeak, flite, noise, trimmed


def frames(sound: bytes) -> Iterator[bytes]:
    for at in range(0, len(sound) - FRAME_BYTES + 1, FRAME_BYTES):
        yield sound[at : at + FRAME_BYTES]


def turns_of(sound: bytes, patience_s: float | None = 1.5) -> list[Turn]:
    taker = TurnTaker(voice_detector(), patience_s)
    return [turn for frame in frames(sound) for turn in taker.feed(frame)]


def ends(sound: bytes, patience_s: float = 1.5) -> list[Ended]:
    return [turn for turn in turns_of(sound, patience_s) if isinstance(turn, Ended)]


FLITE = ("rms", "slt", "awb", "kal16")
ESPEAK = ("en-us", "en", "en-us+f2", "en-us+m3")


@pytest.mark.parametrize("word", ["stop", "yes", "no", "help"])
@pytest.mark.parametrize("voice", FLITE + ESPEAK)
def test_a_short_word_is_one_turn_in_every_voice(word: str, voice: str) -> None:
    said = flite(word, voice) if voice in FLITE else espeak(word, voice)
    assert len(ends(noise(1.0) + said + noise(2.0))) == 1


def test_words_with_seven_tenths_of_a_second_between_them_stay_one_turn() -> None:
    words = [flite(word) for word in ["what", "is", "stem", "cell", "therapy"]]
    gap = noise(0.7)
    quiet_edges = [trimmed(word) for word in words]
    slow = noise(1.0) + gap.join(quiet_edges) + noise(3.0)
    (ended,) = ends(slow)
    assert ended.pause_s == pytest.approx(0.8, abs=0.2)
    assert len(ends(slow, 0.4)) > 1


def test_silence_noise_and_clicks_begin_no_turn() -> None:
    clicks = np.frombuffer(noise(6.0), "<i2").copy()
    clicks[::8_000] = 30_000
    clicks[1::8_000] = -30_000
    thumps = np.frombuffer(noise(6.0), "<i2").astype(np.float64)
    for at in range(4_000, len(thumps) - 800, 16_000):
        thumps[at : at + 800] += 12_000 * np.exp(-np.arange(800) / 100) * np.sin(np.arange(800) / 8)
    for sound in (bytes(6 * 32_000), noise(6.0), noise(6.0, -40), clicks.tobytes(), thumps.astype("<i2").tobytes()):
        assert turns_of(sound) == []


def test_a_turn_ends_when_patience_is_over_and_says_how_long_the_speech_was() -> None:
    said = flite("what is stem cell therapy")
    (ended,) = ends(noise(0.5) + said + noise(2.5), 0.8)
    assert ended.why == "silence"
    assert ended.trailing_s == pytest.approx(0.8, abs=0.04)
    assert ended.speech_s == pytest.approx(len(trimmed(said)) / 32_000, abs=0.4)
    assert ended.pause_s < 0.4


def test_with_endless_patience_only_the_switch_ends_a_turn() -> None:
    taker = TurnTaker(voice_detector(), None)
    for frame in frames(noise(0.5) + flite("stop") + noise(6.0)):
        assert not [turn for turn in taker.feed(frame) if isinstance(turn, Ended)]
    (ended,) = taker.end_now()
    assert isinstance(ended, Ended)
    assert ended.why == "switch"
    assert taker.end_now() == []


def test_with_endless_patience_a_weak_voice_is_passed_on_at_the_press() -> None:
    chances = iter([0.0] * 10 + [0.2] * 5 + [0.0] * 40)
    taker = TurnTaker(lambda _: next(chances), None)
    for number in range(55):
        assert taker.feed(bytes([number]) * FRAME_BYTES) == []
    began, piece, ended = taker.end_now()
    assert isinstance(began, Began)
    assert isinstance(piece, Piece)
    assert bytes([10]) * FRAME_BYTES in piece.frames
    assert isinstance(ended, Ended)


def test_a_television_does_not_hold_the_ear_for_ever() -> None:
    taker = TurnTaker(lambda _: 1.0, None, longest_s=2.0)
    found = [turn for _ in range(64) for turn in taker.feed(bytes(FRAME_BYTES)) if isinstance(turn, Ended)]
    assert [ended.why for ended in found] == ["length"]


def test_a_frame_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="1024 bytes"):
        TurnTaker(lambda _: 0.0).feed(b"12")


@given(
    st.lists(st.sampled_from([0.0, 0.2, 0.4, 0.9]), max_size=150),
    st.sampled_from([0.1, 0.3, 0.8, None]),
    st.sets(st.integers(0, 150), max_size=3),
)
def test_pieces_are_one_unbroken_stretch_between_beginning_and_end(
    chances: list[float], patience_s: float | None, presses: set[int]
) -> None:
    left = iter(chances)
    taker = TurnTaker(lambda _: next(left), patience_s, longest_s=3.0)
    numbers: list[int] | None = None
    last_used = -1
    for number in range(len(chances)):
        happened = taker.feed(number.to_bytes(2, "little") * (FRAME_BYTES // 2))
        if number in presses:
            happened += taker.end_now()
        for turn in happened:
            match turn:
                case Began():
                    assert numbers is None
                    numbers = []
                case Piece(sound):
                    assert numbers is not None
                    assert len(sound) % FRAME_BYTES == 0
                    numbers += [int.from_bytes(frame[:2], "little") for frame in frames(sound)]
                case Ended():
                    assert numbers
                    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
                    assert numbers[0] > last_used
                    spoken = [i for i in range(numbers[0], number + 1) if chances[i] >= 0.5]
                    assert set(spoken) <= set(numbers)
                    last_used, numbers = numbers[-1], None
