"""What follows for a book: the worked case, what has no answer, holdings, and that it changes nothing else."""

import dataclasses
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace

from rotation_tui.domain.bars import Bars, Basis
from rotation_tui.domain.filings import Document
from rotation_tui.domain.holdings import Holdings, Member
from rotation_tui.domain.instrument import Instrument
from rotation_tui.domain.positions import Betas, SmallPart
from rotation_tui.domain.results import Studies
from rotation_tui.domain.rules import Rules
from rotation_tui.domain.session import nyse
from rotation_tui.domain.universe import Spread, Ticker, Universe
from rotation_tui.evaluation.audit import Auditor
from rotation_tui.evaluation.evaluate import evaluate
from rotation_tui.evaluation.question import Question
from rotation_tui.store.documents import Documents, holdings_id
from rotation_tui.store.market_store import Snapshot
from rotation_tui.studies import portfolio as study
from tests.golden.test_golden import CASES

GOLDEN: dict[str, Any] = {case["id"]: case for case in CASES}
NYSE, LAST = nyse(), date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 22, tzinfo=UTC)
TICKERS = tuple(Ticker(name, Instrument.of(name)) for name in ("RUT", "SPX", "IWM", "SPY"))
UNIVERSE = Universe(TICKERS, (Spread("RUT-SPX", "RUT", "SPX"),), ())


def walked(symbol: str, seed: int, rows: int = 320, basis: Basis = Basis.PRICE) -> Bars:
    steps = np.random.default_rng(seed).normal(0.0003, 0.01, rows)
    days = NYSE.sessions(NYSE.offset(LAST, 1 - rows), LAST)
    closes = tuple(float(c) for c in 100 * np.exp(steps.cumsum()))
    return Bars(symbol, basis, days, closes, "history", NOW)


def histories(*more: Bars) -> dict[tuple[str, Basis], Bars]:
    every = [walked(name, seed) for seed, name in enumerate(("RUT", "SPX", "IWM", "SPY", "ACME"))]
    return {(b.symbol, b.basis): b for b in (*every, *more)}


def asked(held: Mapping[str, float], bars: dict[tuple[str, Basis], Bars], **more: Any) -> Studies:
    universe = UNIVERSE.holding(tuple(held.items()))
    question = Question(Snapshot(bars=bars, **more), universe, NYSE, Rules(), NOW, None)
    return evaluate(question, Auditor())


def test_betas_and_the_share_are_those_of_the_worked_case() -> None:
    given, output = GOLDEN["P03"]["input"], GOLDEN["P03"]["output"]
    fitted = study._fitted(*(np.array(given[name]) for name in ("returns", "small", "large")))
    assert fitted is not None
    (_, small, large), covariance = fitted
    errors = np.sqrt(np.diag(covariance))[1:]
    told = (small, large, *errors)
    assert told == pytest.approx([output[n] for n in ("small", "large", "small_error", "large_error")], rel=1e-9)
    share, error, why = study._share(Betas(float(small), float(large)), covariance)
    assert (share, error) == pytest.approx((output["share"], output["share_error"]), rel=1e-9)
    assert why is None


def test_the_funds_themselves_have_one_and_nothing_and_a_book_of_one_is_that_one() -> None:
    found = asked({"IWM": 10, "SPY": 5, "ACME": 3}, histories()).portfolio
    assert found is not None
    assert (found.betas["IWM"].small, found.betas["IWM"].large) == pytest.approx((1, 0), abs=1e-9)
    assert (found.betas["SPY"].small, found.betas["SPY"].large) == pytest.approx((0, 1), abs=1e-9)
    assert found.whole.n == 252
    alone = asked({"IWM": 7}, histories()).portfolio
    assert alone is not None
    assert alone.share == pytest.approx(100)
    index = asked({"RUT": 2}, histories()).portfolio
    assert index is not None
    assert index.pair == "RUT−SPX"
    assert index.pair_beta == pytest.approx(1)


def test_what_has_no_answer_says_why() -> None:
    bars = histories(walked("YOUNG", 9, rows=100), walked("PAID", 8, basis=Basis.TOTAL))
    for held, why in (
        ({"YOUNG": 1.0}, "needs 126 returns over common sessions, have 99"),
        ({"PAID": 1.0}, "only total returns"),
        ({"GONE": 1.0}, "GONE: there is no history of it"),
    ):
        found = asked(held, bars).portfolio
        assert found is not None
        assert why in (found.whole.why or "")
        assert found.share is None
    hedged = asked({"SPY": -1.0}, bars).portfolio
    assert hedged is not None
    assert "not clearly above zero" in (hedged.share_why or "")


def test_what_is_held_changes_no_result_of_anything_else() -> None:
    bars = histories()
    plain, held = asked({}, bars), asked({"ACME": 10, "IWM": 3}, bars)
    assert plain.portfolio is None
    assert held.portfolio is not None
    without = {name: s for name, s in held.tickers.items() if name != "ACME"}
    mine = {key: b for key, b in bars.items() if key[0] != "ACME"}
    assert replace(held, tickers=without, portfolio=None) == asked({}, mine)
    assert "ACME" in held.tickers


def test_what_is_held_is_followed_as_a_visitor_is_and_let_go() -> None:
    held = UNIVERSE.holding((("ACME", 5.0), ("IWM", 1.0)), ("LOOKED",))
    assert [i.symbol for i in held.visitors] == ["LOOKED", "ACME"]
    assert [i.symbol for i in held.looking_at(held.spreads, ()).visitors] == ["ACME"]
    assert held.own == UNIVERSE
    assert dataclasses.replace(held.holding(()), visitors=()) == UNIVERSE


def put(folder: Path, fund: str, **weights: float) -> Document:
    members = tuple(Member(ticker, ticker, "Tech", weight) for ticker, weight in weights.items())
    holdings = Holdings(fund, LAST, members, (), sum(weights.values()), "ishares", NOW)
    Documents(folder).put(holdings_id(fund), holdings, NOW, NOW, "ishares")
    return Document(holdings_id(fund), str(folder), "ishares", NOW)


def test_how_small_something_is_follows_from_what_funds_hold(tmp_path: Path) -> None:
    documents = (
        put(tmp_path, "IWM", TINY=60, BRKB=40), put(tmp_path, "IVV", HUGE=90, TINY=10),
        put(tmp_path, "IWV", HUGE=95, TINY=5),
    )  # fmt: skip
    held = {"IWM": 1.0, "IVV": 1.0, "TINY": 1.0, "HUGE": 1.0, "BRK-B": 1.0, "OTHER": 1.0}
    listed = {document.id: document for document in documents}
    found = asked(held, histories(), documents=listed).portfolio
    assert found is not None
    parts = {name: part.percent for name, part in found.parts.items()}
    assert parts == {"IWM": 100, "IVV": 10, "TINY": 100, "HUGE": 0, "BRK-B": 100}
    assert found.market is not None
    assert found.market.percent == pytest.approx(5)
    # while neither holdings nor the book move, nothing is read again
    kept = replace(found, parts={"TINY": SmallPart(1.0, "kept")})
    again = asked(held, histories(), documents=listed, studies=Studies(portfolio=kept)).portfolio
    assert again is not None
    assert again.parts == kept.parts
