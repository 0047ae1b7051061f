"""From rest to an answer that is heard, by one switch in a real browser. Every topic: see one_switch.py."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from assistant.choices import World
from tests.real_sound.one_switch import heard

pytestmark = pytest.mark.real_sound
TOPICS = ("choking", "feeding-tube")


def test_three_presses_are_enough_for_an_answer_that_is_heard(browser: Browser, world: World) -> None:
    with heard(browser, world) as one:
        for name in TOPICS:
            presses, right, other = one.answer(world.topics[name])
            print(f"{name}: {presses} presses, {right:.2f} (others {other:.2f})")
            assert presses <= 3
            assert right > 2 * other
            one.home()
