"""The risk screen: groups, their checks, and everything about the one that is selected."""

from collections.abc import Callable
from datetime import UTC, date, timedelta

import pytest
from msgspec.structs import replace

from rotation_tui.board.contract import Board
from rotation_tui.domain.reading import GroupReading, InputReading, Level, Reading, Trail, Turn
from rotation_tui.panes import risk
from rotation_tui.panes.base import Space
from rotation_tui.panes.levels import ALL
from rotation_tui.screens.compose import Canvas, Sheet, compose
from rotation_tui.screens.view import View
from rotation_tui.widgets.cells import plain
from rotation_tui.widgets.glyphs import ASCII, UNICODE, Glyphs
from tests.boards import EMPTY, FULL, NOW
from tests.checks.material import inputs, observed
from tests.panes.test_contract import NEW_YORK, PANES, panes_of

SIZES = pytest.mark.parametrize("size", [(80, 24), (122, 38), (200, 60)], ids=lambda s: f"{s[0]}x{s[1]}")
DAYS = tuple(date(2026, 6, 18) - timedelta(days=n) for n in reversed(range(60)))
PAST = Trail(DAYS, tuple(3.0 + n / 40 for n in range(60)))
CHOSEN = Reading(
    "VOL2", "Realised ratio", Level.WATCH, 4.25, "%", 4.0, 5.5, date(2026, 6, 18), "fred", "ratio at 4.25",
    "small over large", "measured: 1999-2025 q90 4.1",
    inputs=(
        InputReading("IWM", 220.5, date(2026, 6, 18), "yahoo"),
        InputReading("NFCI", -0.5, date(2026, 6, 1), "fred", "stale: 17 days old, limit 14"),
        InputReading("RVX", None, None, None),
    ),
    turns=(
        Turn(Level.ALERT, 5.5, "above", 1.25, 2, beyond=True),
        Turn(Level.OK, 3.85, "below", -0.4, 1, reached=True),
    ),
)  # fmt: skip


def board(**changes: object) -> Board:
    chosen = replace(CHOSEN, **changes)
    return replace(
        FULL,
        risk=tuple(
            replace(g, checks=(g.checks[0], chosen, g.checks[2])) if g.id == "volatility" else g for g in FULL.risk
        ),
    )


def sheet(
    board: Board,
    group: str | None = "volatility",
    check: str | None = "VOL2",
    size: tuple[int, int] = (122, 38),
    glyphs: Glyphs = UNICODE,
    trail: Callable[[str], Trail | None] = lambda _: PAST,
) -> Sheet:
    view = View(screen="risk")
    view = view if group is None else view.with_selected("risk", group)
    view = view if check is None else view.with_selected("checks", check)
    return compose(board, view, panes_of("risk"), Canvas(*size, glyphs, NEW_YORK, trail=trail), NOW)


def text(shown: Sheet) -> str:
    return plain(shown.rows)


def overview(board: Board) -> tuple[str, str]:
    """Title and rows of the pane on an overview."""
    face = risk.PANE.draw(board, Space(57, 12, NOW, UTC))
    return face.title, plain(face.rows)


def test_the_title_answers_what_broke() -> None:
    calm = replace(
        FULL,
        risk=tuple(
            replace(g, level=Level.OK, checks=tuple(replace(c, level=Level.OK) for c in g.checks)) for g in FULL.risk
        ),
    )
    assert overview(calm)[0] == "Risk: no alert, none on watch"
    worst, blind = FULL.risk[:2]
    troubled = (replace(worst, level=Level.ALERT), replace(blind, level=Level.UNKNOWN), *calm.risk[2:])
    assert overview(replace(FULL, risk=troubled))[0] == "Risk: 1 group on alert, none on watch, 1 unknown"


def test_a_check_on_alert_is_told_though_its_group_takes_more_than_one() -> None:
    group = replace(FULL.risk[0], level=Level.WATCH)
    first, *others = (replace(c, level=Level.OK, muted_until=None) for c in group.checks)

    def title(**of_first: object) -> str:
        checks = (replace(first, level=Level.ALERT, **of_first), *others)
        return overview(replace(FULL, risk=(replace(group, checks=checks),)))[0]

    assert title() == "Risk: 1 check on alert, 1 group on watch"
    assert title(muted_until=date(2099, 1, 1)) == "Risk: no alert, 1 group on watch"


def test_checks_on_alert_are_the_first_to_get_room() -> None:
    def group(name: str, *levels: Level) -> GroupReading:
        checks = tuple(replace(CHOSEN, id=f"{name}{n}", level=level) for n, level in enumerate(levels, 1))
        return GroupReading(name, name, Level.WATCH, checks, len(checks), len(checks), name)

    risks = (group("A", Level.WATCH, Level.WATCH), group("B", Level.OK, Level.ALERT, Level.WATCH))
    for height, shown in (
        (2, ("A", "B")),
        (3, ("A", "B", "B2")),
        (4, ("A", "B", "B2")),
        (5, ("A", "A1", "A2", "B", "B2")),
        (6, ("A", "A1", "A2", "B", "B2", "B3")),
        (7, ("A", "A1", "A2", "B", "B1", "B2", "B3")),
    ):
        face = risk.PANE.draw(replace(FULL, risk=risks), Space(57, height, NOW, UTC))
        assert face.ids == shown, height
    quiet = tuple(replace(group, checks=()) for group in (*risks, *risks))
    loud = (*risks, *quiet[:2])
    wants = [risk.PANE.wants(replace(FULL, risk=groups)) for groups in (quiet, loud)]
    assert wants[1] == wants[0] + 1, "the layout has a row for the check on alert"


def test_a_group_that_is_ok_says_how_many_of_its_checks_are_unknown() -> None:
    group = FULL.risk[0]
    partly = replace(group, level=Level.OK, known=group.total - 2)
    assert f"ok 2?  {group.title}" in overview(replace(FULL, risk=(partly,)))[1]
    whole = replace(partly, known=group.total)
    assert f"ok     {group.title}" in overview(replace(FULL, risk=(whole,)))[1]


@SIZES
def test_what_matters_stays_at_every_size(size: tuple[int, int]) -> None:
    seen = text(sheet(board(), size=size))
    assert all(group.title in seen for group in FULL.risk)
    for words in ("Realised ratio", "4.25%", "■ WATCH", "above 5.5%", "3.85%", "Drivers"):
        assert words in seen, words
    assert any("\u2800" < c < "\u28ff" for c in seen), "its past is drawn"


def test_everything_about_the_selected_check_is_on_the_screen() -> None:
    seen = text(sheet(board(), size=(200, 60)))
    for words in (
        "above 5.5%, +1.25 from here, twice",
        "at 3.85%, there now, once more",
        "watch 4.0, alert 5.5; measured: 1999-2025 q90 4.1",
        "IWM 220.50 of 2026-06-18 from yahoo",
        "NFCI −0.50 of 2026-06-01 from fred, stale: 17 days old, limit 14",
        "RVX is not there",
        "small over large",
        "60 values from 2026-04-20 · fred",
    ):
        assert words in seen, words


def test_limits_of_the_config_say_so_in_the_list_and_beside_the_check() -> None:
    seen = text(sheet(board(thresholds_changed=True, threshold_source="config"), size=(200, 60)))
    assert "yours 4.0 / 5.5" in seen
    assert "watch 4.0, alert 5.5, changed in the config" in seen


def test_a_muted_check_says_so_and_until_when() -> None:
    seen = text(sheet(board(muted_until=date(2026, 7, 3))))
    assert "■ muted VO" in seen
    assert "until 3 Jul: WATCH" in seen
    assert "until the end of 2026-07-03; it does not raise its group" in seen
    assert "1 muted" in seen


def test_the_picked_group_chooses_the_checks_and_all_of_them_stand_worst_first() -> None:
    assert sheet(board(), "dollar", None).rows_of["checks"] == ("DOL1", "DOL2", "DOL3")
    for picked in (None, ALL, "no such group"):
        shown = sheet(board(), picked, None).rows_of["checks"]
        assert len(shown) == 24
        assert shown[:3] == ("RAT1", "RAT2", "RAT3"), "the group on alert"
        assert shown[-3:] == ("QUA1", "QUA2", "QUA3"), "the unknown one"


@pytest.mark.parametrize(("group", "check", "about"), [
    ("dollar", "VOL2", "DOL1 dollar measure 1"), (None, None, "RAT1 rates measure 1"), ("volatility", "VOL3", "VOL3 "),
])  # fmt: skip
def test_the_check_that_is_told_of_is_one_of_those_listed(group: str | None, check: str | None, about: str) -> None:
    assert f"┌─ {about}" in text(sheet(board(), group, check))


@pytest.mark.parametrize("room", [Space(110, 12, NOW, UTC), Space(110, 40, NOW, UTC)], ids=["groups", "checks"])
def test_a_line_does_not_begin_with_the_title_that_stands_before_it(room: Space) -> None:
    quality = next(group for group in FULL.risk if group.id == "quality")
    told = replace(FULL, risk=(replace(quality, line="quality −4.6pp in 126d"),))
    for rows in (risk.draw(told, room).rows, risk.detail(told, "quality", room)):
        assert plain(rows[:1]).lower().split()[-4:] == ["quality", "−4.6pp", "in", "126d"]
        assert plain(rows[:1]).lower().count("quality") == 1


def test_ascii_draws_the_past_and_its_limits_with_letters() -> None:
    seen = text(sheet(board(), glyphs=ASCII))
    assert seen.isascii()
    assert "***" in seen
    assert "+++" in seen
    assert "ooo" in seen


def test_where_there_is_little_room_a_sparkline_stands_for_the_chart() -> None:
    space = Space(
        60, 4, NOW, NEW_YORK, tight=True, selected={"risk": "volatility", "checks": "VOL2"}, trail=lambda _: PAST
    )
    face = PANES["check"].draw(board(), space)
    assert len(face.rows) == 4
    assert [plain([row]).endswith(UNICODE.point) for row in face.rows] == [False, True, False, False]
    assert "above 5.5%" in plain(face.rows)


def test_without_a_past_the_rest_is_told() -> None:
    seen = text(sheet(board(), trail=lambda _: None))
    assert "above 5.5%, +1.25 from here, twice" in seen
    assert "values from" not in seen


def test_before_the_first_study_every_part_says_what_it_waits_for() -> None:
    assert text(sheet(EMPTY, None, None)).count("waiting for the first study") == 4


def test_a_trail_is_that_of_the_reading_and_none_where_nothing_is_known() -> None:
    from rotation_tui.checks.evaluate import all_checks, evaluate

    series = observed("NFCI", {date(2025, 12, 12): -0.5, date(2025, 12, 19): -0.25})
    trails = evaluate(all_checks(), inputs(observations=[series]), {}).trails
    assert trails["E5"] == Trail((date(2025, 12, 12), date(2025, 12, 19)), (-0.5, -0.25))
    assert "E6" not in trails
