"""Imports point one way, and the pure part is pure.

    cli > run, schema, explore > testing > server, project
        > {runtime > {attempts, legs}, timers, calls, outbox.worker, store, gateway}
        > ports > {outbox.rate, outbox.retry} > turn > flow > answers > errors

Settings stand on the readers of `flow`, logs on settings. Siblings do not import each other.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import botkit

ROOT = Path(botkit.__file__).parent

#: What the clock, the random generator and the world are reached by.
IMPURE = frozenset("asyncio aiohttp structlog sqlite3 os time random socket threading secrets".split())

#: group of modules -> the groups it may import besides itself; the longest prefix names a module's group.
MAY: dict[str, str] = {
    "errors": "",
    "answers": "errors",
    "flow": "answers errors",
    "turn": "flow answers errors",
    "graph": "turn flow answers errors",
    "outbox.rate": "turn flow errors",
    "outbox.key": "outbox.rate",
    "outbox.learn": "outbox.rate",
    "outbox.slots": "outbox.learn outbox.rate",
    "outbox.load": "outbox.rate turn flow",
    "outbox.share": "ports turn",
    "outbox.alert": "",
    "outbox.restored": "outbox.rate ports",
    "outbox.forecast": "flow outbox.key outbox.load outbox.rate outbox.restored outbox.retry outbox.share outbox.slots"
    " ports turn",
    "outbox.spell": "outbox.alert outbox.rate",
    "outbox.retry": "outbox.alert outbox.learn outbox.rate outbox.spell turn flow errors",
    "alerts": "outbox.alert",
    "ports": "turn errors",
    "clock": "",
    "rights": "errors",
    "explain": "flow",
    "folder": "",
    "handlers": "flow answers errors",
    "blame": "flow",
    "modules": "blame handlers answers errors",
    "waiting": "ports",
    "ongoing": "waiting ports turn",
    "recent": "ports turn",
    "definitions": "ports turn flow errors",
    "journal": "turn flow",
    "committed": "turn",
    "progress": "ports turn",
    "turn_log": "journal progress ports turn",
    "rows": "ports turn",
    "legs": "committed definitions journal ongoing outbox.alert progress recent rows turn_log ports turn flow errors",
    "work": "progress ports",
    "attempts": "progress rows turn_log outbox.alert ports turn flow errors",
    "forgetting": "ports errors",
    "clock_doubt": "ports",
    "retention": "clock_doubt ports errors",
    "store_watch": "outbox.alert ports errors",
    "sweep": "attempts work ports errors",
    "runtime": "sweep forgetting attempts definitions work legs outbox.alert ports turn flow errors",
    "timers": "waiting ports turn errors",
    "threads": "errors",
    "received": "errors",
    "addresses": "",
    "retries": "turn",
    "results": "errors",
    "unpack": "",
    "http_answer": "",
    "uploads": "received answers errors",
    "http_steps": "addresses http_answer retries unpack uploads turn",
    "services": "http_steps settings",
    "calls": "received retries uploads http_steps results threads handlers ports turn flow errors",
    "outbox": "waiting outbox.alert outbox.key outbox.load outbox.rate outbox.learn outbox.share outbox.slots"
    " outbox.spell outbox.restored outbox.retry ports turn flow errors",
    "store": "rights forked ports turn errors",
    "gateway": "folder received addresses http_answer outbox.rate outbox.retry ports turn flow answers errors botkit",
    "gateway.sandbox": "",
    "settings": "flow",
    "logs": "rights settings errors",
    "unused": "handlers folder flow",
    "project": "unused folder modules handlers settings turn flow answers errors",
    "plan": "turn flow",
    "scaffold": "turn flow answers",
    "budget": "turn flow",
    "server": "rights definitions store_watch budget project settings gateway outbox.forecast outbox.key outbox.learn"
    " outbox.load outbox.rate outbox.retry ports turn flow answers errors",
    "control": "server store errors",
    "testing": "server budget gateway project settings definitions runtime legs timers calls received retries threads"
    " rows logs blame folder store handlers ports turn flow answers errors",
    "talks": "testing retries ports turn flow answers",
    "explore": "testing project legs handlers turn flow answers errors",
    "testing.plugin": "testing cli project",
    "schema": "testing gateway settings turn flow",
    "early": "",
    "forked": "",
    "process": "early logs",
    "reload": "project settings flow errors",
    "watch": "project",
    "parts": "store_watch retention forgetting alerts outbox.alert server settings runtime calls clock errors outbox"
    " store gateway ports flow",
    "crash": "parts calls handlers gateway server store ports turn flow errors",
    "run": "rights alerts parts process reload watch server project settings logs runtime legs timers calls services"
    " threads clock handlers outbox store gateway gateway.sandbox flow errors botkit",
    "probe": "probe.course probe.infer run gateway outbox.rate ports turn",
    "probe.windows": "",
    "probe.course": "",
    "probe.infer": "probe.course probe.windows",
    "chat": "watch testing project services settings gateway http_steps calls uploads received retries handlers folder"
    " turn flow answers errors",
    "doctor": "rights server project settings gateway ports flow errors",
    "cli": "doctor probe probe.course store crash chat explore talks budget explain scaffold schema graph run plan"
    " definitions control server testing project folder settings logs clock gateway gateway.sandbox turn flow errors"
    " botkit",
    "__main__": "early cli",
    "botkit": "handlers",
}


def imports(tree: ast.AST) -> Iterator[str]:
    """Yield the modules that import statements name, save those for type checkers alone."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            module = str(node.module)
            inner = [f"{module}.{alias.name}" for alias in node.names if exists(f"{module}.{alias.name}")]
            yield from inner or [module]
        else:
            yield from imports(node)


def exists(module: str) -> bool:
    """Tell whether a dotted name is a module of botkit."""
    path = ROOT.parent.joinpath(*module.split("."))
    return path.with_suffix(".py").is_file() or (path / "__init__.py").is_file()


def name_of(path: Path) -> str:
    """Return a module's dotted name below botkit; botkit itself is `botkit`."""
    parts = list(path.relative_to(ROOT).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts) or "botkit"


@cache
def modules() -> dict[str, tuple[str, ...]]:
    """Return module -> what it imports."""
    return {name_of(path): tuple(imports(ast.parse(path.read_text()))) for path in sorted(ROOT.rglob("*.py"))}


def group_of(module: str) -> str:
    """Return the group of a module."""
    parts = module.split(".")
    names = [".".join(parts[:length]) for length in range(len(parts), 0, -1)]
    return next((name for name in names if name in MAY), "botkit")


def violations(known: dict[str, tuple[str, ...]]) -> list[str]:
    """Return the imports that go against the direction."""
    found = []
    for module, imported in known.items():
        group = group_of(module)
        allowed = {group, *MAY[group].split()}
        for name in imported:
            inside = name.removeprefix("botkit.")
            if name.split(".")[0] == "botkit" and group_of(inside) not in allowed:
                found.append(f"{module} imports {name}")
    return found


def pure(module: str) -> bool:
    """Tell whether a module is of the pure part."""
    return group_of(module) in (
        "answers",
        "flow",
        "turn",
        "graph",
        "budget",
        "outbox.forecast",
        "outbox.key",
        "outbox.load",
        "outbox.rate",
        "outbox.retry",
        "outbox.spell",
    )


def impurities(known: dict[str, tuple[str, ...]]) -> list[str]:
    """Return the imports of the pure part that reach the world."""
    return [
        f"{module} imports {name}"
        for module, imported in known.items()
        if pure(module)
        for name in imported
        if name.split(".")[0] in IMPURE
    ]


def test_direction() -> None:
    """No module imports what stands above or beside it."""
    assert violations(modules()) == []


def test_purity() -> None:
    """No import of the pure part names clock, chance, network, files or threads."""
    assert impurities(modules()) == []
    assert sum(pure(module) for module in modules()) > 30


def test_one_file_imports_transitions() -> None:
    """The library of state machines is imported in one file."""
    users = [module for module, names in modules().items() if any(n.split(".")[0] == "transitions" for n in names)]
    assert users == ["flow.machine"]


def test_sandbox_alone() -> None:
    """The pretended gateway imports nothing of botkit: it can be wrong only on its own."""
    outside = [
        name
        for module, names in modules().items()
        if module.startswith("gateway.sandbox")
        for name in names
        if name.startswith("botkit") and not name.startswith("botkit.gateway.sandbox")
    ]
    assert outside == []


def test_no_cycles() -> None:
    """No two modules import each other, however far around."""
    known = modules()
    graph = {m: [n.removeprefix("botkit.") for n in names if n.startswith("botkit.")] for m, names in known.items()}
    done: set[str] = set()

    def visit(module: str, path: tuple[str, ...]) -> None:
        assert module not in path, " > ".join([*path, module])
        if module not in done:
            for inner in graph.get(module, ()):
                visit(inner, (*path, module))
            done.add(module)

    for module in graph:
        visit(module, ())


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("answers.x", "botkit.flow.text"),
        ("flow.x", "botkit.turn.leg"),
        ("turn.x", "botkit.runtime"),
        ("outbox.rate", "botkit.ports"),
        ("runtime", "botkit.store.sqlite"),
        ("runtime", "botkit.gateway.client"),
        ("store.x", "botkit.gateway.client"),
        ("gateway.sandbox.x", "botkit.errors"),
        ("ports", "botkit.server.app"),
        ("errors", "botkit.flow.problem"),
    ],
)
def test_it_would_fail(module: str, name: str) -> None:
    """An import in the wrong direction is seen."""
    assert violations({module: (name,)}) == [f"{module} imports {name}"]


@pytest.mark.parametrize(("module", "name"), [("flow.x", "time"), ("turn.x", "os.path"), ("outbox.retry", "random")])
def test_impurity_would_fail(module: str, name: str) -> None:
    """An import that reaches the world is seen in the pure part, wherever it stands."""
    tree = ast.parse(f"def f():\n    if True:\n        import {name}\n")
    assert impurities({module: tuple(imports(tree))}) == [f"{module} imports {name}"]


def test_type_checking() -> None:
    """An import for type checkers alone counts for nothing."""
    assert list(imports(ast.parse("if TYPE_CHECKING:\n    import os\n"))) == []
