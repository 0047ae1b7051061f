"""Puts the book together: which groups, in which order, for which country, on which paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from html import escape
from pathlib import Path

from assistant import __version__
from assistant.book.cards import card_of
from assistant.book.pages import cover, emergency, group_page, groups_page, partner, points, questions
from assistant.book.style import SIZES_PT, style
from assistant.book.words import BookWords
from assistant.knowledge import ANYWHERE, Content, Group, Topic
from assistant.textfiles import did_you_mean

NOTHING_FROM_OUTSIDE = "default-src 'none'; style-src 'unsafe-inline'"


class NoSuchGroup(ValueError):
    """A group was asked for that is not there. The text is a sentence for a person."""


@dataclass(frozen=True)
class BookOrder:
    """What kind of book is wanted."""

    text_pt: int = SIZES_PT[0]
    paper: str = "a4"
    groups: tuple[str, ...] = ()
    """Letters or ids of the groups to print; empty for all. They keep the order of the menu."""
    region: str = "us"
    language: str = "en"
    day: date = field(default_factory=date.today)


def book_html(content: Content, folder: Path, order: BookOrder) -> str:
    """The whole book as one HTML page that needs nothing else. The same order on the same day gives the same bytes.

    Args:
        content: what the assistant knows.
        folder: the content folder, where the book's own words are.
        order: what kind of book.

    Raises:
        NoSuchGroup: a wanted group is not there.
    """
    words = BookWords.read(folder, order.language)
    groups = wanted_groups(content, order.groups)
    topics = {group.id: _topics_of(content, group) for group in groups}
    draft = any(topic.draft for group in topics.values() for topic in group)
    sheet = style(
        order.text_pt,
        order.paper,
        [(group.letter, group.title) for group in groups],
        words.one("draft short") if draft else "",
        words.one("page"),
    )
    body = "".join([*_front(content, words, order, groups, draft=draft), *_answers(content, words, order, topics)])
    return (
        f'<!doctype html>\n<html lang="{escape(order.language)}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{NOTHING_FROM_OUTSIDE}">\n'
        f'<meta name="viewport" content="width=device-width">\n'
        f"<title>{escape(words.one('title'))}</title>\n<style>\n{sheet}</style>\n</head>\n<body>\n"
        f"{body}{questions(words)}</body>\n</html>\n"
    )


def wanted_groups(content: Content, names: Sequence[str]) -> list[Group]:
    """The groups with these letters or ids, in the order of the menu. Raises NoSuchGroup."""
    used = {topic.group for topic in content.topics.values()}
    there = [group for group in content.groups if group.id in used]
    known = {name: group for group in there for name in (group.letter.lower(), group.id.lower())}
    asked = [name.strip().lower() for name in names if name.strip()]
    for name in asked:
        if name not in known:
            letters = ", ".join(f"{group.letter} ({group.title})" for group in there)
            raise NoSuchGroup(f"There is no group '{name}'.{did_you_mean(name, known)} Groups: {letters}.")
    picked = {known[name].id for name in asked}
    return [group for group in there if not asked or group.id in picked]


def _topics_of(content: Content, group: Group) -> list[Topic]:
    return [topic for topic in content.topics.values() if topic.group == group.id]


def _front(content: Content, words: BookWords, order: BookOrder, groups: Sequence[Group], *, draft: bool) -> list[str]:
    region = content.region(order.region)
    made = words.one("made", version=__version__, day=words.day(order.day), country=region.country)
    chapters = [
        ("emergency", "", words.one("emergency")),
        ("partner", "", words.one("partner")),
        ("point", "", words.one("point")),
        ("groups", "", words.one("groups")),
        *((f"group-{group.id}", group.letter, group.title) for group in groups),
        ("ask", "", words.one("ask")),
    ]
    urgent = [topic for group in groups for topic in _topics_of(content, group) if topic.urgent]
    return [
        cover(words, made, chapters, draft=draft),
        emergency(words, region, urgent, known=region.emergency != ANYWHERE.emergency),
        partner(words),
        points(words),
        groups_page(words, groups),
    ]


def _answers(content: Content, words: BookWords, order: BookOrder, topics: dict[str, list[Topic]]) -> list[str]:
    in_book = [topic.id for group in topics.values() for topic in group]
    by_id = {group.id: group for group in content.groups}
    return [
        group_page(
            words,
            place,
            by_id[name],
            listed,
            [card_of(topic, content, words, order.region, in_book) for topic in listed],
        )
        for place, (name, listed) in enumerate(topics.items())
    ]
