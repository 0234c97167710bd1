"""A file of the user's own: what is unambiguous is read, what is not is refused with what settles it."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import msgspec
from msgspec import Struct

from rotation_tui.domain.refusal import plain_text
from rotation_tui.providers.base import BadReply
from rotation_tui.providers.csv_file.dates import is_date, read_days
from rotation_tui.providers.csv_file.numbers import is_blank, is_number, number, plain_number, survey
from rotation_tui.providers.csv_file.shape import NameOf, Shape, fold, shape_of, symbol_name
from rotation_tui.providers.csv_file.text import Row, Text, text_of
from rotation_tui.providers.csv_table import Table, TableMaker, sessions_of, sound_column

_NEW_ROW = re.compile(r"[\r\n]\W*\d{1,4}[-/.]")
_SEPARATORS = {"\t": "tab", " ": "space"}


class Spelling(Struct, frozen=True):
    """What the feed says about its file, None for what the file itself has to tell."""

    kind: str = "close"
    separator: str | None = None
    decimal: str | None = None
    date_format: str | None = None
    columns: Mapping[str, str] = msgspec.field(default_factory=dict)


class OwnTable(Struct, frozen=True):
    """What was read: the table, the titles of its values (symbols of a long one), and how it was understood.

    `every_title` has those of dates and of single levels as well. `problem` says why no column could be taken
    though the file can be read.
    """

    table: Table
    titles: tuple[str, ...]
    every_title: frozenset[str]
    understood: str
    problem: str = ""


@dataclass(slots=True)
class _Cells:
    """What is kept of the rows: dates as written, their lines, the cells that are wanted; `end` is the last line."""

    dates: list[str] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    rows: list[tuple[str, ...]] = field(default_factory=list)
    end: int = 0


class _Raw(Struct, frozen=True):
    """The cells of one symbol, each with the row that it stands in; `ends`: they are the last of their line."""

    title: str
    name: str
    rows: Sequence[int]
    cells: Sequence[str]
    ends: bool


def read_own(data: bytes, name_of: NameOf, spelling: Spelling) -> OwnTable:
    """The columns of `data` for which `name_of` has a name.

    A cell that is no number refuses its column; BadReply where the file as a whole cannot be read. Both name
    line, text, and the key of the feed that settles it where one does.
    """
    text = text_of(data, spelling.separator)
    shape = shape_of(text.sample(), name_of, spelling.columns, spelling.kind)
    wanted = [at for at, _, _ in shape.picks]
    if shape.symbol_at is not None and shape.value_at is not None:
        wanted = [shape.symbol_at, shape.value_at]
    cells = _Cells()
    for row in _data_rows(text, shape, cells):
        cells.dates.append(row.cells[shape.date_at])
        cells.lines.append(row.number)
        cells.rows.append(tuple([row.cells[at] for at in wanted]))
    days, order = _dated(cells, spelling)
    columns = list(zip(*cells.rows, strict=True)) or [()] * len(wanted)
    if shape.symbol_at is None:
        raws = [
            _Raw(title, name, range(len(days)), column, at == shape.width - 1)
            for (at, title, name), column in zip(shape.picks, columns, strict=True)
        ]
        titles = shape.titles
    else:
        raws = list(_long(columns[0], columns[1], shape.value_at == shape.width - 1, name_of, spelling))
        titles = tuple(dict.fromkeys(plain_text(cell, 60) for cell in columns[0]))
    unfinished = len(days) - 1 if days and not text.ended and cells.lines[-1] == cells.end else None
    table, decimal = _table(raws, days, cells.lines, spelling, unfinished)
    mark = text.separator
    read_as = [f"separator {_SEPARATORS.get(mark, _quoted(mark))}"]
    read_as += [f'decimal "{decimal}"'] if decimal else []
    read_as += [order] if order else []
    return OwnTable(table, titles, frozenset({*titles, *shape.cells}), ", ".join(read_as), shape.problem)


def _quoted(mark: str) -> str:
    return f'"{mark}"'


def _data_rows(text: Text, shape: Shape, into: _Cells) -> Iterator[Row]:
    """Rows below the titles as wide as these; what is a note, without a date and without a number, is left out."""
    for row in text.rows():
        number_, cells = row
        into.end = number_
        if number_ <= shape.header:
            continue
        if len(cells) != shape.width:
            if not any(cells[shape.width :]) and len(cells) > shape.width:
                row = Row(number_, cells[: shape.width])
            elif _is_note(cells, shape):
                continue
            else:
                raise BadReply(_misfit(number_, cells, shape, text))
        elif not cells[shape.date_at] and _is_note(cells, shape):
            continue
        if cells[0].startswith("#") and _is_note(cells, shape):
            continue
        yield row


def _is_note(cells: Sequence[str], shape: Shape) -> bool:
    """Whether a row has nothing to lose: no number. A quote left open would swallow rows: that is no note."""
    if any(_NEW_ROW.search(cell) for cell in cells):
        return False
    dated = cells[shape.date_at] if shape.date_at < len(cells) else ""
    rest = [cell for at, cell in enumerate(cells) if at != shape.date_at]
    return not any(is_number(cell) for cell in rest) and (not is_number(dated) or is_date(dated) or not any(rest))


def _misfit(number_: int, cells: Sequence[str], shape: Shape, text: Text) -> str:
    if any(_NEW_ROW.search(cell) for cell in cells):
        return f"line {number_}: a quote is opened in or before it and not closed"
    said = f"line {number_} has {len(cells)} cells, the header {shape.width}"
    if len(cells) > shape.width and text.separator == ",":
        said += ": a number with a comma in it needs quotes around it, or another separator between the columns"
    return said


def _dated(cells: _Cells, spelling: Spelling) -> tuple[list[date], str]:
    """The day of every row that is kept; rows at the end that sum up, as "Average", go."""
    read = read_days(cells.dates, cells.lines, spelling.date_format)
    days = list(read.days)
    while days and days[-1] is None and _sums_up(cells.dates[-1]):
        del days[-1], cells.dates[-1], cells.lines[-1], cells.rows[-1]
    for i in reversed([i for i, day in enumerate(days) if day is None and not any(map(is_number, cells.rows[i]))]):
        del days[i], cells.dates[i], cells.lines[i], cells.rows[i]
    if None in days:
        wrong = days.index(None)
        like = next((cells.dates[i] for i, day in enumerate(days) if day is not None), "2025-12-31")
        told = f', and date_format = "{spelling.date_format}"' if spelling.date_format else ""
        raise BadReply(
            f'line {cells.lines[wrong]}: "{plain_text(cells.dates[wrong], 40)}" is no date like '
            f"{plain_text(like, 40)}{told}"
        )
    dated = [day for day in days if day is not None]
    if spelling.kind != "observation":
        _not_shifted(dated, cells.lines)
    return dated, read.order


def _not_shifted(days: Sequence[date], lines: Sequence[int]) -> None:
    """BadReply where dates lie a day beside their sessions, as those of midnights in another zone do.

    Rows on weekends alone are none: some files carry the last value through every day.
    """
    weekdays = [0] * 7
    for day in days:
        weekdays[day.weekday()] += 1
    for weekend, empty, side in ((5, 0, "late"), (6, 4, "early")):
        if weekdays[weekend] >= 2 and not weekdays[empty]:
            row = next(row for row, day in enumerate(days) if day.weekday() == weekend)
            raise BadReply(
                f"line {lines[row]}: {days[row]} is a {days[row]:%A}, and no row is of a "
                f"{('Monday', 'Friday')[empty == 4]}: the dates lie a day {side}, as those of another zone do"
            )


def _sums_up(cell: str) -> bool:
    return bool(cell) and not any(c.isdigit() for c in cell)


def _long(
    symbols: Sequence[str], values: Sequence[str], ends: bool, name_of: NameOf, spelling: Spelling
) -> Iterable[_Raw]:
    """The rows of a long file by symbol."""
    renames = {fold(title): name for title, name in spelling.columns.items()}
    rows_of: dict[str, list[int]] = {}
    for row, symbol in enumerate(symbols):
        rows_of.setdefault(symbol, []).append(row)
    for symbol, rows in rows_of.items():
        name = renames.get(fold(symbol)) or symbol_name(symbol, name_of)
        if name is not None:
            yield _Raw(plain_text(symbol, 60), name, rows, [values[row] for row in rows], ends)


def _table(
    raws: Sequence[_Raw], days: Sequence[date], lines: Sequence[int], spelling: Spelling, unfinished: int | None
) -> tuple[Table, str | None]:
    prices = spelling.kind != "observation"
    made = TableMaker()
    sessions = sessions_of(min(days), max(days)) if prices and days else None
    surveys = [survey(raw.cells) for raw in raws]
    proven = {one.decimal for one in surveys} - {None}
    shared = spelling.decimal or (proven.pop() if len(proven) == 1 else None)
    for raw, seen in zip(raws, surveys, strict=True):
        if not made.is_first(raw.name, raw.title):
            continue
        decimal = spelling.decimal or seen.decimal or shared
        own_days = [days[row] for row in raw.rows]
        own_lines = [lines[row] for row in raw.rows]
        values, bad = _values(raw, own_lines, decimal, above_zero=prices)
        if seen.point is not None and seen.comma is not None and not spelling.decimal:
            first, late = sorted((seen.point, seen.comma))
            said = (
                f'line {own_lines[late]}, column {raw.title}: "{plain_text(raw.cells[late], 40)}", but line '
                f'{own_lines[first]} has "{plain_text(raw.cells[first], 40)}": which mark stands before the decimals '
                'decimal = "." or decimal = "," in the feed says'
            )
            bad = dict.fromkeys((*bad, first, late), said)
        last = len(values) - 1
        if raw.ends and raw.rows and raw.rows[-1] == unfinished and _may_be_cut(raw.cells, values, decimal or "."):
            bad[last] = (
                f'line {own_lines[last]}, column {raw.title}: "{plain_text(raw.cells[last], 40)}" may be half a '
                "number: the file ends without a line break, as one that is being written"
            )
        order = sorted(range(len(own_days)), key=own_days.__getitem__)
        made.add(raw.name, *sound_column(raw.title, own_days, values, bad, order, sessions))
    return made.table, shared


def _may_be_cut(cells: Sequence[str], values: Sequence[float | None], decimal: str) -> bool:
    """Whether the last cell may be the beginning of a longer number: others of its column have more decimals.

    A whole number may always be one.
    """
    if values[-1] is None or cells[-1].endswith(('"', "'", "%", ")")):
        return False
    decimals = [len(cell.partition(decimal)[2]) for cell in cells]
    return decimals[-1] == 0 or decimals[-1] < max(decimals)


def _values(
    raw: _Raw, lines: Sequence[int], decimal: str | None, *, above_zero: bool
) -> tuple[list[float | None], dict[int, str]]:
    """The numbers of a column, and what is wrong with the rows that have none that can be."""
    values: list[float | None] = []
    bad: dict[int, str] = {}
    unit: str | None = None
    for row, cell in enumerate(raw.cells):
        quick = plain_number(cell) if decimal == "." and unit != "%" else None
        if quick is not None and (quick > 0 or not above_zero):
            values.append(quick)
            unit = unit or ""
            continue
        if is_blank(cell):
            values.append(None)
            continue
        found = number(cell, decimal or ".")
        values.append(None if found is None else found[0])
        if wrong := _wrong(cell, found, decimal, unit, above_zero=above_zero):
            bad[row] = f'line {lines[row]}, column {raw.title}: "{plain_text(cell, 40)}" {wrong}'
        elif found is not None:
            unit = unit or found[1]
    return values, bad


def _wrong(
    cell: str, found: tuple[float, str] | None, decimal: str | None, unit: str | None, *, above_zero: bool
) -> str:
    """What is wrong with a cell, empty where nothing is."""
    if found is None or (above_zero and (found[0] <= 0 or found[1] == "%")):
        return f"is not {'a price' if above_zero else 'a number'}{_mark(cell, decimal)}"
    other = number(cell, ",") if decimal is None else None
    if other is not None and other[0] != found[0]:
        return f'may be {found[0]:.10g} or {other[0]:.10g}: decimal = "." or decimal = "," in the feed says which'
    if unit is not None and found[1] != unit and ((found[1] and unit) or "%" in (found[1], unit)):
        return f'is in "{found[1]}", the rows before it in "{unit}"'
    return ""


def _mark(cell: str, decimal: str | None) -> str:
    fits = decimal is None or not is_number(cell) or number(cell, decimal) is not None
    return "" if fits else f' with "{decimal}" before its decimals'
