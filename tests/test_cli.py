"""What a person types on the command line: every command, well and badly used. No traceback, ever."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import click
import numpy as np
import pytest

from assistant import __version__
from assistant.cli import main
from assistant.dialogue import step
from assistant.events import AnyEvent, Heard, Started, Ticked
from assistant.journal import FILE as JOURNAL
from assistant.journal import Journal
from assistant.matching import Candidate, Ranking
from assistant.places import Conversation
from assistant.profile import FILE, PREVIOUS, Settings, read_settings
from assistant.sentence import FAULT_FILE
from assistant.speaking.sound import Sound
from assistant.speaking.voice import open_voice
from assistant.speaking.wav import read_speech
from assistant.startup import load_world
from tests.commanding import OUTCOMES, assert_shape, replies, run, sentence

ROOT = Path(__file__).parents[1]


# ---- ask


def test_a_question_needs_no_quotes() -> None:
    result = run("ask", "what", "helps", "with", "cramps")
    assert result.exit_code == 0
    assert result.stdout.startswith("Muscle cramps.")
    assert result.stderr == ""


def test_every_outcome_has_the_documented_shape() -> None:
    asked = ["I can't breathe", "what is ALS", "purple monkey dishwasher", "eating", "voice", "saliva", "research"]
    found = replies(run("ask", "--json", *asked))
    for reply, text in zip(found, asked, strict=True):
        assert_shape(reply, "typed")
        assert reply["heard"] == [text]
        assert reply["say"]
    assert [reply["outcome"] for reply in found[:3]] == ["urgent", "answer", "decline"]
    assert {reply["outcome"] for reply in found} == OUTCOMES
    assert [topic["id"] for topic in found[0]["topics"]] == ["sudden-breathlessness"]
    assert found[1]["topics"][0]["id"] == "what-is-als"


def test_a_file_and_standard_input_hold_one_question_a_line(tmp_path: Path) -> None:
    lines = "\n  what is ALS  \n\nis there a cure\r\n"
    (tmp_path / "questions.txt").write_text(lines)
    from_file = replies(run("ask", "--json", "--file", tmp_path / "questions.txt"))
    from_input = replies(run("ask", "--json", "--file", "-", given=lines))
    for found in (from_file, from_input):
        assert [reply["heard"] for reply in found] == [["what is ALS"], ["is there a cure"]]


def test_the_mark_that_some_editors_put_before_the_first_line_is_no_part_of_the_question() -> None:
    assert replies(run("ask", "--json", "--file", "-", given=b"\xef\xbb\xbfwhat is ALS\n"))[0]["heard"] == [
        "what is ALS"
    ]


@pytest.mark.parametrize("given", [b"", b"\n\n  \n"])
def test_nothing_asked_is_said(given: bytes) -> None:
    assert "Ask something" in sentence("ask", "--file", "-", given=given)
    assert "Ask something" in sentence("ask")


def test_a_file_that_is_no_text_is_said(tmp_path: Path) -> None:
    (tmp_path / "photo.jpg").write_bytes(bytes(range(256)))
    assert "not plain text" in sentence("ask", "--file", tmp_path / "photo.jpg")


def test_a_file_that_is_not_there_is_named() -> None:
    result = run("ask", "--file", "nowhere.txt")
    assert result.exit_code == 2
    assert "nowhere.txt" in result.stderr


def test_whatever_is_written_gets_a_reply_in_a_second_or_so() -> None:
    texts = [
        "what is ALS " * 9000,
        "a" * 100_000,
        "a " * 50_000,
        "1" * 100_000,
        "a.b." * 25_000,
        "don't'" * 20_000,
        "what\0is\0ALS",
        "\0",
        "\N{GRINNING FACE}" * 50,
        "\u202eكيف أتنفس؟",
        "…",
        "\ufeff",
        "什么是渐冻症",
    ]
    began = time.process_time()
    found = replies(run("ask", "--json", "--file", "-", given="\n".join(texts)))
    assert [reply["heard"][0] for reply in found] == [text.strip() for text in texts]
    for reply in found:
        assert_shape(reply, "typed")
    assert time.process_time() - began < 8
    assert found[6]["topics"][0]["id"] == "what-is-als"
    assert all(reply["outcome"] == "decline" for reply in found[7:])


def test_bytes_that_are_no_text_get_a_reply_too(own_home: Path) -> None:
    done = subprocess.run(
        [sys.executable.encode(), b"-m", b"assistant", b"ask", b"--json", b"\xff what is ALS"],
        capture_output=True,
        cwd=ROOT,
        timeout=60,
        check=False,
        env={**os.environ, "ASKALOUD_HOME": str(own_home)},
    )
    assert done.stderr == b""
    assert json.loads(done.stdout)["topics"][0]["id"] == "what-is-als"


def test_the_reply_written_as_sound_is_that_reply_spoken(tmp_path: Path) -> None:
    result = run("ask", "--wav", tmp_path / "reply.wav", "what helps with cramps")
    written = read_speech(tmp_path / "reply.wav")
    assert written.seconds > 5
    voice = open_voice("espeak-ng", load_world(Settings())[0].content.pronunciation)
    right = voice.synthesise(result.stdout)
    wrong = voice.synthesise(run("ask", "is there a cure").stdout)
    assert written.rate_hz == right.rate_hz
    assert likeness(written, right) > 0.95
    assert likeness(written, wrong) < 0.3


def likeness(one: Sound, other: Sound, first_s: float = 3.0) -> float:
    """How alike the loudness of two sounds goes up and down. Samples would not do: the voice varies a little."""
    step = one.rate_hz // 50
    courses = []
    for sound in (one, other):
        samples = np.frombuffer(sound.pcm, np.int16)[: int(first_s * 50) * step].astype(float)
        courses.append(np.sqrt((samples.reshape(-1, step) ** 2).mean(axis=1)))
    return abs(float(np.corrcoef(*courses)[0, 1]))


def test_sound_that_can_not_be_written_is_said_after_the_reply(tmp_path: Path) -> None:
    result = run("ask", "--wav", tmp_path / "nowhere" / "reply.wav", "what is ALS")
    assert result.exit_code == 1
    assert result.stdout.startswith("What ALS is")
    assert result.stderr.count("\n") == 1
    assert "reply.wav can not be written: No such file or directory." in result.stderr


# ---- topics


def test_the_topics_are_listed_with_their_codes() -> None:
    world, _ = load_world(Settings())
    listed = run("topics").stdout
    for topic in world.topics.values():
        assert f"  {topic.code:4} {topic.title}" in listed


def test_a_topic_of_ones_own_is_begun_checked_and_asked(own_home: Path) -> None:
    assert "our-nurse.md is ready" in run("topics", "new", "our-nurse").stdout
    path = own_home / "topics" / "our-nurse.md"
    assert "is there already" in sentence("topics", "new", "our-nurse")
    assert "small letters" in sentence("topics", "new", "Our Nurse!")
    unfinished = run("check", own_home / "topics")
    assert unfinished.exit_code == 1
    assert "our-nurse.md line " in unfinished.stdout
    text = path.read_text()
    text = text.replace("- \n- \n- \n", "- who is our nurse\n- when does maria come\n- call nurse maria\n")
    text = text.replace("# Short answer\n\n", "# Short answer\n\nOur nurse is Maria. She comes on Monday at nine.\n")
    path.write_text(text.replace("# For caregivers\n\n", ""))
    assert run("set", "packs", own_home / "topics").exit_code == 0
    asked = run("ask", "who is our nurse")
    assert "She comes on Monday at nine." in asked.stdout


def test_a_broken_topic_is_named_by_file_and_line_and_the_others_still_answer(own_home: Path) -> None:
    run("topics", "new", "our-nurse")
    run("set", "packs", own_home / "topics")
    result = run("ask", "what is ALS")
    assert result.stdout.startswith("What ALS is")
    assert "our-nurse.md line " in result.stderr


def test_our_own_content_is_in_order() -> None:
    result = run("check")
    assert result.exit_code == 0, result.stdout
    assert result.stdout.splitlines()[-1].startswith("0 to mend")


# ---- replay, forget, set


def a_conversation(home: Path, keep: Literal["steps", "words"]) -> None:
    """A short one, as the loop would have written it."""
    world, _ = load_world(Settings())
    now, journal = Conversation(), Journal(home, keep, Conversation())
    asked = Heard(("what is als",), Ranking((Candidate("what-is-als", 0.98),), 0.02))
    events: tuple[AnyEvent, ...] = (Started(), Ticked(1), asked)
    for at_s, event in enumerate(events):
        now, effects = step(world, now, event)
        journal.record(float(at_s), event, effects)
    journal.close()


def test_a_journal_with_words_is_replayed_and_every_step_is_as_it_was(own_home: Path) -> None:
    a_conversation(own_home, "words")
    told = run("replay")
    assert told.exit_code == 0
    assert "what is als" in told.stdout
    assert told.stdout.endswith("Every step is as it was.\n")
    assert run("replay", own_home / JOURNAL).stdout == told.stdout


def test_a_step_that_would_be_different_today_is_marked(own_home: Path) -> None:
    a_conversation(own_home, "words")
    path = own_home / JOURNAL
    path.write_text(path.read_text().replace("What ALS is and", "What a journal once said and"))
    told = run("replay")
    assert told.exit_code == 1
    assert "(today: different)" in told.stdout
    assert "1 steps differ" in told.stderr


def test_a_journal_without_words_can_be_read_but_not_compared(own_home: Path) -> None:
    a_conversation(own_home, "steps")
    told = run("replay")
    assert told.exit_code == 0
    assert "without words" in told.stdout
    assert "als" not in told.stdout.lower()


def test_a_damaged_line_of_a_journal_is_named(own_home: Path) -> None:
    a_conversation(own_home, "words")
    path = own_home / JOURNAL
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([*lines[:2], lines[2][:20] + b"\n", *lines[3:]]))
    assert f"{path} line 3 is damaged" in sentence("replay")
    assert "No such file" in sentence("replay", own_home / "nowhere.jsonl")


def test_without_a_journal_it_is_said_how_one_is_kept() -> None:
    assert "askaloud set journal words" in sentence("replay")


def test_counts_can_be_forgotten_alone(own_home: Path) -> None:
    own_home.mkdir(exist_ok=True)
    (own_home / "counts.jsonl").write_text('{"day": "2026-01-02"}\n')
    (own_home / "settings.toml").write_text("region = 'uk'\n")
    assert run("forget", "--counts", "--yes").stdout.strip() == "The counts are deleted."
    assert [path.name for path in own_home.iterdir() if path.suffix != ".lock"] == ["settings.toml"]


def test_forgetting_deletes_what_is_known_of_the_person_and_nothing_else(own_home: Path) -> None:
    known = ["settings.toml", "settings.previous.toml", "settings.toml.part", "journal.jsonl", "journal.before.jsonl"]
    known += ["counts.jsonl", "learned-person.json", "learned-caregiver.previous.json", "own-voice-person.npz"]
    others = ["topics/our-nurse.md", "models/some-model/am/final.mdl", "holiday.jpg", "shopping.toml"]
    for name in (*known, *others):
        (own_home / name).parent.mkdir(parents=True, exist_ok=True)
        (own_home / name).write_text("x")
    assert run("forget", given="n\n").exit_code == 1
    assert (own_home / FILE).exists()
    told = run("forget", given="y\n")
    assert f"Forgotten: {len(known)} files." in told.stdout
    left = [path for path in own_home.rglob("*") if path.is_file() and path.suffix != ".lock"]
    assert sorted(path.relative_to(own_home).as_posix() for path in left) == sorted(others)
    assert not any(path.read_bytes() for path in own_home.glob("*.lock"))
    assert "Forgotten: 0 files." in run("forget", "--yes").stdout


def test_forgetting_deletes_the_details_of_a_fault_which_may_hold_words(own_home: Path) -> None:
    (own_home / FAULT_FILE).write_text("Traceback: what is als")
    run("forget", "--yes")
    assert not (own_home / FAULT_FILE).exists()


@pytest.mark.parametrize(
    ("name", "value", "kept"),
    [
        ("patience", "long", "long"),
        ("patience", "until switch", "until switch"),
        ("rate-wpm", "140", 140),
        ("rate_wpm", "140", 140),
        ("volume", "0.5", 0.5),
        ("motion", "no", False),
        ("scan-spoken", "on", True),
        ("motion", "true", True),
        ("microphone", "2", "2"),
        ("region", "uk", "uk"),
    ],
)
def test_a_setting_is_kept(own_home: Path, name: str, value: str, kept: object) -> None:
    assert run("set", name, value).stdout == f"{name} is now {value}.\n"
    settings, troubles = read_settings(own_home)
    assert getattr(settings, name.replace("-", "_")) == kept
    assert troubles == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("nonsense", "1"),
        ("rate-wpm", "fast"),
        ("rate-wpm", "5000"),
        ("volume", "NaN"),
        ("volume", "Infinity"),
        ("volume", "1e999"),
        ("motion", "perhaps"),
        ("patience", "forever"),
        ("region", "atlantis"),
        ("language", "../.."),
        ("language", "xx"),
    ],
)
def test_a_setting_that_can_not_be_is_named_and_nothing_changes(own_home: Path, name: str, value: str) -> None:
    run("set", "rate-wpm", "150")
    assert name in sentence("set", name, value)
    assert read_settings(own_home) == (Settings(rate_wpm=150), [])


def test_a_folder_of_topics_is_found_from_every_other_folder(
    own_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("ours", "2"):
        (tmp_path / name).mkdir()
    monkeypatch.chdir(tmp_path)
    run("set", "packs", "ours")
    monkeypatch.chdir(own_home)
    assert read_settings(own_home)[0].packs == (str(tmp_path / "ours"),)
    assert run("ask", "what is ALS").stderr == ""
    monkeypatch.chdir(tmp_path)
    run("set", "packs", '["ours", 2]')
    assert read_settings(own_home)[0].packs == (str(tmp_path / "ours"), str(tmp_path / "2"))
    run("set", "packs", "")
    assert read_settings(own_home)[0].packs == ()


@pytest.mark.parametrize("value", ["nowhere", '["here", "nowhere"]', "[3]"])
def test_a_folder_of_topics_that_is_not_there_is_named_and_nothing_changes(
    own_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path)
    run("set", "packs", "here")
    said = sentence("set", "packs", value)
    assert f"There is no folder {tmp_path}" in said
    assert read_settings(own_home) == (Settings(packs=(str(tmp_path / "here"),)), [])


# ---- help


def all_commands(command: click.Command = main, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    inner = command.commands.items() if isinstance(command, click.Group) else ()
    return [path, *(found for name, one in inner for found in all_commands(one, (*path, name)))]


@pytest.mark.parametrize("path", all_commands(), ids=" ".join)
def test_every_command_explains_itself(path: tuple[str, ...]) -> None:
    for flag in ("-h", "--help"):
        told = run(*path, flag)
        assert told.exit_code == 0
        assert len(told.stdout.split("\n\n")[1].strip()) > 20


def test_the_version_is_told() -> None:
    assert run("--version").stdout == f"askaloud, version {__version__}\n"


@pytest.mark.parametrize("words", [["askk"], ["ask", "--loud"], ["--port", "70000"], ["models", "fetch"], ["hear"]])
def test_a_slip_of_the_fingers_is_status_2_and_says_where_help_is(words: Sequence[str]) -> None:
    told = run(*words)
    assert told.exit_code == 2
    assert "--help" in told.stderr


# ---- the home of everything


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (b"rate-wpm = ", "settings.toml"),
        (b"rate-wpm = 9000\n", "rate-wpm"),
        (b"colour = 'red'\n", "colour"),
        (b"\xff\xfe\0", "settings.toml"),
        (b"language = 'xx'\n", "xx"),
        (b"packs = ['/nowhere/ours']\n", "/nowhere/ours"),
    ],
)
def test_broken_settings_are_said_and_the_question_is_answered(own_home: Path, content: bytes, named: str) -> None:
    (own_home / PREVIOUS).write_text("rate-wpm = 140\n")
    (own_home / FILE).write_bytes(content)
    result = run("ask", "what is ALS")
    assert result.exit_code == 0
    assert result.stdout.startswith("What ALS is")
    assert named in result.stderr
    assert result.stderr.count("\n") == 1
    assert (own_home / FILE).read_bytes() == content


def test_a_home_that_is_a_file_is_said_and_the_question_is_answered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "home").write_text("a letter")
    monkeypatch.setenv("ASKALOUD_HOME", str(tmp_path / "home"))
    result = run("ask", "what is ALS")
    assert result.exit_code == 0
    assert result.stdout.startswith("What ALS is")
    assert "could not be saved" in sentence("set", "rate-wpm", "140")
    assert run("forget", "--yes").exit_code == 0
    assert run("models", "list").exit_code == 0
    assert (tmp_path / "home").read_text() == "a letter"
