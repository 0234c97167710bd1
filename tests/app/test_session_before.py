"""Where nobody has looked before, boards are compared with that of the session before the one they show."""

from collections.abc import Collection
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace

from rotation_tui.app import session_before
from rotation_tui.app.past import PastBoard
from rotation_tui.app.scene import Wish
from rotation_tui.app.session_before import SessionBefore
from rotation_tui.app.setup import Run, prepare
from rotation_tui.board.contract import Loading, Mode
from rotation_tui.board.since import look_of
from rotation_tui.config.schema import Config, FeedSettings, Loaded
from rotation_tui.store.last_look import NAME
from rotation_tui.workers.desk import PAPERS
from rotation_tui.workers.studying import NotStudied
from tests.boards import FULL

LOADED = Loaded(Config(feeds=(FeedSettings(provider="csv_file", path="none.csv"),)), None)
DEMO = Wish(demo_seed=7, demo_speed=None)
WHOLE = replace(FULL, mode=Mode.DEMO)


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    return tmp_path / "rotation-tui"


@pytest.fixture
def run(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """A demo all of whose feeds have told what they can, but those of holdings; the board of any past day is FULL."""
    del folder
    made = prepare(LOADED, DEMO)

    def fed(but: Collection[str] = ()) -> bool:
        return but == PAPERS

    async def past_board(*_: object) -> PastBoard:
        return replace(FULL, mode=Mode.AS_OF), {}

    monkeypatch.setattr(made.desk, "fed", fed)
    monkeypatch.setattr(session_before, "past_board", past_board)
    return made


async def test_a_board_is_compared_once_a_session(run: Run) -> None:
    before = SessionBefore(run)
    assert before.is_due(WHOLE)
    await before.compare()
    look = run.scope.before
    assert look is not None
    assert (look.session, look.at) == (date(2025, 12, 29), datetime(2025, 12, 29, 21, tzinfo=UTC))
    assert look.checks == look_of(FULL).checks
    assert not before.is_due(WHOLE)
    run.scope = replace(run.scope, before=replace(look, session=date(2025, 12, 26)))
    assert before.is_due(WHOLE), "another session is shown since"


async def test_what_the_user_has_seen_goes_before(run: Run) -> None:
    before = SessionBefore(run)
    run.scope = replace(run.scope, before=look_of(FULL))
    assert not before.is_due(WHOLE)
    await before.compare()
    assert run.scope.before == look_of(FULL)


def test_a_board_that_is_not_whole_or_of_now_waits(run: Run) -> None:
    before = SessionBefore(run)
    assert not before.is_due(replace(WHOLE, loading=Loading(1, 2, ())))
    assert not before.is_due(replace(WHOLE, mode=Mode.AS_OF))
    assert not before.is_due(replace(WHOLE, mode=Mode.REPLAY))


async def test_a_board_that_cannot_be_made_is_told_and_tried_again(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    before = SessionBefore(run)

    async def fails(*_: object) -> PastBoard:
        raise NotStudied("the process of the studies has ended")

    with monkeypatch.context() as patched:
        patched.setattr(session_before, "past_board", fails)
        await before.compare()
    assert run.scope.before is None
    assert "no board of 2025-12-29 to compare with" in run.store.snapshot().events[-1].text
    assert not before.is_due(WHOLE), "not at once"
    monkeypatch.setattr("time.monotonic", lambda: float("inf"))
    assert before.is_due(WHOLE)
    await before.compare()
    assert run.scope.before is not None


async def test_what_was_made_by_another_config_is_dropped(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    before = SessionBefore(run)

    async def meanwhile(*_: object) -> PastBoard:
        run.config = replace(run.config)
        return FULL, {}

    with monkeypatch.context() as patched:
        patched.setattr(session_before, "past_board", meanwhile)
        await before.compare()
    assert run.scope.before is None
    assert before.is_due(WHOLE)


async def test_of_a_servers_board_nothing_is_compared_that_rests_on_limits(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Run, "is_told", property(lambda _: True))
    await SessionBefore(run).compare()
    look = run.scope.before
    assert look is not None
    assert (look.groups, look.checks, look.findings) == ({}, {}, {})
    assert look.ranks == look_of(FULL).ranks


@pytest.mark.whole
async def test_a_demo_is_compared_with_its_session_before_and_keeps_nothing(folder: Path) -> None:
    run = prepare(LOADED, DEMO)
    await run.desk.open()
    try:
        await run.settled(60)
        before = SessionBefore(run)
        assert before.is_due(run.board())
        await before.compare()
        since = run.board().since
        assert since is not None
        assert (since.at, since.why) == (datetime(2025, 12, 29, 21, tzinfo=UTC), None)
        unknown_then = {"group", "claim"}  # members are unknown of a past day
        assert not unknown_then & {change.kind for change in since.changes}
        assert not unknown_then & set(since.compared)
        assert {"who leads", "regime", "record"} <= set(since.compared)
        assert ("Regional banks", "5", "2") in [(change.what, change.was, change.now) for change in since.changes]
    finally:
        await run.desk.close()
    assert not (folder / NAME).exists()
