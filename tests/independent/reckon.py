"""The measures of METHODOLOGY.md once more, in plain pandas and none of the program's code, to hold against its boards.

Sessions are those of exchange_calendars. Values are percent, pp or as named; None where a window is not full.
Everything is judged at the last row given.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from tests.domain import generate_sessions

SESSIONS = {"1D": 1, "21d": 21, "63d": 63, "126d": 126, "252d": 252}
MONTHS = {"1M": 1, "3M": 3, "6M": 6, "1Y": 12}
PERIODS = ("MTD", "QTD", "HALF", "YTD")
WEIGHTS = {"trend": 25, "mom6": 25, "mom3": 10, "persist": 10, "absolute": 10}
Line = Any
"""A pandas Series of closes by day; the stubs' generics are no help here."""


@cache
def month_ends() -> Mapping[tuple[int, int], date]:
    """The last session of every month."""
    return {(day.year, day.month): day for day in generate_sessions.reference()}


@cache
def week_ends() -> Mapping[date, date]:
    """The last session of every week by its Friday."""
    return {day + timedelta(days=4 - day.weekday()): day for day in generate_sessions.reference()}


@cache
def exchange_days() -> Sequence[date]:
    """Every session of the exchange, ascending."""
    return sorted(generate_sessions.reference())


def sessions_between(first: date, last: date) -> int:
    """Sessions of the exchange after one day and up to another."""
    return bisect_right(exchange_days(), last) - bisect_right(exchange_days(), first)


def apart(index: Line, fund: Line) -> float | None:
    """Return of a fund less that of its index over 21 sessions of the exchange that both have, in pp."""
    days = exchange_days()
    end = index.index[-1].date() if len(index) else None
    if end is None or not len(fund) or fund.index[-1].date() != end:
        return None
    start = pd.Timestamp(days[bisect_right(days, end) - 22])
    if start not in index.index or start not in fund.index:
        return None
    return float(100 * (fund.iloc[-1] / fund.loc[start] - index.iloc[-1] / index.loc[start]))


@cache
def sessions() -> pd.DatetimeIndex:
    """Every session there is."""
    return pd.DatetimeIndex(list(exchange_days()))


def on_sessions(table: Any) -> Any:
    """A row for every session from the first row to the last, without values where there was none."""
    days = sessions()
    return table.reindex(days[(days >= table.index[0]) & (days <= table.index[-1])])


def logarithm(values: Any) -> Any:
    return np.log(values)


def base_day(period: str, day: date) -> date:
    """The last day of the period before."""
    first_month = {"MTD": day.month, "QTD": (day.month - 1) // 3 * 3 + 1, "HALF": 1 if day.month < 7 else 7, "YTD": 1}
    return date(day.year, first_month[period], 1) - timedelta(days=1)


def at(days: Sequence[date], wanted: date) -> int | None:
    """Row of the last day at or before `wanted`, at most seven days earlier."""
    row = bisect_right(days, wanted) - 1
    return row if row >= 0 and (wanted - days[row]).days <= 7 else None


def days_of(table: Any) -> list[date]:
    return [stamp.date() for stamp in table.index]


def bases(days: Sequence[date]) -> dict[str, int | None]:
    """Row of the base of every window."""
    today = pd.Timestamp(days[-1])
    rows, last = {day: row for row, day in enumerate(days)}, bisect_right(exchange_days(), days[-1]) - 1
    counted = {name: rows.get(exchange_days()[last - n]) for name, n in SESSIONS.items()}
    looked = {name: at(days, (today - pd.DateOffset(months=n)).date()) for name, n in MONTHS.items()}
    week = {"1W": at(days, (today - pd.Timedelta(days=7)).date())}
    return counted | week | looked | {period: at(days, base_day(period, days[-1])) for period in PERIODS}


def pair_of(small: Line, large: Line) -> pd.DataFrame:
    return pd.concat({"S": small, "L": large}, axis=1).dropna()


def gap(pair: pd.DataFrame, base: int | None, row: int = -1) -> float | None:
    """Return of small less that of large from one row to another, in pp."""
    if base is None:
        return None
    grown = pair.iloc[row] / pair.iloc[base]
    return float(100 * (grown["S"] - grown["L"]))


def ticker(closes: Line, day: str) -> dict[str, Any]:
    days, last, high = days_of(closes), closes.iloc[-1], closes.max()
    row = int(np.flatnonzero(closes.to_numpy() == high)[-1])
    windows = {w: None if b is None else 100 * (last / closes.iloc[b] - 1) for w, b in bases(days).items()}
    stale = sessions_between(days[-1], date.fromisoformat(day)) > 2
    return {
        "last": last, "windows": windows, "record_close": high, "record_date": str(days[row]),
        "from_record_pct": 100 * (last / high - 1), "above_record": False,
        "is_record": (None if stale else True) if row == len(days) - 1 else False,
        "sessions_since_record": None if stale else sessions_between(days[row], days[-1]),
    }  # fmt: skip


def spread(pair: pd.DataFrame) -> dict[str, Any]:
    half_year = rolling(pair, 126)
    year, decade = half_year.iloc[-252:].dropna(), half_year.iloc[-2520:].dropna()
    now, half_year = half_year.iloc[-1], half_year.dropna()
    ratio, simple = pair["S"] / pair["L"], daily(pair)
    logs = logarithm(1 + simple)
    run, log_grown = streaks(pair), logarithm(back(pair, 126))
    full = len(pair) > 252 * 0.8
    below, equal = (decade < now).sum(), (decade == now).sum()
    return {
        "windows": {w: gap(pair, b) for w, b in bases(days_of(pair)).items()},
        "z": (now - year.mean()) / year.std() if len(year) >= 200 and now == now else None,
        "percentile": 100 * (below + equal / 2) / len(decade) if now == now else None,
        "z_windows": (len(year) + 126) / 126 if len(year) >= 200 and now == now else None,
        "percentile_windows": (len(decade) + 126) / 126 if now == now else None,
        "log_margin_pp": 100 * (log_grown["S"] - log_grown["L"]) if now == now else None,
        "beta_adjusted_pp": beta_adjusted(simple, log_grown) if now == now and len(simple) > 126 + 252 * 0.8 else None,
        "ratio": ratio.iloc[-1],
        "ratio_vs_200d_pct": 100 * (ratio.iloc[-1] / ratio.iloc[-200:].mean() - 1) if len(ratio) >= 200 else None,
        "breakout": breakout(ratio),
        "drawdown_pct": 100 * (ratio.iloc[-1] / ratio.max() - 1) if len(ratio) > 1 else None,
        "correlation": logs["S"].iloc[-252:].corr(logs["L"].iloc[-252:]) if full else None,
        "beta": simple["S"].iloc[-252:].cov(simple["L"].iloc[-252:]) / simple["L"].iloc[-252:].var() if full else None,
        "streak": run.iloc[-1] if len(run) else None,
        "months_won_of_6": won(pair),
        "widest_since": widest(pair, half_year, run),
    }


def beta_adjusted(simple: pd.DataFrame, log_grown: Line) -> float:
    """Log return of small over 126 sessions less beta of the year before them times that of large, in pp."""
    before = simple.iloc[1:].iloc[:-126].iloc[-252:]
    return float(100 * (log_grown["S"] - before["S"].cov(before["L"]) / before["L"].var() * log_grown["L"]))


def rolling(pair: pd.DataFrame, n: int) -> Line:
    whole = on_sessions(pair)
    grown = (whole / whole.shift(n)).reindex(pair.index)
    return 100 * (grown["S"] - grown["L"])


def back(pair: pd.DataFrame, n: int) -> Line:
    """What each leg made over the last n sessions, as a factor."""
    whole = on_sessions(pair)
    return whole.iloc[-1] / whole.iloc[max(len(whole) - 1 - n, 0)]


def daily(pair: pd.DataFrame) -> Line:
    """Returns from one session to the next; none over a session that is missing."""
    return on_sessions(pair).pct_change(fill_method=None).reindex(pair.index)


def streaks(pair: pd.DataFrame) -> Line:
    simple = daily(pair)
    lead = (simple["S"] - simple["L"]).round(9).dropna()
    signs = (lead > 0).astype(int) - (lead < 0).astype(int)
    runs = (signs != signs.shift()).cumsum()
    return (signs.groupby(runs).cumcount() + 1) * signs


def breakout(ratio: Line) -> str:
    mean, state, up, down = ratio.rolling(200).mean(), "UNKNOWN", 0, 0
    for value, middle in zip(ratio, mean, strict=True):
        up, down = (up + 1 if value > middle * 1.01 else 0), (down + 1 if value < middle * 0.99 else 0)
        needed = 1 if state == "UNKNOWN" else 3
        state = "ABOVE" if up >= needed else "BELOW" if down >= needed else state
    return state


def won(pair: pd.DataFrame, months: int = 6) -> int | None:
    """Of the months completed last, those that small won."""
    days, count = days_of(pair), 0
    last = days[-1]
    index = last.year * 12 + last.month - 1 - (last < month_ends()[last.year, last.month])
    for ago in range(months):
        ends = [month_ends()[(index - back) // 12, (index - back) % 12 + 1] for back in (ago, ago + 1)]
        end, base = at(days, ends[0]), at(days, ends[1])
        if end is None or base is None or end <= base:
            return None
        count += (gap(pair, base, end) or 0) > 0
    return count


def seasons(pair: pd.DataFrame) -> list[dict[str, Any]]:
    """What each month of the year made of a pair, over the months that are complete."""
    days, margins = days_of(pair), dict[int, list[float]]()
    for (year, month), day in month_ends().items():
        before = month_ends().get((year, month - 1) if month > 1 else (year - 1, 12))
        end, base = at(days, day), None if before is None else at(days, before)
        if day <= days[-1] and end is not None and base is not None and base < end:
            margins.setdefault(month, []).append(gap(pair, base, end) or 0.0)
    told = []
    for month in range(1, 13):
        line: Line = pd.Series(margins.get(month, []), dtype=float)
        error: Any = line.sem() if len(line) > 1 else None
        told.append(
            {
                "month": month,
                "mean_pp": line.mean() if len(line) else None,
                "error_pp": error,
                "years": len(line),
                "positive": int((line > 0).sum()),
                "apart": None if len(line) < 10 else bool(abs(line.mean()) > 2 * error),
            }
        )
    return told


def widest(pair: pd.DataFrame, half_year: Line, run: Line) -> dict[str, dict[str, Any]]:
    year = rolling(pair, 252).dropna()
    return {
        "CAL": to_date(pair, "YTD"), "HALF": half_to_date(pair), "STREAK": searched(pair, run, run.iloc[-1:]),
        "ROLL126": episode(pair, half_year), "ROLL252": episode(pair, year),
    }  # fmt: skip


def half_to_date(pair: pd.DataFrame) -> dict[str, Any]:
    """The half-year, which until the end of June is the year and no second fact."""
    found = to_date(pair, "HALF")
    return found if pair.index[-1].month > 6 else found | {"over_a_decade": None, "note": "same as calendar"}


def episode(pair: pd.DataFrame, values: Line) -> dict[str, Any]:
    """The run of sessions above 0 that ends today: its highest, and since when nothing before it was as large."""
    lead = (values > 0).tolist()
    run = next((n for n, above in enumerate(reversed(lead)) if not above), len(lead))
    if len(values) and not run:
        return searched(pair, values, values.iloc[-1:]) | {"run_max": None}
    return searched(pair, values, values.iloc[len(values) - run :])


def to_date(pair: pd.DataFrame, period: str) -> dict[str, Any]:
    """The period to date against the same period of earlier years to the same day."""
    days, found = days_of(pair), {}
    today = days[-1]
    for year in range(days[0].year, today.year + 1):
        leap = (today.month, today.day) == (2, 29) and year % 4
        day = date(year, 2, 28) if leap else today.replace(year=year)
        base, row = at(days, base_day(period, day)), at(days, day)
        if base is not None and row is not None and row > base:
            found[pd.Timestamp(days[row])] = gap(pair, base, row)
    values: Line = pd.Series(found, dtype=float)
    return searched(pair, values, values.iloc[-1:] if days[-1] in days_of(values) else values.iloc[:0])


def searched(pair: pd.DataFrame, values: Line, judged: Line) -> dict[str, Any]:
    """Since when no earlier value was as large as the largest of the `judged`, which are the last ones."""
    answer: dict[str, Any] = {"value": None, "since": None, "record": False, "years": None, "over_a_decade": None}
    if not len(judged):
        return answer
    today, value = pair.index[-1], values.iloc[-1]
    earlier = values.iloc[: len(values) - len(judged)]
    answer |= {"value": value, "run_max": judged.max()}
    if value <= 0:
        return answer | {"over_a_decade": False}
    if not len(earlier):
        return answer
    as_large = earlier[earlier >= judged.max()]
    since = as_large.index[-1] if len(as_large) else earlier.index[0]
    years = (today - since).days / 365.25
    shown = str(since.date()) if len(as_large) else None
    first, record = str(earlier.index[0].date()), shown is None
    wide = True if years > 10 else None if record else False
    return answer | {"since": shown, "record": record, "first": first, "years": years, "over_a_decade": wide}


def rotation(asset: Line, benchmark: Line, spans: Sequence[int], *, weekly: bool) -> tuple[float, float] | None:
    """Strength and momentum at the last session, or at the last completed week's."""
    fast, slow, smooth, window = spans
    pair = pair_of(asset, benchmark)
    line = logarithm(pair["S"] / pair["L"])
    if weekly:
        line = line.resample("W-FRI").last().dropna()
        complete = [week_ends()[friday] <= pair.index[-1].date() for friday in days_of(line)]
        line = line[complete]
    trend = line.ewm(span=fast, adjust=False).mean() - line.ewm(span=slow, adjust=False).mean()
    impulse = trend - trend.ewm(span=smooth, adjust=False).mean()
    if len(line) < slow + window - 1:
        return None
    scaled = [part.iloc[-1] / np.sqrt((part.iloc[-window:] ** 2).mean()) for part in (trend, impulse)]
    return 100 + scaled[0], 100 + scaled[1]


def scores(pair: pd.DataFrame) -> tuple[dict[str, Line], Line]:
    """Raw price terms and the price-only score, at every row."""
    log, small = logarithm(pair["S"] / pair["L"]), logarithm(pair["S"])
    days = days_of(pair)
    first_row = {(d.year, d.month): row for row, d in reversed(list(enumerate(days)))}
    wins = {}
    for row, day in enumerate(days):
        complete = day >= month_ends()[day.year, day.month]
        if complete or row == first_row[day.year, day.month]:
            latest = won(pair.iloc[max(0, row - 200) : row + 1])
        wins[pair.index[row]] = np.nan if latest is None else latest
    raw: dict[str, Line] = {
        "trend": log - log.rolling(200).mean(), "mom6": on_sessions(log).diff(126).reindex(log.index),
        "mom3": on_sessions(log).diff(63).reindex(log.index),
        "persist": pd.Series(wins, dtype=float), "absolute": small - small.rolling(200).mean(),
    }  # fmt: skip
    scale = {"trend": (0, 0.05), "mom6": (0, 0.10), "mom3": (0, 0.07), "persist": (3, 3), "absolute": (0, 0.10)}
    mapped = pd.DataFrame({name: ((raw[name] - c) / s).clip(-1, 1) for name, (c, s) in scale.items()})
    weights = pd.Series(WEIGHTS)
    weight = (mapped.notna() * weights).sum(axis=1)
    score = 100 * (mapped * weights).sum(axis=1) / weight
    return raw, score.where((weight >= 60) & mapped["trend"].notna() & mapped["mom6"].notna())


def regimes(score: Line) -> list[tuple[str, str]]:
    """Sessions at which the regime changed, with the new one."""
    state, rested, changes = "NO ROTATION", 0, []
    runs = dict.fromkeys(("up", "em", "dn", "lo", "sub"), 0)
    for stamp, value in score.dropna().items():
        holds = {"up": value >= 40, "em": value >= 20, "dn": value < 20, "lo": value <= -20, "sub": value < 0}
        runs = {name: runs[name] + 1 if holds[name] else 0 for name in runs}
        full = {name for name, count in runs.items() if count >= 5}
        rested += 1
        calm = "EMERGING" if "em" in full else "NO ROTATION"
        following = {
            "NO ROTATION": [("up", "ROTATION"), ("em", "EMERGING")],
            "EMERGING": [("up", "ROTATION"), ("sub", "NO ROTATION")],
            "ROTATION": [("lo", "REVERSAL"), ("dn", "CONSOLIDATION")],
            "CONSOLIDATION": [("up", "ROTATION"), ("lo", "REVERSAL")],
            "REVERSAL": [("up", "ROTATION")],
        }[state]
        new = next((to for run, to in following if run in full), calm if state == "REVERSAL" and rested > 63 else state)
        if new != state:
            state, rested = new, 0
            changes.append((str(stamp)[:10], new))
    return changes


def near_centre(point: tuple[float, float] | None) -> bool | None:
    return None if point is None else any(abs(value - 100) <= 0.25 for value in point)


def faster(closes: Line) -> float | None:
    """Second half less first half in pp, over as many sessions of each; None before 21 sessions of the second."""
    last = closes.index[-1].date()
    year = last.year if last.month > 6 else last.year - 1
    sessions = [d for d in exchange_days() if d.year == year and d <= last]
    halves = [[d for d in sessions if (d.month > 6) == second] for second in (False, True)]
    passed = len(halves[1])
    if passed < 21:
        return None
    starts = [date(year - 1, 12, 31), date(year, 6, 30)]
    ends = [halves[0][passed - 1] if passed < len(halves[0]) else starts[1], min(last, date(year, 12, 31))]
    days, grown = days_of(closes), []
    for start, end in zip(starts, ends, strict=True):
        base, row = at(days, start), at(days, end)
        if base is None or row is None:
            return None
        grown.append(100 * (closes.iloc[row] / closes.iloc[base] - 1))
    return float(grown[1] - grown[0])


def dollar(small: Line, large: Line, fund: Line, rows: int) -> tuple[float, str] | None:
    """Correlation of small less large with a fund over so many days, and what the claim makes of it."""
    table: Any = pd.concat({"S": small, "L": large, "D": fund}, axis=1).dropna().pct_change(fill_method=None).dropna()
    if len(table) < rows:
        return None
    rho = float((table["S"] - table["L"]).iloc[-rows:].corr(table["D"].iloc[-rows:]))
    if abs(rho) < 2 / rows**0.5:
        return rho, "MIXED"
    return rho, "CONFIRMED" if rho >= 0 else "DENIED" if rho < -0.1 else "MIXED"
