"""From a channel of config.yaml to a profile: the shipped one, the sandbox's dialect if that is meant, its own keys.

All problems are found at once; each has a path into the channel's mapping, so that its caller can add file, line and
column. No message holds a value that may be secret.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import replace
from functools import cache
from importlib import resources
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import yaml
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from botkit.gateway.body import BodyError, compile_body
from botkit.gateway.near_key import OURS, near_key
from botkit.gateway.poll_check import check_poll
from botkit.gateway.problem import Path, ProfileProblem, ProfileProblems
from botkit.gateway.problem_words import MISSING, SPANISH, in_spanish
from botkit.gateway.profile import Profile
from botkit.gateway.rate_check import check_rate
from botkit.gateway.terms import AUTH_WORDS
from botkit.ports import Capabilities

#: The word that means the sandbox, and the words that work only there.
SANDBOX = "sandbox"
SANDBOX_WORDS = frozenset({"sandbox-key", "sandbox-secret"})
SANDBOX_URL = "http://127.0.0.1:8090"

#: Parts that are replaced whole: half of one request or of one signature makes no sense with half of another.
_WHOLE = {("webhook", "auth"), ("auth",), ("success",)}


def compose(channel: Mapping[str, Any], *, sandbox_url: str = SANDBOX_URL) -> Profile:
    """Return the profile of a channel, whose values are interpolated already; raises ProfileProblems.

    With `base_url: sandbox` the dialect is built in and `sandbox_url` is where it listens.
    """
    name = channel.get("profile", "waconecta")
    if name not in shipped():
        names = ", ".join(shipped())
        told = (f"there is no profile '{name}'", f"no hay un perfil '{name}'", f"there are: {names}", f"hay: {names}")
        raise ProfileProblems([ProfileProblem(("profile",), "unknown", *told)])
    sandbox = channel.get("base_url") == SANDBOX
    merged = _layered(channel, name)
    problems = [_unknown((key,)) for key in OURS if key in channel]
    if sandbox:
        merged |= {"base_url": sandbox_url, "api_key": "sandbox-key"}
    else:
        problems += [*_absent(merged), *_unfit(merged)]
    known = [each.path for each in problems]
    profile, others = _validate(merged | {"name": name, "sandbox": sandbox})
    problems += [each for each in others if each.path not in known]
    if profile is None or problems:
        raise ProfileProblems(problems)
    return profile


def capabilities_of(channel: Mapping[str, Any]) -> Capabilities:
    """Return what a channel shows, whatever else of it is missing or wrong; the least there is where that cannot be."""
    profile = part_of(channel, "capabilities", "send")
    return profile.shown if profile is not None else Capabilities()


def part_of(channel: Mapping[str, Any], *keys: str) -> Profile | None:
    """Return a profile of which only these keys are a channel's, however the others are; None where they are wrong."""
    name = channel.get("profile", "waconecta")
    merged = _layered(channel, name if name in shipped() else "waconecta")
    parts: dict[str, Any] = {key: merged[key] for key in keys if key in merged}
    profile, problems = _validate({"name": name, "base_url": SANDBOX_URL, "api_key": SANDBOX, **parts})
    return None if problems else profile


def shipped() -> list[str]:
    """Return the names of the profiles that come with botkit."""
    folder = resources.files("botkit.gateway") / "profiles"
    return sorted(file.name.removesuffix(".yaml") for file in folder.iterdir() if file.name.endswith(".yaml"))


def _layered(channel: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return a channel's keys on top of those of its profile, and of the sandbox's dialect if that is meant."""
    merged = _load(name)
    for layer in ([_dialect(channel)] if channel.get("base_url") == SANDBOX else []) + [dict(channel)]:
        merged = _merge(merged, layer)
    merged.pop("profile", None)
    return merged


def _dialect(channel: Mapping[str, Any]) -> dict[str, Any]:
    """Return the sandbox's dialect: with the way in that a channel names, the webhook if it names none."""
    dialect = _load(SANDBOX)
    if not isinstance(channel.get("inbound"), Mapping):
        dialect.pop("inbound")
    elif "webhook" not in channel:
        dialect.pop("webhook")
    return dialect


def _load(name: str) -> dict[str, Any]:
    return deepcopy(_parsed(name))


@cache
def _parsed(name: str) -> dict[str, Any]:
    """Return what a file that comes with botkit holds: to parse it takes longer than all that `compose` does else."""
    text = (resources.files("botkit.gateway") / "profiles" / f"{name}.yaml").read_text("utf-8")
    loaded: dict[str, Any] = yaml.safe_load(text)
    return loaded


def _merge(below: Mapping[str, Any], above: Mapping[str, Any], path: tuple[str, ...] = ()) -> dict[str, Any]:
    merged = dict(below)
    for key, value in above.items():
        here = (*path, str(key))
        whole = here in _WHOLE or here[:-1] == ("send",)
        old = merged.get(key)
        both = isinstance(old, Mapping) and isinstance(value, Mapping)
        merged[key] = _merge(old, value, here) if both and not whole else value  # type: ignore[arg-type]
    return merged


def _absent(merged: Mapping[str, Any]) -> Iterator[ProfileProblem]:
    polls = _lookup(merged, ("inbound", "poll")) is not None
    for path, hints in MISSING.items():
        if path == ("webhook",) and polls:
            continue
        parent = _lookup(merged, path[:-1])
        needed = parent is not None or path == ("send", "text")
        if needed and _lookup(merged, path) in (None, ""):
            yield _missing(path, *hints)


def _missing(path: Path, hint: str = "", hint_es: str = "") -> ProfileProblem:
    key = ".".join(map(str, path))
    return ProfileProblem(path, "missing", f"'{key}' is missing", f"falta '{key}'", hint, hint_es)


def _unknown(path: Path) -> ProfileProblem:
    key = path[-1]
    return ProfileProblem(path, "unknown", f"there is no key '{key}' here", f"aquí no hay una clave '{key}'")


def _lookup(value: Any, path: Path) -> Any:
    for key in path:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value


def _unfit(merged: Mapping[str, Any]) -> Iterator[ProfileProblem]:
    url = merged.get("base_url")
    if isinstance(url, str) and url and (reason := _refuse_url(url)):
        yield ProfileProblem(("base_url",), "refused", *reason)
    key = merged.get("api_key")
    if isinstance(key, str) and not (key.isascii() and key.isprintable() and key == key.strip()):
        told = (
            "a key is printable ASCII without spaces around it",
            "una clave es ASCII imprimible, sin espacios alrededor",
        )
        yield ProfileProblem(("api_key",), "invalid", *told)
    auth = _lookup(merged, ("webhook", "auth")) or {}
    secrets = auth.get("secrets") if isinstance(auth, Mapping) else None
    words: dict[Path, Any] = {("api_key",): key, ("webhook", "auth", "secret"): _lookup(auth, ("secret",))}
    if isinstance(secrets, list | tuple):
        words |= {("webhook", "auth", "secrets", index): each for index, each in enumerate(secrets)}
    for path, word in words.items():
        if isinstance(word, str) and word in SANDBOX_WORDS:
            told = f"'{word}' works only in the sandbox", f"'{word}' sirve solo en la pasarela de prueba"
            yield ProfileProblem(path, "refused", *told, "use the gateway's own", "usa la de la pasarela")


def _refuse_url(url: str) -> tuple[str, str, str, str] | None:
    """Return why `url` cannot be a gateway, in English and Spanish, and what to do."""
    write = "write it as 'https://api.example.com'", "escríbela como 'https://api.example.com'"
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        _ = parts.port
    except ValueError:
        return "this is no URL", "esto no es una dirección", *write
    if parts.scheme not in ("http", "https") or not host:
        return "this is no http(s) URL", "esto no es una dirección http(s)", *write
    if parts.username is not None or parts.query or parts.fragment:
        why = "an address holds no user, query or fragment", "una dirección no lleva usuario, consulta ni fragmento"
        return *why, "credentials belong into 'api_key'", "las credenciales van en 'api_key'"
    if parts.scheme == "http" and not _is_loopback(host):
        why = "http:// would show the key to everybody on the way", "http:// mostraría la clave a todos en el camino"
        return *why, "use https://", "usa https://"
    return None


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _validate(merged: Mapping[str, Any]) -> tuple[Profile | None, list[ProfileProblem]]:
    try:
        profile = Profile.model_validate(merged)
    except ValidationError as error:
        return None, [_problem(each) for each in error.errors(include_url=False, include_input=False)]
    return profile, [*_bodies(profile), *check_rate(profile), *check_poll(profile)]


def _problem(error: ErrorDetails) -> ProfileProblem:
    path = tuple(each for each in error["loc"] if each != "[key]")
    if error["type"] == "missing":
        key = path[-1]
        return ProfileProblem(path, "missing", f"'{key}' is missing", f"falta '{key}'")
    if error["type"] == "extra_forbidden":
        hint, hint_es = near_key(path)
        return replace(_unknown(path), hint=hint, hint_es=hint_es)
    told = error["msg"].removeprefix("Value error, ")
    spanish = SPANISH.get(error["type"])
    values: dict[str, Any] = {
        name: int(value) if isinstance(value, float) and value.is_integer() else value
        for name, value in error.get("ctx", {}).items()
    }
    if error["type"] == "literal_error":
        values["expected"] = values["expected"].replace(" or ", " o ")
    told_es = spanish.format(**values) if spanish else in_spanish(told)
    return ProfileProblem(path, "invalid", told, told_es, *_example(path))


def _example(path: Path) -> tuple[str, str]:
    """Return what a place with words of its own looks like, nothing for another place."""
    if path[:2] == ("webhook", "auth") and path[-1] in AUTH_WORDS:
        word, (es, en) = next(iter(AUTH_WORDS[str(path[-1])].items()))
        return f"such as '{path[-1]}: {word}': {en}", f"como '{path[-1]}: {word}': {es}"
    if "rules" in path and "fields" in path:
        rule = "{id: id, contact: chatId, at: timestamp, text: body}"
        return f"such as {rule}: the field of the event, and where it stands", f"como {rule}: el campo, y dónde está"
    return "", ""


def _bodies(profile: Profile) -> Iterator[ProfileProblem]:
    for kind, spec in profile.send.items():
        try:
            compile_body(kind, spec.body)
        except BodyError as error:
            path = ("send", kind, "body", *error.path)
            yield ProfileProblem(path, "invalid", str(error), error.es, error.hint, error.hint_es)
