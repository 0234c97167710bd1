"""The door to the network: every answer that is no data becomes the right fault, and a refusal sends nothing."""

import asyncio
import gzip
import json
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
import time_machine

from rotation_tui.providers.base import (
    BadReply,
    Endpoint,
    Misconfigured,
    ProviderFault,
    RateLimited,
    Refused,
    ServerFault,
    Surroundings,
    UnknownSymbol,
    Unreachable,
)
from rotation_tui.providers.budget import Budget
from rotation_tui.providers.http import Http
from tests.patience import PATIENCE_S

ENDPOINT = Endpoint("https://a.test/", "Mozilla/5.0 (compatible)", 5, 300, 1000.0, 50)
Answer = Callable[[httpx.Request], httpx.Response]


def made(folder: Path, answer: Answer, endpoint: Endpoint = ENDPOINT, **headers: str) -> Http:
    surroundings = Surroundings(endpoint, folder)
    return Http("a", surroundings, headers, transport=httpx.MockTransport(answer))


async def fault_of(folder: Path, response: httpx.Response) -> ProviderFault:
    http = made(folder, lambda _: response)
    with pytest.raises(ProviderFault) as caught:
        await http.get("/x")
    await http.close()
    return caught.value


async def test_what_is_sent(tmp_path: Path) -> None:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, content=b"[1]")

    http = made(tmp_path, answer, Accept="application/json")
    other = Endpoint("http://b.test/api", "plain/1", 5, 300)
    plain = Http("b", Surroundings(other, tmp_path), transport=httpx.MockTransport(answer))
    assert await http.get("/chart/%5ERUT", {"symbols": "^RUT,ES=F", "n": 1}) == b"[1]"
    assert await plain.get("/x?keep=1") == b"[1]"
    assert str(seen[0].url) == "https://a.test/chart/%5ERUT?symbols=%5ERUT%2CES%3DF&n=1"
    assert (seen[0].headers["User-Agent"], seen[0].headers["Accept"]) == (
        "Mozilla/5.0 (compatible)",
        "application/json",
    )
    assert str(seen[1].url) == "http://b.test/api/x?keep=1"
    assert (seen[1].headers["User-Agent"], seen[1].headers["Accept"]) == ("plain/1", "*/*")
    assert (http.requests_last_hour(), plain.requests_last_hour()) == (1, 1)
    await http.close()
    await http.close()
    assert await http.get("/again") == b"[1]"
    await http.close()
    await plain.close()


async def test_each_question_has_a_request_of_its_own_however_often_it_is_asked(tmp_path: Path) -> None:
    seen: list[tuple[str, str | None]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append((request.url.raw_path.decode(), request.headers.get("X-Part")))
        return httpx.Response(200, content=b"[1]")

    http = made(tmp_path, answer)
    asked: list[tuple[str, dict[str, str | int] | None, dict[str, str], str]] = [
        ("/x", None, {}, "/x"),
        ("/x", {}, {}, "/x"),
        ("/y", None, {}, "/y"),
        ("/x", {"n": 1}, {}, "/x?n=1"),
        ("/x", {"n": True}, {}, "/x?n=True"),
        ("/x", {"n": "2"}, {}, "/x?n=2"),
        ("/x", {"n": 1, "m": 2}, {}, "/x?n=1&m=2"),
        ("/x", {"m": 2, "n": 1}, {}, "/x?m=2&n=1"),
        ("/x", {"n": "1&m=2"}, {}, "/x?n=1%26m%3D2"),
        ("/x?n=1", {"m": 2}, {}, "/x?n=1&m=2"),
        ("/x", None, {"X-Part": "a"}, "/x"),
        ("/x", None, {"X-Part": "b"}, "/x"),
    ]
    rounds = [*asked, *asked]
    rounds += [(f"/{n}", None, {}, f"/{n}") for n in range(30)]  # more than are kept ready
    rounds += reversed(asked)
    for path, params, headers, _ in rounds:
        assert await http.get(path, params, headers=headers) == b"[1]"
        if path == "/9":
            await http.close()
    assert seen == [(there, headers.get("X-Part")) for *_, headers, there in rounds]
    await http.close()


@pytest.mark.parametrize(
    ("response", "kind", "paused"),
    [
        (httpx.Response(429, text="Edge: Too Many Requests"), RateLimited, True),
        (httpx.Response(429), RateLimited, True),
        (httpx.Response(200, text="Too Many Requests\r\n"), RateLimited, True),
        (httpx.Response(403, text="Edge: Too Many Requests"), RateLimited, True),
        (httpx.Response(401, text="{}"), Refused, True),
        (httpx.Response(403, text="<Error>AccessDenied</Error>"), Refused, True),
        (httpx.Response(403, headers={"Retry-After": "soon"}), Refused, True),
        (httpx.Response(404, text='{"error":1}'), UnknownSymbol, False),
        (httpx.Response(400, text='{"error":1}'), BadReply, False),
        (httpx.Response(422, text="<html>"), BadReply, False),
        (httpx.Response(500), ServerFault, False),
        (httpx.Response(503, html="<html>down</html>"), ServerFault, False),
        (httpx.Response(999, text="?"), ServerFault, False),
        (httpx.Response(200, html="<!DOCTYPE html><html>"), BadReply, True),
        (httpx.Response(200, content=b"\xef\xbb\xbf \n<HTML>"), BadReply, True),
        (httpx.Response(200, content=b""), BadReply, False),
        (httpx.Response(200, content=b" \r\n"), BadReply, False),
        (httpx.Response(204), BadReply, False),
        (httpx.Response(206, content=b"[1"), BadReply, False),
        (httpx.Response(200, content=b"PK\x03\x04zip"), BadReply, False),
        (httpx.Response(302, headers={"Location": "https://consent.b.test/"}), BadReply, True),
        (httpx.Response(302, headers={"Location": "http://a.test/"}), BadReply, True),
        (httpx.Response(302, headers={"Location": "https://me:pw@a.test/"}), BadReply, True),
        (httpx.Response(302, headers={"Location": "https://xn--/"}), BadReply, True),
        (httpx.Response(302, headers={"Location": "https://[::/"}), BadReply, True),
        (httpx.Response(302, headers={"Location": "file:///etc/passwd"}), BadReply, True),
        (httpx.Response(302, headers={"Location": "/x"}), BadReply, True),
        (httpx.Response(304), BadReply, False),
    ],
)
async def test_answers_that_are_no_data(
    tmp_path: Path, response: httpx.Response, kind: type[ProviderFault], paused: bool
) -> None:
    fault = await fault_of(tmp_path, response)
    assert type(fault) is kind
    assert (fault.pause_s == 900) is paused
    if not response.is_redirect:
        assert fault.body == response.content
    sent: list[httpx.Request] = []

    def good(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return httpx.Response(200, content=b"[1]")

    after = made(tmp_path, good)
    if paused:
        with pytest.raises(RateLimited):
            await after.get("/x")
        assert sent == []
    else:
        assert await after.get("/x") == b"[1]"
    await after.close()


async def test_xml_is_data(tmp_path: Path) -> None:
    http = made(tmp_path, lambda _: httpx.Response(200, content=b"<?xml version='1.0'?><feed/>"))
    assert await http.get("/x")
    await http.close()


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("120", 120),
        ("0", 900),
        ("-5", 900),
        ("soon", 900),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 900),
        ("Sat, 28 Nov 2026 10:00:00 GMT", 3 * 3600),
        ("99999999999999999999", 86400),
        ("Sat, 28 Nov 2026 07:28:00 +99999999999999999999", 900),
        ("Sat, 28 Nov 99999 07:28:00 GMT", 900),
        ("Sat, 28 Nov 2026 99:99:99 GMT", 900),
        ("Sat, 28 Nov 9999 23:59:59 -9959", 900),
    ],
)
async def test_retry_after(tmp_path: Path, said: str, seconds: float) -> None:
    with time_machine.travel(datetime(2026, 11, 28, 7, 0, tzinfo=UTC).timestamp(), tick=False):
        fault = await fault_of(tmp_path, httpx.Response(429, headers={"Retry-After": said}))
    assert fault.pause_s == seconds


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (httpx.ConnectTimeout("t"), Unreachable),
        (httpx.ReadTimeout("t"), Unreachable),
        (httpx.PoolTimeout("t"), Unreachable),
        (httpx.ConnectError("[SSL: CERTIFICATE_VERIFY_FAILED]"), Unreachable),
        (httpx.RemoteProtocolError("peer closed connection"), Unreachable),
        (httpx.ProxyError("407"), Unreachable),
        (ConnectionResetError("reset"), Unreachable),
        (httpx.DecodingError("bad gzip"), Unreachable),
    ],
)
async def test_failures_below_http(tmp_path: Path, error: Exception, kind: type[ProviderFault]) -> None:
    def fail(_: httpx.Request) -> httpx.Response:
        raise error

    http = made(tmp_path, fail)
    with pytest.raises(ProviderFault) as caught:
        await http.get("/x")
    assert type(caught.value) is kind
    assert "\x1b" not in str(caught.value)
    await http.close()


async def test_same_host_redirects_are_followed_and_counted(tmp_path: Path) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/old":
            return httpx.Response(301, headers={"Location": "/new"})
        return httpx.Response(200, content=b"[1]")

    http = made(tmp_path, answer)
    assert await http.get("/old") == b"[1]"
    assert http.requests_last_hour() == 2
    await http.close()


class Trickle(httpx.AsyncByteStream):
    """A body that never ends: chunks of a size, with pauses between them."""

    def __init__(self, size: int, pause_s: float) -> None:
        self.size, self.pause_s = size, pause_s

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while True:
            await asyncio.sleep(self.pause_s)
            yield b"1" * self.size


async def test_a_body_without_end_is_cut_off(tmp_path: Path) -> None:
    http = made(tmp_path, lambda _: httpx.Response(200, stream=Trickle(4 * 1024**2, 0)))
    with pytest.raises(BadReply, match="larger than 1 MiB"):
        await http.get("/x")
    await http.close()


async def test_a_server_that_trickles_is_left(tmp_path: Path) -> None:
    hasty = Endpoint("https://a.test", "ua", 0.03, 300, 10.0, 9)
    http = made(tmp_path, lambda _: httpx.Response(200, stream=Trickle(1, 0.005)), hasty)
    with pytest.raises(Unreachable, match="no answer"):
        await asyncio.wait_for(http.get("/x"), PATIENCE_S)
    await http.close()


class Once(httpx.AsyncByteStream):
    """A body in one piece, still encoded."""

    def __init__(self, content: bytes) -> None:
        self.content = content

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self.content


@pytest.mark.parametrize(
    "content", [gzip.compress(b"[1]", mtime=0), b"\x1f\x8b\x08" + b"nonsense" * 9], ids=["sound", "nonsense"]
)
async def test_a_body_that_cannot_be_unpacked_is_bad(tmp_path: Path, content: bytes) -> None:
    zipped = httpx.Response(200, headers={"Content-Encoding": "gzip"}, stream=Once(content))
    http = made(tmp_path, lambda _: zipped)
    if b"nonsense" in content:
        with pytest.raises(BadReply, match="unpacked"):
            await http.get("/x")
    else:
        assert await http.get("/x") == b"[1]"
    await http.close()


async def test_a_message_cannot_drive_the_terminal(tmp_path: Path) -> None:
    fault = await fault_of(tmp_path, httpx.Response(400, content=b"\x1b]0;title\x07\x1b[2Jbad " + b"x" * 5000))
    assert str(fault).isprintable()
    assert len(str(fault)) < 150


async def test_unusable_settings_are_told(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured):
        Http("a", Surroundings(None, tmp_path))
    for surroundings in (
        Surroundings(ENDPOINT, tmp_path, ca_file=tmp_path / "absent.pem"),
        Surroundings(ENDPOINT, tmp_path, proxy="nonsense://x"),
        Surroundings(Endpoint("https://a b:x", "ua", 1, None), tmp_path),
    ):
        http = Http("a", surroundings)
        with pytest.raises(Misconfigured):
            await http.get("/x")
        await http.close()


async def test_nobody_listens(tmp_path: Path) -> None:
    http = Http("a", Surroundings(Endpoint("http://127.0.0.1:9", "ua", 2, None), tmp_path))
    with pytest.raises(Unreachable, match=r"127\.0\.0\.1 cannot be reached: the connection is refused"):
        await http.get("/x")
    await http.close()


async def test_no_cookie_is_kept(tmp_path: Path) -> None:
    seen: list[httpx.Headers] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers)
        crumbs = [("Set-Cookie", f"c{len(seen)}{n}={'v' * 3000}; Path=/") for n in range(15)]
        return httpx.Response(200, headers=crumbs, content=b"[1]")

    http = made(tmp_path, answer)
    for _ in range(3):
        await http.get("/x")
    assert all("Cookie" not in headers for headers in seen)
    assert len({len(str(headers)) for headers in seen}) == 1
    assert http._client is not None
    assert list(http._client.cookies.jar) == []
    await http.close()


async def test_trouble_with_a_time_to_come_back_is_left_alone_until_then(tmp_path: Path) -> None:
    fault = await fault_of(tmp_path, httpx.Response(503, headers={"Retry-After": "120"}))
    assert type(fault) is ServerFault
    assert fault.pause_s == pytest.approx(120, abs=1)
    after = made(tmp_path, lambda _: httpx.Response(200, content=b"[1]"))
    with pytest.raises(RateLimited, match="in trouble"):
        await after.get("/x")
    await after.close()


class Moody:
    """Answers as it is told to, one answer a request, and then well."""

    def __init__(self, *moods: httpx.Response | Exception) -> None:
        self.moods = list(moods)
        self.asked = 0

    def __call__(self, _: httpx.Request) -> httpx.Response:
        self.asked += 1
        mood = self.moods.pop(0) if self.moods else httpx.Response(200, content=b"[1]")
        if isinstance(mood, Exception):
            raise mood
        return mood


@pytest.mark.parametrize(
    ("mood", "asked"),
    [
        (httpx.ReadTimeout("hangs"), 2),
        (ConnectionResetError("reset"), 2),
        (httpx.RemoteProtocolError("Server disconnected"), 2),
        (httpx.Response(503), 2),
        (httpx.Response(503, headers={"Retry-After": "60"}), 1),
        (httpx.Response(500), 1),
        (httpx.Response(429), 1),
        (httpx.Response(403), 1),
    ],
)
async def test_a_patient_source_is_asked_once_more(
    tmp_path: Path, mood: httpx.Response | Exception, asked: int
) -> None:
    server = Moody(mood)
    http = Http("a", Surroundings(ENDPOINT, tmp_path), patient=True, transport=httpx.MockTransport(server))
    if asked == 2:
        assert await http.get("/x") == b"[1]"
    else:
        with pytest.raises(ProviderFault):
            await http.get("/x")
    assert server.asked == http.requests_last_hour() == asked
    await http.close()


async def test_a_patient_source_is_not_asked_for_ever(tmp_path: Path) -> None:
    server = Moody(*[httpx.ReadTimeout("hangs")] * 5)
    http = Http("a", Surroundings(ENDPOINT, tmp_path), patient=True, transport=httpx.MockTransport(server))
    with pytest.raises(Unreachable):
        await http.get("/x")
    assert server.asked == 2
    await http.close()


async def test_a_refusal_that_always_asks_for_a_moment_gets_longer_pauses(tmp_path: Path) -> None:
    """A source that says "in a second" for ever would be asked every second."""
    clock = [1_790_000_000.0]
    budget = Budget(tmp_path, "a", ENDPOINT, clock=lambda: clock[0])
    pauses = []
    for _ in range(6):
        pauses.append(await budget.strike("too many", 1.0))
        clock[0] += pauses[-1]
    assert pauses == [1.0, 900.0, 1800.0, 3600.0, 3600.0, 3600.0]


async def test_what_is_absent_is_for_the_source_to_say(tmp_path: Path) -> None:
    def answer(_: httpx.Request) -> httpx.Response:
        return httpx.Response(404, content=b"edge")

    http = Http(
        "a",
        Surroundings(ENDPOINT, tmp_path),
        absent=lambda status, body: status == 404 and body == b"no such symbol",
        transport=httpx.MockTransport(answer),
    )
    with pytest.raises(BadReply, match="HTTP 404") as caught:
        await http.get("/x")
    assert caught.value.whole
    assert caught.value.pause_s == pytest.approx(900, abs=1)
    await http.close()


async def test_a_password_never_stands_in_a_fault(tmp_path: Path) -> None:
    for surroundings in (
        Surroundings(ENDPOINT, tmp_path, proxy="nonsense://me:geheim@x"),
        Surroundings(ENDPOINT, tmp_path, proxy="http://me:geheim@[x"),
        Surroundings(ENDPOINT, tmp_path, proxy="http://me:geheim/2@x"),
        Surroundings(Endpoint("https://me:geheim/2@a.test", "ua", 1, None), tmp_path),
        Surroundings(Endpoint("https://me:geheim@a b:x", "ua", 1, None), tmp_path),
        Surroundings(Endpoint("http://a.test", "ua", 1, None), tmp_path, proxy="http://me:geheim@127.0.0.1:9"),
    ):
        http = Http("a", surroundings)
        with pytest.raises(ProviderFault) as caught:
            await http.get("/x")
        assert "geheim" not in str(caught.value)
        await http.close()


def test_httpx_comes_without_what_no_reply_is_packed_in_and_nobody_else_misses_it() -> None:
    code = (
        "import sys, json; from pathlib import Path\n"
        "from rotation_tui.providers import client\n"
        "from rotation_tui.providers.base import Surroundings\n"
        "from rotation_tui.providers.yahoo import PROVIDER\n"
        "finders = list(sys.meta_path)\n"
        "client.made(Surroundings(PROVIDER.endpoint, Path('unused')), {})\n"
        "print(json.dumps([m for m in ('httpx', 'zstandard', 'brotli', 'pygments') if m in sys.modules]))\n"
        "assert sys.meta_path == finders\n"
        "import zstandard\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=PATIENCE_S)
    assert json.loads(done.stdout) == ["httpx"]


def test_what_one_thread_goes_without_another_finds() -> None:
    code = (
        "from concurrent.futures import ThreadPoolExecutor; from importlib import import_module\n"
        "from rotation_tui.providers import client\n"
        "with client.without('zstandard'):\n"
        "    try: import zstandard\n"
        "    except ModuleNotFoundError: print('left out')\n"
        "    with ThreadPoolExecutor(1) as other: print(other.submit(import_module, 'zstandard').result().__name__)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=PATIENCE_S)
    assert done.stdout.split("\n") == ["left out", "zstandard", ""]


def test_httpx_is_not_loaded_before_the_first_request() -> None:
    code = (
        "import sys, json; from pathlib import Path\n"
        "from rotation_tui.providers.base import Surroundings\n"
        "from rotation_tui.providers.yahoo import PROVIDER\n"
        "PROVIDER.build(Surroundings(PROVIDER.endpoint, Path('unused')))\n"
        "print(json.dumps([m for m in ('httpx', 'pandas', 'textual') if m in sys.modules]))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=PATIENCE_S)
    assert json.loads(done.stdout) == []
