"""iShares: which lines of a file are members, and which files are none."""

import time
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace

from rotation_tui.domain.holdings import Holdings
from rotation_tui.providers.base import BadReply, Misconfigured, Surroundings, UnknownSymbol
from rotation_tui.providers.ishares import PRODUCTS, PROVIDER, IShares
from rotation_tui.providers.ishares.table import parse_holdings
from tests import shared_material
from tests.providers.local_source import Answer, serving
from tests.providers.replies import ishares as reply
from tests.providers.replies.ishares import line

NOW = datetime(2026, 11, 20, 18, 16, tzinfo=UTC)
DAY = date(2026, 11, 19)
IWM = "ishares-russell-2000-etf"
NEWER = (
    "Ticker,Name,Type,Sector,Asset Class,Market Value,Notional Value,Quantity,Price,Location,Exchange,Currency,FX Rate,"
    "Market Currency,Accrual Date,Notional Weight,Market Weight"
)
DISCLAIMER = '"The content contained herein is owned, licensed\nand made up."\n'


def told(*lines: str, columns: str = reply.COLUMNS, end: str = "\n", day: str = "Nov 19, 2026") -> bytes:
    """A file of IWM with these lines and what follows them."""
    head = f'iShares Russell 2000 ETF\nFund Holdings as of,"{day}"\nStock,"-"\n\n'
    return f"{head}{columns}\n{''.join(lines)}{end}".encode()


def read(body: bytes) -> Holdings:
    return parse_holdings(body, "IWM", IWM, "ishares", NOW)


def weights(held: Holdings) -> dict[str, float]:
    return {member.ticker: member.weight for member in held.members}


def reasons(held: Holdings) -> dict[str, str]:
    return {out.name: out.why for out in held.left_out}


def cells(line: str, **changes: str) -> str:
    """A line of the older columns with other cells, by title with _ for a blank."""
    values = dict(zip(reply.COLUMNS.split(","), line.strip().strip('"').split('","'), strict=True))
    for title, value in changes.items():
        values[title.replace("_", " ")] = value
    return ",".join(f'"{value}"' for value in values.values()) + "\n"


def newer(kind: str, ticker: str, weight: str, asset: str = "Equity", value: str = "1,000,000.00") -> str:
    """A line of the columns since June 2026, the notional weight first."""
    parts = (ticker, f"{ticker} INC", kind, "Energy", asset, value, value, "10,000.00", "100.00", "United States",
             "NYSE", "USD", "1.00", "USD", "-", "77.00", weight)  # fmt: skip
    return ",".join(f'"{part}"' for part in parts) + "\n"


RECORDINGS: dict[str, tuple[str, str, int, date, float, Counter[str]]] = {
    "IWM_holdings_20260505.csv": ("IWM", IWM, 1913, date(2026, 5, 5), 99.90,
        Counter({"not listed": 6, "priced at nothing": 5, "cash": 2, "a money market fund": 1, "collateral": 1,
                 "a future": 1})),
    "IVV_holdings_20241206.csv": ("IVV", "ishares-core-sp-500-etf", 503, date(2024, 12, 6), 99.98,
        Counter({"cash": 2, "a money market fund": 1, "collateral": 1, "a future": 1})),
    "IJR_holdings_20260619.csv": ("IJR", "ishares-core-sp-smallcap-etf", 604, date(2026, 6, 19), 99.95,
        Counter({"a swap": 51, "collateral": 5, "a warrant": 2, "cash": 1, "a future": 1, "a money market fund": 1})),
}  # fmt: skip


def test_every_recording_holds_what_it_says() -> None:
    folder = shared_material.path("recordings", "ishares")
    assert {file.name for file in folder.iterdir()} == set(RECORDINGS)
    for name, (fund, called, count, as_of, weight, left_out) in RECORDINGS.items():
        body = (folder / name).read_bytes()
        held = parse_holdings(body, fund, called, "ishares", NOW)
        assert (held.fund, held.as_of, len(held.members)) == (fund, as_of, count)
        assert held.weight == pytest.approx(weight)
        assert Counter(out.why for out in held.left_out) == left_out
        assert all(member.sector and member.exchange and member.price for member in held.members)
        with pytest.raises(BadReply):
            parse_holdings(body[: len(body) // 2], fund, called, "ishares", NOW)
        with pytest.raises(BadReply):
            parse_holdings(body, "IWB", "ishares-russell-1000-etf", "ishares", NOW)


def test_a_recording_that_was_shortened_is_not_taken_for_whole() -> None:
    body = shared_material.path("recordings_2026q4", "ishares_IVV_20260922_TRIMMED.csv").read_bytes()
    with pytest.raises(BadReply, match="not whole"):
        parse_holdings(body, "IVV", "ishares-core-sp-500-etf", "ishares", NOW)


@pytest.mark.whole
def test_two_thousand_lines_are_read_in_less_than_a_twentieth_of_a_second() -> None:
    body = told(*(line(f"T{n}", "0.05") for n in range(2000)))
    took = []
    for _ in range(5):
        began = time.thread_time()
        assert len(read(body).members) == 2000
        took.append(time.thread_time() - began)
    assert min(took) < 0.05


def test_columns_are_known_by_their_titles_in_either_order() -> None:
    older = read(told(line("AAA", "60.00"), line("BRK B", "39.90"), end="\xa0\n" + DISCLAIMER))
    assert weights(older) == {"AAA": 60.0, "BRK B": 39.9}
    assert older.weight == pytest.approx(99.9)
    lines = (
        newer("EQUITY", "AAA", "60.00"),
        newer("EQUITY", "BBB", "39.90", value="650,000.00"),
        newer("SWAP", "CCC", "-", value="0.00"),
    )
    new = read(told(*lines, columns=NEWER))
    assert weights(new) == {"AAA": 60.0, "BBB": 39.9}
    assert reasons(new) == {"CCC INC": "a swap"}


def test_a_byte_order_mark_and_line_ends_of_windows_are_no_trouble() -> None:
    body = b"\xef\xbb\xbf" + told(line("AAA", "100.00"), end="\n" + DISCLAIMER).replace(b"\n", b"\r\n")
    assert weights(read(body)) == {"AAA": 100.0}


def test_a_member_whose_weight_rounds_to_nothing_has_that_of_its_value() -> None:
    held = read(told(newer("EQUITY", "AAA", "100.00"), newer("EQUITY", "BBB", "-", value="20.00"), columns=NEWER))
    assert "BBB INC" in reasons(held), "at 100 dollars a share it is worth a million"
    small = newer("EQUITY", "BBB", "-", value="20.00").replace('"10,000.00"', '"0.20"')
    assert weights(read(told(newer("EQUITY", "AAA", "100.00"), small, columns=NEWER)))["BBB"] == pytest.approx(
        0.002, abs=1e-5
    )


@pytest.mark.parametrize(
    ("other", "why"),
    [
        (line("USD", "0.50", asset="Cash"), "cash"),
        (line("XTSLA", "0.50", asset="Money Market"), "a money market fund"),
        (line("SGAFT", "0.50", asset="Cash Collateral and Margins"), "collateral"),
        (line("ESZ6", "0.50", asset="Futures"), "a future"),
        (line("GILT", "0.50", asset="Fixed Income"), "of class Fixed Income"),
        (line("HOLX", "0.50", exchange="NO MARKET (E.G. UNLISTED)"), "not listed"),
        (line("-", "0.50"), "no ticker"),
        (cells(line("SBT", "0.00"), Price="0.00", Market_Value="5.81"), "priced at nothing"),
        (cells(line("OWED", "0.50"), Quantity="-5,000.00"), "a number below zero"),
    ],
)
def test_what_is_no_share_of_a_company_is_left_out_with_the_reason(other: str, why: str) -> None:
    held = read(told(line("AAA", "99.50"), other))
    assert weights(held) == {"AAA": 99.5}
    assert [out.why for out in held.left_out] == [why]


@pytest.mark.parametrize(
    ("ticker", "changes", "why"),
    [
        ("X1000", {"Market_Value": "10,000,000,000.00", "Price": "1,000,000.00"}, "what its weight says"),
        ("X2", {"Market_Value": "4,000,000.00", "Quantity": "40,000.00"}, ""),
        ("LOW", {"Market_Value": "2,000,000.00", "Quantity": "20,000.00"}, "what its weight says"),
        ("PRICE", {"Price": "1,000.00"}, "its shares at their price"),
        ("SHARES", {"Quantity": "100.00"}, "its shares at their price"),
    ],
)
def test_a_market_value_a_factor_of_three_off_is_left_out_and_listed(
    ticker: str, changes: dict[str, str], why: str
) -> None:
    held = read(told(line("AAA", "45.00"), line("BBB", "45.00"), cells(line(ticker, "10.00"), **changes)))
    assert (ticker in weights(held)) is (why == "")
    assert all(why in reason for reason in reasons(held).values())
    assert len(reasons(held)) == (why != "")


def test_two_lines_of_one_ticker_are_both_left_out() -> None:
    held = read(told(line("AAA", "99.00"), line("TWO", "0.50", "TWO INC"), line("TWO", "0.50", "TWO OLD")))
    assert weights(held) == {"AAA": 99.0}
    assert reasons(held) == dict.fromkeys(("TWO INC", "TWO OLD"), "another line has its ticker")


def test_a_swap_beside_a_share_of_its_ticker_is_no_second_one() -> None:
    held = read(told(newer("EQUITY", "AAA", "100.00"), newer("SWAP", "AAA", "-", value="0.00"), columns=NEWER))
    assert weights(held) == {"AAA": 100.0}


WHOLE = told(line("AAA", "60.00"), line("BBB", "40.00"))
SPOILT: dict[str, tuple[bytes, str]] = {
    "the weights are not those of a whole": (told(line("AAA", "60.00")), "60.00 %, so the file is not whole"),
    "more than a whole": (told(line("AAA", "60.00"), line("BBB", "41.00")), "101.00 %"),
    "cut within a line": (WHOLE[:-20], "cut off"),
    "cut between two lines": (told(line("AAA", "60.00"), line("BBB", "40.00"), end=""), "cut off"),
    "a weight below zero": (told(line("AAA", "140.00"), line("BBB", "-40.00")), "below zero"),
    "a weight that is none": (told(line("AAA", "x"), line("BBB", "100.00")), "is no number"),
    "a value that is none": (told(cells(line("AAA", "100.00"), Market_Value="nan")), "is no number"),
    "another fund": (WHOLE.replace(b"Russell 2000", b"Russell 1000"), 'is of "iShares Russell 1000 ETF", not of IWM'),
    "a day yet to come": (told(line("AAA", "100.00"), day="Nov 21, 2026"), "yet to come"),
    "no day": (told(line("AAA", "100.00"), day="-"), "is no day"),
    "no table": (b'iShares Russell 2000 ETF\nFund Holdings as of,"Nov 19, 2026"\n', "no table"),
    "no line": (told(), "no line"),
    "no column of weights": (WHOLE.replace(b"Weight (%)", b"Weight"), "no column Weight"),
    "a column twice": (WHOLE.replace(b"FX Rate", b"Ticker"), "two columns Ticker"),
    "a cell too few": (WHOLE.replace(b'"USD","1.00",', b'"1.00",', 1), "cells"),
    "no text": (WHOLE.replace(b"AAA", b"\xff\xfe"), "no UTF-8"),
    "nothing but cash": (told(line("USD", "100.00", asset="Cash")), "no member"),
}


@pytest.mark.parametrize("name", SPOILT)
def test_a_file_that_cannot_be_is_refused(name: str) -> None:
    body, words = SPOILT[name]
    with pytest.raises(BadReply, match=words.replace("(", r"\(")):
        read(body)


async def held(
    folder: Path, answer: Answer, fund: str = "IWM", products: dict[str, str] | None = None
) -> tuple[Holdings, list[str], list[str]]:
    """What a source on this computer gives that answers so, the paths that it was asked, and what was told besides."""
    sentences: list[str] = []
    async with serving(lambda _: answer) as local:
        assert PROVIDER.endpoint is not None
        endpoint = replace(PROVIDER.endpoint, base_url=local.url)
        source = IShares(Surroundings(endpoint, folder, options={"products": products or {}}, tell=sentences.append))
        try:
            return await source.holdings(fund, NOW), local.paths, sentences
        finally:
            await source.close()


async def test_a_fund_is_asked_for_by_the_address_of_its_page(tmp_path: Path) -> None:
    given, paths, said = await held(tmp_path, Answer(WHOLE, kind="text/csv"))
    assert given.fund == "IWM"
    assert paths == [f"/us/products/{PRODUCTS['IWM']}/latest-holdings.csv"]
    assert said == []


async def test_a_page_that_has_moved_is_named_in_the_config(tmp_path: Path) -> None:
    moved = {"IWM": "1/ishares-russell-2000-etf", "IWV": "239714/ishares-russell-3000-etf"}
    _, paths, _ = await held(tmp_path, Answer(WHOLE), products=moved)
    assert paths == ["/us/products/1/ishares-russell-2000-etf/latest-holdings.csv"]
    with pytest.raises(BadReply, match="not of IWV"):
        await held(tmp_path, Answer(WHOLE), "IWV", products=moved)


async def test_an_old_file_is_told_with_its_age(tmp_path: Path) -> None:
    aged = Answer(told(line("AAA", "100.00"), day="Nov 9, 2026"))
    _, _, said = await held(tmp_path, aged)
    assert said == ["the newest holdings of IWM are of 2026-11-09, 11 days old"]
    _, _, said = await held(tmp_path, Answer(told(line("AAA", "100.00"), day="Nov 10, 2026")))
    assert said == []


async def test_a_web_page_called_a_table_is_refused_by_name(tmp_path: Path) -> None:
    page = b"\xef\xbb\xbf\n<!DOCTYPE html><html><title>iShares</title></html>"
    with pytest.raises(BadReply, match="sent a web page instead of data") as told_of:
        await held(tmp_path, Answer(page, kind="text/csv"))
    assert told_of.value.pause_s


async def test_what_has_no_address_is_not_asked_for(tmp_path: Path) -> None:
    with pytest.raises(UnknownSymbol, match="no address of SPY"):
        await held(tmp_path, Answer(WHOLE), "SPY")
    with pytest.raises(Misconfigured, match="not like"):
        await held(tmp_path, Answer(WHOLE), products={"IWM": "somewhere"})
