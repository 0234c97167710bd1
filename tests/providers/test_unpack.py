"""Bodies: counted while they are unpacked, one layer deep, and refusals count whatever is in them."""

import gzip
import random
import zlib
from functools import cache
from pathlib import Path

import httpx
import pytest

from rotation_tui.providers.base import BadReply, Endpoint, RateLimited, Surroundings
from rotation_tui.providers.http import SMALL, Http
from rotation_tui.providers.unpack import Body
from tests.providers.test_http import Once

TEXT = b'{"close": [1.5, 2.25, null]}' * 40
ENDPOINT = Endpoint("https://a.test", "Mozilla/5.0 (compatible)", 5, 300, 1000.0, 50)


def bare(data: bytes) -> bytes:
    """Deflate without a frame around it, as some servers send it."""
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


def unpacked(encoding: str, data: bytes, most: int = SMALL, piece: int = 7) -> bytes:
    body = Body(encoding, most)
    feed(body, data, piece)
    return body.whole()


def feed(body: Body, data: bytes, piece: int) -> None:
    for start in range(0, len(data), piece):
        body.take(data[start : start + piece])


@pytest.mark.parametrize(
    ("encoding", "data"),
    [
        ("", TEXT),
        ("identity", TEXT),
        ("gzip", gzip.compress(TEXT, mtime=0)),
        ("GZip, identity", gzip.compress(TEXT, mtime=0)),
        ("x-gzip", gzip.compress(TEXT, mtime=0)),
        ("deflate", zlib.compress(TEXT)),
        ("gzip", gzip.compress(TEXT, mtime=0) + b"something behind it"),
    ],
)
@pytest.mark.parametrize("piece", [1, 7, 100_000])
def test_what_comes_is_what_was_packed(encoding: str, data: bytes, piece: int) -> None:
    assert unpacked(encoding, data, piece=piece) == TEXT


def test_deflate_without_its_frame_is_read_as_well() -> None:
    assert unpacked("deflate", bare(TEXT), piece=100_000) == TEXT


@pytest.mark.parametrize(
    ("encoding", "data", "words"),
    [
        ("gzip, gzip", gzip.compress(gzip.compress(TEXT, mtime=0), mtime=0), "packed 2 times over"),
        ("deflate, gzip", b"", "packed 2 times over"),
        ("br", TEXT, "not asked for"),
        ("gzip", TEXT, "cannot be unpacked"),
        ("gzip", gzip.compress(TEXT, mtime=0)[:-9], "cut off"),
        ("deflate", b"\xff" * 50, "cannot be unpacked"),
        ("gzip", gzip.compress(b" " * (2 * SMALL), mtime=0), "larger than 1 MiB"),
        ("", b" " * (SMALL + 1), "larger than 1 MiB"),
        # Packed data that unpack to nothing are counted as they come.
        ("gzip", gzip.compress(b"", mtime=0)[:10] + b"\x00\x00\x00\xff\xff" * (SMALL // 5), "larger than 1 MiB"),
    ],
)
def test_what_is_too_much_or_cannot_be_unpacked_is_refused(encoding: str, data: bytes, words: str) -> None:
    with pytest.raises(BadReply, match=words):
        unpacked(encoding, data, piece=64 * 1024)


@cache
def bomb() -> bytes:
    """A small body that would be 60 MB."""
    return gzip.compress(b" " * 60_000_000, mtime=0)


@pytest.mark.parametrize("piece", [1024, 100_000])
def test_no_more_is_unpacked_than_may_be(piece: int) -> None:
    """A body that would be 60 MB is given up after its first MiB, whatever its pieces."""
    body = Body("gzip", SMALL)
    with pytest.raises(BadReply, match="larger"):
        feed(body, bomb(), piece)
    assert len(body._body) == SMALL + 1


@pytest.mark.parametrize("encoding", ["gzip", "gzip, gzip, gzip", "nonsense"])
async def test_a_refusal_counts_whatever_its_body_is(tmp_path: Path, encoding: str) -> None:
    answer = httpx.Response(429, headers={"Content-Encoding": encoding}, stream=Once(random.Random(1).randbytes(99)))
    http = Http("a", Surroundings(ENDPOINT, tmp_path), transport=httpx.MockTransport(lambda _: answer))
    for _ in range(2):
        with pytest.raises(RateLimited):
            await http.get("/x")
    assert http.requests_last_hour() == 1
    await http.close()
