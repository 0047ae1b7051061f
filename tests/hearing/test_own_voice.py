from __future__ import annotations

import queue

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.hearing.listener import Listener, Report, Utterance
from assistant.hearing.own_voice import OwnVoice
from assistant.hearing.pocketsphinx import PocketSphinxRecogniser
from assistant.hearing.turns import FRAME_BYTES
from assistant.hearing.voice_activity import voice_detector
from tests.hearing.sounds import espeak, flite, noise
from tests.hearing.test_pocketsphinx import COMMANDS, recogniser  # noqa: F401 - a fixture

ANSWER = (
    "A feeding tube is a soft tube into the stomach. Food, water and medicine go through it. It can be placed before "
    "it is needed, and you may still eat what is safe. Many people say that meals became easier, and weight stays up."
)
LATE_SAMPLES = 2_000
LEAST_QUIETER_DB = 20.0


def samples(sound: bytes) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.frombuffer(sound, "<i2").astype(np.float64)


def as_bytes(sound: np.ndarray[tuple[int], np.dtype[np.float64]]) -> bytes:
    return bytes(sound.clip(-32768, 32767).astype("<i2").tobytes())


def echo_of(sound: bytes, softer: float = 0.25) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """What the microphone hears of it: late, through a small room, and softer; with the microphone's own noise."""
    fading = np.random.default_rng(4).standard_normal(3_000) * np.exp(-np.arange(3_000) / 600) / 40
    fading[0] = 1.0
    heard = np.convolve(samples(sound), fading)[: len(sound) // 2] * softer
    heard = np.concatenate([np.zeros(LATE_SAMPLES), heard])[: len(heard)]
    return np.asarray(heard + samples(noise(len(heard) / 16_000 + 1))[: len(heard)])


def clean(heard: bytes, played: bytes, moved_at: int = -1) -> bytes:
    own = OwnVoice()
    starts = range(0, len(heard) - FRAME_BYTES + 1, FRAME_BYTES)
    frames = ((at, heard[at : at + FRAME_BYTES], played[at : at + FRAME_BYTES]) for at in starts)
    return b"".join(own.clean(mic, speaker, moved=at <= moved_at < at + FRAME_BYTES) for at, mic, speaker in frames)


def loud_db(sound: bytes) -> float:
    return float(10 * np.log10(np.mean(samples(sound) ** 2) + 1e-9))


def test_its_own_voice_is_taken_out_after_two_seconds() -> None:
    played = espeak(ANSWER)
    heard = as_bytes(echo_of(played))
    left = clean(heard, played)
    assert loud_db(left[64_000:]) < loud_db(heard[64_000:]) - LEAST_QUIETER_DB


def test_what_a_person_says_over_it_stays() -> None:
    played = espeak(ANSWER)
    word = samples(flite("stop"))
    mixed = echo_of(played)
    at = 6 * 16_000
    mixed[at : at + len(word)] += word
    left = samples(clean(as_bytes(mixed), played))
    stays = left[at : at + len(word) + 256]
    alike = np.correlate(stays, word, "valid").max() / (np.linalg.norm(stays) * np.linalg.norm(word))
    assert alike > 0.8


def test_where_nothing_is_played_nothing_is_changed_but_sixteen_milliseconds() -> None:
    heard = flite("is there a cure")
    left = samples(clean(heard, bytes(len(heard))))
    assert np.abs(left[256:] - samples(heard)[: len(left) - 256]).max() <= 2


def test_a_loudspeaker_turned_up_is_followed() -> None:
    played = espeak(ANSWER)
    heard = echo_of(played)
    half = len(heard) // 2
    heard[half:] *= 3
    left = clean(as_bytes(heard), played)
    last = -3 * 32_000
    assert loud_db(left[last:]) < loud_db(as_bytes(heard)[last:]) - LEAST_QUIETER_DB / 2


@pytest.mark.parametrize("shift_ms", [-35, -8, 1, 20, 50])
def test_an_echo_that_comes_earlier_or_later_at_once_is_taken_out_again_within_a_second(shift_ms: int) -> None:
    """A stream that is aborted for silence and starts anew has another delay."""
    played = espeak(ANSWER)
    heard = echo_of(played)
    half, shift = len(heard) // 2, shift_ms * 16
    moved = np.roll(heard, shift)
    heard[half:] = moved[half:]
    left = clean(as_bytes(heard), played)
    after = (half + 16_000) * 2
    assert loud_db(left[after:]) < loud_db(as_bytes(heard)[after:]) - LEAST_QUIETER_DB


@pytest.mark.parametrize("shift_ms", [-20, -3, 0, 3, 20])
def test_where_it_is_told_of_that_the_echo_is_found_again_at_once(shift_ms: int) -> None:
    played = espeak(ANSWER)
    heard = echo_of(played)
    half = len(heard) // 2
    heard[half:] = np.roll(heard, shift_ms * 16)[half:]
    left = clean(as_bytes(heard), played, half * 2)
    after = slice(half * 2, (half + 3_200) * 2)
    assert loud_db(left[after]) < loud_db(as_bytes(heard)[after]) - LEAST_QUIETER_DB


@pytest.mark.parametrize("over", [False, True])
def test_stop_is_heard_over_its_own_voice_and_never_in_it(
    recogniser: PocketSphinxRecogniser,  # noqa: F811 - the fixture
    over: bool,  # noqa: FBT001
) -> None:
    played = espeak(ANSWER)
    heard = echo_of(played)
    word = samples(flite("stop")) * over
    at = 7 * 16_000
    heard[at : at + len(word)] += word
    assert words_heard(recogniser, as_bytes(heard), played) == ([("stop",)] if over else [])


def words_heard(real: PocketSphinxRecogniser, heard: bytes, played: bytes) -> list[tuple[str, ...]]:
    reports: queue.SimpleQueue[Report] = queue.SimpleQueue()
    listener = Listener(real, voice_detector(), reports.put)
    listener.listen(1, COMMANDS, 0.9)
    listener.hear(heard, played)
    listener.end_utterance()
    turns: list[Utterance] = []
    while not turns or turns[-1].why != "switch":
        report = reports.get(timeout=60)
        turns += [report] if isinstance(report, Utterance) else []
    listener.ignore()
    return [turn.heard.hypotheses for turn in turns if turn.heard.hypotheses]


@settings(max_examples=30)
@given(st.lists(st.binary(min_size=FRAME_BYTES, max_size=FRAME_BYTES), max_size=6), st.booleans())
def test_any_sound_is_survived(frames: list[bytes], same: bool) -> None:  # noqa: FBT001
    own = OwnVoice()
    for frame in frames:
        assert len(own.clean(frame, frame if same else frame[::-1])) == FRAME_BYTES


@pytest.mark.parametrize("at_s", [5, 8])
def test_stop_is_heard_in_its_first_answer_too(recogniser: PocketSphinxRecogniser, at_s: int) -> None:  # noqa: F811 - the fixture
    """Of a soft echo little is known yet: the word must not be taken for more of it."""
    played = espeak(ANSWER)
    heard = echo_of(played, softer=0.03)
    word = samples(flite("stop", "awb")) * 0.09
    at = at_s * 16_000
    heard[at : at + len(word)] += word
    assert ("stop",) in words_heard(recogniser, as_bytes(heard), played)


@pytest.mark.parametrize("spoken_s", [1.2, 2.4, 4.0])
def test_what_was_left_of_its_own_voice_when_it_fell_silent_is_no_question(
    recogniser: PocketSphinxRecogniser,  # noqa: F811 - the fixture
    spoken_s: float,
) -> None:
    """Of its first words little is taken out; a press silences them, and a free question may follow."""
    count = round(spoken_s * 16_000) * 2
    played = espeak(ANSWER)[:count]
    quiet = noise(4)
    reports: queue.SimpleQueue[Report] = queue.SimpleQueue()
    listener = Listener(recogniser, voice_detector(), reports.put)
    listener.listen(1, COMMANDS, 0.9)
    listener.hear(as_bytes(echo_of(played)), played)
    listener.listen(2, None, 1.5, closed=False)
    listener.hear(quiet)
    listener.end_utterance()
    heard: list[Utterance] = []
    while not heard or heard[-1].why != "switch":
        report = reports.get(timeout=60)
        heard += [report] if isinstance(report, Utterance) else []
    listener.ignore()
    assert [turn.heard.hypotheses for turn in heard if turn.heard.hypotheses] == []
