"""The tilt of the book between small and large caps by two methods, and the trades that would bring another one."""

from collections.abc import Iterator

from rotation_tui.board.contract import Board
from rotation_tui.board.holding_rows import PlannedTrade, PortfolioRow, Rebalance
from rotation_tui.domain.state import State
from rotation_tui.panes.base import Pane, Space
from rotation_tui.panes.holdings import NONE_YET, money, percent_words, reason, with_error
from rotation_tui.panes.parts import GONE, as_fits, facts, sentence
from rotation_tui.widgets import figures
from rotation_tui.widgets.cells import Face, Row, Rows, Span

_LABEL = 15
_ROWS = 5
_Line = tuple[str, str, Row]
"""Id, label and what is said, the dearest first."""


def _lines(of: PortfolioRow, space: Space) -> Iterator[_Line]:
    tone = "stale" if of.study_state is State.STALE else "text"
    closes = f"closes to {of.study_as_of}" if of.study_as_of else ""
    share = of.small_share if of.small_share is not None else of.small_share_of_known
    part = "" if of.small_share is not None else f"of {of.classed} of {of.positions} positions"
    parts = (f"the market has {percent_words(of.market_small_share)}", "of the net value in small caps")
    parts = parts if of.market_small_share is not None else parts[::-1]
    yield "value", "by value", _said(percent_words(share), part, *parts)
    found = with_error(of.regression_small_share, of.regression_error_pp, 1)
    told = reason(of.reasons, "regression_small_share", of.regression_small_share).strip(" ?")
    yield "regression", "by regression", _said(
        figures.UNKNOWN if of.regression_small_share is None else f"{found}%",
        told or f"on IWM and SPY, {of.beta_n} returns", closes, tone=tone,
    )  # fmt: skip
    yield "betas", "beta to IWM", _said(
        with_error(of.beta_small, of.beta_small_error),
        f"to SPY {with_error(of.beta_large, of.beta_large_error)}",
        reason(of.reasons, "beta_small", of.beta_small).strip(" ?"), tone=tone,
    )  # fmt: skip
    pair = _pair(of, space)
    yield "pair", f"to {pair}", _said(
        with_error(of.pair_beta, of.pair_error),
        reason(of.reasons, "pair_beta", of.pair_beta).strip(" ?"),
        f"today's {pair} brings {figures.signed(of.pair_day_pp, 2)}pp" if of.pair_day_pp is not None else "", tone=tone,
    )  # fmt: skip


def _pair(of: PortfolioRow, space: Space) -> str:
    return of.pair.replace("−", space.glyphs.minus) or "the pair"


def _said(first: str, *rest: str, tone: str = "text") -> Row:
    whole = "unknown" if first == figures.UNKNOWN else tone
    return (Span(first, whole, bold=whole != "unknown"), *(Span(text, "dim") for text in rest if text))


def draw(board: Board, space: Space) -> Face:
    """A line a measure; below them a line a trade."""
    of = board.portfolio
    if of is None:
        return sentence("Tilt", NONE_YET, width=space.width)
    room = max(10, space.width - _LABEL)
    made = [(row_id, label, as_fits([(span,) for span in said], room)) for row_id, label, said in _lines(of, space)]
    made += [(row_id, label, as_fits([(span,) for span in said], room)) for row_id, label, said in _trades(of)]
    rows = tuple((Span(label.ljust(_LABEL), "dim"), *said) for _, label, said in made)
    return Face("Tilt", rows, tuple(row_id for row_id, _, _ in made), _subtitle(of))


def _subtitle(of: PortfolioRow) -> str:
    return "no order is made here" if of.rebalance is not None else "[rebalance] has a tilt to trade to"


def _trades(of: PortfolioRow) -> Iterator[_Line]:
    to = of.rebalance
    if to is None:
        return
    after = _said(f"{figures.amount(to.after_pct, 1)}% after these", _left(to, private=of.private), to.why or "")
    yield "rebalance", f"to {figures.amount(to.target_pct, 0)}% small", (
        after if to.trades else _said(figures.UNKNOWN if to.now_pct is None else "no trade", to.why or "")
    )  # fmt: skip
    for trade in to.trades:
        yield f"{trade.action} {trade.id}", f"  {trade.action} {trade.id}", _trade(trade, private=of.private)


def _left(to: Rebalance, *, private: bool) -> str:
    if to.cash_left_pct is None:
        return ""
    amount = "" if private else f" {figures.amount(to.cash_left)},"
    return f"cash left{amount} {figures.amount(to.cash_left_pct, 2)}%"


def _trade(trade: PlannedTrade, *, private: bool) -> Row:
    of_book = f"{figures.amount(trade.of_book_pct, 1)}% of the book"
    if private:
        return _said(of_book, f"at {figures.amount(trade.price)}")
    return _said(f"{trade.quantity:,}", f"at {figures.amount(trade.price)}, {figures.amount(trade.amount)}", of_book)


_HOW = {
    "value": "value in small caps of the net value; a fund counts by its members where its holdings are there",
    "regression": "the beta to IWM of the sum of both betas, of the daily returns of what is held now",
    "betas": "least squares of the daily returns of what is held now on those of IWM and SPY, with a constant",
    "pair": "least squares on the large leg and on small less large: what a pp of the pair comes to",
    "rebalance": "sales rounded up to whole shares, purchases down, so that some cash is left; never an order",
}


def detail(board: Board, row_id: str, space: Space) -> Rows:
    """One measure with how it is made, or one trade in full."""
    of = board.portfolio
    if of is None:
        return GONE
    line = next((line for line in (*_lines(of, space), *_trades(of)) if line[0] == row_id), None)
    if line is None:
        return GONE
    _, label, said = line
    lines = [("what", label.strip()), *(("" if n else "is", span.text) for n, span in enumerate(said))]
    if (how := _HOW.get(row_id)) is not None:
        lines.append(("how", how))
    if row_id == "value":
        why = reason(of.reasons, "market_small_share", of.market_small_share).strip()
        lines.append(("market", why or percent_words(of.market_small_share)))
        lines.append(("apart", f"{percent_words(of.unclassed_pct)} of the gross value is not known to be small or large"
                               + reason(of.reasons, "small_share", of.small_share)))  # fmt: skip
    trade = next((t for t in of.rebalance.trades if f"{t.action} {t.id}" == row_id), None) if of.rebalance else None
    if trade is not None:
        before, after = (money(shares, of.private, 4) for shares in (trade.before, trade.after))
        lines.append(("shares", f"{before} before, {after} after"))
    return facts(lines)


def _told(board: Board) -> tuple[PlannedTrade, ...]:
    of = board.portfolio
    return of.rebalance.trades if of is not None and of.rebalance is not None else ()


PANE = Pane(
    "tilt",
    "Tilt",
    draw,
    lambda board: _ROWS + len(_told(board)),
    3,
    detail,
    reads=("portfolio",),
    told_at=lambda row_id: {"regression": "tilt", "betas": "betas", "pair": "betas", "value": "tilt"}.get(
        row_id, "rebalance"
    ),
    table=_told,
    alert=lambda _board, _row: "portfolio.small_share > 40",
)
