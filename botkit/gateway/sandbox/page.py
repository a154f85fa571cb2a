"""The phone: a page that plays every contact, shipped as files, with nothing from elsewhere."""

from importlib.resources import files

from aiohttp import web

from botkit.gateway.sandbox.guard import Handler, guarded

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "media-src 'self'",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)

HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}

FILES = {
    "/": ("phone.html", "text/html"),
    "/phone.css": ("phone.css", "text/css"),
    "/phone.js": ("phone.js", "text/javascript"),
    "/bubble.js": ("bubble.js", "text/javascript"),
    "/kept.js": ("kept.js", "text/javascript"),
    "/icons.js": ("icons.js", "text/javascript"),
    "/words.js": ("words.js", "text/javascript"),
}


def routes() -> list[web.RouteDef]:
    """Return the page's routes."""
    return [web.get(path, guarded(_file(name, kind))) for path, (name, kind) in FILES.items()]


def _file(name: str, content_type: str) -> Handler:
    content = (files(__package__ or "") / "phone" / name).read_bytes()

    async def serve(_: web.Request) -> web.Response:
        return web.Response(body=content, content_type=content_type, charset="utf-8", headers=HEADERS)

    return serve
