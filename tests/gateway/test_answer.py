from __future__ import annotations

from typing import Any

import pytest

from botkit.gateway.answer import Judge, read_clock, read_retry_after, read_spent
from tests.gateway.captured import sandbox_profile

NOW = 1_700_000_000.0


@pytest.mark.parametrize(
    ("status", "body", "verdict"),
    [
        (200, b'{"id": "m1"}', "sent"),
        (201, b'{"id": 7}', "sent"),
        (200, b"<html>", "unreadable"),
        (200, b"", "unreadable"),
        (200, None, "unreadable"),
        (200, b'{"ok": true}', "unreadable"),
        (200, b"[]", "unreadable"),
        (301, b"", "redirect"),
        (307, b'{"id": "m1"}', "redirect"),
        (400, b"{}", "refused"),
        (404, b"", "refused"),
        (405, b"", "refused"),
        (409, b"", "refused"),
        (413, b"", "refused"),
        (415, b"", "refused"),
        (422, b"", "refused"),
        (401, b"", "unauthorized"),
        (403, b"", "unauthorized"),
        (408, b"", "silent"),
        (429, b"", "throttled"),
        (503, b"", "unavailable"),
        (500, b'{"id": "m1"}', "server_error"),
        (502, b"", "server_error"),
        (504, b"", "server_error"),
    ],
)
def test_every_row_of_the_answers_table(status: int, body: bytes | None, verdict: str) -> None:
    """A status, and for 2xx the body, is one word."""
    assert Judge(sandbox_profile()).judge(status, body)[0] == verdict


@pytest.mark.parametrize(
    ("own", "status", "body", "verdict"),
    [
        ({"success": {"when": "success"}}, 200, b'{"success": true, "id": "1"}', "sent"),
        ({"success": {"when": "success"}}, 200, b'{"success": false, "id": "1"}', "refused"),
        ({"success": {"statuses": [201]}}, 200, b'{"id": "1"}', "unreadable"),
        ({"errors": {"retry": [502]}}, 502, b"", "unavailable"),
        ({"errors": {"never": [500]}}, 500, b"", "refused"),
        ({"id": "data.key || id"}, 200, b'{"data": {"key": "k"}}', "sent"),
    ],
)
def test_a_profile_may_read_answers_its_own_way(own: dict[str, Any], status: int, body: bytes, verdict: str) -> None:
    """Some gateways say 200 and mean no."""
    assert Judge(sandbox_profile(**own)).judge(status, body)[0] == verdict


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("12", 12.0),
        (" 1.5 ", 1.5),
        ("0", 0.0),
        ("99999", 900.0),
        ("9" * 400, 900.0),
        ("1_000", None),
        ("-3", None),
        ("soon", None),
        ("", None),
        ("nan", None),
        ("inf", None),
        ("Tue, 14 Nov 2023 22:14:00 GMT", 40.0),
        ("Tue, 14 Nov 2023 22:00:00 GMT", None),
        ("Wed, 14 Nov 2063 22:00:00 GMT", 900.0),
        ("Tue, 99 Nov 2023", None),
    ],
)
def test_retry_after_in_seconds_or_as_a_date(header: str | None, seconds: float | None) -> None:
    """Garbage and the past name no pause; none is longer than fifteen minutes."""
    assert read_retry_after(header, NOW) == seconds


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "40"}, 40.0),
        ({"RateLimit-Remaining": "0", "RateLimit-Reset": "1.5"}, 1.5),
        ({"X-Rate-Limit-Remaining": "-2", "X-Rate-Limit-Reset": str(NOW + 30)}, 30.0),
        ({"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str((NOW + 30) * 1000)}, 30.0),
        ({"X-RateLimit-Remaining": "1", "X-RateLimit-Reset": "40"}, None),
        ({"X-RateLimit-Remaining": "0"}, None),
        ({"X-RateLimit-Reset": "40"}, None),
        ({"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "0"}, None),
        ({"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "86400"}, None),
        ({"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(NOW - 5)}, None),
        ({"X-RateLimit-Remaining": "none", "X-RateLimit-Reset": "soon"}, None),
        ({}, None),
    ],
)
def test_nothing_is_left(headers: dict[str, str], seconds: float | None) -> None:
    """Only that nothing is left counts, with a time at which the limit is whole again."""
    assert read_spent(headers, NOW) == (None if seconds is None else pytest.approx(seconds))


#: 1,700,000,000 s.
DATE = "Tue, 14 Nov 2023 22:13:20 GMT"


@pytest.mark.parametrize(
    ("sent", "answered", "off_s"),
    [
        (0.5, 0.6, 0.0),
        (-3.0, 0.1, 0.0),  # slow to answer: the date may be as old as the request or as new as the answer
        (0.9, 8.0, 0.0),
        (5.0, 5.5, 4.0),  # the second may just be over
        (-5.0, -4.0, -4.0),
        (401.0, 401.1, 400.0),
    ],
)
def test_how_far_a_clock_is_off(sent: float, answered: float, off_s: float) -> None:
    """Only what no wait and no fraction of a second explains counts, ahead or behind."""
    assert read_clock(DATE, NOW + sent, NOW + answered) == off_s


@pytest.mark.parametrize("date", [None, "", "yesterday", "99"])
def test_a_gateway_without_a_date_tells_no_time(date: str | None) -> None:
    """What is no date is as none."""
    assert read_clock(date, NOW, NOW) is None
