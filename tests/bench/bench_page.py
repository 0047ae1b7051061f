"""The page measured: how soon a press is seen, how long axe takes, and whether one switch reaches every topic.

    python -m tests.bench.bench_page            # press to highlight
    python -m tests.bench.bench_page --topics   # and the walk to every topic, some ten minutes

The real conversation, scanner, server and browser; only the voice says everything at once.
"""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Page, sync_playwright

from assistant import choices
from assistant.profile import Settings
from assistant.scan import ScanSettings
from assistant.startup import load_world, make_matcher
from tests.page.journey import Journey
from tests.page.stage import CHROMIUM

PRESSES = 300
GOAL_P95_MS = 50.0
STEP = ScanSettings(mode="step", hold_back_s=0.0, grace_s=0.0, undo_s=0.0, further="Further")
AUTO = ScanSettings(mode="auto", step_s=0.25, first_extra_s=0.1, undo_s=0.2, grace_s=0.0, loops=2, further="Further")
WATCH = """() => {
  window.taken_ms = [];
  let pressed_ms = 0;
  addEventListener("keydown", (event) => { pressed_ms = event.timeStamp; }, true);
  new MutationObserver((changes) => {
    const lit = changes.some((change) => change.target.matches?.(".lit"));
    if (lit && pressed_ms) requestAnimationFrame(() => {
      if (pressed_ms) taken_ms.push(performance.now() - pressed_ms);
      pressed_ms = 0;
    });
  }).observe(document.querySelector("#items"), { subtree: true, attributes: true, attributeFilter: ["class"] });
}"""

ALL_LIT = """(wanted) => new Promise((done) => {
  const lit = new Set();
  const watch = new MutationObserver(() => {
    for (const one of document.querySelectorAll(".lit")) lit.add(one.dataset.id);
    if (wanted.every((id) => lit.has(id))) done([...lit]);
  });
  watch.observe(document.querySelector("#items"), { subtree: true, childList: true, attributes: true });
  setTimeout(() => done([...lit]), 30000);
})"""


def press_to_highlight(view: Page) -> list[float]:
    """Milliseconds from the key's own time to the frame in which the next item is lit, for many presses."""
    view.keyboard.press("Space")
    view.wait_for_selector(".lit")
    view.evaluate(WATCH)
    for number in range(PRESSES):
        view.keyboard.press("Space")
        view.wait_for_timeout(40 + number % 17)
    view.wait_for_timeout(200)
    taken: list[float] = view.evaluate("taken_ms")
    return sorted(taken)


def walk(journey: Journey) -> tuple[list[float], int]:
    """Go to every topic from rest; seconds for each, and the presses that the longest way took."""
    seconds, most = [], 0
    for number, topic in enumerate(journey.app.world.topics.values(), 1):
        presses, took_s = journey.to(topic)
        most = max(most, presses)
        seconds.append(took_s)
        print(f"  {number:3} {topic.code:4} {topic.id}: {presses} presses, {took_s:.1f} s", flush=True)
        journey.home()
    return seconds, most


def settings_lit(journey: Journey) -> tuple[int, int]:
    """In one round through the settings: how many of them were lit, and how many there are."""
    journey.wait("body[data-state=resting]")
    journey.press()
    journey.turn_to("command:settings")
    journey.wait("#items [data-id='command:scan slower']")
    there = {item.id for item in choices.items(journey.app.world, journey.app.conversation.place)}
    lit = set(journey.view.evaluate(ALL_LIT, sorted(there)))
    return len(there & lit), len(there)


def main(*, topics: bool) -> int:
    """0: within the goals."""
    world = load_world(Settings())[0]
    matcher = make_matcher(world)
    with sync_playwright() as playwright, TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        stepping = Journey(world, matcher, Path(folder), STEP)
        stepping.open(browser.new_page(viewport={"width": 1280, "height": 800}))
        taken = press_to_highlight(stepping.view)
        stepping.close()
        p95 = taken[int(len(taken) * 0.95)]
        print(f"press to highlight, {len(taken)} presses: median {statistics.median(taken):.1f} ms, p95 {p95:.1f} ms")
        if topics:
            journey = Journey(world, matcher, Path(folder), AUTO)
            journey.open(browser.new_page(viewport={"width": 1280, "height": 800}))
            begun_s = time.monotonic()
            print("settings lit: {} of {}".format(*settings_lit(journey)))
            journey.home("command:back")
            seconds, most = walk(journey)
            journey.close()
            print(f"{len(seconds)} topics reached by one switch, at most {most} presses each from the list of groups;")
            print(
                f"{time.monotonic() - begun_s:.0f} s in all, median {statistics.median(seconds):.1f} s at 0.25 s a step"
            )
        browser.close()
    return 0 if p95 <= GOAL_P95_MS else 1


if __name__ == "__main__":
    sys.exit(main(topics="--topics" in sys.argv))
