"""Messages on their way: pressed where that is worth it, and never unpacked into more than they may be."""

from typing import Final

LARGEST: Final = 256 * 1024 * 1024
_WORTH_IT: Final = 2_000
_PLAIN, _PRESSED = b"p", b"z"


def packed(message: bytes) -> bytes:
    """A message with what tells how it is packed before it."""
    if len(message) < _WORTH_IT:
        return _PLAIN + message
    import zstandard

    return _PRESSED + zstandard.ZstdCompressor(level=1).compress(message)


def unpacked(given: bytes) -> bytes:
    """That message again; ValueError where it is none of ours, or too large."""
    kind, rest = given[:1], given[1:]
    if kind == _PLAIN:
        return rest
    if kind != _PRESSED:
        raise ValueError("it is packed in a way that nobody here knows")
    import zstandard

    try:
        size = zstandard.frame_content_size(rest)
        if not 0 <= size <= LARGEST:
            raise ValueError(f"it would unpack into more than {LARGEST // 1_048_576} MB")
        return zstandard.ZstdDecompressor().decompress(rest, max_output_size=LARGEST)
    except zstandard.ZstdError as fault:
        raise ValueError(f"it cannot be unpacked: {fault}") from None
