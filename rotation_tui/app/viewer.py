"""What the monitor shows: the newest board, a frozen one or a past one, composed for the view and size of now."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo
from operator import is_not

from msgspec.structs import replace

from rotation_tui.app.chosen_panes import pane_of
from rotation_tui.app.scene import Scene
from rotation_tui.board.assemble import Scope
from rotation_tui.board.contract import Board
from rotation_tui.board.lines import Drawable
from rotation_tui.board.minutes import MinuteLine, legs_in
from rotation_tui.board.private import discreet
from rotation_tui.board.rotations import Rotations, Wanted
from rotation_tui.config.schema import key_changes
from rotation_tui.domain.clock import LOCAL, end_of
from rotation_tui.domain.minutes import Glance
from rotation_tui.domain.reading import Trail
from rotation_tui.domain.session import EASTERN
from rotation_tui.panes.base import Pane
from rotation_tui.screens.arrange import LEAST, Overview, overview
from rotation_tui.screens.compose import Canvas, Sheet, compose
from rotation_tui.screens.frame_cache import FrameCache
from rotation_tui.screens.keymap import Keymap
from rotation_tui.screens.keys import SCREENS
from rotation_tui.screens.overlay import Offers
from rotation_tui.screens.view import LIST, View
from rotation_tui.store.market_store import Snapshot
from rotation_tui.widgets.cells import Row
from rotation_tui.widgets.glyphs import UNICODE, glyphs_of

_AGES_STEP = timedelta(minutes=1)
"""Ages and the countdown are drawn anew so often, and only then, while nothing arrives."""
_MOST_LINES = 2
"""Histories that are kept unpacked, that of a chart and of a detail over it: one of forty years takes 2 MB."""


class Viewer:
    """Holds the view and the board that is on screen; knows nothing of the terminal."""

    def __init__(self, scene: Scene, view: View, *, ascii_only: bool, spark: str = UNICODE.spark) -> None:
        self._layout = layout = scene.config.layout
        self.view = view.begun(layout.hidden, layout.enlarged)
        self.sheet: Sheet | None = None
        self.past: date | None = None
        self.low_bandwidth = False
        self.offers: Offers | None = None
        self.keymap = Keymap(key_changes(scene.config))
        self.progress: Callable[[int, tzinfo, Callable[[str], str]], Row] | None = None
        """What the last line says of a tape that is played, but for answers to keys."""
        self._progress_drawn: Row | None = None
        self._scene = scene
        self._glyphs = glyphs_of(ascii_only=ascii_only, spark=spark)
        self._board: Board | None = None
        self._past_board: Board | None = None
        self._discreet: tuple[Board, Board] | None = None
        self._seen: tuple[Snapshot, datetime] | None = None
        self._past_trails: Mapping[str, Trail] = {}
        self._scope: Scope | None = None
        self._revision = -1
        self._until = datetime.min.replace(tzinfo=UTC)
        self._lines: dict[str, Drawable | None] = {}
        self._lines_revision = -1
        self._minutes: dict[tuple[str, int], tuple[tuple[object, ...], MinuteLine | str]] = {}
        self._in_sight: dict[Glance, None] = {}
        self._rotations: tuple[tuple[object, ...], Wanted, date, Rotations] | None = None
        self._panes: dict[str, Pane] = {}
        self._frame_cache = FrameCache()
        self._size = LEAST

    def use(self, *, ascii_only: bool, spark: str) -> None:
        """Draw with these characters, and by the layout and the keys that the config has now."""
        self.keymap = Keymap(key_changes(self._scene.config))
        self._glyphs = glyphs_of(ascii_only=ascii_only, spark=spark)
        before, self._layout = self._layout, self._scene.config.layout
        if (before.hidden, before.enlarged) != (self._layout.hidden, self._layout.enlarged):
            self.view = self.view.begun(self._layout.hidden, self._layout.enlarged)
        self._frame_cache = FrameCache()

    @property
    def zone(self) -> tzinfo:
        return EASTERN if self._zone_name == "exchange" else LOCAL

    @property
    def _zone_name(self) -> str:
        """What was chosen by key, else what the config says."""
        return self.view.zone or self._scene.config.display.times

    def switch_zone(self) -> None:
        self.view = replace(self.view, zone="local" if self._zone_name == "exchange" else "exchange")

    def marks(self, automatic: bool) -> bool:
        """Whether changed digits are marked: as it was chosen by key, else `automatic`."""
        return automatic if self.view.flash is None else self.view.flash

    @property
    def panes(self) -> Sequence[Pane]:
        """Panes of the screen that the view is on, in reading order."""
        return self.panes_on(self.view.screen)

    def panes_on(self, screen: str) -> Sequence[Pane]:
        """Panes of a screen by its name, in reading order."""
        return [self._pane(name) for name in self._overview(screen).names]

    def _overview(self, screen: str) -> Overview:
        """The names of these panes, and how many of them stand in a column of their own."""
        if names := SCREENS[screen].panes:
            return Overview(names)
        layout = self._scene.config.layout
        return overview(layout.overview, layout.wide, layout.yields, layout.large, *self._size)

    @property
    def board(self) -> Board | None:
        """The board that is on screen; None before the first was drawn."""
        return self._past_shown() or self._board

    def _past_shown(self) -> Board | None:
        """The board of a past day, which is made with amounts, without them in private; None while now is shown."""
        if self._past_board is None or not self._scene.scope.private:
            return self._past_board
        if self._discreet is None or self._discreet[0] is not self._past_board:
            self._discreet = self._past_board, discreet(self._past_board)
        return self._discreet[1]

    def stands_still(self) -> bool:
        """Whether the board on screen is frozen or of a past day, so that nothing new is shown."""
        return self.view.frozen_since is not None or self.past is not None

    def moved(self) -> bool:
        """Whether there is something that is not on screen yet, in the store or in what the board is about."""
        return self._scene.store.revision != self._revision or self._scene.scope is not self._scope

    def is_due(self) -> bool:
        """Whether there is anything to draw: news, or ages that step on."""
        if self.stands_still():
            return False
        return self.moved() or self._scene.clock.now() >= self._until or self._progress() != self._progress_drawn

    def _progress(self) -> Row | None:
        return None if self.progress is None else self.progress(self._size[0], self.zone, self.keymap.shown)

    def show_past(self, day: date | None, board: Board | None, trails: Mapping[str, Trail] | None = None) -> None:
        """Show the board of a past day and what its checks are drawn from; go back to now where `day` is None."""
        self.past = day
        self._past_board, self._discreet = board, None
        self._past_trails = trails or {}
        self._revision = -1
        self._lines = {}

    def draw(self, width: int, height: int) -> Sheet:
        self._size = width, height
        self._progress_drawn = self._progress()
        now = self._scene.clock.now()
        if self._seen is None or self.is_due():
            self._seen = self._scene.store.snapshot(), now
            self._revision, self._scope = self._scene.store.revision, None
            self._until = now.replace(second=0, microsecond=0) + _AGES_STEP
        if self._board is None or self._scene.scope is not self._scope:  # a mute is seen on a frozen board as well
            self._scope = self._scene.scope
            self._board = self._scene.board_of(*self._seen)
        if self.past is not None:
            now = end_of(self.past)
        elif self.view.frozen_since is not None:
            now = self._seen[1]  # ages and the countdown stand as well, whatever is pressed meanwhile
        canvas = Canvas(
            width,
            height,
            self._glyphs,
            self.zone,
            low_bandwidth=self.low_bandwidth,
            lines=self.lines_of,
            trail=self.trail_of,
            minutes=self.minutes_of,
            rotations=self._rotations_of,
            offers=self.offers,
            keymap=self.keymap,
            progress=self._progress_drawn,
        )
        self._in_sight = {}
        board, left = self._past_shown() or self._board, self._overview(self.view.screen).left
        self.sheet = compose(board, self.view, self.panes, canvas, now, self._frame_cache, left=left)
        self._scene.look_at(tuple(self._in_sight))
        self._scene.see(self.view.screen, self.view.settings.get(LIST, ""))
        self._minutes = {key: made for key, made in self._minutes.items() if self._in_sight}
        return self.sheet

    def forget_frame(self) -> None:
        """Let go of what is cached for the next frame: it leads back here, and a collector may never look at it."""
        self._frame_cache = FrameCache()

    def freeze(self) -> None:
        """Let the board stand as it is, or go on with what is true now."""
        since = self._scene.clock.now().astimezone(self.zone).strftime("%H:%M")
        self.view = replace(self.view, frozen_since=since if self.view.frozen_since is None else None)

    def lines_of(self, name: str) -> Drawable | None:
        """History of a pair or symbol by its id, made once for as long as the bars stay and it is looked at."""
        store = self._scene.store
        if self._lines_revision != store.bars_revision:
            self._lines, self._lines_revision = {}, store.bars_revision
        if name not in self._lines:
            lines = self._scene.lines_of(name)
            while len(self._lines) >= _MOST_LINES:
                del self._lines[next(iter(self._lines))]
            self._lines[name] = lines if lines is None or self.past is None else lines.until(self.past)
        return self._lines[name]

    def minutes_of(self, name: str, days: int) -> MinuteLine | str:
        """Prices of a pair or symbol by its id within so many sessions; whoever is asked for them is looked at."""
        if self.past is not None:
            key = self.keymap.shown
            return f"no minutes of a past day; {key('w')} shows another frame, {key(']')} leads back to now"
        legs = legs_in(name, self._scene.scope.universe)
        glances = [Glance(leg, days) for leg in legs]
        self._in_sight |= dict.fromkeys(glances)
        snapshot = self._scene.store.snapshot()
        made_of = (*(snapshot.minutes.get(glance) for glance in glances), snapshot.bars_revision, snapshot.missing)
        known = self._minutes.get((name, days))
        if known is None or any(map(is_not, known[0], made_of)):
            known = self._minutes[name, days] = made_of, self._scene.minutes_of(legs, days)
        return known[1]

    def _rotations_of(self, wanted: Wanted) -> Rotations:
        """The rotations of a list, made once for as long as studies, pairs and the day stay; none on a past day."""
        if self.past is not None or self._seen is None:
            return Rotations()
        (snapshot, at), known = self._seen, self._rotations
        made_of = snapshot.studies.pasts, self._scene.scope.universe
        if known is None or any(map(is_not, known[0], made_of)) or known[1:3] != (wanted, at.date()):
            made = self._scene.rotations_of(wanted, snapshot.studies.pasts, at)
            known = self._rotations = made_of, wanted, at.date(), made
        return known[3]

    def trail_of(self, check: str) -> Trail | None:
        """Past values of a check by its id, as they were when the board on screen was made."""
        if self.past is not None:
            return self._past_trails.get(check)
        return None if self._seen is None else self._seen[0].studies.risk.trails.get(check)

    def _pane(self, name: str) -> Pane:
        if name not in self._panes:
            self._panes[name] = pane_of(name)
        return self._panes[name]
