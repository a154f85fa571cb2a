"""A web service that answers with what should not be swallowed, on a thread of its own."""

from __future__ import annotations

import zlib
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

#: Bytes of an answer that is just not too large, and of one that is, once it is unpacked.
MUCH, BOMB = 250_000, 100_000_000


def _bomb() -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    piece = b" " * 10_000_000
    return b"".join(packer.compress(piece) for _ in range(BOMB // len(piece))) + packer.flush()


class _Answer(BaseHTTPRequestHandler):
    """Answers by the path."""

    def do_GET(self) -> None:
        """Answer `/deep`, `/wide`, `/packed` (100 MB as 0.1), `/endless`."""
        name = self.path.strip("/")
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        with suppress(OSError):  # who asked has gone
            if name == "endless":
                self.end_headers()
                while True:
                    self.wfile.write(b" " * 65_536)
            if name == "packed":
                self.send_header("Content-Encoding", "gzip")
            body = self.server.bodies[name]  # type: ignore[attr-defined]
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


class Service:
    """Listens on `port` until `end`."""

    def __init__(self) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _Answer)
        self._server.daemon_threads = True
        bodies = {"deep": b"[" * (MUCH // 2) + b"]" * (MUCH // 2), "wide": b"[" + b"{}," * (MUCH // 3) + b"{}]"}
        self._server.bodies = {**bodies, "packed": _bomb()}  # type: ignore[attr-defined]
        self.port = self._server.server_port
        Thread(target=self._server.serve_forever, daemon=True).start()

    def end(self) -> None:
        """Close the port."""
        self._server.shutdown()
        self._server.server_close()
