from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from botkit.flow.yaml_reader import read
from botkit.gateway.compose import compose, shipped
from botkit.gateway.problem import Path, ProfileProblems
from botkit.gateway.terms import EVENT_FIELDS
from botkit.outbox.rate import Limits
from botkit.server.channels import located
from botkit.settings import Channel
from tests.gateway.captured import REAL, sandbox_profile


def _with(path: str, value: Any) -> dict[str, Any]:
    """Return the real channel with one place changed; None takes it away."""
    channel = deepcopy(REAL)
    at = channel
    *way, last = path.split(".")
    for key in way:
        at = at[key]
    at.pop(last, None) if value is None else at.update({last: value})
    return channel


def _problems(channel: dict[str, Any]) -> dict[Path, str]:
    with pytest.raises(ProfileProblems) as found:
        compose(channel)
    return {each.path: each.code for each in found.value.problems}


def test_the_sandbox_needs_nothing_of_its_own() -> None:
    """`base_url: sandbox` brings dialect, key and secret along."""
    profile = sandbox_profile("http://127.0.0.1:9999", rate={"limit": 12, "per": "2m"})
    assert (profile.sandbox, profile.base_url) == (True, "http://127.0.0.1:9999")
    assert profile.api_key.get_secret_value() == "sandbox-key"
    assert {"text", "choices", "image"} <= set(profile.send)
    assert profile.limits == Limits(12, 120.0, 10.0, 5, reserve=1, reserves_always=False)


def test_the_sandbox_never_sees_a_real_key() -> None:
    """A key that stands beside the word sandbox stays where it is."""
    assert sandbox_profile(api_key="real").api_key.get_secret_value() == "sandbox-key"


def test_a_complete_channel_is_a_gateway() -> None:
    """What the published page fixes is built in; the rest is the operator's."""
    profile = compose(REAL)
    assert (profile.auth.header, profile.limits) == ("X-Api-Key", Limits(30, 60.0, 10.0, 5, 1, reserves_always=False))
    assert not profile.sandbox


def test_no_shipped_profile_invents_what_is_not_published() -> None:
    """Without the operator's mapping each missing piece is named at once."""
    assert _problems({"profile": "waconecta", "base_url": "https://x.example"}) == {
        ("api_key",): "missing",
        ("send", "text"): "missing",
        ("id",): "missing",
        ("webhook",): "missing",
    }


@pytest.mark.parametrize(
    ("path", "value", "problem"),
    [
        ("profile", "wacconecta", (("profile",), "unknown")),
        ("base_url", None, (("base_url",), "missing")),
        ("base_url", "http://api.example.com", (("base_url",), "refused")),
        ("base_url", "http://127.0.0.1.evil.com", (("base_url",), "refused")),
        ("base_url", "ftp://api.example.com", (("base_url",), "refused")),
        ("base_url", "https://user:pw@api.example.com", (("base_url",), "refused")),
        ("base_url", "https://[", (("base_url",), "refused")),
        ("base_url", 7, (("base_url",), "invalid")),
        ("api_key", "sandbox-key", (("api_key",), "refused")),
        ("api_key", "a\nb", (("api_key",), "invalid")),
        ("webhook.auth.secret", "sandbox-secret", (("webhook", "auth", "secret"), "refused")),
        ("webhook.auth", None, (("webhook", "auth"), "missing")),
        ("webhook.auth", {"kind": "hmac", "header": "X"}, (("webhook", "auth"), "invalid")),
        ("webhook.rules", [], (("webhook", "rules"), "invalid")),
        ("webhook.rulez", [], (("webhook", "rulez"), "unknown")),
        ("webhook.items", "a ==", (("webhook", "items"), "invalid")),
        ("rate", {"limit": 0}, (("rate", "limit"), "invalid")),
        ("rate", {"limit": 30, "per": "soon"}, (("rate", "per"), "invalid")),
        ("rates", {}, (("rates",), "unknown")),
        ("sandbox", True, (("sandbox",), "unknown")),
        ("id", "[", (("id",), "invalid")),
        ("send.text.body.text", "{{ txt }}", (("send", "text", "body", "text"), "invalid")),
        ("send.text.body.text", "{{ text", (("send", "text", "body", "text"), "invalid")),
        ("send.text.path", "messages", (("send", "text", "path"), "invalid")),
        ("send.text.path", "/{{ to }}", (("send", "text", "path"), "invalid")),
        ("send.text.body.text", "{{ text() }}", (("send", "text", "body", "text"), "invalid")),
        ("send.sms", {"path": "/", "body": {}}, (("send", "sms"), "invalid")),
        ("webhook.path", "/{x", (("webhook", "path"), "invalid")),
        ("webhook.path", "/{x:.*}", (("webhook", "path"), "invalid")),
        ("webhook.path", "/x}", (("webhook", "path"), "invalid")),
        ("webhook.path", "/x?y=1", (("webhook", "path"), "invalid")),
        ("webhook.path", "/x#y", (("webhook", "path"), "invalid")),
        ("webhook.path", "/healthz", (("webhook", "path"), "invalid")),
        ("webhook.path", "/media/x", (("webhook", "path"), "invalid")),
        ("capabilities", {"media_from": "fax"}, (("capabilities", "media_from"), "invalid")),
        ("rate", {"limit": 30, "burst": 99999}, (("rate", "burst"), "invalid")),
        ("rate", {"limit": 30, "reserve": 40}, (("rate", "reserve"), "invalid")),
        ("rate", {"burst": 31, "reserve": 3}, (("rate", "burst"), "invalid")),
        ("media", {"fetch": {"path": "/media"}}, (("media", "fetch", "path"), "invalid")),
        ("webhook.path", "/readyz/", (("webhook", "path"), "invalid")),
        ("webhook.path", "/%68ealthz", (("webhook", "path"), "invalid")),
    ],
)
def test_a_wrong_place_is_named(path: str, value: Any, problem: tuple[Path, str]) -> None:
    """A problem says where it stands in the channel, and what kind it is."""
    found, code = problem
    assert _problems(_with(path, value)) == {found: code}


@pytest.mark.parametrize("url", ["http://127.0.0.1:9000", "http://localhost:9000/v1", "http://[::1]:9000"])
def test_loopback_may_be_plain_http(url: str) -> None:
    """A gateway on this machine shows its key to nobody."""
    assert compose(_with("base_url", url)).base_url == url


def test_a_misspelt_key_has_a_hint() -> None:
    """The nearest name is offered."""
    with pytest.raises(ProfileProblems) as found:
        compose(_with("webhook.rulez", []))
    assert [each.hint for each in found.value.problems] == ["did you mean 'rules'?"]


@pytest.mark.parametrize(
    ("path", "home"),
    [
        ("webhook.send", "'send'"),
        ("media_from", "'capabilities.media_from'"),
        ("webhook.timeout", "'timeout'"),
        ("every", "'inbound.poll.every'"),
        ("as", "'send.*.as'"),
    ],
)
def test_a_key_in_a_wrong_group_is_told_its_own(path: str, home: str) -> None:
    """A key that another group has is told with that group."""
    with pytest.raises(ProfileProblems) as found:
        compose(_with(path, "x"))
    assert f"it belongs elsewhere in the channel: {home}" in [each.hint for each in found.value.problems]


def test_no_problem_shows_a_secret() -> None:
    """Neither the key nor a secret stands in a message, nor in what is printed of a profile."""
    broken = _with("rate", {"limit": -1}) | {"api_key": "k-very-secret", "colour": "s-123"}
    with pytest.raises(ProfileProblems) as found:
        compose(broken)
    assert "very-secret" not in str(found.value)
    assert "k-123" not in repr(compose(REAL))
    assert "s-123" not in repr(compose(REAL))


def test_an_own_request_replaces_the_dialects_whole() -> None:
    """Half of one body makes no sense with half of another."""
    own = {"text": {"path": "/mine", "body": {"para": "{{ to }}"}}}
    assert sandbox_profile(send=own).send["text"].body == {"para": "{{ to }}"}
    assert "image" in sandbox_profile(send=own).send


def test_every_shipped_profile_has_a_name_of_its_own() -> None:
    """The list of profiles is the list of files."""
    assert shipped() == ["sandbox", "waconecta"]


def test_a_gateway_shows_only_what_it_can_send() -> None:
    """Without a request for choices there are no buttons, whatever the capabilities say."""
    shown = compose(_with("capabilities", {"buttons": 3})).shown
    assert (shown.buttons, shown.media) == (0, frozenset())
    assert sandbox_profile().shown.buttons == 3


@pytest.mark.parametrize(
    "rate", [{"limit": 1}, {"limit": 2, "reserve": 1}, {"limit": 30, "burst": 30}, {"limit": 3, "reserve": "auto"}]
)
def test_numbers_of_a_rate_that_fit(rate: dict[str, Any]) -> None:
    """A small limit needs no burst of its own: what nobody wrote is no mistake."""
    assert compose(_with("rate", rate)).limits.limit == rate["limit"]


@pytest.mark.parametrize(
    ("path", "value", "spanish", "hint"),
    [
        ("base_url", "ftp://api.example.com", "esto no es una dirección http(s)", "escríbela como"),
        ("base_url", "http://api.example.com", "mostraría la clave", "usa https://"),
        ("profile", "wacconecta", "no hay un perfil 'wacconecta'", "hay: sandbox, waconecta"),
        ("id", None, "falta 'id'", "JMESPath al id"),
        ("webhook.rulez", [], "aquí no hay una clave 'rulez'", "¿quisiste decir 'rules'?"),
        ("rate", {"limit": 0}, "debe ser 1 o más", ""),
        ("rate", {"limit": 10**7}, "debe ser 1000000 o menos", ""),
        ("rate", {"burst": 10**7}, "debe ser 1000000 o menos", ""),
        ("rate", {"limit": 30, "burst": 31}, "31 de una vez son más", "escribe 30 o menos; si falta, es 5"),
        ("rate", {"limit": 30, "reserve": 30}, "a las difusiones no les quedaría ninguno", "escribe 29 o menos"),
        ("rate", {"limit": 1, "reserve": 1}, "a las difusiones no les quedaría ninguno", "quítalo, o escribe 0"),
        ("rate", {"per": 0.5}, "debe ser 1 o más", ""),
        ("rate", {"per": "1e400"}, "debe ser 86400 o menos", ""),
        ("rate", {"per": 1e20}, "debe ser 86400 o menos", ""),
        ("rate", {"per": "nan"}, "debe ser 86400 o menos", ""),
        ("rate", {"limit": "x"}, "se espera un número entero", ""),
        ("send.sms", {"path": "/", "body": {}}, "'sms' no es ninguno de: ", ""),
        ("send.text.body.text", "{{ txt }}", "'txt' no es un valor que pueda ir aquí", "¿quisiste decir 'text'?"),
        ("send.text.body.text", "{{ text() }}", "las expresiones no llaman funciones: text( )", "usa un filtro"),
        ("webhook.auth", {"kind": "hmac", "header": "X"}, "kind hmac necesita 'secret'", ""),
        (
            "webhook.auth",
            {"kind": "hmacs"},
            "se espera 'hmac', 'standard', 'header' o 'none'",
            "como 'kind: hmac': firma HMAC",
        ),
        ("webhook.path", "/{x", "una ruta no lleva llaves: /{x", ""),
        ("webhook.path", "/x?y", "la ruta de un webhook no lleva '?' ni '#': /x?y", ""),
        ("webhook.path", "/healthz", "'/healthz' es una ruta propia de botkit", ""),
        ("id", "[", "no se entiende: ", ""),
    ],
)
def test_a_problem_is_told_in_spanish(path: str, value: Any, spanish: str, hint: str) -> None:
    """What is wrong and what to do stand in both languages; a library's own words follow Spanish ones."""
    with pytest.raises(ProfileProblems) as found:
        compose(_with(path, value))
    (problem,) = found.value.problems
    assert spanish in problem.es
    assert hint in problem.hint_es
    assert (problem.hint == "") == (problem.hint_es == "")


def test_an_unknown_field_is_told_with_all_there_are() -> None:
    """Who misspells a field of an event sees every field, and a rule that is right."""
    with pytest.raises(ProfileProblems) as found:
        compose(_with("webhook.rules", [{"kind": "echo", "fields": {"kimd": "id"}}]))
    told = max(found.value.problems, key=lambda each: len(each.path))
    assert told.message == f"'kimd' is none of: {', '.join(EVENT_FIELDS)}"
    assert told.hint.startswith("such as {id: id, contact: chatId")
    channel = Channel("whatsapp", False, read(b"{}", "config.yaml").documents[0].root)  # type: ignore[arg-type]
    assert told.message in located(told, channel).message("en")
