"""Reading topics: what lay editors do to a file is either understood or refused with a line and a remedy."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.textfiles import ContentUnreadable, Problem, listed, read_phrases
from assistant.topicfile import read_topic
from assistant.topics import Content, UnknownPrompt, content_folder, read_content

ROOT = Path(__file__).resolve().parent.parent
GUIDE = (ROOT / "docs" / "writing-topics.md").read_text(encoding="utf-8")
EXAMPLE: str = re.findall(r"```\n(---\n.*?)```", GUIDE, re.DOTALL)[0]
Edit = Callable[[str], str]


def read(text: str | bytes) -> tuple[object, list[Problem]]:
    return read_topic(text if isinstance(text, bytes) else text.encode(), "our-nurse.md")


def replaced(old: str, new: str) -> Edit:
    def edit(text: str) -> str:
        assert old in text
        return text.replace(old, new, 1)

    return edit


def test_the_example_in_the_guide_is_read_whole() -> None:
    topic, problems = read_topic(EXAMPLE.encode(), "our-nurse.md")
    assert not problems
    assert topic is not None
    assert (topic.id, topic.section, topic.code) == ("our-nurse", "caring", "J90")
    assert topic.related == ("caregiver-strain", "getting-help-home")
    assert topic.reviewed == date(2026, 11, 24)
    assert topic.draft
    assert len(topic.questions) == 12
    assert topic.short.startswith("Maria is here at night. She comes")
    assert [block.label for block in topic.more] == ["what she can do"]
    assert "She can give water" in topic.more[0].text
    assert EXAMPLE.splitlines()[topic.lines["short"] - 1] == "# Short answer"


FORGIVEN: dict[str, Edit] = {
    "Windows line ends": lambda text: text.replace("\n", "\r\n"),
    "old Mac line ends": lambda text: text.replace("\n", "\r"),
    "a byte order mark": lambda text: "\ufeff" + text,
    "curly quotes": lambda text: text.replace("'", "\u2019"),
    "blank lines everywhere": lambda text: text.replace("\n", "\n\n"),
    "spaces at the ends of lines": lambda text: text.replace("\n", "   \n"),
    "tabs after the bullets": lambda text: text.replace("- ", "-\t"),
    "stars for bullets": lambda text: text.replace("\n- ", "\n* "),
    "round bullets": lambda text: text.replace("\n- ", "\n\u2022 "),
    "a doubled dash": lambda text: text.replace("\n- ", "\n- - "),
    "numbers for bullets": lambda text: text.replace("\n- ", "\n1. "),
    "no bullets": lambda text: text.replace("\n- ", "\n"),
    "a line break inside a sentence": replaced("at ten in the", "at ten\nin the"),
    "dashes that became one long dash": lambda text: text.replace("---\n", "\u2014\n"),
    "no opening dashes": lambda text: text.replace("---\n", "", 1),
    "no closing dashes": lambda text: text.replace("---\n\n", "\n", 1),
    "capital letters in names": replaced("title:", "Title:"),
    "an underscore in a name": replaced("reviewed by:", "reviewed_by:"),
    "no space after the colon": replaced("group: life", "group:life"),
    "quotes around a value": replaced("title: Our night nurse", 'title: "Our night nurse"'),
    "brackets around a list": replaced("caregiver-strain, getting-help-home", "[caregiver-strain, getting-help-home]"),
    "a comma at the end of a list": replaced("getting-help-home\n", "getting-help-home,\n"),
    "two hashes": lambda text: text.replace("\n# ", "\n## "),
    "no space after the hash": lambda text: text.replace("\n# ", "\n#"),
    "headings in capitals": replaced("# Short answer", "# SHORT ANSWER"),
    "a colon after a heading": replaced("# Questions", "# Questions:"),
    "stars around a heading": replaced("# Short answer", "# **Short answer**"),
    "stars around a word": replaced("a bell by", "a **bell** by"),
    "a missing full stop at the end": replaced("works best.", "works best"),
    "a note in the header": replaced("title:", "# the name of it\ntitle:"),
    "utf-16 with its mark": lambda text: text,
}


@pytest.mark.parametrize("slip", FORGIVEN)
def test_a_slip_with_one_meaning_is_read_as_it_was_meant(slip: str) -> None:
    text = FORGIVEN[slip](EXAMPLE)
    as_meant, _ = read(EXAMPLE)
    topic, problems = read(text.encode("utf-16" if "utf-16" in slip else "utf-8"))
    assert topic == as_meant, (slip, [str(problem) for problem in problems])
    assert not problems


REFUSED: dict[str, tuple[Edit, str]] = {
    "a mistyped name": (replaced("title:", "titel:"), "Did you mean 'title'?"),
    "a doubled name": (replaced("say:", "title: Another\nsay:"), "stands twice"),
    "no colon": (replaced("title: Our", "title Our"), "Put a colon"),
    "an empty value": (replaced("title: Our night nurse", "title:"), "'title' is missing"),
    "a name left out": (replaced("evidence: practical\n", ""), "'evidence' is missing"),
    "a day first": (replaced("2026-11-24", "24-11-2026"), "Write year-month-day"),
    "a month in words": (replaced("2026-11-24", "November 2026"), "Write year-month-day"),
    "a day that does not exist": (replaced("2026-11-24", "2026-02-30"), "Write year-month-day"),
    "an unknown label": (replaced("evidence: practical", "evidence: practicle"), "Did you mean 'practical'?"),
    "maybe for yes": (replaced("evidence:", "urgent: maybe\nevidence:"), "yes or no"),
    "capitals in the id": (replaced("id: our-nurse", "id: Our Nurse"), "small letters"),
    "a code without a letter": (replaced("code: J90", "code: 90"), "a letter and a number"),
    "an unknown heading": (replaced("# Short answer", "# Short anser"), "Did you mean 'short answer'?"),
    "a doubled heading": (replaced("# For caregivers", "# Short answer\nMore.\n\n# For caregivers"), "stands twice"),
    "a More without a name": (replaced("# More: what she can do", "# More"), "needs a name"),
    "a heading without its hash": (replaced("# For caregivers", "For caregivers"), "looks like a heading"),
    "a More without its hash": (replaced("# More: what", "More: what"), "looks like a heading"),
    "text before the first heading": (replaced("# Questions", "Hello there.\n# Questions"), "before the first heading"),
    "no questions": (lambda text: re.sub(r"\n- .*", "", text), "There are no questions"),
    "an empty part": (lambda text: re.sub(r"Write down what.*", "", text), "nothing under this heading"),
    "no short answer": (lambda text: re.sub(r"# Short answer\n.*\n", "", text), "'# Short answer' is missing"),
    "an unknown brace": (replaced("Ring the bell", "Ring {emergancy}"), "Did you mean 'emergency'?"),
    "an open brace": (replaced("Ring the bell", "Ring {emergency"), "opened and not closed"),
    "a link": (replaced("Ring the bell", "Ring the [bell](x)"), "can not be spoken"),
    "a comment of another kind": (replaced("Ring the bell", "Ring <!-- x -->"), "can not be spoken"),
    "an invisible character": (replaced("Ring", "Ri\x00ng"), "invisible character"),
    "letters garbled by a saver": (replaced("can't", "can\u00e2\u20ac\u2122t"), "garbled"),
}


@pytest.mark.parametrize("slip", REFUSED)
def test_a_slip_with_two_meanings_is_refused_with_file_line_and_remedy(slip: str) -> None:
    edit, said = REFUSED[slip]
    topic, problems = read(edit(EXAMPLE))
    assert topic is None, slip
    assert any(said in problem.sentence for problem in problems), [str(problem) for problem in problems]
    assert all(problem.file == "our-nurse.md" for problem in problems)
    assert all(str(problem).startswith("our-nurse.md") for problem in problems)


def test_a_problem_names_the_line_an_editor_sees() -> None:
    _, problems = read(EXAMPLE.replace("title:", "titel:", 1))
    line = EXAMPLE.splitlines().index("title: Our night nurse") + 1
    assert f"our-nurse.md line {line}: I don't know 'titel'. Did you mean 'title'?" in [str(p) for p in problems]


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (EXAMPLE.replace("can't", "can\u2019t").encode("cp1252"), "not stored as UTF-8"),
        (EXAMPLE.encode("utf-16-le"), "invisible character"),
        (b"PK\x03\x04 and more", "a Word or OpenOffice document"),
        (b"{\\rtf1 hello}", "rich text"),
        (b"", "missing"),
    ],
)
def test_other_kinds_of_files_are_named_and_the_remedy_given(raw: bytes, said: str) -> None:
    topic, problems = read(raw)
    assert topic is None
    assert any(said in problem.sentence for problem in problems), [str(problem) for problem in problems]


@given(st.binary(max_size=400))
def test_any_bytes_give_a_topic_or_a_problem(raw: bytes) -> None:
    topic, problems = read(raw)
    assert (topic is not None) or any(problem.level == "error" for problem in problems)


@given(st.lists(st.sampled_from([*EXAMPLE.splitlines(), "#", "---", "- ", ":", "x: y", "{", "# More:"]), max_size=60))
def test_any_order_of_lines_gives_a_topic_or_a_problem(lines: list[str]) -> None:
    topic, problems = read("\n".join(lines))
    assert (topic is not None) or any(problem.level == "error" for problem in problems)


@given(st.data())
def test_any_cut_and_any_insertion_gives_a_topic_or_a_problem(data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(EXAMPLE)))
    end = data.draw(st.integers(at, min(len(EXAMPLE), at + 30)))
    topic, problems = read(EXAMPLE[:at] + data.draw(st.text(max_size=8)) + EXAMPLE[end:])
    assert (topic is not None) or any(problem.level == "error" for problem in problems)


def content_in(folder: Path, **topics: str) -> Path:
    """A small content folder with our real flat files and some topics."""
    language = folder / "content" / "en"
    (language / "topics").mkdir(parents=True)
    for path in (content_folder() / "en").glob("*.txt"):
        (language / path.name).write_bytes(path.read_bytes())
    for name, text in topics.items():
        (language / "topics" / f"{name.replace('_', '-')}.md").write_text(text, encoding="utf-8")
    return folder / "content"


def topic_text(topic_id: str, title: str, group: str, code: str, **more: str) -> str:
    text = EXAMPLE.replace("our-nurse", topic_id, 1).replace("Our night nurse", title).replace("J90", code)
    text = text.replace("group: life\nsection: caring", f"group: {group}")
    extra = "".join(f"{name}: {value}\n" for name, value in more.items())
    return text.replace("evidence:", extra + "evidence:", 1)


def test_our_own_content_is_read_without_an_error() -> None:
    content, problems = read_content(content_folder())
    assert [str(problem) for problem in problems if problem.level == "error"] == []
    assert [group.letter for group in content.groups] == list("ABCDEFGHIJ")
    assert len(content.sources) >= 94
    places = [(content.groups.index(g), t) for t in content.topics.values() for g in content.groups if g.id == t.group]
    assert [place for place, _ in places] == sorted(place for place, _ in places)


def test_one_broken_file_leaves_the_others_standing(tmp_path: Path) -> None:
    good = topic_text("good", "Good", "about", "B1")
    folder = content_in(tmp_path, good=good, bad=topic_text("bad", "Bad", "abuot", "B2"), worse="hello")
    content, problems = read_content(folder)
    assert list(content.topics) == ["good"]
    assert {problem.file for problem in problems} == {"en/topics/bad.md", "en/topics/worse.md"}
    assert any("Did you mean 'about'?" in problem.sentence for problem in problems)


def test_topics_stand_in_the_order_of_the_menu(tmp_path: Path) -> None:
    folder = content_in(
        tmp_path,
        late=topic_text("late", "Late", "about", "B10"),
        early=topic_text("early", "Early", "about", "B2"),
        first=topic_text("first", "First", "urgent", "A1"),
    )
    assert list(read_content(folder)[0].topics) == ["first", "early", "late"]


def test_file_name_and_code_letter_have_to_fit(tmp_path: Path) -> None:
    folder = content_in(tmp_path, other=topic_text("one", "One", "about", "C1"))
    content, problems = read_content(folder)
    assert not content.topics
    sentences = " ".join(problem.sentence for problem in problems)
    assert "Name the file one.md" in sentences
    assert "The code of a topic in 'about' is B and a number" in sentences


def test_a_pack_adds_and_wins_but_never_over_urgent_topics(tmp_path: Path) -> None:
    folder = content_in(
        tmp_path,
        calm=topic_text("calm", "Ours", "about", "B1"),
        cry=topic_text("cry", "Ours too", "urgent", "A1", urgent="yes"),
    )
    pack = tmp_path / "family"
    pack.mkdir()
    (pack / "groups.txt").write_text("id: home\nletter: A\ntitle: Our home\nspoken: our home\n", encoding="utf-8")
    for name, group, more in (
        ("calm", "about", {}),
        ("new", "home", {}),
        ("cry", "about", {}),
        ("sly", "about", {"urgent": "yes"}),
    ):
        text = topic_text(name, f"Theirs {name}", group, "B1", **more)
        (pack / f"{name}.md").write_text(text, encoding="utf-8")
    content, problems = read_content(folder, [pack])
    assert content.topics["calm"].title == "Theirs calm"
    assert content.topics["cry"].title == "Ours too"
    assert content.topics["new"].group == "home"
    assert "sly" not in content.topics
    assert [problem.file for problem in problems] == ["family/cry.md", "family/sly.md"]
    codes = [topic.code for topic in content.topics.values()]
    assert len(set(codes)) == len(codes)
    assert content.groups[-1].letter == "K"


def test_a_pack_that_is_not_there_is_a_problem_and_no_more(tmp_path: Path) -> None:
    content, problems = read_content(content_in(tmp_path), [tmp_path / "nowhere"])
    assert content.groups
    assert "There is no folder" in problems[-1].sentence


def test_a_language_takes_what_it_lacks_from_english(tmp_path: Path) -> None:
    folder = content_in(
        tmp_path, one=topic_text("one", "One", "about", "B1"), two=topic_text("two", "Two", "about", "B2")
    )
    (folder / "es" / "topics").mkdir(parents=True)
    (folder / "es" / "topics" / "one.md").write_text(topic_text("one", "Uno", "about", "B1"), encoding="utf-8")
    content, problems = read_content(folder, language="es")
    assert [topic.title for topic in content.topics.values()] == ["Uno", "Two"]
    assert [problem.level for problem in problems] == ["warning"]
    assert "two" in problems[0].sentence


def test_an_empty_folder_gives_problems_and_empty_content(tmp_path: Path) -> None:
    content, problems = read_content(tmp_path)
    assert not content.topics
    assert {problem.file for problem in problems} >= {"en/groups.txt", "en/prompts.txt"}


def test_braces_are_filled_from_the_country_and_stay_right_anywhere() -> None:
    content, _ = read_content(content_folder())
    assert content.fill("Call {emergency} now. {text}", "us") == "Call nine one one now. {text}"
    assert content.fill("{emergency}, {crisis_line}", "uk") == "nine nine nine, one one six, one two three"
    assert content.fill("Call {emergency} now.", "atlantis") == "Call your emergency number now."
    assert Content().fill("{crisis_contact}", "us") == "contact your local crisis line"


def test_numbers_that_are_not_confirmed_are_not_spoken(tmp_path: Path) -> None:
    folder = content_in(tmp_path)
    path = folder / "en" / "regions.txt"
    path.write_text("id: xx\ncountry: Ex\nemergency: one two\n", encoding="utf-8")
    content, _ = read_content(folder)
    assert content.fill("{emergency} in {country}", "xx") == "your emergency number in Ex"


def test_an_unknown_prompt_says_which_line_to_add() -> None:
    content, _ = read_content(content_folder())
    assert all(content.prompts.variants(key) for key in content.prompts.keys())  # noqa: SIM118 - not a mapping
    with pytest.raises(UnknownPrompt, match="no line that starts with 'nothing:'"):
        content.prompts.variants("nothing")


def test_phrases_keep_their_order_and_a_broken_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "words.txt"
    path.write_text("# note\nstop: be quiet\nGo: on\nstop: hush\n", encoding="utf-8")
    assert read_phrases(path) == {"stop": ("be quiet", "hush"), "go": ("on",)}
    path.write_text("stop: hush\njust words\n", encoding="utf-8")
    with pytest.raises(ContentUnreadable, match=r"words.txt line 2"):
        read_phrases(path)
    with pytest.raises(ContentUnreadable):
        read_phrases(tmp_path / "missing.txt")


@given(st.text(max_size=40))
def test_a_list_has_no_empty_and_no_repeated_items(text: str) -> None:
    items = listed(text)
    assert len(set(items)) == len(items)
    assert all(items)
