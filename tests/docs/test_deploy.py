"""The files of docs/deploy: they agree with each other, with the pages and with the code."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from botkit.cli.messages_held import HELD
from botkit.gateway.links import PREFIX
from botkit.outbox.forecast import REASONS
from tests.docs.pages import ROOT

DEPLOY = ROOT / "docs" / "deploy"
PAGES = [ROOT / "docs" / name for name in ("operate.md", "operar.md")]


def test_proxy() -> None:
    """Caddy passes on webhooks and signed links to files."""
    (passed,) = re.findall(r"@open path (.*)", (DEPLOY / "Caddyfile").read_text())
    assert passed.split() == ["/webhooks/*", f"{PREFIX}*"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_backups_can_be_written(page: Path) -> None:
    """Each folder into which the page has a backup written is made by it, and stands in the unit."""
    (writable,) = re.findall(r"^ReadWritePaths=(.*)", (DEPLOY / "botkit.service").read_text(), re.M)
    told = page.read_text()
    folders = set(re.findall(r"bot backup (?:--force )?(/\S+)/", told))
    assert folders == {"/srv/backup"}
    assert {f"-{folder}" for folder in folders} <= set(writable.split())
    assert "install -d -m 700 -o botkit -g botkit /srv/backup" in told
    assert "sudo -u" not in told


def test_causes() -> None:
    """The pages say of each cause that can hold a channel what to do, and of nothing else."""
    causes = list(REASONS)
    assert list(HELD) == causes[: causes.index("limit")]


@pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("setpriv"), reason="only root changes to another user")
def test_bot(tmp_path: Path) -> None:
    """`bot` hands on arguments and secrets as they are, in the bot's folder; nothing of a secret is carried out."""
    secrets = tmp_path / "env"
    secrets.write_text("# one a line\n\nONE=a b $HOME `id` 'x'\nTWO=\"quoted\"\nTHREE='=#'\nFOUR=")
    show = tmp_path / "show"
    show.write_text('#!/bin/sh\npwd; echo "$#:$1:$2:$HOME"; env | grep -E "^(ONE|TWO|THREE|FOUR)="\n')
    show.chmod(0o755)
    told = (DEPLOY / "bot").read_text()
    for name, value in {"folder": tmp_path, "user": "root", "secrets": secrets, "botkit": show}.items():
        told = re.sub(rf"\b{name}=/?[a-z]\S*", f"{name}={value}", told, count=1)
    script = tmp_path / "bot"
    script.write_text(told)
    ran = subprocess.run(["sh", script, "why", "a b"], capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines()[:2] == [str(tmp_path), f"2:why:a b:{tmp_path}"]
    assert set(ran.stdout.splitlines()[2:]) == {"ONE=a b $HOME `id` 'x'", "TWO=quoted", "THREE==#", "FOUR="}
    secrets.write_text("no sign of it")
    refused = subprocess.run(["sh", script], capture_output=True, text=True, check=False)
    assert (refused.returncode, refused.stdout) == (2, "")
