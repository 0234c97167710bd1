"""A row of the table: what was measured, what was wanted, and whether it holds."""

import json
import math
import statistics
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest


@dataclass(frozen=True, slots=True)
class Row:
    """One scenario's outcome. `holds` is None where nothing was wanted or it could not be measured.

    `figures` are the bare numbers for `--json`, `note` is what a reader needs to judge them.
    """

    scenario: str
    measured: str
    target: str = ""
    holds: bool | None = None
    note: str = ""
    figures: dict[str, float | None] = field(default_factory=dict)

    @property
    def verdict(self) -> str:
        """Yes, no, or a dash."""
        return {True: "yes", False: "NO", None: "-"}[self.holds]


_WIDTHS = (34, 44, 30, 5)


def table(rows: Iterable[Row]) -> str:
    """The rows as text of 120 columns, notes below their row."""
    lines = [_line(("scenario", "measured", "target", "holds")), "-" * 118]
    for row in rows:
        columns = (row.scenario, row.measured, row.target, row.verdict)
        wrapped = [textwrap.wrap(text, width) or [""] for text, width in zip(columns, _WIDTHS, strict=True)]
        lines += map(_line, zip_longest(*wrapped, fillvalue=""))
        lines += textwrap.wrap(row.note, 112, initial_indent="    ", subsequent_indent="    ")
    return "\n".join(line.rstrip() for line in lines)


def _line(columns: Sequence[str]) -> str:
    return "  ".join(text.ljust(width) for text, width in zip(columns, _WIDTHS, strict=True))


def as_json(rows: Iterable[Row], about: dict[str, str]) -> str:
    """The rows and what they were measured on, as JSON."""
    listed = [
        {"scenario": r.scenario, "measured": r.measured, "target": r.target, "holds": r.holds,
         "note": r.note, "figures": r.figures}
        for r in rows
    ]  # fmt: skip
    return json.dumps({"about": about, "rows": listed}, indent=2) + "\n"


def percentile(values: Sequence[float], share: float) -> float:
    """The value that `share` of the values do not exceed (nearest rank); raises ValueError for none."""
    if not values:
        raise ValueError("no values")
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def median(values: Sequence[float]) -> float:
    """The middle value."""
    return statistics.median(values)
