"""Numbers and amounts in sentences."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.answers.samples import read

INTEGERS = {
    "40": 40,
    "tengo 40 años": 40,
    "Quiero 3, por favor": 3,
    "son 12.": 12,
    "¿15?": 15,
    "15 de esas": 15,
    "3 de queso": 3,
    "-5": -5,
    "−5": -5,
    "+5": 5,
    "menos cinco": -5,
    "hace -5 grados": -5,
    "0": 0,
    "cero": 0,
    "007": 7,
    "#4": 4,
    "*40*": 40,
    "1.500": 1500,
    "1,500": 1500,
    "1.500.000": 1_500_000,
    "1.500,00": 1500,
    "Bs 1.500": 1500,
    "50%": 50,
    "cincuenta por ciento": 50,
    "80 kg": 80,
    "80kg": 80,
    "40 m²": 40,
    "40 🎂": 40,
    "1️⃣": 1,
    "４０": 40,
    "٤٠": 40,
    "40\u00a0años": 40,
    "cien": 100,
    "veinticinco": 25,
    "treinta y cinco": 35,
    "mil": 1000,
    "mil quinientos": 1500,
    "dos mil quinientos": 2500,
    "ciento cinco mil doscientos": 105_200,
    "dos millones": 2_000_000,
    "20 mil": 20_000,
    "20k": 20_000,
    "1.5 millones": 1_500_000,
    "una docena": 12,
    "una docena y media": 18,
    "un millón": 1_000_000,
    "un millón doscientos mil": 1_200_000,
    "dos millones y medio": 2_500_000,
    "veinte y uno": 21,
    "diez y ocho": 18,
    "tres cuartos": 3,
    "1 (uno)": 1,
    "media docena": 6,
    "2 docenas": 24,
    "una": 1,
    "una persona": 1,
    "somos dos": 2,
    "40 (cuarenta)": 40,
    "twenty-five": 25,
    "two hundred and five people": 205,
    "a dozen": 12,
    "3 nada más": 3,
    "mil gracias, 3": 3,
    "9223372036854775807": 2**63 - 1,
}
NO_INTEGERS = [
    *("tal vez 3", "a partir de 3", "máximo 3", "dos cientos", "2 cientos", "veinti dos", "ciento y uno", "un par"),
    *("treinta uno", "uno, dos", "uno coma cinco", "tres y cuarto", "3 y un bebé", "un adulto y 2 niños"),
    *("", "muchos", "9223372036854775808", "9" * 5000, "1-15", "2 o 3", "dos o tres", "entre 2 y 4", "1.5", "1,50"),
    *("0.500", "1.500,50", "1.2.3", "1500.000", "12:30", "10:30", "12/5", "2x3", "15de", "15 de", "15 de mayo", "a5"),
    *(
        "C-7",
        "²",
        "5²",
        "5½",
        "2 ½",
        "3 pm",
        "a las 3",
        "- 5",
        "2 2",
        "2 y 2",
        "no 40",
        "más de 40",
        "casi 40",
        "menos de 5",
    ),
    *("tengo una pregunta", "una pregunta", "un momento", "dos y medio", "medio", "15 de la tarde", "3 mil millones 2"),
    *("ten paciencia", "uno de mayo", "a la una", "mil gracias", "99999999999999999999999999", "1 500"),
]
NUMBERS = {
    ("1.500,50", "es"): 1500.5,
    ("1.500,50", "en"): 1500.5,
    ("1,500.50", "es"): 1500.5,
    ("1,500.50", "en"): 1500.5,
    ("1.500", "es"): 1500,
    ("1,500", "en"): 1500,
    ("1.500", "en"): None,
    ("1,500", "es"): None,
    ("1,5", "es"): 1.5,
    ("1,5", "en"): 1.5,
    ("1.5", "es"): 1.5,
    ("1.5", "en"): 1.5,
    ("0,500", "es"): 0.5,
    ("0.500", "es"): 0.5,
    ("1500,125", "es"): 1500.125,
    ("1500.125", "es"): None,
    ("1.500.000,25", "es"): 1_500_000.25,
    ("1.50.000", "es"): None,
    ("1.500,50,2", "es"): None,
    ("40,0", "es"): 40,
    ("-0", "es"): 0,
    ("-1,5", "es"): -1.5,
    ("medio", "es"): 0.5,
    ("half", "en"): 0.5,
    ("dos y medio", "es"): 2.5,
    ("2 y media", "es"): 2.5,
    ("dos kilos y medio, por favor", "es"): 2.5,
    ("un kilo y medio", "es"): 1.5,
    ("2 kilos y medio litro", "es"): None,
    ("tres cuartos", "es"): None,
    ("un cuarto", "es"): None,
    ("cinco punto dos", "es"): None,
    ("two and a half", "en"): 2.5,
    ("one hundred and twenty", "en"): 120,
    ("one million", "en"): 1_000_000,
    ("half a dozen", "en"): 6,
    ("twenty-one hundred", "en"): None,
    ("negative 3", "en"): -3,
    ("mide 1,75 m", "es"): 1.75,
    ("peso 80,5 kg", "es"): 80.5,
    ("20k", "es"): 20_000,
    ("1,5k", "es"): 1500,
    ("twenty five", "es"): 25,
    ("once", "es"): 11,
    ("once", "en"): None,
    ("1,5,2", "es"): None,
    (",5", "es"): None,
    ("1e5", "es"): None,
    ("inf", "es"): None,
    ("nan", "es"): None,
    ("0x10", "es"): None,
    ("9" * 20 + ",5", "es"): None,
    ("3,141592", "es"): 3.141592,
}
AMOUNTS = {
    "20": 20,
    "Bs 20": 20,
    "20 bs": 20,
    "Bs20": 20,
    "20Bs.": 20,
    "Bs. 1.500": 1500,
    "Bs.-1.500": 1500,
    "1.500.- Bs": 1500,
    "BOB 20": 20,
    "20 bolivianos": 20,
    "20 pesos": 20,
    "son 20 bolivianos nomás": 20,
    "1.500,50": 1500.5,
    "1,500.50": 1500.5,
    "1,500": 1500,
    "12,5": 12.5,
    "12,50 bs": 12.5,
    "veinte bolivianos": 20,
    "dos mil quinientos bs": 2500,
    "20 mil bolivianos": 20_000,
    "20k": 20_000,
    "0": 0,
    "-20": -20,
    "💰 20": 20,
    "Ｂｓ ２０": 20,
}
NO_AMOUNTS = [
    *(
        "",
        "gratis",
        "$us 20",
        "$20",
        "20$",
        "US$ 20",
        "20 dólares",
        "20 usd",
        "veinte dólares",
        "€20",
        "20 euros",
        "20 soles",
    ),
    *(
        "20 lucas",
        "50%",
        "20 por ciento",
        "12,555,5",
        "1.2345",
        "20 o 30",
        "de 20 a 30",
        "entre 20 y 30",
        "20-30",
        "15 de",
    ),
    *("50 centavos", "50 ctvs", "AR$ 20", "a$20", "20 varos"),
    *("más de 20 bs", "Bs 20 y $us 5", "20 bs con 50", "Bs", "12/5", "20bsx"),
]


@pytest.mark.parametrize(("text", "number"), INTEGERS.items())
def test_integer(text: str, number: int) -> None:
    """The only whole number in a sentence counts, in figures or in words."""
    found = read("integer", text)
    assert found == number
    assert type(found) is int


@pytest.mark.parametrize("text", NO_INTEGERS)
def test_no_integer(text: str) -> None:
    """A time, a date, a fraction, a range, several numbers, or what is said to be about so many do not count."""
    assert read("integer", text) is None


@pytest.mark.parametrize(("said", "number"), NUMBERS.items())
def test_number(said: tuple[str, str], number: float | None) -> None:
    """Separators are read by the language where they could mean two things."""
    found = read("number", *said)
    assert found == number
    assert type(found) is type(number)


@pytest.mark.parametrize(("text", "amount"), AMOUNTS.items())
def test_money(text: str, amount: float) -> None:
    """An amount may name the bot's currency."""
    assert read("money", text) == amount
    assert read("money", text, "en") == amount


@pytest.mark.parametrize("text", NO_AMOUNTS)
def test_no_money(text: str) -> None:
    """An amount in another currency is not converted, and a share is no amount."""
    assert read("money", text) is None


@pytest.mark.parametrize(
    ("currency", "text", "amount"),
    [
        ("USD", "$20", 20),
        ("USD", "20 dólares", 20),
        ("USD", "20 bs", None),
        ("ARS", "$20", 20),
        ("ARS", "20 pesos", 20),
        ("MXN", "20 varos", 20),
        ("EUR", "20 pesitos", None),
        ("PEN", "S/ 20", 20),
        ("PEN", "S/20", 20),
        ("PEN", "20 pesos", None),
        ("BRL", "R$20", 20),
        ("EUR", "20 €", 20),
        ("XXX", "20", 20),
        ("XXX", "20 bs", None),
    ],
)
def test_currency(currency: str, text: str, amount: float | None) -> None:
    """Whose sign "$" is depends on the bot's currency."""
    assert read("money", text, currency=currency) == amount


@given(number=st.integers(-(2**63) + 1, 2**63 - 1))
def test_round_trip(number: int) -> None:
    """A whole number reads back, bare and with separators of thousands."""
    assert read("integer", str(number)) == number
    assert read("integer", f"son {number:,} cajas") == number
    assert read("number", f"{number:,}".replace(",", ".")) == number


@given(cents=st.integers(0, 10**12))
def test_money_round_trip(cents: int) -> None:
    """An amount with two decimals reads back, as it is written here and there."""
    here = f"{cents / 100:,.2f}".translate(str.maketrans(",.", ".,"))
    assert read("money", f"Bs {here}") == cents / 100
    assert read("money", f"{cents / 100:,.2f} bs") == cents / 100
