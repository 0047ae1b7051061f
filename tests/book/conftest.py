"""One printed book for all tests, and what can be read from it."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pypdf
import pypdfium2  # type: ignore[import-untyped]  # it ships no types
import pytest
from numpy.typing import NDArray

from assistant.book import BookOrder, book_html, find_browser, print_pdf
from assistant.choices import World
from assistant.topics import content_folder

DAY = date(2026, 11, 24)
MM_PT = 72 / 25.4


@dataclass(frozen=True)
class Printed:
    path: Path
    pages: int
    """As the printer counted them."""

    @cached_property
    def reader(self) -> pypdf.PdfReader:
        return pypdf.PdfReader(self.path)

    @property
    def root(self) -> Any:
        """The PDF's catalogue."""
        return self.reader.trailer["/Root"]

    @cached_property
    def document(self) -> Any:
        return pypdfium2.PdfDocument(self.path)

    @cached_property
    def texts(self) -> list[str]:
        """Each page's text, in one line."""
        return [plain(page.get_textpage().get_text_range()) for page in self.document]

    @cached_property
    def outline(self) -> list[tuple[int, str]]:
        """(depth, title) of each entry."""
        return list(_entries(self.reader.outline, 0))

    def sizes_pt(self, page: int) -> Counter[float]:
        """Letters of each size on a page, counted from 0."""
        found: Counter[float] = Counter()

        def visit(text: str, cm: list[float], tm: list[float], _font: object, size: float) -> None:
            if text.strip():
                found[round(size * abs(tm[3]) * abs(cm[3]), 1)] += len(text.strip())

        self.reader.pages[page].extract_text(visitor_text=visit)
        return found

    def picture(self, page: int) -> NDArray[np.uint8]:
        """A page as pixels, four a mm: rows, columns, red green blue."""
        return np.asarray(self.document[page].render(scale=4 / MM_PT, rev_byteorder=True).to_numpy())[:, :, :3]


def plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).split())


def _entries(outline: Iterable[object], depth: int) -> Iterator[tuple[int, str]]:
    for entry in outline:
        if isinstance(entry, list):
            yield from _entries(entry, depth + 1)
        elif isinstance(entry, pypdf.generic.Destination):
            yield depth, str(entry.title)


def printed(world: World, order: BookOrder, folder: Path) -> Printed:
    browser = find_browser()
    if browser is None:
        pytest.skip("There is no Chromium on this computer: sudo apt install chromium")
    path = folder / f"{order.text_pt}-{order.paper}.pdf"
    return Printed(path, print_pdf(book_html(world.content, content_folder(), order), path, order.day, browser))


@pytest.fixture(scope="session")
def book(world: World, tmp_path_factory: pytest.TempPathFactory) -> Printed:
    return printed(world, BookOrder(day=DAY), tmp_path_factory.mktemp("book"))


@pytest.fixture(scope="session", params=[(18, "letter"), (24, "a4"), (32, "letter"), (32, "a4")], ids=str)
def part(request: pytest.FixtureRequest, world: World, tmp_path_factory: pytest.TempPathFactory) -> Printed:
    """Two groups, in other sizes and on other paper."""
    text_pt, paper = request.param
    order = BookOrder(text_pt, paper, ("E", "stem-cells"), "uk", day=DAY)
    return printed(world, order, tmp_path_factory.mktemp("part"))
