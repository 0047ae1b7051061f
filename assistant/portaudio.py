"""PortAudio, which the microphone and the loudspeakers share. It is not made for two threads at once."""

from __future__ import annotations

import threading

OPENING = threading.RLock()
"""Held while a stream is opened or closed. A stream that plays or is being aborted does not wait for it."""


def look_anew() -> None:
    """See devices that came or went: PortAudio lists them once, when it starts.

    Ends every open stream of the process; their owners have closed them before.
    """
    import sounddevice  # noqa: PLC0415 - importing it fails without PortAudio

    with OPENING:
        sounddevice._terminate()  # noqa: SLF001 - sounddevice has no other way
        sounddevice._initialize()  # noqa: SLF001 - as above
