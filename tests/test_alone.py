"""Two askalouds in one home folder: the second points to the first, and no change is lost."""

from __future__ import annotations

import errno
import multiprocessing
import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from assistant import alone, running
from assistant.alone import CHANGING, RUNNING, AtWork, Holder, at_work, begin, changing, holder_of, holding
from assistant.cli import main
from assistant.profile import Settings, read_settings, write_setting
from assistant.running import Wanted, run

ROOT = Path(__file__).parents[1]
HOLDS = """
import sys, time
from pathlib import Path
from assistant.alone import begin
held = begin(Path(sys.argv[1]), sys.argv[2])
held.tell("http://127.0.0.1:1/?token=k")
print("held", flush=True)
time.sleep(60)
"""


def another(home: Path, doing: str = "") -> subprocess.Popen[str]:
    """Another process that holds the lock."""
    other = subprocess.Popen(
        [sys.executable, "-c", HOLDS, str(home), doing], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert other.stdout
    assert other.stdout.readline() == "held\n"
    return other


def ended(other: subprocess.Popen[str]) -> None:
    other.kill()
    other.communicate()


def test_the_lock_is_gone_with_its_holder_even_when_that_is_killed(own_home: Path) -> None:
    other = another(own_home)
    found = at_work(own_home)
    assert found
    assert found.pid == other.pid
    assert found.page == "http://127.0.0.1:1/?token=k"
    os.kill(other.pid, signal.SIGKILL)
    other.communicate()
    assert at_work(own_home) is None
    begin(own_home).let_go()


def test_nobody_else_on_this_computer_may_read_the_key_of_the_page(own_home: Path) -> None:
    held = begin(own_home)
    held.tell("http://127.0.0.1:1/?token=k")
    assert stat.S_IMODE((own_home / RUNNING).stat().st_mode) == 0o600
    assert "token=k" in (own_home / RUNNING).read_text()
    held.let_go()
    held.let_go()
    assert (own_home / RUNNING).read_bytes() == b""


def test_a_second_start_says_so_and_opens_the_page_of_the_first(
    own_home: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(running, "open_browser", lambda address, **_: opened.append(address))
    other = another(own_home)
    run(Settings(), Wanted(hears=False, speaks=False))
    ended(other)
    told = capfd.readouterr()
    assert told.err == "askaloud is already running on this computer.\n"
    assert told.out == "http://127.0.0.1:1/?token=k\n"
    assert opened == ["http://127.0.0.1:1/?token=k"]


def test_a_second_start_waits_for_the_page_of_a_first_that_only_begins(
    own_home: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(running, "open_browser", lambda *_, **__: None)
    held = begin(own_home)
    monkeypatch.setattr(time, "sleep", lambda _: held.tell("http://127.0.0.1:2/?token=k"))
    run(Settings(), Wanted(hears=False, speaks=False))
    held.let_go()
    assert capfd.readouterr().out == "http://127.0.0.1:2/?token=k\n"


def test_the_real_second_start_ends_with_status_0_and_the_first_goes_on(own_home: Path) -> None:
    command = [sys.executable, "-m", "assistant", "--no-browser", "--no-microphone", "--no-loudspeaker"]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as first:
        assert first.stdout
        address = first.stdout.readline()
        second = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=30)
        assert second.stdout == address
        assert second.stderr == "askaloud is already running on this computer.\n"
        asked = subprocess.run(
            [*command[:3], "ask", "what is als"], cwd=ROOT, capture_output=True, text=True, check=True, timeout=30
        )
        assert "nerve cells" in asked.stdout, "a question beside it was not answered"
        first.communicate("quit\n", timeout=15)
    assert first.returncode == 0
    assert at_work(own_home) is None


def test_one_on_another_computer_that_shares_the_folder_is_named_and_not_opened(
    own_home: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("platform.node", lambda: "bedroom")
    held = begin(own_home)
    held.tell("http://127.0.0.1:1/?token=k")
    monkeypatch.setattr("platform.node", lambda: "kitchen")
    run(Settings(), Wanted(hears=False, speaks=False))
    held.let_go()
    told = capfd.readouterr()
    assert "already running on the computer bedroom" in told.err
    assert not told.out


@pytest.mark.parametrize(
    "command",
    [
        ["teach"],
        ["learned", "--forget", "cramps"],
        ["forget", "--yes"],
        ["forget", "--counts", "--yes"],
        ["profile", "import", "mine.zip"],
    ],
)
def test_a_command_that_changes_what_a_running_one_remembers_waits_until_that_is_closed(
    own_home: Path, command: list[str]
) -> None:
    write_setting(own_home, {"rate_wpm": 140})
    other = another(own_home)
    done = CliRunner().invoke(main, command)
    ended(other)
    assert done.exit_code == 1
    assert "askaloud is already running on this computer. Close it first" in done.output
    assert read_settings(own_home)[0].rate_wpm == 140


def test_a_start_during_such_a_command_says_which(own_home: Path, capfd: pytest.CaptureFixture[str]) -> None:
    other = another(own_home, "askaloud teach")
    run(Settings(), Wanted(hears=False, speaks=False))
    ended(other)
    assert capfd.readouterr().err == "askaloud teach is at work on this computer.\n"


def test_a_setting_beside_a_running_one_is_kept_and_counts_from_its_next_start(own_home: Path) -> None:
    assert CliRunner().invoke(main, ["set", "rate-wpm", "140"]).output == "rate-wpm is now 140.\n"
    other = another(own_home)
    done = CliRunner().invoke(main, ["set", "rate-wpm", "150"])
    ended(other)
    assert done.output == "rate-wpm is now 150, from the next start of askaloud on.\n"
    assert read_settings(own_home)[0].rate_wpm == 150


def _count_up(home: str) -> None:
    place = Path(home, "counted")
    for _ in range(50):
        with changing(Path(home)):
            place.write_text(str(int(place.read_text()) + 1))


def test_processes_that_change_files_at_once_lose_none_of_their_changes(own_home: Path) -> None:
    (own_home / "counted").write_text("0")
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_count_up, args=(str(own_home),)) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
        assert worker.exitcode == 0
    assert (own_home / "counted").read_text() == "150"


def _set_own(home: str, name: str) -> None:
    for value in range(30):
        write_setting(Path(home), {name: 0.5 + value / 100})


def test_processes_that_change_different_settings_at_once_lose_none(own_home: Path) -> None:
    names = ("dwell_s", "pause_s", "scan_step_s")
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_set_own, args=(str(own_home), name)) for name in names]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
        assert worker.exitcode == 0
    settings, troubles = read_settings(own_home)
    assert not troubles
    assert [getattr(settings, name) for name in names] == [0.79] * 3


def test_a_change_does_not_wait_for_ever_for_a_process_that_was_stopped(
    own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alone, "LONGEST_CHANGE_S", 0.1)
    held = begin(own_home, name=CHANGING)
    write_setting(own_home, {"rate_wpm": 140})
    held.let_go()
    assert read_settings(own_home)[0].rate_wpm == 140


@pytest.mark.parametrize("number", [errno.ENOLCK, errno.ENOTSUP, errno.ENOSYS])
def test_where_the_disk_knows_no_locks_all_goes_on_without(
    own_home: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def none(_: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(alone, "_lock", none)
    with holding(own_home, ""), holding(own_home, ""):
        write_setting(own_home, {"rate_wpm": 140})
    assert read_settings(own_home)[0].rate_wpm == 140


def test_a_home_that_can_not_be_written_goes_on_without(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with holding(tmp_path / "file" / "home", "") as held:
        held.tell("anything")
    assert at_work(tmp_path / "file" / "home") is None


@pytest.mark.parametrize("content", [b"", b"{", b"[" * 10_000, b"\xff", b'{"pid": "x"}', b"0" * 1000])
def test_whatever_stands_in_the_file_is_no_trouble(own_home: Path, content: bytes) -> None:
    (own_home / RUNNING).write_bytes(content)
    assert holder_of(own_home) == Holder()
    with holding(own_home, ""), pytest.raises(AtWork):
        begin(own_home)
