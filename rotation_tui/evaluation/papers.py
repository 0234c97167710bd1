"""Holdings and filings for a study: what lies on disk as it was known on a day."""

import hashlib
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from types import MappingProxyType

from rotation_tui import __version__
from rotation_tui.domain.figures import frames_wanted, reported
from rotation_tui.domain.filings import Document, DocumentId, Facts, FrameId
from rotation_tui.domain.fundamentals import FilingsAtHand, Papers
from rotation_tui.evidence.companies import Directory
from rotation_tui.store.documents import CLOSES, COMPANIES, FACTS, HOLDINGS, Documents, facts_id

Listed = Mapping[DocumentId, Document]
_NONE: Mapping[str, int] = MappingProxyType({})


def made_of(documents: Listed, day: date, companies: Mapping[str, int] = _NONE) -> str:
    """Moves with every version of a document, with the day, the program and the table of companies; else empty.

    Closes of members have no part in what follows from holdings and filings.
    """
    papers = sorted((document for document in documents.values() if document.id.kind != CLOSES), key=_id)
    if not papers:
        return ""
    told = (f"{d.id.kind} {d.id.name} {d.fetched_at.isoformat()}" for d in papers)
    return hashlib.sha256(
        "\n".join((__version__, str(day), str(sorted(companies.items())), *told)).encode()
    ).hexdigest()[:16]


def papers_of(
    documents: Listed,
    day: date,
    by: date | None,
    companies: Mapping[str, int] = _NONE,
    tell: Callable[[str], None] | None = None,
) -> Papers | None:
    """What was known on `day`, None without holdings; reads the disk.

    Where `by` is None it is the newest version of everything, else what had been fetched by the end of that day.
    `companies` is the trader's own table of tickers. `tell` gets a sentence for each file that cannot be used.
    """

    def place_of(document: Document) -> Documents:
        return Documents(Path(document.folder), tell)

    held = {
        key.name: found
        for key, document in sorted(documents.items())
        if key.kind == HOLDINGS and (found := place_of(document).holdings(key.name, by)) is not None
    }
    if not held:
        return None
    places = {key: place_of(document) for key, document in documents.items() if key.kind == FACTS}
    anywhere = next(iter(places.values()), None)
    listed = documents.get(COMPANIES)
    registry = None if listed is None else place_of(listed).registry(by)
    directory = None if registry is None else Directory(registry, companies)

    def facts(frame: FrameId) -> Facts | None:
        place = places.get(facts_id(frame), anywhere)  # one of an earlier quarter is not listed any more
        return None if place is None else place.facts(frame, by)

    return Papers(
        day,
        held,
        facts,
        _filings(documents, day, by),
        {} if directory is None else {fund: directory.companies(holdings) for fund, holdings in held.items()},
    )


def _filings(documents: Listed, day: date, by: date | None) -> FilingsAtHand | None:
    wanted = [facts_id(frame) for frame in frames_wanted(day)]
    listed = [documents[name] for name in wanted if name in documents]
    there = [document for document in listed if by is None or Documents(Path(document.folder)).has(document.id, by)]
    if not there:
        return None
    newest = max(there, key=lambda document: document.fetched_at)
    return FilingsAtHand(len(there), len(wanted), reported(day).end, newest.source, newest.fetched_at)


def _id(document: Document) -> DocumentId:
    return document.id
