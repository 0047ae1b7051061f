"""Sources, dates, reviewers, regions, and the claims that have to be answered."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from assistant.checking.measures import words
from assistant.checking.passages import Level, problem_in
from assistant.checking.sounds import Sounds, misread_in
from assistant.checking.wording import CAPITALS, unspeakable
from assistant.knowledge import Content, Source, Topic
from assistant.textfiles import Problem, did_you_mean, listed, read_blocks, read_entries

USUAL_CYCLE_MONTHS = 12
SOURCE_MONTHS = 24
"""A source is opened again after this."""
MOST_WORDS_A_PUBLISHER = 12
TWO_SOURCES = frozenset({"treatment", "stem-cells"})
"""Groups whose topics need two sources."""
CLINICIAN_GROUPS = frozenset({"urgent", "treatment"})
"""Groups that a clinician has to have signed before a release."""
NO_SOURCE = frozenset({"using-this-assistant"})
"""Topics about the product itself."""
STANDS = ("supported", "incomplete", "research", "outdated", "promotional")
REFUTED = frozenset({"outdated", "promotional"})
CLAIMS = tuple(f"C{number:02d}" for number in range(1, 67))
OPENED = re.compile(r"(\d{4})-(\d{2})-(\d{2})")


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim of the article this started from, in our own words."""

    number: str
    line: int
    claim: str
    stands: str
    topics: tuple[str, ...]


def read_cycles(folder: Path) -> tuple[dict[str, int], list[Problem]]:
    """Months after which a topic is read again, where that is sooner than usual."""
    path = folder / "cycles.txt"
    if not path.is_file():
        return {}, []
    entries, problems = read_entries(path, path.name)
    cycles: dict[str, int] = {}
    for entry in entries:
        if entry.value.isascii() and entry.value.isdigit() and 1 <= int(entry.value) <= USUAL_CYCLE_MONTHS:
            cycles[entry.name] = int(entry.value)
        else:
            sentence = f"'{entry.value}' is no number of months from 1 to {USUAL_CYCLE_MONTHS}."
            problems.append(Problem(path.name, entry.line, sentence, "dates"))
    return cycles, problems


def dates(topic: Topic, cycle_months: int, today: date, *, release: bool) -> Iterator[Problem]:
    """When it was read and when it has to be read again."""
    level: Level = "error" if release else "warning"
    if topic.reviewed > today:
        yield problem_in(
            topic, "reviewed", f"It was reviewed in the future ({topic.reviewed}). Set the real day.", "dates"
        )
    if topic.review_again <= topic.reviewed:
        yield problem_in(topic, "review again", "The next review is not after the last one.", "dates")
    if topic.review_again > months_after(topic.reviewed, cycle_months):
        latest = months_after(topic.reviewed, cycle_months)
        sentence = f"This topic is read again after {cycle_months} months: by {latest} at the latest."
        yield problem_in(topic, "review again", sentence, "dates", level)
    if topic.review_again < today:
        sentence = f"It was due for review on {topic.review_again}. Read it again and set both dates."
        yield problem_in(topic, "review again", sentence, "dates", level)
    if release and topic.draft and (topic.urgent or topic.group in CLINICIAN_GROUPS):
        sentence = "A clinician has to read and sign this topic before a release."
        yield problem_in(topic, "reviewed by", sentence, "reviewer")


def months_after(day: date, months: int) -> date:
    """The same day some months later, or the month's last."""
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def sources(content: Content, topic: Topic) -> Iterator[Problem]:
    """Whether it rests on enough, and on what it may rest on."""
    if topic.id in NO_SOURCE:
        return
    known = [content.sources[key] for key in topic.sources if key in content.sources]
    for key in topic.sources:
        if key not in content.sources:
            guess = did_you_mean(key, content.sources)
            yield problem_in(topic, "sources", f"sources.txt has no source '{key}'.{guess}", "sources")
    independent = [source for source in known if not source.kind]
    if not independent:
        sentence = "It rests on no independent source. Name one that is not a company, a clinic or the seed article."
        yield problem_in(topic, "sources", sentence, "sources")
    if any(source.kind == "seed" for source in known):
        yield problem_in(topic, "sources", "The seed article is no source. Take it out.", "sources")
    if topic.group in TWO_SOURCES and topic.id not in content.packs and len(known) < 2:
        yield problem_in(topic, "sources", "Medicine and stem cell topics need two sources. Name another.", "sources")


def register(content: Content, today: date, *, release: bool) -> Iterator[Problem]:
    """Dates of the sources, one sentence for each kind of gap."""
    level: Level = "error" if release else "warning"
    cited = {key for topic in content.topics.values() for key in topic.sources}
    used = [source for key, source in content.sources.items() if key in cited]
    unopened = [source.key for source in used if opened(source) is None]
    old = [source.key for source in used if (day := opened(source)) and months_after(day, SOURCE_MONTHS) < today]
    undated = [source.key for source in used if not source.published]
    for keys, fault, remedy in (
        (unopened, "were not opened at their address yet", "Open each, and write the day after 'checked:'"),
        (old, f"were last opened more than {SOURCE_MONTHS} months ago", "Open each again"),
        (undated, "have no 'published' line", "Write the date, or 'undated copy'"),
    ):
        if keys:
            sentence = f"{len(keys)} sources {fault}. {remedy}: {', '.join(sorted(keys))}."
            yield Problem("sources.txt", 0, sentence, "sources", level)


def publishers(content: Content, sounds: Sounds | None) -> Iterator[Problem]:
    """Whether a voice can say who each source is from: people may ask."""
    known = {written for table in content.pronunciation.values() for written in table}
    cited = {key for topic in content.topics.values() for key in topic.sources}
    for name in sorted({source.publisher for key, source in content.sources.items() if key in cited}):
        strange = [word for word in CAPITALS.findall(name) if word not in known]
        if fault := unspeakable(name):
            yield Problem("sources.txt", 0, f"The publisher '{name}' is read aloud, and {fault}.", "speech")
        elif strange or (sounds and misread_in(name, content, sounds)):
            sentence = f"The publisher '{name}' is read aloud. Write it out, or add it to pronunciation.txt."
            yield Problem("sources.txt", 0, sentence, "sounds")
        if len(words(name)) > MOST_WORDS_A_PUBLISHER:
            sentence = f"The publisher '{name}' is too long to hear: at most {MOST_WORDS_A_PUBLISHER} words."
            yield Problem("sources.txt", 0, sentence, "length", "warning")


def opened(source: Source) -> date | None:
    """The day a source was last opened at its address."""
    match = OPENED.match(source.checked)
    try:
        return date(*(int(part) for part in match.groups())) if match else None
    except ValueError:
        return None


def regions(content: Content, *, release: bool) -> Iterator[Problem]:
    """Whether each country has its numbers and a source for them."""
    if "us" not in content.regions:
        yield Problem("regions.txt", 0, "The region 'us' is missing. Add it: texts are measured with it.", "regions")
    for region in content.regions.values():
        gaps = [
            name
            for name, value in (
                ("emergency", region.emergency),
                ("crisis line", region.crisis_line),
                ("crisis contact", region.crisis_contact),
                ("source", region.source),
                ("checked", region.checked),
            )
            if not value
        ]
        if gaps:
            sentence = f"The region '{region.id}' has no {' and no '.join(gaps)}. People there hear general words."
            yield Problem("regions.txt", 0, sentence, "regions", "error" if region.id == "us" else "warning")
        if release and not OPENED.match(region.checked):
            sentence = f"The numbers of '{region.id}' were not checked at their source yet. Check them, write the day."
            yield Problem("regions.txt", 0, sentence, "regions")


def read_claims(folder: Path) -> tuple[list[Claim], list[Problem]]:
    """The claims of coverage.txt."""
    name = "coverage.txt"
    blocks, problems = read_blocks(folder / name, name)
    found: list[Claim] = []
    for block in blocks:
        first = next(iter(block.values()))
        value = {key: entry.value for key, entry in block.items()}
        if set(value) != {"number", "claim", "stands", "topics"}:
            sentence = "A claim has four lines: number, claim, stands and topics."
            problems.append(Problem(name, first.line, sentence, "coverage"))
        elif value["stands"] not in STANDS:
            sentence = f"'{value['stands']}' is unknown. A claim is one of: {', '.join(STANDS)}."
            problems.append(Problem(name, block["stands"].line, sentence, "coverage"))
        else:
            topics = listed(value["topics"])
            found.append(Claim(value["number"].upper(), first.line, value["claim"], value["stands"], topics))
    return found, problems


def coverage(content: Content, folder: Path, faulty: Mapping[str, str]) -> Iterator[Problem]:
    """Every claim answered; each outdated or promotional one by a topic whose labels and flags pass.

    Args:
        content: the topics.
        folder: the language's folder, with coverage.txt.
        faulty: ids of topics that fail labels or red flags, with the rule that failed.
    """
    found, problems = read_claims(folder)
    yield from problems
    covered = {number: [t for t in content.topics.values() if number in t.covers] for number in CLAIMS}
    for topic in content.topics.values():
        for number in topic.covers:
            if number not in covered:
                sentence = f"There is no claim '{number}'. They go from C01 to C66."
                yield problem_in(topic, "covers", sentence, "coverage")
    numbers = {claim.number for claim in found}
    for number in CLAIMS:
        if number not in numbers:
            yield Problem("coverage.txt", 0, f"The claim {number} is missing. Add it.", "coverage")
    for claim in found:
        yield from _covered(claim, covered.get(claim.number, []), content, faulty)


def _covered(claim: Claim, by: list[Topic], content: Content, faulty: Mapping[str, str]) -> Iterator[Problem]:
    if not by:
        sentence = f"No topic answers {claim.number} ({claim.claim}). Write '{claim.number}' under 'covers' in one."
        yield Problem("coverage.txt", claim.line, sentence, "coverage")
    elif claim.stands in REFUTED and all(topic.id in faulty for topic in by):
        names = ", ".join(f"{topic.id} ({faulty[topic.id]})" for topic in by)
        sentence = f"{claim.number} is {claim.stands}, and every topic that answers it has faults itself: {names}."
        yield Problem("coverage.txt", claim.line, sentence, "coverage")
    for name in claim.topics:
        topic = content.topics.get(name)
        if topic and claim.number not in topic.covers:
            sentence = f"coverage.txt says that this topic answers {claim.number} ({claim.claim}). Add it to 'covers'."
            yield problem_in(topic, "covers", sentence, "coverage", "warning")
