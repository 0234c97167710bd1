"""A sector fund in words: the index it tracks, and what opens on its row."""

from collections.abc import Sequence
from functools import lru_cache

from rotation_tui.board.contract import Board, SectorRow
from rotation_tui.domain.state import State
from rotation_tui.panes.base import Space, local_stamp
from rotation_tui.panes.history.face import with_chart
from rotation_tui.panes.parts import GONE, came_by, facts
from rotation_tui.panes.window_columns import all_windows
from rotation_tui.widgets import figures
from rotation_tui.widgets.cells import Rows

_NAMES_A_SECTOR = ("Capped", "Select")
_IMPLIED = "SmallCap"
_NO_PAIR = {"large": "a large-cap sector has no pair", "small": "no large-cap fund is set against it"}


@lru_cache(64)
def short_index(tracks: str) -> str:
    """The family of an index without the sector: "S&P SmallCap 600 Capped Energy" is the S&P 600."""
    family: list[str] = []
    for word in tracks.split():
        if word in _NAMES_A_SECTOR:
            break
        if word != _IMPLIED:
            family.append(word)
        if word.isdigit():
            break
    return " ".join(family) or tracks


def benchmarks(rows: Sequence[SectorRow]) -> dict[str, list[str]]:
    """The funds by what their excess is against, the one that most are measured by first."""
    by_bench: dict[str, list[str]] = {}
    for row in rows:
        by_bench.setdefault(row.benchmark, []).append(row.symbol)
    return dict(sorted(by_bench.items(), key=lambda item: -len(item[1])))


def against(rows: Sequence[SectorRow]) -> str:
    """In words: "against IJR; KRE XBI XOP against IWM"."""
    most, *others = benchmarks(rows).items() or [("", [])]
    return "; ".join([f"against {most[0]}", *(f"{' '.join(symbols)} against {bench}" for bench, symbols in others)])


def detail(board: Board, row_id: str, space: Space) -> Rows:
    """What the fund is and how its place came about; beside an unknown measure stands why."""
    row = next((r for r in board.sectors if r.id == row_id), None)
    if row is None:
        return GONE
    pair = f"{figures.signed(row.pair_spread_pp, 2)} pp against {row.pair} over 63 sessions"
    lines = [
        ("what", f"{row.symbol}, {row.sector}"),
        ("tracks", row.tracks),
        ("last", f"{figures.amount(row.last)}  {row.state.value}, {local_stamp(row.as_of, space)}, "
                 f"from {row.source or figures.UNKNOWN}{came_by(row)}"),
        ("returns", f"%, {row.basis.value if row.basis else figures.UNKNOWN} return"),
        *all_windows(row, board.periods),
        ("bench", f"{figures.signed(row.excess_pp, 2)} pp against {row.benchmark} over 63 sessions"
                  + _because(row, "excess_pp", row.excess_pp)),
        ("pair", pair + _because(row, "pair_spread_pp", row.pair_spread_pp)
                 if row.pair else _NO_PAIR.get(row.side, "has no pair")),
        ("rank", f"{row.rank or figures.UNKNOWN} by return over 63 sessions; {_moved(row.rank_change)} in 21 sessions"
                 + _because(row, "rank_change", row.rank_change)),
        ("52 weeks", f"{figures.amount(row.year_range_pct, 0)} % of the range of 252 closes"
                     + _because(row, "year_range_pct", row.year_range_pct)),
        ("traded", _traded(row) + _because(row, "median_dollar_volume", row.median_dollar_volume)),
        ("weekly", rotation_words(row.rs_ratio, row.rs_momentum, row.heading, row.speed)
                   if row.rs_ratio is not None else f"n/a ({row.rotation_why or 'no study yet'})"),
    ]  # fmt: skip
    if row.study_as_of is not None:
        lines.append(("closes", f"of the fund and of {row.benchmark} to {row.study_as_of}"))
    if row.why:
        lines.append(("why ?", row.why))
    return with_chart(row.id, facts(lines), board, space, stale=State.STALE in (row.state, row.study_state))


def rotation_words(ratio: float | None, momentum: float | None, heading: float | None, speed: float | None) -> str:
    """A point of the relative rotation and its last step."""
    point = f"ratio {figures.amount(ratio)}, momentum {figures.amount(momentum)}"
    if speed is None:
        return point
    turned = "" if heading is None else f", heading {figures.amount(heading, 0)} degrees from the right"
    return f"{point}{turned}, speed {figures.amount(speed)}"


def _because(row: SectorRow, measure: str, value: float | None) -> str:
    reason = (row.reasons or {}).get(measure)
    return f"  ? {reason}" if value is None and reason else ""


def _traded(row: SectorRow) -> str:
    if row.median_dollar_volume is None:
        return "a day over 21 sessions"
    thin = ": ILLIQUID, less than $0.5 m" if row.illiquid else ""
    return f"${figures.amount(row.median_dollar_volume / 1e6)} m a day, median of 21 sessions{thin}"


def _moved(change: int | None) -> str:
    if change is None:
        return "unknown change"
    return "unchanged" if change == 0 else f"{'up' if change > 0 else 'down'} {abs(change)}"
