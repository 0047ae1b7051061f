"""The book, as it comes out of the printer."""

from __future__ import annotations

import re
import shutil
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assistant.book import BookOrder, NotPrinted, print_pdf
from assistant.book.cards import filled
from assistant.choices import World, items
from assistant.events import Item
from assistant.places import Menu
from tests.book.conftest import DAY, Printed, plain, printed


def starts(book: Printed, title: str) -> int:
    """The page with a heading of its own, from 0."""
    entries = [
        page for page, text in enumerate(book.texts) if re.search(rf"(?:Page \d+|[A-J]) {re.escape(title)}", text)
    ]
    assert entries, title
    return entries[0]


def test_every_page_is_of_the_paper_that_was_asked_for(book: Printed, part: Printed) -> None:
    assert {(round(float(page.mediabox.width)), round(float(page.mediabox.height))) for page in book.reader.pages} == {
        (595, 842)
    }
    wanted = (612, 792) if part.path.stem.endswith("letter") else (595, 842)
    assert {(round(float(p.mediabox.width)), round(float(p.mediabox.height))) for p in part.reader.pages} == {wanted}


def test_the_pages_are_counted_and_numbered_to_the_end(book: Printed) -> None:
    assert book.pages == len(book.reader.pages) == len(book.document)
    assert [f"Page {number}" for number in range(1, book.pages + 1)] == [
        re.findall(r"Page \d+", text)[0] for text in book.texts
    ]


def test_the_pdf_is_tagged_and_says_its_title_and_language(book: Printed) -> None:
    root = book.root
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert book.reader.metadata is not None
    assert book.reader.metadata.title == "Answers about ALS, to read aloud"
    assert str(book.reader.metadata.creation_date).startswith("2026-11-24")
    roles = _roles(root["/StructTreeRoot"])
    assert {"/Document", "/H1", "/H2", "/H3", "/P", "/L", "/LI", "/Link"} <= set(roles)
    assert all("/StructParents" in page for page in book.reader.pages)


def _roles(node: object) -> list[str]:
    """Roles of the structure tree, in reading order."""
    waiting, found = [node], []
    while waiting:
        one = waiting.pop()
        one = one.get_object() if hasattr(one, "get_object") else one
        if isinstance(one, list):
            waiting += reversed(one)
        elif isinstance(one, dict):
            found += [str(one["/S"])] if "/S" in one else []
            waiting += [one["/K"]] if "/K" in one else []
    return found


def test_headings_never_skip_a_level(book: Printed) -> None:
    levels = [int(role[2]) for role in _roles(book.root["/StructTreeRoot"]) if re.match(r"/H\d", role)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_the_outline_holds_every_group_and_every_answer_in_the_order_of_the_screen(world: World, book: Printed) -> None:
    shown = [
        item
        for group in items(world, Menu())
        if group.id.startswith("group:")
        for item in (group, *_topics(world, group.id))
    ]
    wanted = [f"{item.code} {item.label}" for item in shown]
    assert [title for _, title in book.outline if title in set(wanted)] == wanted
    assert len(wanted) == len(world.topics) + len(world.groups)
    groups = {f"{group.letter} {group.title}" for group in world.groups.values()}
    assert all(depth == (0 if title in groups else 1) for depth, title in book.outline if title in set(wanted))


def _topics(world: World, group: str) -> list[Item]:
    """The list of a group as on the screen."""
    return [item for item in items(world, Menu(group.removeprefix("group:"))) if item.id.startswith("topic:")]


def test_each_list_has_the_codes_and_order_of_the_screen_and_starts_on_a_page(world: World, book: Printed) -> None:
    for group in world.groups.values():
        page = starts(book, f"{group.letter} {group.title}")
        listed = book.texts[page] + book.texts[page + 1].split(" A1 ")[0]
        lines = [f"{item.code} {item.label}" for item in _topics(world, group.id)]
        places = [listed.find(line) for line in lines]
        assert -1 not in places, group.title
        assert places == sorted(places)
        assert listed.index("Something else") > places[-1]


def close(text: str) -> str:
    return re.sub(r"[\s\x02\x00\ufffe-]", "", plain(text))


def test_nothing_of_any_answer_is_missing(world: World, book: Printed) -> None:
    whole = plain(
        re.sub(r"Draft\. Not yet checked by a clinician\. [A-J] [A-J] .*? Page \d+", " ", " ".join(book.texts))
    )
    # A hyphen at the end of a line is not told from one that was put in, so hyphens and spaces do not count.
    whole = close(whole)
    missing = []
    for topic in world.topics.values():
        parts = [
            topic.short,
            *(part for block in topic.more for part in (block.label[1:], block.text)),
            topic.caregivers,
        ]
        parts += [f"{topic.code} {topic.title}"]
        missing += [(topic.code, part) for part in parts if close(filled(world.content, part, "us")) not in whole]
    assert not missing


def test_no_letter_is_smaller_than_asked_and_none_smaller_than_18_points(book: Printed, part: Printed) -> None:
    assert all(min(book.sizes_pt(page)) >= 17.9 for page in range(0, book.pages, 3))
    text_pt = int(part.path.stem.split("-")[0])
    for page in range(0, part.pages, 7):
        sizes = part.sizes_pt(page)
        small = sum(count for size, count in sizes.items() if size < text_pt - 0.1)
        edges = len(f"Draft. Not yet checked by a clinician. E Trials and unproven treatments Page {page}")
        assert min(sizes) >= 17.9
        assert small <= edges  # what stands at the edges of the page


def resources(page: Any) -> Any:
    return page["/Resources"]["/Font"]


def test_letters_are_inside_the_file(book: Printed) -> None:
    fonts = [font.get_object() for page in book.reader.pages[::20] for font in resources(page).values()]
    for font in fonts:
        inner = font["/DescendantFonts"][0].get_object() if "/DescendantFonts" in font else font
        descriptor = inner["/FontDescriptor"]
        assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(descriptor)


def test_black_on_white_only_so_the_contrast_is_the_greatest_there_is(book: Printed) -> None:
    for page in book.reader.pages[::4]:
        contents = page.get_contents()
        assert contents is not None
        colours = re.findall(rb"([\d.]+) ([\d.]+) ([\d.]+) (?:rg|RG)\b", contents.get_data())
        assert {part for colour in colours for part in colour} == {b"0", b"1"}
    picture = book.picture(9)
    assert int(np.ptp(picture.astype(int), axis=2).max()) == 0, "grey is all there is"


def test_nothing_is_near_the_edge_of_a_page_but_the_tab(book: Printed) -> None:
    edge = 4 * 4  # 4 mm: what a printer leaves white
    for page in (0, 3, 7, 9, 60, book.pages - 1):
        ink = book.picture(page)[:, :, 0] < 128
        assert not ink[:edge].any()
        assert not ink[-edge:].any()
        assert not ink[:, :edge].any()
        assert ink[:, -edge:].any(axis=1).sum() / 4 <= 17, "the tab is 16 mm"


def test_each_group_has_its_letter_further_down_the_edge(world: World, book: Printed) -> None:
    middles = []
    for group in world.groups.values():
        ink = book.picture(starts(book, f"{group.letter} {group.title}"))[:, -8, 0] < 128
        rows = np.flatnonzero(ink)
        assert 15 <= len(rows) / 4 <= 17
        middles.append(rows.mean() / 4)
    steps = np.diff(middles)
    assert (steps > 17).all(), "no two tabs hide each other"


def emergency_page(book: Printed) -> str:
    return next(text for text in book.texts[2:] if "Page" in text and "In an emergency" in text and "Call" in text)


def test_the_emergency_page_has_the_numbers_of_the_region_in_figures(book: Printed, part: Printed) -> None:
    american = emergency_page(book)
    assert "Call 911" in american
    assert "call or text 988" in american
    assert "A1 Choking right now" in american
    assert "Call 999" in emergency_page(part)
    assert "116 123" in " ".join(part.texts[2:12])


def test_where_the_numbers_are_not_known_there_is_room_to_write_them(world: World, tmp_path: Path) -> None:
    unknown = printed(world, BookOrder(groups=("A",), region="atlantis", day=DAY), tmp_path)
    page = emergency_page(unknown)
    assert "Your emergency number" in page
    assert "Number of the crisis line" in page
    assert "911" not in " ".join(unknown.texts[:6])


def test_only_the_wanted_groups_are_printed(world: World, part: Printed) -> None:
    groups = [title for depth, title in part.outline if depth == 0 and re.match(r"[A-J] ", title)]
    assert groups == ["D Stem cells", "E Trials and unproven treatments"]
    topics = [title.split()[0] for depth, title in part.outline if depth == 1 and re.match(r"[A-J]\d", title)]
    assert topics == [topic.code for group in ("stem-cells", "research") for topic in world.in_group(group)]
    assert not [text for text in part.texts if re.search(r"See also [^.]*[A-CF-J]\d", text)], "a code that is not here"


def test_the_book_tells_day_version_and_that_it_is_a_draft(book: Printed) -> None:
    from assistant import __version__

    assert f"askaloud {__version__} on 24 November 2026" in book.texts[0]
    assert all(text.startswith("Draft. Not yet checked by a clinician.") for text in book.texts)


def test_the_same_book_on_the_same_day_is_the_same_file(world: World, tmp_path: Path) -> None:
    order = BookOrder(groups=("A",), day=DAY)
    first = printed(world, order, tmp_path).path.read_bytes()
    assert printed(world, order, tmp_path).path.read_bytes() == first
    assert not list(tmp_path.glob("askaloud-book-*"))


def test_a_browser_that_prints_nothing_leaves_the_old_book(tmp_path: Path) -> None:
    out = tmp_path / "book.pdf"
    out.write_bytes(b"old")
    useless = Path(shutil.which("true") or sys.executable)  # what does nothing with these options
    with pytest.raises(NotPrinted, match=r"end the name in \.html"):
        print_pdf("<p>", out, DAY, useless)
    assert out.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["book.pdf"]


def test_margins_hold_forty_to_seventy_letters_a_line_at_18_points(book: Printed) -> None:
    page = book.document[12].get_textpage()
    lines = [line for line in page.get_text_range().splitlines() if len(line) > 30]
    assert 40 <= max(map(len, lines)) <= 75
