"""Digests of whole boards: `python -m tests.golden.boards` writes boards.json anew, for a change that is meant.

A digest a section, so that what changed is named. Floats count to eight digits, since the last ones differ from
machine to machine; times of asking do not count.
"""

import asyncio
import hashlib
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
import pytest

from rotation_tui.app.scene import Wish
from rotation_tui.app.setup import prepare
from rotation_tui.config.load import load
from tests import shared_material

FILE = Path(__file__).with_name("boards.json")
SEEDS = (7, 1, 42)
DAYS = (
    "2025-12-30",
    "2025-04-08",
    "2023-03-13",
    "2025-12-11",
    "2025-10-15",
    "2025-06-30",
    "2024-11-06",
    "2024-08-05",
    "2024-02-29",
    "2023-10-27",
)
NAMES = (*(f"demo {seed}" for seed in SEEDS), *(f"real {day}" for day in DAYS))
TIMES_OF_ASKING = {"generated_at", "checked_at", "last_success"}
FEEDS = """
[[feeds]]
provider = "csv_file"
path = "{0}/index_close_2005_2025.csv"
kind = "close"
columns = {{ IWM_px = "IWM", SPY_px = "SPY", QQQ_px = "QQQ" }}
[[feeds]]
provider = "csv_file"
path = "{0}/etf_total_return_close_2022H2_2025.csv"
kind = "adjusted_close"
[[feeds]]
provider = "csv_file"
path = "{0}/fred_2022H2_2025.csv"
kind = "observation"
"""


def digests(name: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The digest of each section of a board of NAMES; `folder` is empty and becomes its home."""
    monkeypatch.setenv("XDG_STATE_HOME", str(folder / "state"))
    history, (market, which) = "", name.split()
    config = folder / "config.toml"
    if market == "demo":
        config.write_text("", encoding="utf-8")
        wish = Wish(demo_seed=int(which), demo_speed=None)
    else:
        history = str(shared_material.path("history"))
        config.write_text(FEEDS.format(history), encoding="utf-8")
        wish = Wish(as_of=date.fromisoformat(which))

    async def made() -> Any:
        run = prepare(load(config), wish)
        await run.desk.open()
        try:
            assert await run.settled(120)
            text = msgspec.json.encode(run.board()).decode()
            return json.loads(text.replace(history, "history") if history else text)
        finally:
            await run.desk.close()

    board = asyncio.run(made())
    return {section: digest(value) for section, value in board.items() if section not in TIMES_OF_ASKING}


def digest(value: Any) -> str:
    """Sixteen hexadecimal digits of what `value` says."""
    return hashlib.sha256("\n".join(_said(value, "")).encode()).hexdigest()[:16]


def _said(value: Any, where: str) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in sorted(value.items()):  # the order of keys says nothing in JSON
            if key not in TIMES_OF_ASKING:
                yield from _said(inner, f"{where}.{key}")
    elif isinstance(value, list):
        yield f"{where} holds {len(value)}"
        for place, inner in enumerate(value):
            yield from _said(inner, f"{where}.{place}")
    else:
        yield f"{where} {value:.8g}" if isinstance(value, float) else f"{where} {value!r}"


def main() -> None:
    """Write all digests."""
    found = {}
    for name in NAMES:
        with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as monkeypatch:
            found[name] = digests(name, Path(folder), monkeypatch)
    FILE.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
