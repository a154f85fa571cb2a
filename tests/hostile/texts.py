"""What is written to make a reader work: long, odd and endless texts, none larger than a webhook may bring."""

from __future__ import annotations

#: Characters: what a sandbox takes of a person, and more than WhatsApp lets anybody type.
LONG = 65_000


def _of(piece: str) -> str:
    return piece * (LONG // len(piece))


#: what it is -> the text
TEXTS: dict[str, str] = {
    "one word": _of("a"),
    "one number": _of("1"),
    "digits of another script": _of("٣"),
    "blanks": _of(" ") + "x",
    "blanks and letters": _of(" a"),
    "signs": _of("!?¡¿"),
    "accents on accents": "a" + _of("\u0301\u0323"),
    "one letter of eighteen": _of("\ufdfa"),
    "what cannot be seen": _of("\u200b\u202e"),
    "families": _of("👨\u200d👩\u200d👧"),
    "NUL": "\0" * 20_000,
    "half characters": "\ud800" * 10_000,
    "numbers with points": _of("1.1,"),
    "numbers with blanks": _of("1 "),
    "number words": _of("mil millones y "),
    "amounts": _of("Bs 1.500,50 "),
    "days": _of("mañana 10/10 "),
    "times": _of("10:10 y media "),
    "yes and no": _of("sí no "),
    "addresses": _of("a@a."),
    "an address without end": "a@" + _of("a."),
    "links": _of("https://a.b/"),
    "phones": _of("+591 7"),
    "a template": _of("{{ 9 ** 9 ** 9 }}"),
    "open tags": _of("{% if a %}"),
    "brackets": _of("(["),
    "a pattern's worst": _of("aaaaaaaaab") + "!",
}
