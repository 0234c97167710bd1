"""One feed's documents: what is too large for memory goes to its shelf, file by file, and the store says where it lies.

They are asked for once somebody has switched them on. For a past day what is at hand is asked
as of that day, and no source on a network: what it tells now was not known then. Such a day reads what lies there.
"""

import asyncio
import logging
import shutil
import tempfile
import weakref
from abc import abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from rotation_tui.domain.clock import CLOCK_SLACK
from rotation_tui.domain.filings import DocumentId
from rotation_tui.domain.fundamentals import Progress
from rotation_tui.providers.base import BadReply, ProviderFault, UnknownSymbol
from rotation_tui.store.documents import Documents, Entry, Paper, listed
from rotation_tui.store.shelf import Shelf
from rotation_tui.workers.context import Context
from rotation_tui.workers.feed import MISSING_FOR, Feed
from rotation_tui.workers.loop import ShelvedLoop, Source

_log = logging.getLogger(__name__)


class DocumentLoop(ShelvedLoop[Source, Entry]):
    """Fetches the documents that fall to one feed, one after the other, each kept before the next is asked for.

    So what has come is not fetched again, whatever ends the round. The store hears of them when a round ends: each of
    200 files would start a study otherwise.
    """

    def __init__(self, feed: Feed, source: Source, context: Context, shelf: Shelf | None) -> None:
        super().__init__(feed, source, context, shelf)
        self._entries: dict[str, Entry] = {}
        self._index: dict[DocumentId, Entry] | None = None
        self._give_back: Callable[[], object] | None = None

    @property
    def arrives(self) -> bool:
        """Never: no study of prices waits for documents, which take minutes."""
        return False

    @abstractmethod
    def _document(self, name: str) -> DocumentId:
        """What a name is called on the shelf."""

    @abstractmethod
    async def _fetch(self, name: str) -> Paper | None:
        """The document of a name, None where its source has none of it."""

    @abstractmethod
    def _due_again(self, name: str, now: datetime) -> datetime:
        """When a document that has just been fetched is due again."""

    @abstractmethod
    def _is_given_by(self, feed: Feed, name: str) -> bool:
        """Whether a feed offers the document and has not lately failed to give it."""

    def wanted(self) -> Sequence[str]:
        """What falls to this feed and is due; nothing while it is not asked for."""
        if not self._context.followed.fundamentals or (self._given.as_of is not None and not self._feed.local):
            return ()
        now, earlier = self._now(), self._given.earlier(self._feed)
        return tuple(
            name
            for name in self._names()
            if self._dues.is_due(name, now)
            and not self._feed.lacks(self._lacked(name), now)
            and not any(feed.able(self.job) and self._is_given_by(feed, name) for feed in earlier)
        )

    def ask_again(self) -> None:
        """Nothing: what was not given is due in any case, and the rest does not change from minute to minute."""

    def close(self) -> None:
        """Remove the folder that a feed without a shelf has been given."""
        if self._give_back is not None:
            self._give_back()

    def _lacked(self, name: str) -> str:
        """What a name is called where the feed says what it does not give."""
        return name

    def _read(self, shelf: Shelf, name: str) -> Entry | None:
        if self._index is None:
            self._index = shelf.documents.entries()
        return self._index.get(self._document(name))

    def _take_up(self, records: Mapping[str, Entry]) -> None:
        self._index = None
        now = self._now()
        for name, entry in records.items():
            self._entries[name] = entry
            if entry.checked_at <= now + CLOCK_SLACK:
                self._dues.put(name, entry.due)
        self._show()

    def _fetched_at(self, name: str) -> Iterable[datetime]:
        return (self._entries[name].checked_at,) if name in self._entries else ()

    async def sweep(self) -> None:
        """Remove documents that nobody has asked for in more than a year."""
        if self._shelf is not None and self._entries:
            with self._context.doubts.keeping("holdings and filings on disk"):
                await asyncio.to_thread(self._shelf.documents.sweep, self._now())

    async def _round(self) -> datetime:
        await self.unshelve()
        wanted, feed = self.wanted(), self._feed
        try:
            await self._all(wanted)
        finally:
            self._show()
        if wanted:
            self._context.health.publish(feed)
            self._context.doubts.tell()
        rest, among = len(self.wanted()), sum(1 for _ in self._names())
        self._given.store.put_progress(self._progress_name, Progress(among - rest, among) if rest else None)
        return self._next(until for name, (_, until) in feed.missing.items() if name in self._lackings())

    def _lackings(self) -> set[str]:
        return {self._lacked(name) for name in self._names()}

    async def _all(self, wanted: Sequence[str]) -> None:
        """Ask for what is wanted until it is there, the feed has to rest, or nobody wants it any more."""
        loop = asyncio.get_running_loop()
        began, among = loop.time(), max(len(wanted), sum(1 for _ in self._names()))
        for asked, name in enumerate(wanted):
            if not self._context.followed.fundamentals or self._feed.rests_until(self.job, self._now()) is not None:
                break
            left_s = (loop.time() - began) / asked * (len(wanted) - asked) if asked else None
            done = among - len(wanted) + asked
            self._given.store.put_progress(self._progress_name, Progress(done, among, left_s))
            await self._one(name)

    async def _one(self, name: str) -> None:
        feed, context = self._feed, self._context
        feed.asked = True
        try:
            paper = self._seen(await self._fetch(name))
        except ProviderFault as fault:
            self._left_without(name, fault)
            return
        except Exception as fault:  # one document must not keep the others from being read
            _log.exception("%s from %s", name, feed.name)
            self._left_without(name, BadReply(f"{type(fault).__name__}: {fault}"))
            return
        now = self._now()
        feed.answered(self.job, now, {}, (self._lacked(name),))
        due = self._due_again(name, now)
        self._dues.put(name, due)
        with context.doubts.keeping("holdings and filings on disk"):
            put = self._documents().put
            self._entries[name] = await asyncio.to_thread(put, self._document(name), paper, due, now, feed.name)

    def _left_without(self, name: str, fault: ProviderFault) -> None:
        if fault.pause_s is None and isinstance(fault, UnknownSymbol | BadReply):
            self._feed.lacking(self._lacked(name), str(fault), self._now() + MISSING_FOR)
        else:
            self._feed.failed(self.job, fault, self._now(), self._given.cadence)
        self._context.wakes.later(self._feed)

    def _documents(self) -> Documents:
        """Where they are kept; a feed without a shelf has a folder that goes with it."""
        if self._shelf is None:
            folder = Path(tempfile.mkdtemp(prefix="rotation-tui-"))
            self._give_back = weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
            self._shelf = Shelf(folder)
        return self._shelf.documents

    def _show(self) -> None:
        if self._shelf is None or not self._entries:
            return
        if self._given.store.put_documents(listed(self._entries.values(), str(self._shelf.folder))):
            self._context.wakes.bars_moved.set()
            self._shown()

    def _shown(self) -> None:
        """Called once the store lists other documents than before."""

    @property
    def _progress_name(self) -> str:
        return f"{self.job} from {self._feed.name}"
