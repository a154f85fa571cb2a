"""How a contact may stand in text that no rule read: its number, in the ways in which people write it.

Rows of nobody's are kept to find out what a gateway sends, so one too many is a smaller loss than one too few, which
would leave a number that was to be forgotten. What is a date or a price is told apart all the same: a number that reads
like one would take every row of a day.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

#: Digits from which a contact is a phone number, which people write in many ways.
NUMBER = 7
#: What may stand between two digits of one: a sign or two, a space, dash or mark of Unicode, also as JSON escapes it.
_APART = rb"(?:[ ().\-/+]|\xc2\xa0|\xe2\x80[\x80-\xaf]|\\u00[aA]0|\\u20[0-2][0-9a-fA-F]){0,3}"
#: A number of which every digit is there: none before it, unless those of an escape, and none behind.
_WHOLE = rb"(?:(?<![0-9])|(?<=\\u[0-9a-fA-F]{4}))(?:%b)?(?:%b)(?![0-9])"
#: What is dialled before a number: with its calling code, and without.
_ABROAD, _TRUNK = rb"00|011|0", rb"0"
#: Calling code -> the digit of a mobile that is written or left out, and where among the others it stands.
MOBILE_SIGNS = {54: (0, "9"), 52: (0, "1"), 55: (2, "9")}
#: Digits of a number of those countries without the sign.
PLAIN = 10
#: Argentina writes this between area code and number, and what it may leave out before: the area's 2 to 4 digits.
ARGENTINA, MOBILE_AT_HOME, AREA_CODES = 54, "15", (2, 3, 4)

_YEAR, _MONTH, _DAY = rb"(?:19|20)[0-9]{2}", rb"(?:0[1-9]|1[0-2])", rb"(?:0[1-9]|[12][0-9]|3[01])"
_DATE = re.compile(
    rb"(?<![0-9])(?:%b([-/.])%b\1%b|%b([-/.])%b\2%b)(?![0-9])" % (_YEAR, _MONTH, _DAY, _DAY, _MONTH, _YEAR)
)
_MONEY_BEFORE = re.compile("(?:\\$|€|₡|₲|\\b(?:Bs|Gs|USD)\\.?|\\bS/\\.?)(?: |\u00a0)?\\Z".encode())
#: Longest of it, in bytes: "USD." and a no-break space.
_MONEY_SIZE = 6
_THOUSANDS = re.compile(rb"[0-9]{1,3}(?:\.[0-9]{3})+")
_MONEY_BEHIND = re.compile(",[0-9]{2}(?![0-9])|(?: |\u00a0)?€".encode())


def naming(contact: str) -> Callable[[bytes], bool]:
    """Return what tells whether an event names a contact: a number however its digits are set apart.

    Without its calling code it is the number only where it is no date and no price.
    """
    if not (contact.isascii() and contact.isdigit() and len(contact) >= NUMBER):
        name = contact.encode()
        return lambda event: name in event
    abroad, at_home = _spellings(contact)
    number = _whole(_ABROAD, abroad)
    if not at_home:
        return lambda event: number.search(event) is not None
    domestic = _whole(_TRUNK, at_home)
    return lambda event: (
        number.search(event) is not None or any(not _is_other(event, each) for each in domestic.finditer(event))
    )


def _whole(prefix: bytes, spellings: Iterable[str]) -> re.Pattern[bytes]:
    return re.compile(_WHOLE % (prefix, b"|".join(_APART.join(map(_digit, each)) for each in spellings)))


def _digit(digit: str) -> bytes:
    return digit.encode()


def _spellings(contact: str) -> tuple[list[str], list[str]]:
    """Return the digits by which a number is written with its calling code, and those without."""
    import phonenumbers  # takes 50 ms to import, and few are forgotten

    try:
        parsed = phonenumbers.parse(f"+{contact}")
    except phonenumbers.NumberParseException:
        return [contact], []
    code, number = parsed.country_code or 0, phonenumbers.national_significant_number(parsed)
    both = _with_and_without(number, *MOBILE_SIGNS[code]) if code in MOBILE_SIGNS else [number]
    at_home = [*both, *(_at_home_in_argentina(both[0]) if code == ARGENTINA else ())]
    abroad = dict.fromkeys([contact, *(f"{code}{each}" for each in both)])
    return list(abroad), [each for each in dict.fromkeys(at_home) if len(each) >= NUMBER]


def _with_and_without(number: str, place: int, sign: str) -> list[str]:
    """Return a number without the sign of a mobile, and with it; one of another length only as it is."""
    if len(number) == PLAIN + 1 and number.startswith(sign, place):
        number = number[:place] + number[place + 1 :]
    return [number, number[:place] + sign + number[place:]] if len(number) == PLAIN else [number]


def _at_home_in_argentina(number: str) -> list[str]:
    if len(number) != PLAIN:
        return []
    split = [(number[:size], number[size:]) for size in AREA_CODES]
    return [area + MOBILE_AT_HOME + rest for area, rest in split] + [MOBILE_AT_HOME + rest for _, rest in split]


def _is_other(event: bytes, found: re.Match[bytes]) -> bool:
    """Return whether digits that could be a number are a date, perhaps with an hour behind it, or a price."""
    start, end, written = found.start(), found.end(), found[0]
    if _DATE.search(written) or _MONEY_BEFORE.search(event[max(0, start - _MONEY_SIZE) : start]):
        return True
    return _THOUSANDS.fullmatch(written) is not None and _MONEY_BEHIND.match(event, end) is not None
