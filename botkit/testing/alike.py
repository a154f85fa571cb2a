"""Whether values are alike, as a test means it: `true` is no 1, although Python takes them for equal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def alike(found: Any, wanted: Any) -> bool:
    """Tell whether two values are equal to the depth of lists and mappings, with truth values told from numbers."""
    if isinstance(found, Mapping) and isinstance(wanted, Mapping):
        return found.keys() == wanted.keys() and all(alike(found[name], value) for name, value in wanted.items())
    if isinstance(found, list) and isinstance(wanted, list):
        return len(found) == len(wanted) and all(map(alike, found, wanted))
    return isinstance(found, bool) is isinstance(wanted, bool) and bool(found == wanted)
