"""The sandbox: an HTTP server on loopback that stands in for the gateway, and its people's phone.

It behaves as the published page of the real gateway says (key, limit, JSON, 401, 429, 503), in a
dialect of its own where that page is silent. It shares no code with the connector, so that a test
against it proves more than that botkit agrees with itself.

**What the bot sends**: `POST /messages`, header `X-Api-Key`, JSON `{"to", "type", ...}`, answered
`200 {"id"}`; 400 for a bad body, 401 for the key, 429 over the rate. Fields per type (`?`: optional):

    text       text (4,096 characters)
    image      one of url | media_id | data (base64) and mime; caption?, name?
               the same: document, video, and audio without a caption
    location   latitude, longitude, name?
    contact    name, phone
    choices    text, options: 1 to 10 of {id, title (24 characters)}, header?, footer? (60); shown as buttons
    typing     nothing

**What the bot is told**: one JSON object per POST to its webhook (an array for a batch), signed
`X-Signature: sha256=<hex HMAC-SHA256 of the raw body>`. People's messages have `id`, `type`, `from`,
`name`, `timestamp` (whole seconds) and, per type:

    text       text
    image      url, media_id?, caption?, filename?, mime?    the same: document, audio, video
    location   latitude, longitude, place?
    choice     choice: {id, title, message_id?}   a tap on a button of `choices`

and news about the business's own messages have `id`, `type`, `to`, `timestamp`:

    status     state: sent, delivered, read or failed; id is the message's
    echo       text, or the fields that were sent

**What people sent** is had at `GET /media/ID`, the item's `url`, with `X-Api-Key`; it counts as a request of the key.

Under `/_http/` every path answers 301 to https, as plain HTTP does at the real one. `/_sandbox/*` is the
API for pages and tests (see `control.py`), and `/` is the phone.
"""

from botkit.gateway.sandbox.server import KEY, PORT, SECRET, PortTakenError, Sandbox

__all__ = ["KEY", "PORT", "SECRET", "PortTakenError", "Sandbox"]
