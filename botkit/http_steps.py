"""Asking web services for `http` steps: one request, once, within bounds, to no address that it may not reach.

The committed request names a service; its address and headers (secrets) are put in here, as the request leaves, and
are taken out of the answer should the service repeat them. Redirects, cookies and proxies of the environment are off;
each request has a connection of its own. What no answer can be made of is an error in words without addresses.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

import aiohttp
import orjson
from aiohttp.abc import AbstractResolver
from yarl import URL

from botkit.addresses import Reach, Refused, VettedResolver
from botkit.http_answer import named_pause, read_body
from botkit.retries import Attempt
from botkit.turn.conversation import PendingCall
from botkit.turn.event import CallResult
from botkit.unpack import MAX_ANSWER, NotReadable, TooLarge, as_text, unpack
from botkit.uploads import Part, form_with

#: Headers of an answer that no flow needs and that carry keys.
_DROPPED = frozenset({"set-cookie", "set-cookie2"})
#: Characters of a secret, or of a word of one, that is taken out: shorter ones (`Bearer`) stand in many texts.
SECRET_FROM = 8


@dataclass(frozen=True, slots=True)
class Service:
    """A service of config.yaml: its address, and the headers of each of its requests. Both may hold secrets.

    `secrets` are header values that an answer may not repeat, nor any of their words.
    """

    url: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False, default_factory=dict)
    secrets: Sequence[str] = field(repr=False, default=())

    def masked(self, text: str) -> str:
        """Return a text of an answer without the service's secrets."""
        for word in sorted(secret_words(self.secrets), key=len, reverse=True):
            text = text.replace(word, "***")
        return text


def secret_words(secrets: Sequence[str]) -> set[str]:
    """Return secrets and their words (`Bearer …`) that must not show; shorter ones stand in many texts."""
    return {word for secret in secrets for word in (secret, *secret.split()) if len(word) >= SECRET_FROM}


@dataclass(frozen=True, slots=True)
class _Way:
    """Where a request goes: the address that its path is put behind, how far it may reach, what goes along."""

    url: str
    reach: Reach
    service: Service | None = None


class NotSent(Exception):
    """A request that cannot be made; its text says why."""


class HttpSteps:
    """Makes the requests of `http` steps. `allow` are hosts of the own network that flows may write out."""

    def __init__(
        self,
        services: Mapping[str, Service],
        allow: frozenset[str] = frozenset(),
        *,
        now: Callable[[], float] = time.time,
        resolver: Callable[[], AbstractResolver] = aiohttp.ThreadedResolver,
        ssl: Any = True,
    ) -> None:
        self._services = services
        self._allow = allow
        self._now = now
        self._resolver = resolver
        self._ssl = ssl
        self._sessions: dict[Reach, aiohttp.ClientSession] = {}

    async def close(self) -> None:
        """Close every connection."""
        for session in self._sessions.values():
            await session.close()
        self._sessions.clear()

    async def once(self, call: PendingCall, parts: Sequence[Part] = ()) -> Attempt:
        """Make the request of a pending call once; raises nothing for what network or service do.

        `parts` are the files of its form.
        """
        try:
            return await self._exchange(call, self._way(str(call.arguments["target"])), parts)
        except (NotSent, TooLarge, NotReadable) as error:
            return _failed(call, str(error))
        except TimeoutError:
            return _failed(call, f"no answer within {call.timeout_s:g} s", again=True)
        except (aiohttp.ClientError, OSError, ValueError) as error:
            is_final = isinstance(_cause(error), (Refused, aiohttp.ClientSSLError, ValueError))
            return _failed(call, _reason(_cause(error)), again=not is_final)

    def _way(self, target: str) -> _Way:
        service = self._services.get(target)
        if service is not None:
            is_plain = urlsplit(service.url).scheme == "http"
            return _Way(service.url.rstrip("/"), Reach.OWN if is_plain else Reach.NAMED, service)
        parts = urlsplit(target)
        if not parts.hostname:
            raise NotSent(f"config.yaml has no service '{target}'")
        named = parts.hostname in self._allow
        if parts.scheme == "http":
            if not named:
                raise NotSent("it would be called without encryption")
            return _Way(target, Reach.OWN)
        return _Way(target, Reach.NAMED if named else Reach.PUBLIC)

    async def _exchange(self, call: PendingCall, way: _Way, parts: Sequence[Part]) -> Attempt:
        request = call.arguments
        url = _url(way.url, request)
        if way.reach.permits(url.host or "") is False:  # aiohttp asks no resolver for an address
            raise Refused
        body, content_type = _body(request, parts)
        headers = _headers({"Idempotency-Key": call.key, "Content-Type": content_type}, way.service, request)
        if parts:  # the form's own type names its boundary
            headers = {name: value for name, value in headers.items() if name.lower() != "content-type"}
        async with self._session(way.reach).request(
            str(request["method"]),
            url,
            data=body,
            headers=headers,
            allow_redirects=False,
            timeout=aiohttp.ClientTimeout(total=call.timeout_s),
        ) as response:
            content = await read_body(response, MAX_ANSWER)
            if content is None:
                raise TooLarge
            raw = unpack(content, response.headers.get("Content-Encoding", ""))
            return self._attempt(call, response, as_text(raw, response.charset), way.service)

    def _attempt(
        self, call: PendingCall, response: aiohttp.ClientResponse, text: str, service: Service | None
    ) -> Attempt:
        masked = service.masked if service else str
        headers = {
            name.lower(): masked(value) for name, value in response.headers.items() if name.lower() not in _DROPPED
        }
        answer = {"status": response.status, "headers": headers, "text": masked(text)}
        again = response.status == 429 or response.status >= 500
        pause_s = named_pause(headers.get("retry-after", ""), self._now()) if again else None
        wait_s = None if pause_s is None else max(0.0, pause_s)
        return Attempt(CallResult(call.key, value=answer), again, wait_s)

    def _session(self, reach: Reach) -> aiohttp.ClientSession:
        if reach not in self._sessions:
            resolver = VettedResolver(reach, self._resolver())
            self._sessions[reach] = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    resolver=resolver, use_dns_cache=False, force_close=True, limit=0, ssl=self._ssl
                ),
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,
                trust_env=False,
            )
        return self._sessions[reach]


def _failed(call: PendingCall, why: str, *, again: bool = False) -> Attempt:
    return Attempt(CallResult(call.key, error=why), again)


def _cause(error: Exception) -> Exception:
    """Return the refusal that aiohttp takes for a failure of the resolver, else the error itself."""
    inner = error.os_error if isinstance(error, aiohttp.ClientConnectorDNSError) else None
    return inner if isinstance(inner, Refused) else error


def _reason(error: Exception) -> str:
    """Return what became of a request, without the address and the headers that the error's own text may hold."""
    if isinstance(error, Refused):
        return str(error)
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return "its name is not known"
    if isinstance(error, aiohttp.ClientSSLError):
        return "its certificate is not valid"
    if isinstance(error, aiohttp.ClientConnectorError):
        return "no connection"
    if isinstance(error, (aiohttp.ClientPayloadError, aiohttp.ServerDisconnectedError, OSError)):
        return "the connection broke off"
    return f"no usable answer ({type(error).__name__})"


def _url(base: str, request: Mapping[str, Any]) -> URL:
    """Return the address of a request, byte for byte as it was made; raises NotSent for one of another server."""
    path = str(request["path"])
    pairs = _encoded(request.get("query", ()))
    joint = ("&" if "?" in path else "?") if pairs else ""
    url = URL(f"{base}{path}{joint}{pairs}", encoded=True)
    if url.raw_authority != URL(base, encoded=True).raw_authority:
        raise NotSent("its path is no path")
    return url


def _encoded(pairs: Iterable[Sequence[str]]) -> str:
    return urlencode([(name, value) for name, value in pairs], errors="replace")


def _body(request: Mapping[str, Any], parts: Sequence[Part]) -> tuple[bytes | aiohttp.FormData | None, str]:
    if parts:
        return form_with(request.get("form", ()), parts), ""
    if "json" in request:
        return orjson.dumps(request["json"]), "application/json"
    if "form" in request:
        return _encoded(request["form"]).encode(), "application/x-www-form-urlencoded"
    return None, ""


def _headers(ours: Mapping[str, str], service: Service | None, request: Mapping[str, Any]) -> dict[str, str]:
    """Return all headers: the step's own over its service's over ours."""
    defaults = {"User-Agent": "botkit", "Accept": "application/json, */*", "Accept-Encoding": "identity"}
    merged: dict[str, tuple[str, str]] = {}
    for source in (defaults, ours, service.headers if service else {}, request.get("headers", {})):
        merged |= {name.lower(): (name, value) for name, value in source.items() if value}
    return dict(merged.values())
