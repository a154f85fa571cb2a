"""Those who run the bot, with the real process: what they ask is done at once, or at the next start if none runs."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from botkit.outbox.merge import BETWEEN
from tests.recovery.process import CONTACT, Place, free_port
from tests.waiting import PATIENCE_S, until

FLOW = """
flow: reclamo
start: {words: [reclamo]}
steps:
  - id: caja
    handoff: {to: caja, say: Te paso con una persona.}
  - ask: ¿Quedó resuelto?
    save: resuelto
  - say: Gracias.
---
flow: aviso
inputs: [cita]
steps:
  - say: Recuerda {{ cita }}
---
flow: compra
start: {words: [comprar]}
steps:
  - wait: {event: pago}
    id: pago
    save: pago
  - say: Llegó tu pago de {{ pago.monto }}.
"""
TOKEN = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    """A bot that serves, with its control API on TCP too."""
    monkeypatch.setenv("ADMIN_TOKEN", TOKEN)
    made = Place(tmp_path, FLOW, config=f"admin: {{port: {free_port()}, token: '${{ADMIN_TOKEN}}'}}\n")
    made.start()
    yield made
    made.close()


def post(place: Place, path: str, body: Any, token: str = TOKEN) -> tuple[int, Any]:
    """Post to the control API on TCP; return status and answer."""
    port = (place.folder / "config.yaml").read_text().partition("admin: {port: ")[2].partition(",")[0]
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", json.dumps(body).encode(), headers)
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, json.load(refused)


def parts(place: Place, count: int) -> list[str]:
    """Return all texts that the gateway took once there are `count`; those that waited may have come as one message."""

    def taken() -> list[str]:
        return [part for said in place.said() for part in said.split(BETWEEN)]

    return until(lambda: texts if len(texts := taken()) >= count else None, f"{count} texts")


def test_handoff_by_commands(place: Place) -> None:
    """List, show, reply and release, by the running process."""
    place.write("reclamo")
    place.hear(1)
    place.write("¿hay alguien?")
    until(lambda: "unread: 1" in place.command("handoff", "list"), "unread message")
    assert "the bot sends it now" in place.command("handoff", "reply", CONTACT, "Soy Rosa")
    assert place.hear(2)[1:] == ["Soy Rosa"]
    place.landed()
    _, *shown = place.command("handoff", "show", CONTACT).splitlines()
    assert [line.split("  ", 1)[1] for line in shown] == [
        "person    reclamo",
        "bot       Te paso con una persona.",
        "person    ¿hay alguien?",
        "business  Soy Rosa",
    ]
    assert "unread: 0" in place.command("handoff", "list")
    assert "when they give it back" in place.command("start", CONTACT, "aviso", "--with", "cita=hoy")
    place.command("handoff", "release", CONTACT)
    assert parts(place, 5)[2:] == ["¿Quedó resuelto?", "Recuerda hoy", "¿Quedó resuelto?"]
    assert place.command("handoff", "list") == ""


def test_while_down(place: Place) -> None:
    """What was asked for while no process ran is done once, at the next start, in order."""
    place.write("reclamo")
    place.hear(1)
    place.command("handoff", "release", CONTACT)
    place.hear(2)
    place.kill_at_rest()
    assert "at its next start" in place.command("send", CONTACT, "Ya abrimos")
    place.command("start", CONTACT, "aviso", "--with", "cita=a las 3")
    for _ in range(2):
        place.start()
        assert parts(place, 5)[2:] == ["Ya abrimos", "Recuerda a las 3", "¿Quedó resuelto?"]
        place.kill_at_rest()


def test_event_over_tcp(place: Place) -> None:
    """A payment service tells of a payment: once for its id, only with the token, and a kill loses nothing."""
    place.write("comprar")
    payment = {"contact": CONTACT, "name": "pago", "data": {"monto": 50}, "id": "pay-1"}
    until(lambda: post(place, "/api/events", {**payment, "name": "otro", "id": None})[0] == 200, "conversation")
    assert post(place, "/api/events", payment, token=TOKEN[::-1])[0] == 401
    assert post(place, "/api/events", payment)[1]["copy"] is False
    place.kill()
    place.start()
    assert place.hear(1) == ["Llegó tu pago de 50."]
    assert post(place, "/api/events", payment)[1]["copy"] is True
    assert place.said() == ["Llegó tu pago de 50."]
    changes = [line for line in place.log() if line["event"] == "control_change"]
    assert {(line["action"], line["via"]) for line in changes} == {("event", "tcp")}
    log = (place.folder / "botkit.log").read_text()
    assert [word for word in (TOKEN, CONTACT, CONTACT[3:], "monto") if word in log] == []
