"""Questions across topics: shared ones, ones a matcher confuses, and words a recogniser does not know."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from assistant.checking.passages import Level, problem_in
from assistant.hearing.pocketsphinx import spoken_form
from assistant.knowledge import Content, Topic
from assistant.textfiles import Entry, Problem, read_entries

_STOP_WORDS = "a an the is are am do does did to of for me please in on it this that with"
STOP_WORDS = frozenset(_STOP_WORDS.split())
ALS_FORMS = re.compile(
    r"\b(?:a[ .-]l[ .-]s|als|lou gehrig'?s?(?: disease)?|mnd|m[ .-]n[ .-]d|motor neuron(?:e)? disease)\b"
)
LEAD = 0.10
"""How much better the right topic has to score than any other (10 points of 100)."""
COLLISIONS = "collisions.txt"
SAID_AS_WORDS = ("peg", "sod", "cpap", "bipap")
"""Written in capitals and said as one word."""
Known = Callable[[str], bool]
Ranking = Callable[[str, str], Sequence[tuple[str, float]]]
"""(question, id of the topic it is left out of) -> (topic id, probability), best first."""


def normalised(question: str) -> str:
    """A question without case, punctuation, stop words, and with one form for ALS."""
    lower = ALS_FORMS.sub("als", question.lower().replace("'", "'"))
    found = re.findall(r"[a-z0-9']+", lower)
    kept = [word for word in found if word not in STOP_WORDS]
    return " ".join(kept or found)


def shared_questions(content: Content) -> Iterator[Problem]:
    """Questions that stand in two topics."""
    seen: dict[str, Topic] = {}
    for topic in content.topics.values():
        for number, question in enumerate(topic.questions, start=1):
            other = seen.setdefault(normalised(question), topic)
            if other.id != topic.id:
                sentence = (
                    f"'{question}' is also asked in {other.path}. Only one topic can answer it: take it out of one."
                )
                yield problem_in(topic, f"question {number}", sentence, "questions")


def collisions(content: Content, rank: Ranking, folder: Path | None = None) -> list[Problem]:
    """Questions that, left out of their topic, lead to another one, or to both alike.

    Args:
        content: the topics.
        rank: the matcher, called once a question with the question left out of its own topic.
        folder: the language's folder, whose collisions.txt lists questions that may collide, with the reason. A listed
            one may rank rightly too: that changes a little with every fit of the matcher.
    """
    allowed = allowed_collisions(folder) if folder else {}
    found: list[Problem] = []
    asked: set[str] = set()
    for topic in content.topics.values():
        for number, question in enumerate(topic.questions, start=1):
            plain = normalised(question)
            asked.add(plain)
            reason = allowed[plain].value if plain in allowed else ""
            sentence = "" if reason else _collision(content, topic, question, rank)
            if sentence:
                level: Level = "warning" if topic.id in content.packs else "error"
                found.append(problem_in(topic, f"question {number}", sentence, "collisions", level))
    return found + [_gone(entry) for plain, entry in allowed.items() if plain not in asked]


def _gone(entry: Entry) -> Problem:
    sentence = f"'{entry.name}' is asked in no topic any more. Take it out."
    return Problem(COLLISIONS, entry.line, sentence, "collisions", "warning")


def _collision(content: Content, topic: Topic, question: str, rank: Ranking) -> str:
    ranked = list(rank(question, topic.id))
    own = next((score for name, score in ranked if name == topic.id), 0.0)
    rival, score = next(((name, score) for name, score in ranked if name != topic.id), ("", 0.0))
    if not rival or own - score >= LEAD:
        return ""
    title = content.topics[rival].title if rival in content.topics else rival
    return (
        f"'{question}' is taken for '{title}' ({score:.2f} against {own:.2f}). "
        f"Word it more plainly, add a question like it, or give the reason in {COLLISIONS}."
    )


def allowed_collisions(folder: Path) -> dict[str, Entry]:
    """`question: reason` lines, by normalised question."""
    path = folder / COLLISIONS
    if not path.is_file():
        return {}
    entries, _ = read_entries(path, path.name)
    return {normalised(entry.name): entry for entry in entries}


def unknown_words(content: Content, known: Known, everyday: Known | None = None) -> list[Problem]:
    """Topics none of whose questions is wholly in everyday words, and words the recogniser does not know.

    Args:
        content: the topics.
        known: whether the recogniser knows how a word sounds, given in small letters.
        everyday: whether it does so without our own list of medical words; the same as `known` when None.
    """
    everyday = everyday or known
    found: list[Problem] = []
    for topic in content.topics.values():
        said = [spoken_form(question, SAID_AS_WORDS).split() for question in topic.questions]
        hard = sorted({word for words in said for word in words if not everyday(word)})
        missing = sorted({word for words in said for word in words if not known(word)})
        if said and all(any(not everyday(word) for word in words) for words in said):
            sentence = f"Every question has a word few recognisers know ({', '.join(hard)}). Add a plain one."
            found.append(problem_in(topic, "questions", sentence, "vocabulary"))
        elif missing:
            sentence = (
                f"The recogniser does not know: {', '.join(missing)}. Add how they sound to recogniser-words.txt."
            )
            found.append(problem_in(topic, "questions", sentence, "vocabulary", "warning"))
    return found
