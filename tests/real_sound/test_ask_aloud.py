"""A running assistant on a virtual sound card, in real time: asked aloud, it answers aloud.

What it answered is judged by the recorded sound: it must correlate with the expected answer, spoken by the same voice,
and with no other. The log is not asked.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.choices import World
from assistant.speaking.voice import Voice, open_voice
from tests.real_sound.likeness import COMPARED_S, likeness
from tests.real_sound.running import Running, room_noise, silent_again, until
from tests.real_sound.spoken import say_to_file
from tests.real_sound.virtual_card import Recording, virtual_card

pytestmark = pytest.mark.real_sound

PATIENCE_S = 1.5
ANSWERS_WITHIN_S = 12.0
TRIES = 3
ASKS_BACK_S = 1.0
STARVED_S = 0.25
QUESTIONS = [
    ("flite:rms", "does it run in the family", "inherited"),
    ("flite:slt", "what is a feeding tube", "feeding-tube"),
    ("flite:awb", "what does riluzole do", "riluzole"),
    ("espeak-ng:en-us", "what is palliative care", "palliative-care"),
]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with virtual_card() as card:
        home = tmp_path_factory.mktemp("running")
        hiss = room_noise(card, home)
        assistant = Running(card, home)
        try:
            with card.record() as out:
                until(lambda: out.seconds_of_sound() > 1, 60, assistant)
            silent_again(card, assistant)
            yield assistant
        finally:
            assistant.process.kill()
            hiss.kill()


@pytest.fixture(scope="module")
def voice() -> Voice:
    from assistant.profile import Settings
    from assistant.startup import load_world

    return open_voice("espeak-ng", load_world(Settings())[0].content.pronunciation)


def asked(assistant: Running, wav: Path, *, listen_s: float = COMPARED_S + 1) -> tuple[Recording, Recording]:
    """Play a question into the microphone; the recordings of microphone and loudspeaker.

    Where it is not sure and asks back, "yes" is typed, and its answer is in the recording too. A computer that is busy
    with something else starves its sound card: words are cut out of the question. That shows in the recording itself,
    and is tried again.
    """
    for _ in range(TRIES):
        before = len(assistant.lines)
        with assistant.card.record("micfeed") as mic, assistant.card.record() as out:
            assistant.card.play_into_microphone(wav)
            until(lambda out=out: out.seconds_of_sound() > ASKS_BACK_S, ANSWERS_WITHIN_S, assistant)  # type: ignore[misc]  # bound at once
            wanted_s = listen_s
            if listen_s > ASKS_BACK_S and any(line.strip().endswith("?") for line in assistant.lines[before:]):
                assistant.type("yes")
                wanted_s += ASKS_BACK_S + 1
            until(lambda out=out, s=wanted_s: out.seconds_of_sound() > s, ANSWERS_WITHIN_S + wanted_s, assistant)  # type: ignore[misc]  # bound at once
        if not starved(mic):
            return mic, out
        silent_again(assistant.card, assistant)
    pytest.skip("this computer is too busy for sound in real time: blocks of the recording came late")


def starved(recording: Recording) -> bool:
    """Whether a block of 10 ms came later than a busy but sound computer would let it."""
    times = [at for at, _ in recording.blocks]
    return max((later - earlier for earlier, later in pairwise(times)), default=0.0) > STARVED_S


def best_answer(recorded: NDArray[np.int16], world: World, voice: Voice) -> tuple[str, float, float]:
    """The topic whose answer is in the recording, its likeness, and that of the next."""
    found = sorted(
        (likeness(recorded, voice.synthesise(f"{topic.title}. {topic.short}")), topic.id)
        for topic in (
            world.topics[t] for t in (*(q[2] for q in QUESTIONS), "sadness", "oxygen", "hope", "is-there-a-cure")
        )
    )
    return found[-1][1], found[-1][0], found[-2][0]


@pytest.mark.parametrize(("speaker", "question", "topic"), QUESTIONS)
def test_a_question_asked_aloud_is_answered_aloud_with_the_right_topic(
    running: Running, world: World, voice: Voice, tmp_path: Path, speaker: str, question: str, topic: str
) -> None:
    """At the second time at the latest: a card that starves for a moment garbles a word."""
    wav = say_to_file(question, speaker, tmp_path / "question.wav")
    for _ in range(2):
        mic, out = asked(running, wav)
        found, likeness_of_it, next_best = best_answer(out.samples(), world, voice)
        reply_ms = 1000 * (first_sound_s(out) - mic.last_sound_s(0, quiet=300) - PATIENCE_S)
        print(f"{speaker}: {found} {likeness_of_it:.2f} (next {next_best:.2f}), {reply_ms:.0f} ms after the patience")
        silent_again(running.card, running)
        if found == topic:
            break
    assert found == topic, running.lines[-6:]
    assert likeness_of_it > 2 * next_best
    assert reply_ms < 1500


def first_sound_s(recording: Recording, quiet: int = 30) -> float:
    return next(at for at, data in recording.blocks if np.abs(np.frombuffer(data, np.int16)).max(initial=0) > quiet)


def test_a_question_with_long_gaps_between_its_words_stays_whole(
    running: Running, world: World, voice: Voice, tmp_path: Path
) -> None:
    wav = say_to_file("does it run in the family", "flite:rms", tmp_path / "slow.wav", gap_s=0.7)
    for _ in range(2):
        before = len(running.lines)
        asked(running, wav, listen_s=1.5)
        asks_back = running.lines[-1].strip().endswith("?")  # whether it heard rightly: it did hear one question
        silent_again(running.card, running)
        said = [line.strip() for line in running.lines[before:] if line.startswith("  You:")]
        heard = [line for line in said if line != "You: yes"]  # that was typed, where it asked back
        assert len(heard) == 1, heard
        with running.card.record() as out:
            running.type("yes" if asks_back else "repeat")
            until(lambda out=out: out.seconds_of_sound() > COMPARED_S + 1, ANSWERS_WITHIN_S, running)  # type: ignore[misc]  # bound at once
        silent_again(running.card, running)
        if best_answer(out.samples(), world, voice)[0] == "inherited":
            return
    pytest.fail(f"{running.lines[-8:]}")


def test_stop_said_over_the_answer_silences_it(running: Running, tmp_path: Path) -> None:
    question = say_to_file("what is a feeding tube", "flite:rms", tmp_path / "question.wav")
    stop = say_to_file("stop", "flite:rms", tmp_path / "stop.wav")
    asked(running, question, listen_s=1)
    with running.card.record("micfeed") as mic, running.card.record() as out:
        running.card.play_into_microphone(stop)
        time.sleep(3)
    silent_s = out.last_sound_s(0) - mic.last_sound_s(0, quiet=300)
    print(f"silent {silent_s * 1000:.0f} ms after the end of the word")
    assert silent_s < 0.8
    assert out.blocks[-1][0] - out.last_sound_s(0) > 1.0, "it went on speaking"


def test_enter_silences_it_and_quit_ends_it(running: Running, tmp_path: Path) -> None:
    asked(running, say_to_file("what is a feeding tube", "flite:rms", tmp_path / "question.wav"), listen_s=1)
    with running.card.record() as out:
        time.sleep(0.5)
        pressed_s = time.monotonic()
        running.type("")
        time.sleep(1)
    assert out.last_sound_s(pressed_s) - pressed_s < 0.25
    assert running.end() == 0
