"""News of what was sent, over HTTP through a bot that runs: statuses and echoes of the gateway."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.recovery.process import Place
from tests.waiting import until

FLOW = """
flow: saludo
start: {words: [hola]}
steps:
  - ask: ¿Cómo te llamas?
    save: nombre
    on_failed: mala
  - say: "Hola, {{ nombre }}."
asides:
  mala:
    - say: No te llegó.
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """One bot for all; each test has a contact of its own."""
    made = Place(tmp_path_factory.mktemp("news"), FLOW)
    made.start()
    yield made
    made.close()


def _ask(place: Place, query: str, *values: str) -> tuple[Any, ...]:
    return next(iter(place.rows(query, *values)), ())


def stands(place: Place, contact: str) -> tuple[Any, ...]:
    """Return how the first request to a contact stands: row, request, delivery, how often it was sent."""
    query = """
        SELECT o.status, r.status, o.delivery, r.attempts FROM outbox o
        JOIN conversation c ON c.id = o.conversation_id LEFT JOIN request r ON r.id = o.request_id
        WHERE c.contact = ? ORDER BY o.id
    """
    return _ask(place, query, contact)


def wait_for_statuses(place: Place, contact: str, count: int) -> None:
    """Wait until so many statuses of a contact are stored."""
    query = """
        SELECT count(*) FROM inbox JOIN conversation c ON c.id = conversation_id WHERE c.contact = ? AND kind = ?
    """
    until(lambda: _ask(place, query, contact, "status") == (count,), "status")


def asked(place: Place, contact: str) -> str:
    """Have a contact write, and return the id of the answer that the gateway took."""
    place.tell(**{"from": contact, "text": "hola"})
    return str(until(lambda: place.taken(contact), "answer")[0]["id"])


def test_a_status_moves_a_message_forward(place: Place) -> None:
    """Delivered, read; a word that comes late moves nothing back."""
    number = asked(place, "59170000001")
    for count, state in enumerate(("delivered", "read", "sent"), 1):
        place.tell(type="status", to="59170000001", id=number, state=state)
        wait_for_statuses(place, "59170000001", count)
        assert stands(place, "59170000001")[2] == ("delivered" if count == 1 else "read")


def test_a_failure_is_told_to_the_flow(place: Place) -> None:
    """What the gateway took and could not deliver goes on at `on_failed`."""
    number = asked(place, "59170000002")
    place.tell(type="status", to="59170000002", id=number, state="failed")
    taken = until(lambda: found if len(found := place.taken("59170000002")) == 2 else None, "second message")
    assert taken[1]["body"]["text"] == "No te llegó."
    assert stands(place, "59170000002")[0] == "failed"


@pytest.mark.parametrize(("contact", "kind"), [("59170000003", "status"), ("59170000004", "echo")])
def test_news_settle_what_is_uncertain(place: Place, contact: str, kind: str) -> None:
    """A message whose answer was lost is sent once if news of it come, and nobody took the conversation over."""
    place.arm("reset", when="after", count=1)
    number = asked(place, contact)
    until(lambda: stands(place, contact)[1:2] == ("uncertain",), "doubt")
    told = {"state": "delivered"} if kind == "status" else {"text": "¿Cómo te llamas?"}
    place.tell(type=kind, to=contact, id=number, **told)
    until(lambda: stands(place, contact)[:2] == ("sent", "sent"), "end of the doubt")
    assert stands(place, contact)[3] == 1
    place.tell(**{"from": contact, "text": "Ana"})
    taken = until(lambda: found if len(found := place.taken(contact)) == 2 else None, "second message")
    assert taken[1]["body"]["text"] == "Hola, Ana."
