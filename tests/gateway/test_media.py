from __future__ import annotations

from base64 import b64decode
from pathlib import Path
from typing import Any

import orjson
import pytest

from botkit.errors import EvaluationError
from botkit.gateway.client import HttpGateway
from botkit.gateway.links import Links
from botkit.gateway.media import Files, locate, resolve, type_of
from botkit.gateway.sandbox import Sandbox
from botkit.testing.clock import FakeClock
from tests.gateway.captured import sandbox_profile

PNG = b"\x89PNG\r\n\x1a\n"
LIMIT = 100


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A flows folder with a picture, a flow and what an author would not show."""
    flows = tmp_path / "flows"
    (flows / "fotos").mkdir(parents=True)
    (flows / "fotos" / "menu.PNG").write_bytes(PNG)
    (flows / "grande.pdf").write_bytes(b"x" * (LIMIT + 1))
    (flows / "bot.yaml").write_text("say: hola")
    (flows / ".oculto.png").write_bytes(PNG)
    (tmp_path / "fuera.png").write_bytes(PNG)
    (flows / "enlace.png").symlink_to(tmp_path / "fuera.png")
    (flows / "circulo.png").symlink_to(flows / "circulo.png")
    return flows


@pytest.fixture
def links() -> Links:
    """Links of a server on the network."""
    return Links(b"secret", "https://bot.example.com", lambda: 1_800_000_000.0)


def _image(path: str = "fotos/menu.PNG", **own: Any) -> dict[str, Any]:
    return {"type": "image", "file": path, **own}


@pytest.mark.parametrize(
    "path",
    [
        "../fuera.png",
        "fotos/../../fuera.png",
        "enlace.png",
        "circulo.png",
        ".oculto.png",
        "bot.yaml",
        "fotos",
        "no.png",
        "",
        "a\0.png",
        "x" * 5000 + ".png",
        "\ud800.png",
    ],
)
def test_only_media_of_the_folder_are_found(folder: Path, path: str) -> None:
    """Neither flows nor handlers nor anything beside the folder can be had, not by a person's text either."""
    assert locate(folder, path) is None
    with pytest.raises(EvaluationError):
        resolve(_image(path), ("inline",), LIMIT, Files(folder))


def test_an_absolute_path_is_none(folder: Path) -> None:
    """A path is one below the folder, as the author writes it."""
    assert locate(folder, str(folder.parent / "fuera.png")) is None


@pytest.mark.parametrize(
    ("path", "mime"),
    [("a.jpg", "image/jpeg"), ("b/A.JPEG", "image/jpeg"), ("c.pdf", "application/pdf"), ("d.py", None), ("e", None)],
)
def test_the_extension_says_the_type(path: str, mime: str | None) -> None:
    """Whatever the machine's own table of types holds."""
    assert type_of(path) == mime


def test_a_file_goes_inline(folder: Path) -> None:
    """As base64, alone or as an address that holds it."""
    found = resolve(_image(caption="Mira"), ("inline", "url"), LIMIT, Files(folder))
    assert found == {
        "type": "image",
        "caption": "Mira",
        "name": "menu.PNG",
        "mime": "image/png",
        "data": found["data"],
        "data_uri": f"data:image/png;base64,{found['data']}",
    }
    assert b64decode(found["data"]) == PNG


def test_an_authors_name_goes_before_the_files(folder: Path) -> None:
    """A document is called as the message says."""
    found = resolve({"type": "document", "file": "fotos/menu.PNG", "name": "Menú"}, ("inline",), LIMIT, Files(folder))
    assert found["name"] == "Menú"


def test_a_large_file_goes_by_link(folder: Path, links: Links) -> None:
    """The next way of the profile is tried."""
    found = resolve(_image("grande.pdf"), ("inline", "url"), LIMIT, Files(folder, links))
    assert found["url"].startswith("https://bot.example.com/media/1800086400.")
    assert "data" not in found


def test_the_profiles_order_decides(folder: Path, links: Links) -> None:
    """Both would do; the first is taken."""
    assert "url" in resolve(_image(), ("url", "inline"), LIMIT, Files(folder, links))


@pytest.mark.parametrize(
    ("message", "ways"),
    [
        (_image("grande.pdf"), ("inline", "url")),
        (_image(), ("url",)),
        ({"type": "text", "text": "Mira", "file": "fotos/menu.PNG"}, ("inline",)),
        ({"type": "image", "media": {"id": "1"}}, ("url",)),
        ({"type": "image", "media": {}}, ("id", "url")),
        ({"type": "image", "media": {"url": "file:///etc/passwd"}}, ("url",)),
    ],
)
def test_what_no_way_leads_to_is_an_error(folder: Path, message: dict[str, Any], ways: tuple[str, ...]) -> None:
    """Such a message fails; it is not sent as half of itself."""
    with pytest.raises(EvaluationError):
        resolve(message, ways, LIMIT, Files(folder))


def test_a_text_gets_its_link(folder: Path, links: Links) -> None:
    """What a gateway cannot show, a person can open, for a month."""
    message = {"type": "text", "text": "Mira", "file": "fotos/menu.PNG"}
    text = resolve(message, ("url",), LIMIT, Files(folder, links))["text"]
    assert text.startswith("Mira\nhttps://bot.example.com/media/1802592000.")
    assert text.endswith("/fotos/menu.PNG")


@pytest.mark.parametrize(
    ("ways", "fields"),
    [(("id", "url"), {"media_id": "1"}), (("url", "id"), {"url": "https://g/1"})],
)
def test_received_media_go_on_as_the_gateway_gave_them(ways: tuple[str, ...], fields: dict[str, Any]) -> None:
    """By its id or its address, with the name that it had."""
    medium = {"id": "1", "type": "image", "name": "a.png", "caption": "nota", "url": "https://g/1"}
    found = resolve({"type": "image", "media": medium}, ways, LIMIT, None)
    assert found == {"type": "image", "name": "a.png", **fields}


def test_a_request_is_made_from_a_file(folder: Path) -> None:
    """The body holds the bytes, and what is sent again is what was made."""
    gateway = HttpGateway(sandbox_profile(), FakeClock(), files=Files(folder))
    wire = gateway.render("591", _image(caption="Mira"))
    body = orjson.loads(wire.body)
    assert b64decode(body.pop("data")) == PNG
    assert body == {
        "to": "591",
        "type": "image",
        "mime": "image/png",
        "name": "menu.PNG",
        "caption": "Mira",
    }


async def test_a_large_picture_arrives(folder: Path) -> None:
    """A request of megabytes is written in pieces."""
    content = PNG + b"x" * 3_000_000
    (folder / "foto.png").write_bytes(content)
    async with Sandbox("http://127.0.0.1:9/none", port=0) as sandbox:
        gateway = HttpGateway(sandbox_profile(sandbox.url), FakeClock(), files=Files(folder))
        async with gateway:
            answer = await gateway.send(gateway.render("591", _image("foto.png")))
        assert answer.verdict == "sent"
        [(_, entry)] = sandbox.journal.messages.after()
        medium = sandbox.shelf.get(entry.body["media_id"])
        assert medium is not None
        assert medium.content == content
