"""What a run makes of a pair that was typed, of a day that was asked for and of the user's own time."""

import time
from datetime import UTC, date, datetime

import pytest
from msgspec.structs import replace

from rotation_tui.app.scene import NOT_OVER, Wish, set_scene
from rotation_tui.app.setup import MOST_KEPT, Run, prepare
from rotation_tui.app.viewer import Viewer
from rotation_tui.config.schema import Config, Loaded
from rotation_tui.domain.clock import SystemClock
from rotation_tui.domain.minutes import Glance
from rotation_tui.domain.session import nyse
from rotation_tui.screens.view import View
from tests.workers.fakes import until


@pytest.fixture
def run() -> Run:
    return prepare(Loaded(Config(), None), Wish(demo_seed=7, demo_speed=None))


@pytest.mark.parametrize(
    ("typed", "why_not"),
    [
        ("IWM/IJR", None),
        ("iwm - ijr", None),
        ("RVX/VIX", None),
        ("aapl/msft", None),
        ("BRK-B/SPY", None),
        ("IWM/", "is no pair"),
        ("", "is no pair"),
        ("IWM/IWM", "is no pair"),
        ("IWM/$(reboot)", "is no symbol"),
        ("IWM/A,B", "is no symbol"),
        ("RUT/VIX", "different units"),
    ],
)
def test_a_typed_pair_is_followed_or_refused_in_words(run: Run, typed: str, why_not: str | None) -> None:
    before = run.scope.universe.spreads
    said = run.look(typed)
    assert (said is None) is (why_not is None)
    assert why_not is None or why_not in (said or "")
    assert len(run.scope.universe.spreads) == len(before) + (why_not is None)


def test_a_pair_of_the_board_that_is_typed_is_gone_to(run: Run) -> None:
    before = run.scope.universe
    assert run.look("rut/spx") is None
    assert (run.seen_last, run.scope.universe) == ("RUT-SPX", before)


@pytest.mark.parametrize(
    ("typed", "symbol"), [("aapl", "AAPL"), (" brk-b ", "BRK-B"), ("^gspc", "SPX"), ("xlf", "XLF")]
)
def test_a_typed_symbol_is_looked_at_and_is_no_ticker_of_the_board(run: Run, typed: str, symbol: str) -> None:
    tickers, own = run.scope.universe.tickers, {i.symbol for i in run.scope.universe.instruments}
    assert run.look(typed) is None
    assert run.scope.looked == (symbol,) == (run.seen_last,)
    assert run.scope.universe.tickers == tickers
    assert {i.symbol for i in run.scope.universe.visitors} == {symbol} - own
    board = run.board()
    assert [row.symbol for row in board.looked] == [symbol]
    assert board.loading is None or symbol in own or symbol not in board.loading.symbols


def test_what_is_looked_at_goes_when_one_looks_away_unless_it_is_kept(run: Run) -> None:
    run.look("AAPL")
    run.look("MSFT")
    assert [row.id for row in run.board().looked] == ["MSFT"]
    assert run.keep("MSFT")
    assert not run.keep("MSFT"), "once"
    run.look("NVDA")
    assert [row.id for row in run.board().looked] == ["MSFT", "NVDA"]
    run.look_away()
    assert [i.symbol for i in run.scope.universe.visitors] == ["MSFT"]
    assert run.let_go("MSFT")
    assert not run.let_go("MSFT")
    assert [*run.board().looked, *run.kept, *run.scope.universe.visitors] == []


def test_what_was_kept_is_there_after_a_restart(run: Run) -> None:
    run.resume(("AAPL-MSFT", "BRK-B/SPY"), ("BRK-B", "NVDA"), {})
    assert [s.id for s in run.scope.universe.spreads[-2:]] == ["AAPL-MSFT", "BRK-B/SPY"]
    assert run.scope.looked == run.kept == ("BRK-B", "NVDA")


def test_so_many_are_kept_and_no_more(run: Run) -> None:
    for n in range(MOST_KEPT):
        run.look(f"S{n}")
        run.keep(f"S{n}")
    assert "kept already" in (run.look("ONEMORE") or "")
    assert run.look("S3") is None, "it is there"
    assert len(run.scope.looked) == MOST_KEPT


def test_what_no_feed_offers_is_said_to_be_offered_by_none() -> None:
    assert "none of the feeds offers a history of AAPL" in (
        prepare(Loaded(Config(feeds=()), None), Wish()).look("AAPL") or ""
    )


@pytest.mark.whole
async def test_a_pair_that_is_typed_has_prices_of_now_though_only_checks_read_its_symbols(run: Run) -> None:
    quoted = {i.symbol for i in run.scope.universe.instruments}
    leg = next(i.symbol for i in run.scope.universe.background if i.symbol not in quoted)
    await run.desk.open()
    try:
        await until(lambda: "IWM" in run.store.snapshot().quotes)
        assert leg not in run.store.snapshot().quotes
        assert run.look(f"IWM/{leg}") is None
        await until(lambda: leg in run.store.snapshot().quotes)
    finally:
        await run.desk.close()


@pytest.mark.parametrize(
    ("now", "asked", "shown"),
    [
        ("2026-11-30T15:00", "2026-11-30", "2026-11-27"),
        ("2026-11-30T21:30", "2026-11-30", "2026-11-30"),
        ("2026-11-30T04:00", "2026-11-30", "2026-11-27"),
        ("2026-11-29T12:00", "2026-11-29", "2026-11-27"),
        ("2026-11-30T15:00", "2026-11-29", "2026-11-27"),
    ],
)
def test_a_session_that_is_not_over_has_no_board_and_the_one_before_says_so(
    now: str, asked: str, shown: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = datetime.fromisoformat(now).replace(tzinfo=UTC)
    monkeypatch.setattr(SystemClock, "now", lambda _: moment)
    scene = set_scene(Loaded(Config(), None), Wish(as_of=date.fromisoformat(asked)))
    assert str(scene.as_of) == shown
    told = [note for note in scene.board().notes if NOT_OVER in note]
    running = asked == "2026-11-30" != shown
    assert told == ([f"the session of {asked} is not over; this is the board of {shown}"] if running else [])


def test_local_times_follow_the_rule_of_their_own_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    try:
        viewer = Viewer(set_scene(Loaded(Config(), None), Wish()), View(zone="local"), ascii_only=False)
        close = nyse().close_at(date(2026, 10, 23)).astimezone(viewer.zone)
        assert f"{close:%H:%M %Z}" == "22:00 CEST"
        assert f"{nyse().close_at(date(2026, 11, 2)).astimezone(viewer.zone):%H:%M %Z}" == "22:00 CET"
    finally:
        monkeypatch.undo()
        time.tzset()


@pytest.mark.whole
async def test_no_machine_is_too_slow_for_the_board_of_the_demo(run: Run) -> None:
    """The simulated market cannot hang, so its board never depends on how long it took."""
    await run.desk.open()
    try:
        assert await run.settled(0.0)
        assert run.desk.settled()
    finally:
        await run.desk.close()


class Desk:
    """A desk whose feeds never answer, and whose studies take `looks` looks at them."""

    def __init__(self, looks: int) -> None:
        self.looks = looks

    def settled(self) -> bool:
        return False

    def studied(self) -> bool:
        self.looks -= 1
        return self.looks < 0


@pytest.mark.parametrize("looks", [0, 1, 5])
async def test_what_the_feeds_gave_in_time_is_worked_out_after_it(looks: int) -> None:
    live = prepare(Loaded(Config(feeds=()), None), Wish())
    desk = Desk(looks)
    live.desk = desk  # type: ignore[assignment]
    assert not await live.settled(0.0)
    assert desk.looks == -1, "it waited for the studies and no longer"


def test_minutes_are_asked_for_while_a_chart_of_them_is_in_sight(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[Glance, ...]] = []
    monkeypatch.setattr(run.desk, "look_at", asked.append)
    viewer = Viewer(run, View(screen="charts", settings={"frame": "1D"}), ascii_only=False)

    def seen(view: View, past: date | None = None) -> tuple[Glance, ...]:
        viewer.view = view
        viewer.past = past
        viewer.draw(120, 40)
        return asked[-1]

    inside = viewer.view
    assert seen(inside) == (Glance("RUT", 1), Glance("SPX", 1))
    assert seen(inside.with_selected("symbols", "IWM")) == (Glance("IWM", 1),)
    assert seen(inside.with_setting("frame", "5D")) == (Glance("RUT", 5), Glance("SPX", 5))
    assert seen(inside.with_setting("frame", "1Y")) == ()
    assert seen(replace(inside, screen="risk")) == ()
    assert seen(inside, past=date(2025, 12, 1)) == ()
