"""What is counted, what it advises, and that it can be left alone."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import msgspec
import pytest

from assistant.choices import World
from assistant.pressing.counting import (
    FILE,
    Counts,
    CountsTrouble,
    Day,
    advice,
    before_today,
    delete_counts,
    read_counts,
    write_counts,
)
from assistant.profile import Settings
from assistant.switches import open_switches, save_counts
from tests.switching import Stage

TODAY = date(2026, 11, 24)


@pytest.fixture
def stage(world: World) -> Stage:
    stage = Stage(world)
    stage.scanner.counts = Counts([], TODAY.isoformat())
    return stage


def test_presses_answers_and_their_seconds_are_counted(stage: Stage) -> None:
    topic = stage.world.in_group("breathing")[2].id
    stage.choose("group:breathing").choose(f"topic:{topic}")
    assert stage.scanner.counts
    today = stage.scanner.counts.today
    assert (today.presses, today.answers, today.misses, today.undos) == (2, 1, 0, 0)
    assert 10 < today.seconds < 60


def test_a_choice_that_is_taken_back_is_an_undo_and_no_answer(stage: Stage) -> None:
    stage.choose("group:breathing").choose(f"topic:{stage.world.in_group('breathing')[2].id}")
    stage.until(stage.now_s + 0.6).press()
    assert stage.scanner.counts
    today = stage.scanner.counts.today
    assert (today.answers, today.undos) == (0, 1)
    assert today.seconds == pytest.approx(0.0)


def test_a_round_without_a_choice_is_a_miss(stage: Stage) -> None:
    stage.press().until(stage.now_s + 1000)
    assert stage.scanner.counts
    assert stage.scanner.counts.today.misses == 3


def test_nothing_is_counted_unless_it_is_wanted(world: World, tmp_path: Path) -> None:
    scanner, same, offer, troubles = open_switches(Settings(), world, tmp_path, TODAY)
    assert scanner.counts is None
    assert (same, offer, troubles) == (world, "", [])
    assert save_counts(scanner, tmp_path) == ""
    assert not list(tmp_path.iterdir())


def test_counts_are_read_as_they_were_written_and_deleted_at_a_word(tmp_path: Path) -> None:
    days = [Day("2026-11-22", 5, 1, 0, 2, 21.5, {"cramps": 2}), Day("2026-11-23", 1)]
    write_counts(tmp_path, days)
    assert read_counts(tmp_path) == days
    assert delete_counts(tmp_path)
    assert read_counts(tmp_path) == []
    assert not delete_counts(tmp_path)


@pytest.mark.parametrize("line", [b"{", b'{"day": 3}', b'{"day": "x", "who": 1}', b"\xff"])
def test_damaged_counts_are_told_with_their_line_and_never_stop_the_assistant(
    world: World, tmp_path: Path, line: bytes
) -> None:
    (tmp_path / FILE).write_bytes(msgspec.json.encode(Day("2026-11-22")) + b"\n" + line + b"\n")
    with pytest.raises(CountsTrouble, match="line 2"):
        read_counts(tmp_path)
    scanner, _, _, troubles = open_switches(Settings(scan_counts=True), world, tmp_path, TODAY)
    assert len(troubles) == 1
    assert "line 2" in troubles[0]
    assert scanner.counts is not None
    save_counts(scanner, tmp_path)
    assert Day("2026-11-22") in read_counts(tmp_path), "one damaged line took the others with it"


def test_a_new_day_begins_while_it_runs() -> None:
    counts = Counts([Day("2026-11-23", presses=2)], "2026-11-24")
    counts.answered("cramps", "2026-11-24")
    counts.answered("cramps", "2026-11-25")
    counts.answered("hope", "2026-11-25")
    assert counts.days == [
        Day("2026-11-23", presses=2),
        Day("2026-11-24", topics={"cramps": 1}),
        Day("2026-11-25", topics={"cramps": 1, "hope": 1}),
    ]


def test_what_is_asked_most_only_follows_the_days_before(world: World, tmp_path: Path) -> None:
    names = list(world.topics)
    write_counts(tmp_path, [Day("2026-11-23", topics={names[40]: 5}), Day("2026-11-24", topics={names[50]: 50})])
    settings = Settings(scan_counts=True, scan_habits=True, scanning="auto")
    _, habits, _, _ = open_switches(settings, world, tmp_path, TODAY)
    assert habits.asked_most == (names[40],)
    _, without, _, _ = open_switches(Settings(scan_counts=True), world, tmp_path, TODAY)
    assert without.asked_most == ()
    assert before_today(read_counts(tmp_path), "2026-11-25")[names[50]] == 50


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (Day("d", presses=50, misses=30), "slower"),
        (Day("d", presses=50, misses=2, undos=15), "undo"),
        (Day("d", presses=50, misses=1), "faster"),
        (Day("d", presses=50, misses=8), ""),
        (Day("d", presses=5, misses=5), ""),
    ],
)
def test_advice_follows_misses_and_choices_taken_back(day: Day, said: str) -> None:
    assert advice([day]) == said


def test_the_test_is_offered_once_a_day_at_most(world: World, tmp_path: Path) -> None:
    settings = Settings(scan_counts=True, scanning="auto", switch_tested="2026-10-01")
    assert open_switches(settings, world, tmp_path, TODAY)[2] == "test offer"
    write_counts(tmp_path, [Day(TODAY.isoformat(), presses=1)])
    assert open_switches(settings, world, tmp_path, TODAY)[2] == ""
    fresh = msgspec.structs.replace(settings, switch_tested="2026-11-20")
    write_counts(tmp_path, [Day("2026-11-23", presses=30, misses=20)])
    assert open_switches(fresh, world, tmp_path, TODAY)[2] == "test offer"
