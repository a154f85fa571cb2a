"""Texts and addresses as XML and HTML take them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape

from botkit.flow.problem import Place

#: What XML 1.0 has no way to write.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Links:
    """Where boxes lead to: `source` gives a place in a file its address or an empty text, `drawn` are flows shown."""

    source: Callable[[Place], str] = lambda place: ""
    drawn: frozenset[str] = field(default_factory=frozenset)


def text(value: str) -> str:
    """Return a text as it stands between tags or in an attribute."""
    return escape(_UNWRITABLE.sub("\ufffd", value), quote=True)


def anchor(flow: str, step: str = "") -> str:
    """Return the name of a flow's drawing, or of a step's box in it."""
    return f"flow-{flow}--{step}" if step else f"flow-{flow}"
