"""A store tells that it writes, and can be asked to."""

from __future__ import annotations

from botkit.errors import StoreUnavailable
from tests.contract.samples import Store, take


async def test_written(store: Store) -> None:
    """What writes counts, a row to prove it too; what only reads does not; of neither a refusal is told."""
    refused: list[StoreUnavailable] = []
    store.on_refusal(refused.append)
    before = store.written
    await store.prove(100)
    assert store.written == before + 1
    await store.counts()
    assert await store.get_meta("nothing") is None
    assert store.written == before + 1
    await take(store)
    assert store.written > before + 1
    assert refused == []
