"""Makes the pictures in docs/pictures: python -m tests.page.make_pictures

The real page with the real content, in the system's Chromium.
"""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from assistant.profile import Settings
from assistant.showing.clinic import Entry
from assistant.showing.look import Look
from assistant.startup import load_world
from tests.page.conftest import uncover
from tests.page.stage import CHROMIUM, SCENES, Stage
from tests.talk import Talk

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
SETTLE_MS = 450
DRESSED = {
    "night": ("scanning", Look(theme="night")),
    "paper": ("speaking", Look(theme="paper")),
    "strong": ("scanning", Look(theme="strong", size="larger")),
    "largest": ("scanning", Look(size="largest")),
    "dwell": ("listening", Look(dwell_s=1.0)),
}
BEGUN = ("command:partner", "signal:Eyes up")
READ_ALOUD = {
    "aloud-list": (*BEGUN, "group:treatment", "command:unsure", "command:unsure"),
    "aloud-confirm": (*BEGUN, "topic:riluzole"),
    "aloud-card": (*BEGUN, "topic:riluzole", "command:yes"),
    "aloud-clinic": (*BEGUN, "topic:riluzole", "command:yes"),
}
"""What is chosen one after the other before the picture is taken."""


def main() -> None:
    """Every state, some looks, a phone and the printed page."""
    stage = Stage(load_world(Settings())[0])
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for name in SCENES:
            _picture(browser, stage, name, name, Look())
        for name, (scene, look) in DRESSED.items():
            _picture(browser, stage, name, scene, look)
        _picture(browser, stage, "phone", "speaking", Look(), width=390, height=844)
        _picture(browser, stage, "look", "listening", Look(), open_look=True)
        _picture(browser, stage, "press-to-go-on", "scanning", Look(), cover="guard")
        _picture(browser, stage, "stopped", "listening", Look(), cover="gone")
        for name, picks in READ_ALOUD.items():
            _read_aloud(browser, stage, name, picks)
        browser.close()
    stage.page.close()


def _read_aloud(browser: Browser, stage: Stage, name: str, picks: tuple[str, ...]) -> None:
    """One of the views for someone who reads aloud."""
    view = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
    view.goto(stage.page.address)
    stage.reset()
    talk = Talk(stage.world).start()
    for item in picks:
        talk.pick(item)
    stage.page.show(talk.view)
    listed = (
        Entry("1", "2026-11-24", "C3 Riluzole", "Does it upset the liver?"),
        Entry("2", "2026-11-24", "", "When next?"),
    )
    stage.page.board.set(clinic={"entries": listed, "trouble": ""})
    uncover(view)
    if name == "aloud-clinic":
        view.click("#open-clinic")
        view.evaluate("document.activeElement.blur()")
    view.mouse.move(3, 797)
    view.wait_for_timeout(SETTLE_MS)
    view.screenshot(path=FOLDER / f"{name}.png")
    view.context.close()


def _picture(
    browser: Browser,
    stage: Stage,
    name: str,
    scene: str,
    look: Look,
    *,
    width: int = 1280,
    height: int = 800,
    cover: str = "",
    open_look: bool = False,
) -> None:
    context = browser.new_context(viewport={"width": width, "height": height})
    view = context.new_page()
    view.goto(stage.page.address)
    stage.reset()
    for part in Look.__struct_fields__:
        stage.page.set_look(part, getattr(look, part))
    stage.set(scene)
    uncover(view)
    view.mouse.move(3, height - 3)
    if open_look:
        view.click("#open-look")
    if cover:
        view.evaluate(f"document.querySelector('#{cover}').hidden = false")
    view.wait_for_timeout(SETTLE_MS)
    view.screenshot(path=FOLDER / f"{name}.png")
    context.close()


if __name__ == "__main__":
    main()
