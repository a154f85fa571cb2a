"""From a channel of config.yaml to a profile: the shipped one, the sandbox's dialect if that is meant, its own keys.

All problems are found at once; each has a path into the channel's mapping, so that its caller can add file, line and
column. No message holds a value that may be secret.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import yaml
from pydantic import ValidationError
from pydantic_core import ErrorDetails
from rapidfuzz import process

from botkit.errors import BotkitError
from botkit.gateway.body import BodyError, compile_body
from botkit.gateway.profile import Model, Profile

Path = tuple[str | int, ...]

#: The word that means the sandbox, and the words that work only there.
SANDBOX = "sandbox"
SANDBOX_WORDS = frozenset({"sandbox-key", "sandbox-secret"})
SANDBOX_URL = "http://127.0.0.1:8090"

#: Parts that are replaced whole: half of one request or of one signature makes no sense with half of another.
_WHOLE = {("webhook", "auth"), ("auth",), ("success",)}

#: Fields of a profile that say where it came from; nobody writes them.
_OURS = ("name", "sandbox")

_MISSING = {
    ("base_url",): "the gateway's address, as in 'https://api.example.com'; or the word 'sandbox'",
    ("api_key",): "write it as ${WACONECTA_API_KEY}",
    ("send", "text"): "method, path and body of a text, from the page that the gateway gave you",
    ("id",): "JMESPath to the message's id in the answer to a send, such as 'id' or 'data.message.id'",
    ("webhook",): "path, auth and rules for what the gateway pushes",
    ("webhook", "auth"): "how the gateway signs; '{kind: none}' written out takes anything from anybody",
}


@dataclass(frozen=True, slots=True)
class ProfileProblem:
    """What is wrong with one place of a channel. `code` is one of missing, unknown, invalid, refused."""

    path: Path
    code: str
    message: str
    hint: str = ""


class ProfileProblems(BotkitError):
    """A channel is no usable gateway; `problems` says all of it at once."""

    def __init__(self, problems: list[ProfileProblem]) -> None:
        super().__init__("; ".join(f"{'.'.join(map(str, each.path))}: {each.message}" for each in problems))
        self.problems = tuple(problems)


def compose(channel: Mapping[str, Any], *, sandbox_url: str = SANDBOX_URL) -> Profile:
    """Return the profile of a channel, whose values are interpolated already; raises ProfileProblems.

    With `base_url: sandbox` the dialect is built in and `sandbox_url` is where it listens.
    """
    name = channel.get("profile", "waconecta")
    if name not in shipped():
        hint = f"there are: {', '.join(shipped())}"
        raise ProfileProblems([ProfileProblem(("profile",), "unknown", f"there is no profile '{name}'", hint)])
    sandbox = channel.get("base_url") == SANDBOX
    merged = _load(name)
    for layer in ([_load(SANDBOX)] if sandbox else []) + [dict(channel)]:
        merged = _merge(merged, layer)
    merged.pop("profile", None)
    problems = [ProfileProblem((key,), "unknown", f"there is no key '{key}' here") for key in _OURS if key in channel]
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


def shipped() -> list[str]:
    """Return the names of the profiles that come with botkit."""
    folder = resources.files("botkit.gateway") / "profiles"
    return sorted(file.name.removesuffix(".yaml") for file in folder.iterdir() if file.name.endswith(".yaml"))


def _load(name: str) -> dict[str, Any]:
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
    for path, hint in _MISSING.items():
        if _lookup(merged, path[:-1]) is not None and _lookup(merged, path) in (None, ""):
            yield ProfileProblem(path, "missing", f"'{'.'.join(path)}' is missing", hint)
        elif path == ("send", "text") and _lookup(merged, ("send",)) is None:
            yield ProfileProblem(path, "missing", "'send.text' is missing", hint)


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
        yield ProfileProblem(("api_key",), "invalid", "a key is printable ASCII without spaces around it")
    auth = _lookup(merged, ("webhook", "auth")) or {}
    secrets = auth.get("secrets") if isinstance(auth, Mapping) else None
    words: dict[Path, Any] = {("api_key",): key, ("webhook", "auth", "secret"): _lookup(auth, ("secret",))}
    if isinstance(secrets, list | tuple):
        words |= {("webhook", "auth", "secrets", index): each for index, each in enumerate(secrets)}
    for path, word in words.items():
        if isinstance(word, str) and word in SANDBOX_WORDS:
            yield ProfileProblem(path, "refused", f"'{word}' works only in the sandbox", "use the gateway's own")


def _refuse_url(url: str) -> tuple[str, str] | None:
    """Return why `url` cannot be a gateway, and what to do."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        _ = parts.port
    except ValueError:
        return "this is no URL", "write it as 'https://api.example.com'"
    if parts.scheme not in ("http", "https") or not host:
        return "this is no http(s) URL", "write it as 'https://api.example.com'"
    if parts.username is not None or parts.query or parts.fragment:
        return "an address holds no user, query or fragment", "credentials belong into 'api_key'"
    if parts.scheme == "http" and not _is_loopback(host):
        return "http:// would show the key to everybody on the way", "use https://"
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
    return profile, list(_bodies(profile))


def _problem(error: ErrorDetails) -> ProfileProblem:
    path = tuple(each for each in error["loc"] if each != "[key]")
    if error["type"] == "missing":
        return ProfileProblem(path, "missing", f"'{path[-1]}' is missing")
    if error["type"] == "extra_forbidden":
        return ProfileProblem(path, "unknown", f"there is no key '{path[-1]}' here", _near(path))
    return ProfileProblem(path, "invalid", error["msg"].removeprefix("Value error, "))


def _near(path: Path) -> str:
    keys = {"as", "per", "timeout"} | {name for model in Model.__subclasses__() for name in model.model_fields}
    near = process.extractOne(str(path[-1]), sorted(keys), score_cutoff=70)
    return f"did you mean '{near[0]}'?" if near else ""


def _bodies(profile: Profile) -> Iterator[ProfileProblem]:
    for kind, spec in profile.send.items():
        try:
            compile_body(kind, spec.body)
        except BodyError as error:
            yield ProfileProblem(("send", kind, "body", *error.path), "invalid", str(error))
