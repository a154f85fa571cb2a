"""The data of `botkit new`, templates and countries, and how they are written."""

from __future__ import annotations

import posixpath
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from botkit.flow.problem import Problem
from botkit.flow.timezone import is_timezone
from botkit.flow.yaml_reader import read
from botkit.scaffold import (
    COUNTRIES,
    Country,
    NewBot,
    Occupied,
    bot_files,
    country_of,
    default_country,
    default_name,
    write_files,
)
from botkit.settings import Settings, describe, load_settings
from tests.docs.pages import ROOT

#: What the examples behind `#` take from the environment.
ENV = dict.fromkeys(("AGENDA_TOKEN", "CALENDAR_TOKEN", "BOTKIT_ADMIN_TOKEN"), "x" * 32) | {
    "ALERTS_WEBHOOK": "https://example.com/a"
}
#: A key that is put out by `#`.
_PUT_OUT = re.compile(r"^( *)# ((?:  )*[a-z_-]+: ?.*)$", re.MULTILINE)

LANGUAGES = pytest.mark.parametrize("language", ["es", "en"])


def config_of(language: str, country: str = "BO") -> str:
    """Return the config.yaml of a new bot."""
    return bot_files(NewBot("Sol", "es" if language == "es" else "en", COUNTRIES[country]), ".schema")["config.yaml"]


def loaded(config: str) -> tuple[Settings | None, list[Problem]]:
    """Return what botkit reads of a config.yaml."""
    return load_settings(read(config, "config.yaml"), ENV)


@pytest.mark.parametrize("country", COUNTRIES.values(), ids=lambda country: country.code)
def test_country(country: Country) -> None:
    """A country's zone, currency and holidays are known, and it is found by its code and each of its names."""
    assert is_timezone(country.timezone)
    settings, problems = loaded(config_of("es", country.code) + f"hours: {{holidays: {country.code}}}\n")
    assert problems == []
    assert settings is not None
    assert (settings.bot.country, settings.bot.currency) == (country.code, country.currency)
    assert [country_of(text) for text in (country.code.lower(), country.es.upper(), country.en)] == [country] * 3


@pytest.mark.parametrize(
    ("env", "code"),
    [
        ({"LANG": "es_MX.UTF-8"}, "MX"),
        ({"LANG": "es_MX.UTF-8", "LC_ALL": "es_PE"}, "PE"),
        ({"LANG": "en_US.UTF-8"}, "BO"),
        ({"LANG": "es_XX"}, "BO"),
        ({"LANG": "C"}, "BO"),
        ({}, "BO"),
    ],
)
def test_default_country(env: dict[str, str], code: str) -> None:
    """A system in Spanish tells its country; every other one gets the default of config.yaml."""
    assert default_country(env).code == code


@pytest.mark.parametrize(
    ("folder", "name"),
    [("mi-bot", "Mi bot"), ("clinica_sol", "Clinica sol"), ("${x}", "Mi negocio"), ("/", "Mi negocio")],
)
def test_default_name(folder: str, name: str) -> None:
    """The folder's name is the business's, where it can be one."""
    assert default_name(Path(folder), "es") == name


@LANGUAGES
def test_config_has_every_key(language: str) -> None:
    """Each key of config.yaml stands in the template with a comment above it, those that are off behind `#`."""
    lines = config_of(language).splitlines()
    keys = {row.key for row in describe() if "." not in row.key} - {"channels"}
    for key in sorted(keys):
        (at,) = [number for number, line in enumerate(lines) if re.match(rf"(# )?{key}:", line)]
        commented = lines[at - 1].startswith("# ") or lines[at + 1].startswith("  # ")
        assert commented, key


@LANGUAGES
def test_config_can_be_put_on(language: str) -> None:
    """Every key behind `#` is right once the `#` is gone."""
    config = config_of(language)
    on, count = _PUT_OUT.subn(r"\1\2", config.partition("\n")[2])  # without the comment for the editor
    assert count >= 10
    settings, problems = loaded(on)
    assert problems == []
    assert settings is not None
    assert settings.admin is not None
    assert settings.quiet_hours is not None
    assert settings.services


@LANGUAGES
def test_config_says_the_defaults(language: str) -> None:
    """What the template writes is what counts without it, but for what it says is not."""
    written, _ = loaded(config_of(language))
    bare, _ = loaded("channels: {whatsapp: {profile: waconecta, base_url: sandbox}}\n")
    assert written is not None
    assert bare is not None
    other = {name for name in Settings.model_fields if getattr(written, name) != getattr(bare, name)}
    assert other == {"bot", "channels", "defaults"} | ({"handoff"} if language == "en" else set())


@LANGUAGES
def test_named_schema(language: str) -> None:
    """Each YAML file begins with the comment that leads an editor to its schema, once; no other file has it."""
    bot = NewBot("Sol", "es" if language == "es" else "en", COUNTRIES["BO"], handlers=True)
    for path, text in bot_files(bot, ".schema").items():
        comments = [line for line in text.splitlines() if "yaml-language-server" in line]
        assert comments == text.splitlines()[:1] * path.endswith(".yaml")
        for comment in comments:
            kind = "config" if path == "config.yaml" else "tests" if path.endswith(".test.yaml") else "flows"
            schema = posixpath.join(posixpath.dirname(path), comment.partition("$schema=")[2])
            assert posixpath.normpath(schema) == f".schema/{kind}.json"


def test_same_in_both() -> None:
    """Both languages have the same keys, in the same order, on or off."""
    keys = [re.findall(r"^ *(?:# )?(?:  )*([a-z_-]+):", config_of(language), re.MULTILINE) for language in ("es", "en")]
    assert [key for key in keys[0] if key != "agenda"] == [key for key in keys[1] if key != "calendar"]


def test_all_or_none(tmp_path: Path) -> None:
    """Where one file cannot be written those before it are gone again, with the folders made for them."""
    (tmp_path / "there").write_text("mine")
    with pytest.raises(Occupied) as raised:
        write_files(tmp_path, {"new/a": "a", "new/deep/b": "b", "there": "c"})
    assert raised.value.path == tmp_path / "there"
    assert [path.name for path in tmp_path.rglob("*")] == ["there"]
    assert (tmp_path / "there").read_text() == "mine"


def test_wheel(tmp_path: Path) -> None:
    """The templates are in what people install, every one."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as packed:
        names = {name for name in packed.namelist() if name.startswith("botkit/templates/")}
    kept = {str(path.relative_to(ROOT)) for path in (ROOT / "botkit" / "templates").rglob("*") if path.is_file()}
    assert names == kept
    assert len(names) > 10
