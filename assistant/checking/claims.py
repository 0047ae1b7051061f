"""What may be said: evidence labels, hype, advice to one person, and words that hurt.

A word list can not catch hype alone. That every block of an experimental or unproven topic must hold a limiting
word is the stronger rule. Both are necessary and not sufficient: a person still has to listen.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.checking.passages import Passage, found_in, passages, problem_in
from assistant.knowledge import Content, Topic
from assistant.textfiles import Problem


def _any(*words: str) -> re.Pattern[str]:
    return re.compile(r"(?i)\b(?:" + "|".join(words) + r")")


LIMIT = _any(
    r"experimental\b", r"unproven\b", r"did not\b", r"missed\b", r"(?:still )?being tested\b", r"whether\b",
    r"not\b", r"no\b", r"never\b", r"nobody\b", r"none\b", r"nothing\b", r"cannot\b", r"neither\b", r"\w+n't\b",
)  # fmt: skip
NEGATIVE = _any(
    r"not\b", r"no\b", r"never\b", r"nobody\b", r"none\b", r"nothing\b", r"cannot\b", r"neither\b", r"without\b",
    r"whether\b", r"\w+n't\b", r"no one\b", r"unproven\b", r"far from\b", r"yet to\b",
)  # fmt: skip
EXPERIMENTAL = _any(
    r"experimental\b", r"(?:not|never|nor) (?:yet )?(?:been )?(?:shown|proven)\b", r"no .{0,40}\bshown\b"
)
UNPROVEN = _any(r"no good evidence\b")
LIMITED = _any(r"evidence (?:for (?:this|it|them) )?is (?:still |very |also )?limited\b", r"limited evidence\b")
HARMED = _any(
    r"(?:trial|trials|study|studies|test)\b[^.]*\b(?:harm\w*|shorten\w*|(?:did not|didn't|not) (?:help|work|slow))",
    r"did not help\b", r"did harm\b", r"didn't help\b",
)  # fmt: skip
PRACTICE = _any(
    r"(?:people|teams?|caregivers|families|therapists?|nurses)\b[^.]{0,60}\b(?:says?|find|suggest|advise|agree)\b"
)

HYPE = _any(
    r"promis(?:e|es|ing)\b", r"hop(?:e|es|eful|ing)\b", r"breakthroughs?\b", r"exciting\b", r"powerful\b",
    r"miracles?\b", r"miraculous\w*", r"revolution\w*", r"cutting.edge\b", r"game.chang\w*", r"amazing\w*",
    r"remarkabl\w*", r"life.chang\w*", r"world.class\b", r"state.of.the.art\b", r"new era\b", r"encouraging\b",
    r"groundbreaking\b", r"incredibl\w*", r"wonder drugs?\b", r"natural heal\w*", r"crucial role\b",
    r"second chance\b",
    r"turns? back the clock\b", r"say goodbye\b", r"your own cells\b", r"our (?:cells|clinic|therapy)\b",
)  # fmt: skip
NEEDS_NEGATIVE = _any(
    r"cur(?:e|es|ed|ing)\b", r"proven\b", r"(?:is|are) (?:completely |totally |very )?safe\b(?! enough)",
    r"guarante\w*", r"revers(?:e|es|ed)\b", r"no (?:risk|side effects)\b",
)  # fmt: skip
CELLS = _any(r"(?:stem |nerve |marrow )?cells?\b", r"exosomes?\b", r"NurOwn\b", r"Neuronata\b", r"lenzumestrocel\b")
EFFECT = _any(
    r"slow(?:s|ed)?\b", r"stop(?:s|ped)?\b", r"restor\w+", r"repair\w*", r"rebuil\w+", r"regrow\w*", r"improv\w+",
    r"help(?:s|ed)?\b", r"heal(?:s|ed|ing)?\b", r"replac\w+", r"protect\w*", r"bring\w* back\b",
    r"strengthen\w*", r"work(?:s|ed)?\b", r"calm(?:s|ed)?\b", r"extend\w*", r"prolong\w*", r"regain\w*", r"renew\w*",
)  # fmt: skip
HEDGE = _any(
    r"if\b", r"try(?:ing)? to\b", r"tries to\b", r"tried to\b", r"idea\b", r"question\b", r"want\w* to\b",
    r"ask\b", r"claim\w*", r"says?\b", r"test\w*", r"trials?\b", r"stud(?:y|ies|ied)\b", r"could\b",
    r"thought to\b", r"meant to\b",
)  # fmt: skip
TESTIMONY = _any(
    r"(?:my|her|his) (?:husband|wife|mother|father|son|daughter) (?:walked|talked|recovered|got better|improved)",
    r"success stor\w+", r"testimonial\w*", r"(?:patients|people) (?:swear|rave)\b", r"I (?:got better|recovered)\b",
)  # fmt: skip
DOSE = _any(
    r"(?:\d+|\w+) ?(?:mg|milligrams?|micrograms?|mcg|millilit\w+|ml)\b",
    r"(?:one|two|three|four|half a|a) (?:tablets?|pills?|capsules?|drops?|spoon\w*) "
    r"(?:a|each|every|per) (?:day|night|hour|morning)\b",
    r"(?:take|takes|taken|tablet|pill|medicine|drug|dose)\b[^.]*\b"
    r"(?:once|twice|(?:two|three|four) times) (?:a|each|per) day\b",
    r"(?:take|takes|taken|tablet|pill|medicine|drug|dose)\b[^.]*\bevery (?:two|three|four|six|eight|twelve) hours\b",
)  # fmt: skip
ADVICE = _any(
    r"you (?:should|must|need to|have to|ought to) (?:not |never |now )?"
    r"(?:take|stop|start|raise|lower|change|skip|switch|quit)\b",
    r"(?:stop|start|double|skip) (?:taking|your (?:medicine|tablets?|pills?|dose))\b",
    r"you(?: will|'ll) (?:not )?(?:die|live|lose|get better|get worse|recover|walk|have|need|be)\b",
    r"(?<!if )(?<!when )(?<!whether )(?<!that )you have (?:got )?(?:ALS|it|the disease|months|years|weeks|\w+ years)\b",
)  # fmt: skip
HURTFUL = _any(
    r"sufferers?\b", r"victims?\b", r"battl(?:e|es|ing)\b", r"fight(?:s|ing|er|ers)?\b", r"warriors?\b",
    r"don't worry\b", r"do not worry\b", r"unfortunately\b", r"sadly\b", r"confined to\b", r"wheelchair.bound\b",
    r"good news\b", r"bad news\b",
)  # fmt: skip
VAGUE = _any(r"rare\b", r"rarely\b", r"common\b", r"commonly\b")


def claims(content: Content, topic: Topic) -> Iterator[Problem]:
    """Labels and red flags of one topic."""
    every = list(passages(content, topic))
    yield from _label(topic, every)
    for passage in every:
        yield from _flags(passage)
        for sentence in passage.sentences:
            yield from _sentence_flags(passage, sentence)


def _label(topic: Topic, every: list[Passage]) -> Iterator[Problem]:
    if topic.evidence in ("experimental", "unproven"):
        yield from _limited_everywhere(every)
    whole = " ".join(passage.text for passage in every)
    must, where, example = {
        "experimental": (EXPERIMENTAL, topic.short, "It is still experimental."),
        "unproven": (UNPROVEN, topic.short, "There is no good evidence for this."),
        "limited": (LIMITED, topic.short, "The evidence is limited."),
        "not-recommended": (HARMED, topic.short, "A trial found it did not help."),
        "practical": (PRACTICE, whole, "People with ALS and their care teams say ..."),
    }.get(topic.evidence, (None, "", ""))
    if must and not must.search(where):
        place = "the topic" if where is whole else "the short answer"
        part = "evidence" if where is whole else "short"
        sentence = f"The evidence is '{topic.evidence}', so {place} has to say so, such as '{example}'"
        yield problem_in(topic, part, sentence, "labels")


def _limited_everywhere(every: list[Passage]) -> Iterator[Problem]:
    for passage in every:
        if not LIMIT.search(passage.text):
            sentence = (
                f"the evidence is '{passage.topic.evidence}', and nothing here says so. "
                "Add what has not been shown, or that it is experimental."
            )
            yield passage.problem(sentence, "labels")


def _flags(passage: Passage) -> Iterator[Problem]:
    for rule, pattern, advice, level in (
        ("hype", HYPE, "promises too much", "error"),
        ("testimony", TESTIMONY, "is one person's story, which is no evidence", "error"),
        ("dose", DOSE, "sounds like a dose. Say 'ask your clinic' instead", "error"),
        (
            "advice",
            ADVICE,
            "tells one person what to do or what will happen. Say what people can ask their clinic",
            "error",
        ),
        ("hurtful", HURTFUL, "can hurt or brush aside. Say it plainly", "error"),
        ("vague", VAGUE, "is heard as anything from 7 to 71 in a hundred. Say how many", "warning"),
    ):
        found = found_in(passage.text, pattern)
        if found:
            yield passage.problem(f"'{found}' {advice}.", rule, level)  # type: ignore[arg-type] # a literal above


def _sentence_flags(passage: Passage, sentence: str) -> Iterator[Problem]:
    found = found_in(sentence, NEEDS_NEGATIVE)
    if found and not NEGATIVE.search(sentence):
        advice = "needs a 'not' or 'no' in the same sentence, so that nobody hears it as a promise."
        yield passage.problem(f"'{found}' {advice}", "cure")
    if passage.topic.group not in ("stem-cells", "research"):
        return
    effect = found_in(sentence, EFFECT)
    if effect and CELLS.search(sentence) and not LIMIT.search(sentence) and not HEDGE.search(sentence):
        start = " ".join(sentence.split()[:5])
        yield passage.problem(
            f"'{start}...' says that cells '{effect}', with no limit. Say what has been shown and what has not.",
            "effect",
        )
