"""Which line is read next: whatever is replied, there is a way on, a way back and an end."""

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.choices import World
from assistant.partner.script import GROUPS, MOST_DOUBTS, Chosen, Left, Lists, Next, Reply, pointed, replied
from assistant.partner.view import lists_of
from assistant.places import Partner

REPLIES: tuple[Reply, ...] = get_args(Reply)
SMALL = Lists(
    ("air", "food", "talk"), {"air": ("mask", "cough"), "food": ("tube",), "talk": ("board", "eyes", "switch")}
)


@st.composite
def some_lists(draw: st.DrawFn) -> Lists:
    sizes = draw(st.lists(st.integers(1, 20), min_size=1, max_size=12))
    groups = tuple(f"g{number}" for number in range(len(sizes)))
    return Lists(groups, {g: tuple(f"{g}t{n}" for n in range(size)) for g, size in zip(groups, sizes, strict=True)})


def follow(lists: Lists, replies: list[Reply], at: Next) -> Next:
    after = at
    for reply in replies:
        if not isinstance(after, Partner):
            break
        after = replied(lists, after, reply)
    return after


def places(lists: Lists, replies: list[Reply]) -> list[Partner]:
    """Every place on a walk; where it ends it begins anew."""
    at, seen = Partner(), [Partner()]
    for reply in replies:
        after = replied(lists, at, reply)
        at = after if isinstance(after, Partner) else Partner()
        seen.append(at)
    return seen


walks = st.lists(st.sampled_from(REPLIES), max_size=60)


@given(some_lists(), st.data())
def test_yes_and_no_alone_lead_to_every_topic_in_two_lists(lists: Lists, data: st.DataObject) -> None:
    group = data.draw(st.sampled_from(lists.groups))
    topic = data.draw(st.sampled_from(lists.topics[group]))
    to_group, to_topic = lists.groups.index(group), lists.topics[group].index(topic)
    no: Reply = "no"
    way: list[Reply] = [*[no] * to_group, "yes", *[no] * to_topic]
    said_back = follow(lists, way, GROUPS)
    assert isinstance(said_back, Partner)
    assert (said_back.stage, said_back.group) == ("list", group)
    said_back = follow(lists, [*way, "yes"], GROUPS)
    assert said_back == Partner("confirm", group, lists.topics[group].index(topic), topic=topic)
    assert follow(lists, [*way, "yes", "yes"], GROUPS) == Chosen(topic)


def test_every_real_topic_is_in_the_second_list(world: World) -> None:
    lists = lists_of(world)
    assert {topic for group in lists.groups for topic in lists.of(group)} == set(world.topics)


@given(some_lists(), walks)
def test_no_reply_is_ever_an_error_and_the_line_is_always_one_there_is(lists: Lists, walk: list[Reply]) -> None:
    for at in places(lists, walk):
        assert 0 <= at.line <= len(lists.of(at.group))
        assert not at.group or at.group in lists.groups
        assert all(line < len(lists.of(at.group)) for line in at.maybe)
        assert 0 <= at.doubts < MOST_DOUBTS
        assert (at.stage == "confirm") == bool(at.topic)


@given(some_lists(), walks)
def test_stop_ends_it_from_everywhere(lists: Lists, walk: list[Reply]) -> None:
    assert all(replied(lists, at, "stop") == Left() for at in places(lists, walk))


@given(some_lists(), walks)
def test_back_leads_to_the_beginning_from_everywhere(lists: Lists, walk: list[Reply]) -> None:
    for at in places(lists, walk):
        assert follow(lists, ["back"] * 60, at) == Left()


@given(some_lists(), walks)
def test_from_everywhere_something_else_leads_to_the_groups_or_past_them(lists: Lists, walk: list[Reply]) -> None:
    for at in places(lists, walk):
        if at.stage in ("list", "confirm"):
            assert follow(lists, ["else"], at) in (GROUPS, Partner("else"))
    assert replied(lists, Partner("else"), "yes") == GROUPS


@given(some_lists(), walks)
def test_no_at_every_line_comes_to_something_else_within_two_rounds(lists: Lists, walk: list[Reply]) -> None:
    for at in places(lists, walk):
        if at.stage != "list":
            continue
        lines = len(lists.of(at.group))
        seen = [after for n in range(2 * lines + 2) if isinstance(after := follow(lists, ["no"] * n, at), Partner)]
        assert any(after.line == lines for after in seen)


def test_an_answer_needs_a_second_yes() -> None:
    assert follow(SMALL, ["yes", "yes"], GROUPS) == Partner("confirm", "air", 0, topic="mask")
    assert follow(SMALL, ["yes", "yes", "no"], GROUPS) == Partner("list", "air", 1)


def test_a_doubt_asks_once_more_then_goes_on_and_comes_back_at_the_end() -> None:
    once = follow(SMALL, ["yes", "unsure"], Partner("list", line=2))
    assert once == Partner("list", "talk", doubts=1)
    twice = follow(SMALL, ["unsure"], once)
    assert twice == Partner("list", "talk", 1, maybe=(0,))
    end = follow(SMALL, ["no", "no"], twice)
    assert end == Partner("list", "talk", 0, maybe=(0,), again=True)
    assert follow(SMALL, ["no"], end) == Partner("list", "talk", 3)


def test_after_the_last_line_something_else_is_asked_and_a_no_begins_the_list_again() -> None:
    asked = Partner("list", "talk", 3)
    assert replied(SMALL, asked, "yes") == GROUPS
    assert replied(SMALL, asked, "no") == Partner("list", "talk")
    assert replied(SMALL, Partner("list", line=3), "yes") == Partner("else")


def test_back_from_a_list_of_topics_is_at_its_group() -> None:
    assert replied(SMALL, Partner("list", "talk"), "back") == Partner("list", line=2)


@pytest.mark.parametrize(
    ("item", "leads_to"),
    [
        ("group:food", Partner("list", "food")),
        ("topic:eyes", Partner("confirm", "talk", 1, topic="eyes")),
        ("topic:gone", GROUPS),
        ("nonsense", GROUPS),
    ],
)
def test_a_line_that_was_pointed_at_counts_and_a_topic_is_still_said_back(item: str, leads_to: Partner) -> None:
    assert pointed(SMALL, GROUPS, item) == leads_to
