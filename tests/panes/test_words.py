"""Counts in words."""

import re
from datetime import UTC

import pytest

from rotation_tui.domain.wording import counted
from rotation_tui.panes.base import Space
from rotation_tui.widgets.cells import plain
from tests.boards import BOARDS, NOW
from tests.panes.test_contract import PANES, faces


@pytest.mark.parametrize(
    ("count", "said"),
    [(0, "0 sessions"), (1, "1 session"), (-1, "-1 session"), (1.0, "1 session"), (2, "2 sessions"),
     (1_204, "1,204 sessions")],
)  # fmt: skip
def test_one_is_told_in_the_singular(count: float, said: str) -> None:
    assert counted(count, "session") == said


@pytest.mark.parametrize("name", [name for name, pane in PANES.items() if pane.detail is not None])
@pytest.mark.parametrize("board", list(BOARDS))
def test_no_detail_shows_how_the_code_writes_nothing(board: str, name: str) -> None:
    pane, shown = PANES[name], BOARDS[board]
    assert pane.detail is not None
    for face in faces(pane, shown):
        for row_id in face.ids:
            if row_id is not None:
                text = plain(pane.detail(shown, row_id, Space(120, 60, NOW, UTC)))
                assert not re.search(r"\bNone\b|\b1 (sessions|days|values)\b", text), text
