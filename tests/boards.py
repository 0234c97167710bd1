"""Boards to draw: empty, unknown, partial, full, stale, faulty and hostile, all at one moment of one open session."""

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar

from msgspec.structs import fields, replace

from rotation_tui.board.assemble import Scope, assemble
from rotation_tui.board.contract import (
    Board,
    ExtendedRow,
    Mode,
    SectorRow,
    SpreadRow,
    TickerRow,
    TotalRow,
    WatchedRow,
    WatchListRow,
)
from rotation_tui.board.leads import leads_of
from rotation_tui.board.marks import Moment
from rotation_tui.config.schema import Config
from rotation_tui.config.universe import universe, watch_lists
from rotation_tui.domain.alert import Alert, AlertRow, Delivery, Sending, Stand, Telling
from rotation_tui.domain.bars import Basis
from rotation_tui.domain.feed import Event, FeedHealth, FeedState
from rotation_tui.domain.fundamentals import Fundamentals
from rotation_tui.domain.look import Difference, SinceRow
from rotation_tui.domain.reading import GroupReading, Level, Reading
from rotation_tui.domain.results import (
    DEFINITIONS,
    Breakout,
    Quadrant,
    Rotation,
    RotationPoint,
    WidestSince,
    YearExtreme,
)
from rotation_tui.domain.session import Phase, nyse
from rotation_tui.domain.state import State
from rotation_tui.domain.verdict import Regime, Term, Verdict
from rotation_tui.domain.watchlist import COLUMNS, WatchedSymbol, WatchList
from rotation_tui.domain.window import Window
from rotation_tui.store.market_store import Snapshot
from tests.fundamentals import made
from tests.members import breadth
from tests.positions import PORTFOLIO, POSITIONS, UNKNOWN_PORTFOLIO, UNKNOWN_POSITIONS

NOW = datetime(2026, 6, 22, 15, 0, 30, tzinfo=UTC)
"""A Monday, 11:00 in New York: the exchange is open."""
TODAY = date(2026, 6, 22)
BEFORE = timedelta(days=6)
"""How old the prices of the stale board are."""
_HYG = WatchedSymbol(symbol="HYG", note="bonds", tag="credit")
_KRE = WatchedSymbol(symbol="KRE", note="regional banks", tag="rates")
LISTS = (
    WatchList(name="banks", symbols=(_KRE, _HYG, "AAPL", "BRK-B", "IWM", "MSFT"), columns=tuple(COLUMNS)),
    WatchList(name="large", symbols=("MSFT", "^RUT"), benchmark="IWM", sort="-1M"),
)
CONFIG = Config()
UNIVERSE = universe(CONFIG)
SCOPE = Scope(UNIVERSE, nyse(), Mode.LIVE)
WATCHING = Config(watchlists=LISTS)
"""The same with watch lists."""
WAVE = tuple(100.0 + ((7 * n) % 40) for n in range(504))

_Row = TypeVar("_Row", TickerRow, SpreadRow, SectorRow, WatchedRow)
_Priced = TypeVar("_Priced", TickerRow, WatchedRow)
_NUMBERS = (float | None, int | None)

_GROUPS = (
    ("economy", "Economy", Level.OK),
    ("rates", "Rates", Level.ALERT),
    ("credit", "Credit", Level.OK),
    ("volatility", "Volatility", Level.WATCH),
    ("liquidity", "Liquidity", Level.OK),
    ("quality", "Quality", Level.UNKNOWN),
    ("dollar", "Dollar", Level.WATCH),
    ("concentration", "Concentration", Level.OK),
)


def _windows(seed: int) -> dict[str, float | None]:
    return {w.value: ((seed * 37 + n * 53) % 600) / 10 - 30.05 for n, w in enumerate(Window)}


def _filled(row: _Row, at: int) -> _Row:
    """The row with a made-up number of its own in every field that takes one, so that a new measure needs no entry."""
    numbers = {f.name: (37 * sum(map(ord, f.name)) + 53 * at) % 600 - 300 for f in fields(row) if f.type in _NUMBERS}
    return replace(row, **numbers)


def _ticker(at: int, row: _Priced) -> _Priced:
    windows, last = _windows(at), 10.0 ** (1 + at % 4) + at / 7
    return replace(
        _filled(row, at),
        last=last,
        windows=windows,
        change_pct=windows["1D"],
        record_close=last * 1.08,
        record_date=date(2026, 5, 20),
        from_record_pct=-7.4 - at,
        is_record=at == 1,
        sessions_since_record=22,
        as_of=NOW - timedelta(seconds=20),
        checked_at=NOW - timedelta(seconds=5),
        source="yahoo" if at % 2 else "cboe",
        delay_s=900 if at == 2 else 0,
        state=State.DELAYED if at == 2 else State.LIVE,
        session=TODAY,
        basis=Basis.PRICE,
        extended=ExtendedRow(Phase.PRE, last * 1.01, 1.0, NOW) if at == 4 else None,
        why=None,
        spark=WAVE,
    )


def _lists(board: Board, change: Callable[[int, WatchedRow], WatchedRow]) -> tuple[WatchListRow, ...]:
    """The board's lists with every row changed."""
    lists = ((listed, [change(at, row) for at, row in enumerate(listed.rows)]) for listed in board.watchlists)
    return tuple(replace(listed, rows=tuple(rows)) for listed, rows in lists)


def _watched(at: int, row: WatchedRow) -> WatchedRow:
    outside = ExtendedRow(Phase.PRE, 20.0 + at, 1.5 - at, NOW - timedelta(minutes=at)) if at < 3 else None
    return replace(
        _ticker(at, row),
        excess=_windows(at + 7),
        reasons=None,
        extended=outside,
        dividend=0.25 + at,
        ex_date=date(2026, 3, 16) + timedelta(days=at),
    )


def _spread(at: int, row: SpreadRow) -> SpreadRow:
    widest = {
        name: WidestSince(4.0 + n, 5.0 + n, date(2014, 3, 7), date(1990, 1, 2), 12.3, n == 1, n % 2 == 0)
        for n, name in enumerate(DEFINITIONS)
    }
    return replace(
        _filled(row, at),
        windows=_windows(at + 3),
        z=1.25 - at,
        percentile=97.2 - at,
        z_windows=3.0,
        percentile_n=3_000,
        percentile_windows=24.8,
        percentile_is_record=at == 1,
        ratio=0.3626 + at / 9,
        log_ratio=-1.0146 + at / 9,
        ratio_vs_200d_pct=4.4 - at,
        breakout=(Breakout.ABOVE, Breakout.BELOW)[at % 2],
        year_extreme=(YearExtreme.HIGH, YearExtreme.INSIDE, YearExtreme.LOW)[at % 3],
        drawdown_pct=-31.2 - at,
        drawdown_since_2020_pct=-21.2 - at,
        drawdown_252_pct=-1.2 - at,
        beta=1.21 - at / 9,
        beta_adjusted_pp=2.2 - at,
        log_margin_pp=2.9 - at,
        total=TotalRow(_windows(at + 4), _windows(at + 9), {}, date(2026, 6, 19)),
        vol_adjusted=0.4 - at / 9,
        correlation=0.83 - at / 9,
        correlation_63=0.73 - at / 9,
        moves={str(n): n / 30 - at / 3 for n in (1, 5, 20, 60)},
        streak=at - 3,
        months_won_of_6=4 - at % 3,
        months_won_of_12=7 - at % 3,
        widest_since=widest,
        basis=Basis.PRICE,
        as_of=TODAY,
        state=State.LIVE,
        spark=WAVE,
        why=None,
    )


def _sector(at: int, row: SectorRow) -> SectorRow:
    return replace(
        _filled(row, at),
        windows=_windows(at + 5),
        excess_pp=5.5 - at,
        pair_spread_pp=None if row.pair is None else 3.25 - at,
        rank=1 + at % 11,
        rank_change=at % 3 - 1,
        year_range_pct=4.5 * at,
        median_dollar_volume=1e6 * (at + 1),
        heading=18.0 * at,
        speed=0.1 + at / 50,
        right_side=at == 3,
        heading_daily=None,
        rs_ratio=101.2,
        rs_momentum=99.1,
        quadrant=tuple(Quadrant)[at % 4],
        as_of=NOW - timedelta(seconds=20),
        source="yahoo",
        state=State.LIVE,
        last=44.1 + at,
        illiquid=at == 8,
        basis=Basis.TOTAL,
        why=None,
    )


def _rotation() -> tuple[Rotation, ...]:
    points = tuple(RotationPoint(TODAY - timedelta(weeks=n), 100.5 - n / 9, 99.5 + n / 9, True) for n in (3, 2, 1))
    return tuple(
        Rotation(preset, "IWM", "SPY", 100.4, 99.6, Quadrant.WEAKENING, 315.0, 0.16, False, points)
        for preset in ("weekly", "daily")
    )


def _check(group: str, at: int, level: Level) -> Reading:
    value = None if level is Level.UNKNOWN else 3.14 + at
    return Reading(
        f"{group[:3].upper()}{at}", f"{group} measure {at}", level, value, "%", 4.0, 5.0, date(2026, 6, 18), "fred",
        f"{group} stands where it stands" if value is None else f"{group} at {value:.2f} %, watch from 4.00 %",
        "latest minus the year before", "house default", house_default=True,
    )  # fmt: skip


def _risk() -> tuple[GroupReading, ...]:
    return tuple(
        GroupReading(
            name,
            title,
            level,
            tuple(_check(name, at, level) for at in (1, 2, 3)),
            0 if level is Level.UNKNOWN else 3,
            3,
            f"what matters about {name} in one line that is rather long for a narrow pane",
        )
        for name, title, level in _GROUPS
    )


def _feeds() -> tuple[FeedHealth, ...]:
    answered = NOW - timedelta(seconds=7)
    return (
        FeedHealth("yahoo", FeedState.LIVE, answered, None, 120, 1_500),
        FeedHealth("cboe", FeedState.LIVE, answered, None, 60, 600),
        FeedHealth("newyorkfed", FeedState.LIVE, answered, None, 2, 60),
        FeedHealth("fred", FeedState.OFF, None, None, 0, None),
    )


def _events(count: int) -> tuple[Event, ...]:
    return tuple(
        Event(NOW - timedelta(minutes=11 * (count - n)), f"number {n} happened", ("info", "watch", "alert")[n % 3])
        for n in range(count)
    )


def _alerts() -> tuple[AlertRow, ...]:
    """One that stands in each way, with a channel in each state."""
    ago = [NOW - timedelta(minutes=7 * n) for n in range(5)]
    told = Telling(ago[1], "RUT.last 2,601.20 (RUT.last > 2600)", {
        "screen": Sending(Delivery.SENT, ago[1], 1), "phone": Sending(Delivery.FIRED, ago[1], 2, NOW, "HTTP 500"),
        "desk": Sending(Delivery.LOST, ago[1], 1, why="mail did not end in 10 s and was killed"),
        "bell": Sending(Delivery.CLAIMED, ago[1], 1), "later": Sending(),
    })  # fmt: skip
    alert = Alert(name="", when="RUT.last > 2600", back=2550.0, confirm="2m", quiet="22:00-07:00", note="look at IWM",
                  sessions=("OPEN",), repeat="once", to=("screen", "phone"))  # fmt: skip
    return tuple(
        AlertRow(
            f"alert {stand.value}",
            replace(alert, name=f"alert {stand.value}"),
            stand,
            own=at % 2 == 1,
            path="" if stand is Stand.UNREADABLE else "RUT.last",
            asks="> 2600",
            value=None if stand in (Stand.UNKNOWN, Stand.UNREADABLE) else 2601.2,
            since=ago[2],
            until=NOW + timedelta(minutes=3) if stand in (Stand.RESTS, Stand.QUIET) else None,
            why="its price is stale" if stand is Stand.UNKNOWN else None,
            told_at=ago[1] if at else None,
            told=(told,) * (at % 3),
        )
        for at, stand in enumerate(Stand)
    )


def with_leads(board: Board) -> Board:
    """The board with the answer that follows from its rows."""
    leads = leads_of(board.spreads, board.loading, Moment.at(NOW, nyse()))
    return replace(board, verdict=replace(board.verdict, leads=leads))


EMPTY = assemble(Snapshot(), replace(SCOPE, universe=universe(WATCHING), watchlists=watch_lists(WATCHING)), NOW)
"""Nothing has arrived, all is on its way: the very first start."""

FULL = with_leads(replace(
    EMPTY,
    as_of=date(2026, 6, 18),
    verdict=Verdict(
        Regime.ROTATION, date(2026, 3, 2), 76, 58.0, 49.0, 1.0, "LASTING: breadth confirms",
        (Term("spread_126", 4.0, 0.5, 30.0, 15.0),), "", "RUT-SPX",
    ),
    tickers=tuple(_ticker(at, row) for at, row in enumerate(EMPTY.tickers)),
    spreads=tuple(_spread(at, row) for at, row in enumerate(EMPTY.spreads)),
    sectors=tuple(_sector(at, row) for at, row in enumerate(EMPTY.sectors)),
    rotation=_rotation(),
    leaders={"HALF": 3, "YTD": 4},
    watchlists=_lists(EMPTY, _watched),
    risk=_risk(),
    feeds=_feeds(),
    events=_events(12),
    alerts=_alerts(),
    since=SinceRow(NOW - timedelta(days=3), (
        Difference("group", "Volatility", "WATCH", "ALERT", "alert"),
        Difference("rank", "XOP", "6", "1", "info"),
        *(Difference("check", f"C{n} measure", "OK", "WATCH", "watch") for n in range(9)),
    ), compared=("who leads", "regime", "group", "record", "rank", "check", "claim")),
    loading=None,
    positions=POSITIONS,
    portfolio=PORTFOLIO,
    fundamentals=replace(
        made(growth=(12.0, 8.0), pe_all=(None, 24.0)), breadth=(breadth(), breadth("IVV", above=61.4), breadth("IJR"))
    ),
))  # fmt: skip
"""Everything is known and fresh."""

UNKNOWN = with_leads(replace(
    EMPTY,
    loading=None,
    positions=UNKNOWN_POSITIONS,
    portfolio=UNKNOWN_PORTFOLIO,
    risk=tuple(
        replace(g, level=Level.UNKNOWN, known=0, line="nothing known", checks=tuple(
            replace(c, level=Level.UNKNOWN, value=None, as_of=None, source=None, why="no data") for c in g.checks))
        for g in FULL.risk
    ),
    feeds=tuple(FeedHealth(f.name, FeedState.LATE, None, None, 1, f.budget_per_hour) for f in FULL.feeds),
))  # fmt: skip
"""Every row is there and no value is."""


def _holes(windows: dict[str, float | None], at: int) -> dict[str, float | None]:
    return {name: None if (n + at) % 3 == 0 else value for n, (name, value) in enumerate(windows.items())}


PARTIAL = with_leads(replace(
    FULL,
    verdict=replace(FULL.verdict, regime=Regime.UNKNOWN, age_sessions=None, coverage=0.5, sustained="UNKNOWN"),
    tickers=tuple(
        replace(r, windows=_holes(r.windows, at), change_pct=_holes(r.windows, at)["1D"], record_close=None,
                record_date=None, from_record_pct=None, is_record=None, sessions_since_record=None, spark=WAVE[:9])
        if at % 2 else UNKNOWN.tickers[at] for at, r in enumerate(FULL.tickers)
    ),
    spreads=tuple(
        replace(r, windows=_holes(r.windows, at), z=None, percentile=None, widest_since={}, beta=None)
        if at % 2 else UNKNOWN.spreads[at] for at, r in enumerate(FULL.spreads)
    ),
    sectors=tuple(
        replace(r, windows=_holes(r.windows, at), rank=None, rank_change=None, excess_pp=None, quadrant=None)
        if at % 2 else UNKNOWN.sectors[at] for at, r in enumerate(FULL.sectors)
    ),
    watchlists=_lists(FULL, lambda at, r: replace(
        r, windows=_holes(r.windows, at), excess=_holes(r.excess, at), change_pct=None, volume=None)),
    risk=tuple(UNKNOWN.risk[at] if at % 2 else g for at, g in enumerate(FULL.risk)),
    events=_events(1),
    positions=(*POSITIONS[:2], *UNKNOWN_POSITIONS[2:]),
    portfolio=replace(
        PORTFOLIO, known=2, classed=2, small_share=None, state=State.UNKNOWN, why="BRK-B and 1 more: no price",
        notes=("positions.csv line 4: 1.234 may be two things",), reasons={"small_share": "BRK-B: unknown"},
    ),
))  # fmt: skip
"""Some rows are unknown, some values of the others too."""

STALE = with_leads(replace(
    FULL,
    tickers=tuple(replace(r, state=State.STALE, as_of=NOW - BEFORE, checked_at=NOW - BEFORE, extended=None,
                          session=(NOW - BEFORE).date()) for r in FULL.tickers),
    spreads=tuple(replace(r, state=State.STALE, as_of=(NOW - BEFORE).date()) for r in FULL.spreads),
    sectors=tuple(replace(r, state=State.STALE, as_of=NOW - BEFORE) for r in FULL.sectors),
    watchlists=_lists(FULL, lambda _, r: replace(
        r, state=State.STALE, as_of=NOW - BEFORE, checked_at=NOW - BEFORE, extended=None)),
    feeds=tuple(replace(f, state=FeedState.LATE, last_success=NOW - BEFORE) for f in FULL.feeds),
    positions=tuple(replace(r, state=State.STALE, as_of=NOW - BEFORE, current=False) for r in POSITIONS),
    portfolio=replace(PORTFOLIO, state=State.STALE, study_state=State.STALE, as_of=NOW - BEFORE),
    events=(Event(NOW - BEFORE, "prices stopped", "watch"),),
    fundamentals=Fundamentals(TODAY, "made", breadth=(replace(breadth(as_of=(NOW - BEFORE).date()), stale=True),)),
))  # fmt: skip
"""All prices are six days old."""

HOSTILE_TEXT = (
    "\x1b[31mred\x1b[0m",
    "line\nbreak\ttab\r",
    "\x9b2J\x07\x00",
    "小型株指数の名前はとても長いので切られる",
    "e\u0301a\u0308\u0301 cafe\u0301",
    "\u202eright to left\u2066",
    "zero\u200bwidth\u200d \ufeff",
    "👩\u200d🚀 ✈\ufe0f 🇺🇸",
    "\u2028\u2029\xad\xa0\x7f",
    "界" * 90,
)
"""What a file, a reply or a config could hold where a name or a sentence is meant."""


def hostile(board: Board, texts: Iterable[str] = HOSTILE_TEXT) -> Board:
    """The board with such texts in every place that is not ours to write."""
    words = tuple(texts)

    def of(at: int) -> str:
        return words[at % len(words)]

    return replace(
        board,
        tickers=tuple(replace(r, id=f"{at}{of(at)}", name=of(at + 1), source=of(at), why=of(at + 2))
                      for at, r in enumerate(board.tickers)),
        spreads=tuple(replace(r, id=f"{at}{of(at)}", small=of(at), why=of(at + 1), reasons={"z": of(at)})
                      for at, r in enumerate(board.spreads)),
        sectors=tuple(replace(r, id=f"{at}{of(at)}", sector=of(at + 1), tracks=of(at), symbol=of(at)[:5], source=of(at))
                      for at, r in enumerate(board.sectors)),
        watchlists=tuple(replace(r, name=of(n), rows=rows.rows) for n, (r, rows) in enumerate(zip(
            board.watchlists,
            _lists(board, lambda at, r: replace(
                r, id=f"{at}{of(at)}", name=of(at), tag=of(at + 1), your_note=of(at + 2), source=of(at), why=of(at))),
            strict=True))),
        risk=tuple(
            replace(g, id=f"{at}{of(at)}", title=of(at), line=of(at + 1), checks=tuple(
                replace(c, id=f"{c.id}{of(at)}", title=of(at), why=of(at + 3), source=of(at), unit=of(at))
                for c in g.checks))
            for at, g in enumerate(board.risk)),
        feeds=tuple(replace(f, name=f"{at}{of(at)}", fault=of(at), retry_at=NOW) for at, f in enumerate(board.feeds)),
        positions=tuple(replace(r, id=f"{at}{of(at)}", symbol=of(at), account=of(at + 1), source=of(at), why=of(at + 2),
                                small_how=of(at), from_file=of(at + 3)) for at, r in enumerate(board.positions)),
        portfolio=None if board.portfolio is None else replace(board.portfolio, why=of(1), notes=words[:4]),
        events=tuple(Event(NOW, of(at), "alert") for at in range(len(words))),
        since=SinceRow(NOW, tuple(Difference("check", of(n), of(n + 1), of(n + 2), "alert") for n in range(9))),
        alerts=tuple(
            replace(r, id=f"{at}{of(at)}", value=of(at), asks=of(at + 1), why=of(at + 2), path=of(at),
                    told=tuple(replace(t, words=of(at), sent={of(at): Sending(why=of(at + 1), not_before=NOW)})
                               for t in r.told))
            for at, r in enumerate(board.alerts or ())),
        notes=words[:3],
        verdict=replace(board.verdict, sustained=of(3), warning=of(0)),
    )  # fmt: skip


FAULTY = replace(
    hostile(FULL),
    tickers=tuple(
        replace(r, id=f"{at}", last=9.9e14, change_pct=-99_999.0, windows=dict.fromkeys(r.windows, 123_456_789.0),
                from_record_pct=1e9, name=HOSTILE_TEXT[at % len(HOSTILE_TEXT)], why=HOSTILE_TEXT[0])
        for at, r in enumerate(FULL.tickers)
    ),
    watchlists=_lists(hostile(FULL), lambda _, r: replace(
        r, last=9.9e14, change_pct=-99_999.0, windows=dict.fromkeys(r.windows, 123_456_789.0), volume=9.9e20)),
    feeds=tuple(
        replace(f, state=FeedState.DOWN, fault="503: " + "<html>\x1b[2J " * 30, retry_at=NOW + timedelta(seconds=40))
        for f in FULL.feeds
    ),
)  # fmt: skip
"""Feeds are down with long faults, texts are hostile, numbers are larger than any column."""

BOARDS = {
    "empty": EMPTY,
    "unknown": UNKNOWN,
    "partial": PARTIAL,
    "full": FULL,
    "stale": STALE,
    "faulty": FAULTY,
    "hostile": hostile(PARTIAL),
}
