"""The JSON board of a past day from files, made in this process: what `snapshot --as-of` would print."""

import asyncio
import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pandas as pd

from rotation_tui.app.scene import Wish
from rotation_tui.app.setup import prepare
from rotation_tui.cli.snapshot import exit_code_of
from rotation_tui.config.load import load

KINDS = {"closes": "close", "adjusted": "adjusted_close", "observations": "observation"}


def written(folder: Path, tables: Mapping[str, pd.DataFrame | str]) -> Path:
    """A config whose feeds are these tables, named as in KINDS; a text is written as it stands."""
    lines = []
    for name, table in tables.items():
        text = table if isinstance(table, str) else table.to_csv(index_label="date")
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
        lines += ["[[feeds]]", 'provider = "csv_file"', f'path = "{name}.csv"', f'kind = "{KINDS[name]}"']
    config = folder / "config.toml"
    config.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return config


def board(config: Path, as_of: str) -> tuple[dict[str, Any], int]:
    """The board as parsed JSON, and the exit code that goes with it."""

    async def made() -> tuple[dict[str, Any], int]:
        run = prepare(load(config), Wish(as_of=date.fromisoformat(as_of)))
        await run.desk.open()
        try:
            assert await run.settled(60)
            found = run.board()
        finally:
            await run.desk.close()
        return json.loads(msgspec.json.encode(found)), exit_code_of(found)

    return asyncio.run(made())


def row(found: Mapping[str, Any], table: str, name: str) -> dict[str, Any]:
    """One row by its id."""
    return next(r for r in found[table] if r["id"] == name)
