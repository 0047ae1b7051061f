"""What the self-test measures."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from assistant.asking import NamedTopic, Reply
from assistant.choices import World
from assistant.hearing import RATE_HZ
from assistant.hearing.recogniser import Heard
from assistant.matching import Matcher
from assistant.profile import Settings
from assistant.selftest import (
    NONE,
    OTHER_TALK,
    Asking,
    Row,
    answered_wrongly,
    as_frames,
    chosen,
    noisy,
    recorded_rows,
    said,
    typed_rows,
)
from assistant.speaking.espeak import EspeakVoice
from assistant.speaking.pronunciation import Pronunciation
from assistant.speaking.sound import Sound
from assistant.speaking.wav import write_wav


def reply(outcome: str, *topics: str) -> Reply:
    return Reply(("heard",), outcome, tuple(NamedTopic(t, t, 0.5) for t in topics), "", "typed", {})


class Deaf:
    """Hears the same whatever is said: what counts here is what is made of it."""

    name = "deaf"

    def begin(self, words: object = None, *, closed: bool = True) -> None: ...
    def accept(self, frames: bytes) -> None: ...
    def first_heard(self) -> bool:
        return False

    def finish(self) -> Heard:
        return Heard(("what is riluzole",), self.name, 100.0)

    def close(self) -> None: ...


@pytest.fixture(scope="module")
def asking(world: World, matcher: Matcher) -> Asking:
    return Asking(world, matcher, Deaf(), Settings())


def test_only_another_topic_told_without_asking_back_is_wrong() -> None:
    assert answered_wrongly("a", reply("answer", "b", "a"))
    assert answered_wrongly("a", reply("urgent", "b"))
    assert answered_wrongly(NONE, reply("answer", "b"))
    assert not answered_wrongly("a", reply("answer", "a"))
    assert not answered_wrongly("a", reply("confirm", "b", "c", "d"))
    assert not answered_wrongly("a", reply("decline", "b"))


def test_a_row_says_shares_and_seconds() -> None:
    row = Row("spoken")
    row.add("a", reply("answer", "a"), 1.0)
    row.add("a", reply("choose", "b", "a"), 2.0)
    row.add("a", reply("answer", "b"), 3.0)
    row.add("a", reply("decline", "b"), 4.0)
    assert row.line() == "| spoken | 4 | 25 % | 50 % | 25 % | 25 % | 2.50 |"


def test_known_questions_typed_are_found_and_other_talk_is_never_answered(asking: Asking, world: World) -> None:
    known, other = typed_rows(asking, chosen(world, 30))
    assert len(known.asked) == 30
    assert len(set(known.asked)) == 30
    assert known.line().startswith("| typed | 30 | 100 % | 100 % | 0 % |")
    assert len(other.asked) == len(OTHER_TALK)
    assert other.share(answered_wrongly) == 0


@pytest.mark.parametrize("over_db", [20, 5])
def test_the_noise_is_as_loud_as_asked(over_db: int) -> None:
    tone = np.sin(np.arange(RATE_HZ) * 0.3) * 0.1
    mixed = noisy(tone, over_db, 1)
    noise = mixed - tone
    assert 10 * np.log10(np.mean(tone**2) / np.mean(noise**2)) == pytest.approx(over_db, abs=0.5)
    assert np.array_equal(mixed, noisy(tone, over_db, 1))


def test_slow_speech_has_long_gaps_and_is_never_wholly_silent() -> None:
    voice = EspeakVoice(Pronunciation.of_engine({}, "espeak-ng"))
    quick, slow = said(voice, "is there a cure"), said(voice, "is there a cure", slowly=True)
    assert len(slow) > len(quick) + 3 * 0.7 * RATE_HZ
    assert np.abs(slow).reshape(-1)[: len(slow) // 160 * 160].reshape(-1, 160).max(axis=1).min() > 0
    assert len(as_frames(quick)) == 2 * len(quick)


def test_recordings_are_known_by_their_names(asking: Asking, world: World, tmp_path: Path) -> None:
    tone = Sound(as_frames(np.sin(np.arange(RATE_HZ) * 0.3) * 0.1), RATE_HZ)
    for name in ("riluzole", "riluzole-2", "pain", "none-1", "holiday"):
        write_wav(tone, tmp_path / f"{name}.wav")
    (tmp_path / "sleep.wav").write_bytes(b"no sound")
    rows, troubles = recorded_rows(asking, tmp_path, world.topics)
    assert [row.asked for row in rows] == [["pain", "riluzole", "riluzole"], [NONE]]
    assert rows[0].share(lambda topic, found: found.topics[0].id == topic) == pytest.approx(2 / 3)
    assert len(troubles) == 2
    assert "holiday.wav is named for no topic" in troubles[0]


def test_a_folder_without_recordings_says_so(asking: Asking, world: World, tmp_path: Path) -> None:
    rows, troubles = recorded_rows(asking, tmp_path, world.topics)
    assert rows == []
    assert "no recordings" in troubles[0]
