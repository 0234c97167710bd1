"""A changed config in a monitor that runs: what is exchanged, what stays, and what is said."""

import asyncio
import threading
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace

from rotation_tui.app.link import Link, link_of
from rotation_tui.app.living import Read
from rotation_tui.app.scene import Wish
from rotation_tui.app.setup import Run, prepare
from rotation_tui.app.taking_up import TakingUp
from rotation_tui.claims.audit import all_claims
from rotation_tui.config.changes import NEEDS_RESTART, changed, opens_feeds_anew
from rotation_tui.config.load import parse
from rotation_tui.config.schema import Config, Loaded
from rotation_tui.theme.load import LoadedThemes, load_themes

THEMES = load_themes(None)


class Told:
    """What stands in for the screen."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.said: list[str] = []
        self.refused: list[str] = []
        self.link: Link | None = None
        self.muted: dict[str, date] = {}

    def use(self, link: Link, themes: LoadedThemes, before: Config) -> None:
        del themes, before
        self.link = link

    def muted_again(self) -> None:
        self.run.mute(self.muted)

    def say(self, words: str) -> None:
        self.said.append(words)

    def refuse(self, words: str) -> None:
        self.refused.append(words)


DEMO = Wish(demo_seed=7, demo_speed=None)


class Desk:
    """A demo that runs, or another run, and the config that it is given."""

    def __init__(self, folder: Path, wish: Wish = DEMO, text: str = "") -> None:
        self.file = folder / "config.toml"
        self.run = prepare(self._loaded(text), wish)
        self.told = Told(self.run)
        self.taking_up = TakingUp(self.run, self._loaded(text), wish, self.told)

    def _loaded(self, text: str) -> Loaded:
        return Loaded(parse(text, self.file), self.file)

    async def give(self, text: str, *, asked: bool = False) -> None:
        loaded = self._loaded(text)
        await self.taking_up.take(Read(loaded, THEMES, link_of(loaded.config.display), asked=asked))

    @property
    def spreads(self) -> list[str]:
        return [spread.id for spread in self.run.scope.universe.spreads]


@pytest.fixture
async def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    made = Desk(tmp_path)
    await made.run.desk.open()
    yield made
    await made.run.desk.close()


ONE_PAIR = '[[spreads]]\nid = "mine"\nsmall = "IWM"\nlarge = "QQQ"\n'


@pytest.mark.whole
async def test_rows_of_another_config_are_followed_by_the_desk_that_is_there(desk: Desk) -> None:
    before = desk.run.desk
    await desk.give(ONE_PAIR)
    assert desk.spreads == ["mine"]
    assert desk.run.desk is before
    assert desk.told.said == ["config taken up: spreads"]
    await desk.run.settled(60)
    assert [row.id for row in desk.run.board().spreads] == ["mine"]
    assert desk.run.board().spreads[0].margin_pp is not None


@pytest.mark.whole
async def test_other_feeds_and_polls_are_opened_on_the_same_store(desk: Desk) -> None:
    before, store = desk.run.desk, desk.run.store
    await desk.run.settled(60)
    await desk.give("[poll]\nopen = 5\n")
    assert desk.run.desk is not before
    assert desk.run.store is store
    await desk.run.settled(60)
    assert desk.told.said == ["config taken up: poll.open"]


async def test_a_file_of_positions_comes_with_other_feeds_and_only_the_loop_puts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    (tmp_path / "held.csv").write_text("Symbol,Quantity\nAAPL,10\n", encoding="utf-8")
    feeds = '[[feeds]]\nprovider = "simulated"\n'
    desk, puts = Desk(tmp_path, Wish(), feeds), set[str]()
    desk.run.store.shown_to(lambda _: puts.add(threading.current_thread().name))
    await desk.run.desk.open()
    before = desk.run.desk
    await desk.give(f'[poll]\nopen = 7\n[[positions_files]]\npath = "held.csv"\n{feeds}')
    assert desk.told.refused == []
    assert desk.run.desk is not before, "feeds were opened anew"
    assert desk.run.scope.book.quantities == (("AAPL", 10.0),)
    assert puts == {threading.main_thread().name}
    await desk.run.desk.close()


async def test_what_was_typed_and_muted_by_key_stays(desk: Desk) -> None:
    assert desk.run.look("PSCT/XLK") is None
    assert desk.run.look("ABCD") is None
    desk.run.keep("ABCD")
    desk.told.muted = {"C1": date(2030, 1, 1)}
    for text in (ONE_PAIR, ONE_PAIR + "[poll]\nopen = 5\n", ONE_PAIR + "[risk]\nmute = { C2 = 2030-02-02 }\n"):
        await desk.give(text)
        assert desk.spreads == ["mine", "PSCT-XLK"]
        assert desk.run.scope.looked == desk.run.kept == ("ABCD",)
        assert desk.run.scope.muted["C1"] == date(2030, 1, 1)
    assert desk.run.scope.muted["C2"] == date(2030, 2, 2)


@pytest.mark.whole
async def test_no_study_of_another_pair_stands_in_a_row_of_the_same_name(desk: Desk) -> None:
    await desk.give(ONE_PAIR)
    await desk.run.settled(60)
    assert desk.run.store.snapshot().studies.spreads["mine"].large == "QQQ"
    await desk.give(ONE_PAIR.replace("QQQ", "SPY"))
    study = desk.run.store.snapshot().studies.spreads.get("mine")
    assert study is None or study.large == "SPY"
    await desk.run.settled(60)
    assert desk.run.store.snapshot().studies.spreads["mine"].large == "SPY"


@pytest.mark.whole
@pytest.mark.slow
async def test_limits_and_checks_left_out_count(desk: Desk) -> None:
    await desk.give(
        '[risk]\nskip = ["C1"]\nreconstitution = [2030-06-28]\n[risk.thresholds.C2]\nwatch = 1\nalert = 2\n'
    )
    assert desk.run.rules.skip == {"C1"}
    assert desk.run.rules.thresholds == {"C2": (1, 2)}
    assert desk.run.rules.reconstitutions == (date(2030, 6, 28),)
    await desk.run.settled(60)
    ids = {check.id for group in desk.run.board().risk for check in group.checks}
    assert "C2" in ids
    assert "C1" not in ids


@pytest.mark.whole
@pytest.mark.slow
async def test_claims_left_out_and_figures_by_hand_count(desk: Desk) -> None:
    first, *others = (claim.id for claim in all_claims())
    await desk.give(f'[claims]\nskip = ["{first}"]\n')
    await desk.run.settled(60)
    assert {claim.id for claim in desk.run.board().claims} == {*others}


async def test_a_config_that_fails_to_be_taken_up_is_tried_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as broken:
        broken.setattr("rotation_tui.app.taking_up.followed_by", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            await desk.give(ONE_PAIR)
    await desk.give(ONE_PAIR)
    assert desk.spreads == ["mine"]


async def test_what_waits_for_a_restart_is_named(desk: Desk) -> None:
    await desk.give('[display]\ncolor = "16"\ntimes = "local"\n')
    assert desk.told.said == ["config taken up: display.times, display.color; display.color from the next start on"]


async def test_a_config_that_says_the_same_is_told_to_whoever_asked_and_to_nobody_else(desk: Desk) -> None:
    await desk.give("# a comment\n")
    assert desk.told.said == []
    await desk.give("# a comment\n", asked=True)
    assert desk.told.said == ["the config says what it said before"]
    assert not [event for event in desk.run.store.snapshot().events if "config" in event.text]


async def test_what_the_program_has_written_itself_is_taken_up_without_a_word(desk: Desk) -> None:
    desk.taking_up.expect("spreads")
    await desk.give(ONE_PAIR)
    assert desk.spreads == ["mine"]
    assert desk.told.said == []
    desk.taking_up.expect("spreads")
    await desk.give(ONE_PAIR, asked=True)
    assert desk.told.said == [], "it is read before it is written"
    desk.taking_up.expect()
    await desk.give("")
    assert desk.told.said == ["config taken up: spreads"]
    desk.taking_up.expect("spreads")
    await desk.give(ONE_PAIR + "[poll]\nopen = 5\n")
    assert desk.told.said[1:] == ["config taken up: poll.open, spreads"]


async def test_what_cannot_be_used_changes_nothing(desk: Desk) -> None:
    before = desk.run.config, desk.run.scope, desk.run.desk
    await desk.taking_up.take(Read(why_not=f"{desk.file}:3: theme: no"))
    assert (desk.run.config, desk.run.scope, desk.run.desk) == before
    assert desk.told.refused[0].startswith("config.toml:3: theme: no; ")
    assert "config check" in desk.told.refused[0]
    assert desk.run.store.snapshot().events[-1].text == "config not taken up: config.toml:3: theme: no"


@pytest.mark.whole
@pytest.mark.slow
async def test_what_is_attended_beside_the_feeds_goes_on_uninterrupted(desk: Desk) -> None:
    begun, rounds = [], []

    async def attended() -> None:
        begun.append(1)
        while True:
            rounds.append(1)
            await asyncio.sleep(0)

    desk.run.desk.attend("something", attended)
    await desk.give("[poll]\nopen = 5\n")
    seen = len(rounds)
    await desk.run.settled(60)
    assert len(begun) == 1
    assert len(rounds) > seen > 0


async def test_a_task_that_loses_its_cancellation_gets_another(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rotation_tui.workers.ending._TO_END_S", 0.05)
    begun, lost = asyncio.Event(), []

    async def stubborn() -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            lost.append(1)
        await asyncio.Event().wait()

    desk.run.desk.attend("something", stubborn)
    await begun.wait()
    await desk.run.desk.close()
    assert lost == [1]


@pytest.mark.parametrize("table", [t for t in Config.__struct_fields__ if t not in ("theme", "display")])
def test_a_table_that_nobody_knows_of_opens_feeds_anew(table: str) -> None:
    beside = {"layout", "alerts", "channels", "tickers", "spreads", "sectors", "risk", "keys", "watchlists"}
    assert opens_feeds_anew((table,)) is (table not in beside)


def test_keys_that_differ_are_named_by_table_and_key() -> None:
    before = Config()
    after = replace(before, theme="light", display=replace(before.display, ascii=True), tickers=before.tickers[:1])
    assert changed(before, after) == ("theme", "display.ascii", "tickers")
    assert changed(before, before) == ()


def test_keys_that_need_a_restart_exist() -> None:
    for key in NEEDS_RESTART:
        table, _, name = key.partition(".")
        assert name in getattr(Config(), table).__struct_fields__
