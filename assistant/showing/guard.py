"""Who may talk to the page: nothing but a page or program of this computer that was given the key.

Every request is asked four things before any of our code sees it: is it addressed to us by a name of this computer (a
foreign `Host` is a rebound name), does it come from our own page (a foreign `Origin`, or a `Sec-Fetch-Site` that says
so, is another site in the same browser), does it bring the key, and is its body small and in time. Reading changes
nothing, so only POST changes something.
"""

from __future__ import annotations

import asyncio
import secrets
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
TOO_LARGE = f"That is too long. At most {BODY_BYTES} bytes are taken."
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
    """Stands before the page."""

    def __init__(self, app: ASGIApp, key: str) -> None:
        self._app, self._key = app, key

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
            found, body = await _body(headers, receive)
        send = _with_headers(send)
        if found is not None:
            await PlainTextResponse(found.sentence, found.status)(scope, receive, send)
        else:
            await self._app(scope, _replay(body, receive) if method == "POST" else receive, send)


async def _body(headers: Headers, receive: Receive) -> tuple[Refusal | None, bytes]:
    length = headers.get("content-length", "0")
    if not length.isdigit() or int(length) > BODY_BYTES:
        return Refusal(413, TOO_LARGE), b""
    try:
        async with asyncio.timeout(BODY_S):
            return await _whole(receive)
    except TimeoutError:
        return Refusal(408, TOO_SLOW), b""


async def _whole(receive: Receive) -> tuple[Refusal | None, bytes]:
    body, more = b"", True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return Refusal(400, "The connection ended too early."), b""
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > BODY_BYTES:
            return Refusal(413, TOO_LARGE), b""
    return None, body


def _replay(body: bytes, receive: Receive) -> Receive:
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replayed() -> Message:
        return waiting.pop() if waiting else await receive()

    return replayed


def _with_headers(send: Send) -> Send:
    raw = [(name.encode(), value.encode()) for name, value in HEADERS.items()]

    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message.get("headers", ()), *raw]}
        await send(message)

    return sent
