"""Speech models by the command itself: fetched from a server on this computer, well, badly and not at all."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.alone import FETCHING, holding
from assistant.models import SpeechModel, catalogue, download
from tests.commanding import run, sentence
from tests.models.archives import model_of, zipped
from tests.models.mirror import Manners, serving
from tests.vosk_fixture import write_model


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy that refuses: what offices do, and the surest way to be offline."""
    monkeypatch.setattr(download, "PAUSE_S", 0.0)
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)


def test_models_are_listed_with_what_fetching_costs(own_home: Path) -> None:
    model = write_model(own_home / "models" / "vosk-model-small-en-us-0.1", ["what is a stem cell"])
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


def test_a_second_fetch_at_once_is_said(own_home: Path, no_network: None) -> None:
    del no_network
    with holding(own_home, "askaloud models get", FETCHING):
        assert sentence("models", "get") == "askaloud models get is at work on this computer."


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
