"""Redirects: followed to a new host of the same owner, and told; to anybody else the round is over."""

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from rotation_tui.domain.instrument import Instrument
from rotation_tui.providers import cboe, site
from rotation_tui.providers.base import BadReply, Endpoint, ServerFault, Surroundings
from rotation_tui.providers.http import Http
from tests.providers.local_source import Answer, Request, serving

OLD = Endpoint("https://cdn.cboe.test/api", "Mozilla/5.0 (compatible)", 5, 300, 1000.0, 50)
NOW = datetime(2026, 11, 20, 18, 31, tzinfo=UTC)


@pytest.mark.parametrize(
    ("here", "there", "followed"),
    [
        ("https://cdn.cboe.com/a", "https://cdn-api.cboe.com/a", True),
        ("https://cdn.cboe.com/a", "https://cdn.cboe.com/b", True),
        ("https://cdn.cboe.com/a", "https://CDN-API.cboe.com./a", True),
        ("http://cdn.cboe.com/a", "https://cdn-api.cboe.com/a", True),
        ("http://cdn.cboe.com/a", "http://cdn.cboe.com/b", True),
        ("https://cdn.cboe.com/a", "http://cdn.cboe.com/a", False),
        ("https://cdn.cboe.com/a", "http://cdn-api.cboe.com/a", False),
        ("http://cdn.cboe.com/a", "http://cdn-api.cboe.com/a", False),
        ("https://cdn.cboe.com/a", "https://cboe.com.evil.test/a", False),
        ("https://cdn.cboe.com/a", "https://notcboe.com/a", False),
        ("https://cdn.cboe.com/a", "https://u:p@cdn-api.cboe.com/a", False),
        ("https://cdn.cboe.com/a", "ftp://cdn.cboe.com/a", False),
        # Two labels are no owner below a suffix of two, nor below a host that is let to everybody.
        ("https://one.co.uk/a", "https://other.co.uk/a", False),
        ("https://a.one.co.uk/a", "https://b.one.co.uk/a", True),
        ("https://one.cloudfront.net/a", "https://other.cloudfront.net/a", False),
        # Numbers and names without a dot are nobody's but their own; this computer may use http.
        ("https://10.0.0.1/a", "https://20.0.0.1/a", False),
        ("http://127.0.0.1:8001/a", "http://127.0.0.1:8002/a", True),
        ("http://127.0.0.1:8001/a", "http://10.0.0.1:8002/a", False),
        ("http://old.site.localhost:8001/a", "http://new.site.localhost:8002/a", True),
        ("http://localhost:8001/a", "http://127.0.0.1:8001/a", False),
    ],
)
def test_which_redirects_are_followed(here: str, there: str, followed: bool) -> None:
    assert site.may_follow(httpx.URL(here), httpx.URL(there)) is followed


def moved(folder: Path, answer: Callable[[httpx.Request], httpx.Response]) -> tuple[Http, list[str]]:
    """A source at its old host, and what it has to tell."""
    told: list[str] = []
    surroundings = Surroundings(OLD, folder, tell=told.append)
    return Http("cboe", surroundings, transport=httpx.MockTransport(answer)), told


async def test_a_host_that_moved_is_followed_told_and_then_asked_directly(tmp_path: Path) -> None:
    hosts: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        hosts.append(request.url.host)
        if request.url.host == "cdn.cboe.test":
            new = request.url.copy_with(host="cdn-api.cboe.test")
            return httpx.Response(307, headers={"Location": str(new)})
        return httpx.Response(200, content=request.url.raw_path)

    http, told = moved(tmp_path, answer)
    assert await http.get("/x", {"a": 1}) == b"/api/x?a=1"
    assert await http.get("/y") == b"/api/y"
    assert hosts == ["cdn.cboe.test", "cdn-api.cboe.test", "cdn-api.cboe.test"]
    assert told == ["cdn.cboe.test sends us on to cdn-api.cboe.test (HTTP 307), which is followed"]
    assert http.requests_last_hour() == 3
    await http.close()


async def test_a_new_host_that_lacks_a_file_is_still_the_new_host(tmp_path: Path) -> None:
    def quote(request: Request) -> Answer:
        if request.path.endswith("/SPY.json"):
            return Answer(b"<Error><Code>AccessDenied</Code></Error>", 403, "application/xml")
        symbol = request.path.rsplit("/", 1)[-1].removesuffix(".json")
        record = {"symbol": symbol, "current_price": 240.0, "last_trade_time": "2026-11-20T13:16:00"}
        return Answer(json.dumps({"data": record}).encode())

    async with serving(quote) as new, serving(lambda r: Answer(status=307, location=new.url + r.path)) as old:
        feed = old.provider(cboe.PROVIDER, tmp_path)
        reply = await feed.quotes([Instrument.of(symbol) for symbol in ("IWM", "SPY", "QQQ")], NOW)
        assert [quote.symbol for quote in reply.quotes] == ["IWM", "QQQ"]
        assert reply.missing == {"SPY": "Cboe does not carry SPY"}
        assert (len(old.seen), len(new.seen)) == (1, 3)
        await feed.close()


async def test_a_new_host_that_fails_is_forgotten(tmp_path: Path) -> None:
    hosts: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        hosts.append(request.url.host)
        if request.url.host == "cdn-api.cboe.test":
            return httpx.Response(500 if len(hosts) > 2 else 200, content=b"[1]")
        if len(hosts) > 2:
            return httpx.Response(200, content=b"[2]")
        return httpx.Response(307, headers={"Location": "https://cdn-api.cboe.test/api/x"})

    http, _ = moved(tmp_path, answer)
    await http.get("/x")
    with pytest.raises(Exception, match="HTTP 500"):
        await http.get("/x")
    assert await http.get("/x") == b"[2]"
    assert hosts[-1] == "cdn.cboe.test"
    await http.close()


async def test_a_question_asked_again_goes_where_its_host_is_by_then(tmp_path: Path) -> None:
    seen: list[tuple[str, str, str | None]] = []
    away = True

    def answer(request: httpx.Request) -> httpx.Response:
        assert request.headers["Host"] == request.url.host
        seen.append((request.url.host, request.url.raw_path.decode(), request.headers.get("X-Part")))
        if away and request.url.host == "cdn.cboe.test":
            return httpx.Response(307, headers={"Location": str(request.url.copy_with(host="cdn-api.cboe.test"))})
        return httpx.Response(200 if away else 500, content=b"[1]")

    http, _ = moved(tmp_path, answer)
    for _ in range(2):
        await http.get("/x", {"a": 1}, headers={"X-Part": "b"})
    away = False
    for _ in range(2):
        with pytest.raises(ServerFault):
            await http.get("/x", {"a": 1}, headers={"X-Part": "b"})
    hosts = ["cdn.cboe.test", "cdn-api.cboe.test", "cdn-api.cboe.test", "cdn-api.cboe.test", "cdn.cboe.test"]
    assert seen == [(host, "/api/x?a=1", "b") for host in hosts]
    await http.close()


async def test_a_whole_round_follows_on_this_computer(tmp_path: Path) -> None:
    """Cboe's old address in a config of last year: funds and indexes come from where it sends us."""

    def quote(request: Request) -> Answer:
        symbol = request.path.rsplit("/", 1)[-1].removesuffix(".json")
        record = {"symbol": symbol, "current_price": 240.0, "last_trade_time": "2026-11-20T13:16:00"}
        return Answer(json.dumps({"data": record}).encode())

    async with serving(quote) as new:
        port = new.url.rsplit(":", 1)[-1]

        def onward(request: Request) -> Answer:
            return Answer(status=307, location=f"http://127.0.0.1:{port}{request.path}")

        async with serving(onward) as old:
            feed = old.provider(cboe.PROVIDER, tmp_path)
            reply = await feed.quotes([Instrument.of(symbol) for symbol in ("IWM", "SPY", "QQQ")], NOW)
            assert [quote.symbol for quote in reply.quotes] == ["IWM", "SPY", "QQQ"]
            assert len(old.seen) == 1
            await feed.close()


async def test_a_redirect_to_somebody_else_ends_the_round_with_one_fault(tmp_path: Path) -> None:
    funds = [Instrument.of(symbol) for symbol in ("IWM", "SPY", "QQQ", "RSP", "IJR")]
    elsewhere = Answer(status=302, location="https://consent.elsewhere.test/?back=1")
    async with serving(lambda _: elsewhere) as source:
        feed = source.provider(cboe.PROVIDER, tmp_path)
        with pytest.raises(BadReply, match=r"sends us on to https://consent\.elsewhere\.test") as caught:
            await feed.quotes(funds, NOW)
        assert caught.value.whole
        assert caught.value.pause_s == pytest.approx(900, abs=5)  # history is not asked for either
        assert len(source.seen) == 1
        await feed.close()


class MockAnswer:
    """The same answer to everything."""

    def __init__(self, response: httpx.Response) -> None:
        self.response = response

    def __call__(self, _: httpx.Request) -> httpx.Response:
        return self.response


async def test_a_name_that_cannot_be_written_is_a_fault(tmp_path: Path) -> None:
    """The HTTP library raises errors of its own kind over it, and over the request that it prepares unasked."""
    for number, location in enumerate(("https://xn--/", "https://[::/", "https://a.test:99999/", "https://a..b/")):
        redirect = httpx.Response(302, headers={"Location": location})
        http, _ = moved(tmp_path / str(number), MockAnswer(redirect))
        with pytest.raises(BadReply, match="not followed"):
            await asyncio.wait_for(http.get("/x"), 10)
        await http.close()


def test_the_new_host_is_the_default() -> None:
    endpoint = cboe.PROVIDER.endpoint
    assert endpoint is not None
    assert endpoint.base_url == "https://cdn-api.cboe.com/api/global"
