"""Whisper's model: real sound, its parts against plain twins, how likely other words are, and damaged files."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from assistant.hearing import RATE_HZ
from assistant.hearing import whisper_model as module
from assistant.hearing.recogniser import RecogniserUnavailable
from assistant.hearing.whisper_model import (
    BANDS,
    HOP,
    PIECES,
    TOGETHER,
    WINDOW,
    Listen,
    Listened,
    Tokens,
    as_spoken,
    find_model,
    log_mel,
    open_model,
    without_noise,
)
from tests.hearing.sounds import flite, noise, whisper_model
from tests.hearing.test_pocketsphinx import word_error
from tests.hearing.test_unhurried import word_by_word

ASKED = (
    "what should my husband eat to keep his weight up",
    "how do i tell my children about this",
    "will i be able to walk next year",
    "can stem cells cure me",
    "who pays for a wheelchair",
)
SPOKEN_OF = "ALS, stem cells, riluzole."


@pytest.fixture(scope="module")
def model() -> Path:
    return whisper_model()


@pytest.fixture(scope="module")
def listen(model: Path) -> Listen:
    return open_model(model, SPOKEN_OF)


@pytest.fixture(scope="module")
def tokens(model: Path) -> Tokens:
    return Tokens((model / "vocabulary.txt").read_text("utf-8").removesuffix("\n").split("\n"))


@pytest.mark.parametrize("voice", ["rms", "slt"])
@pytest.mark.parametrize("slowly", [False, True])
def test_questions_are_heard_word_for_word(listen: Listen, voice: str, *, slowly: bool) -> None:
    sounds = [word_by_word(text, voice, 0.7) if slowly else flite(text, voice) for text in ASKED]
    errors = [word_error(text, " ".join(listen(sound).guesses[:1])) for text, sound in zip(ASKED, sounds, strict=True)]
    assert sum(errors) / len(errors) < (0.3 if slowly else 0.12)


def test_what_is_spoken_of_is_heard_sooner(model: Path) -> None:
    sound = flite("is riluzole safe", "awb")
    assert "riluzole" in open_model(model, SPOKEN_OF)(sound).guesses[0]
    assert "riluzole" not in open_model(model)(sound).guesses[0]


def test_a_minute_of_words_and_pauses_is_heard_whole(listen: Listen) -> None:
    assert word_error(ASKED[0], listen(word_by_word(ASKED[0], "rms", 5.0)).guesses[0]) < 0.25


@pytest.mark.parametrize("sound", [b"", b"\0", bytes(100), bytes(2 * RATE_HZ), noise(3.0), noise(20.0, -40.0)])
def test_where_nobody_speaks_there_are_no_words_of_ours(listen: Listen, sound: bytes) -> None:
    """It may take a rushing noise for a word or two, but for no word of which it was told that it is likely."""
    words = " ".join(listen(sound).guesses).split()
    assert len(set(words)) < 12
    assert not {"als", "stem", "riluzole"} & set(words)


@pytest.mark.parametrize(
    ("said", "voice", "near", "far"),
    [
        ("i'm choking", "kal", "i am choking", "i want to die"),
        ("come quick", "kal", "come quick", "get help"),
        ("i want to dine out", "rms", "I want to dine out", "i want to die now"),
        ("not breathing", "slt", "not breathing", "not reading"),
    ],
)
def test_what_was_said_is_likelier_than_what_was_not(
    listen: Listen, said: str, voice: str, near: str, far: str
) -> None:
    near_nats, far_nats = listen(flite(said, voice)).behind([near, far])
    assert near_nats < 6
    assert near_nats + 4 < far_nats


def test_likelihoods_do_not_hang_on_what_else_is_compared(listen: Listen) -> None:
    """Nor on whether there are more texts than are compared at a time, nor on stops and a capital."""
    listened = listen(flite("i need help now", "rms"))
    texts = ["i need help now", *(f"i need {word} now" for word in map(str, range(TOGETHER + 3)))]
    together = listened.behind(texts)
    alone = [listened.behind([text])[0] for text in texts]
    np.testing.assert_allclose(together, alone, atol=0.3)
    assert together[0] == min(together)
    np.testing.assert_allclose(listened.behind(["I need help now!"]), together[:1], atol=0.3)
    assert listened.behind([]) == []


def test_in_no_sound_there_is_no_word() -> None:
    assert Listened().guesses == ()
    assert Listened().behind(["help", "stop"]) == [math.inf, math.inf]


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
def test_tokens_spell_the_text_they_were_made_of(tokens: Tokens, text: str) -> None:
    plain = " ".join(text.split()).replace("_", "")
    assert tokens.text(tokens.ids(plain)).replace(" ", "") == "".join(PIECES.findall(plain)).replace(" ", "")


def test_common_words_are_one_token_each(tokens: Tokens) -> None:
    """The numbers are those that OpenAI's own tokeniser gives."""
    text = " ALS, stem cells, riluzole, feeding tube."
    assert tokens.ids(text) == [27249, 11, 10717, 4778, 11, 374, 346, 10277, 2305, 11, 13017, 12403, 13]
    with pytest.raises(ValueError, match="lacks"):
        Tokens(["a", "b"])


def plain_log_mel(samples: np.ndarray[tuple[int], np.dtype[np.float32]]) -> np.ndarray[tuple[int, int], np.dtype]:
    """The plain twin: one frame, one band, one frequency after the other."""

    def mel(hz: float) -> float:
        return hz * 3 / 200 if hz < 1000 else 15 + 27 * np.log(hz / 1000) / np.log(6.4)

    def hz_of(mel: float) -> float:
        return mel * 200 / 3 if mel < 15 else 1000 * 6.4 ** ((mel - 15) / 27)

    edges = [hz_of(mel(8000.0) * step / (BANDS + 1)) for step in range(BANDS + 2)]
    half = WINDOW // 2
    around = [*samples[half:0:-1], *samples, *samples[-2 : -half - 2 : -1]]
    wave = np.exp(-2j * np.pi * np.outer(np.arange(half + 1), np.arange(WINDOW)) / WINDOW)
    bell = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(WINDOW) / WINDOW)
    out = np.zeros((BANDS, len(samples) // HOP))
    for frame in range(out.shape[1]):
        power = np.abs(wave @ (np.array(around[frame * HOP : frame * HOP + WINDOW]) * bell)) ** 2
        for band, (low, middle, high) in enumerate(zip(edges, edges[1:], edges[2:], strict=False)):
            for place, strength in enumerate(power):
                at_hz = place * RATE_HZ / WINDOW
                share = min((at_hz - low) / (middle - low), (high - at_hz) / (high - middle))
                out[band, frame] += max(0.0, share) * strength * 2 / (high - low)
    levels = np.log10(np.maximum(plainly_without_noise(out), 1e-10))
    return np.asarray((np.maximum(levels, levels.max() - 8) + 4) / 4)


def test_bands_are_those_of_the_plain_twin() -> None:
    sound = np.frombuffer(noise(0.05, -20.0), "<i2").astype(np.float32) / np.float32(32768)
    np.testing.assert_allclose(log_mel(sound), plain_log_mel(sound), atol=2e-3)


def plainly_without_noise(powers: NDArray[np.float64]) -> NDArray[np.float64]:
    """The plain twin: one band and one moment after the other."""
    left = powers.copy()
    last = powers.shape[1] - 1
    for band, row in enumerate(powers):
        around = [[row[min(max(at + by, 0), last)] for by in range(-7, 8)] for at in range(last + 1)]
        noise_there = np.percentile([sum(some) / 15 for some in around], 20)
        left[band] = [max(power - noise_there, power / 10) for power in row]
    return left


@given(arrays(np.float64, st.tuples(st.just(3), st.integers(1, 60)), elements=st.floats(0, 1e4)))
def test_noise_is_taken_away_as_by_the_plain_twin(powers: NDArray[np.float64]) -> None:
    np.testing.assert_allclose(without_noise(powers), plainly_without_noise(powers), rtol=1e-6, atol=1e-6)


def test_a_steady_noise_becomes_soft_and_speech_over_it_stays() -> None:
    steady = np.full((1, 100), 4.0)
    assert without_noise(steady).max() == pytest.approx(0.4)
    steady[0, 30:50] = 400.0
    assert without_noise(steady)[0, 40] == pytest.approx(396.0)


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        (" What is ALS?", "what is als"),
        (" Can\u2019t I - eat?!", "can't i eat"),
        (" (coughs) Help me. [music] *sighs*", "help me"),
        (" Do I need a tube? Do I need a tube? Do I need a tube?", "do i need a tube"),
        (" No, no, no.", "no no no"),
        (" ...", ""),
    ],
)
def test_writing_becomes_words(written: str, spoken: str) -> None:
    assert as_spoken(written) == spoken


@given(st.text(max_size=80))
def test_words_stay_words(text: str) -> None:
    once = as_spoken(text)
    assert once == " ".join(once.split())
    assert once == once.lower()
    assert not set(once) & set("?!.,;:[]()*")


@pytest.mark.parametrize(
    ("file", "left_bytes"),
    [("model.bin", 0), ("model.bin", 100_000), ("vocabulary.txt", 5_000), ("config.json", 10), ("model.bin", None)],
)
def test_a_damaged_model_is_a_sentence(model: Path, tmp_path: Path, file: str, left_bytes: int | None) -> None:
    for path in model.iterdir():
        (tmp_path / path.name).symlink_to(path)
    whole = (model / file).read_bytes()
    (tmp_path / file).unlink()
    if left_bytes is not None:
        (tmp_path / file).write_bytes(whole[:left_bytes])
    with pytest.raises(RecogniserUnavailable, match="The recogniser Whisper cannot start"):
        open_model(tmp_path)


def test_without_the_package_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PACKAGE", "no_such_package")
    assert find_model() is None
