"""The yardstick: a bare aiohttp server that parses the JSON and answers 200. `python -m bench.bare PORT`."""

from __future__ import annotations

import sys

import orjson
from aiohttp import web


async def take(request: web.Request) -> web.Response:
    """Parse and answer."""
    orjson.loads(await request.read())
    return web.Response(body=b'{"ok":true}', content_type="application/json")


def main() -> None:
    """Serve until a signal; prints `ready`, like botkit."""
    app = web.Application()
    app.router.add_post("/webhooks/whatsapp", take)
    port = int(sys.argv[1])
    web.run_app(app, host="127.0.0.1", port=port, access_log=None, print=lambda _: print("ready", flush=True))


if __name__ == "__main__":
    main()
