"""config.yaml becomes settings, or problems at their places."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from pydantic import SecretStr

from botkit.flow.builtin import BUILTIN_FLOWS
from botkit.flow.problem import Problem, by_place, render
from botkit.flow.source import Text, as_data
from botkit.flow.yaml_reader import read
from botkit.settings import Settings, describe, load_settings

SANDBOX = "channels: {whatsapp: {base_url: sandbox}}\n"


def load(text: str, env: Mapping[str, str] | None = None) -> tuple[Settings | None, list[Problem]]:
    """Load config.yaml with `text`."""
    return load_settings(read(text, "config.yaml"), env or {})


def good(text: str, env: Mapping[str, str] | None = None) -> Settings:
    """Return settings that must load without a problem."""
    settings, problems = load(text, env)
    assert problems == []
    assert settings is not None
    return settings


def told(text: str, env: Mapping[str, str] | None = None) -> list[str]:
    """Return `line:column code` of each problem."""
    return [f"{p.place.line}:{p.place.column} {p.code}" for p in by_place(load(text, env)[1])]


def test_defaults() -> None:
    """Only `channels` is required; the bot lives in La Paz."""
    settings = good(SANDBOX)
    assert settings.bot.model_dump() == {
        "language": "es",
        "timezone": "America/La_Paz",
        "country": "BO",
        "currency": "BOB",
        "constants": {},
    }
    assert (settings.server.host, settings.server.port, settings.sandbox.port) == ("127.0.0.1", 8080, 8090)
    assert settings.builtin == dict.fromkeys(BUILTIN_FLOWS, True)
    assert settings.channels["whatsapp"].sandbox


def test_constants() -> None:
    """Keys of one's own in `bot` keep their kind when plain, and are texts when quoted."""
    settings = good(SANDBOX + "bot: {name: Sol, price: 50, rate: 0.13, wide: true, code: '7', phone: 0077, l: [1, a]}")
    assert settings.bot.constants == {
        "name": "Sol",
        "price": 50,
        "rate": 0.13,
        "wide": True,
        "code": "7",
        "phone": "0077",
        "l": [1, "a"],
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("bot: {language: fr}", ["2:17 not-a-choice"]),
        ("bot: {timezone: America/Lapaz}", ["2:17 timezone-unknown"]),
        ("bot: {timezone: ../etc/passwd}", ["2:17 timezone-unknown"]),
        ("bot: {country: Bolivia}", ["2:16 wrong-type"]),
        ("bot: {languag: es}", ["2:7 constant-near"]),
        ("bot: es", ["2:6 wrong-type"]),
        ("flow: x", ["2:1 unknown-key"]),
        ("api_key: x", ["2:1 misplaced-key"]),
        ("port: 1", ["2:1 misplaced-key"]),
        ("server: {log: {level: info}}", ["2:10 misplaced-key"]),
        ("server: {hots: a}", ["2:10 unknown-key"]),
        ("server: {port: eighty}", ["2:16 wrong-type"]),
        ("server: {port: 65536}", ["2:16 wrong-type"]),
        ("server: {public_url: example.com}", ["2:22 wrong-type"]),
        ("server: {public_url: 'http://[::1'}", ["2:22 wrong-type"]),
        ("server: {public_url: 'https://a b'}", ["2:22 wrong-type"]),
        ("server: {public_url: 'https://a:b@x'}", ["2:22 wrong-type"]),
        ('server: {host: "a\\0"}', ["2:16 wrong-type"]),
        (f"server: {{host: {'a' * 64}.example.com}}", ["2:16 wrong-type"]),
        ("sandbox: {embedded: [true]}", ["2:21 wrong-type"]),
        ("log: {personal: {a: b}}", ["2:17 wrong-type"]),
        ('log: {file: "a\\0"}', ["2:13 wrong-type"]),
        (f"flows: {'a' * 256}", ["2:8 wrong-type"]),
        ('store: "sqlite:///a\\0"', ["2:8 store-url"]),
        ("sandbox: {embedded: yes}", ["2:21 wrong-type"]),
        ("sandbox: {embedded: True}", ["2:21 wrong-type"]),
        ("handlers: a.py", ["2:11 wrong-type"]),
        ("handlers: [[a]]", ["2:12 wrong-type"]),
        ("log: {level: infos}", ["2:14 not-a-choice"]),
        ("log: {file: }", ["2:13 empty-value"]),
        ("store: mysql://x", ["2:8 store-url"]),
        ("store: 'sqlite:///:memory:'", ["2:8 store-url"]),
        ("store: postgresql://x/y", ["2:8 not-yet"]),
        ("builtin: {menu: off}", ["2:11 unknown-key"]),
        ("builtin: {hello: maybe}", ["2:18 wrong-type"]),
        ("builtin: maybe", ["2:10 wrong-type"]),
        ("services: agenda", ["2:11 wrong-type"]),
        ("services: {agenda: https://x}", ["2:20 wrong-type"]),
        ("services: {la agenda: {url: https://x}}", ["2:12 bad-name"]),
        ("services: {agenda: {}}", ["2:20 missing-key"]),
        ("services: {agenda: {url: https://x, tiempo: 1s}}", ["2:37 unknown-key"]),
        ("services: {agenda: {url: https://x, api_key: 1}}", ["2:37 misplaced-key", "2:46 secret-literal"]),
        ("services: {agenda: {url: agenda.example.com}}", ["2:26 service-url"]),
        ("services: {agenda: {url: 'https://a:b@x'}}", ["2:26 service-url"]),
        ("services: {agenda: {url: 'https://x/?a=1'}}", ["2:26 service-url"]),
        ("services: {agenda: {url: 'https://x:99999'}}", ["2:26 service-url"]),
        ("services: {agenda: {url: 'https://a b'}}", ["2:26 service-url"]),
        ("services: {agenda: {url: }}", ["2:26 empty-value"]),
        ("services: {agenda: {url: https://x, timeout: 5}}", ["2:46 bad-duration"]),
        ("services: {agenda: {url: https://x, retries: 9}}", ["2:46 wrong-type"]),
        ("services: {agenda: {url: https://x, headers: [a]}}", ["2:46 wrong-type"]),
        ("services: {agenda: {url: https://x, headers: {a: [b]}}}", ["2:50 wrong-type"]),
        ("services: {agenda: {url: https://x, headers: {authorization: Bearer a}}}", ["2:62 secret-literal"]),
        ("services: {agenda: {url: https://x, headers: {a: '${X}'}}}", ["2:50 variable-unset"]),
        ("services: {agenda: {url: https://x, headers: {a: 'file:/nowhere'}}}", ["2:50 file-missing"]),
        ("admin: {port: 1}", ["2:8 missing-key"]),
        ("admin: {token: '${T}', port: 1}", ["2:16 token-short"]),
        ("admin: {token: '${U}', port: 1}", ["2:16 wrong-type"]),
        ("admin: {token: '${L}'}", ["2:8 missing-key"]),
        (f"admin: {{token: {'t' * 32}, port: 1}}", ["2:16 secret-literal"]),
        ("handoff: {for: 5}", ["2:16 bad-duration"]),
        ("handoff: {lasts: 5h}", ["2:11 unknown-key"]),
        ("handoff: {word: }", ["2:17 empty-value"]),
        ("http: {allow: nas.local}", ["2:15 wrong-type"]),
        ("http: {allow: ['http://nas']}", ["2:16 wrong-type"]),
        ("http: {deny: [x]}", ["2:8 unknown-key"]),
        ("bot: {open: 1}", ["2:7 constant-given"]),
        ("hours: siempre", ["2:8 wrong-type"]),
        ("hours: {lunes: 08:00-12:00}", ["2:9 hours-day"]),
        ("hours: {mon-dim: 08:00-12:00}", ["2:9 hours-day"]),
        ("hours: {mon: 8-12}", ["2:14 hours-span"]),
        ("hours: {mon: 08:00-08:00}", ["2:14 hours-span"]),
        ("hours: {mon: 08:00-25:00}", ["2:14 hours-span"]),
        ("hours: {mon: 08:00-24:30}", ["2:14 hours-span"]),
        ("hours: {mon: {a: b}}", ["2:14 hours-span"]),
        ("hours: {mon-fri: 08:00-12:00, fri: 08:00-09:00}", ["2:31 hours-twice"]),
        ("hours: {closed: [24-12]}", ["2:18 hours-date"]),
        ("hours: {closed: [2026-02-30]}", ["2:18 hours-date"]),
        ("hours: {2026-02-30: closed}", ["2:9 hours-date"]),
        ("hours: {2026-12-24: closed, closed: 2026-12-24}", ["2:37 hours-twice"]),
        ("hours: {holidays: Bolivia}", ["2:19 hours-country"]),
        ("hours: {holidays: BO-X}", ["2:19 hours-country"]),
        ("hours: {mon: }", ["2:14 empty-value"]),
        ("alerts: {webhook: avisos}", ["2:19 wrong-type"]),
        ("alerts: {webhook: 'https://a.example.com/x y'}", ["2:19 wrong-type"]),
        ("alerts: {mail: a@b.c}", ["2:10 unknown-key"]),
        ("quiet_hours: 22:00", ["2:14 wrong-type"]),
        ("quiet_hours: {from: 22:00}", ["2:14 missing-key"]),
        ("quiet_hours: {from: 22, to: 08:00}", ["2:21 wrong-type"]),
        ("quiet_hours: {from: 22:00, to: 22:00}", ["2:14 wrong-type"]),
        ("quiet_hours: {from: 22:00, to: 08:00, until: 1}", ["2:39 unknown-key"]),
        ("retention: 90d", ["2:12 wrong-type"]),
        ("retention: {journal: 90}", ["2:22 wrong-type"]),
        ("retention: {journal: 12h}", ["2:22 wrong-type"]),
        ("retention: {seen: 13d}", ["2:19 wrong-type"]),
        ("retention: {mail: 90d}", ["2:13 unknown-key"]),
    ],
)
def test_problems(text: str, expected: list[str]) -> None:
    """Each slip is told once, where it stands."""
    env = {"T": "short", "U": "ñ" * 40, "L": "l" * 40}
    assert told(SANDBOX + text, env) == expected


def test_retention() -> None:
    """Everything is kept for good but that events were seen; ages may be longer than any duration of a flow."""
    kept = good(SANDBOX).retention
    assert (kept.journal, kept.messages, kept.results, kept.dead, kept.seen) == (None, None, None, None, 14 * 86400.0)
    kept = good(SANDBOX + "retention: {journal: 90d, results: 1825d, dead: keep, seen: 30d}").retention
    assert (kept.journal, kept.results, kept.dead, kept.seen) == (90 * 86400.0, 1825 * 86400.0, None, 30 * 86400.0)


def test_handoff() -> None:
    """People have a conversation for twelve hours, or until the word is typed."""
    handoff = good(SANDBOX).handoff
    assert (handoff.lasts, handoff.word) == (43200.0, "listo")
    handoff = good(SANDBOX + "handoff: {for: 30m, word: fin}").handoff
    assert (handoff.lasts, handoff.word) == (1800.0, "fin")


def test_admin() -> None:
    """The control API is off until it is written; then it is on loopback, and its token never shows."""
    assert good(SANDBOX).admin is None
    admin = good(SANDBOX + "admin: {port: 8081, token: '${T}'}", {"T": "t" * 32}).admin
    assert admin is not None
    assert (admin.host, admin.port, admin.token.get_secret_value()) == ("127.0.0.1", 8081, "t" * 32)
    assert "t" * 32 not in repr(admin)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ["1:1 missing-key"]),
        ("- a", ["1:1 missing-key"]),
        ("bot: {}", ["1:1 missing-key"]),
        ("channels: {}", ["1:11 empty-value"]),
        ("channels: whatsapp", ["1:11 wrong-type"]),
        ("channels: {whatsapp: sandbox}", ["1:22 wrong-type"]),
        ("channels: {Whats App: {}}", ["1:12 channel-name"]),
        ("channels: {a: {}}\nchannels: {b: {}}", ["2:1 duplicate-key"]),
    ],
)
def test_channels(text: str, expected: list[str]) -> None:
    """`channels` is required, and each one is a group of keys."""
    assert told(text) == expected


def test_nearest_key() -> None:
    """An unknown key comes with the known one that is most like it; a misplaced one with its home."""
    source = read(SANDBOX + "server: {hots: a}\napi_key: x", "config.yaml")
    shown = [render(problem, source.lines, "en") for problem in by_place(load_settings(source, {})[1])]
    assert "hint: did you mean 'host'?" in shown[0]
    assert "hint: move it to channels.<name>" in shown[1]


def test_all_at_once() -> None:
    """Every problem is told in one go."""
    assert len(told("bot: {language: fr}\nserver: {port: x}\nhours: {x: closed}\n")) == 4


@pytest.mark.parametrize(
    ("value", "env", "filled"),
    [
        ("${URL}", {"URL": "https://a"}, "https://a"),
        ("https://${HOST}/v${V:-1}", {"HOST": "h"}, "https://h/v1"),
        ("${URL:-x}", {"URL": ""}, "x"),
        ("${URL}", {"URL": "${NOT_AGAIN}"}, "${NOT_AGAIN}"),
    ],
)
def test_variables(value: str, env: dict[str, str], filled: str) -> None:
    """Variables are filled in anywhere in a text, once."""
    settings = good(f'channels: {{whatsapp: {{base_url: "{value}"}}}}', env)
    url = settings.channels["whatsapp"].node.get("base_url")
    assert isinstance(url, Text)
    assert url.value == filled


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("channels: {a: {base_url: '${X}'}}", ["1:26 variable-unset"]),
        ("channels: {a: {base_url: 'https://${X}/y'}}", ["1:26 variable-unset"]),
        ("channels: {a: {base_url: 'https://${X'}}", ["1:26 variable-syntax"]),
        ("channels: {a: {base_url: '${SAND}'}}", ["1:26 sandbox-not-literal"]),
        ("channels: {a: {base_url: '${X:-sandbox}'}}", ["1:26 sandbox-not-literal"]),
        ("channels: {a: {api_key: abc}}", ["1:25 secret-literal"]),
        ("channels: {a: {webhook: {auth: {secret: abc}}}}", ["1:41 secret-literal"]),
        ("channels: {a: {api_key: '${EMPTY}'}}", ["1:25 empty-value"]),
        ("channels: {a: {api_key: ~}}", ["1:25 empty-value"]),
        ("channels: {a: {webhook: {auth: {secret: }}}}", ["1:41 empty-value"]),
        (SANDBOX + "services: {a: {url: https://x, headers: {k: '${LINES}'}}}", ["2:45 wrong-type"]),
        ("channels: {a: {api_key: 'file:/nowhere/at/all'}}", ["1:25 file-missing"]),
        ("channels: {a: {base_url: sandbox, api_key: sandbox-key}}", []),
        (SANDBOX + "server: {port: '${PORT}'}", ["2:16 variable-unset"]),
        (SANDBOX + "defaults: {choose: {invalid: '${X}'}}", ["2:30 variable-unset"]),
        (SANDBOX + "defaults: {invalid: '${X'}", ["2:21 variable-syntax"]),
    ],
)
def test_variable_problems(text: str, expected: list[str]) -> None:
    """What cannot be filled in is an error where it stands; the sandbox is only ever asked for literally."""
    assert told(text, {"SAND": "sandbox", "EMPTY": "", "LINES": "topsecret\r\n"}) == expected


def test_variables_in_defaults() -> None:
    """What steps take where they say nothing is filled in, too; a price in dollars is no variable."""
    settings = good(SANDBOX + "defaults: {invalid: 'Llama al ${TEL}', ask: {hint: 'Son ${{ total }}'}}", {"TEL": "123"})
    assert settings.defaults is not None
    assert as_data(settings.defaults) == {"invalid": "Llama al 123", "ask": {"hint": "Son ${{ total }}"}}


def test_secret_file(tmp_path: Path) -> None:
    """`file:` reads a secret from a file beside config.yaml, without its last line break."""
    (tmp_path / "key").write_text("topsecret\n")
    source = read("channels: {a: {api_key: 'file:key'}}", str(tmp_path / "config.yaml"))
    settings, problems = load_settings(source, {})
    assert problems == []
    assert settings is not None
    node = settings.channels["a"].node.get("api_key")
    assert isinstance(node, Text)
    assert node.value == "topsecret"


def test_secrets_unseen() -> None:
    """A secret shows neither in settings nor in problems."""
    settings, _ = load("channels: {a: {api_key: '${KEY}'}}", {"KEY": "topsecret"})
    _, problems = load(SANDBOX + "server: {port: '${KEY}', host: a}", {"KEY": "topsecret"})
    assert "topsecret" not in repr(settings)
    assert problems
    assert "topsecret" not in repr(problems)


@pytest.mark.parametrize(
    ("key", "url", "shown"),
    [
        ("alerts: {webhook: '%s'}", "http://user:pass@a.example.com/T1/B2?token=abc", "http://…@a.example.com/…?…"),
        ("alerts: {webhook: '%s'}", "http://a.example.com/T1/B 2", "http://a.example.com/…"),
        ("alerts: {webhook: '%s'}", "http://a.example.com#tok@en", "http://a.example.com?…"),
        ("alerts: {webhook: '%s'}", "avisos", "avisos"),
        ("server: {public_url: '%s'}", "https://u:p@bot.example.com/a?t=x@y", "https://…@bot.example.com/a?…"),
    ],
)
def test_addresses_masked(key: str, url: str, shown: str) -> None:
    """What may be secret in an address that cannot be taken is in no message."""
    _, [problem] = load(SANDBOX + key % url)
    assert (problem.code, problem.values["value"]) == ("wrong-type", shown)


def test_services() -> None:
    """A service has defaults; its headers are filled in and shown nowhere; hosts are in small letters."""
    text = "services: {agenda: {url: 'https://x/${V}', headers: {Authorization: 'Bearer ${KEY}', Accept: text/csv}}}\n"
    settings = good(SANDBOX + text + "http: {allow: [NAS.local, '[fd00::1]']}\n", {"KEY": "topsecret", "V": "v2secret"})
    agenda = settings.services["agenda"]
    assert (agenda.url, agenda.timeout, agenda.retries) == ("https://x/v2secret", 10.0, 0)
    assert agenda.headers == {"Authorization": SecretStr("Bearer topsecret"), "Accept": "text/csv"}
    assert settings.http.allow == ("nas.local", "fd00::1")
    assert "secret" not in repr(settings).replace("SecretStr", "")


def test_describe() -> None:
    """Every setting has a type and a sentence, and only `channels` no default."""
    rows = describe()
    assert all(row.type and row.help.endswith(".") for row in rows)
    assert [row.key for row in rows if row.default is None] == [
        *("admin.port", "admin.token"),
        *("channels", "services.<name>.url"),
    ]
    assert {"bot.timezone", "server.port", "log.personal"} <= {row.key for row in rows}


def test_paths() -> None:
    """Relative files stand beside config.yaml."""
    settings = good(SANDBOX + "store: sqlite:////var/bot.db")
    assert settings.store_path(Path("/srv")) == Path("/var/bot.db")
    assert settings.log_path(Path("/srv")) == Path("/srv/botkit.log")
