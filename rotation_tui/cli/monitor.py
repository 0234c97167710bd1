"""`rotation-tui` and `rotation-tui demo`: the live monitor."""

import os
import sys

from rotation_tui.cli.options import DemoOptions, Options


def run(options: Options, demo: DemoOptions | None) -> int:
    """Run the monitor until it is left; returns the exit code."""
    from rotation_tui.app.link import colour_system, link_of

    loaded = options.load()
    display = loaded.config.display
    if not sys.stdin.isatty() or not sys.stdout.isatty():
        print("rotation-tui: the monitor needs a terminal; `rotation-tui snapshot` does not", file=sys.stderr)
        return 2
    os.environ.update(colour_system(display.color))  # before textual is imported: it reads them once

    from rotation_tui.app.drive import repaint
    from rotation_tui.app.monitor import Monitor
    from rotation_tui.app.remember import recall
    from rotation_tui.app.setup import Wish, prepare
    from rotation_tui.app.terminal import TerminalCare, exit_code, prepare_streams
    from rotation_tui.theme.load import load_themes

    wish = Wish(
        demo_seed=None if demo is None else demo.seed,
        demo_speed=1.0 if demo is None else demo.speed,
    )
    prepared = prepare(loaded, wish)
    themes = load_themes(options.themes_folder)
    view = recall(prepared.state_folder / "view.json")
    # what was chosen by key counts until the config says something else than it did then
    remembered = view.theme if view.theme_over == loaded.config.theme else None
    chosen = options.theme or remembered or loaded.config.theme
    theme = chosen if chosen in themes.themes else next(iter(sorted(themes.themes)))
    link = link_of(display)
    care = TerminalCare(on_vanish=prepared.desk.save, repaint=lambda: repaint(app))
    app = Monitor(prepared, link, themes, theme, care)
    with prepare_streams():
        app.run(mouse=link.mouse)
    care.detach()
    return exit_code(app)
