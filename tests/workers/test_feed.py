"""A feed's standing: what is said of it, when it may be asked, and whether others may leave work to it."""

from datetime import timedelta

import pytest

from rotation_tui.domain.feed import FeedState
from rotation_tui.providers.base import (
    BadReply,
    Misconfigured,
    Passing,
    ProviderFault,
    RateLimited,
    Refused,
    ServerFault,
    Unreachable,
)
from rotation_tui.workers.cadence import Cadence
from rotation_tui.workers.feed import Feed, Job
from tests.workers.fakes import MORNING, FakeProvider

EXACT = Cadence(30, 60, 900, jitter=0.0)
NOW = MORNING


def _feed() -> Feed:
    return Feed("first", FakeProvider(), 0, local=False, asked=True)


def _after(seconds: float) -> object:
    return NOW + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("fault", "whole"),
    [
        (Unreachable("no answer"), True),
        (RateLimited("429"), True),
        (RateLimited("429", pause_s=60), True),
        (BadReply("a web page", pause_s=60), True),
        (Misconfigured("no such file"), True),
        (ServerFault("500"), False),
        (Refused("403"), False),
        (BadReply("not JSON"), False),
    ],
    ids=lambda v: v if isinstance(v, bool) else f"{type(v).__name__}-{v.pause_s}",
)
def test_a_fault_of_the_source_stops_every_job_and_another_only_its_own(fault: ProviderFault, whole: bool) -> None:
    feed = _feed()
    feed.failed(Job.QUOTES, fault, NOW, EXACT)
    assert not feed.able(Job.QUOTES)
    assert feed.able(Job.HISTORY) is not whole
    assert (feed.rests_until(Job.HISTORY, NOW) is None) is not whole
    assert feed.rests_until(Job.QUOTES, NOW) == _after(60 if fault.pause_s else 5)


def test_a_good_answer_ends_the_trouble_of_its_job_only() -> None:
    feed = _feed()
    feed.failed(Job.QUOTES, ServerFault("500"), NOW, EXACT)
    feed.failed(Job.HISTORY, ServerFault("502"), NOW, EXACT)
    feed.answered(Job.QUOTES, NOW + timedelta(seconds=6), {}, ("IWM",))
    assert feed.able(Job.QUOTES)
    assert not feed.able(Job.HISTORY)
    health = feed.health(NOW + timedelta(seconds=6))
    assert (health.state, health.fault) == (FeedState.DEGRADED, "history: 502")


def test_an_answer_that_was_under_way_does_not_end_a_pause() -> None:
    feed = _feed()
    feed.failed(Job.QUOTES, RateLimited("429", pause_s=600), NOW, EXACT)
    feed.answered(Job.HISTORY, NOW + timedelta(seconds=1), {}, ("history of IWM",))
    assert feed.rests_until(Job.HISTORY, NOW + timedelta(seconds=1)) == _after(600)
    assert feed.health(NOW + timedelta(seconds=1)).state is FeedState.DOWN
    feed.answered(Job.HISTORY, NOW + timedelta(seconds=601), {}, ("history of IWM",))
    assert feed.able(Job.QUOTES)


def test_a_pause_is_never_shortened() -> None:
    feed = _feed()
    feed.failed(Job.QUOTES, RateLimited("429", pause_s=600), NOW, EXACT)
    feed.failed(Job.HISTORY, Unreachable("no answer"), NOW, EXACT)
    assert feed.rests_until(Job.QUOTES, NOW) == _after(600)


def test_jobs_that_fail_side_by_side_count_as_one_failure() -> None:
    feed = _feed()
    for job in Job:
        feed.failed(job, Unreachable("no answer"), NOW, EXACT)
    assert feed.rests_until(Job.QUOTES, NOW) == _after(5)
    later = NOW + timedelta(seconds=5)
    assert feed.failed(Job.QUOTES, Unreachable("no answer"), later, EXACT) == _after(15)


@pytest.mark.parametrize("seconds", [61, 3600])
def test_states_in_words(seconds: int) -> None:
    feed = Feed("first", FakeProvider(), 0, local=False)
    assert feed.health(NOW).state is FeedState.OFF
    feed.asked = True
    assert feed.health(NOW).state is FeedState.LATE
    feed.answered(Job.QUOTES, NOW, {}, ("IWM",))
    feed.due = NOW
    assert feed.health(NOW + timedelta(seconds=60)).state is FeedState.LIVE
    assert feed.health(NOW + timedelta(seconds=seconds)).state is FeedState.LATE
    feed.failed(Job.QUOTES, Unreachable("no\x1b[31m answer"), NOW + timedelta(seconds=seconds), EXACT)
    health = feed.health(NOW + timedelta(seconds=seconds))
    assert (health.state, health.fault) == (FeedState.DOWN, "no[31m answer")
    assert health.retry_at == NOW + timedelta(seconds=seconds + 5)
    assert health.last_success == NOW


def test_what_it_lacks_is_named_for_half_an_hour() -> None:
    feed = _feed()
    names = ("A", "B", "C", "D", "E")
    feed.answered(Job.QUOTES, NOW, dict.fromkeys(names[1:], "not carried"), names)
    health = feed.health(NOW)
    assert (health.state, health.fault) == (FeedState.DEGRADED, "gives no B, C, D and 1 more: not carried")
    assert feed.lacks("B", NOW + timedelta(minutes=29))
    assert not feed.lacks("B", NOW + timedelta(minutes=30))
    assert feed.health(NOW + timedelta(minutes=30)).state is FeedState.LIVE


def test_what_nobody_needs_stands_by_once_its_pause_is_over() -> None:
    feed = _feed()
    feed.asked = True
    retry = feed.failed(Job.QUOTES, Unreachable("no answer"), NOW, EXACT)
    assert not feed.would_stand_by(retry - timedelta(seconds=1))
    feed.stand_by(retry - timedelta(seconds=1))
    assert feed.health(NOW).state is FeedState.DOWN
    assert feed.would_stand_by(retry)
    feed.stand_by(retry)
    assert (feed.health(retry).state, feed.health(retry).fault) == (FeedState.OFF, None)


def test_what_nobody_needs_is_not_late_for_it() -> None:
    feed = _feed()
    feed.asked = True
    feed.answered(Job.QUOTES, NOW, {}, ("IWM",))
    feed.due = NOW + timedelta(seconds=30)
    assert not feed.would_stand_by(NOW)
    feed.stand_by(NOW)
    assert feed.health(NOW).state is FeedState.LIVE
    assert feed.would_stand_by(NOW + timedelta(seconds=30))
    feed.stand_by(NOW + timedelta(seconds=30))
    assert feed.health(NOW + timedelta(minutes=5)).state is FeedState.OFF


@pytest.mark.parametrize("asked", [True, False])
@pytest.mark.parametrize("due", [None, -1, 0, 1])
@pytest.mark.parametrize("answered", [True, False])
@pytest.mark.parametrize("paused", [None, -1, 0, 1])
def test_a_feed_that_would_not_stand_by_is_left_as_it_is(
    asked: bool, due: int | None, answered: bool, paused: int | None
) -> None:
    feed = _feed()
    if answered:
        feed.answered(Job.QUOTES, NOW, {}, ("IWM",))
    later = NOW
    if paused is not None:
        later = feed.failed(Job.QUOTES, Unreachable("no answer"), NOW, EXACT) - timedelta(seconds=paused)
    feed.asked, feed.due = asked, None if due is None else later + timedelta(seconds=due)
    before = (feed.asked, feed.due, dict(feed.troubles))
    would = feed.would_stand_by(later)
    feed.stand_by(later)
    assert would == ((feed.asked, feed.due, feed.troubles) != before)


def test_a_clock_that_is_set_back_prolongs_no_pause() -> None:
    feed = _feed()
    feed.failed(Job.QUOTES, ServerFault("500"), NOW, EXACT)
    feed.lacking("IWM", "not carried", NOW + timedelta(minutes=30))
    long_ago = NOW - timedelta(days=90)
    assert feed.rests_until(Job.QUOTES, NOW - timedelta(seconds=30)) is not None
    assert feed.lacks("IWM", NOW - timedelta(seconds=30))
    assert feed.rests_until(Job.QUOTES, long_ago) is None
    assert not feed.lacks("IWM", long_ago)


def test_what_the_sources_own_trouble_held_back_is_asked_for_again_soon() -> None:
    """A connection lost between two requests of a round is no lack of the symbols of the second."""
    feed = Feed("first", FakeProvider(), 0, local=False)
    feed.answered(
        Job.QUOTES, MORNING, {"IWM": Passing("no route to host"), "SPY": "not carried"}, ("IWM", "SPY", "QQQ")
    )
    later = MORNING + timedelta(minutes=2)
    assert feed.lacks("IWM", MORNING)
    assert not feed.lacks("IWM", later)
    assert feed.lacks("SPY", later)
