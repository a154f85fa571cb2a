"""The phone page's files."""

import re

import pytest

from botkit.gateway.sandbox.page import FILES
from tests.sandbox.conftest import Client


@pytest.mark.parametrize("path", FILES)
async def test_policy(client: Client, path: str) -> None:
    """Every file comes with a policy that allows nothing inline and nothing from elsewhere."""
    async with client.http.get(path) as response:
        assert response.status == 200
        assert response.content_type == FILES[path][1]
        policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'; script-src 'self'; style-src 'self'" in policy
    assert "unsafe" not in policy


async def test_words_are_translated(client: Client) -> None:
    """Both languages have the same words, but for causes, which are written in English."""
    async with client.http.get("/words.js") as response:
        _, spanish, english = re.split(r"^  (?:es|en): \{$", await response.text(), flags=re.MULTILINE)
    keys = [set(re.findall(r"^    (\w+):", part, flags=re.MULTILINE)) for part in (spanish, english)]
    assert keys[0] == keys[1]
    assert len(keys[0]) > 30


async def test_no_markup_from_text(client: Client) -> None:
    """No script makes markup out of text."""
    for path in FILES:
        async with client.http.get(path) as response:
            assert not re.search(
                r"innerHTML|outerHTML|insertAdjacentHTML|eval\(|document\.write", await response.text()
            )
