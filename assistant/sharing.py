"""Commands that take the answers elsewhere: onto paper, and to and from other communication programs."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from assistant.atomic import write_atomic
from assistant.boards import BadArchive, Exporting, archive_of, bring, write_pack
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


@click.command()
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
def export(out: Path) -> None:
    """Write the answers as boards for other communication programs: askaloud export answers.obz."""
    if out.suffix.lower() != ".obz":
        raise Sentence(f"End the name in .obz: {out.with_suffix('.obz').name}.")
    settings = told_settings()
    content = _content(settings)
    words = BookWords.read(content_folder(), settings.language)
    made, boards = archive_of(Exporting(content, words, settings.region, settings.language, date.today()))  # noqa: DTZ011
    try:
        write_atomic(out, made)
    except OSError as error:
        raise Sentence(f"{out} can not be written: {error.strerror}.") from None
    click.echo(words.one("boards exported", path=str(out), boards=str(boards), topics=str(len(content.topics))))
    if content.packs:
        click.echo(words.one("boards own", count=str(len(content.packs))))


@click.command("import")
@click.argument("archive", type=click.Path(dir_okay=False, path_type=Path), metavar="IN.obz")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def import_(archive: Path, folder: Path) -> None:
    """Take answers from boards into a folder of your own: askaloud import answers.obz FOLDER."""
    settings = told_settings()
    words = BookWords.read(content_folder(), settings.language)
    try:
        brought = bring(archive, _content(settings))
        written, troubles = write_pack(folder, brought) if brought.topics else (0, [])
    except BadArchive as bad:
        raise Sentence(str(bad)) from None
    except OSError as error:
        raise Sentence(f"{folder} can not be written: {error.strerror}.") from None
    for trouble in (*brought.troubles, *troubles):
        click.echo(trouble, err=True)
    if brought.same:
        click.echo(words.one("boards same", count=str(brought.same)))
    if brought.topics:
        click.echo(words.one("boards imported", count=str(written), folder=str(folder)))
    else:
        click.echo(words.one("boards nothing", path=str(archive)))
