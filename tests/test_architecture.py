"""Who imports whom: the rooms of the house, held by reading every import, and by starting Python to see."""

import ast
import gc
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = "rotation_tui"
HOME = Path(__file__).resolve().parents[1] / ROOT
MOST_LINES = 400
EVERYTHING = ("",)
EVERYWHERE = ("msgspec",)
"""What frozen values are made of: a fortieth of the cost of a dataclass to declare, a third to make and compare."""


class May(NamedTuple):
    """What a package may import: of our own, of others' work, and why no more."""

    own: tuple[str, ...]
    others: tuple[str, ...]
    because: str


TABLE = {
    "domain": May((), (), "the words of the desk: everybody imports them, so they import nobody"),
    "store": May(("domain",), ("filelock",), "it keeps what others made, between programs too, and computes nothing"),
    "tape": May(
        ("domain", "store"),
        ("zstandard", "filelock"),
        "states of the store in a file and back again: who fills it and who looks at it is none of its business",
    ),
    "hub": May(
        ("domain", "tape"),
        ("redis", "zstandard"),
        "messages through Redis and back again: who fills a store and who reads it is none of its business",
    ),
    "providers": May(
        ("domain",),
        ("httpx", "websockets", "filelock", "publicsuffixlist", "keyring"),
        "a source knows the outside and the words, no more",
    ),
    "studies": May(("domain",), ("pandas", "numpy"), "bars in, frozen results out"),
    "evidence": May(("domain",), (), "what is known on a day: it judges nothing"),
    "checks": May(("domain", "evidence"), (), "pure functions from evidence to a reading"),
    "claims": May(("domain", "evidence"), (), "pure functions from evidence to a finding"),
    "evaluation": May(
        ("domain", "evidence", "studies", "checks", "claims", "store.market_store", "store.documents"),
        (),
        "functions of a snapshot and of the documents that it lists, so that the desk and a past day are told the same",
    ),
    "workers": May(
        ("domain", "store", "providers.base", "evaluation", "plugins"),
        (),
        "they drive sources by their contract and never draw",
    ),
    "board": May(("domain", "store"), (), "live numbers are plain arithmetic on a snapshot"),
    "alerts": May(
        ("domain", "board", "plugins", "store.alert_book", "providers.base", "providers.client", "providers.reach"),
        ("httpx",),
        "functions of boards: what comes true is told the same on a screen, without one and of a past day",
    ),
    "widgets": May((), ("rich",), "cells, figures and charts know nothing of finance"),
    "panes": May(("board", "domain", "widgets"), ("rich",), "whoever draws never computes, and sees the board only"),
    "screens": May(
        ("panes.base", "board", "domain", "widgets", "plugins"),
        ("rich",),
        "a screen gets its panes, it does not choose",
    ),
    "toml_file": May(
        ("domain.address", "plugins"), ("tomli", "tomlkit"), "a file of the user's is told what is wrong in one way"
    ),
    "theme": May(("toml_file",), ("rich",), "colours know neither rows nor finance"),
    "config": May(
        ("domain", "plugins", "toml_file"), ("platformdirs", "tomlkit"), "it names parts without importing them"
    ),
    "plugins": May((), (), "it finds parts by name, so it knows none of them"),
    "terminal": May(("theme", "widgets"), ("textual", "rich"), "it knows terminals and no finance"),
    "app": May(EVERYTHING, ("textual", "rich"), "the composition root"),
    "cli": May(EVERYTHING, ("click", "plotext", "rich", "tomli_w"), "each command imports what it needs when it runs"),
    "__main__": May(("cli",), (), "the door"),
}
"""Packages and what they may import beside themselves."""

MODULES = {
    "providers.budget": May(
        ("domain", "providers", "store.kept"), ("filelock",), "its count is a state file like any other"
    ),
    "config.check": May(
        (
            "config",
            "domain",
            "plugins",
            "checks.base",
            "checks.drivers",
            "checks.evaluate",
            "checks.hysteresis",
            "claims.audit",
            "alerts.condition",
            "alerts.places",
            "alerts.rules",
            "screens.keymap",
        ),
        (),
        "ids under [risk] and [claims], limits that can be judged by, conditions that can be read, and keys",
    ),
}
"""Modules with an entry of their own, in place of their package's."""

ONLY_WHEN_CALLED = {
    "plotext": (EVERYTHING, "costs 200 ms and 16 MB, for one command"),
    "zstandard": (EVERYTHING, "costs 10 ms and 3 MB, for who records or replays"),
    "tomlkit": (EVERYTHING, "costs 50 ms, for who changes the config by a key"),
    "websockets": (EVERYTHING, "costs 35 ms and 2 MB, for who has a stream"),
    "keyring": (EVERYTHING, "an extra that few have, and it may ask its user for a password"),
    "publicsuffixlist": (EVERYTHING, "costs 200 ms and 3 MB, for a source that has moved"),
    f"{ROOT}.checks.evaluate": (("config",), "imports every check; a config without [risk] skip needs none"),
    f"{ROOT}.claims.audit": (("config",), "imports every claim; a config without [claims] skip needs none"),
    f"{ROOT}.screens.keymap": (("config",), "the keyboard; a config without [keys] changes none of it"),
    f"{ROOT}.alerts.rules": (("config",), "reads conditions; a config without [[alerts]] has none"),
}
"""What these packages import inside a function only, and why."""

PARTS = {"providers": "PROVIDER", "panes": "PANE", "checks": "CHECKS", "claims": "CLAIMS"}
"""Packages of parts: a module that exports the name is a part, and no part imports another."""


@dataclass(frozen=True, slots=True)
class Import:
    """One import: who, where, what, and whether it waits until a function is called."""

    module: str
    place: str
    target: str
    when_called: bool


@dataclass(frozen=True, slots=True)
class Source:
    """One module as written."""

    module: str
    path: str
    text: str

    @property
    def exports(self) -> frozenset[str]:
        """Names that the module assigns at its top level."""
        names: set[str] = set()
        for node in tree(self.text).body:
            targets = (
                node.targets
                if isinstance(node, ast.Assign)
                else [node.target]
                if isinstance(node, ast.AnnAssign)
                else []
            )
            names |= {t.id for t in targets if isinstance(t, ast.Name)}
        return frozenset(names)


@cache
def tree(text: str) -> ast.Module:
    """The text parsed, once for all who ask."""
    parsed = ast.parse(text)
    gc.freeze()  # or what was parsed before is looked through again and again, at twice the cost of parsing
    return parsed


@cache
def sources() -> tuple[Source, ...]:
    """Every module of the project; read by the first test, as whoever only collects has no use for it."""
    found = []
    for path in sorted(HOME.rglob("*.py")):
        parts = path.relative_to(HOME.parent).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        found.append(Source(name, str(path.relative_to(HOME.parent)), path.read_text(encoding="utf-8")))
    return tuple(found)


@cache
def names() -> frozenset[str]:
    """Every module of the project by its name."""
    return frozenset(s.module for s in sources())


@cache
def imports(source: Source, modules: frozenset[str]) -> tuple[Import, ...]:
    """What the module imports; of our own the module meant, where a name is imported from a package."""

    def walk(node: ast.AST, inside: bool) -> Iterator[Import]:
        for child in statements(node):
            targets: list[str] = []
            if isinstance(child, ast.Import):
                targets = [name.name for name in child.names]
            elif isinstance(child, ast.ImportFrom):
                base = child.module or ""
                if child.level:  # relative: count the package up
                    package = source.module.split(".")[: -child.level]
                    base = ".".join([*package, base] if base else package)
                full = [f"{base}.{name.name}" for name in child.names]
                targets = [name if name in modules else base for name in full]
            for target in dict.fromkeys(targets):
                yield Import(source.module, f"{source.path}:{getattr(child, 'lineno', 0)}", target, inside)
            yield from walk(child, inside or _waits(child))

    return tuple(walk(tree(source.text), False))


def statements(node: ast.AST) -> Iterator[ast.AST]:
    """What stands right below a node and is or has statements: an import is never inside an expression."""
    for field in ("body", "orelse", "finalbody", "handlers", "cases"):
        below = getattr(node, field, ())
        yield from below if isinstance(below, list) else ()


def _waits(node: ast.AST) -> bool:
    """Whether what is in the node is not run when its module is imported."""
    if isinstance(node, ast.If) and not node.orelse:
        return isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
    return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)


def all_imports() -> Iterator[Import]:
    """What every module of the project imports."""
    return (found for source in sources() for found in imports(source, names()))


def room(module: str) -> str:
    """The package of a module of ours; "" for the root itself."""
    return module.removeprefix(ROOT).lstrip(".").split(".")[0]


def within(name: str, allowed: Iterable[str]) -> bool:
    """Whether `name` is one of `allowed` or below one of them."""
    return any(a == "" or name == a or name.startswith(f"{a}.") for a in allowed)


def may(module: str) -> May:
    """The entry that holds for a module."""
    return MODULES.get(module.removeprefix(f"{ROOT}."), TABLE[room(module)])


def fault_of(found: Import) -> str | None:
    """What is wrong with one import, None where nothing is."""
    here, entry = room(found.module), may(found.module)
    top = found.target.split(".")[0]
    for name, (by, because) in ONLY_WHEN_CALLED.items():
        if within(found.target, (name,)) and within(here, by) and not found.when_called:
            return f"{found.place}: {found.target} is imported inside a function only: it {because}"
    if top == ROOT:
        target = found.target.removeprefix(ROOT).lstrip(".")
        if target == "" or room(found.target) == here or within(target, entry.own):
            return None
    elif top in sys.stdlib_module_names or top in (*EVERYWHERE, *entry.others):
        return None
    return f"{found.place}: {found.module} may not import {found.target}: {entry.because}"


def siblings(everything: Iterable[Source]) -> list[str]:
    """Parts that import another part, or what stands in another part's folder."""
    listed = list(everything)
    modules = frozenset(s.module for s in listed)
    parts = {s.module for s in listed if room(s.module) in PARTS and PARTS[room(s.module)] in s.exports}

    def owner(module: str) -> str | None:
        return next((p for p in parts if module == p or module.startswith(f"{p}.")), None)

    faults = []
    for source in listed:
        if room(source.module) not in PARTS:
            continue
        for found in imports(source, modules):
            whose = owner(found.target)
            # what gathers all parts of a package may import them: it belongs to none
            private = found.target not in parts
            if whose and owner(source.module) != whose and (owner(source.module) or private):
                faults.append(
                    f"{found.place}: {source.module} may not import {found.target}: parts do not know each other"
                )
    return faults


def loops(edges: dict[str, set[str]]) -> list[str]:
    """Packages that import each other in a circle, each circle once."""
    found: dict[frozenset[str], str] = {}

    def follow(path: tuple[str, ...]) -> None:
        for nearer in sorted(edges.get(path[-1], ())):
            if nearer in path:
                circle = path[path.index(nearer) :]
                found.setdefault(frozenset(circle), " -> ".join((*circle, nearer)))
            else:
                follow((*path, nearer))

    for start in sorted(edges):
        follow((start,))
    return list(found.values())


def test_every_package_has_an_entry() -> None:
    rooms = {room(s.module) for s in sources()} - {""}
    assert rooms <= set(TABLE), "a new package says in TABLE what it may import"
    assert {f"{ROOT}.{name}" for name in MODULES} <= names()


def test_nobody_imports_what_is_not_his_to_import() -> None:
    faults = [fault for found in all_imports() if (fault := fault_of(found))]
    assert not faults, "\n" + "\n".join(faults)


def test_no_part_imports_another() -> None:
    faults = siblings(sources())
    assert not faults, "\n" + "\n".join(faults)


def test_packages_import_each_other_in_no_circle() -> None:
    edges: dict[str, set[str]] = {}
    for found in all_imports():
        here, there = room(found.module), room(found.target) if found.target.startswith(ROOT) else ""
        if there and there != here:
            edges.setdefault(here, set()).add(there)
    assert not loops(edges)


def test_no_module_grows_past_what_one_idea_needs() -> None:
    lines = {s.path: len(s.text.splitlines()) for s in sources()}
    assert {path: n for path, n in lines.items() if n > MOST_LINES} == {}, "a module past 400 lines holds two ideas"


def classes_named_twice(some: Iterable[Source]) -> dict[str, list[str]]:
    """Names that more than one class of these modules has, with where."""
    where: dict[str, list[str]] = {}
    for source in some:
        below: list[ast.AST] = [tree(source.text)]
        for node in below:
            below += statements(node)
            if isinstance(node, ast.ClassDef):
                where.setdefault(node.name, []).append(source.path)
    return {name: places for name, places in where.items() if len(places) > 1}


def test_one_name_is_one_class() -> None:
    assert classes_named_twice(sources()) == {}, "one word, one meaning"


def test_a_name_of_two_classes_is_told_with_both_places() -> None:
    two = [Source(f"m{n}", f"m{n}.py", "class Line: ...") for n in (1, 2)]
    assert classes_named_twice(two) == {"Line": ["m1.py", "m2.py"]}


@pytest.mark.parametrize(
    ("module", "text"),
    [
        ("domain.bars", "import httpx"),
        ("domain.bars", "from rotation_tui.store import market_store"),
        ("board.rows", "import pandas as pd"),
        ("board.rows", "def late() -> None:\n    import numpy.typing"),
        ("board.rows", "from rotation_tui.studies.pair import Pair"),
        ("workers.desk", "from rotation_tui.providers import yahoo"),
        ("workers.desk", "from textual.app import App"),
        ("workers.desk", "from rotation_tui.config.schema import Config"),
        ("panes.risk", "from textual.widget import Widget"),
        ("panes.risk", "from rotation_tui.store.market_store import Snapshot"),
        ("screens.compose", "from rotation_tui.panes.risk import PANE"),
        ("widgets.frame", "import textual"),
        ("widgets.frame", "from rotation_tui.domain.window import Window"),
        ("widgets.chart", "import plotext"),
        ("providers.fred", "import websockets"),
        ("providers.fred", "if TYPE_CHECKING:\n    pass\nelse:\n    import websockets"),
        ("config.check", "from rotation_tui.checks.evaluate import all_checks"),
        ("config.load", "def late() -> None:\n    from rotation_tui.checks.evaluate import all_checks"),
        ("theme.palette", "from textual.theme import Theme"),
        ("workers.desk", "from ..app import setup"),
        ("studies.pair", "from ..providers.base import Fault"),
    ],
)  # fmt: skip
def test_a_wrong_import_is_named_with_file_and_line(module: str, text: str) -> None:
    source = Source(f"{ROOT}.{module}", f"{module}.py", text)
    faults = [fault for found in imports(source, names()) if (fault := fault_of(found))]
    assert len(faults) == 1
    assert faults[0].startswith(f"{module}.py:{text.count(chr(10)) + 1}: ")


def test_a_part_that_imports_another_or_its_companion_is_named() -> None:
    made = [
        Source(
            f"{ROOT}.providers.a",
            "a.py",
            "PROVIDER = 1\nfrom rotation_tui.providers import table\nfrom rotation_tui.providers.a import wire",
        ),
        Source(f"{ROOT}.providers.a.wire", "wire.py", "from rotation_tui.providers import table"),
        Source(f"{ROOT}.providers.table", "table.py", ""),
        Source(f"{ROOT}.providers.b", "b.py", "PROVIDER: int = 1\nfrom rotation_tui.providers.a.wire import x"),
        Source(f"{ROOT}.providers.c", "c.py", "PROVIDER = 1\n\nfrom rotation_tui.providers.b import x"),
        Source(f"{ROOT}.providers.tool", "tool.py", "from rotation_tui.providers.a.wire import x"),
        Source(f"{ROOT}.checks.some", "some.py", "CHECKS = ()"),
        Source(f"{ROOT}.checks.all", "all.py", "from rotation_tui.checks import some"),
    ]
    assert [fault.split(": ")[0] for fault in siblings(made)] == ["b.py:2", "c.py:3", "tool.py:1"]


def test_a_circle_of_packages_is_named_once() -> None:
    assert loops({"a": {"b"}, "b": {"c", "d"}, "c": {"a"}}) == ["a -> b -> c -> a"]
    assert loops({"a": {"b", "c"}, "b": {"c"}}) == []


HEAVY = ("pandas", "numpy", "plotext", "httpx", "websockets", "zstandard")
SLOW = ("asyncio", "rich.console", "rich.style", "pickle", "subprocess", "difflib")
"""What the first paint alone can do without: 40 ms together."""
FIRST_PAINT = """
from datetime import UTC, datetime
import rotation_tui.app.monitor
from rotation_tui import plugins
from rotation_tui.board.assemble import Scope, assemble
from rotation_tui.board.contract import Mode
from rotation_tui.config.schema import Config
from rotation_tui.config.universe import universe
from rotation_tui.domain.session import nyse
from rotation_tui.screens.compose import Canvas, compose
from rotation_tui.screens.view import View
from rotation_tui.store.market_store import Snapshot
from rotation_tui.widgets.glyphs import UNICODE
now, config = datetime(2026, 6, 22, 15, tzinfo=UTC), Config()
board = assemble(Snapshot(), Scope(universe(config), nyse(), Mode.LIVE), now)
panes = [plugins.load("rotation_tui.panes", name, "PANE") for name in config.layout.overview]
assert len(compose(board, View(), panes, Canvas(120, 40, UNICODE, UTC), now).rows) == 40
"""
OPENING = """
import rotation_tui.terminal.first_paint
import rotation_tui.cli.monitor
from rotation_tui.app.scene import Wish, set_scene
from rotation_tui.app.viewer import Viewer
from rotation_tui.config.schema import Config, Loaded
from rotation_tui.screens.view import View
from rotation_tui.theme.load import load_theme
rows = Viewer(set_scene(Loaded(Config(), None), Wish(demo_seed=7)), View(), ascii_only=False).draw(120, 40).rows
rotation_tui.terminal.first_paint._drawn(rows, load_theme("dark", None).palette)
"""
JUDGING = ("checks", "claims", "evidence", "evaluation.evaluate", "evaluation.pipeline", "studies")
"""What works studies out: 1 MB that a monitor whose studies have a process of their own has no use for."""
PREPARED = """
from rotation_tui.app.scene import Wish, set_scene
from rotation_tui.app.setup import prepare
from rotation_tui.config.schema import Config, Loaded
loaded, wish = Loaded(Config(), None), Wish(demo_seed=7)
run = prepare(loaded, wish, set_scene(loaded, wish), apart=True)
assert "UNRATE" in run.desk._context.followed.series_ids
"""
PROGRAM_HELP = """
import contextlib, io, sys
import rotation_tui.__main__
sys.argv[1:] = ["--help"]
with contextlib.redirect_stdout(io.StringIO()) as said, contextlib.suppress(SystemExit):
    rotation_tui.__main__.main()
assert "Usage" in said.getvalue()
"""


@pytest.mark.parametrize(
    ("script", "unwanted"),
    [
        pytest.param("import rotation_tui.workers.desk", ("textual", "rich", *HEAVY), id="desk"),
        pytest.param("import rotation_tui.workers.evaluate", ("textual", "rich", *HEAVY), id="evaluate"),
        pytest.param("import rotation_tui.app.setup", ("textual", "rich", *HEAVY), id="setup"),
        pytest.param(
            PREPARED,
            ("textual", "rich", *(f"rotation_tui.{name}" for name in JUDGING), *HEAVY),
            id="studies-apart",
        ),
        pytest.param(
            f"{PREPARED}\nimport rotation_tui.app.monitor",
            tuple(f"rotation_tui.{name}" for name in (*JUDGING, "alerts", "app.copying", "app.export")),
            id="monitor",
        ),
        pytest.param(
            "from rotation_tui import plugins\nfor name in plugins.names('rotation_tui.providers'):\n"
            "    plugins.own('rotation_tui.providers', name, 'PROVIDER')",
            ("statistics", "tomlkit", "keyring", *HEAVY),
            id="sources",
        ),
        pytest.param(FIRST_PAINT, HEAVY, id="first-paint"),
        pytest.param(
            "import rotation_tui.__main__",
            tuple(f"rotation_tui.cli.{name}_commands" for name in ("alert", "config", "consensus", "outlet")),
            id="commands",
        ),
        pytest.param(
            OPENING,
            ("textual", "rotation_tui.checks", "rotation_tui.workers", "importlib.metadata", *SLOW, *HEAVY),
            id="opening",
        ),
    ],
)
def test_what_is_not_needed_is_not_loaded(script: str, unwanted: tuple[str, ...]) -> None:
    assert loaded(script, unwanted) == "[]"


def test_the_list_of_commands_loads_no_screen() -> None:
    assert loaded(PROGRAM_HELP, ("textual", *HEAVY)) == "[]"


def test_what_is_loaded_is_seen() -> None:
    assert loaded("import rotation_tui.terminal.ledger", ("textual", "httpx")) == "['textual']"


def loaded(script: str, names: tuple[str, ...]) -> str:
    """Which of `names` a fresh Python has loaded after `script`."""
    told = f"{script}\nimport sys\nprint([name for name in {names!r} if name in sys.modules])"
    run = subprocess.run([sys.executable, "-c", told], cwd=HOME.parent, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    return run.stdout.strip()
