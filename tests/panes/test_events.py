"""Events can be gone through and opened, however many there are."""

from datetime import UTC, timedelta

from msgspec.structs import replace

from rotation_tui.domain.feed import Event
from rotation_tui.panes.base import Space
from rotation_tui.panes.events import PANE
from rotation_tui.screens.view import View
from rotation_tui.widgets.cells import plain
from tests.boards import FULL, NOW
from tests.panes.test_contract import sheet_of

MANY = replace(
    FULL,
    notes=("made up",),
    events=tuple(
        Event(NOW + timedelta(seconds=n // 2), f"event number {n} " + "with many words " * 12) for n in range(40)
    ),
)


def test_the_oldest_event_is_scrolled_to_and_opens_with_all_its_words() -> None:
    ids = sheet_of(MANY, View(), (122, 38)).rows_of["events"]
    assert len(ids) == len(set(ids)) == 41
    view = replace(View().with_selected("events", ids[-1]), focus="events")
    assert "event number 0 " in plain(sheet_of(MANY, view, (122, 38)).rows)
    opened = plain(sheet_of(MANY, replace(view, opened=ids[-1]), (122, 38)).rows)
    assert opened.count("with many words") + opened.count("with many\n") >= 6
    assert "made up" in plain(PANE.detail(MANY, ids[0], Space(80, 20, NOW, UTC)))  # type: ignore[misc]


def test_an_event_keeps_its_id_while_newer_ones_come() -> None:
    before = sheet_of(MANY, View(), (122, 38)).rows_of["events"]
    newer = replace(MANY, events=(*MANY.events, Event(NOW + timedelta(minutes=5), "newer")))
    assert sheet_of(newer, View(), (122, 38)).rows_of["events"][2:] == before[1:]


def test_a_long_event_goes_on_under_itself_where_there_is_room() -> None:
    few = replace(MANY, events=MANY.events[:2])
    roomy = PANE.draw(few, Space(60, 12, NOW, UTC))
    assert "…" not in plain(roomy.rows)
    assert sum(row_id is not None for row_id in roomy.ids) == 3
    assert "…" in plain(PANE.draw(few, Space(60, 2, NOW, UTC)).rows)
