"""Every door of tests/fuzzing.py, knocked at by a fuzzer that sees which lines a knock reaches.

    pip install atheris                        # wheels for Linux, up to Python 3.13; it is no dependency of the tests
    python -m tests.bench.fuzz [SECONDS]       # every door, 20 seconds each
    python -m tests.bench.fuzz SECONDS DOOR    # one of them

Ends with status 1 when a door raised what it must not; the bytes that did it are printed by libFuzzer.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from tempfile import TemporaryDirectory

USUAL_S = 20
MEMORY_MB = 2000
LONGEST_KNOCK_S = 10
LONGEST_BYTES = 4096


def fuzz_one(name: str, seconds: int) -> None:
    """Knock at one door; libFuzzer ends the process."""
    import atheris

    with atheris.instrument_imports(include=["assistant"]):
        from tests.fuzzing import DOORS, SAMPLES
    with TemporaryDirectory() as corpus:
        for number, sample in enumerate(SAMPLES[name]):
            Path(corpus, str(number)).write_bytes(sample)
        limits = [f"-max_total_time={seconds}", f"-rss_limit_mb={MEMORY_MB}", f"-timeout={LONGEST_KNOCK_S}"]
        limits += [f"-artifact_prefix={tempfile.gettempdir()}/"]
        atheris.Setup([sys.argv[0], corpus, *limits, f"-max_len={LONGEST_BYTES}"], DOORS[name])
        atheris.Fuzz()


def main(seconds: int) -> int:
    """All doors, each in a process of its own. 0: none of them failed."""
    from tests.fuzzing import DOORS

    failed = 0
    for name in DOORS:
        done = subprocess.run(
            [sys.executable, "-m", "tests.bench.fuzz", str(seconds), name], capture_output=True, text=True, check=False
        )
        told = next((line for line in reversed(done.stderr.splitlines()) if "Done" in line or "stat::" in line), "")
        print(f"{name:15} {'no fault' if not done.returncode else 'FAULT'}  {told}", flush=True)
        if done.returncode:
            failed = 1
            print(done.stderr[-3000:])
    return failed


if __name__ == "__main__":
    given_s = int(sys.argv[1]) if len(sys.argv) > 1 else USUAL_S
    if len(sys.argv) > 2:
        fuzz_one(sys.argv[2], given_s)
    else:
        sys.exit(main(given_s))
