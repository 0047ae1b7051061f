"""Scanning with the real topics and the real conversation, on a clock of its own."""

from __future__ import annotations

from itertools import pairwise

import msgspec
import pytest

from assistant.choices import World
from assistant.events import SpeechBegan
from assistant.places import Answer, Manner, Menu, Ready, Urgent
from assistant.scan import ScanSettings, pages_of
from assistant.scan.lists import BACK, CALL, FURTHER, LAST
from tests.switching import AUTO, UNFILTERED, Stage


@pytest.fixture
def stage(world: World) -> Stage:
    return Stage(world)


def changed(**fields: object) -> ScanSettings:
    return msgspec.structs.replace(AUTO, **fields)


# ---- lists


@pytest.mark.parametrize("size", [5, 6, 8])
def test_no_page_holds_more_than_its_size_and_every_page_can_call_for_help(world: World, size: int) -> None:
    stage = Stage(world, changed(size=size))
    for group in ("", *world.groups):
        stage.conversation = msgspec.structs.replace(stage.conversation, place=Menu(group) if group else Ready())
        items = stage_items(world, group)
        pages = pages_of(items, size, "Further")
        assert all(len(page) <= size for page in pages)
        assert all(page[-1].id == CALL for page in pages)
        assert all((page[0].id == FURTHER) == (page is not pages[-1]) for page in pages)
        assert {i.id for page in pages for i in page} - {FURTHER} == {i.id for i in items}
        assert all(page[-2].id == (BACK if group else LAST) for page in pages)


def stage_items(world: World, group: str) -> tuple:  # type: ignore[type-arg]  # items
    from assistant.choices import items

    return items(world, Menu(group) if group else Ready())


def test_order_stays_the_same(world: World) -> None:
    group = max(world.groups, key=lambda g: len(world.in_group(g)))
    pages = pages_of(stage_items(world, group), 8, "Further")
    topics = [i.id for page in pages for i in page if i.id.startswith("topic:")]
    assert topics == [f"topic:{topic.id}" for topic in world.in_group(group)]


# ---- one switch


def test_two_presses_and_one_to_start_reach_every_topic(world: World) -> None:
    for topic in world.topics.values():
        stage = Stage(world)
        presses = 0
        stage.press()
        for item in (f"group:{topic.group}", f"topic:{topic.id}"):
            stage.wait_for(item)
            stage.until(stage.now_s + 0.7).press()
            presses += 1
        assert presses == 2
        assert isinstance(stage.place, Answer)
        assert stage.place.topic == topic.id
        assert stage.said[-1].startswith(topic.title)
        assert len(stage.said) == 2, "only the greeting and the answer are spoken"


def test_everything_an_answer_offers_is_reached_by_scanning(world: World) -> None:
    for name in ("more", "repeat", "menu", "slower", "source", "caregivers", "back", "call"):
        stage = Stage(world).choose("group:breathing")
        first = world.in_group("breathing")[0].id
        stage.choose(f"topic:{first}").wait_for_rest().choose(f"command:{name}")
        assert stage.presses[-1] == f"command:{name}"


def test_speed_of_speech_and_of_scanning_is_changed_by_scanning(stage: Stage) -> None:
    stage.choose("command:settings")
    assert stage.place == Manner()
    stage.choose("command:scan slower")
    assert stage.scanner.settings.step_s == pytest.approx(1.8)
    assert "1.8" in stage.said[-1]


def test_at_rest_nothing_moves_and_nothing_sounds(stage: Stage) -> None:
    lights, said = len(stage.lights), len(stage.said)
    stage.until(10_000)
    assert (len(stage.lights), len(stage.said)) == (lights, said)
    assert not stage.cues


def test_the_first_item_stays_longer(stage: Stage) -> None:
    stage.press().until(stage.now_s + 10)
    first_s, second_s, third_s = [at_s for at_s, light in stage.lights if light.phase == "scan"][:3]
    assert second_s - first_s == pytest.approx(1.5 + 0.75)
    assert third_s - second_s == pytest.approx(1.5)
    stage.wait_for("command:settings").until(stage.now_s + 20)
    seconds = [light.seconds for _, light in stage.lights if light.item == FURTHER and light.page == 0]
    assert seconds == [2.25, 2.25], "in every round"


def test_scanning_waits_while_something_is_spoken_and_rests_afterwards(stage: Stage) -> None:
    stage.choose("group:breathing").choose(f"topic:{stage.world.in_group('breathing')[0].id}")
    stage.until(stage.now_s + 2)
    assert stage.light.phase == "paused"
    assert stage.wait_for_rest().light.item == ""


def test_a_press_silences_at_once_and_does_nothing_else(world: World) -> None:
    stage = Stage(world, speech_s=60).choose("group:breathing")
    stage.choose(f"topic:{world.in_group('breathing')[0].id}")
    stage.until(stage.now_s + 5)
    place = stage.place
    stage.press()
    assert not stage.conversation.speaking
    assert stage.place == place
    assert stage.light.phase == "rest"


def test_after_three_rounds_the_list_above_comes_and_then_rest(stage: Stage) -> None:
    stage.choose("group:urgent")
    stage.until(stage.now_s + 3 * 20 * 1.5)
    assert stage.place == Ready()
    assert stage.light.phase == "scan"
    stage.wait_for_rest()
    assert len(stage.said) == 1, "going up says nothing"


def test_the_last_answer_has_a_fixed_place(stage: Stage) -> None:
    topic = stage.world.in_group("body")[16]
    stage.choose("group:body").choose(f"topic:{topic.id}").wait_for_rest().choose("command:menu")
    stage.choose("command:last")
    assert stage.said[-1].startswith(topic.title)


# ---- undo, hold, late presses


def test_a_press_right_after_a_choice_takes_it_back_and_lights_the_item_before(stage: Stage) -> None:
    groups = list(stage.world.groups)
    stage.choose(f"group:{groups[2]}")
    stage.until(stage.now_s + 0.6).press()
    assert stage.place == Ready()
    assert stage.light.item == f"group:{groups[1]}"


def test_an_answer_that_was_a_mistake_is_silenced_and_its_list_is_back(stage: Stage) -> None:
    topics = stage.world.in_group("breathing")
    stage.choose("group:breathing").choose(f"topic:{topics[1].id}")
    assert stage.conversation.speaking
    stage.until(stage.now_s + 0.6).press()
    assert not stage.conversation.speaking
    assert stage.place == Menu("breathing")
    assert stage.light.item == f"topic:{topics[0].id}"


def test_a_changed_pace_is_taken_back_too(stage: Stage) -> None:
    stage.choose("command:settings").choose("command:scan slower")
    stage.until(stage.now_s + 0.6).press()
    assert stage.scanner.settings.step_s == pytest.approx(1.5)


def test_holding_means_back_and_is_shown_before_it_counts(stage: Stage) -> None:
    stage.choose("group:breathing").wait_for(f"topic:{stage.world.in_group('breathing')[0].id}")
    stage.press(1.4)
    held = [light for _, light in stage.lights if light.phase == "held"]
    assert held[-1].item == BACK
    assert stage.place == Ready()


@pytest.mark.parametrize("when", ["rest", "scan", "speaking", "undo"])
def test_holding_long_calls_the_caregiver_from_anywhere(world: World, when: str) -> None:
    stage = Stage(world, speech_s=30)
    match when:
        case "scan":
            stage.press()
        case "speaking":
            stage.choose("group:breathing").choose(f"topic:{world.in_group('breathing')[0].id}")
            stage.until(stage.now_s + 3)
        case "undo":
            stage.choose("group:breathing")
    stage.until(stage.now_s + 0.5).press(4.0)
    assert stage.calls == 1
    assert isinstance(stage.place, Urgent)
    assert "come" in stage.said[-1]
    stage.until(stage.now_s + 2).press()
    assert not isinstance(stage.place, Urgent), "a press ends the alarm"


def test_without_holding_a_press_counts_as_it_goes_down(world: World) -> None:
    stage = Stage(world, changed(hold_back_s=0.0)).press()
    stage.wait_for("group:urgent").until(stage.now_s + 0.7)
    stage.press(10.0)
    assert stage.presses[0] == "group:urgent"
    assert stage.calls == 0


@pytest.mark.parametrize("delay_ms", range(0, 301, 50))
@pytest.mark.parametrize("into_step", [0.2, 0.5, 0.99])
@pytest.mark.parametrize("says_what_was_lit", [True, False])
def test_a_press_counts_for_what_was_lit_however_late_it_arrives(
    world: World, delay_ms: int, into_step: float, *, says_what_was_lit: bool
) -> None:
    stage = Stage(world).press()
    item = f"group:{list(world.groups)[2]}"
    stage.wait_for(item).until(stage.now_s + 1.5 * into_step)
    stage.press(0.05, delay_s=delay_ms / 1000, shown=item if says_what_was_lit else "")
    assert stage.presses == [item]


def test_a_press_just_after_the_light_moved_was_meant_for_the_item_before(world: World) -> None:
    groups = [f"group:{group}" for group in world.groups]
    for late_s, meant in ((0.14, groups[1]), (0.16, groups[2])):
        stage = Stage(world).press()
        stage.wait_for(groups[2]).until(stage.now_s + late_s).press()
        assert stage.presses == [meant]


@pytest.mark.parametrize("bounce_ms", range(0, 301, 30))
def test_a_bouncing_switch_chooses_once(world: World, bounce_ms: int) -> None:
    stage = Stage(world).press().until(20)
    stage.wait_for("group:about").until(stage.now_s + 0.7).press(0.08)
    stage.until(stage.now_s + bounce_ms / 1000 - 0.05).press(0.03)
    stage.until(stage.now_s + 1.0)
    assert stage.presses == ["group:about"]
    assert stage.undone == 0


def test_while_someone_speaks_a_press_ends_the_question_if_it_is_set_so(world: World) -> None:
    for ends, phase in ((True, "rest"), (False, "scan")):
        stage = Stage(world, changed(ends_speech=ends))
        stage.at(stage.now_s, SpeechBegan(stage.conversation.listening))
        stage.press()
        assert stage.light.phase == phase
        assert stage.presses == ([""] if ends else [])


def test_after_choosing_to_speak_nothing_moves_and_a_press_ends_the_question(world: World) -> None:
    stage = Stage(world, changed(ends_speech=True))
    stage.conversation = msgspec.structs.replace(stage.conversation, listens="switch")
    stage.choose("group:about").choose("command:back")
    stage.choose("command:talk").until(stage.now_s + AUTO.undo_s + 0.5)
    assert stage.light.phase == "rest"
    stage.at(stage.now_s + 1, SpeechBegan(stage.conversation.listening))
    stage.until(stage.now_s + 4).press()
    assert stage.presses[-1] == ""
    assert stage.light.item == ""


# ---- other ways to scan


def test_two_switches_move_and_choose(world: World) -> None:
    stage = Stage(world, changed(mode="step"))
    stage.press()
    for _ in range(3):
        stage.until(stage.now_s + 0.5).press(switch="1")
    stage.until(stage.now_s + 0.5).press(switch="2")
    assert stage.presses == [f"group:{list(world.groups)[2]}"]
    before = len(stage.lights)
    stage.until(stage.now_s + 3600)
    assert len(stage.lights) == before, "there is no time limit"


def test_arrow_keys_move_choose_and_go_back(world: World) -> None:
    stage = Stage(world, changed(mode="keys")).press(switch="down")
    for key in ("down", "down", "up", "right"):
        stage.until(stage.now_s + 0.5).press(switch=key)
    assert stage.presses == [f"group:{next(iter(world.groups))}"]
    stage.until(stage.now_s + 0.5).press(switch="left")
    assert stage.place == Ready()


def test_holding_moves_and_letting_go_chooses(world: World) -> None:
    stage = Stage(world, changed(mode="inverse"))
    group = list(world.groups)[1]
    start_s = stage.now_s
    stage.press(2.25 + 1.5 + 0.7)  # the turner and one group go by
    assert stage.presses == [f"group:{group}"]
    assert stage.now_s - start_s < 6
    stage.until(stage.now_s + 600)
    assert stage.light.phase == "scan", "what is opened waits until the switch is held again"


def test_scanning_that_is_off_leaves_a_press_a_press(world: World) -> None:
    stage = Stage(world, changed(mode="off"))
    stage.until(20).press()
    assert isinstance(stage.place, Menu)
    assert "groups" in stage.said[-1]


# ---- for the ear


def test_every_item_is_spoken_and_moves_on_only_after_its_cue(world: World) -> None:
    stage = Stage(world, changed(auditory=True, size=6), cue_s=2.0).press()
    stage.until(stage.now_s + 30)
    spoken = [(at_s, cue) for at_s, cue in stage.cues if cue.text]
    assert spoken[1][1].text == next(iter(world.groups.values())).spoken
    gaps = [after - before for (before, _), (after, _) in pairwise(spoken[1:])]
    assert all(gap == pytest.approx(2.0 + 1.5) for gap in gaps[:3])


def test_the_first_round_can_be_a_quick_one(world: World) -> None:
    stage = Stage(world, changed(auditory=True, size=6, preview_wpm=350)).press()
    stage.until(stage.now_s + 25)
    rates = [cue.rate_wpm for _, cue in stage.cues if cue.text]
    assert rates[0] == 350
    assert rates[-1] == 200
    assert {cue.tone for _, cue in stage.cues} >= {"wrap"}


def test_a_cue_that_never_ends_does_not_stop_the_scan(world: World) -> None:
    stage = Stage(world, changed(auditory=True), cue_s=1e9).press()
    before = len(stage.lights)
    stage.until(stage.now_s + 60)
    assert len(stage.lights) > before + 5


def test_what_was_chosen_taken_back_and_left_has_a_sound_of_its_own(world: World) -> None:
    stage = Stage(world, changed(auditory=True)).choose("group:about")
    stage.until(stage.now_s + 0.6).press()
    stage.until(stage.now_s + 1000)
    assert {cue.tone for _, cue in stage.cues} >= {"select", "undo", "rest"}


def test_unfiltered_presses_that_happened_before_a_choice_do_not_choose_again(world: World) -> None:
    stage = Stage(world, filters=UNFILTERED).press()
    stage.wait_for("group:about").until(stage.now_s + 0.7)
    stage.press(0.01, delay_s=0.3)
    late_s = stage.now_s
    from assistant.events import Switch

    for down in (True, False):
        stage.at(late_s, Switch(down=down, at_s=late_s - 0.25))
    stage.until(late_s + 0.1)
    assert stage.presses == ["group:about"]
    assert stage.undone == 0
