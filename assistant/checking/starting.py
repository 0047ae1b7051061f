"""A new topic file with everything in its place, for an author to fill in."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from assistant.checking.registers import USUAL_CYCLE_MONTHS, months_after
from assistant.knowledge import Content
from assistant.topicfile import ID

DRAFT = "draft, no clinician has read this yet"


class TopicNotStarted(Exception):
    """The file was not written. The text is a sentence for a person."""


def start_topic(
    folder: Path,
    topic_id: str,
    *,
    group: str = "",
    title: str = "",
    content: Content | None = None,
    today: date | None = None,
) -> Path:
    """Write a template for a new topic.

    Args:
        folder: where topic files lie: `content/en/topics`, or a family's own folder.
        topic_id: small letters, figures and hyphens; also the file's name.
        group: id of a group.
        title: up to 40 letters; made from the id when empty.
        content: what there is already, to find a free code.
        today: for tests; else the day it is.

    Raises:
        TopicNotStarted: the id is no id, or there is such a file already.
    """
    if not ID.fullmatch(topic_id):
        raise TopicNotStarted(
            f"'{topic_id}' can not be an id. Use small letters, figures and hyphens, such as night-care."
        )
    path = folder / f"{topic_id}.md"
    if path.exists():
        raise TopicNotStarted(f"{path} is there already. Open it, or choose another id.")
    day = today or date.today()  # noqa: DTZ011 - a day on the author's own calendar
    folder.mkdir(parents=True, exist_ok=True)
    path.write_text(_template(topic_id, group, title, content, day), encoding="utf-8")
    return path


def _template(name: str, group: str, title: str, content: Content | None, day: date) -> str:
    words = name.replace("-", " ")
    section = _first_section(content, group)
    lines = ["---", f"id: {name}", f"title: {title or words.capitalize()}", f"group: {group}"]
    lines += [f"section: {section}"] if section else []
    lines += [
        f"code: {_free_code(content, group)}",
        f"say: {' '.join(words.split()[:3])}",
        "evidence: practical",
        "covers: ",
        "related: ",
        "sources: ",
        f"reviewed: {day}",
        f"reviewed by: {DRAFT}",
        f"review again: {months_after(day, USUAL_CYCLE_MONTHS)}",
        "---",
        "",
        *("# Questions", "- ", "", "# Short answer", "", "", "# More: ", "", "", "# For caregivers", "", ""),
        *("# Notes for editors", ""),
    ]
    return "\n".join(lines)


def _first_section(content: Content | None, group: str) -> str:
    for known in content.groups if content else ():
        if known.id == group and known.sections:
            return known.sections[0][0]
    return ""


def _free_code(content: Content | None, group: str) -> str:
    letter = next((known.letter for known in (content.groups if content else ()) if known.id == group), "")
    taken = {topic.code for topic in content.topics.values()} if content else set()
    free = (f"{letter}{number}" for number in range(1, len(taken) + 2))
    return next((code for code in free if code not in taken), "") if letter else ""
