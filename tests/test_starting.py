"""`askaloud` as a person starts it, in a process of its own: with little, with what is broken, and how it ends."""

from __future__ import annotations

import contextlib
import os
import pty
import resource
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO

import pytest

from assistant.journal import FILE as JOURNAL
from assistant.journal import Beginning, read_journal
from assistant.profile import FILE, PREVIOUS, Settings, read_settings
from assistant.startup import load_world, phrases_of
from tests.vosk_fixture import write_model

ROOT = Path(__file__).parents[1]
LONGEST_S = 60.0
WITHOUT_PORTAUDIO = 'raise OSError("PortAudio library not found")\n'
"""What the package sounddevice does on a computer without that library."""

NO_LIBRARY = "Sound cannot be used: the library PortAudio is missing."
ANSWER = "disease of the nerve cells"


class Running:
    """A running assistant; its lines as they come."""

    def __init__(self, env: dict[str, str], *options: str, limit_bytes: int = 0) -> None:
        def limited() -> None:
            signal.signal(signal.SIGINT, signal.SIG_DFL)  # a shell starts what is in its background deaf to it
            if limit_bytes:
                resource.setrlimit(resource.RLIMIT_FSIZE, (limit_bytes, limit_bytes))

        self.said: dict[str, list[str]] = {"out": [], "err": []}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "assistant", "--no-page", *options],
            cwd=ROOT,
            env=env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            preexec_fn=limited,  # noqa: PLW1509 - no thread of this process holds a lock that it needs
        )
        assert self.process.stdout
        assert self.process.stderr
        streams = {"out": self.process.stdout, "err": self.process.stderr}
        self.readers = [
            threading.Thread(target=self._read, args=(name, stream), daemon=True) for name, stream in streams.items()
        ]
        for reader in self.readers:
            reader.start()

    def _read(self, name: str, stream: IO[bytes]) -> None:
        with contextlib.suppress(OSError, ValueError):  # a test has closed it
            for line in stream:
                self.said[name].append(line.decode(errors="replace").rstrip("\n"))

    @property
    def out(self) -> str:
        return "\n".join(self.said["out"])

    @property
    def err(self) -> str:
        return "\n".join(self.said["err"])

    def type(self, line: str | bytes) -> None:
        assert self.process.stdin
        self.process.stdin.write((line.encode() if isinstance(line, str) else line) + b"\n")
        self.process.stdin.flush()

    def until(self, text: str, times: int = 1) -> None:
        wait(lambda: self.out.count(text) >= times, lambda: f"no {text!r} in\n{self.out}\n---\n{self.err}")

    def end(self) -> int:
        """How it ended; every line has come by then."""
        status = self.process.wait(timeout=LONGEST_S)
        for reader in self.readers:
            reader.join(timeout=LONGEST_S)
        assert "Traceback" not in self.err
        assert "Exception ignored" not in self.err
        return status


def wait(true: Callable[[], bool], otherwise: Callable[[], str]) -> None:
    deadline_s = time.monotonic() + LONGEST_S
    while not true():
        if time.monotonic() > deadline_s:
            pytest.fail(otherwise())
        time.sleep(0.02)


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """PocketSphinx's language model takes seconds to make: one for all tests."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def env(own_home: Path, tmp_path: Path, cache: Path) -> dict[str, str]:
    """A computer without sound."""
    (own_home / "cache").symlink_to(cache, target_is_directory=True)
    (tmp_path / "sounddevice.py").write_text(WITHOUT_PORTAUDIO)
    return {**os.environ, "PYTHONPATH": str(tmp_path), "PYTHONUNBUFFERED": "1", "OMP_NUM_THREADS": "1"}


Start = Callable[..., Running]


@pytest.fixture
def start(env: dict[str, str]) -> Iterator[Start]:
    begun: list[Running] = []

    def begin(*options: str, **more: int) -> Running:
        begun.append(Running(env, *options, **more))
        return begun[-1]

    yield begin
    for running in begun:
        running.process.kill()
        running.process.wait()
        for stream in (running.process.stdin, running.process.stdout, running.process.stderr):
            with contextlib.suppress(OSError):
                assert stream
                stream.close()


# ---- with what there is


def test_without_sound_it_says_so_and_answers_in_writing(start: Start) -> None:
    running = start()
    running.until("Type a question")  # a question that is quicker is not talked over by the greeting
    running.type("what is als")
    running.until(ANSWER)
    running.type("I can't breathe")
    running.until("If this is an emergency")
    running.type("quit")
    assert running.end() == 0
    assert running.err.count(NO_LIBRARY) <= 1
    assert "libportaudio2" in running.err
    assert "loudspeaker" in running.err
    assert running.err.count("You can type your questions.") == 1
    assert all(line.endswith((".", "'")) for line in running.said["err"])


def test_without_a_device_it_says_so_and_answers_in_writing(start: Start, env: dict[str, str]) -> None:
    del env["PYTHONPATH"]
    env["PULSE_SERVER"] = "unix:/nowhere"
    look = "import sounddevice; print(len(sounddevice.query_devices()))"
    found = subprocess.run([sys.executable, "-c", look], env=env, capture_output=True, check=False, timeout=60)
    if found.stdout.strip() != b"0":
        pytest.skip("this computer has sound devices, or no PortAudio")
    running = start()
    running.type("what is als")
    running.until(ANSWER)
    running.type("quit")
    assert running.end() == 0
    assert "No loudspeaker was found." in running.err
    assert running.err.count("There is no microphone.") == 1


def test_a_sense_that_is_left_out_is_not_missed(start: Start) -> None:
    running = start("--no-microphone", "--no-loudspeaker")
    running.type("what is als")
    running.until(ANSWER)
    running.type("bye")
    assert running.end() == 0
    assert running.err == ""


def test_a_broken_model_is_said_and_the_other_recogniser_is_ready(start: Start, own_home: Path) -> None:
    model = write_model(own_home / "models" / "vosk-model-small-en-us-0.1", phrases_of(load_world(Settings())[0]))
    (model / "graph" / "words.txt").unlink()
    running = start("--no-loudspeaker")
    running.type("what is als")
    running.until(ANSWER)
    running.type("quit")
    assert running.end() == 0
    assert f"The speech model in {model} is damaged" in running.err


def test_broken_settings_are_said_and_those_before_are_used(start: Start, own_home: Path) -> None:
    (own_home / PREVIOUS).write_text("who-speaks = 'askaloud'\n")
    (own_home / FILE).write_text("rate-wpm = 9000\n")
    running = start("--no-microphone", "--no-loudspeaker")
    running.type("what is als")
    running.until(ANSWER)
    running.type("quit")
    assert running.end() == 0
    assert running.err.count("\n") == 0
    assert "rate-wpm" in running.err
    assert (own_home / FILE).read_text() == "rate-wpm = 9000\n"


def test_whatever_is_typed_the_next_question_is_answered(start: Start) -> None:
    running = start("--no-microphone", "--no-loudspeaker")
    for line in (
        b"\xff\xfe",
        b"\0",
        "\N{GRINNING FACE} \u202eكيف".encode(),
        b"a" * 100_000,
        b"1" * 10_000,
        b"\x1b[2J",
        b"",
    ):
        running.type(line)
    running.type("what is als")
    running.until(ANSWER)
    running.type("quit")
    assert running.end() == 0
    assert running.err == ""


# ---- how it ends


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_it_ends_cleanly_when_it_is_told_to(start: Start, name: str) -> None:
    running = start("--no-microphone")
    running.type("what is als")
    running.until(ANSWER)
    running.process.send_signal(getattr(signal, name))
    assert running.end() == 0


def test_without_a_keyboard_it_goes_on(start: Start) -> None:
    running = start("--no-microphone", "--no-loudspeaker")
    assert running.process.stdin
    running.process.stdin.close()
    running.until("Hello.")
    time.sleep(0.5)
    assert running.process.poll() is None
    running.process.terminate()
    assert running.end() == 0


def test_when_nobody_reads_any_more_it_still_ends_cleanly(start: Start) -> None:
    running = start("--no-microphone", "--no-loudspeaker")
    running.until("Hello.")
    assert running.process.stdout
    os.close(running.process.stdout.fileno())
    for question in ("what is als", "is there a cure", "quit"):
        running.type(question)
    assert running.process.wait(timeout=LONGEST_S) == 0


# ---- a disk that refuses


def test_a_home_that_can_not_be_is_said_and_it_goes_on(start: Start, env: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a letter")
    env["ASKALOUD_HOME"] = str(tmp_path / "home")
    running = start("--no-microphone", "--no-loudspeaker")
    for line in ("slower", "what is als"):
        running.type(line)
    running.until(ANSWER)
    running.type("quit")
    assert running.end() == 0
    assert "Your settings could not be saved" in running.err
    assert (tmp_path / "home").read_text() == "a letter"


def test_a_full_disk_ends_the_journal_and_nothing_else(start: Start, own_home: Path) -> None:
    settings = "# for mum\njournal = 'words'\nrate-wpm = 150\n" + "# a long note\n" * 300
    (own_home / FILE).write_text(settings)
    running = start("--no-microphone", "--no-loudspeaker", limit_bytes=4000)
    for line in ("what is als", "slower", "is there a cure", "what helps with cramps", "who are you"):
        running.type(line)
    running.until("ramp")
    running.type("quit")
    assert running.end() == 0
    everything = running.out + running.err
    assert everything.count("The journal stops here: File too large. Nothing else is affected.") == 1
    assert "Your settings could not be saved" in everything
    assert (own_home / FILE).read_text() == settings
    assert read_settings(own_home)[1] == []
    assert not list(own_home.glob("*.part"))
    lines = read_journal(own_home / JOURNAL)
    assert isinstance(next(lines), Beginning)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 64 kB, on systems where this process may mount one."""
    place = tmp_path / "disk"
    place.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", place], capture_output=True, check=False)
    if done.returncode:
        pytest.skip("a small disk can only be made by root")
    yield place
    subprocess.run(["umount", "-l", place], check=True)


def command(env: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "assistant", *words],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        timeout=LONGEST_S,
        check=False,
    )


@pytest.mark.parametrize("state", ["full", "read-only"])
def test_a_disk_that_takes_nothing_is_said_and_loses_nothing(env: dict[str, str], small_disk: Path, state: str) -> None:
    env["ASKALOUD_HOME"] = str(small_disk)
    assert command(env, "set", "rate-wpm", "140").returncode == 0
    assert command(env, "set", "volume", "0.5").returncode == 0
    before = {path.name: path.read_bytes() for path in small_disk.iterdir()}
    if state == "full":
        with contextlib.suppress(OSError), (small_disk / "photos").open("wb", buffering=0) as file:
            while True:
                file.write(bytes(4096))
    else:
        subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    refused = command(env, "set", "rate-wpm", "170")
    assert refused.returncode == 1
    assert "Your settings could not be saved" in refused.stderr
    assert refused.stderr.count("\n") == 1
    assert (small_disk / FILE).read_bytes() == before[FILE]
    assert (small_disk / PREVIOUS).read_bytes() in before.values()
    assert not list(small_disk.glob("*.part"))
    assert command(env, "ask", "what is als").stdout.startswith("What ALS is")
    forgot = command(env, "forget", "--yes")
    assert forgot.returncode == (1 if state == "read-only" else 0)
    assert "Traceback" not in forgot.stderr


# ---- the offer of a better model


class Terminal:
    """A person at a terminal."""

    def __init__(self, env: dict[str, str], *options: str) -> None:
        self.ours, theirs = pty.openpty()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "assistant", "--no-page", *options],
            cwd=ROOT,
            env=env,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
        )
        os.close(theirs)
        self.text = ""

    def until(self, text: str) -> None:
        deadline_s = time.monotonic() + LONGEST_S
        while text not in self.text:
            if not select.select([self.ours], [], [], max(0.0, deadline_s - time.monotonic()))[0]:
                pytest.fail(f"no {text!r} in\n{self.text}")
            try:
                self.text += os.read(self.ours, 4096).decode(errors="replace")
            except OSError:
                pytest.fail(f"ended before {text!r} in\n{self.text}")

    def type(self, text: str) -> None:
        os.write(self.ours, text.encode())

    def leave(self) -> int:
        self.type("quit\n")
        status = self.process.wait(timeout=LONGEST_S)
        assert "Traceback" not in self.text
        return status


@pytest.fixture
def sit_down(env: dict[str, str]) -> Iterator[Callable[..., Terminal]]:
    env["HTTPS_PROXY"] = env["https_proxy"] = "http://127.0.0.1:9"
    sat: list[Terminal] = []

    def sit(options: Sequence[str] = ("--no-loudspeaker",)) -> Terminal:
        sat.append(Terminal(env, *options))
        return sat[-1]

    yield sit
    for terminal in sat:
        terminal.process.kill()
        terminal.process.wait()
        os.close(terminal.ours)


OFFER = "One more speech model can be fetched once"


@pytest.mark.parametrize(("reply", "said"), [("n\n", ""), ("y\n", "proxy"), ("\x04", "")])
def test_the_better_model_is_offered_once_and_never_needed(
    sit_down: Callable[..., Terminal], own_home: Path, reply: str, said: str
) -> None:
    first = sit_down()
    first.until(OFFER)
    first.type(reply)
    first.until("Type a question")
    assert said in first.text
    assert first.leave() == 0
    assert read_settings(own_home)[0].offered_model
    if reply == "n\n":
        again = sit_down()
        again.until("Type a question")
        assert OFFER not in again.text
        assert again.leave() == 0
