"""What those who run the bot change in the outbox: messages sent again or dropped, channels paused and resumed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from botkit.outbox.forecast import key_reason
from botkit.ports import SENT_AGAIN_AS
from botkit.server.given import Given
from botkit.server.ingress import Ingress, Row
from botkit.server.operations import ID_MAX
from botkit.server.queues import may_have_come, refuse_channel, waiting_ids
from botkit.server.ways import Way, pause, resume, view_of

#: Messages that can be named at once.
IDS_MAX = 1000
#: Messages that are dropped in one transaction: bounds how long it holds the writer.
DROPPED_AT_ONCE = 500
#: What `key_reason` says of a channel by which something leaves, or is about to.
NOT_HELD = (None, "paused", "probing")
#: What a flow, and `outbox show`, are told of a message that was dropped here.
DROPPED = "dropped by an operator"

#: State of a message -> why it is not sent again, in English and Spanish.
NOT_AGAIN: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "pending": ("waits already", "ya está en espera"),
        "flying": ("is being sent", "se está enviando"),
        "sent": ("was sent", "ya se envió"),
        "replaced": ("was replaced by another", "fue reemplazado por otro"),
        "muted": ("was muted, because it repeats itself", "fue silenciado, porque se repite"),
    }
)
#: State of a message -> why it is not dropped.
NOT_DROPPED: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        **{state: why for state, why in NOT_AGAIN.items() if state != "pending"},
        "failed": ("failed, and waits for nothing", "falló y no espera nada"),
        "unconfirmed": ("is not sent any more", "ya no se envía"),
        "expired": ("expired, and waits for nothing", "venció y no espera nada"),
        "dropped": ("was dropped already", "ya fue descartado"),
    }
)


async def retry(ingress: Ingress, given: Given) -> Row:
    """Have the messages in `ids` wait again; raises Refused, with nothing done, if one of them cannot.

    `twice` allows what may have arrived to be sent again. Answers `{rows, moved}`: which messages wait now, and of
    those that are queued once more at the end of their lane which one each became.
    """
    ids, twice = _ids(given), given.value("twice") is True
    given.finish()
    rows = await _named(ingress, given, ids)
    _refuse(given, rows, NOT_AGAIN)
    doubtful = ", ".join(str(row["id"]) for row in rows if may_have_come(row))
    if doubtful and not twice:
        why = f"may have arrived: {doubtful}", f"puede haber llegado: {doubtful}"
        hint = "they could come twice; `--yes` sends them again", "podrían llegar dos veces; `--yes` los reenvía"
        raise given.refusal("$.ids", why, hint, status=409)
    waits = await ingress.store.requeue(ids, ingress.now())
    _stir(ingress, rows)
    return {"rows": sorted(waits.values()), "moved": {str(row): now for row, now in waits.items() if row != now}}


async def drop(ingress: Ingress, given: Given) -> Row:
    """Drop the messages in `ids`, those of `contact`, or with `all` everybody's, as far as they wait; raises Refused.

    `channel` and `up_to`, the highest number, leave out others; with `ids` a message of another channel is refused.
    Answers `{dropped, told}`: how many, and of how many of them a flow is told.
    """
    if given.value("ids") is not None:
        ids, channel = _ids(given), given.optional_text("channel")
        given.finish()
        rows = await _named(ingress, given, ids)
        _refuse_others(given, rows, channel)
        _refuse(given, rows, NOT_DROPPED)
    else:
        ids = await _chosen(ingress, given)
    dropped, told = 0, 0
    for first in range(0, len(ids), DROPPED_AT_ONCE):
        done = await ingress.store.drop(ids[first : first + DROPPED_AT_ONCE], ingress.now(), DROPPED)
        dropped, told = dropped + len(done.rows), told + done.told
    _stir(ingress, ())
    return {"dropped": dropped, "told": told}


async def _chosen(ingress: Ingress, given: Given) -> list[int]:
    """Return the messages that wait, of a contact or of all, up to a number."""
    contact, channel, every = given.optional_text("contact"), given.optional_text("channel"), given.value("all") is True
    up_to = given.value("up_to")
    given.finish()
    if (contact is None) != every:
        raise given.refusal("$", ("give ids, a contact, or all", "da ids, un contacto, o all"))
    if up_to is not None and not _is_id(up_to):
        raise given.refusal("$.up_to", ("it must be the number of a message", "debe ser el número de un mensaje"))
    refuse_channel(ingress, given.arguments, channel)
    chosen = {"contact": contact, "channel": channel}
    asked = {
        "country": ingress.country(),
        **given.arguments,
        **{name: value for name, value in chosen.items() if value},
    }
    found = await waiting_ids(ingress, asked)
    return [each for each in found if up_to is None or each <= up_to]


async def pause_channels(ingress: Ingress, given: Given) -> Row:
    """Have nothing more leave by `channel`, or by any; it lasts over restarts. Raises Refused."""
    chosen = _ways(ingress, given)
    for channel, way in chosen.items():
        await pause(ingress.store, channel, way, ingress.now())
    return {"channels": list(chosen)}


async def resume_channels(ingress: Ingress, given: Given) -> Row:
    """Have messages leave by `channel` again, or by all; what was mended of a key is probed at once. Raises Refused.

    Answers `{channels, held}`: `held` are those by which nothing leaves yet all the same, each `{channel, why, until}`,
    why as in `outbox/forecast.py`, until UTC seconds or None.
    """
    chosen = _ways(ingress, given)
    for channel, way in chosen.items():
        await resume(ingress.store, channel, way, ingress.now())
    held = [await _held(ingress, channel, way) for channel, way in chosen.items()]
    return {"channels": list(chosen), "held": [each for each in held if each["why"] not in NOT_HELD]}


async def _held(ingress: Ingress, channel: str, way: Way) -> Row:
    """Return why nothing leaves by a channel, and until when."""
    now = ingress.now()
    view = await view_of(ingress.store, channel, way, now)
    until = view.key.held_until if view.key.held_until > now else None
    return {"channel": channel, "why": key_reason(view, now), "until": until}


def _ways(ingress: Ingress, given: Given) -> dict[str, Way]:
    channel, ways = given.optional_text("channel"), ingress.ways()
    given.finish()
    if channel is not None and channel not in ways:
        names = ", ".join(sorted(ways)) or "–"
        why = f"there is no channel '{channel}'; the channels are: {names}"
        porque = f"no hay un canal '{channel}'; los canales son: {names}"
        raise given.refusal("$.channel", (why, porque), status=404)
    return {name: way for name, way in ways.items() if channel in (None, name)}


def _ids(given: Given) -> list[int]:
    """Return the numbers of messages that are given; raises Refused."""
    ids = given.value("ids")
    if not isinstance(ids, list) or not ids or not all(_is_id(each) for each in ids):
        raise given.refusal("$.ids", ("it must be numbers of messages", "deben ser números de mensajes"))
    if len(ids) > IDS_MAX:
        raise given.refusal("$.ids", (f"it has over {IDS_MAX} numbers", f"pasa de {IDS_MAX} números"))
    return list(dict.fromkeys(ids))


def _is_id(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value <= ID_MAX


async def _named(ingress: Ingress, given: Given, ids: Sequence[int]) -> list[Row]:
    """Return the rows that are named; raises Refused if one is not there."""
    rows = await ingress.store.queued(ids)
    if missing := sorted(set(ids) - {row["id"] for row in rows}):
        names = ", ".join(map(str, missing))
        hint = "`botkit outbox list` has the numbers", "`botkit outbox list` tiene los números"
        raise given.refusal("$.ids", (f"there is no message {names}", f"no hay un mensaje {names}"), hint, status=404)
    return rows


def _refuse_others(given: Given, rows: Iterable[Row], channel: str | None) -> None:
    """Raise Refused for the rows that are of another channel than the one that was named."""
    if wrong := [(row["id"], row["channel"]) for row in rows if channel not in (None, row["channel"])]:
        en = "; ".join(f"message {number} is of channel '{other}'" for number, other in wrong)
        es = "; ".join(f"el mensaje {number} es del canal '{other}'" for number, other in wrong)
        raise given.refusal("$.channel", (en, es), ("nothing was changed", "no se cambió nada"), status=409)


def _refuse(given: Given, rows: Iterable[Row], reasons: Mapping[str, tuple[str, str]]) -> None:
    """Raise Refused for the rows whose state is among `reasons`."""
    wrong = [(row["id"], _why_not(row, reasons)) for row in rows if row["status"] in reasons]
    if wrong:
        en = "; ".join(f"message {number} {why}" for number, (why, _) in wrong)
        es = "; ".join(f"el mensaje {number} {why}" for number, (_, why) in wrong)
        raise given.refusal("$.ids", (en, es), ("nothing was changed", "no se cambió nada"), status=409)


def _why_not(row: Row, reasons: Mapping[str, tuple[str, str]]) -> tuple[str, str]:
    """Return why a row is not changed, in English and Spanish; of one that was sent again, as which."""
    copy = (row["reason"] or "").partition(SENT_AGAIN_AS)[2]
    return (f"was replaced by {copy}", f"fue reemplazado por {copy}") if copy else reasons[row["status"]]


def _stir(ingress: Ingress, rows: Iterable[Row]) -> None:
    """Have what changed be seen: by the senders, and by the flows that are told."""
    ways, channels = ingress.ways(), {row["channel"] for row in rows}
    for channel, way in ways.items():
        if way.sender is not None and (not channels or channel in channels):
            way.sender.wake()
    ingress.look()
