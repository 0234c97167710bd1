"""What a book moves with: regressions of the daily returns of what is held now (METHODOLOGY.md#betas)."""

import math
from collections.abc import Mapping
from datetime import date

import numpy as np
import numpy.typing as npt

from rotation_tui.domain.bars import Bars
from rotation_tui.domain.positions import Betas, PortfolioStudy, mark_of_book
from rotation_tui.domain.universe import BENCHMARKS, BROAD_PAIRS

WINDOW, LEAST = 252, 126
"""Returns that a regression is over, and with fewer of which it tells nothing (house default)."""
_ERRORS = 2.0
"""The sum of the betas has to be so many standard errors above zero before shares of it mean anything."""
_ALIKE = 1e8
"""From this condition number on two funds cannot be told apart."""

_NOTHING = 1e-9

Numbers = npt.NDArray[np.float64]
_Held = tuple[tuple[str, float], ...]


def study_portfolio(held: _Held, price: Mapping[str, Bars], total: Mapping[str, Bars]) -> PortfolioStudy:
    """Betas of each symbol and of the book, the small-cap share that follows, and the beta to the pair.

    `price` and `total` are histories by symbol; only price returns are read.
    """
    small, large = BENCHMARKS["small"], BENCHMARKS["large"]
    betas = {symbol: _betas(((symbol, 1.0),), small, large, price, total)[0] for symbol, _ in held}
    owned = tuple((symbol, quantity) for symbol, quantity in held if quantity)
    whole, covariance = _betas(owned, small, large, price, total)
    share, error, why = _share(whole, covariance)
    legs = next((pair for pair in BROAD_PAIRS if all(leg in price for leg in pair)), BROAD_PAIRS[0])
    fitted, _ = _betas(owned, *legs, price, total)
    return PortfolioStudy(
        mark_of_book(held),
        betas,
        whole,
        share,
        error,
        why,
        "−".join(legs),
        fitted.small,
        fitted.small_error,
        fitted.n,
        fitted.why,
    )


def _betas(
    held: _Held, small: str, large: str, price: Mapping[str, Bars], total: Mapping[str, Bars]
) -> tuple[Betas, Numbers | None]:
    """Betas of shares held to both, with the covariance of these."""
    symbols = [symbol for symbol, _ in held]
    if not held:
        return Betas(why="nothing is held that has a price"), None
    for symbol in (*symbols, small, large):
        if symbol not in price:
            only = "prices of it, only total returns" if symbol in total else "history of it"
            return Betas(why=f"{symbol}: there is no {only}"), None
    days = _common_days([price[s] for s in (*symbols, small, large)])
    n = len(days) - 1
    if n < LEAST:
        return Betas(n=max(0, n), why=f"needs {LEAST} returns over common sessions, have {max(0, n)}"), None
    own = sum(quantity * _closes(price[symbol], days) for symbol, quantity in held)
    gross = sum(abs(quantity) * _closes(price[symbol], days) for symbol, quantity in held)
    returns = np.diff(own) / np.asarray(gross)[:-1]
    legs = [np.diff(closes) / closes[:-1] for closes in (_closes(price[small], days), _closes(price[large], days))]
    found = _fitted(returns, *legs)
    if found is None:
        return Betas(n=n, as_of=days[-1], why=f"{small} and {large} cannot be told apart"), None
    (_, b_small, b_large), covariance = found
    errors = [_told(math.sqrt(max(0.0, covariance[i, i]))) for i in (1, 2)]
    return Betas(_told(b_small), _told(b_large), errors[0], errors[1], n, days[-1]), covariance


def _told(beta: float) -> float:
    """Without what is left of a zero by the rounding of floats."""
    return 0.0 if abs(beta) < _NOTHING else float(beta)


def _common_days(histories: list[Bars]) -> tuple[date, ...]:
    """The last sessions that all of them have a close of, one more than returns are wanted."""
    recent = [history.tail(2 * WINDOW).dates for history in histories]
    common = set(recent[0]).intersection(*recent[1:])
    return tuple(sorted(common)[-(WINDOW + 1) :])


def _closes(bars: Bars, days: tuple[date, ...]) -> Numbers:
    recent = bars.tail(2 * WINDOW)
    at = dict(zip(recent.dates, recent.closes, strict=True))
    return np.array([at[day] for day in days], dtype=np.float64)


def _fitted(returns: Numbers, small: Numbers, large: Numbers) -> tuple[Numbers, Numbers] | None:
    """Least squares of returns on a constant and both others: coefficients and their covariance; None where the two
    others are as good as one.
    """
    design = np.column_stack([np.ones_like(small), small, large])
    scaled = design / np.linalg.norm(design, axis=0)
    if not np.isfinite(scaled).all() or np.linalg.cond(scaled) > _ALIKE:
        return None
    coefficients, *_ = np.linalg.lstsq(design, returns, rcond=None)
    residuals = returns - design @ coefficients
    variance = float(residuals @ residuals) / (len(returns) - design.shape[1])
    return coefficients.astype(np.float64), np.asarray(variance * np.linalg.inv(design.T @ design), dtype=np.float64)


def _share(betas: Betas, covariance: Numbers | None) -> tuple[float | None, float | None, str | None]:
    """The small-cap share that two betas come to, in percent, with its standard error by the delta method."""
    if covariance is None or betas.small is None or betas.large is None:
        return None, None, betas.why
    both = betas.small + betas.large
    error = math.sqrt(max(0.0, covariance[1, 1] + covariance[2, 2] + 2 * covariance[1, 2]))
    if both <= _ERRORS * error or both <= 0:
        return None, None, f"both betas come to {both:.2f} ±{error:.2f}, which is not clearly above zero"
    slope = np.array([betas.large, -betas.small]) / both**2
    variance = float(slope @ covariance[1:, 1:] @ slope)
    return 100 * betas.small / both, 100 * math.sqrt(max(0.0, variance)), None
