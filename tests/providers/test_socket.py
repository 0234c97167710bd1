"""The door to streams: whatever a source does on the line becomes messages in their order, or the right fault."""

import asyncio
import json
import logging
import shutil
import ssl
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import aclosing, asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace
from websockets.asyncio.server import ServerConnection

from rotation_tui.domain.quote import Quote
from rotation_tui.providers import decode, socket
from rotation_tui.providers.base import (
    BadReply,
    Endpoint,
    Misconfigured,
    ProviderFault,
    RateLimited,
    Refused,
    ServerFault,
    Surroundings,
    Unreachable,
)
from rotation_tui.providers.client import trusted
from rotation_tui.providers.messages import Messages
from rotation_tui.providers.socket import Socket
from rotation_tui.store.market_store import MarketStore
from tests.patience import PATIENCE_S
from tests.providers.local_stream import CERTIFICATE, No, Play, bytewise, opened, proxying, streaming

ENDPOINT = Endpoint("https://a.test/", "ua/1", PATIENCE_S, None, 1000.0, 50)
KEY = "geheim"


def socket_at(
    url: str, folder: Path, *, ca_file: Path | None = None, proxy: str | None = None, **changes: Any
) -> Socket:
    """A door to the source at an address."""
    endpoint = replace(ENDPOINT, base_url=url, **changes)
    return Socket("a", Surroundings(endpoint, folder, proxy, ca_file))


@asynccontextmanager
async def stream(play: Play, folder: Path, **settings: Any) -> AsyncIterator[Messages]:
    """Messages of a source that plays its part."""
    settings.setdefault("idle_s", None)
    async with streaming(play) as source, socket_at(source.url, folder).open(**settings) as messages:
        yield messages


async def read(messages: Messages) -> tuple[list[str], ProviderFault | None]:
    """All messages to the end, and the fault that ended them."""
    read: list[str] = []
    try:
        async with asyncio.timeout(PATIENCE_S):
            async for message in messages:
                read.append(message)  # noqa: PERF401 - what came before a fault counts
    except ProviderFault as fault:
        return read, fault
    return read, None


async def refused(door: Socket, path: str = "") -> ProviderFault:
    """The fault of a stream that does not open."""
    with pytest.raises(ProviderFault) as caught:
        async with door.open(path, idle_s=None):
            pytest.fail("it opened")
    assert str(caught.value).isprintable()
    return caught.value


async def until(true: Callable[[], bool]) -> None:
    """Wait for something to become so."""
    async with asyncio.timeout(PATIENCE_S):
        while not true():  # noqa: ASYNC110 - what is waited for happens on the line
            await asyncio.sleep(0)


async def nothing(_: ServerConnection) -> None:
    """Close at once, as it should be done."""


async def silence(connection: ServerConnection) -> None:
    """Say nothing until the other one leaves."""
    await connection.wait_closed()


def saying(*words: str | bytes, then: Play = nothing) -> Play:
    """Say these messages, then something else."""

    async def play(connection: ServerConnection) -> None:
        for word in words:
            await connection.send(word)
        await then(connection)

    return play


async def test_what_is_sent(tmp_path: Path) -> None:
    heard: list[str | bytes] = []

    async def play(connection: ServerConnection) -> None:
        heard.append(await connection.recv())
        await connection.send("welcome")

    async with streaming(play) as source:
        door = Socket("a", Surroundings(replace(ENDPOINT, base_url=source.url), tmp_path), {"X-Key": KEY})
        async with door.open("/v2/a b?token=1", idle_s=None) as messages:
            await messages.send("subscribe")
            assert await read(messages) == (["welcome"], None)
        plain = socket_at(source.url, tmp_path, user_agent="python-httpx")
        async with plain.open(idle_s=None) as messages:
            await messages.send("again")
            assert await read(messages) == (["welcome"], None)
    assert heard == ["subscribe", "again"]
    first, second = source.seen
    assert first.path == "/v2/a%20b?token=1"
    assert (first.headers["User-Agent"], first.headers["X-Key"]) == ("ua/1", KEY)
    assert "websockets" in second.headers["User-Agent"]
    assert plain.requests_last_hour() == 2


async def test_messages_come_in_their_order_and_a_goodbye_is_their_end(tmp_path: Path) -> None:
    words = [str(n) for n in range(500)]
    async with stream(saying(*words, b"in bytes"), tmp_path) as messages:
        assert await read(messages) == ([*words, "in bytes"], None)
        with pytest.raises(Unreachable, match="closed"):
            await messages.send("hello?")
        assert await read(messages) == ([], None)


class Numbered(msgspec.Struct):
    """A print with its place in the sequence of its source."""

    n: int
    price: float


async def test_an_older_print_that_comes_late_replaces_no_newer_one(tmp_path: Path) -> None:
    """The order of arrival is kept; which print is newer its time tells."""
    prints = [Numbered(1, 240.0), Numbered(3, 242.0), Numbered(2, 241.0)]
    noon, store, shown = datetime(2026, 11, 20, 17, tzinfo=UTC), MarketStore(), []
    async with stream(saying(*(msgspec.json.encode(p) for p in prints)), tmp_path) as messages:
        async for message in messages:
            got = decode.json(message.encode(), Numbered)
            as_of = noon + timedelta(seconds=got.n)
            store.put_quotes([Quote("IWM", got.price, as_of, as_of.date(), "a")], as_of)
            shown.append(store.snapshot().quotes["IWM"].price)
    assert shown == [240.0, 242.0, 242.0]


async def test_a_connection_that_breaks_is_told_behind_its_messages(tmp_path: Path) -> None:
    async def drop(connection: ServerConnection) -> None:
        connection.transport.abort()

    async with stream(saying("1", "2", then=drop), tmp_path) as messages:
        read_, fault = await read(messages)
    assert (read_, type(fault)) == (["1", "2"], Unreachable)
    assert "broke the connection off" in str(fault)


async def test_silence_past_its_limit_is_a_fault_though_it_answers_pings(tmp_path: Path) -> None:
    async with stream(saying("1", then=silence), tmp_path, idle_s=0.05, ping_s=0.01) as messages:
        read_, fault = await read(messages)
    assert (read_, type(fault), str(fault)) == (["1"], Unreachable, "127.0.0.1 has sent nothing for 0.05 s")


def frames(*sent: bytes) -> Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]:
    """Open a stream, send these bytes, then neither read nor answer any more."""

    async def play(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await opened(reader, writer)
        writer.writelines(sent)
        await asyncio.Event().wait()

    return play


WORD = b"\x81\x021\x0a"  # a whole message of two bytes
HALF = b"\x81\x05ab"  # two bytes of five


@pytest.mark.parametrize(
    ("sent", "idle_s", "ping_s", "kind", "said"),
    [
        ((), None, 0.02, Unreachable, "gives no sign of life"),
        ((WORD,), None, 0.02, Unreachable, "gives no sign of life"),
        ((WORD, HALF), 0.05, 60, Unreachable, "has sent nothing for 0.05 s"),
        ((WORD, b"\x01\x02ab"), 0.05, 60, Unreachable, "has sent nothing for 0.05 s"),
        ((WORD, b"GET / HTTP/1.1\r\n\r\n"), 0.05, 60, BadReply, "cannot be read"),
        ((WORD, b"\xff" * 4000), None, 0.02, BadReply, "cannot be read"),
        ((WORD, b"\x81\x7f" + b"\x00\x00\x00\x01" * 2), 0.05, 60, BadReply, "larger than 64 KiB"),
        ((WORD, b"\x81\x02\xff\xfe"), 0.05, 60, BadReply, "cannot be read"),
        ((WORD, b"\x80\x02ab"), 0.05, 60, BadReply, "cannot be read"),
    ],
    ids=["no pong", "then no pong", "half a frame", "half a message", "HTTP", "noise", "huge", "no text", "no start"],
)  # fmt: skip
async def test_bytes_that_are_no_messages(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    sent: Sequence[bytes],
    idle_s: float | None,
    ping_s: float,
    kind: type[ProviderFault],
    said: str,
) -> None:
    """From a server that lets go of nothing: it neither answers nor closes."""
    monkeypatch.setattr(socket, "_FAREWELL_S", 0.02)
    async with bytewise(frames(*sent)) as url:
        door = socket_at(url, tmp_path)
        async with door.open(idle_s=idle_s, ping_s=ping_s, largest=64 * 1024) as messages:
            read_, fault = await read(messages)
    assert read_ == (["1\n"] if sent else [])
    assert type(fault) is kind
    assert said in str(fault)
    assert str(fault).isprintable()


async def test_a_message_that_is_too_large_is_not_taken_packed_or_not(tmp_path: Path) -> None:
    for body in ("0" * 50_000_000, "".join(map(str, range(200_000)))):  # the first is 50 kB on the line
        async with stream(saying("1", body), tmp_path) as messages:
            read_, fault = await read(messages)
        assert (read_, type(fault)) == (["1"], BadReply)
        assert str(fault) == "a message of 127.0.0.1 is larger than 1024 KiB"


async def test_a_message_that_is_no_json_spoils_no_other(tmp_path: Path) -> None:
    async with stream(
        saying('{"n":1,"price":2.0}', "<html>", '{"n":"x"}', '{"n":4,"price":2.5}'), tmp_path
    ) as messages:
        outcomes: list[object] = []
        async for message in messages:
            try:
                outcomes.append(decode.json(message.encode(), Numbered).n)
            except BadReply as bad:
                outcomes.append(type(bad))
    assert outcomes == [1, BadReply, BadReply, 4]


async def test_a_flood_drops_the_oldest_counts_them_and_blocks_nobody(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    sent = asyncio.Event()

    async def flood(connection: ServerConnection) -> None:
        for n in range(5000):
            await connection.send(str(n))
        sent.set()
        await silence(connection)

    async with stream(flood, tmp_path, most=100) as messages:
        async with asyncio.timeout(PATIENCE_S):
            await sent.wait()  # though nobody reads
        await until(lambda: messages.dropped == 4900)
        assert [await anext(messages) for _ in range(100)] == [str(n) for n in range(4900, 5000)]
        assert messages.dropped == 4900
    assert caplog.text.count("the oldest messages are dropped") == 1


async def test_a_flood_lets_others_have_their_turn(tmp_path: Path) -> None:
    """Ten thousand messages that are there at once are not taken in one go, in which keys would wait."""
    sent = frames(WORD * 10_000)
    async with bytewise(sent) as url, socket_at(url, tmp_path).open(idle_s=None, most=10) as messages:
        assert await anext(messages) == "1\n"
        assert messages.dropped < 5000
        await until(lambda: messages.dropped == 10_000 - 11)


async def test_what_is_folded_neither_waits_nor_is_dropped(tmp_path: Path) -> None:
    """A reader that sleeps sees the newest of each all the same, and what came before it began."""
    count, seen = 20_000, dict[str, int]()

    def fold(message: str) -> None:
        name, _, number = message.partition(" ")
        seen[name] = int(number)

    async def flood(connection: ServerConnection) -> None:
        await connection.send("rare 1")
        await connection.recv()
        for n in range(count):
            await connection.send(f"busy {n}")
        await silence(connection)

    async with stream(flood, tmp_path, most=100) as messages:
        await until(lambda: len(messages._waiting) > 0)
        async with aclosing(messages.folded(fold)) as news:
            await anext(news)
            await messages.send("go on")
            await until(lambda: seen.get("busy") == count - 1)
            assert (seen["rare"], len(messages._waiting), messages.dropped) == (1, 0, 0)


async def test_what_nobody_foresaw_in_folding_is_raised_where_it_is_read(tmp_path: Path) -> None:
    def fold(_: str) -> None:
        raise ZeroDivisionError

    async with stream(saying("1", then=silence), tmp_path) as messages, aclosing(messages.folded(fold)) as news:
        with pytest.raises(ZeroDivisionError):
            async for _ in news:
                pass


async def test_a_flood_of_large_messages_is_held_within_its_size(tmp_path: Path) -> None:
    large = "x" * 900_000
    async with stream(saying(*(f"{n}{large}" for n in range(20))), tmp_path) as messages:
        await until(lambda: messages.dropped == 11)
        read_, fault = await read(messages)
    assert [word.removesuffix(large) for word in read_] == [str(n) for n in range(11, 20)]
    assert fault is None


@pytest.mark.parametrize(
    ("no", "kind", "pause_s"),
    [
        (No(401), Refused, 900),
        (No(403), Refused, 900),
        (No(403, b"Too Many Requests"), RateLimited, 900),
        (No(429), RateLimited, 900),
        (No(429, headers=(("Retry-After", "120"),)), RateLimited, 120),
        (No(503), ServerFault, None),
        (No(503, headers=(("Retry-After", "60"),)), ServerFault, 60),
        (No(500, b"<html>\x1b[2J"), ServerFault, None),
        (No(404), BadReply, 900),
        (No(400, b"\x1b]0;title\x07"), BadReply, 900),
        (No(200, b"<html>hello"), BadReply, 900),
        (No(302, headers=(("Location", "/elsewhere"),)), BadReply, 900),
        (No(301, headers=(("Location", "ws://b.test/"),)), BadReply, 900),
    ],
    ids=lambda value: f"{value.status} {value.body!r} {value.headers}" if isinstance(value, No) else None,
)
async def test_a_stream_that_is_refused_has_the_fault_of_its_status(
    tmp_path: Path, no: No, kind: type[ProviderFault], pause_s: float | None
) -> None:
    async with streaming(nothing, no=no) as source:
        door = socket_at(source.url, tmp_path)
        fault = await refused(door)
        assert type(fault) is kind
        assert fault.whole
        assert fault.pause_s == (None if pause_s is None else pytest.approx(pause_s, abs=1))
        assert fault.body == no.body
        if pause_s is not None:
            again = await refused(socket_at(source.url, tmp_path))
            assert type(again) is RateLimited
        assert len(source.seen) == door.requests_last_hour() == 1


@pytest.mark.parametrize(
    ("code", "reason", "kind", "paused"),
    [
        (1000, "", None, False),
        (1001, "restart", None, False),
        (1002, "", BadReply, False),
        (1008, "bad key", Refused, True),
        (1011, "", ServerFault, False),
        (1012, "", ServerFault, False),
        (1013, "", RateLimited, True),
        (1011, "too many requests", RateLimited, True),
        (3000, "", Refused, True),
        (3003, "", Refused, True),
        (3008, "", Unreachable, False),
        (4000, "who knows \x1b[2J", ServerFault, False),
        (4401, "", Refused, True),
    ],
)
async def test_a_stream_that_is_closed_has_the_fault_of_its_code(
    tmp_path: Path, code: int, reason: str, kind: type[ProviderFault] | None, paused: bool
) -> None:
    async def close(connection: ServerConnection) -> None:
        await connection.close(code, reason)

    async with streaming(saying("1", then=close)) as source:
        surroundings = Surroundings(replace(ENDPOINT, base_url=source.url), tmp_path)
        async with Socket("a", surroundings, faults={4401: Refused}).open(idle_s=None) as messages:
            read_, fault = await read(messages)
            assert read_ == ["1"]
            assert (None if fault is None else type(fault)) is kind
            if fault is not None:
                assert f"({code}" in str(fault)
                assert str(fault).isprintable()
                assert (fault.pause_s == pytest.approx(900, abs=1)) if paused else fault.pause_s is None
            with pytest.raises(kind or Unreachable):
                await messages.send("hello?")


async def test_a_source_that_opens_and_closes_for_a_reason_is_left_alone_longer_each_time(tmp_path: Path) -> None:
    async def close(connection: ServerConnection) -> None:
        await connection.close(1008, "one connection a key")

    for play, pauses in ((close, (900, 1800)), (saying("1", then=close), (900, 900))):
        folder, given = tmp_path / str(pauses), []
        async with streaming(play) as source:
            for _ in pauses:
                async with socket_at(source.url, folder).open(idle_s=None) as messages:
                    _, fault = await read(messages)
                    assert fault is not None
                    given.append(fault.pause_s)
                over(folder)
        assert given == pytest.approx(pauses, abs=2)


def over(folder: Path) -> None:
    """End the pause that is on."""
    (file,) = (folder / "requests").glob("*.json")
    kept = json.loads(file.read_text())
    file.write_text(json.dumps({**kept, "paused_until": 0.0}))


async def test_each_attempt_counts_and_a_full_hour_sends_nothing(tmp_path: Path) -> None:
    async with streaming(nothing) as source:
        door = socket_at(source.url, tmp_path, max_per_hour=2)
        for _ in range(2):
            async with door.open(idle_s=None) as messages:
                assert await read(messages) == ([], None)
        fault = await refused(door)
        assert type(fault) is RateLimited
        assert "our own budget of 2" in str(fault)
        assert len(source.seen) == door.requests_last_hour() == 2


async def mute(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:  # noqa: ARG001
    """Take the request and answer nothing."""
    await asyncio.Event().wait()


async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:  # noqa: ARG001
    """Take the request and close."""
    await reader.readuntil(b"\r\n\r\n")


async def babble(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer in no known language."""
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"\x16\x03\x01\x1b[2J nonsense\r\n\r\n")
    await writer.drain()


async def other_key(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Open a stream that somebody else has asked for."""
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"HTTP/1.1 101 X\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: x\r\n\r\n")
    await writer.drain()


@pytest.mark.parametrize(
    ("play", "kind", "said"),
    [
        (mute, Unreachable, "gave no answer in 0.05 s"),
        (hang_up, Unreachable, "cannot be reached"),
        (babble, Unreachable, "cannot be reached"),
        (other_key, BadReply, "opens no stream"),
    ],
)
async def test_an_answer_that_is_none(tmp_path: Path, play: Any, kind: type[ProviderFault], said: str) -> None:
    async with bytewise(play) as url:
        fault = await refused(socket_at(url, tmp_path, timeout_s=0.05 if play is mute else PATIENCE_S))
    assert type(fault) is kind
    assert said in str(fault)


async def test_nobody_listens(tmp_path: Path) -> None:
    fault = await refused(socket_at("http://127.0.0.1:9", tmp_path))
    assert type(fault) is Unreachable
    assert "127.0.0.1 cannot be reached: the connection is refused" in str(fault)


@pytest.fixture
def certificates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of the system's certificates, empty."""
    folder = tmp_path / "certificates"
    folder.mkdir()
    paths = ssl.get_default_verify_paths()._replace(capath=str(folder))
    monkeypatch.setattr(ssl, "get_default_verify_paths", lambda: paths)
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.delenv(name, raising=False)
    trusted.cache_clear()
    yield folder
    trusted.cache_clear()


NAMED = "5bc9db38.0"
"""The local source's certificate under the hash of its name: `openssl x509 -hash`."""


async def test_the_systems_certificates_are_read_from_their_folder(tmp_path: Path, certificates: Path) -> None:
    for number in range(60):
        (certificates / f"{number:08x}.0").write_text("nobody asks for it", "utf-8")
    async with streaming(saying("1"), secure=True) as source:
        assert "CERTIFICATE_VERIFY_FAILED" in str(await refused(socket_at(source.url, tmp_path)))
        assert trusted(None).cert_store_stats()["x509_ca"] == 0
        shutil.copy(CERTIFICATE, certificates / NAMED)
        async with socket_at(source.url, tmp_path).open(idle_s=None) as messages:
            assert await read(messages) == (["1"], None)


@pytest.mark.parametrize("why", ["few", "named", "gone"])
async def test_httpx_has_certificates_where_the_system_keeps_none_in_a_folder(
    why: str, certificates: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5 if why == "few" else 60):
        (certificates / f"{number:08x}.0").write_text("", "utf-8")
    if why == "gone":
        shutil.rmtree(certificates)
    if why == "named":
        monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    assert (trusted(None).cert_store_stats()["x509"] > 100) is (why != "named")
    assert trusted(None).cert_store_stats()["x509"] > 0


async def test_a_certificate_that_nobody_vouches_for_opens_nothing(tmp_path: Path) -> None:
    async with streaming(saying("1"), secure=True) as source:
        fault = await refused(socket_at(source.url, tmp_path))
        assert type(fault) is Unreachable
        assert "CERTIFICATE_VERIFY_FAILED" in str(fault)
        trusting = socket_at(source.url, tmp_path, ca_file=CERTIFICATE)
        async with trusting.open(idle_s=None) as messages:
            assert await read(messages) == (["1"], None)
        named = socket_at(source.url.replace("127.0.0.1", "localhost"), tmp_path, ca_file=CERTIFICATE)
        fault = await refused(named)
        assert type(fault) is Unreachable  # a certificate of another name
        assert len(source.seen) == 1


@pytest.mark.parametrize("secure", [False, True])
async def test_a_stream_goes_through_the_proxy_that_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, secure: bool
) -> None:
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name)
    async with streaming(saying("1"), secure=secure) as source, proxying() as proxy:
        place = source.url.split("//")[1]
        named = proxy.url.replace("//", f"//me:{KEY}@")
        async with socket_at(source.url, tmp_path, ca_file=CERTIFICATE, proxy=named).open(idle_s=None) as messages:
            assert await read(messages) == (["1"], None)
        monkeypatch.setenv(f"http{'s' * secure}_proxy", proxy.url)
        for past, asked in (("elsewhere.test", 2), ("127.0.0.1", 2)):
            monkeypatch.setenv("no_proxy", past)
            async with socket_at(source.url, tmp_path, ca_file=CERTIFICATE).open(idle_s=None) as messages:
                assert await read(messages) == (["1"], None)
            assert len(proxy.seen) == asked
        assert all(head.startswith(f"CONNECT {place} HTTP/1.1\r\n") for head in proxy.seen)
        assert ["Proxy-Authorization: Basic" in head for head in proxy.seen] == [True, False]
        assert all("Proxy-Authorization" not in request.headers for request in source.seen)


async def test_a_proxy_that_refuses_is_told_and_the_source_is_not_asked(tmp_path: Path) -> None:
    async with streaming(nothing) as source, proxying(407) as proxy:
        fault = await refused(socket_at(source.url, tmp_path, proxy=proxy.url))
        assert type(fault) is Unreachable
        assert "407" in str(fault)
        assert source.seen == []


@pytest.mark.parametrize(
    ("url", "proxy", "ca_file"),
    [
        ("https://a b:x", None, None),
        ("ftp://a.test", None, None),
        ("", None, None),
        (f"https://me:{KEY}@a.test:x", None, None),
        (f"https://me:{KEY}/2@a.test", None, None),
        (f"https://a.test/#{KEY}", None, None),
        (f"https://{'a' * 64}.test", None, None),
        ("https://a.test", "nonsense://x", None),
        ("https://a.test", f"nonsense://me:{KEY}@x", None),
        ("https://a.test", f"http://me:{KEY}@[x", None),
        ("https://a.test", f"http://me:{KEY}/2@x", None),
        ("https://a.test", "http://me@x", None),
        ("https://a.test", f"socks5://me:{KEY}@127.0.0.1:9", None),
        ("https://a.test", None, "absent.pem"),
    ],
)
async def test_settings_that_cannot_work_are_told_without_the_password_in_them(
    tmp_path: Path, url: str, proxy: str | None, ca_file: str | None
) -> None:
    path = None if ca_file is None else tmp_path / ca_file
    fault = await refused(socket_at(url, tmp_path, proxy=proxy, ca_file=path))
    assert type(fault) is Misconfigured
    assert KEY not in str(fault)


async def test_an_endpoint_and_headers_that_can_be_sent_are_needed(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured):
        Socket("a", Surroundings(None, tmp_path))
    door = Socket("a", Surroundings(ENDPOINT, tmp_path), {"X-Key": f"{KEY}\nHost: b.test"})
    fault = await refused(door)
    assert type(fault) is Misconfigured
    assert "X-Key" in str(fault)
    assert KEY not in str(fault)
    assert door.requests_last_hour() == 0


async def test_no_key_comes_into_a_log(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """In the address, a header, a message or the proxy, at the most talkative level."""
    own = logging.getLogger("websockets.server")
    own.setLevel(logging.CRITICAL)  # the other side's
    caplog.set_level(logging.DEBUG)

    async def play(connection: ServerConnection) -> None:
        await connection.recv()
        await connection.send(f"your key is {KEY}")
        await connection.close(1008, "no")

    async with streaming(play) as source, proxying() as proxy:
        address, through = (url.replace("//", f"//me:{KEY}@") for url in (source.url, proxy.url))
        surroundings = Surroundings(replace(ENDPOINT, base_url=address), tmp_path, through)
        async with Socket("a", surroundings, {"X-Key": KEY}).open(f"/?token={KEY}", idle_s=None) as messages:
            await messages.send(KEY)
            read_, fault = await read(messages)
        assert (read_, type(fault)) == ([f"your key is {KEY}"], Refused)
        assert KEY not in str(fault)
        assert KEY in source.seen[0].path
        kept = list((tmp_path / "requests").iterdir())
        assert kept
    assert KEY not in caplog.text
    assert KEY not in "".join(f"{file} {file.read_text()}" for file in kept)


async def test_leaving_takes_no_longer_than_a_goodbye(tmp_path: Path) -> None:
    """From a source that floods and never listens."""

    async def play(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await opened(reader, writer)
        while True:
            writer.write(WORD * 1000)
            await writer.drain()

    async with bytewise(play) as url, asyncio.timeout(PATIENCE_S):
        async with socket_at(url, tmp_path).open(idle_s=None) as messages:
            assert await anext(messages) == "1\n"
        left = [task.get_name() for task in asyncio.all_tasks()]
    assert not [name for name in left if name.startswith("stream of")]


def test_websockets_is_not_loaded_before_a_stream_is_opened() -> None:
    code = (
        "import sys, json; from pathlib import Path\n"
        "from rotation_tui.providers.base import Endpoint, Surroundings\n"
        "from rotation_tui.providers.socket import Socket\n"
        "Socket('a', Surroundings(Endpoint('https://a.test', 'ua', 1, None), Path('unused')))\n"
        "print(json.dumps([m for m in ('httpx', 'websockets', 'ssl') if m in sys.modules]))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=PATIENCE_S)
    assert "websockets" not in json.loads(done.stdout)
    assert "httpx" not in json.loads(done.stdout)
