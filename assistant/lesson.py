"""Teaching aloud: says a word, listens for it, keeps how it sounded. What `askaloud teach` runs."""

from __future__ import annotations

import itertools
import queue
import time
from collections.abc import Callable, Iterable

from assistant.app import Ear, Mouth
from assistant.choices import World
from assistant.events import AnyEvent, Listen, Say, Spoken
from assistant.hearing.listener import Utterance
from assistant.hearing.recogniser import RecogniserUnavailable
from assistant.learning.features import pattern
from assistant.learning.speaker import SpeakerMemory
from assistant.learning.teaching import Answer, Teaching, lesson, teach
from assistant.profile import Settings, home
from assistant.startup import load_world, make_matcher, make_recogniser, open_ear, open_mouth

WORD_PATIENCE_S = 0.8
UNHEARD_AFTER_S = 12.0
SPOKEN_WITHIN_S = 60.0
ASKED_AGAIN = 2


class NoLesson(Exception):
    """A lesson can not be held; the text is a sentence that says why."""


def hold_lesson(settings: Settings, topics: Iterable[str], tries: int, tell: Callable[[str], None]) -> Teaching:
    """Teach ten commands and the topics, aloud, and keep what was taught.

    Args:
        settings: whose voice, and how it is spoken to.
        topics: ids of the topics to teach after the commands.
        tries: how often each word is said, 1 to 5.
        tell: takes each line that is said, for reading along.

    Raises:
        NoLesson: there is no microphone or no recogniser.
        LearningTrouble: what was taught could not be saved.
    """
    world, _ = load_world(settings)
    room = _Room(settings, world, tell)
    try:
        done = teach(lesson(world, topics, tries), room.say, room.listen, room.agree)
    finally:
        room.close()
    memory = SpeakerMemory(world, make_matcher(world), home(), settings.speaker, time.time)
    for word in done.words:
        if word.tries:
            memory.voice.taught(word.item, word.tries)
    return done


class _Room:
    """One voice and one ear, used in turn."""

    def __init__(self, settings: Settings, world: World, tell: Callable[[str], None]) -> None:
        self._settings, self._world, self._tell = settings, world, tell
        self._numbers = itertools.count(1)
        self._spoken: queue.SimpleQueue[AnyEvent] = queue.SimpleQueue()
        self._heard: queue.SimpleQueue[Utterance] = queue.SimpleQueue()
        self._mouth: Mouth | None = None
        self._ear = self._open()

    def say(self, name: str, **fields: str) -> None:
        """Say a prompt and wait until it is over."""
        text = self._world.content.prompts.variants(name)[0].format_map(fields)
        self._tell(text)
        if self._mouth is None:
            return
        order = Say(next(self._numbers), text, self._settings.rate_wpm, self._settings.pause_s, self._settings.volume)
        self._mouth.say(order)
        deadline_s = time.monotonic() + SPOKEN_WITHIN_S
        while (left_s := deadline_s - time.monotonic()) > 0:
            try:
                if self._spoken.get(timeout=left_s) == Spoken(order.number):
                    return
            except queue.Empty:
                return

    def listen(self) -> Answer:
        """One try, a wish to skip or end, or nothing."""
        skip, end = (self._world.content.prompts.variants(f"teach {wish} words") for wish in ("skip", "end"))
        texts, sound = self._one((*skip, *end))
        if any(text in end for text in texts):
            return "end"
        return "skip" if any(text in skip for text in texts) else pattern(sound) if sound else None

    def agree(self) -> bool:
        """Whether yes is said; silence is no."""
        commands = self._world.commands
        for _ in range(ASKED_AGAIN):
            texts, _sound = self._one(commands.words({"yes", "no"}))
            answer = commands.find(texts, {"yes", "no"})
            if answer:
                return answer == "yes"
        return False

    def close(self) -> None:
        """Give every device back."""
        self._ear.close()
        if self._mouth is not None:
            self._mouth.close()

    def _open(self) -> Ear:
        try:
            recogniser = make_recogniser(self._settings, self._world)
        except RecogniserUnavailable as missing:
            raise NoLesson(str(missing)) from None
        ear, troubles = open_ear(self._settings, recogniser, self._spoken.put, self._heard.put)
        if ear is None or ear.missing:
            if ear is not None:
                ear.close()
            raise NoLesson(" ".join(troubles))
        self._mouth, _ = open_mouth(self._settings, self._world, self._spoken.put)
        return ear

    def _one(self, words: tuple[str, ...]) -> tuple[tuple[str, ...], bytes]:
        """The next utterance: words of the list in it, and its sound."""
        number = next(self._numbers)
        self._ear.listen(Listen(number, words, closed=True, patience_s=WORD_PATIENCE_S))
        deadline_s = time.monotonic() + UNHEARD_AFTER_S
        while (left_s := deadline_s - time.monotonic()) > 0:
            try:
                turn = self._heard.get(timeout=left_s)
            except queue.Empty:
                break
            if turn.number == number:
                self._ear.ignore()
                return turn.heard.hypotheses, turn.sound
        self._ear.ignore()
        return (), b""
