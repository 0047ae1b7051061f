"""What the page for the family asks of the assistant: everything there is, and one change at a time."""

from __future__ import annotations

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from assistant.family.editing import Editing, Form, Outcome

PLACE = "/family"
BODY_BYTES = 32_768
"""A whole topic as it was typed, in any script."""


def family_routes(editing: Editing) -> list[Route]:
    """`GET /family` tells everything; `POST /family` takes a form, and tells what became of it."""
    decoder: msgspec.json.Decoder[Form] = msgspec.json.Decoder(Form)

    def answered(outcome: Outcome | None) -> Response:
        body = {"outcome": outcome, "family": editing.state()}
        return Response(msgspec.json.encode(body), media_type="application/json")

    async def show(_: Request) -> Response:
        return await run_in_threadpool(answered, None)

    async def take(request: Request) -> Response:
        try:
            form = decoder.decode(await request.body())
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            return PlainTextResponse(f"This was not understood: {error}", 400)
        return await run_in_threadpool(lambda: answered(editing.take(form)))

    return [Route(PLACE, show, methods=["GET"]), Route(PLACE, take, methods=["POST"])]
