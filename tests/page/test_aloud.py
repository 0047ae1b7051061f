"""Someone reads aloud, in a real browser: every topic, by touch, keyboard and one switch."""

from __future__ import annotations

import http.client
import json
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec
import pytest
from playwright.sync_api import Browser, Error, Page, expect

from assistant.choices import World
from assistant.events import Say
from assistant.matching import Matcher
from assistant.questions import FILE
from assistant.scan import ScanSettings
from assistant.showing.look import SIZES, THEMES
from tests.page.journey import Journey, QuickMouth
from tests.page.test_reach import AXE, LETTERS, OVERFLOW, RUN

QUICK = ScanSettings(mode="auto", step_s=0.15, first_extra_s=0.1, undo_s=0.0, grace_s=0.0, loops=3, further="Further")
GUIDE = Path(__file__).parents[2] / "docs" / "caregiver.md"


class Reader:
    """A caregiver before the page."""

    def __init__(self, world: World, journey: Journey, view: Page, said: list[str]) -> None:
        self.world, self.journey, self.view, self.said = world, journey, view, said
        self.line = http.client.HTTPConnection("127.0.0.1", urlsplit(journey.page.address).port or 0, timeout=10)

    def begin(self) -> None:
        """From wherever it is to the first line of the first list."""
        self.pick("command:stop")
        self.pick("command:stop")
        self.pick("command:partner")
        self.pick("signal:Eyes up")
        self.view.wait_for_selector("body[data-aloud=list]")
        expect(self.view.locator("#read")).to_have_text("Get help now?")
        self.said.clear()

    def pick(self, item: str) -> None:
        """As a program does."""
        self.post("/pick", {"item": item})

    def post(self, path: str, body: object) -> None:
        assert self._ask("POST", path, json.dumps(body)) == b""

    def state(self) -> dict[str, Any]:
        found = json.loads(self._ask("GET", "/state"))
        assert isinstance(found, dict)
        return found

    def _ask(self, method: str, path: str, body: str | None = None) -> bytes:
        headers = {"authorization": f"Bearer {self.key}", "content-type": "application/json"}
        try:
            self.line.request(method, path, body, headers)
            answer = self.line.getresponse()
        except (OSError, http.client.HTTPException):  # the server lets go of a line that was idle for long
            self.line.close()
            self.line.request(method, path, body, headers)
            answer = self.line.getresponse()
        told = answer.read()
        assert answer.status in (200, 204), told
        return told

    def until(self, reached: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        end_s = time.monotonic() + 5
        while time.monotonic() < end_s:
            state = self.state()
            if reached(state):
                return state
        raise AssertionError(state)

    @property
    def key(self) -> str:
        return self.journey.page.address.partition("token=")[2]

    def choose(self, name: str) -> None:
        self.view.locator(f"#items [data-id='command:{name}']").click()

    def reads(self, words: str) -> None:
        expect(self.view.locator("#read")).to_contain_text(words)


@pytest.fixture(scope="module")
def opened_reader(
    world: World, matcher: Matcher, browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Reader]:
    journey = Journey(world, matcher, tmp_path_factory.mktemp("home"), ScanSettings())
    said: list[str] = []

    class Noting(QuickMouth):
        def say(self, order: Say) -> None:
            said.append(order.text)
            super().say(order)

    journey.app.mouth = Noting(journey.app.put)
    context = browser.new_context(viewport={"width": 1280, "height": 800}, has_touch=True)
    context.set_default_timeout(5000)
    view = context.new_page()
    complaints: list[str] = []
    view.on("console", lambda told: complaints.append(told.text) if told.type in ("error", "warning") else None)
    view.on("pageerror", lambda error: complaints.append(str(error)))
    view.goto(journey.page.address)
    view.wait_for_selector("#items button")
    yield Reader(world, journey, view, said)
    context.close()
    journey.close()
    assert not complaints


@pytest.fixture
def reader(opened_reader: Reader) -> Reader:
    opened_reader.view.evaluate("document.querySelector('#clinic').close(); document.activeElement.blur()")
    opened_reader.begin()
    return opened_reader


# ---- every topic


def test_yes_and_no_lead_to_every_topic_in_two_lists_and_nothing_is_spoken(reader: Reader) -> None:
    reached = set()
    for number, group in enumerate(reader.world.groups):
        reader.pick("command:menu")
        for reply in [*["no"] * number, "yes"]:
            reader.pick(f"command:{reply}")
        for topic in reader.world.in_group(group):
            for reply in ("yes", "yes"):
                reader.pick(f"command:{reply}")
            title = topic.title
            card = reader.until(lambda state: (state["aloud"]["kind"], state["title"]) == ("card", title))  # noqa: B023
            assert card["aloud"]["card"] == 1
            assert card["aloud"]["text"] in topic.short or "{" in topic.short or topic.urgent
            reached.add(topic.id)
            reader.pick("command:back")
            reader.pick("command:no")
        reader.until(lambda state: state["aloud"]["lines"] and state["aloud"]["lines"][-1]["now"])
    assert reached == set(reader.world.topics)
    assert reader.said == []


def test_by_touch_alone_from_the_first_list_through_all_cards_and_out(reader: Reader) -> None:
    def touch(name: str) -> None:
        reader.view.locator(f"#items [data-id='command:{name}']").tap()

    for name, words in (
        ("no", "About ALS?"),
        ("no", "Medicines and care team?"),
        ("yes", "Is there a cure?"),
        ("no", "Approved medicines?"),
    ):
        touch(name)
        reader.reads(words)
    reader.view.locator("#lines [data-id='topic:riluzole']").tap()  # the yes came late, for a line read before
    reader.reads("Riluzole. Is that right?")
    touch("yes")
    cards = reader.until(lambda state: state["aloud"]["kind"] == "card")["aloud"]["cards"]
    for number in range(2, cards + 1):
        touch("next")
        expect(reader.view.locator("#lead")).to_contain_text(f"{number}/{cards}")
    expect(reader.view.locator("#items [data-id='command:next']")).to_have_count(0)
    touch("stop")
    expect(reader.view.locator("#text")).to_have_text("We stop here. Being tired is reason enough.")


def test_by_letters_alone(reader: Reader) -> None:
    keys, first = reader.view.keyboard, reader.world.in_group("about")[0].title
    for key, words in (
        ("n", "About ALS?"),
        ("N", "Medicines and care team?"),
        ("b", "About ALS?"),
        ("y", f"{first}?"),
    ):
        keys.press(key)
        reader.reads(words)
    keys.press("?")
    expect(reader.view.locator("#then")).to_contain_text("count to ten")
    for key in "yy":
        keys.press(key)
    reader.view.wait_for_selector("body[data-aloud=card]")
    keys.press("x")
    reader.view.wait_for_selector("body[data-aloud='']")


def test_letters_can_be_switched_off_and_are_letters_while_something_is_typed(reader: Reader) -> None:
    reader.view.click("#letters")
    reader.view.keyboard.press("n")
    reader.view.click("#letters")
    reader.view.fill("#question", "")
    reader.view.press("#question", "n")
    assert reader.view.input_value("#question") == "n"
    reader.view.fill("#question", "")
    reader.view.wait_for_timeout(100)
    reader.reads("Get help now?")


def test_by_tab_and_enter_alone(reader: Reader) -> None:
    def to(name: str) -> None:
        for _ in range(40):
            reader.view.keyboard.press("Tab")
            if reader.view.evaluate("document.activeElement.dataset.id") == f"command:{name}":
                return
        raise AssertionError(name)

    reader.view.evaluate("document.body.focus()")
    to("no")
    reader.view.keyboard.press("Enter")
    reader.reads("About ALS?")
    assert reader.view.evaluate("document.activeElement.dataset.id") == "command:no"  # the hand stays where it is
    to("yes")
    reader.view.keyboard.press("Enter")
    reader.reads(reader.world.in_group("about")[0].title)


def test_the_light_of_the_script_goes_along_and_stays_in_sight(reader: Reader) -> None:
    reader.pick("group:body")
    lines = len(reader.world.in_group("body"))
    reader.view.wait_for_selector("#lines [data-id^='topic:']")
    for number in range(lines):
        lit = reader.view.locator("#lines [aria-current]")
        expect(lit).to_have_count(1)
        expect(reader.view.locator(f"#lines li:nth-child({number + 1}) [aria-current]")).to_have_count(1)
        assert reader.view.evaluate(
            "(() => { const b = document.querySelector('#lines [aria-current]').getBoundingClientRect(),"
            "a = document.querySelector('#lines').getBoundingClientRect();"
            "return b.top >= a.top && b.bottom <= a.bottom })()"
        )
        reader.choose("no")
    reader.reads("Something else?")


# ---- by one switch


def test_one_switch_goes_from_rest_through_the_lists_to_the_cards_and_a_tutorial(
    world: World, matcher: Matcher, browser: Browser, tmp_path: Path
) -> None:
    journey = Journey(world, matcher, tmp_path, QUICK)
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    journey.open(context.new_page())
    read = journey.view.locator("#read")

    def choose(item: str, then: str) -> None:
        journey.wait(f"#items [data-id='{item}']")
        if journey.view.locator("body[data-state=resting]").count():
            journey.press()
        journey.press_when_lit(item)
        journey.wait(then)

    try:
        journey.wait("body[data-state=resting]")
        journey.press()
        journey.turn_to("command:partner")
        journey.wait("body[data-aloud=signal]")
        choose("signal:Eyes up", "body[data-aloud=list]")
        choose("command:no", "#lines li:nth-child(2) [aria-current]")
        choose("command:yes", "#lines [data-id^='topic:']")
        expect(read).to_contain_text(world.in_group("about")[0].title)
        choose("command:yes", "body[data-aloud=confirm]")
        choose("command:yes", "body[data-aloud=card]")
        choose("command:next", "#lead")
        expect(journey.view.locator("#lead")).to_contain_text("2/")
        journey.turn_to("command:stop")
        journey.wait("body[data-aloud=''] #items [data-id^='group:']")
        journey.turn_to("command:tour")
        steps = world.content.prompts.variants("tour person step")
        choose("tour:person", "#items [data-id='command:next']")
        for text in steps:
            expect(journey.view.locator("#text")).to_have_text(text)
            choose("command:next", "#text")
        journey.view.get_by_role("heading", name=world.topics["cramps"].title, level=1).wait_for()
    finally:
        context.close()
        journey.close()


# ---- cards, and the list for the clinic


def test_a_card_is_silent_until_it_is_asked_to_be_spoken(reader: Reader) -> None:
    reader.pick("topic:riluzole")
    reader.pick("command:yes")
    expect(reader.view.locator("#hard")).to_contain_text("RIL-yoo-zole")
    expect(reader.view.locator("#foot")).to_contain_text("no clinician has checked it")
    assert reader.said == []
    text = reader.view.locator("#read").inner_text()
    reader.choose("repeat")
    reader.until(lambda _: bool(reader.said))
    assert reader.said == [text]


def test_what_is_not_proven_says_what_it_does_not_mean(reader: Reader) -> None:
    reader.pick("topic:do-they-work")
    reader.pick("command:yes")
    seen = ""
    for _ in range(4):
        seen += reader.view.locator("#lead").inner_text()
        reader.choose("next")
        reader.view.wait_for_timeout(30)
    assert "What this does not mean" in seen


def test_questions_for_the_clinic_are_gathered_shown_printed_and_taken_off(reader: Reader, tmp_path: Path) -> None:
    view = reader.view
    reader.post("/clinic", {"clear": True})
    reader.pick("topic:riluzole")
    reader.pick("command:yes")
    reader.choose("clinic")
    expect(view.locator("#note")).to_contain_text("on the list for the clinic")
    view.fill("#question", "Does it <b>upset</b> the liver?")
    view.keyboard.press("Enter")
    expect(view.locator("#clinic-count")).to_have_text("(2)")
    view.click("#open-clinic")
    view.fill("#clinic-text", "When do we come back?")
    view.keyboard.press("Enter")
    expect(view.locator("#clinic-list li")).to_have_count(3)
    assert view.locator("#clinic-list b").count() == 0
    view.evaluate("window.print = () => {}")
    view.click("#clinic-print")
    view.emulate_media(media="print")
    assert view.evaluate("getComputedStyle(document.querySelector('#page')).display") == "none"
    assert view.evaluate("document.querySelector('#clinic-list').checkVisibility()")
    assert not view.evaluate("document.querySelector('#clinic-list button').checkVisibility()")
    view.emulate_media(media="screen")
    view.evaluate("dispatchEvent(new Event('afterprint'))")
    view.locator("#clinic-list li", has_text="come back").get_by_role("button").click()
    expect(view.locator("#clinic-list li")).to_have_count(2)
    kept = (Path(reader.journey.folder) / FILE).read_text("utf-8")
    assert kept.count("riluzole") == 2
    assert "come back" not in kept
    view.click("#clinic-clear")
    expect(view.locator("#clinic-none")).to_be_visible()
    assert not (Path(reader.journey.folder) / FILE).exists()
    view.click("#clinic-close")
    del tmp_path


def test_a_typed_yes_is_taken_and_markup_in_it_is_only_letters(reader: Reader) -> None:
    reader.pick("command:partner")
    reader.view.wait_for_selector("body[data-aloud=signal]")
    expect(reader.view.locator("#ask label")).to_have_text("Or type their yes")
    reader.view.fill("#question", "<i>left</i> brow")
    reader.view.keyboard.press("Enter")
    expect(reader.view.locator("#then")).to_contain_text("<i>left</i> brow")


# ---- seen and reached by all


def put(reader: Reader, scene: str) -> None:
    """Bring the page into one of the new views."""
    reader.begin()
    if scene == "signal":
        reader.pick("command:partner")
    elif scene == "list":
        for reply in ("yes", "no", "unsure", "unsure"):
            reader.pick(f"command:{reply}")
    elif scene == "else":
        reader.pick("command:none")
    elif scene != "groups":
        reader.pick("topic:riluzole")
        for reply in {"confirm": (), "card": ("yes", "clinic"), "quiet": ("yes", "caregivers"), "clinic": ("yes",)}[
            scene
        ]:
            reader.pick(f"command:{reply}")
    kind = {"groups": "list", "quiet": "card", "clinic": "card"}.get(scene, scene)
    reader.view.wait_for_selector(f"body[data-aloud={kind}]")
    if scene == "clinic":
        reader.post("/clinic", {"text": "Does it upset the liver?"})
        reader.view.click("#open-clinic")
    reader.view.wait_for_timeout(60)


SCENES = ["signal", "groups", "list", "confirm", "else", "card", "quiet", "clinic"]


def dress(view: Page, theme: str, size: str) -> None:
    view.evaluate(f"Object.assign(document.documentElement.dataset, {{theme: '{theme}', size: '{size}'}})")


@pytest.mark.parametrize("scene", SCENES)
def test_axe_finds_nothing_in_any_theme(reader: Reader, scene: str) -> None:
    put(reader, scene)
    reader.view.evaluate(AXE)
    for theme, size in zip(THEMES, reversed(SIZES), strict=True):
        dress(reader.view, theme, size)
        found: dict[str, Any] = reader.view.evaluate(RUN)
        assert found["violations"] == [], (theme, size)
        assert found["unsure"] == [], (theme, size)
    dress(reader.view, "day", "large")


def test_nothing_is_cut_off_at_320_pixels_in_any_size(reader: Reader) -> None:
    for width, height in ((320, 640), (800, 1280)):
        reader.view.set_viewport_size({"width": width, "height": height})
        for scene in SCENES:
            put(reader, scene)
            for size in SIZES:
                dress(reader.view, "day", size)
                assert reader.view.evaluate(OVERFLOW) == [], (scene, size, width)
                assert reader.view.evaluate(LETTERS) >= 32, (scene, size)
            reader.view.evaluate("document.querySelector('#clinic').close()")
    dress(reader.view, "day", "large")
    reader.view.set_viewport_size({"width": 1280, "height": 800})


@pytest.mark.parametrize("scene", ["list", "confirm"])
def test_what_to_read_and_what_to_choose_are_seen_at_once_on_a_usual_screen(reader: Reader, scene: str) -> None:
    put(reader, scene)
    assert reader.view.evaluate("scrollY") == 0
    for name in ("#read", "#items [data-id='command:yes']", "#items [data-id='command:stop']"):
        box = reader.view.locator(name).bounding_box()
        assert box
        assert box["y"] + box["height"] <= 800
    assert float(reader.view.evaluate("parseFloat(getComputedStyle(document.querySelector('#read')).fontSize)")) >= 48


# ---- the written walk-through

TOKEN = re.compile(r'\*\*(?P<choose>[^*]+)\*\*|"(?P<see>[^"]+)"|Type `(?P<type>[^`]+)`')


def test_the_walk_through_works_as_it_is_written(reader: Reader) -> None:
    reader.post("/clinic", {"clear": True})
    reader.pick("command:stop")
    reader.view.wait_for_selector("body[data-aloud='']")
    app = reader.journey.app
    app.conversation = msgspec.structs.replace(app.conversation, turns=())  # the guide has the first wording
    guide = GUIDE.read_text("utf-8").partition("## Good to know")[0].partition("\n## ")[2]
    tokens = [(found.lastgroup, found[found.lastgroup or 0]) for found in TOKEN.finditer(" ".join(guide.split()))]
    assert len(tokens) > 60
    for number, (kind, words) in enumerate(tokens):
        try:
            do(reader.view, kind or "", words)
        except (AssertionError, Error) as error:
            raise AssertionError(f"{number}: {kind} {words!r}\n{reader.view.inner_text('body')}") from error


def do(view: Page, kind: str, words: str) -> None:
    """One thing that the walk-through tells to do, or says is seen."""
    if kind == "choose":
        if words == "Print the list":
            view.evaluate("window.print = () => {}")
        named = re.compile(rf"^\s*(?:\S\s+)?{re.escape(words)}\s*(?:\(\d+\))?\s*$")
        view.locator("button:visible").filter(has_text=named).first.click()
        view.wait_for_timeout(60)
    elif kind == "type":
        view.fill("#question", words)
        view.press("#question", "Enter")
        view.wait_for_timeout(60)
    else:
        view.wait_for_function(
            "words => document.body.innerText.replace(/\\s+/g, ' ').includes(words)", arg=words, timeout=4000
        )
