"""The archive of everything that is known, made once."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from assistant.boards import Exporting, archive_of
from assistant.book.words import BookWords
from assistant.choices import World
from assistant.knowledge import Content
from assistant.topics import content_folder

DAY = date(2026, 11, 24)
Change = Callable[[dict[str, Any]], None]


def exported(content: Content, region: str = "us") -> bytes:
    words = BookWords.read(content_folder(), "en")
    return archive_of(Exporting(content, words, region, "en", DAY))[0]


def entries(raw: bytes) -> dict[str, Any]:
    """Every entry of an archive, parsed."""
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        return {name: json.loads(archive.read(name)) for name in archive.namelist()}


def packed(found: dict[str, Any]) -> bytes:
    """Entries as an archive; bytes go in as they are."""
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, value in found.items():
            archive.writestr(name, value if isinstance(value, bytes) else json.dumps(value))
    return into.getvalue()


@pytest.fixture(scope="session")
def raw(world: World) -> bytes:
    return exported(world.content)


@pytest.fixture
def file(raw: bytes, tmp_path: Path) -> Path:
    path = tmp_path / "answers.obz"
    path.write_bytes(raw)
    return path
