"""Files of the flows folder on the public listener, and what `check` says of those that cannot be sent."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from aiohttp.test_utils import TestClient, TestServer

from botkit.clock import SystemClock
from botkit.gateway.links import Links
from botkit.server.app import public_app
from botkit.server.channels import load_bot
from botkit.server.health import Health
from botkit.server.media import MediaRoute, links_secret
from botkit.store.sqlite import SqliteStore
from tests.server.process import running

PNG = b"\x89PNG\r\n\x1a\n"
FLOW = "flow: hola\nstart: {words: hola}\nsteps:\n  - say:\n      - {%s: %s}\n"
REAL = """\
channels:
  whatsapp:
    profile: waconecta
    base_url: https://api.example.com
    api_key: ${KEY}
    capabilities: {media_from: %s, inline_limit: 8}
    send:
      text: {path: /m, body: {to: "{{ to }}", text: "{{ text }}"}}
      image: {path: /m, body: {to: "{{ to }}", data: "{{ data or omit }}", url: "{{ url or omit }}"}}
    id: id
    webhook:
      path: /w
      auth: {kind: header, header: X-S, secret: "${SECRET}"}
      rules: [{kind: message, fields: {contact: from}}]
"""
SANDBOX = "channels: {whatsapp: {profile: waconecta, base_url: sandbox}}\n"
PUBLIC = "server: {public_url: https://bot.example.com}\n"
ENV = {"KEY": "k-123", "SECRET": "s-123"}


def _codes(folder: Path, config: str, form: str, name: str) -> list[str]:
    (folder / "flows").mkdir()
    (folder / "flows" / "bien.png").write_bytes(PNG)
    (folder / "flows" / "grande.png").write_bytes(PNG + b"x")
    (folder / "flows" / "bien.pdf").write_bytes(PNG)
    (folder / "flows" / "notas.py").write_bytes(b"x = 1")
    (folder / "flows" / "hola.yaml").write_text(FLOW % (form, name), encoding="utf-8")
    (folder / "config.yaml").write_text(config, encoding="utf-8")
    return [problem.code for problem in load_bot(folder / "config.yaml", ENV)[1] if problem.severity == "error"]


@pytest.mark.parametrize(
    ("config", "form", "name", "codes"),
    [
        (SANDBOX, "image", "bien.png", []),
        (SANDBOX, "document", "bien.pdf", []),
        (SANDBOX, "document", "notas.py", ["media-type"]),
        (SANDBOX, "image", "no.png", ["media-missing"]),
        (REAL % "[url]", "image", "bien.png", ["media-no-way"]),
        (PUBLIC + REAL % "[url]", "image", "bien.png", []),
        (REAL % "[inline]", "image", "bien.png", []),
        (REAL % "[inline]", "image", "grande.png", ["media-too-large"]),
        (REAL % "[inline, url]", "image", "grande.png", ["media-no-way"]),
        (PUBLIC + REAL % "[inline, url]", "image", "grande.png", []),
        (REAL % "[inline]", "document", "bien.pdf", ["media-no-way"]),
        (PUBLIC + REAL % "[inline]", "document", "bien.pdf", []),
    ],
)
def test_a_file_without_a_way_is_found_at_check(
    tmp_path: Path, config: str, form: str, name: str, codes: list[str]
) -> None:
    """Inline if it is taken and small enough, else by a link, for which the server needs a public address."""
    assert _codes(tmp_path, config, form, name) == codes


def test_the_problem_names_the_line_and_the_setting(tmp_path: Path) -> None:
    """The author sees which message, and what to write where."""
    _codes(tmp_path, REAL % "[url]", "image", "bien.png")
    [problem] = load_bot(tmp_path / "config.yaml", ENV)[1]
    assert (problem.place.line, problem.values["channel"]) == (5, "whatsapp")
    assert "server: {public_url: https://…}" in problem.advice("es")


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    """A new store."""
    opened = await SqliteStore.open(tmp_path / "botkit.db")
    yield opened
    await opened.close()


@pytest.fixture
def flows(tmp_path: Path) -> Path:
    """A flows folder with a picture and a flow."""
    folder = tmp_path / "flows"
    (folder / "fotos").mkdir(parents=True)
    (folder / "fotos" / "menú.png").write_bytes(PNG)
    (folder / "bot.yaml").write_text("x: 1")
    (tmp_path / "fuera.png").write_bytes(PNG)
    return folder


@pytest.fixture
def links() -> Links:
    """Links that begin where the client does."""
    return Links(b"secret", "", SystemClock().now)


@pytest.fixture
async def client(store: SqliteStore, flows: Path, links: Links) -> AsyncIterator[TestClient]:  # type: ignore[type-arg]
    """A client of the public listener."""
    app = public_app({}, Health(store, "sandbox"), MediaRoute(flows, links))
    async with TestClient(TestServer(app)) as http:
        yield http


async def test_a_link_gives_the_file(client: TestClient, links: Links) -> None:  # type: ignore[type-arg]
    """With the type that its extension says, and nothing that a browser could run."""
    async with client.get(links.make("fotos/menú.png", 60)) as response:
        assert (response.status, await response.read(), response.content_type) == (200, PNG, "image/png")
        assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("path", ["../fuera.png", "bot.yaml", "no.png", "/etc/hostname", "fotos/../../fuera.png"])
async def test_even_a_signed_link_stays_in_the_folder(
    client: TestClient,  # type: ignore[type-arg]
    links: Links,
    path: str,
) -> None:
    """A signature opens no other file than a medium below the flows folder."""
    async with client.get(links.make(path, 60).replace("..", "%2e%2e")) as response:
        assert response.status == 404


@pytest.mark.parametrize("link", ["/media/1/fotos/menú.png", "/media/x.y/fotos/menú.png", "/media/", "/media/x"])
async def test_without_a_signature_there_is_nothing(client: TestClient, link: str) -> None:  # type: ignore[type-arg]
    """The folder is nobody's to walk through."""
    async with client.get(link) as response:
        assert response.status == 404


async def test_an_old_link_is_over(client: TestClient, links: Links) -> None:  # type: ignore[type-arg]
    """What expired is as good as never made."""
    async with client.get(links.make("fotos/menú.png", -1)) as response:
        assert response.status == 404


async def test_links_outlive_a_restart(store: SqliteStore) -> None:
    """The secret is made once and kept in the store."""
    secret = await links_secret(store)
    assert len(secret) == 32
    assert await links_secret(store) == secret


LINKED = """\
server: {port: 0, public_url: "https://bot.example.com/citas/"}
sandbox: {port: 0}
channels: {whatsapp: {base_url: sandbox, capabilities: {media_from: [url]}}}
"""


async def test_a_gateway_fetches_from_a_running_bot(tmp_path: Path) -> None:
    """What is sent is a link under the public address, and the server behind it answers, after a restart too."""
    assert _codes(tmp_path, LINKED, "image", "bien.png") == []
    async with running(tmp_path) as bot:
        await bot.read_ready()
        await bot.write("hola", "bot.example.com")
        async with aiohttp.ClientSession() as http, http.get(f"{bot.page}/_sandbox/messages") as response:
            [sent] = (await response.json())["messages"]
        assert await bot.stop() == 0
    assert sent["body"]["name"] == "bien.png"
    path = sent["body"]["url"].removeprefix("https://bot.example.com/citas")
    async with running(tmp_path) as bot:
        await bot.read_ready()
        async with aiohttp.ClientSession() as http, http.get(bot.url + path) as response:
            assert (response.status, await response.read()) == (200, PNG)
