"""`phone`, `email` and `url`: the only one in a text.

Texts are taken as typed, as accents make another address; only what is not seen is dropped.
"""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import urlsplit

import phonenumbers

from botkit.answers.context import ReadingContext
from botkit.answers.fold import LONGEST

#: Longest address and its local part (RFC 5321, 4.5.3.1), longest URL that browsers and services take alike.
MAX_EMAIL = 254
MAX_LOCAL = 64
MAX_URL = 2048

#: Figures with what people write between them; at least five, no more than an international number can have.
_PHONE = re.compile(r"(?<![\w+])(?:\+ ?)?\(?\d(?:[ ().\-]{0,3}\d){4,19}(?!\w)")
#: Mexicans dialled a 1 before a mobile's ten figures until 2019; WhatsApp still writes it.
_MEXICO = 52
_MEXICAN_MOBILE = re.compile(r"1\d{10}")
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+")
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
#: Ends of hosts that are no words of a sentence; a country's own counts too.
_TLDS = frozenset("com org net edu gob gov info biz app dev shop store online site web xyz".split())
_SECOND_LEVEL = frozenset("com org net edu gob gov co ac tv".split())
_AROUND = "<>()[]{}\"'“”‘’«»,;:!¡¿?*"


def read_phone(text: str, context: ReadingContext) -> str | None:
    """Return the one phone number in a text as E.164; without "+" it is of the context's country.

    It must be valid where it belongs; another long number beside it leaves it unsure.
    """
    found = _PHONE.findall(_narrow(text[:LONGEST]))
    return _e164(found[0], context.country) if len(found) == 1 else None


def read_email(text: str, context: ReadingContext) -> str | None:
    """Return the one email address in a text, its domain in small letters."""
    words = [word for word in _words(_narrow(text)) if "@" in word.removeprefix("@")]
    found = {_email(word.rpartition(":")[2]) for word in words}
    return found.pop() if len(found) == 1 else None


def read_url(text: str, context: ReadingContext) -> str | None:
    """Return the one web address in a text; `https://` is added to what is clearly a host."""
    words = [word for word in _words(text) if "." in word or "://" in word]
    found = {url for word in words if (url := _url(word, context.country.lower())) is not None}
    return (found.pop() or None) if len(found) == 1 else None


def _narrow(text: str) -> str:
    """Return a text with letters and figures of full width, and figures of every script, as plain ones."""
    if text.isascii():
        return text
    wide = unicodedata.normalize("NFKC", text[:LONGEST])[:LONGEST]
    return "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in wide)


def _words(text: str) -> list[str]:
    """Return the words of a text without the signs around them, and without what is not seen."""
    seen = text[:LONGEST]
    if not seen.isascii():
        seen = "".join(char for char in seen if unicodedata.category(char) != "Cf")
    return [word for raw in seen.split() if (word := _bare(raw))]


def _bare(word: str) -> str:
    word = word.lstrip(_AROUND).rstrip(_AROUND.replace(")", "") + ".")
    return word if "(" in word else word.rstrip(_AROUND + ".")


def _e164(text: str, country: str) -> str | None:
    try:
        number = phonenumbers.parse(text, country or None)
    except phonenumbers.NumberParseException:
        return None
    if number.country_code == _MEXICO and _MEXICAN_MOBILE.fullmatch(str(number.national_number)):
        number.national_number = int(str(number.national_number)[1:])
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _email(word: str) -> str | None:
    local, _, domain = word.rpartition("@")
    domain = domain.lower()
    fits = len(word) <= MAX_EMAIL and len(local) <= MAX_LOCAL and _LOCAL.fullmatch(local) is not None
    dots = local.startswith(".") or local.endswith(".") or ".." in local
    return f"{local}@{domain}" if fits and not dots and _is_host(domain) else None


def _is_host(host: str) -> bool:
    labels = host.split(".")
    named = len(labels) > 1 and len(host) <= 253 and all(_LABEL.fullmatch(label) for label in labels)
    return named and len(labels[-1]) > 1 and labels[-1].isalpha()


def _url(word: str, country: str) -> str | None:
    """Return a word as a URL; empty for one that is broken, None for what is none."""
    scheme, found, _ = word.partition("://")
    typed = word if found else f"https://{word}"
    if found and scheme.lower() not in ("http", "https"):
        return ""
    try:
        parts = urlsplit(typed)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        return "" if found else None
    good = len(typed) <= MAX_URL and "@" not in parts.netloc and port != 0 and _is_host(host)
    if found:
        return typed if good else ""
    return typed if good and _is_clear(host, country, with_path="/" in word) else None


def _is_clear(host: str, country: str, *, with_path: bool) -> bool:
    """Tell whether a host without a scheme is one, and no two sentences without a blank between."""
    labels = host.split(".")
    known = labels[-1] in _TLDS or labels[-1] == country or labels[0] == "www"
    return known or (len(labels[-1]) == 2 and (with_path or (len(labels) > 2 and labels[-2] in _SECOND_LEVEL)))
