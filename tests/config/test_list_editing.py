"""Watch lists changed in a user's file: what else stands there stays as it is, to the letter."""

import difflib

import pytest

from rotation_tui.config.list_editing import with_row, without_row
from rotation_tui.config.load import parse
from rotation_tui.domain.watchlist import WatchedSymbol
from rotation_tui.toml_file.fault import ConfigFault

TEXT = """# my own
theme = "dark" # nice

[[watchlists]]
name = "banks" # regional ones
symbols = [
  "AAPL", # an apple
  # bonds
  { symbol = "^rut", note = "the index" },
  { symbol = "HYG", tag = "credit" }, # junk
]
# after

[[watchlists]]
name = "others"
columns = ["last"]

[poll]
open = 45 # seconds
"""
KBE = WatchedSymbol(symbol="KBE", note='said "so"', tag="rates")


def changed(before: str, after: str) -> list[str]:
    """The lines that went and that came."""
    lines = difflib.ndiff(before.splitlines(), after.splitlines())
    return [line for line in lines if line[0] in "+-"]


def lists(text: str) -> dict[str, list[tuple[str, str, str]]]:
    config = parse(text)
    return {listed.name: [(r.symbol, r.tag, r.note) for r in listed.entries] for listed in config.watchlists}


def test_a_symbol_is_added_behind_the_others() -> None:
    after = with_row("banks", KBE)(TEXT, "config")
    assert changed(TEXT, after) == [r'+   {symbol = "KBE", note = "said \"so\"", tag = "rates"},']
    assert lists(after)["banks"][-1] == ("KBE", "rates", 'said "so"')


def test_a_bare_symbol_is_written_bare() -> None:
    after = with_row("banks", WatchedSymbol(symbol="KBE"))(TEXT, "config")
    assert changed(TEXT, after) == ['+   "KBE",']


def test_note_and_tag_change_in_place_and_the_spelling_stays() -> None:
    after = with_row("banks", WatchedSymbol(symbol="RUT", tag="small"))(TEXT, "config")
    assert changed(TEXT, after) == [
        '-   { symbol = "^rut", note = "the index" },',
        '+   {symbol = "^rut", tag = "small"},',
    ]
    without = with_row("banks", WatchedSymbol(symbol="HYG"))(TEXT, "config")
    assert changed(TEXT, without) == ['-   { symbol = "HYG", tag = "credit" }, # junk', '+   "HYG", # junk']


def test_a_symbol_goes_with_its_own_comment_and_no_other() -> None:
    assert changed(TEXT, without_row("banks", "AAPL")(TEXT, "config")) == ['-   "AAPL", # an apple']
    assert changed(TEXT, without_row("banks", "RUT")(TEXT, "config")) == [
        '-   { symbol = "^rut", note = "the index" },'
    ]


def test_what_is_not_there_any_more_is_told() -> None:
    for name, symbol in (("banks", "KRE"), ("none", "AAPL"), ("others", "AAPL")):
        with pytest.raises(ConfigFault, match=f"there is no {symbol} in a list"):
            without_row(name, symbol)(TEXT, "config")


def test_a_list_without_symbols_gets_some() -> None:
    after = with_row("others", KBE)(TEXT, "config")
    assert lists(after)["others"] == [("KBE", "rates", 'said "so"')]
    assert all(line in after.splitlines() for line in TEXT.splitlines() if line)


@pytest.mark.parametrize(
    "before",
    [
        "",
        "# nothing yet\n",
        'theme = "dark"',
        TEXT,
        '[poll]\nopen = 45\n\n[channels.phone]\nkind = "ntfy"\nurl = "https://ntfy.example/x"\n',
        'watchlists = [{ name = "a", symbols = ["X"] }]\n',
        "theme = 'dark'\r\n[poll]\r\nopen = 45 # s\r\n",
    ],
)
def test_a_list_that_is_not_there_is_made_and_all_else_stays(before: str) -> None:
    first = with_row("new", KBE)(before, "config")
    second = with_row("new", WatchedSymbol(symbol="KRE"))(first, "config")
    assert lists(second) == lists(before) | {"new": [("KBE", "rates", 'said "so"'), ("KRE", "", "")]}
    gone = [line for line in changed(before, second) if line[0] == "-" and "watchlists = " not in line]
    assert not gone
    assert parse(second).poll == parse(before).poll
    assert "[[watchlists.symbols]]" not in second
    assert lists(without_row("new", "KBE")(second, "config"))["new"] == [("KRE", "", "")]


def test_what_is_no_toml_is_not_written_over() -> None:
    with pytest.raises(ConfigFault, match="is not TOML, so nothing is written"):
        with_row("new", KBE)("theme = \n", "config")
