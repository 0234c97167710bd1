"""iShares' files of holdings and the SEC's lists and frames, about companies that are made up."""

import gzip
import hashlib
import json
import re
from datetime import date, timedelta
from typing import Any, NamedTuple

from tests.upstream.market import UpstreamMarket
from tests.upstream.replies import Answer

SHELL = Answer(b"<!DOCTYPE html><html><title>iShares</title></html>", kind="text/html")
"""What stands in iShares' site for whatever is not there, with status 200."""
UNDECLARED = Answer(
    b"<html><title>SEC.gov | Your Request Originates from an Undeclared Automated Tool</title></html>", 403, "text/html"
)
ABSENT = Answer(
    b'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>NoSuchKey</Code></Error>', 404, "application/xml"
)
_FILE = re.compile(r"/us/products/(\d+)/[a-z0-9-]+/latest-holdings\.csv")
_FRAME = re.compile(r"/api/xbrl/frames/([a-z-]+)/(\w+)/([\w-]+)/(CY\d{4}(?:Q[1-4]I?)?)\.json")
_SECTORS = ("Financials", "Health Care", "Industrials", "Information Technology", "Energy", "Communication")
_OLDER = ("Ticker,Name,Sector,Asset Class,Market Value,Weight (%),Notional Value,Quantity,Price,Location,Exchange,"
          "Currency,FX Rate,Market Currency,Accrual Date")  # fmt: skip
_NEWER = ("Ticker,Name,Type,Sector,Asset Class,Market Value,Notional Value,Quantity,Price,Location,Exchange,Currency,"
          "FX Rate,Market Currency,Accrual Date,Market Weight,Notional Weight")  # fmt: skip
_END = '"The content contained herein is made up.\nHoldings subject to change."'
_DOLLARS = 1e9
_FIRST_CIK = 900_000


class PlayedFund(NamedTuple):
    """A fund: its name, how many companies it holds and from which on, and whether its columns are the newer ones."""

    name: str
    first: int
    size: int
    newer: bool = False


FUNDS = {
    "239710": PlayedFund("iShares Russell 2000 ETF", 100, 80),
    "239726": PlayedFund("iShares Core S&P 500 ETF", 0, 40),
    "239774": PlayedFund("iShares Core S&P Small-Cap ETF", 100, 50, newer=True),
}
"""By the numbers of their products."""
TAGS = {
    "NetIncomeLoss": 1.0,
    "OperatingIncomeLoss": 1.5,
    "InterestExpense": 0.3,
    "LongTermDebt": 6.0,
    "Revenues": 12.0,
    "PaymentsToAcquirePropertyPlantAndEquipment": 0.8,
    "WeightedAverageNumberOfDilutedSharesOutstanding": 2.0,
    "EntityCommonStockSharesOutstanding": 2.0,
}
"""What the companies file, and how much of it, in parts of a quarter's income."""
SHARES = 2
"""Of every company that many are listed in two classes: `C0A` and `C0B`."""


def ticker(company: int, book: str = "fund") -> list[str]:
    """What a company's shares are called by a fund, or by the SEC, which sets the class off."""
    if company >= SHARES:
        return [f"C{company}"]
    return [f"C{company}{'' if book == 'fund' else '-'}{share}" for share in "AB"]


def ishares(market: UpstreamMarket, path: str, query: dict[str, str], headers: dict[str, str]) -> Answer:  # noqa: ARG001
    """A fund's newest file, of the last completed session; a browser's name is needed."""
    if "Mozilla" not in headers.get("user-agent", ""):
        return Answer(b"<html>Access Denied</html>", 403, "text/html")
    found = _FILE.fullmatch(path)
    fund = None if found is None else FUNDS.get(found.group(1))
    if fund is None:
        return SHELL
    day = market.calendar.last_completed(market.now())
    head = [f"\ufeff{fund.name}", f'Fund Holdings as of,"{day:%b %d, %Y}"', 'Stock,"-"', "\xa0"]
    lines = [*head, _NEWER if fund.newer else _OLDER, *map(_csv, _rows(fund)), "\xa0", _END]
    return Answer("\n".join(lines).encode(), kind="text/csv")


def _csv(row: list[str]) -> str:
    return ",".join(f'"{cell}"' for cell in row)


def _rows(fund: PlayedFund) -> list[list[str]]:
    """Shares that come to 99 %, cash for the rest, and a future, a swap and an unlisted share that come to nothing."""
    shares = [(symbol, n) for n in range(fund.first, fund.first + fund.size) for symbol in ticker(n)]
    whole = sum(range(1, len(shares) + 1))
    rows = [
        _row(fund, symbol, f"COMPANY {n} INC", "EQUITY", "Equity", 99 * (len(shares) - place) / whole, n)
        for place, (symbol, n) in enumerate(shares)
    ]
    rows.append(_row(fund, "USD", "USD CASH", "CASH", "Cash", 1.0, 0))
    rows.append(_row(fund, "ESZ6", "AN EMINI", "INDEX", "Futures", 0.0, 0))
    rows.append(_row(fund, "-", "GONE INC ESCROW", "EQUITY", "Equity", 0.0, 0))
    if fund.newer:
        rows.append(_row(fund, "C9", "COMPANY 9 INC", "SWAP", "Equity", 0.0, 9))
    return rows


def _row(fund: PlayedFund, symbol: str, name: str, kind: str, asset: str, weight: float, company: int) -> list[str]:
    value = weight / 100 * _DOLLARS
    exchange, sector = ("NASDAQ", _SECTORS[company % len(_SECTORS)]) if symbol != "-" else ("NO MARKET", "Energy")
    money, shares = f"{value:,.2f}", f"{value / 50:,.2f}"
    last = ["United States", exchange, "USD", "1.00", "USD", "-"]
    if fund.newer:
        told = f"{weight:.2f}" if weight >= 0.005 else "-"
        return [symbol, name, kind, sector, asset, money, money, shares, "50.00", *last, told, told]
    return [symbol, name, sector, asset, money, f"{weight:.2f}", money, shares, "50.00", *last]


def sec(market: UpstreamMarket, path: str, query: dict[str, str], headers: dict[str, str]) -> Answer:  # noqa: ARG001
    """The list of companies, and frames; both hosts in one, which turn away whoever gives no mail address."""
    if "@" not in headers.get("user-agent", ""):
        return UNDECLARED
    if path == "/files/company_tickers.json":
        return _marked({str(place): row for place, row in enumerate(_companies())}, headers)
    found = _FRAME.fullmatch(path)
    told = None if found is None else _frame(market.today(), *found.groups())
    return ABSENT if told is None else _marked(told, headers)


def _numbers() -> list[int]:
    return sorted({n for fund in FUNDS.values() for n in range(fund.first, fund.first + fund.size)})


def _companies() -> list[dict[str, Any]]:
    return [
        {"cik_str": _FIRST_CIK + n, "ticker": symbol, "title": f"Company {n} Inc."}
        for n in _numbers()
        for symbol in ticker(n, "sec")
    ]


def _frame(today: date, taxonomy: str, tag: str, unit: str, period: str) -> dict[str, Any] | None:
    """All that are known on a day; a quarter is filed 40 days after its end, and the fourth is in no report."""
    dei, shares = tag.startswith("Entity"), "Shares" in tag
    if tag not in TAGS or taxonomy != ("dei" if dei else "us-gaap") or unit != ("shares" if shares else "USD"):
        return None
    year, quarter = int(period[2:6]), int(period[7:8] or 4)
    ends = date(year + quarter // 4, quarter % 4 * 3 + 1, 1) - timedelta(days=1)
    instant, whole = period.endswith("I"), len(period) == 6
    if ends + timedelta(days=40) > today or instant != (tag in ("LongTermDebt", "EntityCommonStockSharesOutstanding")):
        return None
    if quarter == 4 and not whole and not instant:
        return None
    quarters = range(1, 5) if whole else (quarter,)
    rows = [
        {
            "accn": f"0000000000-{year % 100:02}-{n:06}", "cik": _FIRST_CIK + n, "entityName": f"Company {n} Inc.",
            "loc": None, "end": str(ends), "val": sum(_value(n, tag, year, q) for q in quarters),
        }
        for n in _numbers()
    ]  # fmt: skip
    return {"taxonomy": taxonomy, "tag": tag, "ccp": period, "uom": unit, "label": tag, "description": "",
            "pts": len(rows), "data": rows}  # fmt: skip


def _value(company: int, tag: str, year: int, quarter: int) -> int:
    """Grows by two percent a quarter; the income of every fifth company is a loss."""
    size = 1e6 * (1 + company % 7) * TAGS[tag] * 1.02 ** (4 * (year - 2020) + quarter)
    loses = tag in ("NetIncomeLoss", "OperatingIncomeLoss") and company % 5 == 0
    return round(-size if loses else size)


def _marked(told: dict[str, Any], headers: dict[str, str]) -> Answer:
    """With a mark by which it is known again, and packed."""
    body = json.dumps(told).encode()
    mark = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
    if headers.get("if-none-match") == mark:
        return Answer(status=304, headers={"ETag": mark})
    return Answer(gzip.compress(body, mtime=0), headers={"ETag": mark, "Content-Encoding": "gzip"})
