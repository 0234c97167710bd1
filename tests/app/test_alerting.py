"""Alerts of a run: those of the config and those that were made by a key, in this session and the next."""

import asyncio
from datetime import date, timedelta
from pathlib import Path

import msgspec
import pytest

from rotation_tui.alerts.condition import parsed
from rotation_tui.app.alert_prompt import asked_alert, drop_selected, offered_alert, standing
from rotation_tui.app.alerting import OWN
from rotation_tui.app.calls import Calls, OnTerminal, on_terminal
from rotation_tui.app.prompts import Asked
from rotation_tui.app.scene import Wish
from rotation_tui.app.setup import Run, prepare
from rotation_tui.app.viewer import Viewer
from rotation_tui.config.schema import Config, Loaded
from rotation_tui.domain.alert import Alert, Firing
from rotation_tui.domain.clock import SystemClock
from rotation_tui.domain.session import EASTERN, Phase
from rotation_tui.screens.overlay import Offers
from rotation_tui.screens.view import View
from rotation_tui.store.alert_book import NAME
from rotation_tui.widgets.keyed import told
from tests.alerts.material import KNOWN
from tests.patience import PATIENCE_S


@pytest.fixture(autouse=True)
def _state(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.delenv("TMUX", raising=False)


def a_run(*alerts: Alert, demo: bool = False) -> Run:
    config = msgspec.structs.replace(Config(), alerts=alerts)
    run = prepare(Loaded(config, None), Wish(demo_seed=7, demo_speed=None) if demo else Wish())
    run.alerting.begin(tuple)
    return run


def kept(folder: Path) -> list[Path]:
    return [*folder.rglob("alert*")]


def events(run: Run) -> list[str]:
    return [event.text for event in run.store.snapshot().events]


def test_one_that_is_made_by_key_is_watched_for_in_later_sessions_as_well() -> None:
    run = a_run()
    assert run.alerting.add(Alert(name="mine", when="RUT > 2600")) is None
    later = a_run(Alert(name="of the config", when="RUT > 1"))
    assert [alert.name for alert in later.alerting.all] == ["of the config", "mine"]
    assert [rule.alert.name for rule in later.alerting.rules()] == ["of the config", "mine"]
    assert later.alerting.drop("mine") is None
    assert a_run().alerting.all == ()


def test_what_cannot_be_watched_for_is_refused_and_nothing_is_kept(tmp_path: Path) -> None:
    run = a_run(Alert(name="there", when="RUT > 1"))
    assert run.alerting.add(Alert(name="there", when="RUT > 2")) == 'there is an alert "there" already'
    assert 'did you mean "RUT"?' in str(run.alerting.add(Alert(name="typo", when="RTU > 2")))
    assert "yours to change" in str(run.alerting.drop("there"))
    assert run.alerting.drop("nobody") == 'no alert "nobody"'
    assert not list(tmp_path.rglob(OWN))


def test_one_whose_name_the_config_has_come_to_use_goes_by_another() -> None:
    a_run().alerting.add(Alert(name="mine", when="RUT > 2600"))
    later = a_run(Alert(name="mine", when="RUT > 1"), Alert(name="mine (own)", when="RUT > 2"))
    assert [(one.name, one.when) for one in later.alerting.all] == [
        ("mine", "RUT > 1"), ("mine (own)", "RUT > 2"), ("mine (own 2)", "RUT > 2600"),
    ]  # fmt: skip
    assert events(later) == ['alert "mine" is in the config as well: the one made on the screen is now "mine (own 2)"']


def test_a_pair_that_was_typed_can_be_watched_and_one_that_is_gone_is_no_fault() -> None:
    run = a_run()
    assert run.look("MDY/SPY") is None
    assert run.alerting.add(Alert(name="typed", when="spreads.MDY-SPY.z > 2")) is None
    later = a_run()
    assert [rule.alert.name for rule in later.alerting.rules()] == ["typed"]
    assert events(later) == []


def test_without_alerts_nothing_is_watched_and_no_book_is_begun(tmp_path: Path) -> None:
    a_run()
    assert not list(tmp_path.rglob(f"{NAME}*"))


async def test_a_demo_keeps_its_alerts_to_itself(tmp_path: Path) -> None:
    run = a_run(Alert(name="up", when="session.phase is OPEN", to=("screen", "phone")), demo=True)
    assert await run.alerting.once()
    assert run.alerting.add(Alert(name="mine", when="RUT > 1")) is None
    await run.alerting.close()
    assert kept(tmp_path) == []


async def test_one_that_comes_true_stands_among_the_events_once() -> None:
    config = msgspec.structs.replace(Config(), alerts=(
        Alert(name="a", when="session.phase is not PRE", note="look", to=("screen", "bell", "desktop")),
    ))  # fmt: skip
    sent: list[str] = []
    run = prepare(Loaded(config, None), Wish(demo_seed=7, demo_speed=None))
    run.alerting.begin(lambda: on_terminal(run, Calls(sent.append)), attended=False)
    assert await run.alerting.once()
    assert await run.alerting.once()
    assert events(run) == ["a: session.phase is OPEN (look)"]
    assert sent[0] == "\x07"
    assert "session.phase is OPEN (look)" in sent[1]
    assert len(sent) == 2


async def test_the_board_has_how_they_stand_and_the_watch_looks_at_it_once() -> None:
    run = a_run(Alert(name="open", when="session.phase is OPEN"), Alert(name="far", when="RUT > 1000000"), demo=True)
    assert run.board().alerts is None, "none was judged yet"
    await run.alerting.once()
    assert [(row.id, row.stand.value) for row in run.board().alerts or ()] == [("open", "true"), ("far", "unknown")]
    revision = run.store.revision
    await run.alerting.once()
    assert run.store.revision == revision


def test_a_board_that_is_printed_has_them_and_nobody_is_told(tmp_path: Path) -> None:
    run = a_run()
    another = next(phase for phase in Phase if phase is not run.board().session.phase)
    run.alerting.add(Alert(name="open", when=f"session.phase is not {another.value}", to=("screen", "phone")))
    before = sorted(kept(tmp_path))
    printing = prepare(Loaded(Config(), None), Wish())
    printing.alerting.show()
    (row,) = printing.board().alerts or ()
    assert (row.id, row.own, row.stand.value, row.told_at) == ("open", True, "confirming", None)
    assert sorted(kept(tmp_path)) == before


@pytest.mark.whole
async def test_it_is_watched_for_while_the_view_is_frozen_or_on_a_past_day() -> None:
    alerts = (Alert(name="later", when="RUT crosses 2000"), Alert(name="price", when="RUT > 1"))
    run = prepare(Loaded(msgspec.structs.replace(Config(), alerts=alerts), None), Wish(demo_seed=7, demo_speed=None))
    viewer = Viewer(run, View(), ascii_only=False)
    viewer.draw(122, 38)
    viewer.freeze()
    viewer.show_past(date(2025, 12, 1), run.board())
    run.alerting.begin(lambda: on_terminal(run, Calls(lambda _: None)))
    await run.desk.open()
    try:
        async with asyncio.timeout(PATIENCE_S):
            while not any(text.startswith("price: RUT") for text in events(run)):  # noqa: ASYNC110
                await asyncio.sleep(0.05)
    finally:
        await run.desk.close()
        await run.alerting.close()
    assert viewer.stands_still()


def test_of_a_hundred_alerts_at_once_the_bell_rings_once_and_few_are_notifications() -> None:
    sent: list[str] = []
    calls = Calls(sent.append, lambda: 0.0)
    for number in range(100):
        firing = Firing(str(number), "a", SystemClock().now(), f"alert {number}")
        calls.ring(firing)
        calls.notify(firing)
    assert (sent.count("\x07"), len(sent)) == (1, 4)


async def test_a_bell_that_is_too_late_is_not_rung() -> None:
    rung: list[Firing] = []
    bell = OnTerminal("bell", rung.append, SystemClock(), timedelta(minutes=10))
    late = Firing("1", "a", SystemClock().now() - timedelta(hours=1), "words")
    assert (await bell.send(late)).sent
    assert rung == []
    await bell.close()


@pytest.mark.parametrize(
    ("view", "expected"),
    [
        (View(screen="spreads", focus="spreads").with_selected("spreads", "IWM-SPY"), "spreads.IWM-SPY.z > 2"),
        (View(screen="sectors", focus="sectors").with_selected("sectors", "XLF"), "XLF.rank <= 3"),
        (View(screen="feeds", focus="feeds").with_selected("feeds", "yahoo"), "feeds.yahoo becomes DOWN"),
        (View(screen="verdict", focus="verdict"), "verdict.regime changes"),
        (View(focus="indexes").with_selected("indexes", "RUT"), "RUT.change_pct < -2"),
    ],
)
def test_the_selected_row_offers_a_condition(view: View, expected: str) -> None:
    run = a_run()
    viewer = Viewer(run, view, ascii_only=False)
    viewer.draw(122, 38)
    assert offered_alert(run, viewer) == expected
    assert parsed(expected, KNOWN)


def test_what_cannot_be_read_is_asked_again_with_the_reason() -> None:
    run, said, again = a_run(), list[str](), list[tuple[str, str]]()

    def ask_again(_: Asked, why: str, text: str) -> None:
        again.append((why, text))

    shown: list[Offers | None] = []
    asked = asked_alert(run, said.append, ask_again, shown.append)
    asked.typing("")
    assert shown == [None], "there is none to list"
    asked.entered("RTU > 1")
    assert again[0][1] == "RTU > 1"
    assert "did you mean" in again[0][0]
    asked.entered("")
    asked.entered("RUT > 1")
    assert said == ["watched for: RUT > 1"]
    assert [alert.to for alert in run.alerting.own] == [("screen", "bell")]


def test_the_list_says_how_each_stands_and_one_that_is_chosen_is_dropped() -> None:
    run, said, shown = a_run(Alert(name="there", when="RUT > 2")), list[str](), list[Offers | None]()
    run.alerting.add(Alert(name="RUT > 1", when="RUT > 1"))
    asked = asked_alert(run, said.append, lambda *_: None, shown.append)
    asked.typing("")
    assert shown[-1] is not None
    assert shown[-1].rows == (("there", "watched, RUT > 2"), ("RUT > 1", "watched"))
    assert asked.completed("x") == "x", "none is chosen"
    asked.moved(-1)
    assert asked.completed("x") == "drop RUT > 1"
    asked.moved(1)
    assert asked.completed("x") == "drop there"
    asked.entered("drop RUT > 1")
    assert said == ["no longer watched for: RUT > 1"]
    assert len([one for one in shown if one is None]) == 1, "the list goes with the prompt"
    assert [alert.name for alert in run.alerting.all] == ["there"]


async def test_the_list_says_when_one_was_told() -> None:
    run = a_run(Alert(name="open", when="session.phase is OPEN", repeat="once"), demo=True)
    await run.alerting.once()
    assert standing(run, EASTERN) == (("open", "spent, told 14:00, session.phase is OPEN"),)


def test_the_selected_one_is_dropped_by_a_key_and_offered_again() -> None:
    run = a_run(Alert(name="there", when="RUT > 2"))
    run.alerting.add(Alert(name="mine", when="RUT > 1"))
    viewer = Viewer(run, View(screen="feeds", focus="feeds").with_selected("alerts", "mine"), ascii_only=False)
    viewer.draw(122, 38)
    assert drop_selected(run, viewer) is None, "the key is for other panes as well"
    viewer.view = View(screen="feeds", focus="alerts")
    assert "none is" in str(drop_selected(run, viewer))
    viewer.view = viewer.view.with_selected("alerts", "there")
    assert "yours to change" in str(drop_selected(run, viewer))
    viewer.view = msgspec.structs.replace(viewer.view.with_selected("alerts", "mine"), opened="mine")
    assert told(str(drop_selected(run, viewer))) == "no longer watched for: mine; A offers it again"
    assert viewer.view.opened is None, "nothing is left to be open"
    assert [alert.name for alert in run.alerting.all] == ["there"]
    assert offered_alert(run, viewer) == "RUT > 1"
    run.alerting.add(Alert(name="again", when="RUT > 1"))
    assert offered_alert(run, viewer) != "RUT > 1", "it is there again"
