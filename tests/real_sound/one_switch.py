"""One switch, a real browser, a real voice on a virtual sound card: is the right answer heard?

python -m tests.real_sound.one_switch            # every topic, some twenty minutes
python -m tests.real_sound.one_switch J3 J14     # these
"""

from __future__ import annotations

import contextlib
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from assistant.choices import World
from assistant.profile import Settings
from assistant.speaking.voice import Voice, open_voice
from assistant.startup import load_world
from assistant.topics import Topic
from tests.page.journey import Hand
from tests.page.stage import CHROMIUM
from tests.real_sound.likeness import COMPARED_S, likeness
from tests.real_sound.running import Running, until
from tests.real_sound.virtual_card import virtual_card

SETTINGS = """
scanning = "auto"
scan-step-s = 0.4
repeat-press-s = 0.0
release-press-s = 0.0
scan-grace = false
told-patience = true
"""
OTHERS = 6
"""The answer is compared with so many others."""


class Heard:
    """An assistant that is worked by one switch, and its loudspeaker."""

    def __init__(self, running: Running, hand: Hand, world: World, voice: Voice) -> None:
        self.running, self.hand, self._world, self._voice = running, hand, world, voice

    def answer(self, topic: Topic) -> tuple[int, float, float]:
        """Go to it and listen: presses it took, how alike answer and sound are (1: the same), and the next likest."""
        with self.running.card.record() as out:
            presses, _ = self.hand.to(topic)
            until(lambda: out.seconds_of_sound() > COMPARED_S + 1, 15, self.running)
        recorded = out.samples()
        all_ = list(self._world.topics.values())
        at = all_.index(topic)
        others = [all_[(at + 17 * (n + 1)) % len(all_)] for n in range(OTHERS)]
        alike = [likeness(recorded, self._voice.synthesise(self._spoken(t))) for t in (topic, *others)]
        return presses, alike[0], max(alike[1:])

    def _spoken(self, topic: Topic) -> str:
        return self._world.content.fill(f"{topic.title}. {topic.short}", Settings().region)

    def home(self) -> None:
        """Silence, and back to the groups."""
        self.hand.rest()
        self.hand.home()


@contextlib.contextmanager
def heard(browser: Browser, world: World) -> Iterator[Heard]:
    """The program as it is started by `askaloud --no-browser --no-microphone`."""
    with virtual_card() as card, tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "settings.toml").write_text(SETTINGS)
        running = Running(card, Path(folder), "--no-browser", "--no-microphone")
        context = browser.new_context(viewport={"width": 1280, "height": 800})
        try:
            until(lambda: bool(running.lines), 60, running)
            hand = Hand(running.lines[0].strip())
            hand.open(context.new_page())
            with card.record() as out:
                until(lambda: out.seconds_of_sound() > 1, 30, running)
            hand.rest()
            yield Heard(running, hand, world, open_voice("espeak-ng", world.content.pronunciation))
        finally:
            context.close()
            running.process.kill()


def main() -> None:
    """Every topic, or those whose codes are given; status 1 when one is not heard."""
    world, _ = load_world(Settings())
    topics = [topic for topic in world.topics.values() if topic.code in sys.argv[1:] or not sys.argv[1:]]
    wrong, slow = 0, 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        with heard(browser, world) as one:
            for topic in topics:
                began_s = time.monotonic()
                presses, right, other = one.answer(topic)
                wrong += right < 2 * other
                slow += presses > 3
                print(f"{topic.code:4} {topic.id}: {presses} presses, {right:.2f} (others {other:.2f}), ", end="")
                print(f"{time.monotonic() - began_s:.1f} s", flush=True)
                one.home()
        browser.close()
    print(f"{len(topics)} topics, {wrong} not heard as they should be, {slow} took more than three presses")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
