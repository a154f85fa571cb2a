"""The route by which gateways and people fetch files of the flows folder: a signed link, or nothing."""

from __future__ import annotations

from pathlib import Path
from secrets import token_hex

from aiohttp import web

from botkit.gateway.links import PREFIX, Links
from botkit.gateway.media import locate, type_of
from botkit.ports import DeskStore

#: The fact under which the store keeps what links are signed with.
META = "media_secret"

#: A file is shown as what it is, and never as a page of the bot's own address.
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cache-Control": "private, max-age=3600",
}


async def links_secret(store: DeskStore) -> bytes:
    """Return the secret of a store, made at its first use: links outlive a restart."""
    secret = await store.get_meta(META)
    if secret is None:
        secret = token_hex(32)
        await store.set_meta(META, secret)
    return bytes.fromhex(secret)


class MediaRoute:
    """Serves the media in `folder` to whoever has a link."""

    path = PREFIX + "{token}/{path:.+}"

    def __init__(self, folder: Path, links: Links) -> None:
        self._folder = folder
        self._links = links

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Answer with the file, 404 for a link that is wrong or over and for a file that is gone."""
        path = request.match_info["path"]
        found = locate(self._folder, path) if self._links.opens(request.match_info["token"], path) else None
        if found is None:
            return web.Response(status=404, text="not found")
        return web.FileResponse(found, headers={"Content-Type": type_of(path) or "", **_HEADERS})
