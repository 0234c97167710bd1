"""Freshness belongs to the study as well as to the quote: prices of today over closes of long ago."""

import dataclasses
from datetime import date, datetime, timedelta

import pytest
from msgspec.structs import replace

from rotation_tui.board.assemble import Scope, assemble
from rotation_tui.board.contract import Board, Mode
from rotation_tui.board.marks import Moment, is_current, mark_of, state_of
from rotation_tui.board.sectors import leaders
from rotation_tui.claims.base import ClaimInputs
from rotation_tui.cli.snapshot import exit_code_of
from rotation_tui.domain.bars import Bars
from rotation_tui.domain.claim import Finding
from rotation_tui.domain.instrument import Instrument
from rotation_tui.domain.quote import Quote
from rotation_tui.domain.reading import Checklist, GroupReading, Level, Reading
from rotation_tui.domain.results import Quadrant, Rotation
from rotation_tui.domain.state import State
from rotation_tui.domain.universe import Sector, Spread, Ticker, Universe
from rotation_tui.domain.window import Window
from rotation_tui.store.market_store import Snapshot
from rotation_tui.studies.spreads import study_spread
from tests.board.material import FRIDAY, MONDAY, NYSE, TUESDAY, WEDNESDAY, at, bars, quote, snapshot
from tests.claims.material import audit

SECTORS = tuple(
    Sector(symbol, symbol, "Sector", "S&P", "small" if symbol.startswith("PSC") else "large", pair)
    for symbol, pair in (("PSCF", "XLF"), ("PSCT", "XLK"), ("XLF", None), ("XLK", None))
)
SYMBOLS = ("IWM", "SPY", "PSCF", "PSCT", "XLF", "XLK")
UNIVERSE = Universe(
    tuple(Ticker(s, Instrument.of(s)) for s in ("IWM", "SPY")), (Spread("IWM-SPY", "IWM", "SPY"),), SECTORS
)
NOON = at(TUESDAY, "12:00")


def _quotes(**closes: float) -> tuple[Quote, ...]:
    """Prices of this minute, a little above the last closes."""
    return tuple(
        quote(s, 1.001 * price, at(TUESDAY, "11:59"), previous_close=price, previous_session=MONDAY)
        for s, price in closes.items()
    )


def _board(*, behind: int = 0, old: tuple[str, ...] = SYMBOLS, now: datetime = NOON) -> Board:
    """Quotes of now over closes; those of `old` end so many sessions before Monday."""
    histories = [bars(s, NYSE.offset(MONDAY, -behind if s in old else 0), step=0.3 + 0.1 * n)
                 for n, s in enumerate(SYMBOLS)]  # fmt: skip
    whole = snapshot(
        *histories, quotes=_quotes(**{b.symbol: b.closes[-1] for b in histories}), checked=NOON, universe=UNIVERSE
    )
    rotation = Rotation("weekly", "IWM", "SPY", 101.0, 99.0, Quadrant.WEAKENING, as_of=histories[0].dates[-1])
    whole = replace(whole, studies=replace(whole.studies, rotation=(rotation,)))
    return assemble(whole, Scope(UNIVERSE, NYSE, Mode.LIVE), now)


@pytest.mark.parametrize(("behind", "stale"), [(0, False), (2, False), (3, True), (11, True)])
def test_what_rests_on_closes_is_stale_once_they_are_older_than_two_sessions(behind: int, stale: bool) -> None:
    board, end = _board(behind=behind), NYSE.offset(MONDAY, -behind)
    pair, fund, sector = board.spreads[0], board.tickers[0], board.sectors[0]
    assert (pair.state is State.STALE, pair.study_as_of) == (stale, end)
    assert (sector.state is State.STALE, sector.study_as_of) == (stale, end)
    assert (board.rotation[0].stale, board.rotation[0].as_of) == (stale, end)
    assert (fund.study_state is State.STALE, fund.study_as_of) == (stale, end)
    assert fund.state is State.LIVE
    assert fund.as_of == at(TUESDAY, "11:59")
    assert (fund.sessions_since_record is None) is stale
    assert (fund.is_record is None) is stale
    assert (board.leaders["YTD"] is None) is stale or leaders(board.sectors, Window.YTD) is None
    if stale:
        why = f"stale: closes end {end}"
        assert (pair.why, sector.why) == (why, why)
        assert fund.reasons == dict.fromkeys(("is_record", "sessions_since_record", "consolidating"), why)
    assert fund.bases["YTD"] == date(2025, 12, 31)
    assert pair.bases["YTD"] == sector.bases["YTD"] == date(2025, 12, 31)
    assert "1W" not in fund.bases or fund.bases["1W"] <= end


def test_below_a_record_of_long_ago_no_price_is_one() -> None:
    old = bars("IWM", NYSE.offset(MONDAY, -11))
    low = snapshot(old, quotes=(quote("IWM", 100.0, at(TUESDAY, "11:59")),), universe=UNIVERSE)
    row = assemble(low, Scope(UNIVERSE, NYSE, Mode.LIVE), NOON).tickers[0]
    assert (row.is_record, row.sessions_since_record) == (False, None)


def test_one_leg_that_stopped_makes_the_pair_stale_and_no_other_row() -> None:
    board = _board(behind=11, old=("SPY",))
    assert board.spreads[0].state is State.STALE
    assert [t.study_state for t in board.tickers] == [State.CLOSED, State.STALE]
    assert {s.id: s.state for s in board.sectors} == {
        "PSCF": State.LIVE, "PSCT": State.LIVE, "XLF": State.STALE, "XLK": State.STALE,
    }  # fmt: skip


def test_a_sector_that_stopped_takes_no_rank_from_the_others_and_spoils_its_pair_only() -> None:
    whole = {s.id: s for s in _board().sectors}
    assert (whole["PSCT"].rank, whole["PSCF"].rank) == (1, 2)
    board = {s.id: s for s in _board(behind=11, old=("PSCT", "XLF")).sectors}
    assert (board["PSCF"].rank, board["PSCF"].state) == (1, State.LIVE)
    assert board["PSCT"].state is State.STALE
    assert board["PSCF"].pair_spread_pp is None
    assert board["PSCF"].reasons is not None
    assert board["PSCF"].reasons["pair_spread_pp"] == f"XLF stale: closes end {NYSE.offset(MONDAY, -11)}"
    assert board["PSCF"].excess_pp == whole["PSCF"].excess_pp


def _long(symbol: str, last: date, step: float) -> Bars:
    return bars(symbol, last, rows=2800, start=1500.0, step=step)


@pytest.mark.parametrize(("behind", "unknown"), [(1, False), (11, True)])
def test_claims_that_run_to_the_last_close_are_unknown_over_old_ones(behind: int, unknown: bool) -> None:
    """All closes end together, so that nothing newer says how old they are but the day itself."""
    today, last = date(2026, 10, 14), NYSE.offset(date(2026, 10, 13), -behind)
    rut, spx = _long("RUT", last, 0.5), _long("SPX", last, 0.4)
    rut = dataclasses.replace(rut, closes=tuple(max(close, 1700.0) for close in rut.closes))  # small caps lag at first
    funds = [_long(symbol, last, 0.3) for symbol in ("IWM", "SPY")]
    pair = Spread("RUT-SPX", "RUT", "SPX")
    given = ClaimInputs(
        {(b.symbol, b.basis): b for b in (rut, spx, *funds)}, {}, NYSE, last, today,
        spreads={"RUT-SPX": study_spread(pair, rut, spx, NYSE)},
    )  # fmt: skip
    found = {c.id: c.now for c in audit(given, None)}
    running = ("C01", "C02", "C03", "C05", "C07", "C09")
    aged = {id: "stale" in found[id].why or "fresh" in found[id].why for id in running}
    assert aged == dict.fromkeys(running, unknown)
    assert not unknown or {found[id].finding for id in running} == {Finding.UNKNOWN}
    assert found["C04"].finding is not Finding.UNKNOWN  # 2025 is over: its return is what it was


def _judged(days_ago: int) -> Snapshot:
    reading = Reading("E1", "Sahm", Level.OK, 0.2, "pp", 0.3, 0.5, FRIDAY, "fred", "0.20 pp")
    whole = snapshot(bars("IWM"), universe=UNIVERSE)
    return replace(
        whole,
        studies=replace(
            whole.studies,
            computed_at=NOON - timedelta(days=days_ago),
            risk=Checklist((GroupReading("E", "Economy", Level.OK, (reading,), 1, 1, "all is well"),)),
        ),
    )


@pytest.mark.parametrize(("days_ago", "level"), [(0, Level.OK), (4, Level.OK), (14, Level.UNKNOWN)])
def test_a_level_that_nobody_judged_since_is_no_level_of_today(days_ago: int, level: Level) -> None:
    """A saved board is drawn before anything is judged anew, and for ever where the histories are gone."""
    risk = assemble(_judged(days_ago), Scope(UNIVERSE, NYSE, Mode.LIVE), NOON).risk[0]
    assert (risk.level, risk.checks[0].level) == (level, level)
    if level is Level.UNKNOWN:
        assert (risk.line, risk.checks[0].value) == ("stale: not judged since 2026-02-13", None)


def _trust(symbol: str, printed: datetime, now: datetime, delay: int = 0) -> tuple[State, bool]:
    """State of a price whose source answers, and whether it is current."""
    old = bars(symbol, NYSE.offset(FRIDAY, -1))
    whole = snapshot(old, quotes=(quote(symbol, 250.0, printed, delay_s=delay),), checked=now)
    then = Moment.at(now, NYSE)
    mark = mark_of(symbol, whole, then)
    return state_of(mark, then), is_current(mark, then)


@pytest.mark.parametrize(
    ("symbol", "printed", "delay", "now", "state"),
    [
        ("RUT", "11:56", 0, "12:00", State.LIVE),
        ("RUT", "11:54", 0, "12:00", State.STALE),
        ("IWM", "11:54", 0, "12:00", State.LIVE),
        ("IWM", "09:40", 0, "12:00", State.LIVE),
        ("VIX", "11:41", 900, "12:00", State.DELAYED),
        ("VIX", "11:39", 900, "12:00", State.STALE),
        ("RUT", "16:00", 0, "16:30", State.CLOSED),
        ("RUT", "15:58", 0, "16:10", State.DELAYED),
        ("RUT", "15:58", 0, "16:30", State.STALE),
        ("IWM", "15:20", 0, "16:30", State.CLOSED),
    ],
)
def test_an_index_is_judged_by_its_print_and_a_fund_by_its_sources_answer(
    symbol: str, printed: str, delay: int, now: str, state: State
) -> None:
    assert _trust(symbol, at(TUESDAY, printed), at(TUESDAY, now), delay)[0] is state


@pytest.mark.parametrize(
    ("delay", "now", "state"),
    [(0, "09:34", State.CLOSED), (0, "09:36", State.STALE), (900, "09:49", State.CLOSED), (900, "09:51", State.STALE)],
)
def test_after_the_open_an_index_has_as_long_as_its_first_print_takes(delay: int, now: str, state: State) -> None:
    """Wednesday morning; the price is still Tuesday's."""
    printed = at(TUESDAY, "16:00")
    assert _trust("RUT", printed, at(WEDNESDAY, now), delay)[0] is state


@pytest.mark.parametrize(
    ("printed", "now", "current"),
    [
        (at(TUESDAY, "11:46"), at(TUESDAY, "12:00"), True),
        (at(TUESDAY, "11:44"), at(TUESDAY, "12:00"), False),
        (at(MONDAY, "16:00"), at(TUESDAY, "09:44"), True),
        (at(MONDAY, "16:00"), at(TUESDAY, "09:46"), False),
        (at(FRIDAY, "15:50"), at(date(2026, 3, 1), "12:00"), True),
        (at(FRIDAY, "15:30"), at(date(2026, 3, 1), "12:00"), False),
        (at(FRIDAY, "16:00"), at(TUESDAY, "08:00"), False),
    ],
    ids=[
        "a minute ago",
        "a while ago",
        "at the open",
        "no trade yet",
        "a weekend",
        "never saw the close",
        "missed one",
    ],
)
def test_a_price_that_could_be_newer_carries_its_age(printed: datetime, now: datetime, current: bool) -> None:
    """A fund whose source answers, so that the age is all that tells."""
    assert _trust("IWM", printed, now)[1] is current


@pytest.mark.parametrize(
    ("volume", "printed", "clock", "delay", "state"),
    [
        (1e6, "10:05", "14:30", 0, State.STALE),
        (1e6, "14:15", "14:30", 0, State.LIVE),
        (1e6, "14:00", "14:30", 900, State.DELAYED),
        (1e6, "13:59", "14:30", 900, State.STALE),
        (1e6, "10:05", "17:00", 0, State.STALE),
        (1e6, "15:50", "17:00", 0, State.CLOSED),
        (1e3, "10:05", "14:30", 0, State.LIVE),
        (None, "10:05", "14:30", 0, State.LIVE),
    ],
)
def test_a_fund_that_trades_all_day_is_judged_by_its_own_print_too(
    volume: float | None, printed: str, clock: str, delay: int, state: State
) -> None:
    now = at(TUESDAY, clock)
    volumes = None if volume is None else (volume,) * 300
    histories = [dataclasses.replace(bars(symbol), volumes=volumes) for symbol in ("IWM", "SPY")]
    prints = {"IWM": at(TUESDAY, printed), "SPY": min(now, at(TUESDAY, "16:00")) - timedelta(seconds=delay)}
    quotes = tuple(quote(symbol, 250.0, print_, delay_s=delay) for symbol, print_ in prints.items())
    board = assemble(snapshot(*histories, quotes=quotes, checked=now), Scope(UNIVERSE, NYSE, Mode.LIVE), now)
    by_symbol = {row.symbol: row.state for row in board.tickers}
    assert by_symbol["IWM"] is state
    assert by_symbol["SPY"] is not State.STALE
    assert (board.spreads[0].state is State.STALE) is (state is State.STALE)
    assert (exit_code_of(board) == 3) is (state is State.STALE)


def test_a_files_last_close_is_no_print_that_stands_still() -> None:
    now = at(TUESDAY, "14:30")
    histories = [dataclasses.replace(bars(symbol), volumes=(1e6,) * 300) for symbol in ("IWM", "SPY")]
    quotes = tuple(quote(symbol, 250.0, at(MONDAY, "16:00")) for symbol in ("IWM", "SPY"))
    board = assemble(snapshot(*histories, quotes=quotes, checked=now), Scope(UNIVERSE, NYSE, Mode.LIVE), now)
    assert [row.state for row in board.tickers] == [State.CLOSED, State.CLOSED]
