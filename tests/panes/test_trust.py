"""The board says how far it can be trusted, and yes only where nothing speaks against it."""

import pytest
from msgspec.structs import replace

from rotation_tui.board.contract import Board, Loading, Mode
from rotation_tui.domain.feed import FeedState
from rotation_tui.domain.reading import Level
from rotation_tui.domain.state import State
from rotation_tui.panes.trust import trust_of
from tests.boards import EMPTY, FULL


def sound() -> Board:
    """A live board on which everything is as it should be."""
    return replace(
        FULL,
        mode=Mode.LIVE,
        loading=None,
        tickers=tuple(replace(row, last=10.0, state=State.LIVE, delay_s=0) for row in FULL.tickers),
        spreads=tuple(replace(row, study_state=State.CLOSED) for row in FULL.spreads),
        feeds=tuple(replace(feed, state=FeedState.LIVE) for feed in FULL.feeds),
    )


def test_yes_is_said_where_nothing_speaks_against_it() -> None:
    board = sound()
    trust = trust_of(board)
    assert trust.word == "yes:"
    assert trust.pieces[0] == "prices current"
    assert trust.pieces[1].endswith(" checks unknown"), "they take no yes away, and stand beside it"
    assert trust.pieces[2] == f"{len(board.feeds)} of {len(board.feeds)} feeds well"
    known = replace(board.risk[0].checks[0], level=Level.OK)
    whole = replace(board, risk=(replace(board.risk[0], checks=(known,)),))
    assert trust_of(whole).pieces[1] == "all 1 checks known"


def test_a_price_that_is_late_says_by_how_much_and_closes_are_called_closes() -> None:
    board = sound()
    late = replace(board, tickers=(replace(board.tickers[0], delay_s=900), *board.tickers[1:]))
    assert trust_of(late).pieces[0] == "prices 0-15m late"
    all_late = replace(board, tickers=tuple(replace(row, delay_s=900) for row in board.tickers))
    assert trust_of(all_late).pieces[0] == "prices 15m late"
    closed = replace(board, tickers=tuple(replace(row, state=State.CLOSED) for row in board.tickers))
    assert "prices of the close" in trust_of(closed).pieces[0]


@pytest.mark.parametrize("trouble", ["old", "of a session ago", "unknown", "down", "late", "closes"])
def test_one_thing_in_trouble_takes_the_yes_away_and_is_named_first(trouble: str) -> None:
    board = sound()
    first, spread, feed = board.tickers[0], board.spreads[0], board.feeds[0]
    board = {
        "old": replace(board, tickers=(replace(first, state=State.STALE), *board.tickers[1:])),
        "of a session ago": replace(
            board, tickers=(replace(first, state=State.CLOSED, current=False), *board.tickers[1:])
        ),
        "unknown": replace(board, tickers=(replace(first, last=None, state=State.UNKNOWN), *board.tickers[1:])),
        "down": replace(board, feeds=(replace(feed, state=FeedState.DOWN), *board.feeds[1:])),
        "late": replace(board, feeds=(replace(feed, state=FeedState.LATE), *board.feeds[1:])),
        "closes": replace(board, spreads=(replace(spread, study_state=State.STALE), *board.spreads[1:])),
    }[trouble]
    trust = trust_of(board)
    name = {"down": feed.name, "late": feed.name, "closes": spread.id}.get(trouble, first.id)
    assert trust.word == "in part:"
    assert trust.pieces[0].endswith(f": {name}")


def test_a_thin_fund_that_is_answered_for_takes_nothing_away() -> None:
    board = sound()
    thin = replace(board, tickers=(replace(board.tickers[0], current=False), *board.tickers[1:]))
    assert trust_of(thin).word == "yes:"


def test_more_than_three_are_counted() -> None:
    board = sound()
    rows = tuple(replace(row, state=State.STALE) for row in board.tickers)
    assert f"and {len(rows) - 3} more" in trust_of(replace(board, tickers=rows)).pieces[0]


def test_a_start_a_demo_and_a_past_day_are_no_yes() -> None:
    board = sound()
    assert trust_of(replace(board, loading=Loading(3, 36, ()))).word == "not yet:"
    assert trust_of(replace(EMPTY, mode=Mode.LIVE, loading=Loading(0, 36, ()))).word == "not yet:"
    assert trust_of(replace(EMPTY, mode=Mode.LIVE, loading=None)).word == "no:"
    assert trust_of(replace(board, mode=Mode.DEMO)).pieces[0] == "a made-up market, no price is real"
    assert trust_of(replace(board, mode=Mode.AS_OF)).word == "past:"
