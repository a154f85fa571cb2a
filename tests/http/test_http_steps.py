"""One request of an `http` step: what leaves, what comes back, and what becomes of a service that misbehaves."""

from __future__ import annotations

import asyncio
import gzip
import zlib
from typing import Any

import pytest
from aiohttp import web

from botkit.http_steps import HttpSteps, Service
from botkit.retries import Attempt
from botkit.unpack import MAX_ANSWER
from tests.http.services import KEY, TIMEOUT_S, FixedResolver, call, serve, serve_bytes
from tests.waiting import eventually

TOKEN = "Bearer topsecret-1234"


async def ask(url: str, *, allow: frozenset[str] = frozenset(), **request: Any) -> Attempt:
    """Ask the service `agenda`, which has a secret, at an address."""
    service = Service(url, {"Authorization": TOKEN, "X-From": "botkit"}, (TOKEN,))
    steps = HttpSteps({"agenda": service}, allow, now=lambda: 1_000_000.0)
    try:
        return await steps.once(call(**request))
    finally:
        await steps.close()


async def ask_bytes(*answers: bytes, lingers: bool = False) -> Attempt:
    """Ask a service that answers with these bytes."""
    async with serve_bytes(*answers, lingers=lingers) as (port, _):
        return await ask(f"http://127.0.0.1:{port}")


def reply(body: bytes, headers: str = "", status: str = "200 OK") -> bytes:
    """Return an answer below HTTP."""
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n{headers}\r\n".encode() + body


def packed(body: bytes) -> bytes:
    """Return a body packed, without the time: a test's name holds its cases, and is the same in every process."""
    return gzip.compress(body, mtime=0)


async def test_request() -> None:
    """A request has the service's address and headers, the step's own before them, its key, and its exact body."""
    async with serve_bytes(reply(b"{}")) as (port, came):
        await ask(
            f"http://127.0.0.1:{port}/api/",
            method="POST",
            path="/citas/Ju%C3%A1n%2F?x=1",
            query=[["a", "ñ &"], ["b", ""]],
            headers={"x-from": "flow", "X-Own": "1"},
            json={"z": 1, "a": "ñ"},
        )
    head, _, body = came[0].partition(b"\r\n\r\n")
    first, *rest = head.decode().split("\r\n")
    assert first == "POST /api/citas/Ju%C3%A1n%2F?x=1&a=%C3%B1+%26&b= HTTP/1.1"
    assert body == '{"z":1,"a":"ñ"}'.encode()
    assert dict(line.split(": ", 1) for line in rest) == {
        "Host": f"127.0.0.1:{port}",
        "User-Agent": "botkit",
        "Accept": "application/json, */*",
        "Accept-Encoding": "identity",
        "Idempotency-Key": KEY,
        "Content-Type": "application/json",
        "Authorization": TOKEN,
        "x-from": "flow",
        "X-Own": "1",
        "Content-Length": "16",
        "Connection": "close",
    }


async def test_form() -> None:
    """A form is encoded as browsers do; without a body there is no type of one."""
    async with serve_bytes(reply(b"")) as (port, came):
        await ask(f"http://127.0.0.1:{port}", method="POST", form=[["a", "1 ñ"], ["a", "2"]])
        await ask(f"http://127.0.0.1:{port}", method="DELETE")
    assert came[0].endswith(b"\r\n\r\na=1+%C3%B1&a=2")
    assert b"Content-Type: application/x-www-form-urlencoded\r\n" in came[0]
    assert came[1].startswith(b"DELETE /x HTTP/1.1\r\n")
    assert b"Content-Type" not in came[1]


@pytest.mark.parametrize(("status", "again"), [(200, False), (404, False), (429, True), (500, True), (503, True)])
async def test_status(status: int, again: bool) -> None:
    """Every status is an answer; only a 429 and a 5xx are worth another attempt."""
    result, more, _ = await ask_bytes(reply(b"[1]", "X-Total: 7\r\nSet-Cookie: s=1\r\n", f"{status} Any"))
    assert (result.key, result.error, more) == (KEY, None, again)
    assert result.value == {"status": status, "headers": {"content-length": "3", "x-total": "7"}, "text": "[1]"}


@pytest.mark.parametrize(
    ("told", "wait_s"),
    [
        ("5", 5.0),
        ("Mon, 12 Jan 1970 13:46:50 GMT", 10.0),
        ("Mon, 12 Jan 1970 13:46:50", 10.0),
        ("Mon, 12 Jan 1970 13:00:00 GMT", 0.0),
        ("Mon, 12 Jan 1970 13:46:50 +99999999999999", None),
        ("soon", None),
    ],
)
async def test_retry_after(told: str, wait_s: float | None) -> None:
    """A service says when to come back, in seconds or by a date."""
    attempt = await ask_bytes(reply(b"", f"Retry-After: {told}\r\n", "503 Busy"))
    assert (attempt.again, attempt.wait_s) == (True, wait_s)


@pytest.mark.parametrize(
    ("answer", "error", "again"),
    [
        (b"", "the connection broke off", True),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", "the connection broke off", True),
        (b"nonsense\r\n\r\n", "no usable answer (ClientResponseError)", True),
        (reply(b"x" * (MAX_ANSWER + 1)), "an answer of more than 256 KB", False),
        (reply(packed(b"x" * 50_000_000), "Content-Encoding: gzip\r\n"), "an answer of more than 256 KB", False),
        (reply(zlib.compress(b"x" * 300_000), "Content-Encoding: deflate\r\n"), "an answer of more than 256 KB", False),
        (reply(b"x", "Content-Encoding: gzip\r\n"), "an answer that cannot be unpacked", False),
        (reply(packed(b"x")[:-4], "Content-Encoding: gzip\r\n"), "an answer that cannot be unpacked", False),
        (reply(b"x", "Content-Encoding: br\r\n"), "an answer that cannot be unpacked", False),
    ],
)  # fmt: skip
async def test_bad_answer(answer: bytes, error: str, again: bool) -> None:
    """An answer that breaks off, is none, or grows over 256 KB however it is packed, is an error."""
    attempt = await ask_bytes(answer)
    assert (attempt.result.error, attempt.again) == (error, again)


@pytest.mark.parametrize(
    ("body", "headers", "text"),
    [
        (b"x" * MAX_ANSWER, "", "x" * MAX_ANSWER),
        (packed(b"hola"), "Content-Encoding: gzip\r\n", "hola"),
        ("ñ".encode("latin-1"), "Content-Type: text/plain; charset=latin-1\r\n", "ñ"),
        ("ñ".encode("latin-1"), "Content-Type: text/plain; charset=nada\r\n", "\ufffd"),
        (b"aaaa", "Content-Type: text/plain; charset=base64\r\n", "aaaa"),
        (b'\xef\xbb\xbf{"a":1}', "", '{"a":1}'),
    ],
)
async def test_text(body: bytes, headers: str, text: str) -> None:
    """A body is text in its charset, UTF-8 by default."""
    assert (await ask_bytes(reply(body, headers))).result.value["text"] == text


async def test_slow() -> None:
    """No answer within the time of an attempt is an error, and worth another."""
    attempt = await ask_bytes(b"HTTP/1.1 200 OK\r\n", lingers=True)
    assert attempt.result.error == f"no answer within {TIMEOUT_S} s"
    assert attempt.again


async def test_nobody() -> None:
    """No connection is an error, and worth another attempt."""
    attempt = await ask("http://127.0.0.1:9")
    assert (attempt.result.error, attempt.again) == ("no connection", True)


async def test_redirect() -> None:
    """A redirect is an answer like another: nothing is followed, no header goes elsewhere."""
    seen: list[str] = []

    async def handler(request: web.Request) -> web.Response:
        seen.append(request.path)
        raise web.HTTPFound("/elsewhere")

    async with serve(handler) as port:
        attempt = await ask(f"http://127.0.0.1:{port}")
    assert (attempt.result.value["status"], seen) == (302, ["/x"])


async def test_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy of the environment is not used."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    assert (await ask_bytes(reply(b"ok"))).result.value["text"] == "ok"


async def test_secrets_are_taken_out() -> None:
    """A service that repeats what it was sent does not bring its secret into the conversation."""

    async def echo(request: web.Request) -> web.Response:
        sent = request.headers["Authorization"]
        return web.json_response({"sent": sent, "token": sent.split()[1]}, headers={"X-Sent": sent})

    async with serve(echo) as port:
        attempt = await ask(f"http://127.0.0.1:{port}")
    assert "topsecret" not in repr(attempt)
    assert attempt.result.value["text"] == '{"sent": "***", "token": "***"}'


async def test_secrets_unseen() -> None:
    """A service shows neither address nor headers, and an error names neither."""
    service = Service("https://x/key-1", {"A": TOKEN}, (TOKEN,))
    assert repr(service) == "Service()"
    failed = [
        await ask("http://127.0.0.1:9/key-1"),
        await ask("http://192.0.2.1/key-1"),
        await ask("https://[::1/key-1"),
    ]
    assert all("key-1" not in str(attempt.result.error) and "topsecret" not in repr(attempt) for attempt in failed)


REFUSED = "it leads to an address that may not be called"


@pytest.mark.parametrize(
    ("target", "error"),
    [
        ("https://127.0.0.1", REFUSED),
        ("https://[::1]", REFUSED),
        ("https://[::ffff:10.0.0.1]", REFUSED),
        ("https://169.254.169.254", REFUSED),
        ("https://2130706433", REFUSED),
        ("https://127.1", REFUSED),
        ("https://localhost", REFUSED),
        ("https://0x7f.1", REFUSED),
        ("http://example.com", "it would be called without encryption"),
        ("http://127.0.0.1", "it would be called without encryption"),
        ("nada", "config.yaml has no service 'nada'"),
    ],
)
async def test_guard(target: str, error: str) -> None:
    """A flow reaches only the public internet, and only encrypted; what is refused is not tried again."""
    attempt = await ask("http://127.0.0.1:9", target=target)
    assert (attempt.result.error, attempt.again) == (error, False)


async def test_service_unencrypted() -> None:
    """A service over plain http is of the own network; a public address is refused."""
    attempt = await ask("http://192.0.2.1")
    assert attempt.result.error == REFUSED
    assert (await ask("http://8.8.8.8")).result.error == REFUSED


async def test_allowed_host() -> None:
    """A host that config.yaml allows may be of the own network, and unencrypted; no service's header goes there."""
    async with serve_bytes(reply(b"1")) as (port, came):
        attempt = await ask("https://x", allow=frozenset({"127.0.0.1"}), target=f"http://127.0.0.1:{port}")
    assert attempt.result.value["text"] == "1"
    assert b"topsecret" not in came[0]


async def test_rebinding() -> None:
    """The address that was looked at is dialled: each request resolves once, and one that leads home is refused."""
    resolver = FixedResolver(["127.0.0.1"], ["8.8.8.8"])
    async with serve_bytes(reply(b"1")) as (port, came):
        steps = HttpSteps({"agenda": Service(f"http://agenda.test:{port}")}, resolver=lambda: resolver)
        try:
            first, second = await steps.once(call()), await steps.once(call())
        finally:
            await steps.close()
    assert (first.result.value["text"], second.result.error) == ("1", REFUSED)
    assert resolver.asked == ["agenda.test", "agenda.test"]
    assert f"Host: agenda.test:{port}".encode() in came[0]


async def test_rebinding_from_outside() -> None:
    """A public name that leads home is refused before a connection is made, at the first request or a later one."""
    resolver = FixedResolver(["10.0.0.1"], ["::1"], ["8.8.8.8", "127.0.0.1"], [])
    steps = HttpSteps({}, resolver=lambda: resolver)
    try:
        failed = [await steps.once(call("https://evil.example")) for _ in range(4)]
    finally:
        await steps.close()
    assert [attempt.result.error for attempt in failed] == [REFUSED] * 3 + ["its name is not known"]
    assert len(resolver.asked) == 4


@pytest.mark.parametrize("path", ["@evil.example/", ":9/", ".evil.example/"])
async def test_path_is_no_host(path: str) -> None:
    """A path that would change the host is not sent."""
    attempt = await ask("http://127.0.0.1", path=path)
    assert (attempt.result.error, attempt.again) == ("its path is no path", False)


async def test_stops_with_its_caller() -> None:
    """A cancelled call leaves no connection behind."""
    async with serve_bytes(b"", lingers=True) as (port, came):
        service = Service(f"http://127.0.0.1:{port}")
        steps = HttpSteps({"agenda": service})
        task = asyncio.ensure_future(steps.once(call(timeout_s=30)))
        await eventually(lambda: came)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await eventually(lambda: came[1:] == [b""])
        await steps.close()
