"""Which price a row shows, and how far it can be trusted."""

from datetime import date, datetime, timedelta

import pytest
from msgspec.structs import replace

from rotation_tui.board.marks import Moment, mark_of, state_of
from rotation_tui.board.rows import ticker_row
from rotation_tui.domain.instrument import Instrument
from rotation_tui.domain.quote import Extended, Quote
from rotation_tui.domain.session import Phase
from rotation_tui.domain.state import State
from rotation_tui.domain.universe import Ticker
from rotation_tui.domain.window import Window
from tests.board.material import FRIDAY, IWM, MONDAY, TUESDAY, WEDNESDAY, at, bars, moment, quote, snapshot


def _state(now: Moment, quoted: Quote | None, checked: datetime | None, last_bar: date = MONDAY) -> State:
    quotes = () if quoted is None else (quoted,)
    whole = snapshot(bars("IWM", last_bar), quotes=quotes, checked=checked)
    return state_of(mark_of("IWM", whole, now), now)


@pytest.mark.parametrize(
    ("printed", "checked", "delay", "now", "state"),
    [
        ("11:00", "11:00", 0, "11:01", State.LIVE),
        ("11:00", "11:00", 0, "11:15", State.LIVE),
        ("11:00", "11:00", 0, "11:16", State.STALE),
        ("10:45", "11:00", 900, "11:01", State.DELAYED),
        ("10:45", "11:00", 900, "11:29", State.DELAYED),
        ("10:45", "11:00", 900, "11:31", State.STALE),
        ("09:31", "14:00", 0, "14:01", State.LIVE),
    ],
    ids=["fresh", "15 min", "16 min", "delayed", "delayed 29 min", "delayed 31 min", "thin fund: old, not stale"],
)
def test_while_open_a_quote_is_as_fresh_as_its_sources_last_answer(
    printed: str, checked: str, delay: int, now: str, state: State
) -> None:
    quoted = quote("IWM", 250.0, at(TUESDAY, printed), delay_s=delay)
    assert _state(moment(TUESDAY, now), quoted, at(TUESDAY, checked)) is state


@pytest.mark.parametrize(
    ("printed", "checked", "delay", "now", "state"),
    [
        ("16:00", "16:01", 0, "16:02", State.CLOSED),
        ("16:00", "16:01", 0, "23:00", State.CLOSED),
        ("15:58", "16:01", 0, "16:02", State.CLOSED),
        ("15:58", "15:59", 0, "16:20", State.STALE),
        ("14:00", "14:01", 0, "17:00", State.STALE),
        ("15:50", "16:05", 900, "16:06", State.DELAYED),
        ("15:59", "16:20", 900, "16:21", State.CLOSED),
        ("15:50", "16:05", 900, "17:00", State.STALE),
    ],
    ids=[
        "printed at the close",
        "at night",
        "last trade before the close, confirmed after it",
        "never saw the close",
        "dead since two",
        "delayed, close still to come",
        "delayed, confirmed",
        "delayed, never saw the close",
    ],
)
def test_after_the_close_only_a_price_that_saw_it_is_closed(
    printed: str, checked: str, delay: int, now: str, state: State
) -> None:
    quoted = quote("IWM", 250.0, at(TUESDAY, printed), delay_s=delay)
    assert _state(moment(TUESDAY, now), quoted, at(TUESDAY, checked)) is state


@pytest.mark.parametrize(
    ("checked", "now", "state"),
    [
        ("11:00", "11:01", State.STALE),
        ("11:02", "11:03", State.LIVE),
        ("16:01", "18:00", State.CLOSED),
        ("15:59", "16:02", State.STALE),
    ],
    ids=["checked before", "confirmed by somebody else since", "has seen the close", "has not seen it"],
)
def test_what_nobody_tells_any_more_is_stale_at_once_unless_it_is_a_close(checked: str, now: str, state: State) -> None:
    unheard = at(TUESDAY, "11:01" if checked < "12:00" else checked)
    for symbol in ("IWM", "RUT"):
        quoted = quote(symbol, 250.0, at(TUESDAY, "16:00" if checked > "16:00" else checked))
        whole = snapshot(bars(symbol, MONDAY), quotes=(quoted,), checked=at(TUESDAY, checked))
        now_ = moment(TUESDAY, now)
        assert state_of(mark_of(symbol, replace(whole, unheard=unheard), now_), now_) is state


def test_a_price_outside_hours_is_shown_for_as_long_as_somebody_tells_it() -> None:
    extended = Extended(251.0, at(TUESDAY, "17:00"), Phase.POST)
    quoted = replace(quote("IWM", 250.0, at(TUESDAY, "16:00")), extended=extended)
    whole = snapshot(bars("IWM", MONDAY), quotes=(quoted,), checked=at(TUESDAY, "17:01"))
    silent = replace(whole, unheard=at(TUESDAY, "17:01"))
    row = Ticker("IWM", Instrument.of("IWM"))
    assert ticker_row(row, whole, moment(TUESDAY, "17:02")).extended is not None
    assert ticker_row(row, silent, moment(TUESDAY, "17:02")).extended is None
    assert ticker_row(row, silent, moment(TUESDAY, "22:00")).extended is not None, "it is the last there was"


@pytest.mark.parametrize("clock", ["08:00", "11:00", "20:30"])
def test_an_intraday_price_of_the_day_before_is_stale_however_fresh_it_looks(clock: str) -> None:
    quoted = quote("IWM", 250.0, at(TUESDAY, "14:00"))
    assert _state(moment(WEDNESDAY, clock), quoted, at(TUESDAY, "14:01")) is State.STALE


@pytest.mark.parametrize(
    ("last_bar", "state"),
    [
        (TUESDAY, State.CLOSED),
        (MONDAY, State.CLOSED),
        (FRIDAY, State.CLOSED),
        (date(2026, 2, 26), State.STALE),
        (date(2025, 12, 31), State.STALE),
    ],
)
def test_a_close_is_good_for_two_sessions(last_bar: date, state: State) -> None:
    """Seen on Tuesday evening, after the close (METHODOLOGY.md#states)."""
    assert _state(moment(TUESDAY, "18:00"), None, None, last_bar) is state


@pytest.mark.parametrize(
    ("now", "checked", "state"),
    [
        (moment(TUESDAY, "09:00"), at(MONDAY, "19:00"), State.CLOSED),
        (moment(TUESDAY, "09:30"), at(TUESDAY, "09:29"), State.CLOSED),
        (moment(TUESDAY, "15:00"), at(TUESDAY, "14:59"), State.CLOSED),
        (moment(TUESDAY, "15:00"), at(MONDAY, "19:00"), State.STALE),
        (moment(TUESDAY, "18:00"), at(MONDAY, "19:00"), State.STALE),
        (moment(TUESDAY, "18:00"), at(TUESDAY, "16:01"), State.CLOSED),
        (moment(WEDNESDAY, "08:00"), at(MONDAY, "19:00"), State.STALE),
        (moment(TUESDAY, "15:00"), None, State.CLOSED),
    ],
    ids=[
        "before the next open",
        "at the open",
        "not traded today, its source says",
        "dead since last night, exchange open",
        "dead since last night, after the close",
        "a file that ends the day before",
        "dead for a whole session",
        "never quoted",
    ],
)
@pytest.mark.parametrize("printed", ["15:59", "16:00"], ids=["shown is the close", "shown is the quote"])
def test_a_close_is_stale_once_a_session_went_by_unheard(
    now: Moment, checked: datetime | None, state: State, printed: str
) -> None:
    whole = snapshot(bars("IWM"), quotes=(quote("IWM", 250.0, at(MONDAY, printed)),))
    heard = replace(whole, checked={} if checked is None else {"IWM": checked})
    assert state_of(mark_of("IWM", heard, now), now) is state


def test_a_long_weekend_ages_nothing() -> None:
    quoted = quote("IWM", 250.0, at(date(2026, 11, 25), "16:00"))
    assert _state(moment(date(2026, 11, 26), "12:00"), quoted, None, date(2026, 11, 24)) is State.CLOSED
    assert _state(moment(date(2026, 11, 29), "12:00"), None, None, date(2026, 11, 27)) is State.CLOSED


def test_a_board_of_a_past_day_is_closed() -> None:
    assert _state(moment(TUESDAY, "23:59", past=True), None, None, TUESDAY) is State.CLOSED


def test_without_quote_or_history_there_is_no_price() -> None:
    now = moment(TUESDAY, "11:00")
    assert mark_of("IWM", snapshot(), now) is None
    assert state_of(None, now) is State.UNKNOWN


def test_a_refused_symbol_shows_no_price_at_all() -> None:
    whole = snapshot(bars("IWM"), quotes=(quote("IWM", 250.0, at(TUESDAY, "11:00")),), quarantined={"IWM": "it lies"})
    assert mark_of("IWM", whole, moment(TUESDAY, "11:00")) is None


@pytest.mark.parametrize(
    ("printed", "last_bar", "shown"),
    [
        (at(TUESDAY, "11:00"), MONDAY, "quote"),
        (at(MONDAY, "15:59"), MONDAY, "close"),
        (at(MONDAY, "16:00"), MONDAY, "quote"),
        (at(FRIDAY, "16:00"), MONDAY, "close"),
        (at(MONDAY, "16:00"), FRIDAY, "quote"),
    ],
    ids=["next session", "print before the close", "print at the close", "older session", "history behind"],
)
def test_the_newer_of_quote_and_close_is_shown(printed: datetime, last_bar: date, shown: str) -> None:
    whole = snapshot(bars("IWM", last_bar), quotes=(quote("IWM", 7.0, printed),))
    mark = mark_of("IWM", whole, moment(TUESDAY, "11:00"))
    assert mark is not None
    assert (mark.price == 7.0, mark.is_close) == ((True, False) if shown == "quote" else (False, True))
    assert mark.source == ("yahoo" if shown == "quote" else "history")


def test_a_future_that_trades_on_a_holiday_does_not_break_the_board() -> None:
    holiday = date(2026, 1, 19)
    future = quote("RTY=F", 2600.0, at(holiday, "11:00"), delay_s=600)
    for checked, state in ((at(holiday, "11:10"), State.CLOSED), (at(holiday, "09:00"), State.STALE)):
        now = moment(holiday, "11:11")
        assert state_of(mark_of("RTY=F", snapshot(quotes=(future,), checked=checked), now), now) is state


def test_a_future_of_the_evening_before_is_delayed() -> None:
    evening = at(date(2026, 3, 1), "19:00")
    future = Quote("RTY=F", 2600.0, evening, MONDAY, "yahoo", 600)
    now = Moment.at(evening + timedelta(minutes=11), moment(MONDAY, "12:00").calendar)
    whole = snapshot(quotes=(future,), checked=evening + timedelta(minutes=10))
    assert state_of(mark_of("RTY=F", whole, now), now) is State.DELAYED


def test_every_window_is_there_whatever_is_known() -> None:
    from rotation_tui.board.rows import ticker_row

    for whole in (snapshot(), snapshot(bars("IWM", rows=1)), snapshot(bars("IWM"))):
        assert list(ticker_row(IWM, whole, moment(TUESDAY, "11:00")).windows) == [w.value for w in Window]


@pytest.mark.parametrize(
    ("printed", "checked", "last_bar"),
    [
        (at(TUESDAY, "11:00"), at(TUESDAY, "11:00"), MONDAY),
        (at(TUESDAY, "10:30"), at(TUESDAY, "11:00"), MONDAY),
        (at(MONDAY, "16:00"), at(TUESDAY, "11:00"), MONDAY),
        (at(TUESDAY, "16:00"), None, TUESDAY),
    ],
    ids=["print and answer", "the answer", "the answer about a close", "a close"],
)
def test_what_is_of_a_time_to_come_has_no_age_and_is_never_fresh(
    printed: datetime, checked: datetime | None, last_bar: date
) -> None:
    """The computer's clock is behind: 10:31 by it."""
    quoted = quote("IWM", 250.0, printed)
    assert _state(moment(TUESDAY, "10:31"), quoted, checked, last_bar) is State.STALE
