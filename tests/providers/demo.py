"""What the tests of the demo market share: the board's symbols and short ways of asking."""

from collections.abc import Iterable
from datetime import date, datetime
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from rotation_tui.domain.bars import Bars
from rotation_tui.domain.clock import DEMO_START, FixedClock
from rotation_tui.domain.instrument import Instrument
from rotation_tui.domain.observation import Observations
from rotation_tui.domain.quote import Quote
from rotation_tui.domain.session import EASTERN
from rotation_tui.providers.base import Surroundings
from rotation_tui.providers.simulated import PROVIDER, Simulated

FUNDS = [
    *("PSCF", "PSCI", "PSCH", "PSCE", "PSCT", "PSCD", "PSCC", "PSCM", "PSCU", "KRE", "XBI"),
    *("XLF", "XLI", "XLV", "XLE", "XLK", "XLY", "XLP", "XLB", "XLU", "XLC", "XLRE"),
]
BOARD = ["RUT", "SPX", "NDX", "VIX", "IWM", "SPY", "QQQ", "RSP", "IJR", *FUNDS]
CLOSE = datetime(2025, 12, 30, 16, tzinfo=EASTERN)
LATER = datetime(2026, 3, 31, 18, tzinfo=EASTERN)
SEEDS = (7, pytest.param(1, marks=pytest.mark.slow), pytest.param(2026, marks=pytest.mark.slow))


def made(seed: int | None = None, at: datetime | None = None) -> Simulated:
    options = {} if seed is None else {"seed": seed}
    clock = {} if at is None else {"clock": FixedClock(at)}
    provider = PROVIDER.build(Surroundings(None, Path("unused"), options={**options, **clock}))
    assert isinstance(provider, Simulated)
    return provider


@cache
def market(seed: int = 7) -> Simulated:
    """One for all who only ask: what it has made it keeps, and nothing depends on what was asked before."""
    return made(seed)


async def quoted(symbol: str, at: datetime, seed: int = 7) -> Quote:
    reply = await market(seed).quotes([Instrument.of(symbol)], at)
    assert not reply.missing
    return reply.quotes[0]


_ASKED: dict[tuple[str, datetime, int, date | None], Bars] = {}


async def bars(symbol: str, at: datetime = LATER, seed: int = 7, since: date | None = None) -> Bars:
    """The first bars that the market gives, asked for once: eleven years of a symbol take it 20 ms."""
    asked = (symbol, at, seed, since)
    if asked not in _ASKED:
        _ASKED[asked] = (await market(seed).bars(Instrument.of(symbol), since, at))[0]
    return _ASKED[asked]


async def series(series_id: str, at: datetime = DEMO_START) -> Observations:
    return (await market().series([series_id], None, at)).series[0]


def returns(closes: Iterable[float]) -> list[float]:
    return [after / before - 1 for before, after in pairwise(closes)]
