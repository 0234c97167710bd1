"""What is typed into a watch list: symbol, tag, list and note; and which quotes nobody sees."""

from datetime import UTC, datetime

import pytest

from rotation_tui.app.listing import typed
from rotation_tui.app.scene import scope_of
from rotation_tui.app.seeing import unseen
from rotation_tui.board.assemble import Scope
from rotation_tui.board.contract import Mode
from rotation_tui.config.schema import Config
from rotation_tui.domain.alert import Alert
from rotation_tui.domain.refusal import RefusedValueError
from rotation_tui.domain.session import nyse
from rotation_tui.domain.watchlist import WatchedSymbol, WatchList

NOON = datetime(2026, 6, 22, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "name", "row"),
    [
        ("kre", "shown", WatchedSymbol(symbol="KRE")),
        ("^rut", "shown", WatchedSymbol(symbol="RUT")),
        ("KRE #rates regional banks", "shown", WatchedSymbol(symbol="KRE", tag="rates", note="regional banks")),
        ("KRE regional #rates banks @mine", "mine", WatchedSymbol(symbol="KRE", tag="rates", note="regional banks")),
        ("BRK-B @mine", "mine", WatchedSymbol(symbol="BRK-B")),
        ("KRE #", "shown", WatchedSymbol(symbol="KRE")),
    ],
)
def test_what_is_typed_is_a_symbol_with_words(text: str, name: str, row: WatchedSymbol) -> None:
    assert typed(text, "shown") == (name, row)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("KRE/KBE", "is no symbol"),
        ("#rates KRE", "is no symbol"),
        ("KRE #a #b", "one #tag and one @list at the most"),
        ("KRE @a @b", "one #tag and one @list at the most"),
        ("KRE #" + "a" * 13, "a tag has 12 characters"),
        ("KRE " + "a" * 81, "a note 80"),
    ],
)
def test_what_is_none_is_refused_with_what_is_allowed(text: str, words: str) -> None:
    with pytest.raises(RefusedValueError, match=words):
        typed(text, "shown")


def scope() -> Scope:
    lists = (
        WatchList(name="one", symbols=("AAPL", "KRE", "IWM")),
        WatchList(name="two", symbols=("MSFT", "AAPL"), benchmark="VTI"),
    )
    return scope_of(Config(watchlists=lists), nyse(), Mode.LIVE)


@pytest.mark.parametrize(
    ("screen", "listed", "hidden"),
    [
        ("overview", "", {"AAPL", "MSFT", "VTI"}),  # KRE and IWM are the board's own
        ("watchlists", "", {"MSFT", "VTI"}),
        ("watchlists", "one", {"MSFT", "VTI"}),
        ("watchlists", "two", set()),
        ("charts", "", set()),
    ],
)
def test_only_what_a_list_alone_has_is_out_of_sight(screen: str, listed: str, hidden: set[str]) -> None:
    assert unseen(scope(), (), screen, listed) == hidden


def test_what_an_alert_reads_is_always_seen() -> None:
    alert = Alert(name="a", when="watchlists.one.AAPL.last > 1")
    assert unseen(scope(), (alert,), "overview", "") == frozenset()
