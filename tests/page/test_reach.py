"""Can everyone see and reach it: measured in a real browser, every state in every theme and size."""

from __future__ import annotations

from importlib import resources
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from assistant.choices import World
from assistant.showing.look import SIZES, THEMES
from tests.page.conftest import uncover
from tests.page.pixels import contrast, fills
from tests.page.stage import SCENES, Stage, groups

AXE = resources.files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
# AAA rules and target-size are off unless they are named.
RUN = """async () => {
  const tags = ["wcag2a", "wcag2aa", "wcag2aaa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
  const named = [
    "target-size", "color-contrast-enhanced", "identical-links-same-purpose", "meta-refresh-no-exceptions",
  ];
  const rules = Object.fromEntries(named.map((name) => [name, { enabled: true }]));
  const found = await axe.run(document, { runOnly: { type: "tag", values: tags }, rules, preload: false });
  const where = (one) => one.nodes.map((node) => node.html.slice(0, 120)).join(" ");
  const told = (list) => list.map((one) => `${one.id}: ${where(one)}`);
  const tried = found.passes.map((one) => one.id);
  return { violations: told(found.violations), unsure: told(found.incomplete), tried };
}"""
OVERFLOW = """() => {
  const wide = document.documentElement.clientWidth;
  const found = [...document.querySelectorAll("body *")].filter((element) => {
    const box = element.getBoundingClientRect();
    const seen = box.width && box.height && !element.closest("#say, symbol");
    const cut = element.matches("button, p, h1, h2, label") && element.scrollWidth > element.clientWidth + 1;
    return seen && (box.right > wide + 1 || box.left < -1 || cut);
  });
  const over = document.scrollingElement.scrollWidth > wide;
  return [...found.map((element) => element.outerHTML.slice(0, 90)), ...(over ? ["the page scrolls sideways"] : [])];
}"""
LETTERS = """() => {
  const holds = (element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
  const seen = [...document.querySelectorAll("body *")].filter((one) => one.checkVisibility() && holds(one));
  const sizes = seen.filter((one) => !one.closest("#say")).map((one) => parseFloat(getComputedStyle(one).fontSize));
  return Math.min(...sizes);
}"""
BOXES = """() => [...document.querySelectorAll('#items button')].map((one) => {
  const { x, y, width, height } = one.getBoundingClientRect();
  return [x, y, width, height];
})"""
SPACED = "* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }"
STATES = [*SCENES, "go on", "looks", "gone"]


def put(view: Page, stage: Stage, state: str) -> None:
    """Bring the page into one of its states."""
    uncover(view)
    scene = state if state in SCENES else "scanning" if state == "go on" else "listening"
    stage.set(scene)
    view.wait_for_selector(f"body[data-state={'listening' if scene == 'choosing' else scene}]")
    if state == "looks":
        view.evaluate("document.querySelector('#look').showModal()")
    elif state == "go on":
        view.evaluate("document.querySelector('#guard').hidden = false; document.querySelector('#page').inert = true")
    elif state == "gone":
        stage.page.board.act("ended")  # a cover put up by hand would go with the next beat
        view.wait_for_selector("#gone")
    view.wait_for_timeout(30)


def dress(view: Page, theme: str, size: str) -> None:
    view.evaluate(f"Object.assign(document.documentElement.dataset, {{theme: '{theme}', size: '{size}'}})")


@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing_in_any_theme_or_size(view: Page, stage: Stage, state: str) -> None:
    put(view, stage, state)
    view.evaluate(AXE)
    for theme in THEMES:
        for size in SIZES:
            dress(view, theme, size)
            found: dict[str, Any] = view.evaluate(RUN)
            assert found["violations"] == [], (theme, size)
            assert found["unsure"] == [], (theme, size)
    assert {"color-contrast-enhanced", "target-size"} <= set(found["tried"]) | (
        {"target-size"} if state == "gone" else set()
    )


@pytest.mark.parametrize(
    ("width", "height", "scale"), [(320, 640, 4), (640, 400, 2), (800, 1280, 1)], ids=["320 px", "200 %", "upright"]
)
def test_nothing_is_cut_off_or_needs_scrolling_sideways(
    browser: Browser, stage: Stage, width: int, height: int, scale: int
) -> None:
    context = browser.new_context(viewport={"width": width, "height": height}, device_scale_factor=scale)
    view = context.new_page()
    view.goto(stage.page.address)
    for state in STATES:
        put(view, stage, state)
        for size in SIZES:
            dress(view, "day", size)
            assert view.evaluate(OVERFLOW) == [], (state, size)
            assert view.evaluate(LETTERS) >= 32, (state, size)
    context.close()


def test_wider_spacing_cuts_nothing_off(view: Page, stage: Stage) -> None:
    view.evaluate(
        "css => { const sheet = new CSSStyleSheet(); sheet.replaceSync(css); document.adoptedStyleSheets = [sheet]; }",
        SPACED,
    )
    for state in STATES:
        put(view, stage, state)
        assert view.evaluate(OVERFLOW) == [], state
    view.evaluate("document.adoptedStyleSheets = []")
    put(view, stage, "listening")


def test_letters_are_32_pixels_at_least_and_grow_to_64_and_targets_are_112_high(view: Page, stage: Stage) -> None:
    sizes = []
    for size in SIZES:
        dress(view, "day", size)
        sizes.append(view.evaluate("parseFloat(getComputedStyle(document.querySelector('#text')).fontSize)"))
        heights = view.evaluate("[...document.querySelectorAll('#items button')].map((one) => one.offsetHeight)")
        assert min(heights) >= 112
    assert sizes == [32, 40, 52, 64]
    del stage


def test_on_a_wall_of_pixels_a_whole_list_is_seen_at_once_and_letters_grow(browser: Browser, stage: Stage) -> None:
    context = browser.new_context(viewport={"width": 3840, "height": 2160})
    view = context.new_page()
    view.goto(stage.page.address)
    for size in SIZES:
        put(view, stage, "scanning")
        dress(view, "day", size)
        assert view.evaluate(OVERFLOW) == []
        assert view.evaluate("document.scrollingElement.scrollHeight <= innerHeight")
        assert view.evaluate("parseFloat(getComputedStyle(document.querySelector('#text')).fontSize)") > 55
    context.close()


def test_a_list_of_eight_is_seen_whole_on_a_usual_screen(view: Page, stage: Stage) -> None:
    put(view, stage, "scanning")
    assert view.evaluate("document.querySelectorAll('#items button').length") == 8
    assert all(y + height < 800 for _, y, _, height in view.evaluate(BOXES))


def test_the_list_does_not_move_under_the_moving_light(view: Page, stage: Stage, world: World) -> None:
    put(view, stage, "resting")
    before = view.evaluate(BOXES)
    for index, item in enumerate(groups(world)):
        stage.lit(item.id)
        view.wait_for_selector(f"#items li:nth-child({index + 1}) .lit")
        assert view.evaluate(BOXES) == before


@pytest.mark.parametrize("theme", THEMES)
def test_the_moving_highlight_stands_out_in_pixels(view: Page, stage: Stage, world: World, theme: str) -> None:
    stage.page.set_look("theme", theme)
    put(view, stage, "scanning")
    listed = groups(world)
    for index in (0, 3, 4, 7):
        item = listed[index]
        stage.lit(item.id)
        view.wait_for_selector(f"#items li:nth-child({index + 1}) .lit")
        boxes = view.evaluate(BOXES)
        ground = [2.0, 100.0, 12.0, 600.0]
        *found, behind = fills(view, [*boxes, ground])
        lit = found[index]
        for other, neighbour in enumerate(found):
            if other != index:
                assert contrast(lit[0], neighbour[0]) >= 3, (item.id, other)
                assert contrast(neighbour[0], neighbour[1]) >= 7
        assert contrast(lit[0], behind[0]) >= 3
        assert contrast(lit[0], lit[1]) >= 7
        assert view.evaluate("getComputedStyle(document.querySelector('.lit')).outline").endswith("double 8px")


def test_whatever_is_lit_is_in_sight(browser: Browser, stage: Stage, world: World) -> None:
    context = browser.new_context(viewport={"width": 400, "height": 700})
    view = context.new_page()
    view.goto(stage.page.address)
    stage.page.set_look("size", "largest")
    for item in groups(world):
        stage.lit(item.id)
        view.wait_for_selector(f"[data-id='{item.id}'].lit")
        assert view.evaluate(
            "(() => { const b = document.querySelector('.lit').getBoundingClientRect();"
            "return b.top >= 0 && b.bottom <= innerHeight + 1; })()"
        )
    context.close()
