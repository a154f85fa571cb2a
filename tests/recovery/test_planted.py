"""Nothing of a person and no secret stands in what a bot leaves behind for those who mend it, whatever went wrong."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from tests.recovery.process import ROOT, Child, Place
from tests.waiting import until

#: Of a person: her number, as she is called, and what she writes. Of the shop: the keys.
ANA, NAME, WORDS = "59171200077", "Anastasia Quispe", "mi clave es xilofono"
TOKEN = "planted-token-0f1e2d3c"
SECRETS = (TOKEN, "sandbox-key", "sandbox-secret")
PERSONAL = (ANA, ANA[3:], "Anastasia", "Quispe")
FLOW = """
flow: pedido
start: {words: [pedido]}
steps:
  - ask: ¿Qué preparo?
    save: plato
  - run: cocina.mal
    with: [plato]
    on_error: uno
  - run: cocina.cuelga
    id: cuelga
    timeout: 1s
    on_error: dos
  - http: POST caja/cobros
    id: cobro
    json: {quien: "{{ contact.phone }}", plato: "{{ plato }}"}
    save: {ref: response.json.ref}
    on_error: tres
  - say: "Gracias, {{ contact.name }}: {{ plato }}."
asides:
  uno:
    - say: "{{ contact.name }}: {{ error }}"
    - goto: cuelga
  dos:
    - say: "{{ plato }}: {{ error }}"
    - goto: cobro
  tres:
    - say: "{{ plato }} no: {{ error }}"
"""
HANDLERS = """
import logging, threading
import structlog
from botkit import handler

@handler("cocina.mal")
def wrong(plato, ctx):
    logging.getLogger("tienda").warning("no hay para %s (api_key=x1)", ctx.contact['phone'])
    ctx.log.debug("visto", message=plato, name=ctx.contact['name'], phone=ctx.contact['phone'])
    who = {"contact": ctx.contact['phone'], "name": ctx.contact['name'], "phone": ctx.contact['phone']}
    structlog.get_logger().info("pedido", text=plato, **who)
    ctx.log.info(f"pedido de {ctx.contact['phone']}", message=plato)
    try:
        int(plato)
    except ValueError as error:
        raise LookupError(f"{ctx.contact['name']} ({ctx.contact['phone']}) quiere {plato}") from error

@handler("cocina.cuelga")
def hang(ctx):
    threading.Event().wait()
"""

#: Legs of the order: its first message, and the second with a handler that raises, one that hangs, and the service.
LEGS = 5


class _Cashier(BaseHTTPRequestHandler):
    """Answers 500, with everything that it was sent."""

    def do_POST(self) -> None:
        """Answer."""
        body = self.rfile.read(int(self.headers["Content-Length"])) + str(self.headers).encode()
        self.send_response(500)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def cashier() -> Iterator[int]:
    """The port of the service."""
    server = HTTPServer(("127.0.0.1", 0), _Cashier)
    Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


@pytest.fixture
def place(tmp_path: Path, cashier: int) -> Iterator[Place]:
    """A bot in which everything goes wrong."""
    config = (
        "log: {level: debug}\n"
        f"services: {{caja: {{url: 'http://127.0.0.1:{cashier}', headers: {{Authorization: 'Bearer ${{TOKEN}}'}}}}}}\n"
    )
    made = Place(tmp_path, FLOW, HANDLERS, config)
    made.bot = Child("botkit", "run", folder=tmp_path, env={"TOKEN": TOKEN})
    yield made
    made.close()


def post(place: Place, body: bytes, signature: str) -> None:
    """Post what the bot refuses."""
    headers = {"Content-Type": "application/json", "X-Signature": signature, "X-From": ANA}
    request = urllib.request.Request(f"http://127.0.0.1:{place.port}/webhooks/whatsapp?de={ANA}", body, headers)
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request, timeout=10)
    refused.value.close()


def garble(place: Place) -> None:
    """Send what is no HTTP."""
    with closing(socket.create_connection(("127.0.0.1", place.port), 10)) as connection:
        connection.sendall(f"GET /{ANA} HTTP/9.9\r\nX-Api-Key: {TOKEN}\r\n{NAME}\r\n\r\n".encode())
        with suppress(OSError):
            connection.recv(100)


def happen(place: Place) -> None:
    """Let everything go wrong that can."""
    place.arm("error", status=422, count=1)
    place.arm("not_json", count=1)
    place.arm("error", status=500, count=1)
    tell = {"from": ANA, "name": NAME}
    for text in ("pedido", WORDS):
        place.tell(**tell, type="text", text=text)
    until(lambda: legs(place) >= LEGS, "end of the order")
    place.tell(**tell, type="raw", payload={"type": "poll", **tell, "text": WORDS})
    place.tell(**{**tell, "from": "1203@g.us"}, type="text", text=WORDS)
    place.tell(to=ANA, type="echo", text=f"Hola {NAME}")
    place.tell(**tell, type="document", url=f"https://example.com/{ANA}.pdf", filename=f"{NAME}.pdf", caption=WORDS)
    body = json.dumps({**tell, "id": "1", "type": "text", "text": WORDS}).encode()
    post(place, body, "sha256=" + "0" * 64)
    post(place, body[:-9], TOKEN)
    garble(place)


def legs(place: Place) -> int:
    """Return how many legs are applied, 0 while events wait for their turn."""
    if place.rows("SELECT 1 FROM inbox WHERE status IN ('pending', 'open')"):
        return 0
    return len(place.rows("SELECT 1 FROM journal WHERE leg > 0"))


def command(place: Place, *arguments: str) -> str:
    """Return all that a command says."""
    done = subprocess.run(
        [sys.executable, "-m", "botkit", *arguments],
        cwd=place.folder,
        capture_output=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), "TOKEN": TOKEN},
        timeout=60,
        check=False,
    )
    return (done.stdout + done.stderr).decode()


def test_nothing_is_found(place: Place) -> None:
    """Neither number nor name nor key is in the log or on the console, nor what she wrote in any line but debug's."""
    happen(place)
    until(lambda: legs(place) > LEGS, "end of the conversation")
    told = command(place, "doctor", "--json", "--spend")
    log = (place.folder / "botkit.log").read_text()
    assert place.bot is not None
    place.bot.end(signal.SIGABRT)  # what the interpreter says of itself at its end
    left = log + (place.folder / "stderr.txt").read_text()
    assert all(f'"event":"{each}' in log for each in ("webhook_refused", "no hay", "visto", "handler_raised"))
    kept = b"".join(path.read_bytes() for path in place.folder.glob("botkit.db*") if path.is_file()).decode("latin-1")
    assert WORDS in kept  # there was something to find
    assert [word for word in (*SECRETS, *PERSONAL) if word in left] == []
    assert [secret for secret in SECRETS if secret in told + kept] == []
    assert {line["level"] for line in map(json.loads, log.splitlines()) if "xilofono" in str(line)} <= {"debug"}
