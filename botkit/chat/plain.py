"""A chat without a terminal: each line of a stream is one that is typed, and is shown above what comes of it.

Where only what comes of it goes elsewhere (`botkit chat | tee charla.txt`), a typed line is on the screen already.
"""

from __future__ import annotations

import asyncio
from typing import TextIO

from botkit.chat.console import Console
from botkit.chat.paint import Line

#: What stands before what was typed.
PROMPT = "› "


async def read_input(console: Console, stream: TextIO) -> None:
    """Take the lines of a stream, to its end or to `:quit`."""
    try:
        await console.open()
        while line := await asyncio.to_thread(stream.readline):
            typed = line.rstrip("\n")
            if not stream.isatty():
                console.teller.painter.show([Line("person", PROMPT, typed)])
            if not await console.take(typed):
                break
    finally:
        await console.close()


async def nobody(question: str) -> str | None:
    """Answer nothing: nobody is there to ask."""
    return None
