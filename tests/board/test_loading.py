"""Until every history that can be had is there, the board says how far it has come."""

from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from rotation_tui.board.assemble import assemble
from rotation_tui.board.contract import Loading
from rotation_tui.domain.bars import Bars, Basis
from rotation_tui.domain.results import Studies
from rotation_tui.domain.session import nyse
from rotation_tui.store.market_store import Snapshot, history_name
from rotation_tui.studies.tickers import study_ticker
from rotation_tui.widgets.cells import plain
from tests.boards import NOW, SCOPE, UNIVERSE
from tests.panes.test_contract import PANES, faces

WANTED = tuple(dict.fromkeys(i.symbol for i in UNIVERSE.with_bars))


def loading(known: int, given_up: int = 0) -> Loading | None:
    """Of a board that has the first `known` histories, where no feed gives the next `given_up`."""
    bars = {
        (symbol, Basis.PRICE): Bars(symbol, Basis.PRICE, (date(2026, 6, 18),), (1.0,), source="made", fetched_at=NOW)
        for symbol in WANTED[:known]
    }
    missing = {history_name(symbol): "yahoo: is not there" for symbol in WANTED[known : known + given_up]}
    return assemble(Snapshot(bars=bars, missing=missing), SCOPE, NOW).loading


@pytest.mark.parametrize("known", [0, 1, len(WANTED) - 1])
def test_what_is_there_and_what_is_wanted_are_counted(known: int) -> None:
    found = loading(known)
    assert found is not None
    assert (found.have, found.want) == (known, len(WANTED))
    assert set(WANTED[known:]) <= set(found.symbols)


def test_a_history_that_no_study_has_seen_is_still_on_its_way() -> None:
    """The rows of a board whose histories are all there stay provisional until the first study is."""
    found = loading(len(WANTED))
    assert found is not None
    assert (found.have, found.want) == (len(WANTED), len(WANTED))
    assert {t.symbol for t in UNIVERSE.tickers} <= set(found.symbols)


def test_what_no_feed_gives_is_not_waited_for() -> None:
    found = loading(3, 2)
    assert found is not None
    assert (found.have, found.want) == (3, len(WANTED) - 2)
    assert not set(WANTED[3:5]) & set(found.symbols)
    assert loading(0, len(WANTED)) is None


def test_an_outline_is_no_history() -> None:
    bars = Bars("RUT", Basis.PRICE, (date(2026, 6, 18),), (1.0,), source="made", fetched_at=NOW, outline=True)
    found = assemble(Snapshot(bars={("RUT", Basis.PRICE): bars}), SCOPE, NOW).loading
    assert found is not None
    assert (found.have, found.want) == (0, len(WANTED))
    assert "RUT" in found.symbols


def test_a_history_that_was_studied_by_its_outline_is_still_on_its_way() -> None:
    day = date(2026, 6, 18)
    bars = {
        (symbol, Basis.PRICE): Bars(symbol, Basis.PRICE, (day,), (1.0,), source="made", fetched_at=NOW)
        for symbol in WANTED
    }
    studied = {symbol: study_ticker(made, nyse()) for (symbol, _), made in bars.items()}
    whole = Snapshot(bars=bars, studies=Studies(day, NOW, tickers=studied))
    assert assemble(whole, SCOPE, NOW).loading is None
    behind = studied | {"RUT": replace(studied["RUT"], record=None)}
    found = assemble(replace(whole, studies=Studies(day, NOW, tickers=behind)), SCOPE, NOW).loading
    assert found == Loading(len(WANTED), len(WANTED), ("RUT",))


def test_what_is_refused_is_not_on_its_way() -> None:
    """Its row says ? and why, though its history is yet to come."""
    found = assemble(Snapshot(quarantined={"RUT": "yahoo says 1.00"}), SCOPE, NOW).loading
    assert found is not None
    assert (found.have, found.want) == (0, len(WANTED))
    assert set(WANTED) - set(found.symbols) == {"RUT"}


@pytest.mark.parametrize("name", ["indexes", "spreads", "sectors"])
def test_what_is_on_its_way_is_told_from_what_is_unknown(name: str) -> None:
    """The first rows of each pane wait for a history; every other row is unknown for good."""
    unknown = assemble(Snapshot(missing={history_name(symbol): "no" for symbol in WANTED}), SCOPE, NOW)
    coming = replace(unknown, loading=Loading(1, 3, ("RUT", "PSCF")))
    for face in faces(PANES[name], coming):
        for row, row_id in zip(face.rows, face.ids, strict=True):
            if row_id is not None:
                waits = row_id in ("RUT", "RUT-SPX", "PSCF")
                assert (" … " in plain([row]) + " ") == waits
                assert (" ? " in plain([row]) + " ") != waits


def arriving(known: int, every: float, ago: float = 0.0) -> Loading | None:
    """Of a board whose first `known` histories came `every` so many seconds, the last of them `ago` seconds ago."""
    at = {symbol: NOW - timedelta(seconds=ago + every * (known - 1 - n)) for n, symbol in enumerate(WANTED[:known])}
    bars = {
        (symbol, Basis.PRICE): Bars(symbol, Basis.PRICE, (date(2026, 6, 18),), (1.0,), source="made", fetched_at=came)
        for symbol, came in at.items()
    }
    return assemble(Snapshot(bars=bars), SCOPE, NOW).loading


@pytest.mark.parametrize(
    ("known", "every", "ago", "left"),
    [
        (3, 1.0, 0.0, None),  # too few to tell
        (12, 1.0, 0.0, -(-(len(WANTED) - 12) // 5) * 5),
        (12, 0.1, 0.0, 5),
        (12, 1.0, 100.0, None),  # nothing comes any more
        (12, 600.0, 0.0, None),  # from the disk, of hours ago
    ],
)
def test_how_long_it_takes_follows_from_the_pace(known: int, every: float, ago: float, left: int | None) -> None:
    found = arriving(known, every, ago)
    assert found is not None
    assert found.left_s == left
