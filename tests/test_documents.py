"""What the documents promise is there, and what is there is in the documents."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import msgspec
import pytest

from assistant.asking import Reply, reply_to
from assistant.choices import World
from assistant.cli import _value, main
from assistant.matching import Matcher
from assistant.profile import Settings
from assistant.showing.page import Page
from assistant.textfiles import read_phrases
from assistant.topics import content_folder

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "assistant"
DESIGN = (ROOT / "docs" / "design.md").read_text(encoding="utf-8")
COMMANDS_PAGE = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), ROOT / "tests" / "evaluation" / "README.md"])
SETTINGS = {name.replace("_", "-") for name in Settings.__struct_fields__}


def all_commands(command: click.Command = main, path: tuple[str, ...] = ()) -> Iterator[tuple[str, click.Command]]:
    yield " ".join(("askaloud", *path)), command
    if isinstance(command, click.Group):
        for name, inner in command.commands.items():
            yield from all_commands(inner, (*path, name))


def options_of(command: click.Command) -> set[str]:
    named = {name for one in command.params if isinstance(one, click.Option) for name in one.opts}
    return named | {"--help", "-h"}


def table_after(heading: str, page: str = COMMANDS_PAGE) -> set[str]:
    """What stands in backticks in the first column of the table with this heading."""
    rows = page.split(heading, 1)[1].split("\n\n", 1)[0].splitlines()
    return {name for row in rows for name in re.findall(r"`([^`]+)`", row.split(" | ")[0])}


def written_commands(page: Path) -> Iterator[str]:
    """Every command line in a page: indented ones without their remarks, and those in backticks."""
    text = page.read_text(encoding="utf-8")
    for line in re.findall(r"^ {4}(askaloud .*)$", text, re.MULTILINE):
        yield re.sub(r"\s+#.*", "", line)
    yield from re.findall(r"`(askaloud [^`]+)`", text)


WRITTEN = [(page.relative_to(ROOT).as_posix(), line) for page in PAGES for line in written_commands(page)]


@pytest.mark.parametrize(("name", "command"), list(all_commands()), ids=[name for name, _ in all_commands()])
def test_every_command_and_option_is_documented(name: str, command: click.Command) -> None:
    assert re.search(rf"(^|[^\w-]){re.escape(name)}\b", COMMANDS_PAGE), f"docs/commands.md does not tell of {name}"
    for option in options_of(command):
        assert re.search(rf"(^|[^\w-]){re.escape(option)}\b", COMMANDS_PAGE), f"{name} {option} is not told"


def test_every_option_on_the_page_of_commands_exists() -> None:
    known = set().union(*(options_of(command) for _, command in all_commands()))
    assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", COMMANDS_PAGE)) <= known


@pytest.mark.parametrize(("page", "line"), WRITTEN)
def test_a_command_in_a_document_is_a_command(
    page: str, line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "FOLDER").mkdir()
    monkeypatch.chdir(tmp_path)
    command: click.Command = main
    words = shlex.split(line)[1:]
    while isinstance(command, click.Group) and words and not words[0].startswith("-"):
        assert words[0] in command.commands, f"{page}: {line}"
        command = command.commands[words.pop(0)]
    unknown = {word for word in words if re.match(r"--?[a-z]", word)} - options_of(command)
    assert not unknown, f"{page}: {line}"
    if command is main.commands["set"]:
        name, value = words
        msgspec.convert({name: _value(name, value)}, Settings)


def test_there_are_commands_in_the_documents() -> None:
    assert len(WRITTEN) > 30
    assert len({page for page, _ in WRITTEN}) > 4


def test_exactly_the_settings_there_are_are_documented() -> None:
    assert table_after("| setting | what it is |") == SETTINGS


def test_exactly_the_names_of_a_reply_are_documented() -> None:
    assert table_after("| name | value |") == set(Reply.__struct_fields__)


def test_exactly_what_the_page_tells_other_programs_is_documented(world: World) -> None:
    page = Page(lambda _: None, lambda _: None, world.content.prompts)
    told = table_after("| in the state | value |", (ROOT / "docs" / "page.md").read_text(encoding="utf-8"))
    assert told == set(page.board.state())
    page.close()


def test_exactly_the_spoken_commands_are_listed() -> None:
    listed = re.search(r"The commands are: ([^.]+)\.", COMMANDS_PAGE)
    assert listed
    names = set(read_phrases(content_folder() / "en" / "commands.txt"))
    assert {name.strip() for name in listed[1].replace("\n", " ").split(",")} == names


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        file, _, anchor = target.partition("#")
        if "://" in target or target.startswith("mailto:"):
            continue
        place = (page.parent / file) if file else page
        assert place.exists(), f"{page.name} links to {target}"
        if anchor:
            titles = re.findall(r"^#+ (.+)$", place.read_text(encoding="utf-8"), re.MULTILINE)
            assert anchor in {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


def test_what_trouble_is_said_in_the_documents_is_said_by_the_program() -> None:
    """A person compares what they read with what they see: it must be the same words."""
    page = (ROOT / "docs" / "troubleshooting.md").read_text(encoding="utf-8")
    told = re.findall(r'^\| "([^"]+)"', page, re.MULTILINE)
    sources = [*PACKAGE.rglob("*.py"), *(ROOT / "content" / "en").glob("*.txt")]
    program = "".join(re.sub(r'"\s*\n\s*f?"', "", path.read_text(encoding="utf-8")) for path in sources)
    assert told
    assert [sentence for sentence in told if sentence not in program] == []


# ---- docs/design.md


def design_rows() -> Iterator[tuple[list[str], list[str]]]:
    """What stands in backticks in both columns of every row."""
    for row in DESIGN.splitlines():
        if row.startswith("| `"):
            first, rest = row.split(" | ", 1)
            yield re.findall(r"`([^`]+)`", first), re.findall(r"`([^`]+)`", rest)


def modules_named(first: list[str], rest: list[str]) -> set[str]:
    """The modules that a row names: by their path, or, beside the name of a folder, by their own."""
    inside = {f"{first[0]}{name}.py" for name in rest if name.isidentifier()} if first[0].endswith("/") else set()
    return inside | {name for name in (*first, *rest) if name.endswith(".py") and not name.startswith("tests/")}


def test_the_design_names_every_module_and_only_those_there_are() -> None:
    named = set().union(*(modules_named(*row) for row in design_rows()))
    modules = {path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py")}
    assert named == {name for name in modules if name == "__main__.py" or "__" not in name}


def test_what_the_design_says_of_a_file_is_in_that_file() -> None:
    for first, rest in design_rows():
        if not first[0].endswith("/"):
            words = set(re.findall(r"\w+", "".join((PACKAGE / name).read_text("utf-8") for name in first)))
            assert {name for name in rest if name.isidentifier()} <= words, first


def test_every_folder_and_every_name_in_the_text_of_the_design_is_there() -> None:
    words = set(re.findall(r"\w+", "".join(path.read_text("utf-8") for path in PACKAGE.rglob("*.py"))))
    for name in re.findall(r"`([^` ]+)`", DESIGN):
        places = [ROOT / name, PACKAGE / name, *PACKAGE.glob(f"*/{name}")]
        assert name in words or any(place.exists() for place in places), name


def test_the_example_in_the_readme_is_what_it_says(world: World, matcher: Matcher) -> None:
    you, askaloud = re.findall(r"^    (?:You|askaloud): +(.+)$", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE)
    reply, _ = reply_to(world, matcher, Settings().conversation(), (you.replace("...", ""),))
    assert reply.say.startswith(askaloud.removesuffix(" ..."))


def test_the_readme_tells_how_many_topics_there_are(world: World) -> None:
    told = re.search(r"(\d+) topics", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert told
    assert int(told[1]) == len(world.topics)
