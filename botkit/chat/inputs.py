"""Messages of the person, of what an author types for them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from botkit.answers.media import KINDS, kinds_of
from botkit.chat.session import Menu
from botkit.chat.values import read_value
from botkit.flow.level import LEVELS, Level
from botkit.flow.message import is_place
from botkit.turn.event import Inbound, Named, Tap


def written(said: str | Tap) -> Inbound:
    """Return a text that the person writes, or an option that they tap."""
    if isinstance(said, Tap):
        return Inbound("", "message", "", choice=said)
    return Inbound("", "message", "", text=said)


def tap_of(wanted: str, menu: Menu) -> Tap | None:
    """Return the option on show that has a label, else the one of a number; None for none."""
    number = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) <= 3 else 0
    found = [option for option in menu if option["title"] == wanted] or list(
        menu[number - 1 : number] if number else ()
    )
    return Tap(found[0]["id"], found[0]["title"]) if found else None


def medium(path: Path, caption: str) -> Inbound:
    """Return a file that the person sends, of the kind that its name says."""
    kinds = kinds_of({"name": path.name})
    kind = next((each for each in KINDS if each in kinds), "document")
    media = {"id": path.name, "type": kind, "name": path.name}
    return Inbound("", "message", "", media={**media, "caption": caption} if caption else media)


def place(text: str) -> Inbound | None:
    """Return a place that the person sends, by its degrees; None for what is no place."""
    pair = [read_value(each) for each in text.replace(",", " ").split()]
    if len(pair) != 2 or not is_place(*pair):
        return None
    return Inbound("", "message", "", location={"latitude": pair[0], "longitude": pair[1]})


def level(text: str) -> Level | None:
    """Return how loaded the channel is; None for what is no level."""
    return next((each for each in LEVELS if each == text.lower()), None)


def happening(text: str) -> tuple[Named, dict[str, Any]]:
    """Return something that happens outside, by its name and the data behind it; and the line of a script that does."""
    name, _, data = text.partition(" ")
    if not data.strip():
        return Named(name), {"event": name}
    value = read_value(data.strip())
    return Named(name, value), {"event": {"name": name, "data": value}}


def path_and_text(rest: str) -> tuple[Path, str]:
    """Return a file and the caption behind it; a file that is there may have blanks in its name."""
    words = rest.split(" ")
    for count in range(len(words), 0, -1):
        path = Path(" ".join(words[:count])).expanduser()
        if path.is_file():
            return path, " ".join(words[count:]).strip()
    return Path(words[0]).expanduser(), " ".join(words[1:]).strip()
