"""Who may talk to the page: nothing but a page or program of this computer that was given the key.

Every request is asked four things before any of our code sees it: is it addressed to us by a name of this computer (a
foreign `Host` is a rebound name), does it come from our own page (a foreign `Origin`, or a `Sec-Fetch-Site` that says
so, is another site in the same browser), does it bring the key, and is its body small and in time. Reading changes
nothing, so only POST changes something.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from starlette.datastructures import Headers, QueryParams
from starlette.requests import cookie_parser
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

KEY_BYTES = 32
"""256 bits from the system's own source."""
BODY_BYTES = 4096
BODY_S = 5.0
"""A body that takes longer to arrive comes from no page of ours."""
OWN_SITE = frozenset({"same-origin", "none"})
METHODS = frozenset({"GET", "HEAD", "POST"})
HEADERS: dict[str, str] = {
    "content-security-policy": "default-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; "
    "object-src 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}
FOREIGN = "This page is only for the computer that askaloud runs on."
NO_KEY = "This page needs its key. In the window where askaloud runs, type: open"
NOT_JSON = "Send JSON, with the header content-type: application/json."
TOO_LARGE = "That is too long. At most {most} bytes are taken."
TOO_SLOW = f"That took too long to arrive. At most {BODY_S:.0f} seconds are waited."


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request is not answered."""

    status: int
    sentence: str


def new_key() -> str:
    """A key nobody can guess."""
    return secrets.token_urlsafe(KEY_BYTES)


def cookie_name(port: int) -> str:
    """Cookies know no ports; two assistants on one computer must not overwrite each other's."""
    return f"askaloud-{port}"


def refusal(method: str, headers: Headers, *, port: int, key: str, offered: str = "") -> Refusal | None:
    """Why this request is refused, or None. `offered` is a key brought in the address."""
    hosts = headers.getlist("host")
    if len(hosts) != 1 or hosts[0] not in {f"127.0.0.1:{port}", f"localhost:{port}"}:
        return Refusal(403, FOREIGN)
    if any(origin != f"http://{hosts[0]}" for origin in headers.getlist("origin")):
        return Refusal(403, FOREIGN)
    if any(site not in OWN_SITE for site in headers.getlist("sec-fetch-site")):
        return Refusal(403, FOREIGN)
    if method not in METHODS:
        return Refusal(405, "Only GET and POST are known here.")
    if not any(secrets.compare_digest(key.encode(), k.encode()) for k in _keys(headers, port, offered)):
        return Refusal(403, NO_KEY)
    if method == "POST" and headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        return Refusal(415, NOT_JSON)
    return None


def _keys(headers: Headers, port: int, offered: str) -> list[str]:
    bearer = headers.get("authorization", "")
    cookies = cookie_parser(headers.get("cookie", ""))
    brought = [cookies.get(cookie_name(port), ""), offered, bearer.removeprefix("Bearer ") if bearer else ""]
    return [key for key in brought if key]


class Guard:
    """Stands before the page. `longer` holds the paths that take more than the usual bytes, and how many."""

    def __init__(self, app: ASGIApp, key: str, longer: Mapping[str, int] | None = None) -> None:
        self._app, self._key, self._longer = app, key, longer or {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or refuse. A WebSocket is always refused: the page has none."""
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return
        headers, method = Headers(scope=scope), scope["method"]
        offered = QueryParams(scope["query_string"]).get("token", "") if scope["path"] == "/" else ""
        found = refusal(method, headers, port=scope["server"][1], key=self._key, offered=offered)
        body = b""
        if found is None and method == "POST":
            found, body = await whole_body(headers, receive, self._longer.get(scope["path"], BODY_BYTES))
        send = with_headers(send)
        if found is not None:
            await PlainTextResponse(found.sentence, found.status)(scope, receive, send)
        else:
            await self._app(scope, replayed(body, receive) if method == "POST" else receive, send)


async def whole_body(headers: Headers, receive: Receive, most: int = BODY_BYTES) -> tuple[Refusal | None, bytes]:
    """The body of a request, or why it is not waited for: it is over `most` bytes, or too slow."""
    length = headers.get("content-length", "0")
    if not length.isdigit() or int(length) > most:
        return Refusal(413, TOO_LARGE.format(most=most)), b""
    try:
        async with asyncio.timeout(BODY_S):
            return await _whole(receive, most)
    except TimeoutError:
        return Refusal(408, TOO_SLOW), b""


async def _whole(receive: Receive, most: int) -> tuple[Refusal | None, bytes]:
    body, more = b"", True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return Refusal(400, "The connection ended too early."), b""
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > most:
            return Refusal(413, TOO_LARGE.format(most=most)), b""
    return None, body


def replayed(body: bytes, receive: Receive) -> Receive:
    """A body that was read, to be read again."""
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        return waiting.pop() if waiting else await receive()

    return again


def with_headers(send: Send) -> Send:
    """`send`, with the headers that every answer has."""
    raw = [(name.encode(), value.encode()) for name, value in HEADERS.items()]

    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message.get("headers", ()), *raw]}
        await send(message)

    return sent
