"""Fetching a model from a real server on this computer that behaves well, badly, or not at all."""

from __future__ import annotations

import errno
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from assistant.models import SpeechModel, download, errors, find_vosk_model, get, install, installed, remove
from assistant.models.places import is_vosk_model
from tests.models.archives import FILES, NAME, model_of, zipped
from tests.models.mirror import Manners, serving

GOOD = zipped()


class Shop(NamedTuple):
    manners: Manners
    model: SpeechModel
    folder: Path

    @property
    def part(self) -> Path:
        return self.folder / f"{NAME}.zip.part"


@pytest.fixture(autouse=True)
def no_waiting_and_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(download, "PAUSE_S", 0.0)
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    folder = tmp_path / "models"
    folder.mkdir()
    monkeypatch.setenv("ASKALOUD_MODELS", str(folder))
    manners = Manners(GOOD)
    with serving(manners) as address:
        yield Shop(manners, model_of(GOOD, f"{address}/model.zip"), folder)


def assert_in_place(shop: Shop) -> None:
    assert [path.name for path in shop.folder.iterdir()] == [NAME]
    assert (shop.folder / NAME / "am" / "final.mdl").read_bytes() == FILES[f"{NAME}/am/final.mdl"]
    assert find_vosk_model("xx") == shop.folder / NAME


def test_a_model_is_fetched_unpacked_and_found(shop: Shop) -> None:
    seen: list[tuple[int, int]] = []
    assert get(shop.model, progress=lambda done, whole: seen.append((done, whole))) == shop.folder / NAME
    assert_in_place(shop)
    assert seen == sorted(seen)
    assert seen[-1] == (len(GOOD), len(GOOD))
    assert len(seen) > 2


def test_a_model_that_is_here_is_not_fetched_again(shop: Shop) -> None:
    get(shop.model)
    get(shop.model)
    assert len(shop.manners.asked) == 1


def test_a_broken_connection_is_taken_up_where_it_stopped(shop: Shop) -> None:
    shop.manners.hang_up_after = [6 * download.BLOCK_BYTES, 3 * download.BLOCK_BYTES]
    get(shop.model)
    assert shop.manners.asked == [None, "bytes=98304-", "bytes=147456-"]
    assert_in_place(shop)


def test_a_server_that_tells_no_length_and_hangs_up_is_noticed(shop: Shop) -> None:
    shop.manners.tell_length = False
    shop.manners.hang_up_after = [100_000]
    get(shop.model)
    assert shop.manners.asked == [None, "bytes=100000-"]


def test_when_it_breaks_for_good_what_arrived_is_kept_and_used_the_next_time(shop: Shop) -> None:
    shop.manners.hang_up_after = [6 * download.BLOCK_BYTES, 0, 0, 0, 0, 0]
    with pytest.raises(errors.InterruptedDownloadError, match="32 % has arrived and is kept"):
        get(shop.model)
    assert shop.part.stat().st_size == 6 * download.BLOCK_BYTES
    assert find_vosk_model("xx") is None
    shop.manners.hang_up_after = []
    get(shop.model)
    assert shop.manners.asked[-1] == "bytes=98304-"
    assert_in_place(shop)


def test_a_server_that_knows_no_ranges_sends_everything_again(shop: Shop) -> None:
    shop.part.write_bytes(GOOD[:5000])
    shop.manners.ranges = False
    get(shop.model)
    assert_in_place(shop)


@pytest.mark.parametrize("fault", ["wrong_start", "refuse_ranges"])
def test_a_server_that_gets_ranges_wrong_is_asked_for_the_whole(shop: Shop, fault: str) -> None:
    shop.part.write_bytes(GOOD[:5000])
    setattr(shop.manners, fault, True)
    get(shop.model)
    assert shop.manners.asked == ["bytes=5000-", None]
    assert_in_place(shop)


@pytest.mark.parametrize("left", [b"x" * 5000, b"x" * len(GOOD), GOOD + b"x"], ids=["short", "full", "too long"])
def test_a_leftover_of_another_file_does_no_harm(shop: Shop, left: bytes) -> None:
    shop.part.write_bytes(left)
    get(shop.model)
    assert_in_place(shop)


def test_a_file_that_had_arrived_whole_is_not_fetched_again(shop: Shop) -> None:
    shop.part.write_bytes(GOOD)
    get(shop.model)
    assert shop.manners.asked == []
    assert_in_place(shop)


@pytest.mark.parametrize(
    "content",
    [b"Please sign in", GOOD[:-1] + b"x", GOOD + b"x", b"", b"y" * 2 * len(GOOD)],
    ids=["sign-in page", "changed", "longer", "empty", "far longer"],
)
@pytest.mark.parametrize("tell_length", [True, False])
def test_another_file_is_thrown_away_and_not_fetched_twice(shop: Shop, content: bytes, tell_length: bool) -> None:  # noqa: FBT001
    shop.manners.content, shop.manners.tell_length = content, tell_length
    with pytest.raises((errors.WrongFileError, errors.InterruptedDownloadError)):
        get(shop.model)
    assert find_vosk_model("xx") is None
    assert not shop.part.exists() or shop.part.stat().st_size < len(GOOD)
    if len(content) >= len(GOOD) or tell_length:
        assert len(shop.manners.asked) == 1


@pytest.mark.parametrize("status", [403, 404, 500, 503])
def test_a_refusal_is_told_with_the_servers_own_number(shop: Shop, status: int) -> None:
    shop.manners.status = status
    with pytest.raises(errors.ServerError, match=f"127.0.0.1 answered {status}"):
        get(shop.model)


def closed_port() -> int:
    with socket.socket() as once:
        once.bind(("127.0.0.1", 0))
        return int(once.getsockname()[1])


def test_without_a_network_the_person_is_told_that_it_works_without(shop: Shop) -> None:
    model = model_of(GOOD, f"http://127.0.0.1:{closed_port()}/model.zip")
    with pytest.raises(errors.OfflineError, match=r"cannot be reached.*works without it"):
        get(model, shop.folder)


def test_a_name_that_nobody_knows_counts_as_being_offline(shop: Shop) -> None:
    with pytest.raises(errors.OfflineError, match=r"nowhere\.invalid cannot be reached"):
        get(model_of(GOOD, "http://nowhere.invalid/model.zip"), shop.folder)


def test_a_dead_proxy_is_named(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{closed_port()}")
    monkeypatch.setenv("no_proxy", "")
    with pytest.raises(errors.ProxyError, match="proxy of this network"):
        get(model_of(GOOD, "http://models.example/model.zip"), shop.folder)


def test_a_proxy_that_wants_a_password_is_named(shop: Shop) -> None:
    shop.manners.status = 407
    with pytest.raises(errors.ProxyError, match="proxy of this network"):
        get(shop.model)


def test_a_server_that_cannot_prove_who_it_is_gets_no_trust(shop: Shop) -> None:
    address = shop.model.address.replace("http://", "https://")  # It speaks no TLS.
    with pytest.raises(errors.SecureConnectionError, match=r"secure connection to 127\.0\.0\.1"):
        get(model_of(GOOD, address), shop.folder)


def test_a_server_that_falls_silent_is_not_waited_for_without_end(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(download, "SILENCE_S", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as silent:  # Takes connections, never answers.
        model = model_of(GOOD, f"http://127.0.0.1:{silent.getsockname()[1]}/model.zip")
        with pytest.raises(errors.InterruptedDownloadError, match="broke off"):
            get(model, shop.folder)


@pytest.mark.parametrize("address", ["http://", "nonsense", "ftp://host/x.zip", "http://[half/x.zip"])
def test_an_address_that_is_none_is_told(shop: Shop, address: str) -> None:
    with pytest.raises(errors.MirrorError, match="ASKALOUD_MODELS"):
        get(model_of(GOOD, address), shop.folder)


@pytest.mark.parametrize(
    "files",
    [{"../harm": b"", **FILES}, {"m/am/other.mdl": b"x"}],
    ids=["leads out", "holds no model"],
)
def test_a_bad_archive_with_the_right_sum_is_not_installed_and_not_kept(shop: Shop, files: dict[str, bytes]) -> None:
    shop.manners.content = zipped(files)
    with pytest.raises(errors.ArchiveError):
        get(model_of(shop.manners.content, shop.model.address))
    assert list(shop.folder.iterdir()) == []


def test_a_bomb_with_the_right_sum_is_not_unpacked(shop: Shop) -> None:
    with pytest.raises(errors.UnsafeArchiveError):
        get(model_of(GOOD, shop.model.address, unpacked_bytes=1000))
    assert list(shop.folder.iterdir()) == []


def test_too_little_room_is_told_before_anything_is_fetched(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(shop.folder)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=50_500_000))
    with pytest.raises(errors.NoSpaceError, match=r"MB are needed in .*, 50 MB are free"):
        get(shop.model)
    assert shop.manners.asked == []


def test_a_disk_that_fills_up_while_unpacking_leaves_nothing_half_done(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("os.fsync", full)
        with pytest.raises(errors.NoSpaceError, match="became full"):
            get(shop.model)
    assert [path.name for path in shop.folder.iterdir()] == [shop.part.name]
    get(shop.model)
    assert len(shop.manners.asked) == 1
    assert_in_place(shop)


def test_a_folder_that_cannot_be_written_to_is_named(shop: Shop, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder", encoding="utf-8")
    with pytest.raises(errors.FolderError, match=r"models, .*file.*, cannot be used.*ASKALOUD_MODELS"):
        get(shop.model, blocked / "models")


def test_a_person_can_stop_a_download_and_go_on_later(shop: Shop) -> None:
    def enough(done: int, _whole: int) -> None:
        if done > 100_000:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        get(shop.model, progress=enough)
    assert 100_000 < shop.part.stat().st_size < len(GOOD)
    get(shop.model)
    assert_in_place(shop)


def test_a_broken_model_in_the_way_is_replaced_and_old_leftovers_go(shop: Shop) -> None:
    (shop.folder / NAME / "am").mkdir(parents=True)
    (shop.folder / f".{NAME}.unpacking" / "am").mkdir(parents=True)
    (shop.folder / ".other.discarded").mkdir()
    get(shop.model)
    assert_in_place(shop)


@pytest.mark.parametrize("moment", ["fetching", "unpacking", "renaming"])
def test_killed_at_any_moment_the_next_try_succeeds(shop: Shop, moment: str) -> None:
    program = f"""
import os, signal
from pathlib import Path
from assistant.models import get
from tests.models.archives import model_of, zipped

def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)

if {moment!r} == "unpacking":
    os.fsync = die
if {moment!r} == "renaming":
    Path.replace = die
get(
    model_of(zipped(), {shop.model.address!r}),
    Path({str(shop.folder)!r}),
    progress=lambda done, _: die() if {moment!r} == "fetching" and done > 100_000 else None,
)
"""
    root = Path(__file__).resolve().parents[2]
    killed = subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, check=False)
    assert killed.returncode == -9, killed.stderr.decode()
    assert not is_vosk_model(shop.folder / NAME)
    assert find_vosk_model("xx") is None
    get(shop.model)
    assert_in_place(shop)
    assert len(shop.manners.asked) == (2 if moment == "fetching" else 1)


def test_a_mirror_is_asked_for_the_archive_by_its_name(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    mirror = shop.model.address.rpartition("/")[0]
    monkeypatch.setenv("ASKALOUD_MODELS", mirror + "/")
    get(model_of(GOOD, "https://nowhere.invalid/x.zip"), shop.folder)
    assert is_vosk_model(shop.folder / NAME)


@pytest.mark.parametrize("written", ["path", "address"])
def test_a_folder_of_archives_serves_a_computer_without_internet(
    tmp_path: Path, own_home: Path, monkeypatch: pytest.MonkeyPatch, written: str
) -> None:
    stick = tmp_path / "a stick"
    stick.mkdir()
    archive = stick / f"{NAME}.zip"
    archive.write_bytes(GOOD)
    monkeypatch.setenv("ASKALOUD_MODELS", str(stick) if written == "path" else stick.as_uri())
    seen: list[int] = []
    assert get(model_of(GOOD), progress=lambda done, _: seen.append(done)) == own_home / "models" / NAME
    assert seen[-1] == len(GOOD)
    assert archive.read_bytes() == GOOD
    assert find_vosk_model("xx") == own_home / "models" / NAME
    archive.write_bytes(GOOD[:-1])
    remove(NAME)
    with pytest.raises(errors.WrongFileError, match="Copy the file again"):
        get(model_of(GOOD))
    archive.rename(stick / "other.zip")
    with pytest.raises(errors.MirrorError, match=f"holds no {NAME}.zip"):
        get(model_of(GOOD))


def test_a_mirror_of_an_unknown_kind_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASKALOUD_MODELS", "ftp://mirror/models")
    with pytest.raises(errors.MirrorError, match="ftp://mirror/models"):
        get(model_of(GOOD))


def test_a_model_is_removed_whole_and_so_is_a_part_of_one(shop: Shop) -> None:
    get(shop.model)
    remove(NAME)
    assert list(shop.folder.iterdir()) == []
    shop.part.write_bytes(b"half")
    remove(NAME)
    assert list(shop.folder.iterdir()) == []
    for name in (NAME, "../models", "", ".", "/"):
        with pytest.raises(errors.UnknownModelError):
            remove(name)


def test_installed_models_are_listed_with_their_language(shop: Shop) -> None:
    for name in ("vosk-model-small-de-0.15", "vosk-model-en-us-0.22-lgraph", "vosk-model-small-en-us-0.15", "mine"):
        for file in ("am/final.mdl", "conf/model.conf"):
            path = shop.folder / name / file
            path.parent.mkdir(parents=True)
            path.touch()
    (shop.folder / "no model").mkdir()
    told = {one.name: (one.language, one.model is not None) for one in installed()}
    assert told == {
        "mine": ("", False),
        "vosk-model-en-us-0.22-lgraph": ("en-us", True),
        "vosk-model-small-de-0.15": ("de", False),
        "vosk-model-small-en-us-0.15": ("en-us", True),
    }
    assert find_vosk_model("de") == shop.folder / "vosk-model-small-de-0.15"
    assert find_vosk_model("en") == shop.folder / "vosk-model-en-us-0.22-lgraph"
    assert find_vosk_model("fr") is None


def test_the_waits_are_short_enough_for_a_person() -> None:
    assert 3 <= download.CONNECT_S <= 20
    assert 10 <= download.SILENCE_S <= 60
    assert install.SPARE_BYTES >= 10_000_000
