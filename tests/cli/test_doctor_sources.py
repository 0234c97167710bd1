"""What the doctor tells of sources: where they send us, whom they turn away and by which name, who listens."""

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from click.testing import Result

from rotation_tui import __version__, plugins
from rotation_tui.domain.figures import frames_wanted
from rotation_tui.domain.session import EASTERN, nyse
from rotation_tui.providers.base import ProviderPart
from tests.cli.conftest import EVENING, Run
from tests.providers.local_source import Request
from tests.providers.replies.ishares import holdings
from tests.providers.replies.sec import facts
from tests.workers.fakes import MORNING, FakeStream

pytestmark = pytest.mark.usefixtures("one_evening")

Reply = tuple[int, dict[str, str], bytes]


@pytest.fixture
def doctor(run: Run, home: Path) -> Run:
    """Run the doctor with a config of this text."""

    def doctor(text: str, *args: str, **env: str) -> Result:
        file = home / "mine.toml"
        file.write_text(text)
        return run("doctor", "--config", str(file), *args, **env)

    return doctor


def told(result: Result) -> str:
    """The report without its line breaks."""
    return re.sub(r"\n {18}", " ", result.stdout)


@contextmanager
def source(reply: Callable[[str], Reply]) -> Iterator[str]:
    """The address of a source on this computer that answers every path by `reply`."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, headers, body = reply(self.path)
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body)), "Connection": "close"}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def asking(provider: str, url: str) -> str:
    return f'[[feeds]]\nprovider = "{provider}"\n[providers.{provider}]\nbase_url = "{url}"\n'


def _indexes(_: str) -> Reply:
    now = EVENING
    printed = nyse().open_at(nyse().last_completed(now)).astimezone(EASTERN)
    record = {"symbol": "^RUT", "current_price": 2400.5, "last_trade_time": f"{printed:%Y-%m-%dT%H:%M:%S}"}
    return 200, {}, json.dumps({"data": [record]}).encode()


def test_a_source_that_moved_is_followed_and_the_new_address_is_told(doctor: Run) -> None:
    with source(_indexes) as new, source(lambda path: (307, {"Location": new + path}, b"")) as old:
        result = doctor(asking("cboe", old))
    here, there = (url.removeprefix("http://") for url in (old, new))
    assert "ok    cboe        RUT 2,400.50" in told(result)
    assert f"-     cboe        {here} sends us on to {there} (HTTP 307), which is followed" in told(result)
    assert "[providers.cboe] can say the new address" in told(result)
    assert result.exit_code == 0


def test_a_source_that_sends_us_to_somebody_else_is_a_fault(doctor: Run) -> None:
    with source(lambda _: (302, {"Location": "https://login.elsewhere.test/portal"}, b"")) as url:
        result = doctor(asking("cboe", url))
    assert "FAULT cboe        HTTP 302 sends us on to https://login.elsewhere.test, which is not followed" in told(
        result
    )
    assert result.exit_code == 3


def test_a_refusal_of_the_very_first_request_speaks_of_cloud_addresses_and_of_the_name(doctor: Run) -> None:
    with source(lambda _: (429, {}, b"Edge: Too Many Requests")) as url:
        text = told(doctor(asking("yahoo", url)))
    assert "turn away every cloud address" in text
    assert 'it was asked as "Mozilla/5.0 (compatible; rotation-tui)"' in text
    assert "names that do not begin with Mozilla/5.0" in text


@pytest.mark.parametrize(
    ("provider", "status", "words"),
    [
        ("treasury", 403, 'asked as "rotation-tui/'),
        ("treasury", 403, "may turn away names that are no browser's"),
        ("fred", 503, 'asked as "python-httpx"'),
        ("fred", 503, "contact in [providers.fred]"),
        ("newyorkfed", 403, 'asked as "rotation-tui/'),
    ],
)
def test_the_name_that_was_refused_is_told(doctor: Run, provider: str, status: int, words: str) -> None:
    with source(lambda _: (status, {}, b"no")) as url:
        assert words in told(doctor(asking(provider, url)))


def test_a_contact_goes_into_the_name(doctor: Run) -> None:
    names = []
    with source(lambda _: (403, {}, b"no")) as url:
        for provider in ("fred", "yahoo"):
            text = told(doctor(asking(provider, url) + 'contact = "https://example.org/me"\n'))
            names.append(re.search(r'asked as "([^"]+)"', text))
    assert [found[1] for found in names if found] == [
        f"rotation-tui/{__version__} (+https://example.org/me)",
        "Mozilla/5.0 (compatible; rotation-tui; +https://example.org/me)",
    ]


def test_plain_http_to_a_foreign_host_is_told(doctor: Run) -> None:
    text = told(doctor(asking("fred", "http://fred.invalid") + "timeout_s = 1\n"))
    assert "warn  fred        http://fred.invalid is plain http" in text
    with source(lambda _: (404, {}, b"")) as url:
        assert "plain http" not in told(doctor(asking("fred", url)))


@pytest.mark.parametrize("entry", ["localhost,127.0.0.1,[::1]", "127.0.0.1,fd00::/8"])
def test_addresses_and_networks_in_no_proxy_are_read(doctor: Run, entry: str) -> None:
    with source(_indexes) as url:
        result = doctor(asking("cboe", url), NO_PROXY=entry, HTTP_PROXY="http://127.0.0.1:9")
    assert "ok    cboe" in told(result)
    assert "warn  NO_PROXY" not in told(result)


def test_what_cannot_be_read_in_no_proxy_is_named(doctor: Run) -> None:
    with source(_indexes) as url:
        result = doctor(asking("cboe", url), NO_PROXY="127.0.0.1,fd00::/xx", HTTP_PROXY="http://127.0.0.1:9")
    assert "ok    cboe" in told(result)
    assert 'warn  NO_PROXY    "fd00::/xx" is no host and no network, and is left out' in told(result)
    assert result.exit_code == 3


@pytest.mark.parametrize(
    ("prices", "missing", "words", "code"),
    [
        ({"RUT": 2400.5}, {}, "RUT 2,400.50 of 2026-03-03 15:00:00 UTC", 0),
        ({}, {}, "a stream of RUT is open", 0),
        ({}, {"RUT": "not in your plan"}, "tells no RUT: not in your plan", 3),
    ],
    ids=["a print", "nothing yet", "not carried"],
)
def test_a_source_with_a_stream_alone_is_listened_to(
    doctor: Run,
    monkeypatch: pytest.MonkeyPatch,
    prices: dict[str, float],
    missing: dict[str, str],
    words: str,
    code: int,
) -> None:
    stream = FakeStream()
    stream.tell(MORNING, missing, (), (), **prices)
    monkeypatch.setattr(plugins, "own", lambda *_: ProviderPart("simulated", None, lambda _: stream))
    result = doctor('[[feeds]]\nprovider = "simulated"\n')
    assert words in told(result)
    assert result.exit_code == code
    assert stream.closed == 1


def _holdings(day: str) -> Callable[[str], Reply]:
    file = holdings(Request("", {}, {}), "IWM", (("AAPL", "60.00"), ("MSFT", "40.00")), date.fromisoformat(day))
    return lambda _: (200, {"Content-Type": "text/csv"}, file.encode())


def test_holdings_are_asked_of_one_fund_and_old_ones_are_told(doctor: Run) -> None:
    day = nyse().last_completed(EVENING)
    with source(_holdings(str(day))) as url:
        text = told(doctor(asking("ishares", url)))
    assert f"ok    ishares     IWM of {day} has 2 members" in text
    assert "days old" not in text
    with source(_holdings(str(day - timedelta(days=20)))) as url:
        text = told(doctor(asking("ishares", url)))
    assert f"the newest holdings of IWM are of {day - timedelta(days=20)}" in text
    assert "can say the new address" not in text


def test_filings_are_asked_for_by_name_and_address(doctor: Run) -> None:
    frame = frames_wanted(EVENING.date())[0]
    body = facts(Request("", {}, {}), frame, (("320193", "1", frame.end),)).encode()
    contact = 'contact = "somebody@example.com"\n'
    with source(lambda _: (200, {}, body)) as url:
        assert f"ok    sec         {frame.tag} of {frame.period} by 1 companies" in told(
            doctor(asking("sec", url) + contact)
        )
        result = doctor(asking("sec", url))
    assert 'write contact = "you@example.com", with your own mail address, under [providers.sec]' in told(result)
    page = b"<html><title>Your Request Originates from an Undeclared Automated Tool</title></html>"
    with source(lambda _: (403, {"Content-Type": "text/html"}, page)) as url:
        assert "see contact under [providers.sec]" in told(doctor(asking("sec", url) + contact))
