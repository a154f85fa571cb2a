"""What operators ask of the dead letters: which there are, one of them whole, to try one again, to drop one.

One that is tried again is as if it came now: behind all that its conversation has done and is about to do. What came
after it was answered without it, and the apology ended the flow that it was for, so an answer may find no question.
What a letter had done before it failed is not undone: its messages are sent again, its handlers called anew.
"""

from __future__ import annotations

from typing import Any

from botkit.ports import DeskStore
from botkit.server.contacts import Arguments, Refused
from botkit.server.given import Given
from botkit.server.ingress import Ingress, Row

#: Letters that are listed when nobody says how many, and at most.
LIMIT, LIMIT_MAX = 50, 1000
#: Digits of the largest id.
_DIGITS = 18
_NO_LETTER = ("there is no such dead letter", "no hay tal mensaje muerto")
_LIST = ("`botkit dead list` lists them", "`botkit dead list` los lista")


async def listed(store: DeskStore, arguments: Arguments) -> list[Row]:
    """Return the dead letters, the newest first, at most `limit`."""
    text = arguments.get("limit", str(LIMIT))
    limit = _number(text)
    if limit is None or not 1 <= limit <= LIMIT_MAX:
        wrong = f"'{text}' is no limit", f"'{text}' no es un límite"
        hint = f"write a number from 1 to {LIMIT_MAX}", f"escribe un número de 1 a {LIMIT_MAX}"
        raise Refused(arguments, (wrong[0], hint[0]), (wrong[1], hint[1]))
    return await store.letters(limit)


async def shown(store: DeskStore, arguments: Arguments) -> Row:
    """Return a dead letter; raises Refused if there is none."""
    number = _number(arguments.get("letter", ""))
    found = await store.letter(number) if number is not None else None
    if found is None:
        raise Refused(arguments, (_NO_LETTER[0], _LIST[0]), (_NO_LETTER[1], _LIST[1]), status=404)
    return found


async def retry(ingress: Ingress, given: Given) -> Row:
    """Try a dead letter again, behind all else; raises Refused if there is none."""
    letter = await _letter(ingress, given)
    row = await ingress.store.retry_letter(letter["id"], ingress.now())
    if row is None:
        raise given.refusal("$.letter", _NO_LETTER, _LIST, status=404)
    ingress.notify([row])
    return {"letter": letter["id"], "conversation": row.conversation.id, "event_id": row.id, "held": False}


async def drop(ingress: Ingress, given: Given) -> Row:
    """Drop a dead letter; raises Refused if there is none."""
    letter = await _letter(ingress, given)
    if not await ingress.store.drop_letter(letter["id"]):
        raise given.refusal("$.letter", _NO_LETTER, _LIST, status=404)
    return {"letter": letter["id"], "conversation": letter["conversation_id"], "held": False}


async def _letter(ingress: Ingress, given: Given) -> dict[str, Any]:
    number = _number(given.text("letter"))
    given.finish()
    found = await ingress.store.letter(number) if number is not None else None
    if found is None:
        raise given.refusal("$.letter", _NO_LETTER, _LIST, status=404)
    return found


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _DIGITS else None
