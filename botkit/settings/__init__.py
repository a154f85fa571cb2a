"""config.yaml and the environment, read into frozen settings.

`model.py` is the one table of keys: it feeds loading, errors, `describe` and the docs.
"""

from botkit.settings.describe import describe
from botkit.settings.load import load_settings
from botkit.settings.model import Bot, Channel, Http, Log, Sandbox, Server, Service, Settings

__all__ = [
    "Bot",
    "Channel",
    "Http",
    "Log",
    "Sandbox",
    "Server",
    "Service",
    "Settings",
    "describe",
    "load_settings",
]
