"""Ask and stop a thousand times through the real loop: does it hang, lose an answer, or grow?

    python -m tests.bench.bench_cycles [CYCLES]

Real content, matcher, conversation, loop and voice; the player keeps the times of sound without making any, so that it
runs without a sound card.
"""

from __future__ import annotations

import resource
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from assistant.app import App
from assistant.events import Pressed
from assistant.journal import Journal
from assistant.profile import Settings
from assistant.speaking.silent import SilentPlayer
from assistant.speaking.sound import Word
from assistant.speaking.speaker import Speaker
from assistant.speaking.voice import open_voice
from assistant.startup import load_world, make_matcher

ANSWERED_WITHIN_S = 5.0


class WatchedPlayer(SilentPlayer):
    """Notes when a sound begins."""

    begun_s: float = 0.0

    def play(self, *args: object, **options: object) -> None:
        self.begun_s = self.begun_s or time.perf_counter()
        super().play(*args, **options)  # type: ignore[arg-type]  # handed on as they came


def memory_mb() -> float:
    """Resident memory now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6


def main(cycles: int) -> None:
    settings = Settings()
    world, _ = load_world(settings)
    players: list[WatchedPlayer] = []

    def make_player(finished: Callable[[int], None], word: Callable[[int, Word], None]) -> WatchedPlayer:
        players.append(WatchedPlayer(finished, word))
        return players[0]

    with TemporaryDirectory() as folder:
        app = App(
            world,
            settings.conversation(),
            make_matcher(world),
            journal=Journal(Path(folder), "words", settings.conversation()),
        )
        app.mouth = Speaker(open_voice("espeak-ng"), None, make_player, app.put)
        questions = [question for topic in world.topics.values() for question in topic.questions]
        waits_ms: list[float] = []
        lost = 0
        start_mb = 0.0
        for cycle in range(cycles):
            waits_ms += (ms := _ask_and_stop(app, players[0], questions[cycle % len(questions)]))
            lost += not ms
            if cycle == cycles // 10:
                start_mb = memory_mb()
        end_mb = memory_mb()
        app.close()
    print(f"{cycles} cycles, {lost} lost answers")
    print(f"typed question to first sample: median {statistics.median(waits_ms):.1f} ms, most {max(waits_ms):.1f} ms")
    print(f"memory after a tenth {start_mb:.1f} MB, at the end {end_mb:.1f} MB")


def _ask_and_stop(app: App, player: WatchedPlayer, question: str) -> list[float]:
    """Milliseconds to the first sample; empty when none came."""
    player.begun_s = 0.0
    asked_s = time.perf_counter()
    app.heard((question,))
    while not player.begun_s and time.perf_counter() - asked_s < ANSWERED_WITHIN_S:
        app.turn(0.002)
    app.put(Pressed())
    while app.conversation.speaking:
        app.turn(0.01)
    return [1000 * (player.begun_s - asked_s)] if player.begun_s else []


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
