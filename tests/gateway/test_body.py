from __future__ import annotations

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from botkit.errors import EvaluationError
from botkit.gateway.body import BodyError, compile_body, encode_form, encode_json, values_of

MESSAGE = {"type": "location", "latitude": -17.5, "longitude": 2, "name": None}


def _render(tree: Any, message: dict[str, Any] = MESSAGE) -> Any:
    return compile_body(message["type"], tree)(values_of("591", message))


@pytest.mark.parametrize(
    ("leaf", "value"),
    [
        ("{{ latitude }}", -17.5),
        ("{{ latitude + 1 }}", -16.5),
        ("{{ [latitude, longitude] }}", [-17.5, 2]),
        ("at {{ latitude }}", "at -17.5"),
        ("{{ to }}@c.us", "591@c.us"),
        ("{{ name }}", None),
        ("<{{ name }}>", "<>"),
        ("{% if name %}{{ name }}{% else %}-{% endif %}", "-"),
        ("{{ none }}", None),
        ("{{ latitude if longitude > 1 }}\n", -17.5),
        ("a {{ to }}\n", "a 591"),
        ("plain", "plain"),
        ("{'a': 1}", "{'a': 1}"),
        (7, 7),
        (None, None),
    ],
)
def test_what_a_leaf_gives(leaf: Any, value: Any) -> None:
    """One expression keeps its type; mixed text is text; the rest is itself."""
    assert _render({"x": leaf}) == {"x": value}


def test_omit_drops_its_key() -> None:
    """A field that is not there is not sent as null."""
    assert _render({"a": {"name": "{{ name or omit }}"}, "l": ["{{ omit }}", 1]}) == {"a": {}, "l": [1]}


@given(st.text())
def test_no_text_breaks_or_injects_json(text: str) -> None:
    """User text is data, whatever it holds."""
    tree = {"a": "{{ text }}", "b": "x {{ text }}", "c": 1}
    try:
        body = encode_json(_render(tree, {"type": "text", "text": text}))
    except EvaluationError:
        return
    assert orjson.loads(body) == {"a": text, "b": f"x {text}", "c": 1}


def test_templates_in_a_text_are_not_run() -> None:
    """What a person writes is never compiled."""
    assert _render({"a": "{{ text }}!"}, {"type": "text", "text": "{{ 7 * 7 }}"}) == {"a": "{{ 7 * 7 }}!"}


@pytest.mark.parametrize(
    "leaf",
    [
        "{{ txt }}",
        "{{ text",
        "{% nope %}",
        "{{ text | nope }}",
        "{{ caption }}",
        "{{ range(9) }}",
        "{{ text.upper() }}",
    ],
)
def test_a_wrong_leaf_is_found_at_load(leaf: str) -> None:
    """A template that cannot work is named with its path before anything is sent."""
    with pytest.raises(BodyError) as found:
        compile_body("text", {"a": [{"b": leaf}]})
    assert found.value.path == ("a", 0, "b")
    assert found.value.es not in ("", str(found.value))


@pytest.mark.parametrize(
    "leaf",
    [
        "{{ text + 1 }}",
        "{{ 1 / (text == none) }}",
        "{{ text * 10**9 }}",
        "{{ 9 ** 9 ** (text == none) }}",
        "x {{ [text] * 10**9 }}",
        "{{ ('%1000000000d' ~ text) % 1 }}",
        "{{ {'a': omit} }}x",
        f"{{% for a in [{'0,' * 90}] %}}{{% for b in [{'0,' * 90}] %}}0123456789{{% endfor %}}{{% endfor %}}",
    ],
)
def test_a_leaf_that_fails_gives_no_request(leaf: str) -> None:
    """What does not compute, or would grow without end, is an evaluation error, and only once it is rendered."""
    with pytest.raises(EvaluationError):
        _render({"a": leaf}, {"type": "text", "text": "x"})


def test_the_interpreter_is_out_of_reach() -> None:
    """An attribute of the interpreter is a field that is not set."""
    assert _render({"a": "{{ text.__class__.__mro__ }}x"}, {"type": "text", "text": "y"}) == {"a": "x"}


def test_a_long_text_fits_with_words_around_it() -> None:
    """The limit of a leaf is above what a flow writes."""
    assert _render({"a": "Bot: {{ text }}"}, {"type": "text", "text": "y" * 20_000}) == {"a": "Bot: " + "y" * 20_000}


def test_a_form_is_flat() -> None:
    """Some gateways take forms; nested values have no place there."""
    assert (
        encode_form({"to": "591", "text": "a b&c", "preview": True, "no": None}) == b"to=591&text=a+b%26c&preview=true"
    )
    with pytest.raises(EvaluationError):
        encode_form({"a": {}})
