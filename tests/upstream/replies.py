"""What the server answers, and how it may be told to misbehave."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer."""

    body: bytes = b""
    status: int = 200
    kind: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is done instead of, or to, the true answer.

    `answer` replaces it, `wait_s` delays it, `cut` holds back that many bytes of its body, and `drop` closes
    the connection without one.
    """

    answer: Answer | None = None
    wait_s: float = 0.0
    cut: int = 0
    drop: bool = False


def as_json(value: Any, status: int = 200) -> Answer:
    """A JSON answer."""
    return Answer(json.dumps(value).encode(), status)


def too_many(retry_after: str | None = None) -> Fault:
    """HTTP 429 as Yahoo's edge says it."""
    headers = {} if retry_after is None else {"Retry-After": retry_after}
    return Fault(Answer(b"Edge: Too Many Requests", 429, "text/html", headers))


def server_error() -> Fault:
    """HTTP 500."""
    return Fault(Answer(b"<html><body>Internal Server Error</body></html>", 500, "text/html"))


def web_page(title: str = "Are you a robot?") -> Fault:
    """A web page with status 200 instead of data."""
    return Fault(Answer(f"<!doctype html><html><title>{title}</title></html>".encode(), 200, "text/html"))


def truncated() -> Fault:
    """The connection ends inside the body."""
    return Fault(cut=25)


def slow(seconds: float) -> Fault:
    """The true answer, late."""
    return Fault(wait_s=seconds)


def dropped() -> Fault:
    """The connection is closed without an answer."""
    return Fault(drop=True)


def yahoo_error(description: str, code: str = "Bad Request") -> Fault:
    """Yahoo's own way to say that it will not."""
    error = {"result": None, "error": {"code": code, "description": description}}
    return Fault(as_json({"spark": error, "chart": error}))


NAMED = {
    "429": too_many(),
    "500": server_error(),
    "html": web_page(),
    "cut": truncated(),
    "slow": slow(20),
    "drop": dropped(),
}
"""Faults by the names that the command line takes."""
