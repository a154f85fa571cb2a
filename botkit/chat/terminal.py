"""Where lines come from: a terminal, with completion and history, or whatever standard input is.

prompt_toolkit is heavy: this module is imported only where somebody sits at a terminal.
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import CompleteEvent, Completer, Completion, PathCompleter
from prompt_toolkit.document import Document
from prompt_toolkit.formatted_text import ANSI
from prompt_toolkit.history import FileHistory, History, InMemoryHistory
from prompt_toolkit.patch_stdout import patch_stdout

from botkit.chat.console import Console
from botkit.chat.plain import PROMPT
from botkit.chat.words import Word, words
from botkit.watch import Watch, files_of


class Words(Completer):
    """Completes a whole line: commands, the options on show, words that begin flows; files behind `:media`."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._paths = PathCompleter(expanduser=True)

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        """Yield what the line may become."""
        line = document.text_before_cursor
        if line.startswith(":media "):
            typed = line.removeprefix(":media ")
            yield from self._paths.get_completions(Document(typed, len(typed)), complete_event)
            return
        for word in words(self._console, line):
            yield _completion(word, line)


async def talk(console: Console, history: History, *, watch: bool = True) -> None:
    """Take lines from the terminal until the last; with `watch` files are read again as they are saved.

    Ctrl+C drops a line, or cuts off what the last one does; Ctrl+D leaves.
    """
    prompt = PromptSession[str](history=history, completer=Words(console), complete_while_typing=False)
    try:
        with patch_stdout(raw=True):
            console.greet()
            await console.open()
            watching = Watching(console) if watch else None
            try:
                await _take_lines(console, prompt)
            finally:
                if watching is not None:
                    await watching.stop()
    finally:
        await console.close()


async def _take_lines(console: Console, prompt: PromptSession[str]) -> None:
    while True:
        try:
            line = await prompt.prompt_async(ANSI(console.teller.painter.paint("person", PROMPT)))
        except KeyboardInterrupt:
            continue
        except EOFError:
            return
        if not await _take(console, line):
            return


async def _take(console: Console, line: str) -> bool:
    """Let a line be taken; Ctrl+C cuts that off. Return whether more may be typed."""
    taking = asyncio.ensure_future(console.take(line))
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGINT, taking.cancel)
    try:
        await asyncio.wait({taking})
    finally:
        loop.remove_signal_handler(signal.SIGINT)
        taking.cancel()  # if we are the ones who are cut off
    if taking.cancelled():
        await console.cut_off()
        return True
    return taking.result()


class Watching:
    """Reads the bot again when a file of it is saved, from now until `stop`."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._saved = asyncio.Event()
        self._watch = Watch(console.folder, files_of(console.config, console.bot.project), self._saved.set)
        self._known = self._watch.digest()
        self._watch.start()
        self._task = asyncio.create_task(self._follow())

    async def stop(self) -> None:
        """End that."""
        await self._watch.stop()
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def _follow(self) -> None:
        """Reload at first, for what was saved since the bot was loaded, then whenever a file says something else."""
        await self._console.reload(quiet=True)
        while True:
            await self._saved.wait()
            self._saved.clear()
            digest = await asyncio.to_thread(self._watch.digest)
            if digest != self._known:
                self._known = digest
                await self._console.reload()


async def ask(question: str) -> str | None:
    """Return what the author answers; None for nothing."""
    try:
        return await PromptSession[str]().prompt_async(question)
    except (KeyboardInterrupt, EOFError):
        return None


def history_of(env: Mapping[str, str]) -> History:
    """Return what was typed in former chats: a file of the person's own, or nothing where that cannot be written."""
    folder = Path(env.get("XDG_STATE_HOME") or Path.home() / ".local" / "state") / "botkit"
    path = folder / "chat_history"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600))
    except OSError:
        return InMemoryHistory()
    return FileHistory(path)


def _completion(word: Word, line: str) -> Completion:
    shown: dict[str, Any] = {"display_meta": word.means} if word.means else {}
    return Completion(word.text, start_position=-len(line), **shown)
