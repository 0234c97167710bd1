"""The claims screen: what was found then and now, by which keys it is filtered, and what opens on a claim."""

import dataclasses
from datetime import date

import pytest
from msgspec.structs import replace

from rotation_tui.board.contract import Board
from rotation_tui.domain.claim import ClaimResult, ClaimValue, DefinitionResult, Finding
from rotation_tui.domain.results import DEFINITIONS
from rotation_tui.panes.base import Space
from rotation_tui.screens import steer
from rotation_tui.screens.view import View
from rotation_tui.widgets.cells import Row, plain
from tests.boards import EMPTY, NOW
from tests.panes.test_contract import NEW_YORK, PANES

PANE = PANES["claims"]
THEN, TODAY = date(2025, 12, 30), date(2026, 6, 18)


def value(number: float | None, finding: Finding, day: date) -> ClaimValue:
    return ClaimValue(number, day, finding, f"measured on {day}", "RUT-SPX, price")


def claim(claim_id: str, chapter: str, unit: str, then: float | None, now: float | None, found: Finding) -> ClaimResult:
    first, last = value(then, Finding.CONFIRMED, THEN), value(now, found, TODAY)
    return ClaimResult(claim_id, f"claim {claim_id}", "as measured", first, last, "why", chapter, "more", unit)


WIDEST = replace(
    claim("C07", "Margin", "of 5", 0.0, 2.0, Finding.MIXED),
    definitions=tuple(
        DefinitionResult(name, f"by {name}", "sessions" if name == "STREAK" else "pp",
                         value(-5.0 + n, Finding.DENIED, THEN), value(12.5 + n, Finding.CONFIRMED, TODAY))
        for n, name in enumerate(DEFINITIONS)
    ),
)  # fmt: skip
BOARD: Board = replace(
    EMPTY,
    claims=(
        claim("C04", "Records", "%", 12.126, -3.456, Finding.DENIED),
        WIDEST,
        claim("C23", "Sectors", "percentile", 40.2, None, Finding.UNKNOWN),
    ),
)


def space(width: int, **settings: str) -> Space:
    return Space(width, 40, NOW, NEW_YORK, full=True, settings=settings)


def test_where_there_is_room_both_values_stand_with_their_dates() -> None:
    rows = {i: plain([row]).split() for i, row in zip(*_listed(196), strict=True)}
    assert rows["C04"][3:] == ["CONFIRMED", "+12.13", "%", "2025-12-30", "DENIED", "−3.46", "%", "2026-06-18", "why"]
    assert rows["C07"][3:] == [
        "CONFIRMED", "0", "of", "5", "2025-12-30", "MIXED", "2", "of", "5", "2026-06-18", "why",
    ]  # fmt: skip
    assert rows["C23"][3:] == ["CONFIRMED", "p40", "2025-12-30", "?", "2026-06-18", "why"]


def _listed(width: int) -> tuple[tuple[str | None, ...], tuple[Row, ...]]:
    face = PANE.draw(BOARD, space(width))
    return face.ids, face.rows


@pytest.mark.parametrize("width", [76, 118])
def test_where_there_is_little_the_reason_goes_before_the_values(width: int) -> None:
    text = plain(PANE.draw(BOARD, space(width)).rows)
    assert "why" in text
    assert "2025-12-30" not in text


def test_before_the_day_of_the_story_no_column_of_question_marks_stands_there() -> None:
    unknown = replace(BOARD, claims=tuple(replace(c, then=value(None, Finding.UNKNOWN, THEN)) for c in BOARD.claims))
    assert " then " in plain([PANE.draw(BOARD, space(118)).header])
    assert " then " not in plain([PANE.draw(unknown, space(118)).header])
    by_then = dataclasses.replace(space(118), order=next(order for order in PANE.sorts if order.key == "then"))
    assert " then" in plain([PANE.draw(unknown, by_then).header])


@pytest.mark.parametrize(
    ("settings", "ids", "title"),
    [
        ({}, ("C04", "C07", "C23"), "Claims · d all findings · p all chapters"),
        ({"finding": "DENIED"}, ("C04",), "Claims · d DENIED · p all chapters"),
        ({"chapter": "Margin"}, ("C07",), "Claims · d all findings · p Margin"),
        ({"finding": "MIXED", "chapter": "Margin"}, ("C07",), "Claims · d MIXED · p Margin"),
        ({"finding": "MIXED", "chapter": "Records"}, (None,), "Claims · d MIXED · p Records"),
    ],
)
def test_two_keys_filter_and_the_title_names_them(
    settings: dict[str, str], ids: tuple[str | None, ...], title: str
) -> None:
    face = PANE.draw(BOARD, space(118, **settings))
    assert (face.ids, face.title) == (ids, title)
    assert face.subtitle == "now: 1 denied, 1 mixed, 1 unknown"


def test_one_key_steps_through_the_chapters_that_the_board_has() -> None:
    view = View(screen="claims")
    seen = []
    for _ in range(4):
        view = steer.next_setting(view, BOARD, lambda _: [PANE], "p", 1)
        seen.append(view.settings["chapter"])
    assert seen == ["Records", "Margin", "Sectors", "all"]
    assert steer.next_setting(view, EMPTY, lambda _: [PANE], "p", 1).settings["chapter"] == "all"


def test_the_widest_margin_opens_on_its_five_verdicts() -> None:
    assert PANE.detail is not None
    text = plain(PANE.detail(BOARD, "C07", space(118)))
    assert "then      CONFIRMED 0 of 5 2025-12-30" in text
    assert "now       MIXED 2 of 5 2026-06-18" in text
    for n, name in enumerate(DEFINITIONS[:-1]):
        then, now = f"−{5 - n:.2f} pp", f"+{12.5 + n:.2f} pp"
        assert f"{name.lower():<10}then DENIED {then}, now CONFIRMED {now}: by {name}" in text
    assert "streak    then DENIED −1 sessions, now CONFIRMED 16 sessions: by STREAK" in text


def test_sentences_go_on_under_themselves_where_there_is_room_and_are_cut_where_there_is_none() -> None:
    told = "measured in several ways, of which this one goes on for longer than a column is wide, and ends here"
    wordy = replace(BOARD, claims=tuple(replace(c, why=told) for c in BOARD.claims))
    roomy = PANE.draw(wordy, Space(90, 40, NOW, NEW_YORK, full=True))
    for claim_id in ("C04", "C07", "C23"):
        at = roomy.ids.index(claim_id)
        until = next((n for n in range(at + 1, len(roomy.ids)) if roomy.ids[n] is not None), len(roomy.ids))
        words = [word for row in roomy.rows[at:until] for word in "".join(s.text for s in row[4:]).split()]
        assert " ".join(words) == told
    assert "…" not in plain(roomy.rows)
    full = PANE.draw(wordy, Space(90, 3, NOW, NEW_YORK, full=True))
    assert full.ids == ("C04", "C07", "C23")
    assert "…" in plain(full.rows)
    one = PANE.draw(wordy, Space(90, 4, NOW, NEW_YORK, full=True))
    assert one.ids == ("C04", None, "C07", "C23"), "from the top, as far as there is room"
