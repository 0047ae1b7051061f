"""The one loop: takes an event, asks the conversation what it leads to, and has the senses do it.

Adapters run on threads of their own and only ever `put` events. Nothing here waits for them: a voice that hangs or a
microphone that is gone changes what can be sensed, never whether the loop turns.
"""

from __future__ import annotations

import heapq
import queue
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from assistant.choices import World
from assistant.dialogue import step
from assistant.events import (
    Alarm,
    AnyEffect,
    AnyEvent,
    EndUtterance,
    Gather,
    Heard,
    Hush,
    Ignore,
    Keep,
    Learn,
    Leave,
    Listen,
    Measure,
    Miss,
    Picked,
    Pressed,
    Recall,
    Recalled,
    Renewed,
    Say,
    Sense,
    Show,
    SpeechBegan,
    Spoken,
    Switch,
    Ticked,
    Tone,
    Troubled,
    Undone,
    Wait,
)
from assistant.journal import Journal, JournalTrouble
from assistant.matching import Matcher, Ranking, by_turns
from assistant.places import Answer, Conversation
from assistant.pressing.filters import FilterSettings
from assistant.pressing.switch_test import Measured
from assistant.scan import CallCaregiver, Cue, Light, Press, ScanSettings, Tick, Undo
from assistant.scanner import Done, Felt, Scanner, as_proposal

Understand = Callable[[Sequence[str], bytes, Sequence[str]], tuple[tuple[str, ...], Ranking]]
"""From hypotheses, the sound they came from, and what another recogniser heard in it, to the hypotheses of both and the
topics they may mean."""


@dataclass(frozen=True, slots=True)
class Renewal:
    """Another world from now on, and how questions find their topics in it."""

    world: World
    understand: Understand
    region: str


def understand_by(matcher: Matcher) -> Understand:
    """Understanding by `matcher` alone, which knows no speaker."""
    return lambda texts, _sound, others: (by_turns(texts, others), matcher.rank(texts, others=others))


class Ear(Protocol):
    """The microphone side."""

    @property
    def missing(self) -> str:
        """Why nothing is heard for now; empty when something is."""

    def listen(self, order: Listen) -> None:
        """Open for one utterance, in place of any before."""

    def end_utterance(self) -> None:
        """The utterance under way is complete."""

    def ignore(self) -> None:
        """Close."""

    def look_anew(self) -> None:
        """Have the sound system see devices that came or went, at the price of a moment in which nothing is heard."""

    def close(self) -> None:
        """Give the device back."""


class Mouth(Protocol):
    """The loudspeaker side."""

    def say(self, order: Say) -> None:
        """Speak, then put `Spoken`."""

    def alarm(self, after: int) -> None:
        """After saying `after`, sound until hushed."""

    def tone(self, name: str) -> None:
        """A short sound on the private output."""

    def hush(self) -> None:
        """Silence within 50 ms."""

    def rescan(self) -> None:
        """Let the sound system see devices that came or went; only while the ear's device is closed."""

    def close(self) -> None:
        """Give the device back."""


class App:
    """One conversation and the senses around it."""

    def __init__(
        self,
        world: World,
        conversation: Conversation,
        matcher: Matcher,
        *,
        journal: Journal,
        keep: Callable[[Keep], None] = lambda _: None,
        learn: Callable[[Learn], None] = lambda _: None,
        understand: Understand | None = None,
        scanner: Scanner | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.world, self.conversation = world, conversation
        self._understand = understand or understand_by(matcher)
        self.ear: Ear | None = None
        self.mouth: Mouth | None = None
        self.screens: list[Callable[[Show], None]] = []
        self.lights: list[Callable[[Light | None], None]] = []
        """Told what is lit; None while scanning is off."""
        self.ticks: list[Callable[[], None]] = []
        """Told that a press was felt and does not count."""
        self.takes: Callable[[str], bool] = lambda _: False
        """Does what an item of the screen stands for, such as another size. False: it is the conversation's."""
        self.renewed: Callable[[World], None] = lambda _: None
        """Told of another world, at once: what takes its time is done elsewhere."""
        self.misses: Callable[[Miss], None] = lambda _: None
        """Keeps what was not understood, where the person wants that."""
        self.gather: Callable[[Gather], None] = lambda _: None
        """Keeps a question for the clinic."""
        self.counted: Callable[[], None] = lambda: None
        """Keeps what is counted."""
        self.today: Callable[[], str] = lambda: ""
        """The day, such as 2026-11-24."""
        self.scanner = scanner or Scanner(ScanSettings(), FilterSettings())
        self.recall: Callable[[Recall], Recalled] = lambda _: Recalled("learned none")
        """Looks at what was learned."""
        self._journal, self._keep, self._learn, self._clock = journal, keep, learn, clock
        self._events: queue.SimpleQueue[AnyEvent | Switch | Leave | Renewal] = queue.SimpleQueue()
        self._due: list[tuple[float, int]] = []
        self._told: set[str] = set()
        """What has failed and was told."""
        self._started_s = clock()

    def put(self, event: AnyEvent | Switch | Leave | Renewal) -> None:
        """Hand over an event; from any thread."""
        self._events.put(event)

    def trouble(self, sense: Sense, sentence: str) -> None:
        """Have `sentence` said or shown, once however often it is true; from any thread."""
        if sentence not in self._told:
            self._told.add(sentence)
            self.put(Troubled(sense, sentence))

    def heard(
        self,
        hypotheses: Sequence[str],
        engine: str = "typed",
        number: int = 0,
        sound: bytes = b"",
        pause_s: float = 0.0,
        others: Sequence[str] = (),
        likely: Sequence[str] | None = None,
    ) -> None:
        """Hand over what a recogniser or a keyboard took in, with its sound and longest pause; from any thread.

        `others`: what another recogniser heard in the same sound. `likely`: cries for help that it may be too; None:
        nobody looked for them.
        """
        readable = tuple(text.encode(errors="replace").decode() for text in hypotheses)  # half a character is no text
        cries = None if likely is None else tuple(likely)
        try:
            texts, ranking = self._understand(readable, sound, others)
        except Exception as error:  # noqa: BLE001 - a cry for help needs no ranking
            self.put(Heard(by_turns(readable, others), Ranking((), 1.0), engine, number, pause_s, cries))
            self.put(Troubled("recogniser", _failed("Finding what is meant", error)))
        else:
            self.put(Heard(texts, ranking, engine, number, pause_s, cries))

    def run(self) -> None:
        """Turn until someone leaves."""
        while self.turn():
            pass

    def turn(self, longest_s: float | None = None) -> bool:
        """Wait for one event, at most `longest_s`, and act on it. False: someone left."""
        event = self._next(longest_s)
        if isinstance(event, Leave):
            return False
        if event is not None:
            try:
                self._act_on(event)
            except Exception as error:  # noqa: BLE001 - one thing that went wrong must not be the last
                self._tell_once("memory", _failed("What was wanted", error))
        return True

    def close(self) -> None:
        """Give every device back."""
        for sense in (self.ear, self.mouth):
            if sense is not None:
                self._guarded("voice", sense.close)
        self._journal.close()

    def _next(self, longest_s: float | None) -> AnyEvent | Switch | Leave | Renewal | None:
        waits = [longest_s] if longest_s is not None else []
        if self._due:
            waits.append(max(0.0, self._due[0][0] - self._clock()))
        try:
            return self._events.get(timeout=min(waits) if waits else None)
        except queue.Empty:
            if self._due and self._due[0][0] <= self._clock():
                return Ticked(heapq.heappop(self._due)[1])
            return None

    def _act_on(self, event: AnyEvent | Switch | Renewal) -> None:
        match event:
            case Renewal():
                self._renew(event)
            case Switch():
                self._scan(event)
            case Ticked(number=number) | Spoken(number=number) if number < 0:
                self._scan(event)
            case Pressed() if self.scanner.on:
                self._scan(event)
            case SpeechBegan():
                self._converse(event)
                if self.conversation.speech_began:
                    self._scan(event)
            case Picked(item=item) if self.takes(item):
                pass
            case _:
                self._converse(event)

    def _renew(self, new: Renewal) -> None:
        gone = tuple(self.world.topics.keys() - new.world.topics.keys())
        self.world, self._understand = new.world, new.understand
        self._guarded("recogniser", self.renewed, new.world)
        self._converse(Renewed(gone, new.region))

    def _converse(self, event: AnyEvent) -> None:
        before = self.conversation
        self.conversation, effects = step(self.world, self.conversation, event)
        place = self.conversation.place
        for effect in effects:
            self._perform(effect)
        if self.scanner.counts and isinstance(place, Answer) and getattr(before.place, "topic", "") != place.topic:
            self.scanner.counts.answered(place.topic, self.today())
            self._guarded("memory", self.counted)
        try:
            self._journal.record(self._clock() - self._started_s, event, effects, before)
        except JournalTrouble as trouble:
            self.put(Troubled("memory", str(trouble)))

    def _perform(self, effect: AnyEffect) -> None:
        match effect:
            case Wait():
                self._wait(effect)
            case Show():
                for screen in self.screens:
                    self._guarded("screen", screen, effect)
                self._scan(effect)
            case Keep() | Learn() | Recall() | Miss() | Gather():
                self._guarded("memory", self._remember, effect)
            case Measure():
                self._do_all(self.scanner.begin_test(self._clock()))
            case Leave():
                self.put(effect)
            case Say() | Alarm() | Hush() | Tone():
                self._guarded("voice", self._speak, effect)
            case Listen() | EndUtterance() | Ignore():
                self._guarded("microphone", self._hear, effect)

    def _remember(self, effect: Keep | Learn | Recall | Miss | Gather) -> None:
        match effect:
            case Keep():
                self.scanner.keep(effect)
                self._keep(effect)
            case Learn():
                self._learn(effect)
            case Recall():
                self.put(self.recall(effect))
            case Miss():
                self.misses(effect)
            case Gather():
                self.gather(effect)

    def _scan(self, event: Felt) -> None:
        self._do_all(self.scanner.take(event, self._clock()))

    def _do_all(self, effects: Iterator[Done]) -> None:
        for effect in effects:
            self._perform_scan(effect)

    def _perform_scan(self, effect: Done) -> None:
        match effect:
            case Wait():
                self._wait(effect)
            case Light():
                for light in self.lights:
                    self._guarded("screen", light, effect if self.scanner.on else None)
            case Cue() | Tick():
                self._guarded("voice", self._cue, effect)
            case Keep():
                self._guarded("memory", self._keep, effect)
            case _:
                self._mean(effect)

    def _mean(self, effect: Done) -> None:
        match effect:
            case Press(item=item):
                if not self.takes(item):
                    self._converse(Pressed(item))
            case Undo():
                self._converse(Undone())
            case CallCaregiver():
                self._converse(Picked("command:call"))
            case Measured():
                self._converse(as_proposal(self.world, self.scanner.settings, effect, self.today()))

    def _cue(self, effect: Cue | Tick) -> None:
        if isinstance(effect, Tick):
            for tick in self.ticks:
                tick()
        if self.mouth is None:
            return
        if isinstance(effect, Tick):
            self.mouth.tone("ignored")
            return
        if effect.tone:
            self.mouth.tone(effect.tone)
        if effect.text:
            self.mouth.say(Say(effect.number, effect.text, effect.rate_wpm, output="cue"))

    def _wait(self, effect: Wait) -> None:
        heapq.heappush(self._due, (self._clock() + effect.seconds, effect.number))

    def _speak(self, effect: Say | Alarm | Hush | Tone) -> None:
        if self.mouth is None:
            return  # the words are on the screen; the guard after Say wakes the conversation
        match effect:
            case Say():
                self.mouth.say(effect)
            case Alarm():
                self.mouth.alarm(effect.after)
            case Hush():
                self.mouth.hush()
            case Tone(name=name):
                self.mouth.tone(name)

    def _hear(self, effect: Listen | EndUtterance | Ignore) -> None:
        if self.ear is None:
            return
        match effect:
            case Listen():
                self.ear.listen(effect)
            case EndUtterance():
                self.ear.end_utterance()
            case Ignore():
                self.ear.ignore()

    def _guarded(self, sense: Sense, do: Callable[..., None], *given: object) -> None:
        """Do it. What fails in a sense is told, once for each, and the conversation goes on without it."""
        try:
            do(*given)
        except Exception as error:  # noqa: BLE001 - no fault of a sense may end the loop
            self._tell_once(sense, _failed(f"The {sense}", error))

    def _tell_once(self, sense: Sense, sentence: str) -> None:
        if sense not in self._told:
            self._told.add(sense)
            self.put(Troubled(sense, sentence))


def _failed(what: str, error: Exception) -> str:
    return f"{what} failed ({type(error).__name__}: {error}). askaloud goes on; if it stays like this, start it again."
