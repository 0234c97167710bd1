"""Positions as brokers write them: what is unambiguous is read, what is not is refused with the key that settles it."""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from msgspec import Struct

from rotation_tui.domain.date_order import date_order
from rotation_tui.domain.positions import CURRENCY, Lot, OwnPosition, PositionsFile, merged, symbol_of
from rotation_tui.domain.refusal import plain_text
from rotation_tui.domain.wording import counted
from rotation_tui.providers.base import BadReply
from rotation_tui.providers.csv_file.dates import read_days
from rotation_tui.providers.csv_file.numbers import bare, is_blank, is_number, number, survey
from rotation_tui.providers.csv_file.shape import fold
from rotation_tui.providers.csv_file.text import Row, Text, text_of

_TITLES: Mapping[str, tuple[str, ...]] = {
    "symbol": ("symbol", "ticker", "ticker symbol", "stock symbol", "symbol/cusip", "tickersymbol"),
    "quantity": ("quantity", "qty", "qty (quantity)", "shares", "no. of shares", "number of shares", "units",
                 "position", "anzahl", "stück", "stueck", "menge", "bestand", "quantité", "cantidad"),
    "cost": ("average cost", "avg cost", "avg. cost", "average cost basis", "cost basis per share", "cost/share",
             "cost per share", "cost / share", "average price", "avg price", "avg. price", "unit cost",
             "purchase price", "price paid", "price paid $", "cost price", "open price", "avg cost/share",
             "average cost/share", "kaufkurs", "einstandskurs", "einstandspreis"),
    "total_cost": ("cost basis", "total cost", "cost basis total", "cost basis (total)", "total cost basis",
                   "book value", "book cost", "einstandswert"),
    "currency": ("currency", "ccy", "trading currency", "währung", "waehrung", "devise", "moneda"),
    "date": ("date acquired", "acquired", "purchase date", "acquisition date", "open date", "trade date",
             "opened", "date opened", "kaufdatum"),
    "account": ("account", "account name", "account number", "account name/number", "account #", "konto", "depot"),
}  # fmt: skip
"""What columns are called, by what they are."""
_NEEDED = ("symbol", "quantity")
_FIRST_WINS = ("account", "date")
"""Of two columns that could be one of these the first in the list counts: nothing is reckoned from them."""
_SUMS = re.compile(
    r"(?:grand |sub|sub-|sub |account |positions |portfolio )?(?:totals?|sum|summe|gesamt)\b.*", re.IGNORECASE
)
_SYMBOL = re.compile(r"\^?[A-Z0-9][A-Z0-9.=/-]{0,14}(?: [A-Z])?")
_UNITS: Mapping[str, str] = {"": "", "$": "USD", "US$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR",
                             "C$": "CAD", "CA$": "CAD", "A$": "AUD", "AU$": "AUD", "HK$": "HKD", "NZ$": "NZD",
                             "S$": "SGD",
                             "GBP": "GBP", "GBX": "GBX", "GBp": "GBX"}  # fmt: skip
_SPELLED = {"tab": "\t"}
_SEPARATORS = (",", ";", "\t", "|")
_PREAMBLE = 60
_MOST_ROWS = 20_000
_MOST_TITLES = 14


class OwnPositions(Struct, frozen=True):
    """What a file holds; `left_out` says of each row with something in it that is no position why, `rows` counts the
    others, and `understood` is how it was read.
    """

    held: tuple[OwnPosition, ...]
    left_out: tuple[str, ...]
    rows: int
    understood: str


@dataclass(slots=True)
class _PositionCells:
    """The rows of positions, a column a meaning; what a file has no column of is missing."""

    lines: list[int] = field(default_factory=list)
    columns: dict[str, list[str]] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)
    totals: int = 0


def read_positions(data: bytes, settings: PositionsFile, name: str) -> OwnPositions:
    """The positions in `data`; BadReply with the line, and the key that settles it where one does."""
    text, header, columns = _titled(data, settings)
    cells = _rows(text, header, columns, settings)
    if not cells.lines:
        raise BadReply(f"has titles in line {header.number} and no position below them")
    decimals: dict[str, str] = {}
    quantities = _numbers(cells, "quantity", settings, decimals)
    costs = _numbers(cells, "cost", settings, decimals)
    totals = _numbers(cells, "total_cost", settings, decimals)
    currencies = _currencies(cells, (costs, totals), settings)
    days, order = _days(cells, settings)
    found: list[OwnPosition] = []
    for i, line in enumerate(cells.lines):
        quantity, symbol = quantities[i], symbol_of(bare(cells.columns["symbol"][i]).rstrip("*"))
        if quantity is None:  # no row without one has come so far
            continue
        if quantity[0] == 0:
            cells.left_out.append(f"line {line}: {symbol} has a quantity of 0")
            continue
        cost = _cost(line, quantity[0], costs[i], totals[i])
        account = cells.columns["account"][i] if "account" in cells.columns else settings.account
        lot = Lot(quantity=quantity[0], cost=cost, date=days[i])
        side = _side(cells, i, line)
        found.append(OwnPosition(symbol, (lot,), plain_text(account, 40), currencies[i], side, name))
    held = _lots(found, settings)
    if not held:
        raise BadReply("has no position with a quantity other than 0")
    said = [f"separator {'tab' if text.separator == chr(9) else chr(34) + text.separator + chr(34)}"]
    said += [f'decimal "{mark}"' for mark in dict.fromkeys(decimals.values())] + ([order] if order else [])
    said += [f"{counted(cells.totals, 'line')} of totals left out"] if cells.totals else []
    return OwnPositions(held, tuple(cells.left_out), len(found), ", ".join(said))


def _titled(data: bytes, settings: PositionsFile) -> tuple[Text, Row, dict[str, int]]:
    """The text with the separator that makes the most columns, its line of titles, and where each meaning is."""
    told = settings.separator
    marks = _SEPARATORS if told is None else (_SPELLED.get(told, told),)
    best: tuple[int, Text, Row] | None = None
    said = text_of(data)
    for mark in (said.separator, *marks) if said.skipped and told is None else marks:
        text = text_of(data, mark)
        try:
            sample = text.sample()[:_PREAMBLE]
        except BadReply:
            continue
        for row in sample:
            known = _meanings(row.cells, settings.columns)
            if all(any(need in meant for meant in known.values()) for need in _NEEDED):
                if best is None or len(row.cells) > best[0]:
                    best = len(row.cells), text, row
                break
    if best is None:
        if not said.sample():
            raise BadReply("is empty")
        raise BadReply(_no_titles(text_of(data, marks[0] if told else None), settings))
    _, text, header = best
    return text, header, _chosen(header, settings)


def _meanings(cells: Sequence[str], renames: Mapping[str, str]) -> dict[int, tuple[str, ...]]:
    """What each column may be."""
    own = {fold(title): meaning for title, meaning in renames.items()}
    taken = set(own.values())
    found: dict[int, tuple[str, ...]] = {}
    for at, cell in enumerate(cells):
        title = fold(cell)
        if title in own:
            found[at] = (own[title],)
        elif meant := tuple(m for m, titles in _TITLES.items() if title in titles and m not in taken):
            found[at] = meant
    return found


def _chosen(header: Row, settings: PositionsFile) -> dict[str, int]:
    there = ", ".join(plain_text(cell, 40) for cell in header.cells[:_MOST_TITLES] if cell)
    if absent := [t for t in settings.columns if fold(t) not in {fold(cell) for cell in header.cells}]:
        raise BadReply(f"columns names {', '.join(absent)}, but line {header.number} has {there}")
    chosen: dict[str, int] = {}
    for at, meant in _meanings(header.cells, settings.columns).items():
        meaning = meant[0]
        if meaning in chosen and meaning in _FIRST_WINS:
            continue
        if meaning in chosen:
            one, other = plain_text(header.cells[chosen[meaning]], 40), plain_text(header.cells[at], 40)
            raise BadReply(
                f'line {header.number}: "{one}" and "{other}" may both be {meaning}: columns = {{ "{other}" = '
                f'"{meaning}" }} in the file\'s table says which'
            )
        chosen[meaning] = at
    return chosen


def _no_titles(text: Text, settings: PositionsFile) -> str:
    rows = text.sample()[:_PREAMBLE]
    widest = max(rows, key=lambda row: sum(bool(cell) for cell in row.cells), default=Row(0, []))
    there = ", ".join(plain_text(cell, 40) for cell in widest.cells[:_MOST_TITLES] if cell)
    given = f", where columns names {', '.join(settings.columns)}" if settings.columns else ""
    return (
        f"has no line with titles for symbol and quantity{given}; line {widest.number} has {there}: "
        'columns = { "title" = "symbol", "title" = "quantity" } in the file\'s table says which they are'
    )


def _rows(text: Text, header: Row, columns: Mapping[str, int], settings: PositionsFile) -> _PositionCells:
    cells = _PositionCells(columns={meaning: [] for meaning in columns})
    skipped = {fold(name) for name in settings.skip}
    width = max(at for at, cell in enumerate(header.cells, 1) if cell)
    titles = [*map(fold, header.cells)]
    for row in text.rows():
        if row.number <= header.number or [*map(fold, row.cells)] == titles:  # some repeat them for each account
            continue
        told = [*row.cells, *[""] * (width - len(row.cells))]
        symbol, quantity = bare(told[columns["symbol"]]), told[columns["quantity"]]
        if fold(symbol) in skipped:
            continue
        if _sums_up(told, symbol):
            cells.totals += 1
            continue
        if any(told[width:]):
            more = ": a number with a comma in it needs quotes around it" if text.separator == "," else ""
            raise BadReply(f"line {row.number} has {len(row.cells)} cells, the titles {width}{more}")
        if _is_position(row.number, symbol, quantity, told, cells.left_out):
            cells.lines.append(row.number)
            for meaning, at in columns.items():
                cells.columns[meaning].append(told[at])
        if len(cells.lines) > _MOST_ROWS:
            raise BadReply(f"has more than {_MOST_ROWS} rows of positions")
    return cells


def _is_position(line: int, symbol: str, quantity: str, cells: Sequence[str], left_out: list[str]) -> bool:
    """Whether a row is a position, or a note; BadReply where it may be either."""
    called = plain_text(symbol, 40)
    settled = f'skip = ["{called}"] in the file\'s table leaves it out'
    like_one = _SYMBOL.fullmatch(symbol_of(symbol).rstrip("*")) is not None
    if is_blank(quantity):
        if symbol and any(map(is_number, cells)):
            if like_one:
                raise BadReply(f'line {line}: "{called}" has no quantity; {settled}')
            left_out.append(f'line {line}: "{called}" has no quantity')
        return False
    if not is_number(quantity):
        if not symbol:
            return False
        raise BadReply(f'line {line}: the quantity "{plain_text(quantity, 40)}" is no number')
    if not symbol:
        raise BadReply(f'line {line}: a quantity of "{plain_text(quantity, 40)}" and no symbol')
    if not like_one:
        raise BadReply(f'line {line}: "{called}" is no symbol; {settled}')
    return True


def _sums_up(cells: Sequence[str], symbol: str) -> bool:
    """Whether a row is a total: it says so in its first words, or in the column of symbols."""
    first = next((cell for cell in cells if cell), "")
    return _SUMS.fullmatch(symbol) is not None or (not symbol and _SUMS.fullmatch(bare(first)) is not None)


_Number = tuple[float, str] | None


def _numbers(cells: _PositionCells, meaning: str, settings: PositionsFile, decimals: dict[str, str]) -> list[_Number]:
    """The numbers of a column with their units; None is a blank."""
    column = cells.columns.get(meaning)
    if column is None:
        return [None] * len(cells.lines)
    seen = survey(column)
    if seen.point is not None and seen.comma is not None and settings.decimal is None:
        raise BadReply(
            f'line {cells.lines[seen.comma]}, {meaning}: "{plain_text(column[seen.comma], 40)}", but line '
            f'{cells.lines[seen.point]} has "{plain_text(column[seen.point], 40)}": decimal = "." or decimal = "," in '
            "the file's table says which mark stands before the decimals"
        )
    proven = settings.decimal or seen.decimal or _proven_elsewhere(cells)
    if proven is not None:
        decimals[meaning] = proven
    return [_number(cell, meaning, cells.lines[i], proven) for i, cell in enumerate(column)]


def _proven_elsewhere(cells: _PositionCells) -> str | None:
    """The mark before the decimals that the other columns of numbers agree on."""
    marks = {survey(cells.columns[m]).decimal for m in ("quantity", "cost", "total_cost") if m in cells.columns}
    marks.discard(None)
    return marks.pop() if len(marks) == 1 else None


def _number(cell: str, meaning: str, line: int, decimal: str | None) -> _Number:
    if is_blank(cell):
        return None
    said = f'line {line}, {meaning}: "{plain_text(cell, 40)}"'
    found = number(cell, decimal or ".")
    if found is None:
        fits = decimal is not None and is_number(cell)
        raise BadReply(f"{said} is no number" + (f' with "{decimal}" before its decimals' if fits else ""))
    other = number(cell, ",") if decimal is None else None
    if decimal is None and other is not None and other[0] != found[0]:
        raise BadReply(
            f'{said} may be {found[0]:.10g} or {other[0]:.10g}: decimal = "." or decimal = "," in the file\'s table '
            "says which"
        )
    if found[1] == "%":
        raise BadReply(f"{said} is in percent")
    if meaning == "quantity" and found[1]:
        raise BadReply(f"{said} is an amount of money: columns in the file's table says which column is the quantity")
    return found


def _cost(line: int, quantity: float, cost: _Number, total: _Number) -> float | None:
    """What one share cost; a broker writes what was sold short with either sign."""
    if cost is not None:
        if cost[0] == 0 or (cost[0] < 0 and quantity > 0):
            raise BadReply(f"line {line}: a share cannot have cost {cost[0]:g}; blank is unknown")
        return abs(cost[0])
    if total is None or total[0] == 0:
        return None
    if total[0] < 0 and quantity > 0:
        raise BadReply(f"line {line}: shares cannot have cost {total[0]:g} in total; blank is unknown")
    return abs(total[0] / quantity)


def _currencies(cells: _PositionCells, amounts: Sequence[Sequence[_Number]], settings: PositionsFile) -> list[str]:
    """The currency of each row: its own column, what stands beside a cost, or what the table says."""
    column = cells.columns.get("currency")
    found: list[str] = []
    for i, line in enumerate(cells.lines):
        units = {u for numbers in amounts if (n := numbers[i]) is not None and (u := _UNITS.get(n[1], n[1]))}
        written = bare(column[i]) if column is not None else ""
        if written:
            told = _UNITS.get(written, written.upper())
            if re.fullmatch("[A-Z]{3}", told) is None:
                raise BadReply(f'line {line}: "{plain_text(written, 40)}" is no currency, as USD')
            units.add(told)
        if len(units) > 1:
            raise BadReply(f"line {line} is in {' and in '.join(sorted(units))}")
        found.append(units.pop() if units else settings.currency or CURRENCY)
    return found


def _days(cells: _PositionCells, settings: PositionsFile) -> tuple[list[date | None], str]:
    column = cells.columns.get("date")
    days: list[date | None] = [None] * len(cells.lines)
    if column is None:
        return days, ""
    at = [i for i, cell in enumerate(column) if not is_blank(cell) and cell.casefold() not in ("various", "multiple")]
    told = date_order(settings.date_format) if settings.date_format else None
    read = read_days([column[i] for i in at], [cells.lines[i] for i in at], told)
    for i, day in zip(at, read.days, strict=True):
        if day is None:
            raise BadReply(
                f'line {cells.lines[i]}: "{plain_text(column[i], 40)}" is no date; date_format in the file\'s table '
                "says how they are written"
            )
        days[i] = day
    return days, read.order


def _side(cells: _PositionCells, i: int, line: int) -> str | None:
    if "side" not in cells.columns or is_blank(cells.columns["side"][i]):
        return None
    side = cells.columns["side"][i].casefold()
    if side not in ("small", "large"):
        raise BadReply(f'line {line}: the side "{plain_text(side, 40)}" is neither small nor large')
    return side


def _lots(found: Sequence[OwnPosition], settings: PositionsFile) -> tuple[OwnPosition, ...]:
    """The rows of a symbol in an account as the lots of one position; a sum above its parts is never counted twice."""
    return merged(_without_sums(found, settings))


def _without_sums(found: Sequence[OwnPosition], settings: PositionsFile) -> Iterator[OwnPosition]:
    by_key: dict[tuple[str, str, str], list[OwnPosition]] = {}
    for one in found:
        by_key.setdefault((one.symbol, one.account, one.currency), []).append(one)
    for (symbol, *_), rows in by_key.items():
        first, rest = rows[0].quantity, math.fsum(row.quantity for row in rows[1:])
        if len(rows) == 1 or not math.isclose(first, rest, rel_tol=1e-9):
            yield from rows
        elif settings.first_is_sum is None:
            raise BadReply(
                f"the first row of {symbol} is as large as the others of it together: first_is_sum = true in the "
                "file's table says that it is their sum, false that it is a lot as well"
            )
        else:
            yield from rows[1:] if settings.first_is_sum else rows
