"""What studies say: frozen results on completed bars, and all of what follows from these at one time.

Percent and percentage points are numbers in percent (12.13, not 0.1213). A mapping by window always has
every window; an unknown one is None. Mappings are never changed after they were made.
"""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum

from msgspec import Struct, field

from rotation_tui.domain import refusal
from rotation_tui.domain.bars import Basis, Dividend
from rotation_tui.domain.claim import ClaimResult, Finding
from rotation_tui.domain.fundamentals import Fundamentals
from rotation_tui.domain.positions import PortfolioStudy
from rotation_tui.domain.reading import Checklist
from rotation_tui.domain.rotation_past import RotationPast
from rotation_tui.domain.state import State
from rotation_tui.domain.verdict import Verdict
from rotation_tui.domain.window import Window


class Base(Struct, frozen=True):
    """The close a window starts from."""

    session: date
    close: float

    def __post_init__(self) -> None:
        refusal.price("base", self.close)


class Record(Struct, frozen=True):
    """The highest close so far. `first` is where the history starts; `intraday` the highest high, if known.

    `consolidating` is C03 of the claims: 1 to 8 % below the record, in a 21-session range under 8 %.
    `missing` counts the sessions without a row that may have had a higher close, `missing_from` is the first of them.
    """

    close: float
    session: date
    first: date
    sessions_since: int
    intraday: float | None = None
    intraday_session: date | None = None
    consolidating: bool | None = None
    missing: int = 0
    missing_from: date | None = None

    def __post_init__(self) -> None:
        refusal.price("record", self.close)
        if self.intraday is not None:
            refusal.price("intraday record", self.intraday)


class Tracking(Struct, frozen=True):
    """By how many pp a symbol's return of 21 sessions is above that of its index, or of the fund that follows it."""

    other: str
    apart_pp: float


class TickerStudy(Struct, frozen=True):
    """One symbol's completed bars in short.

    `bases` holds, for a quote of the last completed session and for one of the session after it, the base
    of every window. `spark` are up to 504 closes, oldest first, `mean_200d` is the mean of the last 200 and `mean_line`
    that mean along `spark`, each value the mean of six sessions. `gaps` names, for the same two sessions and the
    windows whose base is up to seven days off because rows are missing, or that have none for that reason, the
    session the base should be of.
    `tracking` is there only where an index and its fund are too far apart, and no `record` where all there is is an
    outline. `year_range` are the lowest and the highest of the last 252 closes, `volume` the shares traded in the last
    session, `dividend` the last one.
    """

    symbol: str
    basis: Basis
    source: str
    first: date
    last_session: date
    last_close: float
    bases: Mapping[date, Mapping[Window, Base | None]]
    record: Record | None
    spark: tuple[float, ...] = ()
    median_dollar_volume: float | None = None
    gaps: Mapping[date, Mapping[Window, date]] = field(default_factory=dict)
    tracking: Tracking | None = None
    mean_200d: float | None = None
    mean_line: tuple[float | None, ...] = ()
    year_range: tuple[float, float] | None = None
    volume: float | None = None
    dividend: Dividend | None = None

    def __post_init__(self) -> None:
        refusal.price("last close", self.last_close)
        for end in self.year_range or ():
            refusal.price("year's range", end)


class Breakout(StrEnum):
    """Ratio against its 200-session mean: outside a buffer of 1 % for three closes."""

    ABOVE = "ABOVE"
    BELOW = "BELOW"
    UNKNOWN = "UNKNOWN"


class WidestSince(Struct, frozen=True):
    """How unusual a margin is by one definition (METHODOLOGY.md#widest).

    `value` is today's, `run_max` the value judged: for ROLL126 and ROLL252 the highest of the present episode, which
    is the run of sessions above 0 up to today, None where small caps lag. `since` is the last session before with a
    value at least as large, for these two before the episode began; None where there is none: then `record` is true
    and `first` the first session searched. `years`
    counts from `since`, or from `first` for a record. `note` says why when there is no margin to judge.
    """

    value: float | None
    run_max: float | None
    since: date | None
    first: date | None
    years: float | None
    record: bool
    over_a_decade: bool | None
    note: str | None = None


class YearExtreme(StrEnum):
    """Ratio among its last 252 closes: a tie with the highest or lowest counts, a ratio that never moved does not."""

    HIGH = "52wH"
    LOW = "52wL"
    INSIDE = "INSIDE"
    UNKNOWN = "UNKNOWN"


SAME_AS_CALENDAR = "same as calendar"
"""Note of the half-year to date while it is the year to date: no fact of its own."""

MOVES = (1, 5, 20, 60)
"""Sessions of the moves of a pair's log ratio that are told in standard deviations."""

DEFINITIONS = ("CAL", "HALF", "ROLL126", "ROLL252", "STREAK")
"""The five meanings of "widest margin", in the order they are shown."""


DECADE_CONFIRMED_FROM, DECADE_DENIED_TO = 3, 1
"""Definitions over a decade, of those counted (METHODOLOGY.md#widest)."""


def is_counted(found: WidestSince | None) -> bool:
    """Whether a definition is a fact of its own: from January to June the half-year is the year."""
    return found is None or found.note != SAME_AS_CALENDAR


def decade_finding(over: int, unknown: int) -> Finding:
    """From how many of the counted definitions are over a decade and how many nobody can tell."""
    if over >= DECADE_CONFIRMED_FROM:
        return Finding.CONFIRMED
    if over + unknown <= DECADE_DENIED_TO:
        return Finding.DENIED
    return Finding.MIXED if over > DECADE_DENIED_TO and over + unknown < DECADE_CONFIRMED_FROM else Finding.UNKNOWN


def decade_of(widest: Mapping[str, WidestSince]) -> Finding:
    """Whether the widest margin in over a decade is true, from its definitions by name."""
    told = [found.over_a_decade for found in widest.values() if is_counted(found)]
    return decade_finding(told.count(True), told.count(None))


class TotalReturn(Struct, frozen=True):
    """Small less large in total return over the windows, in pp, to the common close of `session`.

    `off` has the windows whose base is not of the session it should be: the one it is of, and that one.
    """

    session: date
    windows: Mapping[Window, float | None]
    off: Mapping[Window, tuple[date, date]] = field(default_factory=dict)


class Season(Struct, frozen=True):
    """One month of the year, 1 for January: small less large of that month, its mean over the years and the standard
    error of the mean, in pp, and in how many of the years it was above zero (METHODOLOGY.md#seasons).

    `apart` says whether the mean can be told apart from zero; None where there are too few years to say.
    """

    month: int
    mean_pp: float | None
    error_pp: float | None
    years: int
    positive: int
    apart: bool | None


class SpreadStudy(Struct, frozen=True):
    """Small minus large on completed bars of both legs, inner join (METHODOLOGY.md#spreads).

    `bases` and `gaps` as in TickerStudy, a pair of bases for both legs. `moves` are the 1, 5, 20 and 60
    session moves of the log ratio in standard deviations, `vol_adjusted` the 126-session margin in yearly
    tracking volatilities, `beta_adjusted_pp` that margin in logs less beta times the large leg, `log_margin_pp` the
    same without beta. `z_windows` and `percentile_windows` say how many windows beside each other the overlapping ones
    rest on: their closes over 126. `margin_pp` is that margin at the last close, whose percentile is told,
    `margin_low_pp` and `margin_high_pp` are the ends of those it is told among. `spark` are up to 504 ratios,
    `ratio_mean_200d` is the mean of the last 200 and `ratio_mean_line` that mean along `spark`, each value the mean of
    six sessions.
    `reasons` tells for a measure that is None why it is unknown.
    """

    id: str
    small: str
    large: str
    basis: Basis
    first: date
    last_session: date
    rows: int
    bases: Mapping[date, Mapping[Window, tuple[Base, Base] | None]]
    z: float | None = None
    z_windows: float | None = None
    percentile: float | None = None
    percentile_n: int = 0
    percentile_windows: float | None = None
    percentile_is_record: bool = False
    ratio: float | None = None
    log_ratio: float | None = None
    ratio_vs_200d_pct: float | None = None
    breakout: Breakout = Breakout.UNKNOWN
    year_extreme: YearExtreme = YearExtreme.UNKNOWN
    drawdown_pct: float | None = None
    drawdown_252_pct: float | None = None
    drawdown_since_2020_pct: float | None = None
    correlation: float | None = None
    correlation_63: float | None = None
    beta: float | None = None
    beta_adjusted_pp: float | None = None
    log_margin_pp: float | None = None
    vol_adjusted: float | None = None
    streak: int | None = None
    months_won_of_6: int | None = None
    months_won_of_12: int | None = None
    moves: Mapping[int, float | None] = field(default_factory=dict)
    widest_since: Mapping[str, WidestSince] = field(default_factory=dict)
    spark: tuple[float, ...] = ()
    reasons: Mapping[str, str] = field(default_factory=dict)
    gaps: Mapping[date, Mapping[Window, date]] = field(default_factory=dict)
    total: TotalReturn | None = None
    ratio_mean_200d: float | None = None
    ratio_mean_line: tuple[float | None, ...] = ()
    margin_pp: float | None = None
    margin_low_pp: float | None = None
    margin_high_pp: float | None = None
    seasons: tuple[Season, ...] = ()


class Quadrant(StrEnum):
    """Where a point of the relative rotation lies; exactly 100 counts as right and as up."""

    LEADING = "LEADING"
    WEAKENING = "WEAKENING"
    LAGGING = "LAGGING"
    IMPROVING = "IMPROVING"


NEAR_CENTRE = 0.25
"""Distance from 100 on an axis within which a point is drawn as centre."""


class RotationPoint(Struct, frozen=True):
    """One point of the relative rotation graph; `complete` is false for the running week."""

    session: date
    rs_ratio: float
    rs_momentum: float
    complete: bool = True

    @property
    def near_centre(self) -> bool:
        """Whether either axis is too near 100 for its quadrant to say much (METHODOLOGY.md#rotation)."""
        return min(abs(self.rs_ratio - 100.0), abs(self.rs_momentum - 100.0)) <= NEAR_CENTRE + 1e-9


class Rotation(Struct, frozen=True):
    """A symbol's relative rotation against a benchmark by one preset, "weekly" or "daily".

    `points` are the tail of up to eight completed points, oldest first, then the running week's. All numbers are of the
    last completed one: `heading` (degrees, 0 is right, 90 is up) and `speed` of the step to it; `right_side` says that
    the tail came back from WEAKENING to LEADING and never left the right side in between, `centre` that the quadrant
    says little, because the point is near the centre. `why` says why there are no points ("needs 81 weeks, have 40").
    `as_of` is the last session in it, and the board finds whether that is `stale`.
    """

    preset: str
    symbol: str
    benchmark: str
    rs_ratio: float | None = None
    rs_momentum: float | None = None
    quadrant: Quadrant | None = None
    heading: float | None = None
    speed: float | None = None
    right_side: bool | None = None
    points: tuple[RotationPoint, ...] = ()
    why: str | None = None
    as_of: date | None = None
    stale: bool = False
    centre: bool | None = None


class SectorStudy(Struct, frozen=True):
    """One sector ETF over 63 sessions: excess over its benchmark, its pair's spread, and its rank by return.

    `year_range` are the lowest and the highest of the last 252 closes, `mean` is that of the last 200,
    `median_dollar_volume` the dollars traded a day over 21 sessions. `excess_line` is the excess over 63 sessions in
    the past year, oldest first, each value the mean of five sessions. `reasons` tells for a measure that is None why
    it is unknown.
    """

    id: str
    symbol: str
    side: str
    excess_pp: float | None = None
    pair_spread_pp: float | None = None
    rank: int | None = None
    rank_change: int | None = None
    illiquid: bool | None = None
    median_dollar_volume: float | None = None
    year_range: tuple[float, float] | None = None
    reasons: Mapping[str, str] = field(default_factory=dict)
    rotation: Rotation | None = None
    rotation_daily: Rotation | None = None
    mean: float | None = None
    excess_line: tuple[float | None, ...] = ()

    def __post_init__(self) -> None:
        for end in self.year_range or ():
            refusal.price("year's range", end)
        if self.mean is not None:
            refusal.price("mean", self.mean)


class DriverReading(Struct, frozen=True):
    """One driver of the thesis: the Fed's range, a yield, a spread, a price.

    `state` is CLOSED, STALE or UNKNOWN; `text` reads value and change in words, or says why there is none.
    """

    id: str
    title: str
    value: float | None
    unit: str
    change: float | None
    as_of: date | None
    source: str | None
    state: State
    text: str


class Studies(Struct, frozen=True):
    """Everything that follows from completed bars and observations at one time.

    `rotation` is that of small caps as a whole against large caps, by each preset. `pasts` are those of every list of
    the board against each of its benchmarks; they are not written to disk. `fundamentals` are None without holdings,
    `portfolio` without positions.
    """

    as_of: date | None = None
    computed_at: datetime | None = None
    tickers: Mapping[str, TickerStudy] = field(default_factory=dict)
    spreads: Mapping[str, SpreadStudy] = field(default_factory=dict)
    sectors: Mapping[str, SectorStudy] = field(default_factory=dict)
    rotation: tuple[Rotation, ...] = ()
    risk: Checklist = field(default_factory=Checklist)
    drivers: tuple[DriverReading, ...] = ()
    verdict: Verdict | None = None
    claims: tuple[ClaimResult, ...] = ()
    faults: Mapping[str, str] = field(default_factory=dict)
    pasts: tuple[RotationPast, ...] = ()
    fundamentals: Fundamentals | None = None
    portfolio: PortfolioStudy | None = None
