"""`python -m botkit.gateway.sandbox`: the sandbox as a process of its own."""

import argparse
import asyncio
import signal
import sys

from botkit.gateway.sandbox.dials import STATUSES
from botkit.gateway.sandbox.server import PORT, PortTakenError, Sandbox
from botkit.gateway.sandbox.window import ALGORITHMS


def parse(arguments: list[str]) -> argparse.Namespace:
    """Return the options of the command line."""
    parser = argparse.ArgumentParser(prog="python -m botkit.gateway.sandbox", description=__doc__)
    way = parser.add_mutually_exclusive_group(required=True)
    way.add_argument("--webhook", metavar="URL", help="the bot's webhook, on loopback")
    way.add_argument("--no-push", action="store_true", help="push nothing: the bot asks with GET /messages")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=PORT, help="0 takes any free port")
    parser.add_argument("--limit", type=int, default=30, help="requests per period (default 30)")
    parser.add_argument("--period", type=float, default=60.0, metavar="SECONDS")
    parser.add_argument("--algorithm", choices=tuple(ALGORITHMS), default="sliding-log")
    parser.add_argument("--capacity", type=int, help="of the token bucket (default: the limit)")
    parser.add_argument("--status", action="append", choices=STATUSES, default=[], help="told to the bot")
    return parser.parse_args(arguments)


async def run(sandbox: Sandbox) -> None:
    """Serve until SIGTERM or SIGINT."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with sandbox:
        print(f"sandbox ready {sandbox.url} -> {_way(sandbox)}", flush=True)
        await stop.wait()


def _way(sandbox: Sandbox) -> str:
    return f"webhook {sandbox.webhook_url}" if sandbox.webhook_url else "GET /messages"


def main(arguments: list[str]) -> int:
    """Run the sandbox and return the exit status."""
    options = parse(arguments)
    try:
        sandbox = Sandbox(
            options.webhook,
            host=options.host,
            port=options.port,
            limit=options.limit,
            period_s=options.period,
            algorithm=options.algorithm,
            capacity=options.capacity,
            statuses=tuple(options.status),
        )
        asyncio.run(run(sandbox))
    except (PortTakenError, ValueError) as error:
        print(f"sandbox: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
