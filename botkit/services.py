"""The web services of config.yaml, as what asks them needs them."""

from __future__ import annotations

from collections.abc import Callable

from pydantic import SecretStr

from botkit import settings
from botkit.http_steps import HttpSteps, Service, secret_words


def http_steps(known: settings.Settings, now: Callable[[], float]) -> HttpSteps:
    """Return what asks the services of config.yaml; `now` gives UTC seconds."""
    services = {name: _service(each) for name, each in known.services.items()}
    return HttpSteps(services, frozenset(known.http.allow), now=now)


def secrets_of(known: settings.Settings) -> list[str]:
    """Return every secret of the services, and each of its words, for a log that must not show them."""
    return sorted(secret_words([secret for each in known.services.values() for secret in _secrets(each)]))


def _service(each: settings.Service) -> Service:
    headers = {
        name: value.get_secret_value() if isinstance(value, SecretStr) else value
        for name, value in each.headers.items()
    }
    return Service(each.url, headers, _secrets(each))


def _secrets(each: settings.Service) -> list[str]:
    return [value.get_secret_value() for value in each.headers.values() if isinstance(value, SecretStr)]
