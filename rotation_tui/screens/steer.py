"""What a key does to the view: pure steps from one view to the next, on the screen as it was last drawn.

A step that takes a view, a sheet and what the key table gives it is called by `step('<its name>')` in `screens.keys`.
What it does is seen on the screen, or `said` in the view it gives: no key is without an answer.
"""

from collections.abc import Callable, Sequence
from datetime import date

from msgspec.structs import replace

from rotation_tui.board.contract import Board
from rotation_tui.domain.rotation import FURTHEST_BACK
from rotation_tui.domain.wording import counted
from rotation_tui.panes.base import Pane
from rotation_tui.screens.compose import Sheet
from rotation_tui.screens.keys import CHARTED, JUMPS, SCREENS, SETTINGS
from rotation_tui.screens.view import View
from rotation_tui.widgets.cells import width_of
from rotation_tui.widgets.keyed import key as key_of
from rotation_tui.widgets.table import Order


def focused(view: View, sheet: Sheet) -> tuple[str, tuple[str, ...]]:
    """The pane that keys are about, and its rows; the first one before any was chosen."""
    if not sheet.panes:
        return "", ()
    pane = view.focus if view.focus in sheet.panes else sheet.panes[0]
    return pane, sheet.rows_of.get(pane, ())


def named(pane: str) -> str:
    """A pane in a sentence: many are called by what they show, and "spreads is hidden" would be none."""
    return f"the {pane} pane" if pane else "this screen"


def on(view: View, _: Sheet, name: str) -> View:
    """Another screen, with nothing lying over it; that of the charts begins with the row that was looked at."""
    if view.screen == name and view.opened is None and not view.help:
        return replace(view, said=f"this is the {name} screen")
    if name == "charts" and view.screen != name and view.focus in CHARTED and view.focus in view.selected:
        view = view.with_selected("symbols", view.selected[view.focus])
    return _on_screen(view, name)


def _on_screen(view: View, name: str) -> View:
    focus = next(iter(SCREENS[name].panes), view.focus)  # the overview has the panes of the config
    return replace(view, screen=name, focus=focus, opened=None, help=False, scroll=0, jumping=False)


def helped(view: View, _: Sheet) -> View:
    """Show the help, or hide it."""
    return replace(view, help=not view.help, opened=None, scroll=0)


def next_pane(view: View, sheet: Sheet, step: int) -> View:
    """Focus the pane `step` further."""
    panes = sheet.panes
    if not panes:
        return view
    if view.screen in view.enlarged:
        panes = sheet.every  # the next one takes the place of the one that is enlarged
    if panes == (view.focus,) and view.opened is None and not view.help:
        return replace(view, said=f"{named(view.focus)} is the only one of this screen")
    start = panes.index(view.focus) if view.focus in panes else (-1 if step > 0 else 0)
    name = panes[(start + step) % len(panes)]
    if view.screen in view.enlarged:
        view = view.with_enlarged(name)
    return replace(view, focus=name, opened=None, help=False)


def enlarged(view: View, sheet: Sheet) -> View:
    """Give the focused pane the screen to itself, or give that back."""
    name, _ = focused(view, sheet)
    if not name or view.enlarged.get(view.screen) == name:
        return view.with_enlarged(None)
    if sheet.every == (name,):
        return replace(view, said=f"{named(name)} has the whole screen already")
    return replace(view.with_enlarged(name), focus=name, help=False)


def hid(view: View, sheet: Sheet) -> View:
    """Hide the focused pane, and go to the next one; the last one stays."""
    name, _ = focused(view, sheet)
    left = [pane for pane in sheet.every if pane != name]
    if not name or not left:
        return replace(view, said=f"{named(name)} is the last one that is shown, and stays")
    at = sheet.every.index(name)
    hidden = (*view.hidden.get(view.screen, ()), name)
    view = replace(view.with_enlarged(None).with_hidden(hidden), focus=left[at % len(left)], opened=None, help=False)
    return replace(view, said=f"{named(name)} is hidden; {key_of('=')} shows it again")


def whole(view: View, _: Sheet) -> View:
    """Show all panes of the screen, none of them enlarged."""
    if not view.hidden.get(view.screen) and view.screen not in view.enlarged:
        return replace(view, said="no pane of this screen is hidden")
    return view.with_enlarged(None).with_hidden(())


def jumping(view: View, _: Sheet) -> View:
    """Wait for the letter of a pane, or no longer."""
    waits = not view.jumping
    return replace(view, jumping=waits, said="the letter of a pane goes to it" if waits else None)


def jumped(view: View, sheet: Sheet, letter: str) -> View:
    """Focus the pane that a letter stands for; any other key only ends the waiting."""
    at = JUMPS.find(letter) if letter else -1
    if 0 <= at < len(sheet.panes):
        return replace(view, jumping=False, focus=sheet.panes[at])
    return replace(view, jumping=False, said="no pane has that letter")


def scrolled(view: View, sheet: Sheet, pages: int) -> View:
    """Move what lies over the screen by so many pages; one line of the page before stays in sight."""
    if sheet.box is None:
        return replace(
            view, said=f"nothing lies over the screen: {key_of('enter')} opens a row, {key_of('?')} the help"
        )
    return _moved(view, sheet, pages * max(1, sheet.box.page - 1))


def _moved(view: View, sheet: Sheet, lines: int) -> View:
    box = sheet.box
    scroll = view.scroll if box is None else max(0, min(box.most, box.scroll + lines))
    if box is None or scroll == box.scroll:
        return replace(view, said="this is the end" if lines > 0 else "this is the beginning")
    return replace(view, scroll=scroll)


def next_row(view: View, sheet: Sheet, step: int) -> View:
    """Select the row `step` further in the focused pane; an opened detail follows, and the help moves."""
    if view.help:
        return _moved(view, sheet, step)
    pane, rows = focused(view, sheet)
    if not rows:
        return _without_rows(view, pane)
    selected = view.selected.get(pane)
    at = (rows.index(selected) if selected in rows else -1 if step > 0 else len(rows)) + step
    chosen = rows[max(0, min(len(rows) - 1, at))]
    if chosen == selected and view.focus == pane:
        end = "last" if step > 0 else "first"
        return replace(view, said=f"{chosen} is the {end} of {counted(len(rows), 'row')}")
    opened = chosen if view.opened is not None else None
    return replace(view.with_selected(pane, chosen), focus=pane, opened=opened, scroll=0)


def _without_rows(view: View, pane: str) -> View:
    return replace(view, said=f"no row to select in {named(pane)}; {key_of('tab')} goes to the next one")


def opened(view: View, sheet: Sheet) -> View:
    """Open the selected row of the focused pane, or its first one; where it is open, go to its chart."""
    pane, rows = focused(view, sheet)
    if not rows:
        return _without_rows(view, pane)
    if pane in CHARTED and view.opened is not None and view.opened == view.selected.get(pane):
        return on(replace(view, focus=pane), sheet, "charts")
    if view.selected.get(pane) not in rows:
        view = view.with_selected(pane, rows[0])
    row = view.selected[pane]
    if view.opened == row and not view.help:
        return replace(view, said=f"{row} is open; {key_of('esc')} closes it")
    return replace(view, focus=pane, opened=row, help=False, scroll=0)


def back(view: View, _: Sheet) -> View:
    """Close what lies over the screen, else go to the overview, else let the selection go."""
    if view.opened is not None or view.help:
        return replace(view, opened=None, help=False, scroll=0)
    if view.filters:
        return replace(view, filters={})
    if view.screen in view.enlarged:
        return view.with_enlarged(None)
    if view.screen != "overview":
        return _on_screen(view, "overview")
    if not view.selected and not view.focus:
        return replace(view, said="nothing is open, and this is the overview; q quits")
    return replace(view, selected={}, focus="")


def next_order(view: View, sheet: Sheet, panes: Sequence[Pane], step: int) -> View:
    """Sort the focused pane by its next column; after the last one, in its own order."""
    name, _ = focused(view, sheet)
    pane = next((p for p in panes if p.name == name), None)
    if pane is None or not pane.sorts:
        return replace(view, said=f"{named(name)} has one order only; {key_of('tab')} goes to the next one")
    offered = (Order(), *pane.sorts)
    now = view.orders.get(name, Order()).key
    at = next((n for n, order in enumerate(offered) if order.key == now), 0)
    return _sorted(view, name, offered[(at + step) % len(offered)])


def sought(view: View, pane: str, text: str) -> View:
    """The rows alone of a pane that have `text`, or all of them where that is empty."""
    return replace(view.with_filter(pane, text), focus=pane, opened=None, help=False)


def reversed_order(view: View, sheet: Sheet) -> View:
    """The same order the other way round."""
    name, _ = focused(view, sheet)
    now = view.orders.get(name, Order())
    if now.key is None:
        return replace(view, said=f"{named(name)} is in its own order; s sorts it by a column first")
    return _sorted(view, name, Order(now.key, not now.reverse))


def _sorted(view: View, pane: str, order: Order) -> View:
    way = "descending" if order.reverse else "ascending"
    said = f"{pane} in its own order" if order.key is None else f"{pane} sorted by {order.key}, {way}"
    return replace(view.with_order(pane, order), focus=pane, said=said)


PanesOn = Callable[[str], Sequence[Pane]]
"""Gives the panes of a screen by its name."""


def next_setting(view: View, board: Board, panes_on: PanesOn, key: str, step: int) -> View:
    """Step through the setting that `key` stands for on the view's screen, or say on which one it is."""
    panes = panes_on(view.screen)
    row = view.looked_at(panes[0].name if panes else None)
    here = [s for pane in panes for s in pane.settings if s.key == key]
    for setting in (s for s in here if s.on(board, row)):
        now, choices = view.settings.get(setting.name), setting.choices_on(board)
        at = choices.index(now) if now in choices else 0
        chosen = choices[(at + step) % len(choices)]
        said = f"{setting.words}: {setting.names.get(chosen, chosen)}"
        return replace(view.with_setting(setting.name, chosen), said=said)
    if here:
        return replace(view, said=f"{key_of(key)}: {here[0].words}; {row or 'what is selected'} has no choice of it")
    screens = [name for name in SCREENS if any(s.key == key for pane in panes_on(name) for s in pane.settings)]
    return replace(view, said=f"{key_of(key)} works {on_screens(screens)}: {SETTINGS[key][1]}")


def on_screens(names: Sequence[str]) -> str:
    """Where that is, with the keys: "on spreads (2) and sectors (3)"."""
    told = [f"{name} ({SCREENS[name].key})" for name in names]
    return f"on {' and '.join([', '.join(told[:-1]), told[-1]] if len(told) > 1 else told) or 'no screen'}"


def screens_with(pane: str) -> list[str]:
    """The screens that always have a pane, by its name."""
    return [name for name, screen in SCREENS.items() if pane in screen.panes]


def moved_cursor(view: View, sheet: Sheet, step: int) -> View:
    """Move the chart's cursor, or step the rotation where that is looked at.

    Both count from the newest, columns or weeks and sessions, and 0 is none.
    """
    turning = view.focus == "rotation" or "chart" not in sheet.panes
    if turning and "rotation" in sheet.panes:
        name, what, furthest = "back", "the rotation", FURTHEST_BACK
    elif "chart" in sheet.panes:
        name, what, furthest = "cursor", "the chart", width_of(sheet.rows[0])
    else:
        return replace(view, said=f"← → works {on_screens(screens_with('chart'))}: read the chart at a date")
    if sheet.box is not None:
        return replace(view, said=f"{what} lies behind this; {key_of('esc')} closes it")
    now = view.settings.get(name, "0")
    before = int(now) if now.isdecimal() else 0
    back = min(max(0, before - step), furthest)
    if back == before:
        return replace(view, said=f"{what} is at its newest date" if step > 0 else f"{what} goes no further back")
    return view.with_setting(name, str(back))


def with_pair(view: View, pair: str, *, typed: bool) -> View:
    """A pair is selected on the spreads screen, and kept where it was `typed` and is none of the config."""
    pairs = (*view.pairs, pair) if typed and pair not in view.pairs else view.pairs
    return _on_screen(replace(view, pairs=pairs).with_selected("spreads", pair), "spreads")


def with_symbol(view: View, symbol: str) -> View:
    """A symbol is selected on the screen of the charts, where it is drawn."""
    return replace(_on_screen(view.with_selected("symbols", symbol), "charts"), focus="symbols")


def looks(view: View) -> bool:
    """Whether what is looked at beside the config is in sight."""
    return view.screen == "charts"


def charted(view: View) -> str:
    """Id of the row that was selected where a chart follows it, empty where none was."""
    return view.selected.get("symbols" if view.screen == "charts" else "spreads", "")


def without(view: View, name: str) -> View:
    """A typed pair or symbol is let go."""
    selected = {pane: row for pane, row in view.selected.items() if row != name}
    pairs, looked = (tuple(n for n in names if n != name) for names in (view.pairs, view.looked))
    said = f"{name} is let go"
    return replace(view, pairs=pairs, looked=looked, selected=selected, opened=None, said=said)


def not_typed(view: View, name: str, *, keep: bool) -> View:
    """Neither `x` nor `K` has anything to do with a row that stands in the config."""
    what = "keeps what was typed" if keep else "lets a typed pair or symbol go"
    which = f"{name} is none" if name else f"none is selected {on_screens(['spreads', 'charts'])}"
    return replace(view, said=f"{'K' if keep else 'x'} {what}; {which}")


def check_in_sight(view: View, sheet: Sheet) -> str | None:
    """Id of the check that the risk screen is about: the selected one, the first where none is; None elsewhere."""
    checks = sheet.rows_of.get("checks", ())
    selected = view.selected.get("checks")
    return selected if selected in checks else checks[0] if checks else None


def muted(view: View, check: str, until: date | None, today: date) -> View:
    """A check muted until a date, or no longer; what is over is forgotten."""
    others = {name: last for name, last in view.muted.items() if name != check and last >= today}
    return replace(view, muted=others if until is None else {**others, check: until})


def clicked(view: View, sheet: Sheet, x: int, y: int) -> View:
    """Select the row under the mouse; a second click on it opens it."""
    for slot, ids in sheet.spots:
        at = y - slot.y
        if slot.x <= x < slot.x + slot.width and 0 <= at < slot.height:
            row = ids[at] if at < len(ids) else None
            if row is None:
                return replace(view, focus=slot.pane.name)
            again = view.selected.get(slot.pane.name) == row
            selected = view.with_selected(slot.pane.name, row)
            return replace(selected, focus=slot.pane.name, opened=row if again else None)
    return view
