"""What is seen as files: the screen as SVG and as text, the chart and the table in sight as CSV."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from msgspec import Struct

from rotation_tui.app.viewer import Viewer
from rotation_tui.board.contract import Board, Mode, SpreadRow
from rotation_tui.board.lines import Drawable, Lines
from rotation_tui.board.minutes import MinuteLine
from rotation_tui.panes.base import Dated, Setting, dated_rows
from rotation_tui.panes.chart import subject
from rotation_tui.panes.history.curves import KIND, MONTHS
from rotation_tui.panes.history.frames import FRAME, SESSIONS, first_of
from rotation_tui.screens.compose import Sheet
from rotation_tui.screens.steer import focused
from rotation_tui.screens.view import View
from rotation_tui.store.kept import keep_new
from rotation_tui.theme.palette import Palette
from rotation_tui.widgets.cells import Row, plain
from rotation_tui.widgets.spreadsheet import in_csv, structs_in_csv


class Export(Struct, frozen=True):
    """Everything of one export but the picture, which takes a tenth of a second to make; for a thread."""

    stem: str
    title: str
    rows: tuple[Row, ...]
    columns: int
    palette: Palette
    tables: Mapping[str, str]

    def write(self, folder: str) -> tuple[Path, ...]:
        """Write the files, none over another; raises OSError, and RuntimeError where ~ is nobody's home."""
        from rotation_tui.app.picture import picture  # here, because it costs 40 ms

        drawn = picture(self.rows, self.columns, self.title, self.palette)
        return keep_new(
            Path(folder).expanduser(), self.stem, {".svg": drawn, ".txt": plain(self.rows) + "\n", **self.tables}
        )


def export_of(viewer: Viewer, sheet: Sheet, board: Board, columns: int, palette: Palette, now: datetime) -> Export:
    """What the monitor shows at the moment."""
    view, tables = viewer.view, dict[str, str]()
    name, row = _charted(viewer, sheet, board)
    if name is not None:
        if isinstance(row, SpreadRow) and _chosen(KIND, view) == MONTHS and view.opened is None:
            tables["months"] = structs_in_csv(row.seasons)
        elif (drawn := _drawn(viewer, name, _chosen(FRAME, view))) is not None:
            tables["chart"] = drawn
    if (trail := _trail(viewer, sheet, board)) is not None:
        tables["check"] = trail
    if (table := table_csv(board, view, sheet)) is not None:
        tables["table"] = table
    about = "" if name is None else f" {name}"
    day = "" if viewer.past is None else f" as of {viewer.past}"
    words = f"{now:%Y-%m-%d %H%M%S} {view.screen}{about}{day}"
    title = "rotation-tui" + (f" · {board.mode.value}" if board.mode is not Mode.LIVE else "")
    stem = re.sub(r"[^A-Za-z0-9]+", "-", words)
    endings = {f"-{what}.csv": text for what, text in tables.items()}
    return Export(stem, title, sheet.rows, columns, palette, endings)


def _charted(viewer: Viewer, sheet: Sheet, board: Board) -> tuple[str | None, Dated | None]:
    """What the chart in sight is of, and its row; that of an opened detail where one lies over the screen."""
    view = viewer.view
    if view.opened is not None:
        row = dated_rows(board).get(view.opened)
        return (None, None) if row is None else (row.id, row)
    if "chart" not in sheet.panes:
        return None, None
    first = sheet.panes[0]
    return subject(board, (view.looked_at(first), view.selected.get(first)), viewer.lines_of)


def _trail(viewer: Viewer, sheet: Sheet, board: Board) -> str | None:
    """The past of the check that is opened, or whose chart is in sight; None where there is none."""
    view = viewer.view
    shown = sheet.rows_of.get("checks", ()) if "check" in sheet.panes else ()
    check = view.opened or view.selected.get("checks") if shown or view.opened else None
    check = check or next(iter(shown), None)
    unit = next((each.unit for group in board.risk for each in group.checks if each.id == check), None)
    trail = None if check is None or unit is None else viewer.trail_of(check)
    return None if trail is None else in_csv(["date", f"{check}, {unit}"], zip(trail.dates, trail.values, strict=True))


def _drawn(viewer: Viewer, name: str, frame: str) -> str | None:
    """What the chart in sight draws, None where it has nothing to draw."""
    if frame in SESSIONS:
        line = viewer.minutes_of(name, SESSIONS[frame])
        return minutes_csv(line) if isinstance(line, MinuteLine) else None
    history = viewer.lines_of(name)
    first = None if history is None else first_of(history.dates, frame)
    return None if history is None or first is None else chart_csv(history, first)


def _chosen(setting: Setting, view: View) -> str:
    chosen = view.settings.get(setting.name, "")
    return chosen if chosen in setting.choices else setting.choices[0]


def chart_csv(history: Drawable, first: int) -> str:
    """The history of a pair or symbol from row `first` on; what is unknown is an empty cell."""
    if isinstance(history, Lines):
        columns: dict[str, Sequence[Any] | None] = {
            f"{history.small} close": history.small_closes,
            f"{history.large} close": history.large_closes,
            "ratio": history.ratio,
            "mean of 200 sessions": history.mean,
            "dollars traded": history.turnover,
        }
    else:
        columns = {
            "open": history.opens,
            "high": history.highs,
            "low": history.lows,
            "close": history.closes,
            "mean of 200 sessions": history.mean,
            "volume": history.volumes,
        }
    known = {name: column for name, column in columns.items() if column is not None}
    dates: Sequence[date] = history.dates
    rows = zip(*(column[first:] for column in (dates, *known.values())), strict=True)
    return in_csv([f"date, {history.basis.value} return", *known], rows)


def minutes_csv(line: MinuteLine) -> str:
    """Prices within the sessions; the time is the beginning of each row, in UTC."""
    ratio = {"ratio": line.values} if len(line.legs) > 1 else {}
    columns = dict(zip(line.legs, line.columns, strict=True)) | ratio
    times = [datetime.fromtimestamp(at, UTC).isoformat() for at in line.times]
    phases = [phase.value for phase in line.phases]
    rows = zip(times, line.sessions, phases, *columns.values(), strict=True)
    return in_csv(["time", "session", "phase", *columns], rows)


def table_csv(board: Board, view: View, sheet: Sheet) -> str | None:
    """The rows of the focused pane in their order; None where it is no table of the board."""
    rows = table_rows(board, view, sheet)
    return structs_in_csv(rows) if rows else None


def table_rows(board: Board, view: View, sheet: Sheet) -> Sequence[Struct]:
    """The rows of the board that the focused pane shows, in their order; empty where it is no table of the board."""
    name, ids = focused(view, sheet)
    table = next((slot.pane.table for slot, _ in sheet.spots if slot.pane.name == name), None)
    rows = () if table is None else tuple(table(board))
    by_id = {str(getattr(row, "id", at)): row for at, row in enumerate(rows)}
    return [by_id[row_id] for row_id in ids if row_id in by_id] or rows
