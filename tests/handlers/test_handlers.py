"""Which functions are handlers, what they take, and how their arguments are read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from botkit.flow.model import Signature
from botkit.handlers import BadArgument, HandlerModuleError, describe, handler
from botkit.modules import load_modules


def plain(dia: date, hora: str = "10:00", *, ctx: Any = None) -> None:
    """Take a date and an hour."""


async def rest(**more: Any) -> None:
    """Take anything."""


@dataclass
class Odd:
    """A type that pydantic reads as a mapping."""

    a: int


def test_describe() -> None:
    """A handler's signature tells its arguments by name, those without default, and whether it takes more."""
    known = describe("x", plain)
    assert known.signature == Signature(("dia", "hora"), frozenset({"dia"}), sees_slots=True)
    assert (known.wants_context, known.is_async) == (True, False)
    known = describe("y", rest)
    assert known.signature == Signature((), frozenset(), open=True)
    assert (known.wants_context, known.is_async) == (False, True)


def positional(a: int, /) -> None:
    """Take an argument that has no name."""


def many(*all_of: int) -> None:
    """Take arguments that have no names."""


@pytest.mark.parametrize("function", [positional, many])
def test_no_names(function: Callable[..., Any]) -> None:
    """What cannot be given by name is refused when the module is loaded."""
    with pytest.raises(HandlerModuleError):
        describe("x", function)


def typed(a: date, b: int, c: Decimal, d: list[date], e: Odd, f) -> None:  # type: ignore[no-untyped-def]
    """Take one of each."""


@pytest.mark.parametrize(
    ("name", "given", "bound"),
    [
        ("a", "2026-11-23", date(2026, 11, 23)),
        ("b", "5", 5),
        ("c", 1.5, Decimal("1.5")),
        ("d", ["2026-11-23"], [date(2026, 11, 23)]),
        ("e", {"a": 1}, Odd(1)),
        ("f", {"x": [1]}, {"x": [1]}),
    ],
)
def test_bind(name: str, given: object, bound: object) -> None:
    """Arguments are read by the annotations of their parameters."""
    assert describe("x", typed).bind({name: given}) == {name: bound}


@pytest.mark.parametrize(("name", "given"), [("a", "ayer"), ("b", "x"), ("b", None), ("d", "2026-11-23")])
def test_bad_argument(name: str, given: object) -> None:
    """What does not fit an annotation names the argument."""
    with pytest.raises(BadArgument, match=f"argument '{name}'"):
        describe("x", typed).bind({name: given})


MODULE = """
from botkit import Context, handler

@handler("a.uno")
def uno(x: "Missing"): return x

@handler("a.dos")
async def dos(ctx: Context): return 1

def otra(): return 2
"""


def test_load(tmp_path: Path) -> None:
    """A module beside config.yaml is loaded; only what it marks can be called."""
    (tmp_path / "h.py").write_text(MODULE)
    known = load_modules(["h.py"], tmp_path).handlers
    assert sorted(known) == ["a.dos", "a.uno"]
    assert known["a.uno"].bind({"x": 1}) == {"x": 1}


REFUSES = """
from botkit import handler
class Type:
    @classmethod
    def __get_pydantic_core_schema__(cls, *_):
        raise OSError("no")

@handler("x")
def f(a: Type): pass
"""


def zero(a: int) -> None:
    """Have an annotation that fails."""


zero.__annotations__["a"] = "1 / 0"


def test_failing_annotation() -> None:
    """An annotation that fails reads nothing; the argument comes as it is."""
    assert describe("x", zero).bind({"a": "5"}) == {"a": "5"}


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("import nada_de_esto\n", "ModuleNotFoundError"),
        ("def f(:\n", "SyntaxError"),
        ("x = 1\n1 / 0\n", "ZeroDivisionError"),
        ("raise SystemExit(3)\n", "SystemExit"),
        (MODULE + MODULE.replace("uno(", "uno2("), "registered twice"),
        (MODULE + MODULE, "registered twice"),
        ("from botkit import handler\n@handler\ndef f(): ...\n", "write @handler"),
        ("from botkit import handler\n@handler('x')\ndef f(*a): pass\n", "by name"),
        ("from botkit import handler\n@handler('x')\ndef f(a: 'nope['): pass\n", "an annotation cannot be read"),
        ("from botkit import handler\n@handler('x')\nasync def f(): yield 1\n", "cannot 'yield'"),
        ("from botkit import handler\n@handler('x')\ndef f(): yield 1\n", "cannot 'yield'"),
        ("raise KeyboardInterrupt\n", "KeyboardInterrupt"),
        ("raise GeneratorExit\n", "GeneratorExit"),
        ("class E(Exception):\n    def __str__(self): 1 / 0\nraise E\n", "E: "),
        (REFUSES, "the annotation of 'a' fails: OSError: no"),
    ],
)
def test_bad_module(tmp_path: Path, code: str, why: str) -> None:
    """A module that cannot be used says why, whatever it does."""
    (tmp_path / "h.py").write_text(code)
    with pytest.raises(HandlerModuleError, match=why):
        load_modules(["h.py"], tmp_path)


@pytest.mark.parametrize(
    ("code", "place"),
    [
        ("x = 1\n1 / 0\n", "h.py:2:1"),
        ("x = [1,\n     2 / 0]\n", "h.py:2:6"),
        ("ñandú, x = 1, nada\n", "h.py:1:15"),
        ("x = 1\ndef f(:\n", "h.py:2:7"),
        ("raise SystemExit(3)\n", "h.py:1:1"),
        ("import json\njson.loads('{')\n", "h.py:2:1"),
        ("from precios_de_h import precio\n\nx = precio()\n", "precios_de_h.py:2:16"),
        ("import lejos_de_h\n", "h.py:1:1"),
        (MODULE + MODULE, "h.py:17:1"),
        ("from botkit import handler\n@handler('x')\ndef f(*a): pass\n", "h.py:2:1"),
    ],
)
def test_place(code: str, place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The place of an error is where in the module it happened, or in what the module imports of the same bot."""
    (tmp_path / "h.py").write_text(code)
    (tmp_path / "precios_de_h.py").write_text("def precio():\n    return 1 + LISTA\n")
    (tmp_path / "site-packages").mkdir()
    (tmp_path / "site-packages" / "lejos_de_h.py").write_text("1 / 0\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.syspath_prepend(tmp_path / "site-packages")
    with pytest.raises(HandlerModuleError) as caught:
        load_modules(["h.py"], tmp_path)
    assert caught.value.place is not None
    assert str(caught.value.place) == f"{tmp_path}/{place}"
    assert caught.value.module == "h.py"


@pytest.mark.parametrize("name", ["nada.py", "nada.de.esto", "../x.py"])
def test_no_module(tmp_path: Path, name: str) -> None:
    """A module that is not there is an error of its name."""
    with pytest.raises(HandlerModuleError) as caught:
        load_modules([name], tmp_path)
    assert caught.value.module == name


def test_decorator() -> None:
    """The decorator gives the function back as it is."""

    def function() -> int:
        return 7

    assert handler("x")(function) is function
    assert function() == 7
