"""What stands on the paper for one topic: its answer, and what the person who reads it needs beside it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from assistant.book.figures import in_figures
from assistant.book.words import BookWords
from assistant.knowledge import Content, Topic

MOST_SOURCES = 4
"""Publishers named on a card; the first are the ones the answer rests on most."""


@dataclass(frozen=True)
class Card:
    """One answer, ready to be laid out. Texts are plain, with numbers filled in."""

    code: str
    title: str
    sensitive: str
    """What to ask before the full answer; empty for most."""
    short: str
    more: tuple[tuple[str, str], ...]
    """(label, text) of each further part."""
    caregivers: str
    said: tuple[tuple[str, str], ...]
    """Hard words and how they are said."""
    not_mean: str
    """What this does not mean; empty where the evidence asks for none."""
    sure: str
    source: str
    read: str
    """When it was last read, and whether a clinician has checked it."""
    see_also: tuple[str, ...]
    """Codes of related topics that are in the book."""


def filled(content: Content, text: str, region: str) -> str:
    """`text` with the region's numbers in figures."""
    here = content.region(region)
    values = {
        "emergency": in_figures(here.emergency),
        "crisis_line": in_figures(here.crisis_line),
        "crisis_contact": in_figures(here.crisis_contact),
        "country": here.country,
    }
    return re.sub(r"\{(\w+)\}", lambda brace: values.get(brace[1], brace[0]), text)


def card_of(topic: Topic, content: Content, words: BookWords, region: str, in_book: Iterable[str]) -> Card:
    """The card of `topic`; of its related topics only those whose id is `in_book` are named."""

    def fill(text: str) -> str:
        return filled(content, text, region)

    more = tuple((_sentence_case(block.label), fill(block.text)) for block in topic.more)
    spoken = " ".join([topic.title, topic.short, *(f"{label} {text}" for label, text in more), topic.caregivers])
    known = set(in_book)
    not_mean = f"not mean {topic.evidence}"
    return Card(
        code=topic.code,
        title=topic.title,
        sensitive=words.one("sensitive") if topic.sensitive else "",
        short=fill(topic.short),
        more=more,
        caregivers=fill(topic.caregivers),
        said=tuple(words.hard_words_in(spoken)),
        not_mean=words.one(not_mean) if words.has(not_mean) else "",
        sure=words.one(f"sure {topic.evidence}"),
        source=_source(topic, content, words),
        read=_read(topic, words),
        see_also=tuple(content.topics[other].code for other in topic.related if other in known),
    )


def _sentence_case(label: str) -> str:
    return label[:1].upper() + label[1:]


def _source(topic: Topic, content: Content, words: BookWords) -> str:
    """Publishers with their years, each once."""
    named: dict[str, str] = {}
    for key in topic.sources:
        source = content.sources.get(key)
        if source:
            years = re.findall(r"\b(?:19|20)\d\d\b", source.published)
            named.setdefault(source.publisher, years[0] if years else "")
    if not named:
        return words.one("source own" if topic.id in content.packs else "source none")
    listed = [f"{publisher}, {year}" if year else publisher for publisher, year in named.items()]
    return f"{words.one('source')} {'; '.join(listed[:MOST_SOURCES])}."


def _read(topic: Topic, words: BookWords) -> str:
    when = {"month": words.month(topic.reviewed), "year": str(topic.reviewed.year)}
    if topic.draft:
        return words.one("read draft", **when)
    return words.one("read signed", who=topic.reviewed_by, **when)
