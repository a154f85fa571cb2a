"""Options that several commands take, and what they give."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from botkit.cli.messages import Language, language, say
from botkit.errors import ProblemsFound, UsageError

if TYPE_CHECKING:
    from botkit.flow.flowset import FlowSet
    from botkit.project import Project
    from botkit.settings import Settings

#: A conversation's own id, which the log, `replay` and `dead` tell; no phone number is so long.
CONVERSATION_ID = re.compile(r"[0-9a-f]{20}")
Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


def config_option() -> Decorator:
    """Add `--config`: a Path."""
    return click.option(
        "--config",
        default="config.yaml",
        show_default=True,
        metavar="FILE",
        type=click.Path(path_type=Path, dir_okay=False),
        help=say("option config"),
    )


def lang_option() -> Decorator:
    """Add `--lang`, which the command reads by `spoken()`; written twice, the one nearer the end counts."""
    return click.option(
        "--lang",
        type=click.Choice(["es", "en"]),
        expose_value=False,
        is_eager=True,
        callback=lambda ctx, _, value: value and ctx.find_root().ensure_object(dict).update(lang=value),
        help=say("option lang"),
    )


def channel_option() -> Decorator:
    """Add `--channel`: a text or None."""
    return click.option("--channel", metavar="NAME", help=say("option channel"))


def spoken() -> Language:
    """Return the language of this command: `--lang` or the system's."""
    ctx = click.get_current_context(silent=True)
    chosen = ctx.find_root().ensure_object(dict).get("lang") if ctx else None
    return language(chosen)


def existing(config: Path) -> Path:
    """Return a file that is there; raises UsageError."""
    if not config.is_file():
        raise UsageError(say("no file", "en", path=config), say("no file", "es", path=config))
    return config


def sound(config: Path) -> tuple[Project, Settings, FlowSet]:
    """Return a bot whose flows are sound, with its settings and flows; raises ProblemsFound for any other."""
    from botkit.project import load_project  # heavy

    project = load_project(existing(config), os.environ)
    if project.flows is None or project.settings is None:
        raise ProblemsFound(project.problems)
    return project, project.settings, project.flows


def places(config: Path) -> Settings:
    """Return settings of which only what lies outside the channels was read: no gateway's secret need be set for them.

    Where `bot` or `flows` is wrong, the defaults stand for them; for `store` and `log` it raises ProblemsFound.
    """
    from botkit.flow.yaml_reader import read  # heavy
    from botkit.settings import load_settings

    source = read(existing(config).read_bytes(), str(config))
    settings, _ = load_settings(source, os.environ, only=frozenset({"store", "log", "bot", "flows"}))
    if settings is None:
        settings, problems = load_settings(source, os.environ, only=frozenset({"store", "log"}))
    if settings is None:
        raise ProblemsFound(problems)
    return settings
