"""Options as a person sees them: shown in pages, found by a tap or a text.

The whole menu is kept in the frame, with an id for each option, so that "2" means the same after a restart and a tap
on an old menu is known as old. A menu of more than ROWS options is shown in pages; its last row turns them. A number
means a row of the page on show; a label, a value or a word means its option on whatever page.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from botkit.turn.conversation import Frame
from botkit.turn.event import Inbound
from botkit.turn.leg import Leg
from botkit.turn.match import match_exactly, match_option, match_suggestion
from botkit.turn.running import Running

#: Most rows of a menu: what a WhatsApp list holds.
ROWS = 10

#: language -> what the last row of a page says, and what else turns to the next page
MORE: dict[str, tuple[str, ...]] = {"es": ("Ver más", "más", "siguiente"), "en": ("See more", "more", "next")}
#: language -> what the last row of the last page says
FIRST: dict[str, tuple[str, ...]] = {"es": ("Volver al inicio",), "en": ("Back to the start",)}
#: What stands over options that come with no words of the author's.
BARE: dict[str, str] = {"es": "Elige una opción:", "en": "Choose an option:"}

Row = Mapping[str, Any]


# ── showing ──


def rows(running: Running | Frame, language: str) -> list[Row]:
    """Return what is on show of a menu: its page, and the row that turns to the next, behind the last to the first."""
    menu = running.shown
    if len(menu) <= ROWS:
        return list(menu)
    size, page = ROWS - 1, min(running.page, _pages(menu) - 1)
    following = (page + 1) % _pages(menu)
    told = MORE if following else FIRST
    words = [word for texts in told.values() for word in texts]
    label = told.get(language, told["en"])[0]
    turning = {"id": _turning_id(menu, following), "label": label, "words": words, "page": following}
    return [*menu[page * size : (page + 1) * size], turning]


def _pages(menu: tuple[dict[str, Any], ...]) -> int:
    return 1 if len(menu) <= ROWS else -(-len(menu) // (ROWS - 1))


def _turning_id(menu: tuple[dict[str, Any], ...], page: int) -> str:
    return f"{menu[0]['id'].rpartition('.')[0]}.p{page}"


def send(leg: Leg, messages: list[dict[str, Any]]) -> None:
    """Send messages with the options on show, if there are any, under the last one that has words."""
    running = leg.current
    if not running.shown:
        for message in messages:
            leg.send(message)
        return
    options = [{"id": row["id"], "title": row.get("title") or row["label"]} for row in rows(running, leg.language)]
    *before, last = messages or [{"type": "text", "text": ""}]
    if last["type"] != "text":  # the words of a medium go under it, with the options
        before.append({name: value for name, value in last.items() if name != "caption"})
        last = {"type": "text", "text": last.get("caption", "")}
    for message in before:
        leg.send(message)
    text = last["text"] or BARE.get(leg.language, BARE["en"])
    leg.send({**last, "type": "choices", "text": text, "options": options})


def turn_to(leg: Leg, page: int, question: list[dict[str, Any]]) -> None:
    """Show another page under the last words of the question, and wait."""
    leg.current.page = page
    send(leg, [message for message in question if message["type"] == "text"][-1:])
    leg.rest()


# ── finding ──


def offered(running: Running, message: Inbound, language: str) -> Row | None:
    """Return the row of a `choose` that a message means, by tap or by text; one with `page` turns to that page.

    A tap on an older menu means none.
    """
    if tapped_id(message):
        return _tapped(running.shown, tapped_id(message))
    on_show, text = rows(running, language), _text(message)
    found = match_option(running.shown, text, language, on_show)
    return found if found is not None else match_exactly(_turning(on_show), text)


def suggested(running: Running, message: Inbound, language: str, answers: Callable[[str], bool]) -> Row | None:
    """Return the row of an `ask` that a message means: by tap, exactly, else by number or yes and no.

    `answers` tells of a text whether it is an answer of its own, that goes before the latter.
    """
    if tapped_id(message):
        return _tapped(running.shown, tapped_id(message))
    on_show, text = rows(running, language), _text(message)
    if not text:
        return None
    exactly = match_exactly(running.shown, text) or match_exactly(_turning(on_show), text)
    if exactly is not None or answers(text):
        return exactly
    return match_suggestion(running.shown, text, language, on_show)


def offers(shown: tuple[dict[str, Any], ...], message: Inbound) -> bool:
    """Tell whether a message is exactly an offered option: its button, its label, its value or one of its words."""
    if tapped_id(message):
        return _tapped(shown, tapped_id(message)) is not None
    return match_exactly(shown, _text(message)) is not None


def picks(frame: Frame, message: Inbound, language: str) -> bool:
    """Tell whether a message is an option on show and no word more: as `offers`, or its number, or what turns pages."""
    text = _text(message).strip()
    if not frame.shown or not (text or tapped_id(message)):
        return False
    if text.isascii() and text.isdigit() and len(text) <= 2:  # told without comparing words, as most answers are
        return 1 <= int(text) <= len(rows(frame, language)) or offers(frame.shown, message)
    for option in frame.shown:  # as it is written, which most texts are
        if text == option["label"]:
            return True
    if offers(frame.shown, message):
        return True
    return match_exactly(_turning(rows(frame, language)), text) is not None


def is_foreign_command(shown: tuple[dict[str, Any], ...], message: Inbound) -> bool:
    """Tell whether a message is a command, `/salir`, that no option is called: a wrong answer of whatever waits."""
    text = (message.text or "").lstrip()
    is_command = text.startswith("/") and text[1:2].isalpha() and not message.media
    return is_command and not offers(shown, message)


def tapped_id(message: Inbound) -> str:
    """Return the id of what was tapped, empty for no tap; a gateway that tells no ids gives the title in its place."""
    tap = message.choice
    return tap.id if tap is not None and tap.id != tap.title else ""


def _turning(on_show: list[Row]) -> list[Row]:
    """Return the row that turns the page, if there is one."""
    return [row for row in on_show if "page" in row]


def _tapped(shown: tuple[dict[str, Any], ...], tapped: str) -> Row | None:
    turns = ({"id": _turning_id(shown, page), "page": page} for page in range(_pages(shown))) if shown else ()
    return next((row for row in (*shown, *turns) if row["id"] == tapped), None)


def _text(message: Inbound) -> str:
    if message.media or message.location:  # no option, whatever its caption says
        return ""
    return message.text or (message.choice.title if message.choice else "")
