"""Earnings growth, flows and valuation, which by what was filed, or by what was told by hand (C15-C19)."""

from collections.abc import Sequence
from datetime import timedelta

from rotation_tui.claims.base import Claim, ClaimInputs, Definition, every, holds
from rotation_tui.claims.figures import (
    SMALL,
    aged,
    either,
    from_filings,
    latest,
    legs,
    needing,
    needing_first,
    sourced,
    unlike,
)
from rotation_tui.domain.claim import ClaimValue, ConsensusEntry, Finding
from rotation_tui.domain.inputs import Filings, Members, Symbol
from rotation_tui.domain.wording import signed
from rotation_tui.evidence.line import NotKnown
from rotation_tui.evidence.measures import year_on_year
from rotation_tui.evidence.valuation import a_year_on, discount

CHAPTER = "Earnings"
GROWTH_PCT, EX_HEALTH_PCT = 30.0, 15.0
GAP_PP = 3.0
_YEAR_DAYS = 365
_FILED = (Members("IWM"), Members("IVV"), Filings("net income"))


def growth_finding(total: float, ex_swing: float | None, ex_health: float | None) -> Finding:
    """C15 from realised growth in percent: of all, without swings from loss, without health care."""
    if ex_swing is not None and ex_swing >= GROWTH_PCT:
        return Finding.CONFIRMED
    if ex_swing is None and ex_health is None:
        return Finding.UNKNOWN if total >= GROWTH_PCT else Finding.DENIED
    if total >= GROWTH_PCT and ex_health is not None and ex_health < EX_HEALTH_PCT:
        return Finding.MIXED
    return Finding.UNKNOWN if ex_swing is None and total >= GROWTH_PCT else Finding.DENIED


def _filed_2025(inputs: ClaimInputs) -> ClaimValue:
    """The year 2025 once it is filed; until then the newest twelve months that are."""
    with needing_first("growth of 2025"):
        try:
            inputs.measured("IWM", "growth_year")
            prefix = "growth_year"
        except NotKnown:
            prefix = "growth"
        line = inputs.fresh(inputs.line_of("IWM", prefix))
    without: dict[str, float | None] = {}
    for variant in ("ex_swings", "ex_health"):
        try:
            without[variant] = inputs.measured("IWM", f"{prefix}_{variant}")[1]
        except NotKnown:
            without[variant] = None
    swings, health = without["ex_swings"], without["ex_health"]
    words = [f"{'2025' if prefix == 'growth_year' else f'12 months to {line.dates[-1]:%Y-%m}'} {signed(line.last)} %"]
    words += [] if swings is None else [f"without swings {signed(swings)}"]
    words += [] if health is None else [f"without health care {signed(health)}"]
    finding = growth_finding(line.last, swings, health)
    return ClaimValue(line.last, line.dates[-1], finding, ", ".join(words), " + ".join(line.sources))


def _realised_2025(inputs: ClaimInputs) -> ClaimValue:
    with needing("growth of 2025: needs filings"):
        total = latest(inputs, SMALL, "realised_growth", period="2025")
    found: dict[str, ConsensusEntry] = {}
    for variant in ("ex_swing", "ex_hc"):
        try:
            found[variant] = latest(inputs, SMALL, f"realised_growth_{variant}", period="2025")
        except NotKnown:
            continue
    ex_swing, ex_health = ((found[v].value if v in found else None) for v in ("ex_swing", "ex_hc"))
    words = [f"realised {signed(total.value)} %"]
    words += [] if ex_swing is None else [f"without swings {signed(ex_swing)}"]
    words += [] if ex_health is None else [f"without health care {signed(ex_health)}"]
    finding = growth_finding(total.value, ex_swing, ex_health)
    return sourced(total.value, finding, ", ".join(words), total, *found.values())


def _claimed_2025(inputs: ClaimInputs) -> ClaimValue:
    entry = latest(inputs, SMALL, "eps_growth", period="2025")
    why = f"consensus {signed(entry.value)} % ({entry.basis}){aged(inputs, entry)}"
    return sourced(entry.value, Finding.UNKNOWN, why, entry)


def _compared(words: str, gap: float, finding: Finding, inputs: ClaimInputs, *used: ConsensusEntry) -> ClaimValue:
    """A comparison of two legs; UNKNOWN, saying so, where they are not measured alike."""
    differs = unlike(used[0], used[1])
    told = f"{words}{f' {differs}' if differs else ''}{aged(inputs, *used)}"
    return sourced(gap, Finding.UNKNOWN if differs else finding, told, *used)


def _consensus(inputs: ClaimInputs) -> ClaimValue:
    small, large = legs(inputs, "eps_growth")
    gap = small.value - large.value
    words = f"{small.period} {small.value:g} vs {large.value:g} %: {signed(gap)} pp"
    return _compared(words, gap, holds(gap >= GAP_PP), inputs, small, large)


def _filed_gap(inputs: ClaimInputs) -> ClaimValue:
    with needing_first("realised"):
        found = from_filings(inputs, "growth")
    gap = found.small - found.large
    words = f"realised {found.small:.1f} vs {found.large:.1f} %: {signed(gap)} pp"
    return found.value(gap, holds(gap > 0), words)


def _realised_gap(inputs: ClaimInputs) -> ClaimValue:
    with needing("realised: needs filings"):
        small, large = legs(inputs, "ttm_growth")
    gap = small.value - large.value
    words = f"realised {small.value:g} vs {large.value:g} %: {signed(gap)} pp"
    return _compared(words, gap, holds(gap > 0), inputs, small, large)


def flow_finding(small: float, large: float) -> Finding:
    """C17: inflow, and more of it by assets than into large caps."""
    return holds(small > large and small > 0)


def _flows(inputs: ClaimInputs) -> ClaimValue:
    with needing("flows: needs holdings"):
        small, large = legs(inputs, "flow_63s")
    why = f"63d flows {signed(small.value)} vs {signed(large.value)} % of assets{aged(inputs, small, large)}"
    return sourced(small.value - large.value, flow_finding(small.value, large.value), why, small, large)


def _filed_narrowing(inputs: ClaimInputs) -> ClaimValue:
    """Whether trailing multiples came closer: prices of a year against the earnings that today's holdings made."""
    with needing_first("trailing P/E"):
        multiples, grown = from_filings(inputs, "pe_all"), from_filings(inputs, "growth")
        rises = [1 + year_on_year(inputs.live(symbol)) / 100 for symbol in ("IWM", "SPY")]
    earned = [1 + pct / 100 for pct in (grown.small, grown.large)]
    if min(earned) <= 0:
        raise NotKnown("trailing P/E: a year ago nothing was earned")
    relative = multiples.small / multiples.large
    before = relative / (rises[0] / earned[0]) * (rises[1] / earned[1])
    words = f"trailing relative P/E {relative:.2f} vs {before:.2f} a year before, with losses"
    return multiples.value(relative - before, holds(relative > before), words)


def _narrowing(inputs: ClaimInputs) -> ClaimValue:
    small, large = legs(inputs, "fwd_pe")
    relative = small.value / large.value
    with needing(f"relative P/E {relative:.2f}, needs entries of a year before"):
        then = legs(inputs, "fwd_pe", by=min(small.as_of, large.as_of) - timedelta(days=_YEAR_DAYS))
    before = then[0].value / then[1].value
    differs = unlike(*then) or ("" if then[0].same_basis(small) else "basis≠")
    words = f"relative P/E {relative:.2f} vs {before:.2f} a year before{f' {differs}' if differs else ''}"
    judged = Finding.UNKNOWN if differs else holds(relative > before)
    return _compared(words, relative - before, judged, inputs, small, large)


def _filed_discount(inputs: ClaimInputs) -> ClaimValue:
    with needing_first("trailing P/E"):
        found = from_filings(inputs, "pe_profitable")
    gap = -discount(found.small, found.large).percent
    words = f"trailing, ex-negative {found.small:.1f}x / {found.large:.1f}x · {signed(gap)} %"
    return found.value(gap, holds(found.small < found.large), words)


def _discount(inputs: ClaimInputs) -> ClaimValue:
    small, large = legs(inputs, "fwd_pe")
    if min(small.value, large.value) <= 0:
        raise NotKnown(f"P/E {small.value:g} vs {large.value:g}: no meaning at or below 0")
    gap = -discount(small.value, large.value).percent
    words = f"{small.value:.1f}x / {large.value:.1f}x · {signed(gap)} %{_year_on(inputs, small.value, large.value)}"
    return _compared(words, gap, holds(small.value < large.value), inputs, small, large)


def _year_on(inputs: ClaimInputs, small: float, large: float) -> str:
    """The discount on the earnings of the year after, where growth was told as well."""
    try:
        grows = legs(inputs, "eps_growth")
    except NotKnown:
        return ""
    if min(1 + leg.value / 100 for leg in grows) <= 0:
        return ""
    left = a_year_on((small, large), (grows[0].value, grows[1].value)).percent
    return f" ({signed(-left)} % after {grows[0].period})"


CLAIMS: Sequence[Claim] = (
    Claim(
        "C15", CHAPTER, "Russell 2000 earnings grow 44 % in 2025", "+44 %",
        (
            Definition("REALISED", "earnings of 2025 over 2024, of the newest twelve months until all of 2025 is "
                       "filed; confirmed without swings from loss from 30 %", "%", either(_filed_2025, _realised_2025)),
            Definition("CLAIMED", "the consensus figure as told, which confirms nothing by itself", "%", _claimed_2025),
        ),
        inputs=(Members("IWM"), Filings("net income")),
    ),
    Claim(
        "C16", CHAPTER, "2026 earnings: small +22 %, large +15 %", "+22 % vs +15 %",
        (
            Definition("CONSENSUS", "expected growth, small at least 3 pp above large on one basis", "pp", _consensus),
            Definition("REALISED", "growth of the last four quarters, matched sample, small above large", "pp",
                       either(_filed_gap, _realised_gap)),
        ),
        inputs=_FILED,
        combine=every(),
        rule="the expected gap is at least 3 pp and the realised one above 0",
        unit="pp",
    ),
    Claim(
        "C17", CHAPTER, "The differential attracts institutional capital", "inflow > 0, above large caps'",
        (Definition("FLOWS", "fund flows of 63 sessions by assets, small above large and above 0", "pp", _flows),),
    ),
    Claim(
        "C18", CHAPTER, "A historically wide valuation gap narrows", "relative P/E up in 1 year",
        (
            Definition("NARROWING", "P/E of small over large above a year before: trailing with losses, by the prices "
                       "and earnings of a year; else forward on one basis, by hand", "x",
                       either(_filed_narrowing, _narrowing)),
        ),
        inputs=(*_FILED, Symbol("IWM"), Symbol("SPY")),
    ),
    Claim(
        "C19", CHAPTER, "Small caps at 18 times forward earnings, large above 22", "18 vs 22",
        (
            Definition("DISCOUNT", "forward P/E of small below large on one basis", "%", _discount),
            Definition("TRAILING", "trailing P/E without loss-makers of small below large, not counted", "%",
                       _filed_discount),
        ),
        inputs=_FILED,
    ),
)  # fmt: skip
