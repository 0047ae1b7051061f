"""Profiles, the next way to ask, settings that change while scanning."""

from __future__ import annotations

import msgspec
import pytest

from assistant.choices import World
from assistant.events import Keep, Value
from assistant.places import Manner
from assistant.pressing.voiced import is_voiced_press
from assistant.profile import Settings
from assistant.scan.ladder import LADDER, changes_for, method_of, next_down
from assistant.scan.profiles import PROFILES
from assistant.scanner import Scanner
from tests.switching import Stage


@pytest.mark.parametrize("name", PROFILES)
@pytest.mark.parametrize("usual_s", [0.6, 1.5, 4.0])
def test_every_profile_is_made_of_settings_that_exist_and_are_allowed(name: str, usual_s: float) -> None:
    changes = {key.replace("_", "-"): value for key, value in PROFILES[name](usual_s).items()}
    msgspec.convert(changes, Settings)


CHANGES: list[tuple[str, Value]] = [
    ("scanning", "step"),
    ("scan_step_s", 2.4),
    ("scan_rounds", 5),
    ("scan_list", 6),
    ("scan_spoken", True),
    ("scan_undo", False),
    ("scan_grace", False),
    ("cue_wpm", 300),
    ("preview_wpm", 350),
    ("hold_back_s", 1.5),
    ("hold_call_s", 6.0),
    ("accept_press_s", 0.2),
    ("repeat_press_s", 0.6),
    ("release_press_s", 0.1),
]


@pytest.mark.parametrize(("name", "value"), CHANGES)
def test_a_setting_that_changes_while_scanning_counts_at_once_as_after_a_restart(name: str, value: Value) -> None:
    before = Settings(scanning="auto")
    scanner = Scanner(before.scan("Further"), before.filters())
    scanner.keep(Keep(name, value))
    after = msgspec.structs.replace(before, **{name: value})
    assert (scanner.settings, scanner.filters) == (after.scan("Further"), after.filters())


def test_tired_is_slower_than_fresh_and_by_ear_is_spoken(world: World) -> None:
    stage = Stage(world)
    stage.choose("command:settings").choose("command:tired").wait_for_rest()
    assert stage.scanner.settings.step_s == pytest.approx(2.1)
    stage.choose("command:by ear").wait_for_rest()
    assert stage.scanner.settings.auditory
    assert stage.scanner.settings.size == 6
    stage.choose("command:fresh").wait_for_rest()
    assert stage.scanner.settings.step_s == pytest.approx(1.5)
    assert not stage.scanner.settings.auditory


def test_a_profile_that_was_a_mistake_is_taken_back_whole(world: World) -> None:
    stage = Stage(world).choose("command:settings")
    before = stage.scanner.settings
    stage.choose("command:by ear")
    assert stage.scanner.settings != before
    stage.until(stage.now_s + 0.4).press()
    assert stage.scanner.settings == before
    assert stage.kept["scan_spoken"] is False
    assert stage.kept["scan_step_s"] == pytest.approx(1.5)


def test_safe_settings_bring_scanning_back_from_anything(world: World) -> None:
    from assistant.events import Picked

    stage = Stage(world)
    for name, value in CHANGES:
        stage.scanner.keep(Keep(name, value))
    stage.converse(Picked("command:safe"))
    stage.wait_for_rest().choose("group:about")
    assert stage.presses[-1] == "group:about"
    assert stage.scanner.settings.step_s == 2.5


def test_the_ladder_leads_down_to_paper_and_no_further() -> None:
    method = LADDER[0]
    seen = [method]
    for _ in range(10):
        method = next_down(method)
        seen.append(method)
    assert tuple(dict.fromkeys(seen)) == LADDER
    assert next_down("paper") == "paper"


def test_what_a_way_to_ask_sets_is_allowed_and_is_recognised_again() -> None:
    for method in LADDER:
        changes = {key.replace("_", "-"): value for key, value in changes_for(method).items()}
        settings = msgspec.convert(changes, Settings)
        if method not in ("partner", "paper"):
            assert method_of(settings.scanning, settings.dwell_s) == method


def test_nothing_changes_before_a_yes_when_a_way_to_ask_is_given_up(world: World) -> None:
    stage = Stage(world)
    stage.conversation = msgspec.structs.replace(stage.conversation, method="two switches")
    stage.choose("command:settings").choose("command:ladder")
    assert "One switch" in stage.said[-1]
    assert "scanning" not in stage.kept
    stage.wait_for_rest().choose("command:no").wait_for_rest()
    assert "scanning" not in stage.kept
    assert stage.place == Manner()
    stage.choose("command:ladder").wait_for_rest().choose("command:yes")
    assert stage.kept["scanning"] == "auto"
    assert stage.conversation.method == "one switch"


@pytest.mark.parametrize(
    ("seconds", "words", "counts"),
    [(0.29, 0, False), (0.3, 0, True), (1.0, 1, True), (1.0, 2, False), (2.6, 0, False)],
)
def test_a_voiced_sound_is_a_press_if_it_is_long_enough_and_no_speech(
    seconds: float, words: int, *, counts: bool
) -> None:
    assert is_voiced_press(seconds, words) is counts
