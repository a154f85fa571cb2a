"""`bot.open`, and whose clock `now`, `today` and the reading of answers go by."""

from __future__ import annotations

import dataclasses

import pytest

from botkit.flow.hours import Hours
from tests.turn.samples import NOW, Talk, begun, talk

#: NOW is a Sunday, 11:00 in La Paz.
SUNDAY_MORNING = Hours(((),) * 6 + (((8 * 60, 12 * 60),),))


def with_hours(steps: str, hours: Hours) -> Talk:
    """Return a conversation with a flow of a business that has these hours."""
    found = talk(f"flow: f\nstart: {{words: [go]}}\nsteps:\n{steps}")
    found.flows.bot = dataclasses.replace(found.flows.bot, hours=hours)
    return found


@pytest.mark.parametrize(
    ("hours", "said"), [(Hours(), "abierto"), (SUNDAY_MORNING, "abierto"), (Hours(((),) * 7), "cerrado")]
)
def test_bot_open(hours: Hours, said: str) -> None:
    """`bot.open` tells whether the business is open now, by `hours`; without them it always is."""
    steps = "  - say: \"{{ 'abierto' if bot.open else 'cerrado' }}\"\n"
    assert with_hours(steps, hours).say("go") == [said]


def test_open_goes_by_the_business() -> None:
    """The business is open by its own clock, wherever the person is."""
    steps = "  - set: {contact.timezone: Asia/Tokyo}\n  - say: '{{ bot.open }} {{ now.hour }}'\n"
    assert with_hours(steps, SUNDAY_MORNING).say("go") == ["sí 0"]


def test_the_zone_of_a_contact() -> None:
    """A contact may have a time zone: `now`, `today` and the answers go by it, from its step on, and it lasts."""
    found = begun(
        "  - set: {contact.timezone: Asia/Tokyo}\n  - {ask: '{{ today }} {{ now.hour }}', save: dia, type: date}\n"
        "  - say: '{{ dia }} {{ contact.timezone }}'\n"
    )
    assert [send.message["text"] for send in found.sent] == ["2025-11-24 0"]
    assert found.say("hoy") == ["2025-11-24 Asia/Tokyo"]


def test_back_to_the_zone_of_the_bot() -> None:
    """None takes a contact's own time zone away again."""
    found = begun("  - set: {contact.timezone: Asia/Tokyo}\n  - set: {contact.timezone: }\n  - say: '{{ now.hour }}'\n")
    assert [send.message["text"] for send in found.sent] == ["11"]
    assert NOW % 3600 == 0


def test_no_time_zone() -> None:
    """What is no time zone goes to `error`, with the place."""
    found = begun("  - set: {contact.timezone: \"{{ 'La' + 'Paz' }}\"}\n  - say: never\n")
    assert [send.message["text"] for send in found.sent] == ["error"]
    reason = next(effect for effect in found.effects if getattr(effect, "event", "") == "turn_failed")
    assert reason.fields["reason"] == "'LaPaz' is no time zone: America/La_Paz is one"
