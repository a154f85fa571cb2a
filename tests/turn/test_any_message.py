"""Questions of every kind stand whatever is sent to them."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from botkit.turn.event import Inbound, Tap
from tests.turn.samples import begun

STEPS = """  - set: {l: [d1, d2, d3, d4, d5, d6, d7, d8, d9, d10, d11, d12, d13, d1]}
  - choose: c
    save: c
    options: [{from: l, words: "item + '!'"}, {label: Sí, words: [x]}, No]
    check: {if: answer == 'd2'}
    invalid: {say: ["h", "{{ question }}"], tries: 4, then: n}
  - {ask: n, save: n, type: integer, options: ['5', {label: Muchos, value: 100}], skip: [nada], min: 2}
  - {ask: m, save: m, type: media, accept: [pdf, image], skip: anything, sensitive: true}
  - {ask: a, save: a, type: any, options: [{from: l}]}
  - {ask: p, save: p, pattern: '^[a-z]', invalid: {show: question}}
  - goto: c
"""
TEXTS = (
    "1",
    "2",
    "10",
    "12",
    "d1",
    "d2",
    "d13",
    "ver más",
    "volver al inicio",
    "la última",
    "dale",
    "x",
    "nada",
    " ",
    "",
)
MESSAGES: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.builds(dict, text=st.sampled_from(TEXTS)),
    st.builds(dict, text=st.text(max_size=20)),
    st.builds(dict, tap=st.integers(0, 200), title=st.sampled_from(TEXTS)),
    st.builds(
        dict,
        media=st.fixed_dictionaries({"type": st.sampled_from(["image", "document", "image/png", "voice", ""])}),
        text=st.sampled_from([None, "d1"]),
    ),
    st.just({"location": {"latitude": 1.0, "longitude": 2.0}}),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(MESSAGES, max_size=25))
def test_any_message(messages: list[dict[str, Any]]) -> None:
    """Texts, taps of menus old and new, media and places: no turn fails, the page exists, slots hold what may be."""
    found = begun(STEPS)
    ids = ["0.0.0"]
    for each in messages:
        parts = dict(each)
        if "tap" in parts:
            parts["choice"] = Tap(ids[parts.pop("tap") % len(ids)], parts.pop("title"))
        found.take(Inbound("wa", "message", "59170000001", **parts))
        ids += [option["id"] for send in found.sent for option in send.message.get("options", ())]
        assert found.running
        assert found.notes == []
        assert found.top.page <= 1
        assert all(len(send.message.get("options", ())) <= 10 for send in found.sent)
        assert (found.slots.get("c") or {}).get("value") != "d2"
        assert found.slots.get("n") is None or found.slots["n"] >= 2
