"""The speech sounds of the test voice model, and the numbers Kaldi knows them by.

Kaldi tells a sound at the begin of a word from the same sound inside or at the end of one: each sound but the
silence has four phone numbers. The four share their output units in the network, so position costs no
training data.
"""

from enum import IntEnum

SILENCE = "SIL"
SOUNDS: tuple[str, ...] = (
    *(
        "aa",
        "ae",
        "ah",
        "ao",
        "aw",
        "ay",
        "b",
        "ch",
        "d",
        "dh",
        "eh",
        "er",
        "ey",
        "f",
        "g",
        "hh",
        "ih",
        "iy",
        "jh",
    ),
    *(
        "k",
        "l",
        "m",
        "n",
        "ng",
        "ow",
        "oy",
        "p",
        "r",
        "s",
        "sh",
        "t",
        "th",
        "uh",
        "uw",
        "v",
        "w",
        "y",
        "z",
        "zh",
    ),
)
"""ARPAbet without stress, as flite and the CMU dictionary write it."""

PHONES: tuple[str, ...] = (SILENCE, *SOUNDS)
INDEX: dict[str, int] = {phone: index for index, phone in enumerate(PHONES)}
OUTPUTS = 2 * len(PHONES)
"""Output units of the network: one for the first frame of a phone, one for all later ones."""

FLITE_NAMES: dict[str, str] = {
    "pau": SILENCE,
    "brth": SILENCE,
    "h#": SILENCE,
    "ax": "ah",
    "axr": "er",
    "dx": "t",
}
"""What flite calls a sound, where that differs from the list above."""


class Position(IntEnum):
    """Where in its word a sound stands; the order is that of the four phone numbers."""

    BEGIN = 0
    END = 1
    INTERNAL = 2
    SINGLETON = 3


PHONE_NUMBERS = 1 + len(Position) * len(SOUNDS)
"""Kaldi's phone numbers run from 1 (the silence) to this."""


def first_frame_output(index: int) -> int:
    """The output unit for the first frame of the phone with this index in PHONES."""
    return 2 * index


def later_frame_output(index: int) -> int:
    """The output unit for every later frame of the phone with this index in PHONES."""
    return 2 * index + 1


def phone_number(phone: str, position: Position) -> int:
    """Kaldi's number of a phone, from 1; the silence has one number wherever it stands."""
    index = INDEX[phone]
    return 1 if index == 0 else 2 + (index - 1) * len(Position) + position


def index_of_number(number: int) -> int:
    """The index in PHONES of the phone that has this Kaldi number."""
    return 0 if number == 1 else (number - 2) // len(Position) + 1


def enter_and_stay(phone: str, position: Position) -> tuple[int, int]:
    """The two transition numbers of a phone: of its first frame, and of each later frame."""
    number = phone_number(phone, position)
    return 2 * number, 2 * number - 1


def position_in_word(place: int, length: int) -> Position:
    """The position of the sound at `place` (from 0) in a word of `length` sounds."""
    if length == 1:
        return Position.SINGLETON
    if place == 0:
        return Position.BEGIN
    return Position.END if place == length - 1 else Position.INTERNAL
