"""Addresses: no password is ever shown, and this computer is told from others."""

import pytest

from rotation_tui.domain.address import host_of, is_loopback, masked


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("http://me:geheim@proxy:3128", "http://me:***@proxy:3128"),
        ("http://me:ge:he@im@proxy:3128/x", "http://me:***@proxy:3128/x"),
        ("http://me:ge/he#im@proxy:3128", "http://me:***@proxy:3128"),
        ("http://:geheim@proxy", "http://:***@proxy"),
        ("me:geheim@proxy:3128", "me:***@proxy:3128"),
        ('proxy = "socks5h://me:geheim@[::1]:9" fails', 'proxy = "socks5h://me:***@[::1]:9" fails'),
        ('"me:geheim@proxy" is no address', '"me:***@proxy" is no address'),
        ("from http://a:geheim@b to http://c:geheim@d", "from http://a:***@b to http://c:***@d"),
    ],
)
def test_a_password_is_hidden(text: str, shown: str) -> None:
    assert masked(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "http://proxy:3128",
        "http://me@proxy:3128",
        "https://example.org/a?b=c:d",
        "at 12:30, me@example.org",
        'contact = "me@example.org"',
        "mailto:me@example.org",
        "closes.csv:3: theme: 3 does not fit",
    ],
)
def test_what_holds_no_password_stays(text: str) -> None:
    assert masked(text) == text


@pytest.mark.parametrize(
    ("url", "host", "own"),
    [
        ("http://127.0.0.1:80/x", "127.0.0.1", True),
        ("http://[::1]/", "::1", True),
        ("http://LOCALHOST", "localhost", True),
        ("http://a.localhost", "a.localhost", True),
        ("http://10.0.0.1", "10.0.0.1", False),
        ("http://notlocalhost", "notlocalhost", False),
        ("http://[x", "", False),
        ("nonsense", "", False),
    ],
)
def test_hosts(url: str, host: str, own: bool) -> None:
    assert host_of(url) == host
    assert is_loopback(host) is own
