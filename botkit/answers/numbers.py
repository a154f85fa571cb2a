"""Numbers in sentences."""

from __future__ import annotations

import re

#: a whole number in a sentence, with separators of thousands; a sign only where no digit stands before it
_INTEGER = re.compile(r"(?<![\w.,\-/:])-?(?:[1-9]\d{0,2}(?:[.,]\d{3})+|\d+)(?![\w/:]|[.,\-]\d)")


def read_integer(text: str) -> int | None:
    """Return the only whole number in a text ("tengo 40 años" is 40), or None."""
    found = _INTEGER.findall(text)
    if len(found) != 1 or len(re.findall(r"\d+(?:[.,]\d+)*", text)) != 1:
        return None
    number = int(re.sub(r"[.,]", "", found[0])) if len(found[0]) <= 25 else 2**63
    return number if abs(number) < 2**63 else None
