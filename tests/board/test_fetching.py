"""How far holdings and filings have come, and why they do not."""

from msgspec.structs import replace

from rotation_tui.board.assemble import assemble
from rotation_tui.board.contract import Fetching
from rotation_tui.domain.fundamentals import Progress
from rotation_tui.domain.results import Studies
from rotation_tui.store.market_store import Snapshot, holdings_name
from tests.boards import NOW, SCOPE


def test_files_of_all_kinds_are_counted_together_and_the_slowest_tells_how_long() -> None:
    progress = {"holdings from a": Progress(1, 3, 2.5), "filings from b": Progress(30, 45, 40.0)}
    board = assemble(Snapshot(progress=progress), replace(SCOPE, fetches=True), NOW)
    assert board.fetching == Fetching(on=True, done=31, want=48, left_s=40.0)


def test_how_long_it_takes_is_unknown_while_nothing_has_come() -> None:
    board = assemble(Snapshot(progress={"filings from b": Progress(0, 45)}), replace(SCOPE, fetches=True), NOW)
    assert board.fetching == Fetching(on=True, done=0, want=45)


def test_what_no_feed_gives_is_told_with_the_reason_and_nothing_else_is() -> None:
    missing = {holdings_name("IWM"): "b: a web page", "filings": "s: no contact", "history of IWM": "y: gone"}
    fetching = assemble(Snapshot(missing=missing), SCOPE, NOW).fetching
    assert fetching == Fetching(on=False, missing={"holdings of IWM": "b: a web page", "filings": "s: no contact"})


def test_why_nothing_follows_from_what_is_there_is_told() -> None:
    studies = Studies(faults={"holdings and filings": "ZeroDivisionError", "IWM": "another"})
    fetching = assemble(Snapshot(studies=studies), SCOPE, NOW).fetching
    assert fetching == Fetching(on=False, missing={"holdings and filings": "ZeroDivisionError"})
