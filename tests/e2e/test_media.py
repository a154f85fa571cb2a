"""Media the whole way: a photo from the phone page to a handler, and a file of the flows folder back to the page."""

from __future__ import annotations

import signal
from base64 import b64decode
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from playwright.async_api import FilePayload, Page, expect

from tests.e2e.browser import MARKS, phone_page
from tests.recovery.process import Child, free_port
from tests.waiting import PATIENCE_S

pytestmark = MARKS

PNG = b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
PICTURE: FilePayload = {"name": "carnet.png", "mimeType": "image/png", "buffer": PNG}

FLOW = """\
flow: poliza
start: {words: poliza}
steps:
  - ask: Mándame una foto de tu carnet.
    type: image
    save: foto
  - run: carnet.medir
    with: [foto]
    save: bytes
  - say:
      - Recibí {{ bytes }} bytes.
      - {image: "{{ foto }}", caption: Tu carnet}
      - {image: fotos/sello.png, caption: Nuestro sello}
      - {document: poliza.pdf, caption: Tu póliza}
"""
HANDLERS = """\
from botkit import handler


@handler("carnet.medir")
async def measure(foto, ctx):
    found = await ctx.media.fetch(foto)
    assert found.type == "image/png" and found.name == "carnet.png"
    return len(found.bytes)
"""


class Bot:
    """A bot that asks for a photo, on ports that are free."""

    def __init__(self, folder: Path) -> None:
        self.page_port = free_port()
        flows = folder / "flows"
        (flows / "fotos").mkdir(parents=True)
        (flows / "fotos" / "sello.png").write_bytes(PNG)
        (flows / "poliza.pdf").write_bytes(b"%PDF-1.4")
        (flows / "poliza.yaml").write_text(FLOW, encoding="utf-8")
        (folder / "handlers.py").write_text(HANDLERS, encoding="utf-8")
        (folder / "config.yaml").write_text(
            f"server: {{port: {free_port()}}}\nsandbox: {{port: {self.page_port}}}\nhandlers: [handlers.py]\n"
            "channels: {whatsapp: {profile: waconecta, base_url: sandbox}}\n",
            encoding="utf-8",
        )
        self.child = Child("botkit", "run", folder=folder)


@pytest.fixture
def bot(tmp_path: Path) -> Iterator[Bot]:
    """The bot, running."""
    made = Bot(tmp_path)
    yield made
    made.child.end(signal.SIGTERM)


@pytest.fixture
async def page(bot: Bot) -> AsyncIterator[Page]:
    """The phone page in a browser, at its first contact."""
    async with phone_page(bot.page_port) as page:
        yield page


async def test_a_photo_there_and_a_document_back(page: Page) -> None:
    """The handler has its bytes; the page shows it sent on, a picture of the flows folder, and a document."""
    sent = page.locator(".bubble[data-direction=out]")
    await page.fill("#text", "poliza")
    await page.press("#text", "Enter")
    await expect(sent).to_have_count(1, timeout=PATIENCE_S * 1000)
    await page.click("#attach")
    async with page.expect_file_chooser() as chooser:
        await page.click("#attach-picture")
    await (await chooser.value).set_files(PICTURE)
    await expect(sent).to_have_count(5, timeout=PATIENCE_S * 1000)
    await expect(sent.nth(1)).to_contain_text(f"Recibí {len(PNG)} bytes.")
    for place, caption in ((2, "Tu carnet"), (3, "Nuestro sello")):
        await expect(sent.nth(place).locator("img.picture")).to_have_js_property("naturalWidth", 1)
        await expect(sent.nth(place).locator(".text")).to_have_text(caption)
    await expect(sent.nth(4).locator("a.card")).to_have_attribute("download", "poliza.pdf")
    await expect(sent.nth(4).locator(".text")).to_have_text("Tu póliza")
