"""What many tests share: the real content, read once."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.choices import World
from assistant.matching import Matcher
from assistant.profile import Settings
from assistant.startup import load_world, make_matcher


@pytest.fixture(scope="session")
def world() -> World:
    return load_world(Settings())[0]


@pytest.fixture(scope="session")
def matcher(world: World) -> Matcher:
    return make_matcher(world)


@pytest.fixture(autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Every test has settings, journal and models of its own."""
    folder = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("ASKALOUD_HOME", str(folder))
    monkeypatch.setenv("ASKALOUD_MODELS", str(folder / "models"))
    return folder
