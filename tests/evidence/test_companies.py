"""Which company a member is: one each, by ticker, by a table, by a name; and nobody is guessed."""

import random
import time
from datetime import UTC, date, datetime

import pytest

from rotation_tui.domain.companies import FundCompanies
from rotation_tui.domain.filings import Registry
from rotation_tui.domain.holdings import Holdings, Member
from rotation_tui.evidence.companies import Directory, essence, plain, shipped_table
from rotation_tui.providers.ishares.table import parse_holdings
from rotation_tui.providers.sec.wire import parse_registry
from tests import shared_material

NOW = datetime(2026, 11, 20, 18, 16, tzinfo=UTC)
LISTED = {
    "AAPL": (320193, "Apple Inc."),
    "GOOGL": (1652044, "Alphabet Inc."),
    "BRK-B": (1067983, "BERKSHIRE HATHAWAY INC"),
    "BF-A": (14693, "BROWN FORMAN CORP"),
    "BF-B": (14693, "BROWN FORMAN CORP"),
    "META": (1326801, "Meta Platforms, Inc."),
    "MOG-A": (67887, "MOOG INC."),
    "RARE": (1, "First Bancorp /ME/"),
    "RARER": (2, "FIRST BANCORP, INC."),
    "WES-T": (3, "West Inc."),
    "WE-ST": (4, "Westward Inc."),
    "CHD": (313927, "CHURCH & DWIGHT CO INC /DE/"),
}


def registry(listed: dict[str, tuple[int, str]]) -> Registry:
    return Registry(listed, "sec", NOW)


def fund(*members: tuple[str, str, float], sector: str = "Industrials") -> Holdings:
    """A fund with these members: ticker, name, weight."""
    held = tuple(Member(ticker, name, sector, weight) for ticker, name, weight in members)
    return Holdings("IWM", date(2026, 11, 19), held, (), 100.0, "ishares", NOW)


def joined(*members: tuple[str, str, float], own: dict[str, int] | None = None) -> FundCompanies:
    return Directory(registry(LISTED), own or {}).companies(fund(*members))


@pytest.mark.parametrize("ticker", ["BRKB", "BRK B", "BRK.B", "BRK-B", "brk/b"])
def test_a_ticker_is_known_in_every_spelling_of_its_class(ticker: str) -> None:
    (company,) = joined((ticker, "ANYTHING", 1.5)).companies
    assert (company.cik, company.name, company.found, company.weight) == (
        1067983, "BERKSHIRE HATHAWAY INC", "ticker", 1.5,
    )  # fmt: skip


def test_shares_of_one_company_are_one_company_with_their_weights_together() -> None:
    found = joined(
        ("BFB", "BROWN FORMAN CLASS B", 0.01),
        ("GOOGL", "ALPHABET INC CLASS A", 2.0),
        ("BFA", "BROWN FORMAN CLASS A", 0.04),
        ("GOOG", "ALPHABET INC CLASS C", 1.5),
    )
    told = {c.cik: (c.weight, [m.ticker for m in c.members], str(c.found)) for c in found.companies}
    assert told == {
        1652044: (3.5, ["GOOGL", "GOOG"], "ticker"),
        14693: (pytest.approx(0.05), ["BFA", "BFB"], "ticker"),
    }
    assert [c.cik for c in found.companies] == [1652044, 14693], "the largest first"
    assert (found.covered_weight, found.covered_count) == (100.0, 100.0)


def test_the_sector_of_a_company_is_that_of_its_largest_share() -> None:
    held = (Member("BFB", "B", "Energy", 0.1), Member("BFA", "A", "Staples", 0.2))
    whole = Holdings("IWM", date(2026, 11, 19), held, (), 100.0, "ishares", NOW)
    (company,) = Directory(registry(LISTED)).companies(whole).companies
    assert company.sector == "Staples"


@pytest.mark.parametrize(
    ("name", "cik"),
    [
        ("CHURCH AND DWIGHT INC", 313927),
        ("BROWN FORMAN CORPORATION CLASS B", 14693),
        ("META PLATFORM INC CLASS A", 1326801),  # 26 of 27 letters
        ("META PLATES INC", None),
        ("FIRST BANCORP", None),
        ("SOMEBODY ELSE INC", None),
        ("INC", None),
    ],
)
def test_a_ticker_that_nobody_has_is_looked_for_by_name(name: str, cik: int | None) -> None:
    found = joined(("QQQQ", name, 1.0))
    assert [company.cik for company in found.companies] == ([] if cik is None else [cik])
    assert all(company.found == "name" for company in found.companies)


def test_members_that_are_not_known_are_listed_with_the_reason() -> None:
    found = joined(
        ("AAPL", "APPLE INC", 6.0),
        ("QQQQ", "SOMEBODY ELSE INC", 3.0),
        ("WEST", "WEST INC", 0.5),
        ("FBNC", "FIRST BANCORP", 0.5),
    )
    assert [(out.name, out.why, out.weight) for out in found.unmapped] == [
        ("QQQQ SOMEBODY ELSE INC", "no company has its ticker or name", 3.0),
        ("WEST WEST INC", "two companies have its ticker", 0.5),
        ("FBNC FIRST BANCORP", "two companies have its name", 0.5),
    ]
    assert (found.covered_weight, found.covered_count) == (60.0, 25.0)


def test_a_ticker_of_before_a_change_is_in_the_table_that_comes_along() -> None:
    (company,) = joined(("FB", "FACEBOOK CLASS A INC", 2.0)).companies
    assert (company.cik, company.name, company.found) == (1326801, "Meta Platforms, Inc.", "table")
    assert all(cik > 0 and ticker == plain(ticker) for ticker, cik in shipped_table().items())


def test_the_list_goes_before_the_table_that_comes_along_for_a_ticker_may_be_given_anew() -> None:
    directory = Directory(registry({**LISTED, "FB": (77, "First of All Inc.")}))
    (company,) = directory.companies(fund(("FB", "FIRST OF ALL INC", 1.0))).companies
    assert company.cik == 77


def test_the_users_table_goes_before_everything() -> None:
    own = {"AAPL": 99, "BRK.B": 98, "WEST": 3}
    found = joined(("AAPL", "APPLE INC", 3.0), ("BRKB", "BERKSHIRE", 2.0), ("WEST", "WEST INC", 1.0), own=own)
    assert [(company.cik, company.name, str(company.found)) for company in found.companies] == [
        (99, "APPLE INC", "table"),
        (98, "BERKSHIRE", "table"),
        (3, "West Inc.", "table"),
    ]
    assert found.unmapped == ()


def test_what_is_no_name_of_a_company_is_left_out_of_it() -> None:
    assert essence("CHURCH & DWIGHT CO INC /DE/") == "church and dwight"
    assert essence("ALPHABET INC CLASS C") == "alphabet"
    assert essence("Moody's Corp") == "moodys"


def test_a_recorded_fund_is_joined_with_the_recorded_list() -> None:
    listed = shared_material.path("recordings", "sec", "company_tickers_TRIMMED_first400.json").read_bytes()
    file = shared_material.path("recordings", "ishares", "IVV_holdings_20241206.csv").read_bytes()
    held = parse_holdings(file, "IVV", "ishares-core-sp-500-etf", "ishares", NOW)
    found = Directory(parse_registry(listed, "sec", NOW)).companies(held)
    by_cik = {company.cik: company for company in found.companies}
    assert [m.ticker for m in by_cik[1652044].members] == ["GOOGL", "GOOG"]
    assert by_cik[1067983].members[0].ticker == "BRKB"
    assert found.covered_weight > 85, "the list is cut to the 400 largest"
    assert sum(len(c.members) for c in found.companies) + len(found.unmapped) == len(held.members)
    assert sum(c.weight for c in found.companies) + sum(o.weight or 0 for o in found.unmapped) == pytest.approx(99.75)


@pytest.mark.whole
def test_two_thousand_members_are_joined_with_ten_thousand_companies_in_less_than_a_second() -> None:
    rng = random.Random(5)
    words = ["".join(rng.choices("abcdefghiklmnoprstuw", k=rng.randint(3, 9))) for _ in range(3000)]
    named = {n: " ".join(rng.choices(words, k=3)) for n in range(10_000)}
    directory = Directory(registry({f"T{n}": (n + 1, f"{name} Inc.") for n, name in named.items()}))
    known = [(f"T{n}", "", 0.05) for n in range(1900)]
    by_name = [(f"X{n}", f"{named[n]} corp", 0.05) for n in range(5000, 5100)]
    began = time.thread_time()
    found = directory.companies(fund(*known, *by_name))
    assert time.thread_time() - began < 1.0
    assert len(found.companies) == 2000
