"""One topic file: a header of `name: value` lines, then fixed headings with plain sentences under them.

What can be read only one way is forgiven (quotes, bullets, line breaks, missing dashes). What could be
read two ways is refused with a problem, so that nothing is spoken that its author did not mean.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from assistant.knowledge import Block, Topic
from assistant.textfiles import Entry, Line, Problem, did_you_mean, entry_of, lines_of, listed, shortened

NAMES = (
    "id", "title", "group", "section", "code", "say", "urgent", "sensitive", "region", "evidence", "covers",
    "related", "sources", "reviewed", "reviewed by", "review again",
)  # fmt: skip
"""Header names, in their usual order."""
NEEDED = ("id", "title", "group", "say", "evidence", "reviewed", "reviewed by", "review again")
EVIDENCE = ("established", "limited", "experimental", "unproven", "not-recommended", "practical")
HEADINGS = ("questions", "short answer", "more", "for caregivers", "notes for editors")
BRACES = ("emergency", "crisis_line", "crisis_contact", "country")
"""Names that may stand in braces: they are filled in from the region."""
YES = {"yes": True, "y": True, "true": True, "no": False, "n": False, "false": False}
MOST_MORE = 5
ID = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
CODE = re.compile(r"[A-Z][1-9][0-9]?")
DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
FENCE = re.compile(r"\s*(?:[-\u2013\u2014]{2,}|[\u2013\u2014])\s*")
HEADING = re.compile(r"\s{0,3}(#{1,6})\s*(.*?)[\s#]*")
BULLET = re.compile(
    r"\s*(?:(?:[-*+>\u2022\u00b7\u2023\u25e6\u2013\u2014\u25aa\u25cf\u25cb\u2043]\s*)+|\(?\d{1,2}[.)]\s+)+"
)
EMPHASIS = re.compile(r"[*`]+|(?<!\w)_+(?=\w)|(?<=\w)_+(?!\w)")
UNSPEAKABLE = re.compile(r"[<>\[\]|\\^~]")


@dataclass(slots=True)
class _Part:
    """What stands under one heading."""

    name: str
    label: str
    line: int
    lines: list[Line]


@dataclass(slots=True)
class _File:
    """A file while it is read: what was found, and what was wrong."""

    name: str
    header: dict[str, Entry] = field(default_factory=dict)
    parts: list[_Part] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def value(self, name: str) -> str:
        """A header value; empty when it is not there."""
        entry = self.header.get(name)
        return entry.value if entry else ""

    def wrong(self, line: int, sentence: str, rule: str = "reading") -> None:
        self.problems.append(Problem(self.name, line, sentence, rule))

    def doubt(self, line: int, sentence: str, rule: str = "reading") -> None:
        self.problems.append(Problem(self.name, line, sentence, rule, "warning"))


def read_topic(raw: bytes, name: str) -> tuple[Topic | None, list[Problem]]:
    """Read the bytes of a topic file called `name` in problems. With any error there is no topic."""
    lines, problems = lines_of(raw, name)
    if problems:
        return None, problems
    file = _File(name)
    body = _read_header(file, lines)
    _read_parts(file, body)
    topic = _topic(file)
    broken = any(problem.level == "error" for problem in file.problems)
    return (None if broken else topic), sorted(file.problems, key=lambda problem: problem.line)


def _read_header(file: _File, lines: list[Line]) -> list[Line]:
    """Take the header; the lines after it."""
    at = 0
    while at < len(lines) and not lines[at].text.strip():
        at += 1
    if at < len(lines) and FENCE.fullmatch(lines[at].text):
        at += 1
    while at < len(lines) and not FENCE.fullmatch(lines[at].text):
        heading = HEADING.fullmatch(lines[at].text)
        if heading and _split_heading(heading.group(2))[0] in HEADINGS:  # any other # line is a note
            return lines[at:]
        _read_header_line(file, lines[at])
        at += 1
    return lines[at + 1 :]


def _read_header_line(file: _File, line: Line) -> None:
    entry, problem = entry_of(line, file.name)
    if problem:
        file.problems.append(problem)
    if entry is None:
        return
    name = entry.name.replace("-", " ")
    if name not in NAMES:
        file.wrong(line.number, f"I don't know '{entry.name}'.{did_you_mean(name, NAMES)}")
    elif name in file.header:
        file.wrong(line.number, f"'{name}' stands twice (first in line {file.header[name].line}). Keep one of them.")
    else:
        file.header[name] = entry


def _read_parts(file: _File, lines: list[Line]) -> None:
    """Sort the lines under their headings."""
    part: _Part | None = None
    for line in lines:
        heading = HEADING.fullmatch(line.text)
        if heading:
            part = _heading(file, line, heading.group(2))
        elif part is None:
            if line.text.strip() and not FENCE.fullmatch(line.text):
                file.wrong(
                    line.number,
                    "There is text before the first heading. Put it under one, such as '# Short answer'.",
                )
        elif _is_lost_heading(line.text):
            file.wrong(line.number, f"'{line.text.strip()}' looks like a heading. Put '# ' in front of it.")
        else:
            part.lines.append(line)
    _check_order(file)


def _heading(file: _File, line: Line, written: str) -> _Part:
    """Start a part. An unknown heading still takes its lines, so that one slip gives one problem."""
    name, label = _split_heading(written)
    if name not in HEADINGS:
        file.wrong(line.number, f"I don't know the heading '{shortened(written)}'.{did_you_mean(name, HEADINGS)}")
    elif name == "more" and not label:
        file.wrong(line.number, "A 'More' heading needs a name, such as '# More: side effects'.")
    elif any((part.name, part.label.lower()) == (name, label.lower()) for part in file.parts):
        file.wrong(line.number, f"The heading '{shortened(written)}' stands twice. Keep one of them.")
    part = _Part(name, label, line.number, [])
    file.parts.append(part)
    return part


def _split_heading(written: str) -> tuple[str, str]:
    plain = EMPHASIS.sub("", written).strip()
    more = re.fullmatch(r"(?i)more\s*(?:[:\-\u2013\u2014]\s*(.*))?", plain)
    if more:
        return "more", " ".join((more.group(1) or "").split())
    return " ".join(plain.rstrip(":").lower().split()), ""


def _is_lost_heading(text: str) -> bool:
    plain = EMPHASIS.sub("", text).strip()
    return plain.rstrip(":").lower() in set(HEADINGS) - {"more"} or re.match(r"More\s*:\s*\w", plain) is not None


def _check_order(file: _File) -> None:
    places = [HEADINGS.index(part.name) for part in file.parts if part.name in HEADINGS]
    names = [part.name for part in file.parts]
    for needed in ("questions", "short answer"):
        if needed not in names:
            file.wrong(0, f"The heading '# {needed.capitalize()}' is missing. Add it, with its text under it.")
    if places != sorted(places):
        file.doubt(
            file.parts[0].line,
            "The usual order is: Questions, Short answer, More, For caregivers, Notes for editors.",
        )
    extra = [part for part in file.parts if part.name == "more"][MOST_MORE:]
    if extra:
        file.wrong(extra[0].line, f"There are more than {MOST_MORE} 'More' parts. Join two, or make a new topic.")


def _topic(file: _File) -> Topic | None:
    lines = {name: entry.line for name, entry in file.header.items()}
    questions, short, caregivers, notes = _parts(file, lines)
    more = _more(file, lines)
    _check_header(file)
    reviewed, again = _day(file, "reviewed"), _day(file, "review again")
    if reviewed is None or again is None:
        return None
    return Topic(
        id=file.value("id"),
        title=file.value("title"),
        group=file.value("group"),
        section=file.value("section"),
        code=file.value("code"),
        say=file.value("say"),
        urgent=YES.get(file.value("urgent").lower(), False),
        sensitive=YES.get(file.value("sensitive").lower(), False),
        region=YES.get(file.value("region").lower(), False),
        evidence=file.value("evidence"),
        covers=listed(file.value("covers")),
        related=listed(file.value("related")),
        sources=listed(file.value("sources")),
        reviewed=reviewed,
        reviewed_by=file.value("reviewed by"),
        review_again=again,
        questions=questions,
        short=short,
        more=more,
        caregivers=caregivers,
        notes=notes,
        path=file.name,
        lines=lines,
    )


def _more(file: _File, lines: dict[str, int]) -> tuple[Block, ...]:
    blocks = []
    for number, part in enumerate((part for part in file.parts if part.name == "more"), start=1):
        lines[f"more {number}"] = part.line
        blocks.append(Block(part.label, _spoken(file, part)))
    return tuple(blocks)


def _parts(file: _File, lines: dict[str, int]) -> tuple[tuple[str, ...], str, str, str]:
    """Questions, short answer, caregivers and notes; their lines are added to `lines`."""
    questions: tuple[str, ...] = ()
    texts = {"short answer": "", "for caregivers": "", "notes for editors": ""}
    keys = {
        "questions": "questions",
        "short answer": "short",
        "for caregivers": "caregivers",
        "notes for editors": "notes",
    }
    for part in file.parts:
        if part.name not in keys or keys[part.name] in lines:
            continue
        lines[keys[part.name]] = part.line
        if part.name == "questions":
            questions = _questions(file, part, lines)
        elif part.name == "notes for editors":
            texts[part.name] = "\n".join(line.text.strip() for line in part.lines).strip()
        else:
            texts[part.name] = _spoken(file, part)
    return questions, texts["short answer"], texts["for caregivers"], texts["notes for editors"]


def _questions(file: _File, part: _Part, lines: dict[str, int]) -> tuple[str, ...]:
    found: list[str] = []
    bulleted = sum(1 for line in part.lines if BULLET.match(line.text)) > 1
    for line in part.lines:
        bullet = BULLET.match(line.text)
        text = _plain(line.text[bullet.end() :] if bullet else line.text)
        if not text:
            continue
        if bulleted and not bullet and found and text[0].islower() and line.text[:1].isspace():
            found[-1] = f"{found[-1]} {text}"
            continue
        if bulleted and not bullet and text[0].islower() and found and found[-1][-1] not in ".?!":
            file.doubt(
                line.number,
                "No dash, so I took this as a question of its own. If it belongs to the line above, join them.",
            )
        found.append(text)
        lines[f"question {len(found)}"] = line.number
    if not found:
        file.wrong(part.line, "There are no questions. Write each on a line of its own, with a dash in front.")
    return tuple(found)


def _spoken(file: _File, part: _Part) -> str:
    """The sentences of a part, joined by single spaces. A full stop missing at a paragraph's end is added."""
    paragraphs: list[list[str]] = [[]]
    for line in part.lines:
        bullet = BULLET.match(line.text) if not line.text.strip()[:1].isdigit() else None
        text = _plain(line.text[bullet.end() :] if bullet else line.text)
        if not text or (bullet and paragraphs[-1]):
            paragraphs.append([])
        if text:
            _refuse_unspeakable(file, line.number, text)
            paragraphs[-1].append(text)
    sentences = [_ended(" ".join(paragraph)) for paragraph in paragraphs if paragraph]
    if not sentences:
        what = "Write its sentences, or take the heading out."
        file.wrong(part.line, f"There is nothing under this heading. {what}")
    text = " ".join(sentences)
    _refuse_braces(file, part, text)
    return text


def _plain(text: str) -> str:
    return " ".join(EMPHASIS.sub("", text).split())


def _ended(sentence: str) -> str:
    return sentence if re.search(r"[.!?][\"')]*$", sentence) else sentence.rstrip(",;:- ") + "."


def _refuse_unspeakable(file: _File, line: int, text: str) -> None:
    found = UNSPEAKABLE.search(text)
    if found:
        file.wrong(line, f"'{found.group()}' can not be spoken. Write the sentence without it.", "speech")


def _refuse_braces(file: _File, part: _Part, text: str) -> None:
    for name in re.findall(r"\{([^{}]*)\}", text):
        if name not in BRACES:
            file.wrong(
                part.line,
                f"I don't know '{{{name}}}'.{did_you_mean(name, BRACES)} Braces hold: {', '.join(BRACES)}.",
            )
    if re.search(r"[{}]", re.sub(r"\{[^{}]*\}", "", text)):
        file.wrong(part.line, "A brace is opened and not closed, or closed and not opened. Write it as {emergency}.")


def _day(file: _File, name: str) -> date | None:
    """A date written year-month-day; None after saying what is wrong with it."""
    value = file.value(name)
    if not value:
        return None
    match = DAY.fullmatch(value)
    try:
        day = date(*(int(number) for number in match.groups())) if match else None
    except ValueError:
        day = None
    if day is None:
        sentence = f"'{shortened(value)}' is not a date I can read. Write year-month-day, such as 2026-11-22."
        file.wrong(file.header[name].line, sentence)
    return day


def _check_header(file: _File) -> None:
    for name in NEEDED:
        if not file.value(name):
            line = file.header[name].line if name in file.header else 1
            file.wrong(line, f"'{name}' is missing or empty. Write '{name}: ...' between the two lines of dashes.")
    _one_of(file, "evidence", EVIDENCE)
    _of_form(file, "id", ID, "small letters, figures and hyphens")
    _of_form(file, "code", CODE, "a letter and a number, such as D10")
    for name in ("urgent", "sensitive", "region"):
        if file.value(name) and file.value(name).lower() not in YES:
            file.wrong(file.header[name].line, f"'{name}' is yes or no, not '{shortened(file.value(name))}'.")


def _of_form(file: _File, name: str, form: re.Pattern[str], words: str) -> None:
    if file.value(name) and not form.fullmatch(file.value(name)):
        file.wrong(file.header[name].line, f"The {name} '{shortened(file.value(name))}' must be {words}.")


def _one_of(file: _File, name: str, known: tuple[str, ...]) -> None:
    value = file.value(name)
    if value and value not in known:
        sentence = f"'{shortened(value)}' is no {name} I know.{did_you_mean(value, known)}"
        file.wrong(file.header[name].line, f"{sentence} Use one of: {', '.join(known)}.")
