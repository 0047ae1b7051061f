"""The family's page in a real browser, before a real conversation: add, be refused, correct, undo, and hear it."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Dialog, Page, Route, expect

from assistant.events import Show
from assistant.showing.family import BODY_BYTES
from assistant.showing.look import SIZES, THEMES
from assistant.showing.page import Page as OurPage
from tests.page.test_reach import AXE, LETTERS, OVERFLOW, RUN

expect.set_options(timeout=20_000)  # a busy computer
PARTS = ("answers", "people", "asking", "country", "tablet", "copies")
ANSWER = {"type": "topic", "name": "Our remote", "ways": "where is the clicker", "answer": "It is on the shelf."}


@pytest.fixture
def address(running: OurPage) -> str:
    return running.address


@pytest.fixture
def tab(browser: Browser, address: str) -> Iterator[Page]:
    """The family's page, opened as a caregiver does. A complaint in the browser's console fails the test."""
    context: BrowserContext = browser.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(20_000)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(address)
    page.click("#open-family")
    expect(page.locator("#answers .entries")).to_have_text("Nothing here yet.")
    yield page
    context.close()
    assert not [text for text in complaints if "ERR_FAILED" not in text]


def ask(address: str, body: object = None, *, key: bool = True, **headers: str) -> tuple[int, Any]:
    """One request as a program makes it."""
    parts = urlsplit(address)
    usual = {"authorization": f"Bearer {parts.query.removeprefix('token=')}"} if key else {}
    if body is not None:
        usual["content-type"] = "application/json"
    line = http.client.HTTPConnection("127.0.0.1", parts.port, timeout=10)
    data = body if isinstance(body, bytes) else json.dumps(body).encode() if body is not None else None
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    line.request("GET" if body is None else "POST", "/family", data, {**usual, **named})
    answer = line.getresponse()
    text = answer.read()
    line.close()
    return answer.status, json.loads(text) if text.startswith(b"{") else text.decode()


def submit(tab: Page, part: str) -> None:
    tab.locator(f"#{part} form [type=submit]").click()


def go_home(tab: Page) -> None:
    tab.get_by_role("link", name="Back to askaloud").click()
    expect(tab.locator("#items button").first).to_be_visible()


def test_a_topic_is_added_corrected_heard_and_undone(tab: Page) -> None:
    tab.get_by_role("button", name="Add an answer").click()
    tab.locator("#topic-name").fill("Our night nurse")
    tab.locator("#topic-ways").fill("Is Maria coming tonight?\nI can't breathe")
    tab.get_by_label("What askaloud says").fill("Maria comes at ten. Ring the bell & she will come")
    submit(tab, "answers")
    expect(tab.locator("#topic-ways-fault")).to_have_text(
        "“I can't breathe” is a cry for help and stays one. Choose other words."
    )
    expect(tab.locator("#told")).to_contain_text("Nothing is lost")
    expect(tab.locator("#topic-ways")).to_be_focused()
    expect(tab.locator("#topic-ways")).to_have_attribute("aria-invalid", "true")
    expect(tab.locator("#topic-answer")).to_have_value("Maria comes at ten. Ring the bell & she will come")
    tab.locator("#topic-ways").fill("Is Maria coming tonight?")
    submit(tab, "answers")
    expect(tab.locator("#topic-answer-fault")).to_contain_text("Write 'and'")
    tab.locator("#topic-answer").fill("Maria comes at ten. Ring the bell and she will come")
    submit(tab, "answers")
    expect(tab.locator("#told")).to_have_text("Saved. It counts from now on.")
    expect(tab.locator("#answers .name")).to_have_text("M1 Our night nurse")

    go_home(tab)
    tab.locator("#items").get_by_role("button", name="Our own answers").click()
    tab.locator("#items").get_by_role("button", name="Our night nurse").click()
    expect(tab.locator("#text")).to_contain_text("Maria comes at ten.")
    tab.locator("#question").fill("will maria come tonight")
    tab.keyboard.press("Enter")
    expect(tab.locator("h1")).to_have_text("Our night nurse")

    tab.locator("#open-family").click()
    tab.get_by_role("link", name="Undo").click()
    tab.locator("#copies .undo").click()
    expect(tab.locator("#told")).to_contain_text("Taken back")
    go_home(tab)
    expect(tab.locator("#items")).to_contain_text("Breathing")
    expect(tab.locator("#items")).not_to_contain_text("Our own answers")


def test_a_person_is_added_by_keyboard_alone_changed_and_taken_away(tab: Page) -> None:
    tab.get_by_role("link", name="People").focus()
    tab.keyboard.press("Enter")
    tab.get_by_role("button", name="Add a person or number").focus()
    tab.keyboard.press("Enter")
    for text in ("Maria", "our night nurse", "555 0123"):
        tab.keyboard.press("Tab")
        tab.keyboard.type(text)
    tab.keyboard.press("Enter")
    expect(tab.locator("#people .about")).to_have_text("our night nurse, 555 0123")
    expect(tab.get_by_role("button", name="Add a person or number")).to_be_focused()
    tab.get_by_role("button", name="Change: M1 Maria").click()
    tab.locator("#person-who").fill("our day nurse")
    submit(tab, "people")
    expect(tab.locator("#people .about")).to_have_text("our day nurse, 555 0123")
    tab.get_by_role("button", name="Change: M1 Maria").click()
    tab.locator("#people .remove").click()
    expect(tab.locator("#people .entries")).to_have_text("Nothing here yet.")
    tab.locator("#take-back").click()
    expect(tab.locator("#people .name")).to_have_text("M1 Maria")


def test_own_ways_and_the_country_count_at_once(tab: Page, address: str) -> None:
    tab.get_by_role("link", name="Ways to ask").click()
    tab.get_by_role("button", name="Add ways to ask").click()
    tab.locator("#ways-topic").select_option("cramps")
    tab.locator("#ways-ways").fill("the charley horse")
    submit(tab, "asking")
    expect(tab.locator("#asking .name")).to_have_text("Muscle cramps")
    tab.get_by_role("link", name="Country").click()
    tab.locator("#region-region").select_option("uk")
    submit(tab, "country")
    expect(tab.locator("#told")).to_contain_text("Saved")
    expect(tab.locator("#told")).to_contain_text("counts from now on")
    go_home(tab)
    tab.locator("#question").fill("charley horse")
    tab.keyboard.press("Enter")
    expect(tab.locator("h1")).to_have_text("Muscle cramps")
    assert ask(address)[1]["family"]["region"] == "uk"


def test_advice_does_not_hinder_and_a_second_save_is_the_same_entry(tab: Page) -> None:
    tab.get_by_role("button", name="Add an answer").click()
    tab.locator("#topic-name").fill("Our garden")
    tab.locator("#topic-ways").fill("what grows in the garden")
    tab.locator("#topic-answer").fill(" ".join(["roses and tulips and lilies"] * 6))
    submit(tab, "answers")
    expect(tab.locator("#told")).to_contain_text("Saved. Below is some advice")
    expect(tab.locator("#topic-answer-fault")).to_be_visible()
    tab.locator("#topic-answer").fill("Roses grow there.")
    submit(tab, "answers")
    expect(tab.locator("#answers .name")).to_have_text("M1 Our garden")


def test_when_askaloud_does_not_answer_what_was_typed_is_still_there(tab: Page) -> None:
    tab.get_by_role("button", name="Add an answer").click()
    tab.locator("#topic-answer").fill("It took me long to type this.")

    def refuse(route: Route) -> None:
        route.abort()

    tab.route("**/family", refuse)
    submit(tab, "answers")
    expect(tab.locator("#told")).to_contain_text("What you typed is still here")
    expect(tab.locator("#topic-answer")).to_have_value("It took me long to type this.")
    tab.unroute("**/family", refuse)
    tab.get_by_role("link", name="People").click()
    tab.get_by_role("link", name="Own answers").click()
    expect(tab.locator("#topic-answer")).to_have_value("It took me long to type this.")
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    tab.on("dialog", stay)
    tab.evaluate("location.href = '/'")
    tab.wait_for_timeout(300)
    assert asked == ["beforeunload"]


def test_what_is_typed_is_shown_as_text_never_as_page(tab: Page, address: str) -> None:
    nasty = "<img src=x> {{page stop}}"
    outcome = ask(address, {**ANSWER, "name": nasty})[1]["outcome"]
    assert not outcome["saved"]
    assert ask(address, {"type": "person", "name": "<b>Maria</b>", "who": "our <i>nurse</i>"})[1]["outcome"] is not None
    tab.reload()
    expect(tab.locator("#answers .entries")).to_be_visible()
    assert tab.locator(".entries img, .entries i, .entries b").count() == 0


def open_part(tab: Page, part: str) -> None:
    tab.evaluate(f"location.hash = '#{part}'")
    expect(tab.locator(f"#{part}")).to_be_visible()
    add = tab.locator(f"#{part} .add")
    if add.count() and add.is_visible():
        add.click()
        submit(tab, part)
        tab.wait_for_selector(f"#{part} .fault:not([hidden])")


def test_axe_finds_nothing_and_nothing_is_cut_off(tab: Page, address: str) -> None:
    assert ask(address, ANSWER)[1]["outcome"]["saved"]
    assert ask(address, {"type": "person", "name": "Maria", "who": "our nurse", "phone": "555 0123"})[0] == 200
    tab.reload()
    tab.evaluate(AXE)
    for place, part in enumerate((*PARTS, *PARTS[:3])):  # first the lists, then the forms with their faults
        looks = [(THEMES[place % len(THEMES)], SIZES[0]), (THEMES[(place + 1) % len(THEMES)], SIZES[-1])]
        for theme, size in looks:
            tab.evaluate(f"Object.assign(document.documentElement.dataset, {{theme: '{theme}', size: '{size}'}})")
            found = tab.evaluate(RUN)
            assert (found["violations"], found["unsure"]) == ([], []), (part, theme, size)
        for width in (1280, 320):
            tab.set_viewport_size({"width": width, "height": 800})
            for size in (SIZES[0], SIZES[-1]):
                tab.evaluate(f"document.documentElement.dataset.size = '{size}'")
                assert tab.evaluate(OVERFLOW) == [], (part, width, size)
                assert tab.evaluate(LETTERS) >= 32
        tab.set_viewport_size({"width": 1280, "height": 800})
        open_part(tab, PARTS[(PARTS.index(part) + 1) % len(PARTS)])


def test_nobody_else_reads_or_changes_what_a_family_wrote(address: str) -> None:
    port = urlsplit(address).port
    for body in (None, ANSWER):
        assert ask(address, body, key=False)[0] == 403
        assert ask(address, body, host="evil.example")[0] == 403
        assert ask(address, body, origin="https://evil.example")[0] == 403
        assert ask(address, body, host=f"evil.example:{port}", origin=f"http://evil.example:{port}")[0] == 403
        assert ask(address, body, sec_fetch_site="same-site")[0] == 403
    assert ask(address, ANSWER, content_type="text/plain")[0] == 415
    assert ask(address, b"x" * (BODY_BYTES + 1))[0] == 413
    for nonsense in (
        b"{",
        b"[]",
        b'{"type": "shell"}',
        b'{"type": "topic"}',
        b'{"type": "restore", "copy": 3}',
        b"\xff",
        b'{"type": "\xff"}',
    ):
        status, sentence = ask(address, nonsense)
        assert status == 400
        assert "Traceback" not in sentence
    for way in ("../../etc", "00001_2026-01-01_00-00-00"):
        assert ask(address, {"type": "restore", "copy": way})[1]["outcome"]["trouble"]
    assert ask(address)[1]["family"]["copies"] == []


def test_a_cry_for_help_is_seen_on_this_page_too(tab: Page, running: OurPage) -> None:
    alarm = Show("urgent", "Choking right now", "Bend them forward.")
    tab.get_by_role("button", name="Add an answer").click()
    tab.locator("#topic-answer").fill("It took me long to type this.")
    running.show(alarm)
    expect(tab.get_by_role("alert")).to_have_text("Choking right now Bend them forward.")
    expect(tab.locator("#topic-answer")).to_have_value("It took me long to type this.")
    running.show(Show("listening", "", ""))
    expect(tab.locator("#alarm")).to_be_hidden()
    tab.locator("#topic-answer").fill("")
    running.show(alarm)
    tab.wait_for_url("**/")
    expect(tab.locator("h1")).to_have_text("Choking right now")


def test_a_resting_pointer_does_not_open_this_page_and_it_is_left_by_itself(tab: Page, address: str) -> None:
    tab.clock.install()
    tab.reload()
    expect(tab.locator("#answers .entries")).to_have_text("Nothing here yet.")
    tab.clock.fast_forward(170_000)
    assert tab.url.endswith("/family.html")
    tab.clock.fast_forward(20_000)
    tab.wait_for_url("**/")
    expect(tab.locator("#open-family")).to_be_visible()
    assert tab.locator("#open-family[data-dwell]").count() == 0
    assert address
