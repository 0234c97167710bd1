"""The key table: bindings, the footer and the help are all made from it, so that they cannot disagree."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Key:
    """One key: its name to Textual, how it is written, what it does, and where the footer names it.

    `action` is the app's action. `footer` keys stand on the last line, in this order, `short` is the word there.
    `words` stand in the help, which has 26 columns for them at 80x24.
    """

    keys: str
    shown: str
    action: str
    words: str
    short: str = ""
    group: str = "everywhere"
    footer: bool = False


SCREENS = (
    ("1", "overview"), ("2", "spreads"), ("3", "sectors"), ("4", "risk"), ("5", "claims"), ("6", "feeds"),
    ("v", "verdict"),
)  # fmt: skip
"""Keys and the screens behind them."""
PANES_OF = {
    "spreads": ("spreads", "chart"),
    "sectors": ("sectors", "rotation"),
    "risk": ("risk", "checks", "check", "drivers"),
    "feeds": ("feeds", "events"),
}
"""Panes of the screens that have more than the one they are named after; the overview's are in the config."""
STACKED = frozenset({"spreads", "feeds"})
"""Screens whose panes stand under each other at every width."""
PAIRED = frozenset({"risk"})
"""Screens whose panes stand two beside each other at every width."""
SETTING_KEYS = ("w", "m", "d", "p", "b")
"""Keys by which panes let their settings be stepped through; the capital steps back."""

KEYS: tuple[Key, ...] = (
    *(
        Key(number, number, f"screen('{name}')", f"the {name} screen", name, "screens", footer=number.isdigit())
        for number, name in SCREENS
    ),
    Key("f", "f", "freeze", "freeze the view, not data", "freeze", footer=True),
    Key("r", "r", "refresh_now", "ask every source now", "refresh", footer=True),
    Key("t", "t", "next_theme", "next theme", "theme", footer=True),
    Key("question_mark,f1", "?", "help", "this help", "help", footer=True),
    Key("q,ctrl+q", "q", "leave", "close what is open or quit", "quit", footer=True),
    Key("ctrl+p", "ctrl+p", "command_palette", "find a command by name"),
    Key("z", "z", "zone", "exchange time or your own"),
    Key("c", "c", "flash", "mark changed digits or not"),
    Key("ctrl+l", "ctrl+l", "repaint", "draw the screen anew"),
    Key("ctrl+z", "ctrl+z", "suspend_process", "to the shell; fg returns"),
    Key("tab", "tab", "pane(1)", "next pane", group="panes and rows"),
    Key("shift+tab", "shift+tab", "pane(-1)", "pane before", group="panes and rows"),
    Key("g", "g", "jump", "jump to a pane by letter", group="panes and rows"),
    Key("down,j", "↓ j", "row(1)", "next row", group="panes and rows"),
    Key("up,k", "↑ k", "row(-1)", "row before", group="panes and rows"),
    Key("home", "home", "row(-999)", "first row", group="panes and rows"),
    Key("end", "end", "row(999)", "last row", group="panes and rows"),
    Key("pagedown,space", "pgdn pgup", "scroll(1)", "scroll what lies over it", group="panes and rows"),
    Key("pageup", "", "scroll(-1)", "", group="panes and rows"),
    Key("enter,l", "enter l", "open", "open: how, from what, when", group="panes and rows"),
    Key("escape,h,backspace", "esc h", "back", "back", group="panes and rows"),
    Key("s", "s", "sort(1)", "sort by the next column", group="panes and rows"),
    Key("S", "S", "reverse", "sort the other way round", group="panes and rows"),
    Key("u", "u", "mute", "mute a check until a date", group="panes and rows"),
    Key("w", "w W", "setting('w', 1)", "time frame of the chart", group="charts"),
    Key("W", "", "setting('w', -1)", "", group="charts"),
    Key("m", "m", "setting('m', 1)", "ratio, both legs or spread", group="charts"),
    Key("M", "", "setting('m', -1)", "", group="charts"),
    Key("d", "d", "setting('d', 1)", "margin, side or finding", group="charts"),
    Key("D", "", "setting('d', -1)", "", group="charts"),
    Key("p", "p", "setting('p', 1)", "week or day, or chapter", group="charts"),
    Key("P", "", "setting('p', -1)", "", group="charts"),
    Key("b", "b", "setting('b', 1)", "price or total return", group="charts"),
    Key("B", "", "setting('b', -1)", "", group="charts"),
    Key("slash", "/", "type_pair", "type a pair, as IWM/SPY", group="charts"),
    Key("x", "x", "drop_pair", "let a typed pair go", group="charts"),
    Key("left_square_bracket", "[ ]", "past(-1)", "session before, or after", group="charts"),
    Key("right_square_bracket", "", "past(1)", "", group="charts"),
    Key("left,comma", "← →", "cursor(-1)", "read the chart at a date", group="charts"),
    Key("right,full_stop", "", "cursor(1)", "", group="charts"),
)

JUMPS = "asdfgqwe"
"""Letters that stand for panes after `g`, in reading order."""
