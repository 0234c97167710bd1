"""A fund's holdings as iShares writes them: a table between head and disclaimer, its columns known by their titles."""

import csv
import io
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime

from rotation_tui.domain.holdings import Holdings, LeftOut, Member
from rotation_tui.domain.refusal import RefusedValueError, plain_text
from rotation_tui.domain.session import EASTERN
from rotation_tui.providers import decode
from rotation_tui.providers.base import BadReply

LEAST, MOST = 99.5, 100.5
"""What the weights of all lines may come to, in percent: each is rounded, and of the smallest nothing is left."""
FACTOR = 3.0
"""A market value further than this from what its weight says, or from its shares at their price, is not used."""

_AS_OF = "Fund Holdings as of"
_WEIGHT = ("Weight (%)", "Market Weight")  # until mid-2026, and since
_NEEDED = ("Ticker", "Name", "Sector", "Asset Class", "Market Value", "Quantity", "Price", "Exchange")
_ROUNDED = 0.005
_LARGEST = 99
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NOT_LISTED = "NO MARKET"
_OTHER_CLASSES = {
    "Cash": "cash",
    "Money Market": "a money market fund",
    "Cash Collateral and Margins": "collateral",
    "Futures": "a future",
}
_OTHER_TYPES = {"SWAP": "a swap", "INDEX": "a future", "WARRANT": "a warrant", "COLLATERAL": "collateral",
                "CASH": "cash", "STIF": "a money market fund"}  # fmt: skip

_Row = Mapping[str, str]


@decode.reader
def parse_holdings(body: bytes, fund: str, called: str, source: str, now: datetime) -> Holdings:
    """The members of `fund`, whose name in the file has the letters of `called`, and the lines that are none.

    BadReply for a file of another fund, of a day yet to come, or that is not whole: without the empty line that ends
    the table, or with weights that do not come to 100 percent within LEAST and MOST.
    """
    lines = _text(body).replace("\r\n", "\n").split("\n")[:-1]  # what has no line end is cut off, or the disclaimer's
    start = next((n for n, line in enumerate(lines) if line.startswith(("Ticker,", '"Ticker",'))), None)
    if start is None:
        raise BadReply("the file has no table of holdings")
    _require_fund(fund, called, lines[0])
    as_of = _as_of(lines[:start])
    if as_of > now.astimezone(EASTERN).date():
        raise BadReply(f"the holdings are of {as_of}, which is yet to come")
    rows = _rows(lines[start:])
    weight_title = next((title for title in _WEIGHT if title in rows[0]), "")
    missing = [title for title in _NEEDED if title not in rows[0]]
    if missing or not weight_title:
        raise BadReply(f"the table has no column {missing[0] if missing else ' or '.join(_WEIGHT)}")
    weights = [_number(row, weight_title) for row in rows]
    for row, told in zip(rows, weights, strict=True):
        if told is not None and told < 0 and not _no_share(row):
            raise BadReply(f"the weight of {plain_text(row['Name'], 40)} is {told:g} %, below zero")
    weight = sum(w for w in weights if w is not None)
    if not LEAST <= weight <= MOST:
        raise BadReply(f"the weights come to {weight:.2f} %, so the file is not whole")
    members, left_out = _told_apart(rows, weights)
    try:
        return Holdings(fund, as_of, tuple(members), tuple(left_out), round(weight, 4), source, now)
    except RefusedValueError as fault:
        raise BadReply(str(fault)) from None


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise BadReply(f"the file is no UTF-8 text: byte {fault.start} is {body[fault.start]:#04x}") from None


def _require_fund(fund: str, called: str, first: str) -> None:
    told = first.split(",")[0].strip().strip('"')
    if _letters(told) != _letters(called):
        raise BadReply(
            f'the file is of "{plain_text(told, 60)}", not of {fund}: its address moves, and products under '
            "[providers.ishares] names the new one"
        )


def _letters(name: str) -> str:
    return "".join(filter(str.isalnum, name.casefold()))


def _as_of(head: Sequence[str]) -> date:
    for row in csv.reader(head):
        if row and row[0].strip() == _AS_OF and len(row) > 1:
            return _day(row[1].strip())
    raise BadReply("the file does not say of which day it is")


def _day(text: str) -> date:
    words = text.replace(",", " ").split()
    try:
        month, day, year = words
        return date(int(year), _MONTHS.index(month[:3].lower()) + 1, int(day))
    except ValueError:
        raise BadReply(f'"{plain_text(text, 40)}" is no day like Jun 19, 2026') from None


def _rows(lines: Sequence[str]) -> list[_Row]:
    """The lines of the table by their titles, up to the empty one that ends it; what follows is the disclaimer."""
    end = next((n for n, line in enumerate(lines) if not line.replace("\xa0", " ").strip()), None)
    if end is None:
        raise BadReply("the table has no end: the file is cut off")
    table = csv.reader(io.StringIO("\n".join(lines[:end]), newline=""), strict=True)
    header = [title.strip() for title in next(table)]
    if twice := [title for title, count in Counter(header).items() if count > 1]:
        raise BadReply(f"the table has two columns {plain_text(twice[0], 40)}")
    rows: list[_Row] = []
    for row in table:
        if len(row) != len(header):
            raise BadReply(f"line {table.line_num} of the table has {len(row)} cells, its head {len(header)}")
        rows.append(dict(zip(header, row, strict=True)))
    if not rows:
        raise BadReply("the table has no line")
    return rows


def _number(row: _Row, title: str) -> float | None:
    text = row[title].strip()
    if text in ("", "-"):
        return None
    try:
        return decode.number(text.replace(",", ""))
    except ValueError:
        name = plain_text(row["Name"], 40)
        raise BadReply(f'"{plain_text(text, 40)}" in column {title} of {name} is no number') from None


def _told_apart(rows: Sequence[_Row], weights: Sequence[float | None]) -> tuple[list[Member], list[LeftOut]]:
    """Members, the largest first, and all other lines with the reason."""
    values = [_number(row, "Market Value") for row in rows]
    worth = _percent(values, weights)
    listed = Counter(row["Ticker"].strip() for row in rows if not _no_share(row))
    members: list[Member] = []
    left_out: list[LeftOut] = []
    for row, told, value in zip(rows, weights, values, strict=True):
        quantity, price, ticker = _number(row, "Quantity"), _number(row, "Price"), row["Ticker"].strip()
        why = _no_share(row) or next(_unusable(told, value, quantity, price, worth), "")
        if not why and listed[ticker] > 1:
            why = "another line has its ticker"
        if not why and told is None and (value is None or worth <= 0):
            why = "neither a weight nor a market value"
        name = plain_text(row["Name"].strip(), 80)
        if why:
            left_out.append(LeftOut(name, why, told))
            continue
        share = told if told is not None else (value or 0.0) / worth
        sector, exchange = plain_text(row["Sector"].strip(), 40), plain_text(row["Exchange"].strip(), 60)
        members.append(Member(plain_text(ticker, 20), name, sector, share, value, quantity, price, exchange))
    members.sort(key=lambda member: (-member.weight, -(member.value or 0.0), member.ticker))
    return members, left_out


def _percent(values: Sequence[float | None], weights: Sequence[float | None]) -> float:
    """What one percent of the fund is worth by its largest lines, whichever of them lies; 0 where none tells."""
    from statistics import median  # here, for a monitor that fetches no holdings

    pairs = zip(weights, values, strict=True)
    told = sorted(((weight, value) for weight, value in pairs if weight and value), reverse=True)[:_LARGEST]
    return median(value / weight for weight, value in told) if told else 0.0


def _no_share(row: _Row) -> str:
    """Why a line is no listed share of a company, by what the file calls it; empty where it is one."""
    kind, asset = row.get("Type", "EQUITY").strip().upper(), row["Asset Class"].strip()
    if kind != "EQUITY":
        return _OTHER_TYPES.get(kind, f"of type {plain_text(kind, 30)}")
    if asset != "Equity":
        return _OTHER_CLASSES.get(asset, f"of class {plain_text(asset, 30)}")
    if row["Exchange"].strip().upper().startswith(_NOT_LISTED):
        return "not listed"
    if row["Ticker"].strip() in ("", "-"):
        return "no ticker"
    return ""


def _unusable(
    told: float | None, value: float | None, quantity: float | None, price: float | None, worth: float
) -> Iterator[str]:
    """What is wrong with the numbers of a share; `worth` is what one percent of the fund is."""
    if any(number is not None and number < 0 for number in (value, quantity, price)):
        yield "a number below zero"
    if price is not None and price < _ROUNDED:
        yield "priced at nothing"
    if value is not None and told is not None and worth > 0:
        lowest, highest = (max(told + by, 0.0) * worth for by in (-_ROUNDED, _ROUNDED))
        if not lowest / FACTOR <= value <= highest * FACTOR:
            yield f"its market value is not a third to {FACTOR:g} times what its weight says"
    if value is not None and quantity is not None and price is not None:
        low, high = ((price + by) * quantity for by in (-_ROUNDED, _ROUNDED))
        if not low / FACTOR <= value <= high * FACTOR:
            yield f"its market value is not a third to {FACTOR:g} times its shares at their price"
