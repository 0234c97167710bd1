"""Panes are enlarged, hidden and clicked in the running monitor, and the config says how a session begins."""

from msgspec.structs import replace

from rotation_tui.app.scene import Wish, set_scene
from rotation_tui.app.viewer import Viewer
from rotation_tui.config.schema import Config, Layout, Loaded
from rotation_tui.screens.view import View
from rotation_tui.widgets.cells import plain
from tests.app.test_monitor import Desk, running, state

__all__ = ["state"]


def panes(desk: Desk) -> tuple[str, ...]:
    sheet = desk.app._viewer.sheet
    assert sheet is not None
    return sheet.panes


def place_of(desk: Desk, words: str) -> tuple[int, int]:
    """Column and line on which words stand."""
    sheet = desk.app._viewer.sheet
    assert sheet is not None
    lines = plain(sheet.rows).splitlines()
    y = next(y for y in reversed(range(len(lines))) if words in lines[y])
    return lines[y].index(words), y


async def test_keys_enlarge_hide_and_bring_back() -> None:
    async with running() as desk:
        before = panes(desk)
        await desk.pilot.press("tab", "plus")
        assert panes(desk) == before[:1]
        await desk.pilot.press("plus")
        assert panes(desk) == before
        await desk.pilot.press("minus")
        assert panes(desk) == before[1:]
        await desk.pilot.press("equals_sign")
        assert panes(desk) == before


async def test_keys_and_names_of_columns_that_stand_on_the_screen_can_be_clicked() -> None:
    async with running() as desk:
        await desk.pilot.click(offset=place_of(desk, "3 sectors"))
        assert desk.app._viewer.view.screen == "sectors"
        await desk.pilot.click(offset=place_of(desk, " 63d "))
        assert desk.app._viewer.view.orders["sectors"].key == "63d"
        await desk.pilot.click(offset=place_of(desk, "? help"))
        assert desk.app._viewer.view.help
        assert desk.app.fault is None


def test_the_config_says_which_panes_are_hidden_and_which_one_is_enlarged_at_the_start() -> None:
    layout = Layout(overview=("indexes", "spreads", "risk"), hidden=("spreads",))
    scene = set_scene(Loaded(replace(Config(), layout=layout), None), Wish(demo_seed=7))
    assert Viewer(scene, View(), ascii_only=False).draw(120, 40).panes == ("indexes", "risk")
    shown = View(hidden={"overview": ()}, hidden_over=("spreads",))
    assert Viewer(scene, shown, ascii_only=False).draw(120, 40).panes == layout.overview, "as it was left"
    scene.config = replace(Config(), layout=replace(layout, enlarged="risk"))
    assert Viewer(scene, View(), ascii_only=False).draw(120, 40).panes == ("risk",)
