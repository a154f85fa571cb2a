"""Where messages go: what a store remembers of it, and what an operator must be told about it."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import ip_address
from urllib.parse import urlsplit

import orjson

from botkit.errors import UsageError
from botkit.gateway.profile import Profile
from botkit.ports import DeskStore
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
    known: dict[str, str] = orjson.loads(await store.get_meta(META) or "{}")
    if (error := refusal(known, profiles)) is not None:
        raise error
    now = known | {channel: target_of(profile) for channel, profile in profiles.items()}
    if now != known:
        await store.set_meta(META, orjson.dumps(now).decode())


def refusal(known: Mapping[str, str], profiles: Mapping[str, Profile]) -> UsageError | None:
    """Return why a store whose channels had these targets is not used with these profiles; None if it may be."""
    targets = {channel: target_of(profile) for channel, profile in profiles.items()}
    for channel, target in targets.items():
        if known.get(channel, target) != target:
            return _refusal(
                f"was used with {known[channel]}, and channel '{channel}' now means {target}",
                f"se usó con {known[channel]}, y el canal '{channel}' ahora es {target}",
            )
    now = {*known.values(), *targets.values()}
    if SANDBOX in now and now != {SANDBOX}:
        others = ", ".join(sorted(now - {SANDBOX}))
        return _refusal(f"cannot hold both the sandbox and {others}", f"no puede tener a la vez el sandbox y {others}")
    return None


def _refusal(why: str, es: str) -> UsageError:
    return UsageError(
        f"this store {why}; set another file as 'store' in config.yaml",
        f"este almacén {es}; pon otro archivo como 'store' en config.yaml",
    )


def dangers(settings: Settings, profiles: Mapping[str, Profile]) -> list[str]:
    """Return what in the settings gives safety away, a sentence each."""
    told = []
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
