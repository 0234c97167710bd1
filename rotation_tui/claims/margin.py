"""How far small caps are ahead, and of whom (C07-C09)."""

from collections.abc import Sequence
from datetime import date
from functools import partial

from rotation_tui.claims.base import Claim, ClaimInputs, Definition, Judge, every, holds, joined_why, told
from rotation_tui.claims.figures import falling
from rotation_tui.claims.pairs import equal_weight
from rotation_tui.domain.bars import Basis
from rotation_tui.domain.claim import ClaimValue, Finding
from rotation_tui.domain.inputs import Members, Symbol
from rotation_tui.domain.results import DEFINITIONS, SpreadStudy, decade_finding, is_counted
from rotation_tui.domain.universe import BROAD_PAIRS
from rotation_tui.domain.wording import bare, counted, signed
from rotation_tui.evidence import freshness
from rotation_tui.evidence.line import Line, NotKnown
from rotation_tui.evidence.measures import QUARTER, at, gain, percent, points, until, year_to_date, years_before

CHAPTER = "Margin"
IMPROVED_PCT = 5.0
"""House default of how far above its low the ratio has to be for a marked improvement."""
_PEAK = date(2021, 3, 12)
_DEFINED = {
    "CAL": "year to date, against the same day of earlier years",
    "HALF": "half-year to date, against the same day of earlier years",
    "ROLL126": "highest 126-session spread of the run of sessions above 0 up to today, against those before it",
    "ROLL252": "highest 252-session spread of the run of sessions above 0 up to today, against those before it",
    "STREAK": "sessions in a row in which small beat large",
}


def _study(inputs: ClaimInputs) -> SpreadStudy:
    for legs in BROAD_PAIRS:
        for study in inputs.spreads.values():
            old = freshness.overdue(study.last_session, inputs.today, freshness.CLOSE, inputs.calendar)
            if (study.small, study.large) == legs and old is None:
                return study
    raise NotKnown("needs a fresh spread RUT-SPX or IWM-SPY")


def _widest(name: str, inputs: ClaimInputs) -> ClaimValue:
    study = _study(inputs)
    found = study.widest_since.get(name)
    source = f"{study.small}-{study.large}, {study.basis}"
    if found is not None and not is_counted(found):
        return ClaimValue(found.value, study.last_session, Finding.UNKNOWN, f"{name} {found.note}", source)
    if found is None or found.value is None:
        raise NotKnown(f"{name} needs more history of {study.small}-{study.large}")
    number = bare(found.value, 0) if name == "STREAK" else f"{signed(found.value)} pp"
    if found.run_max is not None and found.run_max != found.value:
        number += f" (run {signed(found.run_max)})"
    if found.since is not None:
        number += f" since {found.since}"
    elif found.record and found.years is not None:
        number += f" record of {found.years:.1f} y"
    finding = Finding.UNKNOWN if found.over_a_decade is None else holds(found.over_a_decade)
    return ClaimValue(found.value, study.last_session, finding, f"{name} {number}", source)


def _decade(inputs: ClaimInputs, parts: Sequence[ClaimValue]) -> ClaimValue:
    known = [part for part in parts if part.as_of is not None]
    if not known:
        return ClaimValue(None, None, Finding.UNKNOWN, parts[0].why)
    widest = _study(inputs).widest_since
    own = [part for name, part in zip(DEFINITIONS, parts, strict=True) if is_counted(widest.get(name))]
    over = sum(part.finding is Finding.CONFIRMED for part in own)
    unknown = sum(part.finding is Finding.UNKNOWN for part in own)
    why = f"{over} of {len(own)} over a decade: {joined_why(parts)}"
    return ClaimValue(float(over), known[0].as_of, decade_finding(over, unknown), why, known[0].source)


def _ahead_of(large: str, inputs: ClaimInputs) -> ClaimValue:
    mine, theirs = inputs.legs("IWM", large)
    quarter = points(gain(mine, QUARTER), gain(theirs, QUARTER))
    try:
        year = f", YTD {signed(year_to_date(mine) - year_to_date(theirs))}"
    except NotKnown:
        year = ""
    return told(quarter, holds(quarter > 0), f"IWM−{large} {signed(quarter)} pp in 63d{year}", mine, theirs)


def _reaching(inputs: ClaimInputs, day: date) -> tuple[Line, Line, str]:
    """IWM and SPY with dividends where these closes reach back to `day`, else without, which is remarked."""
    missing: NotKnown | None = None
    for basis in (Basis.TOTAL, Basis.PRICE):
        try:
            mine, theirs = (inputs.live(symbol, basis, rows=None) for symbol in ("IWM", "SPY"))
            at(mine, day), at(theirs, day)
        except NotKnown as reason:
            missing = reason
            continue
        return mine, theirs, "" if basis is Basis.TOTAL else " (price)"
    raise missing or NotKnown("needs IWM and SPY")


def _yearly_gap(years: int, inputs: ClaimInputs) -> ClaimValue:
    base = years_before(inputs.as_of, years)
    mine, theirs, remark = _reaching(inputs, base)
    start, end = at(mine, base)[0], min(mine.dates[-1], theirs.dates[-1])
    if at(theirs, base)[0] != start or at(mine, end)[0] != at(theirs, end)[0]:
        raise NotKnown(f"needs IWM and SPY of {start} and {end}")
    yearly = [percent((at(line, end)[1] / at(line, start)[1]) ** (1 / years), 1.0) for line in (mine, theirs)]
    gap = points(*yearly)
    why = f"{years}y {bare(yearly[0])} vs {bare(yearly[1])} % a year{remark}"
    return told(gap, holds(gap < 0), why, mine, theirs)


def _improved(inputs: ClaimInputs) -> ClaimValue:
    if inputs.as_of < _PEAK:
        raise NotKnown(f"{_PEAK} is yet to come")
    mine, theirs, remark = _reaching(inputs, _PEAK)
    ratio = mine.over(theirs)
    peak = at(ratio, _PEAK)[1]
    rows = len(until(ratio, _PEAK))
    low = min(ratio.values[rows - 1 :])
    day = ratio.dates[rows - 1 + ratio.values[rows - 1 :].index(low)]
    above = percent(ratio.last, low)
    why = (
        f"ratio {signed(above)} % from its low of {day}, {signed(100 * (ratio.last / peak - 1))} % from {_PEAK}{remark}"
    )
    return told(above, holds(above >= IMPROVED_PCT), why, ratio)


def _gap(years: int) -> Definition:
    return Definition(f"{years}Y", f"IWM less SPY, return a year over {years} years below 0", "pp", _gaps(years))


def _gaps(years: int) -> Judge:
    return partial(_yearly_gap, years)


def _members_alike(inputs: ClaimInputs) -> ClaimValue:
    """Whether members counted alike are ahead of the fund, where the largest count most."""
    found = inputs.breadth("IVV")
    returns = found.over(QUARTER)
    if returns is None or returns.equal_lead_pp is None:
        raise NotKnown(f"needs {QUARTER} closes of IVV and its members")
    lead = returns.equal_lead_pp
    why = f"{counted(returns.known, 'member')} counted alike {signed(lead)} pp on IVV, ±{returns.error_pp:.1f}"
    return ClaimValue(lead, found.as_of, holds(lead > 0), why, found.source)


CLAIMS: Sequence[Claim] = (
    Claim(
        "C07", CHAPTER, "Small caps outpace by the widest margin in over a decade", "> 10 years",
        tuple(Definition(name, _DEFINED[name], "sessions" if name == "STREAK" else "pp", partial(_widest, name))
              for name in DEFINITIONS),
        inputs=(Symbol("RUT"), Symbol("SPX"), Symbol("IWM"), Symbol("SPY")),
        combine=_decade,
        rule="3 definitions widest for more than ten years; at most 1 denies; HALF counts from July on",
        unit="definitions",
    ),
    Claim(
        "C08", CHAPTER, "Money leaves the trillion-dollar technology valuations", "IWM ahead of MAGS over 63 sessions",
        (
            Definition("MAGS", "IWM less MAGS over 63 sessions above 0", "pp", partial(_ahead_of, "MAGS")),
            Definition("EQUAL", "RSP over SPY above its 200-session mean", "%", equal_weight),
            Definition("TOP10", "weight of the S&P 500's ten largest lower than 63 sessions before", "pp", falling),
            Definition("XLG", "IWM less XLG over 63 sessions, not counted", "pp", partial(_ahead_of, "XLG")),
            Definition("QQQ", "IWM less QQQ over 63 sessions, not counted", "pp", partial(_ahead_of, "QQQ")),
            Definition("MEMBERS", "mean return of a sample of IVV's members less that of IVV over 63 sessions, not "
                       "counted", "pp", _members_alike),
        ),
        inputs=(Members("IVV"), *map(Symbol, ("IWM", "MAGS", "XLG", "QQQ", "RSP", "SPY"))),
        combine=every(3),
        rule="MAGS, EQUAL and TOP10 agree",
        unit="pp",
    ),
    Claim(
        "C09", CHAPTER, "A marked improvement after years of underperformance", "behind over 5 y, ≥ 5 % off the low",
        (
            _gap(5),
            Definition("IMPROVED", "IWM/SPY at least 5 % (house default) above its lowest since 2021-03-12", "%",
                       _improved),
            _gap(1), _gap(3), _gap(10), _gap(20),
        ),
        inputs=(Symbol("IWM"), Symbol("SPY")),
        combine=every(2),
        rule="behind over 5 years, and the ratio markedly above its low",
        unit="pp",
    ),
)  # fmt: skip
