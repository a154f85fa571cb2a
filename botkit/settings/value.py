"""The kinds of values that settings have, beyond what pydantic knows.

A validator gets a scalar as it was written. It raises `wrong(...)` whose type is a code of `flow/codes.py`.
"""

from __future__ import annotations

import os
import re
from functools import partial
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import BeforeValidator, PlainValidator, SecretStr, WithJsonSchema
from pydantic_core import PydanticCustomError

from botkit.flow.duration import parse_duration
from botkit.flow.scalar import core_value
from botkit.flow.shape import FIXED_DURATION, TRUTH, any_of, chosen
from botkit.flow.source import Map, Node, Seq
from botkit.flow.timezone import is_timezone

_FLAGS = {"true": True, "false": False}
#: Bytes that file systems take in a part of a path, and characters that DNS takes in a part of a host.
_PART_MAX, _LABEL_MAX = 255, 63
#: A token that opens the control API is no shorter, in bytes.
TOKEN_MIN = 32
#: What is kept for good; days that anything can be kept else, and seconds of one.
KEEP, AGE_MAX_DAYS, DAY_S = "keep", 3660, 86_400.0
#: Days that a gateway may tell an event again in.
SEEN_DAYS = 14
_HOST = re.compile(r"[0-9a-z]([0-9a-z._-]{0,251}[0-9a-z])?|\[?[0-9a-f:]{2,39}\]?")
#: What a header can carry behind `Bearer `: printable ASCII without blanks.
_TOKEN = re.compile(r"[!-~]+")


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
    if not isinstance(value, str) or value not in _FLAGS:
        raise wrong("wrong-type", expected="true o false", expected_en="true or false")
    return _FLAGS[value]


def _path(value: object) -> object:
    """Take a path that a file system can hold."""
    if not isinstance(value, (str, Path)) or not _is_path(str(value)):
        raise wrong("wrong-type", expected="una ruta", expected_en="a path")
    return value


def _is_path(text: str) -> bool:
    return text.isprintable() and all(len(os.fsencode(part)) <= _PART_MAX for part in text.split("/"))


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
    if not _is_path(text):
        raise wrong("store-url")
    return value


def _duration(value: object) -> object:
    seconds = parse_duration(value) if isinstance(value, str) else value
    if not seconds:
        raise wrong("bad-duration")
    return seconds


def _age(least_days: int, value: object) -> object:
    """Take how long something is kept: days, as a rule; `keep` and nothing at all are for good."""
    if value is None or value == KEEP:
        return None
    seconds = parse_duration(value, AGE_MAX_DAYS) if isinstance(value, str) else value
    if not isinstance(seconds, float) or seconds < least_days * DAY_S:
        es, en = f"keep, o un tiempo de {least_days}d o más: 90d", f"keep, or a time of {least_days}d or more: 90d"
        raise wrong("wrong-type", expected=es, expected_en=en)
    return seconds


def _service_url(value: object) -> object:
    """Take an address that paths can be put behind."""
    if not _is_address(str(value)):
        raise wrong("service-url")
    return value


def _public_url(value: object) -> object:
    """Take an address that links can be put behind."""
    if not _is_address(str(value)):
        es, en = "una dirección: https://bot.example.com", "an address: https://bot.example.com"
        raise wrong("wrong-type", expected=es, expected_en=en)
    return value


def _hook_url(value: object) -> object:
    """Take an address that may carry a token behind its `?`."""
    if not _is_address(str(value).partition("?")[0]) or not str(value).isprintable() or re.search("[ #]", str(value)):
        es, en = "una dirección: https://avisos.example.com/bot", "an address: https://alerts.example.com/bot"
        raise wrong("wrong-type", expected=es, expected_en=en)
    return value


def _is_address(text: str) -> bool:
    """Tell whether a text is a web address without blanks, query, fragment or password."""
    try:
        parts = urlsplit(text)
        usable = parts.scheme in ("https", "http") and parts.hostname and (parts.port is None or parts.port > 0)
    except ValueError:
        return False
    is_plain = text.isprintable() and " " not in text and "@" not in parts.netloc
    return bool(usable and is_plain and not parts.query and not parts.fragment)


def _host(value: object) -> object:
    host = str(value).lower()
    if not _HOST.fullmatch(host) or any(len(label) > _LABEL_MAX for label in host.split(".")):
        raise wrong("wrong-type", expected="un nombre o una IP: nas.local", expected_en="a name or an IP: nas.local")
    return host.strip("[]")


def _header(value: object) -> object:
    """Take a text on one line, which is a secret if the loader says so."""
    text = value.get_secret_value() if isinstance(value, SecretStr) else value
    if not isinstance(text, str) or not text.isprintable():
        es, en = "un texto de una línea, sin signos de control", "a text on one line, without control characters"
        raise wrong("wrong-type", expected=es, expected_en=en)
    return value


def _token(value: object) -> object:
    """Take a secret that cannot be guessed, of signs that a header can carry."""
    if not isinstance(value, str) or not _TOKEN.fullmatch(value):
        raise wrong(
            "wrong-type",
            expected="letras, cifras y signos sin espacios ni acentos",
            expected_en="letters, digits and signs, without blanks and accents",
        )
    if len(value) < TOKEN_MIN:
        raise wrong("token-short", least=TOKEN_MIN, length=len(value))
    return value


Flag = Annotated[bool, BeforeValidator(_flag), WithJsonSchema(dict(TRUTH))]
Timezone = Annotated[str, BeforeValidator(_timezone)]
StoreUrl = Annotated[str, BeforeValidator(_store)]
#: Seconds, written as `5s`.
Duration = Annotated[float, BeforeValidator(_duration), WithJsonSchema(dict(FIXED_DURATION))]
_AGE = any_of(chosen((KEEP,)), dict(FIXED_DURATION))
#: Seconds, written as `90d`; None is for good.
Age = Annotated[float | None, BeforeValidator(partial(_age, 1)), WithJsonSchema(_AGE)]
SeenAge = Annotated[float | None, BeforeValidator(partial(_age, SEEN_DAYS)), WithJsonSchema(_AGE)]
ServiceUrl = Annotated[str, BeforeValidator(_service_url)]
PublicUrl = Annotated[str | None, BeforeValidator(_public_url)]
HookUrl = Annotated[str | None, BeforeValidator(_hook_url)]
FilePath = Annotated[Path, BeforeValidator(_path)]
HeaderValue = Annotated[SecretStr | str, PlainValidator(_header)]
Token = Annotated[SecretStr, BeforeValidator(_token)]
Host = Annotated[str, BeforeValidator(_host)]
