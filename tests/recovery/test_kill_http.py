"""kill -9 while a web service is asked: the next process asks the same, under the same key, and keeps its secrets."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.recovery.process import Place
from tests.waiting import until

SECRET = "planted-secret-4711"
FLOW = """
flow: queja
start: {words: [queja]}
steps:
  - ask: ¿Qué pasó?
    save: texto
  - http: POST real411/quejas/{{ contact.phone }}
    query: {canal: wa}
    json: {texto: "{{ texto }}", de: "{{ contact.name }}"}
    save: {ref: response.json.ref, eco: response.json.eco}
    on_error: mal
  - say: "Tu número es {{ ref }}, {{ eco }}."
asides:
  mal:
    - say: "No se pudo: {{ error }}"
"""
CONFIG = """
services:
  real411:
    url: http://127.0.0.1:{port}/api
    headers: {{Authorization: "file:token"}}
"""


class Service:
    """A service below HTTP: it never answers the first request, and repeats its secret in the answer to others."""

    def __init__(self) -> None:
        self.came: list[bytes] = []
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._held: list[socket.socket] = []
        self.port = int(self._socket.getsockname()[1])
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.came.append(_request(connection))
            if len(self.came) == 1:
                self._held.append(connection)
                continue
            body = f'{{"ref": 7, "eco": "Bearer {SECRET}"}}'.encode()
            connection.sendall(f"HTTP/1.1 201 Created\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
            connection.close()

    def close(self) -> None:
        """Let go of every socket."""
        for each in (self._socket, *self._held):
            each.close()


def _request(connection: socket.socket) -> bytes:
    """Return a whole request as it came."""
    came = b""
    while b"\r\n\r\n" not in came:
        came += connection.recv(65536)
    head, _, body = came.partition(b"\r\n\r\n")
    length = next(
        int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")
    )
    while len(body) < length:
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


@pytest.fixture
def service() -> Iterator[Service]:
    """A service on a free port."""
    made = Service()
    yield made
    made.close()


@pytest.fixture
def place(tmp_path: Path, service: Service) -> Iterator[Place]:
    """A place with a bot that knows the service and its secret."""
    made = Place(tmp_path, FLOW)
    (tmp_path / "token").write_text(f"Bearer {SECRET}\n")
    with (tmp_path / "config.yaml").open("a") as config:
        config.write(CONFIG.format(port=service.port))
    yield made
    made.close()


def test_kill_while_asking(place: Place, service: Service) -> None:
    """A process killed between request and answer sends the same bytes again; no file of the bot holds the secret."""
    place.start()
    place.write("tengo una queja")
    place.hear(1)
    place.write("un bache")
    until(lambda: service.came, "request")
    place.kill()
    place.start()
    heard = place.hear(2)
    assert heard[-1] == "Tu número es 7, ***."
    assert len(service.came) == 2
    assert service.came[0] == service.came[1]
    assert f"Authorization: Bearer {SECRET}\r\n".encode() in service.came[0]
    assert service.came[0].startswith(b"POST /api/quejas/%2B591")
    place.kill()
    held = [
        path.name for path in sorted(place.folder.iterdir()) if path.is_file() and SECRET.encode() in path.read_bytes()
    ]
    assert held == ["token"]
