"""The kinds of values that settings have, beyond what pydantic knows.

A validator gets a scalar as it was written. It raises `wrong(...)` whose type is a code of `flow/codes.py`.
"""

from __future__ import annotations

import re
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import BeforeValidator, PlainValidator, SecretStr
from pydantic_core import PydanticCustomError

from botkit.flow.duration import parse_duration
from botkit.flow.scalar import core_value
from botkit.flow.source import Map, Node, Seq
from botkit.flow.timezone import is_timezone

_FLAGS = {"true": True, "false": False}
_HOST = re.compile(r"[0-9a-z]([0-9a-z._-]{0,251}[0-9a-z])?|\[?[0-9a-f:]{2,39}\]?")


def wrong(code: str, **values: Any) -> PydanticCustomError:
    """Return the error that becomes a problem of `code`; `values` fill its sentences."""
    return PydanticCustomError(code, "{code}", {"code": code, **values})


def constant(node: Node) -> Any:
    """Return what an author's own constant is: plain `true`, `7` and `2.5` are no texts, all else is as written."""
    if isinstance(node, Map):
        return {key: constant(entry.value) for key, entry in node.entries.items()}
    if isinstance(node, Seq):
        return [constant(item) for item in node.items]
    return core_value(node)


def _flag(value: object) -> object:
    if value not in _FLAGS:
        raise wrong("wrong-type", expected="true o false", expected_en="true or false")
    return _FLAGS[str(value)]


def _timezone(value: object) -> object:
    if not is_timezone(value):
        raise wrong("timezone-unknown")
    return value


def _store(value: object) -> object:
    text = str(value)
    if text.startswith(("postgresql://", "postgres://")):
        raise wrong("not-yet", key="store: postgresql://")
    if not text.startswith("sqlite:///") or text in ("sqlite:///", "sqlite:///:memory:") or "?" in text:
        raise wrong("store-url")
    return value


def _duration(value: object) -> object:
    seconds = parse_duration(value) if isinstance(value, str) else value
    if not seconds:
        raise wrong("bad-duration")
    return seconds


def _service_url(value: object) -> object:
    """Take an address that paths can be put behind: no query, no fragment, no password in it."""
    try:
        parts = urlsplit(str(value))
        usable = parts.scheme in ("https", "http") and parts.hostname and (parts.port is None or parts.port > 0)
    except ValueError:
        usable = False
    if not usable or "@" in parts.netloc or parts.query or parts.fragment:
        raise wrong("service-url")
    return value


def _host(value: object) -> object:
    host = str(value).lower()
    if not _HOST.fullmatch(host):
        raise wrong("wrong-type", expected="un nombre o una IP: nas.local", expected_en="a name or an IP: nas.local")
    return host.strip("[]")


def _header(value: object) -> object:
    """Take a text, which is a secret if the loader says so."""
    if not isinstance(value, (str, SecretStr)):
        raise wrong("wrong-type", expected="un texto", expected_en="a text")
    return value


Flag = Annotated[bool, BeforeValidator(_flag)]
Timezone = Annotated[str, BeforeValidator(_timezone)]
StoreUrl = Annotated[str, BeforeValidator(_store)]
#: Seconds, written as `5s`.
Duration = Annotated[float, BeforeValidator(_duration)]
ServiceUrl = Annotated[str, BeforeValidator(_service_url)]
HeaderValue = Annotated[SecretStr | str, PlainValidator(_header)]
Host = Annotated[str, BeforeValidator(_host)]
