"""The real conversation and the real page, worked by one switch."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from playwright.sync_api import Page as View

from assistant.app import App
from assistant.choices import World
from assistant.events import Say, Spoken, Started
from assistant.journal import Journal
from assistant.matching import Matcher
from assistant.places import Conversation
from assistant.pressing.filters import FilterSettings
from assistant.questions import Questions
from assistant.scan import ScanSettings
from assistant.scanner import Scanner
from assistant.showing.clinic import ClinicList
from assistant.showing.page import Page
from assistant.topics import Topic

LONGEST_S = 40.0
"""No light takes longer to come, at the steps used here."""


PRESS_WHEN_LIT = """([item, longest_ms]) => new Promise((done, never) => {
  const list = document.querySelector("#items");
  let presses = 0;
  const press = () => {
    presses += 1;
    for (const kind of ["keydown", "keyup"]) dispatchEvent(new KeyboardEvent(kind, { key: " ", code: "Space" }));
  };
  const lit = () => list.querySelector(`[data-id="${item}"]`)?.matches(".lit");
  const seen = (left) => (left ? requestAnimationFrame(() => seen(left - 1)) : lit() && choose());
  const choose = () => {
    watch.disconnect();
    press();
    done(presses);
  };
  const rests = (change) => change.attributeName === "data-state" && change.target.dataset.state === "resting";
  const look = (changes) => {
    if (lit()) seen(1);
    else if (changes?.some(rests)) setTimeout(press, 100);
  };
  const watch = new MutationObserver(look);
  watch.observe(list, { subtree: true, childList: true, attributes: true, attributeFilter: ["class"] });
  watch.observe(document.body, { attributes: true, attributeFilter: ["data-state"] });
  const now = () => `${document.querySelector("#state-word").innerText}: ${list.innerText}`;
  setTimeout(() => never(new Error(`${item} was never lit. Now ${now()}`)), longest_ms);
  look();
})"""
"""The hand is inside the browser: one outside is too slow for quick steps on a busy computer. It waits until the light
is drawn; where that takes too long it starts scanning anew, which counts as a press."""
UNTIL_OTHER = """(text) => new Promise((other) => {
  const look = () => (document.querySelector("#items").innerText === text ? requestAnimationFrame(look) : other());
  look();
})"""


class QuickMouth:
    """Says everything at once: what is tried here is the way, not the voice."""

    def __init__(self, put: Callable[[Spoken], None]) -> None:
        self._put = put

    def say(self, order: Say) -> None:
        self._put(Spoken(order.number))

    def alarm(self, after: int) -> None: ...
    def tone(self, name: str) -> None: ...
    def hush(self) -> None: ...
    def rescan(self) -> None: ...
    def close(self) -> None: ...


class Hand:
    """A hand on one switch before the page at `address`."""

    def __init__(self, address: str) -> None:
        self._address = address
        self.presses = 0

    def open(self, view: View) -> None:
        self.view = view
        view.goto(self._address)
        self.wait("body[data-scanning=yes]")

    def wait(self, selector: str) -> None:
        self.view.wait_for_selector(selector, timeout=LONGEST_S * 1000, state="attached")

    def press(self) -> None:
        self.presses += 1
        self.view.keyboard.press("Space")

    def rest(self) -> None:
        """One press brings silence, and then nothing is lit until the next."""
        self.press()
        self.wait("body[data-state=resting]")

    def press_when_lit(self, item: str) -> None:
        """Press once, when `item` is lit on the glass."""
        self.presses += self.view.evaluate(PRESS_WHEN_LIT, [item, LONGEST_S * 1000])

    def turn_to(self, item: str) -> None:
        """Turn pages until `item` is on one, then choose it."""
        for _ in range(12):
            if self.view.locator(f"#items [data-id='{item}']").count():
                break
            shown = self.view.locator("#items").inner_text()
            self.press_when_lit("scan:further")
            self.view.evaluate(UNTIL_OTHER, shown)
        self.press_when_lit(item)

    def to(self, topic: Topic) -> tuple[int, float]:
        """From the list of groups, scanned or at rest, to an answer: how many presses, and how many seconds."""
        before, begun_s = self.presses, time.monotonic()
        if self.view.locator("body[data-state=resting]").count():
            self.press()
        self.press_when_lit(f"group:{topic.group}")
        self.press_when_lit(f"topic:{topic.id}")
        self.view.get_by_role("heading", name=topic.title, exact=True, level=1).wait_for(timeout=5000)
        assert topic.title in self.view.locator("#text").inner_text()
        return self.presses - before, time.monotonic() - begun_s

    def home(self, by: str = "command:menu") -> None:
        """Back to the list of groups."""
        self.wait("#undo[hidden]")
        if self.view.locator("body[data-state=resting]").count():
            self.press()
        self.press_when_lit(by)
        self.wait("[data-id^='group:']")


class Journey(Hand):
    """A started assistant with its page, and the hand before it."""

    def __init__(self, world: World, matcher: Matcher, folder: Path, settings: ScanSettings) -> None:
        self.app = App(
            world,
            Conversation(),
            matcher,
            journal=Journal(folder, "off", Conversation()),
            scanner=Scanner(settings, FilterSettings(repeat_s=0.0, release_s=0.0)),
        )
        self.app.mouth = QuickMouth(self.app.put)
        self.folder = folder
        clinic = ClinicList(Questions(folder, lambda: "2026-11-24"), world.topics)
        self.app.gather = clinic.gather
        self.page = Page(self.app.put, lambda text: self.app.heard((text,)), world.content.prompts, clinic=clinic)
        self.app.world = replace(world, look=self.page.items())
        self.app.screens.append(self.page.show)
        self.app.lights.append(self.page.light)
        self.app.takes = self.page.takes
        self._loop = threading.Thread(target=self.app.run, daemon=True)
        self._loop.start()
        self.app.put(Started())
        super().__init__(self.page.address)

    def close(self) -> None:
        from assistant.events import Leave

        self.app.put(Leave())
        self._loop.join(timeout=3)
        self.page.close()
