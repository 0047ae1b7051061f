"""In place of the player where there is no loudspeaker: takes as long as the sound would, and makes none."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

from assistant.speaking.bell import Bell
from assistant.speaking.sound import Sound, Word


class SilentPlayer:
    """Keeps the times and the callbacks of `Player`, so that the conversation flows and words are shown."""

    def __init__(
        self,
        on_finished: Callable[[int], None],
        on_word: Callable[[int, Word], None] | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._on_finished, self._on_word, self._clock = on_finished, on_word, clock
        self._bell = Bell(clock)
        self._free_s: dict[str, float] = {}
        """When each output will have played what it was given."""

    def play(
        self,
        number: int,
        sound: Sound,
        output: str = "answer",
        *,
        volume: float = 1.0,  # noqa: ARG002 - as in Player
        repeating: bool = False,
    ) -> None:
        """As `Player.play`, without a sound."""
        begins_s = max(self._clock(), self._free_s.get(output, float("-inf")))
        self._free_s[output] = float("inf") if repeating else begins_s + sound.seconds
        if self._on_word is not None:
            for word in sound.words:
                self._bell.at(begins_s + word.start_s, partial(self._on_word, number, word))
        if not repeating:
            self._bell.at(self._free_s[output], partial(self._on_finished, number))

    def ring(self) -> None:
        """Make the calls that are due on the clock now, without waiting for the player's own thread."""
        self._bell.ring()

    def hush(self) -> None:
        """Forget everything that was to come."""
        self._bell.forget()
        self._free_s.clear()

    def rescan(self) -> bool:
        """There is no device to close."""
        return True

    def close(self) -> None:
        """No callback comes afterwards."""
        self._bell.close()
