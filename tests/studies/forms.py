"""Forms of golden cases that the program has no use for: sources put them into their closes, or charts show them."""

import math
from collections.abc import Sequence

import numpy as np

from rotation_tui.domain.rotation import CENTRE
from rotation_tui.studies.pair import Array
from rotation_tui.studies.relative_strength import FLAT
from rotation_tui.studies.returns import change_pct


def compounded_pct(returns_pct: Sequence[float]) -> float:
    """What a row of returns in percent makes together, in percent."""
    return (math.prod(1 + r / 100 for r in returns_pct) - 1) * 100


def valid_to_valid(values: Sequence[float | None]) -> list[float | None]:
    """Return of each row over the last valid row before it, in percent; nothing is filled in.

    A row without a price above zero, and the first one, has none; a return may thus span several sessions.
    """
    out: list[float | None] = []
    earlier: float | None = None
    for value in values:
        valid = value is not None and math.isfinite(value) and value > 0
        out.append(change_pct(earlier, value) if valid else None)
        earlier = value if valid else earlier
    return out


def split_adjusted(closes: Sequence[float], splits: Sequence[float]) -> list[float]:
    """Raw closes on the last row's share count; `splits` holds 2 on the session of a 2:1 split, else 1."""
    out = list(closes)
    factor = 1.0
    for row in range(len(out) - 1, -1, -1):
        out[row] /= factor
        factor *= splits[row]
    return out


def total_return_closes(closes: Sequence[float], dividends: Sequence[float]) -> list[float]:
    """Split-adjusted closes with dividends put back, the last row unchanged (the Yahoo and CRSP form).

    `dividends` are cash per share on their ex-session, 0 elsewhere; rows before one are multiplied by
    1 - dividend / previous close.
    """
    out = list(closes)
    factor = 1.0
    for row in range(len(out) - 1, 0, -1):
        out[row] *= factor
        factor *= 1 - dividends[row] / closes[row - 1]
    if out:
        out[0] *= factor
    return out


def classic_rotation(ratio: Array, m: int = 14) -> tuple[Array, Array]:
    """The z-score form of public charts: strength is 100 + z of the ratio, momentum 100 + z of strength."""
    strength = CENTRE + _rolling_z(ratio, m)
    return strength, CENTRE + _rolling_z(strength, m)


def _rolling_z(values: Array, n: int) -> Array:
    """z-score of each value in the last `n` (itself included); NaN where nothing varies."""
    out = np.full(len(values), np.nan)
    if len(values) >= n:
        window = np.lib.stride_tricks.sliding_window_view(values, n)
        sd = window.std(axis=1, ddof=1)
        out[n - 1 :] = (window[:, -1] - window.mean(axis=1)) / np.where(sd < FLAT, np.nan, sd)
    return out
