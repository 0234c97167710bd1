"""What is held: each position and all of it together, with its day, its profit and loss, and its part in both."""

from rotation_tui.board.contract import Board
from rotation_tui.board.holding_rows import PortfolioRow, PositionRow
from rotation_tui.domain.state import State
from rotation_tui.domain.wording import counted
from rotation_tui.panes.base import NOWHERE, OLD, Pane, Space, coming, local_stamp, tone_of
from rotation_tui.panes.conditions import named
from rotation_tui.panes.holdings import NONE_YET, TOTAL, beta_words, money, percent_words, reason, whole_book
from rotation_tui.panes.parts import GONE, facts, sentence
from rotation_tui.widgets import figures
from rotation_tui.widgets.cells import Face, Row, Rows, Span, cut
from rotation_tui.widgets.table import Column, fitting, header, legend, lines, ordered, orders

_AGE = 4
_SMALLEST = 4
_OF_ONE = ("last", "cost", "quantity")
"""What a whole book has none of."""


def _columns(space: Space, *, private: bool = False, old: bool = False) -> list[Column[PositionRow]]:
    def number(field: str, decimals: int, *, signed: bool = False, colour: bool = False):  # type: ignore[no-untyped-def]
        def cell(row: PositionRow, _: int) -> Span:
            value: float | None = getattr(row, field)
            if value is None:
                return Span("" if row.id == TOTAL and field in _OF_ONE else figures.UNKNOWN, "unknown")
            text = figures.signed(value, decimals) if signed else figures.amount(value, decimals)
            tone = "text" if not colour else "gain" if value > 0 else "loss" if value < 0 else "flat"
            return Span(text, tone_of(row.state, tone if row.current else "dim"))

        return cell

    def name(row: PositionRow, _: int) -> Span:
        return Span(row.id, "bright" if row.id == TOTAL else tone_of(row.state, "text"), bold=row.id == TOTAL)

    def age(row: PositionRow, _: int) -> Span:
        if row.as_of is None or (row.current and row.state is not State.STALE):
            return Span("", "faint")
        elapsed = space.now - row.as_of
        return Span(figures.old(elapsed), "stale") if row.state is State.STALE else Span(figures.age(elapsed), "faint")

    def column(field: str, title: str, width: int, rank: int, words: str, decimals: int = 1, *,
               signed: bool = False, colour: bool = False) -> Column[PositionRow]:  # fmt: skip
        made = number(field, decimals, signed=signed, colour=colour)
        return Column(field, title, width, made, lambda row: getattr(row, field), rank, words=words)

    amounts = () if private else (
        column("value", "value $", 11, 5, "shares at the last price, below zero where sold short", 0),
        column("day_money", "day $", 9, 4, "profit and loss of the day in money", 0, signed=True),
        column("total_money", "total $", 10, 6, "profit and loss since the trades in money", 0, signed=True),
        column("quantity", "shares", 9, 10, "how many are held, below zero where sold short", 0),
    )  # fmt: skip
    every = {
        made.key: made
        for made in (
            Column("id", "", 8, name, lambda row: row.id, left=True, grow=10),
            column("weight_pct", "wgt %", 6, 1, "value of the gross value of the book"),
            column("last", "last", 9, 7, "the last price", 2),
            column("change_pct", "day %", 6, 0, "change of the price since the last close", 2, signed=True,
                   colour=True),
            column("contribution_pp", "contr pp", 8, 3, "the day's profit and loss of yesterday's gross value", 2,
                   signed=True),
            column("total_pct", "total %", 8, 2, "profit and loss since the trades of what they cost", signed=True),
            column("cost", "cost", 9, 11, "what one share cost on average", 2),
            column("beta_small", "β small", 7, 8, "moves with 1 % of IWM, SPY held still, 252 sessions", 2),
            column("beta_large", "β large", 7, 8, "moves with 1 % of SPY, IWM held still, 252 sessions", 2),
            column("small_part_pct", "small %", 7, 9, "how much of it is small caps", 0),
            Column("age", "", _AGE, age, None, 0 if old else 12, words=OLD),
            *amounts,
        )
    }  # fmt: skip
    order = ("id", "weight_pct", "last", "change_pct", "day_money", "contribution_pp", "total_pct", "total_money",
             "value", "quantity", "cost", "small_part_pct", "beta_small", "beta_large", "age")  # fmt: skip
    return [every[key] for key in order if key in every]


def draw(board: Board, space: Space) -> Face:
    """All of it together first, then each position, the heaviest first; below them what files did not give."""
    portfolio = board.portfolio
    if portfolio is None:
        return sentence("Positions", NONE_YET, width=space.width)
    old = any(row.state is State.STALE or not row.current for row in board.positions)
    known = _columns(space, private=portfolio.private, old=old)
    columns = fitting(known, space.width, space.order)
    by_weight = sorted(board.positions, key=lambda row: (row.weight_pct is None, -abs(row.weight_pct or 0), row.id))
    shown = ordered(by_weight, known, space.order, lambda row: row.id)
    total = _as_row(portfolio)
    symbols = [row.symbol for row in board.positions]
    rows = lines(
        columns,
        [total, *shown],
        space.row_cache,
        lambda row: coming(board, *(symbols if row.id == TOTAL else [row.symbol])),
    )
    ids: list[str | None] = [TOTAL, *(row.id for row in shown)]
    notes: list[Row] = [(Span(cut(words, space.width), "watch"),) for words in portfolio.notes]
    return Face(
        "Positions",
        (*rows, *notes),
        (*ids, *([None] * len(notes))),
        _subtitle(portfolio),
        header(columns, space.order),
        (),
        legend(columns),
    )


def _as_row(of: PortfolioRow) -> PositionRow:
    """The book as a row among its positions."""
    return PositionRow(
        id=TOTAL, symbol="", account="", currency="", quantity=None, cost=None, last=None, change_pct=of.day_pp,
        value=of.value, day_money=of.day_money, contribution_pp=of.day_pp, total_money=of.total_money,
        total_pct=of.total_pct, weight_pct=100.0 if of.known else None, net_weight_pct=None, beta_small=of.beta_small,
        beta_large=of.beta_large, beta_small_error=None, beta_large_error=None, beta_n=of.beta_n,
        small_part_pct=of.small_share_of_known, small_how=None, lots=(), as_of=None, session=None, source=None,
        state=of.state if of.known == of.positions else State.STALE, current=True, study_as_of=of.study_as_of,
    )  # fmt: skip


def _subtitle(of: PortfolioRow) -> str:
    said = ["an example, made up"] if of.example else []
    if of.known < of.positions:
        said.append(f"{of.known} of {of.positions} known, totals are of these")
    elif of.positions:
        said.append(counted(of.positions, "position"))
    return ", ".join([*said, *(["amounts hidden"] if of.private else [])])


def detail(board: Board, row_id: str, space: Space) -> Rows:
    """A position in full: lots, value, profit and loss, betas with their errors, and how it was told to be small."""
    if row_id == TOTAL and board.portfolio is not None:
        return whole_book(board.portfolio, space)
    row = next((r for r in board.positions if r.id == row_id), None)
    if row is None:
        return GONE
    held = [("shares", money(row.quantity, row.private, 4)), ("value", money(row.value, row.private))]
    lots = [
        ("lots" if n == 0 else "", _lot(lot.quantity, lot.cost, lot.date, lot.total_money, private=row.private))
        for n, lot in enumerate(row.lots)
    ]
    told = [
        ("what", row.symbol + (f" in {row.account}" if row.account else "")
                 + (f", from {row.from_file}" if row.from_file else "")),
        ("last", f"{figures.amount(row.last)}  {row.state.value}, {local_stamp(row.as_of, space)}, from "
                 f"{row.source or figures.UNKNOWN}"),
        *held,
        ("cost", f"{figures.amount(row.cost)} a share on average{reason(row.reasons, 'total_money', row.total_money)}"),
        ("day", f"{money(row.day_money, row.private, signed=True)}, {figures.signed(row.contribution_pp, 2)} pp of "
                f"yesterday's gross value{reason(row.reasons, 'contribution_pp', row.contribution_pp)}"),
        ("total", f"{money(row.total_money, row.private, signed=True)}, {percent_words(row.total_pct)} of what it cost"
                  + reason(row.reasons, "total_pct", row.total_pct)),
        ("weight", f"{percent_words(row.weight_pct)} of the gross value, {percent_words(row.net_weight_pct)} of the net"
                   + reason(row.reasons, "net_weight_pct", row.net_weight_pct)),
        ("betas", beta_words(row.beta_small, row.beta_small_error, row.beta_large, row.beta_large_error, row.beta_n)
                  + reason(row.reasons, "beta_small", row.beta_small)),
        ("small", f"{percent_words(row.small_part_pct, 0)}, {row.small_how}" if row.small_how
                  else f"{figures.UNKNOWN}{reason(row.reasons, 'small_part_pct', None)}"),
        *lots,
    ]  # fmt: skip
    return facts([*told, *([("why ?", row.why)] if row.why else [])])


def _lot(quantity: float | None, cost: float | None, day: object, total: float | None, *, private: bool) -> str:
    when = f" on {day}" if day is not None else ""
    come_to = "" if total is None else f", {figures.signed(total)} since"
    many = "some" if private else figures.amount(quantity, 4).rstrip("0").rstrip(".")
    return f"{many} at {figures.amount(cost)}{when}{come_to}"


def _condition(_: Board, row: str | None) -> str:
    if row is None:
        return ""
    return "portfolio.small_share > 40" if row == TOTAL else f"positions.{named(row)}.total_pct < -10"


PANE = Pane(
    "positions",
    "Positions",
    draw,
    lambda board: max(_SMALLEST, len(board.positions) + 2 + len(board.portfolio.notes if board.portfolio else ())),
    _SMALLEST,
    detail,
    orders(_columns(NOWHERE)),
    reads=("positions", "portfolio", "loading"),
    pinned=lambda board: (TOTAL,) if board.portfolio is not None else (),
    told_at=lambda row_id: "tilt" if row_id == TOTAL else "positions",
    table=lambda board: board.positions,
    alert=_condition,
)
