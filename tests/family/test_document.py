"""What docs/family.md tells a family to choose is written on the page in the same words."""

from __future__ import annotations

import re
from pathlib import Path

from assistant.choices import World

PAGE = (Path(__file__).parents[2] / "docs" / "family.md").read_text("utf-8")


def test_every_button_and_field_in_the_document_is_on_the_page(world: World) -> None:
    named = set(re.findall(r"\*\*([^*]+)\*\*", PAGE)) - {"By voice"}
    prompts = world.content.prompts
    keys = prompts.keys()
    words = {text for key in keys if key.startswith("page ") for text in prompts.variants(key)}
    assert len(named) > 10
    assert named <= words, named - words


def test_the_document_tells_the_true_numbers_and_names() -> None:
    from assistant.family.copies import FOLDER, KEPT

    assert KEPT == 10
    assert "Ten are kept besides the one in\nuse" in PAGE
    assert f"In the folder `{FOLDER}` beside the settings" in PAGE
