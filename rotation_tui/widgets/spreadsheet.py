"""Tables for spreadsheets: CSV in which no cell is taken for a formula, and nothing drives whoever prints it."""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec import Struct, to_builtins

from rotation_tui.widgets.cells import printable

_BEGINS_FORMULA = ("=", "+", "-", "@")
_NUMBER = re.compile(r"-?\d+(\.\d+)?(e[-+]?\d+)?")


def in_cell(text: str) -> str:
    """A cell of a spreadsheet, which would take a word that begins like a formula for one; a number stays."""
    text = printable(text.replace("\n", " "))
    return f"'{text}" if text.startswith(_BEGINS_FORMULA) and not _NUMBER.fullmatch(text) else text


def in_csv(header: Sequence[str] | None, rows: Iterable[Sequence[object]], delimiter: str = ",") -> str:
    """A table with its header, where it is given; None is an empty cell, and numbers have ten digits, beyond which
    nothing is known.
    """
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    if header is not None:
        writer.writerow([in_cell(name) for name in header])
    for row in rows:
        writer.writerow([written(value) for value in row])
    return out.getvalue()


def structs_in_csv(rows: Sequence[Struct]) -> str:
    """A column a field, those of fields within named by both; what is a list in itself is left out."""
    return in_csv(*columns_of(rows))


def columns_of(rows: Sequence[Struct]) -> tuple[list[str], list[list[Any]]]:
    """The names of the columns and the rows under them, as `structs_in_csv` writes them."""
    made = [dict(_flat("", to_builtins(row))) for row in rows]
    names = list(dict.fromkeys(name for row in made for name in row))
    return names, [[row.get(name) for name in names] for row in made]


def _flat(prefix: str, fields: Mapping[str, Any]) -> Iterable[tuple[str, Any]]:
    for name, value in fields.items():
        if isinstance(value, dict):
            yield from _flat(f"{prefix}{name}.", value)
        elif not isinstance(value, (list, tuple)):
            yield prefix + name, value


def written(value: object) -> str:
    """One value as it stands in a cell."""
    if value is None:
        return ""
    return f"{value:.10g}" if isinstance(value, float) else in_cell(str(value))
