"""Puts the switch together from the settings: scanning, filters, counts, and what is asked most."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from assistant.choices import World
from assistant.pressing.counting import Counts, CountsTrouble, advice, before_today, misses_since, read_counts
from assistant.pressing.counting import write_counts as write
from assistant.pressing.order import asked_most
from assistant.pressing.switch_test import is_due
from assistant.profile import Settings
from assistant.scan.lists import places_for_habits
from assistant.scanner import Scanner


def open_switches(settings: Settings, world: World, folder: Path, today: date) -> tuple[Scanner, World, str, list[str]]:
    """A scanner; the world with what is asked most in front, if that is wanted; name of an offer to make; troubles."""
    troubles: list[str] = []
    counts: Counts | None = None
    if settings.scan_counts:
        try:
            counts = Counts(read_counts(folder), today.isoformat())
        except CountsTrouble as trouble:
            troubles.append(str(trouble))
            counts = Counts(trouble.days, today.isoformat())
    prompts = world.content.prompts
    scan = settings.scan(prompts.variants("further label")[0])
    scanner = Scanner(scan, settings.filters(), counts=counts, test_label=prompts.variants("testing label")[0])
    if counts is not None and settings.scan_habits:
        asked = before_today(counts.days, today.isoformat())
        world = replace(world, asked_most=asked_most(world.topics, asked, places_for_habits(scan.size)))
    return scanner, world, _offer(settings, counts, today), troubles


def _offer(settings: Settings, counts: Counts | None, today: date) -> str:
    """Once a day at most: the switch test when it is due, else what the counts advise."""
    if settings.scanning == "off" or (counts is not None and counts.today.presses):
        return ""
    days = counts.days if counts is not None else []
    presses, misses = misses_since(days, settings.switch_tested)
    if is_due(_days_since(settings.switch_tested, today), presses, misses):
        return "test offer"
    found = advice(days)
    return f"advice {found}" if found else ""


def _days_since(tested: str, today: date) -> int | None:
    try:
        return (today - date.fromisoformat(tested)).days
    except ValueError:
        return None


def save_counts(scanner: Scanner, folder: Path) -> str:
    """Save what was counted; a sentence when that failed, else nothing."""
    if scanner.counts is None:
        return ""
    try:
        write(folder, scanner.counts.days)
    except CountsTrouble as trouble:
        return str(trouble)
    return ""
