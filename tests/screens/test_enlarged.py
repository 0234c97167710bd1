"""Panes that are enlarged or hidden, the keys that the last line and the borders name, and the way back."""

import pytest
from msgspec.structs import replace

from rotation_tui.screens import steer
from rotation_tui.screens.compose import Sheet
from rotation_tui.screens.keys import SCREENS
from rotation_tui.screens.view import View
from rotation_tui.widgets.cells import Row, plain
from tests.boards import FULL
from tests.panes.test_contract import PANES, panes_of, sheet_of

SEVERAL = [name for name in SCREENS if len(panes_of(name)) > 1]


def text_of(row: Row) -> str:
    return "".join(span.text for span in row)


def after(step: str, view: View, size: tuple[int, int] = (80, 24)) -> tuple[View, Sheet]:
    """The view after a step, and the screen of it."""
    view = getattr(steer, step)(view, sheet_of(FULL, view, size))
    return view, sheet_of(FULL, view, size)


@pytest.mark.parametrize("screen", SEVERAL)
@pytest.mark.parametrize("size", [(80, 24), (200, 60)], ids=str)
def test_every_pane_can_have_the_screen_to_itself_and_give_it_back(screen: str, size: tuple[int, int]) -> None:
    in_sight = sheet_of(FULL, View(screen=screen), size).panes
    for pane in (pane for pane in panes_of(screen) if pane.name in in_sight):
        view = View(screen=screen, focus=pane.name)
        before = sheet_of(FULL, view, size)
        enlarged, sheet = after("enlarged", view, size)
        assert sheet.panes == (pane.name,)
        (slot, _) = sheet.spots[0]
        assert (slot.width, slot.height) == (size[0], size[1] - 2)
        assert len(sheet.rows_of[pane.name]) >= len(before.rows_of.get(pane.name, ()))
        assert "give back" in text_of(sheet.rows[-1])
        for step in ("enlarged", "back", "whole"):
            given_back, again = after(step, enlarged, size)
            assert again.rows == before.rows, step
            assert given_back.screen == screen


def test_every_check_can_be_reached_in_the_enlarged_risk_pane() -> None:
    view, sheet = after("enlarged", View(focus="risk"))
    checks = {check.id for group in FULL.risk for check in group.checks}
    assert checks < set(sheet.rows_of["risk"])
    last = sheet.rows_of["risk"][-1]
    scrolled = sheet_of(FULL, view.with_selected("risk", last), (80, 24))
    assert any(span.selected for row in scrolled.rows for span in row)


def test_tab_goes_to_the_next_pane_in_the_place_of_the_enlarged_one() -> None:
    view, sheet = after("enlarged", View(focus="indexes"))
    seen: list[str] = []
    for _ in sheet.every:
        view = steer.next_pane(view, sheet, 1)
        sheet = sheet_of(FULL, view, (80, 24))
        seen += sheet.panes
    assert seen == [*sheet.every[1:], sheet.every[0]]


def test_a_pane_is_hidden_the_next_one_has_the_focus_and_the_last_one_stays() -> None:
    view, names = View(focus="spreads"), [pane.name for pane in panes_of("overview")]
    for left in range(len(names) - 1, 0, -1):
        view, sheet = after("hid", view, (160, 40))
        assert len(sheet.panes) == left
        assert view.focus in sheet.panes
        assert "is hidden; = shows it again" in text_of(sheet.rows[-1])
        view = replace(view, said=None)
        sheet = sheet_of(FULL, view, (160, 40))
        assert f"{len(names) - left} hidden, = shows" in text_of(sheet.rows[-1])
    assert after("hid", view, (160, 40))[1].panes == sheet.panes
    view, sheet = after("whole", view, (160, 40))
    assert list(sheet.panes) == names
    assert "hidden" not in text_of(sheet.rows[-1])


def test_what_is_hidden_on_one_screen_is_seen_on_another() -> None:
    view, _ = after("hid", View(focus="spreads"))
    assert "spreads" in sheet_of(FULL, replace(view, screen="spreads"), (80, 24)).panes


@pytest.mark.parametrize("width", [60, 80])
def test_the_way_back_is_told_where_it_is_narrow(width: int) -> None:
    view, _ = after("hid", View(focus="spreads"), (width, 24))
    sheet = sheet_of(FULL, replace(view, said=None), (width, 24))
    last = text_of(sheet.rows[-1])
    assert "1 hidden, = shows" in last
    assert " ? help" in last
    assert " q quit" in last


def test_hidden_panes_stay_hidden_and_enlarged_ones_do_not() -> None:
    view = replace(View().with_hidden(("feeds",)).with_enlarged("risk"), screen="overview")
    kept = view.kept()
    assert kept.hidden == {"overview": ("feeds",)}
    assert kept.enlarged == {}
    assert kept.begun((), "") == kept
    assert kept.begun((), "risk").enlarged == {"overview": "risk"}


def test_what_was_hidden_by_key_counts_until_the_config_says_something_else() -> None:
    begun = View().begun(("events",), "")
    assert begun.hidden == {"overview": ("events",)}
    shown = begun.with_hidden(()).kept()
    assert shown.begun(("events",), "").hidden == {"overview": ()}
    assert shown.begun(("feeds",), "").hidden == {"overview": ("feeds",)}
    assert begun.kept().begun((), "").hidden == {"overview": ()}, "the config has let it go"


def test_a_config_that_hides_every_pane_shows_them() -> None:
    every = tuple(pane.name for pane in panes_of("overview"))
    assert sheet_of(FULL, View().begun(every, ""), (122, 38)).panes == every


@pytest.mark.parametrize("width", [60, 80, 160])
def test_the_last_line_begins_with_the_keys_of_the_pane_that_has_the_focus(width: int) -> None:
    assert text_of(sheet_of(FULL, View(), (width, 24)).rows[-1]).startswith(" 1 overview")
    last = text_of(sheet_of(FULL, View(focus="sectors"), (width, 24)).rows[-1])
    assert last.startswith(" enter open")
    assert last.index("s sort") < last.index("? help")
    assert text_of(sheet_of(FULL, View(screen="claims"), (width, 24)).rows[-1]).startswith(" 1 overview")


def test_a_border_names_the_keys_that_work_in_its_pane() -> None:
    sheet = sheet_of(FULL, View(), (200, 60))
    edges = {
        slot.pane.name: text_of(sheet.rows[slot.y + slot.height - 1])[slot.x : slot.x + slot.width]
        for slot, _ in sheet.spots
    }
    for name, edge in edges.items():
        assert ("s sort" in edge) == bool(PANES[name].sorts), name
        assert ("enter open" in edge) == (PANES[name].detail is not None), name
    assert sum("+ enlarge" in edge for edge in edges.values()) > len(edges) / 2, "where there is room for more"
    assert "d definition" in edges["spreads"]
    alone = plain(sheet_of(FULL, View(screen="claims"), (200, 60)).rows)
    assert "enlarge" not in alone, "it has the screen already"
