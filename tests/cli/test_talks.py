"""`botkit transcript` and `botkit replay`: what people are shown, and what they are told when it cannot be."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from botkit.turn.event import OperatorSaid, Release
from tests.cli.talk import ANA, Call, hold

CONFIG = "channels: {whatsapp: {base_url: sandbox}, otro: {base_url: sandbox}}\nbot: {timezone: America/La_Paz}\n"
FLOW = """
flow: cita
start: {words: [cita]}
steps:
  - {ask: "Hola {{ contact.name }}, ¿qué día?", save: dia}
  - handoff: {to: caja, say: Te paso}
  - say: Listo
"""
TALK: tuple[str | OperatorSaid | Release, ...] = ("cita", "lunes", OperatorSaid("Soy Rosa, 76543210"), Release())


def test_transcript(call: Call, folder: Path) -> None:
    """Who said what, when, how long nobody wrote, where the flow stood, who had it; nobody is known by it."""
    hold(folder, TALK)
    result = call("transcript", ANA)
    assert result.exit_code == 0
    assert [line.rstrip() for line in result.stdout.splitlines()] == [
        "59170000001 (whatsapp)  Persona A",
        "2026-11-23T09:00:00-04:00  person    cita   (– → cita/dia)",
        "2026-11-23T09:00:00-04:00  bot       Hola Persona A, ¿qué día?  [pending]",
        f"{'':27}… 5m later",
        "2026-11-23T09:05:00-04:00  person    lunes   (cita/dia → cita/handoff_1)",
        "2026-11-23T09:05:00-04:00  bot       Te paso  [pending]",
        "2026-11-23T09:05:00-04:00  business  — handed to caja",
        f"{'':27}… 5m later",
        "2026-11-23T09:10:00-04:00  business  Soy Rosa, 70000002   (cita/handoff_1)",
        "2026-11-23T09:10:00-04:00  business  Soy Rosa, 70000002  [pending]",
        f"{'':27}… 5m later",
        "2026-11-23T09:15:00-04:00  business  release   (cita/handoff_1 → –)",
        "2026-11-23T09:15:00-04:00  bot       Listo  [pending]",
        "2026-11-23T09:15:00-04:00  business  — given back to the bot",
    ]


def test_personal(call: Call, folder: Path) -> None:
    """With `--personal` everything shows."""
    hold(folder, TALK)
    shown = call("transcript", ANA, "--personal").stdout
    assert [word in shown for word in (ANA, "Ana", "76543210", "Persona")] == [True, True, True, False]
    assert "--personal" not in call("transcript", ANA, "--personal").stderr
    assert call("transcript", ANA).stderr == "numbers and names are changed; --personal shows the real ones\n"


@pytest.mark.parametrize("how", [(), ("--as-test",)])
def test_told_later(call: Call, folder: Path, how: tuple[str, ...]) -> None:
    """A name that is given behind what tells of it is masked there, too."""
    (folder / "flows" / "cita.yaml").write_text(FLOW.replace("save: dia", "save: nombre"))
    hold(folder, ("soy ROSA_MAMANI", "cita", "Rosa Mamani"))
    shown = call("transcript", ANA, *how).stdout.casefold()
    assert ("soy persona b" in shown, "mamani" in shown) == (True, False)


@pytest.mark.parametrize("contact", ["+591 7123-4567", "71234567", "id"])
def test_contact(call: Call, folder: Path, contact: str) -> None:
    """A contact is known by its number, however it is written, and by the id that the log has."""
    hold(folder, TALK)
    if contact == "id":
        (folder / "flows" / "cita.yaml").write_text(FLOW.replace("Listo", "Ya"))
        found = re.search(r"\b[0-9a-f]{20}\b", call("replay").stdout)
        assert found is not None
        contact = found[0]
    assert "Hola Persona A" in call("transcript", contact).stdout


def test_since(call: Call, folder: Path) -> None:
    """Only what came since; a test begins with the talk that was under way."""
    hold(folder, TALK)
    assert "qué día" not in call("transcript", ANA, "--since", "2026-11-23 09:05").stdout
    assert "user: cita" in call("transcript", ANA, "--since", "2026-11-23 09:05", "--as-test").stdout


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("transcript", "1"), "there is no conversation with this contact"),
        (("transcript", ""), "the contact is empty"),
        (("transcript", ANA), "this contact writes in several channels: otro, whatsapp; choose one by --channel"),
        (("transcript", ANA, "--lang", "es"), "este contacto escribe en varios canales: otro, whatsapp"),
        (("transcript", ANA, "--channel", "sms"), "there is no conversation with this contact"),
        (("transcript", ANA, "--channel", "otro", "--since", "ayer"), "'ayer' is no time"),
        (("replay", "--since", "ayer"), "'ayer' is no time"),
        (("replay", "--since", "ayer", "--lang", "es"), "'ayer' no es un momento"),
        (("replay", "--flow", "citas"), "the bot has no flow 'citas'; did you mean 'cita'?"),
        (("replay", "--flow", "citas", "--lang", "es"), "el bot no tiene un flujo 'citas'; ¿quisiste decir 'cita'?"),
    ],
)
def test_refused(call: Call, folder: Path, arguments: tuple[str, ...], told: str) -> None:
    """What cannot be done is told in a sentence."""
    for channel in ("whatsapp", "otro"):
        hold(folder, TALK, channel)
    result = call(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert told in result.stderr


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("transcript", ANA, "--since", "2030-01-01"), "nothing is on record of this conversation since 2030-01-01"),
        (("transcript", ANA, "--since", "2030-01-01", "--as-test"), "nothing that can be written as a test"),
    ],
)
def test_nothing(call: Call, folder: Path, arguments: tuple[str, ...], told: str) -> None:
    """Where there is nothing, that is told beside the output."""
    hold(folder, TALK)
    result = call(*arguments)
    assert (result.exit_code, result.stdout) == (0, "")
    assert told in result.stderr


@pytest.mark.parametrize(
    ("arguments", "status", "told"),
    [
        ((), 0, "no talks are on record: nothing was compared"),
        (("--lang", "es"), 0, "no hay conversaciones guardadas: no se comparó nada"),
        (("--since", "2030-01-01"), 2, "no talk on record matches --since 2030-01-01: nothing was compared"),
        (("--flow", "cita", "--since", "7d"), 2, "no talk on record matches --since 7d --flow cita"),
        (("--flow", "cita", "--lang", "es"), 2, "ninguna conversación guardada corresponde a --flow cita"),
    ],
)
def test_replay_nothing(call: Call, folder: Path, arguments: tuple[str, ...], status: int, told: str) -> None:
    """A replay of nothing says so; it is an error where talks were asked for that there are not."""
    hold(folder, ())
    result = call("replay", *arguments)
    assert (result.exit_code, result.stdout) == (status, "")
    assert told in result.stderr


def test_names_of_tests(call: Call, folder: Path) -> None:
    """Tests that begin in the same minute have names of their own, in the language that is spoken."""
    (folder / "flows" / "cita.yaml").write_text(FLOW.replace("save: dia", "save: dia, sensitive: true"))
    hold(folder, ("cita", "lunes", Release(), "cita"), gap_s=5)
    for language, comment, name in (("en", "# From", "conversation of"), ("es", "# De una", "conversación del")):
        result = call("transcript", ANA, "--as-test", "--lang", language)
        names = re.findall("name: (c.+)", result.stdout)
        assert names == [f"{name} 2026-11-23 09:00", f"{name} 2026-11-23 09:00 2"]
        assert result.stdout.startswith(comment)
        assert f"'{names[0]}' " in result.stderr


def test_no_store(call: Call) -> None:
    """Before the first run there is no store."""
    assert "there is no store" in call("replay").stderr


def test_flow(call: Call, folder: Path) -> None:
    """With `--flow` only talks in which it ran are played."""
    hold(folder, TALK)
    (folder / "flows" / "otra.yaml").write_text("flow: otra\nstart: {words: [otra]}\nsteps:\n  - say: Otra\n")
    result = call("replay", "--flow", "otra")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "no talk on record matches --flow otra: nothing was compared" in result.stderr
    assert "(talks: 1, turns: 4)" in call("replay", "--flow", "cita").stdout


def test_replay_since(call: Call, folder: Path) -> None:
    """Of a talk that was under way only what was answered since is shown."""
    hold(folder, TALK)
    file = folder / "flows" / "cita.yaml"
    file.write_text(FLOW.replace("¿qué día?", "¿cuándo?").replace("Listo", "Ya"))
    every = call("replay")
    since = call("replay", "--since", "2026-11-23 09:12")
    assert (every.exit_code, since.exit_code) == (1, 1)
    assert [word in every.stdout for word in ("¿cuándo?", "Ya")] == [True, True]
    assert [word in since.stdout for word in ("¿cuándo?", "Ya")] == [False, True]
    assert "differences: 1 (talks: 1, turns: 4)" in since.stdout


def test_replay_lines(call: Call, folder: Path) -> None:
    """A difference is told with its time, its conversation, what was written, then and now, and its place."""
    hold(folder, TALK)
    (folder / "flows" / "cita.yaml").write_text(FLOW.replace("Te paso", "'Un momento, {{ contact.name }}'"))
    first, *others = call("replay", "--lang", "es").stdout.splitlines()
    at, conversation, place = first.split()
    assert (at, len(conversation)) == ("2026-11-23T09:05:00-04:00", 20)
    assert place.startswith("flows/cita.yaml:6")
    assert others == [
        "  persona:   lunes",
        "  antes:     Te paso",
        "  ahora:     Un momento, Persona A",
        "diferencias: 1 (conversaciones: 1, turnos: 4)",
    ]
