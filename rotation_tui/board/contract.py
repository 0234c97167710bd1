"""The board, and its rows that live prices make; names of fields are keys of `rotation-tui snapshot --format json`.

The JSON Schema is made from these types and from those of the domain that stand in them, so no field of either is
renamed, moved or removed without a new `SCHEMA`.
Percent and pp are numbers in percent, unknown is None, times are UTC, sessions are dates.

Windows: 1W 1M 3M 6M 1Y go back to the same day of the calendar, 1D 21d 63d 126d 252d so many sessions, and
MTD QTD HALF YTD begin with a period. In schema 1 the windows 1W to 1Y were counted in sessions (5, 21, 63, 126, 252).
"""

from datetime import date, datetime
from enum import StrEnum

from msgspec import Struct, field

from rotation_tui.board.holding_rows import PortfolioRow, PositionRow
from rotation_tui.domain.alert import AlertRow
from rotation_tui.domain.bars import Basis
from rotation_tui.domain.claim import ClaimResult
from rotation_tui.domain.feed import Event, FeedHealth
from rotation_tui.domain.fundamentals import Fundamentals
from rotation_tui.domain.look import SinceRow
from rotation_tui.domain.reading import GroupReading
from rotation_tui.domain.results import (
    Breakout,
    DriverReading,
    Quadrant,
    Rotation,
    RotationPoint,
    Season,
    WidestSince,
    YearExtreme,
)
from rotation_tui.domain.session import Phase
from rotation_tui.domain.state import State
from rotation_tui.domain.verdict import Verdict

SCHEMA = 2


class Mode(StrEnum):
    """Where the board's numbers come from."""

    LIVE = "live"
    DEMO = "demo"
    REPLAY = "replay"
    AS_OF = "as-of"


Windows = dict[str, float | None]
Bases = dict[str, date]
"""The session of the close that a window starts from, by window; unknown windows have none."""
Marks = dict[str, str]
"""What the `*` beside a value says, by window, or under "record" and "statistics"; most rows have none."""


class SessionRow(Struct, frozen=True):
    """The market's phase and when it changes."""

    phase: Phase
    next_change: datetime
    early_close: bool
    next_phase: Phase
    date: date | None


class ExtendedRow(Struct, frozen=True):
    """A price outside regular hours with its change from the last regular price."""

    phase: Phase
    last: float
    change_pct: float | None
    as_of: datetime


class TickerRow(Struct, frozen=True):
    """One index, fund or future. `checked_at` is when its source last gave a good answer.

    `is_record` is about closes: a price beyond the record close while the session runs is `above_record`.
    `record_intraday` is the highest of all highs, today's among them. `note` says what is odd about the data.

    `state` and `as_of` are those of the price; what comes from completed bars (bases and records) is as of the
    session `study_as_of` and can be trusted as far as `study_state` says. `current` is false where the price is
    older than one can be by now, so that its age has to stand beside it. `reasons` tells why a value is null.
    `streamed` is whether the source told the price by itself, as it was made, or was asked for it; null for a close.
    `spark` are up to 504 closes, oldest first, `mean_200d` is the mean of the last 200 and `mean_line` that mean along
    `spark`, each value the mean of six sessions; `from_200d_pct` is how far the price is from the mean.
    `from_year_high_pct` and `from_year_low_pct` are how far it is from the highest and the lowest of the last 252
    closes, `year_range_pct` where it lies between them, 0 to 100. `volume` are the shares traded in the last completed
    session, `median_dollar_volume` is of 21 of them. `ex_date` is the last day on which it went ex dividend, `dividend`
    dollars a share; both are null where its source has told none.
    """

    id: str
    symbol: str
    name: str
    last: float | None
    change_pct: float | None
    windows: Windows
    record_close: float | None
    record_date: date | None
    from_record_pct: float | None
    is_record: bool | None
    as_of: datetime | None
    source: str | None
    delay_s: int | None
    state: State
    marks: Marks = field(default_factory=dict)
    basis: Basis | None = None
    checked_at: datetime | None = None
    session: date | None = None
    extended: ExtendedRow | None = None
    sessions_since_record: int | None = None
    record_intraday: float | None = None
    consolidating: bool | None = None
    why: str | None = None
    spark: tuple[float, ...] = ()
    study_as_of: date | None = None
    study_state: State = State.UNKNOWN
    current: bool = True
    bases: Bases = field(default_factory=dict)
    reasons: dict[str, str] | None = None
    above_record: bool | None = None
    note: str | None = None
    mean_200d: float | None = None
    mean_line: tuple[float | None, ...] = ()
    from_200d_pct: float | None = None
    from_year_high_pct: float | None = None
    from_year_low_pct: float | None = None
    year_range_pct: float | None = None
    volume: float | None = None
    median_dollar_volume: float | None = None
    ex_date: date | None = None
    dividend: float | None = None
    streamed: bool | None = None


class WatchedRow(TickerRow, frozen=True):
    """A symbol of a watch list: all that a ticker has, with the list's name and the user's words.

    `excess` is by window how many percentage points it is above the list's benchmark, null where either is unknown or
    they start or end in another session; `reasons` has why, as "excess".
    """

    list: str = ""
    your_note: str = ""
    tag: str = ""
    excess: Windows = field(default_factory=dict)


class WatchListRow(Struct, frozen=True):
    """A watch list of the config. `columns` and `sort` are how it is shown, `rows` stand as they are written."""

    name: str
    benchmark: str
    columns: tuple[str, ...]
    sort: str
    rows: tuple[WatchedRow, ...]


class TotalRow(Struct, frozen=True):
    """Small minus large with dividends put back, in percentage points, to the common close of `as_of`.

    `price` has the price return to the same close, null where there is none of it. Where total return is unknown
    `why` tells the reason and every window is null.
    """

    windows: Windows
    price: Windows
    marks: Marks
    as_of: date | None
    why: str | None = None


class SpreadRow(Struct, frozen=True):
    """One pair, small minus large, in percentage points.

    `state` is the worst of both legs and of the study, which is as of the session `study_as_of`; `printed` is the
    time of the older of both prices.

    `basis` says what `windows` and all statistics are of: price closes like those of an index, and total returns only
    where a pair has no others. `total` has the windows in total return beside them.

    `vol_adjusted` and `beta_adjusted_pp` are of the 126-session margin (the latter in logs: 100 (ln small less beta
    ln large), and `log_margin_pp` the same with a beta of 1), `year_extreme` of the ratio's last 252 closes. z and
    percentile are of overlapping windows: `z_windows` and `percentile_windows` say how many lie beside each other in
    the closes they rest on. `since` and `over_a_decade` of `widest_since` are null where the history is too short to
    say, and `note` says so. `reasons` tells for a measure that is unknown why. `seasons` are the months of the year,
    January first.

    `spark` are up to 504 ratios of closes, oldest first, `ratio_mean_200d` is the mean of the last 200 and
    `ratio_mean_line` that mean along `spark`, each value the mean of six sessions; `ratio_now` is the ratio of the
    prices of the row, `ratio_now_vs_200d_pct` how far it is from that mean. `percentile` tells `margin_pp`, the margin
    over 126 sessions at the last common close, among those of up to ten years, which run from `margin_low_pp` to
    `margin_high_pp`.
    """

    id: str
    small: str
    large: str
    windows: Windows
    z: float | None
    percentile: float | None
    ratio: float | None
    ratio_vs_200d_pct: float | None
    breakout: Breakout
    drawdown_pct: float | None
    beta: float | None
    correlation: float | None
    streak: int | None
    months_won_of_6: int | None
    widest_since: dict[str, WidestSince]
    basis: Basis | None
    as_of: date | None
    state: State
    marks: Marks = field(default_factory=dict)
    z_windows: float | None = None
    percentile_n: int = 0
    percentile_windows: float | None = None
    percentile_is_record: bool = False
    beta_adjusted_pp: float | None = None
    log_margin_pp: float | None = None
    correlation_63: float | None = None
    log_ratio: float | None = None
    months_won_of_12: int | None = None
    vol_adjusted: float | None = None
    drawdown_252_pct: float | None = None
    drawdown_since_2020_pct: float | None = None
    year_extreme: YearExtreme = YearExtreme.UNKNOWN
    total: TotalRow | None = None
    moves: dict[str, float | None] | None = None
    reasons: dict[str, str] | None = None
    why: str | None = None
    spark: tuple[float, ...] = ()
    study_as_of: date | None = None
    study_state: State = State.UNKNOWN
    current: bool = True
    bases: Bases = field(default_factory=dict)
    printed: datetime | None = None
    ratio_mean_200d: float | None = None
    ratio_mean_line: tuple[float | None, ...] = ()
    ratio_now: float | None = None
    ratio_now_vs_200d_pct: float | None = None
    margin_pp: float | None = None
    margin_low_pp: float | None = None
    margin_high_pp: float | None = None
    seasons: tuple[Season, ...] = ()


class SectorRow(Struct, frozen=True):
    """One sector fund. `rotation` is its tail, oldest first; the last point may be the running week.

    `state` is the worse of the price's and the study's, which is as of the session `study_as_of`: the older of
    the last closes of the fund and of its benchmark.

    `year_range_pct` is where the price lies between the lowest (0) and highest (100) of the last 252 closes and
    itself, `median_dollar_volume` of 21 sessions. `heading` is in degrees, 0 right and 90 up. `reasons` tells
    for a measure that is unknown why.
    `centre` says that a point is so near the centre that its quadrant, which stands beside it, says little.
    `excess_line` is the excess of the past year on completed bars, oldest first, each value the mean of five sessions.
    """

    id: str
    sector: str
    tracks: str
    side: str
    windows: Windows
    excess_pp: float | None
    pair: str | None
    pair_spread_pp: float | None
    rank: int | None
    rank_change: int | None
    rs_ratio: float | None
    rs_momentum: float | None
    quadrant: Quadrant | None
    as_of: datetime | None
    source: str | None
    state: State
    marks: Marks = field(default_factory=dict)
    benchmark: str = ""
    symbol: str = ""
    last: float | None = None
    thesis: bool = False
    illiquid: bool | None = None
    basis: Basis | None = None
    why: str | None = None
    rotation: tuple[RotationPoint, ...] = ()
    rotation_daily: tuple[RotationPoint, ...] = ()
    rotation_why: str | None = None
    quadrant_daily: Quadrant | None = None
    rotation_daily_why: str | None = None
    year_range_pct: float | None = None
    median_dollar_volume: float | None = None
    heading: float | None = None
    speed: float | None = None
    right_side: bool | None = None
    heading_daily: float | None = None
    speed_daily: float | None = None
    right_side_daily: bool | None = None
    reasons: dict[str, str] | None = None
    study_as_of: date | None = None
    study_state: State = State.UNKNOWN
    current: bool = True
    bases: Bases = field(default_factory=dict)
    centre: bool | None = None
    centre_daily: bool | None = None
    excess_line: tuple[float | None, ...] = ()
    streamed: bool | None = None


class Loading(Struct, frozen=True):
    """`have` of `want` daily histories are there; of `symbols` not all is known yet that follows from one.

    An outline of recent closes is no history. A history that no feed gives is not waited for, so it is not among
    those wanted. In about `left_s` seconds all are there; that is null where their pace is not known.
    """

    have: int
    want: int
    symbols: tuple[str, ...]
    left_s: int | None = None


class Fetching(Struct, frozen=True):
    """Whether holdings and filings are asked for, and what has come of `want` files.

    `left_s` is about how many seconds the rest takes, None where nothing is on its way or that is unknown. `missing`
    tells of holdings and filings that no feed gives why, and why nothing follows from those that are there.
    """

    on: bool
    done: int = 0
    want: int = 0
    left_s: float | None = None
    missing: dict[str, str] = field(default_factory=dict)


class Breadth(Struct, frozen=True):
    """Of `pairs` broad sector pairs small caps lead `led` over 63 sessions; of as many small funds `above` stand
    above the mean of their last 200 closes. `led_known` and `above_known` say of how many that is known.
    """

    pairs: int
    led: int
    led_known: int
    above: int
    above_known: int


class Board(Struct, frozen=True):
    """One complete board.

    `rotation` is that of small caps as a whole, weekly and daily; `leaders` how many of the thesis's four sectors
    are among the first four of the broad sectors over HALF and YTD. While histories are `loading`, every answer that
    rests on them is provisional. `periods` names with its year each period to date that is told although the next
    one has begun, because that has no session yet ("YTD 2025"). `looked` are symbols that were typed to be looked at,
    `watchlists` those of the user's lists: no answer rests on them. `fundamentals` are what follows from holdings and
    filings, None while there are none. `alerts` is how alerts stood when they were judged last, None where they are
    not: on a past day, and at first. `positions` are what the trader holds, `portfolio` all of it together, None
    without any.
    """

    schema: int
    mode: Mode
    generated_at: datetime
    as_of: date | None
    session: SessionRow
    verdict: Verdict
    tickers: tuple[TickerRow, ...]
    spreads: tuple[SpreadRow, ...]
    sectors: tuple[SectorRow, ...]
    risk: tuple[GroupReading, ...]
    drivers: tuple[DriverReading, ...]
    claims: tuple[ClaimResult, ...]
    feeds: tuple[FeedHealth, ...]
    events: tuple[Event, ...] = ()
    notes: tuple[str, ...] = ()
    rotation: tuple[Rotation, ...] = ()
    leaders: dict[str, int | None] = field(default_factory=dict)
    loading: Loading | None = None
    periods: dict[str, str] = field(default_factory=dict)
    breadth: Breadth | None = None
    looked: tuple[TickerRow, ...] = ()
    watchlists: tuple[WatchListRow, ...] = ()
    since: SinceRow | None = None
    fundamentals: Fundamentals | None = None
    fetching: Fetching | None = None
    alerts: tuple[AlertRow, ...] | None = None
    positions: tuple[PositionRow, ...] = ()
    portfolio: PortfolioRow | None = None
