"""What is wrong with a channel of config.yaml, by its place in the channel's mapping."""

from __future__ import annotations

from dataclasses import dataclass

from botkit.errors import BotkitError

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class ProfileProblem:
    """What is wrong with one place of a channel, in English and Spanish, and what to do about it.

    `code` is one of missing, unknown, invalid, refused.
    """

    path: Path
    code: str
    message: str
    es: str
    hint: str = ""
    hint_es: str = ""


class ProfileProblems(BotkitError):
    """A channel is no usable gateway; `problems` says all of it at once."""

    def __init__(self, problems: list[ProfileProblem]) -> None:
        super().__init__("; ".join(f"{'.'.join(map(str, each.path))}: {each.message}" for each in problems))
        self.problems = tuple(problems)
