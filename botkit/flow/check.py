"""What can be proved about flows before anyone talks to them: names, handlers, words, reachability."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import chain

from botkit.flow.catalogue import key_of
from botkit.flow.check_falls import block_falls
from botkit.flow.flow_reader import FlowReader
from botkit.flow.kind import Block, FlowUse, HandlerUse
from botkit.flow.locate import span_of
from botkit.flow.model import BotInfo, Signature
from botkit.flow.problem import nearest
from botkit.flow.reader import Reading
from botkit.flow.scope import LOCAL_NAMES, NAMES, PARTS
from botkit.flow.source import Text

#: Places that a warning about many texts names.
FIRST_PLACES = 5
_SINGLE_BRACES = re.compile(r"(?<![{%])\{ ?([^\W\d][\w.]*) ?\}(?!\})")
#: How other languages call what expressions have -> its name here.
_OTHERWISE = {
    **dict.fromkeys(("null", "nil", "nulo", "undefined"), "none"),
    **dict.fromkeys(("verdadero", "cierto"), "true"),
    "falso": "false",
}
#: What people call fields of the contact -> their names.
_CONTACT_OTHERWISE = {
    "nombre": "name",
    **dict.fromkeys(("telefono", "teléfono", "celular", "numero", "número"), "phone"),
    **dict.fromkeys(("idioma", "lengua"), "language"),
    "nuevo": "new",
}


def check_names(reading: Reading) -> None:
    """Report every name in an expression that is no slot of the flow and no name that is known there."""
    for use in reading.uses:
        name = use.name
        at = (use.read.start, len(name))
        if name in use.extra or (name in reading.slots and name not in NAMES):
            continue
        if name in LOCAL_NAMES:
            reading.report("name-elsewhere", use.text, at=at, name=name, where=LOCAL_NAMES[name])
        elif name not in NAMES:
            near = _OTHERWISE.get(name.lower()) or reading.nearest(name, chain(reading.slots, NAMES, use.extra))
            reading.report("unknown-name", use.text, at=at, name=name, near=near)


def check_parts(reading: Reading, bot: BotInfo) -> None:
    """Report parts that `message`, `now`, `today`, `load` and `bot` do not have: they would be none without a word."""
    for use in reading.uses:
        name, part = use.name, use.read.attribute
        if part is None or name not in PARTS or name in use.extra:
            continue
        known = list(dict.fromkeys((*PARTS[name], *(bot.constants if name == "bot" else ()))))
        if part not in known:
            at = (use.read.start + len(name) + 1, len(part))
            near, told = nearest(part, known), ", ".join(known) or "–"
            reading.report("unknown-part", use.text, at=at, name=name, part=part, known=told, near=near)


def check_contact(readers: Sequence[FlowReader]) -> None:
    """Warn of fields of the contact by other names than botkit's, which no flow saves: they would be none."""
    kept = {name for reader in readers for name in reader.reading.kept}
    for reader in readers:
        for use in reader.reading.uses:
            part = use.read.attribute
            if use.name == "contact" and part in _CONTACT_OTHERWISE and part not in kept:
                at, near = (use.read.start + len("contact."), len(part)), _CONTACT_OTHERWISE[part]
                reader.reading.report("contact-part", use.text, at=at, part=part, near=near)


def check_braces(reading: Reading) -> None:
    """Warn of `{slot}` in a text: what prints a value has two braces."""
    for text in reading.said:
        for found in _SINGLE_BRACES.finditer(text.value):
            if found[1].partition(".")[0] in (*reading.slots, "contact", "bot"):
                at, right = (found.start(), len(found[0])), "{{ " + found[1] + " }}"
                reading.report("single-braces", text, at=at, shown=found[0], right=right)


def check_types(reader: FlowReader) -> None:
    """Report answer types that the filter `read` names and nobody has."""
    for read, text in reader.reading.types:
        if read.name not in reader.answer_types:
            known, near = ", ".join(reader.answer_types), nearest(read.name, reader.answer_types)
            at = (read.start, len(read.name))
            reader.reading.report("not-a-choice", text, at=at, key="read", value=read.name, known=known, near=near)


def check_handlers(reader: FlowReader, handlers: Mapping[str, Signature]) -> None:
    """Report calls of handlers that no module registered, and arguments that do not fit."""
    for call in reader.calls:
        signature = handlers.get(call.name.value)
        if signature is None:
            near = nearest(call.name.value, handlers)
            known = ", ".join(sorted(handlers)) or "–"
            reader.reading.report("unknown-handler", call.name, name=call.name.value, near=near, known=known)
        else:
            _check_arguments(reader.reading, call, signature)


def _check_arguments(reading: Reading, call: HandlerUse, signature: Signature) -> None:
    handler, takes = call.name.value, ", ".join(signature.arguments) or "–"
    for name, node in call.arguments.items():
        if name not in signature.arguments and not signature.open:
            near = nearest(name, signature.arguments)
            reading.report("unknown-argument", node, handler=handler, name=name, takes=takes, near=near)
    for name in sorted(signature.required - set(call.arguments)):
        reading.report("missing-argument", call.name, handler=handler, name=name, takes=takes)


def check_services(reader: FlowReader, bot: BotInfo) -> None:
    """Report services that config.yaml does not know, and plain http to hosts that it does not allow."""
    if bot.services is None:
        return
    for use in reader.services:
        at = span_of(use.text, use.name)
        if use.host and use.host not in bot.allow:
            reader.reading.report("plain-http", use.text, at=at, host=use.host)
        elif not use.host and use.name not in bot.services:
            near, known = nearest(use.name, bot.services), ", ".join(sorted(bot.services)) or "–"
            reader.reading.report("unknown-service", use.text, at=at, name=use.name, near=near, known=known)


def check_error_lists(reader: FlowReader) -> None:
    """Report lists behind `on_error` that run on into the step behind, which may need what the call would have given.

    To be asked when the flow is linked.
    """
    for draft in reader.drafts:
        for way in draft.exits:
            block = way.target if way.trigger == "error" and isinstance(way.target, Block) else None
            if block is not None and block_falls(block) and not draft.follow.startswith("@"):
                reader.reading.report("error-goes-on", Text("", block.place), id=draft.follow)


def check_begun(reader: FlowReader) -> None:
    """Report inputs that must be given, of flows that a message begins: it gives none but the groups of a pattern."""
    start = reader.begins.start
    for name, text in reader.required.items():
        no_group = start.pattern is not None and name not in start.pattern.names
        lacking = {"words": bool(start.words), "pattern": no_group, "any": start.any}
        if ways := ", ".join(way for way, lacks in lacking.items() if lacks):
            reader.reading.report("start-without-inputs", text, name=name, ways=ways)


def check_flow_names(readers: Iterable[FlowReader], reserved: Collection[str]) -> None:
    """Report two flows of one name, and flows named like a reserved target."""
    first: dict[str, FlowReader] = {}
    for reader in readers:
        name = reader.name
        if name is None:
            continue
        if name.value in reserved:
            reader.reading.report("reserved-target", name, name=name.value)
        if name.value in first:
            earlier = first[name.value].name
            assert earlier is not None
            place = earlier.place.row
            reader.reading.report("duplicate-flow", name, name=name.value, first=place)
        first.setdefault(name.value, reader)


def check_patterns(readers: Iterable[FlowReader]) -> None:
    """Report a start pattern that two flows share: the second never begins by it, unless an `if` holds the first."""
    _check_shared("shared-pattern", ((reader, reader.begins.pattern) for reader in readers))


def check_events(readers: Iterable[FlowReader]) -> None:
    """Report a named event that would begin two flows: the second never, unless an `if` holds the first."""
    _check_shared("shared-event", ((reader, reader.begins.event) for reader in readers))


def _check_shared(code: str, written: Iterable[tuple[FlowReader, Text | None]]) -> None:
    first: dict[str, Text] = {}
    for reader, text in written:
        earlier = first.setdefault(text.value, text) if text else None
        if text is not None and earlier is not None and earlier is not text:
            reader.reading.report(code, text, value=text.value, first=earlier.place.row)


def check_any(readers: Iterable[FlowReader]) -> None:
    """Report flows that take any message behind one that takes it always."""
    takers = [reader for reader in readers if reader.begins.start.any and reader.name]
    first = next((reader for reader in takers if not reader.begins.start.guard), None)
    for reader in takers[takers.index(first) + 1 :] if first else ():
        assert first is not None
        assert first.name is not None
        assert reader.name is not None
        reader.reading.report("shared-any", reader.name, first=first.name.place.row)


def check_jumps(reader: FlowReader, known: Mapping[str, FlowReader]) -> None:
    """Report jumps to flows that need inputs, which a jump does not give. To be asked when the flow is linked.

    `known` are all flows by name.
    """
    for text in reader.reading.jumps:
        for name in sorted(known[text.value].required):
            reader.reading.report("jump-without-inputs", text, flow=text.value, name=name)


def check_used(readers: Sequence[FlowReader], own: Sequence[FlowReader]) -> None:
    """Report flows of `own` that nothing begins, not even a flow with mistakes. To be asked when all are linked."""
    used = {text.value for reader in readers for text in reader.reading.jumps}
    used |= {use.name.value for reader in readers for use in reader.flow_calls}
    for reader in own:
        name = reader.name
        sound = all(problem.severity != "error" for problem in reader.reading.problems)  # its start may be mended yet
        if name and sound and not reader.begins.start.begins and name.value not in used:
            reader.reading.report("flow-unused", name, name=name.value)


def check_flow_calls(readers: Sequence[FlowReader]) -> None:
    """Report calls of flows that are not there, inputs that do not fit, and outcomes that never come."""
    known = {reader.name.value: reader for reader in readers if reader.name}
    for reader in readers:
        for use in reader.flow_calls:
            called = known.get(use.name.value)
            if called is None:
                near = nearest(use.name.value, known)
                reader.reading.report("unknown-flow", use.name, name=use.name.value, near=near)
            else:
                _check_flow_call(reader.reading, use, called)


def _check_flow_call(reading: Reading, use: FlowUse, called: FlowReader) -> None:
    flow, takes = use.name.value, ", ".join(called.inputs) or "–"
    for name, node in use.inputs.items():
        if name not in called.inputs:
            reading.report("unknown-input", node, flow=flow, name=name, takes=takes, near=nearest(name, called.inputs))
    for name in sorted(called.required.keys() - set(use.inputs)):
        reading.report("missing-input", use.name, flow=flow, name=name, takes=takes)
    for outcome, text in use.outcomes.items():
        if outcome not in called.outcomes:
            known = ", ".join(sorted(called.outcomes))
            near = nearest(outcome, sorted(called.outcomes))
            reading.report("outcome-never", text, flow=flow, outcome=outcome, known=known, near=near)


def check_translations(readers: Sequence[FlowReader]) -> None:
    """Report, once for each language, how many texts its catalogue lacks, and where the first ones stand."""
    languages = {language: reader for reader in reversed(readers) for language in reader.reading.untranslated}
    for language in sorted(languages):
        missing = [(reader, text) for reader in readers for text in reader.reading.untranslated.get(language, ())]
        count = len({key_of(text.value) for _, text in missing})
        first, text = missing[0]
        places = ", ".join(each.place.row for _, each in missing[:FIRST_PLACES])
        first.reading.report("missing-translation", text, language=language, count=count, places=places)
