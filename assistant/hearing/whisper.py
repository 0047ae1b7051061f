"""Hear with Whisper beside another recogniser, on a thread of its own.

It looks at an utterance as a whole, so it begins where there is a pause, while the person's patience still runs, and
begins anew if they go on. It knows general English far better than PocketSphinx, and the content's rare words less
well; so it never hears alone (`second_opinion`).
"""

from __future__ import annotations

import atexit
import contextlib
import ctypes
import queue
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from assistant.hearing import RATE_HZ
from assistant.hearing.pauses import PauseShortener
from assistant.hearing.recogniser import RecogniserUnavailable
from assistant.hearing.whisper_model import Listen, Listened

SILENT_S = 0.25
"""After so much silence the person may be done."""
SAME_S = 0.03
"""A pause is measured in steps, and with those around it."""
LONGEST_WAIT_S = 3.0
"""What comes later than this after the last word is not waited for."""

Suspect = Callable[[Sequence[str]], Sequence[str]]
"""From guesses to texts that may have been said instead, and must not be missed."""


def suspect_nothing(_: Sequence[str]) -> tuple[str, ...]:
    """Nothing may have been said instead."""
    return ()


@dataclass(frozen=True, slots=True)
class Opinion:
    """What Whisper makes of an utterance."""

    guesses: tuple[str, ...] = ()
    """Best first, all different, five at most."""
    behind: dict[str, float] = field(default_factory=dict)
    """Of each text that may have been said instead, by how many nats it is less likely than the best guess."""


@dataclass(slots=True)
class _Job:
    """A stretch of sound to be listened to, or what came of one, and texts to be compared with it."""

    sound: bytes
    suspect: Suspect
    listened: Listened | None = None
    opinion: Opinion = Opinion()
    done: threading.Event = field(default_factory=threading.Event)
    wanted: bool = True

    def do(self, listen: Listen) -> None:
        self.listened = self.listened or listen(self.sound)
        self.opinion = Opinion(self.listened.guesses)  # they count whatever becomes of the comparing
        texts = self.suspect(self.listened.guesses) if self.listened.guesses else ()
        if texts:
            behind = self.listened.behind(texts)
            self.opinion = Opinion(self.listened.guesses, dict(zip(texts, behind, strict=True)))


class Whisper:
    """What was said, guessed on a thread of its own. Used from one thread.

    Args:
        open_model: opens the model on the thread of its own, and returns what listens to a sound.
        tell: gets a sentence when that fails, on that thread; from then on nothing is guessed.
    """

    def __init__(self, open_model: Callable[[], Listen], tell: Callable[[str], None] = lambda _: None) -> None:
        self._open, self._tell = open_model, tell
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._pauses = PauseShortener()
        self._job: _Job | None = None
        """The sound of the pause under way."""
        self._late: _Job | None = None
        self._suspect: Suspect = suspect_nothing
        self._thread = threading.Thread(target=self._work, name="whisper", daemon=True)
        self._thread.start()
        atexit.register(self.close)  # the process must not end while the model is at work: it would abort
        self.begin()

    def begin(self, suspect: Suspect = suspect_nothing) -> None:
        """Start an utterance. What was begun for the one before and not asked for is dropped.

        `suspect`: which texts are to be compared with the sound too; asked on the thread of its own.
        """
        if self._job:
            self._job.wanted = False
        self._pauses.start()
        self._sound = bytearray()
        self._suspect = suspect
        self._job = None

    def accept(self, frames: bytes) -> None:
        """Take more sound; in a pause, guess what was said until then."""
        silent_s = self._pauses.silent_s
        self._sound += frames
        self._pauses.take(frames)
        if self._job and self._pauses.silent_s < silent_s + len(frames) / 2 / RATE_HZ - SAME_S:
            self._job.wanted = False  # it goes on
            self._job = None
        if self._job is None and self._pauses.silent_s >= SILENT_S:
            self._job = self._ask(_Job(bytes(self._sound), self._suspect))

    def finish(self, also: Sequence[str] = ()) -> Opinion:
        """End the utterance. Nothing is guessed when it would come too late.

        `also`: further texts to be compared with the sound.
        """
        if self._late and not self._late.done.is_set():
            return Opinion()
        job = self._job or self._ask(_Job(bytes(self._sound), self._suspect))
        self._job = None
        self.begin()
        if not self._in_time(job):
            return Opinion()
        further = [text for text in also if text not in job.opinion.behind]
        if not job.opinion.guesses or not further:
            return job.opinion
        more = self._ask(_Job(b"", lambda _: further, job.listened))
        behind = more.opinion.behind if self._in_time(more) else {}
        return Opinion(job.opinion.guesses, job.opinion.behind | behind)

    def close(self) -> None:
        """Let go of the model. Harmless when repeated."""
        atexit.unregister(self.close)
        self._jobs.put(None)
        self._thread.join(LONGEST_WAIT_S)

    def _ask(self, job: _Job) -> _Job:
        self._jobs.put(job)
        return job

    def _in_time(self, job: _Job) -> bool:
        self._late = None if job.done.wait(LONGEST_WAIT_S) else job
        return self._late is None

    def _work(self) -> None:
        listen: Listen = lambda _: Listened()  # noqa: E731 - until the model is open, and when it can not be
        try:
            listen = self._open()
        except RecogniserUnavailable as problem:
            self._tell(str(problem))
        _give_back_memory()
        while job := self._jobs.get():
            try:
                if job.wanted:
                    job.do(listen)
            except Exception as problem:  # noqa: BLE001 - another recogniser hears the same sound
                self._tell(f"The recogniser Whisper failed ({problem}).")
                listen = lambda _: Listened()  # noqa: E731
            job.sound = b""  # it is not kept until the next one comes
            job.done.set()
            _give_back_memory()


def _give_back_memory() -> None:
    """Opening and running the model leave 40 and 30 MB with the C library, which keeps them unless it is told."""
    with contextlib.suppress(OSError, AttributeError, TypeError):  # there is such a call on Linux only
        ctypes.CDLL(None).malloc_trim(0)
