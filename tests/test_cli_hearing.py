"""Asking with recordings: every kind of file, every state of the recognisers."""

import time
from pathlib import Path

import numpy as np
import pytest

from assistant.hearing.wav import read_wav
from assistant.profile import Settings
from assistant.startup import load_world, phrases_of
from tests.commanding import assert_shape, replies, run, sentence
from tests.hearing.test_wav import wav
from tests.real_sound.spoken import RATE_HZ, say_to_file
from tests.vosk_fixture import write_model
from tests.vosk_fixture.speech import Line, say


@pytest.fixture(scope="module")
def one_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(autouse=True)
def made_once(own_home: Path, one_cache: Path) -> None:
    """PocketSphinx's language model takes seconds to make: one for all tests."""
    (own_home / "cache").symlink_to(one_cache, target_is_directory=True)


@pytest.fixture(scope="module")
def question(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return say_to_file("what is palliative care", "flite:rms", tmp_path_factory.mktemp("asked") / "question.wav")


def test_a_spoken_question_is_answered_with_the_documented_shape(question: Path, tmp_path: Path) -> None:
    result = run("hear", "--json", "--engine", "pocketsphinx", "--wav", tmp_path / "reply.wav", question)
    (reply,) = replies(result)
    assert_shape(reply, "pocketsphinx")
    assert reply["topics"][0]["id"] == "palliative-care"
    assert reply["outcome"] in ("answer", "confirm")
    assert len(read_wav(tmp_path / "reply.wav")) > RATE_HZ * 2
    plain = run("hear", question).stdout
    assert plain.startswith("  Heard: ")
    assert reply["say"] in plain


def as_wav(samples: np.ndarray[tuple[int], np.dtype[np.int16]], rate_hz: int, channels: int, bits: int) -> bytes:
    """A WAV file, written by hand."""
    frames = np.repeat(samples, channels)
    data = frames.astype("<i2").tobytes() if bits == 16 else (frames // 256 + 128).astype(np.uint8).tobytes()
    block = channels * bits // 8
    form = b"".join(
        number.to_bytes(size, "little")
        for number, size in ((1, 2), (channels, 2), (rate_hz, 4), (rate_hz * block, 4), (block, 2), (bits, 2))
    )
    body = b"WAVEfmt " + len(form).to_bytes(4, "little") + form + b"data" + len(data).to_bytes(4, "little") + data
    return b"RIFF" + len(body).to_bytes(4, "little") + body


def test_every_ordinary_wav_is_heard_and_a_bad_one_among_them_is_named(question: Path, tmp_path: Path) -> None:
    samples = np.frombuffer(read_wav(question), np.int16)
    finer = np.interp(np.arange(0, len(samples), RATE_HZ / 44_100), np.arange(len(samples)), samples).astype(np.int16)
    fine = b"".join((int(one) * 256).to_bytes(3, "little", signed=True) for one in finer)
    good = {
        "stereo": as_wav(samples, RATE_HZ, 2, 16),
        "eight-bit": as_wav(samples, RATE_HZ, 1, 8),
        "of-a-phone": as_wav(finer, 44_100, 1, 16),
        "cut-short": as_wav(samples, RATE_HZ, 1, 16)[:-3001],
        "of-a-studio": wav(fine, rate_hz=44_100, bits=24),
        "of-a-program": wav((samples / 32768).astype("<f4").tobytes(), bits=32, kind=3),
    }
    bad = {
        "empty": (b"", "is not a WAV file"),
        "a-letter": (b"Dear doctor,\n" * 20, "is not a WAV file"),
        "only-a-header": (as_wav(samples[:0], RATE_HZ, 1, 16), "holds no sound"),
        "far-too-slow": (wav(samples.tobytes(), rate_hz=100), "4000 to 192000"),
        "of-a-telephone": (wav(samples.tobytes(), bits=8, kind=7), "of a kind not understood"),
        "cut-in-the-header": (as_wav(samples, RATE_HZ, 1, 16)[:30], "is a damaged WAV file"),
    }
    for name, content in good.items():
        (tmp_path / f"{name}.wav").write_bytes(content)
    for name, (content, _) in bad.items():
        (tmp_path / f"{name}.wav").write_bytes(content)
    mixed = [*list(good)[:2], *bad, *list(good)[2:], "missing"]
    result = run("hear", "--json", "--engine", "pocketsphinx", *(tmp_path / f"{name}.wav" for name in mixed), tmp_path)
    assert result.exit_code == 1
    found = [[topic["id"] for topic in reply["topics"]] for reply in replies(result)]
    assert len(found) == len(good)
    assert all("palliative-care" in topics for topics in found)
    said = result.stderr.splitlines()
    assert len(said) == len(bad) + 2
    for line, (name, (_, reason)) in zip(said, bad.items(), strict=False):
        assert f"{name}.wav" in line
        assert reason in line
    assert "missing.wav cannot be read: No such file" in said[-2]
    assert "Is a directory" in said[-1]


def test_silence_is_no_question_and_too_long_a_file_is_refused_at_once(tmp_path: Path) -> None:
    quiet = np.random.default_rng(1).integers(-2, 3, 20 * RATE_HZ).astype(np.int16)
    (tmp_path / "quiet.wav").write_bytes(as_wav(quiet, RATE_HZ, 1, 16))
    (tmp_path / "endless.wav").write_bytes(as_wav(np.tile(quiet, 16), RATE_HZ, 1, 16))
    began = time.process_time()
    result = run("hear", "--json", "--engine", "pocketsphinx", tmp_path / "quiet.wav", tmp_path / "endless.wav")
    assert time.process_time() - began < 15  # a quarter of real time at worst; five minutes are allowed
    (reply,) = replies(result)
    assert reply["outcome"] == "decline"
    assert "endless.wav is too long for a spoken question" in result.stderr
    assert result.exit_code == 1


def test_vosk_without_a_model_is_a_sentence_that_says_what_to_do(question: Path) -> None:
    assert "askaloud models get" in sentence("hear", "--engine", "vosk", question)


@pytest.fixture(scope="module")
def spoken_to_vosk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("asked") / "stem.wav"
    (sound,) = say([Line("what is a stem cell", "en-us", 150)], 2.0)
    path.write_bytes(as_wav(np.frombuffer(sound, np.int16), RATE_HZ, 1, 16))
    return path


@pytest.fixture
def model(own_home: Path) -> Path:
    """A real Vosk model where models are kept."""
    return write_model(own_home / "models" / "vosk-model-small-en-us-0.1", phrases_of(load_world(Settings())[0]))


@pytest.mark.parametrize("engine", ["vosk", "auto"])
def test_vosk_hears_once_its_model_is_there(model: Path, spoken_to_vosk: Path, engine: str) -> None:
    assert model.is_dir()
    (reply,) = replies(run("hear", "--json", "--engine", engine, spoken_to_vosk))
    assert_shape(reply, "vosk" if engine == "vosk" else "whisper+vosk")
    assert reply["topics"][0]["id"] == "what-are-stem-cells"


@pytest.mark.parametrize(
    ("file", "cut"), [("graph/HCLr.fst", True), ("graph/Gr.fst", False), ("graph/words.txt", False)]
)
def test_a_broken_model_is_said_and_the_other_recogniser_answers(
    model: Path, spoken_to_vosk: Path, file: str, *, cut: bool
) -> None:
    whole = (model / file).read_bytes()
    (model / file).unlink()
    if cut:
        (model / file).write_bytes(whole[: len(whole) // 2])
    result = run("hear", "--json", "--engine", "auto", spoken_to_vosk)
    assert result.exit_code == 0
    assert_shape(replies(result)[0], "whisper+pocketsphinx")
    assert str(model) in result.stderr
    assert "fetch the model again" in result.stderr


def test_a_broken_model_that_is_asked_for_by_name_is_a_sentence(model: Path, spoken_to_vosk: Path) -> None:
    (model / "graph" / "words.txt").unlink()
    assert str(model) in sentence("hear", "--engine", "vosk", spoken_to_vosk)
