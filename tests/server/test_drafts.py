"""A channel as far as it is written: what is there can be used, and what is not is told where it belongs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from botkit.errors import ProblemsFound, UsageError
from botkit.gateway.ways_in import Poll, Webhook
from botkit.server.drafts import Draft, open_draft

CONFIG = """\
channels:
  uno:
    base_url: ${URL}
    api_key: ${KEY}
    send:
      text: {path: /m, body: {text: "{{ tex }}"}}
    webhook:
      path: /in
      auth: {kind: hmac, header: X-S, secret: "${SECRET}"}
      rules: [{kind: message, fields: {contact: from}}]
  dos: {base_url: sandbox}
"""
RULES = "[{kind: message, fields: {id: id, contact: from}}]"

Open = Callable[..., Draft]


@pytest.fixture
def draft(tmp_path: Path) -> Open:
    """Open a channel of a config.yaml."""

    def open_(name: str | None = "uno", env: dict[str, str] | None = None, text: str = CONFIG) -> Draft:
        (tmp_path / "config.yaml").write_text(text)
        return open_draft(tmp_path / "config.yaml", env or {}, name)

    return open_


def told(draft: Draft, *keys: str) -> list[tuple[str, int]]:
    """Return code and line of what is wrong about some keys."""
    return [(problem.code, problem.place.line) for problem in draft.wrong(*keys)]


def test_wrong(draft: Open) -> None:
    """What is wrong is told by keys: in them, around them and at them, and no other."""
    found = draft()
    assert told(found, "base_url") == [("variable-unset", 3)]
    assert told(found, "api_key", "auth") == [("variable-unset", 4)]
    assert told(found, "send.text") == [("config-value", 6)]
    assert told(found, "send.image") == []
    assert told(found, "webhook.auth.secret") == told(found, "webhook") == [("variable-unset", 9)]
    assert told(found, "id") == [("missing-of-gateway", 3)]


def test_unset_variable(draft: Open) -> None:
    """A variable that is not set stands as it is written; what is set is filled in."""
    assert draft().data["base_url"] == "${URL}"
    assert draft(env={"URL": "https://a.example"}).data["base_url"] == "https://a.example"


def test_part(draft: Open) -> None:
    """A part that is sound is had, whatever the rest is; a part that is wrong is told."""
    assert draft().part("rate").rate.limit == 30
    with pytest.raises(ProblemsFound) as caught:
        draft().part("send")
    assert [problem.code for problem in caught.value.problems] == ["config-value"]


def test_way_in(draft: Open) -> None:
    """The webhook is had without its secret; what is polled is had where that is asked for, or is all there is."""
    way = draft().way_in(polled=False, with_auth=False)
    assert isinstance(way, Webhook)
    assert way.auth is None
    with pytest.raises(UsageError, match=r"no 'inbound\.poll'"):
        draft().way_in(polled=True, with_auth=False)
    poll = f"inbound: {{poll: {{request: {{path: /n}}, rules: {RULES}}}}}"
    both = f"channels: {{uno: {{{poll}, webhook: {{path: /in, rules: {RULES}}}}}}}"
    assert isinstance(draft(text=both).way_in(polled=False, with_auth=False), Webhook)
    assert isinstance(draft(text=both).way_in(polled=True, with_auth=False), Poll)
    assert isinstance(draft(text=f"channels: {{uno: {{{poll}}}}}").way_in(polled=False, with_auth=False), Poll)
    with pytest.raises(ProblemsFound) as caught:
        draft(text="channels: {uno: {base_url: https://a.example}}").way_in(polled=False, with_auth=False)
    assert "webhook" in {problem.values.get("key") for problem in caught.value.problems}


@pytest.mark.parametrize(("name", "said"), [(None, "uno, dos"), ("unos", "did you mean 'uno'?"), ("x", "uno, dos")])
def test_which(draft: Open, name: str | None, said: str) -> None:
    """Of several channels one is named; a name that there is not is told with those that there are."""
    with pytest.raises(UsageError) as caught:
        draft(name)
    assert said in str(caught.value)
    assert draft(None, text="channels: {dos: {base_url: sandbox}}").channel.name == "dos"


def test_broken(draft: Open) -> None:
    """A config.yaml that is wrong as a whole is told."""
    for text in ("channels: [", "channels: {}", "bot: 7\nchannels: {uno: {base_url: sandbox}}"):
        with pytest.raises(ProblemsFound):
            draft(text=text)
