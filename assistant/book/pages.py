"""The pages of the book, as HTML. Everything that comes from a file is escaped here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from assistant.book.cards import Card
from assistant.book.figures import in_figures
from assistant.book.words import BookWords
from assistant.knowledge import Group, Region, Topic

WRITING_LINES = 8


def chapter(kind: str, anchor: str, title: str, *parts: str) -> str:
    """A chapter that starts on a new page."""
    return f'<section class="chapter {kind}" id="{anchor}">\n<h1>{title}</h1>\n{"".join(parts)}\n</section>\n'


def text(words: str, kind: str = "") -> str:
    """A paragraph."""
    return f'<p class="{kind}">{escape(words)}</p>\n' if kind else f"<p>{escape(words)}</p>\n"


def to_write(labels: Iterable[str]) -> str:
    """Lines to write on, each under its label."""
    return f'<ul class="write">{"".join(_line(label) for label in labels)}</ul>\n'


def _line(label: str) -> str:
    return f'<li>{escape(label)}<span class="line"></span></li>'


def coded_list(items: Iterable[tuple[str, str, str]]) -> str:
    """A list to read aloud; (anchor, code, label) of each line. A line with an anchor is a link."""
    return f'<ul class="list">{"".join(_item(*item) for item in items)}</ul>\n'


def _item(anchor: str, code: str, label: str) -> str:
    name = f'<span class="label">{escape(label)}</span>'
    whole = f'<a href="#{anchor}">{name}</a>' if anchor else name
    return f'<li><span class="code">{escape(code)}</span> {whole}</li>'


def cover(words: BookWords, made: str, chapters: Sequence[tuple[str, str, str]], *, draft: bool) -> str:
    """Title, what the book is, and what is in it."""
    return chapter(
        "cover",
        "cover",
        escape(words.one("title")),
        *(text(line) for line in words.all("about")),
        f'<div class="box">{text(words.one("draft")) if draft else ""}{text(words.one("advice"))}</div>',
        text(made, "note"),
        text(words.one("keep")),
    ) + chapter("", "contents", escape(words.one("contents")), text(words.one("tabs")), coded_list(chapters))


def emergency(words: BookWords, region: Region, urgent: Sequence[Topic], *, known: bool) -> str:
    """Numbers, what to turn to, and what to have ready. Where numbers are not known they are written in by hand."""
    number = escape(words.one("emergency call", number=in_figures(region.emergency)))
    ask = to_write([words.one("emergency unknown"), words.one("emergency crisis unknown")])
    crisis = "emergency crisis" if known else "emergency crisis anywhere"
    contact = words.one(crisis, country=region.country, contact=in_figures(region.crisis_contact))
    source = words.one("emergency numbers", source=region.source.split(", http")[0])
    turn = (
        f'<h2 class="section">{escape(words.one("emergency turn"))}</h2>\n'
        + coded_list((topic.id, topic.code, topic.title) for topic in urgent)
        if urgent
        else ""
    )
    return chapter(
        "",
        "emergency",
        escape(words.one("emergency")),
        f'<p class="number">{number}</p>\n' if known else text(words.one("emergency numbers unknown")) + ask,
        text(words.one("emergency help")),
        f'<div class="box">{text(contact)}</div>',
        text(source, "note") if known else "",
        turn,
        f'<h2 class="section">{escape(words.one("emergency details"))}</h2>\n',
        to_write(words.all("emergency line")),
    )


def partner(words: BookWords) -> str:
    """How two people use the book together."""
    steps = "".join(f"<li>{escape(step)}</li>" for step in words.all("partner steps"))
    rules = "".join(f"<li>{escape(rule)}</li>" for rule in words.all("partner rule"))
    before = words.all("partner before")
    return chapter(
        "",
        "partner",
        escape(words.one("partner")),
        f"<h2>{escape(words.one('partner first'))}</h2>\n",
        *(text(line) for line in before),
        to_write([words.one("partner yes"), words.one("partner no")]),
        f'<h2 class="section">{escape(words.one("partner then"))}</h2>\n<ol class="steps">{steps}</ol>\n',
        f'<h2 class="section">{escape(words.one("partner rules"))}</h2>\n<ul class="rules">{rules}</ul>\n',
    )


def points(words: BookWords) -> str:
    """The page of short answers to point at or to read aloud."""
    boxes = "".join(f"<li>{escape(box)}</li>" for box in words.all("point box"))
    how = text(words.one("point how"))
    return chapter("", "point", escape(words.one("point")), how, f'<ul class="points">{boxes}</ul>\n')


def groups_page(words: BookWords, groups: Sequence[Group]) -> str:
    """The first list."""
    lines = [(f"group-{group.id}", group.letter, group.title) for group in groups]
    return chapter(
        "",
        "groups",
        escape(words.one("groups")),
        text(words.one("groups how"), "aloud"),
        f'<p class="note">{escape(words.one("list start"))}\u2026</p>\n',
        coded_list([*lines, *_ways_out(words)]),
    )


def group_page(words: BookWords, place: int, group: Group, topics: Sequence[Topic], cards: Sequence[Card]) -> str:
    """A group: its list on a page of its own, then its answers in the same order."""
    sections = dict(group.sections)
    shown: list[str] = []
    names = list(dict.fromkeys(topic.section for topic in topics))
    for name in names:
        lines = [(topic.id, topic.code, topic.title) for topic in topics if topic.section == name]
        lines += _ways_out(words) if name == names[-1] else []
        heading = f'<h2 class="section">{escape(_capital(sections[name]))}</h2>\n' if name in sections else ""
        shown.append(heading + coded_list(lines))
    answers = "".join(_card(words, topic.id, card) for topic, card in zip(topics, cards, strict=True))
    title = f'<span class="code">{escape(group.letter)}</span> {escape(group.title)}'
    listed = chapter(
        f"group-{place}",
        f"group-{group.id}",
        title,
        text(f"{words.one('list ask')}\u2026", "aloud"),
        *shown,
    )
    return f'{listed}<div class="chapter group-{place}">\n{answers}</div>\n'


def _ways_out(words: BookWords) -> list[tuple[str, str, str]]:
    return [("", "", words.one("list else")), ("", "", words.one("list stop"))]


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _card(words: BookWords, anchor: str, card: Card) -> str:
    """An answer. What must not be torn apart - heading and first sentences - is one piece."""
    head = f'<h2><span class="code">{escape(card.code)}</span> {escape(card.title)}</h2>\n'
    first = f'<div class="lead">{head}{text(card.short, "short")}</div>\n'
    asked = text(card.sensitive, "aloud part") if card.sensitive else ""
    more = "".join(f'<div class="part small"><h3>{escape(label)}</h3>{text(part)}</div>\n' for label, part in card.more)
    parts = [first, _aside(words.one("say it"), [f"{word}: {said}" for word, said in card.said]), asked, more]
    if card.not_mean:
        parts.append(_box(words.one("not mean"), card.not_mean))
    if card.caregivers:
        parts.append(_box(words.one("caregivers"), card.caregivers))
    see = f"{words.one('see also')} {', '.join(card.see_also)}." if card.see_also else ""
    parts.append(_aside("", [f"{words.one('sure')}: {card.sure} {card.source} {card.read} {see}".strip()]))
    return f'<article class="card" id="{anchor}">\n{"".join(parts)}</article>\n'


def _box(title: str, words: str) -> str:
    return f'<div class="box"><h3>{escape(title)}</h3>{text(words)}</div>\n'


def _aside(title: str, lines: Sequence[str]) -> str:
    if not lines:
        return ""
    heading = f"<h3>{escape(title)}</h3>" if title else ""
    return f'<div class="aside">{heading}{"".join(text(line) for line in lines)}</div>\n'


def questions(words: BookWords) -> str:
    """A page to gather questions for the clinic on."""
    lines = '<li><span class="line"></span></li>' * WRITING_LINES
    how = text(words.one("ask how"))
    return chapter("", "ask", escape(words.one("ask")), how, f'<ul class="write">{lines}</ul>\n')
