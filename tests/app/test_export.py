"""Export: what is seen goes into new files, with the numbers behind it."""

import csv
import io
import os
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace

from rotation_tui.app.export import Export, chart_csv, export_of, minutes_csv, table_csv
from rotation_tui.app.viewer import Viewer
from rotation_tui.board.contract import Board
from rotation_tui.board.minutes import MinuteLine
from rotation_tui.domain.reading import Trail
from rotation_tui.domain.session import Phase
from rotation_tui.screens.compose import Sheet
from rotation_tui.screens.keys import SCREENS
from rotation_tui.screens.view import View
from rotation_tui.store.kept import keep_new
from rotation_tui.theme.load import load_themes
from rotation_tui.widgets.cells import plain
from rotation_tui.widgets.spreadsheet import in_csv
from rotation_tui.widgets.table import Order
from tests.app.test_muting import a_run
from tests.boards import FULL
from tests.panes.test_candle_charts import WHOLE, line_of
from tests.panes.test_chart import WAVES
from tests.panes.test_contract import sheet_of
from tests.panes.test_seasons import MIXED

NOW = datetime(2026, 6, 22, 11, 0, 5, tzinfo=UTC)
PALETTE = load_themes(None).themes["dark"].palette


def read(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def exported(
    view: View, board: Board = FULL, history: object = WHOLE, minutes: MinuteLine | str = ""
) -> tuple[Export, Sheet]:  # fmt: skip
    sheet = sheet_of(board, view, (122, 38))
    viewer = Viewer(a_run(), view, ascii_only=False)
    viewer.minutes_of = lambda *_: minutes  # type: ignore[method-assign]
    viewer.lines_of = lambda _: history  # type: ignore[method-assign, assignment, return-value]
    return export_of(viewer, sheet, board, 122, PALETTE, NOW), sheet


def test_the_screen_is_written_as_picture_and_text_with_chart_and_table_beside_it(tmp_path: Path) -> None:
    made, sheet = exported(View(screen="charts").with_selected("symbols", "IWM"))
    paths = made.write(str(tmp_path / "new" / "folder"))
    assert [path.name for path in paths] == [
        "2026-06-22-110005-charts-IWM.svg",
        "2026-06-22-110005-charts-IWM.txt",
        "2026-06-22-110005-charts-IWM-chart.csv",
        "2026-06-22-110005-charts-IWM-table.csv",
    ]
    assert paths[1].read_text(encoding="utf-8") == plain(sheet.rows) + "\n"
    drawn = paths[0].read_text(encoding="utf-8")
    assert drawn.startswith("<svg")
    assert "Charts" in drawn
    assert read(paths[3].read_text(encoding="utf-8"))[0]["id"] == "RUT-SPX"


def test_nothing_is_written_over(tmp_path: Path) -> None:
    first = keep_new(tmp_path, "x", {".svg": "1", ".txt": "1"})
    (tmp_path / "x-2.txt").write_text("somebody's", encoding="utf-8")
    second = keep_new(tmp_path, "x", {".svg": "2", ".txt": "2"})
    assert [path.name for path in second] == ["x-3.svg", "x-3.txt"]
    assert [path.read_text(encoding="utf-8") for path in (*first, *second)] == ["1", "1", "2", "2"]
    assert (tmp_path / "x-2.txt").read_text(encoding="utf-8") == "somebody's"


@pytest.mark.skipif(os.name == "nt", reason="a file stands for a folder here")
def test_a_folder_that_cannot_be_had_is_an_error_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    made, _ = exported(View())
    with pytest.raises(FileExistsError):
        made.write(str(tmp_path / "file"))
    with pytest.raises(RuntimeError):
        made.write("~nobody-of-that-name/x")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_the_names_have_no_character_that_a_file_system_refuses() -> None:
    board = replace(FULL, tickers=(replace(FULL.tickers[0], id="RTY=F:1/2"), *FULL.tickers[1:]))
    made, _ = exported(View(screen="charts").with_selected("symbols", "RTY=F:1/2"), board)
    assert made.stem == "2026-06-22-110005-charts-RTY-F-1-2"


def test_the_chart_of_a_symbol_is_its_frame_with_what_is_known() -> None:
    rows = read(chart_csv(WHOLE, len(WHOLE.dates) - 30))
    assert len(rows) == 30
    last = rows[-1]
    assert last["date, price return"] == str(WHOLE.dates[-1])
    assert float(last["close"]) == pytest.approx(WHOLE.closes[-1])
    assert {"open", "high", "low", "volume", "mean of 200 sessions"} <= set(last)
    bare = read(chart_csv(line_of(opens=None, volumes=None), 0))
    assert not {"open", "volume"} & set(bare[0])
    assert bare[0]["mean of 200 sessions"] == ""


def test_the_chart_of_a_pair_has_both_legs() -> None:
    last = read(chart_csv(WAVES, 100))[-1]
    assert float(last["RUT close"]) / float(last["SPX close"]) == pytest.approx(float(last["ratio"]))


def test_the_frame_in_sight_is_the_frame_that_is_written() -> None:
    view = View(screen="charts", settings={"frame": "1M"}).with_selected("symbols", "IWM")
    made, _ = exported(view)
    assert read(made.tables["-chart.csv"])[0]["date, price return"] == "2026-05-18"


def test_minutes_are_written_where_they_are_seen() -> None:
    line = MinuteLine(
        legs=("RUT", "SPX"), step_s=60, times=(1782136800, 1782136860), columns=((200.0, None), (400.0, 401.0)),
        values=(0.5, None), phases=(Phase.OPEN, Phase.OPEN), sessions=(date(2026, 6, 22),) * 2, bases=(1.0, 1.0),
        base_session=date(2026, 6, 18), source="test", delay_s=0, fetched_at=NOW,
    )  # fmt: skip
    view = View(screen="charts", settings={"frame": "1D"})
    for told, written in ((line, True), ("no minutes yet", False)):
        made, _ = exported(view, minutes=told)
        assert ("-chart.csv" in made.tables) == written
    rows = read(minutes_csv(line))
    assert rows[0] == {
        "time": "2026-06-22T14:00:00+00:00", "session": "2026-06-22", "phase": "OPEN", "RUT": "200", "SPX": "400",
        "ratio": "0.5",
    }  # fmt: skip
    assert rows[1]["RUT"] == rows[1]["ratio"] == ""


def test_months_are_written_where_they_are_seen() -> None:
    board = replace(FULL, spreads=(replace(FULL.spreads[0], seasons=MIXED), *FULL.spreads[1:]))
    made, _ = exported(View(screen="charts", settings={"kind": "months"}), board, WAVES)
    assert [row["month"] for row in read(made.tables["-months.csv"])] == [str(n) for n in range(1, 13)]
    assert "-chart.csv" not in made.tables


def test_the_chart_of_an_opened_row_is_written() -> None:
    view = replace(View().with_selected("indexes", "IWM"), focus="indexes", opened="IWM")
    made, _ = exported(view)
    assert "-chart.csv" in made.tables
    assert "IWM" in made.stem


def test_the_table_is_that_of_the_focused_pane_in_its_order() -> None:
    view = replace(View(), focus="indexes").with_order("indexes", Order("last", True))
    sheet = sheet_of(FULL, view, (122, 60))
    text = table_csv(FULL, view, sheet)
    assert text is not None
    rows = read(text)
    assert [row["id"] for row in rows] == list(sheet.rows_of["indexes"])
    assert float(rows[0]["windows.YTD"]) == pytest.approx(
        next(t for t in FULL.tickers if t.id == rows[0]["id"]).windows["YTD"] or 0.0
    )
    assert "spark" not in rows[0]


@pytest.mark.parametrize("screen", ["overview", "spreads", "sectors", "risk", "feeds"])
def test_every_table_can_be_written(screen: str) -> None:
    view = View(screen=screen)
    sheet = sheet_of(FULL, view, (122, 60))
    for pane in sheet.panes:
        text = table_csv(FULL, replace(view, focus=pane), sheet)
        assert text is None or len(read(text)) > 0, pane
    assert table_csv(FULL, replace(view, focus=sheet.panes[0]), sheet) is not None


def test_what_is_no_table_is_none() -> None:
    assert (
        table_csv(
            FULL, View(screen="charts", focus="chart"), sheet_of(FULL, View(screen="charts", focus="chart"), (122, 38))
        )
        is None
    )


def test_a_cell_is_no_formula_and_unknown_is_empty() -> None:
    assert in_csv(["=a", "b"], [[None, "=1+1"], [1.5, -2.0], [0.1 + 0.2, True]]) == (
        "'=a,b\n,'=1+1\n1.5,-2\n0.3,True\n"
    )


WRITTEN_AS_SEEN = {"answers", "chart", "check"}
"""Panes that are no table: sentences on what others have, and charts, whose data have files of their own."""


def test_every_pane_is_a_table_or_a_chart_with_data_of_its_own() -> None:
    """Whatever is seen goes out as a picture, and what is made of rows as CSV as well."""
    for screen in SCREENS:
        for slot, _ in sheet_of(FULL, View(screen=screen), (200, 60)).spots:
            pane, table = slot.pane.name, slot.pane.table
            assert (table is None) is (pane in WRITTEN_AS_SEEN), pane
            if table is not None and tuple(table(FULL)):
                seen = View(screen=screen, focus=pane)
                written = table_csv(FULL, seen, sheet_of(FULL, seen, (200, 60)))
                assert written is not None, pane
                assert read(written), pane


def test_the_chart_of_a_check_goes_out_with_its_past() -> None:
    check = FULL.risk[0].checks[0]
    view = View(screen="risk", focus="checks").with_selected("checks", check.id)
    viewer = Viewer(a_run(), view, ascii_only=False)
    viewer.trail_of = lambda _: Trail((date(2026, 6, 18), date(2026, 6, 19)), (0.25, 0.5))  # type: ignore[method-assign, assignment]
    made = export_of(viewer, sheet_of(FULL, view, (122, 38)), FULL, 122, PALETTE, NOW)
    assert made.tables["-check.csv"] == f'date,"{check.id}, {check.unit}"\n2026-06-18,0.25\n2026-06-19,0.5\n'
