"""Takes the assistant's own voice out of what the microphone hears, knowing what was played.

The sound of the loudspeaker comes back late, coloured by the room and by two clocks that do not quite agree. A filter
that subtracts it sample by sample must follow all of that; here only loudness is followed, band by band and moment by
moment (as in Avendano 2001, "Acoustic echo suppression in the STFT domain"): how late the echo is, and how loud it is
beside what was played. Where it explains what is heard, the band is made soft; where someone speaks over it, they
stay. Where nothing is played, nothing is changed but 16 ms of delay.
"""

from __future__ import annotations

from collections import deque

import numpy as np
from numpy.typing import NDArray

from assistant.hearing.echo_filter import PIECES, EchoFilter
from assistant.hearing.turns import FRAME_SAMPLES

Samples = NDArray[np.float64]

HOP = 256
"""16 ms; a window is two of them."""
BINS = HOP + 1
LATEST = 40
"""Hops within which an echo is looked for: 0.64 s, enough for a sound server and wireless loudspeakers."""
SPREAD = 2
"""The echo may be so many hops earlier or later than found."""
FADES = 0.65
"""Of an echo's power, how much is left a hop later: a room whose sound needs 0.5 s to fade away by 60 dB."""
SIMILARITY_S = 3.0
CLEARLY = 1.15
"""So many times as similar must another delay be before it is believed."""
BANDS = np.unique(np.geomspace(4, BINS - 1, 17).astype(int))
QUANTILE = 0.9
"""The echo's loudness is learned so that this share of it is below what is expected."""
STEP_DB, FIRST_STEP_DB = 0.4, 12.0
FIRST_HOPS = 100
"""1.6 s in which that is found roughly, by long steps towards the median."""
SURE_HOPS, SURE_LEFT = 100, 0.1
"""It knows itself when it has heard itself for about 2 s and once so small a share of the power was left, as usual;
before that, what is left of it still holds words."""
USUAL_FRAMES, USUAL_SHARE = 94, 0.75
"""Three frames of four are below what is usual, of the last 3 s in which it was loud."""
LOUD_POWER = 0.01**2
"""Of a sample that was played, full scale being 1."""
OVER_DB = 6.0
"""So much more than expected is taken away."""
OVERTAKEN_DB, OVERTAKEN_SHARE = 8.0, 0.4
"""When so many bands are so much louder than expected, someone speaks: almost nothing is learned from that."""
KNOWN_HOPS = 30
"""Half a second of loud moments."""
SOFTEST, SOFTEST_IN_SPEECH = 1e-3, 0.7
"""Amplitude left of what is taken away; more of it while someone speaks, whose words must stay whole."""
SPEECH_LINGERS = 0.92
"""Each hop, this much is left of the certainty that someone speaks."""
FLOOR = 10 ** (-75 / 20)
"""Faint noise in its place, full scale being 1: exact silence upsets recognisers."""
NOISE_RISES, NOISE_VARIES = 1.01, 6.0
"""The quietest power is taken for the noise; it may rise by so much each time, and is often so much louder."""
PLAYED = 1e-9
"""Power in a bin below which nothing was played."""


class OwnVoice:
    """Follows one loudspeaker in one microphone. Used from one thread."""

    def __init__(self) -> None:
        self._window = np.sqrt(np.hanning(2 * HOP + 1)[:-1])
        self._noise = np.random.default_rng(1)
        self._heard = np.zeros(2 * HOP)
        self._left = np.zeros(2 * HOP)
        self._played = np.zeros(2 * HOP)
        self._filter = EchoFilter(LATEST + PIECES)
        self._overlap = np.zeros(HOP)
        self._past = np.zeros((LATEST + SPREAD + 2, BINS))  # power of what was played, newest first
        self._means = np.zeros((2, len(BANDS) - 1))
        self._bands_past = np.zeros((LATEST + 1, len(BANDS) - 1))
        self._similar = np.zeros(LATEST + 1)
        self._lingering = np.zeros(BINS)
        self._gain_db = np.zeros(BINS)
        self._learned = np.zeros(BINS)
        self._own_mean = np.zeros(BINS)
        self._noise_power = np.ones(BINS)
        self._speech = 0.0
        self._shares: deque[float] = deque([1.0] * USUAL_FRAMES, USUAL_FRAMES)
        self._power_before = 0.0
        self._quietest = 1.0
        self.known = False
        """Whether it has heard itself for long enough to tell what is left of it from somebody's words."""
        self.delay_hops = 0
        """How late the echo is, as far as is known."""

    @property
    def usually_left(self) -> float:
        """The share of its own voice's power that was usually left in its last seconds, 0 to 1."""
        return float(np.quantile(self._shares, USUAL_SHARE))

    def clean(self, heard: bytes, played: bytes, *, moved: bool = False) -> bytes:
        """`heard` without what was `played` meanwhile or shortly before: both 512 samples, 16 bit. 16 ms late.

        `moved`: what was played may stand somewhat earlier or later beside what is heard than before.
        """
        if moved:
            self._filter.moved()
        mic = np.frombuffer(heard, "<i2") / 32768
        own = np.frombuffer(played, "<i2") / 32768
        out = np.concatenate([self._hop(mic[at : at + HOP], own[at : at + HOP]) for at in range(0, FRAME_SAMPLES, HOP)])
        self._judge(mic, own, out)
        return bytes((np.clip(out, -1, 1) * 32767).astype("<i2").tobytes())

    def _judge(self, mic: Samples, own: Samples, out: Samples) -> None:
        """How much is left of it: of this frame and the one before, since half a frame later is what comes out."""
        before, self._power_before = self._power_before, float(mic @ mic)
        heard = max(before, self._power_before)
        self._quietest = min(self._power_before, self._quietest * NOISE_RISES)
        if heard and own @ own > LOUD_POWER * len(own):
            left = max(0.0, float(out @ out) - NOISE_VARIES * self._quietest)
            self._shares.append(min(1.0, left / heard))
            self.known |= bool(self._learned.max() >= SURE_HOPS and self.usually_left < SURE_LEFT)

    def _hop(self, mic: Samples, own: Samples) -> Samples:
        self._heard = np.concatenate([self._heard[HOP:], mic])
        self._left = np.concatenate([self._left[HOP:], self._filter.subtract(mic, own)])
        self._played = np.concatenate([self._played[HOP:], own])
        self._past = np.roll(self._past, 1, axis=0)
        self._past[0] = np.abs(np.fft.rfft(self._played * self._window)) ** 2
        self._find_delay(np.abs(np.fft.rfft(self._heard * self._window)) ** 2)
        self._filter.follow(self.delay_hops)
        spectrum = np.fft.rfft(self._left * self._window)
        power = np.abs(spectrum) ** 2
        gain = self._softening(power)
        if gain is not None:
            spectrum = spectrum * gain
            spectrum += (1 - gain) * np.fft.rfft(self._noise.normal(0, FLOOR, 2 * HOP) * self._window)
        sound = np.fft.irfft(spectrum) * self._window
        done = self._overlap + sound[:HOP]
        self._overlap = sound[HOP:]
        return np.asarray(done)

    def _find_delay(self, power: Samples) -> None:
        """Compare how loudness rises and falls in both, at every delay."""
        bands = np.stack([np.sqrt(np.add.reduceat(p, BANDS[:-1])) for p in (power, self._past[0])])
        self._means += (bands - self._means) / (SIMILARITY_S * 16_000 / HOP)
        heard, played = np.log(bands + 1e-4) - np.log(self._means + 1e-4)
        self._bands_past = np.roll(self._bands_past, 1, axis=0)
        self._bands_past[0] = played
        if not self._past.any():
            return
        self._similar *= 1 - HOP / 16_000 / SIMILARITY_S
        self._similar += self._bands_past @ heard
        best = int(np.argmax(self._similar))
        if self._similar[best] > CLEARLY * max(0.0, self._similar[self.delay_hops]):
            self.delay_hops = best

    def _softening(self, power: Samples) -> Samples | None:
        """What each bin is to be multiplied with; None: nothing was played."""
        self._noise_power = np.where(power < self._noise_power, power, self._noise_power * NOISE_RISES)
        first = max(0, self.delay_hops - SPREAD)
        own = self._past[first : self.delay_hops + SPREAD + 1].max(axis=0)
        self._lingering = np.maximum(own, self._lingering * FADES)
        if not np.any(self._lingering > PLAYED):
            return None
        echo = self._lingering * 10 ** (self._gain_db / 10)
        talked_over = self._talked_over(power, echo)
        self._learn(power > echo, own, talked_over=talked_over)
        self._speech = 1.0 if talked_over else self._speech * SPEECH_LINGERS
        over = 10 ** (OVER_DB * (1 - self._speech) / 10)
        softest = SOFTEST + (SOFTEST_IN_SPEECH - SOFTEST) * self._speech
        gain: Samples = np.maximum(softest, np.sqrt(np.maximum(0.0, 1 - over * echo / (power + 1e-12))))
        return gain

    def _talked_over(self, power: Samples, echo: Samples) -> bool:
        """Whether someone speaks: much more is heard than echo and noise explain, once the echo is known."""
        explained = echo + NOISE_VARIES * self._noise_power
        much = power > 10 ** (OVERTAKEN_DB / 10) * explained
        return self._learned.max() > KNOWN_HOPS and bool(np.mean(much) > OVERTAKEN_SHARE)

    def _learn(self, above: NDArray[np.bool_], own: Samples, *, talked_over: bool) -> None:
        """Move the loudness expected of the echo towards its quantile; far at first, then by small steps.

        Only where the own voice is loud: elsewhere noise would be taken for its echo.
        """
        self._own_mean += (own - self._own_mean) * HOP / 16_000 / SIMILARITY_S
        loud = own > np.maximum(PLAYED, self._own_mean)
        first_db = FIRST_STEP_DB / (1 + 10 * self._learned / FIRST_HOPS)
        step_db = np.maximum(STEP_DB, first_db) * (0.1 if talked_over else 1.0)
        share = np.where(self._learned < FIRST_HOPS, 0.5, QUANTILE)
        self._gain_db += np.where(loud, step_db * np.where(above, share, share - 1), 0.0)
        self._learned += loud
