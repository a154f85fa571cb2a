"""The bot as its files describe it: whether it would start, and whether its gateway could find it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import urlsplit

from botkit.doctor.finding import Finding
from botkit.flow.problem import Problem
from botkit.gateway.profile import Profile
from botkit.project import Project
from botkit.server.target import is_loopback
from botkit.settings import Settings
from botkit.settings.model import BUILTIN


def examine_bot(project: Project, problems: Sequence[Problem], profiles: Mapping[str, Profile]) -> Iterator[Finding]:
    """Yield whether config.yaml, flows and handlers can be used, and where webhooks are awaited."""
    errors = sum(problem.severity == "error" for problem in problems)
    if errors:
        yield Finding("bad", "config-wrong", {"errors": errors})
    elif problems:
        yield Finding("odd", "config-warned", {"warnings": len(problems)})
    if not errors and project.flows:
        own = [name for name in project.flows.flows if name not in BUILTIN]
        yield Finding("well", "config", {"flows": len(own), "handlers": len(project.handlers)})
    if project.settings is not None:
        for channel, profile in profiles.items():
            yield from _webhook(channel, profile, project.settings)


def _webhook(channel: str, profile: Profile, settings: Settings) -> Iterator[Finding]:
    if profile.webhook is None or profile.sandbox:
        return
    path, public = profile.webhook.path, settings.server.public_url
    values = {"channel": channel, "path": path, "url": f"{(public or '').rstrip('/')}{path}"}
    if public is None:
        yield Finding("odd", "webhook-unknown", values)
    elif is_loopback(urlsplit(public).hostname or ""):
        yield Finding("bad", "webhook-loopback", values)
    elif not public.startswith("https:"):
        yield Finding("odd", "webhook-http", values)
    else:
        yield Finding("well", "webhook", values)
    if profile.webhook.auth is None or profile.webhook.auth.kind == "none":
        yield Finding("odd", "webhook-open", values)
