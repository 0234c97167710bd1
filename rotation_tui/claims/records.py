"""Records and returns of the Russell 2000 (C01-C06)."""

from collections.abc import Sequence
from datetime import date

from rotation_tui.claims.base import Claim, ClaimInputs, Definition, holds, joined_why, near, told
from rotation_tui.claims.pairs import TREND, closes_to
from rotation_tui.domain.bars import Basis
from rotation_tui.domain.claim import ClaimValue, Finding
from rotation_tui.domain.inputs import Symbol
from rotation_tui.domain.wording import counted, signed
from rotation_tui.evidence.line import Line, NotKnown
from rotation_tui.evidence.measures import change, percent, points

CHAPTER = "Records"
LEVEL = 2500.0
RECORD, RECORD_TOLERANCE = 2590.61, 0.01
YEAR_PCT, TOLERANCE_PP = 12.1, 0.5
FASTER_PP = 5.0
LEAST_OF_A_HALF = 21
"""Sessions of the second half before it is compared."""
SMALL_HALF_PCT, LARGE_HALF_PCT = 16.0, 11.0
RECENT, YEAR = 63, 252
NEAR_PCT, FAR_PCT = -5.0, -10.0
REST_ROWS, REST_RANGE_PCT, REST_FROM_PCT, REST_TO_PCT = 21, 8.0, -8.0, -1.0
_BRIDGE_SESSIONS = 21
_YEAR_END = date(2025, 12, 31)
_HALF_BASE = date(2025, 6, 30)
_QUOTED_DAY = date(2025, 12, 29)


def russell(inputs: ClaimInputs, rows: int | None = None) -> Line:
    """Closes of RUT; where IWM goes on longer, each of its further closes times the ratio of their last common one."""
    index = inputs.closes("RUT", rows=rows)
    try:
        fund = inputs.closes("IWM")
    except NotKnown:
        return inputs.fresh(index)
    end = index.dates[-1]
    common = dict(fund).get(end)
    behind = inputs.calendar.age(end, fund.dates[-1])
    if not 0 < behind <= _BRIDGE_SESSIONS or common is None:
        return inputs.fresh(index)
    further = [(day, close * index.last / common) for day, close in fund if day > end]
    days, bridged = zip(*further, strict=True)
    sources = tuple(dict.fromkeys(index.sources + fund.sources))
    return inputs.fresh(Line((*index.dates, *days), (*index.values, *bridged), sources, index.limit, note="~"))


def _level(inputs: ClaimInputs) -> ClaimValue:
    line = russell(inputs, rows=TREND)
    trend = ""
    if len(line) >= TREND:
        trend = f", {signed(100 * (line.last / (sum(line.values[-TREND:]) / TREND) - 1))} % vs 200d"
    sign = ">" if line.last > LEVEL else "≤"
    return told(line.last, holds(line.last > LEVEL), f"{line.note}{line.last:,.2f} {sign} {LEVEL:,.0f}{trend}", line)


def _last_record(line: Line) -> tuple[float, int]:
    """The highest value and the row on which it was last reached."""
    highest = max(line.values)
    return highest, next(row for row in range(len(line) - 1, -1, -1) if line.values[row] == highest)


def record_finding(below_pct: float, since: int) -> Finding:
    """C02: from the distance to the record in percent and the sessions since it."""
    if below_pct <= FAR_PCT or since >= YEAR:
        return Finding.DENIED
    return Finding.CONFIRMED if since < RECENT and below_pct > NEAR_PCT else Finding.MIXED


def _records(inputs: ClaimInputs) -> ClaimValue:
    line = russell(inputs)
    if len(line) <= YEAR:
        raise NotKnown(f"needs {YEAR + 1} closes, have {len(line)}")
    highest, row = _last_record(line)
    since = inputs.calendar.passed(line.dates, row, len(line) - 1)
    below = percent(line.last, highest)
    why = f"record {highest:,.2f} on {line.dates[row]}, {counted(since, 'session')} ago, {signed(below)} % from it"
    why += " (~ closes of the fund stand in)" if line.note else ""
    return told(below, record_finding(below, since), why, line)


def _record_level(inputs: ClaimInputs) -> ClaimValue:
    line = inputs.live("RUT", rows=None)
    highest, row = _last_record(line)
    day = line.dates[row]
    finding = holds(near(highest, RECORD, RECORD_TOLERANCE))
    press = " (some papers: 12-18)" if finding is Finding.CONFIRMED else f", no longer {RECORD:,.2f}"
    if highest < RECORD and finding is Finding.DENIED:
        press = f", never {RECORD:,.2f}"
    return ClaimValue(highest, day, finding, f"record close {highest:,.2f} on {day}{press}", line.sources[0])


def resting(below_pct: float, range_pct: float) -> bool:
    """C03: 1 to 8 % below the record, and a 21-session range under 8 % of its mean."""
    return REST_FROM_PCT < below_pct <= REST_TO_PCT and range_pct < REST_RANGE_PCT


def _rest(inputs: ClaimInputs) -> ClaimValue:
    line = inputs.live("RUT", rows=None)
    if len(line) < REST_ROWS:
        raise NotKnown(f"needs {REST_ROWS} closes, have {len(line)}")
    recent = line.values[-REST_ROWS:]
    span = 100 * (max(recent) - min(recent)) / (sum(recent) / REST_ROWS)
    below = percent(line.last, max(line.values))
    why = f"{signed(below)} % from the record, 21-session range {span:.1f} %"
    return told(below, holds(resting(below, span)), why, line)


def _of_2025(symbol: str, basis: Basis, inputs: ClaimInputs) -> ClaimValue:
    line = closes_to(inputs, symbol, _YEAR_END, basis)
    value = change(line, date(2024, 12, 31), line.dates[-1])
    kind = "" if basis is Basis.PRICE else " total return"
    why = f"{symbol} 2025{kind} {signed(value, 2)} % at {line.dates[-1]}, claimed {signed(YEAR_PCT)}"
    return told(value, holds(near(value, YEAR_PCT, TOLERANCE_PP)), why, line)


def _faster(inputs: ClaimInputs) -> ClaimValue:
    """Equal stretches of both halves while the second one has fewer sessions than the first, then whole ones."""
    year = inputs.as_of.year if inputs.as_of.month > 6 else inputs.as_of.year - 1
    line = closes_to(inputs, "RUT", date(year, 12, 31))
    base, middle = date(year - 1, 12, 31), date(year, 6, 30)
    begun = inputs.calendar.sessions(date(year, 1, 1), middle)
    passed = len(inputs.calendar.sessions(date(year, 7, 1), line.dates[-1])) if line.dates[-1] > middle else 0
    if passed < LEAST_OF_A_HALF:
        raise NotKnown(f"needs {LEAST_OF_A_HALF} sessions of the second half of {year}, have {passed}")
    running = passed < len(begun)
    first = change(line, base, begun[passed - 1] if running else middle)
    second = change(line, middle, line.dates[-1])
    gap = points(second, first)
    stretch = f", {passed} sessions of each" if running else ""
    why = f"H1 {year} {signed(first)} %, H2 {signed(second)} % at {line.dates[-1]}: {signed(gap)} pp{stretch}"
    return told(gap, holds(gap > FASTER_PP), why, line)


def half_finding(small_pct: float, large_pct: float) -> Finding:
    """C06: CONFIRMED with both legs within tolerance, DENIED with neither, MIXED with one."""
    legs = (near(small_pct, SMALL_HALF_PCT, TOLERANCE_PP), near(large_pct, LARGE_HALF_PCT, TOLERANCE_PP))
    if all(legs):
        return Finding.CONFIRMED
    return Finding.MIXED if any(legs) else Finding.DENIED


def _half_to(end: date, inputs: ClaimInputs) -> ClaimValue:
    if inputs.as_of < end < _YEAR_END:
        raise NotKnown(f"{end} is yet to come")
    small, large = (closes_to(inputs, symbol, end) for symbol in ("RUT", "SPX"))
    if small.dates[-1] != large.dates[-1]:
        raise NotKnown(f"needs RUT and SPX of {max(small.dates[-1], large.dates[-1])}")
    day = small.dates[-1]
    ahead, behind = (change(line, _HALF_BASE, day) for line in (small, large))
    why = f"{signed(ahead, 2)} vs {signed(behind, 2)} % at {day}"
    return told(ahead, half_finding(ahead, behind), why, small, large)


def _futures(_: ClaimInputs) -> ClaimValue:
    raise NotKnown("needs RTY and ES of one contract chain")


def _half(inputs: ClaimInputs, parts: Sequence[ClaimValue]) -> ClaimValue:
    """Until the half-year is over the quoted day and the last close have to agree; then its end alone counts."""
    last, quoted = parts[0], parts[1]
    if inputs.as_of >= _YEAR_END or Finding.UNKNOWN in (last.finding, quoted.finding):
        return last
    finding = last.finding if last.finding is quoted.finding else Finding.MIXED
    return ClaimValue(last.value, last.as_of, finding, joined_why((last, quoted)), last.source)


CLAIMS: Sequence[Claim] = (
    Claim(
        "C01", CHAPTER, "Russell 2000 above 2,500", "> 2,500",
        (Definition("LEVEL", "last close of the Russell 2000 above 2,500", "index", _level),),
        inputs=(Symbol("RUT"), Symbol("IWM")),
    ),
    Claim(
        "C02", CHAPTER, "Small caps at record highs", "a record close in 63 sessions, less than 5 % below it",
        (Definition("RECORD", "distance from the record close, and how long ago it was", "%", _records),),
        inputs=(Symbol("RUT"), Symbol("IWM")),
    ),
    Claim(
        "C03", CHAPTER, "Record close 2,590.61 in mid-December, then consolidation", "2,590.61",
        (
            Definition("RECORD", "highest close ever, within 0.01 of 2,590.61", "index", _record_level),
            Definition("REST", "1 to 8 % below the record in a 21-session range under 8 %", "%", _rest),
        ),
        inputs=(Symbol("RUT"),),
    ),
    Claim(
        "C04", CHAPTER, "Russell 2000 up 12.1 % in 2025", "+12.1 %",
        (
            Definition("PRICE", "price return of 2025 to date, the whole year once it is over", "%",
                       lambda inputs: _of_2025("RUT", Basis.PRICE, inputs)),
            Definition("TOTAL", "the same with dividends, of the fund", "%",
                       lambda inputs: _of_2025("IWM", Basis.TOTAL, inputs)),
        ),
        inputs=(Symbol("RUT"), Symbol("IWM")),
    ),
    Claim(
        "C05", CHAPTER, "The rise accelerated dramatically in the second half", "H2 more than 5 pp above H1",
        (Definition("H2-H1", "return of the latest second half less that of the first half before it, over as many "
                    "sessions of each while it runs, from 21 on", "pp", _faster),),
        inputs=(Symbol("RUT"),),
    ),
    Claim(
        "C06", CHAPTER, "July to December: small +16 %, large +11 %", "+16 % vs +11 %",
        (
            Definition("TO DATE", "cash indexes since 30 June 2025 to date, then for the whole half-year", "%",
                       lambda inputs: _half_to(_YEAR_END, inputs)),
            Definition("12-29", "cash indexes since 30 June at 29 December 2025, the day that fits", "%",
                       lambda inputs: _half_to(_QUOTED_DAY, inputs)),
            Definition("FUTURES", "futures of one contract chain; continuous ones have roll gaps", "%", _futures),
        ),
        inputs=(Symbol("RUT"), Symbol("SPX")),
        combine=_half,
        rule="cash indexes at the last close and on the day that fits; the whole half-year once it is over",
        unit="%",
    ),
)  # fmt: skip
