"""Yahoo's wire: its symbols and the shapes of its replies, as far as they are used."""

from datetime import date, timedelta, timezone
from zoneinfo import ZoneInfo

import msgspec

from rotation_tui.domain.instrument import Instrument
from rotation_tui.domain.refusal import plain_text
from rotation_tui.domain.session import EASTERN, CalendarRange, nyse
from rotation_tui.providers import decode
from rotation_tui.providers.base import BadReply, UnknownSymbol

SOURCE = "yahoo"
_SYMBOLS = {
    "RUT": "^RUT", "SPX": "^GSPC", "NDX": "^NDX", "DJI": "^DJI", "DJX": "^DJX",
    "VIX": "^VIX", "VIX3M": "^VIX3M",
}  # fmt: skip
_FLOAT32_STEP = 1.2e-7
_IN_NEW_YORK = ("America/New_York", "America/Chicago")
_LISTED = ("ETF", "INDEX", "EQUITY")

Numbers = list[float | None]
SparkParts = dict[str, tuple[msgspec.Raw, bool]]
"""By wire symbol: an undecoded part of a spark reply, and whether it has the flat shape of v8."""


CONTRADICTORY = (msgspec.Raw(b"null"), False)
"""Stands for a symbol of which one reply tells two things."""


class Period(msgspec.Struct):
    """A part of a trading day, epoch seconds; `end` is its first second no more."""

    start: int
    end: int


class Periods(msgspec.Struct):
    """The trading day that Yahoo is in, or that comes next."""

    regular: Period
    pre: Period | None = None
    post: Period | None = None


class Meta(msgspec.Struct, rename="camel"):
    """What v7 spark and v8 chart say about a symbol. `fulldayPrice` is of all hours, without a time of its own.

    `chartPreviousClose` is left out on purpose: it is the close before the range that was asked for, five
    sessions ago for five days.
    """

    symbol: str
    regular_market_price: float | None = None
    regular_market_time: int | None = None
    regular_market_change_percent: float | None = None
    regular_market_day_high: float | None = None
    fullday_price: float | None = None
    previous_close: float | None = None
    price_hint: int | None = None
    gmtoffset: int | None = None
    exchange_timezone_name: str | None = None
    instrument_type: str | None = None
    data_granularity: str | None = None
    current_trading_period: Periods | None = None
    long_name: str | None = None
    short_name: str | None = None

    @property
    def zone(self) -> ZoneInfo | timezone:
        try:
            return ZoneInfo(self.exchange_timezone_name or "")
        except (OSError, ValueError, KeyError):  # unknown names are KeyErrors, odd ones ValueErrors
            return EASTERN if self.gmtoffset is None else timezone(timedelta(seconds=self.gmtoffset))

    @property
    def is_listed(self) -> bool:
        """Whether it trades, or is reckoned, on the days of the New York exchange and on no other."""
        return self.exchange_timezone_name in _IN_NEW_YORK and self.instrument_type in _LISTED

    @property
    def decimals(self) -> int:
        return 2 if self.price_hint is None else max(0, min(self.price_hint, 8))


class Columns(msgspec.Struct):
    """The arrays beside `timestamp`; they may hold nulls, be shorter or null as a whole; spark sends closes alone."""

    close: Numbers | None = None
    open: Numbers | None = None
    high: Numbers | None = None
    low: Numbers | None = None
    volume: Numbers | None = None


class Adjusted(msgspec.Struct):
    """Closes with dividends put back."""

    adjclose: Numbers | None = None


class Indicators(msgspec.Struct):
    """One element each; adjusted closes come with daily and longer rows only."""

    quote: list[Columns | None] | None = None
    adjclose: list[Adjusted | None] | None = None


class SplitEvent(msgspec.Struct):
    """A split; as a rule its ratio is already in every price before it, but not always at once."""

    date: int
    numerator: float | None = None
    denominator: float | None = None

    @property
    def ratio(self) -> float | None:
        """Shares after it for one before, None where that is not told."""
        if self.numerator is None or self.denominator is None or not (self.numerator > 0 and self.denominator > 0):
            return None
        return self.numerator / self.denominator


class DividendEvent(msgspec.Struct):
    """A dividend by its first day without it; as the closes, before a split in shares of today."""

    date: int
    amount: float | None = None


class Events(msgspec.Struct):
    """What has happened in the range that was asked for."""

    splits: dict[str, SplitEvent] | None = None
    dividends: dict[str, DividendEvent] | None = None


class Chart(msgspec.Struct):
    """One symbol's rows; without any row the key `timestamp` is absent, and a quote needs none."""

    meta: Meta
    indicators: Indicators | None = None
    timestamp: list[int] | None = None
    events: Events | None = None

    @property
    def times(self) -> list[int]:
        """Epoch seconds of the rows."""
        return self.timestamp or []

    @property
    def columns(self) -> Columns:
        """The columns, empty where there are none."""
        quote = None if self.indicators is None else self.indicators.quote
        return (quote[0] if quote else None) or Columns()

    @property
    def adjusted(self) -> Numbers:
        """Closes with dividends put back, empty where there are none."""
        found = None if self.indicators is None else self.indicators.adjclose
        return (found[0].adjclose if found and found[0] is not None else None) or []

    @property
    def splits(self) -> list[SplitEvent]:
        """The splits in the range, empty where there are none."""
        splits = None if self.events is None else self.events.splits
        return list((splits or {}).values())

    @property
    def dividends(self) -> list[DividendEvent]:
        """The dividends in the range, empty where there are none."""
        dividends = None if self.events is None else self.events.dividends
        return list((dividends or {}).values())


class Spark7(msgspec.Struct):
    response: list[Chart]


class Spark8(msgspec.Struct, rename="camel"):
    """One symbol of a v8 spark; `start` and `end` are those of the regular session."""

    start: int | None = None
    end: int | None = None
    timestamp: list[int] | None = None
    close: Numbers | None = None
    previous_close: float | None = None


class _Named(msgspec.Struct):
    symbol: str


class _Fault(msgspec.Struct):
    code: str = ""
    description: str = ""


class Envelope(msgspec.Struct):
    """Either a result or an error; the parts stay raw so that one bad part spoils no other."""

    result: list[msgspec.Raw] | None = None
    error: _Fault | None = None

    def parts(self) -> list[msgspec.Raw]:
        """The parts; UnknownSymbol or BadReply where Yahoo sent an error instead."""
        if self.error is not None:
            said = plain_text(self.error.description or self.error.code, 100)
            unknown = self.error.code == "Not Found"
            raise (UnknownSymbol if unknown else BadReply)(f"Yahoo says: {said}")
        if self.result is None:
            raise BadReply("neither data nor an error")
        return self.result


class ChartReply(msgspec.Struct):
    chart: Envelope


def may_trade(day: date) -> bool:
    """Whether a day is a session of the New York exchange, or beyond the calendar's years."""
    try:
        return nyse().is_session(day)
    except CalendarRange:
        return True


def wire_symbol(instrument: Instrument) -> str:
    return _SYMBOLS.get(instrument.symbol, instrument.symbol)


@decode.reader
def spark_parts(body: bytes) -> SparkParts:
    """A spark reply of either shape, taken apart; UnknownSymbol or BadReply where it is an error.

    The order of the parts means nothing, and symbols that Yahoo does not know are simply not there. A part that
    does not say what it is about is nobody's.
    """
    parts = decode.json(body, dict[str, msgspec.Raw])
    for key in ("spark", "finance"):  # errors of the edge come under "finance"
        if key in parts:
            found = decode.convert(parts[key], Envelope).parts()
            return _by_symbol(found)
    flat = {key: (part, True) for key, part in parts.items() if _symbol_of(part) == key}
    if parts and not flat:
        raise BadReply(f"no spark, but {plain_text(', '.join(parts), 60)}")
    return flat


def _by_symbol(found: list[msgspec.Raw]) -> SparkParts:
    by_symbol: SparkParts = {}
    for part in found:
        symbol = _symbol_of(part)
        if symbol is None:
            continue
        differs = symbol in by_symbol and bytes(by_symbol[symbol][0]) != bytes(part)
        by_symbol[symbol] = CONTRADICTORY if differs else (part, False)
    return by_symbol


def _symbol_of(part: msgspec.Raw) -> str | None:
    try:
        return decode.convert(part, _Named).symbol
    except BadReply:
        return None


def is_envelope(body: bytes) -> bool:
    """Whether a refusal is Yahoo's own: its edge says 404 in other words, or in none, to a burst of requests."""
    try:
        parts = decode.json(body, dict[str, msgspec.Raw])
        return any(decode.convert(parts[key], Envelope).error for key in ("chart", "spark", "finance") if key in parts)
    except BadReply:
        return False


def without_noise(value: float, decimals: int) -> float:
    """`value` without the tail that 32-bit floats put behind it (216.16000366 is 216.16).

    Old prices divided by a split keep the decimals that they really have (124.8075).
    """
    rounded = round(value, decimals)
    return rounded if abs(value - rounded) <= abs(value) * _FLOAT32_STEP else float(f"{value:.8g}")


def padded(name: str, column: Numbers | None, n: int) -> Numbers:
    """`column` as long as the rows: a shorter one ends early, a longer one belongs to other rows."""
    column = column or []
    if len(column) > n:
        raise BadReply(f"{len(column)} values of {name} for {n} rows")
    return column + [None] * (n - len(column))
