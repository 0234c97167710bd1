"""Tables of dates and numbers in CSV: parsed column by column, so that one bad cell costs one column."""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from msgspec import Struct

from rotation_tui.domain.refusal import plain_text
from rotation_tui.domain.session import nyse
from rotation_tui.providers import decode
from rotation_tui.providers.base import BadReply

_DATE_HEADERS = frozenset({"date", "Date", "DATE", "observation_date"})
_BLANKS = frozenset({"", "."})  # FRED's older files say "." for "no value that day"


class Dates(NamedTuple):
    """How a file writes its dates: `read` makes one (ValueError where it cannot), `like` is an example."""

    read: Callable[[str], date]
    like: str


ISO = Dates(decode.iso_date, "2025-12-31")


class DatedValues(Struct, frozen=True):
    """Values of one symbol or series: `dates` ascending, days without a value left out."""

    dates: tuple[date, ...]
    values: tuple[float, ...]


class Table(Struct, frozen=True):
    """What a file holds: columns by the name they have here, and for each refused column the reason.

    `sound` has the first bad day of a refused column and what it holds before: that day did not know yet.
    """

    columns: dict[str, DatedValues]
    refused: dict[str, str]
    sound: dict[str, tuple[date, DatedValues]]


class TableMaker:
    """Makes a table column by column; where two hold one name, neither counts."""

    def __init__(self) -> None:
        self.table = Table({}, {}, {})
        self._titles: dict[str, str] = {}

    def is_first(self, name: str, title: str) -> bool:
        """Whether no column before has the name; else the name is refused."""
        if name not in self._titles:
            self._titles[name] = title
            return True
        self.table.columns.pop(name, None)
        self.table.sound.pop(name, None)
        self.table.refused[name] = f'the columns "{self._titles[name]}" and "{title}" both hold {name}'
        return False

    def add(self, name: str, column: DatedValues, fault: tuple[date, str] | None) -> None:
        """A column as `sound_column` gives it."""
        if fault is None:
            self.table.columns[name] = column
        else:
            self.table.sound[name], self.table.refused[name] = (fault[0], column), fault[1]


@decode.reader
def parse_table(
    data: bytes,
    name_of: Callable[[str], str | None],
    *,
    prices: bool,
    dates: Dates = ISO,
    blanks: frozenset[str] = _BLANKS,
) -> Table:
    """The columns for which `name_of` has a name, in any order of rows.

    `prices` keeps only days on which the exchange trades and asks for values above zero. A bad cell refuses
    its column, with line, column and text in the reason. BadReply where the file as a whole cannot be read:
    no text, no header, a date that is none, a row of another length. A table without rows has empty columns.
    `blanks` are the cells that mean "no value that day".
    """
    header, lines, days, rows = _rows(data, dates)
    cells = list(zip(*rows, strict=True)) or [()] * len(header)
    order = sorted(range(len(days)), key=days.__getitem__)
    sessions = sessions_of(days[order[0]], days[order[-1]]) if prices and days else None
    made = TableMaker()
    for position, title in enumerate(header[1:], 1):
        name = name_of(title)
        if name is not None and made.is_first(name, title):
            values, bad = _values(title, cells[position], lines, blanks, above_zero=prices)
            made.add(name, *sound_column(title, days, values, bad, order, sessions))
    return made.table


def _rows(data: bytes, dates: Dates) -> tuple[list[str], list[int], list[date], list[list[str]]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise BadReply(f"the file is no UTF-8 text: byte {fault.start} is {data[fault.start]:#04x}") from None
    reader = csv.reader(io.StringIO(text, newline=""), skipinitialspace=True)
    header: list[str] = []
    lines: list[int] = []
    days: list[date] = []
    rows: list[list[str]] = []
    try:
        header = header_of(next(reader, []))
        for row in reader:
            if not row:
                continue
            if len(row) != len(header):
                raise BadReply(f"line {reader.line_num} has {len(row)} cells, the header {len(header)}")
            days.append(_day(row[0], reader.line_num, dates))
            lines.append(reader.line_num)
            rows.append(row)
    except csv.Error as fault:
        raise BadReply(f"line {reader.line_num} is no CSV: {fault}") from None
    return header, lines, days, rows


def header_of(row: Sequence[str]) -> list[str]:
    """The stripped titles of a first row; BadReply where it is no header of ours."""
    titles = [title.strip() for title in row]
    if not titles or titles[0] not in _DATE_HEADERS:
        first = plain_text(titles[0], 40) if titles else ""
        raise BadReply(f'the first column is called "{first}"; it must be date, Date or observation_date')
    return titles


def _day(text: str, line: int, dates: Dates) -> date:
    try:
        return dates.read(text.strip())
    except ValueError:
        raise BadReply(f'line {line}: "{plain_text(text, 40)}" is no date like {dates.like}') from None


def _values(
    title: str, cells: Sequence[str], lines: Sequence[int], blanks: frozenset[str], *, above_zero: bool
) -> tuple[list[float | None], dict[int, str]]:
    """The numbers of a column, and what is wrong with the rows that have none that can be."""
    values: list[float | None] = []
    bad: dict[int, str] = {}
    for row, cell in enumerate(cells):
        blank = cell in blanks or cell.isspace()
        value = None if blank else _number(cell)
        values.append(value)
        if not blank and (value is None or (above_zero and value <= 0)):
            wanted = "a price" if above_zero else "a number"
            bad[row] = f'line {lines[row]}, column {title}: "{plain_text(cell, 40)}" is not {wanted}'
    return values, bad


def _number(cell: str) -> float | None:
    try:
        return decode.number(cell)
    except ValueError:
        return None


def sound_column(
    title: str,
    days: Sequence[date],
    values: Sequence[float | None],
    bad: Mapping[int, str],
    order: Sequence[int],
    sessions: frozenset[date] | None,
) -> tuple[DatedValues, tuple[date, str] | None]:
    """The column up to its first bad day, and that day with the reason, None where all is well."""
    days_so_far: list[date] = []
    sound: list[float] = []
    for i in order:
        day, value, fault = days[i], values[i], bad.get(i)
        if fault is None and (value is None or (sessions is not None and day not in sessions)):
            continue
        twice = bool(days_so_far) and days_so_far[-1] == day
        if fault is None and twice and value != sound[-1]:
            fault = f"column {title} says {sound[-1]:g} and {value:g} for {day}"
        if fault is not None or value is None:
            end = len(sound) - twice
            return DatedValues(tuple(days_so_far[:end]), tuple(sound[:end])), (day, fault or "")
        if twice:
            continue
        days_so_far.append(day)
        sound.append(value)
    return DatedValues(tuple(days_so_far), tuple(sound)), None


def sessions_of(first: date, last: date) -> frozenset[date]:
    calendar = nyse()
    if last < calendar.first or first > calendar.last:
        return frozenset()
    return frozenset(calendar.sessions(max(first, calendar.first), min(last, calendar.last)))
