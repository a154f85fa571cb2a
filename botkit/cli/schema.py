"""`botkit schema`: writes the JSON Schemas by which editors complete and underline what authors write."""

from __future__ import annotations

import json
import os
from pathlib import Path

import click

from botkit.cli.messages import say
from botkit.cli.options import lang_option, spoken
from botkit.errors import UsageError

#: What there is a schema of; `botkit/schema` is heavy to load.
NAMES = ("flows", "tests", "config")


@click.command("schema", help=say("schema"))
@click.argument("name", metavar="[NAME]", required=False, type=click.Choice(NAMES))
@click.option("--out", metavar="DIR", type=click.Path(path_type=Path, file_okay=False), help=say("option out"))
@lang_option()
def schema(name: str | None, out: Path | None) -> None:
    """Print one schema, or write one or all of them as DIR/NAME.json."""
    if out is None and name is None:
        raise UsageError(*(say("which schema", told, known=", ".join(NAMES)) for told in ("en", "es")))
    texts = {each: _text(each) for each in ([name] if name else NAMES)}
    if out is None:
        click.echo("".join(texts.values()), nl=False)
        return
    try:
        out.mkdir(parents=True, exist_ok=True)
        for each, text in texts.items():
            (out / f"{each}.json").write_text(text, encoding="utf-8")
    except OSError as error:
        why = {"path": os.path.relpath(out), "why": error.strerror}
        raise UsageError(*(say("not written", told, **why) for told in ("en", "es"))) from None
    files = ", ".join(os.path.relpath(out / f"{each}.json") for each in texts)
    click.echo(say("schema written", spoken(), files=files))


def _text(name: str) -> str:
    from botkit.schema import schema as made

    return json.dumps(made(name), ensure_ascii=False, indent=1) + "\n"
