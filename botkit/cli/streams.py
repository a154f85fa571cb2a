"""The streams that commands read and write, whatever they were started with."""

from __future__ import annotations

import io
import os
import sys


def prepare_streams() -> None:
    """Let every text be written: to streams that are closed, and where the encoding lacks a sign.

    Of what is read, bytes that are no text in the encoding become U+FFFD.
    """
    while (free := os.open(os.devnull, os.O_RDWR)) <= 2:  # else the next file that is opened is taken for a stream
        pass
    os.close(free)
    for name, number in (("stdout", 1), ("stderr", 2)):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, os.fdopen(number, "w", encoding="utf-8", closefd=False))
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")
