"""How many of the article's four sectors lead."""

from msgspec.structs import replace

from rotation_tui.board.contract import SectorRow
from rotation_tui.board.sectors import leaders
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
