"""A picture from a person's phone to a handler's hands, through a bot that runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web

from tests.http.services import serve
from tests.server.process import CONFIG, CONTACT, Process, running

FLOW = """\
flow: reclamo
start: {words: [reclamo]}
steps:
  - ask: Manda una foto del daño.
    type: image
    save: foto
  - run: fotos.medir
    with: [foto]
    save: medida
  - say: "Recibí {{ medida }}."
"""
SENT_ON = """\
flow: peritaje
start: {words: [peritaje]}
steps:
  - ask: Manda una foto del daño.
    type: image
    save: foto
  - http: POST peritos/fotos
    file: {foto: "{{ foto }}", acta: docs/acta.pdf}
    form: {de: Ana}
    save: visto
    on_error: mal
  - say: "Recibí {{ visto }}."
asides:
  mal: [say: "mal: {{ error }}"]
"""
HANDLERS = """\
from botkit import handler
from botkit.errors import MediaError

@handler("fotos.medir")
async def measure(foto, ctx):
    try:
        found = await ctx.media.fetch(foto)
    except MediaError as error:
        return f"nada: {error.reason}"
    return f"{len(found.bytes)} bytes de {found.type}, {found.name}"
"""
PDF = b"%PDF-1.7"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(1000)


async def send(bot: Process, **message: Any) -> None:
    """Send something as a person."""
    async with aiohttp.ClientSession() as http:
        body = {"from": CONTACT, "type": "image", **message}
        async with http.post(f"{bot.page}/_sandbox/inbound", json=body) as response:
            assert response.status == 200, await response.text()


async def attach(bot: Process) -> dict[str, str]:
    """Attach the picture, as the phone page does."""
    async with aiohttp.ClientSession() as http:
        url, headers = f"{bot.page}/_sandbox/media?name=golpe.png", {"Content-Type": "image/png"}
        async with http.post(url, data=PNG, headers=headers) as response:
            attached: dict[str, str] = await response.json()
            return attached


async def answers(bot: Process, count: int) -> list[str]:
    """Return the texts that the bot has sent, once there are so many."""
    texts: list[str] = []
    async with aiohttp.ClientSession() as http, http.get(f"{bot.page}/_sandbox/events") as events:
        async for _ in events.content:
            async with http.get(f"{bot.page}/_sandbox/messages") as response:
                texts = [message["body"]["text"] for message in (await response.json())["messages"]]
            if len(texts) >= count:
                break
    return texts


def stored(folder: Path) -> bytes:
    """Return all that the store of a bot keeps."""
    return b"".join(file.read_bytes() for file in folder.glob("*.db*"))


async def test_a_picture_reaches_a_handler(tmp_path: Path) -> None:
    """The bytes come with the gateway's key, what is not the gateway's and not public is refused to the handler."""
    (tmp_path / "flows").mkdir()
    (tmp_path / "config.yaml").write_text(CONFIG + "handlers: [flows/handlers.py]\n")
    (tmp_path / "flows" / "reclamo.yaml").write_text(FLOW)
    (tmp_path / "flows" / "handlers.py").write_text(HANDLERS)
    async with running(tmp_path) as bot:
        await bot.read_ready()
        await bot.write("reclamo", "Manda una foto")
        await send(bot, **await attach(bot))
        assert (await answers(bot, 2))[1] == "Recibí 1008 bytes de image/png, golpe.png."
        await bot.write("reclamo", "Manda una foto")
        await send(bot, url="https://127.0.0.1:1/secreto")
        assert (await answers(bot, 4))[3] == "Recibí nada: not_public."
        assert await bot.stop() == 0


async def test_a_picture_reaches_a_service(tmp_path: Path) -> None:
    """An `http` step sends a received picture and a file of the flows folder; the store keeps no byte of them."""
    (tmp_path / "flows" / "docs").mkdir(parents=True)
    (tmp_path / "flows" / "docs" / "acta.pdf").write_bytes(PDF)
    (tmp_path / "flows" / "peritaje.yaml").write_text(SENT_ON)
    came: list[dict[str, Any]] = []

    async def take(request: web.Request) -> web.Response:
        form = await request.post()
        came.append({key: each.file.read() if isinstance(each, web.FileField) else each for key, each in form.items()})
        return web.json_response(f"{len(came)} foto")

    async with serve(take) as port:
        services = f"services: {{peritos: {{url: 'http://127.0.0.1:{port}'}}}}\n"
        (tmp_path / "config.yaml").write_text(CONFIG + services)
        async with running(tmp_path) as bot:
            await bot.read_ready()
            await bot.write("peritaje", "Manda una foto")
            await send(bot, **await attach(bot))
            assert (await answers(bot, 2))[1] == "Recibí 1 foto."
            await bot.write("peritaje", "Manda una foto")
            await send(bot, url="https://127.0.0.1:1/secreto")
            assert (await answers(bot, 4))[3].startswith("mal: the medium's address")
            assert await bot.stop() == 0
    assert came == [{"de": "Ana", "foto": PNG, "acta": PDF}]
    kept = stored(tmp_path)
    assert (b"docs/acta.pdf" in kept, PNG[:8] in kept) == (True, False)
