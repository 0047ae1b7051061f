from __future__ import annotations

from pathlib import Path

import pytest

from assistant.hearing.asked import FILE, Asked, read_asked
from assistant.hearing.pronouncing import PHONES


def test_what_people_ask_with_comes_with_the_product_and_stays_small() -> None:
    asked = read_asked()
    assert len(asked.phrases) > 10_000
    assert all(phrase == " ".join(phrase.lower().split()) for phrase in asked.phrases)
    assert all(set(sounds.split()) <= PHONES for sounds in asked.sounds.values())
    assert FILE.stat().st_size < 300_000


@pytest.mark.parametrize("content", [b"", b"nothing like it", FILE.read_bytes()[:5000]])
def test_a_damaged_file_is_as_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "asked.txt.gz").write_bytes(content)
    assert read_asked(tmp_path / "asked.txt.gz") == Asked((), {})
    assert read_asked(tmp_path / "missing.txt.gz") == Asked((), {})
