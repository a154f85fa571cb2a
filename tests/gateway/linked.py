"""What a gateway over a linked session pushes, and the rules that an operator would write for it.

Such gateways see everything that the phone sees: what the bot sent and what a person typed on it, groups, reactions,
changed and deleted messages, how far each message has come. The payloads are of no gateway in particular.
"""

from __future__ import annotations

from typing import Any

from botkit.gateway.inbound import Reader
from botkit.gateway.ways_in import Webhook

ANA, ANAS_LID, GROUP, BOT = "59170012345@c.us", "123456789012345@lid", "120363041234567890@g.us", "59171234567@c.us"
AT = 1_790_000_000

_WHO = {"id": "payload.id", "at": "payload.timestamp", "from_me": "payload.fromMe", "sender": "payload.participant"}
_SENDER = {**_WHO, "contact": "(payload.fromMe && payload.to) || payload.from", "name": "payload.pushName"}

WEBHOOK: dict[str, Any] = {
    "path": "/webhooks/whatsapp",
    "auth": {"kind": "hmac", "header": "X-Signature", "algorithm": "sha512", "secret": "s-123"},
    "rules": [
        {"kind": "session", "when": "event == 'session.status'", "fields": {"state": "payload.status"}},
        {
            "kind": "status",
            "when": "event == 'message.ack'",
            "fields": {"id": "payload.id", "contact": "payload.to", "at": "timestamp", "state": "payload.ack"},
        },
        {
            "kind": "reaction",
            "when": "event == 'message.reaction'",
            "fields": {**_SENDER, "text": "payload.reaction.text", "reply_to": "payload.reaction.messageId"},
        },
        {
            "kind": "edit",
            "when": "event == 'message.edited'",
            "fields": {**_SENDER, "id": "payload.editedMessageId", "text": "payload.body"},
        },
        {
            "kind": "revoke",
            "when": "event == 'message.revoked'",
            "fields": {**_SENDER, "id": "payload.revokedMessageId"},
        },
        {
            "kind": "message",
            "when": "contains(['message', 'message.any'], event)",
            "fields": {
                **_SENDER,
                "text": "payload.body",
                "location": "payload.location",
                "media": "payload.media && {id: payload.id, type: payload.media.mimetype, url: payload.media.url,"
                " name: payload.media.filename, caption: payload.body}",
            },
        },
    ],
}


def linked_reader() -> Reader:
    """Return the way in of a channel on such a gateway."""
    return Reader("whatsapp", Webhook.model_validate(WEBHOOK), lambda: 0.0)


def pushed(event: str = "message", /, **payload: Any) -> dict[str, Any]:
    """Return a webhook's item: a text of Ana's, or whatever its payload says instead."""
    text = {"id": "false_ana_3EB0", "from": ANA, "fromMe": False, "to": BOT, "timestamp": AT, "body": "hola"}
    return {"event": event, "session": "default", "timestamp": AT, "payload": {**text, "pushName": "Ana", **payload}}


#: Name -> what is no message of a person to the bot, with the kind under which it is filed.
NO_MESSAGE: dict[str, tuple[dict[str, Any], str]] = {
    "what the bot sent": (pushed("message.any", id="true_ana_1", **{"from": BOT, "to": ANA, "fromMe": True}), "echo"),
    "typed on the business's phone": (
        pushed("message.any", id="true_ana_2", body="Ya te atiendo", **{"from": BOT, "to": ANA, "fromMe": "true"}),
        "echo",
    ),
    "a reaction": (pushed("message.reaction", reaction={"text": "👍", "messageId": "true_ana_1"}), "reaction"),
    "a reaction that is taken back": (
        pushed("message.reaction", timestamp=AT + 1, reaction={"text": "", "messageId": "true_ana_1"}),
        "reaction",
    ),
    "a changed message": (pushed("message.edited", editedMessageId="false_ana_0", body="Pérez"), "edit"),
    "a deleted message": (pushed("message.revoked", revokedMessageId="false_ana_0", body=None), "revoke"),
    "a message in a group": (
        pushed("message", id="false_group_1", participant=ANA, **{"from": GROUP}),
        "message",
    ),
    "a story": (pushed("message", id="false_story_1", participant=ANA, **{"from": "status@broadcast"}), "message"),
    "a reaction in a group": (
        pushed("message.reaction", id="false_group_2", participant=ANA, reaction={"text": "👍"}, **{"from": GROUP}),
        "reaction",
    ),
    "how far a message has come": (pushed("message.ack", id="true_ana_1", to=ANA, ack="READ"), "status"),
    "the session is gone": ({"event": "session.status", "payload": {"status": "STOPPED"}}, "session"),
    "a call": ({"event": "call.received", "payload": {"from": ANA}}, "unknown"),
}
