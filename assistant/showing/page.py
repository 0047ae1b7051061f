"""The page: a screen that shows the conversation, and a place to press, click, point and type.

One server on this computer's loopback. Pages read `GET /state` and `GET /events` (server-sent events), and write `POST
/press`, `/pick`, `/ask`, `/look` and `/clinic`. Programs and tests may do the same; docs/page.md says how.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import Annotated, Literal, TypeVar

import msgspec
from msgspec import Meta
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from assistant.events import Item, Picked, Show, Switch
from assistant.family.editing import Editing
from assistant.scan import Light
from assistant.showing.board import Board
from assistant.showing.clinic import ClinicList, Entry, Note
from assistant.showing.companion import Companion, companion_routes
from assistant.showing.family import BODY_BYTES, PLACE, family_routes
from assistant.showing.files import read_files
from assistant.showing.guard import Guard, cookie_name, new_key
from assistant.showing.look import Look, LookTrouble, changed, next_of
from assistant.showing.serving import LOOPBACK, Serving
from assistant.topics import Prompts

OLDEST_PRESS_S = 10.0
"""A press that claims to be older happened just now: its page's clock is wrong."""
ACTS = ("full screen", "leave full screen")
Name = Annotated[str, Meta(max_length=200)]


class Press(msgspec.Struct, forbid_unknown_fields=True):
    """Body of `POST /press`: a switch went down or came up."""

    down: bool = True
    shown: Name = ""
    """Id of the item that was lit on the page at that moment."""
    at_s: float | None = None
    """When, on the clock of `now_s` in the state; without it, now."""
    switch: Literal["1", "2", "up", "down", "left", "right"] = "1"


class Pick(msgspec.Struct, forbid_unknown_fields=True):
    """Body of `POST /pick`: an item was chosen directly."""

    item: Annotated[str, Meta(min_length=1, max_length=200)]


class Ask(msgspec.Struct, forbid_unknown_fields=True):
    """Body of `POST /ask`: a question or a command was typed."""

    text: Annotated[str, Meta(min_length=1, max_length=500)]


class Change(msgspec.Struct, forbid_unknown_fields=True):
    """Body of `POST /look`: the page shall look otherwise."""

    name: Name
    value: str | bool | float


Body = TypeVar("Body", Press, Pick, Ask, Change, Note)


class Page:
    """A screen in the browser.

    Args:
        put: gets what people do on the page.
        typed: gets what they type; called on a thread where it may take its time.
        prompts: the words that are on the page itself.
        look: how it looks at first.
        looks: told the name and value of every change of the look, to be kept.
        clinic: the questions for the clinic.
        family: what the family adds on a page of its own.
        port: where it is served; 0: any free port.
        clock: seconds, the same that judges when a press happened.

    Raises:
        PageTrouble: it can not be served there.
    """

    def __init__(
        self,
        put: Callable[[Picked | Switch], None],
        typed: Callable[[str], None],
        prompts: Prompts,
        *,
        look: Look | None = None,
        looks: Callable[[str, str | float], None] = lambda _name, _value: None,
        clinic: ClinicList | None = None,
        family: Editing | None = None,
        port: int = 0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._put, self._typed, self._prompts, self._looks, self._clock = put, typed, prompts, looks, clock
        self._look = look or Look()
        self._key = new_key()
        self.board = Board(clock)
        self.board.set(state="resting", title="", text="", heard="", items=(), word=None, light=None, look=self._look)
        self.board.set(large=False, aloud=None)
        self._clinic, self._family = clinic, family
        self.companion = Companion(put, prompts, self._companion_changed, clock)
        self.companion.dress(self._look)
        self._companion_changed()
        self._listed((), "")
        if clinic:
            clinic.tell = self._listed
            clinic.show()
        self._shown = Show("resting", "", "")
        self._spoken = 0
        self._serving = Serving(Guard(self._routes(), self._key, {PLACE: BODY_BYTES}), port)

    # ---- for the app, from any thread

    @property
    def address(self) -> str:
        """Where to open it, with its key."""
        return f"http://{LOOPBACK}:{self._serving.port}/?token={self._key}"

    def show(self, view: Show) -> None:
        """Show what the conversation says now."""
        text, heard = view.text, view.heard
        if view.title and view.title == self._shown.title:  # what was said and heard can still be read
            text = text or self._shown.text
            heard = heard or (self._shown.heard if text == self._shown.text else "")
        large = view.large or (self._shown.large and text == self._shown.text)
        self._shown = Show(view.state, view.title, text, view.items, heard, large)
        self.board.set(
            state=view.state,
            title=view.title,
            text=text,
            heard=heard,
            items=view.items,
            large=large,
            word=None,
            aloud=view.aloud,
        )

        self.companion.show(self._shown)

    def light(self, light: Light | None) -> None:
        """Show which item is lit; None: scanning is off."""
        self.board.set(light=light)

    def word(self, number: int, start: int, end: int) -> None:
        """Mark the word from `start` to `end` of the text as the one that is heard; of an old saying, nothing."""
        if number >= max(self._spoken, 0):
            self._spoken = number
            self.board.set(word=(start, end))
            self.companion.word(start, end)

    def tick(self) -> None:
        """Tell that a press was felt and does not count."""
        self.board.act("tick")

    def takes(self, item: str) -> bool:
        """Do what an item of the page itself stands for ("look:size", "page:print"). False: it is none of ours."""
        kind, _, name = item.partition(":")
        if kind == "look" and name in ("size", "theme", "motion"):
            after = next_of(self._look, name)  # type: ignore[arg-type]  # just compared
            self.set_look(name, getattr(after, name))
        elif kind == "page" and name in ACTS:
            self.board.act(name)
        else:
            return False
        return True

    def items(self) -> tuple[Item, ...]:
        """The items that `takes` knows, for lists that are scanned."""
        ids = (*(f"look:{name}" for name in ("size", "theme", "motion")), *(f"page:{name}" for name in ACTS))
        return tuple(Item(id_, self._prompts.variants(f"page {id_.partition(':')[2]} item")[0]) for id_ in ids)

    def set_look(self, name: str, value: str | float) -> None:
        """Change how every open page looks, and have it kept. Raises LookTrouble."""
        self._look = changed(self._look, name, value)
        self.board.set(look=self._look)
        self.companion.dress(self._look)
        self._looks(name, value)

    def kept(self, name: str, value: object) -> None:
        """A setting was changed elsewhere; those the page has show it."""
        if name == "dwell_s" and isinstance(value, int | float):
            self._look = changed(self._look, name, float(value))
            self.board.set(look=self._look)

    def close(self) -> None:
        """Stop serving; open pages say so."""
        self.companion.off()
        self.board.act("ended")
        self.board.end()
        self._serving.close()

    def _companion_changed(self) -> None:
        state = self.companion.state()
        self.board.set(companion={"on": state["on"], "joined": state["joined"]})

    def _listed(self, entries: tuple[Entry, ...], trouble: str) -> None:
        self.board.set(clinic={"entries": entries, "trouble": trouble})

    # ---- for the page, on the server's thread

    def _routes(self) -> Starlette:
        files = read_files(self._prompts)
        routes = [Route("/", self._front(files["index.html"].body))]
        routes += [Route(f"/{name}", file.answer) for name, file in files.items()]
        routes += [
            Route("/state", self._state),
            Route("/events", self._events),
            Route("/press", _taking(Press, self._press), methods=["POST"]),
            Route("/pick", _taking(Pick, self._pick), methods=["POST"]),
            Route("/ask", _taking(Ask, self._ask), methods=["POST"]),
            Route("/look", _taking(Change, self._change), methods=["POST"]),
            Route("/clinic", _taking(Note, self._noted), methods=["POST"]),
        ]
        routes += companion_routes(self.companion)
        routes += family_routes(self._family) if self._family else []
        return Starlette(routes=routes)

    def _front(self, html: bytes) -> Callable[[Request], Awaitable[Response]]:
        async def front(request: Request) -> Response:
            """The page itself. A key in the address becomes a cookie, and leaves the address."""
            if "token" not in request.query_params:
                return Response(html, media_type="text/html")
            answer = RedirectResponse("/", 303)
            name = cookie_name(self._serving.port)
            answer.set_cookie(name, self._key, httponly=True, samesite="strict", path="/")
            return answer

        return front

    async def _state(self, _: Request) -> Response:
        return Response(msgspec.json.encode(self.board.state()), media_type="application/json")

    async def _events(self, _: Request) -> Response:
        return StreamingResponse(self.board.stream(), media_type="text/event-stream")

    async def _press(self, press: Press) -> None:
        now_s = self._clock()
        at_s = now_s if press.at_s is None else min(press.at_s, now_s)
        self._put(Switch(press.down, at_s if now_s - at_s <= OLDEST_PRESS_S else now_s, press.switch, press.shown))

    async def _pick(self, pick: Pick) -> None:
        self._put(Picked(pick.item))

    async def _ask(self, ask: Ask) -> None:
        await run_in_threadpool(self._typed, ask.text.strip())

    async def _noted(self, note: Note) -> None:
        if self._clinic:
            await run_in_threadpool(self._clinic.change, note)

    async def _change(self, change: Change) -> None:
        await run_in_threadpool(self.set_look, change.name, change.value)


def _taking(kind: type[Body], use: Callable[[Body], Awaitable[None]]) -> Callable[[Request], Awaitable[Response]]:
    """A route that reads a body of `kind`, uses it, and answers with nothing, or says what is wrong with it."""
    decoder = msgspec.json.Decoder(kind)

    async def take(request: Request) -> Response:
        try:
            await use(decoder.decode(await request.body()))
        except (msgspec.DecodeError, UnicodeDecodeError, LookTrouble) as error:
            return PlainTextResponse(f"This was not understood: {error}", 400)
        return Response(status_code=204)

    return take
