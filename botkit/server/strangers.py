"""What strangers send that is no HTTP: scanners do so all day, and nobody has to get up for it."""

from __future__ import annotations

import logging
from typing import Any

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.log import server_logger


class ServerLog(logging.LoggerAdapter[logging.Logger]):
    """The logger of a server: a malformed request is a line of info, what goes wrong in a handler an error as ever.

    It stays a line of aiohttp's logger, of which the log takes the same sentence once a second.
    """

    def __init__(self) -> None:
        super().__init__(server_logger, {})

    def exception(self, msg: object, *args: object, exc_info: Any = True, **more: Any) -> None:
        """Log what ended a request."""
        if isinstance(exc_info, HttpProcessingError | web.RequestPayloadError):
            self.info("malformed request: %s", type(exc_info).__name__)  # its message repeats what was sent
        else:
            super().exception(msg, *args, exc_info=exc_info, **more)
