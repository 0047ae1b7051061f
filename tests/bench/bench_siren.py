"""Said into the alarm's own sound: is a word that ends it heard, and does the sound alone end it?

    python -m tests.bench.bench_siren [--levels none -12 0] [--rest-s 2.0] [--words stop no]

Offline and the same at every run, with the room, the voices and the loudness of `bench_barge_in`. First the assistant
says what to do, so that the ear knows its voice; then the alarm sounds, round after round. In each slot one word is
said: one half of the places are over the tones, the other in the rest between two rounds. `--rest-s` is that rest.

Needs the programs flite and espeak-ng.
"""

from __future__ import annotations

import argparse
import itertools
from collections.abc import Sequence

import numpy as np

from assistant.choices import World
from assistant.hearing import RATE_HZ
from assistant.places import Conversation, Urgent
from assistant.profile import Settings
from assistant.selftest import Samples
from assistant.speaking import tones
from assistant.startup import load_world
from tests.bench.bench_barge_in import LEVELS, Ears, Room, own_voice, said, with_floor
from tests.bench.bench_urgent import VOICES

WORDS = ("stop", "no", "cancel", "stop it", "cancel that")
SPOKEN_S = 20.0
AFTER_S = 1.5
"""A word counts when it is acted on so soon after its end."""
QUIET_S = 60.0
"""So long the alarm sounds with nobody speaking."""


def siren(rest_s: float) -> Samples:
    """One round."""
    whole = np.frombuffer(tones.alarm(RATE_HZ).pcm, "<i2") / 32768
    sounding = whole[: round(4 * tones.TONE_S * RATE_HZ)]
    return np.concatenate([sounding, np.zeros(round(rest_s * RATE_HZ))])


def measure(world: World, ears: Ears, level: str, rest_s: float, words: Sequence[str]) -> None:
    """One line a word and place, and what was heard of the alarm alone."""
    one = siren(rest_s)
    slots = list(itertools.product(words, (True, False), VOICES))
    slot = len(one) * (1 + round(3.5 * RATE_HZ) // len(one))
    speech = own_voice(world, SPOKEN_S / 60)
    loud = speech / np.abs(speech).max() * 0.9
    own = np.concatenate([loud, np.resize(one, round(QUIET_S * RATE_HZ)), np.resize(one, slot * (len(slots) + 1))])
    heard = Room(small=False, drift_ppm=0.0, told=True).heard(own, level)
    begin = len(loud) + round(QUIET_S * RATE_HZ)
    begin += -(begin - len(loud)) % len(one)
    ends: list[float] = []
    for number, (word, over, voice) in enumerate(slots):
        sound = said(word, voice)
        late = round((0.12 + (0.1 if over else 4 * tones.TONE_S + 0.25)) * RATE_HZ)
        at = begin + number * slot + late
        heard[at : at + len(sound)] += sound[: len(heard) - at]
        ends.append((at + len(sound)) / RATE_HZ)
    turns = ears.hear(with_floor(heard), own * (level != "none"))
    known = {"stop", "no", "cancel"}
    meant = [(at, bool(world.commands.find(turn.heard.hypotheses, known))) for at, turn in turns]
    alone = sum(ending for at, ending in meant if at < begin / RATE_HZ)
    for word, over in itertools.product(words, (True, False)):
        places = [n for n, slot_ in enumerate(slots) if slot_[:2] == (word, over)]
        waits = [
            next((at - ends[n] for at, ending in meant if ending and -0.3 < at - ends[n] < AFTER_S), None)
            for n in places
        ]
        found = sorted(wait for wait in waits if wait is not None)
        middle = f"{1000 * found[len(found) // 2]:.0f}" if found else ""
        where = "over the tones" if over else "in the rest"
        print(f"| {level} | {rest_s} | {word} | {where} | {len(found)} of {len(places)} | {middle} |", flush=True)
    print(f"| {level} | {rest_s} | nobody speaks, {QUIET_S:.0f} s | | ended by itself {alone} times | |", flush=True)


def main() -> None:
    """Print the table."""
    ask = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    ask.add_argument("--levels", nargs="+", choices=LEVELS, default=["none", "-12", "0"])
    ask.add_argument("--rest-s", type=float, nargs="+", default=[tones.REST_S])
    ask.add_argument("--words", nargs="+", default=WORDS, help="in this order: the ear learns from each")
    wanted = ask.parse_args()
    settings = Settings()
    world, _ = load_world(settings)
    ears = Ears(world, settings, Conversation(place=Urgent("choking")))
    print("| echo, dB | rest, s | word | where | found | median, ms |\n|---|---|---|---|---|---|")
    for level, rest_s in itertools.product(wanted.levels, wanted.rest_s):
        measure(world, ears, level, rest_s, wanted.words)


if __name__ == "__main__":
    main()
