"""A whole book on three days against a second reckoning: plain Python, from the closes that stand in the file."""

import math
import random
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.domain import generate_sessions
from tests.independent.boards import board, row, written

pytestmark = pytest.mark.whole

DAYS = ("2023-03-13", "2024-11-29", "2025-12-30")
"""After a weekend, an early close, and the last session but one of a year."""
HELD = {"IWM": [(120.0, 21.5)], "SPY": [(30.0, 55.0), (7.5, 61.25)], "ACME": [(-40.0, 12.0)], "QQQ": [(10.0, 9.0)]}
SMALL = {"IWM": 1.0, "SPY": 0.0, "QQQ": 0.0, "ACME": 1.0}
NAMES = ("SPX", "RUT", "IWM", "SPY", "QQQ", "ACME")


def closes() -> dict[str, dict[str, float]]:
    """Closes by day and symbol that wander with the market; to four digits, as they are written."""
    draw = random.Random(7)
    at, found = dict.fromkeys(NAMES, 40.0), dict[str, dict[str, float]]()
    for day in (d for d in generate_sessions.reference() if 2021 <= d.year <= 2026):
        market, size = draw.gauss(0.0004, 0.009), draw.gauss(0, 0.006)
        for n, name in enumerate(NAMES):
            step = market + (size if name in ("RUT", "IWM", "ACME") else 0) + draw.gauss(0, 0.001 * (1 + n))
            at[name] = round(at[name] * math.exp(step), 4)
        found[str(day)] = dict(at)
    return found


TABLE = closes()


def config(folder: Path) -> Path:
    lines = ["date," + ",".join(NAMES), *(f"{day}," + ",".join(f"{v[n]}" for n in NAMES) for day, v in TABLE.items())]
    path = written(folder, {"closes": "\n".join(lines) + "\n"})
    book = ""
    for name, lots in HELD.items():
        told = ", ".join(f"{{ quantity = {quantity}, cost = {cost} }}" for quantity, cost in lots)
        side = 'side = "small"\n' if name == "ACME" else ""
        book += f'[[positions]]\nsymbol = "{name}"\nlots = [{told}]\n{side}'
    path.write_text(book + path.read_text(encoding="utf-8"), encoding="utf-8")
    return path


def solved(matrix: list[list[float]], right: list[float]) -> list[float]:
    """Gaussian elimination with the largest pivot."""
    n = len(right)
    rows = [[*row, b] for row, b in zip(matrix, right, strict=True)]
    for at in range(n):
        best = max(range(at, n), key=lambda i: abs(rows[i][at]))
        rows[at], rows[best] = rows[best], rows[at]
        for i in range(n):
            if i != at:
                factor = rows[i][at] / rows[at][at]
                rows[i] = [x - factor * y for x, y in zip(rows[i], rows[at], strict=True)]
    return [rows[i][n] / rows[i][i] for i in range(n)]


def regressed(returns: list[float], first: list[float], second: list[float]) -> tuple[list[float], list[list[float]]]:
    """Coefficients on a constant and both others, and their covariance, by the normal equations."""
    design = [[1.0, a, b] for a, b in zip(first, second, strict=True)]
    squares = [[math.fsum(x[i] * x[j] for x in design) for j in range(3)] for i in range(3)]
    found = solved(squares, [math.fsum(x[i] * r for x, r in zip(design, returns, strict=True)) for i in range(3)])
    residuals = [
        r - math.fsum(c * v for c, v in zip(found, x, strict=True)) for x, r in zip(design, returns, strict=True)
    ]
    variance = math.fsum(e * e for e in residuals) / (len(returns) - 3)
    inverse = [solved(squares, [float(i == j) for j in range(3)]) for i in range(3)]
    return found, [[variance * v for v in row] for row in inverse]


def reckoned(day: str) -> dict[str, Any]:
    """All that the board tells of the book on a day."""
    days = [d for d in TABLE if d <= day]
    today, before = TABLE[days[-1]], TABLE[days[-2]]
    quantity = {name: math.fsum(q for q, _ in lots) for name, lots in HELD.items()}
    value = {name: q * today[name] for name, q in quantity.items()}
    gross, net = math.fsum(map(abs, value.values())), math.fsum(value.values())
    base = math.fsum(abs(q) * before[name] for name, q in quantity.items())
    earned = {name: q * (today[name] - before[name]) for name, q in quantity.items()}
    total = {name: math.fsum(q * (today[name] - c) for q, c in lots) for name, lots in HELD.items()}
    paid = {name: math.fsum(abs(q) * c for q, c in lots) for name, lots in HELD.items()}
    last = [TABLE[d] for d in days[-253:]]

    def returns(name: str) -> list[float]:
        return [b[name] / a[name] - 1 for a, b in pairwise(last)]

    def own(a: dict[str, float], b: dict[str, float]) -> float:
        moved = math.fsum(q * (b[name] - a[name]) for name, q in quantity.items())
        return moved / math.fsum(abs(q) * a[name] for name, q in quantity.items())

    book = [own(a, b) for a, b in pairwise(last)]
    (_, small, large), errors = regressed(book, returns("IWM"), returns("SPY"))
    both = small + large
    slope = (large / both**2, -small / both**2)
    share_error = math.sqrt(math.fsum(slope[i] * errors[i + 1][j + 1] * slope[j] for i in range(2) for j in range(2)))
    pair = [r - s for r, s in zip(returns("RUT"), returns("SPX"), strict=True)]
    (_, _, pair_beta), _ = regressed(book, returns("SPX"), pair)
    return {
        "positions": {
            name: {
                "value": value[name], "weight_pct": 100 * value[name] / gross,
                "net_weight_pct": 100 * value[name] / net, "day_money": earned[name],
                "contribution_pp": 100 * earned[name] / base, "total_money": total[name],
                "total_pct": 100 * total[name] / paid[name],
                "beta_small": regressed(returns(name), returns("IWM"), returns("SPY"))[0][1],
                "beta_large": regressed(returns(name), returns("IWM"), returns("SPY"))[0][2],
            }
            for name in HELD
        },
        "portfolio": {
            "value": net, "gross": gross, "day_money": math.fsum(earned.values()),
            "day_pp": 100 * math.fsum(earned.values()) / base, "total_money": math.fsum(total.values()),
            "total_pct": 100 * math.fsum(total.values()) / math.fsum(paid.values()),
            "small_share": 100 * math.fsum(v * SMALL[name] for name, v in value.items()) / net,
            "regression_small_share": 100 * small / both, "regression_error_pp": 100 * share_error,
            "beta_small": small, "beta_large": large, "beta_small_error": math.sqrt(errors[1][1]),
            "beta_large_error": math.sqrt(errors[2][2]), "beta_n": 252, "pair_beta": pair_beta, "pair_n": 252,
        },
    }  # fmt: skip


@pytest.mark.parametrize("day", DAYS)
def test_a_whole_book_is_as_it_is_reckoned_anew(day: str, tmp_path: Path) -> None:
    found, _ = board(config(tmp_path), day)
    wanted = reckoned(day)
    assert found["portfolio"]["study_as_of"] == str(date.fromisoformat(day))
    assert found["portfolio"]["state"] == "CLOSED"
    for name, numbers in wanted["positions"].items():
        told = row(found, "positions", name)
        for measure, number in numbers.items():
            assert told[measure] == pytest.approx(number, rel=1e-7, abs=1e-9), (name, measure)
    for measure, number in wanted["portfolio"].items():
        assert found["portfolio"][measure] == pytest.approx(number, rel=1e-7, abs=1e-9), measure
