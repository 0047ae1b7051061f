"""The script most people would write: PocketSphinx as it comes, RapidFuzz's `extractOne`, pyttsx3. The baseline.

    python -m tests.bench.plain_script          # listens to the microphone, if there is one, and to lines typed

It knows the same questions and answers as we do. It has no turn taking, no "I do not know", no stop, and says
everything to the end; what it costs is measured in tests/bench/bench_product.py.
"""

from __future__ import annotations

import sys
from typing import Any

from assistant.topics import content_folder, read_content


class PlainScript:
    """Questions to answers."""

    def __init__(self, *, ears: bool = True, voice: bool = True) -> None:
        content, _ = read_content(content_folder())
        self.answers = {question.lower(): topic for topic in content.topics.values() for question in topic.questions}
        self.questions = list(self.answers)
        if ears:
            from pocketsphinx import Decoder

            self.decoder: Any = Decoder()
        if voice:
            import pyttsx3

            self.engine: Any = pyttsx3.init()

    def topic(self, text: str, questions: list[str] | None = None) -> str:
        """Id of the topic of the question that is most like `text`; of `questions`, where others are given."""
        from rapidfuzz import process

        found = process.extractOne(text.lower(), questions or self.questions)
        return self.answers[found[0]].id if found[0] in self.answers else found[0]

    def hear(self, pcm: bytes) -> str:
        """What was said, 16 kHz mono 16 bit."""
        self.decoder.start_utt()
        self.decoder.process_raw(pcm, full_utt=True)
        self.decoder.end_utt()
        found = self.decoder.hyp()
        return found.hypstr if found else ""

    def say(self, text: str) -> None:
        """Aloud, to the end."""
        self.engine.say(text)
        self.engine.runAndWait()


def main() -> None:
    """Ask by typing."""
    script = PlainScript()
    print("ready", flush=True)
    for line in sys.stdin:
        topic = script.topic(line.strip())
        print(topic, flush=True)


if __name__ == "__main__":
    main()
