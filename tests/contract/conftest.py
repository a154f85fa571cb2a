"""A store of every implementation, and a way to open the same one again."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from botkit.store.sqlite import SqliteStore
from tests.contract.samples import Store

#: opens the test's store; what was opened before is closed first
Reopen = Callable[[], Awaitable[Store]]


async def _open_file(folder: Path) -> Store:
    return await SqliteStore.open(folder / "botkit.db")


#: implementation -> how a folder's store is opened; one that joins here is held to the whole contract
IMPLEMENTATIONS: dict[str, Callable[[Path], Awaitable[Store]]] = {"sqlite": _open_file}


@pytest.fixture(params=IMPLEMENTATIONS)
async def reopen(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Reopen]:
    """Open this test's store, or open it again as a new process would."""
    opened: list[Store] = []

    async def open_again() -> Store:
        for store in opened:
            await store.close()
        opened.append(await IMPLEMENTATIONS[request.param](tmp_path))
        return opened[-1]

    yield open_again
    for store in opened:
        await store.close()


@pytest.fixture
async def store(reopen: Reopen) -> Store:
    """An empty store."""
    return await reopen()
