"""The New York Fed: both ends of the target range, and nothing made up where there is none."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from rotation_tui.providers.base import BadReply
from rotation_tui.providers.newyorkfed import PROVIDER, parse_target
from tests import shared_material
from tests.providers.local_source import Answer, serving

NOW = datetime(2026, 8, 6, 14, 0, tzinfo=UTC)


def rates(*rows: dict[str, Any]) -> bytes:
    """A reply with these rows of the federal funds rate."""
    return json.dumps({"refRates": [{"type": "EFFR", **row} for row in rows]}).encode()


def row(day: str, low: float | None = 3.5, high: float | None = 3.75) -> dict[str, Any]:
    """A day's range; an end that is None is left out."""
    ends = {"targetRateFrom": low, "targetRateTo": high}
    return {"effectiveDate": day, **{name: end for name, end in ends.items() if end is not None}}


def newest_two(body: bytes) -> None:
    target = parse_target(body, NOW)
    assert target["DFEDTARU"].values == (3.75, 3.75)
    assert target["DFEDTARL"].values == (3.5, 3.5)
    assert target["DFEDTARU"].dates == (date(2026, 8, 4), date(2026, 8, 5))


def one_among_others(body: bytes) -> None:
    assert parse_target(body, NOW)["DFEDTARU"].dates == (date(2026, 6, 4),)


def without_target(body: bytes) -> None:
    with pytest.raises(BadReply, match="no target range"):
        parse_target(body, NOW)


RECORDINGS: dict[str, Callable[[bytes], None]] = {
    "effr_last_2_20260805.json": newest_two,
    "all_latest_20260605_excerpt.json": one_among_others,
    "sofr_last_2_20260805.json": without_target,
}


def test_every_recording_holds_what_it_says() -> None:
    folder = shared_material.path("recordings", "nyfed")
    assert {file.name for file in folder.iterdir()} == set(RECORDINGS)
    for name, check in RECORDINGS.items():
        check((folder / name).read_bytes())


def test_days_of_a_single_target_are_left_out() -> None:
    target = parse_target(rates(row("2008-12-16", 0.0, 0.25), row("2008-12-15", 1.0, None)), NOW)
    assert target["DFEDTARL"].dates == (date(2008, 12, 16),)
    assert target["DFEDTARL"].values == (0.0,)


@pytest.mark.parametrize(
    "body",
    [
        rates(),
        rates(row("2026-08-05", 3.75, 3.5)),
        rates(row("2026-08-05"), row("2026-08-05", 3.25, 3.5)),
        rates({"effectiveDate": "yesterday", "targetRateFrom": 3.5, "targetRateTo": 3.75}),
        rates({"effectiveDate": "2026-08-05", "targetRateFrom": "3.5", "targetRateTo": 3.75}),
        rates(row("2026-08-05"))[:-5],
        rates(row("2026-08-05", 3.5, float("nan"))),
        b"{}",
        b"[]",
    ],
)
def test_a_reply_that_contradicts_itself_is_refused(body: bytes) -> None:
    with pytest.raises(BadReply):
        parse_target(body, NOW)


@pytest.mark.parametrize(
    ("since", "start"),
    [
        (None, "2008-12-16"),
        (date(1990, 1, 2), "2008-12-16"),
        (date(2026, 1, 2), "2026-01-02"),
        (date(2026, 8, 6), "2026-07-23"),  # a span with a business day in it
    ],
)
async def test_both_ends_are_one_request(tmp_path: Path, since: date | None, start: str) -> None:
    async with serving(lambda _: Answer(rates(row("2026-08-05")))) as source:
        fed = source.provider(PROVIDER, tmp_path)
        reply = await fed.series(["DFEDTARU", "DGS10", "DFEDTARL"], since, NOW)
        assert {s.series_id: s.values for s in reply.series} == {"DFEDTARU": (3.75,), "DFEDTARL": (3.5,)}
        assert list(reply.missing) == ["DGS10"]
        (request,) = source.seen
        assert request.path == "/api/rates/unsecured/effr/search.json"
        assert request.query == {"startDate": start, "endDate": "2026-08-06"}
        await fed.close()


async def test_it_offers_the_range_alone(tmp_path: Path) -> None:
    async with serving(lambda _: Answer(status=500)) as source:
        fed = source.provider(PROVIDER, tmp_path)
        assert [s for s in ("DFEDTARU", "DFEDTARL", "DFF") if fed.offers_series(s)] == ["DFEDTARU", "DFEDTARL"]
        assert list((await fed.series(["DFF"], None, NOW)).missing) == ["DFF"]
        assert source.seen == []
        await fed.close()
