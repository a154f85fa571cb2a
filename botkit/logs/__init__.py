"""Logs: events with fields, one JSON line each, without phone numbers, names or secrets.

Name an event and give it fields: `log.info("reply_queued", wait_s=1.2)`. `bind` says once what a turn is about, and
every line of that task carries it. The console shows text on a terminal; the file is always JSON.
"""

from botkit.logs.file import RotatingFile, log_files, read_log
from botkit.logs.setup import Sink, bind, note, setup, show_warnings
from botkit.logs.warned import warnings_logged

__all__ = ["RotatingFile", "Sink", "bind", "log_files", "note", "read_log", "setup", "show_warnings", "warnings_logged"]
