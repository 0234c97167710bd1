"""What scripts are told of prices and closes that are old, and in whatever order they came."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from rotation_tui.checks.evaluate import all_checks
from rotation_tui.claims.audit import all_claims
from rotation_tui.cli.tabular import as_csv
from rotation_tui.domain.clock import SystemClock
from rotation_tui.domain.session import EASTERN
from rotation_tui.domain.state import State
from tests.boards import FULL
from tests.cli.conftest import Run
from tests.upstream import replies
from tests.upstream.server import Upstream

pytestmark = pytest.mark.whole

TUESDAY = date(2026, 11, 24)
BOARD = """
sectors = []
[[feeds]]
provider = "yahoo"
[[tickers]]
id = "IWM"
symbol = "IWM"
[[tickers]]
id = "SPY"
symbol = "SPY"
[[spreads]]
id = "IWM-SPY"
small = "IWM"
large = "SPY"
[risk]
skip = [{checks}]
[claims]
skip = [{claims}]
""".format(
    checks=", ".join(f'"{check.id}"' for check in all_checks()),
    claims=", ".join(f'"{claim.id}"' for claim in all_claims()),
)
SPARK, CHART = "yahoo/v7/finance/spark", "yahoo/v8/finance/chart"


def at(day: date, clock: str) -> datetime:
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=EASTERN).astimezone(UTC)


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    with Upstream() as server:
        yield server


class Desk:
    """Snapshots of one user at moments of our choosing; the sources' prices are of `printed`."""

    def __init__(self, run: Run, upstream: Upstream, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self._run, self._upstream, self._patch = run, upstream, monkeypatch
        self._config = folder / "config.toml"
        self._config.write_text(f"{BOARD}{upstream.config()}", encoding="utf-8")

    def board(self, now: datetime, printed: datetime | None = None) -> tuple[int, dict[str, Any]]:
        """Exit code and board."""
        self._patch.setattr(SystemClock, "now", lambda _: now)
        self._upstream.market.hold(printed or now)
        result = self._run("snapshot", "--config", str(self._config), "--format", "json", "--timeout", "60")
        assert result.exit_code in (0, 3), result.output
        return result.exit_code, json.loads(result.stdout)


@pytest.fixture
def desk(run: Run, upstream: Upstream, home: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    return Desk(run, upstream, home, monkeypatch)


@pytest.mark.parametrize(
    ("now", "printed", "since"),
    [
        (at(TUESDAY, "14:30"), at(TUESDAY, "10:05"), "10:04"),  # the last print before it
        (at(date(2026, 11, 23), "10:27"), at(date(2026, 11, 20), "16:00"), "Fri 16:00"),
    ],
    ids=["since the morning", "since Friday"],
)
def test_a_source_that_stands_still_gives_no_current_price(
    desk: Desk, now: datetime, printed: datetime, since: str
) -> None:
    code, board = desk.board(now, printed)
    assert code == 3
    assert {t["state"] for t in board["tickers"]} == {"STALE"}
    assert {t["current"] for t in board["tickers"]} == {False}
    assert board["spreads"][0]["state"] == "STALE"
    assert [f["state"] for f in board["feeds"]] == ["LATE"]
    assert board["feeds"][0]["fault"].startswith(f"no new price since {since} New York")


def test_todays_prices_over_closes_of_long_ago_are_no_current_spread(desk: Desk, upstream: Upstream) -> None:
    long_ago = date(2026, 11, 6)
    assert desk.board(at(long_ago, "17:00"))[0] == 0
    upstream.tell(CHART, replies.server_error())
    code, board = desk.board(at(TUESDAY, "14:30"))
    assert code == 3
    assert [(t["state"], t["study_state"], t["study_as_of"]) for t in board["tickers"]] == [
        ("LIVE", "STALE", str(long_ago))
    ] * 2
    assert {t["sessions_since_record"] for t in board["tickers"]} == {None}
    assert all(t["reasons"]["sessions_since_record"] == f"stale: closes end {long_ago}" for t in board["tickers"])
    pair = board["spreads"][0]
    assert (pair["state"], pair["study_as_of"], pair["why"]) == (
        "STALE", str(long_ago), f"stale: closes end {long_ago}",
    )  # fmt: skip
    assert board["verdict"]["regime"] == "UNKNOWN"


@pytest.mark.parametrize(
    ("now", "close"),
    [
        (at(TUESDAY, "14:30"), "2026-11-23T21:00:00Z"),
        (at(TUESDAY, "17:00"), "2026-11-23T21:00:00Z"),
        (at(date(2026, 11, 25), "08:00"), "2026-11-23T21:00:00Z"),
        (at(date(2026, 11, 26), "12:00"), "2026-11-24T21:00:00Z"),
        (at(date(2026, 11, 27), "12:00"), "2026-11-25T21:00:00Z"),
        (at(date(2026, 11, 27), "14:00"), "2026-11-25T21:00:00Z"),
        (at(date(2026, 11, 28), "12:00"), "2026-11-25T21:00:00Z"),
        (at(date(2026, 11, 30), "12:00"), "2026-11-27T18:00:00Z"),
    ],
    ids=[
        "in the session",
        "after it",
        "before the next",
        "holiday",
        "half day",
        "after its close",
        "Saturday",
        "Monday",
    ],
)
def test_a_first_visit_is_compared_with_the_close_before_what_is_shown(desk: Desk, now: datetime, close: str) -> None:
    _, board = desk.board(now)
    since = board["since"]
    assert (since["at"], since["why"]) == (close, None)
    assert {"who leads", "record"} <= set(since["compared"])
    assert "claim" not in since["compared"], "there are none here"


def test_a_table_says_of_each_value_how_old_it_is() -> None:
    board = replace(FULL, tickers=(replace(FULL.tickers[0], study_state=State.STALE, study_as_of=date(2026, 6, 2)),))
    lines = {row["measure"]: row for row in csv.DictReader(io.StringIO(as_csv(board))) if row["table"] == "ticker"}
    assert {lines["last"]["state"], lines["1D"]["state"]} == {"LIVE"}
    for measure in ("1M", "YTD", "from_record"):
        assert (lines[measure]["state"], lines[measure]["as_of"]) == ("STALE", "2026-06-02")


def test_an_error_on_one_chart_leaves_the_other_whole(desk: Desk, upstream: Upstream) -> None:
    upstream.tell(f"{CHART}/IWM", replies.server_error())
    code, board = desk.board(at(TUESDAY, "14:30"))
    assert code == 3
    iwm, spy = board["tickers"]
    assert spy["windows"]["YTD"] is not None
    assert iwm["last"] is not None
    assert iwm["windows"]["YTD"] is None
    assert board["feeds"][0]["fault"].startswith("gives no history of IWM: ")


@pytest.mark.parametrize("late", [CHART, SPARK], ids=["price first", "history first"])
def test_a_fall_by_half_is_no_price_in_whatever_order_it_comes(desk: Desk, upstream: Upstream, late: str) -> None:
    upstream.market.scale("IWM", 0.5, "yahoo")
    upstream.tell(late, replies.slow(0.4))
    code, board = desk.board(at(TUESDAY, "14:30"))
    assert code == 3
    iwm, spy = board["tickers"]
    assert (iwm["last"], iwm["state"], spy["state"]) == (None, "UNKNOWN", "LIVE")
    assert "in quarantine" in iwm["why"]
