"""README and docs as data: their code blocks and headings."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
LEEME = ROOT / "docs" / "LEEME.md"
COMMANDS, COMANDOS = (ROOT / "docs" / name for name in ("commands.md", "comandos.md"))
PAGES = (README, *sorted((ROOT / "docs").glob("*.md")))

_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block of code: where its code begins, its language, the code."""

    page: str
    line: int
    language: str
    code: str

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


def blocks(page: Path, language: str = "") -> list[Block]:
    """Return a page's blocks, of one language or of all."""
    text = page.read_text()
    found = [
        Block(page.relative_to(ROOT).as_posix(), text.count("\n", 0, match.start(2)) + 1, match[1], match[2])
        for match in _BLOCK.finditer(text)
    ]
    return [block for block in found if not language or block.language == language]


def headings(page: Path) -> list[int]:
    """Return the levels of a page's headings, top to bottom; `#` inside code is none."""
    return [len(marks) for marks in re.findall(r"^(#+) ", _BLOCK.sub("", page.read_text()), re.MULTILINE)]


def links(page: Path) -> list[str]:
    """Return the targets of a page's links that are files, without the part behind `#`."""
    found = re.findall(r"\]\(([^)#\s]+)[^)]*\)", _BLOCK.sub("", page.read_text()))
    return [target for target in found if "://" not in target]


def anchors(page: Path) -> list[tuple[str, str]]:
    """Return the links to a heading: the file, empty for this page, and the heading's name behind `#`."""
    return re.findall(r"\]\(([^)#\s:]*)#([^)\s]+)\)", _BLOCK.sub("", page.read_text()))


def names(page: Path) -> set[str]:
    """Return the names by which links reach a page's headings, as GitHub makes them."""
    titles = re.findall(r"^#+ (.*)$", _BLOCK.sub("", page.read_text()), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}
