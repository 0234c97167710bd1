"""What a tape is as a file: frames of compressed messages, a mark before each, and nothing but added to.

A frame is one of Zstandard's, so that `zstd -dc` gives the messages, each behind its length and its checksum. A mark
stands in a frame that Zstandard leaves out; by it a reader finds the next frame where one is broken.
"""

import io
import struct
import zlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from rotation_tui.tape import message
from rotation_tui.tape.message import About

FORMAT: Final = 1
"""Of the file, apart from the version of its messages."""
LONGEST: Final = 256 * 1024 * 1024
"""No message is longer; histories of some hundred symbols take 10 MB."""
_SKIPPED, _SIGN = 0x184D2A5A, b"rotation-tui tape"
_SKIP, _SUM, _HEAD = struct.Struct("<II"), struct.Struct("<I"), struct.Struct("<II")
_MOST_MARK = 4 * 1024 * 1024
_LEVEL: Final = 9
_WINDOW = 2**27
_SCANNED, _PART = 1024 * 1024, 1024


class Head(Struct, frozen=True):
    """How a session was recorded: by which program, under which config, in which mode, since when.

    `about` is what its boards were about then, `notes` are theirs. `first` is whether the session begins here, rather
    than goes on from another file.
    """

    program: str
    fingerprint: str
    mode: str
    began: datetime
    about: About
    notes: tuple[str, ...] = ()
    first: bool = True


class TapeMark(Struct, frozen=True):
    """What stands before a frame: its number in the file, when it begins (microseconds since 1970), and by which
    version it is written. With a `head` a session begins, or goes on from another file.
    """

    format: int
    messages: int
    frame: int
    at: int
    head: Head | None = None


class _Versions(Struct):
    format: int
    messages: int


class FramePlace(Struct, frozen=True):
    """Where a frame lies in the file: from the byte behind its mark to the next mark."""

    mark: TapeMark
    begins: int
    ends: int


class NoTape(Exception):
    """Why a file is no tape that can be read, as a sentence."""


def mark_bytes(mark: TapeMark) -> bytes:
    """A mark as it stands in the file."""
    body = msgspec.msgpack.encode(mark, enc_hook=dict)
    content = _SIGN + _SUM.pack(zlib.crc32(body)) + body
    return _SKIP.pack(_SKIPPED, len(content)) + content


class FrameWriter:
    """The bytes of one frame, as messages come."""

    def __init__(self) -> None:
        import zstandard  # 3 MB and 10 ms, which who records or replays needs, and a first paint does not

        made = zstandard.ZstdCompressor(level=_LEVEL, write_checksum=True)
        self._compressor = made.compressobj()
        self.taken = 0
        """Bytes of messages so far."""

    def add(self, told: bytes) -> bytes:
        self.taken += len(told)
        return self._compressor.compress(_HEAD.pack(len(told), zlib.crc32(told)) + told)

    def flush(self) -> bytes:
        """What makes everything that was added readable."""
        from zstandard import COMPRESSOBJ_FLUSH_BLOCK

        return self._compressor.flush(COMPRESSOBJ_FLUSH_BLOCK)

    def end(self) -> bytes:
        from zstandard import COMPRESSOBJ_FLUSH_FINISH

        return self._compressor.flush(COMPRESSOBJ_FLUSH_FINISH)


class Unreadable(Struct, frozen=True):
    """That the rest of a frame cannot be read, and why."""

    why: str


class TapeFile:
    """A tape to be read: where its frames lie, and the messages of each. What is written meanwhile is not seen.

    NoTape where there is no frame of a version that is known; OSError where the file cannot be read.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.places = self._found()
        if not self.places:
            raise _none(path)
        for place in self.places:
            _require_known(path, place.mark)

    def messages(self, place: FramePlace) -> Iterator[bytes | Unreadable]:
        """The messages of a frame; one of which the checksum is wrong ends it, as does what does not unpack.

        One that is cut in the middle of a write is left out.
        """
        unpacked = bytearray()
        for part in self._unpacked(place):
            if isinstance(part, Unreadable):
                yield part
                return
            unpacked += part
            while len(unpacked) >= _HEAD.size:
                length, checksum = _HEAD.unpack_from(unpacked)
                if length > LONGEST:
                    yield Unreadable("a message is said to be longer than any is")
                    return
                if len(unpacked) < _HEAD.size + length:
                    break
                told = bytes(unpacked[_HEAD.size : _HEAD.size + length])
                del unpacked[: _HEAD.size + length]
                if zlib.crc32(told) != checksum:
                    yield Unreadable("a checksum is wrong")
                    return
                yield told

    def _unpacked(self, place: FramePlace) -> Iterator[bytes | Unreadable]:
        """A frame unpacked, few bytes at a time: a kilobyte may become 32 megabytes."""
        import zstandard

        unpacker = zstandard.ZstdDecompressor(max_window_size=_WINDOW).decompressobj()
        with self._path.open("rb") as file:
            file.seek(place.begins)
            packed = file.read(place.ends - place.begins)
        for at in range(0, len(packed), _PART):
            try:
                yield unpacker.decompress(packed[at : at + _PART])
            except zstandard.ZstdError:
                yield Unreadable("it does not unpack")
                return
            if unpacker.eof:
                return

    def _found(self) -> tuple[FramePlace, ...]:
        found: list[tuple[int, int, TapeMark]] = []
        with self._path.open("rb") as file:
            size = file.seek(0, io.SEEK_END)
            for at in _signs(file):
                begins = at - _SKIP.size
                if begins >= 0 and (read := _mark_at(file, begins)) is not None:
                    found.append((begins, *read))
        ends = [*(begins for begins, _, _ in found[1:]), size]
        return tuple(FramePlace(mark, behind, end) for (_, behind, mark), end in zip(found, ends, strict=False))


def head_of(path: Path) -> Head:
    """How the tape was recorded, from its first mark alone; NoTape, or OSError."""
    with path.open("rb") as file:
        read = _mark_at(file, 0)
    if read is None:
        return _first_head(TapeFile(path))
    _require_known(path, read[1])
    return read[1].head or _first_head(TapeFile(path))


def _first_head(tape: TapeFile) -> Head:
    heads = (place.mark.head for place in tape.places if place.mark.head is not None)
    if (head := next(heads, None)) is None:
        raise NoTape("the tape has lost its beginning, which says what it is about")
    return head


def _none(path: Path) -> NoTape:
    return NoTape(f"{path} is empty" if path.stat().st_size == 0 else f"{path} is no tape of rotation-tui")


def _require_known(path: Path, mark: TapeMark) -> None:
    if mark.format > FORMAT or mark.messages > message.VERSION:
        raise NoTape(
            f"{path} was recorded by a newer rotation-tui: it is of format {mark.format}.{mark.messages}, and "
            f"{FORMAT}.{message.VERSION} is the newest that can be read here"
        )


def _signs(file: io.BufferedReader) -> Iterator[int]:
    """Where the sign of a mark stands."""
    read, kept = 0, b""
    while True:
        file.seek(read)
        block = file.read(_SCANNED)
        if not block:
            return
        window, start, at = kept + block, read - len(kept), -1
        while (at := window.find(_SIGN, at + 1)) >= 0:
            yield start + at
        kept = window[1 - len(_SIGN) :]
        read += len(block)


def _mark_at(file: io.BufferedReader, begins: int) -> tuple[int, TapeMark] | None:
    """The mark there, and the byte behind it; None where it is none."""
    file.seek(begins)
    head = file.read(_SKIP.size)
    if len(head) < _SKIP.size:
        return None
    magic, length = _SKIP.unpack(head)
    if magic != _SKIPPED or length > _MOST_MARK:
        return None
    content = file.read(length)
    body = content[len(_SIGN) + _SUM.size :]
    if len(content) < length or _SUM.pack(zlib.crc32(body)) != content[len(_SIGN) : len(_SIGN) + _SUM.size]:
        return None
    behind = begins + _SKIP.size + length
    try:
        return behind, msgspec.msgpack.decode(body, type=TapeMark)
    except (msgspec.MsgspecError, ValueError):
        pass
    try:  # of a later version nothing but this is known
        versions = msgspec.msgpack.decode(body, type=_Versions)
    except (msgspec.MsgspecError, ValueError):
        return None
    return behind, TapeMark(versions.format, versions.messages, 0, 0)
