"""`botkit catalog`: writes the texts of the flows into a catalogue, for who translates them."""

from __future__ import annotations

import os
from pathlib import Path

import click

from botkit.cli.messages import say
from botkit.cli.options import config_option, lang_option, sound, spoken
from botkit.errors import UsageError


@click.command("catalog", help=say("catalog"))
@click.argument("language", metavar="LANG")
@config_option()
@lang_option()
def catalog(language: str, config: Path) -> None:
    """Write or update `lang/LANG.yaml` below the flows folder: what is missing or unused is marked."""
    from botkit.flow.catalogue import Catalogue, read_catalogue, write_catalogue
    from botkit.flow.language import is_language
    from botkit.project import catalogue_file, read_file

    project, settings, _ = sound(config)
    own = settings.bot.language
    if not is_language(language) or language == own:
        raise UsageError(*(say("no such language", told, language=language, own=own) for told in ("en", "es")))
    file = catalogue_file(project.folder / settings.flows, language)
    known = read_catalogue(read_file(file, project))[0] if file.exists() else Catalogue()
    written = write_catalogue(language, project.said, known)
    try:
        file.parent.mkdir(exist_ok=True)
        beside = file.with_name(f".{file.name}.new")  # a catalogue half written would lose translations
        beside.write_text(written.text, encoding="utf-8")
        beside.replace(file)
    except OSError as error:
        why = {"path": os.path.relpath(file), "why": error.strerror}
        raise UsageError(*(say("not written", told, **why) for told in ("en", "es"))) from None
    counts = {"translated": written.translated, "missing": written.missing, "unused": written.unused}
    click.echo(say("catalog written", spoken(), file=os.path.relpath(file), **counts))
