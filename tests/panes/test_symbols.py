"""Charts of one symbol: what is drawn, on the screen of the charts and above the numbers of a detail."""

import dataclasses
from datetime import UTC, date

import pytest
from msgspec.structs import replace

from rotation_tui.board.lines import Drawable, Lines, PriceLine, lines_of, pair_lines, price_line
from rotation_tui.domain.bars import Bars, Basis, Column
from rotation_tui.domain.session import nyse
from rotation_tui.domain.state import State
from rotation_tui.panes import chart, symbols
from rotation_tui.panes.base import Space, dated_rows
from rotation_tui.panes.history.curves import KIND, is_pair
from rotation_tui.screens import steer
from rotation_tui.screens.compose import Sheet
from rotation_tui.screens.view import View
from rotation_tui.store.market_store import Snapshot
from rotation_tui.widgets.cells import Row, plain, width_of
from rotation_tui.widgets.glyphs import UNICODE
from tests.boards import FULL, NOW, UNIVERSE
from tests.panes.test_contract import PANES, sheet_of

DAYS = nyse().sessions(date(2024, 1, 2), date(2026, 6, 18))
NOTHING = Sheet((), (), {}, ())


def bars(symbol: str, basis: Basis = Basis.PRICE, volumes: Column | None = None) -> Bars:
    closes = tuple(100.0 + n / 10 for n in range(len(DAYS)))
    return Bars(symbol, basis, DAYS, closes, "test", NOW, volumes=volumes)


def line_of(symbol: str) -> PriceLine:
    made = price_line(bars(symbol))
    assert made is not None
    return made


def space(**more: object) -> Space:
    plainly = Space(110, 30, NOW, UTC, UNICODE, full=True, lines=line_of)
    return dataclasses.replace(plainly, **more)  # type: ignore[arg-type]


def said(row: Row) -> str:
    return "".join(span.text for span in row)


def snapshot(*histories: Bars) -> Snapshot:
    return Snapshot(bars={(each.symbol, each.basis): each for each in histories})


def test_a_symbol_has_its_closes_and_their_mean() -> None:
    found = lines_of("RUT", UNIVERSE, snapshot(bars("RUT")))
    assert isinstance(found, PriceLine)
    assert tuple(found.closes) == bars("RUT").closes
    assert found.mean[198] is None
    assert found.mean[199] == pytest.approx(sum(found.closes[:200]) / 200)


def test_prices_stand_before_total_returns_which_are_told() -> None:
    both = snapshot(bars("IWM", Basis.TOTAL), bars("IWM"))
    assert (found := lines_of("IWM", UNIVERSE, both)) is not None
    assert found.basis is Basis.PRICE
    total = lines_of("IWM", UNIVERSE, snapshot(bars("IWM", Basis.TOTAL)))
    assert total is not None
    face = chart.draw(FULL, space(looked_at="IWM", lines=lambda _: total))
    assert "total return" in face.subtitle


def test_a_symbol_with_a_dash_is_one_where_it_has_a_history() -> None:
    assert isinstance(lines_of("BRK-B", UNIVERSE, snapshot(bars("BRK-B"), bars("BRK"), bars("B"))), PriceLine)
    assert isinstance(lines_of("BRK-B", UNIVERSE, snapshot(bars("BRK"), bars("B"))), Lines)
    assert lines_of("BRK-B", UNIVERSE, snapshot(bars("BRK"))) is None


def test_what_is_cut_at_a_day_has_nothing_after_it() -> None:
    whole = price_line(bars("IWM", volumes=tuple(float(n) for n in range(len(DAYS)))))
    assert whole is not None
    cut = whole.until(DAYS[300])
    assert cut is not None
    assert (cut.dates[-1], len(cut.closes), len(cut.mean)) == (DAYS[300], 301, 301)
    assert cut.volumes is not None
    assert cut.volumes[-1] == 300.0
    assert whole.until(date(2020, 1, 1)) is None


@pytest.mark.parametrize("lacking", [slice(0, 100), slice(300, 302), slice(len(DAYS) - 3, None)])
@pytest.mark.parametrize("turned", [False, True])
def test_a_pair_has_the_sessions_that_both_legs_have(lacking: slice, turned: bool) -> None:
    gone = set(DAYS[lacking])
    shared = [n for n, day in enumerate(DAYS) if day not in gone]
    days, closes = tuple(DAYS[n] for n in shared), tuple(40.0 + n / 8 for n in shared)
    legs = (Bars("RUT", Basis.PRICE, days, closes, "test", NOW), bars("SPX"))
    lines = pair_lines(*(legs[::-1] if turned else legs))
    assert lines.dates == days
    sides = (lines.large_closes, lines.small_closes) if turned else (lines.small_closes, lines.large_closes)
    assert (tuple(sides[0]), tuple(sides[1])) == (closes, tuple(100.0 + n / 10 for n in shared))
    assert lines.ratio[-1] == lines.small_closes[-1] / lines.large_closes[-1]


def test_dollars_traded_are_known_where_both_legs_are_funds_with_volumes() -> None:
    ones: Column = (None, *(2.0 for _ in DAYS[1:]))
    funds = pair_lines(bars("IWM", volumes=ones), bars("SPY", volumes=tuple(3.0 for _ in DAYS)))
    assert funds.turnover is not None
    assert funds.turnover[0] is None
    assert funds.turnover[10] == pytest.approx(101.0 * 5.0)
    assert pair_lines(bars("IWM", volumes=ones), bars("SPY")).turnover is None
    assert pair_lines(bars("RUT", volumes=ones), bars("SPX", volumes=ones)).turnover is None, "an index has no shares"


@pytest.mark.parametrize("row", ["RUT", "XLE", "IWM"])
def test_the_row_that_is_looked_at_is_drawn(row: str) -> None:
    face = chart.draw(FULL, space(looked_at=row))
    assert face.title.startswith(f"{row} 1Y")
    closes = line_of(row).closes
    assert f"close {closes[-1]:.2f}" in said(face.header)
    assert "200d" in said(face.header)


def test_what_has_no_chart_leaves_the_first_pair() -> None:
    asked: list[str] = []

    def lines(name: str) -> Drawable | None:
        asked.append(name)
        return None

    chart.draw(FULL, space(looked_at="E2", lines=lines))
    assert asked[-1] == FULL.spreads[0].id


def test_a_symbol_without_history_says_so() -> None:
    assert "no history of RUT yet" in plain(chart.draw(FULL, space(looked_at="RUT", lines=lambda _: None)).rows)


def test_an_old_symbol_is_drawn_as_old() -> None:
    old = replace(FULL, tickers=tuple(replace(row, state=State.STALE) for row in FULL.tickers))
    tones = {span.tone for row in chart.draw(old, space(looked_at="RUT")).rows for span in row}
    assert "stale" in tones
    assert "highlight" not in tones


@pytest.mark.parametrize(("pane", "row"), [("indexes", "RUT"), ("sectors", "XLE"), ("spreads", "RUT-SPX")])
def test_a_row_opens_with_its_chart_above_the_numbers(pane: str, row: str) -> None:
    detail = PANES[pane].detail
    assert detail is not None
    rows = plain(detail(FULL, row, space(width=72, height=20)))
    assert row in rows.splitlines()[0]
    assert "price return" in rows.splitlines()[0]
    told = next(at for at, line in enumerate(rows.splitlines()) if line.startswith("what"))
    assert 8 <= told <= 12, "a low chart, and then the numbers"
    low = plain(detail(FULL, row, space(width=52, height=14)))
    assert low.startswith("what"), "no chart that could not be read"
    assert plain(detail(FULL, row, space(width=72, height=20, lines=lambda _: None))) == low


def test_what_is_opened_once_more_leads_to_its_chart() -> None:
    view = replace(View().with_selected("indexes", "IWM"), focus="indexes")
    sheet = sheet_of(FULL, view, (120, 40))
    once = steer.opened(view, sheet)
    assert (once.screen, once.opened) == ("overview", "IWM")
    assert "enter its chart" in plain(sheet_of(FULL, once, (120, 40)).rows)
    twice = steer.opened(once, sheet)
    assert (twice.screen, twice.opened) == ("charts", None)
    assert twice.looked_at("symbols") == "IWM"


def test_the_key_of_the_charts_begins_with_the_row_that_was_looked_at_and_stays_where_it_is_then() -> None:
    view = replace(View().with_selected("sectors", "XLE"), focus="sectors")
    there = steer.on(view, NOTHING, "charts")
    assert there.looked_at("symbols") == "XLE"
    moved = there.with_selected("symbols", "XLF")
    assert steer.on(moved, NOTHING, "charts").looked_at("symbols") == "XLF"
    assert steer.on(View(), NOTHING, "charts").looked_at("symbols") is None, "then it is the first pair"


def test_every_pair_ticker_and_sector_can_be_chosen() -> None:
    face = symbols.PANE.draw(FULL, space(width=20))
    assert set(face.ids) == set(dated_rows(FULL))


def test_settings_of_pairs_step_where_a_pair_is_looked_at() -> None:
    assert is_pair(FULL, "RUT-SPX")
    assert is_pair(FULL, "A/B")
    assert is_pair(FULL, None)
    assert not is_pair(FULL, "RUT")
    pair = View(screen="charts").with_selected("symbols", "RUT-SPX")
    panes = [PANES["symbols"], PANES["chart"]]
    assert steer.next_setting(pair, FULL, lambda _: panes, "m", 1).settings == {KIND.name: "legs"}
    one = pair.with_selected("symbols", "RUT")
    assert KIND.name not in steer.next_setting(one, FULL, lambda _: panes, "m", 1).settings


def test_a_typed_symbol_that_no_source_knows_says_so_in_its_place_and_what_is_next() -> None:
    unknown = replace(FULL.tickers[0], id="ZZZZ", symbol="ZZZZ", last=None, why="yahoo: Yahoo does not know ZZZZ")
    board = replace(FULL, looked=(unknown,))
    assert symbols.PANE.draw(board, space()).ids[0] == "ZZZZ", "what was typed stands first"
    drawn = chart.draw(board, space(width=40, picked="ZZZZ", lines=lambda _: None))
    words = " ".join(plain(drawn.rows).split())
    assert words == "no history of ZZZZ yet: yahoo: Yahoo does not know ZZZZ; it is asked again, x lets it go"
    assert all(width_of(row) <= 40 for row in drawn.rows)
    assert symbols.PANE.detail is not None
    assert "its kind unknown: judged as a fund is" in plain(symbols.PANE.detail(board, "ZZZZ", space()))


def test_a_pairs_last_is_of_the_prices_that_its_day_is_of() -> None:
    pair = replace(FULL.spreads[0], ratio=0.3611, ratio_now=0.362)
    board = replace(FULL, spreads=(pair, *FULL.spreads[1:]))
    first = plain(symbols.draw(board, space()).rows[:1])
    assert "0.3620" in first
    assert "0.3611" not in first
    unknown = replace(board, spreads=(replace(pair, ratio_now=None),))
    assert "?" in plain(symbols.draw(unknown, space()).rows[:1])
    assert "0.3620, of the last closes 0.3611" in plain(symbols.detail(board, pair.id, space()))
