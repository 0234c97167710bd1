"""The key table: bindings, the footer and the help are all made from it, so that they cannot disagree."""

from collections.abc import Callable, Mapping

from msgspec import Struct
from msgspec.structs import replace

from rotation_tui.panes.base import Pane
from rotation_tui.widgets.keyed import key as key_of
from rotation_tui.widgets.keyed import told


class Key(Struct, frozen=True):
    """One key: its name to Textual, how it is written, what it does, and where the footer names it.

    `action` is the app's action; `step` calls one of `screens.steer` by its name. `footer` keys stand on the last line,
    in this order, `short` is the word there. `words` stand in the help, which has 26 columns for them at 80x24. One
    that `prompts` opens something to type in; one with `priority` is the app's although Textual has a use for it as
    well. `works_in` tells in which panes it does something, for a key that is about the pane with the focus.
    `called` is what [keys] calls it, where that is not its action or its `short` word. `default` has the keys that it
    has unless the user changes them, and `told` the words with what stands for keys in them; both follow from the rest.
    """

    keys: str
    shown: str
    action: str
    words: str
    short: str = ""
    group: str = "everywhere"
    footer: bool = False
    prompts: bool = False
    priority: bool = False
    works_in: Callable[[Pane], bool] | None = None
    called: str = ""
    default: str = ""
    told: str = ""

    @property
    def name(self) -> str:
        """What it does in one word, by which [keys] changes its key."""
        return self.called or self.short or self.action


class Screen(Struct, frozen=True):
    """One screen: its key, and its panes in reading order; those of the overview are in the config.

    `stacked` panes stand under each other at every width, `paired` ones two beside each other. With `beside` what the
    selected row opens stands at the right, where there is the width.
    """

    key: str
    panes: tuple[str, ...] = ()
    stacked: bool = False
    paired: bool = False
    beside: bool = False


SCREENS: Mapping[str, Screen] = {
    "overview": Screen("1"),
    "spreads": Screen("2", ("spreads", "chart"), stacked=True),
    "sectors": Screen("3", ("sectors", "rotation")),
    "risk": Screen("4", ("risk", "checks", "check", "drivers"), paired=True),
    "claims": Screen("5", ("claims",), beside=True),
    "feeds": Screen("6", ("feeds", "alerts", "events"), stacked=True),
    "quality": Screen("7", ("quality", "breadth")),
    "watchlists": Screen("8", ("watchlists", "chart"), stacked=True),
    "charts": Screen("9", ("symbols", "chart"), paired=True),
    "positions": Screen("0", ("positions", "tilt"), stacked=True),
    "verdict": Screen("v", ("verdict",), beside=True),
}
_NAMED = "123456789"
"""Keys of screens that the last line names, where it has the room; the answer on the overview names the other."""
SETTINGS = {
    "w": ("w W", "time frame of the chart", "frame"),
    "m": ("m", "ratio to months; candles", "view"),
    "o": ("o", "lower chart, or the tail", "lower"),
    "d": ("d", "margin, list or finding", "definition"),
    "p": ("p", "week, chapter, or list", "period"),
    "b": ("b", "return, or benchmark", "basis"),
}
"""Keys by which panes let their settings be stepped through: how they are written, told, and called in [keys].

The capital steps back.
"""

TAPE = "a tape"
"""The group of keys that do something while a tape is played; the help has them then."""

_TABLE: tuple[Key, ...] = (
    *(
        Key(screen.key, screen.key, f"step('on', '{name}')", f"the {name} screen", name, "screens",
            footer=screen.key in _NAMED)
        for name, screen in SCREENS.items()
    ),
    Key("f", "f", "freeze", "freeze the view, not data", "freeze", footer=True),
    Key("r", "r", "refresh_now", "ask every source now", "refresh", footer=True),
    Key("t", "t", "next_theme", "next theme", "theme", footer=True),
    Key("question_mark,f1", "?", "step('helped')", "this help", "help", footer=True),
    Key("q,ctrl+q", "q", "leave", "close what is open or quit", "quit", footer=True),
    Key("colon", ": ctrl+p", "go_to", "go to RUT, a day, by name", prompts=True),
    Key("ctrl+p", "", "command_palette", "", prompts=True),
    Key("z", "z c", "zone", "time zone; mark digits"),
    Key("c", "", "flash", ""),
    Key("dollar_sign", "$", "private", "hide how much you hold"),
    Key("a", "a A", "fetch", f"fetch filings; {key_of('A')}: an alert"),
    Key("A", "A", "new_alert", "", "new", prompts=True, works_in=lambda pane: pane.name == "alerts",
        called="new_alert"),
    Key("ctrl+l", "ctrl+l", "repaint", "draw the screen anew"),
    Key("ctrl+z", "ctrl+z", "suspend_process", "to the shell; fg returns", priority=True, called="suspend"),
    Key("tab", "tab", "step('next_pane', 1)", f"next pane; {key_of('shift+tab')}: back",
        group="panes and rows", priority=True, called="next_pane"),
    Key("shift+tab", "", "step('next_pane', -1)", "", group="panes and rows", priority=True, called="previous_pane"),
    Key("g", "g", "step('jumping')", "jump to a pane by letter", group="panes and rows", called="jump"),
    Key("down,j", "↓ j ↑ k", "step('next_row', 1)", f"next, before; {key_of('home')} {key_of('end')}",
        group="panes and rows", called="next_row"),
    Key("up,k", "", "step('next_row', -1)", "", group="panes and rows", called="previous_row"),
    Key("home", "", "step('next_row', -999)", "", group="panes and rows", called="first_row"),
    Key("end", "", "step('next_row', 999)", "", group="panes and rows", called="last_row"),
    Key("pagedown,space", "pgdn pgup", "step('scrolled', 1)", "scroll what is opened", group="panes and rows",
        called="scroll_down"),
    Key("pageup", "", "step('scrolled', -1)", "", group="panes and rows", called="scroll_up"),
    Key("enter,l", "enter l", "step('opened')", "open: how, from what, when", "open", group="panes and rows",
        works_in=lambda pane: pane.detail is not None),
    Key("escape,h,backspace", "esc h", "go_back", "back", group="panes and rows", called="back"),
    Key("s", "s S", "sort(1)", "sort: next column, or turn", "sort", group="panes and rows",
        works_in=lambda pane: bool(pane.sorts)),
    Key("S", "", "step('reversed_order')", "", group="panes and rows", called="reverse_sort"),
    Key("slash", "/", "filter_rows", "filter rows as you type", "filter", group="panes and rows", prompts=True,
        works_in=lambda pane: pane.detail is not None and not pane.figure),
    Key("u", "u", "mute", "mute a check until a date", "mute", group="panes and rows",
        works_in=lambda pane: pane.name == "checks"),
    Key("plus", "+ - =", "step('enlarged')", "enlarge, hide, show all", "enlarge", group="panes and rows",
        works_in=lambda _: True),
    Key("minus", "-", "step('hid')", "", "hide", group="panes and rows", works_in=lambda _: True),
    Key("equals_sign", "", "step('whole')", "", group="panes and rows", called="show_all"),
    Key("e", "e y Y", "export", f"to disk; copy {key_of('y')}, pane {key_of('Y')}", group="panes and rows"),
    Key("y", "", "copy_named", "", group="panes and rows", prompts=True, called="copy"),
    Key("Y", "", "copy_pane", "", group="panes and rows"),
    *(
        key
        for name, (shown, words, called) in SETTINGS.items()
        for key in (
            Key(name, shown, f"setting('{name}', 1)", words, group="charts", called=called),
            Key(name.upper(), "", f"setting('{name}', -1)", "", group="charts", called=f"{called}_back"),
        )
    ),
    Key("n", "n N x K", "list_symbol", "list, note; drop, keep", "add", group="charts", prompts=True,
        works_in=lambda pane: pane.name == "watchlists", called="add_symbol"),
    Key("N", "", "edit_symbol", "", group="charts", prompts=True),
    Key("x", "x", "typed(False)", "", "drop", group="charts",
        works_in=lambda pane: pane.name in ("alerts", "watchlists")),
    Key("K", "", "typed(True)", "", group="charts", called="keep"),
    Key("left_square_bracket", "[ ]", "past(-1)", "session before, or after", group="charts", called="earlier"),
    Key("right_square_bracket", "", "past(1)", "", group="charts", called="later"),
    Key("left,comma", "← →", "step('moved_cursor', -1)", "read the chart at a date", group="charts", called="left"),
    Key("right,full_stop", "", "step('moved_cursor', 1)", "", group="charts", called="right"),
    Key("semicolon", "; ' ( ) @", "tape('pause')", "pause, step, event, a time", group=TAPE, called="tape_pause"),
    Key("apostrophe", "", "tape('step')", "", group=TAPE, called="tape_step"),
    Key("left_parenthesis", "", "tape('event', -1)", "", group=TAPE, called="tape_event_before"),
    Key("right_parenthesis", "", "tape('event', 1)", "", group=TAPE, called="tape_event_after"),
    Key("at", "", "tape('ask')", "", group=TAPE, called="tape_time", prompts=True),
    Key("less_than_sign", "< > { }", "tape('faster', -1)", "speed; a minute back, on", group=TAPE,
        called="tape_slower"),
    Key("greater_than_sign", "", "tape('faster', 1)", "", group=TAPE, called="tape_faster"),
    Key("left_curly_bracket", "", "tape('by', -60.0)", "", group=TAPE, called="tape_back"),
    Key("right_curly_bracket", "", "tape('by', 60.0)", "", group=TAPE, called="tape_on"),
)  # fmt: skip

KEYS: tuple[Key, ...] = tuple(replace(key, default=key.keys, told=key.words, words=told(key.words)) for key in _TABLE)
"""The table, its words with the keys as they are by default; `screens.keymap` has it as the user wants it."""

CHARTED = ("indexes", "spreads", "sectors", "watchlists")
"""Panes whose rows have a chart, which `enter` on what is open leads to."""
JUMPS = "asdfgqwert"
"""Letters that stand for panes after `g`, in reading order."""
