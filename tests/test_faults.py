"""What can break around a running assistant: damaged files, whatever was in them. docs/faults.md tells of each."""

from __future__ import annotations

import contextlib
import os
import queue
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant import running
from assistant.app import App
from assistant.choices import World
from assistant.events import AnyEvent, Learn, Leave, Say, Spoken, Started
from assistant.journal import FILE as JOURNAL
from assistant.learning.own_voice import voice_file
from assistant.learning.own_words import words_file
from assistant.matching import Matcher
from assistant.misses import FILE as MISSES
from assistant.pressing.counting import FILE as COUNTS
from assistant.pressing.counting import Day, write_counts
from assistant.profile import FILE as SETTINGS
from assistant.profile import Settings, read_settings, write_setting
from assistant.questions import FILE as QUESTIONS
from assistant.running import Wanted, build
from assistant.speaking import speaker as speaker_module
from assistant.speaking.espeak import EspeakVoice
from assistant.speaking.pyttsx3_voice import Pyttsx3Voice
from assistant.speaking.silent import SilentPlayer
from assistant.speaking.sound import Sound
from assistant.speaking.speaker import Speaker

ROOT = Path(__file__).parents[1]
SILENT = Wanted(hears=False, speaks=False, page=False, browser=False)
ANSWER = "disease of the nerve cells"
DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _: b"",
    "zeros, as after a power cut": lambda whole: bytes(len(whole)),
    "half": lambda whole: whole[: len(whole) // 2],
    "another file": lambda _: b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8,
    "a letter in the middle": lambda whole: whole[: len(whole) // 2] + b"\xff" + whole[len(whole) // 2 + 1 :],
    "brackets without end": lambda _: b"[" * 100_000,
}


@pytest.fixture(autouse=True)
def read_once(world: World, matcher: Matcher, monkeypatch: pytest.MonkeyPatch) -> None:
    """Content and matcher are the same for all."""
    monkeypatch.setattr(running, "load_world", lambda _: (world, []))
    monkeypatch.setattr(running, "make_matcher", lambda _: matcher)


def started(settings: Settings) -> tuple[App, list[str]]:
    """The assistant as it is put together, without a device; and the texts of its screen."""
    app, _ = build(settings, SILENT)
    shown: list[str] = []
    app.screens.append(lambda view: shown.append(view.text))
    app.put(Started(can_hear=False))
    return app, shown


def answers(app: App, question: str = "what is als") -> None:
    app.heard((question,))
    app.put(Leave())
    app.run()


@pytest.fixture
def lived_in(own_home: Path) -> Path:
    """A home in which somebody has lived for a while."""
    write_setting(own_home, {"misses": True, "scan_counts": True, "scanning": "step", "journal": "words"})
    write_setting(own_home, {"rate_wpm": 150})
    write_counts(own_home, [Day("2026-11-22", presses=7), Day("2026-11-23", presses=9)])
    (own_home / MISSES).write_text("2026-11-23 | declined | the blue thing\n")
    (own_home / QUESTIONS).write_text("2026-11-23 | cramps | is it normal\n")
    app, _ = started(read_settings(own_home)[0])
    for _ in range(4):
        app._learn(Learn(("hop hop",), "hope", right=True))
    answers(app)
    app.close()
    return own_home


def kept_files(home: Path) -> dict[str, Path]:
    return {
        "settings": home / SETTINGS,
        "words": words_file(home, "person"),
        "triggers": voice_file(home, "person"),
        "counts": home / COUNTS,
        "misses": home / MISSES,
        "questions": home / QUESTIONS,
        "journal": home / JOURNAL,
    }


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("name", ["settings", "words", "counts", "misses", "questions", "journal"])
def test_a_damaged_file_is_said_and_costs_no_more_than_itself(
    lived_in: Path, name: str, damage: str, capfd: pytest.CaptureFixture[str]
) -> None:
    path = kept_files(lived_in)[name]
    path.write_bytes(DAMAGES[damage](path.read_bytes()))
    settings, _ = read_settings(lived_in)
    assert settings.misses, "the copy before was not used"
    app, shown = started(settings)
    answers(app, "hop hop")
    app.close()
    said = capfd.readouterr().err
    assert any("hope" in text.lower() for text in shown), "what was learned is lost"
    if name in ("words", "counts") and said:
        assert str(path) in said
        assert all(line.endswith(".") for line in said.splitlines())
        assert any(str(path) in text for text in shown), "it was only written in a terminal"
    app, shown = started(settings)  # and the next start
    answers(app)
    app.close()
    assert any(ANSWER in text for text in shown)


@pytest.mark.parametrize("name", ["settings", "words", "counts", "misses", "questions", "journal", "triggers"])
def test_a_folder_in_the_place_of_a_file_stops_nothing(lived_in: Path, name: str) -> None:
    path = kept_files(lived_in)[name]
    path.unlink(missing_ok=True)
    path.mkdir()
    settings, _ = read_settings(lived_in)
    app, shown = started(settings)
    answers(app, "slower")
    app, shown = started(settings)
    answers(app)
    app.close()
    assert any(ANSWER in text for text in shown)


# ---- the process that speaks is killed


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere pyttsx3 has other voices than espeak-ng")
@pytest.mark.parametrize("times", [1, 20])
def test_a_killed_voice_is_replaced_and_what_was_to_be_said_is_said(times: int) -> None:
    """Killed once it is tried again; killed whenever it starts, the spare voice speaks."""
    voice = Pyttsx3Voice()
    events: queue.SimpleQueue[AnyEvent] = queue.SimpleQueue()
    speaker = Speaker(voice, EspeakVoice(), SilentPlayer, events.put)
    try:
        begun_s = time.monotonic()
        for number in range(times):
            if voice.child_pid:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(voice.child_pid, signal.SIGKILL)
            if not number:
                speaker.say(Say(1, "Hello."))
            time.sleep(0.05)
        assert events.get(timeout=60) == Spoken(1)
        print(f"killed {times} times: said after {time.monotonic() - begun_s:.1f} s")
        speaker.say(Say(2, "Once more."))
        assert events.get(timeout=60) == Spoken(2)
    finally:
        speaker.close()


HANGS_WHILE = """
import sys, time
from pathlib import Path
from assistant.speaking import pyttsx3_child
while Path(sys.argv[1]).exists():
    time.sleep(0.05)
pyttsx3_child.main()
"""


class CountingVoice(EspeakVoice):
    """Remembers what it was asked to say."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []

    def synthesise(self, text: str, *, rate_wpm: int = 160, pause_s: float = 0.0, voice: str = "") -> Sound:
        self.said.append(text)
        return super().synthesise(text, rate_wpm=rate_wpm, pause_s=pause_s, voice=voice)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere pyttsx3 has other voices than espeak-ng")
def test_a_voice_that_hangs_costs_less_than_5_s_once_and_comes_back_by_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Alive and silent: the process that waits is stopped, and every one after it hangs too."""
    monkeypatch.setattr(speaker_module, "FIRST_LOOK_S", 0.2)
    hangs = tmp_path / "hangs"
    voice = Pyttsx3Voice(command=[sys.executable, "-c", HANGS_WHILE, str(hangs)])
    spare = CountingVoice()
    events: queue.SimpleQueue[AnyEvent] = queue.SimpleQueue()
    speaker = Speaker(voice, spare, SilentPlayer, events.put)

    def seconds_to_say(number: int) -> float:
        begun_s = time.monotonic()
        speaker.say(Say(number, f"Number {number}.", 300))
        assert events.get(timeout=60) == Spoken(number)
        return time.monotonic() - begun_s

    try:
        seconds_to_say(1)
        assert spare.said == []
        hangs.touch()
        assert voice.child_pid
        os.kill(voice.child_pid, signal.SIGSTOP)
        waited_s = seconds_to_say(2)
        print(f"hangs: said after {waited_s:.1f} s")
        assert waited_s < 5
        assert seconds_to_say(3) < 2, "it waits for the same process again"
        assert spare.said == ["Number 2.", "Number 3."]
        hangs.unlink()
        deadline_s = time.monotonic() + 20
        while speaker._ailing and time.monotonic() < deadline_s:
            time.sleep(0.05)
        seconds_to_say(4)
        assert spare.said == ["Number 2.", "Number 3."], "its own voice did not come back"
    finally:
        speaker.close()


# ---- the program itself is damaged


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The program, to be damaged."""
    place = tmp_path / "program"
    shutil.copytree(ROOT / "assistant", place / "assistant", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "content", place / "content")
    (place / "models").mkdir()
    shutil.copy(ROOT / "models" / "catalogue.toml", place / "models")
    return place


@pytest.mark.parametrize(
    ("name", "damage"),
    [
        ("content/en/commands.txt", "half"),
        ("content/en/urgent.txt", "half"),
        ("content/en/urgent.txt", "another file"),
        ("content/en/prompts.txt", "empty"),
        ("assistant/matching/encoder.npz", "empty"),
        ("assistant/matching/classifier.npz", "another file"),
        ("assistant/matching/fusion.json", "half"),
    ],
)
def test_a_damaged_file_of_the_program_is_a_sentence(copy: Path, own_home: Path, name: str, damage: str) -> None:
    path = copy / name
    path.write_bytes(DAMAGES[damage](path.read_bytes()))
    done = subprocess.run(
        [sys.executable, "-m", "assistant", "ask", "what is als"],
        cwd=copy,
        env={**os.environ, "ASKALOUD_HOME": str(own_home)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert "Traceback" not in done.stderr + done.stdout
    assert done.returncode == 1
    assert done.stderr.count("\n") <= 2
    assert done.stderr.strip().endswith(".")
    assert "install" in done.stderr
