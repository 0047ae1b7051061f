"""How long scanning takes to reach an answer, from the real lists. Tables for docs/benchmarks-scanning.md.

    python -m tests.bench.bench_scanning cost        # expected time against the information bound, no errors
    python -m tests.bench.bench_scanning users 400   # simulated people, so many answers a row

Time is told in T, the seconds an item stays lit. People press .65 T after their item is lit, on average.
"""

from __future__ import annotations

import argparse
import math
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import fmean

import msgspec

from assistant.choices import World
from assistant.places import Answer, Menu, Ready
from assistant.pressing.order import asked_most
from assistant.profile import Settings
from assistant.scan import ScanSettings
from assistant.scan.cost import PRESS_T, topic_costs_t
from assistant.scan.lists import FURTHER, UNDO, places_for_habits
from assistant.startup import load_world
from tests.switching import AUTO, Stage

SHUFFLES = 200
LAPSES = 0.03
TOUCH_S = 0.05
STEP_S = 1.5
LONGEST_S = 300.0
Weights = Mapping[str, float]


def main() -> None:
    """Print the table asked for."""
    ask = argparse.ArgumentParser()
    ask.add_argument("table", choices=["cost", "users"])
    ask.add_argument("answers", type=int, nargs="?", default=400)
    wanted = ask.parse_args()
    world = load_world(Settings())[0]
    if wanted.table == "cost":
        cost(world)
    else:
        users(world, wanted.answers)


# ---- without errors


def bound_t(weights: Weights) -> float:
    """Least expected time of any one-switch scan: a yes costs `PRESS_T`, a no costs 1 T."""
    low, high = 0.01, 0.99
    for _ in range(60):
        x = (low + high) / 2
        low, high = (x, high) if x**PRESS_T + x < 1 else (low, x)
    bits = -sum(p * math.log2(p) for p in weights.values() if p)
    return bits / math.log2(1 / low)


def expected_t(costs: Weights, weights: Weights) -> float:
    """Mean time under how often each is asked."""
    return sum(weights[name] * cost for name, cost in costs.items())


def uniform(names: Sequence[str]) -> dict[str, float]:
    """All are asked equally often."""
    return dict.fromkeys(names, 1 / len(names))


def zipf(names: Sequence[str]) -> dict[str, float]:
    """The first is asked twice as often as the second, three times as often as the third."""
    whole = sum(1 / rank for rank in range(1, len(names) + 1))
    return {name: 1 / rank / whole for rank, name in enumerate(names, 1)}


def with_habits(world: World, weights: Weights, size: int = AUTO.size) -> World:
    """The world of someone who has asked so for a while and wants what is asked most on the first page."""
    counts = {name: round(weight * 100_000) for name, weight in weights.items()}
    return replace(world, asked_most=asked_most(world.topics, counts, places_for_habits(size)))


def shuffled_zipf(world: World, seed: int) -> dict[str, float]:
    """Zipf, with no relation between what is asked and where it stands."""
    names = list(world.topics)
    random.Random(seed).shuffle(names)  # noqa: S311 - no secret
    return zipf(names)


def mean_over_shuffles(world: World, of: Callable[[World, Weights], float], shuffles: int = SHUFFLES) -> float:
    """Mean over so many people, each with questions of their own."""
    return fmean(of(world, shuffled_zipf(world, seed)) for seed in range(shuffles))


def cost(world: World) -> None:
    """Expected time of every way to scan the same topics, beside the bound."""
    same, skewed = uniform(list(world.topics)), zipf(list(world.topics))
    bounds = bound_t(same), bound_t(skewed)
    print(f"bound: uniform {bounds[0]:.2f} T, Zipf 1 {bounds[1]:.2f} T")
    print("| lists | uniform | times the bound | Zipf 1 | times the bound |")
    print("|---|---|---|---|---|")
    rows: list[tuple[str, float, float]] = [
        ("one list, fixed order", _linear(world), _linear(world)),
        ("one list, most asked first", _linear(world), expected_t(_line_costs(list(skewed)), skewed)),
        ("rows and columns, 11 by 11, most asked first", _row_column(same), _row_column(skewed)),
    ]
    for size in (8, 7, 6):
        for turns in (True, False):
            rows.append(_two_levels(world, size, turns=turns))
            rows.append(_two_levels(world, size, turns=turns, sort=True))
    for name, even, steep in rows:
        print(f"| {name} | {even:.2f} T | {even / bounds[0]:.2f} | {steep:.2f} T | {steep / bounds[1]:.2f} |")


def _two_levels(world: World, size: int, *, turns: bool, sort: bool = False) -> tuple[str, float, float]:
    def of(world: World, weights: Weights) -> float:
        ordered = with_habits(world, weights, size) if sort else world
        return expected_t(topic_costs_t(ordered, size, turns=turns), weights)

    name = f"ours, pages of {size}, " + ("asked most on page 1" if sort else "fixed order")
    name += "" if turns else ", two presses only"
    return name, of(world, uniform(list(world.topics))), mean_over_shuffles(world, of)


def _linear(world: World) -> float:
    return expected_t(_line_costs(list(world.topics)), uniform(list(world.topics)))


def _line_costs(names: Sequence[str]) -> dict[str, float]:
    return {name: index + PRESS_T for index, name in enumerate(names)}


def _row_column(weights: Weights) -> float:
    names = sorted(weights, key=lambda name: -weights[name])
    side = math.ceil(math.sqrt(len(names)))
    cells = sorted((row + column, row, column) for row in range(side) for column in range(side))[: len(names)]
    return sum(weights[name] * (way + 2 * PRESS_T) for name, (way, _, _) in zip(names, cells, strict=True))


# ---- people


@dataclass(frozen=True)
class Person:
    """How someone presses."""

    spread: float
    """Standard deviation of the time to press, as a part of its mean."""
    seed: int

    def presses_s(self, step_s: float) -> Callable[[], float | None]:
        """Seconds from when the item is lit to the press, each time anew; None: the moment was missed."""
        sigma = math.sqrt(math.log(1 + self.spread**2))
        mu = math.log(PRESS_T * step_s) - sigma**2 / 2
        dice = random.Random(self.seed)  # noqa: S311 - no secret
        return lambda: None if dice.random() < LAPSES else dice.lognormvariate(mu, sigma)


@dataclass
class Outcome:
    """One try to hear an answer."""

    seconds: float
    right: bool
    presses: int
    slips: int
    """Choices that were not the wanted ones, most of them taken back."""


def try_once(world: World, settings: ScanSettings, person: Person, topic: str) -> Outcome:
    """A person wants `topic`, looks at what is lit, and presses. Time runs from the press that starts."""
    stage = Stage(world, settings, speech_s=60.0)
    press_s = person.presses_s(settings.step_s)
    stage.press(TOUCH_S)
    began_s, presses, slips, seen = stage.now_s, 1, 0, 0
    while stage.now_s - began_s < LONGEST_S:
        place, light = stage.place, stage.light
        if isinstance(place, Answer) and (place.topic == topic or light.phase != "undo"):
            return Outcome(stage.answered[-1][0] - began_s, place.topic == topic, presses, slips)
        if light.phase in ("rest", "paused"):
            stage.until(stage.now_s + STEP_S).press(TOUCH_S)
            presses += 1
            continue
        wants, late_s = _wants(world, stage, topic), None
        if len(stage.lights) != seen and light.item in wants:
            seen = len(stage.lights)
            late_s = press_s()
        if late_s is not None:
            stage.until(max(stage.now_s, stage.lights[-1][0] + late_s))
            before = len(stage.presses)
            stage.press(TOUCH_S)
            presses += 1
            slips += len(stage.presses) > before and stage.presses[-1] not in wants
        elif not stage.next_event():
            break
    return Outcome(LONGEST_S, right=False, presses=presses, slips=slips)


def _wants(world: World, stage: Stage, topic: str) -> set[str]:
    """Ids of what the person would press now if it were lit."""
    place, page = stage.place, {item.id for item in stage.light.items}
    group = world.topics[topic].group
    if isinstance(place, Menu) and place.group == group:
        goal = f"topic:{topic}"
    elif place in (Ready(), Menu()):
        goal = f"topic:{topic}" if topic in world.asked_most else f"group:{group}"
    else:
        return {UNDO, "command:back", "command:menu", "command:stop"}
    return {goal} if goal in page else {FURTHER}


def try_other(levels: Sequence[tuple[int, int]], person: Person) -> Outcome:
    """The same person with another way to scan: so many lists, each with where the wanted item is and how long it is.

    Undo and grace are as ours; a wrong list is left after it was gone through once.
    """
    press_s, grace_s = person.presses_s(STEP_S), AUTO.grace_s
    seconds, presses, slips, level = AUTO.first_extra_s, 1, 0, 0
    while level < len(levels) and seconds < LONGEST_S:
        index, length = levels[level]
        late_s = press_s()
        seconds += index * STEP_S
        if late_s is None:
            seconds += (length - index) * STEP_S
            continue
        seconds, presses = seconds + late_s, presses + 1
        last = level + 1 == len(levels)
        if late_s <= STEP_S + grace_s:
            seconds += 0.0 if last else AUTO.undo_s
            level += 1
            continue
        slips += 1
        again_s = press_s()
        if again_s is not None and again_s <= AUTO.undo_s + grace_s:
            seconds, presses = seconds + again_s, presses + 1
        elif last:
            return Outcome(seconds, right=False, presses=presses, slips=slips)
        else:
            seconds += levels[level + 1][1] * STEP_S
    return Outcome(seconds, right=seconds < LONGEST_S, presses=presses, slips=slips)


def _other_tries(
    world: World, spread: float, answers: int, way: Callable[[int], list[tuple[int, int]]]
) -> list[Outcome]:
    outcomes = []
    ranks, weights = range(len(world.topics)), list(zipf(list(world.topics)).values())
    for seed in range(answers):
        rank = random.Random(seed).choices(ranks, weights)[0]  # noqa: S311 - no secret
        outcomes.append(try_other(way(rank), Person(spread, seed)))
    return outcomes


def _as_line(world: World) -> Callable[[int], list[tuple[int, int]]]:
    return lambda rank: [(rank, len(world.topics))]


def _as_square(world: World) -> Callable[[int], list[tuple[int, int]]]:
    side = math.ceil(math.sqrt(len(world.topics)))
    cells = sorted((row + column, row, column) for row in range(side) for column in range(side))
    return lambda rank: [(cells[rank][1], side), (cells[rank][2], side)]


def users(world: World, answers: int) -> None:
    """People of several kinds, with the real scanner and the real conversation."""
    print("| spread of presses | lists | mean | p90 | wrong answers | slips | presses |")
    print("|---|---|---|---|---|---|---|")
    settings = msgspec.structs.replace(AUTO, step_s=STEP_S)
    for spread in (0.15, 0.25, 0.4, 0.5):
        for name, sort in (("fixed order", False), ("asked most on page 1", True)):
            _row(f"| {spread} | ours, {name} ", _tries(world, settings, spread, answers, sort=sort))
        _row(f"| {spread} | one list, most asked first ", _other_tries(world, spread, answers, _as_line(world)))
        _row(
            f"| {spread} | rows and columns, most asked first ", _other_tries(world, spread, answers, _as_square(world))
        )
    no_undo = msgspec.structs.replace(settings, undo_s=0.0, grace_s=0.0)
    _row("| 0.4 | ours, asked most on page 1, no undo, no grace ", _tries(world, no_undo, 0.4, answers, sort=True))


def _tries(world: World, settings: ScanSettings, spread: float, answers: int, *, sort: bool) -> list[Outcome]:
    outcomes = []
    for seed in range(answers):
        weights = shuffled_zipf(world, seed // 20)
        ordered = with_habits(world, weights) if sort else world
        topic = random.Random(seed).choices(list(weights), list(weights.values()))[0]  # noqa: S311 - no secret
        outcomes.append(try_once(ordered, settings, Person(spread, seed), topic))
    return outcomes


def _row(name: str, outcomes: Sequence[Outcome]) -> None:
    times_s = sorted(outcome.seconds for outcome in outcomes)
    wrong = fmean(not outcome.right for outcome in outcomes)
    slips = fmean(outcome.slips for outcome in outcomes)
    presses = fmean(outcome.presses for outcome in outcomes)
    p90_s = times_s[int(len(times_s) * 0.9)]
    print(f"{name}| {fmean(times_s):.1f} s | {p90_s:.1f} s | {wrong:.1%} | {slips:.2f} | {presses:.1f} |", flush=True)


if __name__ == "__main__":
    main()
