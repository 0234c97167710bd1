"""The one state of the market: workers put batches in, everyone else takes immutable snapshots out."""

from collections.abc import Callable, Iterable, Mapping, Set
from datetime import datetime
from types import MappingProxyType
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from rotation_tui.domain.alert import AlertRow
from rotation_tui.domain.bars import Bars, Basis
from rotation_tui.domain.feed import Event, FeedHealth
from rotation_tui.domain.filings import Document, DocumentId
from rotation_tui.domain.fundamentals import Progress
from rotation_tui.domain.minutes import Glance, Minutes
from rotation_tui.domain.observation import Observations
from rotation_tui.domain.quote import Quote
from rotation_tui.domain.results import Studies
from rotation_tui.domain.ticked import TickedQuotes

BarsKey = tuple[str, Basis]


def history_name(symbol: str) -> str:
    """What the daily history of a symbol is called where feeds say what they do not give."""
    return f"history of {symbol}"


HOLDINGS, FILINGS = "holdings of", "filings"
"""What holdings and filings are called there."""


def holdings_name(fund: str) -> str:
    """What the holdings of a fund are called there."""
    return f"{HOLDINGS} {fund}"


CLOSES = "closes of the members of"


def closes_name(fund: str) -> str:
    """What the closes of a fund's members are called there."""
    return f"{CLOSES} {fund}"


MOST_GLANCES = 4
"""Both frames of both legs of a pair; minutes are held in memory and nowhere else."""
MOST_EVENTS = 200
"""Older events are forgotten, so that a month of uptime weighs what a day does."""


class Snapshot(Struct, frozen=True):
    """Everything known at one revision.

    `checked` is when a source last gave a good answer for a symbol, changed or not. `quarantined` holds
    the symbols whose data were refused, `missing` the symbols, histories, minutes and series that no feed gives, with
    the reasons. `unstudied` is why the studies are older than the bars, None where they are not for long.
    `documents` is where holdings and filings lie, `progress` by feed and kind how many of them have come. `alerts` is
    how each alert stood on the board before, None where none is watched for yet. `studies_asked` is how often results
    were asked for, of what is known then. `unheard` is when whoever tells all this had said its last word, where it has
    fallen silent since or was not heard yet: what was not checked later is checked by nobody.
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
    unstudied: str | None = None
    minutes: Mapping[Glance, Minutes] = field(default_factory=dict)
    documents: Mapping[DocumentId, Document] = field(default_factory=dict)
    progress: Mapping[str, Progress] = field(default_factory=dict)
    alerts: tuple[AlertRow, ...] | None = None
    studies_asked: int = 0
    unheard: datetime | None = None

    def is_unheard(self, symbol: str) -> bool:
        """Whether nobody asks for its price any more that would be heard."""
        checked = self.checked.get(symbol)
        return self.unheard is not None and (checked is None or checked <= self.unheard)

    def newest_print(self) -> datetime | None:
        """The time of the newest price; None where there is none."""
        if isinstance(self.quotes, TickedQuotes):
            return self.quotes.newest()
        return max((quote.as_of for quote in self.quotes.values()), default=None)

    def awaits_histories(self) -> bool:
        """Whether an outline stands in for a history that is still to come."""
        return any(bars.outline and history_name(symbol) not in self.missing for (symbol, _), bars in self.bars.items())

    def without_outlines(self) -> "Snapshot":
        """The same with histories alone."""
        whole = {key: bars for key, bars in self.bars.items() if not bars.outline}
        return self if len(whole) == len(self.bars) else replace(self, bars=whole)


class MarketStore:
    """Holds the state on the event loop's thread; a put that changes nothing is no revision."""

    def __init__(self, restored: Snapshot | None = None) -> None:
        self._now = restored or Snapshot()
        self._taps: tuple[Callable[[Snapshot], None], ...] = ()
        self._told_bars = -1

    def shown_to(self, tap: Callable[[Snapshot], None]) -> None:
        """Show each state to one more tap, as it comes to stand here; a tap must be quick, and raise nothing."""
        self._taps = (*self._taps, tap)

    @property
    def revision(self) -> int:
        """Moves whenever something that can be seen has changed."""
        return self._now.revision

    @property
    def bars_revision(self) -> int:
        """Moves whenever bars or observations have changed, so that studies are due."""
        return self._now.bars_revision

    def snapshot(self) -> Snapshot:
        """The state as it is now, never changed afterwards."""
        return self._now

    def put_quotes(self, quotes: Iterable[Quote], checked_at: datetime) -> bool:
        """Take one batch of quotes; True where it changed anything.

        An older print never replaces a newer one, nor does it count as a check of it. That it was checked is no
        revision, but the next snapshot carries it.
        """
        held, checked, changed = dict(self._now.quotes), dict(self._now.checked), False
        for quote in quotes:
            known = held.get(quote.symbol)
            if known is not None and quote.as_of < known.as_of:
                continue
            checked[quote.symbol] = checked_at
            if known != quote:
                held[quote.symbol] = quote
                changed = True
        return self._put(changed, quotes=held, checked=checked)

    def put_bars(self, bars: Iterable[Bars]) -> bool:
        """Take completed bars; True where rows differ from what was known.

        An outline gives way to the history on whatever basis, and never takes its place.
        """
        held, changed = dict(self._now.bars), False
        for series in bars:
            beside = [held[series.symbol, basis] for basis in Basis if (series.symbol, basis) in held]
            if series.outline and any(not other.outline for other in beside):
                continue
            for other in beside:
                if other.outline and not series.outline:
                    del held[other.symbol, other.basis]
            known = held.get((series.symbol, series.basis))
            changed |= known is None or not known.tells(series)
            held[series.symbol, series.basis] = series
        return self._put(changed, bars=held, bars_revision=self.bars_revision + changed)

    def drop_outline(self, symbol: str) -> None:
        """Forget the outline of a symbol whose history is refused."""
        left = {key: bars for key, bars in self._now.bars.items() if key[0] != symbol or not bars.outline}
        if len(left) < len(self._now.bars):
            self._put(True, bars=left, bars_revision=self.bars_revision + 1)

    def put_minutes(self, glance: Glance, minutes: Minutes) -> bool:
        """Take what was looked at; of older looks only the latest are held."""
        others = {known: held for known, held in self._now.minutes.items() if known != glance}
        latest = dict(list(others.items())[1 - MOST_GLANCES :])
        changed = self._now.minutes.get(glance) != minutes
        return self._put(changed, minutes={**latest, glance: minutes})

    def put_observations(self, series: Iterable[Observations]) -> bool:
        """Take macro series; True where observations differ from what was known."""
        held, changed = dict(self._now.observations), False
        for one in series:
            known = held.get(one.series_id)
            changed |= known is None or not known.tells(one)
            held[one.series_id] = one
        return self._put(changed, observations=held, bars_revision=self.bars_revision + changed)

    def put_documents(self, documents: Iterable[Document]) -> bool:
        """Take where documents lie; True where one is another version than was known."""
        held, changed = dict(self._now.documents), False
        for document in documents:
            changed |= held.get(document.id) != document
            held[document.id] = document
        return self._put(changed, documents=held, bars_revision=self.bars_revision + changed)

    def put_progress(self, what: str, progress: Progress | None) -> bool:
        """Take how many files of a kind have come; None where no more are awaited."""
        held = {known: of for known, of in self._now.progress.items() if known != what}
        if progress is not None:
            held[what] = progress
        return self._put(held != self._now.progress, progress=held)

    def ask_for_studies(self) -> None:
        """Make studies due though no bars have moved: what is studied has changed."""
        self._put(True, bars_revision=self.bars_revision + 1)

    def put_asked(self) -> None:
        """Take that results are asked for of what is known now; that is no revision."""
        self._put(False, studies_asked=self._now.studies_asked + 1)

    def put_studies(self, studies: Studies) -> bool:
        return self._put(studies != self._now.studies, studies=studies)

    def put_unstudied(self, why: str | None) -> bool:
        """Take why there are no new studies; None where there are."""
        return self._put(why != self._now.unstudied, unstudied=why)

    def put_feed(self, health: FeedHealth) -> bool:
        """Take a feed's state; True where something other than its last success and request count moved.

        Those alone are no revision, but the next snapshot carries them.
        """
        held = {feed.name: feed for feed in self._now.feeds}
        known, held[health.name] = held.get(health.name), health
        changed = known is None or (
            (known.state, known.fault, known.retry_at) != (health.state, health.fault, health.retry_at)
        )
        return self._put(changed, feeds=tuple(held.values()))

    def forget_feeds(self) -> None:
        """Forget the states of all feeds: others are in service from now on."""
        self._put(bool(self._now.feeds), feeds=(), progress={})

    def put_told(self, snapshot: Snapshot) -> None:
        """Take a whole state as it was told elsewhere; revisions go on from here."""
        bars_revision = self.bars_revision + (snapshot.bars_revision != self._told_bars)
        self._told_bars = snapshot.bars_revision
        self._now = replace(snapshot, revision=self.revision + 1, bars_revision=bars_revision)
        self._show()

    def put_standing(
        self, feeds: tuple[FeedHealth, ...], progress: Mapping[str, Progress], unheard: datetime | None
    ) -> bool:
        """Take how they stand who tell all that is here; the next that is told takes the place of it."""
        checked = checked_by(unheard, self._now.checked)
        return self._put(True, feeds=feeds, progress=dict(progress), unheard=unheard, checked=checked)

    def put_event(self, event: Event) -> None:
        self._put(True, events=(*self._now.events, event)[-MOST_EVENTS:])

    def put_alerts(self, alerts: tuple[AlertRow, ...]) -> bool:
        """Take how alerts stand; the same tuple again is no news."""
        return self._put(alerts is not self._now.alerts, alerts=alerts)

    def put_doubts(self, quarantined: Mapping[str, str], missing: Mapping[str, str]) -> bool:
        """Take which symbols are refused or not to be had, with reasons; the mappings replace the old ones."""
        changed = quarantined != self._now.quarantined or missing != self._now.missing
        return self._put(changed, quarantined=dict(quarantined), missing=dict(missing))

    def drop_quote(self, symbol: str) -> None:
        """Forget a quote that must not be shown any more."""
        if symbol in self._now.quotes:
            self._put(True, quotes={name: q for name, q in self._now.quotes.items() if name != symbol})

    def forget(self, symbols: Set[str]) -> None:
        """Forget all that is known of symbols which nobody follows any more; what was made of it, the studies drop."""
        held = self._now
        quotes, checked = (
            {s: v for s, v in known.items() if s not in symbols} for known in (held.quotes, held.checked)
        )
        bars = {key: series for key, series in held.bars.items() if key[0] not in symbols}
        changed = len(quotes) < len(held.quotes) or len(bars) < len(held.bars)
        self._put(changed, quotes=quotes, checked=checked, bars=bars)

    def _put(self, changed: bool, **parts: Any) -> bool:
        parts = {name: MappingProxyType(part) if isinstance(part, dict) else part for name, part in parts.items()}
        self._now = replace(self._now, revision=self.revision + changed, **parts)
        self._show()
        return changed

    def _show(self) -> None:
        for tap in self._taps:
            tap(self._now)


def checked_by(unheard: datetime | None, checked: Mapping[str, datetime]) -> Mapping[str, datetime]:
    """When symbols were checked by somebody who is unheard since then, and whose clock may be ahead."""
    if unheard is None or all(at <= unheard for at in checked.values()):
        return checked
    return MappingProxyType({symbol: min(at, unheard) for symbol, at in checked.items()})
