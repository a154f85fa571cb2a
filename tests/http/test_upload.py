"""The files of an `http` step: where their bytes come from, how they leave, and what becomes of those that are gone."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest
from aiohttp import web

from botkit.calls import Calls
from botkit.errors import EvaluationError, MediaError, MediaReason
from botkit.http_steps import HttpSteps, Service
from botkit.received import Received
from botkit.turn.conversation import Conversation
from botkit.turn.event import CallResult
from tests.http.services import call, serve
from tests.waiting import forever

TALK = Conversation("c1", "wa", "591")
FOTO = {"media": {"id": "m1", "type": "image"}}
PNG = b"\x89PNG\r\n\x1a\n--x\r\n"


class Media:
    """The media of a channel: gives what it has, or fails as often as it was told to."""

    def __init__(self, found: Received | MediaError, failures: int = 0) -> None:
        self.found = found
        self.failures = failures
        self.asked: list[Mapping[str, Any]] = []

    async def fetch(self, value: Mapping[str, Any]) -> Received:
        """Return the medium, or raise."""
        self.asked.append(value)
        if isinstance(self.found, MediaError) or len(self.asked) <= self.failures:
            raise self.found if isinstance(self.found, MediaError) else MediaError("unreachable", "no answer")
        return self.found


class Bureau:
    """A web service that takes forms, and fails as often as it was told to."""

    def __init__(self, failures: int = 0) -> None:
        self.failures = failures
        self.came: list[dict[str, Any]] = []
        self.types: list[str] = []

    async def take(self, request: web.Request) -> web.Response:
        """Keep the form."""
        self.types.append(request.content_type)
        form = await request.post()
        self.came.append(
            {
                name: (value.filename, value.content_type, value.file.read())
                if isinstance(value, web.FileField)
                else value
                for name, value in form.items()
            }
        )
        return web.json_response({"id": 7}, status=503 if len(self.came) <= self.failures else 200)


def read_file(path: str, limit: int) -> bytes | None:
    """Read from a folder of two files."""
    known = {"docs/menú.pdf": b"%PDF", "gordo.mp4": None}
    if path not in known:
        raise EvaluationError(f"there is no medium '{path}' under the flows folder")
    return known[path]


async def send(
    files: list[list[Any]], media: Media | None = None, bureau: Bureau | None = None, retries: int = 0, **more: Any
) -> CallResult:
    """Make the call of a step that sends these files."""
    bureau = bureau or Bureau()
    async with serve(bureau.take) as port:
        service = Service(f"http://127.0.0.1:{port}", {"Content-Type": "application/json"})
        calls = Calls(
            {}, {"wa": media} if media else {}, HttpSteps({"agenda": service}), sleep=_at_once, read_file=read_file
        )
        pending = call(method="POST", file=files, **more)
        pending = type(pending)(**{name: getattr(pending, name) for name in pending.__slots__} | {"retries": retries})
        try:
            return await calls.call(TALK, pending, {})
        finally:
            await calls.close()


async def _at_once(_: float) -> None:
    await asyncio.sleep(0)


async def test_form() -> None:
    """Fields and files leave as one multipart form, whatever type the service's own headers name."""
    bureau, media = Bureau(), Media(Received(PNG, "image/png", "día del golpe.png"))
    files = [["foto", FOTO], ["menu", {"file": "docs/menú.pdf"}]]
    found = await send(files, media, bureau, form=[["de", "Ñandú"], ["de", "2"]])
    assert (found.error, found.value["status"]) == (None, 200)
    assert bureau.types == ["multipart/form-data"]
    assert bureau.came == [
        {
            "de": "2",
            "foto": ("día del golpe.png", "image/png", PNG),
            "menu": ("menú.pdf", "application/pdf", b"%PDF"),
        }
    ]
    assert media.asked == [FOTO["media"]]


@pytest.mark.parametrize(
    ("told", "name"),
    [
        (None, "foto.png"),
        ("../../etc/golpe.png", "golpe.png"),
        ('a"b\r\nX: 1.png', "abX: 1.png"),
        ("C:\\fotos\\golpe.png", "golpe.png"),
        ("\x00", "file"),
    ],
)
async def test_name(told: str | None, name: str) -> None:
    """A file's name is one name, without signs that would end its line."""
    bureau = Bureau()
    await send([["foto", FOTO]], Media(Received(PNG, "image/png", told)), bureau)
    assert bureau.came[0]["foto"][0] == name


async def test_fetched_once() -> None:
    """All attempts send the bytes that were fetched for the first: a fetch spends a request of the gateway's key."""
    bureau, media = Bureau(failures=2), Media(Received(PNG, "image/png"))
    found = await send([["foto", FOTO]], media, bureau, retries=2)
    assert found.value["status"] == 200
    assert [each["foto"][2] for each in bureau.came] == [PNG] * 3
    assert len(media.asked) == 1


async def test_fetched_again() -> None:
    """A gateway that does not answer is asked again with the next attempt."""
    bureau, media = Bureau(), Media(Received(PNG, "image/png"), failures=1)
    assert (await send([["foto", FOTO]], media, bureau, retries=1)).value["status"] == 200
    assert (len(media.asked), len(bureau.came)) == (2, 1)


@pytest.mark.parametrize(
    ("reason", "status", "asked"),
    [("refused", 404, 1), ("refused", 429, 3), ("refused", 502, 3), ("too_large", 200, 1), ("unreachable", None, 3)],
)
async def test_gone(reason: MediaReason, status: int | None, asked: int) -> None:
    """A medium that cannot be had fails the call, unsent; only what may pass is tried again."""
    bureau, media = Bureau(), Media(MediaError(reason, "gone", status))
    found = await send([["foto", FOTO]], media, bureau, retries=2)
    assert (found.error, len(media.asked), bureau.came) == ("gone", asked, [])


@pytest.mark.parametrize(
    ("reference", "why"),
    [
        ({"file": "nada.pdf"}, "there is no medium 'nada.pdf' under the flows folder"),
        ({"file": "gordo.mp4"}, "the file 'gordo.mp4' has more than 16000000 bytes"),
        (FOTO, "this channel has no gateway to fetch media from"),
    ],
)
async def test_not_there(reference: dict[str, Any], why: str) -> None:
    """What is not there fails the call, with words for its author."""
    bureau = Bureau()
    assert (await send([["f", reference]], None, bureau)).error == why
    assert bureau.came == []


async def test_time() -> None:
    """The time of an attempt counts from the fetch."""

    class Slow(Media):
        async def fetch(self, value: Mapping[str, Any]) -> Received:
            await forever()
            return await super().fetch(value)

    found = await send([["foto", FOTO]], Slow(Received(PNG, "image/png")), timeout_s=0.01)
    assert found.error == "no answer within 0.01 s"
