"""The four answers: what is known stands there, and what is not says which step brings it."""

from datetime import UTC, date

import pytest
from msgspec.structs import replace

from rotation_tui.board.contract import Board, Breadth
from rotation_tui.domain.claim import ClaimResult, ClaimValue, DefinitionResult, Finding
from rotation_tui.panes.answers import PANE
from rotation_tui.panes.base import Space
from rotation_tui.screens.keys import SCREENS
from rotation_tui.widgets.cells import plain
from tests.boards import EMPTY, FULL, NOW

QUESTIONS = ("broad", "quality", "earnings", "book", "trust")


def text(board: Board, width: int = 150, height: int = 8) -> str:
    return plain(PANE.draw(board, Space(width, height, NOW, UTC)).rows)


def test_breadth_says_of_how_many_it_knows() -> None:
    whole = text(replace(FULL, breadth=Breadth(9, 4, 9, 7, 9)))
    assert "small leads 4 of 9 sectors" in whole
    assert "members 48 % ±3 above 200d" in whole
    assert "7 of 9 funds over 200d" in text(replace(FULL, breadth=Breadth(9, 4, 9, 7, 9), fundamentals=None))
    assert "small leads 4 of 6 known of 9 sectors" in text(replace(FULL, breadth=Breadth(9, 4, 6, 0, 0)))
    unknown = text(replace(FULL, breadth=Breadth(9, 0, 0, 0, 0)))
    assert "small leads" not in unknown, "a nought that nobody counted looks like an answer"


@pytest.mark.parametrize(
    ("finding", "word"),
    [
        (Finding.CONFIRMED, "yes: "),
        (Finding.DENIED, "no: "),
        (Finding.MIXED, "in part: "),
        (Finding.UNKNOWN, "undecided: "),
    ],
)
def test_the_answer_on_breadth_begins_with_the_word_that_the_claim_has_for_it(finding: Finding, word: str) -> None:
    signs = [ClaimValue(None, None, f) for f in (finding, Finding.CONFIRMED, Finding.UNKNOWN, Finding.DENIED)]
    definitions = tuple(DefinitionResult("SIGN", "a sign", "%", sign, sign) for sign in signs)
    found = ClaimResult("C31", "broader", "3 of 4", signs[0], signs[0], "", "Outlook", definitions=definitions)
    said = text(replace(FULL, fundamentals=None, breadth=Breadth(9, 4, 9, 7, 9), claims=(found,)), 190)
    assert said.startswith(f"3 Broad?     {word}small leads 4 of 9 sectors in 63d"), said
    held, known = (1 + (finding is Finding.CONFIRMED), 2 + (finding is not Finding.UNKNOWN))
    assert f"{held} of {known} known of 4 signs hold" in said


def test_what_has_no_data_yet_says_what_brings_it() -> None:
    said = text(EMPTY)
    assert "closes of the sector funds" in said
    assert said.count("waiting for the first study") == 2
    assert "waiting for all histories" in text(replace(FULL, claims=(), fundamentals=None))
    assert "none yet: [[positions]]" in said
    assert "no figures yet: [[consensus]]" in text(replace(FULL, claims=(claim(None),), fundamentals=None))


def test_a_figure_entered_by_hand_is_told_in_the_words_of_the_audit() -> None:
    said = text(replace(FULL, claims=(claim(-18.2),)))
    assert "forward P/E 18.0x / 22.0x CONFIRMED (20 Nov)" in said
    assert "claimed" not in said, "that stands on the screen of the claims"


def claim(value: float | None) -> ClaimResult:
    """The claim of the chapter about valuation, with what it comes to now."""
    now = ClaimValue(value, date(2026, 11, 20), Finding.CONFIRMED, "18.0x / 22.0x (claimed: 18 vs 22)")
    reading = ClaimValue(value, now.as_of, now.finding)
    measure = DefinitionResult("DISCOUNT", "forward P/E", "%", now, now)
    return ClaimResult("C19", "18 times", "DISCOUNT", reading, reading, now.why, "Earnings", definitions=(measure,))


def test_an_answer_leads_to_a_screen_by_its_key() -> None:
    keys = {screen.key: name for name, screen in SCREENS.items()}
    found = {line[2:13].strip(): line[0] for line in text(FULL).splitlines() if line[2:13].strip()}
    assert {question: keys.get(key) for question, key in found.items()} == {
        "Broad?": "sectors", "Quality?": "quality", "Earnings?": "claims", "My book": "positions", "Trust it?": "feeds",
    }  # fmt: skip


def test_where_there_is_no_room_each_answer_keeps_one_line() -> None:
    for width in (40, 76, 196):
        for height in (3, 4, 7, 20):
            face = PANE.draw(FULL, Space(width, height, NOW, UTC))
            assert tuple(i for i in face.ids if i is not None) == QUESTIONS
            assert len(face.rows) <= max(5, height + 1)
    assert "…" in text(FULL, 40, 3)
    assert "…" not in text(FULL, 76, 30)
    assert not any(
        line.lstrip().startswith("·") for width in range(40, 90) for line in text(FULL, width, 30).splitlines()
    )


def test_my_book_is_told_in_a_line() -> None:
    told = text(FULL)
    assert "small 32% · beta to RUT−SPX 0.24 · today −0.14pp" in told
    assert "none yet: [[positions]]" in text(replace(FULL, positions=(), portfolio=None))
