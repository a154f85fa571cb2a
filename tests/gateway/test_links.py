from __future__ import annotations

from urllib.parse import unquote

import pytest

from botkit.gateway.links import Links

NOW = 1_800_000_000.0


def _links(now: float = NOW, secret: bytes = b"secret") -> Links:
    return Links(secret, "https://bot.example.com/", lambda: now)


def _parts(link: str) -> tuple[str, str]:
    token, _, path = link.removeprefix("https://bot.example.com/media/").partition("/")
    return token, unquote(path)


def test_a_link_names_its_file() -> None:
    """People and gateways see what comes, whatever characters the name has."""
    link = _links().make("fotos/menú del día?.png", 60)
    assert link.endswith("/fotos/men%C3%BA%20del%20d%C3%ADa%3F.png")
    token, path = _parts(link)
    assert path == "fotos/menú del día?.png"
    assert _links().opens(token, path)


@pytest.mark.parametrize(("later_s", "opens"), [(0, True), (59, True), (60, False), (10**6, False)])
def test_a_link_is_good_for_a_while(later_s: float, opens: bool) -> None:
    """Who finds it in a log next year finds nothing."""
    token, path = _parts(_links().make("menu.png", 60))
    assert _links(NOW + later_s).opens(token, path) is opens


@pytest.mark.parametrize(
    ("token", "path"),
    [
        ("{token}", "precios.pdf"),
        ("{token}", "menu.png/"),
        ("{token}x", "menu.png"),
        ("9{token}", "menu.png"),
        ("9999999999.{signature}", "menu.png"),
        ("{until}.", "menu.png"),
        ("{until}", "menu.png"),
        ("", "menu.png"),
        (".{signature}", "menu.png"),
        ("-1.{signature}", "menu.png"),
        ("1e9.{signature}", "menu.png"),
        ("²{signature}", "menu.png"),
        ("{token}", "\ud800"),
    ],
)
def test_no_other_link_is_good(token: str, path: str) -> None:
    """Neither for another file nor for longer."""
    good, _ = _parts(_links().make("menu.png", 60))
    until, _, signature = good.partition(".")
    assert not _links().opens(token.format(token=good, until=until, signature=signature), path)


def test_another_store_makes_other_links() -> None:
    """The secret is the store's own."""
    token, path = _parts(_links(secret=b"another").make("menu.png", 60))
    assert not _links().opens(token, path)
