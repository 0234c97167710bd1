"""NO_PROXY as desktops and companies set it: what can be read counts, what cannot is left out and named."""

from pathlib import Path

import httpx
import pytest

from rotation_tui.providers import client, proxies
from rotation_tui.providers.base import Endpoint, Surroundings
from rotation_tui.providers.http import Http
from tests.providers.local_source import Answer, serving


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


def straight(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, host: str, entry: str) -> bool:
    """Whether a client for the host goes past the proxy."""
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("no_proxy", f"elsewhere.test, {entry}")
    made = client.made(Surroundings(Endpoint(f"http://{host}/", "ua", 1, None), tmp_path), {})
    way = made._transport_for_url(httpx.URL(f"http://{host}/"))
    return way is made._transport


@pytest.mark.parametrize(
    ("host", "entry", "past"),
    [
        ("[::1]", "::1", True),
        ("[::1]", "[::1]", True),
        ("[::1]:8080", "[::1]:8080", True),
        ("[::1]:8081", "[::1]:8080", False),
        ("[fd00::7]", "fd00::/8", True),
        ("[fe80::7]", "fd00::/8", False),
        ("10.1.2.3", "10.0.0.0/8", True),
        ("10.1.2.3:8080", "10.0.0.0/8", True),
        ("11.1.2.3", "10.0.0.0/8", False),
        ("a.test", "10.0.0.0/8", False),
        ("127.0.0.1", "127.0.0.1", True),
        ("127.0.0.1", "0.0.1", False),
        ("a.test", "a.test", True),
        ("deep.a.test", "a.test", True),
        ("deep.a.test", ".a.test", True),
        ("deep.a.test", "*.a.test", True),
        ("nota.test", "a.test", False),
        ("A.TEST", "a.test", True),
        ("a.test:81", "a.test:81", True),
        ("a.test:82", "a.test:81", False),
        ("a.test", "http://a.test", True),
        ("a.test", "https://a.test", False),
        ("a.test", "*", True),
    ],
)
def test_who_goes_past_the_proxy(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, host: str, entry: str, past: bool
) -> None:
    assert straight(monkeypatch, tmp_path, host, entry) is past
    assert proxies.unread() == ()
    assert (proxies.route(f"http://{host}/") is None) is past
    assert (proxies.route(f"ws://{host}/") is None) is past


def test_a_stream_takes_the_proxy_of_the_same_kind_of_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    assert proxies.route("wss://a.test/") is None
    monkeypatch.setenv("all_proxy", "http://all.test:1")
    assert proxies.route("wss://a.test/") == proxies.route("ws://a.test/") == "http://all.test:1"
    monkeypatch.setenv("https_proxy", "https.test:2")
    monkeypatch.setenv("http_proxy", "http.test:3")
    assert proxies.route("wss://a.test/") == "http://https.test:2"
    assert proxies.route("ws://a.test/") == "http://http.test:3"
    monkeypatch.setenv("no_proxy", "a.test:443, https://b.test")
    assert proxies.route("wss://a.test/") is None
    assert proxies.route("wss://a.test:444/") == "http://https.test:2"
    assert proxies.route("wss://b.test/") is None
    assert proxies.route("ws://b.test/") == "http://http.test:3"


def test_what_cannot_be_read_is_named_and_the_rest_counts(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    odd = "fd00::/x, [::1, 10.0.0.0/99, a b.test, ::g, ftp://a.test, a.test:x"
    assert straight(monkeypatch, tmp_path, "a.test", f"{odd}, .a.test")
    assert not straight(monkeypatch, tmp_path, "b.test", odd)
    assert proxies.unread() == tuple(word.strip() for word in odd.split(","))


@pytest.mark.parametrize("entry", ["localhost,127.0.0.1,::1", "127.0.0.1,[::1]", "127.0.0.1,fd00::/8,???"])
async def test_a_feed_answers_whatever_no_proxy_says(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, entry: str
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")  # where nobody listens
    monkeypatch.setenv("NO_PROXY", entry)
    async with serving(lambda _: Answer(b"[1]")) as source:
        http = Http("a", Surroundings(Endpoint(source.url, "ua", 5, None), tmp_path))
        assert await http.get("/x") == b"[1]"
        await http.close()


async def test_a_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    async with serving(lambda _: Answer(b"[2]")) as proxy:
        monkeypatch.setenv("http_proxy", proxy.url.removeprefix("http://"))
        http = Http("a", Surroundings(Endpoint("http://a.test", "ua", 5, None), tmp_path))
        assert await http.get("/x") == b"[2]"
        assert [request.headers["host"] for request in proxy.seen] == ["a.test"]
        await http.close()
