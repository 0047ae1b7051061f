"""The assistant's own words: each rule is tripped by one change."""

from __future__ import annotations

import pytest

from assistant.checking import check
from tests.checking.desk import TODAY, Desk

PROMPT_SLIPS = {
    "names in braces that differ": ("confirm: Do you mean {topic}?", "confirm: Do you mean that?", "prompts", "error"),
    "a bare number": ("paused: Paused.", "paused: Paused, call 911.", "speech", "error"),
    "a sentence of thirty words": ("paused: Paused.", "paused: Well" + " then and then" * 10 + ".", "length", "error"),
    "a minute of words": ("paused: Paused.", "paused: " + "Paused for now. " * 12, "length", "error"),
    "a long label": ("stop label: Stop", "stop label: Please stop all this", "say", "warning"),
}


@pytest.mark.parametrize("slip", PROMPT_SLIPS)
def test_each_slip_in_the_assistants_own_words_trips_its_rule(desk: Desk, slip: str) -> None:
    old, new, rule, level = PROMPT_SLIPS[slip]
    path = desk.language / "prompts.txt"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    line = text[: text.index(old)].count("\n") + 1
    found = check(desk.language.parent, today=TODAY)
    assert (line, rule, level) in [(p.line, p.rule, p.level) for p in found if p.file == "prompts.txt"]


def test_another_language_has_the_same_prompts_with_the_same_names_in_braces(desk: Desk) -> None:
    spanish = desk.language.parent / "es" / "prompts.txt"
    spanish.parent.mkdir()
    text = (desk.language / "prompts.txt").read_text(encoding="utf-8")
    spanish.write_text(text, encoding="utf-8")
    assert [p for p in check(desk.language.parent, today=TODAY) if p.rule == "prompts"] == []
    spanish.write_text(text.replace("{month}", "{mes}").replace("\npaused:", "\npausado:"), encoding="utf-8")
    said = [str(p) for p in check(desk.language.parent, today=TODAY) if p.rule == "prompts"]
    assert said == [
        "es/prompts.txt: The prompt 'paused' is missing. Add a line 'paused: ...'.",
        "es/prompts.txt: The prompt 'source' needs {month}, {sources}, as in English.",
    ]
