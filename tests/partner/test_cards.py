"""Answers as cards: short, complete, and honest about what they do not mean."""

from __future__ import annotations

import re

import pytest

from assistant.book.cards import card_of
from assistant.choices import World
from assistant.partner.cards import MOST_SENTENCES, deck, first_of, next_part
from assistant.speaking.sentences import sentences

MOST_WORDS = 60


def test_no_card_holds_more_than_two_sentences_but_the_one_that_names_its_sources(world: World) -> None:
    for topic in world.topics.values():
        for card in deck(topic, world.content, world.book, "us")[:-1]:
            assert len(sentences(card.text)) <= MOST_SENTENCES, (topic.id, card.text)
            assert len(card.text.split()) <= MOST_WORDS, (topic.id, card.text)


def test_the_cards_hold_every_word_of_the_answer_in_order(world: World) -> None:
    for topic in world.topics.values():
        cards = deck(topic, world.content, world.book, "us")
        paper = card_of(topic, world.content, world.book, "us", ())
        for part, texts in (
            ("answer", [paper.short]),
            ("more", [text for _, text in paper.more]),
            ("caregivers", [paper.caregivers]),
        ):
            read = " ".join(card.text for card in cards if card.part == part).split()
            assert read == " ".join(texts).split(), (topic.id, part)


def test_what_is_not_proven_says_right_after_the_answer_what_it_does_not_mean(world: World) -> None:
    for topic in world.topics.values():
        cards = deck(topic, world.content, world.book, "us")
        if topic.evidence in ("experimental", "unproven", "not-recommended", "limited"):
            assert first_of(cards, "limit") == sum(card.part == "answer" for card in cards), topic.id
        else:
            assert first_of(cards, "limit") is None


def test_a_sensitive_topic_asks_before_its_full_answer(world: World) -> None:
    topic = world.topics["life-expectancy"]
    cards = deck(topic, world.content, world.book, "us")
    ask, more = first_of(cards, "ask"), first_of(cards, "more")
    assert ask is not None
    assert more is not None
    assert ask < more


@pytest.mark.parametrize(("word", "said"), [("riluzole", "RIL-yoo-zole"), ("tracheostomy", "tray-kee-OSS-tuh-mee")])
def test_a_card_with_a_hard_word_says_how_to_say_it(world: World, word: str, said: str) -> None:
    cards = [card for topic in world.topics.values() for card in deck(topic, world.content, world.book, "us")]
    having = [card for card in cards if re.search(rf"(?<![\w-]){word}(?![\w-])", card.text)]
    assert having
    assert all((word, said) in card.hard(world.book) for card in having)


def test_the_last_card_tells_source_and_date(world: World) -> None:
    for topic in world.topics.values():
        last = deck(topic, world.content, world.book, "us")[-1]
        assert re.search(r"\b20\d\d\.", last.text), topic.id


def test_more_jumps_from_part_to_part_and_ends(world: World) -> None:
    topic = world.topics["riluzole"]
    cards = deck(topic, world.content, world.book, "us")
    at, labels = next_part(cards, 0), []
    while at is not None:
        labels.append(cards[at].label.lower())
        at = next_part(cards, at)
    assert labels == [block.label.lower() for block in topic.more]
