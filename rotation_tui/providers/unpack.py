"""Bodies as they come off the wire: one layer of packing is taken off, and never more comes out than may."""

import zlib

from rotation_tui.providers.base import BadReply

ACCEPTED = "gzip, deflate"
"""The packings that are asked for."""

_GZIP, _ZLIB, _BARE = 31, 15, -15  # zlib's words for what is around the data


class Body:
    """Collects a body of at most `most` bytes, counted while it is unpacked and before as well.

    `encoding` is the Content-Encoding header. A body that was packed twice is refused: no source does that,
    and each layer multiplies by a thousand what a few bytes can become.
    """

    def __init__(self, encoding: str, most: int) -> None:
        self._most = most
        self._came = 0
        self._body = bytearray()
        layers = [name for word in encoding.lower().split(",") if (name := word.strip()) not in ("", "identity")]
        if len(layers) > 1:
            raise BadReply(f"the body is packed {len(layers)} times over", whole=True)
        if layers and layers[0] not in ("gzip", "x-gzip", "deflate"):
            raise BadReply("the body is packed in a way that was not asked for", whole=True)
        self._bare_possible = layers == ["deflate"]
        self._unpacker = zlib.decompressobj(_ZLIB if self._bare_possible else _GZIP) if layers else None

    def take(self, chunk: bytes) -> None:
        """Add what came; BadReply where it is too much or cannot be unpacked."""
        self._came += len(chunk)
        if self._came > self._most:
            raise self._too_large()
        if self._unpacker is None:
            self._body += chunk
            return
        try:
            self._unpack(self._unpacker, chunk)
        except zlib.error as error:
            if not self._bare_possible or self._came > len(chunk):
                raise BadReply(f"body cannot be unpacked: {error}") from error
            self._bare_possible = False  # some servers leave the frame away that "deflate" has
            self._unpacker = zlib.decompressobj(_BARE)
            self._came = 0
            self.take(chunk)

    def whole(self) -> bytes:
        """The body; BadReply where the packing says that there is more to come."""
        if self._unpacker is not None and self._came and not self._unpacker.eof:
            raise BadReply("body cannot be unpacked: it is cut off")
        return bytes(self._body)

    def _unpack(self, unpacker: "zlib._Decompress", packed: bytes) -> None:
        while packed and not unpacker.eof:
            self._body += unpacker.decompress(packed, self._most - len(self._body) + 1)
            if len(self._body) > self._most:
                raise self._too_large()
            packed = unpacker.unconsumed_tail

    def _too_large(self) -> BadReply:
        size = f"{self._most // 1024**2} MiB" if self._most >= 1024**2 else f"{self._most // 1024} KiB"
        return BadReply(f"body is larger than {size}")
