"""The desk: a bot's operations and actions for commands, whoever owns the store.

While a process runs, it is asked over its control socket; else the store is locked and opened here. Both do the same
operations of `server/operations.py` and actions of `server/actions.py`, so an answer never depends on who gave it. What
an action puts into the inbox with no process running is done at the next start.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, get_args
from urllib.parse import quote

from botkit.errors import StoreOwned, StoreReason, StoreUnavailable, TryLater, UsageError, in_spanish
from botkit.server.actions import ACTIONS
from botkit.server.asked import ASKED, answer
from botkit.server.contacts import Refused, without_path
from botkit.server.given import Given
from botkit.server.ingress import Ingress
from botkit.server.socket import control_path, is_lost
from botkit.server.ways import Way

if TYPE_CHECKING:
    from botkit.flow.flowset import FlowSet

WaysOf = Callable[[], Mapping[str, Way]]

#: Seconds to wait for an answer of the owner.
TIMEOUT_S = 30.0
#: An owner that starts or stops has the lock but no socket: asked this often, this far apart in seconds.
TRIES, PAUSE_S = 10, 0.2
#: HTTP status of a refusal that has no Spanish of its own -> the Spanish one.
_SPANISH = {
    500: "el bot que corre falló al responder; su registro dice dónde",
    503: "el almacén no atiende por ahora; prueba otra vez en unos segundos",  # of a botkit that gives no reason
}


class Desk(Protocol):
    """What commands ask. The argument `lang` is the language of a refusal, English by default.

    `waits` says that no process runs: what an action asks for is done at the next start.
    """

    waits: bool

    async def call(self, operation: str, **arguments: str | None) -> Any:
        """Return what an operation gives; raises UsageError, StoreUnavailable."""
        ...

    async def act(self, action: str, values: dict[str, Any], **arguments: str | None) -> Any:
        """Do an action with `values`, which are JSON types, and return what it answers; raises as `call` does."""
        ...


def no_flows() -> FlowSet:
    """Raise UsageError: a desk that was opened without flows starts none."""
    raise UsageError("this command knows no flows", "esta orden no conoce los flujos")


@asynccontextmanager
async def open_desk(
    store: Path, flows: Callable[[], FlowSet] = no_flows, ways: WaysOf = dict, *, is_upgraded: bool = True
) -> AsyncIterator[Desk]:
    """Yield the desk of a store; raises UsageError if there is none, StoreOwned if its owner does not answer.

    `flows` and `ways` are those of the bot as it stands on disk, asked for only when no process runs that knows its
    own. Without `is_upgraded` a store that is opened here keeps the schema that it has.
    """
    _check(store)
    for left in reversed(range(TRIES)):
        if await _is_open(control_path(store)):
            async with _asked(control_path(store)) as desk:
                yield desk
            return
        try:
            opened = await _LocalDesk.open(store, flows, ways, is_upgraded=is_upgraded)
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
    if is_lost(store):
        raise UsageError(
            f"the store {store} was moved or deleted under the running bot: put it back, or stop the bot and"
            " `botkit restore` the last backup",
            f"alguien movió o borró el almacén {store} con el bot en marcha: devuélvelo a su lugar, o detén el bot y"
            " haz `botkit restore` de la última copia",
        )
    if not store.exists():
        from botkit.store.owner import why_not_begun  # not needed where there is a store

        raise why_not_begun(store) or UsageError(
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
    """Operations and actions on a store that this process owns."""

    waits = True

    def __init__(self, store: Any, flows: Callable[[], FlowSet], ways: WaysOf) -> None:
        self._store = store
        self._ingress = Ingress(store, flows, lambda rows: None, time.time, runs=False, ways=ways)

    @classmethod
    async def open(cls, path: Path, flows: Callable[[], FlowSet], ways: WaysOf, *, is_upgraded: bool) -> _LocalDesk:
        """Take the lock and open the store; raises StoreOwned."""
        from botkit.store.sqlite import SqliteStore  # not needed while an owner runs

        with in_spanish(f"no se puede abrir el almacén {path}: {{why}}"):
            return cls(await SqliteStore.open(path, is_upgraded=is_upgraded), flows, ways)

    async def call(self, operation: str, **arguments: str | None) -> Any:
        """Do an operation here."""
        return await answer(ASKED[operation], self._ingress, _told(arguments))

    async def act(self, action: str, values: dict[str, Any], **arguments: str | None) -> Any:
        """Do an action here."""
        try:
            return await ACTIONS[action].run(self._ingress, Given(values, _told(arguments)))
        except Refused as error:
            told, dicho = (without_path(each, error.path) for each in (str(error), error.told("es")))
            raise UsageError(told, dicho) from None

    async def close(self) -> None:
        """Give the store back."""
        await self._store.close()


class _RemoteDesk:
    """Operations and actions done by the process that owns the store."""

    waits = False

    def __init__(self, session: Any, patient: Any, url: Callable[[str], Any]) -> None:
        """Keep the session, the timeout of what takes long, and what makes an address of a path as it is."""
        self._session, self._patient, self._url = session, patient, url

    async def call(self, operation: str, **arguments: str | None) -> Any:
        """Ask for an operation."""
        path, query = _filled(ASKED[operation].path, _told(arguments))
        sent = self._session.get(self._url(path), params=query, **self._patience(ASKED[operation].takes_long))
        async with _unbroken(), sent as response:
            return await _answer(response)

    async def act(self, action: str, values: dict[str, Any], **arguments: str | None) -> Any:
        """Ask for an action."""
        path, rest = _filled(ACTIONS[action].path, values)
        patience = self._patience(ACTIONS[action].takes_long)
        sent = self._session.post(self._url(path), json=rest, params=_told(arguments), **patience)
        async with _unbroken(), sent as response:
            return await _answer(response)

    def _patience(self, takes_long: bool) -> dict[str, Any]:
        return {"timeout": self._patient} if takes_long else {}


@asynccontextmanager
async def _unbroken() -> AsyncIterator[None]:
    """Turn what becomes of an owner that ends, hangs or is no botkit into a UsageError."""
    import aiohttp  # heavy, and imported already where there is an owner

    try:
        yield
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError):
        raise TryLater(
            "the running bot broke off while it answered; look whether it still runs, and try again",
            "el bot que corre se cortó al responder; mira si sigue corriendo y prueba otra vez",
        ) from None


def _told(arguments: Mapping[str, str | None]) -> dict[str, str]:
    return {name: value for name, value in arguments.items() if value is not None}


def _filled(path: str, values: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """Return a path with those values in it that it names, and the other ones; `.` and `..` are values like any."""
    inside = {name: value for name, value in values.items() if "{" + name + "}" in path}
    for name, value in inside.items():
        path = path.replace("{" + name + "}", quote(value, safe="").replace(".", "%2E"))
    return path, {name: value for name, value in values.items() if name not in inside}


async def _answer(response: Any) -> Any:
    """Return what the owner answered; raises UsageError for a refusal, StoreUnavailable while its store refuses."""
    answer = await response.json()
    if response.status != 200 and not (isinstance(answer, dict) and "error" in answer and "hint" in answer):
        raise ValueError("no refusal of botkit's")
    if response.status == 503 and answer.get("reason") in get_args(StoreReason):
        raise StoreUnavailable(answer["error"], answer["reason"])
    if response.status != 200:
        error = without_path(answer["error"], answer.get("path", ""))
        told = "; ".join(text for text in (error, answer["hint"]) if text)
        raise (TryLater if response.status == 503 else UsageError)(told, _SPANISH.get(response.status))
    return answer


@asynccontextmanager
async def _asked(path: Path) -> AsyncIterator[Desk]:
    import aiohttp  # heavy, and not needed without an owner
    from yarl import URL

    connector, timeout = aiohttp.UnixConnector(str(path)), aiohttp.ClientTimeout(TIMEOUT_S)
    async with aiohttp.ClientSession("http://botkit", connector=connector, timeout=timeout) as session:
        yield _RemoteDesk(session, aiohttp.ClientTimeout(None), partial(URL, encoded=True))
