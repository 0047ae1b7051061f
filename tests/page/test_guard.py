"""Who is let in, decided without a network."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import Headers

from assistant.showing.guard import HEADERS, cookie_name, new_key, refusal

PORT, KEY = 8123, "k" * 43
OURS = f"127.0.0.1:{PORT}"
token_text = st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=60)


def asked(method: str = "GET", offered: str = "", **headers: str) -> int:
    usual = {"host": OURS, "authorization": f"Bearer {KEY}", "content-type": "application/json"}
    merged = {**usual, **{name.replace("_", "-"): value for name, value in headers.items()}}
    found = refusal(method, Headers(merged), port=PORT, key=KEY, offered=offered)
    return found.status if found else 0


def test_our_own_page_and_a_program_with_the_key_are_let_in() -> None:
    assert asked() == 0
    assert asked(host=f"localhost:{PORT}", origin=f"http://localhost:{PORT}", sec_fetch_site="same-origin") == 0
    assert asked("POST", origin=f"http://{OURS}", sec_fetch_site="same-origin") == 0
    assert asked(authorization="", cookie=f"{cookie_name(PORT)}={KEY}") == 0
    assert asked(authorization="", offered=KEY) == 0


@given(token_text.filter(lambda host: host not in (OURS, f"localhost:{PORT}")))
def test_no_other_name_of_this_computer_is_answered(host: str) -> None:
    assert asked(host=host) == 403


@given(token_text.filter(lambda origin: origin != f"http://{OURS}"))
def test_no_other_origin_is_answered(origin: str) -> None:
    assert asked(origin=origin) == 403
    assert asked("POST", origin=origin) == 403


@given(token_text.filter(lambda key: key != KEY))
def test_no_other_key_opens(key: str) -> None:
    assert asked(authorization=f"Bearer {key}", cookie=f"{cookie_name(PORT)}={key}", offered=key) == 403


def test_the_two_names_of_this_computer_are_not_mixed() -> None:
    assert asked(host=f"localhost:{PORT}", origin=f"http://{OURS}") == 403


def test_another_site_in_the_same_browser_is_refused_whatever_else_it_brings() -> None:
    assert asked(sec_fetch_site="cross-site") == 403
    assert asked(sec_fetch_site="same-site") == 403  # another port of this computer
    assert asked("POST", origin="null") == 403


def test_what_changes_something_is_json_by_post() -> None:
    assert asked("POST", content_type="text/plain") == 415
    assert asked("POST", content_type="application/x-www-form-urlencoded") == 415
    assert asked("DELETE") == 405
    assert asked("OPTIONS") == 405


def test_a_cookie_of_another_port_is_not_ours() -> None:
    assert asked(authorization="", cookie=f"{cookie_name(PORT + 1)}={KEY}") == 403


def test_keys_are_long_and_new_each_time() -> None:
    keys = {new_key() for _ in range(100)}
    assert len(keys) == 100
    assert all(len(key) * 6 >= 128 for key in keys)


def test_nothing_from_elsewhere_may_load_and_nobody_may_frame_the_page() -> None:
    policy = HEADERS["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "http" not in policy
    assert "unsafe" not in policy
