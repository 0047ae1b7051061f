"""The product against the script most people would write, in one run: time, memory, and how often it is right.

    python -m tests.bench.bench_product [ROW ...]     # start questions heard matching synthesis idle memory
    python -m tests.bench.bench_product matching --all   # with 100,000 phrases too: some minutes

Times marked CPU are the process's own and hardly depend on what else the computer does; those marked clock want a quiet
one. A row: what, ours, the plain script's (tests/bench/plain_script.py), the ratio, and our goal.
"""

from __future__ import annotations

import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from operator import eq
from pathlib import Path
from typing import TypeVar

import numpy as np

from assistant.asking import Reply, reply_to
from assistant.hearing.wav import read_wav
from assistant.profile import Settings, home
from assistant.startup import load_world, make_matcher, make_recogniser, make_voice
from tests.bench.plain_script import PlainScript
from tests.real_sound.spoken import say_to_file

ROOT = Path(__file__).parents[2]
EVALUATION = ROOT / "tests" / "evaluation"
STARTS = 5
ASKED = 200
SPOKEN = 24
IDLE_S = 60
SETTLED_S = 3.0
HZ = 16_000
Found = TypeVar("Found")


@dataclass(frozen=True)
class Row:
    """One line of the table; times in ms unless `unit` says otherwise."""

    what: str
    ours: float
    theirs: float | None
    unit: str
    goal: str = ""

    def __str__(self) -> str:
        theirs = "-" if self.theirs is None else f"{self.theirs:.4g} {self.unit}"
        ratio = f"{self.ours / self.theirs:.3g}" if self.theirs else "-"
        return f"| {self.what} | {self.ours:.4g} {self.unit} | {theirs} | {ratio} | {self.goal} |"


def cpu_ms(do: Callable[[], Found]) -> tuple[Found, float]:
    """What comes of doing it, and what it costs this process."""
    begun = time.process_time()
    found = do()
    return found, 1000 * (time.process_time() - begun)


def each(do: Callable[[str], Found], texts: Sequence[str]) -> tuple[list[Found], float]:
    """What comes of doing it with each of `texts`, and the median of what it costs."""
    both = [cpu_ms(partial(do, text)) for text in texts]
    return [found for found, _ in both], statistics.median(ms for _, ms in both)


def start() -> Iterator[Row]:
    """From the command to the first word, and the processor time until then; the kept language model is there."""
    with tempfile.TemporaryDirectory() as folder:
        env = {**os.environ, "ASKALOUD_HOME": folder, "OMP_NUM_THREADS": "1", "PYTHONUNBUFFERED": "1"}
        ours = [sys.executable, "-m", "assistant", "--no-browser"]
        started(ours, "Hello", env)  # the first start makes the language model
        mine = [started(ours, "Hello", env) for _ in range(STARTS)]
        theirs = [started([sys.executable, "-m", "tests.bench.plain_script"], "ready", env) for _ in range(STARTS)]
    for place, kind, goal in ((0, "clock", "2,000 ms or less"), (1, "CPU", "")):
        one, other = (statistics.median(run[place] for run in runs) for runs in (mine, theirs))
        yield Row(f"start to ready ({kind}, median of {STARTS})", one, other, "ms", goal)
    one, other = (statistics.median(run[2] for run in runs) for runs in (mine, theirs))
    yield Row("resident memory when ready, with page, PocketSphinx and Whisper", one, other, "MB", "250 MB or less")


def started(command: list[str], sign: str, env: dict[str, str]) -> tuple[float, float, float]:
    """Milliseconds by the clock and of the processor until `sign` is printed, and MB resident a moment later."""
    begun = time.monotonic()
    with subprocess.Popen(
        command, cwd=ROOT, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout
        for line in process.stdout:
            if sign in line:
                break
        took = 1000 * (time.monotonic() - begun)
        ticks = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()[11:13]
        time.sleep(SETTLED_S)  # Whisper is still being opened on a thread of its own
        memory = resident_mb(process.pid)
        process.kill()
    return took, 1000 * sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK"), memory


def resident_mb(pid: int | str = "self") -> float:
    """Resident memory of a process."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def asked() -> list[tuple[str, str]]:
    """Topic and question of some of the evaluation, always the same; "none" for what is about none of our topics."""
    lines = [
        tuple(line.split("\t")[:2])
        for path in sorted(EVALUATION.glob("*.tsv"))
        for line in path.read_text("utf-8").splitlines()
        if line.strip() and not line.startswith("#")
    ]
    pairs = [(one[0].split(",")[0].strip(), one[1]) for one in lines if len(one) == 2]
    return sorted(pairs, key=lambda pair: zlib.crc32(pair[1].encode()))[:ASKED]


def questions() -> Iterator[Row]:
    """A typed question to its outcome."""
    world, _ = load_world(Settings())
    matcher, conversation, script = make_matcher(world), Settings().conversation(), PlainScript(ears=False, voice=False)
    topics, texts = zip(*asked(), strict=True)

    def reply(text: str) -> Reply:
        return reply_to(world, matcher, conversation, (text,))[0]

    reply("warm")
    replies, mine = each(reply, texts)
    found, theirs = each(script.topic, texts)
    yield Row(f"typed question to outcome (CPU, median of {len(texts)})", mine, theirs, "ms", "5 ms or less")
    known = [n for n, topic in enumerate(topics) if topic in world.topics]
    right = sum(bool(replies[n].topics) and replies[n].topics[0].id == topics[n] for n in known)
    their_right = sum(found[n] == topics[n] for n in known)
    yield Row("its topic comes first", 100 * right / len(known), 100 * their_right / len(known), "%")
    foreign = [n for n, topic in enumerate(topics) if topic == "none"]
    told = sum(replies[n].outcome in ("answer", "urgent") for n in foreign)
    yield Row("what is about none of our topics is answered all the same", 100 * told / len(foreign), 100.0, "%", "0 %")


def heard() -> Iterator[Row]:
    """Recognising questions aloud, two voices."""
    world, _ = load_world(Settings())
    matcher, script = make_matcher(world), PlainScript(voice=False)
    recogniser = make_recogniser(Settings(), world, "pocketsphinx")
    topics = list(world.topics.values())[:: max(1, len(world.topics) // SPOKEN)][:SPOKEN]

    def listen(pcm: bytes) -> str:
        recogniser.begin()
        recogniser.accept(pcm)
        ranked = matcher.rank(recogniser.finish().hypotheses).candidates
        return ranked[0].topic if ranked else ""

    with tempfile.TemporaryDirectory() as folder:
        sounds = [
            read_wav(say_to_file(topic.questions[0], ("flite:rms", "flite:slt")[n % 2], Path(folder, f"{n}.wav")))
            for n, topic in enumerate(topics)
        ]
    seconds = sum(map(len, sounds)) / 2 / HZ
    mine, mine_ms = cpu_ms(lambda: [listen(pcm) for pcm in sounds])
    theirs, their_ms = cpu_ms(lambda: [script.topic(script.hear(pcm)) for pcm in sounds])
    goal = "below 1,000 ms"
    yield Row("recogniser and matching, CPU for a second of speech", mine_ms / seconds, their_ms / seconds, "ms", goal)
    rights = [100 * sum(map(eq, found, (topic.id for topic in topics))) / len(topics) for found in (mine, theirs)]
    yield Row(f"{len(topics)} questions aloud, right topic first", rights[0], rights[1], "%")


def matching() -> Iterator[Row]:
    """How matching grows with the number of phrases: our content, then made-up packs of ever more topics."""
    from assistant.matching import Matcher

    world, _ = load_world(Settings())
    real = [question for topic in world.topics.values() for question in topic.questions]
    words = sorted({word for question in real for word in question.lower().strip("?").split()})
    chance = np.random.default_rng(5)
    script = PlainScript(ears=False, voice=False)
    texts = [text for _, text in asked()][:30]

    def grown(number: int) -> Row:
        phrases = [*real, *(" ".join(chance.choice(words, 6)) for _ in range(max(0, number - len(real))))][:number]
        packs = {f"t{at}": tuple(phrases[at : at + 8]) for at in range(0, number, 8)}
        matcher, built_ms = cpu_ms(lambda: Matcher(packs))
        matcher.rank(("warm",))
        _, mine = each(lambda text: matcher.rank((text,)), texts)
        _, theirs = each(lambda text: script.topic(text, phrases), texts)
        goal = {1_000: "5 ms or less", 100_000: "50 ms or less"}.get(number, "")
        what = f"matching one question among {number:,} phrases (CPU; made ready in {built_ms / 1000:.1f} s)"
        return Row(what, mine, theirs, "ms", goal)

    yield from map(grown, (100, 1_000, 10_000, *((100_000,) if "--all" in sys.argv else ())))


def synthesis() -> Iterator[Row]:
    """An answer becomes sound."""
    world, _ = load_world(Settings())
    text = world.topics["cramps"].short
    voice = make_voice(Settings(voice="espeak-ng"), world)
    voice.synthesise("warm")
    mine = [clock_ms(lambda: voice.synthesise(text)) for _ in range(20)]
    theirs = [clock_ms(lambda: plain_speech(text)) for _ in range(5)]
    what = "synthesis of an answer (clock; pyttsx3 to a file)"
    yield Row(what, statistics.median(mine), statistics.median(theirs), "ms")


def plain_speech(text: str) -> None:
    """As the plain script would have it in a file; a process of its own, since the second file of one is often cut."""
    code = "import sys, pyttsx3; e = pyttsx3.init(); e.save_to_file(sys.argv[1], sys.argv[2]); e.runAndWait()"
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-c", code, text, f"{folder}/a.wav"], check=False, capture_output=True)


def clock_ms(do: Callable[[], object]) -> float:
    """How long doing it takes."""
    begun = time.perf_counter()
    do()
    return 1000 * (time.perf_counter() - begun)


def idle() -> Iterator[Row]:
    """Listening while nobody speaks: a minute of room noise, as fast as it goes; share of one core in real time."""
    from assistant.hearing.listener import Listener
    from assistant.hearing.voice_activity import voice_detector

    world, _ = load_world(Settings())
    noise = np.random.default_rng(3).integers(-8, 9, IDLE_S * HZ).astype("<i2").tobytes()
    listener = Listener(make_recogniser(Settings(), world, "pocketsphinx"), voice_detector(), lambda _: None)
    listener.listen(1)
    listener.hear(noise[: 2 * HZ])

    def all_of_it() -> None:
        for at in range(0, len(noise), 1024):
            listener.hear(noise[at : at + 1024])
        listener.close()  # waits until everything was heard

    script = PlainScript(voice=False)
    mine, theirs = (cpu_ms(do)[1] / IDLE_S / 10 for do in (all_of_it, lambda: script.hear(noise)))
    yield Row("listening while nobody speaks, share of one core (CPU)", mine, theirs, "%", "10 % or less")


def memory() -> Iterator[Row]:
    """The real loop after the first and after a thousand questions, espeak-ng speaking and stopped each time."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.bench_cycles", "1000"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    first, last = map(float, re.findall(r"([\d.]+) MB", done.stdout))
    yield Row("memory after 1,000 questions; in place of the baseline, after 100", last, first, "MB", "no growth")


ROWS: dict[str, Callable[[], Iterator[Row]]] = {
    row.__name__: row for row in (start, questions, heard, matching, synthesis, idle, memory)
}


def main(wanted: list[str]) -> None:
    """Print the table."""
    os.environ.setdefault("ASKALOUD_HOME", str(home()))
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores", flush=True)
    print("| what | ours | plain script | ratio | goal |\n|---|---|---|---|---|", flush=True)
    for name in wanted or ROWS:
        for row in ROWS[name]():
            print(row, flush=True)


if __name__ == "__main__":
    main([word for word in sys.argv[1:] if word in ROWS])
