"""What the assistant knows: topics, groups, sources, regions and its own words, read from text files.

Errors in the files are values: `read_content` gives everything that could be read, and a list of `Problem`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from assistant.flatfiles import read_groups, read_pronunciation, read_regions, read_sources
from assistant.knowledge import (
    ANYWHERE,
    Block,
    Content,
    Group,
    Prompts,
    Region,
    Source,
    Topic,
    UnknownPrompt,
)
from assistant.textfiles import (
    ContentUnreadable,
    Problem,
    did_you_mean,
    gathered,
    read_entries,
    read_lines,
    read_phrases,
)
from assistant.topicfile import read_topic

__all__ = [
    "ANYWHERE", "Block", "Content", "ContentUnreadable", "Group", "Problem", "Prompts", "Region", "Source",
    "Topic", "UnknownPrompt", "content_folder", "read_content", "read_phrases",
]  # fmt: skip

USUAL_LANGUAGE = "en"
MENU_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def content_folder() -> Path:
    """The `content` folder: beside the package in a checkout, inside it when installed."""
    here = Path(__file__).resolve().parent
    inside = here / "content"
    return inside if inside.is_dir() else here.parent / "content"


def read_content(
    folder: Path, packs: Sequence[Path] = (), *, language: str = USUAL_LANGUAGE
) -> tuple[Content, list[Problem]]:
    """Read all content, and then each pack over it.

    Args:
        folder: holds a folder for each language.
        packs: a family's or clinic's folders of topic files, with `groups.txt` and `sources.txt` if they like.
        language: topics and texts it lacks are taken from English.

    Returns:
        The content and every problem found. A topic file with an error is left out; the rest still loads.
    """
    reading = _Reading()
    reading.language(folder / USUAL_LANGUAGE, USUAL_LANGUAGE)
    if language != USUAL_LANGUAGE:
        reading.language(folder / language, language)
    for pack in packs:
        reading.pack(pack)
    reading.sort()
    return reading.content, reading.problems


class _Reading:
    """Content while it is gathered."""

    def __init__(self) -> None:
        self.content = Content()
        self.problems: list[Problem] = []

    def language(self, folder: Path, name: str) -> None:
        """Take in the folder of one language; what it has wins over what is there."""
        self._take_groups(folder, name)
        self._take_registers(folder, name)
        self._take_words(folder, name)
        found = self._topics(folder / "topics", f"{name}/topics")
        self._say_what_falls_back(name, found)
        self.content.topics |= found

    def _has(self, folder: Path, file: str) -> bool:
        """Whether to read `file`. In the usual language a missing one is a problem, so it is tried."""
        return folder.name == USUAL_LANGUAGE or (folder / file).is_file()

    def _take_groups(self, folder: Path, name: str) -> None:
        if self._has(folder, "groups.txt"):
            groups, problems = read_groups(folder / "groups.txt", f"{name}/groups.txt")
            self.problems += problems
            self.content.groups = tuple(groups)

    def _take_registers(self, folder: Path, name: str) -> None:
        if self._has(folder, "sources.txt"):
            sources, problems = read_sources(folder / "sources.txt", f"{name}/sources.txt")
            self.problems += problems
            self.content.sources |= {source.key: source for source in sources}
        if self._has(folder, "regions.txt"):
            regions, problems = read_regions(folder / "regions.txt", f"{name}/regions.txt")
            self.problems += problems
            self.content.regions |= {region.id: region for region in regions}

    def _take_words(self, folder: Path, name: str) -> None:
        if self._has(folder, "prompts.txt"):
            entries, problems = read_entries(folder / "prompts.txt", f"{name}/prompts.txt")
            self.problems += problems
            self.content.prompts = Prompts(gathered(entries))
        if self._has(folder, "pronunciation.txt"):
            tables, problems = read_pronunciation(folder / "pronunciation.txt", f"{name}/pronunciation.txt")
            self.problems += problems
            self.content.pronunciation = tables

    def pack(self, folder: Path) -> None:
        """Take in a family's or clinic's own topics. They win over ours, but never over urgent ones."""
        name = folder.name
        if not folder.is_dir():
            self.problems.append(Problem(name, 0, f"There is no folder {folder}. Check the name of the pack.", "pack"))
            return
        if (folder / "groups.txt").is_file():
            groups, problems = read_groups(folder / "groups.txt", f"{name}/groups.txt")
            self.problems += problems
            self._add_groups(groups)
        if (folder / "sources.txt").is_file():
            own, problems = read_sources(folder / "sources.txt", f"{name}/sources.txt")
            self.problems += problems
            self.content.sources = {source.key: source for source in own} | self.content.sources
        where = folder / "topics" if (folder / "topics").is_dir() else folder
        for topic in self._topics(where, name, pack=True).values():
            if self._may_add(topic):
                kept = replace(topic, code=self._free_code(topic))
                self.content.topics[topic.id] = kept
                self.content.packs |= {topic.id}
        if (folder / "ways.txt").is_file():
            self._add_ways(folder / "ways.txt", f"{name}/ways.txt")

    def _add_ways(self, path: Path, name: str) -> None:
        """A pack's own ways to ask for topics that are there: lines of a topic's id, a colon and a question."""
        entries, problems = read_entries(path, name)
        self.problems += problems
        for entry in entries:
            topic = self.content.topics.get(entry.name)
            if topic is None:
                sentence = f"There is no topic '{entry.name}'.{did_you_mean(entry.name, self.content.topics)}"
                self.problems.append(Problem(name, entry.line, sentence, "pack"))
            elif topic.urgent:
                sentence = f"'{topic.title}' is urgent: a pack can not change how it is asked for. Take the line out."
                self.problems.append(Problem(name, entry.line, sentence, "pack"))
            elif entry.value:
                self.content.topics[topic.id] = replace(topic, questions=(*topic.questions, entry.value))

    def _add_groups(self, groups: Sequence[Group]) -> None:
        """A pack's new groups, after ours, with letters that are still free."""
        for group in groups:
            if any(group.id == known.id for known in self.content.groups):
                continue
            taken = {known.letter for known in self.content.groups}
            free = [letter for letter in (group.letter, *MENU_LETTERS) if letter not in taken]
            self.content.groups += (replace(group, letter=free[0] if free else group.letter),)

    def _may_add(self, topic: Topic) -> bool:
        ours = self.content.topics.get(topic.id)
        if topic.urgent or topic.group == "urgent" or (ours and ours.urgent):
            sentence = (
                f"A pack can not change or add urgent topics, so '{topic.title}' is left out. "
                "Give it another id and group, and leave 'urgent' out."
            )
            self.problems.append(
                Problem(topic.path, topic.lines.get("urgent", topic.lines.get("id", 0)), sentence, "pack")
            )
            return False
        return True

    def _free_code(self, topic: Topic) -> str:
        """Its own code when nobody has it, that of the topic it replaces, or the next number of its group."""
        ours = self.content.topics.get(topic.id)
        taken = {known.code for known in self.content.topics.values() if known.id != topic.id}
        letter = next((group.letter for group in self.content.groups if group.id == topic.group), "")
        if topic.code.startswith(letter) and topic.code and topic.code not in taken:
            return topic.code
        if ours and ours.group == topic.group:
            return ours.code
        return next(f"{letter}{number}" for number in range(1, len(taken) + 2) if f"{letter}{number}" not in taken)

    def _topics(self, folder: Path, name: str, *, pack: bool = False) -> dict[str, Topic]:
        """Every topic file of a folder that reads and fits our groups, by id."""
        found: dict[str, Topic] = {}
        for path in sorted(folder.glob("*.md")) if folder.is_dir() else ():
            if path.name == "README.md":
                continue
            topic, problems = _topic_at(path, f"{name}/{path.name}")
            if topic:
                problems += self._unfit(topic, path.stem, pack=pack)
            self.problems += problems
            if topic and not any(problem.level == "error" for problem in problems):
                found[topic.id] = topic
        return found

    def _unfit(self, topic: Topic, stem: str, *, pack: bool) -> list[Problem]:
        """What keeps a topic from its place in the menu."""
        groups = {group.id: group for group in self.content.groups}
        found: list[tuple[str, str]] = []
        if topic.id != stem:
            found.append(("id", f"The id '{topic.id}' and the file's name differ. Name the file {topic.id}.md."))
        group = groups.get(topic.group)
        if group is None:
            found.append(("group", f"I don't know the group '{topic.group}'.{did_you_mean(topic.group, groups)}"))
        else:
            found += _unfit_place(topic, group)
            if not pack and not topic.code.startswith(group.letter):
                found.append(("code", f"The code of a topic in '{group.id}' is {group.letter} and a number."))
        return [Problem(topic.path, topic.lines.get(name, 1), sentence, "ids") for name, sentence in found]

    def _say_what_falls_back(self, language: str, found: Mapping[str, Topic]) -> None:
        missing = sorted(set(self.content.topics) - set(found))
        if language != USUAL_LANGUAGE and missing:
            sentence = f"{len(missing)} topics are not here yet, so they are read in English: {', '.join(missing)}."
            self.problems.append(Problem(f"{language}/topics", 0, sentence, "language", "warning"))

    def sort(self) -> None:
        """Put the topics in menu order: by group, by section, by the number in their code."""
        places = {group.id: place for place, group in enumerate(self.content.groups)}
        sections = {
            (group.id, section): place
            for group in self.content.groups
            for place, (section, _) in enumerate(group.sections)
        }

        def order(topic: Topic) -> tuple[int, int, int, str]:
            section = sections.get((topic.group, topic.section), len(sections))
            return places.get(topic.group, len(places)), section, int(topic.code[1:] or 0), topic.id

        self.content.topics = {topic.id: topic for topic in sorted(self.content.topics.values(), key=order)}


def _topic_at(path: Path, name: str) -> tuple[Topic | None, list[Problem]]:
    lines, problems = read_lines(path, name)
    return read_topic(path.read_bytes(), name) if lines or not problems else (None, problems)


def _unfit_place(topic: Topic, group: Group) -> list[tuple[str, str]]:
    known = [name for name, _ in group.sections]
    if topic.section and topic.section not in known:
        where = f"Use one of: {', '.join(known)}." if known else f"The group '{group.id}' has none: take the line out."
        return [
            (
                "section",
                f"I don't know the section '{topic.section}'.{did_you_mean(topic.section, known)} {where}",
            )
        ]
    if known and not topic.section:
        return [
            (
                "group",
                f"The group '{group.id}' has sections. Add 'section: ' with one of: {', '.join(known)}.",
            )
        ]
    return []
