"""FRED: tables by frequency, blanks that are no zeros, and ids that are not there."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from rotation_tui.domain.observation import Observations
from rotation_tui.domain.series import SERIES
from rotation_tui.domain.session import nyse
from rotation_tui.evidence.freshness import overdue
from rotation_tui.providers.base import BadReply, RateLimited, SeriesReply
from rotation_tui.providers.fred import PROVIDER, parse_observations
from tests import shared_material
from tests.providers.local_source import Answer, Request, serving

NOW = datetime(2026, 8, 24, 14, 0, tzinfo=UTC)


def by_id(reply: SeriesReply) -> dict[str, Observations]:
    """The series that were given."""
    return {series.series_id: series for series in reply.series}


def target_range(body: bytes) -> None:
    given = by_id(parse_observations(body, ["DFEDTARU", "DFEDTARL"], NOW))
    upper = given["DFEDTARU"]
    assert (len(upper.dates), upper.dates[0], upper.dates[-1]) == (1827, date(2021, 3, 11), date(2026, 3, 11))
    before, after = upper.dates.index(date(2025, 12, 10)), upper.dates.index(date(2025, 12, 11))
    assert (upper.values[before], upper.values[after]) == (4.0, 3.75)
    assert given["DFEDTARL"].values[0] == 0.0


def old_header_with_dots(body: bytes) -> None:
    reply = parse_observations(body, ["DFF", "DGS10", "DGS3MO", "DGS5", "DGS30"], NOW)
    given = by_id(reply)
    assert {name: len(s.dates) for name, s in given.items()} == {
        "DFF": 514, "DGS10": 513, "DGS3MO": 488, "DGS5": 513,
    }  # fmt: skip
    assert given["DGS3MO"].dates[0] == date(1981, 9, 1)
    assert given["DGS10"].values[-1] == 2.7475
    assert list(reply.missing) == ["DGS30"]


RECORDINGS: dict[str, Callable[[bytes], None]] = {
    "DFEDTARU_DFEDTARL_20210311_20260311.csv": target_range,
    "old_header_DATE_dot_missing_2022.csv": old_header_with_dots,
}


def test_every_recording_holds_what_it_says() -> None:
    folder = shared_material.path("recordings", "fredgraph")
    assert {file.name for file in folder.iterdir()} == set(RECORDINGS)
    for name, check in RECORDINGS.items():
        check((folder / name).read_bytes())


TABLE = "observation_date,DGS10,DGS2,BAMLH0A0HYM2\n2026-08-20,4.69,,2.75\n2026-08-21,,.,\n"


def test_blanks_are_days_without_a_value() -> None:
    reply = parse_observations(TABLE.encode(), ["DGS10", "DGS2", "BAMLH0A0HYM2", "NFCI"], NOW)
    given = by_id(reply)
    assert given["DGS10"].values == (4.69,)
    assert given["DGS10"].complete_since is None
    assert given["BAMLH0A0HYM2"].complete_since == date(2026, 8, 20)
    assert set(reply.missing) == {"DGS2", "NFCI"}


def test_a_bad_cell_costs_its_series_alone() -> None:
    reply = parse_observations(TABLE.replace("2.75", "nan").encode(), ["DGS10", "BAMLH0A0HYM2"], NOW)
    assert list(by_id(reply)) == ["DGS10"]
    assert reply.missing == {"BAMLH0A0HYM2": 'line 2, column BAMLH0A0HYM2: "nan" is not a number'}


@pytest.mark.parametrize(
    "body",
    [TABLE[:-1], TABLE[:40], TABLE[:48] + "\n", "", "day,DGS10\n2026-08-20,4.69\n", "observation_date,DGS10\nx,1\n"],
)
def test_a_table_that_is_none_is_refused(body: str) -> None:
    with pytest.raises(BadReply):
        parse_observations(body.encode(), ["DGS10"], NOW)


def fred(known: Callable[[str], bool] = lambda _: True) -> Callable[[Request], Answer]:
    """FRED, knowing the ids for which `known` is true."""

    def answer(request: Request) -> Answer:
        ids = request.query["id"].split(",")
        if not all(map(known, ids)):
            return Answer(b"<Error/>", 404, "text/xml")
        table = f"observation_date,{','.join(ids)}\n2026-08-20{',1.5' * len(ids)}\n"
        return Answer(table.encode(), kind="application/csv")

    return answer


async def test_frequencies_are_asked_apart_ten_at_a_time(tmp_path: Path) -> None:
    asked = [*SERIES, "SOMETHING1"]
    async with serving(fred()) as source:
        provider = source.provider(PROVIDER, tmp_path)
        reply = await provider.series(asked, date(2025, 1, 2), NOW)
        assert set(by_id(reply)) == set(asked)
        groups = [request.query["id"].split(",") for request in source.seen]
        assert max(map(len, groups)) == 10
        frequencies = [{SERIES[i].frequency for i in group if i in SERIES} for group in groups]
        assert all(len(found) <= 1 for found in frequencies)
        assert ["SOMETHING1"] in groups
        for request in source.seen:
            rolling = "BAML" in request.query["id"]
            assert request.query["cosd"] == ("2023-07-23" if rolling else "2025-01-02")
            assert request.query["coed"] == "2026-08-24"
            assert request.headers["user-agent"].startswith("python-httpx/0.")
        await provider.close()


async def test_an_unknown_id_is_found_and_not_asked_again(tmp_path: Path) -> None:
    async with serving(fred(lambda series_id: series_id != "DGS2")) as source:
        provider = source.provider(PROVIDER, tmp_path)
        for requests in (4, 1):
            source.seen.clear()
            reply = await provider.series(["DGS10", "DGS2", "DFF"], None, NOW)
            assert set(by_id(reply)) == {"DGS10", "DFF"}
            assert reply.missing == {"DGS2": "FRED does not know DGS2"}
            assert len(source.seen) == requests
        await provider.close()


async def test_where_nothing_is_known_nothing_is_learned(tmp_path: Path) -> None:
    up = False
    async with serving(fred(lambda _: up)) as source:
        provider = source.provider(PROVIDER, tmp_path)
        assert set((await provider.series(["DGS10", "DGS2"], None, NOW)).missing) == {"DGS10", "DGS2"}
        up = True
        assert set(by_id(await provider.series(["DGS10", "DGS2"], None, NOW))) == {"DGS10", "DGS2"}
        await provider.close()


async def test_a_fault_while_ids_are_asked_apart_keeps_what_was_given(tmp_path: Path) -> None:
    def answer(request: Request) -> Answer:
        if request.query["id"] == "DGS10":
            return Answer(status=429)
        return fred(lambda series_id: series_id != "DGS2")(request)

    async with serving(answer) as source:
        provider = source.provider(PROVIDER, tmp_path)
        reply = await provider.series(["DGS2", "DFF", "DGS10", "DGS3MO"], None, NOW)
        assert list(by_id(reply)) == ["DFF"]
        assert "too many" in reply.missing["DGS3MO"]
        assert len(source.seen) == 4  # all together, then three apart
        await provider.close()


async def test_what_was_given_before_a_fault_is_kept(tmp_path: Path) -> None:
    def answer(request: Request) -> Answer:
        return Answer(status=429) if "NFCI" in request.query["id"] else fred()(request)

    async with serving(answer) as source:
        provider = source.provider(PROVIDER, tmp_path)
        reply = await provider.series(["DGS10", "NFCI", "UNRATE"], None, NOW)
        assert list(by_id(reply)) == ["DGS10"]
        assert set(reply.missing) == {"NFCI", "UNRATE"}
        assert len(source.seen) == 2
        with pytest.raises(RateLimited):
            await provider.series(["DGS10"], None, NOW)
        await provider.close()


@pytest.mark.parametrize(
    ("series_id", "as_of", "newest"),
    [
        ("DFEDTARU", date(2025, 12, 11), date(2025, 12, 11)),
        ("DGS10", date(2025, 12, 11), date(2025, 12, 10)),
        ("DFF", date(2025, 12, 15), date(2025, 12, 14)),  # Sunday's rate is out on Monday
        ("DGS10", date(2025, 12, 14), date(2025, 12, 11)),  # on a Sunday the last session's lag counts
        ("NFCI", date(2025, 12, 10), date(2025, 12, 5)),
        ("NFCI", date(2025, 12, 9), date(2025, 12, 4)),
        ("UNRATE", date(2025, 12, 30), date(2025, 11, 22)),
    ],
)
def test_nothing_counts_before_it_is_published(series_id: str, as_of: date, newest: date) -> None:
    assert SERIES[series_id].newest_known(as_of, nyse()) == newest


@pytest.mark.parametrize(
    ("series_id", "observed", "last_fresh"),
    [
        ("DGS10", date(2025, 12, 19), date(2025, 12, 26)),  # four sessions, Christmas is none
        ("DTWEXBGS", date(2025, 12, 1), date(2025, 12, 15)),
        ("NFCI", date(2025, 12, 5), date(2025, 12, 19)),
        ("CCSA", date(2025, 12, 6), date(2025, 12, 27)),
        ("UNRATE", date(2025, 10, 1), date(2025, 12, 15)),
        ("DRTSCIS", date(2025, 7, 1), date(2025, 11, 28)),
    ],
)
def test_an_observation_is_stale_past_its_limit(series_id: str, observed: date, last_fresh: date) -> None:
    series = SERIES[series_id]
    after = nyse().next(last_fresh)
    assert overdue(observed, last_fresh, series.limit, nyse()) is None
    assert overdue(observed, after, series.limit, nyse()) is not None


@pytest.mark.parametrize("series_id", SERIES)
def test_what_has_just_been_published_is_not_stale(series_id: str) -> None:
    series = SERIES[series_id]
    today = date(2025, 12, 30)
    observed = series.newest_known(today, nyse())
    assert observed <= today
    assert overdue(observed, today, series.limit, nyse()) is None
