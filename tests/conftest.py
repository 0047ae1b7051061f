"""What many tests share: the real content, read once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from playwright.sync_api import Browser, sync_playwright

from assistant.choices import World
from assistant.matching import Matcher
from assistant.profile import Settings
from assistant.startup import load_world, make_matcher
from tests.page.stage import CHROMIUM

hypothesis.settings.register_profile("tests", deadline=None)  # a busy computer is no fault
hypothesis.settings.load_profile("tests")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Two processes: one begins with all that needs a sound card, one after the other; a file is never torn apart."""
    items.sort(key=lambda item: item.get_closest_marker("real_sound") is None)
    for item in items:
        in_real_time = item.get_closest_marker("real_sound") is not None
        item.add_marker(pytest.mark.xdist_group("sound" if in_real_time else str(item.path)))


@pytest.fixture(scope="session")
def world() -> World:
    return load_world(Settings())[0]


@pytest.fixture(scope="session")
def matcher(world: World) -> Matcher:
    return make_matcher(world)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not CHROMIUM:
        pytest.skip("There is no Chromium on this computer: sudo apt install chromium")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture(autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Every test has settings, journal and models of its own."""
    folder = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("ASKALOUD_HOME", str(folder))
    monkeypatch.setenv("ASKALOUD_MODELS", str(folder / "models"))
    return folder
