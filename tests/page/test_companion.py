"""The companion on a second browser and under attack: theft, replay, expiry, and everything the page refuses."""

from __future__ import annotations

import http.client
import ipaddress
import json
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from urllib.parse import urlsplit

import pytest
import segno
from playwright.sync_api import Browser, BrowserContext, Page, expect

from assistant.choices import World
from assistant.events import Picked
from assistant.showing.companion import BODY_BYTES, FILES, Companion, CompanionTrouble, own_address
from assistant.showing.look import SIZES, THEMES, Look
from assistant.showing.page import Page as OurPage
from tests.page.stage import Stage
from tests.page.test_reach import AXE, LETTERS, OVERFLOW, RUN

HOME, GUEST = "127.0.0.1", "127.0.0.2"
WAIT_S = 5.0
expect.set_options(timeout=20_000)  # a busy computer


class Tablet:
    """A device in the network that speaks HTTP by hand."""

    def __init__(self, companion: Companion, peer: str = HOME) -> None:
        self.peer, self.cookie = peer, ""
        address = urlsplit(str(companion.state()["address"]))
        self.name, self.token = address.netloc, address.fragment

    def ask(self, path: str, body: object = None, **headers: str) -> tuple[int, bytes]:
        method = "GET" if body is None else "POST"
        usual = {"host": self.name, "cookie": self.cookie}
        if body is not None:
            usual |= {"origin": f"http://{self.name}", "content-type": "application/json"}
        sent = {name: value for name, value in {**usual, **headers}.items() if value}
        line = http.client.HTTPConnection(
            HOME, int(self.name.rpartition(":")[2]), timeout=WAIT_S, source_address=(self.peer, 0)
        )
        data = body if isinstance(body, bytes) else json.dumps(body).encode() if body is not None else None
        line.request(method, path, data, sent)
        answer = line.getresponse()
        if cookie := answer.getheader("set-cookie", ""):
            assert "httponly" in cookie.lower()
            assert "samesite=strict" in cookie.lower()
            self.cookie = cookie.partition(";")[0]
        status, text = answer.status, answer.read()
        line.close()
        return status, text

    def join(self) -> int:
        return self.ask("/join", {"token": self.token})[0]

    def state(self) -> dict[str, object]:
        status, text = self.ask("/state")
        assert status == 200
        found: dict[str, object] = json.loads(text)
        return found


@pytest.fixture
def companion(stage: Stage) -> Iterator[Companion]:
    """Switched on, on loopback."""
    found = stage.page.companion
    found._address = lambda: HOME
    stage.set("speaking")
    stage.done.clear()
    found.on()
    yield found
    found.off()


@pytest.fixture
def tablet(companion: Companion) -> Tablet:
    """A device that has joined."""
    made = Tablet(companion)
    assert made.join() == 204
    return made


def refused(port: int) -> bool:
    try:
        socket.create_connection((HOME, port), timeout=1).close()
    except OSError:
        return True
    return False


def test_it_is_off_until_wanted_and_nothing_listens_when_it_is_off(world: World) -> None:
    stage = Stage(world)
    assert stage.page.companion.state()["on"] is False
    assert stage.page.companion.code() == b""
    assert json.loads(stage.ask()[1])["companion"] == {"on": False, "joined": False}
    stage.page.companion._address = lambda: HOME
    stage.page.companion.on()
    port = int(Tablet(stage.page.companion).name.rpartition(":")[2])
    assert not refused(port)
    stage.page.companion.off()
    assert refused(port)
    stage.page.companion.on()
    port = int(Tablet(stage.page.companion).name.rpartition(":")[2])
    stage.page.close()  # as at the end of askaloud
    assert refused(port)


def test_the_page_itself_stays_on_loopback(stage: Stage, companion: Companion) -> None:
    def bound(serving: object) -> str:
        return str(serving._server.servers[0].sockets[0].getsockname()[0])  # type: ignore[attr-defined]  # uvicorn

    companion._address = own_address
    try:
        companion.on()
    except CompanionTrouble:
        pytest.skip("This computer is in no network.")
    assert bound(stage.page._serving) == HOME
    address = bound(companion._serving)
    assert address not in (HOME, "0.0.0.0")  # noqa: S104 - it must not be bound there
    assert ipaddress.ip_address(address).is_private
    assert str(companion.state()["address"]).startswith(f"http://{address}:")


@pytest.mark.parametrize("address", ["8.8.8.8", "127.0.0.1"])
def test_it_stays_off_in_the_open_internet_and_without_a_network(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    async def towards(_: object) -> str:
        return address

    monkeypatch.setattr("assistant.showing.companion._address_towards", towards)
    with pytest.raises(CompanionTrouble, match="network"):
        own_address()


def test_the_device_reads_what_the_page_shows_and_says_yes_once(stage: Stage, tablet: Tablet) -> None:
    state = tablet.state()
    assert state["title"] == stage.world.topics["cramps"].title
    assert "warmth" in str(state["text"])
    assert not {"heard", "items", "light", "clinic", "aloud"} & set(state)
    answer = {"say": "yes", "question": state["question"]}
    assert tablet.ask("/answer", answer)[0] == 204
    assert stage.waiting() == [Picked("command:yes")]
    assert tablet.ask("/answer", answer)[0] == 409  # the same request again
    assert tablet.ask("/answer", {**answer, "say": "no"})[0] == 409
    stage.set("choosing")
    assert tablet.ask("/answer", answer)[0] == 409  # an old one, kept back
    assert tablet.ask("/answer", {"say": "no", "question": tablet.state()["question"]})[0] == 204
    assert stage.done == [Picked("command:yes"), Picked("command:no")]


def test_a_stolen_token_is_no_use(companion: Companion, tablet: Tablet) -> None:
    for peer in (HOME, GUEST):
        thief = Tablet(companion, peer)
        thief.name, thief.token = tablet.name, tablet.token
        assert thief.join() == 403
        assert thief.ask("/state")[0] == 403
    assert tablet.ask("/state")[0] == 200


def test_a_stolen_cookie_is_no_use_on_another_device(stage: Stage, companion: Companion, tablet: Tablet) -> None:
    thief = Tablet(companion, GUEST)
    thief.name, thief.cookie = tablet.name, tablet.cookie
    for path in ("/state", "/events"):
        assert thief.ask(path)[0] == 403
    assert thief.ask("/answer", {"say": "yes", "question": 1})[0] == 403
    assert not stage.done


def test_neither_key_opens_the_other_door(stage: Stage, tablet: Tablet) -> None:
    key = tablet.cookie.partition("=")[2]
    assert stage.ask("GET", "/state", headers={"authorization": f"Bearer {key}"})[0] == 403
    assert stage.ask("GET", "/state", headers={"cookie": tablet.cookie}, key=False)[0] == 403
    port = tablet.name.rpartition(":")[2]
    for cookie in (f"askaloud-companion-{port}={stage.key}", f"askaloud-{stage.port}={stage.key}"):
        assert tablet.ask("/state", cookie=cookie)[0] == 403
    assert tablet.ask("/state", cookie="", authorization=f"Bearer {key}")[0] == 403
    assert tablet.ask(f"/?token={stage.key}", cookie="")[0] == 200  # the empty page, which anyone may load
    assert tablet.ask("/state?token=" + key, cookie="")[0] == 403


def test_a_new_code_ends_the_old_one_and_whoever_used_it(companion: Companion, tablet: Tablet) -> None:
    companion.on()
    assert refused(int(tablet.name.rpartition(":")[2]))
    fresh = Tablet(companion)
    assert fresh.token != tablet.token
    fresh.cookie = tablet.cookie.replace(tablet.name.rpartition(":")[2], fresh.name.rpartition(":")[2])
    assert fresh.ask("/state")[0] == 403
    assert fresh.join() == 204


def test_it_expires(stage: Stage) -> None:
    changes: list[bool] = []
    short = Companion(
        stage.done.append,
        stage.world.content.prompts,
        lambda: changes.append(bool(short.state()["on"])),
        time.monotonic,
        lambda: HOME,
        lasts_s=0.5,
    )
    short.on()
    tablet = Tablet(short)
    assert tablet.join() == 204
    end_s = time.monotonic() + WAIT_S
    while short.state()["on"] and time.monotonic() < end_s:
        time.sleep(0.02)
    port = int(tablet.name.rpartition(":")[2])
    while not refused(port) and time.monotonic() < end_s:
        time.sleep(0.02)
    assert refused(port)
    assert changes[-1] is False


def test_guessing_tokens_ends_it(companion: Companion) -> None:
    thief = Tablet(companion)
    thief.token = "x" * 43
    statuses = [thief.join() for _ in range(10)]
    assert statuses == [403] * 10
    end_s = time.monotonic() + WAIT_S
    while companion.state()["on"] and time.monotonic() < end_s:
        time.sleep(0.02)
    assert not companion.state()["on"]


PATHS = ("/", "/state", "/events", *(f"/{name}" for name in FILES))


def test_foreign_hosts_origins_and_sites_are_refused(
    stage: Stage, tablet: Tablet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.showing.admission.REQUESTS_A_S", 1e6)
    port = tablet.name.rpartition(":")[2]
    answer = {"say": "yes", "question": tablet.state()["question"]}
    for host in ("evil.example", f"evil.example:{port}", HOME, f"localhost:{port}", f"127.1:{port}"):
        for path in PATHS:
            assert tablet.ask(path, host=host)[0] == 403, (host, path)
        assert tablet.ask("/answer", answer, host=host, origin=f"http://{host}")[0] == 403
        assert tablet.ask("/join", {"token": tablet.token}, host=host)[0] == 403
    for origin in ("https://evil.example", "null", f"http://localhost:{port}", f"http://127.0.0.1:{stage.port}", ""):
        assert tablet.ask("/answer", answer, origin=origin)[0] == 403, origin
        assert not origin or tablet.ask("/events", origin=origin)[0] == 403
    assert tablet.ask("/answer", answer, **{"sec-fetch-site": "cross-site"})[0] == 403
    assert not stage.done


def test_it_knows_nothing_but_reading_joining_and_two_answers(stage: Stage, tablet: Tablet) -> None:
    for path in ("/press", "/pick", "/ask", "/look", "/clinic", "/family", "/companion", "/companion/code.svg"):
        assert tablet.ask(path, {"item": "command:stop"})[0] in (404, 405), path
        assert tablet.ask(path)[0] == 404
    for path in ("/family.html", "/index.html", "/main.js", "/../page.py", "/%2e%2e/page.py", "//etc/passwd"):
        assert tablet.ask(path)[0] == 404, path
    for path in ("/answer", "/join"):
        assert tablet.ask(path)[0] == 405  # reading changes nothing
    wrong = b'{"say": "yes", "question": "1"}', b'{"say": "\xff"}'
    for body in (b"{", b"[]", b'{"say": "stop", "question": 1}', b'{"say": "yes"}', *wrong):
        status, sentence = tablet.ask("/answer", body)
        assert status == 400
        assert b"Traceback" not in sentence
    assert tablet.ask("/answer", b"x" * (BODY_BYTES + 1))[0] == 413
    assert tablet.ask("/answer", {"say": "yes", "question": 1}, **{"content-type": "text/plain"})[0] == 415
    assert not stage.done


def test_a_web_socket_is_never_opened(tablet: Tablet) -> None:
    with socket.create_connection((HOME, int(tablet.name.rpartition(":")[2])), timeout=WAIT_S) as line:
        line.sendall(
            f"GET /events HTTP/1.1\r\nHost: {tablet.name}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Origin: https://evil.example\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            f"Sec-WebSocket-Version: 13\r\nCookie: {tablet.cookie}\r\n\r\n".encode()
        )
        assert b" 403 " in line.recv(4096).split(b"\r\n")[0]


def test_one_who_asks_too_often_is_told_to_wait_and_the_device_goes_on(companion: Companion, tablet: Tablet) -> None:
    flood = Tablet(companion, GUEST)
    flood.name = tablet.name
    statuses = [flood.ask("/")[0] for _ in range(60)]
    assert statuses[0] == 200
    assert 429 in statuses
    assert tablet.ask("/state")[0] == 200


def test_a_hundred_connections_to_it_leave_the_page_working(stage: Stage, tablet: Tablet) -> None:
    with ExitStack() as lines:
        for _ in range(100):
            line = lines.enter_context(socket.create_connection((HOME, int(tablet.name.rpartition(":")[2])), timeout=5))
            line.sendall(b"GET / HTTP/1.1\r\nHost: ")
        begun_s = time.monotonic()
        assert stage.ask()[0] == 200
        assert stage.ask("POST", "/press", {"shown": "command:stop"})[0] == 204
        assert time.monotonic() - begun_s < 1.0
        assert tablet.ask("/state")[0] in (200, 503)
    end_s = time.monotonic() + WAIT_S
    while (status := tablet.ask("/state")[0]) == 503 and time.monotonic() < end_s:
        time.sleep(0.1)
    assert status in (200, 429)


def test_every_answer_has_the_headers_that_protect(tablet: Tablet) -> None:
    line = http.client.HTTPConnection(HOME, int(tablet.name.rpartition(":")[2]), timeout=WAIT_S)
    line.request("GET", "/", headers={"host": tablet.name})
    answer = line.getresponse()
    assert (answer.getheader("content-security-policy") or "").startswith("default-src 'self'")
    assert answer.getheader("x-content-type-options") == "nosniff"
    assert answer.getheader("cache-control") == "no-store"
    line.close()


# ---- in real browsers


def opened(browser: Browser, address: str, width: int = 820, height: int = 1180) -> Page:
    context: BrowserContext = browser.new_context(viewport={"width": width, "height": height})
    context.set_default_timeout(20_000)
    page = context.new_page()
    page.goto(address)
    return page


def test_a_tablet_follows_and_answers_and_a_second_one_is_not_let_in(browser: Browser, running: OurPage) -> None:
    running.companion._address = lambda: HOME
    home = opened(browser, running.address, 1280, 800)
    expect(home.locator("#items button").first).to_be_visible()
    expect(home.locator("#companion-on")).to_be_hidden()
    home.click("#open-family")
    home.get_by_role("link", name="Tablet").click()
    home.get_by_role("button", name="Show the code").click()
    expect(home.get_by_role("img", name="Code to open askaloud")).to_be_visible()
    expect(home.locator("#code-picture")).to_have_js_property("complete", value=True)
    assert home.evaluate("document.querySelector('#code-picture').naturalWidth") > 100
    address = home.locator("#code-address").inner_text()
    assert address == running.companion.state()["address"]

    asked: list[str] = []
    tablet = opened(browser, "about:blank")
    tablet.context.on("request", lambda request: asked.append(request.url))
    tablet.goto(address)
    expect(tablet.locator("#answers")).to_be_visible()
    assert tablet.url == address.partition("#")[0]
    assert tablet.evaluate("document.cookie") == ""
    assert {urlsplit(url).netloc for url in asked} == {urlsplit(address).netloc}
    expect(home.locator("#tablet-state")).to_contain_text("One device is connected.")
    expect(home.locator("#code")).to_be_hidden()

    thief = opened(browser, address)
    expect(thief.locator("h1")).to_have_text("This code was used, or has ended.")
    assert not thief.locator("#answers").is_visible()
    thief.context.close()

    home.click("#home")
    expect(home.locator("#companion-on")).to_have_text("Tablet connected")
    home.locator("#question").fill("stretches for legs")
    home.keyboard.press("Enter")
    expect(tablet.locator("#text")).to_contain_text("Exercise?")
    tablet.get_by_role("button", name="Yes").click()
    expect(tablet.locator("#text")).to_contain_text("Gentle exercise")
    expect(home.locator("#text")).to_contain_text("Gentle exercise")
    tablet.reload()
    expect(tablet.locator("#text")).to_contain_text("Gentle exercise")
    home.click("#open-family")
    home.get_by_role("link", name="Tablet").click()
    home.get_by_role("button", name="End it").click()
    expect(tablet.locator("h1")).to_have_text("This has ended.")
    assert not tablet.locator("#answers").is_visible()
    assert "Gentle" not in tablet.locator("main").inner_text()
    home.click("#home")
    expect(home.locator("#items button").first).to_be_visible()
    expect(home.locator("#companion-on")).to_be_hidden()
    for page in (home, tablet):
        page.context.close()


def test_without_a_network_the_page_says_so(browser: Browser, running: OurPage) -> None:
    def nowhere() -> str:
        raise CompanionTrouble("This computer is in no network.")

    running.companion._address = nowhere
    home = opened(browser, running.address, 1280, 800)
    expect(home.locator("#items button").first).to_be_visible()
    home.goto(home.url + "family.html#tablet")
    home.get_by_role("button", name="Show the code").click()
    expect(home.locator("#told")).to_have_text("This computer is in no network.")
    home.context.close()


def test_the_code_says_the_address(companion: Companion) -> None:
    from io import BytesIO

    expected = BytesIO()
    segno.make(str(companion.state()["address"]), error="m", micro=False).save(
        expected, kind="svg", scale=8, xmldecl=False, light="#fff"
    )
    assert companion.code() == expected.getvalue()


def test_axe_finds_nothing_and_nothing_is_cut_off_on_it(browser: Browser, stage: Stage, companion: Companion) -> None:
    page = opened(browser, str(companion.state()["address"]))
    expect(page.locator("#answers")).to_be_visible()
    page.evaluate(AXE)
    for scene in ("speaking", "urgent", "ended"):
        if scene == "ended":
            companion.off()
            expect(page.locator("h1")).to_have_text("This has ended.")
        else:
            stage.set(scene)
            page.wait_for_selector(f"body[data-state={scene}]")
        for theme, size in [*((theme, "large") for theme in THEMES), ("day", SIZES[-1])]:
            page.evaluate(f"Object.assign(document.documentElement.dataset, {{theme: '{theme}', size: '{size}'}})")
            found = page.evaluate(RUN)
            assert (found["violations"], found["unsure"]) == ([], []), (scene, theme, size)
        for width, height in ((820, 1180), (320, 640), (844, 390)):
            page.set_viewport_size({"width": width, "height": height})
            assert page.evaluate(OVERFLOW) == [], (scene, width)
            assert page.evaluate(LETTERS) >= 32
    page.context.close()


def test_yes_and_no_are_in_reach_of_a_thumb_however_long_the_answer(
    browser: Browser, stage: Stage, companion: Companion
) -> None:
    page = opened(browser, str(companion.state()["address"]), 390, 844)
    expect(page.locator("#answers")).to_be_visible()
    stage.page.set_look("size", "largest")
    expect(page.locator("html")).to_have_attribute("data-size", "largest")
    for name in ("Yes", "No"):
        box = page.get_by_role("button", name=name).bounding_box()
        assert box
        assert box["y"] + box["height"] <= 844
        assert box["height"] >= 112
    stage.page.set_look("size", Look().size)
    page.context.close()


def test_nobody_but_the_page_switches_it_on(stage: Stage) -> None:
    stage.page.companion._address = lambda: HOME
    wanted = {"on": True}
    assert stage.ask("POST", "/companion", wanted, key=False)[0] == 403
    for headers in ({"host": "evil.example"}, {"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}):
        assert stage.ask("POST", "/companion", wanted, headers)[0] == 403
        assert stage.ask("GET", "/companion", headers=headers)[0] == 403
        assert stage.ask("GET", "/companion/code.svg", headers=headers)[0] == 403
    assert stage.ask("GET", "/companion/code.svg", key=False)[0] == 403
    for nonsense in (b"{", b'{"on": 1}', b'{"on": true, "port": 80}'):
        assert stage.ask("POST", "/companion", nonsense)[0] == 400
    assert stage.page.companion.state()["on"] is False
    assert stage.ask("POST", "/companion", wanted)[0] == 200
    assert stage.page.companion.state()["on"] is True
    assert stage.ask("GET", "/companion/code.svg")[0] == 200
    assert stage.ask("POST", "/companion", {"on": False})[0] == 200
    assert stage.page.companion.state()["on"] is False
