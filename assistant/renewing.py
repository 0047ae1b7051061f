"""What the family adds takes effect while the assistant runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from assistant.app import App, Renewal, understand_by
from assistant.choices import World
from assistant.events import Keep
from assistant.family import Family
from assistant.family.editing import Editing
from assistant.hearing.renewable import RenewableRecogniser
from assistant.learning.speaker import SpeakerMemory
from assistant.matching import Matcher
from assistant.profile import Settings, home
from assistant.startup import load_world, make_matcher, make_recogniser


def open_family(app: App, settings: Settings, memory: SpeakerMemory | None, keep: Callable[[Keep], None]) -> Editing:
    """The family's content for the page. After each save, lists, questions and the book have it."""

    def changed(family: Family, made: Matcher | None) -> None:
        region = family.region or app.conversation.region
        if region != app.conversation.region:
            keep(Keep("region", region))
        world = replace(load_world(settings)[0], look=app.world.look, asked_most=app.world.asked_most)
        matcher = made or make_matcher(world)
        understand = understand_by(matcher)
        if memory:
            memory.renew(world, matcher)
            understand = memory.understand
        app.put(Renewal(world, understand, region))

    return Editing(
        home(), lambda: load_world(settings, family=False)[0], make_matcher, changed, lambda: app.conversation.region
    )


def renew_words(settings: Settings, recogniser: RenewableRecogniser, world: World) -> None:
    """Have the recogniser hear the words of another world soon; at once it would keep the conversation waiting.

    Vosk knows the whole language from the start, and stays.
    """
    if recogniser.name == "pocketsphinx":
        recogniser.renew_by(lambda: make_recogniser(settings, world, "pocketsphinx"))
