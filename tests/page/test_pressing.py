"""Every way to press, in a real browser."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import Browser, Page, Route

from assistant.choices import World
from assistant.events import Picked, Switch
from assistant.showing.look import Look
from tests.page.stage import Stage, groups

GAMEPAD = """
const pad = { index: 0, connected: true, buttons: [{ pressed: false, value: 0 }, { pressed: false, value: 0 }] };
navigator.getGamepads = () => [pad];
window.pad = pad;
"""


def presses(stage: Stage, count: int = 2) -> list[Switch]:
    """The switch events, once there are `count` of them."""
    stage.waiting(count)
    time.sleep(0.05)  # one too many would come now
    assert all(isinstance(event, Switch) for event in stage.done), stage.done
    return [event for event in stage.done if isinstance(event, Switch)]


@pytest.fixture
def scanned(view: Page, stage: Stage) -> Page:
    """The page while it scans, the third group lit."""
    stage.set("scanning")
    view.wait_for_selector(".lit")
    view.wait_for_timeout(60)
    stage.done.clear()
    return view


@pytest.fixture
def third(world: World) -> str:
    return groups(world)[2].id


@pytest.mark.parametrize("key", ["Space", "a", "F2", "Escape", "PageDown", "Backspace"])
def test_any_key_is_the_switch_down_and_up(scanned: Page, stage: Stage, third: str, key: str) -> None:
    scanned.keyboard.press(key)
    assert [(p.down, p.switch, p.shown) for p in presses(stage)] == [(True, "1", third), (False, "1", third)]


@pytest.mark.parametrize("state", ["scanning", "speaking"])
def test_one_key_brings_the_way_of_scanning_that_always_works(view: Page, stage: Stage, state: str) -> None:
    stage.set(state)
    view.wait_for_timeout(100)
    stage.done.clear()
    view.keyboard.press("F8")
    assert stage.waiting() == [Picked("command:safe")]


@pytest.mark.parametrize(
    ("key", "name"),
    [("Enter", "2"), ("ArrowUp", "up"), ("ArrowDown", "down"), ("ArrowLeft", "left"), ("ArrowRight", "right")],
)
def test_a_second_switch_and_arrows_have_names_of_their_own(scanned: Page, stage: Stage, key: str, name: str) -> None:
    scanned.keyboard.press(key)
    assert {p.switch for p in presses(stage)} == {name}


def test_a_held_key_is_one_press_however_often_it_repeats(scanned: Page, stage: Stage) -> None:
    for _ in range(20):
        scanned.keyboard.down("b")
    scanned.keyboard.up("b")
    assert [p.down for p in presses(stage)] == [True, False]


def test_a_press_is_seen_at_once_even_if_the_assistant_is_slow(scanned: Page, stage: Stage, world: World) -> None:
    def slowly(route: Route) -> None:
        scanned.wait_for_timeout(300)
        route.continue_()

    scanned.route("**/press", slowly)
    scanned.keyboard.press("Space")
    assert scanned.locator(".lit.pressed").count() == 1
    stage.lit(groups(world)[3].id)
    scanned.wait_for_selector("#items li:nth-child(4) .lit")
    assert scanned.locator(".pressed").count() == 0
    scanned.wait_for_timeout(800)
    assert len(presses(stage)) == 2


@pytest.mark.parametrize("key", ["Tab", "Shift", "Control+c", "Alt+x"])
def test_keys_of_the_browser_stay_with_the_browser(scanned: Page, stage: Stage, key: str) -> None:
    scanned.keyboard.press(key)
    time.sleep(0.15)
    assert not stage.done


@pytest.mark.parametrize("button", ["left", "middle", "right"])
@pytest.mark.parametrize("place", [(300, 700), (700, 180)])
def test_any_mouse_button_anywhere_is_a_press_of_what_is_lit(
    scanned: Page, stage: Stage, third: str, button: str, place: tuple[int, int]
) -> None:
    scanned.mouse.click(*place, button=button)  # type: ignore[arg-type]  # one of the three
    found = presses(stage)
    assert [(p.down, p.shown) for p in found] == [(True, third), (False, third)]
    assert {p.switch for p in found} == {"2" if button == "right" else "1"}


def test_tools_and_the_typing_box_stay_live_for_a_caregiver(scanned: Page, stage: Stage) -> None:
    scanned.click("#stop")
    assert stage.waiting() == [Picked("command:stop")]
    stage.done.clear()
    scanned.click("#question")
    scanned.keyboard.type("is there a cure")
    scanned.keyboard.press("Enter")
    assert stage.waiting() == ["is there a cure"]
    stage.done.clear()
    scanned.mouse.click(300, 600)  # a press, and the end of typing
    scanned.keyboard.press("Space")
    assert len(presses(stage, 4)) == 4


def test_a_touch_anywhere_is_a_press(browser: Browser, stage: Stage, third: str) -> None:
    context = browser.new_context(viewport={"width": 800, "height": 1000}, has_touch=True)
    view = context.new_page()
    view.goto(stage.page.address)
    stage.set("scanning")
    view.wait_for_selector(".lit")
    view.wait_for_timeout(60)
    view.touchscreen.tap(200, 900)
    assert [(p.down, p.shown) for p in presses(stage)] == [(True, third), (False, third)]
    context.close()


def test_a_gamepad_button_is_a_press(browser: Browser, stage: Stage, third: str) -> None:
    context = browser.new_context()
    context.add_init_script(GAMEPAD)
    view = context.new_page()
    view.goto(stage.page.address)
    stage.set("scanning")
    view.wait_for_selector(".lit")
    view.wait_for_timeout(60)
    view.evaluate("pad.buttons[0].pressed = true")
    presses(stage, 1)
    view.evaluate("pad.buttons[0].pressed = false")
    assert [(p.down, p.shown) for p in presses(stage)] == [(True, third), (False, third)]
    context.close()


@pytest.mark.parametrize("delay_s", [0.0, 0.1, 0.3])
def test_a_press_that_arrives_late_tells_what_was_lit_and_when(
    scanned: Page, stage: Stage, world: World, third: str, delay_s: float
) -> None:
    def slowly(route: Route) -> None:
        scanned.wait_for_timeout(delay_s * 1000)
        route.continue_()

    scanned.route("**/press", slowly)
    before_s = time.monotonic()
    scanned.keyboard.down("x")
    after_s = time.monotonic()
    stage.lit(groups(world)[3].id)
    scanned.wait_for_selector("#items li:nth-child(4) .lit")
    scanned.wait_for_timeout(100 + delay_s * 1000)
    (first,) = presses(stage, 1)
    assert first.shown == third
    assert before_s - 0.03 <= first.at_s <= after_s + 0.03
    scanned.unroute_all()
    scanned.keyboard.up("x")
    assert presses(stage)[1].shown == groups(world)[3].id


def test_a_release_never_overtakes_its_press(scanned: Page, stage: Stage) -> None:
    for _ in range(15):
        scanned.keyboard.press("q")
    assert [p.down for p in presses(stage, 30)] == [True, False] * 15
    times = [p.at_s for p in presses(stage, 30)]
    assert times == sorted(times)


def test_without_the_keyboard_the_page_asks_for_a_press_and_chooses_nothing(scanned: Page, stage: Stage) -> None:
    scanned.keyboard.down("c")
    presses(stage, 1)
    scanned.evaluate("dispatchEvent(new Event('blur'))")
    assert scanned.get_by_role("button", name="Press to go on").is_visible()
    assert [p.down for p in presses(stage)] == [True, False]  # what was held is let go
    stage.done.clear()
    scanned.keyboard.up("c")
    scanned.keyboard.press("d")
    scanned.wait_for_selector("#guard", state="hidden")
    assert not presses(stage, 0)
    scanned.keyboard.press("d")
    assert len(presses(stage)) == 2


def test_a_click_also_brings_the_page_back(scanned: Page, stage: Stage) -> None:
    scanned.evaluate("dispatchEvent(new Event('blur'))")
    scanned.mouse.click(640, 400)
    scanned.wait_for_selector("#guard", state="hidden")
    assert not presses(stage, 0)


def test_without_scanning_the_same_click_chooses_directly(view: Page, stage: Stage, third: str) -> None:
    view.locator("#items button").nth(2).click()
    assert stage.waiting() == [Picked(third)]


def test_without_scanning_space_still_brings_silence(view: Page, stage: Stage) -> None:
    view.keyboard.press("Space")
    assert [p.down for p in presses(stage)] == [True, False]


def test_without_scanning_everything_is_reached_by_tab_and_chosen_by_enter(
    view: Page, stage: Stage, third: str
) -> None:
    reached = []
    for _ in range(24):
        view.keyboard.press("Tab")
        reached.append(view.evaluate("document.activeElement.id || document.activeElement.dataset.id || ''"))
        ring = view.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert ring == "solid" or not reached[-1]
    assert {"stop", "full", "open-look", "question", third} <= set(reached)
    view.locator("#items button").nth(2).focus()
    view.keyboard.press("Enter")
    assert stage.waiting() == [Picked(third)]


@pytest.fixture
def dwelling(view: Page, stage: Stage) -> Page:
    """The page with choosing by resting the pointer, after 0.4 seconds."""
    stage.page.set_look("dwell_s", 0.4)
    view.wait_for_selector("#rest", state="visible")
    view.mouse.move(5, 700)
    return view


def middle(view: Page, index: int) -> tuple[float, float]:
    box = view.locator("#items button").nth(index).bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def jitter(view: Page, x: float, y: float, seconds: float) -> None:
    """What an eye tracker's pointer does while it rests."""
    end_s, step = time.monotonic() + seconds, 0
    while time.monotonic() < end_s:
        step += 1
        view.mouse.move(x + step % 3, y + step % 2)
        view.wait_for_timeout(20)


def test_a_resting_pointer_chooses_once_and_again_only_after_leaving(dwelling: Page, stage: Stage, third: str) -> None:
    x, y = middle(dwelling, 2)
    jitter(dwelling, x, y, 0.25)
    assert not stage.done
    jitter(dwelling, x, y, 1.2)
    assert stage.waiting() == [Picked(third)]
    dwelling.mouse.move(5, 700)
    jitter(dwelling, 5, 700, 0.3)
    jitter(dwelling, x, y, 0.6)
    assert stage.waiting(2) == [Picked(third)] * 2


POINT = """(moves) => new Promise((done) => {
  let after_ms = 0;
  for (const [x, y, stay_ms] of moves) {
    setTimeout(() => {
      const event = new PointerEvent("pointermove", { clientX: x, clientY: y, bubbles: true, pointerType: "mouse" });
      document.elementFromPoint(x, y).dispatchEvent(event);
    }, after_ms);
    after_ms += stay_ms;
  }
  setTimeout(done, after_ms);
})"""
AWAY = (5, 700)


def test_a_short_slip_is_forgiven_and_a_passing_pointer_chooses_nothing(
    dwelling: Page, stage: Stage, third: str
) -> None:
    stage.page.set_look("dwell_s", 1.0)
    dwelling.wait_for_timeout(50)
    dwelling.evaluate(POINT, [(*middle(dwelling, index), 250) for index in (0, 1, 3)] + [(*AWAY, 300)])
    assert not stage.done
    there = middle(dwelling, 2)
    dwelling.evaluate(POINT, [(*there, 700), (*AWAY, 50), (*there, 600), (*AWAY, 10)])
    assert stage.waiting() == [Picked(third)]


def test_resting_has_a_place_and_a_pause_that_itself_dwells(dwelling: Page, stage: Stage) -> None:
    area = dwelling.locator("#rest p").bounding_box()
    assert area
    jitter(dwelling, area["x"] + 20, area["y"] + 10, 0.8)
    assert not stage.done
    pause = dwelling.locator("#pause-dwell")
    box = pause.bounding_box()
    assert box
    jitter(dwelling, box["x"] + 30, box["y"] + 30, 0.7)
    assert pause.get_attribute("aria-pressed") == "true"
    jitter(dwelling, *middle(dwelling, 1), 0.8)
    assert not stage.done
    jitter(dwelling, box["x"] + 30, box["y"] + 30, 0.7)
    assert pause.get_attribute("aria-pressed") == "false"


def test_dwell_is_off_unless_asked_for_and_while_scanning(view: Page, stage: Stage) -> None:
    assert Look().dwell_s == 0
    jitter(view, *middle(view, 1), 0.7)
    stage.page.set_look("dwell_s", 0.4)
    stage.set("scanning")
    view.wait_for_selector(".lit")
    jitter(view, *middle(view, 1), 0.7)
    assert not stage.done
