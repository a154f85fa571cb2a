"""Where messages go: what a store remembers of it, and what an operator must be told about it."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

import orjson

from botkit.errors import UsageError
from botkit.gateway.profile import Profile
from botkit.ports import DeskStore
from botkit.rights import root_for
from botkit.server.health import SANDBOX_NOTICE
from botkit.settings import Settings

#: Name of the fact that a store keeps: JSON, channel -> target.
META = "target"
SANDBOX = "sandbox"


def target_of(profile: Profile) -> str:
    """Return `sandbox`, or the profile's name and the gateway's host."""
    return SANDBOX if profile.sandbox else f"{profile.name} {urlsplit(profile.base_url).netloc}"


def shown_target(profiles: Mapping[str, Profile]) -> str:
    """Return the targets as the `ready` line and `/readyz` name them."""
    targets = {SANDBOX_NOTICE if profile.sandbox else target_of(profile) for profile in profiles.values()}
    return ", ".join(sorted(targets))


async def claim_target(store: DeskStore, profiles: Mapping[str, Profile]) -> None:
    """Remember each channel's target in the store; raises UsageError when it was another one.

    Unsent messages of the sandbox must never reach people, and those for people never vanish in the sandbox; so a
    channel under a new name is no way around it.
    """
    known = await _known(store)
    if (error := refusal(known, profiles)) is not None:
        raise error
    await _remember(store, known, profiles)


async def accept_target(store: DeskStore, profiles: Mapping[str, Profile]) -> dict[str, tuple[str, str]]:
    """Remember each channel's new target by an operator's word; return channel -> old and new of those that changed.

    What waits then leaves by the new one. Only between gateways that serve people: raises UsageError where the sandbox
    is one of them.
    """
    known, targets = await _known(store), _targets(profiles)
    if (error := _mixture(known, targets)) is not None:
        raise error
    await _remember(store, known, profiles)
    return {name: (known[name], target) for name, target in targets.items() if known.get(name, target) != target}


async def _known(store: DeskStore) -> dict[str, str]:
    known: dict[str, str] = orjson.loads(await store.get_meta(META) or "{}")
    return known


async def _remember(store: DeskStore, known: Mapping[str, str], profiles: Mapping[str, Profile]) -> None:
    now = {**known, **_targets(profiles)}
    if now != known:
        await store.set_meta(META, orjson.dumps(now).decode())


def _targets(profiles: Mapping[str, Profile]) -> dict[str, str]:
    return {channel: target_of(profile) for channel, profile in profiles.items()}


def refusal(known: Mapping[str, str], profiles: Mapping[str, Profile]) -> UsageError | None:
    """Return why a store whose channels had these targets is not used with these profiles; None if it may be."""
    targets = _targets(profiles)
    if (error := _mixture(known, targets)) is not None:
        return error
    moved = next((name for name, target in targets.items() if known.get(name, target) != target), None)
    if moved is None:
        return None
    (why, es), word = _moved(known, targets, moved), "`botkit doctor --accept-target`"
    return _refusal(
        f"{why}; if it has moved, {word}, and what waits leaves by the new one",
        f"{es}; si se mudó, {word}, y lo que espera sale por el nuevo",
    )


def _mixture(known: Mapping[str, str], targets: Mapping[str, str]) -> UsageError | None:
    """Return why no word has a store go from one of sandbox and people to the other, or hold both; None if it need not.

    Of channels that changed the first is named.
    """
    now = {*known.values(), *targets.values()}
    if SANDBOX not in now or now == {SANDBOX}:
        return None
    others, advice = ", ".join(sorted(now - {SANDBOX})), "set another file as 'store' in config.yaml"
    why = f"cannot hold both the sandbox and {others}", f"no puede tener a la vez el sandbox y {others}"
    moved = next((name for name, target in targets.items() if known.get(name, target) != target), None)
    why = why if moved is None else _moved(known, targets, moved)
    return _refusal(f"{why[0]}; {advice}", f"{why[1]}; pon otro archivo como 'store' en config.yaml")


def _moved(known: Mapping[str, str], targets: Mapping[str, str], channel: str) -> tuple[str, str]:
    return (
        f"was used with {known[channel]}, and channel '{channel}' now means {targets[channel]}",
        f"se usó con {known[channel]}, y el canal '{channel}' ahora es {targets[channel]}",
    )


def _refusal(why: str, es: str) -> UsageError:
    return UsageError(f"this store {why}", f"este almacén {es}")


def dangers(settings: Settings, profiles: Mapping[str, Profile], folder: Path) -> list[str]:
    """Return what in the settings gives safety away, a sentence each; `folder` is that of config.yaml."""
    told = []
    if (owner := root_for(settings.store_path(folder).parent)) is not None:
        told.append(f"it runs as root, and the store's folder is {owner}'s: run it as {owner}")
    if settings.log.personal:
        told.append("log.personal writes numbers, names and texts into the log")
    if settings.admin is not None and not is_loopback(settings.admin.host):
        told.append(f"the admin token travels in the clear to {settings.admin.host}, which others can reach")
    for channel, profile in profiles.items():
        auth = profile.webhook.auth if profile.webhook else None
        if auth is not None and auth.kind == "none":
            told.append(f"channel '{channel}' takes webhooks from anybody (auth: none)")
        if profile.on_uncertain == "drop":
            told.append(f"channel '{channel}' gives up messages whose answer was lost (on_uncertain: drop)")
        if profile.sandbox and not is_loopback(settings.server.host):
            told.append(f"the sandbox's secret is known to all, and {settings.server.host} can be reached by others")
    return told


def is_loopback(host: str) -> bool:
    """Tell whether only this machine reaches `host`."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
