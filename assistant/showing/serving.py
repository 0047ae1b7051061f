"""Runs a page on a thread of its own, on this computer's loopback unless another address is asked for."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
import time
from typing import Any

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

LOOPBACK = "127.0.0.1"
START_S = 10.0
AGAIN_S = 0.1
"""A server that ended by itself is started anew after so long."""
PATIENCE_S = 10.0
"""A connection that has not finished its request after so long is closed."""


class PageTrouble(Exception):
    """The page can not be served; the text says why and what to do."""


class ImpatientProtocol(H11Protocol):
    """HTTP/1.1 that does not wait forever for the rest of a request's head."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn has it
        """A connection was opened: look at it again later."""
        super().connection_made(transport)
        self.loop.call_later(PATIENCE_S, self._look_again, None)

    def _look_again(self, cycle_before: object) -> None:
        if self.transport.is_closing():
            return
        cycle: RequestResponseCycle | None = self.cycle
        idle = cycle is None or cycle.response_complete
        if idle and cycle is cycle_before:
            self.transport.close()
        else:
            self.loop.call_later(PATIENCE_S, self._look_again, self.cycle)


class _Server(uvicorn.Server):
    """Tells when it is up."""

    def __init__(self, config: uvicorn.Config, up: threading.Event) -> None:
        super().__init__(config)
        self._up = up

    async def startup(self, sockets: list[Any] | None = None) -> None:
        await super().startup(sockets)
        self._up.set()


class Serving:
    """An ASGI app, served until `close`. A server that dies is started anew, at the same address.

    Args:
        app: what is served.
        port: where; 0 takes any free one.
        host: the address of this computer that it is bound to.
        most: connections at once; further ones are told to come back. None: any number.

    Raises:
        PageTrouble: the port is taken, or may not be used.
    """

    def __init__(self, app: ASGIApp, port: int = 0, *, host: str = LOOPBACK, most: int | None = None) -> None:
        self._config = uvicorn.Config(
            app,
            host=host,
            limit_concurrency=most,
            port=port,
            http=ImpatientProtocol,
            ws="none",
            loop="asyncio",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            date_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=1,
        )
        for library in ("uvicorn", "asyncio"):  # their words are not for a person
            logging.getLogger(library).addHandler(logging.NullHandler())
        try:
            self._listening = self._config.bind_socket()
        except SystemExit:  # how uvicorn says that it could not
            raise _trouble(port) from None
        self._listening.set_inheritable(False)
        self.port: int = self._listening.getsockname()[1]
        self._up = threading.Event()
        self._closed = False
        self._server = _Server(self._config, self._up)
        self._thread = threading.Thread(target=self._run, name="page", daemon=True)
        self._thread.start()
        if not self._up.wait(START_S):
            self.close()
            raise _trouble(port)

    def close(self) -> None:
        """Stop serving."""
        self._closed = True
        self._server.should_exit = True
        self._thread.join(timeout=3)
        self._listening.close()

    def _run(self) -> None:
        while not self._closed:
            own = self._listening.dup()  # a server closes what it listens to; pages wait meanwhile and find the next
            with own, contextlib.suppress(BaseException):  # whatever it died of, the next one is needed
                self._server.run(sockets=[own])
            if not self._closed:
                time.sleep(AGAIN_S)
                self._server = _Server(self._config, self._up)


def _trouble(port: int) -> PageTrouble:
    return PageTrouble(
        f"The page can not use port {port}: another program has it, or it is not allowed. "
        "Choose another: askaloud --port 0 takes any free one."
    )
