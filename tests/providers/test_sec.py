"""The SEC: who asks, how often, and which answers are taken."""

import gzip
import json
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from rotation_tui.domain.filings import FrameId
from rotation_tui.providers.base import (
    BadReply,
    Endpoint,
    Misconfigured,
    RateLimited,
    Refused,
    Surroundings,
    named,
)
from rotation_tui.providers.http import Copy
from rotation_tui.providers.sec import BLOCKED_S, PROVIDER, Sec
from rotation_tui.providers.sec.copies import UNUSED_S, Copies
from rotation_tui.providers.sec.wire import parse_frame, parse_registry
from tests import shared_material
from tests.providers.local_source import Answer, LocalSource, Request, serving
from tests.providers.replies import Companies
from tests.providers.replies import sec as reply

NOW = datetime(2026, 11, 20, 18, 16, tzinfo=UTC)
FRAME = FrameId("us-gaap", "NetIncomeLoss", "USD", "CY2026Q2")
EARNINGS = FrameId("us-gaap", "EarningsPerShareDiluted", "USD-per-shares", "CY2025")
ENDS = date(2026, 6, 30)
ROWS = (("1750", "1500000", ENDS), ("1800", "-2.5e9", date(2026, 6, 27)))
ABSENT = b'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>NoSuchKey</Code></Error>'
MARKED = ('ETag: "one"', "Last-Modified: Thu, 19 Nov 2026 06:00:00 GMT")


def frame(rows: Companies = ROWS, of: FrameId = FRAME, **changes: Any) -> bytes:
    """A frame, whole but for what is changed in its head."""
    told = json.loads(reply.facts(Request("", {}, {}), of, rows)) | changes
    return json.dumps(told).encode()


def endpoint(url: str, contact: str | None = "somebody@example.com") -> Endpoint:
    assert PROVIDER.endpoint is not None
    agent = PROVIDER.endpoint.user_agent
    return replace(PROVIDER.endpoint, base_url=url, user_agent=named(agent, contact) if contact else agent)


@asynccontextmanager
async def asked(
    folder: Path, answer: Callable[[Request], Answer], contact: str | None = "somebody@example.com", **options: str
) -> AsyncIterator[tuple[Sec, LocalSource]]:
    """A source that is asked at its own rate, and what it is asked."""
    async with serving(answer) as local:
        source = Sec(Surroundings(endpoint(local.url, contact), folder, options=dict(options)))
        try:
            yield source, local
        finally:
            await source.close()


def test_a_recorded_frame_is_read() -> None:
    body = shared_material.path("recordings_2026q4", "sec_frames_Assets_CY2024Q4I_TRIMMED.json").read_bytes()
    assets = FrameId("us-gaap", "Assets", "USD", "CY2024Q4I")
    with pytest.raises(BadReply, match="10 companies of 6264, so it is not whole"):
        parse_frame(body, assets, "sec", NOW)
    facts = parse_frame(body.replace(b'"pts":6264', b'"pts":10'), assets, "sec", NOW)
    assert len(facts) == 10
    assert facts.ciks[:2] == (1750.0, 1800.0)
    assert facts.values[0] == 2849300000.0
    assert date.fromordinal(int(facts.ends[0])) == date(2024, 11, 30)


def test_the_recorded_list_of_companies_is_read() -> None:
    body = shared_material.path("recordings", "sec", "company_tickers_TRIMMED_first400.json").read_bytes()
    registry = parse_registry(body, "sec", NOW)
    assert registry.companies["AAPL"] == (320193, "Apple Inc.")
    assert registry.companies["BRK-B"][0] == 1067983


def test_a_unit_a_share_is_written_with_a_stroke() -> None:
    facts = parse_frame(frame((("1750", "1.5", date(2025, 12, 31)),), EARNINGS), EARNINGS, "sec", NOW)
    assert facts.values == (1.5,)


def test_a_ticker_of_two_companies_is_nobodys() -> None:
    listed = (("AAA", "1"), ("BBB", "2"), ("BBB", "3"), ("CCC", "1"))
    registry = parse_registry(reply.registry(Request("", {}, {}), listed).encode(), "sec", NOW)
    assert {ticker: cik for ticker, (cik, _) in registry.companies.items()} == {"AAA": 1, "CCC": 1}


SPOILT: dict[str, tuple[bytes, str]] = {
    "another figure": (frame(tag="ProfitLoss"), "is about us-gaap:ProfitLoss"),
    "another period": (frame(ccp="CY2026Q1"), "is about"),
    "another unit": (frame(uom="EUR"), "is about"),
    "another book of words": (frame(taxonomy="ifrs-full"), "is about"),
    "companies that are missing": (frame(pts=3), "2 companies of 3"),
    "nobody": (frame(()), "0 companies"),
    "two values of one company": (frame((ROWS[0], ("1750", "2", ENDS))), "not ascending"),
    "one value of one company, twice": (frame((ROWS[0], ROWS[0])), "not ascending"),
    "a period that is not over": (frame((("1750", "1", date(2026, 11, 21)),)), "yet to come"),
    "a company without a number": (frame((("0", "1", ENDS),)), "without a number"),
    "no number": (frame((("1750", '"1.5"', ENDS),)), "Expected `float`"),
    "a number that is not finite": (frame().replace(b"1500000", b"NaN"), "Expected `float`"),
    "a number beyond all numbers": (frame().replace(b"1500000", b"1e999"), "out of range|not finite"),
    "no day": (frame().replace(b"2026-06-30", b"2026-06-31"), "Invalid"),
    "cut off": (frame()[:-3], "cut off"),
}


@pytest.mark.parametrize("name", SPOILT)
def test_a_frame_that_cannot_be_is_refused(name: str) -> None:
    body, words = SPOILT[name]
    with pytest.raises(BadReply, match=words):
        parse_frame(body, FRAME, "sec", NOW)


async def test_nothing_is_sent_without_a_contact_and_the_fault_says_what_to_write(tmp_path: Path) -> None:
    for contact in (None, "https://example.com/me"):
        async with asked(tmp_path, lambda _: Answer(frame()), contact) as (source, local):
            assert source.offers_filings(), "else nobody would ask, and nobody be told"
            for question in (source.registry(NOW), source.facts(FRAME, NOW)):
                with pytest.raises(Misconfigured, match=r'contact = "you@example.com", .* under \[providers.sec\]'):
                    await question
            assert local.seen == []


async def test_it_says_its_name_and_whom_to_write_to_in_the_form_that_the_host_knows(tmp_path: Path) -> None:
    async with asked(tmp_path, lambda _: Answer(frame())) as (source, local):
        assert await source.facts(FRAME, NOW) is not None
        (request,) = local.seen
        assert request.headers["user-agent"].startswith("rotation-tui/")
        assert request.headers["user-agent"].endswith(" somebody@example.com")
        assert "gzip" in request.headers["accept-encoding"]
        assert request.path == "/api/xbrl/frames/us-gaap/NetIncomeLoss/USD/CY2026Q2.json"


async def test_the_list_of_companies_stands_where_the_config_says(tmp_path: Path) -> None:
    companies = reply.registry(Request("", {}, {}), (("AAA", "1"),)).encode()
    async with serving(lambda _: Answer(companies)) as files:
        async with asked(tmp_path, lambda _: Answer(frame()), files_url=files.url) as (source, local):
            assert (await source.registry(NOW)).companies == {"AAA": (1, "AAA Inc.")}
            assert local.seen == []
        assert files.paths == ["/files/company_tickers.json"]


def test_both_hosts_are_those_of_the_sec_where_the_config_says_nothing(tmp_path: Path) -> None:
    assert PROVIDER.endpoint is not None
    assert PROVIDER.endpoint.base_url == "https://data.sec.gov"
    source = Sec(Surroundings(PROVIDER.endpoint, tmp_path))
    assert source.hosts == ("data.sec.gov", "www.sec.gov")


async def test_a_frame_that_nobody_filed_is_an_answer_and_no_trouble(tmp_path: Path) -> None:
    async with asked(tmp_path, lambda _: Answer(ABSENT, 404, "application/xml")) as (source, local):
        assert await source.facts(FRAME, NOW) is None
        assert await source.facts(FRAME, NOW) is None
        assert len(local.seen) == 2


async def test_a_page_that_is_missing_is_not_taken_for_a_frame_that_is(tmp_path: Path) -> None:
    async with asked(tmp_path, lambda _: Answer(b"<html>Not Found</html>", 404, "text/html")) as (source, _):
        with pytest.raises(BadReply) as told:
            await source.facts(FRAME, NOW)
        assert told.value.whole
        assert told.value.pause_s


UNDECLARED = b"<html><title>SEC.gov | Your Request Originates from an Undeclared Automated Tool</title></html>"
TOO_FAST = b"<html><title>SEC.gov | Request Rate Threshold Exceeded</title></html>"


@pytest.mark.parametrize("status", [403, 200])
async def test_a_tool_that_is_turned_away_is_told_what_to_write(status: int, tmp_path: Path) -> None:
    async with asked(tmp_path, lambda _: Answer(UNDECLARED, status, "text/html")) as (source, local):
        with pytest.raises(Refused, match=r"see contact under \[providers.sec\]"):
            await source.facts(FRAME, NOW)
        with pytest.raises(RateLimited, match=r"see contact under \[providers.sec\]"):
            await source.registry(NOW)
        assert len(local.seen) == 1, "neither host is asked while it turns us away"


@pytest.mark.parametrize("status", [403, 429])
async def test_a_host_that_blocks_is_left_alone_for_ten_minutes_and_so_is_the_other(
    status: int, tmp_path: Path
) -> None:
    async with asked(tmp_path, lambda _: Answer(TOO_FAST, status, "text/html")) as (source, local):
        with pytest.raises(RateLimited, match="ten minutes") as told:
            await source.registry(NOW)
        assert told.value.pause_s is not None
        assert told.value.pause_s >= BLOCKED_S
        with pytest.raises(RateLimited, match="ten minutes"):
            await source.facts(FRAME, NOW)
        assert len(local.seen) == 1


async def test_both_hosts_together_are_asked_five_times_a_second_at_most(tmp_path: Path) -> None:
    assert PROVIDER.endpoint is not None
    assert PROVIDER.endpoint.rate_per_s + PROVIDER.endpoint.burst <= 5
    listed = reply.registry(Request("", {}, {}), (("AAA", "1"),)).encode()
    async with (
        serving(lambda _: Answer(listed)) as files,
        asked(tmp_path, lambda _: Answer(frame()), files_url=files.url) as (source, _),
    ):
        await source.registry(NOW)
        await source.facts(FRAME, NOW)
        assert source.requests_last_hour() == 2, "they count together"


async def test_what_is_packed_is_unpacked(tmp_path: Path) -> None:
    packed = Answer(gzip.compress(frame(), mtime=0), extra=("Content-Encoding: gzip",))
    async with asked(tmp_path, lambda _: packed) as (source, _):
        facts = await source.facts(FRAME, NOW)
        assert facts is not None
        assert facts.values == (1500000.0, -2.5e9)


def unless_changed(body: bytes, status: int = 200) -> Callable[[Request], Answer]:
    """A host that sends nothing again which has not changed."""

    def answer(request: Request) -> Answer:
        known = request.headers.get("if-none-match") == '"one"'
        return Answer(status=304, extra=MARKED) if known else Answer(body, status, extra=MARKED)

    return answer


async def test_what_has_not_changed_is_not_sent_again(tmp_path: Path) -> None:
    later = datetime(2026, 11, 21, 18, 16, tzinfo=UTC)
    async with asked(tmp_path, unless_changed(frame())) as (source, local):
        first = await source.facts(FRAME, NOW)
        assert "if-none-match" not in local.seen[0].headers
    async with asked(tmp_path, unless_changed(b"never sent")) as (source, local):
        again = await source.facts(FRAME, later)
        assert local.seen[0].headers["if-none-match"] == '"one"'
        assert local.seen[0].headers["if-modified-since"] == "thu, 19 nov 2026 06:00:00 gmt"
    assert first is not None
    assert again is not None
    assert (again.ciks, again.values, again.ends) == (first.ciks, first.values, first.ends)
    assert (first.fetched_at, again.fetched_at) == (NOW, later)


async def test_what_has_changed_takes_the_place_of_what_was_kept(tmp_path: Path) -> None:
    async with asked(tmp_path, unless_changed(frame())) as (source, _):
        await source.facts(FRAME, NOW)
    other = frame((("1750", "7", ENDS),))
    async with asked(tmp_path, lambda _: Answer(other, extra=('ETag: "two"',))) as (source, _):
        facts = await source.facts(FRAME, NOW)
        assert facts is not None
        assert facts.values == (7.0,)


@pytest.mark.parametrize("spoilt", ["damaged", "gone"])
async def test_a_copy_that_cannot_be_used_costs_a_request_and_no_more(spoilt: str, tmp_path: Path) -> None:
    async with asked(tmp_path, unless_changed(frame())) as (source, local):
        await source.facts(FRAME, NOW)
        (copy,) = (tmp_path / "sec").glob("*.copy")
        copy.write_bytes(b"\x00" * 100) if spoilt == "damaged" else copy.unlink()
        assert await source.facts(FRAME, NOW) is not None
        assert "if-none-match" not in local.seen[1].headers


async def test_a_reply_that_is_refused_is_not_kept(tmp_path: Path) -> None:
    async with asked(tmp_path, unless_changed(frame(pts=9))) as (source, local):
        for _ in range(2):
            with pytest.raises(BadReply, match="not whole"):
                await source.facts(FRAME, NOW)
        assert "if-none-match" not in local.seen[1].headers
        assert not list((tmp_path / "sec").glob("*"))


def test_a_copy_that_nobody_has_asked_for_in_a_hundred_days_is_removed(tmp_path: Path) -> None:
    Copies(tmp_path).keep("/old", Copy(b"old", '"one"'))
    Copies(tmp_path).keep("/used", Copy(b"used", '"one"'))
    for file in tmp_path.iterdir():
        os.utime(file, (0, file.stat().st_mtime - UNUSED_S - 60))
    copies = Copies(tmp_path)
    copies.keep("/used", None)  # it was of use
    copies.keep("/new", Copy(b"new", '"one"'))
    assert [copies.read(path) for path in ("/old", "/used", "/new")] == [
        None,
        Copy(b"used", '"one"'),
        Copy(b"new", '"one"'),
    ]


def test_what_has_no_mark_is_not_kept_and_a_disk_that_takes_nothing_is_no_fault(tmp_path: Path) -> None:
    Copies(tmp_path / "none").keep("/path", Copy(b"body"))
    assert not (tmp_path / "none").exists()
    (tmp_path / "taken").touch()
    copies = Copies(tmp_path / "taken")
    copies.keep("/path", Copy(b"body", '"one"'))
    copies.drop("/path")
    assert copies.read("/path") is None
