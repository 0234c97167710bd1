"""Muting by key: how long, what of, and that it is still so after a restart."""

import asyncio
from datetime import date
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from rotation_tui.app.muting import next_until, press
from rotation_tui.app.remember import recall, remember
from rotation_tui.app.scene import Wish
from rotation_tui.app.setup import Run, prepare
from rotation_tui.app.viewer import Viewer
from rotation_tui.config.schema import Config, Loaded, Manual, Risk
from rotation_tui.domain.reading import Level
from rotation_tui.domain.results import Studies
from rotation_tui.evaluation.audit import Auditor
from rotation_tui.evaluation.evaluate import evaluate
from rotation_tui.evaluation.question import Question
from rotation_tui.screens.view import View
from rotation_tui.widgets.cells import plain
from rotation_tui.widgets.keyed import told

TODAY = date(2025, 12, 30)
"""The demo's clock starts in the session of this day."""
WEEK, MONTH = date(2026, 1, 6), date(2026, 1, 29)


def test_one_key_goes_from_a_session_to_a_week_to_a_month_and_back() -> None:
    friday, monday = date(2025, 12, 26), date(2025, 12, 29)
    assert next_until(None, friday, monday) == monday
    assert next_until(monday, friday, monday) == date(2026, 1, 2)
    assert next_until(date(2026, 1, 2), friday, monday) == date(2026, 1, 25)
    assert next_until(date(2026, 1, 25), friday, monday) is None


def test_a_mute_of_another_day_ends_with_the_first_press() -> None:
    assert next_until(date(2026, 1, 25), date(2025, 12, 30), date(2025, 12, 30)) is None


def a_run(risk: Risk | None = None) -> Run:
    config = Config() if risk is None else msgspec.structs.replace(Config(), risk=risk)
    return prepare(Loaded(config, None), Wish(demo_seed=7, demo_speed=None))


def study(run: Run) -> None:
    question = Question(run.store.snapshot(), run.scope.universe, run.scope.calendar, run.rules, run.clock.now(), None)
    run.store.put_studies(evaluate(question, Auditor()))


def muted(run: Run) -> dict[str, date]:
    return {c.id: c.muted_until for group in run.board().risk for c in group.checks if c.muted_until is not None}


def on_screen(run: Run, view: View) -> Viewer:
    viewer = Viewer(run, view, ascii_only=False)
    run.resume(view.pairs, view.looked, view.muted)
    study(run)
    viewer.draw(122, 38)
    return viewer


@pytest.fixture
def view() -> View:
    return View(screen="risk").with_selected("risk", "S").with_selected("checks", "S3")


def test_the_check_in_sight_is_muted_for_longer_with_each_press(view: View) -> None:
    run = a_run()
    viewer = on_screen(run, view)
    assert press(run, viewer) == "S3 is muted until the end of 2025-12-30"
    assert press(run, viewer) == "S3 is muted until the end of 2026-01-06"
    assert muted(run) == {"S3": WEEK}
    viewer.draw(122, 38)
    text = plain(viewer.sheet.rows if viewer.sheet is not None else ())
    assert "□ muted S3" in text
    assert "until 6 Jan: OK" in text
    assert "until the end of 2026-01-06" in text
    assert press(run, viewer) == "S3 is muted until the end of 2026-01-29"
    assert press(run, viewer) == "S3 speaks again"
    assert muted(run) == {}


@pytest.mark.whole
def test_the_next_frame_shows_a_mute_and_no_study_follows(view: View, monkeypatch: pytest.MonkeyPatch) -> None:
    run = a_run()
    studies: list[Question] = []

    def counted(question: Question, auditor: Auditor) -> Studies:
        studies.append(question)
        return evaluate(question, auditor)

    monkeypatch.setattr("rotation_tui.evaluation.evaluate.evaluate", counted)

    async def pressed() -> None:
        await run.desk.open()
        try:
            assert await run.settled(60)
            viewer = Viewer(run, view, ascii_only=False)
            assert "muted S3" not in plain(viewer.draw(122, 38).rows)
            before, board, so_many = run.store.revision, run.board(), len(studies)
            press(run, viewer)
            assert viewer.is_due()
            assert "muted S3" in plain(viewer.draw(122, 38).rows)
            after = run.board()
            assert (after.verdict, after.claims) == (board.verdict, board.claims)
            assert (run.desk.studied(), run.store.revision, len(studies)) == (True, before, so_many)
        finally:
            await run.desk.close()

    asyncio.run(pressed())
    assert studies


def test_a_mute_is_seen_on_a_frozen_board_which_shows_nothing_else_that_is_new(view: View) -> None:
    run = a_run()
    viewer = on_screen(run, view)
    viewer.freeze()
    run.warn("something new")
    frozen = viewer.board
    press(run, viewer)
    assert "muted S3" in plain(viewer.draw(122, 38).rows)
    shown = viewer.board
    assert frozen is not None
    assert shown is not None
    assert replace(shown, risk=()) == replace(frozen, risk=())
    viewer.freeze()
    viewer.draw(122, 38)
    assert viewer.board is not None
    assert viewer.board.events[-1].text == "something new"


def test_the_later_of_two_mutes_counts() -> None:
    run = a_run(Risk(mute={"S1": WEEK, "S2": MONTH}))
    study(run)
    run.mute({"S1": MONTH, "S2": WEEK, "S3": TODAY})
    assert muted(run) == {"S1": MONTH, "S2": MONTH, "S3": TODAY}
    run.mute({})
    assert muted(run) == {"S1": WEEK, "S2": MONTH}


def test_a_mute_outlives_a_restart(view: View, tmp_path: Path) -> None:
    run = a_run()
    viewer = on_screen(run, view)
    press(run, viewer)
    remember(tmp_path / "view.json", viewer.view)
    again = a_run()
    restarted = on_screen(again, recall(tmp_path / "view.json"))
    assert restarted.view.muted == {"S3": TODAY}
    assert muted(again) == {"S3": TODAY}


def test_what_is_over_is_forgotten(view: View) -> None:
    run = a_run()
    viewer = on_screen(run, View(view.screen, selected=view.selected, muted={"E1": date(2025, 12, 29), "E2": TODAY}))
    press(run, viewer)
    assert viewer.view.muted == {"E2": TODAY, "S3": TODAY}


def test_a_mute_of_the_config_is_in_the_board_and_no_key_lifts_it(view: View) -> None:
    run = a_run(Risk(mute={"S3": MONTH}))
    viewer = on_screen(run, view)
    assert press(run, viewer) == "S3 is muted until 2026-01-29 by the config"
    assert viewer.view.muted == {}
    row = next(c for g in run.board().risk for c in g.checks if c.id == "S3")
    assert (row.muted_until, row.level) == (MONTH, Level.OK)


def test_a_check_by_hand_a_past_board_and_other_screens_are_left_alone(view: View) -> None:
    run = a_run(Risk(manual=(Manual(text="strike", level="ALERT", until=MONTH),)))
    viewer = on_screen(run, view.with_selected("risk", "M").with_selected("checks", "M1"))
    assert press(run, viewer) == "a check by hand has its own last day, in the config"
    viewer.show_past(date(2025, 12, 29), run.board())
    assert "past" in press(run, viewer)
    elsewhere = on_screen(run, View(screen="spreads"))
    assert told(press(run, elsewhere)) == "a check is muted on its screen, 4"
    assert elsewhere.view.muted == {}
