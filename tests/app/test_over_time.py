"""Boards of many sessions in one go say what the board of each of them says by itself."""

import asyncio
import dataclasses
import random
from bisect import bisect_right
from datetime import date
from typing import Any

import pytest

from rotation_tui.app.over_time import BoardsOverTime, sessions_over
from rotation_tui.app.past import past_board
from rotation_tui.app.scene import Wish
from rotation_tui.app.setup import Run, prepare
from rotation_tui.board.contract import Board
from rotation_tui.checks.base import Inputs
from rotation_tui.checks.evaluate import checks_but, evaluate
from rotation_tui.checks.rolling import Rolling
from rotation_tui.config.schema import Config, Loaded
from rotation_tui.domain.bars import Bars
from rotation_tui.domain.session import nyse
from rotation_tui.store.market_store import Snapshot

LAST = date(2025, 12, 26)
VERDICT = ("regime", "since", "age_sessions", "score", "price_only_score", "coverage", "sustained", "signs", "as_of")
LEADS = ("side", "half_pp", "ytd_pp", "month_pp", "course", "state", "as_of", "reasons", "pair")
SPREAD = ("id", "z", "percentile", "ratio", "ratio_vs_200d_pct", "breakout", "state", "as_of", "basis", "why", "marks")
GROUP = ("id", "level", "known", "total")


def _demo(as_of: date) -> Run:
    """The demo's histories as they were known on a day."""
    run = prepare(Loaded(Config(), None), Wish(demo_seed=7, demo_speed=None, as_of=as_of))

    async def fetched() -> None:
        await run.desk.open()
        await run.settled(60.0)
        await run.desk.close()

    asyncio.run(fetched())
    return run


pytestmark = pytest.mark.whole


@pytest.fixture(scope="module")
def run() -> Run:
    return _demo(LAST)


def _told(board: Board) -> dict[str, Any]:
    """What is told of a session, by a name for each value."""
    told: dict[str, Any] = {name: getattr(board.verdict, name) for name in VERDICT}
    told |= {f"leads.{name}": getattr(board.verdict.leads, name) for name in LEADS}
    for row in board.spreads:
        told |= {f"{row.id}.{name}": getattr(row, name) for name in SPREAD} | {
            f"{row.id}.{window}": value for window, value in row.windows.items()
        }
    return told | {f"{group.id}.{name}": getattr(group, name) for group in board.risk for name in GROUP}


def _near(told: dict[str, Any]) -> dict[str, Any]:
    return {k: pytest.approx(v, rel=1e-9, abs=1e-9) if isinstance(v, float) else v for k, v in told.items()}


@pytest.mark.slow
def test_every_session_is_told_as_its_own_board_tells_it(run: Run) -> None:
    days = sessions_over(run, date(2005, 1, 1), LAST, "session")
    assert len(days) > 5000
    sample = {*days[:2], days[199], days[451], days[-1], *random.Random(11).sample(days, 10)}
    for day, board in BoardsOverTime(run, sorted(sample)):
        alone, _ = asyncio.run(past_board(run, run.store.snapshot(), day))
        assert _told(board) == _near(_told(alone)), day


@pytest.mark.slow
def test_whatever_follows_the_last_day_changes_nothing(run: Run) -> None:
    end = date(2022, 6, 17)
    days = sessions_over(run, date(2021, 11, 1), end, "week")
    assert len(days) > 30
    before = dict(BoardsOverTime(_demo(end), days))
    after = dict(BoardsOverTime(run, (*days, LAST)))
    for day, board in before.items():
        assert _told(after[day]) == _near(_told(board)), day


@pytest.mark.parametrize(
    ("every", "expected"),
    [
        ("week", ["2025-12-05", "2025-12-12", "2025-12-19", "2025-12-26"]),
        ("month", ["2025-12-26"]),
        ("session", ["2025-12-01", "2025-12-02"]),
    ],
)
def test_the_last_session_of_each_span(run: Run, every: str, expected: list[str]) -> None:
    days = sessions_over(run, date(2025, 12, 1), date(2025, 12, 31), every)
    assert [str(day) for day in days][: len(expected)] == expected


def test_nothing_is_told_before_the_first_close(run: Run) -> None:
    begun = min(bars.dates[0] for bars in run.store.snapshot().bars.values())
    assert sessions_over(run, date(1990, 1, 1), LAST, "session")[0] == begun
    assert sessions_over(run, date(1990, 1, 1), date(1999, 1, 1), "session") == ()


def _with_holes(chance: random.Random, bars: Bars) -> Bars:
    """Bars without some sessions: here and there, a stretch, or the first half."""
    rows, n = range(len(bars)), chance.randrange(len(bars))
    keep = chance.choice(
        [
            list(rows),
            [row for row in rows if chance.random() > 0.003],
            [row for row in rows if not n < row < n + 40],
            list(rows[len(bars) // 2 :]),
            list(rows[: -chance.randrange(1, 200)]),
        ]
    )

    def kept(column: tuple[float | None, ...] | None, unknown: float = 0.0) -> Any:
        return None if column is None else tuple(None if chance.random() < unknown else column[row] for row in keep)

    return dataclasses.replace(
        bars,
        dates=tuple(bars.dates[row] for row in keep),
        closes=kept(bars.closes),
        opens=kept(bars.opens),
        highs=kept(bars.highs),
        lows=kept(bars.lows),
        volumes=kept(bars.volumes, chance.choice([0.0, 0.03])),
    )


def _by_then(snapshot: Snapshot, as_of: date, day: date, run: Run) -> Inputs:
    bars = {key: cut for key, each in snapshot.bars.items() if (cut := each.until(day)).dates}
    series = {key: s.until(day) for key, s in snapshot.observations.items() if s.dates[0] <= day}
    return Inputs(bars, series, nyse(), as_of, day, reconstitutions=run.rules.reconstitutions)


@pytest.mark.parametrize("seed", [1, 2])
def test_levels_of_histories_with_holes_are_those_of_each_day_alone(run: Run, seed: int) -> None:
    chance, known = random.Random(seed), run.store.snapshot()
    broken = Snapshot(
        bars={key: _with_holes(chance, bars) for key, bars in known.bars.items()},
        observations={key: series for key, series in known.observations.items() if chance.random() > 0.1},
    )
    days = nyse().sessions(date(2019, 1, 2), LAST)
    closed = sorted(
        {day for (symbol, _), bars in broken.bars.items() if symbol in {"RUT", "SPX"} for day in bars.dates}
    )
    as_of = [closed[bisect_right(closed, day) - 1] for day in days]
    changed = {"C4": (-0.5, -1.5), "Q3": (-4.0, -9.0)}
    rolling = Rolling(_by_then(broken, as_of[-1], days[-1], run), frozenset(), changed, days, as_of)
    for number in chance.sample(range(len(days)), 12):
        alone = evaluate(checks_but(()), _by_then(broken, as_of[number], days[number], run), changed)
        levels = [
            {c.id: c.level for group in told.groups for c in group.checks} for told in (rolling.at(number), alone)
        ]
        assert levels[0] == levels[1], days[number]
