"""A number is found in text that no rule read in the ways in which people write it, and not in what only looks so."""

from __future__ import annotations

import pytest

from botkit.store.naming import naming

BOLIVIA, ARGENTINA, MEXICO, BRAZIL = "59171234567", "5491123456789", "5215512345678", "5511987654321"
SPAIN, UNITED_STATES, DENMARK, GUATEMALA = "34612345678", "15512345678", "4520261124", "50220261124"


def names(contact: str, written: str) -> bool:
    """Return whether a text in the JSON of an event names a contact."""
    return naming(contact)(f'{{"voter":"{written}"}}'.encode())


@pytest.mark.parametrize(
    ("contact", "written"),
    [
        (BOLIVIA, "0059171234567"),
        (BOLIVIA, "01159171234567"),
        (BOLIVIA, "+591\u202f71\u2011234567"),
        (BOLIVIA, "\\u202a+591 71234567"),
        (BOLIVIA, "\\u206059171234567"),
        (BOLIVIA, "591712\\u201134567"),
        (BOLIVIA, "59171234567@s.whatsapp.net"),
        (BOLIVIA, "4 59171234567"),
        ("4407911123456", "4407911123456"),
        (MEXICO, "+52 55 1234 5678"),
        (MEXICO, "525512345678"),
        ("525512345678", "5215512345678"),
        (ARGENTINA, "541123456789"),
        ("541123456789", "5491123456789"),
        (BRAZIL, "551187654321"),
        ("551187654321", "+55 11 98765\u20114321"),
    ],
)
def test_written_abroad(contact: str, written: str) -> None:
    """With its calling code, and with or without what a country writes of a mobile only at times."""
    assert names(contact, written)


@pytest.mark.parametrize("written", ["159171234567", "591712345678", "5917123456", "591 712345670"])
def test_part_of_another(written: str) -> None:
    """A number of which other digits are next to its own is another."""
    assert not names(BOLIVIA, written)


def test_end_of_a_foreign_one() -> None:
    """The number of one country that ends that of another is not found in it."""
    assert not names(UNITED_STATES, MEXICO)
    assert names(MEXICO, MEXICO)


@pytest.mark.parametrize(
    ("contact", "written", "is_theirs"),
    [
        (ARGENTINA, "11 2345-6789", True),
        (ARGENTINA, "9 11 2345-6789", True),
        (ARGENTINA, "011 15 2345-6789", True),
        (ARGENTINA, "15-2345-6789", True),
        ("5492211234567", "0221 15 123-4567", True),
        ("5492966123456", "02966 15-123456", True),
        (ARGENTINA, "15-2345-6780", False),
        (MEXICO, "55 1234 5678", True),
        (MEXICO, "044 55 1234 5678", True),
        (BRAZIL, "(11) 98765-4321", True),
        (BRAZIL, "(11) 8765-4321", True),
        ("551187654321", "(11) 98765-4321", True),
        (BRAZIL, "(12) 98765-4321", False),
        (SPAIN, "612 345 678", True),
        (SPAIN, "612.345.678", True),
        (SPAIN, "+591 612 345 6789", False),
        (GUATEMALA, "2026 1124", True),
        (DENMARK, "20 26 11 24", True),
        ("00000000000", "0000000", False),
        ("59170000001", "591", False),
    ],
)
def test_written_at_home(contact: str, written: str, is_theirs: bool) -> None:
    """Each country leaves out what it does; what is no number at all is looked for as it is."""
    assert names(contact, written) is is_theirs


@pytest.mark.parametrize(
    ("contact", "written"),
    [
        (DENMARK, "2026-11-24"),
        (GUATEMALA, "2026-11-24T10:00:00Z"),
        (GUATEMALA, "2026/11/24"),
        ("50224112026", "24/11/2026"),
        ("12026112410", "2026-11-24 10:30"),
        (BOLIVIA, "Bs 71.234.567"),
        (BOLIVIA, "Bs. 71234567"),
        (BOLIVIA, "$71.234.567"),
        (BOLIVIA, "€ 71.234.567"),
        (BOLIVIA, "71.234.567,50"),
        (SPAIN, "612.345.678 €"),
    ],
)
def test_date_or_price(contact: str, written: str) -> None:
    """A date or a price is no number, though its digits are those of one; a number behind it is found all the same."""
    assert not names(contact, written)
    assert names(contact, f"{written} {contact}")


@pytest.mark.parametrize(
    "written",
    [
        "á71234567",
        "pague al 71234567, 50 por persona",
        "71234567 Bs 50",
        "71234567,20 personas",
        "2026-11-24 tel 71234567",
        "Bs 71.234.567, tel. 712-34567",
        "aBs 71234567",
    ],
)
def test_beside_a_date_or_price(written: str) -> None:
    """What stands near a date or a price, or only resembles one, is found."""
    assert names(BOLIVIA, written)


def test_no_number() -> None:
    """A contact that is no phone number is found as it stands."""
    assert names("12036302@g.us", "12036302@g.us")
    assert not names("12036302@g.us", "12036302")
