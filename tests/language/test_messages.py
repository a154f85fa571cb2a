"""Messages: text, media, places, cards, lists of bubbles, variants, languages, expiry."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from botkit.folder import file_below
from botkit.turn.effect import Send
from tests.flow.samples import told_of_steps
from tests.turn.samples import EMPTY, Talk, begun, talk

IMAGE = {"id": "m1", "type": "image", "name": "foto.png"}


def said(found: Talk) -> list[dict[str, Any]]:
    """Return the messages of the last turn."""
    return [effect.message for effect in found.effects if isinstance(effect, Send)]


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("Hola", {"type": "text", "text": "Hola"}),
        ("{text: Hola}", {"type": "text", "text": "Hola"}),
        ("{image: https://x.bo/a.png}", {"type": "image", "url": "https://x.bo/a.png"}),
        ("{image: a.png, caption: Menú}", {"type": "image", "file": "a.png", "caption": "Menú"}),
        ("{document: docs/a.pdf}", {"type": "document", "file": "docs/a.pdf"}),
        ("{audio: a.ogg}", {"type": "audio", "file": "a.ogg"}),
        ("{video: a.mp4, caption: Ven}", {"type": "video", "file": "a.mp4", "caption": "Ven"}),
        ("{location: [-16.5, -68.15]}", {"type": "location", "latitude": -16.5, "longitude": -68.15}),
        (
            "{location: {latitude: -16.5, longitude: -68.15, name: Aquí}}",
            {"type": "location", "latitude": -16.5, "longitude": -68.15, "name": "Aquí"},
        ),
        (
            "{location: [-16.5, -68.15], caption: Sol}",
            {"type": "location", "latitude": -16.5, "longitude": -68.15, "name": "Sol"},
        ),
        (
            "{contact: {name: Ana, phone: +59171234567}}",
            {"type": "contact", "name": "Ana", "phone": "+59171234567"},
        ),
        ("{one_of: [{text: Hola}]}", {"type": "text", "text": "Hola"}),
    ],
)
def test_forms(written: str, message: dict[str, Any]) -> None:
    """Each form of a message becomes one neutral message."""
    assert said(begun(f"  - say: {written}\n")) == [message]


def test_received_media() -> None:
    """A slot that holds received media is sent on; one that is not set is left out."""
    found = begun(
        "  - set: {foto: {id: m1, type: image, name: foto.png}, nada: }\n"
        '  - say: [{image: "{{ foto }}", caption: "{{ foto.name }}"}, {image: "{{ nada }}"}]\n'
    )
    assert said(found) == [{"type": "image", "media": IMAGE, "caption": "foto.png"}]


@pytest.mark.parametrize("value", [5, "file:///etc/passwd", "ftp://a/b.png", "https://[a/b.png", "https:///b.png"])
def test_not_media(value: object) -> None:
    """A slot that holds something else goes to `error`: what a person wrote leads no gateway astray."""
    assert said(begun(f'  - set: {{foto: {value!r}}}\n  - say: {{image: "{{{{ foto }}}}"}}\n'))[0]["text"] == "error"


def test_guards_in_lists() -> None:
    """Each bubble of a list may have an `if`, whatever its form."""
    steps = "  - say:\n      - {text: Uno, if: false}\n      - {image: a.png, if: true}\n      - Tres\n"
    assert [message["type"] for message in said(begun(steps))] == ["image", "text"]


def test_languages() -> None:
    """A message in several languages is said in the contact's, else in the bot's own."""
    flow = "flow: f\nstart: {words: [go]}\nsteps:\n  - say: {es: Hola, en: Hello}\n"
    found = talk(flow)
    assert found.say("go") == ["Hola"]
    english = Talk(found.flows, EMPTY.__class__("c1", "wa", "591", fields={"language": "en"}))
    assert english.say("go") == ["Hello"]
    french = Talk(found.flows, EMPTY.__class__("c1", "wa", "591", fields={"language": "fr"}))
    assert french.say("go") == ["Hola"]


def test_one_of() -> None:
    """Variants: the same event says the same one; over many conversations each is said; guards count."""
    flow = "flow: f\nstart: {words: [go]}\nsteps:\n  - say: {one_of: [A, B, {text: C, if: false}]}\n".replace(
        "[A, B,", '["A", "B",'
    )
    known = talk(flow).flows
    texts = [Talk(known, EMPTY.__class__(f"c{number}", "wa", "591")).say("go")[0] for number in range(40)]
    again = [Talk(known, EMPTY.__class__(f"c{number}", "wa", "591")).say("go")[0] for number in range(40)]
    assert texts == again
    assert set(texts) == {"A", "B"}


def test_expires_and_on_failed() -> None:
    """`expires` and `on_failed` go with every message of the step, and no other."""
    found = begun("  - {say: Uno, expires: 2m, on_failed: aviso}\n  - say: Dos\n  - {id: aviso, say: Ay}\n")
    sends = [effect for effect in found.effects if isinstance(effect, Send)]
    assert [(send.expires_s, send.on_failed) for send in sends] == [(120.0, "say_1"), (None, None), (None, None)]


def test_header_and_footer() -> None:
    """A question carries header and footer with its last text."""
    found = begun("  - {ask: [Uno, {text: Dos}], header: Cita, footer: Gracias}\n".replace("[Uno,", '["Uno",'))
    assert said(found) == [
        {"type": "text", "text": "Uno"},
        {"type": "text", "text": "Dos", "header": "Cita", "footer": "Gracias"},
    ]
    found = begun("  - {choose: ¿Sí?, options: [Sí, No], header: Cita}\n")
    assert (said(found)[-1]["type"], said(found)[-1]["header"]) == ("choices", "Cita")


@pytest.mark.parametrize(
    ("written", "problems"),
    [
        ("{foto: a.png, caption: x}", ["3:11 unknown-form"]),
        ("{foto: a.png, if: true}", ["3:11 unknown-form"]),
        ("{image: ftp://x/a.png}", ["3:18 bad-media-url"]),
        ("{image: a.png, text: x}", ["3:25 unknown-key"]),
        ("{location: [-16.5]}", ["3:21 wrong-type"]),
        ("{location: [-96.5, 20]}", ["3:21 wrong-type"]),
        ("{location: La Paz}", ["3:21 wrong-type"]),
        ("{contact: Ana}", ["3:20 wrong-type"]),
        ("{contact: {name: Ana}}", ["3:20 missing-key"]),
        ("{one_of: Hola}", ["3:19 wrong-type"]),
        ("{audio: a.ogg, caption: x}", ["3:25 unknown-key"]),
    ],
)
def test_mistakes(written: str, problems: list[str]) -> None:
    """A mistake in a message is told at its place."""
    assert told_of_steps(f"  - say: {written}\n") == problems


@pytest.mark.parametrize(("name", "missing"), [("fotos/a.png", False), ("b.png", True), ("../secret.txt", True)])
def test_files(tmp_path: Path, name: str, missing: bool) -> None:
    """A file that is sent stands under the flows folder."""
    (tmp_path / "flows" / "fotos").mkdir(parents=True)
    (tmp_path / "flows" / "fotos" / "a.png").touch()
    (tmp_path / "secret.txt").touch()
    assert (file_below(tmp_path / "flows", name) is None) is missing


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ('"  Hola \\n"', "Hola"),
        ("'{{ \"  Ana \" }}!'", "Ana !"),
        ('"*negrita* _cursiva_ ~tachado~ ```código```"', "*negrita* _cursiva_ ~tachado~ ```código```"),
        ('"dos  blancos\\n\\n> cita"', "dos  blancos\n\n> cita"),
    ],
)
def test_text(written: str, text: str) -> None:
    """A message is trimmed at both ends, and nowhere else; WhatsApp's marks pass through."""
    assert [message["text"] for message in said(begun(f"  - say: {written}\n"))] == [text]


def test_data_is_not_trimmed() -> None:
    """What is set, recorded or handed to a handler keeps its blanks."""
    found = begun("  - set: {x: ' a '}\n  - run: agenda.todo\n    with: {x: '{{ x }}', y: ' {{ x }}|'}\n")
    assert (found.slots, found.call.arguments) == ({"x": " a "}, {"x": " a ", "y": "  a |"})
