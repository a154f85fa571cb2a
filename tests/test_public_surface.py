"""What botkit offers to those who import it."""

from __future__ import annotations

from importlib.metadata import version
from importlib.resources import files

import botkit
from botkit import handlers


def test_exports() -> None:
    """Authors need the decorators and the context; nothing else is promised."""
    assert sorted(botkit.__all__) == ["Context", "__version__", "answer_type", "handler"]
    assert (botkit.handler, botkit.Context) == (handlers.handler, handlers.Context)
    assert botkit.answer_type is handlers.answer_type


def test_typed() -> None:
    """The package says that it is typed, and its version is the distribution's."""
    assert (files("botkit") / "py.typed").is_file()
    assert botkit.__version__ == version("botkit")
