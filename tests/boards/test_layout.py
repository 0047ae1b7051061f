"""Boards as other programs find them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assistant.boards import read_archive
from assistant.choices import World
from tests.boards.conftest import Change, entries, exported, packed
from tests.boards.rules import breaches


@pytest.fixture(scope="module")
def found(raw: bytes) -> dict[str, Any]:
    return entries(raw)


def boards(found: dict[str, Any]) -> dict[str, Any]:
    return {name: board for name, board in found.items() if name.endswith(".obf")}


def test_the_archive_breaks_no_rule_of_the_format(file: Path) -> None:
    assert breaches(read_archive(file)) == []


def test_every_answer_is_within_reach_of_the_first_board_and_says_its_short_answer(
    world: World, found: dict[str, Any]
) -> None:
    seen: dict[str, str] = {}
    waiting, been = [found["manifest.json"]["root"]], set()
    while waiting:
        place = waiting.pop()
        if place in been:
            continue
        been.add(place)
        for button in found[place]["buttons"]:
            waiting += [button["load_board"]["path"]] if "load_board" in button else []
            seen |= {button["id"]: button["vocalization"]} if "ext_askaloud_topic" in button else {}
    assert seen == {topic.id: world.content.fill(topic.short, "us") for topic in world.topics.values()}
    assert been == set(boards(found))


def test_a_board_has_at_most_eight_buttons_and_a_way_back(found: dict[str, Any]) -> None:
    for place, board in boards(found).items():
        assert len(board["buttons"]) <= 8
        labels = [button["label"] for button in board["buttons"] if "load_board" in button]
        assert "Back" in labels or place == found["manifest.json"]["root"]


def test_labels_codes_and_order_are_those_of_the_screen(world: World, found: dict[str, Any]) -> None:
    listed = [
        (button["ext_askaloud_code"], button["label"])
        for board in boards(found).values()
        for button in board["buttons"]
        if "ext_askaloud_topic" in button
    ]
    assert listed == [(topic.code, topic.title) for topic in world.topics.values()]


def test_evidence_sources_and_who_checked_it_go_along(found: dict[str, Any]) -> None:
    button = next(b for board in boards(found).values() for b in board["buttons"] if b["id"] == "do-they-work")
    assert button["ext_askaloud_evidence"] == "experimental"
    assert button["ext_askaloud_reviewed_by"].startswith("draft")
    assert button["ext_askaloud_sources"]
    about = next(b for board in boards(found).values() for b in board["buttons"] if b["id"] == "about")
    assert about["vocalization"].startswith("No clinician has checked these answers yet.")


def test_the_numbers_spoken_are_those_of_the_region(world: World) -> None:
    british = entries(exported(world.content, "uk"))
    said = " ".join(button.get("vocalization", "") for board in boards(british).values() for button in board["buttons"])
    assert "nine nine nine" in said
    assert "{emergency}" not in said


def test_boards_with_a_familys_own_answers_are_private(world: World) -> None:
    own = replace(world.content, packs=frozenset({"sleep"}))
    for board in boards(entries(exported(own))).values():
        mine = board["id"].startswith(f"askaloud-{world.topics['sleep'].group}")
        assert board["license"]["type"] == ("private" if mine else "CC BY")


def test_the_same_day_gives_the_same_file(world: World, raw: bytes) -> None:
    assert exported(world.content) == raw


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda f: f["manifest.json"].update(root="boards/nowhere.obf"), "root is not one of its boards"),
        (lambda f: f["manifest.json"].update(colour="blue"), "'colour', which is neither"),
        (lambda f: f["boards/askaloud.obf"].update(id="other"), "but its id is 'other'"),
        (lambda f: f["boards/askaloud.obf"].update(format="open-board-9"), "The format is not open-board-0.1"),
        (lambda f: f["boards/askaloud.obf"].pop("locale"), "'locale' is missing"),
        (lambda f: f["boards/askaloud.obf"].pop("license"), "no licence"),
        (lambda f: f["boards/askaloud.obf"].update(sounds={}), "'sounds' is not a list"),
        (lambda f: f["boards/askaloud.obf"]["buttons"].append("x"), "A button is not an object"),
        (lambda f: f["boards/askaloud.obf"]["buttons"][0].pop("label"), "has no label"),
        (lambda f: f["boards/askaloud.obf"]["buttons"][0].update(action="go"), "neither : nor +"),
        (lambda f: f["boards/askaloud.obf"]["buttons"][0].update(hidden="no"), "not true or false"),
        (lambda f: f["boards/askaloud.obf"]["buttons"][0].update(border_color="red"), "not rgb"),
        (lambda f: f["boards/askaloud.obf"]["buttons"][0]["load_board"].update(path="x"), "not there"),
        (lambda f: f["boards/askaloud.obf"]["buttons"][0].update(id="new"), "which is no button"),
        (lambda f: f["boards/askaloud.obf"]["grid"].update(rows=3), "not 3 rows of 2"),
        (lambda f: f["boards/askaloud.obf"]["grid"].update(rows="4"), "not numbers from 1 to 20"),
        (lambda f: f["boards/askaloud.obf"].pop("grid"), "no grid"),
        (lambda f: f.update({"extra.txt": {}}), "not in the manifest"),
        (lambda f: f.pop("boards/askaloud-life.obf"), "boards/askaloud-life.obf is missing"),
    ],
)
def test_each_broken_rule_is_named(change: Change, sentence: str, raw: bytes, tmp_path: Path) -> None:
    found = entries(raw)
    change(found)
    path = tmp_path / "broken.obz"
    path.write_bytes(packed(found))
    assert any(sentence in breach for breach in breaches(read_archive(path)))
