"""The closed table of attacks: what is done, and which answers it may get."""

from __future__ import annotations

import json
import select
import socket
import time
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import closing
from itertools import product
from typing import NamedTuple

from tests.hostile.bot import ANSWERS, READERS
from tests.hostile.target import Target, answer
from tests.hostile.texts import TEXTS

#: A webhook's body is no larger, in bytes.
BODY_MAX = 256 * 1024
GIGABYTE = 1_000_000_000
#: Bytes of a body without an end after which the bot must have said no.
ENOUGH = 64_000_000
#: How long a body may take, in seconds, and some more.
SLOW_S = 20.0

Answers = Counter[str]


class Attack(NamedTuple):
    """What is done, of a size that `share` of it makes smaller (1: the whole), and the only answers that it may get."""

    does: Callable[[Target, float], Answers]
    may: frozenset[str]


def _bodies(bodies: Iterable[bytes]) -> Callable[[Target, float], Answers]:
    made = list(bodies)
    return lambda target, share: Counter(target.post(body) for body in made)


def _one_gigabyte(target: Target, share: float) -> Answers:
    return Counter([target.raw(target.head(b"{}", Content_Length=str(GIGABYTE)) + b" " * 65_536)])


def _endless(target: Target, share: float) -> Answers:
    """Send a body in pieces for as long as the bot takes them."""
    head = target.head(b"").replace(b"Content-Length: 0", b"Transfer-Encoding: chunked")
    piece = b"10000\r\n" + b" " * 65_536 + b"\r\n"
    with closing(target.connect()) as connection:
        connection.sendall(head)
        for _ in range(ENOUGH // 65_536):
            if select.select([connection], [], [], 0)[0]:
                return Counter([answer(connection)])
            try:
                connection.sendall(piece)
            except OSError:
                return Counter([answer(connection)])
    return Counter(["taken"])


def _slow_bodies(target: Target, share: float) -> Answers:
    """Have many send one byte of a body and no more, while a person is served."""
    slow = [target.connect() for _ in range(max(10, int(500 * share)))]
    for each in slow:
        each.sendall(target.head(b"{}") + b"{")
    came = Counter([target.write("hola", target.stranger())])
    end = time.monotonic() + SLOW_S
    for each in slow:
        each.settimeout(max(0.1, end - time.monotonic()))
        came[answer(each)] += 1
        each.close()
    return came


def _slow_heads(target: Target, share: float) -> Answers:
    """Have many send half a head, while a person is served."""
    slow = [target.connect() for _ in range(max(10, int(500 * share)))]
    for each in slow:
        each.sendall(b"POST /webhooks/whatsapp HTTP/1.1\r\nHost: x\r\nX-")
    came = Counter([target.write("hola", target.stranger())])
    for each in slow:
        each.close()
    return came


def _leave(target: Target, share: float) -> Answers:
    """Have many go away in the middle of a body, by a reset."""
    for _ in range(int(200 * share)):
        with closing(target.connect()) as connection:
            connection.sendall(target.head(b"{}") + b"{")
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    return Counter([target.write("hola", target.stranger())])


def _replay(target: Target, share: float) -> Answers:
    """Send the same bytes again and again: all are taken, and count once."""
    item = {"id": "replayed", "from": target.stranger(), "type": "text", "text": "hola", "timestamp": 1}
    body = json.dumps(item).encode()
    came = Counter(target.post(body) for _ in range(int(1_000 * share)))
    counted = target.count("SELECT count(*) FROM seen WHERE gateway_id = 'replayed'")
    rows = target.count("SELECT count(*) FROM inbox WHERE CAST(event AS TEXT) LIKE '%\"replayed\"%'")
    return came if (counted, rows) == (1, 1) else Counter([f"counted {counted} times, {rows} rows"])


def _forged(target: Target, share: float) -> Answers:
    """Send other bytes under a signature that was true, and guesses."""
    guesses = ("sha256=" + "0" * 64, "", "sha256=", "x" * 4_000, "sha256=é")
    return Counter(target.post(b"{}" + b" " * 9, X_Signature=guess) for guess in guesses)


def _texts(target: Target, share: float) -> Answers:
    """Write every text to every reader, or a share of the pairs."""
    came = Answers()
    for number, ((_, text), reader) in enumerate(product(TEXTS.items(), READERS)):
        if number % round(1 / share):
            continue
        contact = target.stranger()
        if reader != "start":
            came[target.write(f"t {reader}", contact)] += 1
        came[target.write(text, contact)] += 1
    return came


def _services(target: Target, share: float) -> Answers:
    return Counter(target.write(f"t {name}", target.stranger()) for name in ANSWERS)


def _message(**fields: object) -> bytes:
    item = {"id": "m", "from": "59160000000", "type": "text", "text": "hola", "timestamp": 1}
    return json.dumps({**item, **fields}).encode()


_DEEP = BODY_MAX // 2 - 64
_LONG = b"9" * 200_000
#: What stands where a text should.
_ODD: tuple[object, ...] = ([], {"a": 1}, True, None, 1.5, 9)

ATTACKS: dict[str, Attack] = {
    "a body of 1 GB": Attack(_one_gigabyte, frozenset(["413"])),
    "a body without an end": Attack(_endless, frozenset(["413", "closed"])),
    "500 slow bodies": Attack(_slow_bodies, frozenset(["200", "408"])),
    "500 slow heads": Attack(_slow_heads, frozenset(["200"])),
    "200 who go away": Attack(_leave, frozenset(["200"])),
    "no HTTP": Attack(
        lambda target, share: Counter(map(target.raw, (b"\0" * 65_536, b"GET " + b"a" * 65_536, b"\x16\x03\x01" * 9))),
        frozenset(["400", "414", "closed"]),
    ),
    "heads too large": Attack(
        lambda target, share: Counter(
            [target.post(b"{}", X_Long="a" * 99_999), target.post(b"{}", **{f"X_{n}": "a" for n in range(5_000)})]
        ),
        frozenset(["400", "431", "closed"]),
    ),
    "deep JSON": Attack(
        _bodies([b"[" * _DEEP, b"[" * _DEEP + b"]" * _DEEP, b'{"a":' * 40_000 + b"1" + b"}" * 40_000]),
        frozenset(["400"]),
    ),
    "wide JSON": Attack(
        _bodies(
            [
                b"[" + b"{}," * 80_000 + b"{}]",
                b"[" + b",".join(b'{"id":"%d","type":"text","from":"5916%d"}' % (n, n) for n in range(5_000)) + b"]",
            ]
        ),
        frozenset(["413"]),
    ),
    "a thousand items": Attack(
        _bodies([b"[" + b",".join(_message(id=f"b-{n}", text="a" * 99) for n in range(1_000)) + b"]"]),
        frozenset(["200"]),
    ),
    "many keys": Attack(_bodies([b"{" + b",".join(b'"k%d":1' % n for n in range(20_000)) + b"}"]), frozenset(["200"])),
    "half characters and NUL": Attack(
        _bodies([_message(id="s", text="\ud800\udfff\ud800"), _message(id="n", text="\0a\0", name="\0")]),
        frozenset(["200"]),
    ),
    "huge numbers": Attack(
        _bodies(
            [
                _message(id="l").replace(b'"timestamp": 1', b'"timestamp": ' + _LONG),
                _message(id="e").replace(b'"timestamp": 1', b'"timestamp": 1e999'),
                _message(id="i").replace(b'"i"', _LONG),
                _message(id="f").replace(b'"timestamp": 1', b'"timestamp": ' + b"1." + _LONG),
                _message(id="d", timestamp=10**18),
            ]
        ),
        frozenset(["200"]),
    ),
    "no JSON": Attack(
        _bodies([b"", b"{", b"\xff\xfe", b"nul", b'{"a":NaN}', b"{'a':1}", b'"' + b"\\" * 200_000]), frozenset(["400"])
    ),
    "the wrong things": Attack(
        _bodies(
            [
                *(b"null", b"1", b'"x"', b"[]", b"{}", b"[[[]]]"),
                *(_message(id=value) for value in _ODD),
                *(_message(**{"from": value}) for value in (*_ODD, "x" * 9_999, "\0", "5916@g.us")),
                *(_message(text=value) for value in _ODD),
            ]
        ),
        frozenset(["200"]),
    ),
    "replay": Attack(_replay, frozenset(["200"])),
    "forged signatures": Attack(_forged, frozenset(["401"])),
    "texts that cost": Attack(_texts, frozenset(["200"])),
    "services that answer too much": Attack(_services, frozenset(["200"])),
}
