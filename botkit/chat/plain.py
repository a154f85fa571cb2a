"""A chat without a terminal: each line of a stream is one that is typed, and is shown above what comes of it.

Where only what comes of it goes elsewhere (`botkit chat | tee charla.txt`), a typed line is on the screen already.
"""

from __future__ import annotations

import asyncio
from typing import TextIO

from botkit.chat.console import Console
from botkit.chat.paint import Line
from botkit.testing.watchdog import HANG_S, Watched, watchdog, watched

#: What stands before what was typed.
PROMPT = "› "
#: How often the loop shows that nobody blocks it, in seconds.
BEAT_S = 1.0


async def read_input(console: Console, stream: TextIO) -> None:
    """Take the lines of a stream, to its end or to `:quit`; a handler that blocks the loop ends the process."""
    with watchdog(console.language), watched("", "", console.folder, HANG_S) as loop:
        beating = asyncio.create_task(_beat(loop))
        try:
            await console.open()
            await _take_lines(console, stream, loop)
        finally:
            beating.cancel()
            await console.close()


async def _take_lines(console: Console, stream: TextIO, loop: Watched) -> None:
    while line := await asyncio.to_thread(stream.readline):
        typed = line.rstrip("\n")
        loop.alive(typed)
        if not stream.isatty():
            console.teller.painter.show([Line("person", PROMPT, typed)])
        if not await console.take(typed):
            break


async def _beat(loop: Watched) -> None:
    while True:
        loop.alive()
        await asyncio.sleep(BEAT_S)


async def nobody(question: str) -> str | None:
    """Answer nothing: nobody is there to ask."""
    return None
