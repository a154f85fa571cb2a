"""Channels of config.yaml become profiles, or problems at their places."""

from __future__ import annotations

from pathlib import Path

import pytest

from botkit.flow.problem import by_place
from botkit.flow.yaml_reader import read
from botkit.server.channels import compose_channels, load_bot, secrets_of
from botkit.settings import load_settings

REAL = """\
channels:
  whatsapp:
    base_url: https://api.example.com
    api_key: ${KEY}
    send: {text: {path: /send, body: {to: "{{ to }}", text: "{{ text }}"}}}
    id: id
    webhook:
      path: /in
      auth: {kind: hmac, header: X-Signature, secret: "${SECRET}"}
      rules: [{kind: message, fields: {id: id, contact: from}}]
"""
ENV = {"KEY": "key-of-theirs", "SECRET": "secret-of-theirs"}


def told(text: str) -> list[str]:
    """Return `line:column code` of what is wrong with the channels of a config.yaml."""
    settings, problems = load_settings(read(text, "config.yaml"), ENV)
    assert settings is not None, problems
    found = by_place(compose_channels(settings.channels)[1])
    return [f"{problem.place.line}:{problem.place.column} {problem.code}" for problem in found]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("", "", []),
        ("https://", "http://", ["3:15 config-value"]),
        ("    api_key: ${KEY}\n", "", ["3:5 missing-of-gateway"]),
        ("    id: id\n", "", ["3:5 missing-of-gateway"]),
        ("      auth: {kind: hmac", "      other: {kind: hmac", ["8:7 missing-of-gateway", "9:14 config-value"]),
        ("kind: message,", "kind: massage,", ["10:22 config-value"]),
        ("    id: id\n", "    id: id\n    rate: {limit: many}\n", ["7:19 config-value"]),
        ("${KEY}", "${NOT:-sandbox-key}", ["4:14 config-value"]),
    ],
)
def test_problems(old: str, new: str, expected: list[str]) -> None:
    """What a real gateway's channel lacks or gets wrong is told where it stands."""
    assert told(REAL.replace(old, new) if old else REAL) == expected


def test_both_languages() -> None:
    """What is wrong with a gateway's channel is told in Spanish and in English."""
    settings, _ = load_settings(read(REAL.replace("https://", "ftp://"), "config.yaml"), ENV)
    assert settings is not None
    (problem,) = compose_channels(settings.channels)[1]
    assert problem.message("es") == "'base_url': esto no es una dirección http(s)"
    assert problem.message("en") == "'base_url': this is no http(s) URL"
    assert problem.advice("es").startswith("escríbela como")
    assert problem.advice("en").startswith("write it as")


def test_same_webhook() -> None:
    """Two channels cannot share a path."""
    assert told("channels: {a: {base_url: sandbox}, b: {base_url: sandbox}}") == ["1:39 webhook-twice"]


def test_secrets() -> None:
    """The log is told every secret of a channel, so that it shows none."""
    settings, _ = load_settings(read(REAL, "config.yaml"), ENV)
    assert settings is not None
    profiles, _ = compose_channels(settings.channels)
    assert set(secrets_of(profiles)) == set(ENV.values())
    assert not any(secret in repr(profiles) + repr(settings) for secret in ENV.values())


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("", "", ["4:14 variable-unset", "9:55 variable-unset"]),
        ("    id: id\n", "", ["3:5 missing-of-gateway", "4:14 variable-unset", "8:55 variable-unset"]),
        ("https://api.example.com", "${URL}", ["3:15 variable-unset", "4:14 variable-unset", "9:55 variable-unset"]),
        ("${KEY}", "k-1", ["4:14 secret-literal", "9:55 variable-unset"]),
        ("  whatsapp:", "  Whatsapp:", ["2:3 channel-name"]),
        ("channels:", "flows: [1]\nchannels:", ["1:8 wrong-type", "5:14 variable-unset", "10:55 variable-unset"]),
    ],
)
def test_all_at_once(tmp_path: Path, old: str, new: str, expected: list[str]) -> None:
    """What is wrong with a channel is told beside what else is wrong in config.yaml, and once at each place."""
    (tmp_path / "flows").mkdir()
    (tmp_path / "flows" / "hola.yaml").write_text("flow: hola\nstart: {words: [hola]}\nsteps: [{say: Hola}]\n")
    (tmp_path / "config.yaml").write_text(REAL.replace(old, new) if old else REAL)
    found = by_place(load_bot(tmp_path / "config.yaml", {})[1])
    assert [f"{problem.place.line}:{problem.place.column} {problem.code}" for problem in found] == expected
