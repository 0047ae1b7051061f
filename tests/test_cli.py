"""What a person types on the command line: every command, well and badly used. No traceback, ever."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Literal

import click
import numpy as np
import pytest
from click.testing import CliRunner, Result

from assistant import __version__
from assistant.cli import main
from assistant.dialogue import step
from assistant.events import AnyEvent, Heard, Started, Ticked
from assistant.hearing.wav import read_wav
from assistant.journal import FILE as JOURNAL
from assistant.journal import Journal
from assistant.matching import Candidate, Ranking
from assistant.models import SpeechModel, catalogue, download
from assistant.places import Conversation
from assistant.profile import FILE, PREVIOUS, Settings, read_settings
from assistant.speaking.sound import Sound
from assistant.speaking.voice import open_voice
from assistant.speaking.wav import read_speech
from assistant.startup import load_world, phrases_of
from tests.models.archives import model_of, zipped
from tests.models.mirror import Manners, serving
from tests.real_sound.spoken import RATE_HZ, say_to_file
from tests.vosk_fixture import write_model
from tests.vosk_fixture.speech import Line, say

ROOT = Path(__file__).parents[1]
SHAPE = {"heard", "outcome", "topics", "say", "engine", "ms"}
OUTCOMES = {"urgent", "answer", "confirm", "choose", "decline"}


def run(*words: str | Path, given: str | bytes | None = None) -> Result:
    """The command in this process. What it raises beyond an exit is a traceback for a person: it fails the test."""
    result = CliRunner().invoke(main, [str(word) for word in words], input=given)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert "Traceback" not in result.output
    return result


def sentence(*words: str | Path, given: str | bytes | None = None) -> str:
    """The one sentence with which the command gives up."""
    result = run(*words, given=given)
    assert result.exit_code == 1
    said = result.stderr.strip()
    assert said.endswith((".", "questions.txt"))
    return said


def replies(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def assert_shape(reply: dict[str, Any], engine: str) -> None:
    assert set(reply) == SHAPE
    assert all(isinstance(text, str) for text in reply["heard"])
    assert reply["outcome"] in OUTCOMES
    assert len(reply["topics"]) <= 3
    for topic in reply["topics"]:
        assert set(topic) == {"id", "title", "probability"}
        assert 0 <= topic["probability"] <= 1
    assert isinstance(reply["say"], str)
    assert reply["engine"] == engine
    stages = {"match", "decide"} | ({"recognise"} if engine != "typed" else set())
    assert set(reply["ms"]) == stages
    assert all(ms >= 0 for ms in reply["ms"].values())


@pytest.fixture(scope="session")
def one_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(autouse=True)
def made_once(own_home: Path, one_cache: Path) -> None:
    """PocketSphinx's language model takes seconds to make: one for all tests."""
    (own_home / "cache").symlink_to(one_cache, target_is_directory=True)


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


# ---- hear


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
    good = {
        "stereo": as_wav(samples, RATE_HZ, 2, 16),
        "eight-bit": as_wav(samples, RATE_HZ, 1, 8),
        "of-a-phone": as_wav(finer, 44_100, 1, 16),
        "cut-short": as_wav(samples, RATE_HZ, 1, 16)[:-3001],
    }
    bad = {
        "empty": (b"", "is not a WAV file"),
        "a-letter": (b"Dear doctor,\n" * 20, "is not a WAV file"),
        "only-a-header": (as_wav(samples[:0], RATE_HZ, 1, 16), "holds no sound"),
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
    assert_shape(reply, "vosk")
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
    assert_shape(replies(result)[0], "pocketsphinx")
    assert str(model) in result.stderr
    assert "fetch the model again" in result.stderr


def test_a_broken_model_that_is_asked_for_by_name_is_a_sentence(model: Path, spoken_to_vosk: Path) -> None:
    (model / "graph" / "words.txt").unlink()
    assert str(model) in sentence("hear", "--engine", "vosk", spoken_to_vosk)


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


# ---- models


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy that refuses: what offices do, and the surest way to be offline."""
    monkeypatch.setattr(download, "PAUSE_S", 0.0)
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)


def test_models_are_listed_with_what_fetching_costs(model: Path) -> None:
    listed = run("models", "list").stdout
    for entry in catalogue():
        assert entry.name in listed
    assert "MB to fetch" in listed
    assert f"In use: {model.name}" in listed


def test_offline_a_fetch_is_one_plain_sentence(own_home: Path, no_network: None) -> None:
    del no_network
    told = run("models", "get")
    assert told.exit_code == 1
    assert "proxy" in told.stderr.lower()
    assert "HTTPSConnectionPool" not in told.stderr
    assert list((own_home / "models").glob("*")) in ([], [own_home / "models" / f"{catalogue()[0].name}.zip.part"])
    assert "always there" in run("models", "list").stdout


def test_a_model_nobody_knows_is_said() -> None:
    assert "no model called nonsense" in sentence("models", "get", "nonsense")
    assert "nonsense" in sentence("models", "remove", "nonsense")


class Shop:
    """A catalogue with one model, and the server that sends it."""

    def __init__(self, address: str, manners: Manners, folder: Path) -> None:
        self.manners, self.folder = manners, folder
        self.model = model_of(manners.content, f"{address}/model.zip")

    @property
    def catalogue(self) -> tuple[SpeechModel, ...]:
        return (self.model,)

    @property
    def part(self) -> Path:
        return self.folder / f"{self.model.name}.zip.part"


@pytest.fixture
def shop(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    monkeypatch.setattr(download, "PAUSE_S", 0.0)
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    manners = Manners(zipped())
    with serving(manners) as address:
        shop = Shop(address, manners, own_home / "models")
        for module in ("assistant.models", "assistant.models.places"):
            monkeypatch.setattr(f"{module}.catalogue", lambda: shop.catalogue)
        yield shop


def test_a_model_is_fetched_listed_and_removed(shop: Shop) -> None:
    got = run("models", "get")
    assert got.exit_code == 0
    assert "It will be used from now on." in got.stdout
    assert f"{shop.model.name}  (on this computer)" in run("models", "list").stdout
    assert run("models", "get", shop.model.name).exit_code == 0
    assert len(shop.manners.asked) == 1
    assert "is gone" in run("models", "remove", shop.model.name).stdout
    assert "MB to fetch" in run("models", "list").stdout


def test_a_wrong_checksum_is_said_and_nothing_stays(shop: Shop) -> None:
    shop.manners.content = bytes([shop.manners.content[0] ^ 1]) + shop.manners.content[1:]
    told = run("models", "get")
    assert told.exit_code == 1
    assert "checksum is different" in told.stderr
    assert not (shop.folder / shop.model.name).exists()
    assert not shop.part.exists() or shop.part.stat().st_size == 0


def test_a_fetch_that_breaks_off_says_what_is_kept_and_goes_on_from_there(shop: Shop) -> None:
    half = 10 * download.BLOCK_BYTES
    shop.manners.hang_up_after = [half, *[0] * (download.TRIES + 1)]
    told = run("models", "get")
    assert told.exit_code == 1
    assert "54 % has arrived and is kept" in told.stderr
    shop.manners.hang_up_after = []
    assert run("models", "get").exit_code == 0
    assert shop.manners.asked[-1] == f"bytes={half}-"
    assert (shop.folder / shop.model.name / "am" / "final.mdl").is_file()


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
    assert sorted(path.relative_to(own_home).as_posix() for path in own_home.rglob("*") if path.is_file()) == sorted(
        others
    )
    assert "Forgotten: 0 files." in run("forget", "--yes").stdout


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
        ("packs", "/home/ann/topics", ("/home/ann/topics",)),
        ("packs", '["/a", "/b"]', ("/a", "/b")),
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
        ("packs", "[1, 2]"),
    ],
)
def test_a_setting_that_can_not_be_is_named_and_nothing_changes(own_home: Path, name: str, value: str) -> None:
    run("set", "rate-wpm", "150")
    assert name in sentence("set", name, value)
    assert read_settings(own_home) == (Settings(rate_wpm=150), [])


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
