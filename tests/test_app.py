"""The loop: events in order, waits on time, and no sense that can stop it."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.app import App
from assistant.choices import World
from assistant.dialogue import step
from assistant.events import (
    AnyEffect,
    AnyEvent,
    Heard,
    Keep,
    Learn,
    Leave,
    Listen,
    Miss,
    Picked,
    Pressed,
    Say,
    Show,
    Spoken,
    Started,
    Ticked,
    Troubled,
    Wait,
)
from assistant.journal import Journal, JournalTrouble
from assistant.matching import Matcher
from assistant.places import Answer, Conversation, Urgent
from tests.talk import meaning


class Clock:
    """Turned by the test, and by waiting: a wait that nothing interrupts takes no real time."""

    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


class Events(queue.SimpleQueue[object]):
    """A queue on that clock."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self.clock = clock

    def get(self, block: bool = True, timeout: float | None = None) -> object:  # noqa: FBT001, FBT002 - as in queue
        del block
        if self.empty() and timeout is not None:
            self.clock.now_s += timeout
            raise queue.Empty
        return super().get(timeout=5)


class Sense:
    """An ear and a mouth that take note of their orders, and fail at `fails_at`."""

    missing = ""

    def __init__(self) -> None:
        self.orders: list[object] = []
        self.fails_at: set[str] = set()

    def _note(self, name: str, order: object = None) -> None:
        self.orders.append(name if order is None else order)
        if name in self.fails_at:
            raise RuntimeError(f"{name} is out of order")

    def say(self, order: Say) -> None:
        self._note("say", order)

    def alarm(self, after: int) -> None:
        self._note("alarm", ("alarm", after))

    def tone(self, name: str) -> None:
        self._note("tone", ("tone", name))

    def hush(self) -> None:
        self._note("hush")

    def rescan(self) -> None:
        self._note("rescan")

    def look_anew(self) -> None:
        self._note("look anew")

    def listen(self, order: Listen) -> None:
        self._note("listen", order)

    def end_utterance(self) -> None:
        self._note("end_utterance")

    def ignore(self) -> None:
        self._note("ignore")

    def close(self) -> None:
        self._note("close")


class Room:
    """An app, its clock and what can be seen."""

    def __init__(self, world: World, matcher: Matcher, folder: Path) -> None:
        self.clock = Clock()
        self.kept: list[Keep] = []
        self.learned: list[Learn] = []
        self.shown: list[Show] = []
        self.app = App(
            world,
            Conversation(),
            matcher,
            journal=Journal(folder, "off", Conversation()),
            keep=self.kept.append,
            learn=self.learned.append,
            clock=self.clock,
        )
        self.app._events = Events(self.clock)  # type: ignore[assignment]
        self.app.screens.append(self.shown.append)

    def do(self, *events: AnyEvent) -> None:
        """Hand over events and let the loop turn until none is left."""
        for event in events:
            self.app.put(event)
        while not self.app._events.empty():
            assert self.app.turn()

    def rest(self) -> None:
        """Let every wait come to its end."""
        for _ in range(20):
            assert self.app.turn(longest_s=60.0)

    @property
    def texts(self) -> list[str]:
        return [view.text for view in self.shown]


@pytest.fixture
def room(world: World, matcher: Matcher, tmp_path: Path) -> Room:
    return Room(world, matcher, tmp_path)


def asked(text: str, topic: str = "") -> Heard:
    return Heard((text,), meaning(topic) if topic else meaning(), "typed", 0)


# ---- waits


@given(waits=st.lists(st.floats(0, 100), max_size=20))
def test_waits_end_in_order_and_none_before_its_time(
    world: World, matcher: Matcher, tmp_path_factory: pytest.TempPathFactory, waits: list[float]
) -> None:
    room = Room(world, matcher, tmp_path_factory.getbasetemp())
    ended: list[tuple[float, int]] = []
    room.app._act_on = lambda event: ended.append(  # type: ignore[method-assign]
        (room.clock.now_s, event.number)  # type: ignore[union-attr]
    )
    for number, seconds in enumerate(waits, 1):
        room.app._perform(Wait(number, seconds))
    for _ in range(2 * len(waits)):
        room.app.turn(longest_s=1000.0)
    assert sorted(number for _, number in ended) == list(range(1, len(waits) + 1))
    assert [at_s for at_s, _ in ended] == sorted(at_s for at_s, _ in ended)
    assert all(at_s >= 100.0 + waits[number - 1] for at_s, number in ended)


def test_an_event_comes_before_a_wait_that_is_not_over(room: Room) -> None:
    room.app._perform(Wait(9, 30.0))
    room.do(Started())
    assert room.clock.now_s == 100.0
    assert len(room.app._due) == 2  # and the one after the greeting


def test_nothing_to_do_means_waiting_not_turning(room: Room) -> None:
    assert room.app.turn(longest_s=7.0)
    assert room.clock.now_s == 107.0


# ---- many threads


def test_no_event_of_many_threads_is_lost_and_each_threads_stay_in_order(room: Room) -> None:
    came: list[tuple[int, int]] = []
    room.app._converse = lambda event: came.append(  # type: ignore[method-assign]
        divmod(int(event.item), 1000)  # type: ignore[union-attr]
    )

    def put_all(of: int) -> None:
        for number in range(1000):
            room.app.put(Picked(str(of * 1000 + number)))

    threads = [threading.Thread(target=put_all, args=(of,)) for of in range(10)]
    for thread in threads:
        thread.start()
    for _ in range(10_000):
        assert room.app.turn()
    for thread in threads:
        thread.join()
    assert len(set(came)) == 10_000
    assert all([i for n, i in came if n == thread] == list(range(1000)) for thread in range(10))


# ---- senses that are missing


def test_without_ear_and_mouth_a_question_is_answered_on_the_screen(room: Room) -> None:
    room.do(Started(can_hear=False))
    room.rest()
    room.app.heard(("what is als",))
    room.do()
    assert isinstance(room.app.conversation.place, Answer)
    assert any("disease of the nerve cells" in text for text in room.texts)
    room.rest()
    assert room.app.conversation.speaking == 0  # the wait after saying ended it


def test_orders_reach_ear_and_mouth(room: Room) -> None:
    room.app.mouth, room.app.ear = mouth, ear = Sense(), Sense()
    room.do(Started())
    said = [order for order in mouth.orders if isinstance(order, Say)]
    assert len(said) == 1
    room.do(Spoken(said[0].number))
    assert any(isinstance(order, Listen) for order in ear.orders)
    room.do(asked("help me"))
    assert isinstance(room.app.conversation.place, Urgent)
    room.do(Pressed())
    assert "hush" in mouth.orders
    room.app.close()
    assert ear.orders[-1] == mouth.orders[-1] == "close"


# ---- senses that fail


FAULTS: dict[str, Callable[[Room], None]] = {
    "a screen": lambda room: room.app.screens.insert(0, _raise),
    "the voice": lambda room: setattr(room.app, "mouth", failing("say", "hush", "alarm", "tone")),
    "the ear": lambda room: setattr(room.app, "ear", failing("listen", "end_utterance", "ignore")),
    "the memory": lambda room: setattr(room.app, "_learn", _raise),
    "the light": lambda room: room.app.lights.append(_raise),
}


def _raise(*_: object) -> None:
    raise RuntimeError("it is out of order")


def failing(*names: str) -> Sense:
    sense = Sense()
    sense.fails_at = set(names)
    return sense


@pytest.mark.parametrize("fault", FAULTS)
def test_a_sense_that_fails_does_not_end_the_loop(room: Room, fault: str) -> None:
    FAULTS[fault](room)
    room.do(Started())
    room.rest()
    room.do(Heard(("where do i find moving around",), meaning("cramps", "pain", probability=0.6, rest=0.3), "vosk", 0))
    room.do(asked("yes"))
    room.do(asked("what is als", "what-is-als"))
    room.do(asked("stop"))
    room.rest()
    assert any("disease of the nerve cells" in text for text in room.texts)


def test_a_fault_is_told_once_where_it_can_be_read(room: Room) -> None:
    room.app.mouth = failing("say")
    room.do(Started(), asked("what is als", "what-is-als"), asked("repeat"))
    assert sum("out of order" in text for text in room.texts) == 1


def test_the_other_screens_go_on_when_one_fails(room: Room) -> None:
    others: list[Show] = []
    room.app.screens += [_raise, others.append]
    room.do(Started())
    assert others == room.shown
    assert "The screen failed" in others[1].text
    assert others[1].items == others[0].items


def test_a_matcher_that_fails_does_not_keep_a_cry_for_help_from_being_heard(room: Room) -> None:
    room.app._understand = _raise  # type: ignore[assignment]
    room.app.heard(("i can't breathe",))
    room.do()
    assert isinstance(room.app.conversation.place, Urgent)
    assert any("Finding what is meant failed" in text for text in room.texts)


def test_a_cry_that_only_the_second_recogniser_heard_counts_then_too(room: Room) -> None:
    room.app._understand = _raise  # type: ignore[assignment]
    room.app.heard(("i can read",), others=("i can't breathe",))
    room.do()
    assert isinstance(room.app.conversation.place, Urgent)


def test_half_a_character_is_no_reason_to_stop(world: World, matcher: Matcher, tmp_path: Path) -> None:
    room = Room(world, matcher, tmp_path)
    room.app._journal = Journal(tmp_path, "words", Conversation())
    room.app.heard(("what is als \udcff\ud83d",))
    room.do()
    assert isinstance(room.app.conversation.place, Answer)
    assert not any("journal" in text for text in room.texts)


def test_a_journal_that_can_not_go_on_is_said_once(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    faults = iter([JournalTrouble("The journal stops here: No space left on device. Nothing else is affected.")])

    def full(*_: object) -> None:
        for fault in faults:
            raise fault

    monkeypatch.setattr(room.app._journal, "record", full)
    room.do(Started(), asked("what is als", "what-is-als"))
    assert sum("No space left on device" in text for text in room.texts) == 1
    assert isinstance(room.app.conversation.place, Answer)


def test_trouble_of_a_sense_is_shown(room: Room) -> None:
    room.do(Started())
    room.do(Troubled("microphone", "The microphone is gone. Check its plug."))
    assert "The microphone is gone. Check its plug." in room.texts[-1]


# ---- what leaves the loop


def test_leaving_ends_the_loop_and_closes_what_is_open(room: Room) -> None:
    room.app.ear = failing("close")
    room.app.mouth = mouth = Sense()
    room.app.put(Leave())
    room.app.put(Pressed())
    room.app.run()
    room.app.close()
    assert mouth.orders == ["close"]  # though the ear could not be closed


def test_what_is_to_be_remembered_is_handed_over(room: Room) -> None:
    room.do(Started(), asked("slower"))
    assert {change.name for change in room.kept} & {"pause_s", "rate_wpm"}
    room.do(Heard(("legs cramp at night",), meaning("cramps", "pain", probability=0.75, rest=0.1), "vosk", 0))
    room.do(asked("yes"))
    assert room.learned == [Learn(("legs cramp at night",), "cramps", right=True)]


@pytest.mark.parametrize("wanted", [True, False])
def test_what_was_not_understood_is_handed_over_only_if_that_is_wanted(room: Room, *, wanted: bool) -> None:
    missed: list[Miss] = []
    room.app.misses = missed.append
    room.app.conversation = msgspec.structs.replace(room.app.conversation, keeps_misses=wanted)
    room.do(asked("purple monkey"))
    assert [miss.hypotheses for miss in missed] == ([("purple monkey",)] if wanted else [])


def test_the_loop_does_what_the_conversation_says_and_no_more(room: Room, world: World) -> None:
    events: list[AnyEvent] = [Started(), asked("what is als", "what-is-als"), asked("more"), Pressed(), Ticked(3)]
    expected = Conversation()
    effects: list[AnyEffect] = []
    for event in events:
        expected, some = step(world, expected, event)
        effects += some
    room.do(*events)
    assert room.app.conversation == expected
    assert room.shown == [effect for effect in effects if isinstance(effect, Show)]


def test_one_thing_that_goes_wrong_in_the_loop_itself_is_told_once_and_the_next_question_is_answered(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room.app, "takes", _raise)
    room.do(Started(), Picked("topic:cramps"), Picked("topic:cramps"))
    assert sum("What was wanted failed" in text for text in room.texts) == 1
    room.do(asked("what is als", "what-is-als"))
    assert isinstance(room.app.conversation.place, Answer)
