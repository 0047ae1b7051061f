"""How long the lists take, from the real topics: the whole table is in docs/benchmarks-scanning.md."""

from __future__ import annotations

from statistics import fmean

from assistant.choices import World
from assistant.pressing.order import asked_most
from assistant.scan.cost import topic_costs_t
from tests.bench.bench_scanning import (
    Person,
    bound_t,
    expected_t,
    shuffled_zipf,
    try_once,
    uniform,
    with_habits,
    zipf,
)
from tests.switching import AUTO, Stage


def test_all_topics_alike_cost_less_than_one_and_seven_tenths_of_the_least_possible(world: World) -> None:
    weights = uniform(list(world.topics))
    assert expected_t(topic_costs_t(world, AUTO.size), weights) <= 1.7 * bound_t(weights)


def test_habits_cost_less_than_one_and_a_third_of_the_least_possible(world: World) -> None:
    costs = []
    for seed in range(40):
        weights = shuffled_zipf(world, seed)
        costs.append(expected_t(topic_costs_t(with_habits(world, weights), AUTO.size), weights))
    assert fmean(costs) <= 1.35 * bound_t(zipf(list(world.topics)))


def test_what_is_computed_is_what_the_scanner_takes(world: World) -> None:
    costs = topic_costs_t(world, AUTO.size, turns=False, undo_t=1.0)
    for topic in list(world.topics.values())[::17]:
        stage = Stage(world).press(0.0)
        began_s = stage.now_s
        for item in (f"group:{topic.group}", f"topic:{topic.id}"):
            stage.wait_for(item).until(stage.now_s + 0.65 * 1.5).press(0.0)
        took_t = (stage.answered[-1][0] - began_s - AUTO.first_extra_s) / 1.5
        assert abs(took_t - costs[topic.id]) < 0.2  # that a press was let go is believed after 50 ms


def test_people_who_press_unevenly_hear_the_right_answer(world: World) -> None:
    outcomes = [try_once(world, AUTO, Person(0.4, seed), list(world.topics)[seed * 7 % 120]) for seed in range(60)]
    assert fmean(outcome.right for outcome in outcomes) >= 0.95
    assert sum(outcome.slips for outcome in outcomes) > 0, "some choices were wrong, and taken back"


def test_what_is_asked_most_is_on_the_first_page_and_nothing_else_moves(world: World) -> None:
    names = list(world.topics)
    counts = {names[70]: 9, names[5]: 4, names[30]: 4, names[99]: 3, names[80]: 2, names[1]: 1}
    most = asked_most(names, counts, 4)
    assert most == (names[70], names[5], names[30], names[99])
    weights = {name: counts.get(name, 0) / 23 for name in names}
    stage = Stage(with_habits(world, weights)).press()
    first_page = [item.id for item in stage.light.items]
    assert first_page[1] == f"topic:{names[70]}"
    stage.wait_for(f"topic:{names[70]}").until(stage.now_s + 0.8).press()
    assert stage.answered[-1][1] == names[70]
