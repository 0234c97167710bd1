"""What one message says: how the state of a market differs from that of the message before. Both ends share it.

Whoever writes tells one `MarketMoment` after the other; whoever reads is given equal ones. A message is msgpack.
`WHOLE` has everything, so that a tape or a terminal may begin with it; `SMALL` everything but histories, results and
minutes, so that one may go on with it behind a gap; `CHANGE` what has moved since the message before. A result is not
told but where it was asked for and came: it follows from the rest, and may be judged anew.
"""

import zlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, Final

import msgspec
from msgspec import Struct, field
from msgspec.structs import replace

from rotation_tui.domain.alert import AlertRow
from rotation_tui.domain.bars import Bars, Basis
from rotation_tui.domain.feed import Event
from rotation_tui.domain.fundamentals import Fundamentals, Progress
from rotation_tui.domain.observation import Observations
from rotation_tui.domain.refusal import RefusedValueError
from rotation_tui.domain.results import Studies
from rotation_tui.domain.session import nyse
from rotation_tui.domain.universe import Universe
from rotation_tui.domain.watchlist import WatchList
from rotation_tui.store.kept import unsound
from rotation_tui.store.market_store import MOST_EVENTS, BarsKey, Snapshot
from rotation_tui.tape.parts import (
    FeedChange,
    Missed,
    TapedBars,
    TapedMinutes,
    TapedSeries,
    Unfounded,
    bars_of,
    feeds_after,
    feeds_between,
    micros,
    minutes_of,
    series_of,
    taped_bars,
    taped_minutes,
    taped_series,
    time_of,
)
from rotation_tui.tape.prices import Names, Prices, prices_after, prices_between

VERSION: Final = 1
"""Of what a message says; one of a later version is never guessed at."""
WHOLE, SMALL, CHANGE = "w", "s", "c"


class About(Struct, frozen=True):
    """What boards were about: what is followed, looked at, muted, and whether holdings and filings are fetched.

    What anybody holds is left out: a tape is given to others.
    """

    universe: Universe
    looked: tuple[str, ...] = ()
    muted: Mapping[str, date] = field(default_factory=dict)
    fetches: bool = False
    watchlists: tuple[WatchList, ...] = ()


class MarketMoment(Struct, frozen=True):
    """The state of the market at a time, and what its boards are about. `ended` is whether nothing followed."""

    at: datetime
    snapshot: Snapshot
    about: About
    ended: bool = False


class Studied(Struct, frozen=True, omit_defaults=True):
    """Results came of what had been asked at a time; `fundamentals` stands alone where it is another one than before.

    What follows from holdings and filings is told, for the files that it is made of are not.
    """

    at: int
    fundamentals: tuple[Fundamentals | None, ...] = ()


class Message(Struct, frozen=True, omit_defaults=True):
    """One message: `n` counts them, `at` is microseconds since 1970, or since the message before in a `CHANGE`.

    What is None or empty has not changed. `revision`, `bars_revision` and `asked` are told by how far they moved.
    `computed_at` is of when the results were that stood there, `held` a sum over what a `SMALL` message leaves out.
    """

    n: int
    at: int
    kind: str = CHANGE
    revision: int = 0
    bars_revision: int = 0
    asked: int = 0
    ended: bool = False
    prices: Prices | None = None
    feeds: tuple[FeedChange, ...] = ()
    feeds_left: int | None = None
    events: tuple[Event, ...] = ()
    bars: tuple[TapedBars, ...] = ()
    bars_gone: tuple[tuple[str, Basis], ...] = ()
    series: tuple[TapedSeries, ...] = ()
    series_gone: tuple[str, ...] = ()
    minutes: tuple[TapedMinutes, ...] | None = None
    missed: Missed | None = None
    unstudied: tuple[str | None, ...] = ()
    alerts: tuple[tuple[AlertRow, ...] | None, ...] = ()
    progress: Mapping[str, Progress] | None = None
    studied: Studied | None = None
    studies: Studies | None = None
    computed_at: int | None = None
    held: int = 0
    about: About | None = None
    unheard: tuple[datetime | None, ...] = ()


class HeardMessage(Struct, frozen=True):
    """What a message came to. `asked` is whether results were asked for with it, `studied` that they came.

    `faults` tells what of it cannot be put to what is known. `computed_at` is of when the results were that stood
    there, told by messages that one may begin with.
    """

    moment: MarketMoment
    kind: str
    asked: bool
    studied: Studied | None
    faults: tuple[str, ...] = ()
    computed_at: datetime | None = None


_ENCODER = msgspec.msgpack.Encoder(enc_hook=dict)  # mappings that nobody may write to, as the store gives them
_DECODER = msgspec.msgpack.Decoder(Message)
_NOTHING = Snapshot()


def held_sum(snapshot: Snapshot) -> int:
    """A sum over which histories, series and minutes there are, for whoever has to know whether some were lost."""
    bars = (f"{b.symbol} {b.basis} {len(b)} {micros(b.fetched_at)}" for b in snapshot.bars.values())
    series = (f"{s.series_id} {len(s.dates)} {micros(s.fetched_at)}" for s in snapshot.observations.values())
    minutes = (f"{g.name} {len(m)} {micros(m.fetched_at)}" for g, m in snapshot.minutes.items())
    return zlib.crc32("\n".join(sorted((*bars, *series, *minutes))).encode())


class Teller:
    """Makes messages of moments. With `studies` it tells results as well, for those who do not work them out."""

    def __init__(self, *, studies: bool = False) -> None:
        self._tells_studies = studies
        self._names = Names()
        self._last: MarketMoment | None = None
        self._n = 0

    def tell(self, moment: MarketMoment) -> bytes | None:
        """The message of a moment, None where it tells nothing new. The first one is `WHOLE`."""
        last, self._last = self._last, moment
        if last is None:
            return self.again(WHOLE)
        told_at = micros(moment.at)
        message = self._changed(last, moment, told_at)
        if message == Message(self._n, message.at):
            self._last = last
            return None
        self._n += 1
        self._names.told = len(self._names.listed)
        return _ENCODER.encode(message)

    def again(self, kind: str) -> bytes:
        """The last moment once more, `WHOLE` or `SMALL`: one may begin there."""
        if self._last is None:
            raise ValueError("nothing has been told yet")
        self._names = Names()
        message = self._begun(self._last, kind, micros(self._last.at))
        self._n += 1
        self._names.told = len(self._names.listed)
        return _ENCODER.encode(message)

    def beside(self, kind: str) -> bytes:
        """The same for who begins there, `WHOLE` or `SMALL`, while for all others the next change follows the last.

        It has the number of the message before, and all names; those that are new in it the next change tells too.
        """
        if self._last is None:
            raise ValueError("nothing has been told yet")
        message = self._begun(self._last, kind, micros(self._last.at))
        prices = replace(message.prices or Prices(), named=tuple(self._names.listed))
        return _ENCODER.encode(replace(message, n=self._n - 1, prices=prices))

    def _begun(self, moment: MarketMoment, kind: str, at: int) -> Message:
        """Everything from nothing; of a `SMALL` message what is large stands with the reader."""
        snapshot, known = moment.snapshot, moment.snapshot.studies.computed_at
        small = replace(snapshot, bars={}, observations={}, minutes={})
        message = _message(_NOTHING, snapshot if kind == WHOLE else small, self._n, at, at, self._names)
        return replace(
            message,
            kind=kind,
            ended=moment.ended,
            studied=None,
            studies=snapshot.studies if kind == WHOLE else None,
            computed_at=None if known is None else micros(known),
            held=held_sum(snapshot) if kind == SMALL else 0,
            missed=Missed(snapshot.quarantined, snapshot.missing),
            progress=snapshot.progress,
            unstudied=(snapshot.unstudied,),
            alerts=(snapshot.alerts,),
            about=moment.about,
            unheard=() if snapshot.unheard is None else (snapshot.unheard,),
        )

    def _changed(self, last: MarketMoment, moment: MarketMoment, at: int) -> Message:
        before, after = last.snapshot, moment.snapshot
        message = _message(before, after, self._n, at, at - micros(last.at), self._names)
        changes: dict[str, Any] = {}
        if moment.about is not last.about and moment.about != last.about:
            changes["about"] = moment.about
        if after.studies is not before.studies and after.studies.computed_at is not None:
            was, now = before.studies.fundamentals, after.studies.fundamentals
            changes["studied"] = Studied(micros(after.studies.computed_at), () if was == now else (now,))
            if self._tells_studies:
                changes["studies"] = after.studies
        return replace(message, ended=moment.ended, **changes)


def _message(before: Snapshot, after: Snapshot, n: int, at: int, told_at: int, names: Names) -> Message:
    bars, series = after.bars, after.observations
    missed = before.quarantined != after.quarantined or before.missing != after.missing
    return Message(
        n,
        told_at,
        revision=after.revision - before.revision,
        bars_revision=after.bars_revision - before.bars_revision,
        asked=after.studies_asked - before.studies_asked,
        prices=prices_between((before.quotes, before.checked), (after.quotes, after.checked), at, names),
        feeds=feeds_between(before.feeds, after.feeds, at),
        feeds_left=len(after.feeds) if len(after.feeds) < len(before.feeds) else None,
        events=_new_events(before.events, after.events),
        bars=tuple(taped_bars(b, before.bars.get(key)) for key, b in bars.items() if before.bars.get(key) is not b),
        bars_gone=tuple(key for key in before.bars if key not in bars),
        series=tuple(
            taped_series(one, before.observations.get(key))
            for key, one in series.items()
            if before.observations.get(key) is not one
        ),
        series_gone=tuple(key for key in before.observations if key not in series),
        minutes=None
        if before.minutes == after.minutes
        else tuple(taped_minutes(glance, m, before.minutes.get(glance)) for glance, m in after.minutes.items()),
        missed=Missed(after.quarantined, after.missing) if missed else None,
        unstudied=(after.unstudied,) if before.unstudied != after.unstudied else (),
        alerts=(after.alerts,) if before.alerts != after.alerts else (),
        progress=after.progress if before.progress != after.progress else None,
        unheard=(after.unheard,) if before.unheard != after.unheard else (),
    )


def _new_events(before: Sequence[Event], after: Sequence[Event]) -> tuple[Event, ...]:
    """The events that have come; of those before the newest stay, so many as there is room for."""
    if before is after:
        return ()
    for new in range(len(after) + 1):
        stay = len(after) - new
        if tuple(before[len(before) - stay :] if stay else ()) == tuple(after[:stay]):
            return tuple(after[stay:])
    return tuple(after)


class Listener:
    """Makes moments of messages. What a message says passes the door again: numbers finite, times of known days.

    Its snapshots have the studies that stood there at the beginning: what came later whoever listens works out anew.
    """

    def __init__(self) -> None:
        self._names = Names()
        self._last: MarketMoment | None = None
        self._n: int | None = None

    def lose(self) -> None:
        """Messages have been lost: the next that counts is one that may be begun with."""
        self._n = None

    def hear(self, told: bytes) -> HeardMessage | None:
        """What a message comes to; None for a change of what has been lost. ValueError where it is none of ours."""
        message = _DECODER.decode(told)
        last = self._last
        if message.kind == CHANGE:
            if last is None or message.n != self._n:
                return None
            at, before, small = micros(last.at) + message.at, last.snapshot, False
        elif message.kind in (WHOLE, SMALL):
            self._names = Names()
            at, before, small = message.at, _NOTHING, message.kind == SMALL
        else:
            raise ValueError(f'no kind of message is called "{message.kind[:20]}"')
        faults: list[str] = []
        held = _NOTHING if last is None else last.snapshot
        snapshot = self._snapshot(message, before, held if small else before, at, faults)
        about = message.about or (None if last is None else last.about)
        if about is None:
            raise ValueError("a message does not say what boards are about")
        if wrong := unsound((message.events, message.studies, message.missed, message.about)):
            raise ValueError(wrong)
        self._last = MarketMoment(time_of(at), snapshot, about, message.ended)
        self._n = message.n + 1
        computed = None if message.computed_at is None else time_of(message.computed_at)
        if small and message.held != held_sum(snapshot):
            faults.append("histories that came meanwhile are lost, and those before stand in for them")
        asked = message.kind == CHANGE and message.asked > 0
        return HeardMessage(self._last, message.kind, asked, message.studied, tuple(faults), computed)

    def _snapshot(self, message: Message, before: Snapshot, held: Snapshot, at: int, faults: list[str]) -> Snapshot:
        """`held` is what of the large parts is known."""
        quotes, checked = before.quotes, before.checked
        if message.prices is not None:
            quotes, checked = prices_after((quotes, checked), message.prices, at, self._names)
            calendar = nyse()
            for quote in message.prices.whole:
                if not calendar.first <= quote.session <= calendar.last:
                    raise RefusedValueError(f"{quote.symbol} is of no session that is known")
        minutes = held.minutes
        if message.minutes is not None:
            minutes = {one.glance: minutes_of(one, held.minutes.get(one.glance)) for one in message.minutes}
        events = message.events
        if message.kind == CHANGE:
            events = (*before.events, *events)[-MOST_EVENTS:] if events else before.events
        missed = message.missed
        return Snapshot(
            revision=before.revision + message.revision,
            bars_revision=before.bars_revision + message.bars_revision,
            quotes=MappingProxyType(quotes) if isinstance(quotes, dict) else quotes,
            checked=MappingProxyType(checked) if isinstance(checked, dict) else checked,
            bars=_bars(message, held, faults),
            observations=_series(message, held, faults),
            studies=held.studies if message.studies is None else message.studies,
            feeds=feeds_after(before.feeds[: message.feeds_left], message.feeds, at),
            events=events,
            quarantined=before.quarantined if missed is None else missed.quarantined,
            missing=before.missing if missed is None else missed.missing,
            unstudied=message.unstudied[0] if message.unstudied else before.unstudied,
            alerts=message.alerts[0] if message.alerts else before.alerts,
            minutes=minutes,
            progress=before.progress if message.progress is None else message.progress,
            studies_asked=before.studies_asked + message.asked,
            unheard=message.unheard[0] if message.unheard else before.unheard,
        )


def _bars(message: Message, held: Snapshot, faults: list[str]) -> Mapping[BarsKey, Bars]:
    if not message.bars and not message.bars_gone:
        return held.bars
    bars = {key: b for key, b in held.bars.items() if key not in message.bars_gone}
    for told in message.bars:
        key = told.symbol, told.basis
        try:
            bars[key] = bars_of(told, bars.get(key))
        except Unfounded as fault:
            faults.append(str(fault))
    return MappingProxyType(bars)


def _series(message: Message, held: Snapshot, faults: list[str]) -> Mapping[str, Observations]:
    if not message.series and not message.series_gone:
        return held.observations
    series = {key: one for key, one in held.observations.items() if key not in message.series_gone}
    for told in message.series:
        try:
            series[told.series_id] = series_of(told, series.get(told.series_id))
        except Unfounded as fault:
            faults.append(str(fault))
    return MappingProxyType(series)


class Glimpse(Struct, frozen=True, omit_defaults=True):
    """Of a message what tells whether anything that it leaves out has changed."""

    n: int
    kind: str = CHANGE
    computed_at: int | None = None
    held: int = 0


def glimpse(told: bytes) -> Glimpse:
    """That of a message, and nothing else of it; ValueError or a fault of msgspec where it is none."""
    return msgspec.msgpack.decode(told, type=Glimpse)
