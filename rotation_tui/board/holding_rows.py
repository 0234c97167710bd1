"""Rows of the board about what the trader holds; `board/contract.py` has them as parts of the board.

Amounts are quantities, values, and profit and loss in money: in private mode they are None and `private` is true.
"""

from datetime import date, datetime

from msgspec import Struct

from rotation_tui.domain.state import State


class LotRow(Struct, frozen=True):
    """One lot of a position; `total_money` is its profit and loss since the trade."""

    quantity: float | None
    cost: float | None
    date: date | None
    total_money: float | None


class PositionRow(Struct, frozen=True):
    """All lots of a symbol in an account; numbers follow METHODOLOGY.md#positions.

    `cost` is the mean cost of a share. `weight_pct` is the signed value of the gross value of the book,
    `net_weight_pct` of the net one, `contribution_pp` what the day's profit and loss is of yesterday's gross value.
    Betas are to the small-cap fund with the large-cap one held still and the other way round, over `beta_n` returns
    to `study_as_of`. `small_part_pct` is how much of it is small caps, as `small_how` tells. `state` is that of the
    price, which is as of `as_of`. `reasons` tells for a number that is null why, and `source` is whose price it is.
    """

    id: str
    symbol: str
    account: str
    currency: str
    quantity: float | None
    cost: float | None
    last: float | None
    change_pct: float | None
    value: float | None
    day_money: float | None
    contribution_pp: float | None
    total_money: float | None
    total_pct: float | None
    weight_pct: float | None
    net_weight_pct: float | None
    beta_small: float | None
    beta_large: float | None
    beta_small_error: float | None
    beta_large_error: float | None
    beta_n: int
    small_part_pct: float | None
    small_how: str | None
    lots: tuple[LotRow, ...]
    as_of: datetime | None
    session: date | None
    source: str | None
    state: State
    current: bool
    study_as_of: date | None
    reasons: dict[str, str] | None = None
    why: str | None = None
    from_file: str = ""
    private: bool = False


class PlannedTrade(Struct, frozen=True):
    """Whole shares of one symbol to `buy` or `sell`; `of_book_pct` is their amount of the net value of the book."""

    id: str
    action: str
    quantity: int | None
    price: float
    amount: float | None
    of_book_pct: float
    before: float | None
    after: float | None


class Rebalance(Struct, frozen=True):
    """The trades that would bring the small-cap share by value from `now_pct` to about `target_pct`.

    `after_pct` is the share after them, `cash_left` what the sales bring in beyond what the purchases cost.
    `share_pp` is what one share of the dearest of them moves: the target is met within it, or `why` says what is in
    the way.
    """

    target_pct: float
    now_pct: float | None
    after_pct: float | None = None
    trades: tuple[PlannedTrade, ...] = ()
    cash_left: float | None = None
    cash_left_pct: float | None = None
    share_pp: float | None = None
    why: str | None = None


class PortfolioRow(Struct, frozen=True):
    """The book as a whole: totals of the `known` of `positions`, and its tilt by two methods (METHODOLOGY.md#tilt).

    Where not all positions are known `state` is UNKNOWN and `why` names those that are missing: then all numbers are
    of the known ones alone, and no alert on them comes true.

    `value` is net of what is sold short, `gross` adds it. `day_pp` is the day's profit and loss of yesterday's gross
    value, `total_pct` that since the trades of what they cost. `small_share` is the percent of the net value in small
    caps, null unless all positions are told apart; then `small_share_of_known` is of the `classed` ones, and
    `unclassed_pct` what the others are of the gross value. `market_small_share` is that of the whole market.
    `regression_small_share` follows from the betas over `beta_n` returns. `pair_beta` is what the book moves by per pp
    of `pair`, and `pair_day_pp` what the pair's move of today would come to by it.
    """

    positions: int
    known: int
    value: float | None
    gross: float | None
    day_money: float | None
    day_pp: float | None
    total_money: float | None
    total_pct: float | None
    small_share: float | None
    small_share_of_known: float | None
    classed: int
    unclassed_pct: float | None
    market_small_share: float | None
    market_as_of: date | None
    regression_small_share: float | None
    regression_error_pp: float | None
    beta_small: float | None
    beta_large: float | None
    beta_small_error: float | None
    beta_large_error: float | None
    beta_n: int
    pair: str
    pair_beta: float | None
    pair_error: float | None
    pair_n: int
    pair_day_pp: float | None
    as_of: datetime | None
    study_as_of: date | None
    study_state: State
    state: State
    reasons: dict[str, str]
    why: str | None = None
    notes: tuple[str, ...] = ()
    rebalance: Rebalance | None = None
    example: bool = False
    private: bool = False
