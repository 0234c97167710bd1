"""From inputs to findings: every claim, THEN and NOW."""

import dataclasses
import importlib
import math
import pkgutil
from collections.abc import Collection, Mapping, Sequence
from functools import cache

from msgspec import Struct
from msgspec.structs import replace

from rotation_tui.claims.base import ARTICLE_CLOSE, Claim, ClaimInputs, Definition
from rotation_tui.domain import refusal
from rotation_tui.domain.claim import ClaimResult, ClaimValue, DefinitionResult, Finding
from rotation_tui.domain.wording import clipped
from rotation_tui.evidence.line import NotKnown

LINE_WIDTH = 240
"""Characters that one line of why may have."""
BEFORE = f"the article is of {ARTICLE_CLOSE}"


class Judged(Struct, frozen=True):
    """One claim in one column: its own finding and those of its definitions, in their order."""

    headline: ClaimValue
    parts: tuple[ClaimValue, ...]


Column = Mapping[str, Judged]
"""Claims by id, at one time."""


@cache
def all_claims() -> tuple[Claim, ...]:
    """Every claim that a module of this package lists in CLAIMS, by id."""
    package = importlib.import_module("rotation_tui.claims")
    modules = [importlib.import_module(f"{package.__name__}.{m.name}") for m in pkgutil.iter_modules(package.__path__)]
    return tuple(sorted((c for m in modules for c in getattr(m, "CLAIMS", ())), key=lambda claim: claim.id))


def claims_but(skip: Collection[str] = ()) -> tuple[Claim, ...]:
    return tuple(claim for claim in all_claims() if claim.id not in skip)


def audit(claims: Sequence[Claim], now: ClaimInputs, then: Column | None) -> tuple[ClaimResult, ...]:
    """The claims from the inputs of today, beside what they came to at ARTICLE_CLOSE; in their order.

    `then` is ignored, and the column UNKNOWN, while `now` is of an earlier day. Never raises for what a
    claim does: one that fails is UNKNOWN with its reason.
    """
    reached = now.as_of >= ARTICLE_CLOSE
    old = then if then is not None and reached else {}
    new = judged(claims, now)
    missing = ClaimValue(None, None, Finding.UNKNOWN, "no closes of that day" if reached else BEFORE)
    return tuple(_result(claim, old.get(claim.id), new[claim.id], missing) for claim in claims)


def judged(claims: Sequence[Claim], inputs: ClaimInputs) -> Column:
    """What the claims come to at the time of the inputs; those that rest on others come after them."""
    column: dict[str, Judged] = {}
    for claim in claims:
        findings = {name: each.headline.finding for name, each in column.items()}
        column[claim.id] = _judge(claim, dataclasses.replace(inputs, findings=findings))
    return column


def _judge(claim: Claim, inputs: ClaimInputs) -> Judged:
    parts = tuple(_part(definition, claim, inputs) for definition in claim.definitions)
    if claim.combine is None:
        return Judged(parts[0], parts)
    try:
        headline = claim.combine(inputs, parts)
    except Exception as fault:  # a claim's own fault must show in its row and take nothing else down
        headline = _failed(fault)
    return Judged(_lined(headline, claim), parts)


def _part(definition: Definition, claim: Claim, inputs: ClaimInputs) -> ClaimValue:
    try:
        value = definition.judge(inputs)
    except NotKnown as missing:
        value = ClaimValue(None, None, Finding.UNKNOWN, str(missing))
    except Exception as fault:  # as above
        value = _failed(fault)
    if value.value is not None and not math.isfinite(value.value):
        value = ClaimValue(None, value.as_of, Finding.UNKNOWN, "failed: the result is not finite")
    return value if claim.combine is not None else _lined(value, claim)


def _failed(fault: Exception) -> ClaimValue:
    told = refusal.plain_text(str(fault)) or type(fault).__name__
    return ClaimValue(None, None, Finding.UNKNOWN, f"failed: {told}")


def _lined(value: ClaimValue, claim: Claim) -> ClaimValue:
    """One line of why; beside what is unknown, what was claimed."""
    if value.finding is not Finding.UNKNOWN:
        return replace(value, why=clipped(value.why, LINE_WIDTH))
    claimed = f" (claimed: {claim.claimed})"
    return replace(value, why=clipped(value.why, LINE_WIDTH - len(claimed)) + claimed)


def _result(claim: Claim, then: Judged | None, now: Judged, missing: ClaimValue) -> ClaimResult:
    old = then or Judged(missing, (missing,) * len(claim.definitions))
    return ClaimResult(
        id=claim.id,
        chapter=claim.chapter,
        text=claim.text,
        claimed=claim.claimed,
        definition=claim.definition,
        unit=claim.unit or claim.definitions[0].unit,
        then=old.headline,
        now=now.headline,
        why=now.headline.why,
        definitions=tuple(
            DefinitionResult(d.name, d.measure, d.unit, o, n)
            for d, o, n in zip(claim.definitions, old.parts, now.parts, strict=True)
        ),
    )
