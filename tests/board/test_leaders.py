"""How many of the article's four sectors lead, and how broad the lead of small caps is."""

from msgspec.structs import replace

from rotation_tui.board.contract import Breadth, SectorRow
from rotation_tui.board.sectors import breadth, leaders
from rotation_tui.domain.results import SectorStudy
from rotation_tui.domain.state import State
from rotation_tui.domain.window import Window
from tests.boards import FULL

SMALL = [row for row in FULL.sectors if row.side == "small"]


def _with(half: dict[str, float | None]) -> int | None:
    rows = tuple(_at(row, half[row.id]) if row.id in half else row for row in FULL.sectors)
    return leaders(rows, Window.HALF)


def _at(row: SectorRow, value: float | None) -> SectorRow:
    return replace(row, windows={**row.windows, "HALF": value})


def test_only_broad_sectors_count_and_a_tie_for_fourth_leads() -> None:
    first_of_pair: dict[str, SectorRow] = {}
    for row in SMALL:
        if row.pair:
            first_of_pair.setdefault(row.pair, row)
    broad = list(first_of_pair.values())
    thesis = [row.id for row in broad if row.thesis]
    others = [row.id for row in broad if not row.thesis]
    industries = {row.id: 99.0 for row in SMALL if row.id not in {r.id for r in broad}}
    low = dict.fromkeys(others, 1.0)
    assert _with({**industries, **low, **dict.fromkeys(thesis, 2.0)}) == len(thesis)
    assert _with({**industries, **dict.fromkeys(others, 3.0), **dict.fromkeys(thesis, 2.0)}) == max(0, 4 - len(others))
    assert _with({**industries, **low, **dict.fromkeys(thesis, 1.0)}) == len(thesis)
    assert _with({**low, **dict.fromkeys(thesis, 2.0), thesis[0]: None}) is None


def test_breadth_counts_nine_funds_at_the_prices_of_now_and_what_is_stale_not_at_all() -> None:
    broad = list({row.pair: row for row in reversed(SMALL) if row.pair}.values())
    means = {row.id: SectorStudy(row.id, row.symbol, "small", mean=99.0) for row in SMALL}
    rows = tuple(replace(row, last=100.0, pair_spread_pp=1.0, state=State.LIVE) for row in FULL.sectors)
    n = len(broad)
    assert breadth(rows, means) == Breadth(n, n, n, n, n)
    assert breadth(rows, {}) == Breadth(n, n, n, 0, 0)
    first = next(at for at, row in enumerate(rows) if row.side == "small" and row.pair)

    def with_first(**changes: object) -> Breadth:
        return breadth((*rows[:first], replace(rows[first], **changes), *rows[first + 1 :]), means)

    assert with_first(last=98.0, pair_spread_pp=-0.1) == Breadth(n, n - 1, n, n - 1, n)
    assert with_first(last=None, pair_spread_pp=None) == Breadth(n, n - 1, n - 1, n - 1, n - 1)
    assert with_first(state=State.STALE) == Breadth(n, n - 1, n - 1, n - 1, n - 1)
