"""An answer's bytes as text, bounded: what is packed may not grow without end."""

from __future__ import annotations

import codecs
import zlib

#: Bytes of an answer that are read, and of what they unpack to.
MAX_ANSWER = 256 * 1024
#: Codecs of Python that no answer is written in: they raise whatever is asked, or take seconds.
_NO_CHARSETS = frozenset({"idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape"})


class TooLarge(Exception):
    """An answer of more than MAX_ANSWER bytes."""

    def __str__(self) -> str:
        return f"an answer of more than {MAX_ANSWER // 1024} KB"


class NotReadable(Exception):
    """An answer packed in a way that was not asked for, or cut off."""

    def __str__(self) -> str:
        return "an answer that cannot be unpacked"


def unpack(raw: bytes, encoding: str) -> bytes:
    """Return the bytes behind a Content-Encoding (none was asked for); raises TooLarge or NotReadable."""
    encoding = encoding.strip().lower()
    if encoding in ("", "identity") or not raw:
        return raw
    if encoding not in ("gzip", "x-gzip", "deflate"):
        raise NotReadable
    unpacker = zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)  # gzip or zlib, as its header says
    try:
        body = unpacker.decompress(raw, MAX_ANSWER + 1)
    except zlib.error:
        raise NotReadable from None
    if len(body) > MAX_ANSWER:
        raise TooLarge
    if not unpacker.eof:
        raise NotReadable
    return body


def as_text(raw: bytes, charset: str | None) -> str:
    """Return bytes as text in the charset that was told, else UTF-8; what does not fit becomes a replacement sign."""
    try:
        known = codecs.lookup(charset or "utf-8")
    except (LookupError, ValueError):
        known = codecs.lookup("utf-8")
    if not known._is_text_encoding or known.name.replace("-", "_") in _NO_CHARSETS:
        known = codecs.lookup("utf-8")
    return raw.decode(known.name, "replace").removeprefix("\ufeff")
