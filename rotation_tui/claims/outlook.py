"""What is said of the year ahead (C30-C32)."""

from collections.abc import Mapping, Sequence
from functools import partial
from types import MappingProxyType

from rotation_tui.claims.base import Claim, ClaimInputs, Definition, holds, some, told
from rotation_tui.claims.figures import falling
from rotation_tui.claims.pairs import TREND, equal_weight
from rotation_tui.domain.claim import ClaimValue, Finding
from rotation_tui.domain.inputs import Members, Symbol
from rotation_tui.domain.verdict import MOST_UNKNOWN, Regime
from rotation_tui.domain.wording import counted, signed
from rotation_tui.evidence.line import Line, NotKnown
from rotation_tui.evidence.measures import percent

CHAPTER = "Outlook"
PILLARS: Mapping[str, str] = MappingProxyType({"C12": "rates", "C14": "fiscal", "C16": "earnings", "C19": "valuation"})
NEEDED = 3
BROAD_PCT = 60.0
PAIRS_SHARE = 2 / 3
_FUNDS = ("PSCF", "PSCI", "PSCH", "PSCE", "PSCT", "PSCD", "PSCC", "PSCM", "PSCU")
_LEAST_KNOWN = 0.5
_DUST = 1e-9


def _pillar(claim_id: str, inputs: ClaimInputs) -> ClaimValue:
    found = inputs.findings.get(claim_id, Finding.UNKNOWN)
    known = found is not Finding.UNKNOWN
    return ClaimValue(
        None, inputs.as_of if known else None, found, f"{claim_id} {PILLARS[claim_id]} {found}", "this audit"
    )


def pillars_finding(confirmed: int, denied: int, unknown: int) -> Finding:
    """C30: three of the four pillars decide; MIXED once neither side can reach three."""
    if confirmed >= NEEDED:
        return Finding.CONFIRMED
    if denied >= NEEDED:
        return Finding.DENIED
    return Finding.UNKNOWN if max(confirmed, denied) + unknown >= NEEDED else Finding.MIXED


def _pillars(inputs: ClaimInputs, parts: Sequence[ClaimValue]) -> ClaimValue:
    counts = [sum(p.finding is f for p in parts) for f in (Finding.CONFIRMED, Finding.DENIED, Finding.UNKNOWN)]
    mixed = len(parts) - sum(counts)
    words = f"{counts[0]} confirmed, {counts[1]} denied, {mixed} mixed, {counts[2]} unknown"
    known = counts[2] < len(parts)
    names = ", ".join(f"{name} {part.finding.lower()}" for name, part in zip(PILLARS.values(), parts, strict=True))
    return ClaimValue(
        float(counts[0]) if known else None,
        inputs.as_of if known else None,
        pillars_finding(*counts),
        f"pillars: {words} ({names})",
        "this audit",
    )


def _term(name: str, inputs: ClaimInputs) -> float | None:
    terms = () if inputs.verdict is None else inputs.verdict.terms
    return next((term.raw for term in terms if term.id == name), None)


def _breadth(inputs: ClaimInputs) -> ClaimValue:
    try:
        found = inputs.breadth("IWM")
    except NotKnown:
        return _of_funds(inputs)
    share = found.above_200
    if share.pct is None:
        return _of_funds(inputs)
    error = "" if not share.error_pp else f" ±{share.error_pp:.0f}"
    why = f"{share.pct:.0f} %{error} of {counted(share.known, 'member')} above 200d"
    return ClaimValue(share.pct, found.as_of, holds(share.pct > BROAD_PCT), why, found.source)


def _of_funds(inputs: ClaimInputs) -> ClaimValue:
    """What stands in where members' closes are not there."""
    lines: list[Line] = []
    for symbol in _FUNDS:
        try:
            (closes,) = inputs.together(symbol)
            lines.append(inputs.fresh(closes).over(closes.mean(TREND)))
        except NotKnown:
            continue
    if len(lines) < _LEAST_KNOWN * len(_FUNDS):
        raise NotKnown(f"breadth: needs members' closes, or half of {len(_FUNDS)} sector funds")
    above = sum(percent(line.last, 1.0) > 0 for line in lines)
    share = 100 * above / len(lines)
    why = f"{above} of {len(lines)} sector funds above 200d"
    return told(share, holds(share > BROAD_PCT), why, *lines)


def _sectors(inputs: ClaimInputs) -> ClaimValue:
    share = _term("sectors", inputs)
    if share is None:
        raise NotKnown("needs half of the sector pairs")
    why = f"small leads {100 * share:.0f} % of sector pairs"
    return ClaimValue(100 * share, inputs.as_of, holds(share >= PAIRS_SHARE - _DUST), why, "sector funds")


def cycle_finding(sustained: str, unknown_signs: int) -> Finding:
    """C32 from the verdict's line: only SUSTAINED confirms and only TEMPORARY denies.

    UNDECIDED with all signs known but one is MIXED: neither holds, and no figure that lacks would change that.
    """
    word = sustained.split(":")[0].strip()
    neither = Finding.MIXED if unknown_signs <= MOST_UNKNOWN else Finding.UNKNOWN
    return {"SUSTAINED": Finding.CONFIRMED, "TEMPORARY": Finding.DENIED}.get(word, neither)


def _cycle(inputs: ClaimInputs) -> ClaimValue:
    verdict = inputs.verdict
    if verdict is None or verdict.regime is Regime.UNKNOWN:
        raise NotKnown("needs a verdict, which takes 452 closes")
    unknown = sum(sign.holds is None for sign in verdict.signs) if verdict.signs else MOST_UNKNOWN + 1
    score = verdict.score if verdict.score is not None else verdict.price_only_score
    told_score = "" if score is None else f" at {signed(score)}"
    why = f"{verdict.regime}{told_score} · {verdict.sustained.split(';')[0]} · {verdict.base_rate}"
    return ClaimValue(score, inputs.as_of, cycle_finding(verdict.sustained, unknown), why, verdict.pair)


CLAIMS: Sequence[Claim] = (
    Claim(
        "C30", CHAPTER, "A favourable backdrop for 2026", "3 of 4 pillars",
        tuple(Definition(name.upper(), f"the finding of {claim_id}", "", partial(_pillar, claim_id))
              for claim_id, name in PILLARS.items()),
        combine=_pillars,
        rule="3 of 4 pillars (rates, fiscal, earnings, valuation) confirmed; 3 denied deny",
        unit="of 4",
    ),
    Claim(
        "C31", CHAPTER, "Leadership may be broadening", "3 of 4 signs",
        (
            Definition("EQUAL", "RSP over SPY above its 200-session mean", "%", equal_weight),
            Definition("BREADTH", "more than 60 % of members, or of small sector funds, above their 200-session mean",
                       "%", _breadth),
            Definition("SECTORS", "small ahead in two thirds of the sector pairs over 63 sessions", "%", _sectors),
            Definition("TOP10", "weight of the S&P 500's ten largest lower than 63 sessions before", "pp", falling),
        ),
        inputs=(Symbol("RSP"), Symbol("SPY"), Members("IWM"), *map(Symbol, _FUNDS)),
        combine=some(NEEDED),
        rule="3 of 4 hold; denied once 3 cannot hold",
        unit="of 4",
    ),
    Claim(
        "C32", CHAPTER, "A sustained cycle, not a temporary rotation", "252 sessions and 4 of 5 signs",
        (Definition("VERDICT", "the verdict's line on how lasting the rotation is; UNDECIDED is mixed once at most "
                    "one of its signs is unknown", "score",
                    _cycle),),
    ),
)  # fmt: skip
