"""`botkit schema`: writes the JSON Schemas by which editors complete and underline what authors write."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path

import click

from botkit.cli.messages import say
from botkit.cli.options import lang_option, spoken
from botkit.errors import UsageError

#: What there is a schema of; `botkit/schema` is heavy to load.
NAMES = ("flows", "tests", "config")
#: Where a bot keeps its schemas: in this folder of its own.
SCHEMAS = ".schema"


@click.command("schema", help=say("schema"))
@click.argument("name", metavar="[NAME]", required=False, type=click.Choice(NAMES))
@click.option("--out", metavar="DIR", type=click.Path(path_type=Path, file_okay=False), help=say("option out"))
@lang_option()
def schema(name: str | None, out: Path | None) -> None:
    """Print one schema, or write one or all of them as DIR/NAME.json."""
    if out is None and name is None:
        raise UsageError(*(say("which schema", told, known=", ".join(NAMES)) for told in ("en", "es")))
    if out is None:
        click.echo("".join(_text(each) for each in ([name] if name else NAMES)), nl=False)
    else:
        write_schemas(out, [name] if name else NAMES)


def write_schemas(folder: Path, names: Sequence[str] = NAMES) -> None:
    """Write schemas as FOLDER/NAME.json, over those that are there, and tell; raises UsageError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in names:
            (folder / f"{name}.json").write_text(_text(name), encoding="utf-8")
    except OSError as error:
        why = {"path": os.path.relpath(folder), "why": error.strerror}
        raise UsageError(*(say("not written", told, **why) for told in ("en", "es"))) from None
    files = ", ".join(os.path.relpath(folder / f"{name}.json") for name in names)
    click.echo(say("schema written", spoken(), files=files))


def schema_files() -> dict[str, str]:
    """Return the texts of all schemas by their paths in a bot's folder."""
    return {f"{SCHEMAS}/{name}.json": _text(name) for name in NAMES}


def keep_schemas(folder: Path) -> None:
    """Write the schemas of a bot if one is missing or says something else; raises UsageError."""
    if stale_schemas(folder) or not all((folder / f"{name}.json").exists() for name in NAMES):
        write_schemas(folder)


def stale_schemas(folder: Path) -> bool:
    """Tell whether a schema in a folder says something else than this version's would."""
    return any(_is_stale(path) for path in (folder / f"{name}.json" for name in NAMES) if path.exists())


def _is_stale(path: Path) -> bool:
    from botkit.schema import schema as made

    try:
        return bool(json.loads(path.read_bytes()) != made(path.stem))
    except (OSError, ValueError, RecursionError):
        return True


def _text(name: str) -> str:
    from botkit.schema import schema as made

    return json.dumps(made(name), ensure_ascii=False, indent=1) + "\n"
