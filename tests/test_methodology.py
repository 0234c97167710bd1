"""METHODOLOGY.md says what the program does: its tables, a place for everything that is computed, and no dead end."""

import re
from collections.abc import Iterator
from datetime import UTC
from pathlib import Path

import pytest
from msgspec.structs import replace

from rotation_tui.board.contract import Board
from rotation_tui.board.risk import ManualCheck, by_hand
from rotation_tui.checks.base import Inputs
from rotation_tui.checks.drivers import drivers
from rotation_tui.checks.evaluate import all_checks, evaluate
from rotation_tui.claims.audit import all_claims, audit
from rotation_tui.claims.base import ClaimInputs
from rotation_tui.domain.reading import Level
from rotation_tui.domain.session import nyse
from rotation_tui.domain.universe import Spread
from rotation_tui.domain.verdict import Term
from rotation_tui.domain.window import Window
from rotation_tui.panes import sectors, spreads
from rotation_tui.panes.base import Space
from rotation_tui.panes.spreads.columns import statistics
from rotation_tui.screens.view import View
from rotation_tui.studies.score import RULES
from rotation_tui.studies.spreads import study_spread
from rotation_tui.widgets.cells import plain
from rotation_tui.widgets.glyphs import ASCII
from tests import methodology
from tests.boards import FULL, NOW, TODAY
from tests.golden.test_golden import CASES
from tests.panes.test_contract import PANES, sheet_of
from tests.studies.material import on_sessions

PAGE = methodology.PAGE.read_text(encoding="utf-8")
PACKAGE = Path(__file__).resolve().parents[1] / "rotation_tui"
ANCHORS = re.findall(r'<a id="([^"]+)"></a>', PAGE)
_CITED = re.compile(r"METHODOLOGY\.md#([a-z0-9-]+)")
_ELSEWHERE = re.compile(r"\b(?:quant|providers|screens|house|snapshot|attack|textual)\.md\b|\(golden [A-Z]")


def cells_at(anchor: str) -> list[str]:
    """The cells of the table's row that an anchor stands in."""
    (line,) = [line for line in PAGE.splitlines() if f'<a id="{anchor}"></a>' in line]
    return [cell.strip() for cell in re.sub(r"<a id=.*?</a>", "", line).strip("|").split(" | ")]


def test_the_tables_are_those_of_the_program() -> None:
    assert sorted(methodology.names(PAGE)) == sorted(methodology.MADE)
    assert methodology.written(PAGE) == PAGE, "made anew by: python -m tests.methodology"


def test_another_limit_is_another_page(monkeypatch: pytest.MonkeyPatch) -> None:
    first, *others = all_checks()
    assert first.watch is not None
    monkeypatch.setattr(methodology, "all_checks", lambda: (replace(first, watch=first.watch + 0.01), *others))
    assert methodology.written(PAGE) != PAGE


def test_each_place_has_one_name_and_each_link_a_place() -> None:
    assert len(ANCHORS) == len(set(ANCHORS))
    assert all(re.fullmatch(r"[a-z0-9-]+", anchor) for anchor in ANCHORS)
    assert set(re.findall(r"\]\(#([^)]+)\)", PAGE)) | set(_CITED.findall(PAGE)) <= set(ANCHORS)


def test_every_measure_has_its_place() -> None:
    texts = {"id", "sector", "symbol", "tracks", "last", *(window.value for window in Window)}
    measures = {
        f"{of}-{(order.key or '').replace('_', '-')}"
        for of, pane in (("stat", spreads.PANE), ("sector", sectors.PANE))
        for order in pane.sorts
        if order.key not in texts
    } | {"sector-63d"}
    assert measures <= set(ANCHORS)


def test_every_driver_has_its_row() -> None:
    found = drivers(Inputs({}, {}, nyse(), TODAY))
    assert found
    for driver in found:
        assert cells_at(f"driver-{driver.id.lower()}")[:3] == [driver.id, driver.title, driver.unit]


def test_each_statistic_has_its_title_and_needs_as_many_closes() -> None:
    legs = on_sessions([100.0], symbol="A"), on_sessions([50.0], symbol="B")
    study = study_spread(Spread("A-B", "A", "B"), *legs, nyse())
    fields = {
        "vs200": "ratio_vs_200d_pct", "extreme": "year_extreme", "fall_year": "drawdown_252_pct",
        "fall_2020": "drawdown_since_2020_pct", "fall": "drawdown_pct", "corr63": "correlation_63",
        "corr": "correlation", "beta_adjusted": "beta_adjusted_pp",
    }  # fmt: skip
    for column in statistics(Space(120, 40, NOW, UTC, ASCII)):
        key, title, *_, needs = cells_at(f"stat-{column.key.replace('_', '-')}")
        assert (key, title) == (column.key, column.header)
        reason = study.reasons.get(fields.get(key, key), "")
        if (told := re.match(r"needs (\d+) common closes", reason)) is not None:
            assert needs == told[1], key
        else:
            assert key in ("ratio", "log", "won", "won12"), f"{key}: {reason}"


def test_every_worked_case_is_named() -> None:
    named = [case for line in re.findall(r"^Worked: (.+)\.$", PAGE, re.M) for case in line.split(", ")]
    assert set(named) == {case["id"] for case in CASES}


def sources() -> Iterator[tuple[str, str]]:
    """Every module and test with its text."""
    for folder in (PACKAGE, PACKAGE.parent / "tests"):
        for file in folder.rglob("*.py"):
            yield file.name, file.read_text(encoding="utf-8")


def test_the_code_cites_places_that_there_are_and_no_document_that_is_elsewhere() -> None:
    cited = {(name, anchor) for name, text in sources() for anchor in _CITED.findall(text)}
    assert len(cited) > 20
    assert not {(name, anchor) for name, anchor in cited if anchor not in ANCHORS}
    assert not [name for name, text in sources() if _ELSEWHERE.search(text)]


def everything() -> Board:
    """The full board with every check, one by hand, and every claim, driver and term that there is."""
    nothing = Inputs({}, {}, nyse(), TODAY)
    return replace(
        FULL,
        risk=(*evaluate(all_checks(), nothing, {}).groups, *by_hand((ManualCheck("IPO", Level.OK, TODAY),), TODAY)),
        drivers=drivers(nothing),
        claims=audit(all_claims(), ClaimInputs({}, {}, nyse(), TODAY), None),
        verdict=replace(FULL.verdict, terms=tuple(Term(name, 1.0, 1.0, 1.0, 1.0) for name in RULES)),
    )


@pytest.mark.parametrize("name", [name for name, pane in PANES.items() if pane.detail and name != "feeds"])
def test_whatever_opens_has_its_place(name: str) -> None:
    told_at = PANES[name].told_at
    assert told_at is not None
    board = everything()
    faces = (PANES[name].draw(board, Space(200, 300, NOW, UTC, full=full)) for full in (False, True))
    opens = {row_id for face in faces for row_id in face.ids if row_id is not None}
    assert opens
    assert {told_at(row_id) for row_id in opens} <= set(ANCHORS)


@pytest.mark.parametrize(
    ("name", "row_id", "place"),
    [
        ("checks", "E1", "check-e1"), ("checks", "M1", "check-by-hand"), ("risk", "E", "groups"),
        ("claims", "C07", "claim-c07"), ("drivers", "2Y-MID", "driver-2y-mid"), ("verdict", "mom6", "term-mom6"),
        ("verdict", "history", "regime"),
    ],
)  # fmt: skip
def test_it_is_the_place_of_just_that(name: str, row_id: str, place: str) -> None:
    told_at = PANES[name].told_at
    assert told_at is not None
    assert told_at(row_id) == place


@pytest.mark.parametrize("screen", ["spreads", "sectors", "risk", "claims", "verdict", "overview"])
def test_the_place_is_in_sight_at_the_smallest_screen_of_all_and_takes_no_line(screen: str) -> None:
    for name, ids in sheet_of(FULL, View(screen=screen), (80, 24)).rows_of.items():
        told_at = PANES[name].told_at
        if not ids or told_at is None:
            continue
        view = replace(View(screen=screen).with_selected(name, ids[0]), focus=name, opened=ids[0])
        box = sheet_of(FULL, view, (80, 24)).box
        assert box is not None
        assert f"METHODOLOGY.md#{told_at(ids[0])} " in plain(box.rows[:1])
        assert "METHODOLOGY" not in plain(box.rows[1:])
