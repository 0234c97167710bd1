"""Measure and print: `python -m tests.benchmarks [--quick] [--only NAME] [--peers FOLDER] [--json FILE]`."""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

from tests.benchmarks import alerts, calm, cold, hub, keys, load, long, paint, papers, peers, requests, streams, tape
from tests.benchmarks.rows import Row, as_json, table
from tests.benchmarks.stage import Stage, about, staged

SCENARIOS: Final[dict[str, Callable[[Stage, bool], list[Row]]]] = {
    "paint": paint.first_paint,
    "ink": paint.cells_with_ink,
    "keys": keys.first_keys,
    "cold": cold.cold_start,
    "closed": calm.closed_market,
    "live": calm.live_quotes,
    "cells": load.sixty_cells,
    "further": load.further_symbols,
    "burst": load.burst,
    "alerts": alerts.thousand_rules,
    "streams": streams.streams,
    "tape": tape.tape,
    "hub": hub.hub,
    "studies": load.studies,
    "past": load.time_machine,
    "papers": papers.papers,
    "memory": long.memory,
    "stall": load.stalled_terminal,
    "session": long.session_over_ssh,
    "requests": requests.requests,
    "peers": peers.peers,
}

ALONE: Final = ("hub",)
"""Those that make a crowd of programs of their own: a quick look leaves them out unless they are named."""


def main() -> int:
    """Run the scenarios; 0 however they end, for a busy machine is nobody's fault."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="shorter windows and fewer repetitions")
    parser.add_argument("--only", action="append", choices=SCENARIOS, metavar="NAME", help=", ".join(SCENARIOS))
    parser.add_argument("--peers", type=Path, metavar="FOLDER", help="where other monitors are, see peers.py")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there as well")
    options = parser.parse_args()
    rows: list[Row] = []
    described = about()
    with tempfile.TemporaryDirectory(prefix="rotation-tui-") as folder, staged(Path(folder), options.peers) as stage:
        for name in options.only or [name for name in SCENARIOS if name not in ALONE or not options.quick]:
            rows += _run(name, stage, options.quick)
    print(table(rows))
    print("\n" + ", ".join(f"{key} {value}" for key, value in described.items()))
    if options.json is not None:
        options.json.write_text(as_json(rows, described), encoding="utf-8")
    return 0


def _run(name: str, stage: Stage, quick: bool) -> list[Row]:
    """One scenario's rows; one that fails says so and stops no other."""
    started = time.monotonic()
    try:
        rows = SCENARIOS[name](stage, quick)
    except Exception as fault:
        rows = [Row(name, "could not be measured", holds=False, note=f"{type(fault).__name__}: {str(fault)[:400]}")]
    print(f"{name}: {time.monotonic() - started:.0f} s", file=sys.stderr)
    return [row if row.holds is not False else _doubted(row) for row in rows]


def _doubted(row: Row) -> Row:
    """A row that does not hold, with what else the machine was doing: times that are wanted on an idle one double."""
    wanted, cores = os.getloadavg()[0], os.cpu_count()
    return replace(
        row, note="; ".join(filter(None, (row.note, f"{wanted:.1f} processes wanted {cores} cores meanwhile")))
    )


if __name__ == "__main__":
    sys.exit(main())
