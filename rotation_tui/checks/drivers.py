"""What drives the thesis: policy rate, yields, credit, volatility, oil and the dollar, with their change."""

from collections.abc import Callable

from msgspec import Struct

from rotation_tui.checks.base import Inputs
from rotation_tui.domain.inputs import Input, SeriesId
from rotation_tui.domain.results import DriverReading
from rotation_tui.domain.state import State
from rotation_tui.domain.wording import bare, signed
from rotation_tui.evidence import freshness
from rotation_tui.evidence.line import Line, NotKnown
from rotation_tui.evidence.measures import QUARTER, RVX, VIX, market_path, moves_of, rvx, since_year_start, vix


class Change(Struct, frozen=True):
    """What a value is compared with, and that in words."""

    of: Callable[[Line], float | None]
    words: str


class Driver(Struct, frozen=True):
    """One driver: `inputs` are what `level` makes its values of, `change` is since when, `words` how it is read.

    `formula` says how the values are made where they are not those of its one input.
    """

    id: str
    title: str
    unit: str
    inputs: tuple[Input, ...]
    level: Callable[[Inputs], Line]
    change: Change
    words: Callable[[float, float | None], str]
    formula: str = ""


def drivers(inputs: Inputs) -> tuple[DriverReading, ...]:
    """Every driver; what is not fed or too old is unknown and says why."""
    return tuple(_read(driver, inputs) for driver in DRIVERS)


def _read(driver: Driver, inputs: Inputs) -> DriverReading:
    try:
        line = driver.level(inputs)
    except NotKnown as missing:
        return DriverReading(driver.id, driver.title, None, driver.unit, None, None, None, State.UNKNOWN, str(missing))
    old = freshness.overdue(line.dates[-1], inputs.today, line.limit, inputs.calendar)
    change = driver.change.of(line)
    source = ", ".join(line.sources) or None
    text = ", ".join(filter(None, (driver.words(line.last, change), line.note))) if old is None else old
    state = State.CLOSED if old is None else State.STALE
    return DriverReading(driver.id, driver.title, line.last, driver.unit, change, line.dates[-1], source, state, text)


def _over_quarter(line: Line) -> float | None:
    return line.last - line.values[-1 - QUARTER] if len(line) > QUARTER else None


def _over_quarter_pct(line: Line) -> float | None:
    change = _over_quarter(line)
    before = None if change is None else line.last - change
    return None if change is None or not before else 100.0 * change / before


def _this_year(line: Line) -> float | None:
    try:
        return since_year_start(line).last
    except NotKnown:
        return None


def _series(name: str) -> Callable[[Inputs], Line]:
    return lambda inputs: inputs.series(name)


def _policy(inputs: Inputs) -> Line:
    """The upper end, with this year's moves both ways, their net and the last move told in words."""
    line = inputs.series("DFEDTARU")
    moves = moves_of(line)
    if moves is None:
        return line
    told = []
    if moves.counted:
        told = [f"{moves.counted}, net {moves.net_bp} bp this year" if moves.net_bp else f"{moves.counted} this year"]
    elif moves.net_bp:
        told = ["no move this year"]
    told += [f"last {moves.last_bp} bp on {moves.last_day}"] if moves.last_day else []
    return line.noted(", ".join(told))


def _range_words(value: float, _: float | None) -> str:
    return f"{value - 0.25:.2f}-{value:.2f} %"


def _moved(change: float | None, scale: float = 1.0, digits: int = 1, unit: str = "") -> str:
    return "" if change is None else f", {signed(scale * change, digits)}{unit} in {QUARTER} sessions"


def _basis_points(value: float, change: float | None) -> str:
    return f"{bare(value, 2)} %{_moved(change, 100.0, 0, ' bp')}"


def _gap_words(value: float, _: float | None) -> str:
    return f"{signed(100 * value, 0)} bp from the middle"


def _spread_words(value: float, change: float | None) -> str:
    return f"{100 * value:.0f} bp{_moved(change, 100.0, 0)}"


def _points(value: float, change: float | None) -> str:
    return f"{value:.1f}{_moved(change)}"


def _percent(value: float, change: float | None) -> str:
    return f"{bare(value, 2)}{_moved(change, unit=' %')}"


_QUARTERS = Change(_over_quarter, f"difference over {QUARTER} observations")
_QUARTERS_PCT = Change(_over_quarter_pct, f"% over {QUARTER} observations")
_YEARS = Change(_this_year, "difference since the end of last year")


def _of_series(
    name: str, title: str, unit: str, series: str, change: Change, words: Callable[[float, float | None], str]
) -> Driver:
    """A driver that is a macro series as it stands."""
    return Driver(name, title, unit, (SeriesId(series),), _series(series), change, words)


DRIVERS = (
    Driver("FED", "Fed target range, upper end", "%", (SeriesId("DFEDTARU"),), _policy, _YEARS, _range_words,
           "DFEDTARU; the text has the range, the year's moves both ways, their net and the last one"),
    Driver("2Y-MID", "2 years less the middle of the range", "pp",
           (SeriesId("DGS2"), SeriesId("DFEDTARU"), SeriesId("DFEDTARL")), market_path, _QUARTERS, _gap_words,
           "as check F2"),
    _of_series("10Y", "Treasury 10 years", "%", "DGS10", _QUARTERS, _basis_points),
    _of_series("REAL10Y", "Treasury 10 years, real", "%", "DFII10", _QUARTERS, _basis_points),
    _of_series("HY", "High-yield spread", "pp", "BAMLH0A0HYM2", _QUARTERS, _spread_words),
    Driver("VIX", "S&P 500 volatility", "index", VIX, vix, _QUARTERS, _points,
           "close of VIX, or VIXCLS where that reaches further"),
    Driver("RVX", "Russell 2000 volatility", "index", RVX, rvx, _QUARTERS, _points,
           "close of RVX, or RVXCLS where that reaches further"),
    _of_series("OIL", "WTI crude", "$", "DCOILWTICO", _QUARTERS_PCT, _percent),
    _of_series("USD", "Broad dollar", "index", "DTWEXBGS", _QUARTERS_PCT, _percent),
)  # fmt: skip
