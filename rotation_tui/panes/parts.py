"""What faces and details are put together from: sentences, facts, and parts that are shortened until they fit."""

import textwrap
from collections.abc import Iterable, Sequence

from msgspec import Struct

from rotation_tui.board.contract import SectorRow, TickerRow
from rotation_tui.domain.claim import Finding
from rotation_tui.widgets.cells import Face, Row, Rows, Span, width_of

_AIRY = 28
"""Rows from which on a blank line stands between parts."""


FINDING_TONES = {
    Finding.CONFIRMED: "ok", Finding.DENIED: "loss", Finding.MIXED: "watch", Finding.UNKNOWN: "unknown",
    Finding.STATIC: "faint",
}  # fmt: skip
GONE: Rows = ((Span("no longer on the board", "dim"),),)
"""The detail of a row that the board has no more."""


def sentence(title: str, words: str, subtitle: str = "", *, width: int) -> Face:
    """A face that only says why there is nothing to show, in lines of `width` columns."""
    lines = textwrap.wrap(words, max(1, width))
    return Face(title, tuple((Span(line, "dim"),) for line in lines), (None,) * len(lines), subtitle)


def waiting(title: str, subtitle: str = "", *, width: int) -> Face:
    return sentence(title, "waiting for the first study", subtitle, width=width)


def came_by(row: TickerRow | SectorRow) -> str:
    """Whether a price was told by its source as it was made, or asked for; nothing of a close."""
    return "" if row.streamed is None else ", streamed" if row.streamed else ", polled"


def facts(lines: Iterable[tuple[str, str]], label: int = 9) -> Rows:
    """Names, in so many columns, and what is to be said of each."""
    return tuple((Span(name.ljust(label), "dim"), Span(text, "text")) for name, text in lines)


class Part(Struct, frozen=True):
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


def as_fits(pieces: Sequence[Row], room: int) -> Row:
    """The first pieces that have room, in this order, two blanks between them."""
    out: Row = ()
    for piece in pieces:
        longer = (*out, Span("  "), *piece) if out else piece
        if width_of(longer) > room:
            break
        out = longer
    return out
