"""The pane of what companies earn, owe and spend: values, gaps, coverage, reasons, files, and how to have them."""

from dataclasses import replace as fields_replaced
from datetime import UTC, timedelta

import pytest
from msgspec.structs import replace

from rotation_tui.board.contract import Board, Fetching
from rotation_tui.domain.fundamentals import Fundamentals
from rotation_tui.domain.holdings import LeftOut
from rotation_tui.domain.measures import Distribution, FigureRead, Reason, Sample
from rotation_tui.panes.base import Space
from rotation_tui.panes.quality import PANE
from rotation_tui.widgets.cells import plain, width_of
from rotation_tui.widgets.glyphs import ASCII
from tests.boards import FULL, NOW
from tests.fundamentals import made

SPACE = Space(118, 40, NOW, UTC)
OUT = (LeftOut("SNX Foreign", "has filed none", 1.5),)


def known(**values: tuple[float | None, float | None]) -> Fundamentals:
    found = made(**values)
    yields = Distribution(-20.0, 1.0, (0,) * 18 + (3, 1) + (4,) * 20, 1, 0, 4.2)
    sample = Sample("earnings", 90, 100, 90.0, (Reason("has filed none", 1, 1.5),), OUT)
    baskets = tuple(replace(basket, samples=(sample,), yields=yields) for basket in found.baskets)
    read = FigureRead("net income", 30, 42, {"us-gaap:NetIncomeLoss": 85}, "CY2023", "CY2025Q3")
    return replace(found, baskets=baskets, read=(read,))


def board(fundamentals: Fundamentals | None, fetching: Fetching | None = None) -> Board:
    return replace(FULL, fundamentals=fundamentals, fetching=fetching)


def text(shown: Board, space: Space = SPACE) -> str:
    return plain(PANE.draw(shown, space).rows)


def row_of(shown: Board, row_id: str, space: Space = SPACE) -> str:
    face = PANE.draw(shown, space)
    return plain((face.rows[face.ids.index(row_id)],))


def test_small_large_and_the_gap_stand_beside_each_other() -> None:
    row = row_of(board(known(growth=(12.0, 8.0))), "growth")
    for told in ("earnings growth, 12 months", "+12.0%", "+8.0%", "+4.0", "90%"):
        assert told in row


def test_what_is_not_known_is_no_number_and_makes_no_gap() -> None:
    row = row_of(board(known(growth=(12.0, None))), "growth")
    assert "+12.0%" in row
    assert "?" in row
    assert row.count("+") == 1


def test_what_rests_on_little_is_dim() -> None:
    face = PANE.draw(board(made(rests_on=70.0, growth=(12.0, 8.0))), SPACE)
    (cell,) = [span for span in face.rows[face.ids.index("growth")] if "+12.0%" in span.text]
    assert cell.tone == "faint"


@pytest.mark.parametrize("space", [SPACE, fields_replaced(SPACE, glyphs=ASCII)])
def test_earnings_yields_are_drawn_and_losses_told_apart_by_their_place(space: Space) -> None:
    face = PANE.draw(board(known()), space)
    drawn = plain(face.rows)
    assert "IWM, median 4.2 %" in drawn
    assert "−20 %" in drawn or "-20 %" in drawn
    assert all(width_of(row) <= space.width + 1 for row in face.rows)


def test_one_key_opens_what_a_measure_rests_on_and_its_files() -> None:
    assert PANE.detail is not None
    told = plain(PANE.detail(board(known(unprofitable_count=(41.0, 5.0))), "unprofitable_count", SPACE))
    for words in (
        "companies whose net income of twelve months is 0 or less",
        "90 of 100 companies, 90.0 % of their weight",
        "1 (1.5 %) has filed none: SNX Foreign",
        "us-gaap:NetIncomeLoss (85); 30 of 42 frames, CY2023 to CY2025Q3",
        "IWM of 2025-12-29, fund, fetched",
    ):
        assert words in told


def test_every_row_opens() -> None:
    shown = board(known(growth=(12.0, 8.0)))
    assert PANE.detail is not None
    for row_id in filter(None, PANE.draw(shown, SPACE).ids):
        assert len(PANE.detail(shown, row_id, SPACE)) > 0


def test_before_anything_is_asked_for_it_says_how_and_what_it_costs() -> None:
    told = " ".join(text(board(None, Fetching(False, 0, 0, None, {}))).split())
    for words in ("The key a fetches", "200 files", "40 MB", "contact = ", "[providers.sec]"):
        assert words in told


def test_on_the_way_it_says_how_far_it_is_and_how_to_stop() -> None:
    told = text(board(None, Fetching(True, 33, 198, timedelta(minutes=4).total_seconds(), {})))
    assert told == "33 of 198 files are there, about 5 min left; a stops"


def test_what_cannot_be_had_says_why() -> None:
    fetching = Fetching(True, 0, 0, None, {"filings": "wants a contact"})
    assert text(board(None, fetching)) == "filings: wants a contact"
