"""Reading what a step says: `text`, `{image: …, caption: …}`, a list of bubbles, variants."""

from __future__ import annotations

import re
from collections.abc import Iterable

from botkit.flow.fields import Fields
from botkit.flow.message import (
    CARD_KEYS,
    FORMS,
    MAX_MESSAGE,
    MEDIA,
    Bubble,
    Card,
    Medium,
    Message,
    OneOf,
    Spot,
    Words,
    is_place,
    is_web_address,
)
from botkit.flow.problem import nearest
from botkit.flow.reader import MediaFile, Reading
from botkit.flow.source import Map, Node, Seq, Text
from botkit.flow.text import Data, Template, Wording

#: The forms that take a caption (WhatsApp shows none under a sound).
CAPTIONED = ("image", "document", "video", "location")
_PRINTED = re.compile(r"\{\{.*?\}\}", re.DOTALL)


def read_message(reading: Reading, node: Node | None, key: str, extra: Iterable[str] = ()) -> Message:
    """Read a message, or a list of bubbles; `extra` are names known only here. Empty when nothing can be read."""
    if node is None:
        return ()
    if isinstance(node, Seq) and not node.items:
        reading.report("empty-value", node, key=key)
    items = node.items if isinstance(node, Seq) else [node]
    return tuple(bubble for item in items if (bubble := _Bubble(reading, key, tuple(extra)).read(item)))


class _Bubble:
    """Reads one bubble."""

    def __init__(self, reading: Reading, key: str, extra: tuple[str, ...]) -> None:
        self.reading = reading
        self.key = key
        self.extra = extra

    def read(self, node: Node) -> Bubble | None:
        """Return the bubble, or None with a problem noted."""
        form = self._form(node) if isinstance(node, Map) else None
        if form is None or not isinstance(node, Map):
            wording = self._words(node, self.key)
            return Bubble(Words(wording)) if wording else None
        if form not in FORMS:
            return None
        fields = Fields(self.reading, node, "un mensaje", "a message")
        guard = fields.expression("if", self.extra)
        content = self._content(fields, form, node.entries[form].value)
        fields.finish((form, "if", "caption") if form in CAPTIONED else (form, "if"))
        return Bubble(content, guard) if content else None

    def _content(self, fields: Fields, form: str, node: Node) -> Words | Medium | Spot | Card | OneOf | None:
        if form == "text":
            wording = self._words(node, f"{self.key}.text")
            return Words(wording) if wording else None
        if form in MEDIA:
            return self._medium(fields, form)
        if form == "location":
            return self._spot(fields, node)
        return self._card(node) if form == "contact" else self._one_of(node)

    def _words(self, node: Node, key: str) -> Wording | None:
        """Read a text; one that can only be too long is a warning."""
        wording = self.reading.wording(node, key, self.extra)
        for template in wording.texts.values() if wording else ():
            text = template.text
            if len(text) > MAX_MESSAGE and "{%" not in text and (template.parsed or "{{" not in text):
                length = len(_PRINTED.sub("", text).strip())
                if length > MAX_MESSAGE:
                    self.reading.report("text-too-long", Text(text, template.place), length=length, limit=MAX_MESSAGE)
        return wording

    def _medium(self, fields: Fields, form: str) -> Medium | None:
        text = fields.text(form)
        if text is None:
            return None
        source = self.reading.template(text, self.extra)
        if source.parsed is None:
            self._check_source(form, text)
        caption = fields.get("caption")
        return Medium(form, source, self.reading.wording(caption, "caption", self.extra) if caption else None)

    def _check_source(self, form: str, text: Text) -> None:
        if "://" not in text.value:
            self.reading.files.append(MediaFile(form, text))
        elif not is_web_address(text.value.strip()):
            self.reading.report("bad-media-url", text, value=text.value)

    def _spot(self, fields: Fields, node: Node) -> Spot | None:
        data = self.reading.data(node)
        caption = fields.get("caption")
        if isinstance(node, Text) and not isinstance(data.shape, Template):
            self._wrong_place(node)
            return None
        if not isinstance(node, Text) and not self._is_place(data):
            self._wrong_place(node)
            return None
        wording = self.reading.wording(caption, "caption", self.extra) if caption else None
        return Spot(data, node.place, wording)

    def _is_place(self, data: Data) -> bool:
        shape = data.shape
        if isinstance(shape, list):
            pair = shape if len(shape) == 2 else [None, None]
        else:
            pair = [shape.get("latitude"), shape.get("longitude")]
            if set(shape) - {"latitude", "longitude", "name"}:
                return False
        constants = [each if not isinstance(each, Template) else 0 for each in pair]
        return is_place(*constants)

    def _wrong_place(self, node: Node) -> None:
        spoken = "[latitud, longitud] en grados", "[latitude, longitude] in degrees"
        self.reading.wrong_type(node, "location", *spoken)

    def _card(self, node: Node) -> Card | None:
        if not isinstance(node, Map):
            self.reading.wrong_type(node, "contact", "{name: …, phone: …}", "{name: …, phone: …}")
            return None
        inner = Fields(self.reading, node, "contact", "contact")
        inner.require(*CARD_KEYS)
        name, phone = inner.get("name"), inner.text("phone")
        inner.finish(CARD_KEYS)
        wording = self.reading.wording(name, "name", self.extra) if name else None
        return Card(wording, self.reading.template(phone, self.extra)) if wording and phone else None

    def _one_of(self, node: Node) -> OneOf | None:
        if not isinstance(node, Seq) or not node.items:
            self.reading.wrong_type(node, "one_of", "una lista de mensajes", "a list of messages")
            return None
        variants = tuple(bubble for item in node.items if (bubble := self.read(item)))
        return OneOf(variants) if variants else None

    def _form(self, node: Map) -> str | None:
        """Return the form that a mapping is written in; None for languages and for what is no mapping of ours."""
        found = next((key for key in node.entries if key in FORMS), None)
        if found or not ("if" in node.entries or "caption" in node.entries):
            return found
        first = next(entry.key for entry in node.entries.values())
        near = nearest(first.value, FORMS)
        self.reading.report("unknown-form", first, form=first.value, known=", ".join(FORMS), near=near)
        return first.value
