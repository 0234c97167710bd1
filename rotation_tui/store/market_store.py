"""The one state of the market: workers put batches in, everyone else takes immutable snapshots out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from rotation_tui.domain.bars import Bars, Basis
from rotation_tui.domain.feed import Event, FeedHealth
from rotation_tui.domain.observation import Observations
from rotation_tui.domain.quote import Quote
from rotation_tui.domain.results import Studies

BarsKey = tuple[str, Basis]


def history_name(symbol: str) -> str:
    """What the daily history of a symbol is called where feeds say what they do not give."""
    return f"history of {symbol}"


MOST_EVENTS = 200
"""Older events are forgotten, so that a month of uptime weighs what a day does."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything known at one revision.

    `checked` is when a source last gave a good answer for a symbol, changed or not. `quarantined` holds
    the symbols whose data were refused, `missing` the symbols, histories and series that no feed gives, with the
    reasons.
    """

    revision: int = 0
    bars_revision: int = 0
    quotes: Mapping[str, Quote] = field(default_factory=dict)
    checked: Mapping[str, datetime] = field(default_factory=dict)
    bars: Mapping[BarsKey, Bars] = field(default_factory=dict)
    observations: Mapping[str, Observations] = field(default_factory=dict)
    studies: Studies = field(default_factory=Studies)
    feeds: tuple[FeedHealth, ...] = ()
    events: tuple[Event, ...] = ()
    quarantined: Mapping[str, str] = field(default_factory=dict)
    missing: Mapping[str, str] = field(default_factory=dict)


class MarketStore:
    """Holds the state on the event loop's thread; a put that changes nothing is no revision."""

    def __init__(self, restored: Snapshot | None = None) -> None:
        start = restored or Snapshot()
        self._quotes = dict(start.quotes)
        self._checked = dict(start.checked)
        self._bars: dict[BarsKey, Bars] = dict(start.bars)
        self._observations = dict(start.observations)
        self._studies = start.studies
        self._feeds: dict[str, FeedHealth] = {feed.name: feed for feed in start.feeds}
        self._events = start.events
        self._quarantined = dict(start.quarantined)
        self._missing = dict(start.missing)
        self._revision = start.revision
        self._bars_revision = start.bars_revision
        self._snapshot: Snapshot | None = None

    @property
    def revision(self) -> int:
        """Moves whenever something that can be seen has changed."""
        return self._revision

    @property
    def bars_revision(self) -> int:
        """Moves whenever bars or observations have changed, so that studies are due."""
        return self._bars_revision

    def snapshot(self) -> Snapshot:
        """The state as it is now, never changed afterwards."""
        if self._snapshot is None or self._snapshot.revision != self._revision:
            self._snapshot = Snapshot(
                self._revision,
                self._bars_revision,
                MappingProxyType(self._quotes.copy()),
                MappingProxyType(self._checked.copy()),
                MappingProxyType(self._bars.copy()),
                MappingProxyType(self._observations.copy()),
                self._studies,
                tuple(self._feeds.values()),
                self._events,
                MappingProxyType(self._quarantined.copy()),
                MappingProxyType(self._missing.copy()),
            )
        return self._snapshot

    def put_quotes(self, quotes: Iterable[Quote], checked_at: datetime) -> bool:
        """Take one batch of quotes; True where it changed anything.

        An older print never replaces a newer one, nor does it count as a check of it.
        """
        changed = False
        for quote in quotes:
            known = self._quotes.get(quote.symbol)
            if known is not None and quote.as_of < known.as_of:
                continue
            self._checked[quote.symbol] = checked_at
            # that it was checked is no revision, but the next snapshot must carry it
            self._snapshot = None
            if known != quote:
                self._quotes[quote.symbol] = quote
                changed = True
        return self._moved(changed)

    def put_bars(self, bars: Iterable[Bars]) -> bool:
        """Take completed bars; True where rows differ from what was known."""
        changed = False
        for series in bars:
            key = (series.symbol, series.basis)
            known = self._bars.get(key)
            same = known is not None and _rows(known) == _rows(series)
            self._bars[key] = series
            changed = changed or not same
        self._bars_revision += changed
        return self._moved(changed)

    def put_observations(self, series: Iterable[Observations]) -> bool:
        """Take macro series; True where observations differ from what was known."""
        changed = False
        for one in series:
            known = self._observations.get(one.series_id)
            same = known is not None and known.dates == one.dates and known.values == one.values
            self._observations[one.series_id] = one
            changed = changed or not same
        self._bars_revision += changed
        return self._moved(changed)

    def ask_for_studies(self) -> None:
        """Make studies due though no bars have moved: what is studied has changed."""
        self._bars_revision += 1
        self._moved(True)

    def put_studies(self, studies: Studies) -> bool:
        """Take the results of a study."""
        changed = studies != self._studies
        self._studies = studies
        return self._moved(changed)

    def put_feed(self, health: FeedHealth) -> bool:
        """Take a feed's state; True where something other than its last success and request count moved."""
        known = self._feeds.get(health.name)
        self._feeds[health.name] = health
        changed = known is None or (
            (known.state, known.fault, known.retry_at) != (health.state, health.fault, health.retry_at)
        )
        # counts and times of success alone are no revision, but the next snapshot must carry them
        if not changed:
            self._snapshot = None
        return self._moved(changed)

    def put_event(self, event: Event) -> None:
        """Add a line to the events."""
        self._events = (*self._events, event)[-MOST_EVENTS:]
        self._moved(True)

    def put_doubts(self, quarantined: Mapping[str, str], missing: Mapping[str, str]) -> bool:
        """Take which symbols are refused or not to be had, with reasons; the mappings replace the old ones."""
        changed = dict(quarantined) != self._quarantined or dict(missing) != self._missing
        self._quarantined, self._missing = dict(quarantined), dict(missing)
        return self._moved(changed)

    def drop_quote(self, symbol: str) -> None:
        """Forget a quote that must not be shown any more."""
        if self._quotes.pop(symbol, None) is not None:
            self._moved(True)

    def _moved(self, changed: bool) -> bool:
        self._revision += changed
        return changed


def _rows(bars: Bars) -> tuple[object, ...]:
    return bars.dates, bars.closes, bars.highs, bars.lows, bars.volumes, bars.splits
