"""What the user has chosen to see; it outlives the session."""

from datetime import date

from msgspec import Struct, field
from msgspec.structs import replace

from rotation_tui.widgets.table import Order

LIST = "watch list"
"""The setting that has the name of the watch list in sight."""


class View(Struct, frozen=True):
    """Screen, focused pane, selected row a pane, order a pane, settings by name, pairs and symbols that were
    typed and kept, checks that are muted with the last day of it, and how times and changes are shown.

    `opened` is the id whose detail lies over the screen, `help` that the help does, `scroll` by how many lines that
    is moved up, `jumping` that a letter is awaited, `said` what the last key is answered with on the last line. None
    of these is kept between sessions, and no selection: whoever starts in the morning looks at what is first. Nor are
    the `filters` kept: what the rows of a pane that are shown have in them.

    `enlarged` names by screen the pane that has it to itself, which is not kept either, `hidden` those that are not
    shown, and `hidden_over` what the config hid when that was chosen. `fetches` is whether holdings and
    filings are asked for, None as the config says. `private` hides how much is held.
    """

    screen: str = "overview"
    focus: str = ""
    selected: dict[str, str] = field(default_factory=dict)
    orders: dict[str, Order] = field(default_factory=dict)
    settings: dict[str, str] = field(default_factory=dict)
    pairs: tuple[str, ...] = ()
    looked: tuple[str, ...] = ()
    muted: dict[str, date] = field(default_factory=dict)
    zone: str = ""
    theme: str | None = None
    theme_over: str | None = None
    flash: bool | None = None
    opened: str | None = None
    help: bool = False
    scroll: int = 0
    jumping: bool = False
    said: str | None = None
    frozen_since: str | None = None
    filters: dict[str, str] = field(default_factory=dict)
    enlarged: dict[str, str] = field(default_factory=dict)
    hidden: dict[str, tuple[str, ...]] = field(default_factory=dict)
    hidden_over: tuple[str, ...] = ()
    fetches: bool | None = None
    private: bool = False

    def begun(self, hidden: tuple[str, ...], enlarged: str) -> "View":
        """At the start of a session: what was hidden by key counts until the config hides something else than then."""
        view = replace(self, enlarged={"overview": enlarged} if enlarged else {})
        if hidden == self.hidden_over:
            return view
        return replace(view, hidden={**self.hidden, "overview": hidden}, hidden_over=hidden)

    def with_enlarged(self, pane: str | None) -> "View":
        """With a pane that has the screen to itself, or none."""
        others = {screen: name for screen, name in self.enlarged.items() if screen != self.screen}
        return replace(self, enlarged=others if pane is None else {**others, self.screen: pane})

    def with_hidden(self, panes: tuple[str, ...]) -> "View":
        """With exactly these panes of the screen hidden."""
        return replace(self, hidden={**self.hidden, self.screen: panes})

    def looked_at(self, first: str | None) -> str | None:
        """The selected row of the pane that has the focus, else of the screen's first pane."""
        chosen = self.selected.get(self.focus)
        return chosen if chosen is not None or first is None else self.selected.get(first)

    def with_selected(self, pane: str, row_id: str) -> "View":
        return replace(self, selected={**self.selected, pane: row_id})

    def with_order(self, pane: str, order: Order) -> "View":
        return replace(self, orders={**self.orders, pane: order})

    def with_filter(self, pane: str, sought: str) -> "View":
        """With the rows alone of a pane that have `sought`, or with all of them where that is empty."""
        others = {name: text for name, text in self.filters.items() if name != pane}
        return replace(self, filters={**others, pane: sought} if sought else others)

    def with_setting(self, name: str, choice: str) -> "View":
        return replace(self, settings={**self.settings, name: choice})

    def kept(self) -> "View":
        """What is remembered between sessions."""
        settings = {name: choice for name, choice in self.settings.items() if name != "back"}
        bare = replace(self, settings=settings, focus="", selected={}, enlarged={}, opened=None, help=False, scroll=0)
        return replace(bare, filters={}, jumping=False, said=None, frozen_since=None)
