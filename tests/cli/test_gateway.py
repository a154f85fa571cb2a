"""`gateway try` and `gateway show`, as whoever describes a gateway calls them."""

from __future__ import annotations

import hmac
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from botkit.cli import botkit

CONFIG = """\
bot: {timezone: America/La_Paz}
channels:
  whatsapp:
    profile: waconecta
    base_url: ${WACONECTA_URL}
    api_key: ${WACONECTA_API_KEY}
    send:
      text: {path: /messages, body: {to: "{{ to }}", text: "{{ text }}"}}
    webhook:
      path: /webhooks/whatsapp
      auth: {kind: hmac, header: X-Signature, prefix: "sha256=", secret: "${WACONECTA_WEBHOOK_SECRET}"}
      rules:
        - {kind: message, when: "type == 'text'", fields: {id: id, contact: from, name: pushname, at: t, text: text}}
"""
TEXT = '{"id": "m1", "type": "text", "from": "59171234567@c.us", "name": "Ana", "t": 1790000000, "text": "Hola"}'
STICKER = '[{"id": "m2", "type": "sticker"}]'

Call = Callable[..., Result]


@pytest.fixture
def call(in_english: Path, monkeypatch: pytest.MonkeyPatch) -> Call:
    """Call a command in a folder whose gateway is half described; no variable is set."""
    for name in ("WACONECTA_URL", "WACONECTA_API_KEY", "WACONECTA_WEBHOOK_SECRET"):
        monkeypatch.delenv(name, raising=False)
    (in_english / "config.yaml").write_text(CONFIG)
    (in_english / "text.json").write_text(TEXT)
    return lambda *words, **rest: CliRunner().invoke(botkit, ["gateway", *words], **rest)


# ── try ──


def test_try(call: Call) -> None:
    """It tells the event, the rule that took the item, and which fields came out empty and why; no secret is needed."""
    result = call("try", "text.json")
    assert result.exit_code == 0
    assert result.stdout == (
        "channel whatsapp, profile waconecta\n"
        "the signature was not checked: give the header with --header\n"
        "\n"
        "$: message, by rule 1: type == 'text'\n"
        "  contact: 59171234567\n"
        "  id:      m1\n"
        "  at:      2026-09-21T10:13:20-04:00\n"
        "  text:    Hola\n"
        "  name:    (empty) 'pushname' finds nothing; did you mean 'name'?\n"
        "  not used: name\n"
        "\n"
        "1 event, 0 without a rule\n"
    )


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ('"tap": {"id": "1"}', "  not used: tap\n  there is nothing to answer: it has neither text nor choice"),
        ('"text": ""', "  text:    (empty) 'text' says nothing\n"),
    ],
)
def test_try_nothing(call: Call, more: str, said: str) -> None:
    """A message with nothing that could be answered is told, with what its rule left aside; the status is 1."""
    result = call("try", "-", input=f'{{"id": "m3", "type": "text", "from": "591", "t": 1790000000, {more}}}')
    assert result.exit_code == 1
    assert said in result.stdout


def test_try_unmapped(call: Call) -> None:
    """What no rule takes is told with its place, what the rules compare there, and what it has; the status is 1."""
    result = call("try", "-", "--lang", "es", input=STICKER)
    assert result.exit_code == 1
    assert "$[0]: unknown, ninguna regla; se guarda y nadie contesta\n" in result.stdout
    assert """  la regla 1 no: type == 'text' (type es "sticker")\n  tiene: id, type\n""" in result.stdout


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ('{"a": 1,\n "b": }', "body:2:7: this is no JSON"),
        ("", "body is empty"),
        ("from=591&text=hola", "body looks like a form"),
        ("[" * 40 + "]" * 40, "body is nested more than 32 deep"),
        ("[" + "1," * 1000 + "1]", "body brings more than 1000 items"),
        ('"' + "a" * 262_144 + '"', "body has more than 262144 bytes"),
    ],
)
def test_try_no_webhook(call: Call, in_english: Path, body: str, said: str) -> None:
    """What a webhook could not hold is told with its place and what it may be; the status is 1."""
    (in_english / "body").write_text(body)
    result = call("try", "body")
    assert result.exit_code == 1
    assert f"error: {said}" in result.stderr


@pytest.mark.parametrize(
    ("header", "status", "said"),
    [
        ("x-signature: sha256=" + hmac.new(b"s", TEXT.encode(), "sha256").hexdigest(), 0, "the signature fits"),
        ("X-Signature: sha256=00", 1, "what 'X-Signature' says does not fit this body"),
        ("X-Other: 1", 1, "the header 'X-Signature', which webhook.auth.header names, is missing"),
    ],
)
def test_try_signature(call: Call, header: str, status: int, said: str) -> None:
    """With a header the signature is checked, whatever the case of its name; the status is 1 where it does not fit."""
    result = call("try", "text.json", "-H", header, env={"WACONECTA_WEBHOOK_SECRET": "s"})
    assert result.exit_code == status
    assert said in result.output
    assert "1 event" in result.stdout


def test_try_needs(call: Call) -> None:
    """A header needs the secret; a word that is no header, a file that is not there and a channel are told."""
    unset = call("try", "text.json", "-H", "X-Signature: 1")
    assert unset.exit_code == 2
    assert "config.yaml:11:74: error: the environment variable WACONECTA_WEBHOOK_SECRET is not set" in unset.stderr
    for words, said in (
        (["text.json", "-H", "X-Signature"], "is no header"),
        (["none.json"], "error: there is no file none.json\n"),
        (["text.json", "--channel", "whatsap"], "did you mean 'whatsapp'?"),
    ):
        result = call("try", *words)
        assert result.exit_code == 2
        assert said in result.stderr


KEYS = st.sampled_from(["type", "from", "id", "t", "text", "name", "\x07", "a\n$: message"])
BODIES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from(["text", "591@c.us", "\x07", "\u202e", ""]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=6),
    max_leaves=12,
)


@given(BODIES)
@example({"\x07": {"type": "text", "from": "591"}})
@example({"a": {"type": "text", "\x07": {"from": "591"}}})
@example({"a\n$: message, by": {"type": "text", "from": "591", "text": "\x07"}})
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_try_anything(call: Call, in_english: Path, body: object) -> None:
    """Any body is told, without what could steer a terminal or pass for another line."""
    (in_english / "config.yaml").write_text(CONFIG.replace("      rules:", '      items: "values(@)"\n      rules:'))
    result = call("try", "-", input=json.dumps(body))
    assert result.exit_code in (0, 1)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", result.output)
    events = re.search(r"^(\d+) events?, ", result.stdout, re.MULTILINE)
    assert events
    assert len(re.findall(r"^\$.*: (?:message|unknown), ", result.stdout, re.MULTILINE)) == int(events[1])


def test_try_sandbox(call: Call, in_english: Path) -> None:
    """What the sandbox pushes is mapped by the rules of its dialect."""
    (in_english / "config.yaml").write_text("channels: {whatsapp: {base_url: sandbox}}\n")
    assert "image" in call("try", "-", input='{"type": "image", "from": "591", "url": "https://a.example/b"}').stdout


@pytest.mark.parametrize(
    ("state", "said"), [("read", "read\n"), ("SEEN", "SEEN (none of sent, delivered, read, failed;")]
)
def test_try_state(call: Call, in_english: Path, state: str, said: str) -> None:
    """A status in words of the gateway's own settles nothing, which is told."""
    (in_english / "config.yaml").write_text("channels: {whatsapp: {base_url: sandbox}}\n")
    body = f'{{"type": "status", "id": "m1", "to": "591", "state": "{state}"}}'
    result = call("try", "-", input=body)
    assert f"  state:   {said}" in result.stdout
    assert result.exit_code == (state != "read")


POLL = """\
channels:
  whatsapp:
    base_url: https://api.example.com
    api_key: ${WACONECTA_API_KEY}
    inbound:
      poll:
        request: {path: /news, query: {since: "{{ last.id }}", mark: "{{ cursor }}"}}
        items: data
        rules: [{kind: message, fields: {id: id, contact: from, at: t, text: text}}]
"""


def test_try_polled(call: Call, in_english: Path) -> None:
    """What a poll was answered is tried by its rules; an answer without a list is none, and an empty list is one."""
    (in_english / "config.yaml").write_text(POLL)
    assert "$.data[0]: message, by rule 1: `true`\n" in call("try", "-", input=f'{{"data": [{TEXT}]}}').stdout
    assert call("try", "-", input='{"data": []}').exit_code == 0
    wrong = call("try", "-", input='{"news": []}')
    assert wrong.exit_code == 1
    assert "items: 'data' finds no list in the answer" in wrong.stderr


def test_try_which(call: Call, in_english: Path) -> None:
    """A channel with a webhook and a poll takes a file for a webhook's, but with `--poll`."""
    (in_english / "config.yaml").write_text(POLL + "    webhook:" + CONFIG.partition("webhook:")[2])
    body = f'{{"data": [{TEXT}]}}'
    assert call("try", "-", input=body).exit_code == 1
    assert call("try", "-", "--poll", input=body).exit_code == 0
    (in_english / "config.yaml").write_text(CONFIG)
    assert "has no 'inbound.poll'" in call("try", "-", "--poll", input=body).stderr


# ── show ──


def test_show_poll(call: Call, in_english: Path) -> None:
    """The request that asks what is new, the first time and later; a channel without one says so."""
    assert "it waits for the gateway to push" in call("show", "poll").stdout
    (in_english / "config.yaml").write_text(POLL)
    result = call("show", "poll", env={"WACONECTA_API_KEY": "k"})
    assert result.exit_code == 0
    assert "the first request:\nGET https://api.example.com/news\nX-Api-Key: ***\nUser-Agent" in result.stdout
    assert "GET https://api.example.com/news?since=ID&mark=CURSOR\n" in result.stdout
    assert call("show", "poll", env={"WACONECTA_API_KEY": None}).exit_code == 1


def test_show(call: Call) -> None:
    """It prints the request with the key hidden; what the profile lacks is told with its place, and the status is 1."""
    result = call("show", "text", "--to", "591", "--with", "text=Hola Ana")
    assert result.stdout.split("\n\n")[:2] == [
        "channel whatsapp → ${WACONECTA_URL}; nothing is sent\ntext → text",
        "POST ${WACONECTA_URL}/messages\nX-Api-Key: ***\nContent-Type: application/json\nUser-Agent: botkit/0.1.0\n"
        "Accept: application/json\nAccept-Encoding: identity",
    ]
    assert '{\n  "to": "591",\n  "text": "Hola Ana"\n}' in result.stdout
    assert "config.yaml:5:15: error: the environment variable WACONECTA_URL is not set" in result.stderr
    assert result.exit_code == 1


def test_show_complete(call: Call) -> None:
    """With all that it needs the status is 0, and the key is nowhere to be seen."""
    env = {"WACONECTA_URL": "https://api.example.com/v1/", "WACONECTA_API_KEY": "key-7431"}
    result = call("show", "text", env=env)
    assert result.exit_code == 0
    assert "POST https://api.example.com/v1/messages\n" in result.stdout
    assert "key-7431" not in result.output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["image"], "image → text with a link\nconfig.yaml:8: there is no 'send.image': it goes as text"),
        (["typing"], "typing → nothing\nconfig.yaml:8: there is no 'send.typing', which is as it should be"),
        (
            ["choices"],
            "choices → numbered text\n  options: 3, the longest of 5 characters; buttons: none; list: none\n",
        ),
        (["choices", "--option", "sí", "--option", "no"], "1. sí\\n2. no"),
        (["location", "--with", "latitude=-16.5"], "q=-16.5,-68.15"),
        (["image", "--with", "media=m7"], "the request cannot be written"),
    ],
)
def test_show_types(call: Call, words: list[str], said: str) -> None:
    """Each type on its rung of the ladder; what has no request of its own is told with the place where it belongs."""
    env = {"WACONECTA_URL": "https://api.example.com", "WACONECTA_API_KEY": "k"}
    result = call("show", *words, env=env)
    assert said in result.output


def test_show_sandbox(call: Call, in_english: Path) -> None:
    """The sandbox shows buttons up to its limits; a long text in a body is cut."""
    (in_english / "config.yaml").write_text("channels: {whatsapp: {base_url: sandbox}}\n")
    shown = call("show", "choices")
    assert shown.exit_code == 0
    assert "SANDBOX" in shown.stdout
    assert "choices → buttons\n  options: 3, the longest of 5 characters; buttons: up to 3 of 20" in shown.stdout
    assert "… (3000 characters)" in call("show", "text", "--with", f"text={'a' * 3000}").stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["sticker"], "'sticker' is no type of message; there are: text, image"),
        (["text", "--with", "txt=a"], "text has: text, header, footer"),
        (["text", "--option", "a"], "--option is for choices only"),
        (["location", "--with", "latitude=sur"], "--with latitude: 'sur' is no number"),
        (
            ["image", "--with", "file=mapa.png"],
            "there is no picture, audio, video or document 'mapa.png'",
        ),
    ],
)
def test_show_refuses(call: Call, words: list[str], said: str) -> None:
    """What cannot be shown is told with what can."""
    result = call("show", *words)
    assert result.exit_code == 2
    assert said in result.stderr
