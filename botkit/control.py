"""The desk: a store's operations for commands, whoever owns the store.

While a process runs, it is asked over its control socket; else the store is locked and opened here. Both do the same
operations of `server/operations.py`, so an answer never depends on who gave it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote

from botkit.errors import StoreOwned, UsageError, in_spanish
from botkit.server.operations import OPERATIONS
from botkit.server.socket import control_path

#: Seconds to wait for an answer of the owner.
TIMEOUT_S = 30.0
#: An owner that starts or stops has the lock but no socket: asked this often, this far apart in seconds.
TRIES, PAUSE_S = 10, 0.2
#: HTTP status of a refusal that has no Spanish of its own -> the Spanish one.
_SPANISH = {
    500: "el bot que corre falló al responder; su registro dice dónde",
    503: "el almacén no atiende por ahora; prueba otra vez en unos segundos",
}


class Desk(Protocol):
    """What commands ask. The argument `lang` is the language of a refusal, English by default."""

    async def call(self, operation: str, **arguments: str | None) -> Any:
        """Return what an operation gives; raises UsageError."""
        ...


@asynccontextmanager
async def open_desk(store: Path) -> AsyncIterator[Desk]:
    """Yield the desk of a store; raises UsageError if there is none, StoreOwned if its owner does not answer."""
    _check(store)
    for left in reversed(range(TRIES)):
        if await _is_open(control_path(store)):
            async with _asked(control_path(store)) as desk:
                yield desk
            return
        try:
            opened = await _LocalDesk.open(store)
        except StoreOwned:
            if not left:
                raise
            await asyncio.sleep(PAUSE_S)
            continue
        try:
            yield opened
        finally:
            await opened.close()
        return


def _check(store: Path) -> None:
    if not store.exists():
        raise UsageError(
            f"there is no store {store} yet; it begins with the first `botkit run`",
            f"todavía no hay almacén {store}; empieza con el primer `botkit run`",
        )


async def _is_open(path: Path) -> bool:
    try:
        _, writer = await asyncio.open_unix_connection(str(path))
    except OSError:
        return False
    writer.close()
    return True


class _LocalDesk:
    """Operations on a store that this process owns."""

    def __init__(self, store: Any) -> None:
        self._store = store

    @classmethod
    async def open(cls, path: Path) -> _LocalDesk:
        """Take the lock and open the store; raises StoreOwned."""
        from botkit.store.sqlite import SqliteStore  # not needed while an owner runs

        with in_spanish(f"no se puede abrir el almacén {path}: {{why}}"):
            return cls(await SqliteStore.open(path))

    async def call(self, operation: str, **arguments: str | None) -> Any:
        """Do an operation here."""
        given = {name: value for name, value in arguments.items() if value is not None}
        return await OPERATIONS[operation].run(self._store, given)

    async def close(self) -> None:
        """Give the store back."""
        await self._store.close()


class _RemoteDesk:
    """Operations done by the process that owns the store."""

    def __init__(self, session: Any) -> None:
        self._session = session

    async def call(self, operation: str, **arguments: str | None) -> Any:
        """Ask for an operation."""
        path, query = OPERATIONS[operation].path, {}
        for name, value in arguments.items():
            if "{" + name + "}" in path:
                path = path.replace("{" + name + "}", quote(value or "", safe=""))
            elif value is not None:
                query[name] = value
        async with self._session.get(path, params=query) as response:
            answer = await response.json()
        if response.status != 200:
            told = "; ".join(text for text in (answer["error"], answer["hint"]) if text)
            raise UsageError(told, _SPANISH.get(response.status))
        return answer


@asynccontextmanager
async def _asked(path: Path) -> AsyncIterator[Desk]:
    import aiohttp  # heavy, and not needed without an owner

    connector, timeout = aiohttp.UnixConnector(str(path)), aiohttp.ClientTimeout(TIMEOUT_S)
    async with aiohttp.ClientSession("http://botkit", connector=connector, timeout=timeout) as session:
        yield _RemoteDesk(session)
