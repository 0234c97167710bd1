"""What opens on a measure: each fund's value, what it rests on, who is left out and why, and the files it is from."""

import textwrap
from collections.abc import Iterator

from rotation_tui.board.contract import Board
from rotation_tui.domain.holdings import FUNDS
from rotation_tui.domain.measures import MEASURES_BY_ID, Basket, FundMeasure, Measure
from rotation_tui.panes.base import Space, local_stamp
from rotation_tui.panes.parts import GONE, facts
from rotation_tui.widgets import figures
from rotation_tui.widgets.cells import Rows

_LABEL = 10


def baskets_in(board: Board) -> tuple[Basket, ...]:
    """The measures of each fund, in the order of the funds that are looked at where nothing else is said."""
    found = () if board.fundamentals is None else board.fundamentals.baskets
    order = [*FUNDS]
    return tuple(sorted(found, key=lambda b: (order.index(b.fund) if b.fund in order else len(order), b.fund)))


def told(measure: Measure, value: float) -> str:
    """A value with its unit, with a sign where it is a change."""
    changes = any(word in measure.id for word in ("growth", "change", "since", "buybacks"))
    number = figures.signed(value, 1) if changes else figures.amount(value, 1)
    return f"{number}{measure.unit if measure.unit in ('%', 'x') else ''}"


def detail(board: Board, row_id: str, space: Space) -> Rows:
    """One measure in full; of a sector or of the picture what they are."""
    every = baskets_in(board)
    if not every:
        return GONE
    if row_id == "yields":
        return _wrapped([("what", _yields_words(every))], space)
    if row_id.startswith("sector "):
        return _wrapped(list(_sector(every, row_id.removeprefix("sector "))), space)
    measure = MEASURES_BY_ID.get(row_id)
    if measure is None:
        return GONE
    lines = [("what", measure.title), ("formula", measure.formula)]
    for basket in every:
        lines += _of_fund(basket, measure)
    lines += _files(board, measure, space)
    return _wrapped(lines, space)


def _of_fund(basket: Basket, measure: Measure) -> Iterator[tuple[str, str]]:
    found = basket.measured(measure.id)
    if found is None:
        return
    yield basket.fund, _value(found, measure)
    yield "of", f"{found.count:,} of {found.of:,} companies, {found.weight:.1f} % of their weight"
    sample = basket.sample(measure.sample)
    for reason in () if sample is None else sample.reasons:
        names = [out.name for out in sample.left_out if out.why == reason.why] if sample is not None else []
        more = f" and {reason.count - len(names)} more" if reason.count > len(names) else ""
        yield "left out", f"{reason.count} ({reason.weight:.1f} %) {reason.why}: {', '.join(names)}{more}"


def _value(found: FundMeasure, measure: Measure) -> str:
    if found.value is None:
        change = "" if found.change is None else f", a change of {figures.signed(found.change, 2)} % of the price"
        return f"{figures.UNKNOWN} {found.why}{change}"
    change = "" if found.change is None else f", {figures.signed(found.change, 2)} % of the price"
    return f"{told(measure, found.value)}{f' {measure.unit}' if measure.unit == 'pp' else ''}{change}"


def _files(board: Board, measure: Measure, space: Space) -> Iterator[tuple[str, str]]:
    known = board.fundamentals
    if known is None:
        return
    for fund in known.funds:
        yield "holdings", f"{fund.fund} of {fund.as_of}, {fund.source}, fetched {local_stamp(fund.fetched_at, space)}"
    wanted = {figure.id for figure in measure.figures}
    for read in known.read:
        if read.id in wanted:
            tags = ", ".join(f"{tag} ({count:,})" for tag, count in read.tags.items()) or "nobody has told it"
            yield "figure", f"{read.id}: {tags}; {read.files} of {read.wanted} frames, {read.first} to {read.last}"
    if wanted and known.filings is not None:
        filed = known.filings
        yield "filings", f"{filed.source}, the newest fetched {local_stamp(filed.fetched_at, space)}"


def _yields_words(every: tuple[Basket, ...]) -> str:
    pieces = ["net income of twelve months in percent of the market value, companies in steps of one percent"]
    for basket in every:
        if (found := basket.yields) is not None:
            losing = sum(found.counts[: round(-found.start / found.step)]) + found.below
            count = sum(found.counts) + found.below + found.above
            pieces.append(
                f"{basket.fund}: {count} companies, {losing} below 0, median {found.median:.1f} %, {found.below} below "
                f"and {found.above} above what is drawn"
            )
    return "; ".join(pieces)


def _sector(every: tuple[Basket, ...], name: str) -> Iterator[tuple[str, str]]:
    yield "sector", name
    for basket in every:
        found = next((sector for sector in basket.sectors if sector.sector == name), None)
        if found is None:
            continue
        yield basket.fund, f"{found.companies} companies, {found.weight:.1f} % of the fund"
        for each in found.measures:
            measure = MEASURES_BY_ID[each.id]
            yield "", f"{measure.title}: {_value(each, measure)}, {each.count} of {each.of} companies"


def _wrapped(lines: list[tuple[str, str]], space: Space) -> Rows:
    room = max(20, space.width - _LABEL)
    told_lines = [
        ("" if n else label, piece)
        for label, text in lines
        for n, piece in enumerate(textwrap.wrap(text, room) or [""])
    ]
    return facts(told_lines, _LABEL)
