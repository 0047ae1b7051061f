"""Ending askaloud: never by a misheard word, never without being asked, and always told how it starts again."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest
from click.testing import CliRunner
from playwright.sync_api import Browser, expect

from assistant.alone import at_work, holding
from assistant.choices import World, items_now
from assistant.cli import main
from assistant.events import Heard, Hush, Leave, Picked, Pressed, Started
from assistant.places import Answer, Asleep, Leaving, Manner, Partner, Ready, Urgent
from assistant.profile import Settings
from assistant.running import Wanted, build
from assistant.scan.lists import pages_of
from assistant.startup import phrases_of
from tests.talk import NOTHING, Talk, meaning

ROOT = Path(__file__).parents[1]


def typed(talk: Talk, text: str) -> Talk:
    return talk.do(Heard((text,), NOTHING))


def leaves(talk: Talk) -> bool:
    return any(isinstance(effect, Leave) for effect in talk.effects)


@pytest.fixture
def talk(world: World) -> Talk:
    return Talk(world).start()


@pytest.mark.parametrize("text", ["quit", "Quit", "quit askaloud", "exit", "close askaloud"])
def test_typed_it_asks_tells_what_happens_and_ends_at_a_yes(talk: Talk, text: str) -> None:
    typed(talk, text)
    assert isinstance(talk.place, Leaving)
    assert "me again" in talk.said
    assert not leaves(talk)
    typed(talk, "yes")
    assert leaves(talk)
    assert isinstance(talk.effects[0], Hush)
    assert "Goodbye" in talk.view.text


@pytest.mark.parametrize("reply", ["no", "stop", "none", "cancel", "back", "menu"])
def test_anything_but_a_yes_goes_on(talk: Talk, reply: str) -> None:
    typed(talk, "quit").finish()
    typed(talk, reply)
    assert not leaves(talk)
    assert not isinstance(talk.place, Leaving)


def test_a_question_goes_on_too(talk: Talk) -> None:
    typed(talk, "quit").finish()
    talk.ask("cramps", meaning("cramps"))
    assert talk.place == Answer("cramps", hypotheses=("cramps",))


def test_silence_and_noise_end_nothing(talk: Talk) -> None:
    typed(talk, "quit").finish()
    for _ in range(5):
        talk.ask("").finish()
        assert not leaves(talk)
        assert isinstance(talk.place, Leaving)


@pytest.mark.parametrize("text", ["quit", "exit", "quit askaloud"])
def test_heard_it_does_nothing_of_the_kind_and_no_recogniser_listens_for_it(
    world: World, talk: Talk, text: str
) -> None:
    talk.ask(text)
    assert not isinstance(talk.place, Leaving)
    assert not leaves(talk)
    assert text not in phrases_of(world)
    assert text not in talk.listen.words


def test_of_the_switch_it_is_the_last_of_the_settings_and_no_comes_first(world: World, talk: Talk) -> None:
    everywhere = [item.id for item in items_now(world, talk.now)]
    assert "command:quit" not in everywhere
    talk.press("command:settings")
    assert isinstance(talk.place, Manner)
    offered = items_now(world, talk.now)
    last_page = pages_of(offered, 7, "further")[-1]
    wares = [item.id for item in last_page if item.id not in ("command:back", "command:call")]
    assert wares[-1] == "command:quit"
    talk.finish().do(Pressed("command:quit"))
    assert next(item.id for item in items_now(world, talk.now)) == "command:no"
    talk.finish().do(Pressed("command:yes"))
    assert leaves(talk)


def test_from_sleep_and_from_an_alarm_it_can_be_ended(world: World) -> None:
    for place in (Asleep(Ready()), Urgent("choking")):
        talk = Talk(world).start()
        talk.ask("help me choking") if isinstance(place, Urgent) else talk.ask("go to sleep")
        talk.do(Picked("command:quit"))
        assert isinstance(talk.place, Leaving)
        assert isinstance(talk.effects[0], Hush)
        assert leaves(talk.do(Picked("command:yes")))


def test_while_someone_reads_aloud_it_is_shown_and_no_goes_on_reading(talk: Talk) -> None:
    talk.do(Picked("command:partner"))
    typed(talk, "quit")
    assert isinstance(talk.place, Leaving)
    assert not talk.said
    assert "me again" in talk.view.text
    typed(talk, "no")
    assert isinstance(talk.place, Partner)


def test_the_page_asks_ends_and_says_how_it_starts_again(browser: Browser) -> None:
    app, page = build(Settings(), Wanted(hears=False, speaks=False, browser=False))
    assert page
    app.put(Started(can_hear=False))
    loop = threading.Thread(target=app.run, daemon=True)
    loop.start()
    view = browser.new_page()
    view.goto(page.address)
    view.get_by_role("button", name="End askaloud").click()
    expect(view.locator("#text")).to_contain_text("me again")
    view.get_by_role("button", name="No", exact=True).click()
    expect(view.locator("#items [data-id^='group:']").first).to_be_visible()
    assert loop.is_alive()
    view.locator("#question").fill("quit")
    view.keyboard.press("Enter")
    view.get_by_role("button", name="Yes", exact=True).click()
    loop.join(5)
    assert not loop.is_alive()
    page.close()
    app.close()
    expect(view.locator("#gone-title")).to_have_text("askaloud has ended.")
    expect(view.locator("#gone-how")).to_contain_text("Start it again from the menu of programs")
    asked: list[str] = []
    view.on("request", lambda request: asked.append(request.url))
    view.wait_for_timeout(2500)
    assert not asked, "it goes on looking for what has ended"
    view.close()


def test_the_command_ends_one_that_has_no_window(own_home: Path) -> None:
    runner = CliRunner()
    assert runner.invoke(main, ["quit"]).output == "askaloud is not running.\n"
    command = [sys.executable, "-m", "assistant", "--no-browser", "--no-microphone", "--no-loudspeaker"]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as running:
        assert running.stdout
        assert "Hello" in next(line for line in running.stdout if not line.startswith("http"))
        done = runner.invoke(main, ["quit"])
        assert done.output == "askaloud has ended. Start it again with: askaloud\n"
        assert running.wait(5) == 0
    assert at_work(own_home) is None


def test_a_command_at_work_is_not_ended_by_it(own_home: Path) -> None:
    with holding(own_home, "askaloud teach"):
        done = CliRunner().invoke(main, ["quit"])
    assert done.exit_code == 1
    assert (
        done.output == "askaloud teach is at work on this computer. It can not be ended from here: close its window.\n"
    )
