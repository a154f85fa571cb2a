"""What flows cost in requests: each case was counted by hand."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from time import process_time

import pytest

from botkit.budget import ROOM, Tally, tally, unfold
from botkit.budget.sample import Fit, Outgoing
from botkit.budget.unfold import MAX_NODES
from botkit.flow.flowset import FlowSet
from botkit.flow.load import load
from botkit.flow.model import BotInfo, Signature
from botkit.flow.yaml_reader import read
from botkit.gateway.ladder import fit
from botkit.ports import Capabilities
from botkit.project import shipped_flows
from botkit.turn.kinds import KINDS

MEDIA = frozenset({"image", "document", "audio", "video", "location", "contact"})
#: A gateway with buttons, lists and media, and one that sends nothing but texts.
RICH = Capabilities(buttons=3, list_rows=10, header=60, footer=60, media=MEDIA, media_from=("id", "inline", "url"))
BARE = Capabilities()
HEAD = "flow: f\nstart: {words: [hola]}\n"
LONG = "x" * 2500


def loaded(*texts: str, builtin: Sequence[str] = ()) -> FlowSet:
    """Load flows, with the built-in ones of these names."""
    shipped = [source for name, source in shipped_flows().items() if name in builtin]
    sources = [read(text.encode(), f"f{number}.yaml") for number, text in enumerate(texts)]
    bot = load(sources, shipped, BotInfo(), {"h": Signature((), frozenset(), open=True)}, KINDS)
    assert bot.flows is not None, [(str(problem.place), problem.code) for problem in bot.problems]
    return bot.flows


def ladder(shown: Capabilities) -> Fit:
    """Return a gateway's ladder."""

    def shows(message: Outgoing) -> Sequence[Outgoing]:
        return fit(message, shown)

    return shows


def tallied(*texts: str, shown: Capabilities = RICH, builtin: Sequence[str] = ()) -> Tally:
    """Return what the first flow costs."""
    return tally(loaded(*texts, builtin=builtin), ladder(shown))[0]


def figures(found: Tally, *, merged: bool = False) -> str:
    """Return `turn conversation round`, as the table shows them."""
    cost = found.merged if merged else found.cost
    spans = [f"{span.least}-{span.most}" for span in (cost.turn, cost.conversation)]
    return " ".join([*spans, f"+{cost.round}"])


#: steps -> turn, conversation and round; then the same merged
STEPS: dict[str, tuple[str, str, str]] = {
    "one text": ("- say: Hola", "1-1 1-1 +0", "1-1 1-1 +0"),
    "three texts": ("- say: [{text: A}, {text: B}, {text: C}]", "3-3 3-3 +0", "1-1 1-1 +0"),
    "texts of two steps": ("- say: A\n- say: B", "2-2 2-2 +0", "1-1 1-1 +0"),
    "a guarded bubble": ("- say: [{text: A}, {text: B, if: contact.vip}]", "1-2 1-2 +0", "1-1 1-1 +0"),
    "a guarded step": ("- say: A\n  if: contact.vip\n- say: B", "1-2 1-2 +0", "1-1 1-1 +0"),
    "a text that may be empty": (
        '- say: [{text: "{% if contact.vip %}A{% endif %}"}, {text: "{{ contact.name }}"}, {text: B}]',
        "1-3 1-3 +0",
        "1-1 1-1 +0",
    ),
    "a picture between texts": (
        "- say: [{text: A}, {image: 'https://x.example/a.png', caption: B}, {text: C}]",
        "3-3 3-3 +0",
        "3-3 3-3 +0",
    ),
    "a medium that may not be set": (
        '- set: {foto: "{{ contact.foto }}"}\n- say: [{text: A}, {image: "{{ foto }}"}]',
        "1-2 1-2 +0",
        "1-2 1-2 +0",
    ),
    "variants of a text and a picture": (
        "- say: A\n- say: {one_of: [{text: B}, {image: 'https://x.example/a.png'}]}",
        "2-2 2-2 +0",
        "1-2 1-2 +0",
    ),
    "variants with guards": (
        "- say: A\n- say: {one_of: [{text: B, if: contact.a}, {text: C, if: contact.b}]}",
        "1-2 1-2 +0",
        "1-1 1-1 +0",
    ),
    "texts too long for one request": (f"- say: {LONG}\n- say: {LONG}", "2-2 2-2 +0", "2-2 2-2 +0"),
    "a long caption follows its medium": (
        f"- say: {{image: 'https://x.example/a.png', caption: {LONG}}}",
        "2-2 2-2 +0",
        "2-2 2-2 +0",
    ),
    "a branch": ("- if: contact.vip\n  then:\n    - say: A\n    - say: B\n- say: C", "1-3 1-3 +0", "1-1 1-1 +0"),
    "a question and what follows": ("- ask: A\n  id: a\n- say: B", "1-1 2-2 +1", "1-1 2-2 +1"),
    "wrong answers that end": (
        "- ask: A\n  id: a\n  invalid: {say: Mal, tries: 3, then: end}",
        "0-1 1-3 +0",  # the question, two hints; an answer ends it without a word
        "0-1 1-3 +0",
    ),
    "wrong answers with the question": (
        "- ask: A\n  id: a\n  invalid: {say: Mal, show: question, tries: 2, then: end}\n- say: B",
        "0-2 1-4 +0",  # question, hint and question, thanks; or two wrong answers: nothing more
        "0-1 1-3 +0",
    ),
    "no hint: the question again": ("- ask: A\n  id: a\n  invalid: {tries: 4, then: end}", "0-1 1-4 +0", "0-1 1-4 +0"),
    "a wrong answer that is ignored": ("- ask: A\n  id: a\n  invalid: ignore\n- say: B", "1-1 2-2 +0", "1-1 2-2 +0"),
    "a refusal of two bubbles": (
        "- ask: A\n  id: a\n  type: integer\n  invalid: ignore\n"
        "  check: {if: answer < 3, say: [{text: M}, {text: N}]}\n- say: B",
        "0-2 2-2 +2",
        "0-1 2-2 +1",
    ),
    "reminders": (
        "- ask: A\n  id: a\n  invalid: ignore\n  silence: {after: 2h, say: R, again: 2, then: fin}\n"
        "- say: B\n- id: fin\n  say: C",
        "1-2 2-6 +0",  # 1 + 3 reminders + B + C; cheapest: silence leads to C
        "1-1 2-5 +0",
    ),
    "options with buttons do not merge": (
        "- say: H\n- choose: A\n  id: a\n  options: {Uno: end, Dos: end}\n  invalid: ignore",
        "0-2 2-2 +0",
        "0-2 2-2 +0",
    ),
    "options under a picture": (
        "- choose: {image: 'https://x.example/a.png'}\n  id: a\n  options: {Uno: end}\n  invalid: ignore",
        "0-2 2-2 +0",
        "0-2 2-2 +0",
    ),
    "a body too long for buttons": (
        f"- choose: {LONG}\n  id: a\n  options: {{Uno: end}}\n  invalid: ignore",
        "0-3 3-3 +0",  # 1,024 characters stand over the buttons
        "0-2 2-2 +0",
    ),
    "a list of unknown length": (
        "- run: h\n  save: xs\n  on_error: end\n- choose: A\n  id: a\n  options: [{from: xs}]\n  invalid: ignore",
        "0-1 0-1 +1",  # another page is another round
        "0-1 0-1 +1",
    ),
    "meanwhile": ("- run: h\n  meanwhile: Un momento\n  on_error: end\n- say: A", "0-2 0-2 +0", "0-1 0-1 +0"),
    "a loop to a question": (
        "- ask: A\n  id: a\n  invalid: ignore\n- say: B\n- choose: C\n  id: c\n  options: {Otra: a, Fin: end}\n"
        "  invalid: ignore",
        "0-2 3-3 +3",
        "0-2 3-3 +3",
    ),
    "a header alone": (
        "- choose: A\n  id: a\n  header: H\n  footer: F\n  options: {Uno: end}\n  invalid: ignore",
        "0-1 1-1 +0",
        "0-1 1-1 +0",
    ),
    "a handoff that speaks": (
        "- handoff: {to: q, say: Espera, then: fin}\n- id: fin\n  say: Fin",
        "1-1 2-2 +0",
        "1-1 2-2 +0",
    ),
    "a wait": ("- say: A\n- wait: 2h\n- say: B\n- say: C", "1-2 3-3 +0", "1-1 2-2 +0"),
    "the dearer option": (
        "- choose: A\n  id: a\n  invalid: ignore\n  options:\n    Uno: end\n    Dos:\n      - say: B\n      - say: C",
        "0-2 1-3 +0",
        "0-1 1-2 +0",
    ),
    "a refused message": ("- say: A\n  on_failed: fin\n- end: ok\n- id: fin\n  say: F", "1-1 1-2 +0", "1-1 1-2 +0"),
    "languages": ("- say: {es: A, en: B}", "1-1 1-1 +0", "1-1 1-1 +0"),
}


@pytest.mark.parametrize("name", STEPS)
def test_steps(name: str) -> None:
    """The steps of one flow, without built-in flows."""
    steps, plain, merged = STEPS[name]
    found = tallied(HEAD + "steps:\n" + "".join(f"  {line}\n" for line in steps.split("\n")))
    assert (figures(found), figures(found, merged=True)) == (plain, merged)


def head(name: str, more: str = "") -> str:
    """Return the beginning of a flow."""
    return f"flow: {name}\nstart: {{words: [{name}]}}\n{more}steps:\n"


QUESTION = "  - ask: A\n    id: a\n    invalid: ignore\n"
#: flows, the built-in flows there are -> turn, conversation and round of the first flow
SETS: dict[str, tuple[Sequence[str], Sequence[str], str]] = {
    "a call goes on in the same turn": (
        # hello, A | B, C
        (head("f") + "  - say: H\n  - call: g\n  - say: C\n", head("g") + QUESTION + "  - say: B\n"),
        (),
        "2-2 4-4 +0",
    ),
    "two calls of one flow are no loop": (
        # A | A | C
        (head("f") + "  - call: g\n  - call: g\n  - say: C\n", head("g") + QUESTION),
        (),
        "1-1 3-3 +0",
    ),
    "outcomes of a call": (
        # A | Sí: end of g, S, T | No: end of g, N
        (
            head("f") + "  - call: g\n    on: {si: uno, no: dos}\n  - end: x\n  - id: uno\n    say: S\n  - say: T\n"
            "  - end: x\n  - id: dos\n    say: N\n",
            head("g") + "  - choose: A\n    id: a\n    invalid: ignore\n    options:\n      Sí: [{end: si}]\n"
            "      No: [{end: no}]\n",
        ),
        (),
        "1-2 2-3 +0",
    ),
    "a flow gone to takes the place": (
        (head("f") + "  - say: H\n  - goto: g\n", head("g") + "  - say: B\n" + QUESTION + "  - end: x\n"),
        (),
        "0-3 3-3 +0",
    ),
    "a flow that goes back to the first is a loop": (
        # H, A | B, then H, A again: 3 of a round
        (head("f") + "  - say: H\n  - goto: g\n", head("g") + QUESTION + "  - say: B\n  - goto: f\n"),
        (),
        "2-3 3-3 +3",
    ),
    "a flow that calls itself is a loop": (
        # A | Otra: A again
        (
            head("f") + "  - choose: A\n    id: a\n    invalid: ignore\n    options:\n      Otra: [{call: f}]\n"
            "      Fin: end\n",
        ),
        (),
        "0-1 1-1 +1",
    ),
    "tries used up with stuck": (
        # A, a hint and an answer. A round: the hint, stuck, by the way of a person handed_off, and A again.
        (head("f") + "  - ask: A\n    id: a\n    invalid: {say: Mal, tries: 2}\n",),
        ("stuck", "handed_off"),
        "0-1 1-2 +4",
    ),
    "a flow that gets its place back after resumed": (
        # A, a hint and an answer. A round: the hint, stuck, resumed with A.
        (
            head("f") + "  - ask: A\n    id: a\n    invalid: {say: Mal, tries: 2}\n",
            "flow: resumed\nsteps: [{say: Seguimos}]\n",
        ),
        ("stuck",),
        "0-2 1-2 +4",
    ),
    "a handoff without words of its own": (
        (head("f") + "  - handoff: q\n  - say: C\n",),
        ("handed_off",),
        "1-1 2-2 +0",
    ),
    "a call of a handler that may fail": ((head("f") + "  - run: h\n",), ("error",), "0-1 0-1 +0"),
    "a word of anywhere that comes back": (
        # A | menu: M, N, A again: 3 of a round
        (head("f", "anywhere:\n  menu:\n    - say: M\n    - say: N\n") + QUESTION + "  - end: x\n",),
        (),
        "0-3 1-1 +3",
    ),
    "a word of anywhere of the caller": (
        # A | menu: M, and it ends: 2; else A | C
        (
            head("f", "anywhere: {menu: m}\n") + "  - call: g\n  - say: C\n  - say: D\nasides:\n  m:\n    - say: M\n",
            head("g") + QUESTION,
        ),
        (),
        "1-2 2-3 +0",
    ),
    "the question before": (
        # A | B | back: A again
        (
            head("f")
            + QUESTION
            + "  - choose: B\n    id: b\n    invalid: ignore\n    options: {Atrás: back, Fin: end}\n",
        ),
        (),
        "0-1 2-2 +1",
    ),
    "restart begins another conversation": (
        # H, A | Otra: H, A
        (
            head("f") + "  - say: H\n  - choose: A\n    id: a\n    invalid: ignore\n"
            "    options: {Otra: restart, Fin: end}\n",
        ),
        (),
        "0-2 2-2 +0",
    ),
    "a flow's silence with a way": (
        # A | nobody writes: R, F | an answer: B
        (
            head("f", "silence: {after: 1d, say: R, then: adios}\n") + QUESTION + "  - say: B\n"
            "asides:\n  adios:\n    - say: F\n",
        ),
        (),
        "1-2 2-3 +0",
    ),
    "a parked flow": (
        # A | R | welcome_back: W | go on: A again (W and A of a round); leave: nothing. Or A, R, then B.
        (head("f", "silence: {after: 1d, say: R}\n") + QUESTION + "  - say: B\n",),
        ("welcome_back",),
        "0-1 2-3 +3",
    ),
    "what a shipped flow may say": ((head("f") + "  - say: A\n  - goto: help\n",), ("help",), "2-2 2-2 +0"),
}


@pytest.mark.parametrize("name", SETS)
def test_sets(name: str) -> None:
    """Flows that come to others, own and built-in ones."""
    texts, builtin, expected = SETS[name]
    assert figures(tallied(*texts, builtin=builtin)) == expected


#: steps -> turn, conversation and round at a gateway that sends nothing but texts; then merged
TEXTS: dict[str, tuple[str, str, str]] = {
    "a numbered menu is a text": (
        "- say: H\n- choose: A\n  id: a\n  options: {Uno: end}\n  invalid: ignore",
        "0-2 2-2 +0",
        "0-1 1-1 +0",
    ),
    "a picture becomes a link": (
        "- say: [{text: A}, {image: 'https://x.example/a.png', caption: B}]",
        "2-2 2-2 +0",
        "1-1 1-1 +0",
    ),
    "header and footer stand in the text": (
        "- choose: A\n  id: a\n  header: H\n  footer: F\n  options: {Uno: end}\n  invalid: ignore",
        "0-1 1-1 +0",
        "0-1 1-1 +0",
    ),
}


@pytest.mark.parametrize("name", TEXTS)
def test_texts_alone(name: str) -> None:
    """What the gateway cannot show becomes text, which merges."""
    steps, plain, merged = TEXTS[name]
    found = tallied(HEAD + "steps:\n" + "".join(f"  {line}\n" for line in steps.split("\n")), shown=BARE)
    assert (figures(found), figures(found, merged=True)) == (plain, merged)


def test_split() -> None:
    """A text over the gateway's limit counts each of its parts."""
    found = tallied(f"{HEAD}steps: [{{say: {LONG}}}]\n", shown=Capabilities(text=1000))
    assert (figures(found), figures(found, merged=True)) == ("3-3 3-3 +0", "1-1 1-1 +0")


@pytest.mark.parametrize(("second", "requests"), [(ROOM - 2 - 100, 1), (ROOM - 2 - 99, 2)])
def test_room(second: int, requests: int) -> None:
    """Two texts and the blank line between them share a request of up to ROOM characters."""
    found = tallied(f"{HEAD}steps: [{{say: {'x' * 100}}}, {{say: {'x' * second}}}]\n")
    assert found.merged.turn.most == requests


# ── the step that costs most ──


def test_dearest() -> None:
    """The dearest step is named; of several that cost the same the first of the dearest turn."""
    found = tallied(HEAD + "steps:\n  - ask: A\n    id: a\n    invalid: ignore\n  - say: B\n  - say: C\n  - end: x\n")
    assert found.dearest is not None
    assert (found.dearest.step.place.line, found.dearest.requests) == (7, 1)


def test_dearest_of_all() -> None:
    """A step of two bubbles costs more than one of one, wherever it stands, also if a turn of others costs more."""
    steps = "  - say: [{text: A}, {text: B}]\n  - wait: 1h\n  - say: C\n  - say: D\n  - say: E\n"
    found = tallied(HEAD + "steps:\n" + steps)
    lines = [each and each.step.place.line for each in (found.dearest, found.in_turn, found.in_conversation)]
    assert lines == [4, 6, 4]


def test_a_hint_costs_as_well() -> None:
    """A hint with the question under it is dearer than the question."""
    steps = "  - say: A\n  - wait: 1h\n  - ask: B\n    id: b\n    invalid: {say: Mal, show: question}\n"
    found = tallied(HEAD + "steps:\n" + steps)
    assert found.dearest is not None
    assert (found.dearest.step.id, found.dearest.requests) == ("b", 2)


def test_silent() -> None:
    """A flow that says nothing has no dearest step."""
    found = tallied(f"{HEAD}steps: [{{set: {{a: 1}}}}]\n")
    assert (found.dearest, figures(found)) == (None, "0-0 0-0 +0")


# ── how long it takes ──


def test_growth() -> None:
    """Flows that each call the next one twice are followed up to MAX_NODES steps, and say so."""
    names = [f"f{number}" for number in range(14)]
    calls = [head(name) + f"  - call: {after}\n  - call: {after}\n" for name, after in pairwise(names)]
    found = tally(loaded(*calls, head(names[-1]) + "  - say: A\n"), ladder(RICH))
    assert [each.cut for each in found] == [2 ** (14 - number) * 3 // 2 > MAX_NODES for number in range(14)]


def doubling(count: int) -> list[str]:
    """Return flows that each call the next one twice, the last of which says something."""
    pairs = pairwise(f"f{number}" for number in range(count))
    calls = [head(name) + f"  - say: A\n  - call: {after}\n  - call: {after}\n" for name, after in pairs]
    return [*calls, head(f"f{count - 1}") + "  - say: A\n"]


def test_growth_time() -> None:
    """A flow that is too large is unfolded once, not again within each that calls it."""
    flows = loaded(*doubling(300))
    begun = process_time()
    found = tally(flows, ladder(RICH))
    assert process_time() - begun < 2.0  # a tenth of a second on an idle machine
    assert [each.cut for each in found] == [number < 291 for number in range(300)]


def test_most_of_the_cut() -> None:
    """What leaves a flow out, being too large, costs at least as much as that one, and goes on behind it."""
    texts = [*doubling(13), head("g") + "  - call: f0\n  - say: [{text: B}, {text: C}]\n"]
    first, *_, last = tally(loaded(*texts), ladder(RICH))
    assert (first.cut, last.cut) == (True, True)
    assert last.cost.turn.most == first.cost.turn.most > 900
    assert last.cost.turn.least == 2
    assert last.merged.turn.most == first.merged.turn.most
    assert last.in_turn == first.in_turn
    assert last.dearest is not None
    assert last.dearest.requests == 2


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_large_by_another(order: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    """A flow that calls back one that is large only by calling it again and again is followed to its end."""
    monkeypatch.setattr(unfold, "MAX_NODES", 40)
    small = head("f") + "  - say: A\n  - say: B\n  - say: C\n  - choose: D\n    id: d\n    invalid: ignore\n"
    texts = small + "    options: {Otra: [{call: g}], Fin: end}\n", head("g") + 10 * "  - call: f\n"
    found = {each.flow: each.cut for each in tally(loaded(*(texts[at] for at in order)), ladder(RICH))}
    assert found == {"f": False, "g": True}


def test_time() -> None:
    """A large bot, 50 flows of 40 steps full of loops, is counted without walking each way through it."""
    step = "  - say: H\n  - ask: A {n}\n    id: a{n}\n    save: a{n}\n    invalid: {{say: Mal, tries: 3, then: fin}}\n"
    steps = "".join(step.format(n=number) for number in range(19)) + "  - goto: a3\n  - id: fin\n    say: F\n"
    flows = loaded(*(head(f"f{number}") + steps for number in range(50)))
    begun = process_time()
    found = tally(flows, ladder(RICH))
    assert process_time() - begun < 5.0  # only to end a walk that never does
    assert len(found) == 50
