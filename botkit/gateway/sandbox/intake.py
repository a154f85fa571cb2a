"""Reading a request's body: JSON, plain, and not too large."""

from aiohttp import web

from botkit.gateway.sandbox.body import BadBodyError


async def read_raw(request: web.Request) -> bytes:
    """Return the body's bytes; raise BadBodyError if they do not arrive whole."""
    if "Content-Encoding" in request.headers:
        raise BadBodyError("the body must not be compressed")
    try:
        return await request.read()
    except web.RequestPayloadError as error:
        raise BadBodyError(f"the body is broken: {error}") from None


def check_json(request: web.Request) -> None:
    """Raise BadBodyError if the body does not call itself JSON."""
    if request.content_type != "application/json":
        raise BadBodyError("the content type must be application/json")
