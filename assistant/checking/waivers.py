"""`allow RULE: reason` in the notes of a topic: a rule set aside, with the reason beside it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from assistant.checking.passages import problem_in
from assistant.knowledge import Topic
from assistant.textfiles import Problem, did_you_mean

_WAIVABLE = """
    action advice capitals cure dose effect grade hurtful hype labels length questions say sources speech testimony
    vague
"""
WAIVABLE = frozenset(_WAIVABLE.split())
"""Rules that an editor may set aside. The others hold the menu and the emergency answers together."""
ALLOW = re.compile(r"(?im)^\W*allow\s+([a-z]+)\s*:?[ \t]*(.*)$")
LEAST_REASON = 3
"""Words of a reason."""


def waived(topic: Topic, problems: Iterable[Problem]) -> Iterator[Problem]:
    """`problems` without those that the notes set aside, and what is wrong with the waivers themselves."""
    allowed = dict(ALLOW.findall(topic.notes))
    kept = [(rule.lower(), reason) for rule, reason in allowed.items()]
    good = {rule for rule, reason in kept if rule in WAIVABLE and len(reason.split()) >= LEAST_REASON}
    used: set[str] = set()
    for problem in problems:
        if problem.rule in good:
            used.add(problem.rule)
        else:
            yield problem
    for rule, reason in kept:
        yield from _faults(topic, rule, reason, used)


def _faults(topic: Topic, rule: str, reason: str, used: set[str]) -> Iterator[Problem]:
    if rule not in WAIVABLE:
        sentence = f"'allow {rule}': there is no such rule to set aside.{did_you_mean(rule, WAIVABLE)}"
        yield problem_in(topic, "notes", sentence, "waivers")
    elif len(reason.split()) < LEAST_REASON:
        sentence = f"'allow {rule}' needs its reason: 'allow {rule}: why it is right here'."
        yield problem_in(topic, "notes", sentence, "waivers")
    elif rule not in used:
        sentence = f"'allow {rule}' is no longer needed. Take it out."
        yield problem_in(topic, "notes", sentence, "waivers", "warning")
