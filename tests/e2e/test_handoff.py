"""A person of the business takes over on the phone page: the bot is silent, and asks again when it gets it back."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.e2e.browser import MARKS, phone_page
from tests.recovery.process import Place
from tests.waiting import PATIENCE_S

pytestmark = MARKS

FLOW = """
flow: cita
start: {words: [cita]}
steps:
  - ask: ¿Qué día?
    save: dia
  - say: "Anotado: {{ dia }}"
"""


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    """A bot that serves, and a gateway that tells it of all that it sent, as linked sessions do."""
    made = Place(tmp_path, FLOW)
    made.arm("statuses", states=["echo", "sent", "delivered"])
    made.start()
    yield made
    made.close()


@pytest.fixture
async def page(place: Place) -> AsyncIterator[Page]:
    """The phone page."""
    async with phone_page(place.page_port) as opened:
        yield opened


async def write(page: Page, text: str, *, as_business: bool = False) -> None:
    """Write as the person, or from the business's phone."""
    operator = page.locator("#operator")
    if (await operator.get_attribute("aria-pressed") == "true") is not as_business:
        await operator.click()
    await page.fill("#text", text)
    await page.press("#text", "Enter")


async def test_taken_over(page: Page) -> None:
    """Whoever writes on the phone has the conversation until the word is typed there; our own echoes never take it."""
    answers = page.locator(".bubble[data-direction=out]:not([data-type=echo]) .text")

    async def heard(*texts: str) -> None:
        await expect(answers).to_have_text(texts, timeout=PATIENCE_S * 1000)

    await write(page, "cita")
    await heard("¿Qué día?")
    await write(page, "Hola, soy Rosa", as_business=True)
    await write(page, "gracias")
    await write(page, "listo", as_business=True)
    await heard("¿Qué día?", "¿Qué día?")
    await write(page, "lunes")
    await heard("¿Qué día?", "¿Qué día?", "Anotado: lunes")
