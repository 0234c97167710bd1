"""The contract itself: a source that breaks one promise is seen, by the check that is about it."""

from collections.abc import Awaitable, Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from rotation_tui.domain.refusal import RefusedValueError
from rotation_tui.providers.base import HasQuotes, Provider
from tests.providers import paper_promises, promises
from tests.providers.library import library
from tests.providers.promises import FUND, IMPOSSIBLE, NOW, PRICE, Source
from tests.providers.replies import PRINTED
from tests.providers.shop import SERIES_ID, Shop, shop

Check = Callable[[Source, Path], Awaitable[None]]
"""A promise, put to the shop."""


async def _print(source: Source, folder: Path) -> None:
    await promises.a_quote_is_of_its_print(source, FUND, folder)


def _at(when: str) -> Check:
    async def check(source: Source, folder: Path) -> None:
        await promises.a_quote_that_cannot_be_is_refused(source, FUND, folder, at=IMPOSSIBLE[when])

    return check


async def _no_price(source: Source, folder: Path) -> None:
    await promises.a_quote_that_cannot_be_is_refused(source, FUND, folder, number="-1")


async def _no_close(source: Source, folder: Path) -> None:
    await promises.bars_are_of_prices(source, FUND, folder, "0")


def _order(question: str) -> Check:
    async def check(source: Source, folder: Path) -> None:
        await promises.rows_are_in_order(source, question, folder)

    return check


def _once(question: str) -> Check:
    async def check(source: Source, folder: Path) -> None:
        await promises.a_day_has_one_value(source, question, folder)

    return check


async def _closed(source: Source, folder: Path) -> None:
    kept: list[Provider] = []

    async def ask(provider: Provider) -> Any:
        kept.append(provider)
        assert isinstance(provider, HasQuotes)
        return await provider.quotes([FUND], NOW)

    answer = source.printed(FUND.symbol, PRICE, PRINTED)
    try:
        await promises.closing_leaves_nothing_open(source, ask, answer, folder)
    finally:
        await _tidied(kept)


async def _tidied(providers: list[Provider]) -> None:
    for provider in providers:
        assert isinstance(provider, Shop)
        await provider.leave()


def _told(**what: Any) -> Check:
    async def check(source: Source, folder: Path) -> None:
        await promises.a_stream_tells_no_price_that_cannot_be(source, folder, **what)

    return check


BROKEN: list[tuple[str, Check]] = [
    ("the print's time", _print),
    ("the print's time", _at("a Sunday")),
    ("the print's time", promises.a_stream_tells_the_print),
    ("the future", _at("later today")),
    ("the future", _at("the next session")),
    ("the future", _told(at=IMPOSSIBLE["later today"])),
    ("sessions", _at("a Sunday")),
    ("sessions", _at("a holiday")),
    ("sessions", _told(at=IMPOSSIBLE["a Sunday"])),
    ("the door of readers", _no_price),
    ("the door of readers", _no_close),
    ("the door of readers", _order(f"{FUND.symbol} bars")),
    ("the door of readers", _order("series")),
    ("the door of readers", _once(f"{FUND.symbol} bars")),
    ("the door of readers", _once("series")),
    ("the door of readers", _told(number="0")),
    ("days with their values", _order(f"{FUND.symbol} bars")),
    ("days with their values", _order("series")),
    ("what is offered", promises.what_is_not_offered_is_not_asked_for),
    ("closing", _closed),
    ("closing", promises.a_stream_that_is_left_is_closed),
]


def _holdings(lines: str) -> Check:
    async def check(source: Source, folder: Path) -> None:
        await paper_promises.holdings_that_cannot_be_are_refused(source, folder, paper_promises.NO_HOLDINGS[lines])

    return check


def _facts(rows: str) -> Check:
    async def check(source: Source, folder: Path) -> None:
        await paper_promises.facts_that_cannot_be_are_refused(source, folder, paper_promises.NO_FACTS[rows])

    return check


BROKEN_PAPERS: list[tuple[str, Check]] = [
    ("the whole", _holdings("half of the lines")),
    ("the whole", _holdings("twice the fund")),
    ("the future", _holdings("a day yet to come")),
    ("the future", _facts("a period yet to end")),
    ("one value", _facts("two values of one company")),
    ("the order", paper_promises.companies_are_in_order),
    ("what is offered", paper_promises.funds_that_are_not_offered_are_not_asked_for),
]


@pytest.mark.parametrize("at", range(len(BROKEN_PAPERS)), ids=lambda at: BROKEN_PAPERS[at][0].replace(" ", "_"))
async def test_a_library_that_breaks_a_promise_is_seen_and_one_that_keeps_all_is_not(at: int, tmp_path: Path) -> None:
    broken, check = BROKEN_PAPERS[at]
    await check(library(), tmp_path / "whole")
    with pytest.raises(AssertionError):
        await check(library(broken), tmp_path / "broken")


@pytest.mark.parametrize("at", range(len(BROKEN)), ids=lambda at: f"{BROKEN[at][0]}-{at}".replace(" ", "_"))
async def test_a_source_that_breaks_a_promise_is_seen_and_one_that_keeps_all_is_not(at: int, tmp_path: Path) -> None:
    broken, check = BROKEN[at]
    await check(shop(), tmp_path / "whole")
    with pytest.raises((AssertionError, RefusedValueError)):
        await check(shop(broken), tmp_path / "broken")


def test_the_rows_out_of_order_would_not_be_in_order_by_chance() -> None:
    days = [day for day, _ in promises.SHUFFLED]
    assert days != sorted(days)
    assert len({number for _, number in promises.SHUFFLED}) == len(days)
    assert date(2026, 11, 18) in days
    assert SERIES_ID not in promises.FOREIGN_SERIES
