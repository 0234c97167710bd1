"""The spreads pane: who leads in words, statistics where there is room, and why what is unknown is unknown."""

import dataclasses
from datetime import UTC, date

import pytest
from msgspec.structs import replace

from rotation_tui.board.contract import Board, SpreadRow, TotalRow
from rotation_tui.domain.results import DEFINITIONS, SAME_AS_CALENDAR, Breakout, WidestSince, YearExtreme
from rotation_tui.domain.state import State
from rotation_tui.panes.base import Space
from rotation_tui.panes.spreads import PANE
from rotation_tui.panes.spreads.words import detail, in_total_return, leads
from rotation_tui.screens import steer
from rotation_tui.screens.view import View
from rotation_tui.widgets.cells import plain
from rotation_tui.widgets.glyphs import ASCII
from rotation_tui.widgets.table import Order
from tests.boards import EMPTY, FULL, NOW

HEADS = (
    *("z (win)", "200d", "state", "52w", "ratio", "log", "dd252", "dd 2020", "dd max", "1d σ", "5d σ", "20d σ"),
    *("60d σ", "corr63", "corr252", "beta", "beta126", "vol126", "run", "won 6", "won 12"),
)
UNSORTED = Order()
ROW = FULL.spreads[0]
UNKNOWN = replace(
    ROW, z=None, percentile=None, moves={"1": 0.4, "5": None, "20": None, "60": None}, drawdown_since_2020_pct=None,
    correlation_63=None, beta_adjusted_pp=None, vol_adjusted=None, year_extreme=YearExtreme.UNKNOWN,
    breakout=Breakout.UNKNOWN, months_won_of_12=None,
    reasons={
        "z": "needs z", "percentile": "needs percentile", "move_5": "needs moves", "move_20": "needs moves",
        "move_60": "needs more moves", "drawdown_since_2020_pct": "needs 2020", "correlation_63": "needs a quarter",
        "beta_adjusted_pp": "needs a year", "vol_adjusted": "needs volatility", "year_extreme": "needs 52 weeks",
        "breakout": "never broke out", "months_won_of_12": "needs months",
    },
)  # fmt: skip


def board_of(*rows: SpreadRow) -> Board:
    return replace(FULL, spreads=rows)


def space(width: int, height: int, order: Order = UNSORTED) -> Space:
    return Space(width, height, NOW, UTC, full=True, order=order)


def at(year: float | None, half: float | None, percentile: float | None = 72.2, *, record: bool = False) -> SpreadRow:
    return replace(ROW, windows={**ROW.windows, "YTD": year, "HALF": half}, percentile=percentile, percentile_n=2520,
                   percentile_is_record=record)  # fmt: skip


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (at(-5.1, 3.8), "large caps lead by 5.1 pp this year, small caps by 3.8 pp this half; "
                        "126d margin above 72 % of 2,520 sessions"),
        (at(9.7, 2.0, record=True), "small caps lead by 9.7 pp this year, by 2.0 pp this half; "
                                    "126d margin the widest of 2,520 sessions"),
        (at(9.7, 9.7, None), "small caps lead by 9.7 pp this year"),
        (at(None, -1.0, None), "large caps lead by 1.0 pp this half"),
    ],
)  # fmt: skip
def test_who_leads_and_how_unusual_that_is(row: SpreadRow, words: str) -> None:
    told = leads(row, {})
    assert words in told
    assert row.percentile is None or told[0] == words + " (25 windows)"
    assert words in plain(PANE.draw(board_of(row), space(118, 20)).rows)


def test_where_both_are_unknown_nobody_leads() -> None:
    assert leads(at(None, None), {}) == ()
    assert "lead" not in plain(PANE.draw(EMPTY, space(118, 20)).rows)


def test_the_sentence_gets_shorter_with_the_place() -> None:
    row = at(-5.1, 3.8)
    for width, words in (
        (118, "above 72 % of 2,520 sessions"), (80, "small by 3.8 pp this half; 126d wider than 72 %"),
        (57, "large lead by 5.1 pp this year, small by 3.8 pp this half"),
    ):  # fmt: skip
        assert words in plain(PANE.draw(board_of(row), space(width, 12)).rows)
    assert "lead" not in plain(PANE.draw(board_of(row), space(40, 12)).rows), "it is never cut"


def test_an_old_lead_is_dim() -> None:
    rows = PANE.draw(board_of(replace(at(-5.1, 3.8), state=State.STALE)), space(118, 12)).rows
    assert [s.tone for row in rows for s in row if "lead" in s.text] == ["stale"]


def test_with_room_every_statistic_has_a_column() -> None:
    face = PANE.draw(FULL, space(196, 20))
    heads = plain([next(r for r in face.rows if r and "corr63" in plain([r]))])
    assert all(f" {head} " in f"{heads} " for head in HEADS)
    assert all(plain(face.rows).count(row.id.replace("-", "−")) == 2 for row in FULL.spreads)
    assert [i for i in face.ids if i is not None] == [row.id for row in FULL.spreads], "each can be selected once"
    assert "corr63" not in plain(PANE.draw(FULL, space(196, 15)).rows)


def test_a_statistic_that_sorts_stands_beside_the_margins_also_where_it_had_no_room() -> None:
    for key, head in (("corr63", "corr63"), ("move_60", "60d σ"), ("won12", "won 12")):
        face = PANE.draw(FULL, space(100, 12, Order(key)))
        assert [s.text.strip() for s in face.header if s.tone == "bright"] == [head + "▲"]
        assert head not in plain([PANE.draw(FULL, space(100, 12)).header])


def test_the_range_of_a_year_is_flagged() -> None:
    words = [plain([r]) for r in PANE.draw(FULL, space(196, 20)).rows]
    stats = words[-len(FULL.spreads):]  # fmt: skip
    assert "52wH" in stats[0]
    assert "52wL" in stats[2]
    assert "52w" not in stats[1]


@pytest.mark.parametrize("reason", sorted(set((UNKNOWN.reasons or {}).values())))
def test_beside_an_unknown_measure_stands_why(reason: str) -> None:
    told = plain(detail(board_of(UNKNOWN), UNKNOWN.id, space(76, 20)))
    line = next(text for text in told.splitlines() if reason in text)
    assert "?" in line.partition("  ? ")[0]


def test_a_detail_tells_every_measure() -> None:
    told = plain(detail(FULL, ROW.id, space(76, 20)))
    for figure in ("+1.25", "p97 of 3,000", "for beta +2.20", "+0.40 tracking volatilities", "0.3626", "−1.0146",
                   "52wH", "+4.40 %", "ABOVE", "−31.20 %", "−21.20 since 2020", "−1.20 of 252", "0.73 over 63",
                   "0.83 over 252", "beta 1.21", "−3 sessions", "4 of 6", "7 of 12", "1d +0.03 5d +0.17"):  # fmt: skip
        assert figure in told, figure
    assert "?" not in told


def test_the_smallest_screen_shows_a_whole_detail() -> None:
    assert sum(1 + len(line) // 74 for line in plain(detail(FULL, ROW.id, space(72, 20))).splitlines()) <= 20


def test_ascii_spells_its_letters() -> None:
    face = PANE.draw(FULL, dataclasses.replace(space(196, 20), glyphs=ASCII))
    assert "60d sd" in plain(face.rows)
    assert "σ" not in plain(face.rows)


def test_one_number_is_counted_once_in_the_headline_claim() -> None:
    def fact(over: bool | None, note: str | None = None) -> WidestSince:
        return WidestSince(12.7, 12.7, date(2001, 6, 29), date(1988, 6, 30), 25.0, False, over, note)

    wide = {"CAL": fact(True), "HALF": fact(None, SAME_AS_CALENDAR), **dict.fromkeys(DEFINITIONS[2:], fact(False))}
    text = plain(PANE.draw(board_of(replace(ROW, widest_since=wide)), space(118, 20)).rows)
    assert "widest in over a decade? DENIED  calendar: widest since 2001" in text
    assert "calendar ✓  half = calendar  126d ✗" in text
    both = {**wide, "HALF": fact(True)}
    text = plain(PANE.draw(board_of(replace(ROW, widest_since=both)), space(118, 20)).rows)
    assert "MIXED  half: widest since 2001" in text
    assert "half: same as calendar" not in text
    words = plain(detail(board_of(replace(ROW, widest_since=wide)), ROW.id, space(118, 20)))
    assert "half     +12.70: same as calendar" in words


def test_one_key_tells_the_margins_in_total_return() -> None:
    bare = replace(
        FULL.spreads[1],
        total=TotalRow(dict.fromkeys(ROW.windows), dict.fromkeys(ROW.windows), {}, None, "no dividend-adjusted closes"),
    )
    board = board_of(ROW, bare)
    assert ROW.total is not None
    face = PANE.draw(board, dataclasses.replace(space(118, 12), settings={"basis": "total"}))
    assert (face.title, face.subtitle) == ("Small − large, total return, pp", "total return to the close of 2026-06-19")
    first, second = (plain([face.rows[face.ids.index(row.id)]]) for row in (ROW, bare))
    for window in ("1D", "1M", "YTD"):
        assert f"{ROW.total.windows[window]:+.1f}".replace("-", "−") in first
    assert first.split()[1].endswith("*"), "the day is that of the close, and the board's is another"
    closed = PANE.draw(
        board_of(replace(ROW, as_of=ROW.total.as_of)), dataclasses.replace(space(118, 12), settings={"basis": "total"})
    )
    assert "*" not in plain(closed.rows)
    tight = PANE.draw(board, dataclasses.replace(space(80, 6), settings={"basis": "total"}, tight=True))
    assert tight.title == "Total, pp"
    assert len(tight.title) < plain([tight.header]).index("1D"), "the names of the columns stay in sight"
    assert second.split()[1:4] == ["?", "?", "?"], "what has no total return is unknown and not a price return"
    price = PANE.draw(board, space(118, 12))
    assert f"{ROW.windows['YTD']:+.1f}".replace("-", "−") in plain([price.rows[0]])
    assert price.subtitle.startswith("price return")
    told = plain(detail(board, ROW.id, space(76, 20)))
    ytd, year = ((ROW.total.price[w], ROW.total.windows[w]) for w in ("YTD", "1Y"))
    wanted = ", ".join(f"{n} {p:+.2f}/{t:+.2f}" for n, (p, t) in (("YTD", ytd), ("1Y", year)))
    assert f"price/total {wanted}, to 2026-06-19".replace("-", "−").replace("2026−06−19", "2026-06-19") in told
    assert "return   price alone; total return ? no dividend-adjusted closes" in plain(
        detail(board, bare.id, space(76, 20))
    )
    assert [s.key for s in PANE.settings] == ["d", "b"]


def test_the_sentence_carries_the_star_of_its_numbers() -> None:
    row = replace(FULL.spreads[0], windows={**FULL.spreads[0].windows, "YTD": 6.0, "HALF": 3.0}, marks={})
    assert "*" not in leads(row, {})[0]
    starred = replace(row, marks={"YTD": "* from the close of 2025-12-30"})
    assert "by 6.0 pp this year*, by 3.0 pp this half" in leads(starred, {})[0]


def test_statistics_of_earlier_closes_are_marked() -> None:
    late = replace(ROW, study_as_of=date(2026, 6, 18), marks={"statistics": "* closes to 2026-06-18"})
    face = PANE.draw(board_of(late), space(250, 20))
    assert "1.25 (3)*" in plain(face.rows)
    assert "p97*" in plain(face.rows)
    assert face.subtitle.endswith("bars to 2026-06-18")
    assert "1.25 (3)*" in plain(PANE.draw(board_of(in_total_return(late)), space(250, 20)).rows)
    assert "*" not in plain(PANE.draw(board_of(ROW), space(250, 20)).rows)
    told = plain(detail(board_of(late), late.id, space(118, 40)))
    assert "* closes to 2026-06-18: margin to streak are of then" in told
    assert " of 12 *" in told


@pytest.mark.parametrize("width", [57, 60, 76, 140])
@pytest.mark.parametrize("definition", ["HALF", "CAL", "ROLL126"])
def test_no_word_of_the_claim_is_cut(width: int, definition: str) -> None:
    since = WidestSince(9.0, 9.0, None, date(1990, 1, 2), 36.0, True, True)
    board = board_of(replace(ROW, widest_since=dict.fromkeys(DEFINITIONS, since)))
    face = PANE.draw(board, dataclasses.replace(space(width, 20), settings={"definition": definition}))
    (claim,) = (plain((row,)) for row in face.rows if "over a decade?" in plain((row,)))
    assert len(claim) <= width
    assert claim.endswith(("widest since records begin, 1990", "a record since 1990"))


def test_the_key_of_the_definitions_answers_in_the_words_of_the_screen() -> None:
    view, answers = View(screen="spreads", focus="spreads"), list[str | None]()
    for _ in DEFINITIONS:
        view = steer.next_setting(view, FULL, lambda _: [PANE], "d", 1)
        answers.append(view.said)
    assert answers == [f"widest margin by: {name}" for name in ("calendar", "126d", "252d", "streak", "half")]
