"""How loud the microphone is, and whether the system takes the assistant's own voice out of it."""

from __future__ import annotations

import math
import threading

import numpy as np

from assistant.hearing.cancelling import NoAnswer, find_canceller
from assistant.hearing.microphone import Microphone, NoMicrophone

LISTEN_S = 1.5
QUIET_DBFS, LOUD_DBFS = -75.0, -6.0


def level_dbfs(sound: bytes) -> float:
    """Mean level of 16 bit samples in dB below full scale; -inf for digital silence."""
    samples = np.frombuffer(sound[: len(sound) // 2 * 2], "<i2").astype(np.float64)
    power = float(np.mean(samples**2)) if len(samples) else 0.0
    return 10 * math.log10(power / 32768**2) if power else -math.inf


def loudness(device: str = "") -> str:
    """A sentence about what the microphone hears in 1.5 s.

    Raises:
        NoMicrophone: there is none, or nothing comes from it; the text is a sentence.
    """
    blocks: list[bytes] = []
    microphone = Microphone(blocks.append, lambda _: None, device)
    threading.Event().wait(LISTEN_S)
    microphone.close()
    if not blocks:
        message = "The microphone is open but no sound comes from it. Unplug it and plug it in again."
        raise NoMicrophone(message)
    level = level_dbfs(b"".join(blocks))
    if level == -math.inf:
        message = "The microphone seems to be muted: it gives exact silence. Look for a mute switch."
        raise NoMicrophone(message)
    advice = ""
    if level < QUIET_DBFS:
        advice = " That is very quiet: turn the microphone up in the system's sound settings."
    elif level > LOUD_DBFS:
        advice = " That is very loud: turn the microphone down in the system's sound settings."
    return f"it works; level now {level:.0f} dB below full scale.{advice}".replace("level now -", "level now ")


def echo_canceller() -> str:
    """A sentence about the sound server's echo canceller. Nothing is changed."""
    try:
        canceller = find_canceller()
    except NoAnswer as unknown:
        return str(unknown)
    if canceller is not None:
        return f"the sound server cancels echo ({canceller.source}); make it the system's microphone and loudspeaker."
    return (
        "the sound server has no echo canceller. With a loudspeaker, a headset or the switch interrupts it more "
        "surely than the word stop."
    )
