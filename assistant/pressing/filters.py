"""What of a trembling hand, a bouncing contact or a held key is a press. Pure: times come in with the events.

Three filters, each as on the switch boxes people know: the acceptance time (shorter touches are no press), the release
time (a contact that opens for a moment was never let go), and the repeat time (after a press, another one only so much
later). What is left out is answered by a `Tick`: the person hears that it was felt.
"""

from __future__ import annotations

import msgspec

from assistant.events import Switch, Ticked, Wait
from assistant.scan import Tick

LOST_S = 2.0
"""A switch that is told to go down again although it is down, and was last told so this long ago, was let go between:
keyboards repeat a held key at least twice a second."""
FIRST_NUMBER = -11
"""Waits of the filters have odd numbers from here down: even ones are the scanner's."""
SLACK_S = 1e-6


class FilterSettings(msgspec.Struct, frozen=True):
    """How much a hand trembles."""

    acceptance_s: float = 0.0
    """The shortest touch that is a press."""
    repeat_s: float = 0.3
    """After a press was let go, another one counts only so much later."""
    release_s: float = 0.05
    """Letting go for no longer than this is not letting go."""


class Contact(msgspec.Struct, frozen=True):
    """One switch, as far as the filters have got with it."""

    switch: str
    down: Switch | None = None
    """The press under way."""
    accepted: bool = False
    """It has been passed on."""
    refused: bool = False
    """It came too soon after the last one, and counts for nothing however long it is held."""
    seen_s: float = 0.0
    """When the switch was last said to be down."""
    released: Switch | None = None
    """It was let go, and may yet close again."""
    ended_s: float = float("-inf")
    """When the last press that counted was let go."""
    waiting: int = 0


class Contacts(msgspec.Struct, frozen=True):
    """Every switch that was ever pressed. Only `filter_step` makes new ones."""

    number: int = FIRST_NUMBER
    known: tuple[Contact, ...] = ()


def filter_step(
    settings: FilterSettings, contacts: Contacts, event: Switch | Ticked
) -> tuple[Contacts, tuple[Switch, ...], tuple[Tick | Wait, ...]]:
    """The clean movements of the switch that `event` leads to, with the times they really had, and what to do."""
    if isinstance(event, Ticked):
        contact = next((c for c in contacts.known if c.waiting == event.number), None)
    else:
        contact = next((c for c in contacts.known if c.switch == event.switch), Contact(event.switch))
    if contact is None:
        return contacts, (), ()
    work = _Work(settings, contact, contacts.number)
    if isinstance(event, Ticked):
        work.time_is_up()
    elif event.down:
        work.down(event)
    else:
        work.up(event)
    others = tuple(c for c in contacts.known if c.switch != contact.switch)
    return Contacts(work.number, (*others, work.contact)), tuple(work.clean), tuple(work.effects)


class _Work:
    def __init__(self, settings: FilterSettings, contact: Contact, number: int) -> None:
        self.settings, self.contact, self.number = settings, contact, number
        self.clean: list[Switch] = []
        self.effects: list[Tick | Wait] = []

    def down(self, event: Switch) -> None:
        contact = self.contact
        if contact.released is not None:
            if event.at_s - contact.released.at_s <= self.settings.release_s:
                self.change(released=None, waiting=0, seen_s=event.at_s)
                self.effects.append(Tick())
                return
            self.let_go(contact.released)
        elif contact.down is not None and event.at_s - contact.seen_s <= LOST_S:
            self.change(seen_s=event.at_s)
            return
        elif contact.down is not None and contact.accepted:
            self.let_go(msgspec.structs.replace(event, down=False, at_s=contact.seen_s))
        self.begin(event)

    def begin(self, event: Switch) -> None:
        counts = event.at_s - self.contact.ended_s > self.settings.repeat_s + SLACK_S
        self.change(down=event, accepted=False, refused=not counts, seen_s=event.at_s, waiting=0)
        if not counts:
            self.effects.append(Tick())
        elif self.settings.acceptance_s:
            self.wait(self.settings.acceptance_s)
        else:
            self.accept()

    def up(self, event: Switch) -> None:
        press = self.contact.down
        if press is None or self.contact.released is not None:
            return
        if self.contact.refused:
            self.change(down=None, refused=False)
            return
        if not self.contact.accepted:
            if event.at_s - press.at_s + SLACK_S < self.settings.acceptance_s:
                self.change(down=None, waiting=0)
                self.effects.append(Tick())
                return
            self.accept()
        if self.settings.release_s:
            self.change(released=event)
            self.wait(self.settings.release_s)
        else:
            self.let_go(event)

    def time_is_up(self) -> None:
        if self.contact.released is not None:
            self.let_go(self.contact.released)
        elif not self.contact.accepted:
            self.accept()

    def accept(self) -> None:
        if self.contact.down is not None:
            self.clean.append(self.contact.down)
            self.change(accepted=True, waiting=0)

    def let_go(self, event: Switch) -> None:
        self.clean.append(event)
        self.change(down=None, accepted=False, released=None, ended_s=event.at_s, waiting=0)

    def wait(self, seconds: float) -> None:
        self.number -= 2
        self.change(waiting=self.number)
        self.effects.append(Wait(self.number, seconds))

    def change(self, **fields: object) -> None:
        self.contact = msgspec.structs.replace(self.contact, **fields)
