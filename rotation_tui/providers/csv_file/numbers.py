"""Numbers as people write them: signs, currencies, thousands, and the mark before the decimals.

"1.234" may be one thousand or one and a bit. What a file leaves open is never guessed: `survey` says what a
column's cells prove, and `number` reads by what is proven.
"""

import math
import re
from collections.abc import Sequence

from msgspec import Struct

_SPACES = " \u00a0\u202f\u2009"
_APOSTROPHES = "'\u2019\u02bc`"
_GROUPS = _SPACES + _APOSTROPHES
_MINUS = "-\u2212\u2013\u2012\ufe63\uff0d"
_CURRENCY = (
    r"(?:(?:US|C|CA|A|AU|HK|NZ|S)?\$|€|£|¥|₹|"
    r"(?:USD|EUR|GBP|GBX|GBp|CHF|JPY|CAD|AUD|NZD|HKD|SGD|SEK|NOK|DKK|PLN|INR|CNY|BRL|MXN|ZAR)(?![A-Za-z]))"
)
_DRESSED = re.compile(
    rf"(?P<open>\()?\s*(?P<sign>[{_MINUS}+])?\s*(?P<before>{_CURRENCY})?\s*(?P<sign2>[{_MINUS}+])?\s*"
    rf"(?P<body>[0-9.,][0-9.,{_GROUPS}]*(?:[eE][+-]?[0-9]{{1,3}})?)\s*"
    rf"(?P<after>{_CURRENCY}|%)?\s*(?P<close>\))?"
)
_BLANKS = {
    "", ".", "..", "-", "--", "---", "–", "—", "?", "n/a", "na", "n.a.", "n.a", "nan", "nat", "null", "(null)",
    "none", "nil", "<na>", "#na", "#n/a", "nd", "nm", "nmf", "missing", "void", "k.a.", "nv", "#n/a n/a",
    "loading...",
}  # fmt: skip
_ERROR = re.compile(r"#[^\W\d_][\w/ ]*[!?]?", re.UNICODE)  # #NV, #N/A, #DIV/0!, #WERT!
_PLAIN = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_OPEN = re.compile(r"[1-9][0-9]{0,2}[.,][0-9]{3}")


class Written(Struct, frozen=True):
    """A cell taken apart: the figures without sign, currency and spaces around; groups may be set off."""

    body: str
    negative: bool
    unit: str


class Survey(Struct, frozen=True):
    """The first row each that proves a decimal point, and a decimal comma."""

    point: int | None
    comma: int | None

    @property
    def decimal(self) -> str | None:
        """The mark that is proven, None where there is none or two."""
        if (self.point is None) == (self.comma is None):
            return None
        return "." if self.comma is None else ","


def is_blank(cell: str) -> bool:
    """Whether a cell means "no value that day": empty, NaN, null, N/A, a spreadsheet's error."""
    return not cell or cell.casefold() in _BLANKS or (cell[0] == "#" and _ERROR.fullmatch(cell) is not None)


def is_number(cell: str) -> bool:
    """Whether a cell looks like a number in whatever spelling."""
    if _PLAIN.fullmatch(cell):
        return True
    parts = written(cell)
    return parts is not None and any(_value(parts.body, decimal) is not None for decimal in ".,")


def written(cell: str) -> Written | None:
    """A cell taken apart, None where it holds no number."""
    found = _DRESSED.fullmatch(bare(cell))
    if found is None or (found["open"] is None) != (found["close"] is None):
        return None
    signs = [sign for sign in (found["sign"], found["sign2"]) if sign]
    if len(signs) + (found["open"] is not None) > 1 or (found["before"] and found["after"]):
        return None
    body = found["body"].strip(_SPACES)
    if not any(c.isdigit() for c in body):
        return None
    unit = (found["before"] or found["after"] or "").strip()
    return Written(body, found["open"] is not None or any(sign in _MINUS for sign in signs), unit)


def bare(cell: str) -> str:
    """A cell without the quotes of a spreadsheet that keeps text as text: ="1.5" and '1.5'."""
    cell = cell.strip(_SPACES)
    if cell.startswith('="') and cell.endswith('"') and len(cell) > 3:
        cell = cell[2:-1]
    return cell.strip("\"'").strip(_SPACES) if cell[:1] in "\"'" else cell


def survey(cells: Sequence[str]) -> Survey:
    """What the cells of a column prove about its decimals."""
    first: dict[str, int] = {}
    for row, cell in enumerate(cells):
        if "." in first and "," not in cell and cell.count(".") < 2:  # it can prove no more
            continue
        if (mark := _proof(cell)) and mark not in first:
            first[mark] = row
    return Survey(first.get("."), first.get(","))


def _proof(cell: str) -> str:
    """The mark that a cell proves to stand before decimals, "" where it proves none."""
    if _PLAIN.fullmatch(cell):
        return "" if "." not in cell or _OPEN.fullmatch(cell.lstrip("-")) else "."
    if is_blank(cell) or (parts := written(cell)) is None:
        return ""
    body = re.split("[eE]", parts.body)[0]
    marks = [c for c in body if c in ".,"]
    if not marks or _OPEN.fullmatch(body):
        return ""
    last = marks[-1]
    if len(marks) > 1 and len(set(marks)) == 1:  # 1.234.567: groups
        last = "," if last == "." else "."
    return last if _value(parts.body, last) is not None else ""


def number(cell: str, decimal: str) -> tuple[float, str] | None:
    """The value of a cell with `decimal` before its decimals, and its currency or "%"; None where it holds none."""
    parts = written(cell)
    value = None if parts is None else _value(parts.body, decimal)
    if parts is None or value is None or not math.isfinite(value):
        return None
    return (-value if parts.negative else value), parts.unit


def plain_number(cell: str) -> float | None:
    """The value of a cell of figures with at most a point among them, the quick way; None for any other."""
    value = float(cell) if _PLAIN.fullmatch(cell) else math.inf
    return value if math.isfinite(value) else None


def _value(body: str, decimal: str) -> float | None:
    group = "," if decimal == "." else "."
    whole = rf"[0-9]+|[0-9]{{1,3}}(?P<group>[{group}{_GROUPS}])[0-9]{{3}}(?:(?P=group)[0-9]{{3}})*"
    found = re.fullmatch(rf"(?P<whole>{whole})?(?:\{decimal}(?P<part>[0-9]*))?(?P<power>[eE][+-]?[0-9]+)?", body)
    if found is None or not (found["whole"] or found["part"]):
        return None
    digits = "".join(c for c in found["whole"] or "0" if c in "0123456789")
    return float(f"{digits}.{found['part'] or '0'}{found['power'] or ''}")
