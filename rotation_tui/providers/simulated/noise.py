"""Random numbers that are a function of their name: the same on every machine, in every order of asking."""

import hashlib
import math
import struct
from itertools import accumulate

TICKS = 8192
"""Steps of a session: about three seconds each; a power of two, because the bridge halves it."""

_DEPTH_SD = {TICKS >> level: 0.5 * math.sqrt(1 / (1 << level)) for level in range(14)}


def noises(n: int, *name: object) -> list[float]:
    """`n` values of mean 0 and standard deviation 1, never beyond 3.

    Each is the sum of three even ones, which is close to normal, cheap, and bounds every daily move.
    """
    raw = struct.unpack(f"<{3 * n}H", hashlib.shake_128(_key(name)).digest(6 * n))
    return [(a + b + c - 98302.5) / 32768 for a, b, c in zip(raw[::3], raw[1::3], raw[2::3], strict=True)]


def noise(*name: object) -> float:
    """One such value."""
    return noises(1, *name)[0]


def session_bridge(tick: int, *name: object) -> float:
    """Brownian bridge over a session at `tick` of TICKS: 0 at both ends, standard deviation 0.5 at midday.

    Halves the interval until it meets the tick, so that no other tick has to be computed.
    """
    if not 0 < tick < TICKS:
        return 0.0
    key = _key(name)
    low, high, at_low, at_high = 0, TICKS, 0.0, 0.0
    while True:
        middle = (low + high) // 2
        digest = hashlib.blake2b(key + middle.to_bytes(2, "little"), digest_size=6).digest()
        a, b, c = struct.unpack("<3H", digest)
        value: float = (at_low + at_high) / 2 + _DEPTH_SD[high - low] * (a + b + c - 98302.5) / 32768
        if middle == tick:
            return value
        if tick < middle:
            high, at_high = middle, value
        else:
            low, at_low = middle, value


def tied(start: float, target: float, moves: list[float], weights: list[float]) -> list[float]:
    """Path from `start` (left out) to exactly `target`: `moves` plus a share of the gap by `weights`."""
    if not moves:
        return []
    # fsum, because sum adds differently from Python 3.12 on
    share = (target - start - math.fsum(moves)) / math.fsum(weights)
    steps = (move + share * weight for move, weight in zip(moves, weights, strict=True))
    path = list(accumulate(steps, initial=start))[1:]
    path[-1] = target
    return path


def _key(name: tuple[object, ...]) -> bytes:
    return "|".join(map(str, name)).encode()
