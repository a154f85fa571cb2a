"""Pictures in the system's Chromium: the texts that were measured without a font fit where they were put."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import async_playwright

from botkit.graph.markup import Links
from botkit.graph.page import page
from tests.e2e.browser import ARGUMENTS, CHROMIUM, MARKS
from tests.graph.samples import BOTS, drawings

pytestmark = MARKS

#: How much of its box a text fills at most, and which texts stick out, by more than a pixel.
MEASURE = """() => {
  const out = [];
  for (const box of document.querySelectorAll("section g.box, section g.label")) {
    const room = (box.querySelector(".shape") || box.querySelector("rect")).getBBox();
    for (const text of box.querySelectorAll("text")) {
      const r = text.getBBox();
      if (r.x < room.x - 1 || r.x + r.width > room.x + room.width + 1 || r.y < room.y - 2 ||
          r.y + r.height > room.y + room.height + 2) out.push(text.textContent);
    }
  }
  return out;
}"""


@pytest.mark.parametrize("face", ["", "DejaVu Sans"])
async def test_texts_fit(tmp_path: Path, face: str) -> None:
    """No text sticks out of its box, in the face that is asked for nor in the widest that may come instead."""
    file = tmp_path / "page.html"
    file.write_text(
        page([drawing for bot in BOTS for drawing in drawings(bot).values()], Links(), "es"), encoding="utf-8"
    )
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        shown = await browser.new_page()
        await shown.goto(file.as_uri())
        if face:
            await shown.add_style_tag(content=f".picture text {{ font-family: '{face}' !important }}")
        assert await shown.locator("section g.box").count() > 300
        assert await shown.evaluate(MEASURE) == []
        await browser.close()
