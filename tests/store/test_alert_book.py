"""The book of alerts: each told once, whoever runs beside, and whatever ends a program in between."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import filelock
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rotation_tui.domain.alert import Delivery, Firing, RuleState
from rotation_tui.store import alert_book
from rotation_tui.store.alert_book import AlertBook, Book, BookBusy, MemoryBook, new_number

NOW = datetime(2026, 6, 22, 15, tzinfo=UTC)
REST = timedelta(minutes=5)


def firing(alert: str = "a", at: datetime = NOW, to: tuple[str, ...] = ("screen", "phone")) -> Firing:
    return Firing(new_number(), alert, at, "RUT.last 3.00", to=to)


def state(at: datetime | None = NOW, *, armed: bool = False, last: str | None = None) -> RuleState:
    return RuleState("RUT > 1", armed, last, at)


def another(folder: Path) -> AlertBook:
    """The book as another program has it open: it takes that number for its own."""
    book = AlertBook(folder)
    book._me = (1, "other")
    return book


def fired(book: AlertBook, alert: str = "a", at: datetime = NOW, to: tuple[str, ...] = ("screen", "phone")) -> bool:
    return bool(book.note({}, [(firing(alert, at, to), state(at), REST)])[1])


def ways(book: AlertBook, channel: str = "phone") -> list[Delivery]:
    return [told.ways[channel].state for told in book.read().told]


def test_what_one_monitor_has_told_no_other_tells_again(tmp_path: Path) -> None:
    ours, theirs = AlertBook(tmp_path), another(tmp_path)
    assert fired(ours)
    states, told = theirs.note({}, [(firing(at=NOW + timedelta(seconds=3)), state(NOW + timedelta(seconds=3)), REST)])
    assert told == ()
    assert states == {"a": state()}, "it goes on from what was told"
    assert len(ours.read().told) == 1


def test_what_was_over_is_told_again_after_its_rest(tmp_path: Path) -> None:
    book, later = AlertBook(tmp_path), NOW + timedelta(minutes=10)
    assert fired(book)
    assert not fired(book, at=later), "it holds since then"
    book.note({"a": state(armed=True)})
    assert not fired(book, at=NOW + timedelta(minutes=1)), "it rests"
    assert fired(book, at=later)


def test_a_step_is_told_once_and_the_next_one_again(tmp_path: Path) -> None:
    book, later = AlertBook(tmp_path), NOW + timedelta(hours=1)
    first, again = state(armed=True, last="ALERT"), state(later, armed=True, last="ALERT")
    assert book.note({}, [(firing(), first, REST)])[1]
    assert not book.note({}, [(firing(at=later), again, REST)])[1], "another monitor was late to see it"
    book.note({"a": state(armed=True, last="OK")})
    assert book.note({}, [(firing(at=later), again, REST)])[1]


def test_a_monitor_that_lags_takes_back_nothing_that_was_told(tmp_path: Path) -> None:
    ours, theirs = AlertBook(tmp_path), another(tmp_path)
    fired(ours)
    states, _ = theirs.note({"a": state(None, armed=True)})
    assert states == {"a": state()}
    assert ours.read().rules == {"a": state()}


def test_a_firing_goes_out_by_each_channel_once(tmp_path: Path) -> None:
    ours, theirs = AlertBook(tmp_path), another(tmp_path)
    fired(ours)
    (errand,) = ours.claim("phone", NOW, 10)
    theirs._alive = lambda *_: True
    assert theirs.claim("phone", NOW, 10) == []
    assert [one.channel for one in theirs.claim("screen", NOW, 10)] == ["screen"], "channels do not wait for each other"
    ours.settle(errand, Delivery.SENT)
    assert ours.claim("phone", NOW, 10) == []
    assert ways(ours) == [Delivery.SENT]


def test_killed_before_it_was_claimed_the_next_program_sends_it_and_killed_after_it_nobody_does(tmp_path: Path) -> None:
    killed, following = another(tmp_path), AlertBook(tmp_path, alive=lambda *_: False)
    fired(killed)
    assert [one.firing.alert for one in following.claim("phone", NOW, 10)] == ["a"]
    fired(killed, "b")
    assert [one.firing.alert for one in killed.claim("phone", NOW, 10)] == ["b"]
    assert following.claim("phone", NOW, 10) == []
    assert ways(following) == [Delivery.CLAIMED, Delivery.LOST]
    assert "not known" in following.read().told[1].ways["phone"].why
    assert len(following.take_said()) == 1


def test_a_claim_of_a_program_that_runs_is_left_to_it_until_no_channel_could_take_so_long(tmp_path: Path) -> None:
    theirs, ours = another(tmp_path), AlertBook(tmp_path, alive=lambda *_: True)
    fired(theirs)
    theirs.claim("phone", NOW, 10)
    ours.claim("phone", NOW + timedelta(minutes=9), 10)
    assert ways(ours) == [Delivery.CLAIMED]
    ours.claim("phone", NOW + timedelta(minutes=11), 10)
    assert ways(ours) == [Delivery.LOST]


def test_what_failed_is_tried_again_at_its_time(tmp_path: Path) -> None:
    book = AlertBook(tmp_path)
    fired(book)
    (errand,) = book.claim("phone", NOW, 10)
    book.settle(errand, Delivery.FIRED, "HTTP 500", NOW + timedelta(minutes=1))
    assert book.claim("phone", NOW, 10) == []
    (again,) = book.claim("phone", NOW + timedelta(minutes=1), 10)
    assert again.tries == 2
    book.settle(again, Delivery.FIRED, "HTTP 500", NOW + timedelta(minutes=3))
    assert book.claim("phone", NOW - timedelta(hours=3), 10), "a clock that was put back holds nothing up"


def test_a_hundred_at_once_keep_to_what_a_channel_may_take_in_an_hour() -> None:
    book = MemoryBook()
    book.note({}, [(firing(f"a{n}"), state(), REST) for n in range(100)])
    first = book.claim("phone", NOW, 40, 60)
    second = book.claim("phone", NOW, 40, 60)
    assert (len(first), len(second), len(book.claim("phone", NOW, 40, 60))) == (40, 20, 0)
    for errand in (*first, *second):
        book.settle(errand, Delivery.SENT)
    assert len(book.claim("phone", NOW + timedelta(minutes=61), 40, 60)) == 40


def test_a_rule_that_is_told_once_is_not_told_by_another_monitor(tmp_path: Path) -> None:
    book = AlertBook(tmp_path)
    spent = RuleState("RUT > 1", armed=False, fired_at=NOW, spent=True)
    assert book.note({}, [(firing(), spent, timedelta())])[1]
    later = RuleState("RUT > 1", armed=False, fired_at=NOW + timedelta(days=1), spent=True)
    assert not another(tmp_path).note({}, [(firing(), later, timedelta())])[1]


def test_the_book_stays_small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alert_book, "MOST_FIRINGS", 20)
    book = MemoryBook()
    book.note({}, [(firing(f"a{n}", to=("screen",)), state(), REST) for n in range(alert_book.MOST_FIRINGS + 50)])
    assert len(book.read().told) == alert_book.MOST_FIRINGS + 50, "what waits is not forgotten"
    for errand in book.claim("screen", NOW, 1000):
        book.settle(errand, Delivery.SENT)
    fired(book, "one more")
    assert len(book.read().told) == alert_book.MOST_FIRINGS


def test_a_book_that_cannot_be_read_is_set_aside_and_told(tmp_path: Path) -> None:
    (tmp_path / alert_book.NAME).write_text("{")
    book = AlertBook(tmp_path)
    assert book.read() == Book()
    assert len(book.take_said()) == 1
    assert book.take_said() == []


def test_where_the_disk_refuses_alerts_are_told_from_memory_and_that_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(alert_book, "keep", full)
    book = AlertBook(tmp_path)
    assert fired(book)
    assert not fired(book)
    assert book.moved()
    assert len(book.claim("phone", NOW, 10)) == 1
    assert book.take_said() == [
        "the book of alerts cannot be kept (No space left on device): after a restart they are told again"
    ]


def test_a_lock_that_another_holds_is_told_as_busy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alert_book, "_LOCK_S", 0.01)
    with filelock.FileLock(tmp_path / f"{alert_book.NAME}.lock"), pytest.raises(BookBusy):
        fired(AlertBook(tmp_path))


def test_whoever_looks_sees_that_it_moved(tmp_path: Path) -> None:
    ours, theirs = AlertBook(tmp_path), another(tmp_path)
    ours.moved()
    assert not ours.moved()
    fired(theirs)
    assert ours.moved()
    assert not ours.moved()


def test_the_program_itself_runs_and_one_of_another_start_does_not() -> None:
    pid, started = AlertBook(Path())._me
    assert alert_book._runs(pid, started)
    assert not alert_book._runs(pid, "1")


def test_a_book_in_memory_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    book = MemoryBook()
    assert fired(book)
    assert book.moved()
    assert len(book.claim("phone", NOW, 10)) == 1
    assert list(tmp_path.iterdir()) == []


STEPS = st.lists(st.tuples(st.integers(0, 1), st.sampled_from(["fire", "over", "claim", "sent", "kill"])), max_size=25)


@settings(max_examples=60, deadline=None)
@given(STEPS)
def test_whatever_two_programs_do_nothing_is_sent_twice(steps: list[tuple[int, str]]) -> None:
    """The two share one book; `kill` is a program that ends with what it has claimed."""
    shared = MemoryBook()
    sent: list[str] = []
    held: dict[int, list[alert_book.Errand]] = {0: [], 1: []}
    lives = {0: "first", 1: "first"}
    shared._alive = lambda pid, started: lives.get(pid) == started
    for number, (who, what) in enumerate(steps):
        now = NOW + timedelta(minutes=10 * number)
        shared._me = who, lives[who]
        if what == "fire":
            fired(shared, at=now, to=("phone",))
        elif what == "over":
            shared.note({"a": RuleState("RUT > 1", True, None, shared.read().rules.get("a", RuleState()).fired_at)})
        elif what == "claim":
            held[who] += shared.claim("phone", NOW, 10)
        elif what == "sent":
            for errand in held[who]:
                sent.append(errand.firing.id)
                shared.settle(errand, Delivery.SENT)
            held[who] = []
        else:
            held[who], lives[who] = [], f"start {number}"
    assert len(sent) == len(set(sent))
