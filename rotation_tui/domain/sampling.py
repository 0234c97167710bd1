"""Which members of a fund stand for all of them where asking for each would be too many requests."""

import hashlib
import math
from collections.abc import Iterable, Sequence

from rotation_tui.domain.holdings import Member

SAMPLE = 200
"""House default of the members that are asked for: ten requests where a source tells twenty at once."""
_LAYERS = 3


def sample(members: Sequence[Member], size: int = SAMPLE) -> tuple[Member, ...]:
    """At most `size` members, largest first: of each third by weight and each sector as many as its share of all.

    Within these the digest of the ticker decides, which has nothing to do with what a share does: the same members
    give the same sample on every day and machine. What the rounding leaves goes to the largest remainders.
    """
    ranked = sorted(members, key=lambda member: (-member.weight, member.ticker))
    if len(ranked) <= size:
        return tuple(ranked)
    strata: dict[tuple[int, str], list[Member]] = {}
    for place, member in enumerate(ranked):
        strata.setdefault((_LAYERS * place // len(ranked), member.sector), []).append(member)
    shares = {key: divmod(size * len(among), len(ranked)) for key, among in strata.items()}
    left = size - sum(whole for whole, _ in shares.values())
    extra = set(sorted(shares, key=lambda key: (-shares[key][1], key))[:left])
    drawn = {
        member.ticker
        for key, among in strata.items()
        for member in sorted(among, key=_lot)[: shares[key][0] + (key in extra)]
    }
    return tuple(member for member in ranked if member.ticker in drawn)


def _lot(member: Member) -> bytes:
    return hashlib.sha256(member.ticker.encode()).digest()


def share_error(pct: float, known: int, among: int) -> float:
    """Standard error in percentage points of a share of `pct` percent of `known` out of `among` members.

    100 sqrt(p (1 - p) / n) sqrt(1 - n / N): nothing where all are known.
    """
    p = pct / 100
    return 100 * math.sqrt(max(0.0, p * (1 - p)) / known) * _finite(known, among)


def mean_error(deviation: float, known: int, among: int) -> float:
    """Standard error of a mean, in the unit of the standard deviation between members."""
    return deviation / math.sqrt(known) * _finite(known, among)


def _finite(known: int, among: int) -> float:
    return math.sqrt(max(0.0, 1 - known / among))


def other_spellings(tickers: Iterable[str]) -> dict[str, str]:
    """By another spelling the ticker of a fund whose last letter may be a class of shares: BRK-B for BRKB."""
    return {f"{ticker[:-1]}-{ticker[-1]}": ticker for ticker in tickers if len(ticker) > 2 and ticker.isalpha()}
