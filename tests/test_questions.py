"""The list for the clinic: kept whole, readable by hand, and gone when it is deleted."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.questions import FILE, LONGEST, MOST, Question, Questions, QuestionsTrouble


@pytest.fixture
def questions(tmp_path: Path) -> Questions:
    return Questions(tmp_path / "home", lambda: "2026-11-24")


def test_a_question_is_kept_with_its_day_and_topic(questions: Questions) -> None:
    questions.gather("cramps", "Is magnesium safe?")
    assert questions.read() == (Question("2026-11-24", "cramps", "Is magnesium safe?"),)


def test_a_topic_alone_is_put_on_the_list_and_the_same_again_takes_it_off(questions: Questions) -> None:
    questions.gather("cramps", "")
    questions.gather("pain", "")
    questions.gather("cramps", "")
    assert [one.topic for one in questions.read()] == ["pain"]


def test_the_same_words_twice_are_one_question(questions: Questions) -> None:
    questions.gather("", "When do we come back?")
    questions.gather("", "When do  we come back?")
    assert len(questions.read()) == 1


def test_one_is_taken_off_by_its_key_and_all_of_them_at_once(questions: Questions) -> None:
    for topic in ("cramps", "pain", "sleep"):
        questions.gather(topic, "")
    questions.take_off(questions.read()[1].key)
    questions.take_off("gone")
    assert [one.topic for one in questions.read()] == ["cramps", "sleep"]
    questions.clear()
    questions.clear()
    assert questions.read() == ()


def test_a_line_written_by_hand_is_a_question(questions: Questions, tmp_path: Path) -> None:
    questions.gather("cramps", "")
    file = tmp_path / "home" / FILE
    file.write_text(file.read_text("utf-8") + "Ask about the mask\r\n\n", encoding="utf-8")
    assert questions.read()[1] == Question("", "", "Ask about the mask")


def test_a_folder_that_can_not_be_written_is_said_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file")
    with pytest.raises(QuestionsTrouble, match=r"questions\.txt"):
        Questions(tmp_path / "home", lambda: "").gather("cramps", "")


words = st.text(max_size=400)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(["", "cramps", "pain"]), words), max_size=8))
def test_whatever_is_typed_comes_back_as_words_on_one_line(questions: Questions, given_: list[tuple[str, str]]) -> None:
    questions.clear()
    for topic, text in given_:
        questions.gather(topic, text)
    for one in questions.read():
        assert one.text == " ".join(one.text.split())
        assert len(one.text) <= LONGEST
        assert one.topic in ("", "cramps", "pain")
    assert len(questions.read()) <= MOST
    again = questions.read()
    assert [one.key for one in again] == [one.key for one in questions.read()]
