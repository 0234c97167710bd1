"""`rotation-tui` and `rotation-tui demo`: the live monitor."""

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from rotation_tui.cli.options import DemoOptions, Options
from rotation_tui.cli.output import complain

if TYPE_CHECKING:
    from rotation_tui.app.link import Link
    from rotation_tui.app.monitor import Monitor
    from rotation_tui.app.scene import Scene, Wish
    from rotation_tui.app.setup import Run
    from rotation_tui.config.schema import Loaded
    from rotation_tui.screens.compose import Sheet
    from rotation_tui.screens.view import View
    from rotation_tui.terminal.first_paint import Opening
    from rotation_tui.widgets.cells import Row


class Companion(Protocol):
    """What goes along with a monitor: a tape that is written, or one that is played."""

    @property
    def wish(self) -> "Wish | None":
        """What kind of run it needs; None where any will do."""

    def ready(self, run: "Run", app: "Monitor") -> None:
        """The monitor is about to be shown."""

    def over(self) -> None:
        """It has been left, or its terminal has gone; once is enough."""


def run(options: Options, demo: DemoOptions | None, beside: Companion | None = None) -> int:
    """Run the monitor until it is left; returns the exit code."""
    from rotation_tui.app.link import colour_system, link_of
    from rotation_tui.app.living import Living

    def read() -> "tuple[Living, Loaded]":
        return Living(options.load_now, options.config_file, options.themes_folder), options.load_now()

    living, loaded = options.in_time(read)
    display = loaded.config.display
    lacks = "" if sys.stdin.isatty() and sys.stdout.isatty() else "a terminal"
    if not lacks and os.environ.get("TERM") == "dumb":
        lacks = "a terminal that can move its cursor, which TERM=dumb says it cannot"
    if lacks:
        complain(f"rotation-tui: the monitor needs {lacks}; `rotation-tui snapshot` does not")
        return 2
    os.environ.update(colour_system(display.color))  # before textual is imported: it reads them once

    from rotation_tui.app.remember import recall
    from rotation_tui.app.scene import Wish, set_scene
    from rotation_tui.terminal.guard import TerminalCare, exit_code, prepare_streams

    wish = Wish(demo_seed=None if demo is None else demo.seed, demo_speed=1.0 if demo is None else demo.speed)
    wish = (None if beside is None else beside.wish) or wish
    scene = set_scene(loaded, wish)
    scene.await_word()
    view = recall(scene.state_folder / "view.json", scene.warn)
    # what was chosen by key counts until the config says something else than it did then
    remembered = view.theme if view.theme_over == loaded.config.theme else None
    chosen = options.theme or remembered or loaded.config.theme
    link = link_of(display)
    sheet = _first_sheet(scene, view, link)
    with prepare_streams(), _opened(options, sheet.rows, chosen, link) as opening:
        del sheet
        from rotation_tui.app.drive import driver_for, repaint
        from rotation_tui.app.monitor import Monitor
        from rotation_tui.app.setup import prepare
        from rotation_tui.app.taking_up import TakingUp
        from rotation_tui.theme.load import load_themes
        from rotation_tui.workers.memory import keep_together

        keep_together()
        prepared = prepare(loaded, wish, scene, apart=True)
        del scene  # it has the last known state, which would be kept all day
        themes = load_themes(options.themes_folder)
        theme = chosen if chosen in themes.themes else next(iter(sorted(themes.themes)))
        care = TerminalCare(on_vanish=lambda: _save(prepared, beside), repaint=lambda: repaint(app))
        app = Monitor(prepared, link, themes, theme, care, driver_for(link, opening))
        if wish.tape is None:  # what a tape is about, it says itself
            app.living, app.taking_up = living, TakingUp(prepared, loaded, wish, app)
        if beside is not None:
            beside.ready(prepared, app)
        app.run(mouse=link.mouse)
        care.detach()
        if beside is not None:
            beside.over()
        if app.fault is not None:
            raise app.fault
        return exit_code(app)


def _save(run: "Run", beside: Companion | None) -> None:
    """What is done where the terminal has gone."""
    if beside is not None:
        beside.over()
    run.desk.save()


def _first_sheet(scene: "Scene", view: "View", link: "Link") -> "Sheet":
    """The last known board in the view as it was left, as far as they can be drawn."""
    import shutil

    from rotation_tui.app.remember import first_sheet
    from rotation_tui.app.viewer import Viewer

    def draw(view: "View") -> "Sheet":
        scene.show_known(view.pairs, view.looked)
        scene.mute(view.muted)
        scene.hide(private=scene.config.display.private or view.private)
        viewer = Viewer(scene, view, ascii_only=link.ascii, spark=link.spark)
        viewer.low_bandwidth = link.low_bandwidth == "on"
        sheet = viewer.draw(*shutil.get_terminal_size())
        viewer.forget_frame()
        return sheet

    return first_sheet(scene, view, scene.state_folder / "view.json", draw)


@contextmanager
def _opened(options: Options, rows: "Sequence[Row]", theme: str, link: "Link") -> "Iterator[Opening | None]":
    """The last known board on the screen while all the rest is imported; not with Textual's own driver."""
    from rotation_tui.theme.load import load_theme

    named = load_theme(theme, options.themes_folder) if link.own_driver else None
    if named is None:
        yield None
        return
    from rotation_tui.terminal.first_paint import opening
    from rotation_tui.terminal.looks import PLAIN, has_sixteen
    from rotation_tui.theme.palette import sixteen

    palette = named.palette
    plain = load_theme(PLAIN, None) if link.low_bandwidth == "on" or has_sixteen() else None
    with opening(rows, palette if plain is None else sixteen(palette, plain.palette)) as opened:
        yield opened
