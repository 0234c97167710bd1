"""What a status of HTTP says about us, the same at both doors to the network."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from rotation_tui.providers import decode
from rotation_tui.providers.base import BadReply, ProviderFault, RateLimited, Refused, ServerFault, UnknownSymbol
from rotation_tui.providers.budget import Budget


async def refusal(
    host: str, status: int, retry_after: str | None, body: bytes, budget: Budget, *, absent: bool = False
) -> ProviderFault | None:
    """The fault that an answer is by its status, None where the status is none.

    A refusal that is about us is a strike. `absent` is whether the source says that it does not have what was
    asked for, `retry_after` the header of that name.
    """
    asked = _seconds_asked(retry_after, datetime.now(UTC))
    if status == 429 or decode.is_too_many(body):
        said = f"{host} says too many requests (HTTP {status})"
        return RateLimited(said, pause_s=await budget.strike(said, asked), body=body)
    if absent:
        return UnknownSymbol(f"{host} does not know this (HTTP {status})", body=body)
    if status in (401, 403):
        said = f"{host} refuses us (HTTP {status}): {decode.excerpt(body)}"
        return Refused(said, pause_s=await budget.strike(said, asked), body=body)
    if status == 404:
        said = f"{host} says that nothing is there (HTTP 404), as it does when it turns us away"
        return BadReply(said, pause_s=await budget.strike(said, asked), body=body, whole=True)
    if status >= 500:  # 999 is Yahoo's edge in trouble
        said = f"{host} is in trouble (HTTP {status})"
        pause_s = None if asked is None else await budget.pause(asked, said)
        return ServerFault(said, pause_s=pause_s, body=body)
    return None


def _seconds_asked(retry_after: str | None, now: datetime) -> float | None:
    """Seconds from a Retry-After header (seconds or an HTTP date), None where it names no time ahead."""
    if retry_after is None:
        return None
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        return float(text[:9]) or None
    try:
        moment = parsedate_to_datetime(text)
        seconds = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() - now.timestamp()
    except (ValueError, OverflowError, OSError, TypeError, AttributeError, IndexError):
        return None  # a year, hour or zone that no calendar has
    return seconds if seconds > 0 else None
