"""A page on which anything can be put, and a browser before it."""

from __future__ import annotations

import http.client
import json
import shutil
import time
from collections.abc import Callable, Mapping
from typing import TypeVar
from urllib.parse import urlsplit

from assistant.choices import World, items
from assistant.events import Item, Show
from assistant.places import Answer, Menu, Ready, Urgent
from assistant.scan import Light
from assistant.showing.look import Look
from assistant.showing.page import Page

CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), ""
)
Thing = TypeVar("Thing")
MOST_LISTED = 8
"""Items in a scanned list at most."""


class Stage:
    """A served page, and everything that was done on it."""

    def __init__(self, world: World, look: Look | None = None) -> None:
        self.world = world
        self.number = 0
        """Of the last saying."""
        self.done: list[object] = []
        self.kept: list[tuple[str, str | float]] = []
        self.page = Page(
            self.done.append,
            self.done.append,
            world.content.prompts,
            look=look,
            looks=lambda name, value: self.kept.append((name, value)),
        )

    @property
    def port(self) -> int:
        return urlsplit(self.page.address).port or 0

    @property
    def key(self) -> str:
        return self.page.address.partition("token=")[2]

    def reset(self) -> None:
        """As it was at first."""
        for name in Look.__struct_fields__:
            self.page.set_look(name, getattr(Look(), name))
        self.set("listening")
        self.done.clear()
        self.kept.clear()

    def set(self, name: str) -> None:
        SCENES[name](self)

    def waiting(self, count: int = 1) -> list[object]:
        """What was done, once it is `count` things: the browser sends each on its own time."""
        return _filled(self.done, count)

    def keeping(self, count: int = 1) -> list[tuple[str, str | float]]:
        """The looks kept, once they are `count`."""
        return _filled(self.kept, count)

    def ask(
        self,
        method: str = "GET",
        path: str = "/state",
        body: object = None,
        headers: Mapping[str, str] | None = None,
        *,
        key: bool = True,
    ) -> tuple[int, bytes]:
        """One request as a program makes it; `headers` replace those that are usual."""
        usual = {"authorization": f"Bearer {self.key}"} if key else {}
        if body is not None:
            usual["content-type"] = "application/json"
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            data = body if isinstance(body, bytes) else json.dumps(body).encode() if body is not None else None
            connection.request(method, path, data, {**usual, **(headers or {})})
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def lit(self, name: str) -> None:
        """Light the item with this id in the list of groups."""
        listed = groups(self.world)
        self.page.light(Light(name, [item.id for item in listed].index(name), 0, listed, 1.5, "scan"))


def _filled(things: list[Thing], count: int, for_s: float = 3.0) -> list[Thing]:
    end_s = time.monotonic() + for_s
    while len(things) < count and time.monotonic() < end_s:
        time.sleep(0.005)
    return things


def groups(world: World) -> tuple[Item, ...]:
    return items(world, Ready())[:MOST_LISTED]


def _listening(stage: Stage) -> None:
    text = stage.world.content.prompts.variants("greeting")[0]
    stage.page.light(None)
    stage.page.show(Show("listening", "", text, items(stage.world, Ready())))


def _speaking(stage: Stage) -> None:
    topic = stage.world.topics["cramps"]
    text = f"{topic.title}. {topic.short}"
    stage.page.light(None)
    stage.page.show(Show("speaking", topic.title, text, items(stage.world, Answer("cramps")), "what helps with cramps"))
    at = text.index("warmth")
    stage.number += 10
    stage.page.word(stage.number, at, at + len("warmth"))


def _choosing(stage: Stage) -> None:
    group = next(iter(stage.world.groups.values()))
    stage.page.light(None)
    text = stage.world.content.prompts.variants("help menu")[0]
    stage.page.show(Show("listening", group.title, text, items(stage.world, Menu(group.id))))


def _scanning(stage: Stage) -> None:
    _listening(stage)
    stage.lit(groups(stage.world)[2].id)


def _resting(stage: Stage) -> None:
    _listening(stage)
    stage.page.light(Light("", -1, 0, groups(stage.world), 0.0, "rest"))


def _urgent(stage: Stage) -> None:
    topic = stage.world.topics["choking"]
    stage.page.light(None)
    stage.page.show(
        Show(
            "urgent",
            topic.title,
            stage.world.content.fill(topic.short, "us"),
            items(stage.world, Urgent("choking")),
            "I am choking",
        )
    )


SCENES: dict[str, Callable[[Stage], None]] = {
    "listening": _listening,
    "speaking": _speaking,
    "choosing": _choosing,
    "scanning": _scanning,
    "resting": _resting,
    "urgent": _urgent,
}
