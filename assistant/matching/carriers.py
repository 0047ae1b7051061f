"""What people say around a question without meaning anything by it: "please", "tell me about ...", "what is ..."."""

from __future__ import annotations

import re

_OPENINGS = (
    "please", "ok", "okay", "so", "and", "hello", "hi", "um", "uh", "er", "well", "sorry", "excuse me",
    "can you tell me", "could you tell me", "can you explain", "could you explain", "can you say", "tell me",
    "tell us", "explain", "i want to know", "we want to know", "i would like to know", "i want to hear",
    "i would like to hear", "i want to ask", "i would like to ask", "i need to know", "i wonder", "do you know",
    "talk to me", "talk", "read me", "read", "say something", "something", "anything", "information", "info",
    "a question", "my question is", "i have a question", "question", "more", "all", "about", "what about",
    "how about", "what is", "what are", "what is meant by", "the topic", "topic",
)  # fmt: skip
_LITTLE = ("the", "a", "an", "my", "our", "his", "her")
_CLOSINGS = ("please", "thanks", "thank you", "for me")
_FRONT = re.compile(rf"^(?:{'|'.join(sorted((*_OPENINGS, *_LITTLE), key=len, reverse=True))})\b ?")
_BACK = re.compile(rf" ?\b(?:{'|'.join(_CLOSINGS)})$")


def bare(text: str) -> str:
    """The normalised `text` without its openings and closings; whole where nothing else is in it.

    "tell me about the feeding tube please" is "feeding tube".
    """
    rest = text
    while shorter := _BACK.sub("", _FRONT.sub("", rest)).strip():
        if shorter == rest:
            return rest
        rest = shorter
    return text
