"""A tape played into a run: the session again, from any time, by the rules of now; and what its keys say and do."""

import asyncio
import random
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from rotation_tui.app.playback import Playback, playback_of
from rotation_tui.app.player import Player
from rotation_tui.app.recording import Taping
from rotation_tui.app.scene import Wish
from rotation_tui.app.setup import Run, prepare, rules_of
from rotation_tui.app.summing_up import SummingUp
from rotation_tui.board.contract import Board, Mode
from rotation_tui.config.schema import Config, Loaded
from rotation_tui.domain.feed import Event, FeedHealth, FeedState
from rotation_tui.domain.session import nyse
from rotation_tui.evaluation.audit import Auditor
from rotation_tui.evaluation.evaluate import evaluate
from rotation_tui.evaluation.question import Question
from rotation_tui.tape.frames import head_of
from rotation_tui.tape.message import HeardMessage, MarketMoment
from rotation_tui.tape.recorder import TapeRotation
from rotation_tui.widgets.cells import plain
from tests.patience import PATIENCE_S
from tests.tape.files import Session, heard
from tests.tape.states import ABOUT, SYMBOLS, bars, comparable

RULES = rules_of(Loaded(Config(), None))


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


def session_of(path: Path, seed: int) -> Session:
    """A session with studies, a feed that fails and comes back, and events; of its end the results are known."""
    chance, session = random.Random(seed), Session(path).begin()
    for step in range(40):
        session.tick(round(chance.uniform(90, 110), 2), milliseconds=chance.randrange(100, 3000))
        if step in (3, 20):
            session.store.put_bars(
                [bars(s, [chance.uniform(90, 110) for _ in range(35)], session.now) for s in SYMBOLS]
            )
            studied(session)
        if step == 10:
            session.store.put_feed(FeedHealth("yahoo", FeedState.DOWN, session.now, "no answer"))
            session.recorder._tell("yahoo: no answer", "watch")
    session.end()
    return session


def studied(session: Session) -> None:
    session.store.put_asked()
    question = Question(session.store.snapshot(), ABOUT.universe, nyse(), RULES, session.now, None, told=(None,))
    session.now += timedelta(seconds=1.5)
    session.tick(100.0)
    session.store.put_studies(evaluate(question, Auditor()))


def played(path: Path, config: Config | None = None) -> tuple[Run, Playback]:
    loaded = Loaded(config or Config(), path.parent)
    run = prepare(loaded, Wish(tape=path))
    return run, playback_of(run, path)


def board_of(run: Run, moment: MarketMoment) -> Board:
    """The board of what was recorded then, in the scope of the replay."""
    return run.board_of(moment.snapshot, moment.at)


def same(board: Board, expected: Board) -> bool:
    return msgspec.json.encode(board) == msgspec.json.encode(expected)


@pytest.mark.whole
@pytest.mark.parametrize("seed", range(3))
async def test_each_board_of_a_replay_is_that_of_the_session(tmp_path: Path, seed: int) -> None:
    path = tmp_path / "session.tape"
    session = session_of(path, seed)
    run, playback = played(path)
    await playback.take_first()
    seen, compared = iter(session.seen), 0
    while (found := await playback.peek()) is not None:
        assert isinstance(found, HeardMessage)
        await playback.take()
        if not found.moment.ended:
            moment = next(m for m in seen if comparable(m.snapshot) == comparable(found.moment.snapshot))
            assert same(run.board(), board_of(run, moment)), moment.at
            compared += 1
    assert compared > 40
    assert playback.studied == 2
    chance = random.Random(seed)
    for moment in chance.sample(session.seen, 8):  # from anywhere to anywhere
        later = [m for m in session.seen if m.at <= moment.at][-1]
        await playback.seek(moment.at)
        assert same(run.board(), board_of(run, later)), moment.at


@pytest.mark.whole
async def test_a_replay_is_judged_by_the_limits_of_now(tmp_path: Path) -> None:
    path = tmp_path / "session.tape"
    session_of(path, 1)
    config = msgspec.convert({"risk": {"skip": ["V1", "E1"]}}, Config)
    run, playback = played(path, config)
    await playback.seek(playback.ends)
    shown = {check.id for group in run.board().risk for check in group.checks}
    assert shown
    assert not shown & {"V1", "E1"}


def test_what_is_held_is_on_no_tape(tmp_path: Path) -> None:
    run = prepare(Loaded(Config(), None), Wish(demo_seed=7, demo_speed=None))
    assert run.scope.universe.held
    taping = Taping(run, tmp_path / "session.tape", TapeRotation())
    taping.begin()
    taping.end()
    assert head_of(tmp_path / "session.tape").about.universe.held == ()
    assert all(one.moment.about.universe.held == () for one in heard(tmp_path / "session.tape"))


async def test_no_alert_is_told_of_a_replay(tmp_path: Path) -> None:
    path = tmp_path / "session.tape"
    session = Session(path).begin()
    session.tick(1.0)
    session.end()
    config = msgspec.convert({"alerts": [{"name": "up", "when": "RUT.last > 0", "to": ["bell"]}]}, Config)
    run, playback = played(path, config)
    made: list[str] = []

    def channels() -> tuple[()]:
        made.append("a channel")
        return ()

    run.alerting.begin(channels)
    async for _ in playback.through():
        run.board()
    assert (made, run.store.snapshot().events, run.store.snapshot().alerts) == ([], (), None)


def test_a_tape_of_another_config_has_its_own_rows(tmp_path: Path) -> None:
    path = tmp_path / "session.tape"
    Session(path).begin().end()
    config = replace(Config(), tickers=Config().tickers[:1])
    run, _ = played(path, config)
    assert run.scope.mode is Mode.REPLAY
    assert run.scope.universe.tickers == ABOUT.universe.tickers


async def test_what_cannot_be_read_is_told_once_and_the_rest_is_played(tmp_path: Path) -> None:
    from rotation_tui.tape.frames import TapeFile

    path = tmp_path / "session.tape"
    for price in (1.0, 2.0, 3.0):
        session = Session(path).begin()
        session.tick(price)
        session.end()
    content, place = bytearray(path.read_bytes()), TapeFile(path).places[1]
    content[(place.begins + place.ends) // 2] ^= 0x20
    path.write_bytes(content)
    run, playback = played(path)
    async for _ in playback.through():
        pass
    assert playback.lost == 1
    events = [event.text for event in run.store.snapshot().events]
    assert [text.split(" from ")[0] for text in events] == ["the tape cannot be read"]
    assert events[0].endswith("that part is skipped")
    assert run.store.snapshot().quotes["RUT"].price == 3.0
    said = SummingUp(playback).sentences(run.board())
    assert "1 part of the tape cannot be read and was skipped" in said


class Shown:
    """A tape on a screen that is not there."""

    def __init__(self, path: Path, speed: float = 1000.0) -> None:
        self.run, self.playback = played(path)
        self.player = Player(self.run, self.playback, speed)

    async def __aenter__(self) -> "Shown":
        self._task = asyncio.create_task(self.player.run())
        await self.until(lambda: bool(self.run.store.snapshot().bars))
        return self

    async def __aexit__(self, *_: object) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def until(self, true: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while not true():  # noqa: ASYNC110
                await asyncio.sleep(0.005)

    @property
    def price(self) -> float:
        quote = self.run.store.snapshot().quotes.get("RUT")
        return 0.0 if quote is None else quote.price

    def line(self, width: int = 122) -> str:
        return plain((self.player.line(width),))


@pytest.fixture
def tape(tmp_path: Path) -> Path:
    """Prices 1, 2, 3 ... a second apart, and an event with the fifth and the ninth."""
    path, session = tmp_path / "session.tape", Session(tmp_path / "session.tape").begin()
    for price in range(1, 101):
        session.tick(float(price))
        if price in (5, 9):
            session.store.put_event(session_event(session, f"event of {price}"))
    session.end()
    return path


def session_event(session: Session, text: str) -> Event:
    return Event(session.now, text)


async def test_a_tape_plays_to_its_end_and_says_what_happened(tape: Path) -> None:
    async with Shown(tape) as shown:
        await shown.until(lambda: shown.line().split()[1] == "end")
        assert shown.price == 100.0
        assert "100% of 10:00-10:01" in shown.line()
        texts = [event.text for event in shown.run.store.snapshot().events]
        assert texts[2].startswith("tape: 2026-03-02 15:00:00 to 2026-03-02 15:01:40 UTC: 104 states")
        assert shown.player.pause() == "from the beginning"
        await shown.until(lambda: shown.line().split()[1] == "1000x")
        assert shown.player.to("10:00:07") == "to 10:00:07"
        shown.player.pause()
        await shown.until(lambda: shown.line().startswith(" 10:00:07 stands"))
        assert [event.text for event in shown.run.store.snapshot().events] == ["event of 5"]
        shown.player.pause()
        await shown.until(lambda: shown.line().split()[1] == "end")
        assert [event.text for event in shown.run.store.snapshot().events] == texts  # once


async def test_it_stands_steps_and_goes_to_a_time_an_event_and_a_minute(tape: Path) -> None:
    async with Shown(tape, 1.0) as shown:
        assert shown.player.pause().startswith("stands at 10:00:0")
        await shown.until(lambda: shown.line().split()[1] == "stands")
        assert shown.player.to("10:00:30") == "to 10:00:30"
        await shown.until(lambda: shown.line().startswith(" 10:00:30 stands"))
        assert shown.price == 30.0
        assert shown.player.step() == "the next state, and stands"
        await shown.until(lambda: shown.price == 31.0)
        assert shown.player.by(-60.0) == "to 10:00:00"
        await shown.until(lambda: shown.line().startswith(" 10:00:00 "))
        assert not shown.run.store.snapshot().quotes
        assert shown.player.event(1) == "to the next event"
        await shown.until(lambda: [e.text for e in shown.run.store.snapshot().events] == ["event of 5"])
        assert shown.price == 5.0
        assert shown.player.event(1) == "to the next event"
        await shown.until(lambda: shown.run.store.snapshot().events[-1].text == "event of 9")
        assert shown.player.to("+20s") == "to 10:00:20"
        await shown.until(lambda: shown.line().startswith(" 10:00:20 "))
        assert shown.player.event(-1) == "to the event of 10:00:09"
        await shown.until(lambda: shown.line().startswith(" 10:00:09 "))
        assert shown.player.event(-1) == "to the event of 10:00:05"
        await shown.until(lambda: shown.line().startswith(" 10:00:05 "))
        assert shown.player.event(-1) == "there is no event before"
        assert shown.player.to("noon").startswith('"noon" is no time of a tape; allowed: 14:30')
        assert shown.player.to("99:99") == "99:99 is no time of a day"
        assert shown.player.to("23:59") == "to 10:01:40"  # as far as it goes


async def test_the_speed_changes_at_once_and_says_so(tape: Path) -> None:
    async with Shown(tape, 1.0) as shown:
        assert shown.player.faster(-1) == "as fast as it was is the slowest there is"
        assert shown.player.faster(1) == "2 times as fast"
        assert shown.line().split()[1] == "2x"
        for _ in range(20):
            said = shown.player.faster(1)
        assert said == "3600 times as fast is the fastest there is"
        await shown.until(lambda: shown.line().split()[1] == "end")


async def test_time_passes_between_states_and_never_beyond_the_next(tape: Path) -> None:
    async with Shown(tape, 1.0) as shown:
        shown.player.pause()
        before = shown.run.clock.now()
        await asyncio.sleep(0.02)
        assert shown.run.clock.now() == before
        shown.player.pause()
        await shown.until(lambda: shown.run.clock.now() > before)


async def test_a_night_takes_no_time(tmp_path: Path) -> None:
    path, session = tmp_path / "session.tape", Session(tmp_path / "session.tape").begin()
    session.tick(1.0)
    session.tick(2.0, hours=17)
    session.end()
    async with Shown(path, 1.0) as shown:
        await shown.until(lambda: shown.price == 2.0)
        assert shown.line().startswith(" 2026-03-03 03:00:01 ")


@pytest.mark.parametrize("width", [60, 80, 122, 200])
async def test_the_progress_fits_and_names_whole_keys(tape: Path, width: int) -> None:
    async with Shown(tape) as shown:
        line = shown.line(width)
        assert len(line) <= width
        named = line.split("10:00-10:01")[1].rstrip()
        assert named == "  ; pause  < > speed  @ time  ( ) event  { } minute  ' step  ? keys"[: len(named)]
        assert named == "" or named.split()[-1] in ("pause", "speed", "time", "event", "minute", "step", "keys")
