"""Whatever a hand, a switch and a line to it do: a defined state, a way home, never two choices for one press."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from assistant.choices import World
from assistant.events import Heard, Picked, Switch
from assistant.places import Menu, Ready
from assistant.pressing.filters import FilterSettings
from assistant.scan import ScanSettings, pages_of
from tests.switching import AUTO, UNFILTERED, Stage
from tests.talk import NOTHING, meaning

thorough = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
MODES = ["auto", "step", "inverse", "keys"]
how = st.builds(
    lambda mode, hold, undo, auditory, size: msgspec.structs.replace(
        AUTO, mode=mode, hold_back_s=hold, undo_s=undo, auditory=auditory, size=size
    ),
    st.sampled_from(MODES),
    st.sampled_from([0.0, 1.0]),
    st.sampled_from([0.0, 1.5]),
    st.booleans(),
    st.sampled_from([5, 6, 8]),
)
filters = st.sampled_from([FilterSettings(), UNFILTERED, FilterSettings(acceptance_s=0.3)])


@st.composite
def movements(draw: st.DrawFn) -> tuple[str, float, float, float, str]:
    """Kind, seconds after the one before, seconds held, seconds late, switch."""
    kind = draw(st.sampled_from(["press"] * 6 + ["bounce", "lost up", "lost down", "voice", "pick", "calm"]))
    return (
        kind,
        draw(st.floats(0.0, 6.0)),
        draw(st.sampled_from([0.02, 0.1, 0.4, 1.2, 3.5])),
        draw(st.floats(0.0, 0.3)),
        draw(st.sampled_from(["1", "1", "1", "2", "up", "left", "right", "down"])),
    )


stories = st.lists(movements(), max_size=30)


def act(stage: Stage, movement: tuple[str, float, float, float, str]) -> None:
    kind, gap_s, held_s, late_s, switch = movement
    stage.until(stage.now_s + gap_s)
    down_s, up_s = stage.now_s, stage.now_s + held_s
    match kind:
        case "voice":
            stage.converse(Heard(("cramps",), meaning("cramps"), "vosk", stage.conversation.listening))
        case "pick":
            stage.converse(Picked("group:breathing"))
        case "calm":
            stage.until(stage.now_s + 60)
        case _:
            moves = [(down_s, True), (up_s, False)]
            if kind == "bounce":
                moves += [(up_s + 0.01, True), (up_s + 0.03, False), (up_s + 0.1, True), (up_s + 0.12, False)]
            lost = {"lost up": False, "lost down": True}.get(kind)
            for at_s, down in moves:
                if down is not lost:
                    stage.at(at_s + late_s, Switch(down=down, at_s=at_s, switch=switch))  # type: ignore[arg-type]


def go_home_after(story: list[tuple[str, float, float, float, str]], stage: Stage) -> None:
    for movement in story:
        act(stage, movement)
    stage.until(stage.now_s + 10)
    for _ in range(12):
        if stage.place in (Ready(), Menu()):
            break
        stage.press(1.3).until(stage.now_s + 0.5)


def is_defined(stage: Stage) -> None:
    """One thing or nothing is lit, on a page of this list, and something can always go on."""
    scan, light = stage.scanner.scan, stage.light
    pages = pages_of(scan.items, stage.scanner.settings.size, "Further")
    assert light.phase == scan.phase
    assert light.items in pages
    if scan.phase == "scan":
        assert light.item == pages[scan.page][scan.index].id
    mode = stage.scanner.settings.mode
    timed = mode == "auto" or (mode == "inverse" and scan.held and scan.held.aim)
    if scan.phase == "undo" or (scan.phase == "scan" and timed):
        assert scan.waiting < 0
    if scan.phase == "held":
        assert scan.held


@thorough
@given(how, filters, stories)
def test_there_is_always_a_defined_state(
    world: World, way: ScanSettings, tremor: FilterSettings, story: list[tuple[str, float, float, float, str]]
) -> None:
    stage = Stage(world, way, tremor)
    for movement in story:
        act(stage, movement)
        is_defined(stage)
    stage.until(stage.now_s + 5)
    is_defined(stage)


@thorough
@given(how, stories)
def test_back_always_reaches_home(
    world: World, way: ScanSettings, story: list[tuple[str, float, float, float, str]]
) -> None:
    way = msgspec.structs.replace(way, hold_back_s=1.0, mode="auto")
    stage = Stage(world, way)
    go_home_after(story, stage)
    assert stage.place in (Ready(), Menu())


@thorough
@given(how, stories)
def test_after_anything_an_answer_is_reached_within_two_rounds_of_each_list(
    world: World, way: ScanSettings, story: list[tuple[str, float, float, float, str]]
) -> None:
    way = msgspec.structs.replace(way, mode="auto", hold_back_s=1.0, auditory=False)
    stage = Stage(world, way)
    go_home_after(story, stage)
    assume(stage.scanner.on)  # "caregiver chooses" ends it
    stage.until(stage.now_s + 10)
    began_s = stage.now_s
    if stage.light.phase in ("rest", "paused"):
        stage.press().until(stage.now_s + 0.5)
    if stage.light.phase == "rest":
        stage.press().until(stage.now_s + 0.5)
    topic = world.in_group("breathing")[3]
    for item in ("group:breathing", f"topic:{topic.id}"):
        stage.wait_for(item).until(stage.now_s + 0.8).press(0.05)
    assert stage.answered[-1][1] == topic.id
    longest = max(len(world.in_group("breathing")), len(world.groups)) + 3
    rounds_s = longest * 3 * way.step_s  # with turners and what stands on every page
    assert stage.now_s - began_s <= 2 * 2 * rounds_s


@thorough
@given(stories, filters)
def test_one_press_makes_one_choice_at_most(
    world: World, story: list[tuple[str, float, float, float, str]], tremor: FilterSettings
) -> None:
    stage = Stage(world, AUTO, tremor)
    pressed = 0
    for movement in story:
        act(stage, movement)
        pressed += (
            3 if movement[0] == "bounce" and tremor is UNFILTERED else movement[0] not in ("voice", "pick", "calm")
        )
        stage.until(stage.now_s)
    stage.until(stage.now_s + 5)
    choices = [item for item in stage.presses if item not in ("", "command:back")]  # back may also come by itself
    assert len(choices) + stage.undone <= pressed
    assert stage.calls <= pressed


@pytest.mark.parametrize("tremor", [FilterSettings(), FilterSettings(acceptance_s=0.03)])
@given(late_s=st.floats(0.0, 0.3), bounce_s=st.floats(0.0, 0.3), into=st.floats(0.11, 0.99))
@thorough
def test_a_choice_is_never_made_twice(
    world: World, tremor: FilterSettings, late_s: float, bounce_s: float, into: float
) -> None:
    stage = Stage(world, AUTO, tremor).press()
    stage.wait_for("group:about").until(stage.now_s + 1.5 * into)
    at_s = stage.now_s
    for down_s, up_s in ((at_s, at_s + 0.05), (at_s + 0.05 + bounce_s, at_s + 0.08 + bounce_s)):
        stage.at(down_s + late_s, Switch(down=True, at_s=down_s))
        stage.at(up_s + late_s, Switch(down=False, at_s=up_s))
    stage.until(at_s + 1.2)
    assert stage.presses == ["group:about"]
    assert stage.undone == 0


def test_nothing_heard_does_not_disturb_a_scan(world: World) -> None:
    stage = Stage(world).press().until(20)
    stage.wait_for("group:about")
    stage.converse(Heard((), NOTHING, "typed"))
    assert stage.wait_for_rest().light.item == ""
