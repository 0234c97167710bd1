"""What companies earn, owe and spend: small ones beside large ones, how many of each the figures rest on, by sector."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from msgspec import Struct

from rotation_tui.board.contract import Board, Fetching, Mode
from rotation_tui.domain.holdings import FUNDS
from rotation_tui.domain.measures import MEASURES, Basket, FundMeasure, Measure, SectorMeasures
from rotation_tui.panes.base import Pane, Space
from rotation_tui.panes.levels import day
from rotation_tui.panes.parts import sentence
from rotation_tui.panes.quality.words import baskets_in, detail, told
from rotation_tui.widgets import figures
from rotation_tui.widgets.cells import Face, Row, Span
from rotation_tui.widgets.histogram import bars
from rotation_tui.widgets.table import Column, fitting, header, legend, line

_TITLE = "Quality, valuation, earnings"
_SMALL, _LARGE = [*FUNDS][:2]
_PICTURE_ROWS = 3
_APART = frozenset(("pe_profitable", "coverage", "capex_growth", "share_change", "top10"))
"""Measures that begin another matter."""


def draw(board: Board, space: Space) -> Face:
    """The measures of every fund beside each other, the distribution of earnings yields, and the sectors of both."""
    every = baskets_in(board)
    if not every:
        return sentence(_TITLE, _why_none(board, space), width=space.width)
    columns = fitting(_measures(every, space), space.width)
    rows: list[Row] = []
    ids: list[str | None] = []
    for measure in MEASURES:
        if measure.id in _APART and space.height >= len(MEASURES) + len(_APART):
            rows.append(())
            ids.append(None)
        rows.append(line(columns, measure))
        ids.append(measure.id)
    pictured = _picture(every, space)
    rows += pictured
    ids += ["yields" if n == 1 else None for n in range(len(pictured))]
    sectors = _sector_rows(every)
    if sectors:
        shown = fitting(_sectors(every), space.width)
        rows += [(), header(shown), *(line(shown, row) for row in sectors)]
        ids += [None, None, *(f"sector {row.sector}" for row in sectors)]
    return Face(_TITLE, tuple(rows), tuple(ids), _subtitle(board, every[0], space), header(columns),
                legend=legend(columns))  # fmt: skip


def _why_none(board: Board, space: Space) -> str:
    """What brings it, and what that costs; or how far it is; or why it cannot be brought."""
    fetching = board.fetching
    if board.mode is Mode.AS_OF:
        return "no holdings were kept by that day"
    if fetching is None or not fetching.on:
        key = space.key("a")
        return (
            f"The key {key} fetches what funds hold and companies file: about 200 files and 40 MB on disk at first, a "
            f"few a day after that; {key} again stops it, and it goes on where it was. The SEC answers only who says "
            'whom it may write to: contact = "you@example.com" under [providers.sec] in the config.'
        )
    refused = next(iter(fetching.missing.items()), None)
    if refused is not None:
        return f"{refused[0]}: {refused[1]}"
    return _progress(fetching, space) or "waiting for what funds hold and companies file"


def _progress(fetching: Fetching | None, space: Space) -> str:
    if fetching is None or not fetching.on or fetching.done >= fetching.want:
        return ""
    left = "" if fetching.left_s is None else f", about {figures.wait(timedelta(seconds=fetching.left_s))} left"
    return f"{fetching.done} of {fetching.want} files are there{left}; {space.key('a')} stops"


def _subtitle(board: Board, first: Basket, space: Space) -> str:
    """How far files have come, else for which quarter, at prices of when, and whose, in as many words as fit."""
    known = board.fundamentals
    filings = None if known is None else known.filings
    pieces = [progress] if (progress := _progress(board.fetching, space)) else []
    pieces += [f"12 months to {first.reported:%Y-%m}", f"held {day(first.as_of)}"]
    pieces += [] if filings is None else [filings.source]
    dot = f" {space.glyphs.dot} "
    while len(dot.join(pieces)) > space.width - 2 - len(_TITLE) and len(pieces) > 1:
        pieces.pop()
    return dot.join(pieces)


def _cell(found: FundMeasure | None, measure: Measure) -> Span:
    if found is None or found.value is None:
        return Span("N/M" if found is not None and found.why.startswith("N/M") else figures.UNKNOWN, "unknown")
    return Span(told(measure, found.value), "faint" if found.is_thin else "text")


def _measures(every: Sequence[Basket], space: Space) -> list[Column[Measure]]:
    by_fund = {basket.fund: basket for basket in every}

    def of(basket: Basket) -> Column[Measure]:
        words = FUNDS.get(basket.fund, basket.fund)
        return Column(basket.fund, basket.fund, 7, lambda m, _: _cell(basket.measured(m.id), m),
                      rank=0 if basket.fund in (_SMALL, _LARGE) else 2, words=f"companies of the {words}")  # fmt: skip

    def rests_on(measure: Measure, _: int) -> Span:
        found = [m for m in (basket.measured(measure.id) for basket in every) if m is not None]
        least = min((m.coverage for m in found), default=0.0)
        return Span(f"{least:.0f}%", "faint" if any(m.is_thin for m in found) else "dim")

    columns = [Column[Measure]("measure", "", 23, lambda m, _: Span(m.title, "text"), left=True, grow=8)]
    columns += map(of, every)
    if _SMALL in by_fund and _LARGE in by_fund:
        small, large = by_fund[_SMALL], by_fund[_LARGE]

        def gap(measure: Measure, _: int) -> Span:
            values = [f.value for f in (small.measured(measure.id), large.measured(measure.id)) if f is not None]
            one, other = values
            if one is None or other is None:
                return Span("", "faint")
            return Span(figures.signed(one - other), "bright")

        columns.insert(3, Column("gap", "gap", 7, gap, rank=1, words="small less large"))
    about = "the smallest share of companies, or of their weight, that a row rests on"
    columns.append(Column("known", "known", 5, rests_on, rank=1, words=about))
    formula = Column[Measure]("formula", "", 20, lambda m, _: Span(m.formula, "faint"), rank=3, left=True,
                              grow=70)  # fmt: skip
    return [*columns, formula] if space.width >= _WIDE else columns


_WIDE = 118


def _picture(every: Sequence[Basket], space: Space) -> list[Row]:
    """Earnings yields of small and large companies as two histograms beside each other, losses left of the line."""
    both = [(b.fund, b.yields) for b in every if b.fund in (_SMALL, _LARGE) and b.yields is not None]
    if not both or space.height < len(MEASURES) + _PICTURE_ROWS + 2:
        return []
    rows: list[Row] = [(), (Span("Earnings in percent of the market value, by companies", "text"),)]
    names: list[Span] = [Span("  ")]
    lines: list[list[Span]] = [[Span("  ")] for _ in range(_PICTURE_ROWS + 1)]
    for fund, found in both:
        zero = round(-found.start / found.step) // 2
        for row, text in enumerate(bars(found.counts, _PICTURE_ROWS, braille=space.glyphs.braille)):
            lines[row] += [Span(text[:zero], "loss"), Span(text[zero:], "gain"), Span("    ")]
        width = (len(found.counts) + 1) // 2
        last = found.start + found.step * len(found.counts)
        ends = f"{figures.signed(found.start, 0)} %", f"{figures.signed(last, 0)} %"
        lines[-1].append(Span(f"{ends[0]}{'0'.center(width - len(ends[0]) - len(ends[1]))}{ends[1]}    ", "faint"))
        names.append(Span(f"{fund}, median {found.median:.1f} %".ljust(width + 4), "dim"))
    return [*rows, tuple(names), *(tuple(spans) for spans in lines)]


class _SectorRow(Struct, frozen=True):
    """One sector of the small fund, and the same of the large one where it has it."""

    sector: str
    small: SectorMeasures
    large: SectorMeasures | None


def _sector_rows(every: Sequence[Basket]) -> list[_SectorRow]:
    small = next((basket for basket in every if basket.fund == _SMALL), None)
    large = next((basket for basket in every if basket.fund == _LARGE), None)
    others = {} if large is None else {sector.sector: sector for sector in large.sectors}
    return [] if small is None else [_SectorRow(s.sector, s, others.get(s.sector)) for s in small.sectors]


def _sectors(every: Sequence[Basket]) -> list[Column[_SectorRow]]:
    def of(measure: Measure, *, small: bool) -> Column[_SectorRow]:
        def cell(row: _SectorRow, _: int) -> Span:
            measures = row.small if small else row.large
            found = None if measures is None else next((m for m in measures.measures if m.id == measure.id), None)
            return _cell(found, measure)

        word = {"unprofitable_count": "no profit", "pe_profitable": "P/E", "growth": "growth"}[measure.id]
        return Column(f"{measure.id} {small}", word if small else "large", 9, cell, rank=2 if small else 3)

    chosen = [m for m in MEASURES if m.id in ("unprofitable_count", "pe_profitable", "growth")]
    return [
        Column("sector", f"Sectors of {_SMALL}", 22, lambda r, _: Span(r.sector or "?", "text"), left=True, grow=8),
        Column("weight", "weight", 7, lambda r, _: Span(figures.amount(r.small.weight, 1), "dim"), rank=1),
        Column("of", "names", 5, lambda r, _: Span(str(r.small.companies), "dim"), rank=1),
        *(of(measure, small=small) for measure in chosen for small in ((True, False) if len(every) > 1 else (True,))),
    ]


def _rows(board: Board) -> int:
    return len(MEASURES) + 1 if baskets_in(board) else 4


def _all(board: Board) -> int:
    every = baskets_in(board)
    return _rows(board) + (len(_APART) + _PICTURE_ROWS + 4 + 2 + len(_sector_rows(every)) if every else 0)


class FundFigure(Struct, frozen=True):
    """A measure of what a fund holds, as a row of a table."""

    fund: str
    reported: date
    measure: FundMeasure


def _figures(board: Board) -> Iterator[FundFigure]:
    for basket in () if board.fundamentals is None else board.fundamentals.baskets:
        yield from (FundFigure(basket.fund, basket.reported, each) for each in basket.measures)


PANE = Pane(
    "quality",
    _TITLE,
    draw,
    _rows,
    5,
    detail,
    most=_all,
    reads=("fundamentals", "fetching", "mode"),
    table=_figures,
    told_at=lambda row_id: (
        "quality" if row_id.startswith(("sector", "yields")) else f"measure-{row_id.replace('_', '-')}"
    ),
)
