"""The desk that every test of the checks works at."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.checking.desk import Desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)
