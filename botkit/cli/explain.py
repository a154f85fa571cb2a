"""`botkit explain`: what a code means, with a wrong and a right example."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import click

from botkit.cli.messages import Language, say
from botkit.cli.options import lang_option, spoken
from botkit.errors import UsageError

if TYPE_CHECKING:
    from botkit.explain import Explanation

#: How signs that nobody sees are shown in an example.
_SEEN = {"\t": "⇥   ", "\n": "\n"}


@click.command("explain", help=say("explain"))
@click.argument("code", metavar="[CODE]", required=False)
@lang_option()
def explain(code: str | None) -> None:
    """Print what a code means, or one sentence for each."""
    from botkit.explain import explanations

    known = explanations()
    if code is None:
        click.echo("\n".join(_list(known, spoken())))
        return
    found = known.get(_plain(code))
    if found is None:
        raise _unknown(code, known)
    click.echo("\n".join(_page(found, spoken())))


def _plain(code: str) -> str:
    """Return a code without the brackets that `check` prints around it, in small letters and with dashes."""
    return "-".join(code.strip("[] ").casefold().replace("_", " ").split())


def _list(known: Mapping[str, Explanation], language: Language) -> Iterator[str]:
    width = max(map(len, known))
    group = next(iter(known.values())).group
    for each in known.values():
        if each.group != group:
            yield ""
        group = each.group
        yield f"{each.code:{width}}  {each.short(language)}"


def _page(each: Explanation, language: Language) -> Iterator[str]:
    from botkit.explain import STEPS, WHOLE
    from botkit.flow.codes import CODES

    yield f"{each.code} ({say(f'explain {CODES[each.code].severity}', language)})"
    yield each.meaning(language)
    for key, examples in (("wrong", each.wrong), ("right", each.right)):
        yield from ("", f"{say(f'explain {key}', language)}:")
        for name, text in examples.items():
            if name not in (STEPS, WHOLE):  # one flow, or its steps: what people have open
                yield f"  {name}"
            yield from (f"    {line}".rstrip() for line in _visible(text).splitlines())


def _visible(text: str) -> str:
    return "".join(_SEEN.get(char) or (char if char.isprintable() else ascii(char)[1:-1]) for char in text)


def _unknown(code: str, known: Mapping[str, Explanation]) -> UsageError:
    from botkit.flow.problem import nearest

    near = nearest(_plain(code), known)
    en, es = (
        say("no code", language, code=code)
        + (say("near flow", language, near=near) if near else say("list codes", language))
        for language in ("en", "es")
    )
    return UsageError(en, es)
