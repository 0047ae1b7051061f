"""A new topic file with everything in its place, for an author to fill in."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from assistant.checking.registers import USUAL_CYCLE_MONTHS, months_after
from assistant.knowledge import Content, Group
from assistant.topicfile import EVIDENCE, ID
from assistant.topics import content_folder, read_content

DRAFT = "draft, no clinician has read this yet"
USUAL_GROUP = "life"
"""Where most of what a family adds belongs."""


class TopicNotStarted(ValueError):
    """The file was not written. The text is a sentence for a person."""


def start_topic(
    folder: Path,
    topic_id: str,
    *,
    group: str = USUAL_GROUP,
    title: str = "",
    content: Content | None = None,
    today: date | None = None,
) -> Path:
    """Write a template for a new topic, and give its path.

    Args:
        folder: where topic files lie: a family's own folder, or `content/en/topics`.
        topic_id: small letters, figures and hyphens; also the file's name.
        group: id of a group.
        title: up to 40 letters; made from the id when empty.
        content: what there is already, to find a free code; else what comes with the assistant.
        today: for tests; else the day it is.

    Raises:
        TopicNotStarted: the id is no id, the group is unknown, or there is such a file already.
        OSError: the folder can not be written to.
    """
    if not ID.fullmatch(topic_id):
        raise TopicNotStarted(
            f"'{topic_id}' can not be an id. Use small letters, figures and hyphens, such as our-nurse."
        )
    path = folder / f"{topic_id}.md"
    if path.exists():
        raise TopicNotStarted(f"{path} is there already. Open it, or choose another id.")
    known = content or read_content(content_folder())[0]
    place = next((one for one in known.groups if one.id == group), None)
    if place is None:
        names = ", ".join(one.id for one in known.groups)
        raise TopicNotStarted(f"There is no group '{group}'. Use one of: {names}.")
    folder.mkdir(parents=True, exist_ok=True)
    day = today or date.today()  # noqa: DTZ011 - a day on the author's own calendar
    path.write_text(_template(topic_id, title, place, known, day), encoding="utf-8")
    return path


def _template(name: str, title: str, place: Group, known: Content, day: date) -> str:
    words = name.replace("-", " ")
    groups = ", ".join(group.id for group in known.groups if group.id != "urgent")
    sections = [f"section: {place.sections[0][0]}"] if place.sections else []
    header = [
        f"# Lines that start with # are notes for you. Groups: {groups}.",
        f"id: {name}",
        f"title: {title or words.capitalize()}",
        f"group: {place.id}",
        *sections,
        f"code: {_free_code(known, place)}",
        f"say: {' '.join(words.split()[:3])}",
        f"# evidence is one of: {', '.join(EVIDENCE)}.",
        "evidence: practical",
        "# related: ids of topics nearby, with commas. sources: keys from sources.txt.",
        "related: ",
        "sources: ",
        f"reviewed: {day}",
        f"reviewed by: {DRAFT}",
        f"review again: {months_after(day, USUAL_CYCLE_MONTHS)}",
    ]
    return "\n".join(["---", *header, "---", *BODY])


BODY = (
    "", "# Questions", "- ", "- ", "- ", "", "# Short answer", "", "", "# For caregivers", "", "",
    "# Notes for editors", "Not spoken. Who wrote this, and where it comes from.", "",
)  # fmt: skip
"""The headings, with room under each. More parts go between, as '# More: name'."""


def _free_code(known: Content, place: Group) -> str:
    taken = {topic.code for topic in known.topics.values()}
    return next(code for number in range(1, len(taken) + 2) if (code := f"{place.letter}{number}") not in taken)
