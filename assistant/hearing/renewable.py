"""A recogniser that another can take the place of while the assistant runs, between two utterances."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Sequence

from assistant.hearing.recogniser import Heard, Recogniser, RecogniserUnavailable


class RenewableRecogniser:
    """Passes everything on to a recogniser.

    The two ways to renew may be called from any thread, all else from the listener's.

    Args:
        first: is used, and closed, from the listener's thread; so is every later one.
    """

    def __init__(self, first: Recogniser) -> None:
        self._now, self.name = first, first.name
        self._next: Recogniser | None = None
        self._closed = False
        self._lock, self._making = threading.Lock(), threading.Lock()
        self._order = 0

    def renew(self, fresh: Recogniser) -> None:
        """From the next utterance on, use `fresh`, and close the one in use."""
        with self._lock:
            unused = fresh if self._closed else self._next
            self._next = None if self._closed else fresh
        if unused is not None:
            unused.close()

    def renew_by(self, make: Callable[[], Recogniser]) -> None:
        """Have another made meanwhile. Of several wanted in a row only the last is made; one that can not be is not."""
        self._order += 1
        threading.Thread(target=self._make, args=(make, self._order), name="words", daemon=True).start()

    def _make(self, make: Callable[[], Recogniser], order: int) -> None:
        with self._making, contextlib.suppress(RecogniserUnavailable):
            if order == self._order and not self._closed:
                self.renew(make())

    def begin(self, words: Sequence[str] | None = None, *, closed: bool = True) -> None:
        """Start a new utterance, with the newest recogniser."""
        with self._lock:
            fresh, self._next = self._next, None
        if fresh is not None:
            before, self._now, self.name = self._now, fresh, fresh.name
            before.close()
        self._now.begin(words, closed=closed)

    def accept(self, frames: bytes) -> None:
        """Take more sound of the utterance."""
        self._now.accept(frames)

    def first_heard(self) -> bool:
        """Whether what was heard so far is the first of the listed words."""
        return self._now.first_heard()

    def finish(self) -> Heard:
        """End the utterance and say what it was."""
        return self._now.finish()

    def close(self) -> None:
        """Give memory and files back. Harmless when repeated."""
        with self._lock:
            self._closed = True
            unused, self._next = self._next, None
        if unused is not None:
            unused.close()
        self._now.close()
