"""Whisper beside another recogniser: when it listens, what it is asked, and what happens when it hangs or fails."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.hearing import RATE_HZ, whisper
from assistant.hearing.recogniser import RecogniserUnavailable
from assistant.hearing.whisper import Opinion, Whisper
from assistant.hearing.whisper_model import Listen, Listened, open_model
from tests.hearing.sounds import flite, noise, trimmed, whisper_model
from tests.hearing.test_pocketsphinx import word_error
from tests.hearing.test_whisper_model import ASKED, SPOKEN_OF

FRAME_BYTES = 1024


@pytest.fixture(scope="module")
def model() -> Path:
    return whisper_model()


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
    ears = Whisper(lambda: lambda sound: Listened((str(len(sound)),)))
    sound = noise(0.5) + b"".join(speech(said_s) + noise(pause_s) for said_s, pause_s in parts)
    for at in range(0, len(sound), frames * FRAME_BYTES):
        ears.accept(sound[at : at + frames * FRAME_BYTES])
    (length,) = ears.finish().guesses
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
    assert word_error(ASKED[0], ears.finish().guesses[0]) < 0.2
    assert time.process_time() - begun < 0.03
    ears.close()


def test_who_goes_on_after_a_pause_is_heard_whole(model: Path) -> None:
    ears = Whisper(lambda: open_model(model, SPOKEN_OF))
    for part in ("how do i tell", "my children about this"):
        fed(ears, noise(0.2) + trimmed(flite(part)) + noise(0.6))
    assert word_error("how do i tell my children about this", ears.finish().guesses[0]) < 0.2
    ears.begin()
    fed(ears, flite("can stem cells cure me"))
    assert ears.finish().guesses[0].endswith("stem cells cure me")
    ears.close()


def test_one_that_hangs_is_not_waited_for_and_counts_again_when_it_is_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whisper, "LONGEST_WAIT_S", 0.2)
    goes_on = threading.Event()
    calls: list[bytes] = []

    def hanging(sound: bytes) -> Listened:
        calls.append(sound)
        goes_on.wait(20)
        return Listened(("late",))

    ears = Whisper(lambda: hanging)
    waits = []
    for _ in range(3):
        begun = time.monotonic()
        ears.begin()
        ears.accept(speech(0.5))
        assert ears.finish() == Opinion()
        waits.append(time.monotonic() - begun)
    assert len(calls) == 1
    assert waits[1] + waits[2] < 0.2
    goes_on.set()
    assert ears._late is not None
    assert ears._late.done.wait(20)
    ears.accept(speech(0.5))
    assert ears.finish().guesses == ("late",)
    ears.close()


def test_what_is_suspected_is_compared_in_the_pause_and_what_the_other_heard_afterwards() -> None:
    compared: list[list[str]] = []

    def behind(texts: Sequence[str]) -> list[float]:
        compared.append(list(texts))
        return [float(len(text)) for text in texts]

    ears = Whisper(lambda: lambda _: Listened(("ten",), behind))
    ears.begin(lambda guesses: [*guesses, "men"])
    ears.accept(speech(0.5))
    assert ears.finish(("men", "amen")) == Opinion(("ten",), {"ten": 3.0, "men": 3.0, "amen": 4.0})
    assert compared == [["ten", "men"], ["amen"]]
    ears.accept(speech(0.5))
    assert ears.finish() == Opinion(("ten",))  # nothing is suspected unless it is said so
    ears.close()


def test_where_there_are_no_words_nothing_is_compared() -> None:
    compared: list[str] = []

    def behind(texts: Sequence[str]) -> list[float]:
        compared.extend(texts)
        return [0.0 for _ in texts]

    ears = Whisper(lambda: lambda _: Listened((), behind))
    ears.begin(lambda _: ["help"])
    ears.accept(speech(0.5))
    assert ears.finish(("stop",)) == Opinion()
    assert compared == []
    ears.close()


def test_where_comparing_fails_the_guesses_still_count() -> None:
    def behind(texts: Sequence[str]) -> list[float]:
        raise RuntimeError(str(len(texts)))

    told: list[str] = []
    ears = Whisper(lambda: lambda _: Listened(("ten",), behind), told.append)
    ears.begin(lambda guesses: guesses)
    ears.accept(speech(0.5))
    assert ears.finish() == Opinion(("ten",))
    assert len(told) == 1
    ears.close()


def test_what_is_compared_too_late_does_not_keep_the_guesses_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whisper, "LONGEST_WAIT_S", 0.2)
    goes_on = threading.Event()

    def hanging(texts: Sequence[str]) -> list[float]:
        goes_on.wait(20)
        return [0.0 for _ in texts]

    ears = Whisper(lambda: lambda _: Listened(("ten",), hanging))
    ears.accept(speech(0.5))
    assert ears.finish(("men",)) == Opinion(("ten",))
    assert ears.finish() == Opinion()  # it is still at work
    goes_on.set()
    ears.close()


def failing_to_open() -> Listen:
    message = "The recogniser Whisper cannot start."
    raise RecogniserUnavailable(message)


def failing_to_hear(sound: bytes) -> Listened:
    raise RuntimeError(str(len(sound)))


@pytest.mark.parametrize("opening", [failing_to_open, lambda: failing_to_hear])
def test_a_fault_is_told_once_and_then_it_has_nothing_to_say(opening: Callable[[], Listen]) -> None:
    told: list[str] = []
    ears = Whisper(opening, told.append)
    for _ in range(3):
        ears.begin()
        ears.accept(speech(0.5))
        assert ears.finish() == Opinion()
    assert len(told) == 1
    assert told[0].startswith("The recogniser Whisper")
    ears.close()


def test_nothing_is_left_of_a_closed_one() -> None:
    ears = Whisper(lambda: lambda _: Listened())
    ears.close()
    ears.close()
    assert not ears._thread.is_alive()


@pytest.mark.parametrize("at_work_s", [0.0, 0.1, 0.3])
def test_a_process_may_end_while_it_opens_or_listens(model: Path, at_work_s: float) -> None:
    program = (
        "import sys, time; from pathlib import Path; from assistant.hearing.whisper import Whisper, _Job\n"
        "from assistant.hearing.whisper_model import open_model\n"
        "ears = Whisper(lambda: open_model(Path(sys.argv[1])))\n"
        "ears._ask(_Job(bytes(32_000), lambda guesses: guesses))\n"
        "time.sleep(float(sys.argv[2]))\n"
    )
    ended = subprocess.run([sys.executable, "-c", program, model, str(at_work_s)], capture_output=True, check=False)
    assert (ended.returncode, ended.stderr) == (0, b"")
