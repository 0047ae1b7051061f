"""A small content folder to spoil: three topics that are right, and our own flat files."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from assistant.checking import check
from assistant.textfiles import Problem
from assistant.topics import content_folder

TODAY = date(2026, 11, 24)
NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
STEM = """---
id: {id}
title: {title}
group: stem-cells
code: {code}
say: {say}
evidence: experimental
covers: C01
related: {related}
sources: isscr-ask, fda-regen-alert
reviewed: 2026-11-24
reviewed by: draft, no clinician has read this yet
review again: 2027-05-24
---

# Questions
{questions}

# Short answer
So far, no stem cell treatment has been shown to slow ALS. It is still experimental.
The research goes on. Ask your doctor which open trials there are.

# More: what was tried
Two large trials gave people their own cells. Both did not meet their main goal.
Some people did well for a time. But that may have come by itself. Nobody knows yet.

# For caregivers
If your person wants this, call the doctor first.
Nothing has been shown to help so far. Ask which real trials are open now.

# Notes for editors
None.
"""


def stem(topic_id: str, code: str, related: str) -> str:
    questions = "\n".join(f"- {topic_id} question {word}" for word in NUMBERS)
    return STEM.format(
        id=topic_id, title=f"About {topic_id}", code=code, say=topic_id, related=related, questions=questions
    )


class Desk:
    """A small content folder in which one topic can be changed and checked."""

    def __init__(self, folder: Path) -> None:
        self.language = folder / "content" / "en"
        (self.language / "topics").mkdir(parents=True)
        for path in (content_folder() / "en").glob("*.txt"):
            (self.language / path.name).write_bytes(path.read_bytes())
        for topic_id, code, related in (
            ("alpha", "D1", "beta, gamma"),
            ("beta", "D2", "alpha, gamma"),
            ("gamma", "D3", "alpha, beta"),
        ):
            self.write(topic_id, stem(topic_id, code, related))

    def write(self, topic_id: str, text: str) -> None:
        (self.language / "topics" / f"{topic_id}.md").write_text(text, encoding="utf-8")

    def change(self, old: str, new: str) -> None:
        path = self.language / "topics" / "alpha.md"
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    def problems(self, *, release: bool = False, today: date = TODAY) -> list[Problem]:
        every = check(self.language.parent, release=release, today=today)
        return [problem for problem in every if problem.file == "en/topics/alpha.md"]
