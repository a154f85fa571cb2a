"""The pytest plugin: what it takes, what it leaves alone, and what it shows."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from importlib import import_module
from pathlib import Path

import pytest
import structlog

from botkit.testing.plugin import ConversationShown
from tests.docs.pages import ROOT

pytest_plugins = ["pytester"]

PLUGIN = "botkit.testing.plugin"
#: pytester forgets what a run of pytest imports: it would be imported twice.
for _name in ("cli.trouble", "logs.quiet", "project", "testing.play", "testing.variants"):
    import_module(f"botkit.{_name}")

CONFIG = "channels: {whatsapp: {base_url: sandbox}}\nhandlers: [handlers.py]\n"
FLOW = """flow: f
start: {words: [go]}
steps:
  - ask: ¿Nombre?
    save: nombre
  - run: x.saluda
    with: [nombre]
    save: s
  - say: "{{ s }}"
"""
HANDLERS = """from botkit import handler

@handler("x.saluda")
def saluda(nombre: str) -> str:
    if nombre == "nadie":
        raise ValueError("sin nombre")
    return f"Hola {nombre}"
"""
TESTS = """tests:
  - name: pregunta
    script: [user: go, bot: '¿Nombre?']
  - name: saluda
    each: [{n: Ana}, {n: Luz}]
    script: [user: go, bot: '¿Nombre?', user: "{{ n }}", bot: "Hola {{ n }}"]
"""


@pytest.fixture
def bot(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """Return a folder of a bot, where pytest has no plugins but botkit's."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.setenv("LANG", "en")
    write(pytester, {"config.yaml": CONFIG, "handlers.py": HANDLERS, "flows/f.yaml": FLOW, "flows/f.test.yaml": TESTS})
    return pytester


def write(pytester: pytest.Pytester, files: dict[str, str]) -> None:
    """Write files below the folder."""
    for name, text in files.items():
        path = pytester.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def run(pytester: pytest.Pytester, *arguments: str) -> pytest.RunResult:
    """Run pytest with the plugin."""
    return pytester.runpytest_inprocess("-p", PLUGIN, "-p", "no:cacheprovider", *arguments)


def test_items(bot: pytest.Pytester) -> None:
    """Each test, and each row of one, is an item with its name and its line."""
    result = run(bot, "-v")
    result.assert_outcomes(passed=3)
    result.stdout.fnmatch_lines(
        [
            "flows/f.test.yaml::pregunta PASSED*",
            "flows/f.test.yaml::saluda (n: Ana) PASSED*",
            "flows/f.test.yaml::saluda (n: Luz) PASSED*",
        ]
    )


@pytest.mark.parametrize(
    ("arguments", "count"),
    [
        (("-k", "pregunta"), 1),
        (("-k", "saluda and not Ana"), 1),
        (("flows/f.test.yaml",), 3),
        (("flows/f.test.yaml::saluda (n: Ana)",), 1),
    ],
)
def test_chosen(bot: pytest.Pytester, arguments: tuple[str, ...], count: int) -> None:
    """Items are chosen as any others."""
    run(bot, *arguments).assert_outcomes(passed=count)


def test_beside_others(bot: pytest.Pytester) -> None:
    """Tests in Python are played beside them."""
    write(bot, {"test_a.py": "def test_a(): pass\n"})
    run(bot).assert_outcomes(passed=4)


@pytest.mark.parametrize("ci", ["", "true"])
def test_failure(bot: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, ci: str) -> None:
    """A failure is shown once, as `botkit test` shows it, without a traceback; the log is in its transcript."""
    monkeypatch.setenv("CI", ci)  # where it is set pytest's summary gives whole messages
    write(bot, {"flows/f.test.yaml": TESTS.replace('bot: "Hola {{ n }}"', "bot: Chau").replace("Luz", "nadie")})
    result = run(bot)
    result.assert_outcomes(passed=1, failed=2)
    said = ["    user: Ana", "    bot:  Hola Ana", "  expected (line 6): Chau", "  got: Hola Ana  *f.yaml:9:*"]
    result.stdout.fnmatch_lines(["✗ flows/f.test.yaml:5:12  saluda (n: Ana)", *said])
    assert "runtest" not in result.stdout.str()
    assert result.stdout.str().count("handler_failed") == 1


class Sent:
    """Sends every report as pytest-xdist does between processes; `shown` are the failures as they arrive."""

    def __init__(self) -> None:
        self.shown: list[object] = []

    def pytest_configure(self, config: pytest.Config) -> None:
        """Keep the hooks."""
        self.config = config

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Send it and take it."""
        hook = self.config.hook
        data = json.loads(json.dumps(hook.pytest_report_to_serializable(config=self.config, report=report)))
        taken = hook.pytest_report_from_serializable(config=self.config, data=data)
        self.shown += [taken.longrepr] if taken.failed else []


def test_failure_of_another_process(bot: pytest.Pytester) -> None:
    """A failure that pytest-xdist's worker sends is the same: whole where it is told, its first line in the summary."""
    broken = TESTS.replace('bot: "Hola {{ n }}"', "bot: Chau")
    write(bot, {"flows/f.test.yaml": broken, "test_a.py": "def test_a(): assert False, 'plain'\n"})
    sent = Sent()
    bot.inline_run("-p", PLUGIN, "-p", "no:cacheprovider", plugins=[sent])
    ours = [each for each in sent.shown if isinstance(each, ConversationShown)]
    assert [each.reprcrash.message for each in ours] == [
        "✗ flows/f.test.yaml:5:12  saluda (n: Ana)",
        "✗ flows/f.test.yaml:5:22  saluda (n: Luz)",
    ]
    assert "expected (line 6): Chau" in str(ours[0])
    assert len(sent.shown) == 3


def test_file_problems(bot: pytest.Pytester) -> None:
    """A file with mistakes is an error of its collection, with their places."""
    write(bot, {"flows/f.test.yaml": TESTS.replace("go", "{texto: go}")})
    result = run(bot)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["flows/f.test.yaml:3:*: error: *[[]*[]]", "*^*"])
    assert "Traceback" not in result.stdout.str()


def test_bot_problems(bot: pytest.Pytester) -> None:
    """So is a bot with mistakes."""
    write(bot, {"flows/f.yaml": FLOW.replace("x.saluda", "x.salude")})
    result = run(bot)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["flows/f.yaml:6:*unknown-handler*"])


@pytest.mark.parametrize(
    "files",
    [
        {"other/x.test.yaml": "cases: []\n"},
        {"other/config.yaml": "debug: true\n", "other/deep/x.test.yaml": "cases: []\n"},
        {"other/config.yaml": "\0", "other/x.test.yaml": "cases: []\n"},
    ],
)
def test_foreign(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, files: dict[str, str]) -> None:
    """A file below no config.yaml, or below another program's, is left alone, and botkit is not loaded for it."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    write(pytester, {**files, "test_a.py": "import sys\ndef test_a(): assert 'botkit.flow.model' not in sys.modules\n"})
    result = pytester.runpytest_subprocess("-p", PLUGIN, "-p", "no:cacheprovider")
    result.assert_outcomes(passed=1)


def test_two_bots(bot: pytest.Pytester) -> None:
    """Each file has the bot of the nearest config.yaml."""
    other = "flow: g\nstart: {words: [go]}\nsteps: [{say: Otro}]\n"
    test = "tests: [{name: otro, script: [user: go, bot: Otro]}]\n"
    write(bot, {"b/config.yaml": CONFIG.partition("\n")[0], "b/flows/g.yaml": other, "b/flows/g.test.yaml": test})
    run(bot).assert_outcomes(passed=4)


def test_logs_as_before(bot: pytest.Pytester) -> None:
    """What a project configured for its logs holds again afterwards, and nothing of ours is printed."""
    before = structlog.get_config() if structlog.is_configured() else None
    structlog.configure(cache_logger_on_first_use=True)
    result = run(bot, "-s")
    assert structlog.get_config()["cache_logger_on_first_use"]
    assert "conversation=" not in result.stdout.str()
    structlog.reset_defaults() if before is None else structlog.configure(**before)


def test_light() -> None:
    """Until there is a file to take, the plugin loads nothing of what flows need."""
    code = f"import sys, {PLUGIN}; print([n for n in sys.modules if n.startswith(('botkit', 'pydantic', 'jinja2'))])"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert ran.stdout.strip() == str(["botkit", "botkit.testing", PLUGIN])


def test_shipped() -> None:
    """The package says to pytest where its plugin is; botkit's own suite leaves it out."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert project["project"]["entry-points"]["pytest11"] == {"botkit": PLUGIN}
    assert "-p no:botkit" in project["tool"]["pytest"]["ini_options"]["addopts"]


def test_name_of_several_lines(bot: pytest.Pytester) -> None:
    """A name of several lines is one line of an id."""
    write(bot, {"flows/f.test.yaml": "tests:\n  - name: |\n      uno\n      dos\n    script: []\n"})
    run(bot, "-v").stdout.fnmatch_lines(["flows/f.test.yaml::uno dos PASSED*"])


def test_found_folder(tmp_path: Path) -> None:
    """The nearest config.yaml above a file is its bot's."""
    plugin = import_module(PLUGIN)
    (tmp_path / "a" / "b").mkdir(parents=True)
    for folder in (tmp_path, tmp_path / "a"):
        (folder / "config.yaml").write_text(CONFIG)
    assert plugin.bot_of(tmp_path / "a" / "b" / "x.test.yaml") == tmp_path / "a" / "config.yaml"
