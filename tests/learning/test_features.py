from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.learning.features import LENGTH, RATE_HZ, WIDTH, pattern
from assistant.learning.warping import distances
from tests.learning.sounds import clear, heard, tried


def test_loudness_silence_around_and_a_steady_room_change_little() -> None:
    samples = np.frombuffer(clear("feeding tube"), "<i2")
    quiet = np.zeros(RATE_HZ, "<i2")
    soft = np.concatenate([quiet, samples // 4, quiet]).astype("<i2")
    loud, around = pattern(samples.tobytes()), pattern(soft.tobytes())
    assert loud
    assert around
    assert distances(loud.rows[None], around.rows)[0] < 0.2
    assert abs(loud.frames - around.frames) <= 5


def test_a_word_is_nearer_to_itself_said_again_than_to_another_word() -> None:
    known = np.stack([heard(word, 1).rows for word in ("cramps", "feeding tube", "oxygen")])
    assert int(distances(known, heard("feeding tube", 2).rows).argmin()) == 1


def test_pauses_between_words_do_not_count() -> None:
    samples = np.frombuffer(clear("feeding tube"), "<i2")
    parts = np.array_split(samples, 2)
    slow = np.concatenate([parts[0], np.zeros(RATE_HZ // 2, "<i2"), parts[1]])
    whole, paused = pattern(samples.tobytes()), pattern(slow.astype("<i2").tobytes())
    assert whole
    assert paused
    assert distances(whole.rows[None], paused.rows)[0] < 0.3


@pytest.mark.parametrize("sound", [b"", b"\x00", b"\x01\x00" * 300, bytes(2 * RATE_HZ)])
def test_what_can_be_no_trigger_has_no_pattern(sound: bytes) -> None:
    assert pattern(sound) is None


def test_a_speech_is_no_trigger() -> None:
    assert pattern(tried("oxygen", 1) * 12) is None


@given(st.binary(max_size=20_000))
def test_any_bytes_are_taken(sound: bytes) -> None:
    found = pattern(sound)
    if found is not None:
        assert found.rows.shape == (LENGTH, WIDTH)
        assert np.isfinite(found.rows).all()
