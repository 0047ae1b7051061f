"""Microphone, voice detector, turn taking and recogniser as one ear for the conversation."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol

from assistant.events import Listen
from assistant.hearing.listener import Listener, Report, SpeechGoesOn, SpeechStarted, Utterance
from assistant.hearing.microphone import Microphone, Trouble
from assistant.hearing.played import Played
from assistant.hearing.recogniser import Recogniser
from assistant.hearing.voice_activity import voice_detector


class Troubled(Protocol):
    """Gets what is wrong with a sense, or that it is well again."""

    def __call__(self, sense: str, sentence: str, *, lost: bool) -> None:
        """`sense` is "microphone" or "recogniser"; `sentence` is for the person."""


class MicrophoneEar:
    """The ear of a running conversation.

    Args:
        recogniser: closed with the ear.
        began: gets the number of the listening in which someone began to speak.
        heard: gets each complete turn. No hypotheses: no words in it.
        voiced: told once in a turn that the sound is long enough for a press, for whom a sound is the switch.
        troubled: gets loss and return of the microphone or the recogniser.
        device: part of the microphone's name; empty: the system's choice.
        rescan: as the microphone's.
        played: what the loudspeaker plays, to be told from what the person says; None: nothing, or into a headset.

    Raises:
        NoMicrophone: this computer has no sound library.
    """

    def __init__(
        self,
        recogniser: Recogniser,
        *,
        began: Callable[[int], None],
        heard: Callable[[Utterance], None],
        troubled: Troubled,
        voiced: Callable[[], None] = lambda: None,
        device: str = "",
        rescan: Callable[[], None] | None = None,
        played: Played | None = None,
    ) -> None:
        self._played, self._voiced = played, voiced
        self._began, self._heard, self._troubled = began, heard, troubled
        self._listener = Listener(recogniser, voice_detector(), self._report)
        try:
            self._microphone = Microphone(self._hear, self._trouble, device, rescan, patient=True)
        except BaseException:
            self._listener.close()
            raise

    @property
    def missing(self) -> str:
        """Why nothing is heard for now, as a sentence; empty when the microphone is open."""
        return self._microphone.missing

    def listen(self, order: Listen) -> None:
        """Open for utterance `order.number`, in place of any before."""
        self._listener.listen(order.number, order.words, order.patience_s, closed=order.closed)

    def end_utterance(self) -> None:
        """The utterance under way is complete."""
        self._listener.end_utterance()

    def ignore(self) -> None:
        """Close the ear; the microphone's stream stays open."""
        self._listener.ignore()

    def look_anew(self) -> None:
        """Have the sound system list its devices anew; for a moment nothing is heard."""
        self._microphone.look_anew()

    def close(self) -> None:
        """Give the device back."""
        self._microphone.close()
        self._listener.close()

    def _hear(self, frames: bytes) -> None:
        """On PortAudio's thread."""
        if self._played is None:
            self._listener.hear(frames)
            return
        played, moved = self._played.take(len(frames) // 2, time.monotonic())
        self._listener.hear(frames, played, moved=moved)

    def _report(self, report: Report) -> None:
        match report:
            case SpeechStarted(number):
                self._began(number)
            case SpeechGoesOn():
                self._voiced()
            case Utterance():
                self._heard(report)
            case _:
                sentence = f"The recogniser failed ({report.reason}). Ask again, type, or use the switch."
                self._troubled("recogniser", sentence, lost=True)

    def _trouble(self, trouble: Trouble) -> None:
        self._troubled("microphone", trouble.sentence, lost=trouble.kind != "back")
