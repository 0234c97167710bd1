"""Every price that is not current has its age beside it, and so has what rests on closes of long ago."""

from datetime import UTC, timedelta

import pytest
from msgspec.structs import replace

from rotation_tui.board.contract import Board, SectorRow, SpreadRow, TickerRow
from rotation_tui.domain.state import State
from rotation_tui.panes import indexes, sectors, spreads
from rotation_tui.panes.base import Pane, Space
from rotation_tui.widgets.cells import Row, plain
from tests.boards import FULL, NOW, TODAY

PANES = {pane.name: pane for pane in (indexes.PANE, spreads.PANE, sectors.PANE)}
SIZES = [(80, 12), (122, 16), (200, 40)]
THIN, OLD = NOW - timedelta(hours=3), TODAY - timedelta(days=16)


def _old_study(row: TickerRow | SpreadRow | SectorRow) -> dict[str, object]:
    own = {} if isinstance(row, TickerRow) else {"state": State.STALE}
    return {"study_as_of": OLD, "study_state": State.STALE, **own}


def _not_current(row: TickerRow | SpreadRow | SectorRow) -> dict[str, object]:
    printed = {"printed": THIN} if isinstance(row, SpreadRow) else {"as_of": THIN}
    return {"current": False, "delay_s": 0, **printed} if isinstance(row, TickerRow) else {"current": False, **printed}


def _board(change: object) -> Board:
    def changed(rows: tuple[object, ...]) -> tuple[object, ...]:
        return tuple(replace(row, **change(row)) for row in rows)  # type: ignore[type-var,operator]

    return replace(FULL, tickers=changed(FULL.tickers), spreads=changed(FULL.spreads), sectors=changed(FULL.sectors))


def _rows(pane: Pane, board: Board, size: tuple[int, int]) -> list[Row]:
    face = pane.draw(board, Space(*size, NOW, UTC))
    shown = list(zip(face.rows, face.ids, strict=True))
    return [row for row, row_id in shown if row_id is not None]


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("name", PANES)
def test_over_closes_of_long_ago_every_row_says_so_and_is_dim(name: str, size: tuple[int, int]) -> None:
    for row in _rows(PANES[name], _board(_old_study), size):
        assert "16d" in plain([row]), plain([row])
        aged = next(span for span in row if "16d" in span.text)
        assert aged.tone == "stale"
        # of an index row the price is of now, and its change of the day with it
        bright = [s.text.strip() for s in row if s.tone in ("gain", "loss", "highlight", "bright") and s.text.strip()]
        if name != "indexes":
            assert not [text for text in bright if any(c.isdigit() for c in text)], plain([row])


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("name", PANES)
def test_a_price_of_three_hours_ago_says_so_though_its_source_answers(name: str, size: tuple[int, int]) -> None:
    for row in _rows(PANES[name], _board(_not_current), size):
        assert "3h" in plain([row]), plain([row])


@pytest.mark.parametrize("name", PANES)
def test_what_is_current_carries_no_age(name: str) -> None:
    for size in SIZES:
        assert "3h" not in plain(_rows(PANES[name], FULL, size))
        assert "16d" not in plain(_rows(PANES[name], FULL, size))


def test_the_headline_claim_is_unknown_over_closes_of_long_ago() -> None:
    face = spreads.PANE.draw(_board(_old_study), Space(122, 30, NOW, UTC))
    line = next(line for line in plain(face.rows).splitlines() if "over a decade" in line)
    assert "UNKNOWN" in line
    assert f"closes end {OLD}" in line


def test_the_record_note_says_where_the_closes_end() -> None:
    face = indexes.PANE.draw(_board(_old_study), Space(122, 30, NOW, UTC))
    assert f"closes end {OLD.day} {OLD:%b}" in plain([face.note])
    assert "sessions ago" not in plain([face.note])


@pytest.mark.parametrize(("seconds", "words"), [(5, "stream"), (400, "stream 5m")])
def test_a_streamed_price_says_so_and_how_old_its_trade_is(seconds: float, words: str) -> None:
    live = {"state": State.LIVE, "study_state": State.CLOSED, "current": True, "note": None, "extended": None}
    printed = NOW - timedelta(seconds=seconds)
    first, *others = (replace(row, **live, as_of=printed, delay_s=0) for row in FULL.tickers)
    board = replace(FULL, tickers=(replace(first, streamed=True), *others))
    wide, narrow = (_rows(indexes.PANE, board, size) for size in ((200, 40), (60, 18)))
    assert words in plain([wide[0]])
    assert [plain([row]).split()[0].endswith("›") for row in narrow] == [True] + [False] * (len(narrow) - 1)
    assert "stream" not in plain([wide[1]])
    opens = indexes.PANE.detail
    assert opens is not None
    details = [opens(board, row.id, Space(200, 40, NOW, UTC)) for row in board.tickers[:2]]
    assert [any("real time, streamed" in plain([row]) for row in rows) for rows in details] == [True, False]
