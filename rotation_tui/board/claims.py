"""The claims of the board."""

from collections.abc import Iterable

from rotation_tui.board.contract import ClaimReading, ClaimRow
from rotation_tui.domain.claim import ClaimResult, ClaimValue


def claim_rows(results: Iterable[ClaimResult]) -> tuple[ClaimRow, ...]:
    """A row for every claim of the audit, in its order."""
    return tuple(
        ClaimRow(
            r.id, r.text, r.definition, _reading(r.then), _reading(r.now), r.why,
            chapter=r.chapter, claimed=r.claimed, unit=r.unit, definitions=r.definitions,
        )
        for r in results
    )  # fmt: skip


def _reading(value: ClaimValue) -> ClaimReading:
    return ClaimReading(value.value, value.as_of, value.finding, value.source, value.why)
