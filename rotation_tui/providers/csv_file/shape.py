"""What the columns of a user's file are: titles, dates, symbols, fields of a session, in whatever arrangement."""

import re
from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct

from rotation_tui.domain.refusal import plain_text
from rotation_tui.providers.base import BadReply
from rotation_tui.providers.csv_file.dates import is_date
from rotation_tui.providers.csv_file.numbers import bare, is_number
from rotation_tui.providers.csv_file.text import Row, is_data

NameOf = Callable[[str], str | None]

_DATES = ("date", "observation_date", "dates", "datetime", "date time", "date/time", "timestamp", "time", "day",
          "trade date", "trading day", "trading date", "tradedate", "pricing date", "price date", "as of", "as of date",
          "datum", "handelstag", "tag", "zeit", "fecha", "data", "jour", "dt", "dtyyyymmdd")  # fmt: skip
_SYMBOLS = ("symbol", "ticker", "tickers", "instrument", "security", "series", "series_id", "seriesid", "series id",
            "asset", "fund", "code", "act symbol", "wertpapier", "name", "id", "underlying_symbol")  # fmt: skip
_CLOSE = ("close", "close/last", "close price", "closing price", "closing value", "closing", "last", "last price",
          "price", "px_last", "px last", "settle", "settlement", "settlement price", "index value", "index level",
          "value", "level", "nav", "schluss", "schlusskurs", "kurs", "letzter", "zuletzt", "cierre", "último",
          "ultimo", "clôture", "cloture", "dernier", "chiusura", "zamkniecie", "zamknięcie", "slotkoers",
          "trade close", "quote")  # fmt: skip
_ADJUSTED = ("adj close", "adj. close", "adj_close", "adjclose", "adjusted close", "adjusted_close",
             "adj closing price", "close (adj)", "adj close price", "total return", "tot_return_index_gross_dvds",
             "adjusted closing price")  # fmt: skip
_OTHER = ("open", "high", "low", "volume", "vol", "vol.", "change", "change %", "chg", "%chg", "chg%", "change%", "pct",
          "% change", "percent change", "turnover", "trades", "openint", "open interest", "dividends", "dividend",
          "stock splits", "capital gains", "vwap", "wap", "bid", "ask", "mid", "barcount", "count", "per", "average",
          "currency", "px_open", "px_high", "px_low", "px_volume", "eröffnung", "hoch", "tief", "volumen",
          "opening price", "high price", "low price", "latest", "netchange", "net change", "eröffnungskurs",
          "tageshoch", "tagestief", "umsatz", "umsätze", "exchange", "time", "adj factor", "tickvol", "spread",
          "apertura", "máximo", "mínimo", "ouverture", "plus haut", "plus bas", "+/-%", "+/- %")  # fmt: skip
_FIELDS: Mapping[str, str] = {
    **dict.fromkeys(_OTHER, "other"),
    **dict.fromkeys(_CLOSE, "close"),
    **dict.fromkeys(_ADJUSTED, "adjusted"),
}
_VENDOR = re.compile(r"(?:\s+US\s+Equity|[\s.]US|\s*\((?:USD|US\$|\$)\))$", re.IGNORECASE)
_PLACE = re.compile(r"^[A-Z]{2,12}:(?=.)", re.IGNORECASE)
_MOST_LEVELS = 3


class Shape(Struct, frozen=True):
    """Where the values are: `picks` are columns of one symbol each, (position, title, name here).

    In a long file there is a column of symbols and one of values instead. `problem` says why neither is so.
    `titles` are those of values, `cells` all there are; `header` is the line of the titles, `width` the number of
    its cells up to the last title.
    """

    header: int
    width: int
    date_at: int
    titles: tuple[str, ...]
    cells: tuple[str, ...]
    picks: tuple[tuple[int, str, str], ...] = ()
    symbol_at: int | None = None
    value_at: int | None = None
    problem: str = ""


def fold(title: str) -> str:
    """A title as it is compared: small letters, one space, no angle brackets as `<DATE>` has."""
    return " ".join(bare(title).strip("<>[]").rstrip("*¹²³").casefold().replace("\u00a0", " ").split())


def shape_of(rows: Sequence[Row], name_of: NameOf, renames: Mapping[str, str], kind: str) -> Shape:
    """The shape that the first rows of a file show.

    `renames` are the user's titles with the names that they stand for, `kind` as in the config. Raises BadReply
    where there are no titles, or no column of dates.
    """
    if not rows:
        raise BadReply("is empty")
    first = next((i for i, row in enumerate(rows) if is_data(row.cells)), None)
    head = _header(rows, first)
    line, cells = rows[head]
    levels = [*_stack(rows, head), cells]
    width = max(at for level in levels for at, cell in enumerate(level, 1) if cell)
    levels = [[*level, *[""] * (width - len(level))][:width] for level in levels]
    date_at = _date_column(rows, head)
    folded = {fold(title): name for title, name in renames.items()}
    picks, symbol_at, value_at, problem = _arranged(levels, date_at, name_of, folded, kind)
    titles = tuple(title for at, title in enumerate(_titles(levels)) if at != date_at)
    every = tuple(cell for level in levels for cell in level)
    return Shape(line, width, date_at, titles, every, picks, symbol_at, value_at, problem)


def _header(rows: Sequence[Row], first: int | None) -> int:
    """The row of the titles: the last before the data with a title of dates, else the one right before them."""
    before = range(len(rows) if first is None else first)
    named = [i for i in before if any(fold(cell) in _DATES for cell in rows[i].cells) and not is_data(rows[i].cells)]
    if named:
        return named[0] if first is None else named[-1]
    if first is None:
        head = " / ".join(plain_text(", ".join(row.cells), 40) for row in rows[:2])
        raise BadReply(
            f'no line has a date and a number beside it; it begins "{head}"; wanted is a first line as "date,IWM,SPY", '
            "then a line a day"
        )
    if first == 0 or any(is_number(cell) or is_date(cell) for cell in rows[first - 1].cells):
        at = rows[max(first - 1, 0)]
        seen = plain_text(", ".join(at.cells), 40)
        if first and not is_date(at.cells[0]):
            raise BadReply(f'line {at.number}: "{plain_text(at.cells[0], 40)}" is no date like {_example(rows[first])}')
        raise BadReply(f'line {at.number} has data already ("{seen}"): a line of titles must come first, as "date,IWM"')
    return first - 1


def _example(row: Row) -> str:
    return plain_text(next(cell for cell in row.cells if is_date(cell)), 40)


def _stack(rows: Sequence[Row], head: int) -> list[list[str]]:
    """Rows of titles above the header's that belong to it: its own titles are blank, or fields that recur."""
    cells = rows[head].cells
    own = [fold(cell) for cell in cells if cell and fold(cell) not in _DATES]
    recurring = len(own) > 1 and all(title in _FIELDS for title in own)
    if own and not recurring:
        return []
    above: list[list[str]] = []
    for row in reversed(rows[max(head - _MOST_LEVELS, 0) : head]):
        if sum(bool(cell) for cell in row.cells) < (1 if own else 2) or any(is_number(c) for c in row.cells[1:]):
            break
        if own and len(row.cells) < len(cells) - 1:  # a preamble
            break
        above.insert(0, row.cells)
    return above


def _date_column(rows: Sequence[Row], head: int) -> int:
    titles = [fold(cell) for cell in rows[head].cells]
    named = sorted((_DATES.index(title), at) for at, title in enumerate(titles) if title in _DATES)
    data = [row.cells for row in rows[head + 1 :] if is_data(row.cells)]
    dated = [sum(is_date(cells[at]) for cells in data if at < len(cells)) for at in range(len(titles))]
    if len({fold(cell) for cell in rows[head].cells if fold(cell) in _DATES}) < len(named):
        raise BadReply(
            f"line {rows[head].number} has {len(named)} columns of dates: keep one in a file, with the values beside it"
        )
    for _, at in named:
        if not data or dated[at]:
            return at
    if any(dated):
        return dated.index(max(dated))
    if named:
        return named[0][1]
    raise BadReply(f'line {rows[head].number}: none of the titles "{plain_text(", ".join(titles), 80)}" is a date')


def _titles(levels: Sequence[Sequence[str]]) -> list[str]:
    return [
        plain_text(" ".join(dict.fromkeys(cell for cell in column if cell)), 60) for column in zip(*levels, strict=True)
    ]


_Arrangement = tuple[tuple[tuple[int, str, str], ...], int | None, int | None, str]


def _arranged(
    levels: list[list[str]], date_at: int, name_of: NameOf, renames: Mapping[str, str], kind: str
) -> _Arrangement:
    titles = _titles(levels)
    at = [i for i in range(len(titles)) if i != date_at]
    picks: list[tuple[int, str, str]] = []
    if len(levels) > 1:
        picks = _stacked(levels, at, name_of, renames, kind)
        if picks:
            return tuple(picks), None, None, ""
    cells = levels[-1]
    fields = {i: _FIELDS.get(fold(cells[i]), "") for i in at}
    family = sum(bool(one) for one in fields.values()) > 1 or all(fields[i] for i in at)
    for i in at:
        renamed = renames.get(fold(cells[i]))
        if renamed is not None:
            picks.append((i, titles[i], renamed))
        elif cells[i] and not (family and fields[i]) and (name := _name(cells[i], name_of, kind)):
            picks.append((i, titles[i], name))
    if picks:
        return tuple(picks), None, None, ""
    symbol_at = next((i for word in _SYMBOLS for i in at if fold(cells[i]) == word), None)
    values = [i for i in at if fields[i] == "adjusted" and kind == "adjusted_close"] or [
        i for i in at if fields[i] == "close"
    ]
    if symbol_at is not None and len(values) == 1:
        return (), symbol_at, values[0], ""
    return (), None, None, _unnamed(cells, values, fields, kind)


def _unnamed(cells: Sequence[str], values: Sequence[int], fields: Mapping[int, str], kind: str) -> str:
    """What to write into the config for a file of one symbol, whose titles are fields and name no symbol."""
    adjusted = [i for i, one in fields.items() if one == "adjusted"]
    if not values and adjusted and kind == "close":
        return (
            f'has "{plain_text(cells[adjusted[0]], 40)}" and no close: kind = "adjusted_close" in the feed takes that'
        )
    if not values:
        return ""
    title = plain_text(cells[values[0]], 40)
    return (
        f'holds one symbol and does not name it: say which in the feed, as columns = {{ "{title}" = "IWM" }} '
        "with your symbol in place of IWM"
    )


def _stacked(
    levels: Sequence[Sequence[str]], at: Sequence[int], name_of: NameOf, renames: Mapping[str, str], kind: str
) -> list[tuple[int, str, str]]:
    """Columns of titles on several levels: one names the symbol, another may name the field."""
    filled = [_filled(level, at) for level in levels]
    found: list[tuple[int, str, str, str]] = []
    for i in at:
        column = [level[i] for level in filled if level[i]]
        field_of = next((_FIELDS[fold(cell)] for cell in column if fold(cell) in _FIELDS), "")
        names = [renames.get(fold(c)) or _name(c, name_of, kind) for c in column if fold(c) not in _FIELDS]
        name = next((one for one in names if one), None)
        if name is not None and field_of != "other":
            found.append((i, " ".join(dict.fromkeys(column)), name, field_of))
    adjusted = {name for _, _, name, one in found if one == "adjusted" and kind == "adjusted_close"}
    return [(i, title, name) for i, title, name, one in found if (one == "adjusted") == (name in adjusted)]


def _filled(level: Sequence[str], at: Sequence[int]) -> list[str]:
    """A level of titles with merged cells, of which only the first is written, filled to the right."""
    done = list(level)
    for i in at:
        if not done[i] and i - 1 in at:
            done[i] = done[i - 1]
    return done


def _name(title: str, name_of: NameOf, kind: str) -> str | None:
    """What a title stands for: the symbol itself, or with the field beside it ("IWM Close", "Close_IWM")."""
    plain = bare(title)
    if name := symbol_name(plain, name_of):
        return name
    wanted = ("adjusted",) if kind == "adjusted_close" else ("close",)
    for cut in range(1, len(plain)):
        if not re.match(r"[\s_./:|,()'\"\-]", plain[cut]):
            continue
        left, right = plain[:cut].strip(" ('\""), plain[cut:].strip(" _./:|,()'\"-")
        for one, symbol in ((left, right), (right, left)):
            if _FIELDS.get(fold(one)) in wanted and (name := name_of(symbol)):
                return name
    return None


def symbol_name(text: str, name_of: NameOf) -> str | None:
    """What a symbol is called here, also as Bloomberg ("IWM US Equity"), Stooq ("IWM.US") or Google ("NYSEARCA:IWM")
    write it."""
    plain = bare(text)
    return name_of(plain) or name_of(_PLACE.sub("", _VENDOR.sub("", plain)))
