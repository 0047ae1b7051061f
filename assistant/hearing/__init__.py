"""From air to words: microphone, turn taking, recognisers, sound files.

Nothing here knows topics, answers or states of the conversation. Sound everywhere is 16 kHz, one channel,
16 bit signed, little-endian (:data:`RATE_HZ`).
"""

RATE_HZ = 16_000
"""Samples a second of every sound inside this package."""
