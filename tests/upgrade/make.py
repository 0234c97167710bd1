"""Make the folder of a version: `python tests/upgrade/make.py NAME` in its checkout, with PYTHONPATH=. before it.

A user with the config of the newest folder here takes one snapshot, then mutes a check, types a pair and changes how
things look, at noon of a session, against the local server; then lines are cut short.
"""

import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import time_machine

from tests.end_to_end.home import Home
from tests.terminal.pty_session import PtySession
from tests.upstream.market import UpstreamMarket
from tests.upstream.server import Upstream

HERE = Path(__file__).resolve().parent
MADE = datetime(2026, 11, 18, 17, 0, tzinfo=UTC)
PORT = ":8900/"
_PROGRAM = """import time, time_machine
time_machine.travel(time.time() + {shift}).start()
from rotation_tui.__main__ import main
main()"""
_ROWS = 20
"""So many closes and observations are left of a history."""
_DRAWN = 16
"""So many points are left of a line in the last known state."""


def main() -> None:
    """Make `NAME` beside the other folders."""
    target = HERE / sys.argv[1]
    like = sorted(folder for folder in HERE.glob("[0-9]*") if (folder / "user.toml").exists())[-1]
    shift = MADE.timestamp() - time.time()
    time_machine.travel(MADE.timestamp()).start()
    with tempfile.TemporaryDirectory() as folder, Upstream(UpstreamMarket()) as upstream:
        home = Home(Path(folder), upstream)
        user = (like / "user.toml").read_text(encoding="utf-8")
        home.config.write_text(user.replace(PORT, f":{upstream.port}/"), encoding="utf-8")
        shutil.copy(like / "closes.csv", home.config.parent)
        _use(home, [sys.executable, "-c", _PROGRAM.format(shift=shift)])
        _keep(home.state, target / "state")
    for name in ("user.toml", "closes.csv"):
        if like != target:
            shutil.copy(like / name, target)
    shutil.copy("config.example.toml", target)
    shutil.copy("themes/blue_orange.toml", target / "theme.toml")


def _use(home: Home, program: list[str]) -> None:
    environment = {name: value for name, value in home.environment().items() if value is not None}
    environment["PYTHONPATH"] = str(Path.cwd())
    subprocess.run([*program, "snapshot", "--timeout", "60"], env=environment, check=True, capture_output=True)
    with PtySession(program, columns=140, rows=44, env={**home.environment(), **environment}) as session:
        session.wait_for(lambda seen: "│ Small " in seen and "provisional" not in seen)
        session.press("4")
        session.wait_for("u mutes the selected one")
        for end in ("2026-11-18", "2026-11-25"):
            session.press("u")
            session.wait_for(f"F1 is muted until the end of {end}")
        session.press("2")
        session.wait_for("Small−S…")
        session.press("s", "/")
        session.wait_for(lambda seen: "pair of known symbols" in seen or "▊" in seen)
        session.send("PSCF/XLF\r")
        session.wait_for(lambda seen: re.search(r"PSCF−XLF +[+−]\d", seen) is not None)
        session.press("z", "c", "t", "q")
        session.exit_code()


def _keep(state: Path, target: Path) -> None:
    shutil.rmtree(target, ignore_errors=True)
    for file in state.rglob("*.json"):
        found = json.loads(file.read_bytes())
        if "history" in file.parts:
            for history in found.get("bars", [found.get("series")]):
                rows = len(history["dates"])
                history |= {k: v[-_ROWS:] for k, v in history.items() if isinstance(v, list) and len(v) == rows}
        elif file.name == "last_known.json":
            found["studies"] = _cut(found["studies"])
        kept = target / file.relative_to(state)
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(json.dumps(found, separators=(",", ":"), ensure_ascii=False) + "\n", encoding="utf-8")


def _cut(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _cut(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_cut(inner) for inner in value[-_DRAWN:]]
    return float(f"{value:.7g}") if isinstance(value, float) else value


if __name__ == "__main__":
    main()
