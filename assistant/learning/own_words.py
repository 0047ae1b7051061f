"""The aliases of whoever is speaking: loaded, learned from turns, kept on the disk.

The conversation's thread learns; any thread may ask. Aliases never change, they are replaced, so neither waits.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from pathlib import Path

import msgspec

from assistant.choices import World
from assistant.events import Learn
from assistant.learning.aliases import Aliases, Learned, Protected
from assistant.learning.keeping import Damaged, KeptFile, Profile
from assistant.matching import Ranking, normalise

FORMAT = 1
SIGHS = frozenset(
    {"um", "uh", "er", "ah", "oh", "huh", "hm", "mm", "mhm", "the", "a", "and", "of", "to", "it", "in", "is", "please"}
)
"""What recognisers make of breath and noise; a text of only these means nothing."""


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    format: int
    aliases: Aliases


def words_file(folder: Path, profile: Profile) -> Path:
    """Where one person's aliases are."""
    return folder / f"learned-{profile}.json"


def protection(world: World) -> Protected:
    """What may never be learned in this world: cries for help, every command, sighs, nothing at all."""
    commands = frozenset(world.commands.forms.values())

    def protected(text: str) -> bool:
        words = set(normalise(text).split())
        return (
            not words - SIGHS
            or world.urgent.find((text,)) is not None
            or world.commands.find((text,), commands) is not None
        )

    return protected


def encode(aliases: Aliases) -> bytes:
    """As a file."""
    return msgspec.json.encode(_File(FORMAT, aliases))


def decode(content: bytes) -> Aliases:
    """From a file. Raises Damaged."""
    try:
        file = msgspec.json.decode(content, type=_File)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Damaged(str(error)) from None
    if file.format != FORMAT:
        raise Damaged(f"format {file.format}")
    return file.aliases


class OwnWords:
    """What one person was heard as.

    Args:
        folder: where everything is remembered.
        profile: whose; another's is another file.
        protected: what may never be learned.
        clock: seconds since 1970.
    """

    def __init__(self, folder: Path, profile: Profile, protected: Protected, clock: Callable[[], float]) -> None:
        self.profile = profile
        self._protected, self._clock = protected, clock
        self._kept = KeptFile(words_file(folder, profile), encode, decode, Aliases())
        self.troubles = self._kept.troubles

    def learn(self, effect: Learn) -> bool:
        """After a confirmed or refused turn. True when something changed. Raises LearningTrouble: not saved."""
        known = self._kept.now
        learned = known.learn(
            effect.hypotheses, effect.topic, right=effect.right, now_s=self._clock(), protected=self._protected
        )
        if learned is known:
            return False
        self._kept.replace(learned)
        return True

    def apply(self, ranking: Ranking, hypotheses: Sequence[str], topics: Container[str]) -> Ranking:
        """`ranking` with what was learned mixed in."""
        if not hypotheses or self._protected(hypotheses[0]):
            return ranking
        return self._kept.now.apply(ranking, hypotheses, topics, self._clock())

    def listed(self) -> tuple[Learned, ...]:
        """What counts today, strongest first."""
        return self._kept.now.listed(self._clock())

    def undo(self) -> str:
        """Undo the last thing learned; its topic, or empty when there was none. Raises LearningTrouble."""
        aliases, topic = self._kept.now.undo()
        if topic:
            self._kept.replace(aliases)
        return topic

    def forget(self, topic: str) -> None:
        """Forget all that was learned for `topic`, on the disk too. Raises LearningTrouble."""
        self._kept.forget(self._kept.now.forget(topic))
