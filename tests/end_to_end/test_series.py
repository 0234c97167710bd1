"""Macro series in the running program: who gives them, who stands in, and that a restart asks for none of them."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from rotation_tui.checks.evaluate import all_checks
from tests.end_to_end.home import PROGRAM, ROOT, SMALL_BOARD, Home, quit_cleanly
from tests.patience import PATIENCE_S
from tests.upstream import replies
from tests.upstream.server import Upstream

pytestmark = pytest.mark.terminal

READ = ("E2", "F2", "F3", "F4")
"""Checks that read the curve: its slope, the 2 years, the 10 years and the real 10 years."""


@pytest.fixture
def home(tmp_path: Path, upstream: Upstream, filled: Path) -> Home:
    """A user of the checks on the curve who has never had an answer from FRED."""
    skipped = ", ".join(f'"{check.id}"' for check in all_checks() if check.id not in READ)
    tables = re.sub(r"(?<=\[risk\]\nskip = )\[.*\]", f"[{skipped}]", SMALL_BOARD)
    home = Home(tmp_path, upstream, tables=tables, filled=filled)
    shutil.rmtree(home.state / "history" / "fred")
    return home


def board(home: Home) -> dict[str, Any]:
    """What `snapshot` prints."""
    env = {name: value for name, value in home.environment().items() if value is not None}
    done = subprocess.run(
        [*PROGRAM, "snapshot", "--format", "json", "--timeout", "300"],
        env=env, cwd=ROOT, capture_output=True, text=True, timeout=3 * PATIENCE_S, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def readings(board: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Checks by id."""
    return {check["id"]: check for group in board["risk"] for check in group["checks"]}


def test_while_fred_is_down_the_curve_is_the_treasurys_and_then_freds_again(home: Home, upstream: Upstream) -> None:
    upstream.tell("fred", replies.server_error())
    with home.start(columns=200, rows=50) as session:
        session.wait_for("SPX")
        session.press("4")
        session.wait_for(lambda seen: re.search(r"10 years .* treasury", seen) is not None)
        session.wait_for(lambda seen: re.search(r"10y real .* treasury", seen) is not None)
        asked = upstream.count("treasury")
        assert asked == 12  # two curves, six years
        session.press("6")
        session.wait_for(lambda seen: re.search(r"fred .*DOWN .*HTTP 500", seen) is not None)
        session.wait_for(lambda seen: re.search(r"treasury .*LIVE", seen) is not None)
        upstream.behave()
        session.press("4")
        session.wait_for(lambda seen: re.search(r"10 years .* fred", seen) is not None)
        session.wait_for(lambda seen: re.search(r"10y real .* fred", seen) is not None)
        assert upstream.count("treasury") == asked
        quit_cleanly(session)
    assert home.log() == ""


def test_the_treasury_feeds_the_checks_and_a_restart_asks_nothing(home: Home, upstream: Upstream) -> None:
    upstream.tell("fred", replies.server_error())
    found = readings(board(home))
    assert {check: found[check]["source"] for check in READ} == {
        "E2": "treasury", "F2": "treasury + newyorkfed", "F3": "treasury", "F4": "treasury",
    }  # fmt: skip
    assert all(found[check]["level"] != "UNKNOWN" for check in READ)
    asked = upstream.count("treasury")
    upstream.behave()
    again = readings(board(home))
    assert {check: again[check]["source"] for check in READ} == {
        "E2": "fred", "F2": "fred + newyorkfed", "F3": "fred", "F4": "fred",
    }  # fmt: skip
    assert {check: again[check]["value"] for check in READ} == pytest.approx(
        {check: found[check]["value"] for check in READ}
    )
    of_fred = upstream.count("fred")
    upstream.tell("fred", replies.server_error())
    assert readings(board(home))["F3"]["source"] == "fred"
    assert upstream.count("fred") == of_fred
    assert upstream.count("treasury") == asked
    assert upstream.count("newyorkfed") == 0
