"""What the page shows, and that it never leaves anyone before a blank or dead screen."""

from __future__ import annotations

import http.client
import json
import time

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from assistant.choices import World
from assistant.events import Item, Picked, Show
from assistant.scan import Light
from assistant.showing.files import filled, read_files
from assistant.showing.look import Look, LookTrouble, changed
from assistant.showing.page import Page as OurPage
from tests.page.stage import SCENES, Stage, groups


def test_the_key_leaves_the_address_and_becomes_a_cookie_no_script_can_read(view: Page, stage: Stage) -> None:
    assert view.url == f"http://127.0.0.1:{stage.port}/"
    (cookie,) = view.context.cookies()
    assert cookie["value"] == stage.key
    assert cookie["httpOnly"]
    assert cookie["sameSite"] == "Strict"
    assert view.evaluate("document.cookie") == ""


def test_the_page_can_be_loaded_again_without_the_key(view: Page, stage: Stage) -> None:
    view.reload()
    expect(view.locator("#items button").first).to_be_visible()
    view.goto(f"http://127.0.0.1:{stage.port}/")
    expect(view.locator("#items button").first).to_be_visible()


def test_nothing_is_ever_asked_of_another_computer(browser: Browser, stage: Stage) -> None:
    context = browser.new_context()
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    page = context.new_page()
    page.goto(stage.page.address)
    for name in SCENES:
        stage.set(name)
        page.wait_for_timeout(50)
    page.click("#open-look")
    assert len(asked) > 10
    assert {url.split("/")[2] for url in asked} == {f"127.0.0.1:{stage.port}"}
    context.close()


def test_it_shows_what_was_heard_what_is_said_and_the_word_that_is_spoken(view: Page, stage: Stage) -> None:
    stage.set("speaking")
    expect(view.locator("#state-word")).to_have_text("Speaking")
    expect(view.locator("h1")).to_have_text(stage.world.topics["cramps"].title)
    expect(view.locator("#heard-words")).to_have_text("what helps with cramps")
    expect(view.locator("#now")).to_have_text("warmth")
    text = str(stage.page.board.state()["text"])
    stage.page.word(stage.number + 1, 0, 6)
    expect(view.locator("#now")).to_have_text(text[:6])
    stage.page.word(stage.number, 7, 9)  # an old saying that ends late
    stage.page.word(-10, 0, 3)  # a cue: another text
    view.wait_for_timeout(60)
    expect(view.locator("#now")).to_have_text(text[:6])
    expect(view.locator("#text")).to_have_text(text)


def test_an_answer_can_still_be_read_when_it_was_spoken(view: Page, stage: Stage) -> None:
    stage.set("speaking")
    title = stage.world.topics["cramps"].title
    stage.page.show(Show("listening", title, "", groups(stage.world)))
    expect(view.locator("#state-word")).to_have_text("Listening")
    expect(view.locator("#text")).to_contain_text("warmth")
    expect(view.locator("#heard-words")).to_have_text("what helps with cramps")
    expect(view.locator("#now")).to_have_text("")
    stage.page.show(Show("listening", "Another", "", groups(stage.world)))
    expect(view.locator("#text")).to_have_text("")


def test_whatever_is_said_is_shown_as_text_never_as_page(view: Page, stage: Stage) -> None:
    nasty = "<img src=x onerror=alert(1)> & <b>bold</b> {{page stop}}"
    stage.page.show(Show("listening", nasty, nasty, (Item("topic:<i>", nasty, nasty),), nasty))
    expect(view.locator("h1")).to_have_text(nasty)
    expect(view.locator("#text")).to_have_text(nasty)
    expect(view.locator("#items .label")).to_have_text(nasty)
    assert view.locator("#items img, #text b").count() == 0


@pytest.mark.parametrize(
    ("light", "words"),
    [
        (("", -1, 0.0, "rest"), "Press to start"),
        (("group:breathing", 5, 1.5, "scan"), "Press when yours is lit"),
        (("group:breathing", 5, 1.0, "held"), "Keep holding to go back"),
        (("command:back", -1, 2.0, "held"), "Let go to go back"),
        (("scan:undo", -1, 1.5, "undo"), "Press to take it back"),
    ],
)
def test_it_says_what_a_press_does_now(
    view: Page, stage: Stage, light: tuple[str, int, float, str], words: str
) -> None:
    item, index, seconds, phase = light
    stage.page.light(Light(item, index, 0, groups(stage.world), seconds, phase))  # type: ignore[arg-type]  # a phase
    expect(view.locator("#state-word")).to_have_text(words)
    assert view.locator("#undo").is_visible() == (phase == "undo")
    assert view.locator(".time").count() == (1 if seconds and item != "command:back" else 0)


def test_a_press_while_it_speaks_means_stop_and_the_page_says_so(view: Page, stage: Stage) -> None:
    stage.set("speaking")
    stage.page.light(Light("", -1, 0, (), 0.0, "paused"))
    expect(view.locator("#state-word")).to_have_text("Speaking. Press to stop")
    assert view.locator("#items button").count() == 8  # what the list shows stays


def test_a_press_that_does_not_count_is_told(view: Page, stage: Stage) -> None:
    stage.set("scanning")
    stage.page.tick()
    expect(view.locator("#tick")).to_be_visible()
    expect(view.locator("#tick")).to_be_hidden(timeout=2000)


def test_with_motion_off_or_unwanted_nothing_moves(view: Page, stage: Stage) -> None:
    stage.set("scanning")
    expect(view.locator(".time")).to_have_count(1)
    view.emulate_media(reduced_motion="reduce")
    stage.set("scanning")
    stage.lit(groups(stage.world)[3].id)
    expect(view.locator(".time")).to_have_count(0)
    view.emulate_media(reduced_motion="no-preference")
    stage.page.set_look("motion", value=False)
    stage.lit(groups(stage.world)[4].id)
    expect(view.locator("#items li:nth-child(5) .lit")).to_have_count(1)
    expect(view.locator(".time")).to_have_count(0)
    assert view.evaluate("document.getAnimations().length") == 0


def test_one_setting_decides_who_reads_aloud(view: Page, stage: Stage) -> None:
    say = view.locator("#say")
    expect(say).to_have_attribute("aria-live", "off")
    stage.set("speaking")
    expect(say).to_have_text("")
    for who in ("screen reader", "both"):
        stage.page.set_look("who_speaks", who)
        expect(say).to_have_attribute("aria-live", "polite")
        stage.set("listening")
        stage.set("speaking")
        expect(say).to_contain_text("warmth")


def test_size_and_theme_are_chosen_on_the_page_and_kept(view: Page, stage: Stage) -> None:
    view.click("#open-look")
    view.get_by_label("Night").check()
    view.get_by_label("Huge").check()
    view.get_by_label("2.5 s").check()
    expect(view.locator("html")).to_have_attribute("data-theme", "night")
    expect(view.locator("html")).to_have_attribute("data-size", "huge")
    assert stage.keeping(3) == [("theme", "night"), ("size", "huge"), ("dwell_s", 2.5)]
    view.get_by_role("button", name="Done").click()
    expect(view.locator("#look")).to_be_hidden()


def test_a_switch_can_change_the_look_too(view: Page, stage: Stage) -> None:
    ids = [item.id for item in stage.page.items()]
    assert ids[:3] == ["look:size", "look:theme", "look:motion"]
    assert all(item.label and len(item.label.split()) <= 3 for item in stage.page.items())
    for _ in range(4):
        assert stage.page.takes("look:theme")
    assert [value for _, value in stage.kept] == ["night", "paper", "strong", "day"]
    assert not stage.page.takes("command:stop")
    assert not stage.page.takes("look:__class__")
    assert stage.page.takes("look:size")
    expect(view.locator("html")).to_have_attribute("data-size", "larger")


def test_full_screen_is_entered_by_a_press_and_left_by_an_item(view: Page, stage: Stage) -> None:
    view.click("#full")
    expect(view.locator("#full")).to_have_text("Leave full screen")
    assert stage.page.takes("page:leave full screen")
    expect(view.locator("#full")).to_have_text("Full screen")
    view.keyboard.press("Space")
    assert stage.page.takes("page:full screen")
    expect(view.locator("#full")).to_have_text("Leave full screen")
    assert stage.page.takes("page:leave full screen")
    expect(view.locator("#full")).to_have_text("Full screen")


def test_typing_asks(view: Page, stage: Stage) -> None:
    box = view.get_by_role("textbox", name="Or type")
    box.fill("  what is riluzole ")
    view.get_by_role("button", name="Ask", exact=True).click()
    assert stage.waiting() == ["what is riluzole"]
    expect(box).to_have_value("")


def test_when_the_assistant_stops_the_page_says_so_and_comes_back(browser: Browser, world: World) -> None:
    stage = Stage(world)
    stage.set("listening")
    context = browser.new_context()
    page = context.new_page()
    page.goto(stage.page.address)
    expect(page.locator("#items button").first).to_be_visible()
    refuse = "**/events"
    page.route(refuse, lambda route: route.abort())
    stage.page.board.end()
    expect(page.get_by_role("alertdialog")).to_contain_text("askaloud has stopped. Start it again.")
    assert not page.locator("#page").is_visible()
    page.unroute(refuse)
    expect(page.locator("#gone")).to_be_hidden()
    stage.set("speaking")
    expect(page.locator("h1")).to_have_text(world.topics["cramps"].title)
    port = stage.port
    stage.page.close()
    expect(page.locator("#gone")).to_be_visible()
    anew = OurPage(lambda _: None, lambda _: None, world.content.prompts, port=port)
    page.wait_for_timeout(1500)
    expect(page.locator("#gone")).to_be_visible()  # a new start has a new key
    page.goto(anew.address)
    expect(page.locator("#gone")).to_be_hidden()
    context.close()
    anew.close()


def test_a_short_hiccup_shows_nothing(view: Page, stage: Stage) -> None:
    stage.page.board.end()
    view.wait_for_timeout(1200)
    assert not view.locator("#gone").is_visible()
    stage.set("speaking")
    expect(view.locator("#now")).to_have_text("warmth")


def test_too_many_windows_give_way_to_the_newest_and_presses_still_arrive(browser: Browser, world: World) -> None:
    stage = Stage(world)
    stage.set("listening")
    context = browser.new_context()
    pages = [context.new_page() for _ in range(6)]
    for page in pages:
        page.goto(stage.page.address)
        expect(page.locator("#items button").first).to_be_visible()
    expect(pages[0].locator("#gone")).to_contain_text("open in another window")
    pages[-1].locator("#items button").first.click()
    assert stage.waiting() == [Picked(groups(stage.world)[0].id)]
    context.close()
    stage.page.close()


def test_a_slow_assistant_loses_no_press(view: Page, stage: Stage) -> None:
    def slowly(route: Route) -> None:
        view.wait_for_timeout(300)
        route.continue_()

    view.route("**/pick", slowly)
    view.locator("#items button").nth(1).click()
    view.locator("#items button").nth(2).click()
    view.wait_for_timeout(700)
    assert stage.waiting(2) == [Picked(item.id) for item in groups(stage.world)[1:3]]


def test_it_prints_in_18_points_without_controls(view: Page, stage: Stage) -> None:
    stage.set("speaking")
    view.emulate_media(media="print")
    assert view.evaluate("getComputedStyle(document.querySelector('#text')).fontSize") == "24px"  # 18 points
    assert view.evaluate("getComputedStyle(document.querySelector('h1')).fontSize") == "32px"
    assert not view.locator("header").is_visible()
    assert not view.locator("#ask").is_visible()
    assert view.pdf(format="A4").startswith(b"%PDF")
    view.emulate_media(media="screen")


# ---- what programs see


def test_programs_read_the_state_and_press_by_the_requests_of_the_page(stage: Stage) -> None:
    stage.set("scanning")
    status, body = stage.ask()
    state = json.loads(body)
    assert status == 200
    assert state["state"] == "listening"
    assert state["light"]["item"] == groups(stage.world)[2].id
    assert len(state["light"]["items"]) == 8
    assert abs(state["now_s"] - time.monotonic()) < 1
    assert stage.ask("POST", "/press", {})[0] == 204
    assert stage.ask("POST", "/pick", {"item": "command:stop"})[0] == 204
    assert stage.ask("POST", "/ask", {"text": " is there a cure "})[0] == 204
    assert stage.ask("POST", "/look", {"name": "size", "value": "huge"})[0] == 204
    kinds = [type(event).__name__ for event in stage.done]
    assert kinds == ["Switch", "Picked", "str"]
    assert stage.kept == [("size", "huge")]


@pytest.mark.parametrize(("age_s", "kept"), [(0.2, True), (9.0, True), (60.0, False), (-5.0, False)])
def test_the_time_of_a_press_counts_unless_it_can_not_be(stage: Stage, age_s: float, *, kept: bool) -> None:
    at_s = time.monotonic() - age_s
    assert stage.ask("POST", "/press", {"at_s": at_s})[0] == 204
    (event,) = stage.done
    told = abs(event.at_s - at_s) < 0.001  # type: ignore[attr-defined]  # it is a Switch
    assert told == kept
    assert kept or abs(event.at_s - time.monotonic()) < 1  # type: ignore[attr-defined]  # see above


def test_the_stream_tells_all_at_first_then_every_change(stage: Stage) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", stage.port, timeout=5)
    connection.request("GET", "/events", headers={"authorization": f"Bearer {stage.key}"})
    stream = connection.getresponse()
    assert stream.getheader("content-type", "").startswith("text/event-stream")

    def message() -> tuple[str, dict[str, object]]:
        event, data, _ = (stream.readline().decode().strip() for _ in range(3))
        return event.removeprefix("event: "), json.loads(data.removeprefix("data: "))

    name, whole = message()
    assert name == "change"
    usual = {"now_s", "state", "title", "text", "large", "heard", "items", "word", "light", "look"}
    assert usual | {"aloud", "clinic", "companion"} == set(whole)
    stage.page.word(stage.number + 1, 1, 3)
    name, change = message()
    assert (name, change["word"]) == ("change", [1, 3])
    assert "text" not in change
    stage.page.takes("page:full screen")
    assert message()[1]["what"] == "full screen"
    connection.close()


def test_what_was_asked_for_again_and_again_stands_larger(view: Page, stage: Stage) -> None:
    def letters() -> float:
        return float(view.evaluate("parseFloat(getComputedStyle(document.querySelector('#text')).fontSize)"))

    stage.page.show(Show("listening", "Cramps", "Stretch slowly."))
    expect(view.locator("#before")).to_have_text("Stretch slowly.")
    usual = letters()
    stage.page.show(Show("speaking", "Cramps", "Stretch slowly.", large=True))
    expect(view.locator("body")).to_have_attribute("data-large", "yes")
    assert letters() > 1.4 * usual
    stage.page.show(Show("listening", "Cramps", ""))
    assert stage.page.board.state()["large"]
    stage.page.show(Show("listening", "Pain", "Ask."))
    expect(view.locator("body")).to_have_attribute("data-large", "no")


def test_a_look_the_page_can_not_have_is_refused_in_a_sentence() -> None:
    for name, value in [("size", "tiny"), ("colour", "red"), ("dwell_s", 9.0), ("motion", "no"), ("theme", 3.0)]:
        with pytest.raises(LookTrouble, match=f'"{name}"'):
            changed(Look(), name, value)


def test_every_word_on_the_page_comes_from_the_content(world: World) -> None:
    html = read_files(world.content.prompts)["index.html"].body.decode()
    assert "{{" not in html
    assert filled("<p>{{page stop}}</p>", world.content.prompts) == "<p>Stop</p>"
