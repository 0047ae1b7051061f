"""The editor's checks: each rule is tripped by one change to a topic that is right, and by nothing else."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from assistant.checking import check, check_all, collisions, copied, unknown_words
from assistant.checking.asking import normalised
from assistant.checking.claims import claims
from assistant.checking.registers import CLAIMS, months_after, read_claims
from assistant.checking.sounds import misread_in, voice_sounds
from assistant.knowledge import Block
from assistant.topic_template import TopicNotStarted, start_topic
from assistant.topics import content_folder, read_content
from tests.checking.desk import TODAY, Desk, stem


def test_a_topic_that_is_right_has_no_problem(desk: Desk) -> None:
    assert [str(problem) for problem in desk.problems()] == []


KNOWS = "Nobody knows yet."
SLIPS: dict[str, tuple[str, str, str, str | None]] = {
    "short answer too long": (KNOWS, KNOWS + " It is still not known at all." * 6, "length", "error"),
    "short answer too short": (
        "\nThe research goes on. Ask your doctor which open trials there are.",
        "",
        "length",
        "warning",
    ),
    "a sentence of twenty words": (KNOWS, "Nobody" + " in the whole wide world" * 4 + " knows.", "length", "error"),
    "long words": (
        "Two large trials gave people their own cells.",
        "International investigational trials administered autologous preparations.",
        "grade",
        "error",
    ),
    "a percent sign": (KNOWS, "Not one % knows yet.", "speech", "error"),
    "a bracket": (KNOWS, "Nobody (not one) knows yet.", "speech", "error"),
    "a web address": (KNOWS, "Nobody knows, see www.example.org yet.", "speech", "error"),
    "a range with a dash": (KNOWS, "Nobody knows for 2-5 years.", "speech", "error"),
    "a bare emergency number": (KNOWS, "Do not call 911 for this.", "speech", "error"),
    "a country's number in words": (KNOWS, "Do not call nine one one for this.", "speech", "error"),
    "a bare figure": (KNOWS, "Nobody knows after 7 years.", "figures", "error"),
    "initials read as a word": (KNOWS, "The ISSCR. Nobody knows yet.", "sounds", "error"),
    "an unknown short form": (KNOWS, "The XQZ does not know yet.", "capitals", "error"),
    "no word for experimental": (
        "no stem cell treatment has been shown to slow ALS. It is still experimental.",
        "stem cell treatment is given for ALS. Not all know.",
        "labels",
        "error",
    ),
    "a part without a limit": (
        "\nNothing has been shown to help so far.",
        "\nMany people have asked about it.",
        "labels",
        "error",
    ),
    "hype": (KNOWS, "It is not a miracle yet.", "hype", "error"),
    "a cure without a not": (KNOWS, "This may be a cure.", "cure", "error"),
    "cells with an effect": ("Some people did well for a time.", "The cells slow the disease.", "effect", "error"),
    "a dose": (KNOWS, "It is not fifty milligrams yet.", "dose", "error"),
    "advice to stop": (KNOWS, "You should not stop riluzole now.", "advice", "error"),
    "a verdict": (KNOWS, "You will not get better with it.", "advice", "error"),
    "a victim": (KNOWS, "No victim knows yet.", "hurtful", "error"),
    "rare": (KNOWS, "It is rare and not known.", "vague", "warning"),
    "a long label": ("say: alpha", "say: one two three four", "say", "error"),
    "a slow label": ("say: alpha", "say: extraordinarily complicated terminology", "say", "warning"),
    "a link to nowhere": ("related: beta, gamma", "related: beta, gama", "links", "error"),
    "a link to itself": ("related: beta, gamma", "related: beta, alpha", "links", "error"),
    "one link only": ("related: beta, gamma", "related: beta", "links", "error"),
    "a doubled code": ("code: D1", "code: D2", "codes", "error"),
    "a shared question": ("alpha question one", "beta question one", "questions", "error"),
    "a question twice": ("alpha question one", "Alpha question two!", "questions", "error"),
    "eleven questions": ("- alpha question one\n", "", "questions", "error"),
    "an unknown source": ("isscr-ask, fda-regen-alert", "isscr-ask, fda-regn-alert", "sources", "error"),
    "one source only": ("isscr-ask, fda-regen-alert", "isscr-ask", "sources", "error"),
    "only companies": ("isscr-ask, fda-regen-alert", "alsummit-2025, relyvrio-2024", "sources", "error"),
    "the seed article as a source": ("isscr-ask, fda-regen-alert", "isscr-ask, seed", "sources", "error"),
    "no such claim": ("covers: C01", "covers: C99", "coverage", "error"),
    "a review in two years": ("review again: 2027-05-24", "review again: 2028-05-24", "dates", "warning"),
    "a review before the last": ("review again: 2027-05-24", "review again: 2026-01-01", "dates", "error"),
    "reviewed tomorrow": ("reviewed: 2026-11-24", "reviewed: 2026-11-25", "dates", "error"),
    "a waiver without a reason": ("None.", "allow hype", "waivers", "error"),
    "a waiver for no rule": ("None.", "allow hipe: it is a good reason", "waivers", "error"),
    "a waiver nobody needs": ("None.", "allow hype: it is a good reason", "waivers", "warning"),
}


@pytest.mark.parametrize("slip", SLIPS)
def test_each_slip_trips_its_rule(desk: Desk, slip: str) -> None:
    old, new, rule, level = SLIPS[slip]
    desk.change(old, new)
    everything = check(desk.language.parent, today=TODAY)
    topics = [problem for problem in everything if problem.file.startswith("en/topics/")]
    assert (rule, level) in [(problem.rule, problem.level) for problem in topics], [str(p) for p in topics]


def test_initials_are_right_once_the_table_spells_them(desk: Desk) -> None:
    table = desk.language / "pronunciation.txt"
    text = table.read_text(encoding="utf-8")
    old, new, rule, _ = SLIPS["initials read as a word"]
    desk.change(old, new)
    assert {"capitals", rule} <= {problem.rule for problem in desk.problems()}
    table.write_text(text.replace("NIH = N-I-H\n", "ISSCR = I-S-S-C-R\n"), encoding="utf-8")
    assert not {"capitals", rule} & {problem.rule for problem in desk.problems()}


def test_a_waiver_with_a_reason_sets_one_rule_aside(desk: Desk) -> None:
    desk.change("Nobody knows yet.", "It is not a miracle yet.")
    desk.change("None.", "allow hype: the word is denied here, not promised")
    assert [str(problem) for problem in desk.problems()] == []


def test_a_release_wants_reviews_signed_and_on_time(desk: Desk) -> None:
    late = date(2027, 6, 1)
    assert [(p.rule, p.level) for p in desk.problems(today=late)] == [("dates", "warning")]
    assert ("dates", "error") in [(p.rule, p.level) for p in desk.problems(today=late, release=True)]


@pytest.mark.parametrize(
    ("first", "fine"),
    [
        ("Sit up and call {emergency} now.", True),
        ("If this is sudden, call {emergency} now.", True),
        ("Choking can be frightening, so call {emergency} now.", False),
    ],
)
def test_an_urgent_answer_begins_with_what_to_do(desk: Desk, first: str, fine: bool) -> None:  # noqa: FBT001 - a row
    text = stem("cry", "A1", "alpha, beta").replace("group: stem-cells", "group: urgent\nurgent: yes")
    text = re.sub(
        r"# Short answer\n.*",
        f"# Short answer\n{first} It has not been shown to help to wait. Tell them this is ALS.",
        text,
    )
    desk.write("cry", text)
    rules = [p.rule for p in check(desk.language.parent, today=TODAY) if p.file.endswith("cry.md")]
    assert ("action" not in rules) == fine


def test_the_letter_a_is_never_swallowed_after_a_small_word() -> None:
    content, _ = read_content(content_folder())
    sounds = voice_sounds(content)
    assert sounds
    for text in ("It is for ALS.", "A part of ALS", "ALS", "In ALS, rest.", "The VA pays for AAC.", "Ask the FDA."):
        assert misread_in(text, content, sounds) == [], text
    bare = replace(content, pronunciation={})
    alone = voice_sounds(bare)
    assert alone
    assert misread_in("ALS", bare, alone) == ["ALS"]
    assert misread_in("NIH", bare, alone) == ["NIH"]


def test_a_publisher_is_read_aloud_and_has_to_be_sayable(desk: Desk) -> None:
    path = desk.language / "sources.txt"
    text = path.read_text(encoding="utf-8")
    name = "publisher: the International Society for Stem Cell Research"
    for wrong, rule in (("publisher: ISSCR (a copy)", "speech"), ("publisher: QQZB", "sounds")):
        path.write_text(text.replace(name, wrong), encoding="utf-8")
        found = check(desk.language.parent, today=TODAY)
        assert rule in [problem.rule for problem in found if "publisher" in problem.sentence], wrong


def test_every_part_of_every_experimental_topic_has_to_say_its_limit() -> None:
    content, _ = read_content(content_folder())
    bland = "People go there on a Monday. They sit in a chair. A nurse comes to them."
    broken = 0
    for topic in content.topics.values():
        if topic.evidence not in ("experimental", "unproven"):
            continue
        assert [problem for problem in claims(content, topic) if problem.rule == "labels"] == []
        spoilt = {"short": replace(topic, short=bland), "caregivers": replace(topic, caregivers=bland)}
        for number, block in enumerate(topic.more, start=1):
            parts = list(topic.more)
            parts[number - 1] = Block(block.label, bland)
            spoilt[f"more {number}"] = replace(topic, more=tuple(parts))
        for part, changed in spoilt.items():
            found = [problem.line for problem in claims(content, changed) if problem.rule == "labels"]
            assert topic.lines[part] in found, (topic.id, part)
            broken += 1
    assert broken >= 40


SLOGANS = (
    "Our stem cell therapy gives your nerves a second chance.",
    "Stem cells restore what ALS took.",
    "Feel stronger after one week with our cells.",
    "Thousands of families trust us with their care.",
    "Regain your voice with cells made for you.",
    "These cells wake up sleeping nerves.",
    "Turn back the clock on ALS.",
    "Walk with your children again.",
    "The body has its own repair kit, and we deliver it.",
)


@pytest.mark.parametrize("slogan", SLOGANS)
def test_a_clinic_slogan_can_not_stand_as_a_part_of_its_own(desk: Desk, slogan: str) -> None:
    desk.change("If your person wants this, call the doctor first.\nNothing has been shown to help so far.", slogan)
    assert {"labels", "hype", "effect"} & {problem.rule for problem in desk.problems()}


def test_nine_words_of_somebody_else_are_found(desk: Desk) -> None:
    content, _ = read_content(desk.language.parent)
    text = "As we said, two LARGE trials gave people their own cells. Both of them."
    assert [problem.rule for problem in copied(content, {"an article": text})] == ["copied"] * 3
    assert list(copied(content, {"an article": "Two large trials gave people their own hopes."})) == []


def test_every_claim_is_listed_and_a_faulty_topic_does_not_answer_it(desk: Desk) -> None:
    claims, problems = read_claims(desk.language)
    assert not problems
    assert tuple(claim.number for claim in claims) == CLAIMS
    desk.change("Nobody knows yet.", "It is not a miracle yet.")
    for name in ("beta", "gamma"):
        path = desk.language / "topics" / f"{name}.md"
        path.write_text(path.read_text(encoding="utf-8").replace("covers: C01\n", ""), encoding="utf-8")
    found = [p for p in check(desk.language.parent, today=TODAY) if p.rule == "coverage" and "C01" in p.sentence]
    assert any("faults itself: alpha (hype)" in problem.sentence for problem in found)


def test_our_own_content_passes_every_check() -> None:
    errors = [str(problem) for problem in check_all() if problem.level == "error"]
    assert errors == []


def test_a_folder_of_ones_own_gives_only_its_own_problems_and_style_is_advice(tmp_path: Path) -> None:
    guide = (content_folder().parent / "docs" / "writing-topics.md").read_text(encoding="utf-8")
    example = re.findall(r"```\n(---\n.*?)```", guide, re.DOTALL)[0]
    pack = tmp_path / "ours"
    pack.mkdir()
    (pack / "our-nurse.md").write_text(example, encoding="utf-8")
    assert [str(problem) for problem in check_all(pack) if problem.rule != "links"] == []
    short = example.replace("She comes at ten in the evening and stays until six.", "")
    (pack / "our-nurse.md").write_text(short.replace("Ring the bell and she will come. ", ""), encoding="utf-8")
    assert {problem.level for problem in check_all(pack) if problem.rule == "length"} == {"warning"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("What is ALS?", "what is a-l-s"),
        ("What is MND?", "What is A.L.S."),
        ("Is there a cure for it?", "is there cure"),
        ("Lou Gehrig's disease", "ALS"),
    ],
)
def test_questions_that_sound_alike_are_one(one: str, other: str) -> None:
    assert normalised(one) == normalised(other)


def ranked(question: str, own: str) -> Sequence[tuple[str, float]]:
    return [("beta", 0.8), (own, 0.85 if "two" in question else 0.95)]


def test_collisions_are_found_and_a_reason_allows_them(desk: Desk) -> None:
    content, _ = read_content(desk.language.parent)
    del content.topics["beta"], content.topics["gamma"]
    listed = desk.language / "collisions.txt"
    listed.write_text("", encoding="utf-8")
    found = collisions(content, ranked, desk.language)
    assert [problem.sentence.split(" is taken")[0] for problem in found] == ["'alpha question two'"]
    assert found[0].level == "error"
    listed.write_text("Alpha question two?: both are right\n", encoding="utf-8")
    assert collisions(content, ranked, desk.language) == []
    listed.write_text("Alpha question two?:\n", encoding="utf-8")
    assert [problem.line for problem in collisions(content, ranked, desk.language)] == [18], "no reason is given"
    listed.write_text("Alpha question two?: both are right\nAlpha question fifty?: long ago\n", encoding="utf-8")
    stale = collisions(content, ranked, desk.language)
    assert [(problem.file, problem.line, problem.level) for problem in stale] == [("collisions.txt", 2, "warning")]


def test_a_topic_needs_one_question_of_known_words(desk: Desk) -> None:
    content, _ = read_content(desk.language.parent)
    levels = {p.file: p.level for p in unknown_words(content, lambda word: word != "beta")}
    assert levels == {"en/topics/beta.md": "error"}
    assert unknown_words(content, bool) == []
    rare = unknown_words(content, lambda word: word != "twelve", lambda word: word not in ("beta", "twelve"))
    assert {p.file: p.level for p in rare} == {
        "en/topics/alpha.md": "warning",
        "en/topics/beta.md": "error",
        "en/topics/gamma.md": "warning",
    }


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 11, 24), 12, date(2027, 11, 24)),
        (date(2026, 12, 1), 3, date(2027, 3, 1)),
    ],
)
def test_months_are_counted_to_the_same_day_or_the_last(day: date, months: int, then: date) -> None:
    assert months_after(day, months) == then


def test_a_new_topic_is_a_file_that_says_what_is_still_missing(tmp_path: Path) -> None:
    path = start_topic(tmp_path / "mine", "our-nurse", today=TODAY)
    problems = check_all(path.parent)
    assert path.name == "our-nurse.md"
    assert {problem.rule for problem in problems} == {"reading"}
    assert any("nothing under this heading" in problem.sentence for problem in problems)
    with pytest.raises(TopicNotStarted, match="is there already"):
        start_topic(tmp_path / "mine", "our-nurse")
    with pytest.raises(TopicNotStarted, match="can not be an id"):
        start_topic(tmp_path, "Our Nurse")
    with pytest.raises(TopicNotStarted, match="There is no group"):
        start_topic(tmp_path, "other", group="garden")
