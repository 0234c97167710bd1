"""The suite itself: the same tests with the same data on every day, in every process."""

import ast
import importlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import elsewhere

pytestmark = pytest.mark.whole

ROOT = Path(__file__).resolve().parents[1]
COLLECT = ("-m", "pytest", "-p", "tests.elsewhere", "--collect-only", "-qq", "-n", "0", "-m", "")
CHEAPLY = ("--assert=plain", "-p", "no:cacheprovider")
ONCE = {"PYTHONHASHSEED": "1", "TZ": "Asia/Tokyo", elsewhere.AT: "1750689000"}
"""A Monday in June, the exchange open."""
AGAIN = {"PYTHONHASHSEED": "2", "TZ": "America/Los_Angeles", elsewhere.AT: "1798700399", elsewhere.BACKWARDS: "1"}
"""The last second of a year, the exchange closed, and every folder listed backwards."""


def collecting(into: Path, surroundings: dict[str, str]) -> "subprocess.Popen[str]":
    env = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "COV"))}
    return subprocess.Popen(
        [sys.executable, *COLLECT, *CHEAPLY], cwd=ROOT, env=env | surroundings | {elsewhere.TO: str(into)},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip


def test_what_is_collected_depends_on_no_clock_no_order_and_no_process(tmp_path: Path) -> None:
    files = (tmp_path / "once", tmp_path / "again")
    for process in [collecting(file, where) for file, where in zip(files, (ONCE, AGAIN), strict=True)]:
        said = process.communicate()[0]
        assert process.returncode == 0, said
    once, again = (file.read_text(encoding="utf-8").splitlines() for file in files)
    assert len(once) > 1000
    moved = [f"{a[:300]}\n   {b[:300]}" for a, b in zip(once, again, strict=False) if a != b]
    assert not moved, "collected otherwise on another day:\n" + "\n".join(moved[:10])
    assert len(once) == len(again)


def drawn() -> list[tuple[int, str]]:
    """What hypothesis makes up for a test."""
    seen: list[tuple[int, str]] = []

    @given(st.integers(), st.text())
    def test(number: int, text: str) -> None:
        seen.append((number, text))

    test()
    return seen


def test_examples_do_not_depend_on_what_was_imported_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if settings.get_current_profile_name() == "search":
        pytest.skip("new examples are looked for")
    before = drawn()
    code = "\n".join(f"N{n} = {n * 7919 + 31337}; T{n} = 'word number {n}'" for n in range(500))
    (tmp_path / "full_of_constants.py").write_text(code, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    importlib.import_module("full_of_constants")
    assert drawn() == before


CHANCE = {
    *("datetime.now", "datetime.today", "datetime.utcnow", "date.today", "time.time", "time.time_ns", "time.localtime"),
    *("time.gmtime", "time.strftime", "os.getpid", "os.urandom", "uuid.uuid1", "uuid.uuid4", "tempfile.mkdtemp"),
    *("random.random", "random.randint", "random.choice", "random.shuffle", "random.sample", "random.uniform"),
    *("np.random.rand", "np.random.randn", "np.random.random", "np.random.normal", "np.random.choice"),
    *("np.random.shuffle", "np.random.permutation", "np.random.seed"),
}
"""Calls that answer otherwise each time."""
SEEDED = {"random.Random", "np.random.default_rng"}
"""The same where no seed is given."""
ALLOWED = {
    "upstream/market.py": "sets the real time off against its own",
    "end_to_end/program.py": "moves the clock of the program by as much",
    "upgrade/make.py": "the same, for a version of before",
    "live/asking.py": "asks what is true now",
    "live/test_sources.py": "the same",
    "app/test_at_hub.py": "its server speaks at the real time, by which a terminal judges its silence",
    "domain/test_clock.py": "the system's clock is what it tests",
    "cli/test_alerts.py": "the commands that it starts read that clock",
    "cli/test_keys.py": "the same",
    "cli/test_statusline.py": "the same",
}


def left_to_chance(source: str) -> Iterator[tuple[int, str]]:
    """Line and name of each call in a test whose answer is not the same every time."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func)
            packs = name == "gzip.compress" and all(given.arg != "mtime" for given in node.keywords)
            if name in CHANCE or packs or (name in SEEDED and not node.args):
                yield node.lineno, name


def test_no_test_leaves_its_data_to_the_clock_or_to_chance() -> None:
    files = {str(path.relative_to(ROOT / "tests")): path for path in sorted((ROOT / "tests").rglob("*.py"))}
    found = {
        f"{name}:{line} {call}"
        for name, path in files.items()
        if name not in ALLOWED and not name.startswith("benchmarks/")
        for line, call in left_to_chance(path.read_text(encoding="utf-8"))
    }
    assert not found
    assert files.keys() >= ALLOWED.keys()


@pytest.mark.parametrize(
    ("code", "calls"),
    [
        ("x = datetime.now(UTC)", ["datetime.now"]),
        ("def test(): assert random.Random().random()", ["random.Random"]),
        ("chance = random.Random(7); rng = np.random.default_rng(1)", []),
        ("gzip.compress(b''); gzip.compress(b'', mtime=0)", ["gzip.compress"]),
    ],
)
def test_what_is_left_to_chance_is_seen(code: str, calls: list[str]) -> None:
    assert [call for _, call in left_to_chance(code)] == calls
