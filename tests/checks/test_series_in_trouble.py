"""One series that stops, is renamed or comes as text costs its own checks, which say why; the others go on."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from rotation_tui.checks.evaluate import all_checks
from rotation_tui.domain.reading import Level, Reading
from rotation_tui.domain.session import nyse
from rotation_tui.providers.fred import parse_observations
from tests.checks.material import YEAR_END, evaluate, inputs

IDS = ("DFEDTARU", "DFEDTARL", "DGS2", "DGS10", "DFII10")
DAYS = nyse().sessions(date(2024, 12, 2), date(2025, 12, 30))
NOW = datetime(2025, 12, 31, 12, tzinfo=UTC)
OTHERS = {"F1": Level.WATCH, "F2": Level.OK, "F4": Level.OK}
Rows = list[list[str]]


def rows() -> Rows:
    """A good table: the header, then a row a session."""
    return [["observation_date", *IDS], *([str(day), "3.75", "3.50", "3.60", "4.10", "1.90"] for day in DAYS)]


def readings(table: Rows) -> dict[str, Reading]:
    """The checks of rates on what FRED's table gives."""
    body = "".join(",".join(row) + "\n" for row in table).encode()
    reply = parse_observations(body, IDS, NOW)
    skipped = [check.id for check in all_checks() if check.group != "F"]
    (group,) = evaluate(inputs(observations=reply.series, withheld=reply.missing), skip=skipped)
    return {reading.id: reading for reading in group.checks}


def cell(change: Callable[[int, str], str]) -> Rows:
    """The table with `change` of every cell of DGS10, told its row and what stood there."""
    at = IDS.index("DGS10") + 1
    return [[change(n, text) if i == at else text for i, text in enumerate(row)] for n, row in enumerate(rows())]


@pytest.mark.parametrize(
    ("table", "why"),
    [
        (cell(lambda n, text: "" if n > len(DAYS) - 10 else text), "stale: 11 sessions old, limit 4"),
        (
            cell(lambda n, text: "withdrawn" if n == 7 else text),
            'needs DGS10 (line 8, column DGS10: "withdrawn" is not a number)',
        ),
        (cell(lambda n, text: text if n else "DGS10_20251230"), "needs DGS10 (FRED's answer lacks DGS10)"),
        (
            cell(lambda n, text: "" if n else text),
            "needs DGS10 (FRED has no observation of DGS10 in this span)",
        ),
        (cell(lambda n, text: "" if 0 < n < len(DAYS) - 30 else text), "needs 64 values, have 31"),
    ],
    ids=["stops", "text", "renamed", "nothing", "short"],
)
def test_a_series_in_trouble_costs_its_own_check(table: Rows, why: str) -> None:
    found = readings(table)
    assert (found["F3"].level, found["F3"].value, found["F3"].why) == (Level.UNKNOWN, None, why)
    assert {name: found[name].level for name in OTHERS} == OTHERS


def test_the_old_header_and_its_dots_are_read_as_well() -> None:
    old = cell(lambda n, text: "." if n == 100 else text)
    old[0][0] = "DATE"
    found = readings(old)
    assert {name: found[name].level for name in ("F3", *OTHERS)} == {"F3": Level.OK, **OTHERS}
    assert found["F3"].as_of == DAYS[-1]
    assert DAYS[-1] < YEAR_END
