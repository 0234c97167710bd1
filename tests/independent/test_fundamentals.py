"""What the demo's companies earn, owe and spend, reckoned a second time in plain Python from the frames alone."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from statistics import median
from typing import NamedTuple

import pytest

from rotation_tui.domain.figures import frames_wanted, reported
from rotation_tui.domain.filings import FrameId
from rotation_tui.domain.fundamentals import FilingsAtHand, Fundamentals, Papers
from rotation_tui.domain.holdings import Holdings
from rotation_tui.evidence.companies import Directory
from rotation_tui.providers.simulated import Simulated
from rotation_tui.studies.fundamentals import study_fundamentals

DAYS = (date(2025, 12, 30), date(2026, 4, 10), date(2026, 8, 3), date(2026, 11, 20))
Row = tuple[float, int]
Frames = Mapping[str, Mapping[int, Row]]
"""Value and month of its end by company, by "tag period"."""

PRETAX = "IncomeLossFromContinuingOperationsBeforeIncomeTaxesExtraordinaryItemsNoncontrollingInterest"


class Told(NamedTuple):
    day: date
    holdings: Mapping[str, Holdings]
    tickers: Mapping[str, int]
    frames: Frames
    studied: Fundamentals


def month_of(ordinal: float) -> int:
    end = date.fromordinal(int(ordinal))
    return end.year * 12 + end.month


async def _made(day: date) -> Told:
    source, now = Simulated(7, None), datetime(day.year, day.month, day.day, 19, tzinfo=UTC)
    holdings = {fund: await source.holdings(fund, now) for fund in ("IWM", "IVV", "IJR")}
    registry = await source.registry(now)
    facts = {frame: await source.facts(frame, now) for frame in frames_wanted(day)}
    directory = Directory(registry)
    papers = Papers(
        day, holdings, facts.get, FilingsAtHand(1, 1, reported(day).end, "made", now),
        {fund: directory.companies(held) for fund, held in holdings.items()},
    )  # fmt: skip
    frames = {
        f"{frame.tag} {frame.period}": {
            int(cik): (value, month_of(end)) for cik, value, end in zip(f.ciks, f.values, f.ends, strict=True)
        }
        for frame, f in facts.items()
        if f is not None
    }
    tickers = {ticker: cik for ticker, (cik, _) in registry.companies.items()}
    return Told(day, holdings, tickers, frames, study_fundamentals(papers, "made"))


@pytest.fixture(scope="module", params=DAYS, ids=str)
def told(request: pytest.FixtureRequest) -> Told:
    return asyncio.run(_made(request.param))


class Reckoner:
    """One company by its facts: every number is looked up by the month in which its period ends."""

    def __init__(self, told: Told, cik: int) -> None:
        self.told, self.cik = told, cik
        day = told.day
        waits = [(3, 15, 4), (5, 15, 1), (8, 14, 2), (11, 14, 3)]  # when the quarters have to be filed
        past = [number for month, d, number in waits if (day.month, day.day) >= (month, d)]
        newest = day.year * 4 + past[-1] - (4 if past[-1] == 4 else 0) if past else (day.year - 1) * 4 + 3
        self.newest = newest  # year * 4 + number, the number from 1 to 4

    def fact(self, tag: str, period: str) -> Row | None:
        return self.told.frames.get(f"{tag} {period}", {}).get(self.cik)

    def periods(self, tag: str) -> tuple[dict[int, float], dict[int, float]]:
        """Quarters and years by the month of their end."""
        quarters: dict[int, float] = {}
        years: dict[int, float] = {}
        for name, rows in self.told.frames.items():
            own, period = name.split(" ")
            if own == tag and self.cik in rows and not period.endswith("I"):
                value, month = rows[self.cik]
                (quarters if "Q" in period else years)[month] = value
        return quarters, years

    def twelve(self, tags: tuple[str, ...]) -> tuple[float, float | None] | None:
        """Twelve months and those before: the fiscal year, and what is new less what fell out; by the first tag."""
        for tag in tags:
            quarters, years = self.periods(tag)
            calendar = (self.newest - 1) // 4 * 12 + ((self.newest - 1) % 4 + 1) * 3
            known = {*quarters, *years}
            newest = [m for m in (calendar, calendar + 1, calendar - 2, calendar - 3) if m in known]
            for last in newest:
                ended = end_of_month(last)
                now = self._until(quarters, years, last)
                if now is None or self.told.day - ended > timedelta(days=200):
                    continue
                if (four := [quarters.get(last - 3 * n) for n in range(4)]) and None not in four:
                    plain = sum(n for n in four if n is not None)
                    if abs(plain - now) > 0.005 * max(abs(plain), abs(now)):
                        return None
                if not self._years_are_their_quarters(quarters, years, last):
                    return None
                return now, self._until(quarters, years, last - 12)
        return None

    @staticmethod
    def _years_are_their_quarters(quarters: dict[int, float], years: dict[int, float], last: int) -> bool:
        for end, year in years.items():
            own = [quarters.get(end - 3 * n) for n in range(4)]
            if last - 12 < end <= last and None not in own:
                total = sum(n for n in own if n is not None)
                if abs(total - year) > 0.005 * max(abs(total), abs(year)):
                    return False
        return True

    @staticmethod
    def _until(quarters: dict[int, float], years: dict[int, float], last: int) -> float | None:
        end = max((month for month in years if last - 12 < month <= last), default=None)
        if end is None:
            return None
        total = years[end]
        for month in range(end + 3, last + 1, 3):
            if month not in quarters or month - 12 not in quarters:
                return None
            total += quarters[month] - quarters[month - 12]
        return total

    def both(self, read: Callable[[str], float | None], suffix: str) -> tuple[float | None, float | None]:
        """A moment and the same of a year before; of the quarter before where the newest is not told."""

        def name(back: int) -> str:
            at = self.newest - 1 - back
            return f"CY{at // 4}Q{at % 4 + 1}{suffix}"

        now = read(name(0))
        return (now, read(name(4))) if now is not None else (read(name(1)), read(name(5)))

    def shares(self) -> tuple[float | None, float | None]:
        def told(tag: str, suffix: str) -> tuple[float | None, float | None]:
            return self.both(lambda period: row[0] if (row := self.fact(tag, period)) else None, suffix)

        own, diluted = (
            told("EntityCommonStockSharesOutstanding", "I"),
            told("WeightedAverageNumberOfDilutedSharesOutstanding", ""),
        )
        return own if own[0] is not None else diluted

    def debt(self, period: str) -> float | None:
        def of(tag: str) -> float | None:
            return row[0] if (row := self.fact(tag, period)) else None

        if (whole := of("LongTermDebt")) is not None:
            return whole
        if (later := of("LongTermDebtNoncurrent")) is None:
            return None
        current = of("DebtCurrent")
        return later + (current if current is not None else of("LongTermDebtCurrent") or 0.0)

    def year(self, year: int, *tags: str) -> float | None:
        return next((row[0] for tag in tags if (row := self.fact(tag, f"CY{year}"))), None)


def end_of_month(month: int) -> date:
    """The last day of a month that is counted from year 0, its own number from 1 to 12."""
    year, number = divmod(month - 1, 12)
    return date(year + (number + 1) // 12, (number + 1) % 12 + 1, 1) - timedelta(days=1)


class Line(NamedTuple):
    """A company in a fund."""

    weight: float
    sector: str
    worth: float | None
    own: Reckoner
    income: tuple[float, float | None] | None


def lines_of(told: Told, fund: str) -> list[Line]:
    weights: dict[int, float] = {}
    first: dict[int, tuple[str, float]] = {}
    for member in told.holdings[fund].members:
        cik = told.tickers.get(member.ticker)
        if cik is not None:
            weights[cik] = weights.get(cik, 0.0) + member.weight
            assert member.price is not None
            first.setdefault(cik, (member.sector, member.price))
    found = []
    for cik, weight in weights.items():
        own = Reckoner(told, cik)
        shares = own.shares()[0]
        sector, price = first[cik]
        found.append(
            Line(weight, sector, None if shares is None else shares * price, own,
                 own.twelve(("NetIncomeLoss", "ProfitLoss")))
        )  # fmt: skip
    return found


def priced(lines: list[Line]) -> Iterator[tuple[Line, float, float]]:
    """Lines with their market value and income, without those that cannot be."""
    known = [line.worth / line.weight for line in lines if line.worth]
    usual = median(known)
    for line in lines:
        if not line.worth or line.income is None or abs(line.income[0]) > line.worth:
            continue
        if 1 / 3 <= line.worth / line.weight / usual <= 3:
            yield line, line.worth, line.income[0]


def answers(told: Told, fund: str) -> dict[str, float | None]:
    lines = lines_of(told, fund)
    earning = [(line.weight, line.income[0]) for line in lines if line.income]
    good = list(priced(lines))
    yields = [(line.weight, income / worth) for line, worth, income in good]
    positive = [(weight, each) for weight, each in yields if each > 0]

    def multiple(pairs: list[tuple[float, float]]) -> float | None:
        earned = sum(weight * each for weight, each in pairs)
        return sum(weight for weight, _ in pairs) / earned if earned > 0 else None

    def grown(keep: Callable[[Line], bool]) -> float | None:
        now = before = 0.0
        for line, worth, income in good:
            if line.income is not None and line.income[1] is not None and keep(line):
                now += line.weight / worth * income
                before += line.weight / worth * line.income[1]
        return 100 * (now / before - 1) if before > 0 else None

    def swings(line: Line) -> bool:
        return line.income is not None and line.income[1] is not None and line.income[1] <= 0 < line.income[0]

    found = {
        "unprofitable_count": 100 * sum(income <= 0 for _, income in earning) / len(earning),
        "unprofitable_weight": 100 * sum(w for w, n in earning if n <= 0) / sum(w for w, _ in earning),
        "pe_all": multiple(yields),
        "pe_profitable": multiple(positive),
        "growth": grown(lambda _: True),
        "growth_ex_health": grown(lambda line: line.sector != "Health Care"),
        "growth_ex_swings": grown(lambda line: not swings(line)),
        **borrowing([line for line in lines if line.sector not in ("Financials", "Real Estate")]),
        **spending(lines),
    }
    changes = [
        (line.weight, now / before - 1) for line in lines for now, before in (line.own.shares(),) if now and before
    ]
    found["share_change"] = 100 * sum(w * c for w, c in changes) / sum(w for w, _ in changes)
    return found


def borrowing(lines: list[Line]) -> dict[str, float | None]:
    cover: list[tuple[float, float]] = []
    rates: list[tuple[float, float, float]] = []
    peaks: list[tuple[float, float, float]] = []
    for line in lines:
        own = line.own
        interest = own.twelve(("InterestExpense", "InterestExpenseDebt"))
        operating, pretax = own.twelve(("OperatingIncomeLoss",)), own.twelve((PRETAX,))
        if interest is None:
            continue
        if operating is not None:
            cover.append((operating[0], interest[0]))
        elif pretax is not None:
            cover.append((pretax[0] + interest[0], interest[0]))
        closing, opening = own.both(own.debt, "I")
        if closing is not None and opening is not None:
            rates.append((interest[0], opening, closing))
            then = (
                own.year(2024, "InterestExpense", "InterestExpenseDebt"),
                own.debt("CY2023Q4I"),
                own.debt("CY2024Q4I"),
            )
            if None not in then:
                peaks.append(then)  # type: ignore[arg-type]
    payers = [(ebit, interest) for ebit, interest in cover if interest > 0]

    def rate(rows: list[tuple[float, float, float]]) -> float:
        return 200 * sum(i for i, _, _ in rows) / sum(a + b for _, a, b in rows)

    return {
        "coverage": sum(e for e, _ in payers) / sum(i for _, i in payers),
        "short_of_interest": 100 * sum(e < i for e, i in payers) / len(payers),
        "effective_rate": rate(rates),
        "rate_since_peak": rate(rates) - rate(peaks) if len(peaks) == len(rates) else None,
    }


def spending(lines: list[Line]) -> dict[str, float | None]:
    newest = lines[0].own.newest
    last = (newest - 1) // 4 - (0 if newest % 4 == 0 else 1)
    tag = "PaymentsToAcquirePropertyPlantAndEquipment"
    growths = []
    for year in range(last, last - 5, -1):
        pairs = [(line.own.year(year, tag), line.own.year(year - 1, tag)) for line in lines]
        both = [(now, before) for now, before in pairs if now is not None and before is not None]
        growths.append(100 * (sum(now for now, _ in both) / sum(before for _, before in both) - 1))
    return {"capex_growth": growths[0], "capex_growth_median": median(growths)}


@pytest.mark.parametrize("fund", ["IWM", "IVV", "IJR"])
def test_a_second_reckoning_comes_to_the_same(told: Told, fund: str) -> None:
    basket = told.studied.basket(fund)
    assert basket is not None
    for measure, expected in answers(told, fund).items():
        found = basket.measured(measure)
        assert found is not None
        assert found.value == pytest.approx(expected, rel=1e-9), measure


def test_whoever_files_as_he_should_not_is_left_out_by_name(told: Told) -> None:
    basket = told.studied.basket("IWM")
    assert basket is not None
    sample = basket.sample("priced")
    assert sample is not None
    assert {reason.why: reason.count for reason in sample.reasons} == {
        "has filed none of these figures: a foreign filer, or new": 1,
        "no company has its ticker or name": 1,
        "its market value is not a third to 3 times what its weight says": 1,
        "earns or loses more than its market value": 1,
        "net income: two ways to twelve months differ by over 0.5 %": 1,
    }
    assert len(sample.left_out) == 5


def test_shares_of_two_classes_are_one_company(told: Told) -> None:
    basket = told.studied.basket("IVV")
    assert basket is not None
    assert basket.companies == len(told.holdings["IVV"].members) - 1


def test_a_frame_that_nobody_filed_is_nothing() -> None:
    frame, now = FrameId("us-gaap", "Assets", "USD", "CY2025"), datetime(2026, 11, 20, 21, tzinfo=UTC)
    assert asyncio.run(Simulated(7, None).facts(frame, now)) is None
