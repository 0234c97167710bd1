"""Parts of a pane under each other, shortened by rank until they fit."""

from collections.abc import Sequence
from dataclasses import dataclass

from rotation_tui.widgets.cells import Row

Rows = tuple[Row, ...]

_AIRY = 28
"""Rows from which on a blank line stands between parts."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part in its lengths, longest first; where room is short the highest rank is shortened first.

    `ids` are those of its first rows. `apart` asks for a blank line above it.
    """

    rank: int
    lengths: tuple[Rows, ...]
    ids: tuple[str, ...] = ()
    apart: bool = True


def laid_out(parts: Sequence[Part], height: int) -> tuple[Rows, tuple[str | None, ...]]:
    """Rows and ids of the parts in `height` rows; more only where no part can be shortened any further."""
    parts = [p for p in parts if any(p.lengths)]
    gaps = sum(p.apart for p in parts) if height >= _AIRY else 0
    at = [0] * len(parts)

    def total() -> int:
        return sum(len(p.lengths[n]) for p, n in zip(parts, at, strict=True))

    while total() > height - gaps:
        longer = [i for i, p in enumerate(parts) if at[i] + 1 < len(p.lengths)]
        if not longer:
            break
        at[max(longer, key=lambda i: parts[i].rank)] += 1
    rows: list[Row] = []
    ids: list[str | None] = []
    for part, chosen in zip(parts, at, strict=True):
        made = part.lengths[chosen]
        if gaps and made and part.apart and rows:
            rows.append(())
            ids.append(None)
        rows += made
        ids += [part.ids[i] or None if i < len(part.ids) else None for i in range(len(made))]
    return tuple(rows), tuple(ids)
