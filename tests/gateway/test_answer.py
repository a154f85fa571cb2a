from __future__ import annotations

from typing import Any

import pytest

from botkit.gateway.answer import Judge, read_retry_after
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
