"""Whisper: the real model on real sound, its parts against plain twins, and what happens when it hangs or is broken."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.hearing import RATE_HZ, whisper
from assistant.hearing.recogniser import RecogniserUnavailable
from assistant.hearing.whisper import BANDS, HOP, WINDOW, Tokens, Whisper, as_spoken, find_model, log_mel, open_model
from tests.hearing.sounds import flite, noise, trimmed, whisper_model
from tests.hearing.test_pocketsphinx import word_error
from tests.hearing.test_unhurried import word_by_word

FRAME_BYTES = 1024
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
def guess(model: Path) -> whisper.Guess:
    return open_model(model, SPOKEN_OF)


@pytest.fixture(scope="module")
def tokens(model: Path) -> Tokens:
    return Tokens((model / "vocabulary.txt").read_text("utf-8").removesuffix("\n").split("\n"))


@pytest.mark.parametrize("voice", ["rms", "slt"])
@pytest.mark.parametrize("slowly", [False, True])
def test_questions_are_heard_word_for_word(guess: whisper.Guess, voice: str, *, slowly: bool) -> None:
    sounds = [word_by_word(text, voice, 0.7) if slowly else flite(text, voice) for text in ASKED]
    errors = [word_error(text, " ".join(guess(sound)[:1])) for text, sound in zip(ASKED, sounds, strict=True)]
    assert sum(errors) / len(errors) < (0.3 if slowly else 0.12)


def test_what_is_spoken_of_is_heard_sooner(model: Path) -> None:
    sound = flite("is riluzole safe", "awb")
    assert "riluzole" in open_model(model, SPOKEN_OF)(sound)[0]
    assert "riluzole" not in open_model(model)(sound)[0]


def test_a_minute_of_words_and_pauses_is_heard_whole(guess: whisper.Guess) -> None:
    assert word_error(ASKED[0], guess(word_by_word(ASKED[0], "rms", 5.0))[0]) < 0.25


@pytest.mark.parametrize("sound", [b"", b"\0", bytes(100), bytes(2 * RATE_HZ), noise(3.0), noise(20.0, -40.0)])
def test_where_nobody_speaks_there_are_no_words_of_ours(guess: whisper.Guess, sound: bytes) -> None:
    """It may take a rushing noise for a word or two, but for no word of which it was told that it is likely."""
    words = " ".join(guess(sound)).split()
    assert len(set(words)) < 12
    assert not {"als", "stem", "riluzole"} & set(words)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
def test_tokens_spell_the_text_they_were_made_of(tokens: Tokens, text: str) -> None:
    plain = " ".join(text.split()).replace("_", "")
    assert tokens.text(tokens.ids(plain)).replace(" ", "") == "".join(whisper.PIECES.findall(plain)).replace(" ", "")


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
    levels = np.log10(np.maximum(out, 1e-10))
    return np.asarray((np.maximum(levels, levels.max() - 8) + 4) / 4)


def test_bands_are_those_of_the_plain_twin() -> None:
    sound = np.frombuffer(noise(0.05, -20.0), "<i2").astype(np.float32) / np.float32(32768)
    np.testing.assert_allclose(log_mel(sound), plain_log_mel(sound), atol=2e-3)


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


def speech(seconds: float) -> bytes:
    return noise(seconds, -20.0)


@given(
    st.lists(st.tuples(st.floats(0.1, 1.0), st.floats(0.05, 1.0)), min_size=1, max_size=4),
    st.integers(1, 20),
)
def test_whatever_the_pauses_and_pieces_all_that_was_said_is_listened_to(
    parts: list[tuple[float, float]], frames: int
) -> None:
    """What is guessed from at last holds the whole utterance but silence at its end."""
    ears = Whisper(lambda: lambda sound: (str(len(sound)),))
    sound = noise(0.5) + b"".join(speech(said_s) + noise(pause_s) for said_s, pause_s in parts)
    for at in range(0, len(sound), frames * FRAME_BYTES):
        ears.accept(sound[at : at + frames * FRAME_BYTES])
    (length,) = ears.finish()
    ears.close()
    assert int(length) >= len(sound) - 2 * RATE_HZ * parts[-1][1]


def fed(ears: Whisper, sound: bytes) -> None:
    for at in range(0, len(sound), FRAME_BYTES):
        ears.accept(sound[at : at + FRAME_BYTES])


def test_it_begins_in_the_pause_and_little_is_left_to_do(model: Path) -> None:
    ears = Whisper(lambda: open_model(model, SPOKEN_OF))
    fed(ears, flite(ASKED[0]))
    assert ears._job is not None
    assert ears._job.done.wait(20)
    begun = time.process_time()
    assert word_error(ASKED[0], ears.finish()[0]) < 0.2
    assert time.process_time() - begun < 0.03
    ears.close()


def test_who_goes_on_after_a_pause_is_heard_whole(model: Path) -> None:
    ears = Whisper(lambda: open_model(model, SPOKEN_OF))
    for part in ("how do i tell", "my children about this"):
        fed(ears, noise(0.2) + trimmed(flite(part)) + noise(0.6))
    assert word_error("how do i tell my children about this", ears.finish()[0]) < 0.2
    ears.begin()
    fed(ears, flite("can stem cells cure me"))
    assert ears.finish()[0].endswith("stem cells cure me")
    ears.close()


def test_one_that_hangs_is_not_waited_for_and_counts_again_when_it_is_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whisper, "LONGEST_WAIT_S", 0.2)
    goes_on = threading.Event()
    calls: list[bytes] = []

    def hanging(sound: bytes) -> tuple[str, ...]:
        calls.append(sound)
        goes_on.wait(20)
        return ("late",)

    ears = Whisper(lambda: hanging)
    waits = []
    for _ in range(3):
        begun = time.monotonic()
        ears.begin()
        ears.accept(speech(0.5))
        assert ears.finish() == ()
        waits.append(time.monotonic() - begun)
    assert len(calls) == 1
    assert waits[1] + waits[2] < 0.2
    goes_on.set()
    assert ears._late is not None
    assert ears._late.done.wait(20)
    ears.accept(speech(0.5))
    assert ears.finish() == ("late",)
    ears.close()


def failing_to_open() -> whisper.Guess:
    message = "The recogniser Whisper cannot start."
    raise RecogniserUnavailable(message)


def failing_to_hear(sound: bytes) -> tuple[str, ...]:
    raise RuntimeError(str(len(sound)))


@pytest.mark.parametrize("opening", [failing_to_open, lambda: failing_to_hear])
def test_a_fault_is_told_once_and_then_it_has_nothing_to_say(opening: Callable[[], whisper.Guess]) -> None:
    told: list[str] = []
    ears = Whisper(opening, told.append)
    for _ in range(3):
        ears.begin()
        ears.accept(speech(0.5))
        assert ears.finish() == ()
    assert len(told) == 1
    assert told[0].startswith("The recogniser Whisper")
    ears.close()


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
    monkeypatch.setattr(whisper, "PACKAGE", "no_such_package")
    assert find_model() is None


def test_nothing_is_left_of_a_closed_one() -> None:
    ears = Whisper(lambda: lambda _: ())
    ears.close()
    ears.close()
    assert not ears._thread.is_alive()


@pytest.mark.parametrize("at_work_s", [0.0, 0.1, 0.3])
def test_a_process_may_end_while_it_opens_or_listens(model: Path, at_work_s: float) -> None:
    program = (
        "import sys, time; from pathlib import Path; from assistant.hearing.whisper import Whisper, open_model\n"
        "ears = Whisper(lambda: open_model(Path(sys.argv[1])))\n"
        "ears.accept(bytes(32_000))\n"
        "ears._ask()\n"
        "time.sleep(float(sys.argv[2]))\n"
    )
    ended = subprocess.run([sys.executable, "-c", program, model, str(at_work_s)], capture_output=True, check=False)
    assert (ended.returncode, ended.stderr) == (0, b"")
