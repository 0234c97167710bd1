"""One feed's life as seen from outside: is it answering, what is wrong, when is it asked again."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from rotation_tui.domain.feed import FeedHealth, FeedState
from rotation_tui.domain.refusal import plain_text
from rotation_tui.providers.base import Provider, ProviderFault, UnknownSymbol
from rotation_tui.workers.cadence import Cadence

MISSING_FOR = timedelta(minutes=30)
"""How long a symbol that a feed does not give is left to the next feed before it is tried again."""


@dataclass(slots=True)
class Feed:
    """A provider in service, with its standing in the order of failover.

    `local` feeds (files, simulation) cost nothing and are asked for all they offer. `missing` maps a
    symbol or series to why this feed does not give it and until when it is left to others.
    """

    name: str
    provider: Provider
    order: int
    local: bool
    budget_per_hour: int | None = None
    last_success: datetime | None = None
    fault: str | None = None
    failures: int = 0
    retry_at: datetime | None = None
    due: datetime | None = None
    asked: bool = False
    missing: dict[str, tuple[str, datetime]] = field(default_factory=dict)

    def able(self) -> bool:
        """Whether others may leave work to this feed."""
        return self.failures == 0

    def lacks(self, name: str, now: datetime) -> bool:
        """Whether the feed lately said that it does not have `name`."""
        return name in self.missing and self.missing[name][1] > now

    def answered(self, now: datetime, missing: Mapping[str, str], asked: tuple[str, ...]) -> None:
        """A good answer came; `missing` of what was `asked` was not in it."""
        self.last_success, self.fault, self.failures, self.retry_at = now, None, 0, None
        for name in asked:
            if name in missing:
                self.missing[name] = (plain_text(missing[name]), now + MISSING_FOR)
            else:
                self.missing.pop(name, None)

    def failed(self, fault: ProviderFault, now: datetime, cadence: Cadence) -> datetime:
        """No good answer came; returns when to ask again."""
        self.failures += 1
        retry = cadence.after_failure(now, self.failures)
        if fault.pause_s is not None:
            retry = max(retry, now + timedelta(seconds=fault.pause_s * cadence.speed))
        self.fault, self.retry_at = plain_text(str(fault)), retry
        return retry

    def lacking(self, name: str, fault: UnknownSymbol, now: datetime) -> None:
        """The feed answered that it does not have `name`."""
        self.missing[name] = (plain_text(str(fault)), now + MISSING_FOR)

    def health(self, now: datetime) -> FeedHealth:
        """The feed's line on the screen."""
        return FeedHealth(
            self.name, self._state(now), self.last_success, self._words(now), self.retry_at,
            self.provider.requests_last_hour(), self.budget_per_hour,
        )  # fmt: skip

    def _state(self, now: datetime) -> FeedState:
        if self.failures:
            return FeedState.DOWN
        if not self.asked:
            return FeedState.OFF
        if self.last_success is None:
            return FeedState.LATE
        if self.due is not None and now > self.due + timedelta(seconds=60):
            return FeedState.LATE
        return FeedState.DEGRADED if self._lacks_now(now) else FeedState.LIVE

    def _lacks_now(self, now: datetime) -> list[str]:
        return [name for name, (_, until) in self.missing.items() if until > now]

    def _words(self, now: datetime) -> str | None:
        if self.fault is not None:
            return self.fault
        lacks = self._lacks_now(now)
        if not lacks:
            return None
        more = f" and {len(lacks) - 3} more" if len(lacks) > 3 else ""
        return f"gives no {', '.join(lacks[:3])}{more}: {self.missing[lacks[0]][0]}"
