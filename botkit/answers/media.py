"""What kind of medium was sent, and whether a question takes it.

Gateways tell more or less: a kind (`image`), or a MIME type, and maybe a file's name. WhatsApp sends a picture as a
document, too, when the person wants it sharp; by its MIME type or its name it is a picture all the same.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

Medium = Mapping[str, Any]

#: Extension of a file -> its MIME type.
TYPES: dict[str, str] = {
    ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".webp": "image/webp", ".gif": "image/gif",
    ".mp4": "video/mp4", ".3gp": "video/3gpp", ".mov": "video/quicktime", ".webm": "video/webm",
    ".mp3": "audio/mpeg", ".ogg": "audio/ogg", ".oga": "audio/ogg", ".opus": "audio/ogg", ".m4a": "audio/mp4",
    ".aac": "audio/aac", ".amr": "audio/amr", ".wav": "audio/wav",
    ".pdf": "application/pdf", ".txt": "text/plain", ".csv": "text/csv", ".ics": "text/calendar",
    ".vcf": "text/vcard", ".zip": "application/zip", ".rtf": "application/rtf",
    ".doc": "application/msword", ".xls": "application/vnd.ms-excel", ".ppt": "application/vnd.ms-powerpoint",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".odt": "application/vnd.oasis.opendocument.text", ".ods": "application/vnd.oasis.opendocument.spreadsheet",
}  # fmt: skip

#: What a question may ask for by kind.
KINDS = ("image", "document", "audio", "video")
#: What gateways call kinds besides -> ours.
_OTHER_NAMES = {"voice": "audio", "ptt": "audio", "gif": "video", "file": "document"}

_ACCEPTED = re.compile(r"[\w.+-]+/(?:[\w.+-]+|\*)|\.?[A-Za-z0-9]{1,10}")
_EXTENSION = re.compile(r"\.[A-Za-z0-9]{1,10}$")


def kinds_of(medium: Medium) -> frozenset[str]:
    """Return the kinds that a medium is of: what the gateway says, and what its MIME type or its name says."""
    told, mime = str(medium.get("type") or "").lower(), mime_of(medium)
    family = mime.partition("/")[0] if mime else ""
    if "/" in told:
        return frozenset([family if family in KINDS else "document"])
    return frozenset(kind for kind in (_OTHER_NAMES.get(told, told), family) if kind in KINDS)


def mime_of(medium: Medium) -> str | None:
    """Return the MIME type that a gateway tells, or that the file's name stands for; None if neither does."""
    told = str(medium.get("type") or "").lower().partition(";")[0].strip()
    return told if "/" in told else TYPES.get(extension_of(medium))


def extension_of(medium: Medium) -> str:
    """Return the extension of the file's name, in small letters with its dot; empty without one."""
    found = _EXTENSION.search(str(medium.get("name") or ""))
    return found[0].lower() if found else ""


def may_accept(text: str) -> bool:
    """Tell whether a text is a form of `accept`: `pdf`, `image`, `image/png` or `image/*`."""
    return bool(_ACCEPTED.fullmatch(text))


def accepts(accepted: Sequence[str], medium: Medium) -> bool:
    """Tell whether a medium is one of those accepted; none given, all are.

    Where a gateway tells only the kind, a type of that kind counts as accepted.
    """
    return not accepted or any(_accepts(one.lower(), medium) for one in accepted)


def _accepts(one: str, medium: Medium) -> bool:
    mime, extension = mime_of(medium), extension_of(medium)
    if one in KINDS:
        return one in kinds_of(medium)
    if "/" not in one:
        one = "." + one.removeprefix(".")
        if extension:
            return extension == one or (one in TYPES and TYPES[one] == mime)
        one = TYPES.get(one, "application/*")
    family = one.partition("/")[0]
    if mime is None:
        return (family if family in KINDS else "document") in kinds_of(medium)
    return mime == one or (one.endswith("/*") and mime.startswith(family + "/"))
