"""One question, one reply: the same conversation as aloud, for the command line and for other programs."""

from __future__ import annotations

import time
from collections.abc import Sequence

import msgspec

from assistant.choices import World
from assistant.dialogue import step
from assistant.events import AnyEffect, Heard, Say
from assistant.matching import Matcher, Ranking, by_turns
from assistant.places import Answer, Choose, Confirm, Conversation, Ready, Urgent

MOST_TOPICS = 3


class NamedTopic(msgspec.Struct, frozen=True):
    """A topic in a reply."""

    id: str
    title: str
    probability: float


class Reply(msgspec.Struct, frozen=True):
    """What a question led to. Other programs rely on this shape; see docs/commands.md."""

    heard: tuple[str, ...]
    """Hypotheses, best first."""
    outcome: str
    """urgent, answer, confirm, choose or decline."""
    topics: tuple[NamedTopic, ...]
    say: str
    """What is said first."""
    engine: str
    ms: dict[str, float]
    """Milliseconds by stage."""


def reply_to(
    world: World,
    matcher: Matcher,
    conversation: Conversation,
    hypotheses: Sequence[str],
    engine: str = "typed",
    ms: dict[str, float] | None = None,
    others: Sequence[str] = (),
    likely: tuple[str, ...] | None = None,
) -> tuple[Reply, tuple[AnyEffect, ...]]:
    """Put one question to `conversation`; the reply, and all effects it had.

    `others`: what another recogniser heard in the same sound. `likely`: cries that it may be too, as in `Heard`.
    """
    texts = tuple(text.encode(errors="replace").decode() for text in hypotheses)  # bytes that are no text
    times = dict(ms or {})
    begun = time.perf_counter()
    ranking = matcher.rank(texts, others=others)
    texts = by_turns(texts, others)
    matched = time.perf_counter()
    listening = 0 if engine == "typed" else conversation.listening or 1  # what was heard is judged more strictly
    conversation = msgspec.structs.replace(conversation, listening=listening or conversation.listening)
    after, effects = step(world, conversation, Heard(texts, ranking, engine, listening, likely=likely))
    times["match"] = _ms(matched - begun)
    times["decide"] = _ms(time.perf_counter() - matched)
    said = next((effect.text for effect in effects if isinstance(effect, Say)), "")
    outcome, chosen = _outcome(world, after)
    topics = _named(world, ranking, chosen, only=outcome == "urgent")
    return Reply(texts, outcome, topics, said, engine, times), effects


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 2)


def _outcome(world: World, after: Conversation) -> tuple[str, tuple[str, ...]]:
    match after.place:
        case Urgent(topic=topic):
            return "urgent", (topic,) if topic else ()
        case Answer(topic=topic):
            return ("urgent" if world.topics[topic].urgent else "answer"), (topic,)
        case Confirm(topic=topic, others=others):
            return "confirm", (topic, *others)
        case Choose(options=options, declined=declined):
            return ("decline" if declined else "choose"), options
        case Ready():
            return "decline", ()
        case _:
            return "choose", ()


def _named(world: World, ranking: Ranking, chosen: tuple[str, ...], *, only: bool) -> tuple[NamedTopic, ...]:
    """The chosen topics, then the next most probable, three in all."""
    probability = {c.topic: c.probability for c in ranking.candidates}
    order = dict.fromkeys(chosen if only else (*chosen, *probability))
    known = [topic for topic in order if topic in world.topics][:MOST_TOPICS]
    return tuple(NamedTopic(topic, world.topics[topic].title, round(probability.get(topic, 0.0), 4)) for topic in known)


def as_json(reply: Reply) -> str:
    """One JSON object on one line."""
    return msgspec.json.encode(reply).decode()
