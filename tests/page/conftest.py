"""One open page for all tests of a file, in the one browser of all tests."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from assistant.choices import World
from assistant.events import Leave, Started
from assistant.profile import Settings
from assistant.running import Wanted, build
from assistant.showing.page import Page as OurPage
from tests.page.stage import Stage


def uncover(page: Page) -> None:
    """Nothing lies over the page, and no dialog is open; one that was told of the end is opened anew."""
    if page.locator("#gone").is_visible():
        page.reload()
    page.evaluate(
        "for (const one of document.querySelectorAll('.cover')) one.hidden = true;"
        "document.querySelector('#look').close(); document.querySelector('#page').inert = false"
    )


@pytest.fixture(scope="module")
def served(world: World) -> Iterator[Stage]:
    made = Stage(world)
    yield made
    made.page.close()


@pytest.fixture
def stage(served: Stage) -> Stage:
    """The file's page, as new."""
    served.reset()
    return served


@pytest.fixture(scope="module")
def complaints() -> list[str]:
    """What the browser's console said."""
    return []


@pytest.fixture(scope="module")
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="no-preference")
    made.set_default_timeout(5000)
    yield made
    made.close()


@pytest.fixture(scope="module")
def opened(context: BrowserContext, served: Stage, complaints: list[str]) -> Page:
    page = context.new_page()
    page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(served.page.address)
    return page


@pytest.fixture
def view(opened: Page, stage: Stage, complaints: list[str]) -> Iterator[Page]:
    """The page, open, with nothing left from before. A complaint in the browser's console fails the test."""
    uncover(opened)
    opened.mouse.move(2, 790)
    opened.evaluate("document.activeElement.blur(); document.querySelector('#question').value = ''")
    opened.wait_for_selector("body[data-scanning=no][data-state=listening] #items button")
    opened.wait_for_timeout(40)
    stage.done.clear()
    complaints.clear()
    yield opened
    opened.unroute_all()
    assert not complaints


@pytest.fixture
def running(monkeypatch: pytest.MonkeyPatch) -> Iterator[OurPage]:
    """The page of an askaloud that runs with everything but sound."""
    monkeypatch.setattr("os.fsync", lambda _: None)
    app, page = build(Settings(), Wanted(hears=False, speaks=False, browser=False))
    assert page
    app.put(Started(can_hear=False))
    loop = threading.Thread(target=app.run)
    loop.start()
    yield page
    app.put(Leave())
    loop.join(5)
    page.close()
    app.close()
