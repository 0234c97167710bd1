"""The risks that the article names itself (C27-C29): a risk on alert denies the bull case."""

from collections.abc import Sequence
from functools import partial

from rotation_tui.claims.base import Claim, ClaimInputs, Definition
from rotation_tui.domain.claim import ClaimValue, Finding
from rotation_tui.domain.reading import Level
from rotation_tui.evidence.line import NotKnown

CHAPTER = "Risks"
FINDINGS = {
    Level.OK: Finding.CONFIRMED,
    Level.WATCH: Finding.MIXED,
    Level.ALERT: Finding.DENIED,
    Level.UNKNOWN: Finding.UNKNOWN,
}
_WORSE_THAN_OK = (Level.WATCH, Level.ALERT)


def _group(group_id: str, inputs: ClaimInputs) -> ClaimValue:
    group = next((g for g in inputs.risk if g.id == group_id), None)
    if group is None or not group.known:
        raise NotKnown(f"needs the checks of group {group_id}")
    known = [r for r in group.checks if r.level is not Level.UNKNOWN]
    loud = sum(r.level in _WORSE_THAN_OK for r in known)
    as_of = max((r.as_of for r in known if r.as_of is not None), default=None)
    sources = dict.fromkeys(r.source for r in known if r.source)
    why = f"{group.title} {group.level}, {loud} of {group.known} known checks not OK: {group.line}"
    return ClaimValue(float(loud), as_of, FINDINGS[group.level], why, " + ".join(sources) or None)


def _risk(claim_id: str, group_id: str, text: str) -> Claim:
    measure = f"level of the risk group {group_id}: OK confirms that the risk is contained, ALERT denies it"
    return Claim(
        claim_id,
        CHAPTER,
        f"Risk: {text} (contained)",
        "0 on alert",
        (Definition("GROUP", measure, "checks", partial(_group, group_id)),),
    )


CLAIMS: Sequence[Claim] = (
    _risk("C27", "E", "sensitivity to the economy"),
    _risk("C28", "L", "liquidity"),
    _risk("C29", "Q", "dispersion of quality"),
)
