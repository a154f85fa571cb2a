"""Two people who had the same talk, of which everything came that can: for who looks at what is erased of one."""

from __future__ import annotations

from dataclasses import replace

import orjson

from botkit.ports import Arrival, Settlement
from botkit.turn.codec import dump_event
from botkit.turn.effect import Record, SetTimer
from botkit.turn.event import Inbound
from tests.contract.samples import CHANNEL, NOW, WIRE, Store, leg, text

#: Planted in everything that is Ana's, and in nothing of Luz's.
ANA, NAME, WORDS = "59170000001", "Anastasia Quispe", "mi clave es xilofono"
LUZ = "59170000002"


def message(contact: str, name: str, words: str, number: int, kind: str = "message", **values: str) -> Arrival:
    """Return what a gateway tells, under an id that holds the contact's number as some do."""
    key = f"wamid-{contact[3:]}-{number}"
    event = Inbound(CHANNEL, kind, contact, id=key, name=name, text=words, **values)  # type: ignore[arg-type]
    data = dump_event(event)
    state = values.get("state", "")
    return Arrival(CHANNEL, "webhook", kind, contact, key, state, b"d", data, data, kind == "message")


def told_again() -> list[Arrival]:
    """Return what a gateway tells once more: an event of each of the two, and news of what was sent to Ana."""
    return [
        message(ANA, NAME, WORDS, 0),
        message(ANA, NAME, "", 0, "status", state="read")._replace(gateway_id="sent-wamid-70000001-0"),
        message(ANA, NAME, WORDS, 0, "echo")._replace(gateway_id="sent-wamid-70000001-2"),
        message(LUZ, "Luz", "hola", 0),
    ]


async def talk(store: Store, contact: str, name: str, words: str, number: int) -> None:
    """Have a contact write once, and everything come of it that can: sent, waiting, recorded, due, journaled."""
    [receipt] = await store.accept([message(contact, name, words, number)], NOW)
    row = receipt.row
    assert row is not None
    state = orjson.dumps({"frames": [{"slots": {"name": name, "said": words * 400}}]})
    told = leg(
        row,
        [text(f"{name}: {words}"), text(words * 300)],
        state=state,
        timers=[SetTimer("silence", "silence", NOW + 1e6, {"of": name})],
        records=[Record("cita", {"name": name, "phone": contact})],
    )
    await store.commit(told._replace(journal=orjson.dumps({"text": words})))
    wire = replace(WIRE, body=f"{contact} {words}".encode())
    waiting = await store.outbox_rows(conversation_id=row.conversation.id, status="pending", limit=9)
    flight = await store.begin(CHANNEL, "main", [waiting[-1]["id"]], wire, NOW + 2)
    assert flight is not None
    sent = f"sent-wamid-{contact[3:]}-{number}"
    end = ("returned", None) if number == 1 else ("sent", sent)
    await store.settle(flight, Settlement(end[0], NOW + 3, 200, end[1]))  # type: ignore[arg-type]


async def of(store: Store, contact: str) -> str:
    """Return the id of a contact's conversation."""
    [row] = await store.conversation(CHANNEL, contact)
    return str(row["id"])


async def forget(store: Store, contact: str = ANA, upto: int | None = None) -> None:
    """Forget a contact and empty the log."""
    assert await store.forget(await of(store, contact), upto, NOW + 9)
    assert await store.empty_log()
