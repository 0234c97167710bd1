"""Which sectors are said to lead, and what is said to carry them (C20-C23)."""

from bisect import bisect_right
from collections.abc import Sequence
from functools import partial

from rotation_tui.claims.base import Claim, ClaimInputs, Definition, every, holds, told
from rotation_tui.claims.pairs import ahead, excess
from rotation_tui.domain.claim import ClaimValue, Finding
from rotation_tui.domain.inputs import SeriesId, Symbol
from rotation_tui.domain.wording import signed
from rotation_tui.evidence.line import Line, NotKnown
from rotation_tui.evidence.measures import QUARTER, slope, tail, year_on_year, years_before

CHAPTER = "Sectors"
MACRO_NEEDED = 2
SPECULATIVE_PP = 10.0
ELEVATED_PERCENTILE = 60.0
_MACRO = {"IPMAN": "output", "TLMFGCONS": "building", "MANEMP": "jobs", "NEWORDER": "orders"}
_TEN_YEARS, _MOST_OF_THEM = 10, 2000


def _leading(symbol: str, bench: str, *, counted: bool = True) -> tuple[Definition, Definition]:
    """The excess of a fund over that of its family, over 63 sessions and for the year."""
    remark = "" if counted else ", not counted"
    return (
        Definition("63D", f"{symbol} less {bench} over 63 sessions above 0", "pp",
                   partial(ahead, symbol, bench, QUARTER)),
        Definition("YTD", f"{symbol} less {bench} since the start of the year above 0{remark}", "pp",
                   partial(ahead, symbol, bench, None)),
    )  # fmt: skip


def _slope(inputs: ClaimInputs) -> Line:
    try:
        return inputs.current("T10Y3M")
    except NotKnown as missing:
        try:
            return slope(inputs.current("DGS10"), inputs.current("DGS3MO")).noted(" derived")
        except NotKnown:
            raise missing from None


def _curve(inputs: ClaimInputs) -> ClaimValue:
    line = _slope(inputs)
    return told(line.last, holds(line.last > 0), f"10y−3m {signed(line.last, 2)} pp{line.note}", line)


def macro_finding(rising: int, unknown: int) -> Finding:
    """C21: two of the four series of manufacturing above a year before."""
    if rising >= MACRO_NEEDED:
        return Finding.CONFIRMED
    return Finding.UNKNOWN if rising + unknown >= MACRO_NEEDED else Finding.DENIED


def _macro(inputs: ClaimInputs) -> ClaimValue:
    grown: dict[str, float] = {}
    lines: list[Line] = []
    for series_id, word in _MACRO.items():
        try:
            line = inputs.current(series_id)
            grown[word] = year_on_year(line)
        except NotKnown:
            continue
        lines.append(line)
    if not grown:
        raise NotKnown(f"needs {' '.join(_MACRO)}")
    rising = sum(growth > 0 for growth in grown.values())
    finding = macro_finding(rising, len(_MACRO) - len(grown))
    words = ", ".join(f"{word} {signed(growth)}" for word, growth in grown.items())
    return told(float(rising), finding, f"{rising} of {len(grown)} up y/y: {words} %", *lines)


def _biotech(inputs: ClaimInputs) -> ClaimValue:
    judged = ahead("XBI", "IWM", QUARTER, inputs)
    try:
        gap, _, _ = excess(inputs, "XBI", "PSCH", QUARTER)
    except NotKnown:
        return judged
    why = f"{judged.why} · XBI−PSCH {signed(gap)} pp{speculative(gap)}"
    return ClaimValue(judged.value, judged.as_of, judged.finding, why, judged.source)


def speculative(gap_pp: float) -> str:
    """The remark of C22 for biotech more than 10 pp ahead of small health care."""
    return ", speculative" if gap_pp > SPECULATIVE_PP else ""


def _frenzy(inputs: ClaimInputs) -> ClaimValue:
    gap, mine, theirs = excess(inputs, "XBI", "PSCH", QUARTER)
    return told(gap, holds(gap > SPECULATIVE_PP), f"XBI−PSCH {QUARTER}d {signed(gap)} pp", mine, theirs)


def _oil(inputs: ClaimInputs) -> ClaimValue:
    line = inputs.current("DCOILWTICO")
    rows = len(line) - bisect_right(line.dates, years_before(line.dates[-1], _TEN_YEARS))
    if rows < _MOST_OF_THEM:
        raise NotKnown(f"needs ten years of DCOILWTICO, have {rows} days")
    rank = tail(line, rows).percentile(rows).last
    why = f"WTI {line.last:.2f} $, p{rank:.0f} of ten years, elevated from p{ELEVATED_PERCENTILE:.0f}"
    return told(rank, holds(rank >= ELEVATED_PERCENTILE), why, line)


def _discipline(_: ClaimInputs) -> ClaimValue:
    raise NotKnown("capital discipline: needs filings")


CLAIMS: Sequence[Claim] = (
    Claim(
        "C20", CHAPTER, "Small financials and regional banks lead as the curve normalises", "KRE ahead, 10y−3m > 0",
        (*_leading("KRE", "IWM"), Definition("CURVE", "10 years less 3 months above 0", "pp", _curve)),
        inputs=(Symbol("KRE"), Symbol("IWM"), SeriesId("T10Y3M"), SeriesId("DGS10"), SeriesId("DGS3MO")),
        combine=every(),
        rule="KRE ahead of IWM over 63 sessions and for the year, and the curve above 0",
        unit="pp",
    ),
    Claim(
        "C21", CHAPTER, "Industrials lead on infrastructure and reshoring", "PSCI ahead, 2 of 4 series up",
        (
            _leading("PSCI", "IJR")[0],
            Definition("MACRO", "2 of 4 series of manufacturing above a year before", "of 4", _macro),
            _leading("PSCI", "IJR", counted=False)[1],
        ),
        inputs=(Symbol("PSCI"), Symbol("IJR"), *map(SeriesId, _MACRO)),
        combine=every(2),
        rule="PSCI ahead of IJR over 63 sessions, and 2 of 4 series of manufacturing above a year before",
        unit="pp",
    ),
    Claim(
        "C22", CHAPTER, "Health care and biotech lead", "XBI ahead over 63 sessions",
        (
            Definition("63D", "XBI less IWM over 63 sessions above 0", "pp", _biotech),
            Definition("FRENZY", "XBI less PSCH over 63 sessions above 10 pp: speculative, not counted", "pp", _frenzy),
        ),
        inputs=(Symbol("XBI"), Symbol("IWM"), Symbol("PSCH")),
    ),
    Claim(
        "C23", CHAPTER, "Energy gains from elevated oil prices and discipline", "WTI at p60 of ten years or above",
        (
            Definition("OIL", "WTI among its days of ten years at the 60th percentile or above", "percentile", _oil),
            Definition("LEAD", "PSCE less IJR over 63 sessions above 0, not counted", "pp",
                       partial(ahead, "PSCE", "IJR", QUARTER)),
            Definition("DISCIPLINE", "capital spending over cash flow, not counted", "ratio", _discipline),
        ),
        inputs=(SeriesId("DCOILWTICO"), Symbol("PSCE"), Symbol("IJR")),
    ),
)  # fmt: skip
