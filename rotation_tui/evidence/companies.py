"""Which companies a fund's members are, by the SEC's list: tickers first, names where no ticker is known."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher
from functools import cache, cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Final

from rotation_tui.domain.companies import Company, Found, FundCompanies
from rotation_tui.domain.filings import Registry
from rotation_tui.domain.holdings import Holdings, LeftOut, Member

ALIKE: Final = 0.92
"""From this share of letters in common on, in their order, two names are one."""

_NONE: Final[Mapping[str, int]] = MappingProxyType({})
_TAIL = re.compile(r"\s/[^/]{1,12}/?\s*$")  # of the state: "ACME CORP /DE/"
_WORD = re.compile(r"[a-z0-9]+")
_CLASS = re.compile(r"\b(?:class|series|cl) [a-z]\b")
_FORMS = frozenset(
    ("inc", "incorporated", "corp", "corporation", "co", "company", "ltd", "limited", "plc", "llc", "lp", "nv", "sa",
     "se", "ag", "the", "com", "common", "stock", "new")
)  # fmt: skip


@cache
def shipped_table() -> Mapping[str, int]:
    """Companies by tickers that the SEC's list does not have."""
    import tomllib  # here, because most of its cost is its import

    with Path(__file__).with_name("map.toml").open("rb") as file:
        return MappingProxyType({plain(ticker): cik for ticker, cik in tomllib.load(file)["companies"].items()})


def plain(ticker: str) -> str:
    """A ticker without what sets the class of a share off: "BRK-B", "BRK.B", "BRK B" and "BRKB" are one."""
    return "".join(filter(str.isalnum, ticker.upper()))


class Directory:
    """The companies of `registry` by ticker and by name; `own` is the user's table, which goes before it.

    Made once for all funds: 10,000 companies take some milliseconds, and their names, which are looked at only where a
    ticker is not known, a tenth of a second.
    """

    def __init__(self, registry: Registry, own: Mapping[str, int] = _NONE) -> None:
        self._listed = registry.companies
        self._own = {plain(ticker): cik for ticker, cik in own.items()}
        self._names = {cik: name for cik, name in registry.companies.values()}
        self._plain: dict[str, set[int]] = defaultdict(set)
        for ticker, (cik, _) in registry.companies.items():
            self._plain[plain(ticker)].add(cik)

    def companies(self, holdings: Holdings) -> FundCompanies:
        """The companies of a fund; members of one company count as one, members of none are listed with the reason."""
        shares: dict[int, list[tuple[Member, Found]]] = defaultdict(list)
        unmapped: list[LeftOut] = []
        for member in holdings.members:
            found = self._company(member)
            if isinstance(found, str):
                unmapped.append(LeftOut(f"{member.ticker} {member.name}", found, member.weight))
            else:
                shares[found[0]].append((member, found[1]))
        companies = [self._merged(cik, held) for cik, held in shares.items()]
        companies.sort(key=lambda company: (-company.weight, company.cik))
        return FundCompanies(holdings.fund, holdings.as_of, tuple(companies), tuple(unmapped))

    def _merged(self, cik: int, held: Iterable[tuple[Member, Found]]) -> Company:
        ordered = sorted(held, key=lambda share: -share[0].weight)
        members = tuple(member for member, _ in ordered)
        name = self._names.get(cik, members[0].name)
        return Company(cik, name, members[0].sector, sum(m.weight for m in members), members, ordered[0][1])

    def _company(self, member: Member) -> tuple[int, Found] | str:
        """The company of a member and how it was found, or why it is not known."""
        ticker = plain(member.ticker)
        if (cik := self._own.get(ticker)) is not None:
            return cik, Found.TABLE
        if (listed := self._listed.get(member.ticker)) is not None:
            return listed[0], Found.TICKER
        alike = self._plain.get(ticker, ())
        if len(alike) == 1:
            return next(iter(alike)), Found.TICKER
        if alike:
            return "two companies have its ticker"
        if (cik := shipped_table().get(ticker)) is not None:
            return cik, Found.TABLE
        named = self._by_name(member.name)
        if len(named) == 1:
            return next(iter(named)), Found.NAME
        return "two companies have its name" if named else "no company has its ticker or name"

    @cached_property
    def _by_letter(self) -> Mapping[str, list[tuple[str, int]]]:
        named: dict[str, list[tuple[str, int]]] = defaultdict(list)
        for cik, title in self._names.items():
            if name := essence(title):
                named[name[0]].append((name, cik))
        return named

    def _by_name(self, title: str) -> set[int]:
        """The companies whose names are the most like one, and at least ALIKE."""
        name = essence(title)
        if not name:
            return set()
        best, found = ALIKE, set[int]()
        matcher = SequenceMatcher(None, "", name, autojunk=False)
        for other, cik in self._by_letter.get(name[0], ()):
            # Names of too different lengths cannot be alike; this is a tenth of what comparing costs.
            if 2 * min(len(name), len(other)) < best * (len(name) + len(other)):
                continue
            matcher.set_seq1(other)
            if matcher.quick_ratio() < best or (ratio := matcher.ratio()) < best:
                continue
            found = found | {cik} if ratio == best else {cik}
            best = ratio
        return found


def essence(title: str) -> str:
    """A name without its legal form, the class of a share and the state that the SEC adds."""
    words = _WORD.findall(_CLASS.sub(" ", _TAIL.sub("", title.casefold().replace("&", " and ").replace("'", ""))))
    return " ".join(word for word in words if word not in _FORMS)
