"""What a store remembers of where its messages go, and what an operator is warned of."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import nullcontext
from pathlib import Path

import pytest

from botkit.errors import UsageError
from botkit.gateway.compose import compose
from botkit.gateway.profile import Profile
from botkit.server.health import SANDBOX_NOTICE
from botkit.server.target import accept_target, claim_target, dangers, shown_target, target_of
from botkit.settings import Log, Server, Settings
from botkit.store.sqlite import SqliteStore

WEBHOOK = {"path": "/in", "rules": [{"kind": "message", "fields": {"id": "id", "contact": "from"}}]}


def real(host: str = "api.example.com", key: str = "one", auth: str = "hmac") -> Profile:
    """Return the profile of a real gateway."""
    signed = {"kind": "hmac", "header": "X-Signature", "secret": "two"} if auth == "hmac" else {"kind": auth}
    return compose(
        {
            "base_url": f"https://{host}",
            "api_key": key,
            "send": {"text": {"path": "/send", "body": {"to": "{{ to }}", "text": "{{ text }}"}}},
            "id": "id",
            "webhook": {**WEBHOOK, "auth": signed},
        }
    )


SANDBOX = compose({"base_url": "sandbox"})
REAL = real()


@pytest.mark.parametrize(
    ("before", "now", "taken"),
    [
        ({"a": SANDBOX}, {"a": SANDBOX}, True),
        ({"a": REAL}, {"a": REAL}, True),
        ({"a": REAL}, {"a": real(key="rotated")}, True),
        ({"a": REAL}, {"a": REAL, "b": real("other.example.com")}, True),
        ({"a": SANDBOX}, {"a": REAL}, False),
        ({"a": REAL}, {"a": SANDBOX}, False),
        ({"a": REAL}, {"a": real("other.example.com")}, False),
        ({"a": SANDBOX}, {"renamed": REAL}, False),
        ({"a": REAL}, {"a": REAL, "b": SANDBOX}, False),
        ({}, {"a": REAL, "b": SANDBOX}, False),
    ],
)
async def test_claim(before: Mapping[str, Profile], now: Mapping[str, Profile], taken: bool) -> None:
    """A store stays with its target: a new key is a rotation, another host is another target."""
    store = await SqliteStore.open(":memory:")
    await claim_target(store, before)
    with nullcontext() if taken else pytest.raises(UsageError, match="this store"):
        await claim_target(store, now)
    await store.close()


async def test_accepted_target() -> None:
    """An operator's word moves a store from one gateway to another; then the former one is refused."""
    store, other = await SqliteStore.open(":memory:"), real("other.example.com")
    await claim_target(store, {"a": REAL})
    with pytest.raises(UsageError, match="--accept-target"):
        await claim_target(store, {"a": other})
    assert await accept_target(store, {"a": other}) == {
        "a": ("waconecta api.example.com", "waconecta other.example.com")
    }
    assert await accept_target(store, {"a": other}) == {}
    await claim_target(store, {"a": other})
    with pytest.raises(UsageError, match="this store was used with waconecta other"):
        await claim_target(store, {"a": REAL})
    await store.close()


@pytest.mark.parametrize(
    ("before", "now"),
    [({"a": SANDBOX}, {"a": REAL}), ({"a": REAL}, {"a": SANDBOX}), ({"a": REAL}, {"b": SANDBOX})],
)
async def test_no_word_mixes(before: Mapping[str, Profile], now: Mapping[str, Profile]) -> None:
    """No word moves a store between the sandbox and people; the advice is another file."""
    store = await SqliteStore.open(":memory:")
    await claim_target(store, before)
    with pytest.raises(UsageError, match="set another file") as refused:
        await accept_target(store, now)
    assert "pon otro archivo" in refused.value.told("es")
    await store.close()


def test_names() -> None:
    """A target is the sandbox, or the profile and the host."""
    assert (target_of(SANDBOX), target_of(REAL)) == ("sandbox", "waconecta api.example.com")
    assert shown_target({"a": SANDBOX}) == SANDBOX_NOTICE


@pytest.mark.parametrize(
    ("settings", "profile", "warned"),
    [
        ({}, REAL, ""),
        ({"log": Log(personal="true")}, REAL, "log.personal"),  # type: ignore[arg-type]
        ({}, real(auth="none"), "auth: none"),
        ({"server": Server(host="0.0.0.0")}, REAL, ""),
        ({"server": Server(host="0.0.0.0")}, SANDBOX, "0.0.0.0 can be reached"),
        ({"server": Server(host="::1")}, SANDBOX, ""),
    ],
)
def test_dangers(settings: Mapping[str, object], profile: Profile, warned: str, tmp_path: Path) -> None:
    """Each setting that gives safety away is named, nothing else."""
    told = dangers(Settings.model_validate({"channels": {}, **settings}), {"whatsapp": profile}, tmp_path)
    assert [warned in each for each in told] == ([True] if warned else [])
