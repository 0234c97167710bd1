"""The book of alerts: what rules remember and what has been told, on disk, one for all programs of a user.

Who tells decides here, behind a lock: a rule that another monitor has told is told; a firing that another one sends is
sent. A firing goes from `fired` over `claimed` to `sent`, with each channel of its own. It is claimed on disk before it
is sent, so that whatever ends the program in between, it is sent at most once; one that was claimed by a program that
is gone is LOST: nobody knows whether it went out, and that is told. One that was only fired is sent by the next.
"""

import contextlib
import os
import threading
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import filelock
from msgspec import Struct, field
from msgspec.structs import replace

from rotation_tui.domain.alert import Delivery, Firing, Notice, RuleState, Way
from rotation_tui.store.kept import keep, read_kept

FORMAT: Final = 1
NAME: Final = "alert_book.json"
MOST_FIRINGS: Final = 200
"""Older ones are forgotten once nothing of them waits; a year of alerts weighs what a week does."""
MOST_WAITING: Final = 1000
_LOCK_S: Final = 1.0
_CLAIM_HOLDS: Final = timedelta(minutes=10)
"""What is under way for longer than any channel may take belongs to a program that is gone."""
_HOUR: Final = timedelta(hours=1)


class BookBusy(Exception):
    """The lock of the book cannot be had now."""


class Book(Struct, frozen=True):
    """All that is kept: what each rule remembers, by the alert's name, and firings, oldest first."""

    format: int = FORMAT
    rules: dict[str, RuleState] = field(default_factory=dict)
    told: tuple[Notice, ...] = ()


class Errand(Struct, frozen=True):
    """A firing that is this program's to send by one channel."""

    firing: Firing
    channel: str
    tries: int


class AlertBook:
    """The book in a state folder. All methods but `moved` touch the disk and wait for the lock: not for the loop.

    They raise BookBusy where the lock cannot be had within a second. Where the disk refuses the book goes on in memory,
    for this program alone, and says so. `alive` tells whether a program of that number and start still runs.
    """

    def __init__(self, folder: Path, *, alive: Callable[[int, str], bool] | None = None) -> None:
        self._path = folder / NAME
        self._lock = filelock.FileLock(f"{self._path}.lock", thread_local=False)
        self._turn = threading.Lock()  # the other one lets every thread of this program in
        self._said: list[str] = []
        self._unkept: Book | None = None
        self._alive = alive or _runs
        self._me = os.getpid(), _started(os.getpid())
        self._stamp: tuple[int, int] | None = None

    def moved(self) -> bool:
        """Whether the book is another one than when this was asked last; one look at the file."""
        if self._unkept is not None:
            return True
        try:
            found = self._path.stat()
            stamp: tuple[int, int] | None = (found.st_mtime_ns, found.st_ino)
        except OSError:
            stamp = None
        moved, self._stamp = stamp != self._stamp, stamp
        return moved

    def read(self) -> Book:
        """The book as it is; an empty one where there is none that can be used."""
        if self._unkept is not None:
            return self._unkept
        return read_kept(self._path, Book, version=FORMAT, tell=self._said.append) or Book()

    def take_said(self) -> list[str]:
        """Sentences about the book since this was asked last."""
        said, self._said = self._said, []
        return said

    def note(
        self, states: Mapping[str, RuleState], fired: Sequence[tuple[Firing, RuleState, timedelta]] = ()
    ) -> tuple[dict[str, RuleState], tuple[Firing, ...]]:
        """Write down what rules remember, and alerts that came true, each with what its rule then remembers and for how
        long it rests.

        What another program has told meanwhile counts instead. Returns what the book has of all these rules, to be
        gone on from, and the alerts that are told by this.
        """
        with self._locked():
            book = self.read()
            rules, told, ours = dict(book.rules), list(book.told), []
            for name, state in states.items():
                rules[name] = _later(rules.get(name), state)
            for firing, state, rest in fired:
                if not _told_already(rules.get(firing.alert), state, rest):
                    rules[firing.alert] = state
                    told.append(Notice(firing, {channel: Way() for channel in firing.to}))
                    ours.append(firing)
            self._write(Book(FORMAT, rules, _shortened(told)))
            return {name: rules[name] for name in (*states, *(firing.alert for firing, _, _ in fired))}, tuple(ours)

    def claim(self, channel: str, now: datetime, most: int, per_hour: int | None = None) -> list[Errand]:
        """Firings that are to be sent by a channel, at most so many at once and within an hour; they are ours now."""
        with self._locked():
            book, claims = self.read(), list[Errand]()
            room = min(most, _room(book, channel, now, per_hour))
            changed = []
            for told in book.told:
                way = told.ways.get(channel)
                if way is not None and way.state is Delivery.CLAIMED and self._is_gone(way, now):
                    why = "the program ended while it was sent; whether it arrived is not known"
                    told = _with(told, channel, replace(way, state=Delivery.LOST, why=why))
                    self._said.append(f"{channel}: {told.firing.alert}: {why}")
                elif way is not None and way.state is Delivery.FIRED and len(claims) < room and _is_due(way, now):
                    claims.append(Errand(told.firing, channel, way.tries + 1))
                    pid, started = self._me
                    way = Way(Delivery.CLAIMED, now, way.tries + 1, by=pid, started=started)
                    told = _with(told, channel, way)
                changed.append(told)
            if any(new is not old for new, old in zip(changed, book.told, strict=True)):
                self._write(replace(book, told=tuple(changed)))
            return claims

    def settle(self, errand: Errand, state: Delivery, why: str = "", not_before: datetime | None = None) -> None:
        """Say what has become of a claim: SENT, LOST with the reason, or FIRED again, to be tried not before a time."""
        with self._locked():
            book = self.read()
            told = tuple(_settled(one, errand, state, why, not_before) for one in book.told)
            self._write(replace(book, told=told))

    def waiting(self, channel: str, now: datetime, per_hour: int | None = None) -> tuple[list[datetime | None], bool]:
        """For each firing that waits for a channel not before when it is sent, None for at once; and whether the hour
        is full.
        """
        book = self.read()
        ways = (told.ways.get(channel) for told in book.told)
        waiting = [way.not_before for way in ways if way is not None and way.state is Delivery.FIRED]
        return waiting, _room(book, channel, now, per_hour) == 0

    def forget(self, names: Sequence[str]) -> None:
        """Let go of what rules of these names remember."""
        with self._locked():
            book = self.read()
            self._write(replace(book, rules={name: s for name, s in book.rules.items() if name not in names}))

    def _is_gone(self, way: Way, now: datetime) -> bool:
        if (way.by, way.started) == self._me:
            return False
        old = way.at is None or not timedelta(0) <= now - way.at < _CLAIM_HOLDS
        return old or not self._alive(way.by, way.started)

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        with self._turn:
            try:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                self._lock.acquire(timeout=_LOCK_S)
            except filelock.Timeout:
                raise BookBusy("the book of alerts is held by another program") from None
            except (OSError, NotImplementedError):  # a disk without locks has one monitor at a time
                yield
                return
            try:
                yield
            finally:
                self._lock.release()

    def _write(self, book: Book) -> None:
        if self._unkept is None:
            try:
                keep(self._path, book)
            except OSError as fault:
                why = fault.strerror or str(fault)
                self._said.append(f"the book of alerts cannot be kept ({why}): after a restart they are told again")
            else:
                return
        self._unkept = book


class MemoryBook(AlertBook):
    """A book of one program, which leaves nothing behind: that of a simulated market."""

    def __init__(self) -> None:
        super().__init__(Path())
        self._book = Book()
        self._new = False

    def moved(self) -> bool:
        new, self._new = self._new, False
        return new

    def read(self) -> Book:
        return self._book

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        with self._turn:
            yield

    def _write(self, book: Book) -> None:
        self._book, self._new = book, True


def new_number() -> str:
    """A number that no other firing has."""
    return uuid.uuid4().hex[:12]


def _later(there: RuleState | None, ours: RuleState) -> RuleState:
    """What counts of two memories of a rule: the one that was told later; of the same telling ours, which is newer."""
    if there is None or there.when != ours.when or there.fired_at is None:
        return ours
    if ours.fired_at is None or there.fired_at > ours.fired_at:
        return there
    return ours


def _told_already(there: RuleState | None, new: RuleState, rest: timedelta) -> bool:
    """Whether another program has told this: it holds since then, or the rule still rests from it."""
    if there is None or there.when != new.when:
        return False
    if there.spent:
        return True
    if there.fired_at is None or new.fired_at is None:
        return False
    rests = timedelta(0) <= new.fired_at - there.fired_at < rest
    same = not there.armed if not new.armed else there.last == new.last
    return rests or same


def _room(book: Book, channel: str, now: datetime, per_hour: int | None) -> int:
    """How many more a channel may be sent within this hour."""
    if per_hour is None:
        return MOST_WAITING
    ways = (told.ways.get(channel) for told in book.told)
    sent = [way for way in ways if way is not None and way.state is not Delivery.FIRED and way.at is not None]
    return max(0, per_hour - sum(timedelta(0) <= now - way.at < _HOUR for way in sent if way.at is not None))


def _is_due(way: Way, now: datetime) -> bool:
    return way.not_before is None or now >= way.not_before or way.not_before - now > _HOUR


def _with(told: Notice, channel: str, way: Way) -> Notice:
    return replace(told, ways=told.ways | {channel: way})


def _settled(one: Notice, errand: Errand, state: Delivery, why: str, not_before: datetime | None) -> Notice:
    if one.firing.id != errand.firing.id or errand.channel not in one.ways:
        return one
    way = replace(one.ways[errand.channel], state=state, why=why, not_before=not_before)
    return _with(one, errand.channel, way)


def _shortened(told: list[Notice]) -> tuple[Notice, ...]:
    """The newest firings, and older ones that wait; where even these are too many, the oldest go."""
    recent = told[-MOST_FIRINGS:]
    waiting = [one for one in told[:-MOST_FIRINGS] if one.waits]
    return tuple((*waiting, *recent)[-MOST_WAITING:])


def _started(pid: int) -> str:
    """When a program was started, so that another one of the same number is told apart; empty where nobody knows."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return ""


def _runs(pid: int, started: str) -> bool:
    if started:
        return _started(pid) == started
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
