"""config.yaml and the environment, read into frozen settings.

`model.py` is the one table of keys: it feeds loading, errors, `describe` and the docs.
"""

from botkit.settings.describe import describe
from botkit.settings.load import load_channels, load_settings
from botkit.settings.model import Admin, Bot, Channel, Handoff, Http, Log, Sandbox, Server, Service, Settings

__all__ = [
    "Admin",
    "Bot",
    "Channel",
    "Handoff",
    "Http",
    "Log",
    "Sandbox",
    "Server",
    "Service",
    "Settings",
    "describe",
    "load_channels",
    "load_settings",
]
