"""Makes the pictures of the family's page and of the companion: python -m tests.page.make_family_pictures"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from assistant.family.editing import Form, PersonForm, TopicForm
from assistant.profile import Settings, home
from assistant.showing.page import Page as OurPage
from assistant.startup import load_world, make_matcher
from tests.page.stage import CHROMIUM, Stage

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
SETTLE_MS = 450
HOME = "127.0.0.1"
NURSE = TopicForm(
    "Our night nurse",
    "Is Maria coming tonight?\nWhen does the night helper come?",
    "Maria is here at night. She comes at ten in the evening and stays until six.",
)
REMOTE = TopicForm("The remote", "Where is the clicker?", "It is in the blue basket, beside the lamp.")
FORMS: tuple[Form, ...] = (NURSE, REMOTE, PersonForm("Maria", "our night nurse", "555 0123"))


def main() -> None:
    """The lists, a form with a fault, the code, and the tablet."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        os.environ["ASKALOUD_HOME"] = folder
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        with _served() as page:
            _family(browser, page)
            _companion(browser, page)
        browser.close()


@contextmanager
def _served() -> Iterator[OurPage]:
    from assistant.family.editing import Editing

    world = load_world(Settings())[0]
    editing = Editing(home(), lambda: world, make_matcher, lambda *_: None, lambda: "us")
    for form in FORMS:
        editing.take(form)
    stage = Stage(world)
    stage.page.close()
    page = OurPage(lambda _: None, lambda _: None, world.content.prompts, family=editing)
    stage.page = page
    stage.set("speaking")
    yield page
    page.close()


def _family(browser: Browser, page: OurPage) -> None:
    view = _opened(browser, page.address)
    view.goto(page.address.partition("?")[0] + "family.html")
    view.wait_for_selector("#answers .name")
    _keep(view, "family")
    view.click("#answers .add")
    view.fill("#topic-name", "The chair")
    view.fill("#topic-ways", "How does the chair work?\nHelp me")
    view.click("#answers form [type=submit]")
    view.wait_for_selector(".fault:not([hidden])")
    view.set_viewport_size({"width": 1280, "height": 1500})
    _keep(view, "family-fault")
    view.context.close()


def _companion(browser: Browser, page: OurPage) -> None:
    view = _opened(browser, page.address)
    page.companion._address = lambda: HOME
    page.companion.on()
    view.goto(page.address.partition("?")[0] + "family.html#tablet")
    view.wait_for_selector("#code:not([hidden])")
    view.evaluate("document.querySelector('#code-address').textContent = 'http://192.168.1.20:41739/#…'")
    _keep(view, "companion-code")
    tablet = _opened(browser, str(page.companion.state()["address"]), 1024, 768)
    tablet.wait_for_selector("#answers:not([hidden])")
    _keep(tablet, "companion")
    tablet.context.close()
    view.context.close()


def _opened(browser: Browser, address: str, width: int = 1280, height: int = 800) -> Page:
    view = browser.new_context(viewport={"width": width, "height": height}).new_page()
    view.goto(address)
    return view


def _keep(view: Page, name: str) -> None:
    view.wait_for_timeout(SETTLE_MS)
    view.screenshot(path=FOLDER / f"{name}.png")


if __name__ == "__main__":
    main()
