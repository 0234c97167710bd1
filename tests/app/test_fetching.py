"""Holdings and filings are nobody's surprise: off until the config or a key says otherwise, and then told."""

import asyncio
from pathlib import Path

import msgspec
import pytest

from rotation_tui.app.remember import recall, remember
from rotation_tui.app.scene import FIRST_START_NOTE, Wish
from rotation_tui.app.setup import Run, prepare
from rotation_tui.config.schema import Config, FeedSettings, FundamentalsSettings, Loaded, all_feeds, asked_feeds
from rotation_tui.domain.holdings import FUNDS
from rotation_tui.screens.view import View
from rotation_tui.widgets.keyed import told

ON = FundamentalsSettings(on=True)


@pytest.fixture(autouse=True)
def _state(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))


def live(config: Config | None = None) -> Run:
    return prepare(Loaded(config or Config(), None), Wish())


def is_on(run: Run) -> bool:
    fetching = run.board().fetching
    assert fetching is not None
    return fetching.on


def test_nothing_is_fetched_before_somebody_asks_and_the_first_start_says_how() -> None:
    assert not is_on(live())
    assert "a fetches what funds hold" in told(FIRST_START_NOTE)


def test_a_key_switches_it_on_and_off() -> None:
    run = live()
    assert told(run.fetch(on=True)) == "holdings and filings are fetched, a stops it"
    assert is_on(run)
    assert run.fetch(on=False) == "no more holdings and filings are asked for"
    assert not is_on(run)


def test_the_config_switches_it_on_for_commands_as_well() -> None:
    assert is_on(live(msgspec.structs.replace(Config(), fundamentals=ON)))


def test_what_the_key_chose_outlives_the_session(tmp_path: Path) -> None:
    assert View().kept().fetches is None
    remember(tmp_path / "view.json", View(fetches=True))
    assert recall(tmp_path / "view.json").fetches is True


def test_the_demo_has_its_own_and_asks_nobody() -> None:
    run = prepare(Loaded(Config(), None), Wish(demo_seed=7, demo_speed=None))
    assert is_on(run)
    assert "of its own" in run.fetch(on=False)
    assert is_on(run)
    assert [feed.provider for feed in all_feeds(run.config)] == ["simulated"]


def test_sources_of_papers_stand_behind_all_feeds_and_none_stands_twice() -> None:
    names = [feed.provider for feed in all_feeds(Config())]
    assert names == [*(feed.provider for feed in Config().feeds), "ishares", "sec"]
    own = msgspec.structs.replace(Config(), feeds=(FeedSettings(provider="sec"), FeedSettings(provider="yahoo")))
    assert [feed.provider for feed in all_feeds(own)] == ["sec", "yahoo", "ishares"]


def test_the_doctor_asks_them_where_the_config_does() -> None:
    assert asked_feeds(Config()) == Config().feeds
    on = msgspec.structs.replace(Config(), fundamentals=ON)
    assert asked_feeds(on) == all_feeds(on)


def test_the_funds_are_those_of_the_words_of_the_desk() -> None:
    assert Config().fundamentals.funds == tuple(FUNDS)


async def test_sources_that_wait_for_nobody_have_no_line_among_the_feeds() -> None:
    config = msgspec.structs.replace(Config(), feeds=(FeedSettings(provider="simulated", seed=7),))
    run = live(config)
    await run.desk.open()
    try:
        await asyncio.sleep(0)
        assert {feed.name for feed in run.store.snapshot().feeds} == {"simulated"}
    finally:
        await run.desk.close()
