"""The flows that botkit ships: what begins each, what it does, in Spanish and English, and how they are overridden."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from botkit.flow.builtin import BUILTIN_FLOWS
from botkit.flow.load import load
from botkit.flow.model import BotInfo
from botkit.flow.opt_out import OPT_OUT_WORDS
from botkit.flow.yaml_reader import read
from botkit.project import load_project, shipped_flows
from botkit.settings.model import BUILTIN
from botkit.turn.event import Release
from botkit.turn.kinds import KINDS
from tests.turn.samples import SHIPPED, Talk, talk

FLOW = """
flow: f
title: {es: Pedido, en: Order}
start: {words: [pedido]}
steps:
  - ask: {es: ¿Nombre?, en: Name?}
    save: nombre
  - ask: {es: ¿Edad?, en: Age?}
    save: edad
    type: integer
    invalid: {tries: 2}
  - say: fin
"""


def at(*said: str, flows: str = FLOW, language: str | None = None, builtin: tuple[str, ...] = SHIPPED) -> Talk:
    """Return a conversation with all that is shipped, after some messages."""
    found = talk(flows, builtin=builtin)
    if language:
        found.conversation = replace(found.conversation, fields={"language": language})
    for text in said:
        found.say(text)
    return found


# ── the set ──


def test_the_table() -> None:
    """The table, the files and the switches of config.yaml name the same flows."""
    assert set(shipped_flows()) == set(BUILTIN_FLOWS) == set(BUILTIN)


@pytest.mark.parametrize("language", ["es", "en"])
def test_without_a_problem(language: str) -> None:
    """`check` finds nothing in them, whatever the bot's language."""
    loaded = load([read(FLOW, "f.yaml")], list(shipped_flows().values()), BotInfo(language), {}, KINDS)
    assert loaded.problems == ()


@pytest.mark.parametrize("name", BUILTIN_FLOWS)
def test_both_languages(name: str) -> None:
    """Each text stands in Spanish and in English."""
    loaded = load([read(FLOW, "f.yaml")], list(shipped_flows().values()), BotInfo(), {}, KINDS)
    assert loaded.flows is not None
    text = shipped_flows()[name].documents[0].text
    assert len(re.findall(r"\bes:", text)) == len(re.findall(r"\ben:", text)) >= 1
    assert loaded.flows.flows[name].titles.keys() == {"es", "en"}


@pytest.mark.parametrize(
    ("word", "language", "said"),
    [
        ("ayuda", None, "Puedes escribir:\n• *pedido*: Pedido\nEn medio"),
        ("/help", "en", "You can write:\n• *pedido*: Order\nIn the middle"),
        ("BAJA", None, "Listo, no te enviaremos"),
        ("unsubscribe", "en", "Done, you will get no more"),
        ("cancelar", None, "¡Hola! Soy"),
        ("atrás", None, "¡Hola! Soy"),
        ("start over", "en", "Hello! I am"),
    ],
)
def test_with_nothing_running(word: str, language: str | None, said: str) -> None:
    """Help and opting out begin; what only makes sense in a flow does not."""
    assert at(language=language).say(word)[0].startswith(said)


@pytest.mark.parametrize(
    ("word", "language", "said", "running"),
    [
        ("ayuda", None, ["En medio de una conversación:", "¿Edad?"], True),
        ("HELP!", "en", ["In the middle of a conversation:", "Age?"], True),
        ("cancelar", None, ["Listo, lo dejamos aquí."], False),
        ("/cancel", "en", ["All right, we leave it here."], False),
        ("atrás", None, ["¿Nombre?"], True),
        ("go back", "en", ["Name?"], True),
        ("empezar de nuevo", None, ["¿Nombre?"], True),
        ("/restart", "en", ["Name?"], True),
        ("stop", None, ["Listo, no te enviaremos"], False),
    ],
)
def test_at_a_question(word: str, language: str | None, said: list[str], running: bool) -> None:
    """Their words count at a question, in both languages; `help` lists there only what may interrupt."""
    found = at("pedido", "Ana", language=language)
    heard = found.say(word)
    assert [text.startswith(begin) for text, begin in zip(heard, said, strict=True)] == [True] * len(said)
    assert found.running is running


# ── stuck, resumed, welcome_back ──


@pytest.mark.parametrize(
    ("answer", "said", "running"),
    [
        ("intentar otra vez", ["¿Edad?"], True),
        ("2", ["¿Nombre?"], True),
        ("persona", ["Te paso con una persona. Te escribe por aquí en cuanto pueda."], True),
        ("salir", ["Listo, lo dejamos aquí. Escríbeme cuando quieras."], False),
    ],
)
def test_stuck(answer: str, said: list[str], running: bool) -> None:
    """Tries without `then` lead to `stuck`, which offers to try again, to begin anew, or a person; one may leave."""
    found = at("pedido", "Ana", "x")
    assert found.say("x")[0].startswith("Parece que no nos entendemos")
    assert (found.say(answer), found.running) == (said, running)


def test_stuck_again() -> None:
    """After `stuck` the tries are counted anew."""
    found = at("pedido", "Ana", "x", "x", "intentar otra vez", "x")
    assert (found.top.flow, found.top.tries) == ("f", 1)


def test_stuck_with_a_person() -> None:
    """When people give the conversation back, the question is asked again."""
    found = at("pedido", "Ana", "x", "x", "persona")
    assert found.conversation.handoff is not None
    assert found.say("x") == []
    assert found.take(Release())[-1:] == ["¿Edad?"]


def test_stuck_as_then() -> None:
    """`then: stuck` is the same, written out; so the bot's defaults may name it."""
    found = at("pedido", "Ana", "x", "x", "intentar otra vez", flows=FLOW.replace("tries: 2", "tries: 2, then: stuck"))
    assert found.top.step == "edad"


def test_stuck_switched_off() -> None:
    """Without `stuck` tries need a `then`: an error at `tries`."""
    builtin = [source for name, source in shipped_flows().items() if name != "stuck"]
    loaded = load([read(FLOW, "f.yaml")], builtin, BotInfo(), {}, KINDS)
    assert [(problem.code, problem.place.line) for problem in loaded.problems] == [("builtin-off", 11)]
    [problem] = loaded.problems
    assert "'stuck'" in problem.message("es")
    assert "builtin" in problem.advice("en")


def test_resumed_is_silent() -> None:
    """As shipped it says nothing."""
    assert len(at("pedido").say("ayuda")) == 2


@pytest.mark.parametrize(
    ("answer", "said"),
    [("sí", ["¿Nombre?"]), ("empezar de nuevo", ["¿Nombre?"]), ("salir", [])],
)
def test_welcome_back(answer: str, said: list[str]) -> None:
    """After the flow's silence: go on, begin anew, leave. `resumed` does not speak after it."""
    flows = FLOW.replace("steps:", "silence: {after: 1d, say: Te espero}\nsteps:", 1)
    found = at("pedido", flows=flows + "---\nflow: resumed\nsteps: [{say: Seguimos}]\n")
    found.wait(2 * 86_400.0)
    assert found.say("Ana")[0].startswith("¡Hola otra vez!")
    assert found.say(answer) == said
    assert found.running is bool(said)


def test_parked_and_opting_out() -> None:
    """A word to opt out goes before `welcome_back`; `cancel` does not: it is the message that begins it."""
    flows = FLOW.replace("steps:", "silence: {after: 1d, say: Te espero}\nsteps:", 1)
    found = at("pedido", flows=flows)
    found.wait(2 * 86_400.0)
    assert (found.say("baja")[0].startswith("Listo"), found.conversation.opted_out) == (True, True)


# ── opting out and in ──


def test_opt_out_words() -> None:
    """The words of the built-in flow are the closed list."""
    flows = talk(FLOW, builtin=SHIPPED).flows.flows
    assert flows["opt_out"].start.words == OPT_OUT_WORDS


@pytest.mark.parametrize("word", OPT_OUT_WORDS)
def test_opt_out(word: str) -> None:
    """Each, as the whole message, ends what runs and sets `contact.opted_out`."""
    found = at("pedido")
    found.say(f"¡{word.upper()}!")
    assert (found.running, found.outcome, found.conversation.opted_out) == (False, "cancelled", True)
    assert at().say(word)[0].startswith("Listo, no te")


def test_opt_out_is_the_whole_message() -> None:
    """Within a sentence such a word is a word: a floor, a bus stop, a contract to end."""
    found = at("vivo en la planta baja")
    assert not found.conversation.opted_out
    found.say("pedido")
    assert (found.say("Planta Baja"), found.conversation.opted_out) == (["¿Edad?"], False)


def test_opt_out_leaves_the_bot_answering() -> None:
    """What the person writes afterwards is still answered; `opt_in` takes the flag back, and is nothing without it."""
    found = at("baja")
    assert found.say("pedido") == ["¿Nombre?"]
    assert found.conversation.opted_out
    assert found.say("alta")[1:] == ["¿Nombre?"]
    assert not found.conversation.opted_out
    assert found.say("alta") == ["¿Edad?"]


def test_own_opt_out() -> None:
    """An own `opt_out` is begun by the closed words, and taken at its word, whatever its `start` and steps are."""
    found = at("pedido", flows=FLOW + "---\nflow: opt_out\nsteps: [{ask: ¿Seguro?, id: seguro}]\n")
    assert (found.say("baja"), found.conversation.opted_out) == (["¿Seguro?"], True)
    assert (found.say("baja"), found.conversation.opted_out) == (["¿Nombre?"], True)


def test_opt_out_switched_off() -> None:
    """Without the flow its words are nothing special."""
    found = at("pedido", builtin=tuple(text for text in SHIPPED if "flow: opt_out" not in text))
    assert (found.say("baja"), found.slots) == (["¿Edad?"], {"nombre": "baja"})


# ── overriding ──


def test_override() -> None:
    """An own flow of the name takes its place, `start` too: the shipped words are gone."""
    own = "---\nflow: help\nstart: {words: [socorro], interrupts: true, resume: silent}\nsteps: [{say: Voy}]\n"
    found = at("pedido", flows=FLOW + own)
    assert found.say("socorro") == ["Voy"]
    assert (found.say("ayuda"), found.slots) == (["¿Edad?"], {"nombre": "ayuda"})


def test_override_of_back() -> None:
    """`back` may be overridden; as a target the reserved word wins."""
    own = "---\nflow: back\nstart: {words: [regreso], interrupts: only}\nsteps: [{say: Volvemos}, {goto: back}]\n"
    assert at("pedido", "Ana", flows=FLOW + own).say("regreso") == ["Volvemos", "¿Nombre?"]


def test_switched_off(tmp_path: Path) -> None:
    """`builtin: {help: off}` in config.yaml takes its words away; `builtin: off` takes all."""
    (tmp_path / "flows").mkdir()
    (tmp_path / "flows" / "f.yaml").write_text("flow: f\nstart: {words: [a]}\nsteps: []\n", encoding="utf-8")
    known = {}
    for switch in ("{help: off}", "off"):
        config = tmp_path / "config.yaml"
        config.write_text(f"channels: {{wa: {{base_url: sandbox}}}}\nbuiltin: {switch}\n", encoding="utf-8")
        flows = load_project(config, {}).flows
        assert flows is not None
        known[switch] = set(flows.flows) - {"f"}
    assert known == {"{help: off}": set(BUILTIN_FLOWS) - {"help"}, "off": set()}
