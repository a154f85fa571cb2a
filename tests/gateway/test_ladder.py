from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from botkit.gateway.ladder import fit, split
from botkit.ports import Capabilities

PLAIN = Capabilities(text=100)
RICH = Capabilities(
    text=100, buttons=3, button_title=5, list_rows=5, list_title=10, media=frozenset({"image", "location", "contact"})
)

FRAMED = replace(RICH, header=4, footer=4)


def _choices(*titles: str, **own: Any) -> dict[str, Any]:
    options = [{"id": str(number), "title": title} for number, title in enumerate(titles)]
    return {"type": "choices", "text": "¿Confirmas?", "options": options, **own}


def _text(text: str) -> dict[str, Any]:
    return {"type": "text", "text": text}


@pytest.mark.parametrize(
    ("titles", "shown"),
    [
        (("Sí", "No"), "buttons"),
        (("Mañana", "No"), "list"),
        (("a", "b", "c", "d"), "list"),
    ],
)
def test_choices_take_the_best_form(titles: tuple[str, ...], shown: str) -> None:
    """Buttons if few and short, else a list."""
    message = _choices(*titles)
    assert fit(message, RICH) == [message | {"shown": shown}]


@pytest.mark.parametrize(
    "titles",
    [
        ("Sí", "Otra hora u otro día"),
        ("a", "b", "c", "d", "e", "f"),
        ("12345678901",),
    ],
)
def test_choices_fall_back_to_numbers(titles: tuple[str, ...]) -> None:
    """A title too long or a row too many gives numbered text, and never a cut."""
    menu = "\n".join(f"{number}. {title}" for number, title in enumerate(titles, 1))
    assert fit(_choices(*titles), RICH) == [_text(f"¿Confirmas?\n\n{menu}")]


@pytest.mark.parametrize(
    ("capabilities", "message", "shown"),
    [
        (PLAIN, _choices("Sí"), {"type": "text", "text": "*Cita*\n\n¿Confirmas?\n\n1. Sí\n\nClínica Sol"}),
        (RICH, _choices("Sí"), {"text": "*Cita*\n\n¿Confirmas?\n\nClínica Sol"}),
        (PLAIN, _text("Hola"), {"type": "text", "text": "*Cita*\n\nHola\n\nClínica Sol"}),
        (FRAMED, _text("Hola"), {"type": "text", "text": "*Cita*\n\nHola\n\nClínica Sol"}),
        (FRAMED, _choices("Sí"), {"text": "¿Confirmas?\n\nClínica Sol", "header": "Cita"}),
        (FRAMED, _choices("Sí", text=""), {"text": "Clínica Sol", "header": "Cita"}),
    ],
)
def test_a_header_is_bold_and_first_and_a_footer_last(
    capabilities: Capabilities, message: dict[str, Any], shown: dict[str, Any]
) -> None:
    """Both are lines of the text, or stand in the gateway's own place where that has room for them."""
    [fitted] = fit(message | {"header": "Cita", "footer": "Clínica Sol"}, capabilities)
    expected = {"type": "choices", "shown": "buttons", "options": message.get("options")} | shown
    if expected["type"] == "text":
        expected = {"type": "text", "text": shown["text"]}
    assert fitted == expected


def test_a_header_stays_above_a_text_that_is_split() -> None:
    """It would stand in the middle if the gateway showed it over the options."""
    first, *_, last = fit(_choices("Sí", text="palabra " * 20, header="Cita"), FRAMED)
    assert first["text"].startswith("*Cita*")
    assert "header" not in last


def test_options_stay_with_the_last_part() -> None:
    """A long question is split before its options."""
    parts = fit(_choices("Sí", "No", text="palabra " * 20), RICH)
    assert [part["type"] for part in parts] == ["text", "choices"]
    numbered = fit(_choices("Sí", "No", text="palabra " * 20), PLAIN)
    assert numbered[-1]["text"].endswith("palabra\n\n1. Sí\n2. No")
    assert all(len(part["text"]) <= 100 for part in numbered)


def test_the_text_above_buttons_is_short() -> None:
    """What is longer than an interactive message's body goes before it, its last paragraph with the buttons."""
    wide = replace(RICH, text=4096, header=60)
    message = _choices("Sí", "No", header="Datos") | {"text": f"{'a' * 1000}\n\n{'b' * 1000}"}
    first, last = fit(message, wide)
    assert first == _text(f"*Datos*\n\n{'a' * 1000}")
    assert (last["text"], last["shown"]) == ("b" * 1000, "buttons")
    assert "header" not in last


def test_a_menu_over_the_limit_loses_no_option() -> None:
    """Even options alone may need more than one text."""
    parts = fit(_choices(*[f"opción número {number}" for number in range(20)]), PLAIN)
    lines = "\n".join(part["text"] for part in parts).splitlines()
    assert lines[-1] == "20. opción número 19"
    assert len([line for line in lines if "opción" in line]) == 20


def test_a_location_without_support_is_a_link() -> None:
    """A person can still tap it."""
    message = {"type": "location", "latitude": -17.5, "longitude": 2.0, "name": "Plaza"}
    assert fit(message, RICH) == [message]
    assert fit(message | {"name": None}, PLAIN) == [_text("https://maps.google.com/?q=-17.5,2.0")]
    assert fit(message, PLAIN) == [_text("Plaza\nhttps://maps.google.com/?q=-17.5,2.0")]


def test_a_medium_without_support_is_caption_and_link() -> None:
    """Nothing of it is lost."""
    message = {"type": "image", "url": "https://x/y.png", "caption": "Mira"}
    assert fit(message, RICH) == [message]
    assert fit(message, PLAIN) == [_text("Mira\nhttps://x/y.png")]
    assert fit({"type": "audio", "url": "https://x/a.ogg"}, RICH) == [_text("https://x/a.ogg")]


PDF = {"type": "document", "url": "https://x/m.pdf"}
PLACE = {"type": "location", "latitude": -17.5, "longitude": 2.5}
ANA = {"type": "contact", "name": "Ana", "phone": "+59170012345"}


@pytest.mark.parametrize(
    ("message", "lines"),
    [
        ({"type": "image", "url": "https://x/y.png"}, ["https://x/y.png"]),
        ({"type": "video", "url": "https://x/y.mp4", "caption": "Mira"}, ["Mira", "https://x/y.mp4"]),
        ({"type": "audio", "url": "https://x/y.ogg", "name": "Saludo"}, ["Saludo", "https://x/y.ogg"]),
        (PDF | {"caption": "El menú", "name": "m.pdf"}, ["El menú", "m.pdf", "https://x/m.pdf"]),
        (PDF | {"caption": "", "name": None}, ["https://x/m.pdf"]),
        (PLACE, ["https://maps.google.com/?q=-17.5,2.5"]),
        (PLACE | {"name": "Plaza"}, ["Plaza", "https://maps.google.com/?q=-17.5,2.5"]),
        (ANA, ["Ana", "+59170012345"]),
    ],
)
def test_what_is_no_text_becomes_lines(message: dict[str, Any], lines: list[str]) -> None:
    """A gateway that takes texts alone shows every part of it; one that takes its type shows it as it is."""
    assert fit(message, PLAIN) == [_text("\n".join(lines))]
    assert fit(message, replace(PLAIN, media=frozenset({message["type"]}))) == [message]


def test_a_link_stays_whole_behind_a_long_caption() -> None:
    """It is a line of its own; what is split stands before it."""
    *caption, link = fit(PDF | {"caption": "palabra " * 24}, PLAIN)
    assert (link, len(caption)) == (_text("https://x/m.pdf"), 2)


@pytest.mark.parametrize(
    ("frame", "text"),
    [
        ({"header": "Cita"}, "*Cita*\n\nHola"),
        ({"footer": "Clínica Sol"}, "Hola\n\nClínica Sol"),
        ({"header": None, "footer": None}, "Hola"),
        ({"header": "", "footer": ""}, "Hola"),
    ],
)
@pytest.mark.parametrize("capabilities", [PLAIN, FRAMED])
def test_a_plain_text_has_its_frame_within(capabilities: Capabilities, frame: dict[str, Any], text: str) -> None:
    """A gateway's own header and footer are for options: on a text they are its first and last lines."""
    [fitted] = fit({**_text("Hola"), **frame}, capabilities)
    assert (fitted["type"], fitted["text"]) == ("text", text)


@pytest.mark.parametrize(
    ("source", "media_from", "is_sent"),
    [
        ({"url": "https://x/y.png"}, ("url",), True),
        ({"url": "https://x/y.png"}, ("inline", "id"), False),
        ({"file": "y.png"}, ("url",), True),
        ({"file": "y.png"}, ("inline",), True),
        ({"file": "y.png"}, ("id",), False),
        ({"media": {"id": "1", "url": "https://g/1"}}, ("id",), True),
        ({"media": {"url": "https://g/1"}}, ("id", "url"), True),
    ],
)
def test_a_medium_is_sent_if_the_gateway_takes_its_source(
    source: dict[str, Any], media_from: tuple[str, ...], is_sent: bool
) -> None:
    """Else a person gets its caption and a link."""
    message = {"type": "image", "caption": "Mira", **source}
    shown = fit(message, replace(RICH, media_from=media_from))
    assert shown == [message] if is_sent else shown[0]["text"].startswith("Mira")


def test_the_link_to_a_file_is_left_for_the_sending() -> None:
    """It is signed and expires: what waits in the outbox only names the file."""
    message = {"type": "document", "file": "menu.pdf", "caption": "Mira", "name": "Menú.pdf"}
    assert fit(message, replace(RICH, text=4096)) == [{"type": "text", "text": "Mira\nMenú.pdf", "file": "menu.pdf"}]
    assert fit(message, RICH) == [_text("Mira\nMenú.pdf"), {"type": "text", "text": "", "file": "menu.pdf"}]


def test_what_a_gateway_gave_is_no_link() -> None:
    """It opens only with the key; that it cannot be sent is told when it is."""
    message = {"type": "video", "media": {"id": "1", "url": "https://g/1"}}
    assert fit(message, RICH) == [message]


def test_a_long_caption_follows_its_medium() -> None:
    """WhatsApp cuts captions at 1,024 characters; botkit does not."""
    first, *rest = fit({"type": "image", "url": "u", "caption": "palabra " * 200}, RICH)
    assert first == {"type": "image", "url": "u"}
    assert len(" ".join(part["text"] for part in rest).split()) == 200


def test_a_contact_without_support_is_text() -> None:
    """Name and number, on a line each."""
    assert fit({"type": "contact", "name": "Ana", "phone": "+591"}, PLAIN) == [_text("Ana\n+591")]


def test_typing_without_support_is_nothing() -> None:
    """It says nothing that would be lost."""
    assert fit({"type": "typing"}, RICH) == []


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("corto", ["corto"]),
        ("", [""]),
        ("uno dos\n\ntres cuatro cinco", ["uno dos", "tres cuatro cinco"]),
        ("uno dos\ntres cuatro cinco", ["uno dos", "tres cuatro cinco"]),
        ("uno dos tres cuatro cinco", ["uno dos tres cuatro", "cinco"]),
        ("x" * 45, ["x" * 20, "x" * 20, "x" * 5]),
        ("12345678901234567890 y más", ["12345678901234567890", "y más"]),
    ],
)
def test_where_a_text_is_split(text: str, parts: list[str]) -> None:
    """At paragraphs, else at lines, else at words, else where it must be."""
    assert split(text, 20) == parts


@given(st.text(alphabet="ab \n", max_size=200), st.integers(5, 30))
def test_a_split_text_loses_only_spaces(text: str, limit: int) -> None:
    """Every part fits, and together they say the same."""
    parts = split(text, limit)
    assert all(len(part) <= limit for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())
