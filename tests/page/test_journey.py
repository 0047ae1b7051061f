"""One switch, a real browser, the real conversation and content: does it lead everywhere?

Every one of the topics is walked to by tests/bench/bench_page.py; here go the first, the last and the settings.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from assistant.choices import World
from assistant.matching import Matcher
from assistant.scan import ScanSettings
from tests.page.journey import Journey
from tests.real_sound.conftest import too_busy

QUICK = ScanSettings(mode="auto", step_s=0.15, first_extra_s=0.1, undo_s=0.2, grace_s=0.0, loops=2, further="Further")


@pytest.fixture
def journey(world: World, matcher: Matcher, browser: Browser, tmp_path: Path) -> Iterator[Journey]:
    made = Journey(world, matcher, tmp_path, QUICK)
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    made.open(context.new_page())
    yield made
    context.close()
    made.close()


def test_three_presses_reach_the_last_topic_of_the_longest_list_and_two_lead_home(
    journey: Journey, world: World
) -> None:
    longest = max(world.groups, key=lambda group: len(world.in_group(group)))
    journey.wait("body[data-state=resting]")
    presses, _ = journey.to(world.in_group(longest)[-1])
    assert presses == 3
    journey.home()
    if journey.presses > 5 and (why := too_busy()):
        pytest.skip(f"{why}: items of 0.15 s were missed")
    assert journey.presses <= 5


def test_one_switch_changes_the_look_and_enters_and_leaves_full_screen(journey: Journey) -> None:
    journey.wait("body[data-state=resting]")
    journey.press()
    journey.turn_to("command:settings")
    journey.turn_to("look:theme")
    expect(journey.view.locator("html")).to_have_attribute("data-theme", "night")
    journey.view.click("#question")  # browsers enter full screen only after a touch by a real hand
    journey.turn_to("page:full screen")
    expect(journey.view.locator("#full")).to_have_text("Leave full screen")
    journey.turn_to("page:leave full screen")
    expect(journey.view.locator("#full")).to_have_text("Full screen")


def test_a_wrong_choice_is_taken_back_by_one_press(journey: Journey, world: World) -> None:
    group = next(iter(world.groups))
    journey.wait("body[data-state=resting]")
    journey.press()
    journey.press_when_lit(f"group:{group}")
    journey.wait("#undo:not([hidden])")
    journey.press()
    journey.wait("[data-id^='group:']")
    expect(journey.view.locator("#undo")).to_be_hidden()


def test_what_is_typed_is_answered_on_the_page(journey: Journey, world: World) -> None:
    journey.view.get_by_role("textbox").fill("what is riluzole")
    journey.view.keyboard.press("Enter")
    expect(journey.view.locator("h1")).to_have_text(world.topics["riluzole"].title)
    expect(journey.view.locator("#heard-words")).to_have_text("what is riluzole")
