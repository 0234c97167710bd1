"""What panes about the trader's own book say in the same words."""

from collections.abc import Mapping

from rotation_tui.board.holding_rows import PortfolioRow
from rotation_tui.board.private import HIDDEN
from rotation_tui.panes.base import Space, local_stamp
from rotation_tui.panes.parts import facts
from rotation_tui.widgets import figures
from rotation_tui.widgets.cells import Rows

TOTAL = "total"
"""What the row of the whole book is called."""
NONE_YET = (
    "none in the config yet: [[positions]] with symbol, quantity and cost, or [[positions_files]] with the path of "
    "your broker's export; rotation-tui config locate says where the config is"
)


def money(value: float | None, private: bool, decimals: int = 2, *, signed: bool = False) -> str:
    """An amount, or that it is hidden."""
    if private:
        return "hidden"
    return figures.signed(value, decimals) if signed else figures.amount(value, decimals)


def percent_words(value: float | None, decimals: int = 1) -> str:
    """Percent with a sign where it is below zero."""
    return figures.UNKNOWN if value is None else f"{figures.amount(value, decimals)}%"


def reason(reasons: Mapping[str, str] | None, field: str, value: float | None) -> str:
    """Why a value is unknown, behind it."""
    why = (reasons or {}).get(field)
    return f"  ? {why}" if value is None and why and why != HIDDEN else ""


def with_error(value: float | None, error: float | None, decimals: int = 2) -> str:
    """A value and its standard error."""
    return figures.amount(value, decimals) + ("" if error is None else f" {figures.error(error, decimals)}")


def beta_words(
    small: float | None, small_error: float | None, large: float | None, large_error: float | None, n: int
) -> str:
    """Both betas with their errors."""
    over = f", {n} returns" if n else ""
    return f"{with_error(small, small_error)} to IWM, {with_error(large, large_error)} to SPY{over}"


def whole_book(of: PortfolioRow, space: Space) -> Rows:
    """The book in full."""
    counted = f"{of.known} of {of.positions} positions" + (f": {of.why}" if of.why else "")
    lines = [
        ("what", counted + (", an example that is made up" if of.example else "")),
        ("value", f"{money(of.value, of.private)} net of what is sold short, {money(of.gross, of.private)} gross"),
        ("day", f"{money(of.day_money, of.private, signed=True)}, {figures.signed(of.day_pp, 2)} % of yesterday's "
                f"gross value{reason(of.reasons, 'day_pp', of.day_pp)}"),
        ("total", f"{money(of.total_money, of.private, signed=True)}, {percent_words(of.total_pct)} of what it cost"
                  + reason(of.reasons, "total_pct", of.total_pct)),
        ("betas", beta_words(of.beta_small, of.beta_small_error, of.beta_large, of.beta_large_error, of.beta_n)
                  + reason(of.reasons, "beta_small", of.beta_small)),
        ("prices", f"{of.state.value}, the oldest of {local_stamp(of.as_of, space)}"),
        *((("note" if n == 0 else ""), words) for n, words in enumerate(of.notes)),
    ]  # fmt: skip
    return facts(lines)
