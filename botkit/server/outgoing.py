"""Whether every file that flows send can reach the gateway of every channel, found before the first message."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from botkit.answers.media import TYPES
from botkit.flow.message import MEDIA
from botkit.flow.problem import Problem
from botkit.flow.reader import MediaFile
from botkit.gateway.media import locate, type_of
from botkit.gateway.profile import Profile
from botkit.settings import Settings


def check_media(
    files: Sequence[MediaFile], folder: Path, settings: Settings, profiles: Mapping[str, Profile]
) -> Iterator[Problem]:
    """Yield what is wrong with the files in the flows folder of `folder`; those that are not there are not ours."""
    flows = folder / settings.flows
    for file in files:
        value, place = file.text.value, file.text.place
        if type_of(value) is None:
            yield Problem("media-type", place, {"value": value, "known": ", ".join(TYPES)})
            continue
        if file.type not in MEDIA:  # a web service has no limits that we know
            continue
        found = locate(flows, value)
        size = found.stat().st_size if found else 0
        for channel, profile in profiles.items():
            wrong = _wrong(file.type, size, profile, has_links=settings.server.public_url is not None)
            limit = profile.capabilities.inline_limit
            if wrong:
                yield Problem(wrong, place, {"value": value, "channel": channel, "size": size, "limit": limit})


def _wrong(kind: str, size: int, profile: Profile, *, has_links: bool) -> str | None:
    """Return the code of the problem that a file of `size` has with a channel, None if it has a way."""
    ways = profile.shown.media_from if kind in profile.shown.media else ()
    if "inline" in ways and size <= profile.capabilities.inline_limit:
        return None
    if "inline" in ways and "url" not in ways:
        return "media-too-large"
    # By the link: as a medium if the gateway takes one from an address, else as a text to tap.
    return None if has_links else "media-no-way"
