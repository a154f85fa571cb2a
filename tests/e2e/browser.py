"""The phone page in the system's Chromium."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Page, async_playwright, expect

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run "
    "--disable-background-networking --disable-component-update --disable-sync"
).split()

#: What a module of browser tests is marked with; one worker does them all, for a browser takes a processor and more.
MARKS = [
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.skipif(
        not CHROMIUM.exists() and os.environ.get("BOTKIT_REQUIRE_BROWSER") != "1",
        reason="no Chromium; apt-get install chromium",
    ),
]


@asynccontextmanager
async def phone_page(port: int) -> AsyncIterator[Page]:
    """Open the page at its first contact."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        page = await (await browser.new_context(locale="es-BO")).new_page()
        await page.goto(f"http://127.0.0.1:{port}/")
        await expect(page.locator(".contact[aria-current]")).to_have_count(1)
        yield page
        await browser.close()
