"""What counts as having looked, how long a visit lasts, and what is kept of it."""

from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from rotation_tui.app.fingerprint import fingerprint
from rotation_tui.app.scene import Wish, set_scene
from rotation_tui.app.setup import Run, prepare
from rotation_tui.app.visits import Visits
from rotation_tui.board.contract import Loading
from rotation_tui.board.since import look_of
from rotation_tui.config.schema import Config, FeedSettings, Loaded
from rotation_tui.domain.clock import FixedClock
from rotation_tui.domain.look import Look
from rotation_tui.store.last_look import AWAY, FORMAT, NAME, Visit, keep_visit, read_visit
from tests.boards import FULL, NOW

CONFIG = Config(feeds=(FeedSettings(provider="csv_file", path="none.csv"),))
LOADED = Loaded(CONFIG, None)
PRINT = fingerprint(CONFIG)


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    return tmp_path / "rotation-tui"


class User:
    """A monitor at a moment of their choice, and what they press."""

    def __init__(self, hours: float, wish: Wish = Wish()) -> None:  # noqa: B008
        self.run: Run = prepare(LOADED, wish)
        self.go_to(hours)
        visit = read_visit(self.run.state_folder, PRINT)
        before = None if visit is None else visit.compared_with(self.run.clock.now())
        self.run.scope = replace(self.run.scope, before=before)
        self.visits = Visits(self.run, lambda work: work())

    def go_to(self, hours: float) -> None:
        self.run.clock = FixedClock(NOW + timedelta(hours=hours))

    def press(self, hours: float) -> None:
        self.visits.touch()
        self.wait(hours)

    def wait(self, hours: float) -> None:
        self.go_to(hours)
        self.visits.step(replace(FULL, generated_at=self.run.clock.now()))

    @property
    def since(self) -> float | None:
        """Hours of the look that boards are compared with."""
        before = self.run.scope.before
        return None if before is None else (before.at - NOW) / timedelta(hours=1)


def test_a_first_visit_is_compared_with_nothing_and_the_next_with_its_last_key() -> None:
    first = User(0)
    first.press(0)
    first.press(1)
    first.wait(2)
    first.visits.close(None)
    assert first.since is None
    assert User(20).since == 1


def test_a_start_soon_after_goes_on_with_the_visit() -> None:
    yesterday = User(0)
    yesterday.press(0)
    yesterday.visits.close(None)
    morning = User(18)
    assert morning.since == 0
    morning.press(18)
    morning.visits.close(None)
    again = User(19)
    assert again.since == 0
    again.press(19)
    again.visits.close(None)
    assert User(40).since == 19


def test_a_monitor_that_is_left_alone_tells_what_changed_since_its_last_key() -> None:
    user = User(0)
    user.press(0)
    user.wait(AWAY / timedelta(hours=1) - 0.1)
    assert user.since is None
    user.wait(10)
    assert user.since == 0
    user.press(18)
    assert user.since == 0
    user.press(21)
    assert user.since == 0, "lunch does not end a visit"
    user.press(40)
    assert user.since == 21


def test_who_presses_nothing_has_not_looked(folder: Path) -> None:
    user = User(0)
    user.wait(9)
    user.visits.close(None)
    assert not (folder / NAME).exists()


def test_while_histories_are_on_their_way_nothing_is_taken_for_seen(folder: Path) -> None:
    user = User(0)
    user.visits.touch()
    user.visits.step(replace(FULL, loading=Loading(1, 2, ())))
    user.visits.close(None)
    assert not (folder / NAME).exists()


def test_the_key_that_ends_the_program_is_a_look(folder: Path) -> None:
    user = User(0)
    user.visits.touch()
    user.visits.close(FULL)
    visit = read_visit(folder, PRINT)
    assert visit is not None
    assert visit.seen.at == NOW


@pytest.mark.parametrize("wish", [Wish(demo_seed=7, demo_speed=None)])
def test_a_demo_reads_and_leaves_no_trace(folder: Path, wish: Wish) -> None:
    user = User(0)
    user.press(0)
    user.visits.close(None)
    kept = (folder / NAME).read_bytes()
    assert set_scene(LOADED, wish).scope.before is None
    run = prepare(LOADED, wish)
    visits = Visits(run, lambda work: work())
    visits.touch()
    visits.step(run.board())
    visits.close(run.board())
    assert (folder / NAME).read_bytes() == kept


def test_of_another_config_nothing_is_known(folder: Path) -> None:
    keep_visit(folder, Visit(FORMAT, "another", look_of(FULL)), synced=False)
    assert read_visit(folder, PRINT) is None
    assert set_scene(LOADED, Wish()).scope.before is None
    keep_visit(folder, Visit(FORMAT, PRINT, look_of(FULL)), synced=False)
    assert set_scene(LOADED, Wish()).scope.before == look_of(FULL)


@pytest.mark.parametrize(
    "content",
    [b"{", b"[]", b'{"format": 99}', b'{"format": 1, "fingerprint": "x", "seen": {"at": "2026-06-22"}}'],
)
def test_what_cannot_be_read_is_set_aside_and_told(folder: Path, content: bytes) -> None:
    folder.mkdir(parents=True)
    (folder / NAME).write_bytes(content)
    scene = set_scene(LOADED, Wish())
    assert scene.scope.before is None
    assert (folder / (NAME + ".unreadable")).exists()
    assert any(NAME in event.text for event in scene.board().events)


def test_a_look_is_read_as_it_was_written(folder: Path) -> None:
    visit = Visit(FORMAT, PRINT, look_of(FULL), Look(NOW))
    keep_visit(folder, visit, synced=True)
    assert read_visit(folder, PRINT) == visit
    assert len(msgspec.json.encode(visit)) < 10_000
