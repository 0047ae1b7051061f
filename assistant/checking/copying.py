"""Whether a topic repeats somebody else's words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from assistant.checking.passages import passages
from assistant.knowledge import Content
from assistant.textfiles import Problem

RUN_WORDS = 9
"""As many words in a row as no two authors write by chance."""


def copied(content: Content, texts: Mapping[str, str]) -> Iterator[Problem]:
    """Passages that share nine words in a row with one of `texts`: name to text, kept by the editor."""
    runs = {run: name for name, text in texts.items() for run in _runs(text)}
    for topic in content.topics.values():
        for passage in passages(content, topic):
            shared = next((run for run in _runs(passage.text) if run in runs), None)
            if shared:
                sentence = f"'{' '.join(shared)}' stands in '{runs[shared]}' too. Say it in your own words."
                yield passage.problem(sentence, "copied")


def _runs(text: str) -> list[tuple[str, ...]]:
    found = re.findall(r"[a-z0-9']+", text.lower().replace("\u2019", "'"))
    return [tuple(found[at : at + RUN_WORDS]) for at in range(len(found) - RUN_WORDS + 1)]
