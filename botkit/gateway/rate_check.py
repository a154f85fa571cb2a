"""What is wrong with `rate` of a profile, beyond the range of each number: numbers that do not fit each other."""

from __future__ import annotations

from collections.abc import Iterator

from botkit.gateway.problem import ProfileProblem
from botkit.gateway.profile import Profile, Rate

#: What `burst` is where nobody writes it.
_BURST = Rate().burst


def check_rate(profile: Profile) -> Iterator[ProfileProblem]:
    """Yield the problems of a profile's rate. A burst that nobody wrote is as large as the limit lets it be."""
    rate = profile.rate
    if "burst" in rate.model_fields_set and rate.burst > rate.limit:
        yield ProfileProblem(
            ("rate", "burst"),
            "invalid",
            f"{rate.burst} at once are more than the key may send in a period: {rate.limit}",
            f"{rate.burst} de una vez son más de lo que la clave puede enviar en un periodo: {rate.limit}",
            f"write {rate.limit} or less; left out, it is {min(_BURST, rate.limit)}",
            f"escribe {rate.limit} o menos; si falta, es {min(_BURST, rate.limit)}",
        )
    if isinstance(rate.reserve, int) and rate.reserve >= rate.limit:
        most = rate.limit - 1
        yield ProfileProblem(
            ("rate", "reserve"),
            "invalid",
            f"broadcasts would be left none of the {rate.limit} requests of a period",
            f"a las difusiones no les quedaría ninguno de los {rate.limit} pedidos de un periodo",
            f"write {most} or less" if most else "leave it out, or write 0",
            f"escribe {most} o menos" if most else "quítalo, o escribe 0",
        )
