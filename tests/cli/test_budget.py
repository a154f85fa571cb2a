"""`botkit check --budget`, and the limits of config.yaml."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from botkit.cli import botkit

ROOT = Path(__file__).parents[2]
CONFIG = "channels: {whatsapp: {profile: waconecta, base_url: sandbox}}\n"
#: What the examples of this repository take, counted by hand: citas asks for name, day, hour and yes, and says a code
#: (5); pedido may hint twice at the dish (8); encuesta asks two or three things and thanks; idioma asks one.
EXAMPLES = {
    "en": """\
all well: 4 flows

requests at 'whatsapp' (30/min)
flow      turn  merged  conversation  merged  a round  merged  the dearest step
citas     1–2   1–2     1–5           1–5     +3       +3      flows/citas.yaml:47 'say_1': 1
encuesta  1     1       3–4           3–4     +1       +1      flows/encuesta.yaml:61 'say_1': 1
idioma    1     1       2             2       +1       +1      flows/idioma.yaml:22 'say_2': 1
pedido    1     1       1–8           1–8     +5       +5      flows/pedido.yaml:114 'say_1': 1
'citas', 2 requests a turn: at 30/min this key serves 15 turns a minute; merged, 15
merged: while a new reply would wait 2 s or more, neighbouring texts of a turn go as one request
""",
    "es": """\
todo bien: 4 flujos

envíos por 'whatsapp' (30/min)
flujo     turno  juntos  conversación  juntos  por vuelta  juntos  el paso más caro
citas     1–2    1–2     1–5           1–5     +3          +3      flows/citas.yaml:47 'say_1': 1
encuesta  1      1       3–4           3–4     +1          +1      flows/encuesta.yaml:61 'say_1': 1
idioma    1      1       2             2       +1          +1      flows/idioma.yaml:22 'say_2': 1
pedido    1      1       1–8           1–8     +5          +5      flows/pedido.yaml:114 'say_1': 1
'citas', 2 envíos por turno: a 30/min esta clave atiende 15 turnos por minuto; juntos, 15
juntos: mientras una respuesta nueva esperaría 2 s o más, los textos seguidos de un turno van en un envío
""",
}
THREE = "flow: saludo\nstart: {words: [hola]}\nsteps:\n  - say: A\n  - say: [{text: B}, {text: C}]\n"
QUESTION = "flow: cita\nstart: {words: [cita]}\nsteps:\n  - ask: A\n    id: a\n  - say: B\n"


def check(folder: Path, *args: str, config: str = "", **flows: str) -> Result:
    """Run `botkit check` in a folder with these flows."""
    (folder / "flows").mkdir(exist_ok=True)
    (folder / "config.yaml").write_text(config + CONFIG)
    for name, text in flows.items():
        (folder / "flows" / f"{name}.yaml").write_text(text)
    return CliRunner().invoke(botkit, ["check", "--lang", "en", *args])


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty folder, which is the present one."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("lang", EXAMPLES)
def test_examples(lang: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The table of the examples, in both languages."""
    monkeypatch.chdir(ROOT)
    found = CliRunner().invoke(botkit, ["check", "--budget", "--lang", lang])
    assert (found.exit_code, found.output) == (0, EXAMPLES[lang])


def test_rate(folder: Path) -> None:
    """Three requests a turn: at 30 a minute the key serves 10 turns, merged 30."""
    lines = check(folder, "--budget", saludo=THREE).output.splitlines()
    assert "'saludo', 3 requests a turn: at 30/min this key serves 10 turns a minute; merged, 30" in lines


@pytest.mark.parametrize(
    ("rate", "told"),
    [
        ("{limit: 100, per: 1h}", "at 100/1h this key serves 0.6 turns a minute; merged, 1"),
        ("{limit: 10, per: 1s}", "at 10/1s this key serves 200 turns a minute; merged, 600"),
    ],
)
def test_other_rates(folder: Path, rate: str, told: str) -> None:
    """The rate is the channel's own, whatever its period."""
    check(folder, saludo=THREE)
    (folder / "config.yaml").write_text(
        f"channels: {{whatsapp: {{profile: waconecta, base_url: sandbox, rate: {rate}}}}}\n"
    )
    assert told in CliRunner().invoke(botkit, ["check", "--budget", "--lang", "en"]).output


def test_asking_costs_requests_too(folder: Path) -> None:
    """A bot that asks every ten seconds has 24 of 30 left, which serve 8 turns of three."""
    check(folder, saludo=THREE)
    channel = "{profile: waconecta, base_url: sandbox, inbound: {poll: {every: 10s}}}"
    (folder / "config.yaml").write_text(f"channels: {{whatsapp: {channel}}}\n")
    said = CliRunner().invoke(botkit, ["check", "--budget", "--lang", "en"]).output
    assert "asking for what people write (inbound.poll) costs 6 of 30 requests a minute" in said
    assert "this key serves 8 turns a minute" in said


def test_part(folder: Path) -> None:
    """For one file the table shows its flows alone."""
    found = check(folder, "--budget", "flows/cita.yaml", saludo=THREE, cita=QUESTION)
    assert "'cita'" in found.output
    assert "saludo" not in found.output


def test_json(folder: Path) -> None:
    """As JSON the table stands beside the problems, with every figure."""
    found = json.loads(check(folder, "--budget", "--format", "json", saludo=THREE).output)
    (channel,) = found.pop("budget")
    assert found == {"problems": []}
    (flow,) = channel.pop("flows")
    assert channel == {"channel": "whatsapp", "limit": 30, "period_s": 60.0, "polls_a_minute": 0.0}
    three, one = {"least": 3, "most": 3}, {"least": 1, "most": 1}
    assert flow == {
        "flow": "saludo",
        "turn": three,
        "conversation": three,
        "round": 0,
        "merged": {"turn": one, "conversation": one, "round": 0},
        "turns_a_minute": 10.0,
        "dearest": {"step": "say_2", "file": "flows/saludo.yaml", "line": 5, "requests": 2},
        "complete": True,
    }


def test_errors(folder: Path) -> None:
    """With errors there is nothing to count: they are told, and no table."""
    found = check(folder, "--budget", saludo=THREE + "  - goto: nadie\n")
    assert found.exit_code == 1
    assert "requests" not in found.output


@pytest.mark.parametrize(
    ("limits", "found"),
    [
        ("{turn: 3, conversation: 3}", []),
        ("{turn: 2}", ["flows/saludo.yaml:5 a turn of 'saludo' may take 3 requests, and budget.turn is 2"]),
        (
            "{conversation: 1}",
            [
                "flows/cita.yaml:4 a conversation of 'cita' may take 2 requests, and budget.conversation is 1",
                "flows/saludo.yaml:5 a conversation of 'saludo' may take 3 requests, and budget.conversation is 1",
            ],
        ),
    ],
)
def test_limits(folder: Path, limits: str, found: list[str]) -> None:
    """A flow that may take more than config.yaml allows is an error, at the step that costs most."""
    result = check(folder, "--format", "json", config=f"budget: {limits}\n", saludo=THREE, cita=QUESTION)
    told = [f"{each['file']}:{each['line']} {each['message']}" for each in json.loads(result.output)]
    assert (result.exit_code, told) == (bool(found), found)


def test_shipped_flows_alone(folder: Path) -> None:
    """Where only flows that come with botkit send, the error stands at the flow that comes to them."""
    twice = "flow: ayudas\nstart: {words: [ayudas]}\nsteps:\n  - call: help\n  - call: help\n"
    result = check(folder, "--format", "json", config="budget: {turn: 1}\n", ayudas=twice)
    assert [(each["file"], each["code"]) for each in json.loads(result.output)] == [
        ("flows/ayudas.yaml", "over-budget")
    ]


def test_table_beside_the_error(folder: Path) -> None:
    """A flow over its budget is still shown in the table."""
    found = check(folder, "--budget", config="budget: {turn: 2}\n", saludo=THREE)
    assert found.exit_code == 1
    assert "this step takes the most, 2; join messages" in found.output
    assert "saludo  3     1" in found.output


@pytest.mark.parametrize("value", ["{turn: 0}", "{turn: a}", "{conversation: 1.5}", "3"])
def test_wrong_limits(folder: Path, value: str) -> None:
    """A limit is a whole number from 1 on."""
    result = check(folder, "--format", "json", config=f"budget: {value}\n", saludo=THREE)
    assert [(each["line"], each["code"]) for each in json.loads(result.output)] == [(1, "wrong-type")]
