"""Stand-ins for what tells who a person is: names, phone numbers, e-mails, identity numbers, places.

The same value has the same stand-in wherever it stands, and one of its own kind, so that a masked talk can be played: a
number has as many digits and begins the same, an e-mail is one, the contact has the number that contacts of tests have.
What a person is called is known from the gateway, and from what was saved under a name such as `nombre`; a name that
somebody only mentions is not found out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from botkit.answers.fold import fold
from botkit.flow.flowset import FlowSet
from botkit.flow.opt_out import OPT_OUT_WORDS
from botkit.talks.names import Names
from botkit.talks.numbers import DIGITS, Numbers, digits
from botkit.talks.recorded import Turn

#: What slots, fields and keys that hold somebody's name are called, as one of their words.
NAMES = frozenset(
    "name fullname surname firstname lastname family customer patient nombre nombres apellido apellidos familia"
    " cliente paciente titular".split()
)
#: What stands beside a name where that is somebody's: dishes and services have names, too.
BESIDE = frozenset(
    "ci carnet dni cedula nit telefono celular phone email correo surname lastname apellido apellidos".split()
)
#: What else tells of people, and is replaced whole where a slot, a field or a key of that name holds it.
WHERE = frozenset("address direccion domicilio calle street".split())
#: Words that a name given as an answer has at most: more is a sentence.
MOST_WORDS = 5
#: Letters of an address from which on it is looked for.
ADDRESS = 3

_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")


class Masks:
    """Stand-ins, given as values are met; with `personal` everything stays as it is."""

    def __init__(self, language: str, *, personal: bool = False) -> None:
        self.personal = personal
        self._person = "Persona" if language == "es" else "Person"
        self._numbers = Numbers()
        self._names = Names()
        self._places: dict[str, str] = {}
        self._mails: dict[str, str] = {}
        self._search: re.Pattern[str] | None = None

    # ── getting to know people ──

    def meet(self, contact: str, name: str | None) -> None:
        """Take up a contact: its number becomes that of tests."""
        self._numbers.meet(contact)
        self.call(name)

    def call(self, name: str | None) -> None:
        """Take up the name of a person."""
        self._names.call(name or "")

    def learn(self, value: Any) -> None:
        """Take up what a call returned of people: names beside what only people have, however deep."""
        for mapping in _mappings(value):
            if any(words_of(key) & BESIDE for key in mapping):
                self.know(mapping)

    def know(self, fields: Mapping[str, Any]) -> None:
        """Take up what is known of a person under names for names and addresses."""
        for key, value in fields.items():
            if isinstance(value, str):
                self.answer(key, value)

    def answer(self, slot: str, text: str) -> None:
        """Take up what was saved in a slot, if that is called as those for names and addresses are."""
        words = words_of(slot)
        if words & NAMES and not words & {"usuario", "user", "file"}:
            self.call(text if len(text.split()) <= MOST_WORDS else None)
        elif words & WHERE and len(text) >= ADDRESS and fold(text) not in self._places:
            self._places[fold(text)] = shape(text)
            self._search = None

    def hear(self, turn: Turn, flows: FlowSet | None) -> None:
        """Take up what a turn tells of people: who it is from, what it answers, what calls returned."""
        self.call(turn.event.get("name") if turn.kind == "message" else None)
        if slot := saved(turn, flows):
            self.answer(slot, str(turn.event.get("text") or ""))
        begin = turn.begin or {}
        self.call(begin.get("last", {}).get("name"))
        self.know(begin.get("fields", {}))
        for call in turn.calls:
            self.learn(call.value)

    # ── what stands for it ──

    def text(self, text: str) -> str:
        """Return a text with stand-ins."""
        if self.personal:
            return text
        text = _EMAIL.sub(self._mail, text)
        if self._places:
            text = self._pattern().sub(lambda found: self._places.get(fold(found[0]), found[0]), text)
        return self._numbers.text(self._called(text))

    def value(self, value: Any) -> Any:
        """Return JSON types with stand-ins, however deep."""
        if self.personal:
            return value
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return self._numbers.number(value)
        if isinstance(value, Mapping):
            return {self._key(name): self._entry(name, inner) for name, inner in value.items()}
        return [self.value(item) for item in value] if isinstance(value, list) else value

    def spot(self, degrees: Sequence[float]) -> list[float]:
        """Return a place to some ten kilometres."""
        return [each if self.personal else round(float(each), 1) for each in degrees]

    def _key(self, name: str) -> str:
        """Return a key with stand-ins; one that a flow can write is what a field is called, not a person."""
        return name if name.isidentifier() and len(digits(name)) < DIGITS else self.text(name)

    def _entry(self, name: str, value: Any) -> Any:
        if name in ("latitude", "longitude") and isinstance(value, (int, float)):
            return self.spot([value])[0]
        return self.value(value)

    def _mail(self, found: re.Match[str]) -> str:
        mail = found[0].casefold()
        if mail.endswith("@example.com"):
            return found[0]
        return self._mails.setdefault(mail, f"{self._person}{letters(len(self._mails) + 1)}@example.com".lower())

    def _called(self, text: str) -> str:
        """Return a text in which nobody is called by name."""
        parts, begin = [], 0
        for start, end, person in self._names.found(text):
            parts += [text[begin:start], f"{self._person} {letters(person)}"]
            begin = end
        return "".join([*parts, text[begin:]])

    def _pattern(self) -> re.Pattern[str]:
        """Return what finds the addresses, the longest first."""
        if self._search is None:
            known = sorted(self._places, key=len, reverse=True)
            words = ("".join(_either(char) for char in name) for name in known)
            self._search = re.compile(rf"(?<!\w)(?:{'|'.join(words)})(?!\w)", re.IGNORECASE)
        return self._search


#: Letters that addresses are written with or without their signs.
_ACCENTS = {"a": "aáàâãä", "e": "eéèêë", "i": "iíìîï", "o": "oóòôõö", "u": "uúùûü", "n": "nñ", "c": "cç"}


def _either(char: str) -> str:
    return r"\s+" if char == " " else f"[{signs}]" if (signs := _ACCENTS.get(char)) else re.escape(char)


def letters(number: int) -> str:
    """Return A for 1, B for 2, AA for 27: a name holds no digits."""
    text = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


def shape(text: str) -> str:
    """Return a text of the same shape: as long, with its words and signs, of which none can be read."""
    return "".join("0" if char.isdigit() else _like(char) if char.isalpha() else char for char in text)


def _like(char: str) -> str:
    return "X" if char.isupper() else "x"


def saved(turn: Turn, flows: FlowSet | None) -> str | None:
    """Return the slot that a message was saved in, as the flows are now; None where it moved nothing."""
    flow_name, _, step_id = (turn.came_from or "").partition("/")
    flow = flows.present(flow_name) if flows is not None else None
    step = flow.heir(step_id) if flow else None
    saves = getattr(step.body, "saves", None) if step else None
    if flows is None or turn.now_at == turn.came_from or _is_known(str(turn.event.get("text") or ""), flows):
        return None
    return getattr(saves, "bare", None)


def _is_known(text: str, flows: FlowSet) -> bool:
    """Tell whether a text is a word that leads somewhere, and so answers nothing."""
    word = fold(text)
    anywhere = any(word in flow.anywhere for flow in flows.flows.values())
    return word.startswith("/") or word in flows.interrupting or word in OPT_OUT_WORDS or anywhere


def words_of(name: str) -> set[str]:
    """Return the words that the name of a slot, a field or a key is made of."""
    return set(fold(name.replace("_", " ").replace(".", " ")).split())


def _mappings(value: Any) -> Iterator[Mapping[str, Any]]:
    """Yield the mappings of JSON, however deep."""
    waiting: list[Any] = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, Mapping):
            yield item
            waiting += item.values()
        elif isinstance(item, list):
            waiting += item
