"""The companion: the answer, large, and Yes and No, on a phone or tablet of the home network.

Off until someone switches it on. Then a second server is bound to this computer's address in the home network; the page
itself stays where it is. One device is let in, by a code that is shown on the family's page. It can read what the page
shows, and say yes or no to it once; it knows no other request.
"""

from __future__ import annotations

import asyncio
import io
import ipaddress
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Annotated, Literal

import msgspec
import segno
from msgspec import Meta
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.requests import Request, cookie_parser
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.events import Picked, Show
from assistant.showing.admission import LASTS_S, Admission, Clock
from assistant.showing.board import Board
from assistant.showing.files import read_files
from assistant.showing.guard import METHODS, NOT_JSON, OWN_SITE, Refusal, replayed, whole_body, with_headers
from assistant.showing.look import Look
from assistant.showing.serving import PageTrouble, Serving
from assistant.topics import Prompts

BODY_BYTES = 512
MOST_CONNECTIONS = 40
FILES = ("companion.css", "companion.js", "themes.css", "icon.svg")
"""What anyone in the network may load: the empty page. All else needs the device's key."""
ANYWHERE = (("192.0.2.1", 9), ("239.255.255.250", 1900))
"""Nothing is sent there: the system is only asked from which address it would be."""
FOREIGN = "This page is only for the tablet that askaloud showed its code to."
ENDED = "The companion has ended. Switch it on again on the family's page."
USED = "This code was used, or is not known. Show a new one on the family's page."
TOO_OFTEN = "That was too often. Wait a moment."
PAST = "That question is over."


class CompanionTrouble(Exception):
    """The companion can not be switched on; the text says why and what to do."""


class Join(msgspec.Struct, forbid_unknown_fields=True):
    """Body of `POST /join`: the token from the code."""

    token: Annotated[str, Meta(max_length=200)]


class Reply(msgspec.Struct, forbid_unknown_fields=True):
    """Body of `POST /answer`: the person's yes or no."""

    say: Literal["yes", "no"]
    question: int
    """Which question it answers, as in the state: a late one answers nothing."""


class _Door:
    """Stands before the companion's server, as `Guard` does before the page's."""

    def __init__(self, app: ASGIApp, admission: Admission, name: Callable[[], str]) -> None:
        self._app, self._admission, self._name = app, admission, name

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return
        headers, body = Headers(scope=scope), b""
        found = self._refusal(scope, headers)
        if found is None and scope["method"] == "POST":
            found, body = await whole_body(headers, receive, BODY_BYTES)
        send = with_headers(send)
        if found is not None:
            await PlainTextResponse(found.sentence, found.status)(scope, receive, send)
        else:
            await self._app(scope, replayed(body, receive) if scope["method"] == "POST" else receive, send)

    def _refusal(self, scope: Scope, headers: Headers) -> Refusal | None:
        peer, name, method, path = scope["client"][0], self._name(), scope["method"], scope["path"]
        if not self._admission.may_ask(peer):
            return Refusal(429, TOO_OFTEN)
        origins = headers.getlist("origin")
        foreign = headers.getlist("host") != [name] or any(origin != f"http://{name}" for origin in origins)
        if foreign or any(site not in OWN_SITE for site in headers.getlist("sec-fetch-site")):
            return Refusal(403, FOREIGN)
        if method not in METHODS:
            return Refusal(405, "Only GET and POST are known here.")
        if method == "POST" and not origins:
            return Refusal(403, FOREIGN)
        if self._admission.over:
            return Refusal(410, ENDED)
        free = path in ("/", "/join", *(f"/{file}" for file in FILES))
        if not free and not self._admission.admits(_key(headers, name), peer):
            return Refusal(403, FOREIGN)
        if method == "POST" and headers.get("content-type", "").partition(";")[0].strip() != "application/json":
            return Refusal(415, NOT_JSON)
        return None


def _key(headers: Headers, name: str) -> str:
    return cookie_parser(headers.get("cookie", "")).get(_cookie(name), "")


def _cookie(name: str) -> str:
    return f"askaloud-companion-{name.rpartition(':')[2]}"


class Companion:
    """A screen and two answers, elsewhere in the home.

    Args:
        put: gets a yes or a no.
        prompts: the words on it.
        changed: told after it went on or off, or a device joined; from any thread.
        clock: seconds.
        address: this computer's address in the home network. Raises CompanionTrouble.
        lasts_s: it ends by itself after so long.
    """

    def __init__(
        self,
        put: Callable[[Picked], None],
        prompts: Prompts,
        changed: Callable[[], None],
        clock: Clock,
        address: Callable[[], str] | None = None,
        lasts_s: float = LASTS_S,
    ) -> None:
        self._put, self._prompts, self._changed, self._clock = put, prompts, changed, clock
        self._address, self._lasts_s = address or own_address, lasts_s
        self._lock = threading.RLock()
        self._board = Board(clock)
        self._board.set(state="resting", title="", text="", word=None, large=False, look=Look(), question=0)
        self._question, self._answered = 0, 0
        self._asked: tuple[str, str] = ("", "")
        self._serving: Serving | None = None
        self._admission: Admission | None = None
        self._timer: threading.Timer | None = None
        self._name = ""

    # ---- for the page

    def state(self) -> dict[str, object]:
        """Whether it is on, whether a device is there, and how long it lasts."""
        with self._lock:
            if self._admission is None:
                return {"on": False, "joined": False, "left_s": 0, "address": ""}
            left_s = max(0, round(self._admission.ends_s - self._clock()))
            address = "" if self._admission.joined else f"http://{self._name}/#{self._admission.token}"
            return {"on": True, "joined": self._admission.joined, "left_s": left_s, "address": address}

    def code(self) -> bytes:
        """The code to be photographed, as an SVG picture; empty when there is none to show."""
        address = str(self.state()["address"])
        picture = io.BytesIO()
        if address:
            segno.make(address, error="m", micro=False).save(picture, kind="svg", scale=8, xmldecl=False, light="#fff")
        return picture.getvalue()

    def on(self) -> None:
        """Let one device in, by a new code; whoever was in is out. Raises CompanionTrouble, PageTrouble."""
        host = self._address()
        with self._lock:
            before = self._let_go()
            admission = Admission(self._clock, self._lasts_s)
            door = _Door(self._routes(admission), admission, lambda: self._name)
            self._serving = Serving(door, 0, host=host, most=MOST_CONNECTIONS)
            self._name, self._admission = f"{host}:{self._serving.port}", admission
            self._timer = threading.Timer(self._lasts_s, self._end, (admission,))
            self._timer.daemon = True
            self._timer.start()
        if before:
            before.close()
        self._changed()

    def off(self) -> None:
        """Let nobody in any more, and nobody stay."""
        with self._lock:
            before = self._let_go()
        if before:
            before.close()
            self._changed()

    def show(self, view: Show) -> None:
        """Show what the page shows."""
        with self._lock:
            if (view.title, view.text) != self._asked:
                self._asked = (view.title, view.text)
                self._question += 1
            parts = {"state": view.state, "title": view.title, "text": view.text, "large": view.large}
            self._board.set(**parts, word=None, question=self._question)

    def word(self, start: int, end: int) -> None:
        """Mark the word that is heard."""
        self._board.set(word=(start, end))

    def dress(self, look: Look) -> None:
        """Look as the page does."""
        self._board.set(look=look)

    def _end(self, admission: Admission) -> None:
        if self._admission is admission:
            self.off()

    def _let_go(self) -> Serving | None:
        """Nobody is admitted any more. The server is still to be closed, which waits for those who read."""
        if self._timer:
            self._timer.cancel()
        self._board.act("ended")
        self._board.end()
        before, self._serving, self._admission, self._timer = self._serving, None, None, None
        return before

    # ---- for the device, on the server's thread

    def _routes(self, admission: Admission) -> Starlette:
        files = read_files(self._prompts)

        async def front(_: Request) -> Response:
            return Response(files["companion.html"].body, media_type="text/html")

        async def state(_: Request) -> Response:
            return Response(msgspec.json.encode(self._board.state()), media_type="application/json")

        async def events(_: Request) -> Response:
            return StreamingResponse(self._board.stream(), media_type="text/event-stream")

        async def join(request: Request) -> Response:
            return await self._join(request, admission)

        routes = [Route("/", front), *(Route(f"/{name}", files[name].answer) for name in FILES)]
        routes += [Route("/state", state), Route("/events", events)]
        routes += [Route("/join", join, methods=["POST"]), Route("/answer", self._answer, methods=["POST"])]
        return Starlette(routes=routes)

    async def _join(self, request: Request, admission: Admission) -> Response:
        try:
            body = msgspec.json.decode(await request.body(), type=Join)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            return PlainTextResponse(f"This was not understood: {error}", 400)
        key = admission.join(body.token, request.scope["client"][0])
        if not key:
            if admission.over:
                threading.Thread(target=self._end, args=(admission,), daemon=True).start()
            return PlainTextResponse(USED, 403)
        answer = Response(status_code=204)
        answer.set_cookie(_cookie(self._name), key, httponly=True, samesite="strict", path="/")
        await run_in_threadpool(self._changed)
        return answer

    async def _answer(self, request: Request) -> Response:
        try:
            reply = msgspec.json.decode(await request.body(), type=Reply)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            return PlainTextResponse(f"This was not understood: {error}", 400)
        with self._lock:
            if reply.question != self._question or reply.question == self._answered:
                return PlainTextResponse(PAST, 409)
            self._answered = reply.question
        self._put(Picked(f"command:{reply.say}"))
        return Response(status_code=204)


def companion_routes(companion: Companion) -> list[Route]:
    """What the family's page asks: how it is, on or off, and the code."""

    class Wanted(msgspec.Struct, forbid_unknown_fields=True):
        on: bool

    def told(trouble: str = "") -> Response:
        body = {**companion.state(), "trouble": trouble}
        return Response(msgspec.json.encode(body), media_type="application/json")

    def turn(wanted: Wanted) -> Response:
        try:
            (companion.on if wanted.on else companion.off)()
        except (CompanionTrouble, PageTrouble) as trouble:
            return told(str(trouble))
        return told()

    async def show(_: Request) -> Response:
        return told()

    async def take(request: Request) -> Response:
        try:
            wanted = msgspec.json.decode(await request.body(), type=Wanted)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            return PlainTextResponse(f"This was not understood: {error}", 400)
        return await run_in_threadpool(turn, wanted)

    async def code(_: Request) -> Response:
        picture = companion.code()
        return Response(picture, media_type="image/svg+xml", status_code=200 if picture else 404)

    posts: Callable[[Request], Awaitable[Response]] = take
    return [
        Route("/companion", show, methods=["GET"]),
        Route("/companion", posts, methods=["POST"]),
        Route("/companion/code.svg", code),
    ]


def own_address() -> str:
    """This computer's address in the home network. Raises CompanionTrouble."""
    for place in ANYWHERE:
        try:
            with ThreadPoolExecutor(1) as elsewhere:  # here a loop may be running already
                address = elsewhere.submit(asyncio.run, _address_towards(place)).result()
        except OSError:
            continue
        found = ipaddress.ip_address(address)
        if found.is_global:
            raise CompanionTrouble(
                "This computer stands in the open internet, not in a home network. The companion stays off."
            )
        if not found.is_loopback:
            return address
    raise CompanionTrouble("This computer is in no network. Connect it to your home network, then try again.")


async def _address_towards(place: tuple[str, int]) -> str:
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(asyncio.DatagramProtocol, remote_addr=place)
    address: str = transport.get_extra_info("sockname")[0]
    transport.close()
    return address
