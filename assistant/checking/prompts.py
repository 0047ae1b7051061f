"""What the assistant itself says: names in braces that match, and lengths once they are filled in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from assistant.checking.measures import seconds, words
from assistant.checking.passages import MEASURED_REGION
from assistant.checking.wording import MOST_WORDS_A_SENTENCE, unspeakable
from assistant.knowledge import Content
from assistant.speaking.sentences import sentences
from assistant.textfiles import Entry, Problem, read_entries

FILE = "prompts.txt"
BRACES = re.compile(r"\{(\w+)\}")
ON_SCREEN = ("page ", "book ")
"""Prompts that are shown or printed, never said."""
MOST_PROMPT_S = 15.0
"""With the longest names filled in, and without the text of a topic, which is measured with its topic."""
MOST_LABEL_WORDS = 3
CHOICES = 3
"""Options that are read out at once."""
HEARD = "my hands will not hold the cup now"
"""Stands in for what was heard."""


def prompts(content: Content, folder: Path) -> Iterator[Problem]:
    """Everything about the prompts of the language in `folder`."""
    entries, _ = read_entries(folder / FILE, FILE)
    by_name: dict[str, list[Entry]] = {}
    for entry in entries:
        by_name.setdefault(entry.name, []).append(entry)
    for wordings in by_name.values():
        yield from _same_names(wordings)
    filling = worst_filling(content)
    for entry in entries:
        if not entry.name.startswith(ON_SCREEN):
            yield from _said(entry, content, filling)


def other_language(folder: Path, english: Path) -> Iterator[Problem]:
    """Prompts of another language that are missing, or whose names in braces are not those of English."""
    name = f"{folder.name}/{FILE}"
    ours, theirs = _names_used(english), _names_used(folder)
    for prompt in ours.keys() - theirs.keys():
        yield Problem(name, 0, f"The prompt '{prompt}' is missing. Add a line '{prompt}: ...'.", "prompts")
    for prompt in ours.keys() & theirs.keys():
        if ours[prompt] != theirs[prompt]:
            wanted = ", ".join(f"{{{brace}}}" for brace in sorted(ours[prompt])) or "no names in braces"
            yield Problem(name, 0, f"The prompt '{prompt}' needs {wanted}, as in English.", "prompts")


def worst_filling(content: Content) -> Mapping[str, str]:
    """The longest of what each name in braces may stand for; {text} is measured with its topic."""
    titles = sorted((topic.title for topic in content.topics.values()), key=lambda title: -seconds(title))
    labels = sorted((topic.say for topic in content.topics.values()), key=lambda label: -seconds(label))
    blocks = [block.label for topic in content.topics.values() for block in topic.more]
    publishers = sorted((source.publisher for source in content.sources.values()), key=lambda name: -len(words(name)))
    return {
        "text": "",
        "topic": next(iter(titles), ""),
        "label": max(blocks, key=seconds, default=""),
        "group": max((group.title for group in content.groups), key=seconds, default=""),
        "options": " ".join(f"{label}: three." for label in labels[:CHOICES]),
        "sources": ", and ".join(publishers[:CHOICES]),
        "heard": HEARD,
    }


def _same_names(wordings: list[Entry]) -> Iterator[Problem]:
    first = set(BRACES.findall(wordings[0].value))
    for entry in wordings[1:]:
        if set(BRACES.findall(entry.value)) != first:
            sentence = f"'{entry.name}' has other names in braces here than in line {wordings[0].line}. Use the same."
            yield Problem(FILE, entry.line, sentence, "prompts")


def _said(entry: Entry, content: Content, filling: Mapping[str, str]) -> Iterator[Problem]:
    plain = BRACES.sub("it", entry.value)
    if fault := unspeakable(plain):
        yield Problem(FILE, entry.line, f"'{entry.name}': {fault}.", "speech")
    long = [sentence.text for sentence in sentences(plain) if len(words(sentence.text)) > MOST_WORDS_A_SENTENCE]
    if long:
        sentence = f"'{entry.name}': '{long[0]}' has more than {MOST_WORDS_A_SENTENCE} words. Make two sentences."
        yield Problem(FILE, entry.line, sentence, "length")
    whole = BRACES.sub(lambda brace: filling.get(brace[1], "it"), content.fill(entry.value, MEASURED_REGION))
    if seconds(whole) > MOST_PROMPT_S:
        sentence = f"'{entry.name}' takes about {seconds(whole):.0f} seconds. At most {MOST_PROMPT_S:.0f}."
        yield Problem(FILE, entry.line, sentence, "length")
    if entry.name.endswith(" label") and len(words(entry.value)) > MOST_LABEL_WORDS:
        sentence = f"The label '{entry.value}' has more than {MOST_LABEL_WORDS} words: slow to scan."
        yield Problem(FILE, entry.line, sentence, "say", "warning")


def _names_used(folder: Path) -> dict[str, set[str]]:
    entries, _ = read_entries(folder / FILE, FILE)
    used: dict[str, set[str]] = {}
    for entry in entries:
        used.setdefault(entry.name, set()).update(BRACES.findall(entry.value))
    return used
