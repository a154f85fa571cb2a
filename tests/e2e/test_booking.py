"""What a newcomer sees: the bot of this repository on its sandbox, and a whole appointment booked in the phone page."""

from __future__ import annotations

import json
import re
import shutil
import signal
import urllib.request
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect

from botkit.control import open_desk
from tests.e2e.browser import MARKS, phone_page
from tests.recovery.process import CONTACT, ROOT, Child, free_port
from tests.waiting import PATIENCE_S

pytestmark = MARKS


class Example:
    """The repository's own bot, on ports that are free."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port, self.page_port = free_port(), free_port()
        shutil.copytree(ROOT / "flows", folder / "flows")
        config = (ROOT / "config.yaml").read_text(encoding="utf-8")
        config = config.replace("port: 8080", f"port: {self.port}").replace("port: 8090", f"port: {self.page_port}")
        (folder / "config.yaml").write_text(config, encoding="utf-8")
        self.child = Child("botkit", "run", folder=folder)

    def sandbox(self, path: str) -> Any:
        """Return JSON of the sandbox's own API."""
        url = f"http://127.0.0.1:{self.page_port}/_sandbox/{path}"
        with urllib.request.urlopen(url, timeout=PATIENCE_S) as answer:
            return json.load(answer)

    def sent(self) -> list[str]:
        """Return the texts that the gateway took, in order."""
        return [message["body"]["text"] for message in self.sandbox(f"messages?to={CONTACT}")["messages"]]


@pytest.fixture
def example(tmp_path: Path) -> Iterator[Example]:
    """The example, running."""
    made = Example(tmp_path)
    yield made
    if made.child.process.poll() is None:
        made.child.end(signal.SIGTERM)


@pytest.fixture
async def page(example: Example) -> AsyncIterator[Page]:
    """The phone page in a browser, at its first contact."""
    async with phone_page(example.page_port) as page:
        yield page


async def write(page: Page, text: str, answers: int) -> str:
    """Write in the chat, wait until the bot has sent so many bubbles in all, and return the last one's text."""
    await page.locator("#text").fill(text)
    await page.locator("#text").press("Enter")
    bubbles = page.locator(".bubble[data-direction=out]")
    await expect(bubbles).to_have_count(answers, timeout=PATIENCE_S * 1000)
    return await bubbles.last.locator(".text").inner_text()


async def test_book_an_appointment(example: Example, page: Page) -> None:
    """`hola` is answered, an appointment can be booked, and page, gateway and outbox tell the same texts."""
    assert "Clínica Sol" in await write(page, "hola", 1)
    assert "¿qué día quieres venir?" in await write(page, "quiero una cita", 2)
    assert "¿A qué hora" in await write(page, "el primero", 3)
    assert re.search(r"¿Confirmo tu cita el .* a las 10:00\?", await write(page, "10:00", 4))
    done = await write(page, "sí", 5)
    assert re.search(r"Te esperamos el .* a las 10:00\. Tu código es C-\d+", done)

    shown = await page.locator(".bubble[data-direction=out] .text").all_inner_texts()
    sent = example.sent()
    async with open_desk(example.folder / "botkit.db") as desk:
        rows = await desk.call("outbox", contact=CONTACT)
        results = await desk.call("results", flow="citas")
    queued = [row["message"]["text"] for row in reversed(rows)]
    assert [plain(text) for text in shown] == [plain(text) for text in sent] == [plain(text) for text in queued]
    assert {row["status"] for row in rows} == {"sent"}
    assert [row["row"]["hora"] for row in results] == ["10:00"]


async def test_no_bot_no_answer(example: Example, page: Page) -> None:
    """With the bot stopped no reply comes: the page is only a phone."""
    await write(page, "hola", 1)
    assert example.child.end(signal.SIGTERM) == 0
    await page.locator("#text").fill("cita")
    await page.locator("#text").press("Enter")
    await expect(page.locator("#bot-state")).not_to_have_text("", timeout=PATIENCE_S * 1000)
    await page.wait_for_timeout(500)
    assert await page.locator(".bubble[data-direction=out]").count() == 1


def plain(text: str) -> str:
    """Return a text without WhatsApp's marks and line breaks, which a page shows in its own way."""
    return re.sub(r"\s+", " ", re.sub(r"[*_~]", "", text)).strip()
