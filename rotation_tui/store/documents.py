"""What funds hold and companies file, on disk day by day, with an index of each kind that says what is due when.

What lies here is never in the monitor's memory: the index is, and whoever studies reads the rest. Of each document
every version is a file, named by when it was fetched, so that a past day reads what was known by then. A document that
is fetched again and says the same makes no new version.
"""

import shutil
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from rotation_tui.domain.clock import end_of
from rotation_tui.domain.closes import Closes
from rotation_tui.domain.filings import Document, DocumentId, Facts, FrameId, Registry
from rotation_tui.domain.holdings import Holdings
from rotation_tui.store.kept import file_stem, keep, read_kept

FORMAT = 1
HOLDINGS, FACTS, REGISTRY, CLOSES = "holdings", "facts", "registry", "closes"
COMPANIES = DocumentId(REGISTRY, "companies")

_STAMP = "%Y%m%dT%H%M%S%fZ"
_LARGEST = 1e21
"""A filing that is wrong by a factor of a thousand is left out by name, and must not cost the others of its frame."""
_UNUSED_FOR = timedelta(days=400)


class Stay(Struct, frozen=True):
    """How many versions stay: the last of each of so many days, and before them of each of so many months."""

    days: int
    months: int


STAYING = {HOLDINGS: Stay(7, 12), FACTS: Stay(1, 3), REGISTRY: Stay(1, 0), CLOSES: Stay(21, 24)}
"""A fund's file takes 0.3 MB, a frame 0.2, of which there are 150, and the closes of a fund's sample 0.3."""


class Entry(Struct, frozen=True):
    """One document in the index: when its newest version was fetched, last checked, and is due again.

    `absent` says that its source has none of it, which stands until it is due.
    """

    id: DocumentId
    source: str
    fetched_at: datetime
    checked_at: datetime
    due: datetime
    as_of: date | None = None
    absent: bool = False


class KeptIndex(Struct, frozen=True):
    """All documents of one kind."""

    format: int
    entries: tuple[Entry, ...]


class KeptHoldings(Struct, frozen=True):
    """One version of what a fund holds."""

    format: int
    holdings: Holdings


class KeptFacts(Struct, frozen=True):
    """One version of one frame."""

    format: int
    facts: Facts


class KeptRegistry(Struct, frozen=True):
    """One version of which company a ticker is."""

    format: int
    registry: Registry


class KeptCloses(Struct, frozen=True):
    """One version of the closes of a fund's members."""

    format: int
    closes: Closes


Paper = Holdings | Facts | Registry | Closes
_Kept = TypeVar("_Kept", KeptHoldings, KeptFacts, KeptRegistry, KeptCloses)


def holdings_id(fund: str) -> DocumentId:
    return DocumentId(HOLDINGS, fund)


def facts_id(frame: FrameId) -> DocumentId:
    return DocumentId(FACTS, frame.name)


def closes_id(fund: str) -> DocumentId:
    return DocumentId(CLOSES, fund)


class Documents:
    """The documents in one folder; every method reads or writes the disk, and those that write raise OSError.

    `tell` gets a sentence for each file that cannot be used and was set aside.
    """

    def __init__(self, folder: Path, tell: Callable[[str], None] | None = None) -> None:
        self._folder = folder
        self._tell = tell

    def entries(self) -> dict[DocumentId, Entry]:
        """The index; what it does not have, or has without a file, is as if it were not there, and is fetched anew."""
        listed = (entry for kind in STAYING for entry in self._listed(kind).values())
        return {entry.id: entry for entry in listed if entry.absent or self._versions(entry.id)}

    def put(self, document: DocumentId, paper: Paper | None, due: datetime, now: datetime, source: str) -> Entry:
        """Keep what was fetched, None where the source has none of it, and give its place in the index."""
        entries = self._listed(document.kind)  # of now: another monitor may have written it
        before = entries.get(document)
        if paper is None:
            entry = _absent(document, before, due, now, source)
        elif before is not None and not before.absent and _alike(self._read(document, None), paper):
            entry = replace(before, due=due, checked_at=now)
        else:
            self._write(document, paper)
            as_of = paper.as_of if isinstance(paper, Holdings | Closes) else None
            entry = Entry(document, paper.source, paper.fetched_at, now, due, as_of)
        entries[document] = entry
        keep(self._index(document.kind), KeptIndex(FORMAT, tuple(entries.values())), synced=False)
        return entry

    def holdings(self, fund: str, by: date | None = None) -> Holdings | None:
        """The newest holdings of a fund that were fetched by the end of a day."""
        found = self._read(holdings_id(fund), by)
        return found if isinstance(found, Holdings) else None

    def facts(self, frame: FrameId, by: date | None = None) -> Facts | None:
        """A frame as it was fetched by the end of a day; before that, those of its values that were filed by then."""
        found = self._read(facts_id(frame), by)
        if found is None and by is not None and (first := self._read(facts_id(frame), None, oldest=True)) is not None:
            assert isinstance(first, Facts)
            found = first.filed_by(by)
        return found if isinstance(found, Facts) else None

    def closes(self, fund: str, by: date | None = None) -> Closes | None:
        """The newest closes of a fund's members that were fetched by the end of a day."""
        found = self._read(closes_id(fund), by)
        return found if isinstance(found, Closes) else None

    def has(self, document: DocumentId, by: date) -> bool:
        """Whether a version had been fetched by the end of a day."""
        return any(at <= end_of(by) for at, _ in self._versions(document)[:1])

    def registry(self, by: date | None = None) -> Registry | None:
        """Which company a ticker is: as it was known by the end of a day, else as it was first known."""
        found = self._read(COMPANIES, by) or self._read(COMPANIES, None, oldest=True)
        return found if isinstance(found, Registry) else None

    def sweep(self, now: datetime) -> None:
        """Remove documents that nobody has asked for in more than a year."""
        for kind in STAYING:
            entries = self._listed(kind)
            stay = {key: entry for key, entry in entries.items() if now - entry.checked_at <= _UNUSED_FOR}
            for gone in entries.keys() - stay.keys():
                shutil.rmtree(self._place(gone), ignore_errors=True)
            if len(stay) < len(entries):
                keep(self._index(kind), KeptIndex(FORMAT, tuple(stay.values())), synced=False)

    def _listed(self, kind: str) -> dict[DocumentId, Entry]:
        index = read_kept(self._index(kind), KeptIndex, version=FORMAT, tell=self._tell)
        return {} if index is None else {entry.id: entry for entry in index.entries}

    def _index(self, kind: str) -> Path:
        """One a kind, for two loops write at once."""
        return self._folder / kind / "index.json"

    def _place(self, document: DocumentId) -> Path:
        return self._folder / document.kind / file_stem(document.name)

    def _versions(self, document: DocumentId) -> list[tuple[datetime, Path]]:
        """Oldest first."""
        place, found = self._place(document), []
        for path in place.glob("[!.]*.json") if place.is_dir() else ():
            with suppress(ValueError):  # somebody else's file
                found.append((datetime.strptime(path.stem, _STAMP).replace(tzinfo=UTC), path))
        return sorted(found)

    def _read(self, document: DocumentId, by: date | None, *, oldest: bool = False) -> Paper | None:
        """The newest version that can be used, else the one before it."""
        versions = self._versions(document)
        known = [path for at, path in versions if by is None or at <= end_of(by)]
        for path in known if oldest else reversed(known):
            if (paper := self._opened(document.kind, path)) is not None:
                return paper
        return None

    def _opened(self, kind: str, path: Path) -> Paper | None:
        if kind == HOLDINGS:
            held = self._kept(path, KeptHoldings)
            return None if held is None else held.holdings
        if kind == FACTS:
            filed = self._kept(path, KeptFacts)
            return None if filed is None else filed.facts
        if kind == CLOSES:
            told = self._kept(path, KeptCloses)
            return None if told is None else told.closes
        registered = self._kept(path, KeptRegistry)
        return None if registered is None else registered.registry

    def _kept(self, path: Path, kind: type[_Kept]) -> _Kept | None:
        return read_kept(path, kind, version=FORMAT, tell=self._tell, largest=_LARGEST)

    def _write(self, document: DocumentId, paper: Paper) -> None:
        path = self._place(document) / f"{paper.fetched_at.astimezone(UTC):{_STAMP}}.json"
        match paper:
            case Holdings():
                keep(path, KeptHoldings(FORMAT, paper), synced=False)
            case Facts():
                keep(path, KeptFacts(FORMAT, paper), synced=False)
            case Registry():
                keep(path, KeptRegistry(FORMAT, paper), synced=False)
            case Closes():
                keep(path, KeptCloses(FORMAT, paper), synced=False)
        versions = self._versions(document)
        for at in thinned([at for at, _ in versions], STAYING[document.kind]):
            dict(versions)[at].unlink(missing_ok=True)


def thinned(versions: Sequence[datetime], stay: Stay) -> list[datetime]:
    """Of versions by time, the oldest first, those that do not stay."""
    last_of_day = {at.date(): at for at in versions}
    days = [*reversed(last_of_day.values())]
    of_months: dict[tuple[int, int], datetime] = {}
    for at in days[stay.days :]:
        of_months.setdefault((at.year, at.month), at)
    staying = {*days[: stay.days], *[*of_months.values()][: stay.months]}
    return [at for at in versions if at not in staying]


def listed(entries: Iterable[Entry], folder: str) -> tuple[Document, ...]:
    """What is there, as the store lists it."""
    return tuple(Document(e.id, folder, e.source, e.fetched_at, e.as_of) for e in entries if not e.absent)


def _absent(document: DocumentId, before: Entry | None, due: datetime, now: datetime, source: str) -> Entry:
    """Nobody has filed it; what was there once still is."""
    if before is not None and not before.absent:
        return replace(before, due=due, checked_at=now)
    return Entry(document, source, now, now, due, absent=True)


def _alike(known: Paper | None, paper: Paper) -> bool:
    """Whether both say the same, whenever they were fetched."""
    if isinstance(known, Facts) and isinstance(paper, Facts):
        return (known.ciks, known.values, known.ends, known.filed) == (
            paper.ciks, paper.values, paper.ends, paper.filed,
        )  # fmt: skip
    if isinstance(known, Holdings) and isinstance(paper, Holdings):
        return replace(known, fetched_at=paper.fetched_at) == paper
    if isinstance(known, Registry) and isinstance(paper, Registry):
        return replace(known, fetched_at=paper.fetched_at) == paper
    if isinstance(known, Closes) and isinstance(paper, Closes):
        return replace(known, fetched_at=paper.fetched_at) == paper
    return False
