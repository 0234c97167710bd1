"""What Cboe's files say, as values: quotes that may have been rolled over at night, and daily closes."""

import csv
import io
import math
from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta

import msgspec

from rotation_tui.domain.bars import Bars, Basis
from rotation_tui.domain.instrument import canonical
from rotation_tui.domain.minutes import STEPS, Minutes, in_sessions
from rotation_tui.domain.quote import Quote
from rotation_tui.domain.refusal import RefusedValueError, plain_text, price
from rotation_tui.domain.session import EASTERN, Calendar, CalendarRange, nyse
from rotation_tui.providers import decode
from rotation_tui.providers.base import BadReply, UnknownSymbol

NAME = "cboe"
DELAY_S = 900
_CLOCK_ERROR = timedelta(minutes=5)
_SETTLING = timedelta(seconds=DELAY_S + 300)
_CENT = 0.005

Row = tuple[date, float | None, float | None, float | None, float | None, float | None]
"""A day, its close, high, low, volume and open."""


class _MinutePrice(msgspec.Struct):
    close: object = None


class _MinuteVolume(msgspec.Struct):
    stock_volume: object = None


class _Minute(msgspec.Struct):
    datetime: str
    price: _MinutePrice
    volume: _MinuteVolume | None = None


class _Intraday(msgspec.Struct):
    data: list[_Minute]
    symbol: str | None = None


class _CboeQuote(msgspec.Struct):
    """A quote as sent. Numbers may come as text, and 0 stands for unknown."""

    symbol: str
    current_price: object = None
    price_change: object = None
    high: object = None
    close: object = None
    prev_day_close: object = None
    last_trade_time: str | None = None


class _One(msgspec.Struct):
    data: _CboeQuote


class _Many(msgspec.Struct):
    data: list[_CboeQuote]


class _Bar(msgspec.Struct):
    date: date
    close: object
    open: object = None
    high: object = None
    low: object = None
    volume: object = None


class _Chart(msgspec.Struct):
    data: list[_Bar]
    symbol: str | None = None


@decode.reader
def parse_quote(body: bytes, symbol: str, now: datetime) -> Quote:
    """The quote in `quotes/SYMBOL.json`; BadReply where it is of another symbol or cannot be true."""
    record = decode.json(body, _One).data
    if _plain(record.symbol) != symbol:
        raise BadReply(f"asked for {symbol}, got {plain_text(record.symbol, 20)}")
    return _quote(record, symbol, now)


@decode.reader
def parse_quotes(body: bytes, wanted: Collection[str], now: datetime) -> tuple[dict[str, Quote], dict[str, str]]:
    """The wanted quotes in a file of all indexes, and for each that is not there or not usable, why."""
    records, twice = decode.told_once((_plain(record.symbol), record) for record in decode.json(body, _Many).data)
    quotes: dict[str, Quote] = {}
    missing: dict[str, str] = {}
    for symbol in wanted:
        if symbol in twice:
            missing[symbol] = decode.TWO_QUOTES
            continue
        if symbol not in records:
            missing[symbol] = f"{symbol} is not in Cboe's file of all indexes"
            continue
        try:
            quotes[symbol] = _quote(records[symbol], symbol, now)
        except BadReply as fault:
            missing[symbol] = str(fault)
    return quotes, missing


@decode.reader
def parse_chart(body: bytes, symbol: str, now: datetime) -> Bars:
    """Daily bars in `charts/historical/SYMBOL.json`: split-adjusted, the newest day missing."""
    chart = decode.json(body, _Chart)
    if chart.symbol is not None and _plain(chart.symbol) != symbol:
        raise BadReply(f"asked for {symbol}, got {plain_text(chart.symbol, 20)}")
    try:
        rows = [
            (
                bar.date,
                _number("close", bar.close),
                _number("high", bar.high),
                _number("low", bar.low),
                _number("volume", bar.volume),
                _number("open", bar.open),
            )
            for bar in chart.data
        ]
    except RefusedValueError as fault:
        raise BadReply(f"{symbol}: {fault}") from None
    return _bars(symbol, rows, now)


@decode.reader
def parse_history(body: bytes, symbol: str, now: datetime) -> Bars:
    """Daily closes in `SYMBOL_History.csv`: two columns, or open, high, low and close."""
    text = body.decode("utf-8-sig", "replace")
    if not text.endswith("\n"):
        raise BadReply(f"{symbol}: the history is cut off")  # half a number would still be a number
    lines = csv.reader(io.StringIO(text, newline=""), strict=True)
    header = [title.strip().upper() for title in next(lines, [])]
    if header[:1] != ["DATE"] or not (header[1:] == [symbol] or "CLOSE" in header):
        raise BadReply(f"{symbol}: unexpected columns {plain_text(', '.join(header), 80)}")
    close_at = header.index("CLOSE") if "CLOSE" in header else 1
    places = {title: header.index(title) for title in ("HIGH", "LOW", "OPEN") if title in header}
    rows: list[Row] = []
    for line in lines:
        if not line:
            continue
        try:
            if len(line) != len(header):
                raise ValueError(f"{len(line)} cells")
            high, low, opened = (
                _number(title.lower(), line[places[title]]) if title in places else None
                for title in ("HIGH", "LOW", "OPEN")
            )
            rows.append((decode.american_date(line[0]), _number("close", line[close_at]), high, low, None, opened))
        except ValueError as fault:
            raise BadReply(f"{symbol} history, line {lines.line_num}: {plain_text(str(fault))}") from None
    return _bars(symbol, rows, now)


@decode.reader
def parse_minutes(body: bytes, symbol: str, now: datetime) -> Minutes:
    """Prices in `charts/intraday/SYMBOL.json`; times without a zone are New York's."""
    chart = decode.json(body, _Intraday)
    if chart.symbol is not None and _plain(chart.symbol) != symbol:
        raise BadReply(f"asked for {symbol}, got {plain_text(chart.symbol, 20)}")
    try:
        rows = in_sessions(list(_minute_rows(chart)), STEPS[1], 1, nyse(), now)
        if not rows:
            raise UnknownSymbol(f"Cboe has no minutes of {symbol}")
        volumes = tuple(volume for _, _, volume in rows)
        return Minutes(
            symbol,
            STEPS[1],
            tuple(at for at, _, _ in rows),
            tuple(close for _, close, _ in rows),
            NAME,
            now,
            DELAY_S,
            volumes if any(volumes) else None,
        )
    except (ValueError, OverflowError, OSError) as fault:  # refused values, and times out of any range
        raise BadReply(f"{symbol}: {plain_text(str(fault))}") from None


def _minute_rows(chart: _Intraday) -> Iterator[tuple[int, float, float | None]]:
    for bar in chart.data:
        close = _number("close", bar.price.close)
        volume = None if bar.volume is None else _number("volume", bar.volume.stock_volume)
        moment = decode.moment(bar.datetime)
        local = moment.replace(tzinfo=EASTERN) if moment.tzinfo is None else moment
        if close is not None:
            yield int(local.timestamp()), price("price", close), volume if volume is not None and volume >= 0 else None


def _quote(record: _CboeQuote, symbol: str, now: datetime) -> Quote:
    try:
        calendar = nyse()
        printed, session = _printed(record, calendar, now)
        price, before = _prices(record, closed=now >= calendar.close_at(session))
        high = _number("high", record.high)
        certain = before is not None and session >= _last_opened(calendar, now - _SETTLING)
        return Quote(
            symbol,
            price,
            printed,
            session,
            NAME,
            DELAY_S,
            previous_close=before if certain else None,
            previous_session=calendar.previous(session) if certain else None,
            day_high=None if high is None else max(high, price),
        )
    except (RefusedValueError, CalendarRange) as fault:
        raise BadReply(f"{symbol}: {fault}") from None


def _prices(record: _CboeQuote, *, closed: bool) -> tuple[float, float | None]:
    """Price and the close before it.

    At night `prev_day_close` is overwritten by the close of the day itself, while `price_change` still
    tells the day's change; then the close counts, and the one before follows from the change.
    """
    current = _number("current_price", record.current_price)
    change = _number("price_change", record.price_change)
    close = _number("close", record.close)
    before = _number("prev_day_close", record.prev_day_close)
    if closed and close is not None and close == before and not _adds_up(current, change, before):
        return close, None if change is None else round(close - change, 4)
    if current is None:
        raise RefusedValueError("there is no price")
    return current, before


def _adds_up(current: float | None, change: float | None, before: float) -> bool:
    """Whether the change leads from `before` to the price, as it does until the night."""
    return current is not None and change is not None and abs(current - change - before) < _CENT


def _printed(record: _CboeQuote, calendar: Calendar, now: datetime) -> tuple[datetime, date]:
    """When the last trade was (UTC) and its session; times without a zone are New York's."""
    try:
        moment = decode.moment(record.last_trade_time or "")
    except ValueError:
        raise RefusedValueError("the time of the last trade is not known") from None
    local = moment.replace(tzinfo=EASTERN) if moment.tzinfo is None else moment.astimezone(EASTERN)
    if local > now + _CLOCK_ERROR:
        raise RefusedValueError(f"the last trade would be at {local:%Y-%m-%d %H:%M}, which is yet to come")
    if not calendar.is_session(local.date()):
        raise RefusedValueError(f"the last trade was on {local:%Y-%m-%d}, which is no session")
    return local.astimezone(UTC), local.date()


def _last_opened(calendar: Calendar, at: datetime) -> date:
    """The session whose opening was the last one before `at`."""
    day = at.astimezone(EASTERN).date()
    return day if calendar.is_session(day) and calendar.open_at(day) <= at else calendar.previous(day)


def _bars(symbol: str, rows: Iterable[Row], now: datetime) -> Bars:
    """Bars of the rows that are sessions and have a close; a table that contradicts itself is refused."""
    calendar = nyse()
    known = [row for row in rows if row[1] is not None and calendar.first <= row[0] <= calendar.last]
    known.sort(key=lambda row: row[0])
    if not known:
        raise BadReply(f"{symbol}: the history is empty")
    sessions = frozenset(calendar.sessions(known[0][0], known[-1][0]))
    traded = [row for row in known if row[0] in sessions]
    highs, lows = tuple(row[2] for row in traded), tuple(row[3] for row in traded)
    volumes, opens = tuple(row[4] for row in traded), tuple(row[5] for row in traded)
    try:
        return Bars(
            symbol,
            Basis.PRICE,
            tuple(row[0] for row in traded),
            tuple(row[1] for row in traded if row[1] is not None),
            NAME,
            now,
            highs=highs if any(highs) else None,
            lows=lows if any(lows) else None,
            opens=opens if any(opens) else None,
            volumes=volumes if any(volumes) else None,
        )
    except RefusedValueError as fault:
        raise BadReply(str(fault)) from None


def _plain(symbol: str) -> str:
    """Symbol without the index prefix, as "^RUT" and "_RUT"."""
    return canonical(symbol).lstrip("^_")


def _number(field: str, value: object) -> float | None:
    """A number that may come as text; None for nothing and for 0, which is how the files say unknown."""
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise RefusedValueError(f"{field} is no number")
    try:
        number = decode.number(value) if isinstance(value, str) else float(value)
    except (ValueError, OverflowError):
        raise RefusedValueError(f'{field} is "{plain_text(str(value), 40)}", not a finite number') from None
    if not math.isfinite(number):
        raise RefusedValueError(f"{field} is {number}, not a finite number")
    return number or None
