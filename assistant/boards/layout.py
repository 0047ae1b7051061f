"""Boards: the lists of the screen as grids of at most eight buttons, each a page with a way back.

The format is the Open Board Format 0.1 (openboardformat.org): a zip of JSON boards and a manifest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from html import escape

from assistant import __version__
from assistant.boards.record import record_of
from assistant.book.words import BookWords
from assistant.knowledge import Content, Topic

FORMAT = "open-board-0.1"
ROWS, COLUMNS = 4, 2
MOST = ROWS * COLUMNS
Json = dict[str, object]
"""An object as `json` reads and writes it."""
OURS: Json = {
    "type": "CC BY",
    "copyright_notice_url": "https://creativecommons.org/licenses/by/4.0/",
    "author_name": "askaloud",
}
PRIVATE: Json = {"type": "private"}
"""A family's own answers are nobody else's."""


@dataclass(frozen=True)
class Exporting:
    """What the boards are made from."""

    content: Content
    words: BookWords
    region: str
    language: str
    day: date


def path_of(board: str) -> str:
    """Where a board lies in the archive."""
    return f"boards/{board}.obf"


def boards_of(what: Exporting) -> dict[str, Json]:
    """Every board by its id; the first is the one to start from."""
    content = what.content
    grouped = {group.id: [t for t in content.topics.values() if t.group == group.id] for group in content.groups}
    groups = [group for group in content.groups if grouped[group.id]]
    links = [_link(f"group-{group.id}", group.title, _named(group.id)) for group in groups]
    for link, group in zip(links, groups, strict=True):
        link["ext_askaloud_code"] = group.letter
    made = _paged(what, "askaloud", what.words.one("boards home"), [*links, _about(what)], parent="", own=False)
    for group in groups:
        topics = grouped[group.id]
        buttons = [_answer(what, topic) for topic in topics]
        own = any(topic.id in content.packs for topic in topics)
        made |= _paged(what, _named(group.id), group.title, buttons, parent="askaloud", own=own)
    return made


def _named(group: str) -> str:
    return f"askaloud-{group}"


def _paged(
    what: Exporting, name: str, title: str, buttons: Sequence[Json], *, parent: str, own: bool
) -> dict[str, Json]:
    """A list as one board or several, each with a way back and, but for the last, a way on."""
    pages: list[list[Json]] = []
    rest = list(buttons)
    while rest or not pages:
        back = bool(parent or pages)
        room = MOST - back
        take = room if len(rest) <= room else room - 1
        pages.append(rest[:take])
        rest = rest[take:]
    names = [name, *(f"{name}-{number}" for number in range(2, len(pages) + 1))]
    made: dict[str, Json] = {}
    for place, page in enumerate(pages):
        before = names[place - 1] if place else parent
        ways = [_link("back", _label(what, "back"), before)] if before else []
        on = [_link("further", _label(what, "further"), names[place + 1])] if place + 1 < len(pages) else []
        made[names[place]] = _board(what, names[place], title, [*page, *ways, *on], own=own)
    return made


def _label(what: Exporting, command: str) -> str:
    return what.content.prompts.variants(f"{command} label")[0]


def _board(what: Exporting, name: str, title: str, buttons: list[Json], *, own: bool) -> Json:
    ids = [button["id"] for button in buttons]
    cells = [*ids, *[None] * (MOST - len(ids))]
    return {
        "format": FORMAT,
        "id": name,
        "locale": what.language,
        "name": title,
        "description_html": f"<p>{escape(_about_text(what))}</p>",
        "buttons": buttons,
        "grid": {
            "rows": ROWS,
            "columns": COLUMNS,
            "order": [cells[start : start + COLUMNS] for start in range(0, MOST, COLUMNS)],
        },
        "images": [],
        "sounds": [],
        "license": dict(PRIVATE if own else OURS),
    }


def _link(id_: str, label: str, board: str) -> Json:
    return {**_button(id_, label), "load_board": {"id": board, "path": path_of(board)}}


def _button(id_: str, label: str) -> Json:
    return {"id": id_, "label": label, "background_color": "rgb(255, 255, 255)", "border_color": "rgb(0, 0, 0)"}


def _about(what: Exporting) -> Json:
    return {**_button("about", what.words.one("boards about label")), "vocalization": _about_text(what)}


def _about_text(what: Exporting) -> str:
    said = what.words.one("boards about", version=__version__, day=what.words.day(what.day))
    draft = any(topic.draft for topic in what.content.topics.values())
    return f"{what.words.one('boards draft')} {said}" if draft else said


def _answer(what: Exporting, topic: Topic) -> Json:
    """A button that says the short answer. The whole topic goes along in fields that other programs pass over."""
    said = what.content.fill(topic.short, what.region)
    sources = [what.content.sources[key].publisher for key in topic.sources if key in what.content.sources]
    return {
        **_button(topic.id, topic.title),
        "vocalization": said,
        "ext_askaloud_code": topic.code,
        "ext_askaloud_evidence": topic.evidence,
        "ext_askaloud_reviewed": topic.reviewed.isoformat(),
        "ext_askaloud_reviewed_by": topic.reviewed_by,
        "ext_askaloud_sources": list(dict.fromkeys(sources)),
        "ext_askaloud_said": said,
        "ext_askaloud_topic": record_of(topic),
    }
