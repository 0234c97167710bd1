"""Dates as people write them, and in which order day and month stand where the column tells.

"03/04/2025" alone may be March or April: then the column is refused, and the message names the key that settles it.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise

from msgspec import Struct

from rotation_tui.domain.date_order import EXCEL, UNIX
from rotation_tui.domain.refusal import plain_text
from rotation_tui.domain.session import EASTERN
from rotation_tui.providers.base import BadReply

_YEARS = range(1800, 2200)
_EVENING_H = 18  # from here on in New York a futures' bar belongs to the next session
_EXCEL_ZERO = date(1899, 12, 30)

_TIME = re.compile(
    r"[ T,]\s*(?P<clock>\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?\s*(?:[AaPp]\.?[Mm]\.?)?)"
    r"\s*(?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2}|[A-Z]{2,5}|[A-Za-z]+/[A-Za-z_]+)?(?:\[[^\]]*\])?$",
    re.ASCII,
)
_TRIPLE = re.compile(r"(\d{1,4})([-/.])\s?(\d{1,2})\2\s?(\d{1,4})\.?", re.ASCII)
_WORDS = re.compile(r"[^\W\d_]+\.?|\d+", re.UNICODE)
_LOOKS = re.compile(r"[\w\s./,'\-]*", re.UNICODE)
_DAY_WORDS = {
    "mon", "tue", "tues", "wed", "thu", "thur", "thurs", "fri", "sat", "sun", "monday", "tuesday", "wednesday",
    "thursday", "friday", "saturday", "sunday", "mo", "di", "mi", "do", "fr", "sa", "so", "montag", "dienstag",
    "mittwoch", "donnerstag", "freitag", "samstag", "sonntag", "st", "nd", "rd", "th", "de", "of",
}  # fmt: skip
_MONTHS: Mapping[str, int] = {
    name: number
    for number, names in enumerate(
        (
            "jan january januar jänner janv janvier ene enero gen gennaio janeiro",
            "feb february februar févr fevr février fevrier febr febrero febbraio fev fevereiro",
            "mar march mär märz maerz mrz mars marzo março marco",
            "apr april avr avril abr abril aprile",
            "may mai mayo mag maggio maio",
            "jun june juni juin junio giu giugno junho",
            "jul july juli juil juillet julio lug luglio julho",
            "aug august août aout ago agosto",
            "sep sept september septembre septiembre set settembre setembro",
            "oct october okt oktober octobre octubre ott ottobre out outubro",
            "nov november novembre noviembre novembro",
            "dec december dez dezember déc décembre decembre dic diciembre dicembre dezembro",
        ),
        1,
    )
    for name in names.split()
}


class Seen(Struct, frozen=True):
    """A cell of the date column: a day, or three numbers whose order the column has to tell, or a bare count.

    `late` says that it is an evening in New York, so that its session is not known.
    """

    day: date | None = None
    triple: tuple[int, int, int] | None = None
    widths: tuple[int, int, int] = (0, 0, 0)
    mark: str = ""
    count: str = ""
    late: bool = False


class ReadDays(Struct, frozen=True):
    """The days of a column, None for a cell that is no date; `order` in words, empty where nothing was to be told."""

    days: tuple[date | None, ...]
    order: str = ""


def is_date(cell: str) -> bool:
    """Whether a cell is a date in some spelling; bare counts (20251231, 46351) are none by themselves."""
    found = _seen(cell)
    return found is not None and (found.day is not None or found.triple is not None) and not found.count


def may_be_date(cell: str) -> bool:
    """Whether a cell is a date, or a bare count (20251231, 46351, 1767105000) that may stand for one."""
    return _seen(cell) is not None


def read_days(cells: Sequence[str], lines: Sequence[int], told: str | None = None) -> ReadDays:
    """The days that `cells` mean; `told` is what `date_format` says (see `domain.date_order`).

    Raises BadReply with line and text where the order cannot be told or contradicts itself.
    """
    if told and "%" in told:
        return ReadDays(tuple(_by_pattern(cell, told) for cell in cells), told)
    if told != "ydm":
        try:  # what most programs write
            return ReadDays(tuple([date.fromisoformat(cell) for cell in cells if _iso(cell)]))
        except ValueError:
            pass
    seen = [_seen(cell) for cell in cells]
    order = _order(seen, cells, lines, told)
    days = tuple(None if one is None else _day(one, order, told, cells[i], lines[i]) for i, one in enumerate(seen))
    turned = any(one is not None and one.triple is not None and one.widths[0] != 4 for one in seen)
    return ReadDays(days, _ORDERS.get(order, "") if turned else "")


def _iso(cell: str) -> bool:
    if len(cell) != 10 or cell[4] != "-" or cell[7] != "-":
        raise ValueError
    return True


_ORDERS = {"dmy": "day before month", "mdy": "month before day", "ydm": "year, day, month"}


@lru_cache(maxsize=8192)
def _seen(cell: str) -> Seen | None:
    text = cell.strip().strip("\"'\u200e\u200f").strip()
    if text.startswith('="'):
        text = text[2:].strip('"')
    if not text or len(text) > 60 or not any(c.isdigit() for c in text):
        return None
    if text.replace(".", "", 1).isdecimal() and not text.startswith("."):
        return _counted(text)
    timed = _TIME.search(text)
    body = text[: timed.start()].strip(" ,T") if timed else text
    if not timed and text.endswith("Z") and _TRIPLE.fullmatch(text[:-1]):
        body = text[:-1]
    found = _triple(body) or _worded(body)
    return _moved(found, timed["clock"], timed["zone"]) if found is not None and timed else found


def _counted(text: str) -> Seen | None:
    whole = text.partition(".")[0]
    if len(whole) == 8 and whole == text:
        try:
            day = date(int(text[:4]), int(text[4:6]), int(text[6:]))
        except ValueError:
            return None
        return Seen(day=day, count=text) if day.year in _YEARS else None
    return Seen(count=text) if len(whole) in (5, 9, 10, 13) else None


def _triple(body: str) -> Seen | None:
    weekday, _, rest = body.partition(" ")
    if rest and weekday.strip(",.").casefold() in _DAY_WORDS:
        body = rest.strip()
    found = _TRIPLE.fullmatch(body)
    if found is None:
        return None
    parts = (found[1], found[3], found[4])
    widths = (len(parts[0]), len(parts[1]), len(parts[2]))
    long = [w for w in widths if w > 2]
    if long and long != [4]:
        return None
    return Seen(triple=(int(parts[0]), int(parts[1]), int(parts[2])), widths=widths, mark=found[2])


def _worded(body: str) -> Seen | None:
    """Jan 2, 2025; 2 January 2025; 02-Jan-25; Thu 2. Januar 2025."""
    if not _LOOKS.fullmatch(body):
        return None
    words = [word.rstrip(".").casefold() for word in _WORDS.findall(body)]
    names = [_MONTHS[word] for word in words if word in _MONTHS]
    figures = [word for word in words if word.isdigit()]
    if len(names) != 1 or len(figures) != 2:
        return None
    if any(not w.isdigit() and w not in _MONTHS and w not in _DAY_WORDS for w in words):
        return None
    day, year = figures if len(figures[0]) <= 2 else figures[::-1]
    if len(day) > 2 or len(year) not in (2, 4):
        return None
    try:
        return Seen(day=date(_year(int(year), len(year)), names[0], int(day)))
    except ValueError:
        return None


def _moved(seen: Seen, clock: str, zone: str | None) -> Seen | None:
    """The day in New York, where the time has a zone and is no midnight, which stands for a day alone."""
    if zone is None or seen.triple is None or seen.widths[0] != 4:
        return seen
    if not (zone in ("Z", "UTC", "GMT") or zone[0] in "+-"):
        return seen
    try:
        hours = datetime.strptime(clock[:5].rjust(5, "0"), "%H:%M")  # noqa: DTZ007
        offset = (
            timedelta() if zone[0] not in "+-" else timedelta(hours=int(zone[:3]), minutes=int(zone[0] + zone[-2:]))
        )
        at = datetime(*seen.triple, hours.hour, hours.minute, tzinfo=UTC) - offset
        if (hours.hour, hours.minute) == (0, 0):
            return seen
        there = at.astimezone(EASTERN)
    except (ValueError, OverflowError):
        return None
    return Seen(day=there.date(), late=there.hour >= _EVENING_H)


def _year(number: int, width: int) -> int:
    return number if width == 4 else number + (1900 if number >= 69 else 2000)


def _order(seen: Sequence[Seen | None], cells: Sequence[str], lines: Sequence[int], told: str | None) -> str:
    """The order of the three numbers: told, or the only one that fits every cell."""
    if told in ("dmy", "mdy", "ymd", "ydm"):
        return told
    rows = [i for i, one in enumerate(seen) if one is not None and one.triple is not None and one.widths[0] != 4]
    if not rows:
        return "ymd"
    fits = [order for order in _candidates([seen[i] for i in rows]) if all(_made(seen[i], order) for i in rows)]
    if len(fits) == 1:
        return fits[0]
    first = rows[0]
    if not fits:
        wrong = next((i for i in rows if not any(_made(seen[i], order) for order in ("dmy", "mdy", "ymd"))), None)
        if wrong is not None:  # one cell is no date at all: the others tell the order, and it is named by its line
            rest = [None if i == wrong else one for i, one in enumerate(seen)]
            return _order(rest, cells, lines, told)
        other = next((i for i in rows if not _made(seen[i], "mdy")), first)
        another = next((i for i in rows if not _made(seen[i], "dmy")), first)
        raise BadReply(
            f'line {lines[other]} has the date "{_shown(cells[other])}" and line {lines[another]} '
            f'"{_shown(cells[another])}": day and month change their places'
        )
    meant = " or ".join(f'{_spelled(_made(seen[first], order))} (date_format = "{order}")' for order in fits)
    raise BadReply(f'line {lines[first]}: "{_shown(cells[first])}" may be {meant}; the key of the feed says which')


def _candidates(seen: Iterable[Seen | None]) -> tuple[str, ...]:
    """Orders that are written so: dots set the day first; a year of two figures may stand at either end."""
    found = [one for one in seen if one is not None and one.triple is not None]
    triples = [one.triple for one in found if one.triple is not None]
    if all(one.mark == "." for one in found):
        return ("dmy",) if all(_made(one, "dmy") for one in found) else ("dmy", "mdy", "ymd")
    if any(one.widths[2] == 4 for one in found):
        return ("dmy", "mdy")
    if any(one.widths[0] > 2 for one in found) or any(t[2] > 31 for t in triples) or _turns_daily(triples):
        return ("dmy", "mdy")
    return ("dmy", "mdy", "ymd")


def _turns_daily(triples: Sequence[tuple[int, int, int]]) -> bool:
    """Whether the first number moves with nearly every row and the third hardly ever: a day, and a year."""
    steps = list(pairwise(triples))
    moved = [sum(one[i] != other[i] for one, other in steps) for i in (0, 2)]
    return bool(steps) and moved[0] >= 0.8 * len(steps) and moved[1] <= 0.2 * len(steps)


def _made(seen: Seen | None, order: str) -> date | None:
    if seen is None or seen.triple is None:
        return None
    if seen.widths[0] == 4:
        order = "ydm" if order == "ydm" else "ymd"
    elif seen.widths[2] == 4 and order[0] == "y":
        return None
    at = {letter: i for i, letter in enumerate(order)}
    try:
        day = date(_year(seen.triple[at["y"]], seen.widths[at["y"]]), seen.triple[at["m"]], seen.triple[at["d"]])
    except ValueError:
        return None
    return day if day.year in _YEARS else None


def _day(seen: Seen, order: str, told: str | None, cell: str, line: int) -> date | None:
    if seen.late:
        raise BadReply(
            f'line {line}: "{_shown(cell)}" is an evening in New York, so that its session is not known: '
            "write the day of the session alone"
        )
    if seen.count and (seen.day is None or told in (EXCEL, UNIX)):
        return _from_count(seen.count, told, cell, line)
    return seen.day if seen.triple is None else _made(seen, order)


def _from_count(count: str, told: str | None, cell: str, line: int) -> date | None:
    digits = len(count.partition(".")[0])
    try:
        if told == EXCEL and digits == 5:
            return _EXCEL_ZERO + timedelta(days=int(float(count)))
        if told in (UNIX, None) and digits in (9, 10, 13):
            at = datetime.fromtimestamp(float(count) / (1000 if digits == 13 else 1), UTC)
            if (at.hour, at.minute) == (0, 0):
                return at.date()
            there = at.astimezone(EASTERN)
            return None if there.hour >= _EVENING_H else there.date()
    except (ValueError, OverflowError, OSError):
        return None
    if told is None and digits == 5:
        day = _EXCEL_ZERO + timedelta(days=int(float(count)))
        raise BadReply(
            f'line {line}: "{_shown(cell)}" is no date, unless a spreadsheet counts its days from 1900 and means '
            f'{_spelled(day)}: then date_format = "excel" in the feed says so'
        )
    return None


def _by_pattern(cell: str, pattern: str) -> date | None:
    try:
        return datetime.strptime(cell.strip().strip("\"'"), pattern).date()  # noqa: DTZ007
    except ValueError:
        return None


def _spelled(day: date | None) -> str:
    return "" if day is None else f"{day.day} {day:%B %Y}"


def _shown(cell: str) -> str:
    return plain_text(cell, 40)
