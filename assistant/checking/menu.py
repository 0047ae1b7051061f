"""Where topics stand and how they are reached: codes, labels, links, questions, first words in an emergency."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator

from assistant.checking.measures import words
from assistant.checking.passages import problem_in
from assistant.knowledge import Content, Topic
from assistant.speaking.sentences import sentences
from assistant.textfiles import Problem, did_you_mean

RELATED = (2, 5)
QUESTIONS = (12, 20)
MOST_SAY_WORDS = 3
MOST_SAY_S = 1.0
"""Longest label, in seconds at 175 words a minute: scanning waits for each label."""
_ACTIONS = """
    ask bend bring call check clean close come cover do don't dry find get give go help hold keep lay lean leave let
    lie look lower make move open please press pull push put raise roll say send show sit stand start stay stop
    switch take tell text tilt treat try turn use wait wash write
"""
ACTIONS = frozenset(_ACTIONS.split())
"""Verbs that an urgent answer may begin with."""
IF_CALL = re.compile(r"(?i)if\b.*\b(?:call|ask|tell|go|use|switch|get|put|press)\b")
Seconds = Callable[[str], float]
"""How long a label takes to say, in seconds."""


def menu(content: Content, topic: Topic, say_s: Seconds) -> Iterator[Problem]:
    """Links, label and questions of one topic."""
    yield from _links(content, topic)
    yield from _label(topic, say_s)
    yield from _questions(topic)
    if topic.urgent:
        yield from _urgent(topic)


def _links(content: Content, topic: Topic) -> Iterator[Problem]:
    least, most = RELATED
    if not least <= len(topic.related) <= most:
        yield problem_in(
            topic, "related", f"It has {len(topic.related)} related topics. Name {least} to {most}.", "links"
        )
    for name in topic.related:
        if name == topic.id:
            yield problem_in(topic, "related", "It is related to itself. Take that out.", "links")
        elif name not in content.topics:
            guess = did_you_mean(name, content.topics)
            yield problem_in(topic, "related", f"There is no topic '{name}' that could be read.{guess}", "links")
    linked = any(topic.id in other.related for other in content.topics.values() if other.id != topic.id)
    if not linked and topic.id not in content.packs:
        sentence = f"No other topic leads here. Name '{topic.id}' under 'related' in a topic nearby."
        yield problem_in(topic, "id", sentence, "links")


def _label(topic: Topic, say_s: Seconds) -> Iterator[Problem]:
    count = len(words(topic.say))
    if count > MOST_SAY_WORDS:
        sentence = f"'{topic.say}' has {count} words. A label has at most {MOST_SAY_WORDS}."
        yield problem_in(topic, "say", sentence, "say")
    elif (spoken_s := say_s(topic.say)) > MOST_SAY_S:
        sentence = f"'{topic.say}' takes {spoken_s:.2f} seconds to say. A label takes at most {MOST_SAY_S:.0f}."
        yield problem_in(topic, "say", sentence, "say", "warning")


def _questions(topic: Topic) -> Iterator[Problem]:
    least, most = QUESTIONS
    count = len(topic.questions)
    if count < least:
        sentence = f"It has {count} questions. Write at least {least}, as people would say them."
        yield problem_in(topic, "questions", sentence, "questions")
    elif count > most:
        sentence = f"It has {count} questions; {most} are enough."
        yield problem_in(topic, "questions", sentence, "questions", "warning")
    seen: dict[str, str] = {}
    for number, question in enumerate(topic.questions, start=1):
        same = " ".join(words(question.lower()))
        if same in seen:
            sentence = f"'{question}' and '{seen[same]}' are the same. Keep one of them."
            yield problem_in(topic, f"question {number}", sentence, "questions")
        seen.setdefault(same, question)


def _urgent(topic: Topic) -> Iterator[Problem]:
    first = next((sentence.text for sentence in sentences(topic.short)), "")
    verb = first.lower().split(" ")[0].strip(",.") if first else ""
    if verb not in ACTIONS and not IF_CALL.match(first):
        sentence = f"An urgent answer begins with what to do. '{first}' does not: begin with a verb, or 'If ..., call'."
        yield problem_in(topic, "short", sentence, "action")
    every = " ".join([topic.short, *(block.text for block in topic.more)])
    if "{emergency}" not in every and "{crisis_" not in every:
        sentence = "An urgent topic says whom to call. Add {emergency} or {crisis_line}."
        yield problem_in(topic, "short", sentence, "action")


def unique(content: Content) -> Iterator[Problem]:
    """Codes and labels that two topics share, and labels of a group that sound alike."""
    codes = Counter(topic.code for topic in content.topics.values())
    firsts: dict[str, Topic] = {}
    titles: dict[str, Topic] = {}
    labels: dict[tuple[str, str], Topic] = {}
    for topic in content.topics.values():
        if codes[topic.code] > 1 and topic.code in firsts:
            other = firsts[topic.code]
            yield problem_in(topic, "code", f"{other.path} has the code {topic.code} too. Give it another.", "codes")
        firsts.setdefault(topic.code, topic)
        title = topic.title.lower()
        if title in titles:
            yield problem_in(topic, "title", f"{titles[title].path} has the same title. Change one of them.", "codes")
        titles.setdefault(title, topic)
        label = (topic.group, topic.say.lower())
        if label in labels:
            yield problem_in(topic, "say", f"{labels[label].path} has the same label in this group.", "codes")
        labels.setdefault(label, topic)
