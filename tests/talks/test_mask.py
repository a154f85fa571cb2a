"""Stand-ins: who a person is does not show, the same value has the same one, and it is of the same kind."""

from __future__ import annotations

from typing import Any

import pytest

from botkit.talks.mask import Masks, letters
from botkit.talks.recorded import Turn
from botkit.testing.rehearsal import CONTACT


@pytest.fixture
def masks() -> Masks:
    """Stand-ins of a talk with Ana María Rojas."""
    made = Masks("es")
    made.meet("59171234567", "Ana María Rojas")
    return made


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Hola Ana", "Hola Persona A"),
        ("soy ana maria  rojas, la hija", "soy Persona A, la hija"),
        ("ROJAS", "Persona A"),
        ("ANA_ROJAS y ana.rojas", "Persona A_Persona A y Persona A.Persona A"),
        ("ANA_MARÍA_ROJAS", "Persona A"),
        ("anarojas, AnaMaríaRojas, rojasana", "Persona A, Persona A, Persona A"),
        ("ana1990 y cita_ana_2", "Persona A1990 y cita_Persona A_2"),
        ("Mari\u0301a", "Persona A"),
        ("mañana en Anatolia, rojasmente", "mañana en Anatolia, rojasmente"),
        ("la analista de Rojasol", "la analista de Rojasol"),
        ("mi número es 71234567", "mi número es 70000001"),
        ("+591 7123-4567", "+591 7000-0001"),
        ("llama al 591 71234567.", "llama al 591 70000001."),
        ("otro: 76543210 y 76543210", "otro: 70000002 y 70000002"),
        ("CI 4839201 LP", "CI 4000002 LP"),
        ("nit 123456", "nit 100002"),
        ("ana.rojas@gmail.com y ANA.ROJAS@gmail.com", "personaa@example.com y personaa@example.com"),
        ("el 2026-11-23 a las 10:00", "el 2026-11-23 a las 10:00"),
        ("el 23/11/2026, o 23-11-2026", "el 23/11/2026, o 23-11-2026"),
        ("son 12.500 Bs, mesa 12, 2 de 3", "son 12.500 Bs, mesa 12, 2 de 3"),
        ("el 2026-11-23 71234567, 2026-11-23T10:00", "el 2026-11-23 70000001, 2026-11-23T10:00"),
        ("pedido R-12345", "pedido R-12345"),
        ("4873321LP, CI4873321", "4000002LP, CI4000002"),
        ("cel71234567", "cel70000001"),
        ("7123456x", "7000002x"),
        ("4873321-1H", "4000002-1H"),
        ("doc_4873321_a", "doc_4000002_a"),
        ("+591·7123·4567", "+591·7000·0001"),
        ("71.23.45.67", "70.00.00.01"),
        ("71_234_567", "70_000_001"),
        ("7123 - 4567", "7000 - 0001"),
        ("7123–4567", "7000–0001"),
        ("71\u00a0234\u200b567", "70\u00a0000\u200b001"),
        ("7️⃣1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣7️⃣", "7️⃣0️⃣0️⃣0️⃣0️⃣0️⃣0️⃣1️⃣"),
        ("٧١٢٣٤٥٦٧", "70000001"),
        ("4,873,321", "4,000,002"),
        ("71234567 4873321 591 71234567", "70000001 4000002 591 70000001"),
        ("4025 1234 5678 9012 3456", "4000 0000 0000 0000 0002"),
        ("mesa 10 2026-11-23, 3 23/11/2026", "mesa 10 2026-11-23, 3 23/11/2026"),
        ("el 5.3.26, el 2026/1/5", "el 5.3.26, el 2026/1/5"),
        ("21.12.45.67 y 99-99-2026", "20.00.00.02 y 90-00-0003"),
        ("a las 08:00 - 12:00, -16.5", "a las 08:00 - 12:00, -16.5"),
        ("cita", "cita"),
        ("", ""),
    ],
)
def test_text(masks: Masks, text: str, masked: str) -> None:
    """Names, numbers and e-mails have stand-ins, whatever way they are written; nothing else has."""
    assert masks.text(text) == masked


def test_again(masks: Masks) -> None:
    """What is masked stays as it is when it is masked once more."""
    once = masks.text("Ana, 71234567 o +59171234567, ana@x.bo")
    assert masks.text(once) == once


def test_long_name() -> None:
    """The name that a gateway tells may have many words."""
    masks = Masks("en")
    masks.meet("59171234567", "María de los Ángeles Paz y Roca")
    assert masks.text("Soy María de los Ángeles Paz y Roca, o angeles") == "Soy Person A, o Person A"


def test_contact(masks: Masks) -> None:
    """The contact has the number that contacts of tests have."""
    assert masks.text("59171234567") == CONTACT


def test_value(masks: Masks) -> None:
    """JSON is masked however deep; numbers stay numbers, a place is told roughly."""
    value: dict[str, Any] = {
        "cliente": {"tel": 71234567, "edad": 33, "socio": True},
        "lista": ["Ana", 1.5, None],
        "latitude": -16.50023,
    }
    assert masks.value(value) == {
        "cliente": {"tel": 70000001, "edad": 33, "socio": True},
        "lista": ["Persona A", 1.5, None],
        "latitude": -16.5,
    }


@pytest.mark.parametrize(
    ("value", "masked"),
    [
        (4873321, 4000002),
        (-4873321, -4000002),
        (4873321.0, 4000002.0),
        (123456, 100002),
        (71234567, 70000001),
        (12345, 12345),
        (35.5, 35.5),
        (1e30, 1e30),
        (0, 0),
        (True, True),
    ],
)
def test_numbers(masks: Masks, value: Any, masked: Any) -> None:
    """A number of JSON has the stand-in that its text has, and stays of its type."""
    found = masks.value({"doc": value})["doc"]
    assert (found, type(found)) == (masked, type(masked))
    assert masks.text(repr(value)) == repr(masked)


@pytest.mark.parametrize(
    ("slot", "text", "masked"),
    [
        ("nombre", "Luis", "Persona B"),
        ("nombre_completo", "Luis Paz", "Persona B"),
        ("contact.name", "Luis", "Persona B"),
        ("direccion", "Calle Sucre 12", "Xxxxx Xxxxx 00"),
        ("direccion", "Km 1234567, casa 2", "Xx 0000000, xxxx 0"),
        ("plato", "Luis", "Luis"),
        ("nombre_de_usuario", "Luis", "Luis"),
        ("nombre", "no te lo quiero decir todavía", "no te lo quiero decir todavía"),
        ("nombre", "7", "7"),
    ],
)
def test_answers(masks: Masks, slot: str, text: str, masked: str) -> None:
    """What is saved as somebody's name or address has a stand-in from then on."""
    masks.answer(slot, text)
    assert masks.text(text) == masked


def test_hear(masks: Masks) -> None:
    """Another name of who writes is met as it comes, and what is known of the contact; a catalogue's names are not."""
    begin = {"fields": {"nombre": "Eva Luz"}}
    masks.hear(Turn(1, "message", "done", {"name": "Rosa", "text": "x"}, 0.0, 0.0, begin=begin), None)
    masks.learn([{"nombre": "Corte"}, {"nombre": "Silpancho", "precio": 35}])
    masks.learn({"socios": [{"nombre": "Iris", "ci": "4839201"}]})
    assert masks.text("Rosa, Luz, Corte, Silpancho, Iris") == "Persona B, Persona C, Corte, Silpancho, Persona D"


def test_personal() -> None:
    """With `personal` everything is as it is."""
    masks = Masks("es", personal=True)
    masks.meet("59171234567", "Ana")
    assert masks.value(["Ana 71234567", 71234567]) == ["Ana 71234567", 71234567]
    assert masks.spot([1.234, 2.345]) == [1.234, 2.345]


@pytest.mark.parametrize(("number", "text"), [(1, "A"), (26, "Z"), (27, "AA"), (702, "ZZ"), (703, "AAA")])
def test_letters(number: int, text: str) -> None:
    """Stand-ins of names are numbered by letters."""
    assert letters(number) == text


def test_long() -> None:
    """A long text of digits and signs takes no long time."""
    masks = Masks("es")
    masks.meet("59171234567", "Ana")
    for text in ("1 " * 50_000, "1-" * 50_000, "a@" * 50_000, "a." * 50_000 + "@"):
        masks.text(text)
