"""A gateway that takes everything at once and gives an id. `python -m bench.sink PORT`."""

from __future__ import annotations

import itertools
import sys

from aiohttp import web


def main() -> None:
    """Serve until a signal; prints `ready`."""
    numbers = itertools.count(1)

    async def take(request: web.Request) -> web.Response:
        await request.read()
        return web.json_response({"id": f"m{next(numbers)}"})

    app = web.Application()
    app.router.add_post("/messages", take)
    port = int(sys.argv[1])
    web.run_app(app, host="127.0.0.1", port=port, access_log=None, print=lambda _: print("ready", flush=True))


if __name__ == "__main__":
    main()
