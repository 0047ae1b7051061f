"""Commands that take the answers elsewhere: onto paper, and to and from other communication programs."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from assistant.atomic import write_atomic
from assistant.book import SIZES_PT, BookOrder, NoSuchGroup, NotPrinted, book_html, find_browser, print_pdf
from assistant.book.words import BookWords
from assistant.profile import Settings
from assistant.sentence import Sentence, told_settings
from assistant.startup import load_world
from assistant.topics import Content, content_folder


def _content(settings: Settings) -> Content:
    world, problems = load_world(settings)
    for problem in problems:
        click.echo(str(problem), err=True)
    return world.content


@click.command()
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--size", type=click.Choice([str(size) for size in SIZES_PT]), default="18", help="Letters, in points.")
@click.option("--paper", type=click.Choice(["a4", "letter"]), default="a4", help="Size of the sheets.")
@click.option("--groups", default="", help="Only these, such as A,F,G or urgent,breathing. Without it, all.")
def book(out: Path, size: str, paper: str, groups: str) -> None:
    """Print a book to read aloud from: askaloud book answers.pdf."""
    if out.suffix.lower() not in (".pdf", ".html", ".htm"):
        raise Sentence(f"End the name in .pdf or .html: {out.with_suffix('.pdf').name}.")
    settings = told_settings()
    wanted = tuple(groups.replace(",", " ").split())
    order = BookOrder(int(size), paper, wanted, settings.region, settings.language, date.today())  # noqa: DTZ011
    words = BookWords.read(content_folder(), settings.language)
    try:
        click.echo(_bound(_content(settings), order, out, words))
    except (NoSuchGroup, NotPrinted) as trouble:
        raise Sentence(str(trouble)) from None
    except OSError as error:
        raise Sentence(f"{out} can not be written: {error.strerror}.") from None


def _bound(content: Content, order: BookOrder, out: Path, words: BookWords) -> str:
    """Write the book to `out`, and give the sentence that says so. Without a browser, `out` is a page beside it."""
    html = book_html(content, content_folder(), order)
    browser = find_browser() if out.suffix.lower() == ".pdf" else None
    if browser:
        return words.one("ready", path=str(out), pages=str(print_pdf(html, out, order.day, browser)))
    page = out.with_suffix(".html") if out.suffix.lower() == ".pdf" else out
    write_atomic(page, html.encode())
    ready = words.one("ready html", path=str(page))
    return ready if page == out else f"{words.one('no printer')} {ready}"
