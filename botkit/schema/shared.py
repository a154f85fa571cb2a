"""The shapes that others refer to by name: texts, messages, targets, durations, values by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from botkit.flow.duration import WRITTEN
from botkit.flow.message import FORMS
from botkit.flow.message_reader import CAPTIONED
from botkit.flow.model import RESERVED_TARGETS
from botkit.flow.shape import (
    ANYTHING,
    SCALAR,
    STEPS,
    TEMPLATE,
    WORDING,
    Key,
    Shape,
    any_of,
    chosen,
    group,
    list_of,
    map_of,
    matching,
    ref,
)

#: One text for each language; `if` is no language.
_BY_LANGUAGE = {**map_of(SCALAR, "^(?!if$)[a-z]{2}$", least=1), "title": "one text for each language"}
_SAID = {"patternErrorMessage": "a duration: 30s, 10m, 2h, 3d"}


def _bubbles() -> Iterator[Shape]:
    guard = {"if": Key("said only where this is true", SCALAR)}
    caption = {"caption": Key("what stands below it", WORDING)}
    for form, key in FORMS.items():
        further = caption if form in CAPTIONED else {}
        yield group({form: key, **further, **guard}, (form,), title=form)


#: name -> shape; `ref(name)` stands for it.
SHARED: Mapping[str, Shape] = {
    "text": any_of(SCALAR, _BY_LANGUAGE),
    "bubble": any_of(SCALAR, _BY_LANGUAGE, *_bubbles()),
    "message": any_of(ref("bubble"), list_of(ref("bubble"), 1)),
    "name": any_of(chosen(RESERVED_TARGETS), SCALAR),
    "target": any_of(ref("name"), STEPS),
    "fixed-duration": {**matching(f"^{WRITTEN}$"), **_SAID},
    "duration": {**matching(f"^(?:{WRITTEN})$|{TEMPLATE}"), **_SAID},
    "named": any_of(map_of(ANYTHING), list_of(SCALAR)),
}
