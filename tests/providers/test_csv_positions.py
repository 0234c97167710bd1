"""A broker's export: what is unambiguous is read, and what is not is refused with the key that settles it."""

from datetime import date
from typing import Any

import pytest

from rotation_tui.domain.positions import OwnPosition, PositionsFile
from rotation_tui.providers.base import BadReply
from rotation_tui.providers.csv_file.positions import OwnPositions, read_positions

SCHWAB = """"Positions for account Individual ...123 as of 04:01 PM ET, 2026/11/27"

"Symbol","Description","Qty (Quantity)","Price","Mkt Val (Market Value)","Cost Basis","Gain $"
"IWM","ISHARES RUSSELL 2000","1,200","$245.30","$294,360.00","$240,000.00","$54,360.00"
"SPY","SPDR S&P 500","(50)","$680.10","($34,005.00)","($33,000.00)","-$1,005.00"
"BRK.B","BERKSHIRE HATHAWAY","10","$500.00","$5,000.00","--","--"
"Cash & Cash Investments","--","--","--","$12,000.00","--","--"
"Account Total","--","--","--","$277,355.00","$207,000.00","--"
"""
FIDELITY = """Account Number,Account Name,Symbol,Description,Quantity,Last,Cost Basis Total,Average Cost Basis,Type
Z1,Individual,IWM,ISHARES,100,$245.10,"$20,000.00",$200.00,Cash
Z1,Individual,SPY,SPDR,10.5,$680.20,"$6,300.00",$600.00,Cash

"The data and information in this spreadsheet is provided to you solely for your use, and 1,000 words more."
Date downloaded 11/27/2026
"""
GERMAN = "Depotübersicht\n\nSymbol;Stück;Kaufkurs;Währung\nIWM;1.200;245,30 €;EUR\nSPY;10;600,5;USD\n\nSumme;;;\n"


def read(text: str, encoding: str = "utf-8", **settings: Any) -> OwnPositions:
    return read_positions(text.encode(encoding), PositionsFile(path="p.csv", **settings), "p.csv")


def lots(held: OwnPosition) -> list[tuple[float, float | None]]:
    return [(lot.quantity, lot.cost) for lot in held.lots]


def test_a_preamble_brackets_thousands_totals_and_cash() -> None:
    found = read(SCHWAB)
    assert {held.symbol: lots(held) for held in found.held} == {
        "IWM": [(1200, 200)], "SPY": [(-50, 660)], "BRK-B": [(10, None)],
    }  # fmt: skip
    assert found.left_out == ('line 7: "Cash & Cash Investments" has no quantity',)
    assert found.rows == 3
    assert found.understood.endswith("1 line of totals left out")


def test_accounts_and_a_disclaimer_below() -> None:
    found = read(FIDELITY)
    assert [held.id for held in found.held] == ["IWM@Z1", "SPY@Z1"]
    assert lots(found.held[1]) == [(10.5, 600)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_other_encodings_separators_decimals_and_currencies(encoding: str) -> None:
    found = read(GERMAN, encoding)
    assert [(held.symbol, held.currency, lots(held)) for held in found.held] == [
        ("IWM", "EUR", [(1200, 245.3)]), ("SPY", "USD", [(10, 600.5)]),
    ]  # fmt: skip


def test_several_rows_of_a_symbol_are_its_lots_with_their_days() -> None:
    found = read("Symbol,Qty,Cost/Share,Date Acquired\nIWM,10,200,2025-03-04\nSPY,1,500,\nIWM,5,210,2026-01-02\n")
    (iwm, _) = found.held
    assert lots(iwm) == [(10, 200), (5, 210)]
    assert [lot.date for lot in iwm.lots] == [date(2025, 3, 4), date(2026, 1, 2)]


def test_a_row_of_nothing_is_left_out_and_told() -> None:
    assert read("Symbol,Qty\nIWM,5\nGONE,0\n").left_out == ("line 3: GONE has a quantity of 0",)


@pytest.mark.parametrize(
    ("text", "settings", "said", "settled"),
    [
        ("Symbol;Qty\nIWM;1.234\n", {}, 'decimal = "." or decimal = ","', {"decimal": ","}),
        ("Symbol,Shares,Quantity\nIWM,1,2\n", {}, 'columns = { "Quantity" = "quantity" }',
         {"columns": {"Quantity": "quantity"}}),
        ("Ticker name,Held\nIWM,1\n", {}, "columns = {", {"columns": {"Ticker name": "symbol", "Held": "quantity"}}),
        ("Symbol,Qty,Trade date\nIWM,1,03/04/2026\n", {}, "date_format", {"date_format": "mdy"}),
        ("Symbol,Qty\nIWM,15\nIWM,10\nIWM,5\n", {}, "first_is_sum = true", {"first_is_sum": True}),
        ("Symbol,Qty,Value\nIWM,15,1\nSPAXX**,,100\n", {}, 'skip = ["SPAXX**"]', {"skip": ("SPAXX**",)}),
        ("Symbol,Qty\nIWM,15\nMy Money Fund,10\n", {}, 'skip = ["My Money Fund"]', {"skip": ("My Money Fund",)}),
    ],
)  # fmt: skip
def test_what_stays_open_is_refused_with_the_key_that_settles_it(
    text: str, settings: dict[str, Any], said: str, settled: dict[str, Any]
) -> None:
    with pytest.raises(BadReply) as refused:
        read(text, **settings)
    assert said in str(refused.value)
    assert read(text, **settled).held


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is empty"),
        ("Symbol,Qty\n", "no position below them"),
        ("Symbol,Qty\nIWM,1,234\n", "needs quotes"),
        ("Symbol,Qty\nIWM,many\n", "is no number"),
        ("Symbol,Qty\n,5\n", "no symbol"),
        ("Symbol,Qty\nIWM,5%\n", "percent"),
        ("Symbol,Qty\nIWM,$500\n", "an amount of money"),
        ("Symbol,Qty,Cost Basis,Currency\nIWM,5,€100,USD\n", "in EUR and in USD"),
        ("Symbol,Qty,Avg Cost\nIWM,5,-3\n", "cannot have cost"),
        ("Symbol,Qty\nIWM,5\n", "columns names Held"),
        ("<html><body>sign in</body></html>", "web page"),
    ],
)
def test_what_cannot_be_is_refused_with_its_line(text: str, said: str) -> None:
    settings: dict[str, Any] = {"columns": {"Held": "quantity"}} if "columns" in said else {}
    with pytest.raises(BadReply) as refused:
        read(text, **settings)
    assert said in str(refused.value)


def test_a_sum_that_is_none_is_told_to_be_a_lot_as_well() -> None:
    found = read("Symbol,Qty\nIWM,10\nIWM,10\n", first_is_sum=False)
    assert found.held[0].quantity == 20
