"""What `http` asks for, and every way out of it."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from botkit.turn.conversation import PendingCall
from botkit.turn.effect import Note
from botkit.turn.event import Meanwhile
from botkit.turn.kinds.http import MAX_CONTAINERS
from tests.turn.samples import NOW, Talk, begun, texts

ASIDES = {"mal": '"mal: {{ error }}"', "falta": "falta", "listo": '"listo: {{ x }}"'}


def asked(keys: str, before: str = "") -> dict[str, Any]:
    """Return the request of an `http` step with these keys."""
    effect = begun(f"{before}  - {keys}\n").asked
    return effect.request


def pending(found: Talk) -> PendingCall:
    """Return the call that a conversation waits for."""
    assert found.top.pending_call is not None
    return found.top.pending_call


def asides(keys: str) -> str:
    """Return the asides that the keys of a step lead to."""
    named = [f"  {name}: [say: {text}]\n" for name, text in ASIDES.items() if f": {name}" in keys]
    return "asides:\n" + "".join(named) if named else ""


def answered(keys: str, status: int = 200, text: str = "", headers: dict[str, str] | None = None) -> Talk:
    """Return a conversation whose `http` step got an answer."""
    found = begun(f"  - http: POST agenda/citas\n{keys}  - say: sigue\n", asides(keys))
    found.returns({"status": status, "headers": headers or {}, "text": text})
    return found


ODD = "Juan Pérez/..?x=1&y#z"
SLOTS = f"  - set: {{a: {ODD}, n: 1500.5, i: 2.0, t: true, l: [1, dos], m: {{k: 1}}, f: {{id: m1, type: image}}}}\n"
FOTO = {"id": "m1", "type": "image"}


@pytest.mark.parametrize(
    ("keys", "request_"),
    [
        ("http: GET agenda", {"path": ""}),
        ("http: GET agenda/citas/hoy?x=1&y=ñ", {"path": "/citas/hoy?x=1&y=%C3%B1"}),
        ("http: GET https://api.example.com:444/a", {"target": "https://api.example.com:444", "path": "/a"}),
        ("http: GET agenda/{{ a }}/x", {"path": "/Juan%20P%C3%A9rez%2F..%3Fx%3D1%26y%23z/x"}),
        ("http: GET agenda/{{ n }}/{{ i }}/{{ t }}/{{ nada }}", {"path": "/1500.5/2/true/"}),
        ("{http: GET agenda, query: {q: '{{ a }}', n: '{{ n }}', t: '{{ t }}', v: '{{ nada }}', l: '{{ l }}'}}",
         {"query": [["q", ODD], ["n", "1500.5"], ["t", "true"], ["v", ""], ["l", "1"], ["l", "dos"]]}),
        ("{http: GET agenda, headers: {X-Name: ' {{ n }} '}}", {"headers": {"X-Name": "1500.5"}}),
        ("{http: POST agenda, json: {a: '{{ m }}', b: [1, '{{ n }}'], c: '{{ a }}.'}}",
         {"json": {"a": {"k": 1}, "b": [1, 1500.5], "c": ODD + "."}}),
        ("{http: PUT agenda, json: '{{ l }}'}", {"json": [1, "dos"]}),
        ("{http: POST agenda, form: {a: 1, b: '{{ a }}'}}", {"form": [["a", "1"], ["b", ODD]]}),
        ("{http: POST agenda, file: 'docs/{{ i }}.pdf'}", {"file": [["file", {"file": "docs/2.pdf"}]]}),
        ("{http: POST agenda, form: {a: 1}, file: {foto: '{{ f }}', acta: a.pdf}}",
         {"form": [["a", "1"]], "file": [["foto", {"media": FOTO}], ["acta", {"file": "a.pdf"}]]}),
    ],
)  # fmt: skip
def test_request(keys: str, request_: dict[str, Any]) -> None:
    """The request holds what the step says, each value in its place, and nothing else."""
    slots = SLOTS + "  - {set: {nada: }}\n"
    found = asked(keys, slots)
    method, target = keys.partition("http: ")[2].split(",")[0].split("/")[0].split(" ")
    expected = {"method": method, "target": target, "path": "", **request_}
    assert found == expected
    assert list(found) == list(expected)


@pytest.mark.parametrize(
    "keys",
    [
        "http: GET agenda/{{ d }}",
        "http: GET agenda/a/{{ d }}/b",
        "http: GET agenda/.{{ p }}/b",
        "http: GET agenda/%2e%2E/b",
        "http: GET agenda/{{ l }}",
        "{http: GET agenda, query: {a: '{{ m }}'}}",
        "{http: GET agenda, headers: {X-A: '{{ c }}'}}",
        "{http: POST agenda, file: '{{ m }}'}",
        "{http: POST agenda, file: '{{ u }}'}",
        "{http: POST agenda, file: '{{ nada }}'}",
        "{http: POST agenda, json: ['{{ long }}', '{{ long }}', '{{ long }}']}",
    ],
)
def test_request_refused(keys: str) -> None:
    """A value that would lead elsewhere, make a second header or grow without end goes to `error`, unsent."""
    slots = (
        '  - set: {d: "..", p: ".", l: [1], m: {k: 1}, u: "http://a", nada: , c: "a\\r\\nX-B: 1", long: "'
        + "x" * 99_999
        + '"}\n'
    )
    found = begun(f"{slots}  - {keys}\n")
    assert (texts(found), found.notes, found.open) == (["error"], ["turn_failed"], False)


def test_chosen_slot() -> None:
    """A chosen option goes into a request as its value."""
    found = begun(
        "  - {choose: q, save: c, options: [{label: Uno, value: u/1}]}\n"
        "  - {http: 'POST agenda/{{ c }}', json: {c: '{{ c }}'}, query: {c: '{{ c }}'}}\n"
    )
    found.say("Uno")
    effect = found.asked
    assert effect.request == {
        "method": "POST",
        "target": "agenda",
        "path": "/u%2F1",
        "query": [["c", "u/1"]],
        "json": {"c": "u/1"},
    }


def test_pending() -> None:
    """The commit holds the whole request, its name as written, its limits, and a key of its own."""
    keys = "json: {a: 1}, timeout: 3s, retries: 2, meanwhile: Espera"
    found = begun(f"  - set: {{a: Ana}}\n  - {{http: 'POST agenda/{{{{ a }}}}', {keys}}}\n")
    call = pending(found)
    assert (call.kind, call.handler, call.step) == ("http", "POST agenda/{{ a }}", "http_1")
    assert call.arguments == {"method": "POST", "target": "agenda", "path": "/Ana", "json": {"a": 1}}
    assert (call.timeout_s, call.retries, call.meanwhile_s, call.deadline) == (3.0, 2, 2.0, NOW + 1 + 9)
    assert found.asked.key == call.key
    assert found.asked.place == "a.yaml:5:5"


def test_limits_of_the_service() -> None:
    """Where the step says nothing, its service does; an address written out has ten seconds and one attempt."""
    assert [(c.timeout_s, c.retries) for c in [pending(begun("  - http: GET agenda\n"))]] == [(5.0, 1)]
    assert [(c.timeout_s, c.retries) for c in [pending(begun("  - {http: GET agenda, retries: 0}\n"))]] == [(5.0, 0)]
    assert [(c.timeout_s, c.retries) for c in [pending(begun("  - http: GET https://x.example\n"))]] == [(10.0, 0)]
    assert pending(begun("  - http: GET agenda\n")).meanwhile_s is None


@pytest.mark.parametrize(
    ("keys", "status", "text", "said"),
    [
        ("    save: x\n", 200, '{"a": 1}', ["sigue"]),
        ("", 204, "", ["sigue"]),
        ("", 404, "", ["error"]),
        ("    on_error: mal\n", 404, "", ["mal: HTTP 404"]),
        ("    on_error: mal\n", 302, "", ["mal: HTTP 302"]),
        ("    on_error: mal\n", 500, "", ["mal: HTTP 500"]),
        ("    on_error: mal\n    on_status: {404: falta}\n", 404, "", ["falta"]),
        ("    on_error: mal\n    on_status: {404: falta}\n", 400, "", ["mal: HTTP 400"]),
        ("    on_status: {404: falta}\n", 400, "", ["error"]),
        ("    on_status: {404: falta}\n", 200, "", ["sigue"]),
        ("    save: x\n    on_status: {201: listo, 404: falta}\n", 201, "7", ["listo: 7"]),
        ("    save: x\n    on_status: {404: listo}\n", 404, "7", ["listo:"]),
        ("    on_status:\n      404:\n        - say: nada\n", 404, "", ["nada", "sigue"]),
    ],
)
def test_ways_out(keys: str, status: int, text: str, said: list[str]) -> None:
    """`on_status` comes first, a 2xx goes on, all else goes to `on_error`, and without one to the `error` flow."""
    found = answered(keys, status, text)
    assert texts(found) == said
    refused = ["http_refused"] if said[0].startswith(("mal", "error")) else []
    assert [note for note in found.notes if note != "turn_failed"] == refused


@pytest.mark.parametrize("error", [None, "no answer"])
def test_note_says_where(error: str | None) -> None:
    """The log names flow and step of a call that failed, although the flow ends with it."""
    found = begun("  - http: POST agenda\n    id: pide\n")
    asked = found.asked
    found.returns(None if error else {"status": 500, "headers": {}, "text": ""}, error)
    [note] = [each for each in found.effects if isinstance(each, Note) and each.event != "turn_failed"]
    assert (note.fields["flow"], note.fields["step"], found.running) == (asked.flow, "pide", False)


def test_no_answer() -> None:
    """No answer at all goes to `on_error`, which knows why, even where every status has its way."""
    keys = "    on_error: mal\n    on_status: {404: falta}\n"
    found = begun(f"  - http: POST agenda\n{keys}", asides(keys))
    assert found.returns(error="no answer within 5 s") == ["mal: no answer within 5 s"]
    assert found.notes == ["handler_failed"]
    again = begun("  - http: POST agenda\n")
    assert again.returns(error="no answer") == ["error"]
    assert (again.running, again.outcome) == (False, "error")


@pytest.mark.parametrize(
    ("save", "text", "slots"),
    [
        ("x", '{"a": [1, 2.5, "ñ"]}', {"x": {"a": [1, 2.5, "ñ"]}}),
        ("x", "", {"x": None}),
        ("x", "<html>", {"x": None}),
        ("x", "NaN", {"x": None}),
        ("x", '"\\ud800"', {"x": None}),
        ("x", "[" * 34 + "]" * 34, {"x": None}),
        ("x", "[" * 5000 + "]" * 5000, {"x": None}),
        ("x", "1" + "0" * 400, {"x": None}),
        ("{x: response.status, y: response.text}", "hola", {"x": 201, "y": "hola"}),
        ("{x: response.json.a.b, y: 'response.json.c[0].d'}", '{"a": {"b": 1}}', {"x": 1, "y": None}),
        ("{x: \"response.headers['x-total']\", y: response.headers.etag}", "", {"x": "7", "y": None}),
    ],
)
def test_saved(save: str, text: str, slots: dict[str, Any]) -> None:
    """Bare, `save` keeps response.json, none where that is no JSON; a mapping keeps what its expressions make of it."""
    found = answered(f"    save: {save}\n", 201, text, {"x-total": "7"})
    assert found.slots == slots


@pytest.mark.parametrize("item", ["{}", "[]"])
@pytest.mark.parametrize(("count", "is_read"), [(MAX_CONTAINERS - 1, True), (MAX_CONTAINERS, False)])
def test_very_many_containers(item: str, count: int, is_read: bool) -> None:
    """An answer of very many lists and mappings is not read as JSON, which would hold up the loop; its text stays."""
    text = f"[{','.join([item] * count)}]"
    found = answered("    save: {x: response.json, y: response.text}\n", 200, text)
    assert (found.slots["x"] is not None) is is_read
    assert found.slots["y"] == text


def test_saved_in_the_contact() -> None:
    """`save` may keep a field of the contact."""
    found = answered("    save: contact.crm\n", 200, '"c-7"')
    assert found.conversation.fields == {"crm": "c-7"}


def test_same_after_a_crash() -> None:
    """A state written and read again asks the same bytes under the same key."""
    found = begun("  - {http: POST agenda/x, json: {z: 1, a: [2.0, 'ñ']}, query: {b: 1, a: 2}}\n")
    call = pending(found)
    assert orjson.dumps(call.arguments) == (
        b'{"method":"POST","target":"agenda","path":"/x","query":[["b","1"],["a","2"]],"json":{"z":1,"a":[2.0,"\xc3\xb1"]}}'
    )


def test_meanwhile() -> None:
    """`meanwhile` is said once, and the call stays pending under its key."""
    found = begun("  - {http: POST agenda, meanwhile: 'Espera, {{ contact.phone }}'}\n  - say: listo\n")
    before = pending(found)
    assert found.take(Meanwhile("otra"), same=True) == []
    assert pending(found) == before
    assert found.take(Meanwhile(before.key), same=True) == ["Espera, +59170000001"]
    assert (found.open, pending(found).key, pending(found).meanwhile_s) == (True, before.key, None)
    assert found.take(Meanwhile(before.key), same=True) == []
    assert found.returns({"status": 200, "headers": {}, "text": ""}) == ["listo"]


def test_meanwhile_of_a_handler() -> None:
    """`run` takes `meanwhile` and `retries` too; a message that cannot be made ends the flow."""
    found = begun("  - {run: agenda.nada, meanwhile: Espera, retries: 1}\n")
    call = pending(found)
    assert (call.kind, call.retries, call.timeout_s, call.meanwhile_s) == ("run", 1, 30.0, 2.0)
    assert found.take(Meanwhile(call.key), same=True) == ["Espera"]
    broken = begun("  - {set: {x: 0}}\n  - {run: agenda.nada, meanwhile: '{{ 1 / x }}'}\n")
    assert broken.take(Meanwhile(pending(broken).key), same=True) == ["error"]
    assert not broken.open
