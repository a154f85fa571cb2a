"""The bytes of what a person sent: had by the medium's id where the profile says how, else at the address it names.

The key goes to the gateway's own origin (scheme, host and port of `base_url`) and nowhere else, and every request there
takes a slot of its limit. Any other address must be https and public, and gets no key. No redirect is followed, for it
could lead anywhere; an answer is bounded, and taken only as it is, for what is packed may be a bomb.

What a fetch is answered is told to the handler, and what it says of the key (401, 403, 429) to the key's gate.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager, nullcontext
from typing import Any
from urllib.parse import quote

import aiohttp
from aiohttp.abc import AbstractResolver
from yarl import URL

from botkit import __version__
from botkit.addresses import Reach, VettedResolver
from botkit.answers.media import mime_of
from botkit.errors import MediaError, StoreUnavailable
from botkit.gateway.answer import Judge, read_retry_after
from botkit.gateway.profile import Profile
from botkit.http_answer import read_body
from botkit.ports import Answer, Errand
from botkit.received import MEDIA_LIMIT, UNKNOWN_TYPE, Received

#: Seconds that a fetch may last, the wait for a slot of the key included. Less than a `run` step has by default, so
#: that its handler hears of it.
FETCH_S = 25.0

Slot = Callable[[], AbstractAsyncContextManager[Errand]]


class MediaFetcher:
    """The media of one channel (a MediaSource). `slot` waits for leave to spend a request of the channel's key.

    `resolver` finds the addresses of hosts that are not the gateway's; `now` gives UTC seconds.
    """

    def __init__(
        self,
        profile: Profile,
        slot: Slot,
        *,
        resolver: AbstractResolver | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._profile = profile
        self._slot = slot
        self._resolver = resolver
        self._now = now
        self._judge = Judge(profile)
        self._base = URL(profile.base_url.rstrip("/"))

    async def fetch(self, value: Mapping[str, Any]) -> Received:
        """Return the bytes of a medium that a person sent; raises MediaError. `value` is what its slot holds."""
        if not isinstance(value, Mapping):
            raise MediaError("no_source", f"a medium is expected, not a {type(value).__name__}")
        url = self._address(value)
        is_ours = url.origin() == self._base.origin()
        if not is_ours and (url.scheme != "https" or Reach.PUBLIC.permits(url.host or "") is False):
            raise MediaError("not_public", "the medium's address is neither the gateway's nor public https")
        try:
            async with asyncio.timeout(FETCH_S), self._slot() if is_ours else nullcontext(Errand()) as errand:
                found = await self._get(url, is_ours, errand)
        except (aiohttp.ClientError, TimeoutError, OSError, StoreUnavailable) as error:
            # The error's text may hold address and key; its name is enough.
            raise MediaError("unreachable", f"the medium could not be fetched: {type(error).__name__}") from None
        if isinstance(found, MediaError):
            raise found
        content, told = found
        return Received(content, _type(told, value), _text(value, "name"))

    def _address(self, value: Mapping[str, Any]) -> URL:
        """Return where a medium is had."""
        by_id, medium_id, url = self._profile.media.fetch, _text(value, "id"), _text(value, "url")
        if by_id is not None and medium_id and medium_id.strip("."):
            path = by_id.path.replace("{{ media_id }}", quote(medium_id, safe=""))
            return URL(str(self._base) + path, encoded=True)
        try:
            found = URL(url or "")
            _ = found.origin()
        except ValueError:
            raise MediaError("no_source", "the medium has no address, and no id that the profile could use") from None
        if found.user is not None or found.password is not None:
            raise MediaError("not_public", "the medium's address holds credentials")
        return found

    async def _get(self, url: URL, is_ours: bool, errand: Errand) -> tuple[bytes, str] | MediaError:
        """Return bytes and content type, or what an answer means that has none: answered all the same."""
        async with (
            self._session(is_ours) as session,
            session.get(url, headers=self._credentials() if is_ours else {}, allow_redirects=False) as response,
        ):
            errand.answer = self._answer(response)
            if 300 <= response.status < 400:
                return MediaError("redirected", "the medium's address leads elsewhere", response.status)
            if response.status != 200:
                return MediaError("refused", f"the medium was answered {response.status}", response.status)
            if response.headers.get("Content-Encoding", "identity") != "identity":
                return MediaError("refused", "the medium came packed", response.status)
            content = await _read(response)
            if content is None:
                return MediaError("too_large", f"the medium has more than {MEDIA_LIMIT} bytes", response.status)
            return content, response.content_type if "Content-Type" in response.headers else UNKNOWN_TYPE

    def _answer(self, response: aiohttp.ClientResponse) -> Answer:
        """Return an answer as messages' answers are read; a body says nothing of the key."""
        verdict, _ = self._judge.judge(response.status, None)
        now = self._now()
        pause_s = read_retry_after(response.headers.get("Retry-After"), now)
        return Answer(verdict, now, response.status, retry_after_s=pause_s)

    def _session(self, is_ours: bool) -> aiohttp.ClientSession:
        resolver = None if is_ours else VettedResolver(Reach.PUBLIC, self._resolver)
        return aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(force_close=True, resolver=resolver, use_dns_cache=False),
            timeout=aiohttp.ClientTimeout(total=None),
            headers={"User-Agent": f"botkit/{__version__}", "Accept": "*/*", "Accept-Encoding": "identity"},
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=False,
            auto_decompress=False,
        )

    def _credentials(self) -> dict[str, str]:
        auth = self._profile.auth
        return {auth.header: auth.value.replace("{{ key }}", self._profile.api_key.get_secret_value())}


async def _read(response: aiohttp.ClientResponse) -> bytes | None:
    """Return the body, None if it exceeds the limit; it may say so itself, before it comes."""
    if (response.content_length or 0) > MEDIA_LIMIT:
        return None
    return await read_body(response, MEDIA_LIMIT)


def _text(value: Mapping[str, Any], name: str) -> str | None:
    found = value.get(name)
    return found if isinstance(found, str) and found else None


def _type(told: str, value: Mapping[str, Any]) -> str:
    return told if told != UNKNOWN_TYPE else mime_of(value) or UNKNOWN_TYPE
