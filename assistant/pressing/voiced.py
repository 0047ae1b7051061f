"""Any voiced sound as a switch, for people who can no longer speak but can make one sound. Pure."""

from __future__ import annotations

VOICED_S = 0.3
"""The shortest sound that is a press: shorter ones are clicks, coughs and bumps."""
LONGEST_VOICED_S = 2.5
"""A longer one is someone talking."""


def is_voiced_press(seconds: float, words: int) -> bool:
    """Whether a sound of so many `seconds` (voice activity), with so many recognised `words`, is a press of the switch.

    Speech with words stays speech.
    """
    return VOICED_S <= seconds <= LONGEST_VOICED_S and words <= 1
