"""An answer as cards for someone who reads it aloud: at most two sentences each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import msgspec

from assistant.book.cards import Card as PaperCard
from assistant.book.cards import card_of
from assistant.book.words import BookWords
from assistant.knowledge import Content, Topic
from assistant.speaking.sentences import sentences

MOST_SENTENCES = 2
Part = Literal["answer", "limit", "ask", "more", "caregivers", "source"]
"""limit: what the answer does not mean. ask: whether the full answer is wanted."""


class Card(msgspec.Struct, frozen=True):
    """What stands on the screen at once."""

    part: Part
    label: str
    """Heading of the part; empty for the answer itself."""
    text: str

    def hard(self, words: BookWords) -> tuple[tuple[str, str], ...]:
        """Hard words on it and how they are said."""
        return tuple(words.hard_words_in(f"{self.label} {self.text}"))


def deck(topic: Topic, content: Content, words: BookWords, region: str) -> tuple[Card, ...]:
    """All cards of `topic`, in the order they are read; at least one."""
    return tuple(_cards(card_of(topic, content, words, region, ()), words, content))


def _cards(paper: PaperCard, words: BookWords, content: Content) -> Iterator[Card]:
    yield from _split("answer", "", paper.short)
    if paper.not_mean:
        yield from _split("limit", words.one("not mean"), paper.not_mean)
    if paper.sensitive and paper.more:
        yield from _split("ask", "", paper.sensitive)
    for label, text in paper.more:
        yield from _split("more", label, text)
    if paper.caregivers:
        yield from _split("caregivers", words.one("caregivers"), paper.caregivers)
    yield from _split("source", words.one("sure"), paper.sure)
    yield Card("source", content.prompts.variants("page aloud source")[0], f"{paper.source} {paper.read}")


def _split(part: Part, label: str, text: str) -> Iterator[Card]:
    found = [sentence.text for sentence in sentences(text)]
    for start in range(0, len(found), MOST_SENTENCES):
        yield Card(part, label, " ".join(found[start : start + MOST_SENTENCES]))


def first_of(cards: tuple[Card, ...], part: Part, after: int = -1) -> int | None:
    """Number of the first card of a part that comes after card `after`; None: there is none."""
    return next((at for at, card in enumerate(cards) if card.part == part and at > after), None)


def next_part(cards: tuple[Card, ...], at: int) -> int | None:
    """Number of the card where the next further part begins; None: there is none."""
    here = (cards[at].part, cards[at].label)
    later = ((n, card) for n, card in enumerate(cards) if n > at and (card.part, card.label) != here)
    return next((n for n, card in later if card.part == "more"), None)
