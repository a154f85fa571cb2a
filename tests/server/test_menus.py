"""Labels that keep options from being tapped."""

from __future__ import annotations

import pytest

from botkit.flow.problem import by_place
from botkit.gateway.compose import compose
from botkit.server.menus import check_menus
from tests.flow.samples import loading

SANDBOX = compose({"base_url": "sandbox"})
PLAIN = compose({"base_url": "sandbox", "capabilities": {"buttons": 0, "list_rows": 0}})
BUTTONS = compose({"base_url": "sandbox", "capabilities": {"buttons": 3, "list_rows": 0}})


@pytest.mark.parametrize(
    ("options", "sandbox", "buttons"),
    [
        (["a" * 20, "b"], [], []),
        (["a" * 21, "b"], [], [21]),
        (["a" * 24, "b"], [], [24]),
        (["b", "a" * 25], [25], [25]),
        (["b", "c", "d", "a" * 25], [25], []),
        (["b", "{{ contact.name }} y muchas palabras más"], [], []),
        ([*"bcdefghijkl", "a" * 25], [25], []),
        (["{from: contact.l}", "a" * 25], [25], []),
    ],
)
def test_labels(options: list[str], sandbox: list[int], buttons: list[int]) -> None:
    """A label is too long where it fits no form that the gateway has for so many options."""
    lines = "".join(f"      - {each if each.startswith('{f') else repr(each)}\n" for each in options)
    menus = loading(f"flow: f\nsteps:\n  - choose: q\n    id: q\n    options:\n{lines}").menus
    for profile, lengths in ((SANDBOX, sandbox), (BUTTONS, buttons), (PLAIN, [])):
        found = by_place(list(check_menus(menus, {"w": profile})))
        assert [problem.values["length"] for problem in found] == lengths


def test_every_language() -> None:
    """A label is measured in each language, at its own place."""
    option = "label: {es: sí, en: 'yes, of course, right away'}"
    text = f"flow: f\nsteps:\n  - choose: q\n    id: q\n    options:\n      - {option}\n"
    (problem,) = check_menus(loading(text).menus, {"w": SANDBOX})
    assert str(problem.place) == "a.yaml:6:29"
