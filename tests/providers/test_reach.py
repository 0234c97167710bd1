"""Why a host cannot be reached is said in plain words, whatever the libraries wrapped the reason in."""

import errno
import socket
import ssl

import httpx
import pytest

from rotation_tui.providers.reach import why

REFUSED = ConnectionRefusedError(errno.ECONNREFUSED, "Connect call failed")
NO_ROUTE = OSError(errno.ENETUNREACH, "Network is unreachable")


def wrapped(*causes: OSError) -> httpx.ConnectError:
    """As the HTTP library has it: its own words, and the reason far below."""
    middle = OSError("All connection attempts failed")
    middle.__cause__ = causes[0] if len(causes) == 1 else ExceptionGroup("several", list(causes))
    outer = httpx.ConnectError("All connection attempts failed")
    outer.__cause__ = middle
    return outer


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (REFUSED, "the connection is refused"),
        (wrapped(REFUSED), "the connection is refused"),
        (wrapped(NO_ROUTE, REFUSED), "the connection is refused"),
        (
            OSError("Multiple exceptions: " + ", ".join([f"[Errno {errno.ENETUNREACH}] no"] * 2)),
            "there is no route to it",
        ),
        (wrapped(NO_ROUTE), "there is no route to it"),
        (wrapped(TimeoutError(errno.ETIMEDOUT, "timed out")), "the connection timed out"),
        (ssl.SSLCertVerificationError(1, "CERTIFICATE_VERIFY_FAILED"), "CERTIFICATE_VERIFY_FAILED"),
        (httpx.ReadError(""), "ReadError"),
        (wrapped(ConnectionResetError(errno.ECONNRESET, "reset")), "the connection was broken off"),
        (wrapped(socket.gaierror(socket.EAI_NONAME, "Name or service not known")), "no host of that name is known"),
        (wrapped(socket.gaierror(socket.EAI_AGAIN, "Temporary failure")), "its name cannot be looked up now"),
        (OSError("odd http://me:secret@proxy\x1b[2J"), "odd http://me:***@proxy[2J"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_reason_in_plain_words(error: Exception, said: str) -> None:
    assert why(error).startswith(said)
    assert "attempts" not in why(error)


def test_errors_that_lead_to_each_other_come_to_an_end() -> None:
    one, other = OSError("one"), OSError("other")
    one.__cause__, other.__cause__ = other, one
    assert why(one) == "one"
