"""What is said while the loudspeaker is away is said once it is back."""

from __future__ import annotations

from assistant.choices import World
from assistant.events import Alarm, Hush, Say, Troubled
from tests.talk import Talk, meaning

GONE = Troubled("loudspeaker", "The loudspeaker has stopped.")
BACK = Troubled("loudspeaker", "", lost=False)


def test_an_answer_nobody_heard_begins_anew_when_the_loudspeaker_is_back(world: World) -> None:
    talk = Talk(world).start().do(GONE)
    talk.ask("cramps", meaning("cramps"))
    answer = talk.now.last_text
    talk.do(BACK)
    assert [effect.text for effect in talk.effects if isinstance(effect, Say)] == [answer]
    assert isinstance(talk.effects[0], Hush)
    assert talk.now.place == talk.finish().now.place


def test_what_was_over_when_the_loudspeaker_came_back_is_not_said_again(world: World) -> None:
    talk = Talk(world).start().do(GONE)
    talk.ask("cramps", meaning("cramps")).finish().do(BACK)
    assert not [effect for effect in talk.effects if isinstance(effect, Say)]


def test_a_call_for_help_is_loud_again_when_the_loudspeaker_is_back(world: World) -> None:
    talk = Talk(world).start().do(GONE).ask("help me").finish().do(BACK)
    assert [effect.volume for effect in talk.effects if isinstance(effect, Say)] == [1.0]
    assert [effect for effect in talk.effects if isinstance(effect, Alarm)]


def test_a_loudspeaker_that_was_never_away_says_nothing_twice(world: World) -> None:
    talk = Talk(world).start().ask("cramps", meaning("cramps")).do(BACK)
    assert not [effect for effect in talk.effects if isinstance(effect, (Say, Hush))]
