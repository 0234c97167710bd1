"""The Treasury's curves: a file a year, columns that come and go, and what a bad file costs."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from rotation_tui.providers.base import BadReply, RateLimited, SeriesReply, Unreachable
from rotation_tui.providers.treasury import PAR, PROVIDER, REAL, parse_curve
from tests import shared_material
from tests.providers.local_source import Answer, Request, serving

NOW = datetime(2026, 8, 24, 14, 0, tzinfo=UTC)
PAR_2026 = """Date,"1 Mo","1.5 Month","2 Mo","3 Mo","4 Mo","6 Mo","1 Yr","2 Yr","10 Yr","30 Yr"
08/21/2026,3.81,3.82,3.87,3.98,N/A,4.06,4.26,4.34,4.72,5.20
08/20/2026,3.80,,3.86,3.97,4.05,4.24,4.32,4.45,4.70,5.18
01/02/2026,3.70,3.71,3.72,3.73,3.74,3.75,3.76,3.47,4.18,4.84"""
REAL_2026 = """Date,"5 YR","7 YR","10 YR","20 YR","30 YR"
08/21/2026,2.04,2.16,2.32,2.70,2.92
01/02/2026,-0.09,0.22,1.94,2.55,2.97"""


def values(reply: SeriesReply) -> dict[str, tuple[float, ...]]:
    """The values by id."""
    return {series.series_id: series.values for series in reply.series}


def test_the_recorded_years_are_read_by_their_own_columns() -> None:
    folder = shared_material.path("recordings", "treasury")
    lines = (folder / "raw_daily-treasury-rates_concat_2014_2024.csv").read_text().splitlines()
    counted = {}
    for year in range(2014, 2025):
        rows = [line for line in lines if line[6:10] == str(year)]
        # the recording has one header for all years; a tenor's column came when it was first published
        titles = {12: "1 3", 13: "1 2 3", 14: "1 2 3 4"}[len(rows[0].split(","))].split()
        header = ["Date", *(f'"{m} Mo"' for m in [*titles, "6"]), *(f'"{y} Yr"' for y in (1, 2, 3, 5, 7, 10, 20, 30))]
        table = parse_curve("\n".join([",".join(header), *rows]).encode(), PAR, year)
        assert table.refused == {}
        assert set(table.columns) == set(PAR.ids.values())
        counted[year] = len(table.columns["DGS10"].dates)
        if year == 2024:
            continue
        assert table.columns["DGS10"].dates[0].day <= 4
    assert counted == {2014: 250, 2015: 251, 2016: 250, 2017: 250, 2018: 249, 2019: 250, 2020: 251, 2021: 251,
                       2022: 249, 2023: 250, 2024: 236}  # fmt: skip
    assert table.columns["DGS10"].values[0] == 3.95
    assert table.columns["DGS30"].values[0] == 4.08


def test_columns_are_found_by_title_and_blanks_are_no_value() -> None:
    table = parse_curve(PAR_2026.encode(), PAR, 2026)
    assert set(table.columns) == {"DGS1MO", "DGS3MO", "DGS6MO", "DGS1", "DGS2", "DGS10", "DGS30"}
    assert table.columns["DGS3MO"].dates == (date(2026, 1, 2), date(2026, 8, 20), date(2026, 8, 21))
    assert table.columns["DGS10"].values == (4.18, 4.70, 4.72)
    blank = parse_curve(PAR_2026.replace("3.98", "N/A").replace("3.97", "").encode(), PAR, 2026)
    assert blank.columns["DGS3MO"].values == (3.73,)
    assert parse_curve(REAL_2026.encode(), REAL, 2026).columns["DFII5"].values == (-0.09, 2.04)


@pytest.mark.parametrize("cell", ["nan", "x", "1e999", "4,7"])
def test_a_bad_cell_costs_its_series_alone(cell: str) -> None:
    table = parse_curve(PAR_2026.replace("4.72", f'"{cell}"').encode(), PAR, 2026)
    assert "DGS2" in table.columns
    assert table.refused == {"DGS10": f'line 2, column 10 Yr: "{cell}" is not a number'}


@pytest.mark.parametrize("lost", [*range(1, 9), 60, 64, 120, len(PAR_2026) - 90, len(PAR_2026) - 70])
@pytest.mark.parametrize("end", ["", "\n"])
def test_half_a_table_is_refused_wherever_it_is_cut(lost: int, end: str) -> None:
    if end and lost == 1:
        parse_curve(PAR_2026.encode(), PAR, 2026)  # only the line end is gone
        return
    with pytest.raises(BadReply):
        parse_curve((PAR_2026 + end).encode()[:-lost], PAR, 2026)


@pytest.mark.parametrize(
    "body",
    [
        PAR_2026.replace("2026", "2025"),
        PAR_2026.replace("/2026", "/26"),
        PAR_2026.split("\n")[0],
        PAR_2026.replace("08/21/2026", "2026-08-21"),
        PAR_2026.replace("08/21/2026", "08/32/2026"),
        PAR_2026.replace("Date", "Day"),
        PAR_2026.replace("3.80,,", "3.80,"),
        REAL_2026.replace("YR", "Years"),
    ],
)
def test_what_is_not_the_table_of_the_year_is_refused(body: str) -> None:
    with pytest.raises(BadReply):
        parse_curve(body.encode(), PAR, 2026)


def treasury(request: Request) -> Answer:
    """Files of every year with two rows, nominal yields rising by a point a year."""
    year = int(request.query["field_tdr_date_value"])
    assert f"/{year}/" in request.path
    level = year - 2020
    if "real" in request.query["type"]:
        return Answer(f'Date,"5 YR","10 YR"\n08/21/{year},1.00,{level}.50\n01/03/{year},1.00,{level}.25'.encode())
    table = f'Date,"3 Mo","2 Yr","10 Yr"\n08/21/{year},1.00,2.00,{level}.50\n01/03/{year},1.00,2.00,{level}.25'
    return Answer(table.encode(), kind="text/csv")


async def test_a_year_is_one_request_and_past_years_are_asked_for_once(tmp_path: Path) -> None:
    async with serving(treasury) as source:
        provider = source.provider(PROVIDER, tmp_path)
        reply = await provider.series(["DGS10", "DGS2", "DFF"], None, NOW)
        assert values(reply)["DGS10"] == (1.25, 1.5, 2.25, 2.5, 3.25, 3.5, 4.25, 4.5, 5.25, 5.5, 6.25, 6.5)
        assert list(reply.missing) == ["DFF"]
        assert sorted(int(r.query["field_tdr_date_value"]) for r in source.seen) == list(range(2021, 2027))
        assert {r.headers["user-agent"].split("/")[0] for r in source.seen} == {"rotation-tui"}
        source.seen.clear()
        assert values(await provider.series(["DGS10"], date(2025, 8, 1), NOW)) == {"DGS10": (5.5, 6.25, 6.5)}
        assert [r.query["field_tdr_date_value"] for r in source.seen] == ["2026"]
        await provider.close()


async def test_after_a_restart_the_current_year_is_enough(tmp_path: Path) -> None:
    async with serving(treasury) as source:
        provider = source.provider(PROVIDER, tmp_path)
        reply = await provider.series(["DGS10", "DFII10"], date(2026, 8, 11), NOW)
        assert values(reply) == {"DGS10": (6.5,), "DFII10": (6.5,)}
        assert [(r.query["type"], r.query["field_tdr_date_value"]) for r in source.seen] == [
            ("daily_treasury_yield_curve", "2026"),
            ("daily_treasury_real_yield_curve", "2026"),
        ]
        await provider.close()


@pytest.mark.parametrize(
    ("day", "asked"),
    [
        (date(2027, 1, 1), ["2026"]),
        (date(2027, 1, 4), ["2026"]),  # the first business day; its yields count from the next on
        (date(2027, 1, 5), ["2027", "2026"]),
    ],
)
async def test_a_year_without_a_row_is_not_asked_for(tmp_path: Path, day: date, asked: list[str]) -> None:
    async with serving(treasury) as source:
        provider = source.provider(PROVIDER, tmp_path)
        now = datetime(day.year, day.month, day.day, 21, 0, tzinfo=UTC)
        await provider.series(["DGS10"], date(2026, 12, 24), now)
        assert [r.query["field_tdr_date_value"] for r in source.seen] == asked
        await provider.close()


def failing(kind: str, year: str, fault: Answer) -> Callable[[Request], Answer]:
    """The Treasury, with a fault where one file is asked for."""

    def answer(request: Request) -> Answer:
        asked = request.query["type"], request.query["field_tdr_date_value"]
        return fault if asked == (kind, year) else treasury(request)

    return answer


async def test_a_curve_in_trouble_leaves_the_other_alone(tmp_path: Path) -> None:
    page = Answer(b"<html>maintenance</html>", 503, "text/html")
    bad = Answer(b"Date,nothing\n01/02/2026,1.00\n", kind="text/csv")
    for fault, real in ((bad, True), (page, False)):
        async with serving(failing(PAR.kind, "2026", fault)) as source:
            provider = source.provider(PROVIDER, tmp_path)
            if real:
                reply = await provider.series(["DGS10", "DFII10"], date(2026, 1, 1), NOW)
                assert list(values(reply)) == ["DFII10"]
                assert list(reply.missing) == ["DGS10"]
            else:  # the site's trouble, not the curve's
                with pytest.raises(Exception, match="HTTP 503"):
                    await provider.series(["DGS10", "DFII10"], date(2026, 1, 1), NOW)
                assert len(source.seen) == 1
            await provider.close()


async def test_without_one_of_its_years_a_curve_is_not_given(tmp_path: Path) -> None:
    """A hole in the middle would pass for days without a yield; what did come is not asked for again."""
    trouble = [Answer(b"Too Many Requests", 429)]

    def answer(request: Request) -> Answer:
        return trouble[0] if trouble and request.query["field_tdr_date_value"] == "2023" else treasury(request)

    async with serving(answer) as source:
        provider = source.provider(PROVIDER, tmp_path)
        with pytest.raises(RateLimited):
            await provider.series(["DGS10"], None, NOW)
        trouble.clear()
        later = source.provider(PROVIDER, tmp_path / "other")
        assert len(values(await later.series(["DGS10"], None, NOW))["DGS10"]) == 12
        await provider.close()
        await later.close()


async def test_a_host_that_is_silent_is_asked_once(tmp_path: Path) -> None:
    async with serving(lambda _: Answer(silent=True)) as source:
        provider = source.provider(PROVIDER, tmp_path, timeout_s=0.05)
        with pytest.raises(Unreachable):
            await provider.series(["DGS10", "DFII10"], None, NOW)
        assert len(source.seen) <= 1  # on a busy machine the time is over before the host has read the question
        await provider.close()


async def test_it_offers_what_the_curves_have(tmp_path: Path) -> None:
    async with serving(treasury) as source:
        provider = source.provider(PROVIDER, tmp_path)
        tenors = ("1MO", "3MO", "6MO", "1", "2", "3", "5", "7", "10", "20", "30")
        assert all(provider.offers_series(f"DGS{tenor}") for tenor in tenors)
        assert provider.offers_series("DFII10")
        assert not any(map(provider.offers_series, ("DFF", "T10Y3M", "DGS", "DGS15", "DFII2")))
        await provider.close()
