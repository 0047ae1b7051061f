"""What goes into the book, before it is printed."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from assistant.book import BookOrder, NoSuchGroup, book_html
from assistant.book.cards import card_of
from assistant.book.figures import FIGURES, in_figures
from assistant.book.words import BookWords
from assistant.choices import World
from assistant.cli import main
from assistant.knowledge import Content, Topic
from assistant.topics import content_folder

DAY = date(2026, 11, 24)


@pytest.fixture(scope="module")
def words() -> BookWords:
    return BookWords.read(content_folder(), "en")


def html(content: Content, *groups: str) -> str:
    return book_html(content, content_folder(), BookOrder(groups=groups, day=DAY))


def with_topic(world: World, topic: Topic) -> Content:
    return replace(world.content, topics=world.content.topics | {topic.id: topic})


@pytest.mark.parametrize(
    ("spoken", "written"),
    [
        ("nine one one", "911"),
        ("triple zero", "000"),
        ("one one six, one two three", "116 123"),
        ("thirteen, eleven, fourteen", "13 11 14"),
        ("call or text nine eight eight, or chat online", "call or text 988, or chat online"),
        ("one of them", "one of them"),
        ("your emergency number", "your emergency number"),
    ],
)
def test_telephone_numbers_are_written_in_figures(spoken: str, written: str) -> None:
    assert in_figures(spoken) == written


@given(st.lists(st.sampled_from(sorted(FIGURES)), min_size=2, max_size=12))
def test_no_figure_of_a_number_is_lost(spoken: list[str]) -> None:
    assert in_figures(" ".join(spoken)) == "".join(FIGURES[word] for word in spoken)


def test_every_number_of_every_region_turns_into_figures(world: World) -> None:
    for region in world.content.regions.values():
        assert re.fullmatch(r"\d{3}", in_figures(region.emergency)), region.id
        assert re.search(r"\d", in_figures(region.crisis_contact)), region.id


def test_what_this_does_not_mean_stands_where_the_evidence_is_not_sure_and_nowhere_else(
    world: World, words: BookWords
) -> None:
    for topic in world.topics.values():
        card = card_of(topic, world.content, words, "us", world.topics)
        assert bool(card.not_mean) == (topic.evidence not in ("established", "practical")), topic.id
        assert card.sure
        assert card.source


def test_hard_words_are_explained_on_the_cards_that_hold_them(world: World, words: BookWords) -> None:
    card = card_of(world.topics["riluzole"], world.content, words, "us", world.topics)
    assert ("riluzole", "RIL-yoo-zole") in card.said
    assert not card_of(world.topics["sleep"], world.content, words, "us", ()).see_also


def test_how_to_say_it_is_known_for_every_hard_name_of_the_answers(world: World, words: BookWords) -> None:
    names = (content_folder() / "en" / "hard-words.txt").read_text("utf-8").lower().splitlines()
    plain_english = {"medicare", "medicaid", "brainstorm"}
    spoken = " ".join(
        " ".join([topic.short, topic.caregivers, *(block.text for block in topic.more)])
        for topic in world.topics.values()
    ).lower()
    hard = [name for name in names if name and " " not in name and not name.startswith("#")]
    used = {name for name in hard if re.search(rf"(?<![\w-]){name}(?![\w-])", spoken)} - plain_english
    known = {word.lower() for word in words.said}
    assert not {name for name in used if name not in known and not name.endswith(("logy", "ation"))}


def test_a_sensitive_answer_asks_first(world: World) -> None:
    text = html(world.content, "J")
    asked = text.count("Do you want the full answer?")
    assert asked == sum(topic.sensitive for topic in world.in_group("life"))


def test_a_signed_topic_names_who_checked_it_and_a_book_without_drafts_has_no_draft_line(world: World) -> None:
    signed = {name: replace(topic, reviewed_by="Dr. Ada Example") for name, topic in world.topics.items()}
    text = html(replace(world.content, topics=signed))
    assert "Checked by Dr. Ada Example" in text
    assert "Draft" not in text
    assert "No clinician has checked" not in text


@pytest.mark.parametrize("hostile", ["<script>alert(1)</script>", '"><img src=x onerror=y>', "</style><b>&amp;"])
def test_what_a_pack_says_is_text_and_never_markup(world: World, hostile: str) -> None:
    sleep = world.topics["sleep"]
    group = next(group for group in world.content.groups if group.id == sleep.group)
    topic = replace(sleep, title=hostile, short=hostile, caregivers=hostile, code="I99", reviewed_by=hostile)
    groups = tuple(replace(group, title=hostile) if one is group else one for one in world.content.groups)
    text = html(replace(with_topic(world, topic), groups=groups), group.letter)
    body = text.split("</style>", 1)[1]
    assert "<script" not in text
    assert "<img" not in text
    assert "</style>" not in body
    assert text.count("</style>") == 1


def test_the_page_asks_nothing_of_the_network(world: World) -> None:
    text = html(world.content)
    assert "default-src 'none'" in text
    assert not re.findall(r"(?:src|href)=\"(?!#)", text)
    assert "url(" not in text
    assert "@import" not in text


def test_every_link_leads_somewhere(world: World) -> None:
    text = html(world.content)
    ids = re.findall(r'id="([^"]+)"', text)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', text)) <= set(ids)


def test_an_unknown_group_is_named_and_the_groups_are_told(world: World) -> None:
    with pytest.raises(NoSuchGroup, match=r"no group 'breething'.*breathing"):
        html(world.content, "breething")


def test_groups_keep_the_order_of_the_menu_whatever_the_order_asked(world: World) -> None:
    assert html(world.content, "j", "A") == html(world.content, "urgent", "LIFE")


def test_no_words_are_slanted_underlined_or_in_capitals(world: World) -> None:
    text = html(world.content)
    assert not re.search(r"italic|oblique|text-decoration: underline|text-transform|<(?:i|em|u)>|justify;", text)


def test_another_language_without_words_of_its_own_gets_the_english_ones(tmp_path: Path) -> None:
    shutil.copytree(content_folder() / "en", tmp_path / "en", ignore=shutil.ignore_patterns("topics"))
    assert BookWords.read(tmp_path, "fr").one("page") == "Page"
    (tmp_path / "fr").mkdir()
    (tmp_path / "fr" / "book.txt").write_text("page: Feuille\n", "utf-8")
    assert BookWords.read(tmp_path, "fr").one("page") == "Feuille"


def test_the_command_writes_a_page_and_says_how_to_print_it(tmp_path: Path) -> None:
    out = tmp_path / "answers.html"
    result = CliRunner().invoke(main, ["book", str(out), "--groups", "F", "--size", "32", "--paper", "letter"])
    assert result.exit_code == 0, result.output
    assert "choose Print" in result.output
    assert "size: Letter" in out.read_text("utf-8")


def test_without_a_browser_the_page_is_written_in_place_of_the_pdf(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.sharing.find_browser", lambda: None)
    result = CliRunner().invoke(main, ["book", str(tmp_path / "answers.pdf"), "--groups", "F"])
    assert result.exit_code == 0, result.output
    assert "I found no Edge, Chrome or Chromium" in result.output
    assert [path.name for path in tmp_path.iterdir()] == ["answers.html"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["answers.docx"], "End the name in .pdf or .html: answers.pdf."),
        (["nowhere/answers.html"], "can not be written"),
        (["answers.html", "--groups", "Q"], "There is no group 'q'."),
    ],
)
def test_what_can_not_be_printed_is_said_in_a_sentence(
    arguments: list[str], sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(main, ["book", *arguments])
    assert result.exit_code == 1
    assert sentence in result.output
    assert not list(tmp_path.iterdir())
