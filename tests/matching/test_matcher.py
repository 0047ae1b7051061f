"""From what was heard to what was meant, with the model that ships."""

from __future__ import annotations

import math
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from assistant.choices import World
from assistant.matching import Bands, Matcher, Ranking, decide, normalise
from assistant.matching.matcher import LEAST, POOLING, pooled
from assistant.startup import make_matcher

WORDS = ["what", "is", "als", "oxygen", "riluzole", "how", "my", "hands", "weak", "tired", "cure", "banana", "xqz"]
QUESTION = st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join)


def valid(ranking: Ranking) -> bool:
    probabilities = [candidate.probability for candidate in ranking.candidates]
    return (
        all(0 <= p <= 1 and math.isfinite(p) for p in [*probabilities, ranking.none])
        and sum(probabilities) + ranking.none <= 1 + 1e-9
        and probabilities == sorted(probabilities, reverse=True)
        and len({candidate.topic for candidate in ranking.candidates}) == len(probabilities) <= 10
    )


@given(texts=st.lists(st.one_of(st.text(), QUESTION), max_size=7))
@settings(max_examples=150)
def test_any_text_at_all_gives_a_valid_ranking(matcher: Matcher, texts: list[str]) -> None:
    assert valid(matcher.rank(texts))


@given(texts=st.lists(QUESTION, min_size=1, max_size=4))
@settings(max_examples=50)
def test_saying_the_same_twice_changes_nothing(matcher: Matcher, texts: list[str]) -> None:
    repeated = [again for text in texts for again in (text, text.upper(), f"  {text}?")]
    assert matcher.rank(repeated) == matcher.rank(texts)


@given(first=QUESTION, second=QUESTION)
@settings(max_examples=50)
def test_a_better_hypothesis_counts_more(matcher: Matcher, first: str, second: str) -> None:
    """With it in front, each of its own candidates is at least as likely as with it behind."""
    alone = matcher.rank([first])
    other = {c.topic: c.probability for c in matcher.rank([second]).candidates}
    ahead = {c.topic: c.probability for c in matcher.rank([first, second]).candidates}
    behind = {c.topic: c.probability for c in matcher.rank([second, first]).candidates}
    if alone.candidates and other:
        best = alone.candidates[0]
        if best.topic in ahead and best.topic in behind and best.probability > other.get(best.topic, 1.0):
            assert ahead[best.topic] >= behind[best.topic] - 1e-9


def test_two_recognisers_that_disagree_are_not_believed(matcher: Matcher) -> None:
    """Each alone would be answered; together they are not, and both topics stay in sight."""
    first, second = "what is riluzole", "tell me about palliative care"
    assert {decide(matcher.rank([heard]), Bands()).kind for heard in (first, second)} == {"answer"}
    together = matcher.rank([first], others=[second])
    assert decide(together, Bands()).kind in ("choose", "confirm")
    topics = {matcher.rank([heard]).candidates[0].topic for heard in (first, second)}
    assert {candidate.topic for candidate in together.candidates[:2]} == topics
    assert valid(together)


@given(texts=st.lists(QUESTION.filter(bool), min_size=1, max_size=6), others=st.lists(QUESTION, max_size=4))
@settings(max_examples=40)
def test_together_they_are_ranked_as_one_by_one(small: Matcher, texts: list[str], others: list[str]) -> None:
    """The plain twin of encoding all guesses together: each is ranked alone, and the better counts more."""

    def plainly(guesses: list[str]) -> dict[str, float]:
        heard = list(dict.fromkeys(filter(None, map(normalise, guesses))))[:5]
        shares = [0.5**place for place in range(len(heard))]
        alone = [{c.topic: c.probability for c in small.rank([text]).candidates} for text in heard]
        weighed = zip(shares, alone, strict=True)
        total: dict[str, float] = dict.fromkeys(("als", "oxygen", "tired"), 0.0)
        for share, found in weighed:
            for topic in total:
                total[topic] += share / sum(shares) * found[topic]
        return total

    heard = [guesses for guesses in (texts, others) if any(map(normalise, guesses))]
    best = {next(filter(None, map(normalise, guesses))) for guesses in heard}
    lists = [plainly(guesses if len(best) == len(heard) else list(best)) for guesses in heard]
    expected = lists[0]
    if len(best) == 2:
        scores = {topic: _pool(lists[0][topic], lists[1][topic]) for topic in expected}
        total = sum(scores.values()) + _pool(*(1 - sum(one.values()) for one in lists))
        expected = {topic: score / total for topic, score in scores.items()}
    for candidate in small.rank(texts, others=others).candidates:
        assert candidate.probability == pytest.approx(expected[candidate.topic], abs=1e-4)


def _pool(first: float, second: float) -> float:
    parts = zip(((first + second) / 2, first, second), POOLING, strict=True)
    return float(math.prod((likely + LEAST) ** weight for likely, weight in parts))


@pytest.fixture(scope="module")
def small() -> Matcher:
    """So few topics that all are among the candidates."""
    return Matcher({"als": ["What is ALS?"], "oxygen": ["Do I need oxygen?"], "tired": ["Why am I tired?"]})


TWO_OPINIONS = (
    st.integers(3, 40)
    .flatmap(lambda topics: arrays(np.float64, (2, topics), elements=st.floats(1e-6, 1)))
    .map(lambda likely: likely / likely.sum(axis=1, keepdims=True))
)


@given(opinions=TWO_OPINIONS)
def test_two_opinions_make_one(opinions: NDArray[np.float64]) -> None:
    both = pooled(*opinions)
    assert both.sum() == pytest.approx(1)
    assert (both >= 0).all()
    ahead = (opinions[:, :1] > opinions[:, 1:]).all(axis=0)
    assert (both[1:][ahead] < both[0]).all()  # what both find less likely stays so


@given(opinions=TWO_OPINIONS)
def test_an_opinion_that_is_shared_becomes_surer(opinions: NDArray[np.float64]) -> None:
    one = opinions[0]
    assert pooled(one, one).max() >= one.max() - len(one) * LEAST


@given(sure=st.floats(0.9, 1), other=st.floats(0.9, 1), topics=st.integers(10, 120))
def test_where_two_recognisers_are_sure_of_different_topics_it_is_asked(sure: float, other: float, topics: int) -> None:
    first, second = np.full(topics + 1, (1 - sure) / topics), np.full(topics + 1, (1 - other) / topics)
    first[0], second[1] = sure, other
    assert pooled(first, second).max() < Bands().answer


def test_two_recognisers_that_agree_are_believed(matcher: Matcher) -> None:
    both = matcher.rank(["what is riluzole"], others=["What is riluzole?"])
    assert both == matcher.rank(["what is riluzole"])


@pytest.mark.parametrize("texts", [[], [""], ["  ", "?!"], ["\x00"]])
def test_nothing_heard_means_none_of_the_topics(matcher: Matcher, texts: list[str]) -> None:
    ranking = matcher.rank(texts)
    assert ranking == Ranking((), 1.0)
    assert decide(ranking, Bands()).kind == "decline"


def test_every_question_in_the_content_leads_to_its_topic(world: World, matcher: Matcher) -> None:
    """Word for word it is answered, or offered where another topic is asked nearly the same way."""
    asked = [(question, topic.id) for topic in world.topics.values() for question in topic.questions]
    kinds = []
    for question, topic in asked:
        outcome = decide(matcher.rank([question]), Bands())
        assert topic in [c.topic for c in outcome.topics] or outcome.kind != "answer", question
        kinds.append(outcome.kind == "answer" and outcome.topics[0].topic == topic)
    assert np.mean(kinds) >= 0.9


@pytest.mark.parametrize("asked", ["{}", "what is {}?", "Tell me about {}, please", "the {}", "{} please"])
def test_a_name_of_a_topic_is_answered_whatever_is_said_around_it(matcher: Matcher, asked: str) -> None:
    for name, topic in (("riluzole", "riluzole"), ("eye gaze", "eye-gaze"), ("palliative care", "palliative-care")):
        outcome = decide(matcher.rank([asked.format(name)]), Bands())
        assert (outcome.kind, outcome.topics[0].topic) == ("answer", topic), asked.format(name)


@pytest.mark.parametrize(
    "question",
    ["who won the football", "turn off the lights", "tell me a joke", "what is the capital of france", "feed the dog"],
)
def test_small_talk_is_not_answered(matcher: Matcher, question: str) -> None:
    assert decide(matcher.rank([question]), Bands()).kind in ("decline", "choose")


def test_a_family_can_add_a_topic_the_fit_has_never_seen(world: World) -> None:
    ways = {topic.id: (*topic.questions, topic.title, topic.say) for topic in world.topics.values()}
    ways["our-hoist"] = (
        "How does our ceiling hoist work?",
        "Which button lifts the hoist?",
        "The hoist is stuck",
        "Where is the remote of the hoist?",
    )
    matcher = Matcher(ways)
    for asked in ("the hoist is stuck", "where did we put the hoist remote", "how do I work the ceiling hoist"):
        assert matcher.rank([asked]).candidates[0].topic == "our-hoist", asked
    assert matcher.rank(["what is als"]).candidates[0].topic == "what-is-als"
    assert decide(matcher.rank(["who won the football"]), Bands()).kind == "decline"


@given(name=st.text(min_size=1), ways=st.lists(st.text(), max_size=4))
@settings(max_examples=30)
def test_topics_of_any_shape_can_be_known(name: str, ways: list[str]) -> None:
    matcher = Matcher({"oxygen": ("Can I have oxygen?",), name: ways, "empty": ()})
    assert valid(matcher.rank(["oxygen", *ways]))


def test_a_matcher_that_knows_nothing_finds_nothing() -> None:
    assert Matcher({}).rank(["what is als"]) == Ranking((), 1.0)


def test_what_a_person_means_by_a_phrase_counts_for_them(matcher: Matcher) -> None:
    meant = [("the blue thing", "what-is-als")]
    assert matcher.rank(["The blue thing!"], aliases=meant).candidates[0].topic == "what-is-als"
    assert matcher.rank(["The blue thing!"], aliases=[("the blue thing", "gone")]) == matcher.rank(["the blue thing"])


def test_a_question_takes_a_few_milliseconds(world: World, matcher: Matcher) -> None:
    asked = [topic.questions[0] for topic in world.topics.values()]
    matcher.rank(asked[:1])
    times = []
    for question in asked:
        begun = time.perf_counter()
        matcher.rank([question])
        times.append(time.perf_counter() - begun)
    assert float(np.median(times)) < 0.02


def test_the_matcher_for_the_content_is_made_quickly(world: World) -> None:
    begun = time.perf_counter()
    make_matcher(world)
    assert time.perf_counter() - begun < 15  # phrases newer than the last fit are encoded first, 2 to 10 ms each
