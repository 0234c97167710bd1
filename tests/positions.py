"""A book to draw: what the board tells of positions that nobody holds."""

from datetime import UTC, date, datetime, timedelta

from msgspec.structs import replace

from rotation_tui.board.holding_rows import LotRow, PlannedTrade, PortfolioRow, PositionRow, Rebalance
from rotation_tui.domain.state import State

NOW = datetime(2026, 6, 22, 15, 0, 30, tzinfo=UTC)
CLOSES = date(2026, 6, 18)


def position(name: str, at: int = 1, **more: object) -> PositionRow:
    """One position with a made-up number in every place."""
    shares, last = 10.0 * (at + 1), 100.0 + 7 * at
    lots = (
        LotRow(shares - 4, 90.0, date(2025, 3, 4), (shares - 4) * (last - 90)),
        LotRow(4.0, 95.0, None, 4 * (last - 95)),
    )
    row = PositionRow(
        id=name, symbol=name.partition("@")[0], account=name.partition("@")[2], currency="USD", quantity=shares,
        cost=91.0 + at, last=last, change_pct=0.5 - at, value=shares * last, day_money=12.0 - 30 * at,
        contribution_pp=0.2 - at / 10, total_money=200.0 - 90 * at, total_pct=8.0 - 3 * at, weight_pct=40.0 - 9 * at,
        net_weight_pct=41.0 - 9 * at, beta_small=1.0 - at / 4, beta_large=at / 3, beta_small_error=0.05,
        beta_large_error=0.06, beta_n=252, small_part_pct=100.0 - 20 * at, small_how="IWM holds it", lots=lots,
        as_of=NOW - timedelta(seconds=20), session=NOW.date(), source="yahoo", state=State.LIVE, current=True,
        study_as_of=CLOSES,
    )  # fmt: skip
    return replace(row, **more)


PORTFOLIO = PortfolioRow(
    positions=4, known=4, value=8_000.0, gross=8_400.0, day_money=-12.0, day_pp=-0.14, total_money=650.0, total_pct=8.6,
    small_share=32.2, small_share_of_known=32.2, classed=4, unclassed_pct=0.0, market_small_share=4.6,
    market_as_of=CLOSES, regression_small_share=29.4, regression_error_pp=2.1, beta_small=0.28, beta_large=0.7,
    beta_small_error=0.02, beta_large_error=0.03, beta_n=252, pair="RUT−SPX", pair_beta=0.24, pair_error=0.03,
    pair_n=252, pair_day_pp=-0.05, as_of=NOW - timedelta(seconds=20), study_as_of=CLOSES, study_state=State.CLOSED,
    state=State.LIVE, reasons={},
    rebalance=Rebalance(40.0, 32.2, 39.9, (
        PlannedTrade("SPY", "sell", 5, 685.0, 3_425.0, 42.8, 45.0, 40.0),
        PlannedTrade("IWM", "buy", 13, 246.0, 3_198.0, 40.0, 60.0, 73.0),
    ), 227.0, 2.8, 8.6),
)  # fmt: skip
"""All of it together, with nothing missing."""

POSITIONS = (position("IWM", 0), position("SPY", 1), position("BRK-B", 2), position("IJR@pension", 3))
UNKNOWN_POSITIONS = tuple(
    replace(
        row, cost=None, last=None, change_pct=None, value=None, day_money=None, contribution_pp=None, total_money=None,
        total_pct=None, weight_pct=None, net_weight_pct=None, beta_small=None, beta_large=None, beta_n=0,
        small_part_pct=None, small_how=None, as_of=None, source=None, state=State.UNKNOWN, why="no price yet",
        reasons={"small_part_pct": "nobody knows"},
    )
    for row in POSITIONS
)  # fmt: skip
UNKNOWN_PORTFOLIO = PortfolioRow(
    positions=4, known=0, value=None, gross=None, day_money=None, day_pp=None, total_money=None, total_pct=None,
    small_share=None, small_share_of_known=None, classed=0, unclassed_pct=None, market_small_share=None,
    market_as_of=None, regression_small_share=None, regression_error_pp=None, beta_small=None, beta_large=None,
    beta_small_error=None, beta_large_error=None, beta_n=0, pair="", pair_beta=None, pair_error=None, pair_n=0,
    pair_day_pp=None, as_of=None, study_as_of=None, study_state=State.UNKNOWN, state=State.UNKNOWN,
    reasons={"small_share": "IWM: no price yet"}, why="IWM and 3 more: no price yet",
    rebalance=Rebalance(40.0, None, why="IWM: no price yet"),
)  # fmt: skip
"""The same where nothing has arrived."""
