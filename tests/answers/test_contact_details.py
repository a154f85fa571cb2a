"""Phone numbers, email and web addresses in a text; and texts."""

from __future__ import annotations

import pytest

from tests.answers.samples import read

PHONES = {
    "77712345": "+59177712345",
    "777-12345": "+59177712345",
    "77 71 23 45": "+59177712345",
    "+591 77712345": "+59177712345",
    "+59177712345": "+59177712345",
    "591 77712345": "+59177712345",
    "00591 77712345": "+59177712345",
    "(591) 777 12345": "+59177712345",
    "mi número es 777-12345": "+59177712345",
    "Es el 77712345.": "+59177712345",
    "📱77712345": "+59177712345",
    "\u202a+591 77712345\u202c": "+59177712345",
    "７７７１２３４５": "+59177712345",
    "٧٧٧١٢٣٤٥": "+59177712345",
    "22771234": "+59122771234",
    "2 2771234": "+59122771234",
    "+54 9 11 2345-6789": "+5491123456789",
    "+1 202 555 0123": "+12025550123",
    "tengo 40 años y mi número es 77712345": "+59177712345",
}
NO_PHONES = [
    *("", "no tengo", "12345", "40", "123456789012", "777123456", "+591 7771234", "99999999", "x77712345", "77712345x"),
    *("77712345 y 77712346", "77712345 77712345", "77712345 / 77712346", "CI 4567890", "12/5/2026", "9" * 10_000),
    *("4567890 y 77712345", "+999 77712345"),
]
EMAILS = {
    "juan@gmail.com": "juan@gmail.com",
    "Juan@GMAIL.com": "Juan@gmail.com",
    " juan@gmail.com \u200b": "juan@gmail.com",
    "mi correo es juan.perez+x@mail.umsa.bo, gracias": "juan.perez+x@mail.umsa.bo",
    "<a@b.co>": "a@b.co",
    "(a@b.co).": "a@b.co",
    "mailto:a@b.co": "a@b.co",
    "correo:a@b.co": "a@b.co",
    "_juan_@x.com": "_juan_@x.com",
    "a@b.co a@B.co": "a@b.co",
    "ａ＠b.com": "a@b.com",
    "soy @juan, juan@x.com": "juan@x.com",
}
NO_EMAILS = [
    *(
        "",
        "juan",
        "juan arroba gmail.com",
        "a@b",
        "a@b.c",
        "juan@gmail,com",
        "josé@gmail.com",
        "a@b.co y c@d.co",
        "@juan",
    ),
    *(
        "a..b@c.com",
        ".a@c.com",
        "a.@c.com",
        "a@-b.com",
        "a@b-.com",
        "a@@b.com",
        "a@b..com",
        "a@b.123",
        "x" * 65 + "@b.co",
    ),
    *("a@" + "b" * 64 + ".com", "a@" + "b." * 130 + "com", "a@b.co a@b"),
]
URLS = {
    "https://a.bo/x": "https://a.bo/x",
    "http://A.bo": "http://A.bo",
    "HTTPS://a.bo": "HTTPS://a.bo",
    "https://es.wikipedia.org/wiki/Saco_(ropa)": "https://es.wikipedia.org/wiki/Saco_(ropa)",
    "https://a.bo/año_": "https://a.bo/año_",
    "(https://a.com).": "https://a.com",
    "https://a.com:8080/x?y=1#z": "https://a.com:8080/x?y=1#z",
    "www.hola.com": "https://www.hola.com",
    "hola.com/x?y=1": "https://hola.com/x?y=1",
    "mi página es empresa.bo, gracias": "https://empresa.bo",
    "sitio.com.ar": "https://sitio.com.ar",
    "bit.ly/abc": "https://bit.ly/abc",
    "a.com a.com": "https://a.com",
}
NO_URLS = [
    *(
        "",
        "hola",
        "Hola.Gracias",
        "ok.no",
        "3.5",
        "1.500.000",
        "ftp://a.com",
        "javascript:alert(1)",
        "file:///etc/passwd",
    ),
    *(
        "http://localhost",
        "http://127.0.0.1",
        "http://u:p@a.com",
        "https://",
        "https://a.com:99999",
        "https://[::1",
        "a.com b.com",
    ),
    *("juan@gmail.com", "https://a.com ftp://b.com", "https://a.com/" + "x" * 2048, "foto.jpg", "https://-a.com"),
]


@pytest.mark.parametrize(("text", "number"), PHONES.items())
def test_phone(text: str, number: str) -> None:
    """A valid number is stored as E.164, by the bot's country where it does not say its own."""
    assert read("phone", text) == number


@pytest.mark.parametrize("text", NO_PHONES)
def test_no_phone(text: str) -> None:
    """What cannot be a number, and several, are nothing."""
    assert read("phone", text) is None


@pytest.mark.parametrize(
    ("country", "text", "number"),
    [
        ("AR", "11 2345-6789", "+541123456789"),
        ("BO", "11 2345-6789", None),
        ("MX", "+52 1 55 1234 5678", "+525512345678"),
        ("MX", "5215512345678", "+525512345678"),
        ("PE", "912 345 678", "+51912345678"),
        ("", "77712345", None),
        ("", "+591 77712345", "+59177712345"),
        ("??", "+591 77712345", "+59177712345"),
    ],
)
def test_phone_country(country: str, text: str, number: str | None) -> None:
    """The same figures are another number in another country."""
    assert read("phone", text, country=country) == number


@pytest.mark.parametrize(("text", "address"), EMAILS.items())
def test_email(text: str, address: str) -> None:
    """The only address in a text; small letters are made of its domain alone."""
    assert read("email", text) == address


@pytest.mark.parametrize("text", NO_EMAILS)
def test_no_email(text: str) -> None:
    """A broken address, and several, are nothing: an accent left out would be another person's."""
    assert read("email", text) is None


@pytest.mark.parametrize(("text", "url"), URLS.items())
def test_url(text: str, url: str) -> None:
    """The only web address as typed; a clear host gets a scheme."""
    assert read("url", text) == url


@pytest.mark.parametrize("text", NO_URLS)
def test_no_url(text: str) -> None:
    """Other schemes, hosts without a name and what may be a sentence are nothing."""
    assert read("url", text) is None


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("hola", "hola"),
        ("  Hola,  ¿qué tal?\n", "Hola,  ¿qué tal?"),
        ("\ufeff\u200b hola \u200e", "hola"),
        ("❤️", "❤️"),
        ("👨‍👩‍👧", "👨‍👩‍👧"),
        ("0", "0"),
        (".", "."),
        ("línea 1\nlínea 2", "línea 1\nlínea 2"),
        ("x" * 5000, "x" * 5000),
        ("sí", "sí"),
        ("٤٠", "٤٠"),
        ("", None),
        (" ", None),
        ("\n\t\r", None),
        ("\u00a0", None),
        ("\u200b", None),
        (" \u200b \ufeff ", None),
        ("\u2800", "\u2800"),
        ("\ufe0f", None),
        ("\u00ad", None),
    ],
)
def test_text(text: str, stored: str | None) -> None:
    """A text is kept as written but for its ends; what shows nothing is blank."""
    assert read("text", text) == stored
