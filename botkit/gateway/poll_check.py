"""What is wrong with `inbound.poll` of a profile, beyond the shape of its keys."""

from __future__ import annotations

from collections.abc import Iterator

from botkit.gateway.body import BodyError, compile_tree
from botkit.gateway.listing import NAMES
from botkit.gateway.problem import Path, ProfileProblem
from botkit.gateway.profile import Profile
from botkit.gateway.ways_in import Poll

#: Asking may take so much of what a key is allowed; the rest is for answers.
SHARE_MOST = 0.5
_HERE: Path = ("inbound", "poll")


def check_poll(profile: Profile) -> Iterator[ProfileProblem]:
    """Yield the problems of a profile's poll, if it has one."""
    if profile.poll is not None:
        yield from _templates(profile.poll)
        yield from _identities(profile.poll)
        yield from _price(profile, profile.poll)


def _templates(poll: Poll) -> Iterator[ProfileProblem]:
    for part in ("query", "body"):
        try:
            compile_tree(getattr(poll.request, part), frozenset(NAMES))
        except BodyError as error:
            path = (*_HERE, "request", part, *error.path)
            yield ProfileProblem(path, "invalid", str(error), error.es, error.hint, error.hint_es)
    if poll.request.method == "GET" and poll.request.body is not None:
        yield ProfileProblem(
            (*_HERE, "request", "body"),
            "invalid",
            "a GET has no body",
            "un GET no lleva cuerpo",
            "write its values into 'query', or 'method: POST'",
            "escribe sus valores en 'query', o 'method: POST'",
        )


def _identities(poll: Poll) -> Iterator[ProfileProblem]:
    """Yield rules whose events could not be told from those that were listed before."""
    for index, rule in enumerate(poll.rules):
        needed = ["id"] * (rule.kind != "unknown") + ["at"] * (rule.kind == "echo")
        for name in needed:
            if name not in rule.fields:
                yield ProfileProblem(
                    (*_HERE, "rules", index, "fields"),
                    "invalid",
                    f"'{name}' is missing, by which what is listed again is known",
                    f"falta '{name}', por el que se reconoce lo que ya se listó",
                    f"add '{name}: …', the path to it in an item",
                    f"agrega '{name}: …', el camino a él en un elemento",
                )


def _price(profile: Profile, poll: Poll) -> Iterator[ProfileProblem]:
    limit, period_s = profile.rate.limit, profile.rate.period_s
    if period_s / poll.every <= SHARE_MOST * limit:
        return
    least_s = period_s / (SHARE_MOST * limit)
    asks = f"{period_s / poll.every:g}"
    yield ProfileProblem(
        (*_HERE, "every"),
        "invalid",
        f"this costs {asks} of the key's {limit} requests, and answers need them",
        f"esto cuesta {asks} de los {limit} pedidos de la clave; las respuestas los necesitan",
        f"ask every {least_s:g}s or less often",
        f"pregunta cada {least_s:g}s o menos seguido",
    )
