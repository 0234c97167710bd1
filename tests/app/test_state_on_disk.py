"""A start from whatever the state on disk holds: it comes to a screen, and what was at fault is named."""

import json
import random
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from rotation_tui.app import scene as scenes
from rotation_tui.app.remember import first_sheet, recall
from rotation_tui.app.scene import Scene, Wish, set_scene
from rotation_tui.app.setup import prepare
from rotation_tui.app.viewer import Viewer
from rotation_tui.config import schema as settings
from rotation_tui.config.schema import Config, Loaded
from rotation_tui.domain.bars import Bars, Basis
from rotation_tui.domain.clock import FixedClock
from rotation_tui.domain.quote import Quote
from rotation_tui.domain.session import nyse
from rotation_tui.evaluation.audit import Auditor
from rotation_tui.evaluation.evaluate import evaluate
from rotation_tui.evaluation.question import Question
from rotation_tui.screens.compose import Sheet
from rotation_tui.screens.keys import SCREENS
from rotation_tui.screens.view import View
from rotation_tui.store.last_known import LastKnown
from rotation_tui.store.market_store import MarketStore
from rotation_tui.widgets.cells import plain

DAYS = nyse().sessions(date(2023, 6, 1), date(2025, 12, 29))
NOW = nyse().close_at(DAYS[-1])
DEEP = 1_000_000
"""More lists in each other than any Python follows: 3.13 follows 9,000."""
SYMBOLS = ("RUT", "SPX", "VIX", "IWM", "SPY", "QQQ", "RSP", "IJR", "PSCF", "XLF", "PSCI", "XLI", "PSCE", "XLE")
LOADED = Loaded(Config(), None)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A last known state with studies of a few symbols."""
    store, run = MarketStore(), prepare(LOADED, Wish(demo_seed=7, demo_speed=None))
    for n, symbol in enumerate(SYMBOLS):
        closes = tuple(100.0 + 10 * n + (7 * i + n * i) % 23 + i / 40 for i in range(len(DAYS)))
        store.put_bars([Bars(symbol, Basis.PRICE, DAYS, closes, "yahoo", NOW)])
        store.put_quotes([Quote(symbol, closes[-1] + 1, NOW, DAYS[-1], "yahoo", 0, closes[-2], DAYS[-2])], NOW)
    question = Question(store.snapshot(), run.scope.universe, run.scope.calendar, run.rules, NOW, None)
    store.put_studies(evaluate(question, Auditor()))
    file = tmp_path_factory.mktemp("whole") / "last_known.json"
    LastKnown(file, "").write(store.snapshot(), NOW)
    return file.read_bytes()


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that a run reads its state from, at the moment of `NOW`."""
    monkeypatch.setattr(settings, "state_folder", lambda: tmp_path)
    monkeypatch.setattr(scenes, "fingerprint", lambda _: "")
    monkeypatch.setattr(scenes, "_clock", lambda *_: FixedClock(NOW))
    return tmp_path


def events(scene: Scene) -> list[str]:
    """The lines of the events, as they stand on the screen."""
    return [event.text for event in scene.board().events]


def started(scene: Scene, view: View, view_file: Path) -> Sheet:
    """The first screen, as the monitor makes it."""

    def draw(view: View) -> Sheet:
        scene.show_known(view.pairs)
        return Viewer(scene, view, ascii_only=False).draw(122, 38)

    return first_sheet(scene, view, view_file, draw)


def test_a_whole_state_is_on_the_first_screen(state: Path, whole: bytes) -> None:
    (state / "last_known.json").write_bytes(whole)
    scene = set_scene(LOADED, Wish())
    last = next(quote.price for quote in scene.store.snapshot().quotes.values() if quote.symbol == "RUT")
    assert f"{last:,.2f}" in plain(started(scene, View(), state / "view.json").rows)
    assert events(scene) == []
    assert {t.id for t in scene.board().tickers if t.last is not None} >= {"RUT", "SPX", "IWM"}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"close":', b'"close":0.0,"was":'),
        (b'"format":3', b'"format":4'),
        (b'"delay_s":0', b'"delay_s":99999999999999'),
        (b'"session":"2025-12-29"', b'"session":"2199-12-29"'),
        (b'"format":3', b'"format":3,"x":' + b"[" * DEEP + b"]" * DEEP),
    ],
    ids=["a base of zero", "a newer version", "a delay without end", "a session nobody knows", "deep"],
)
def test_a_last_known_state_that_cannot_be_drawn_is_left_out_and_named(
    state: Path, whole: bytes, old: bytes, new: bytes
) -> None:
    assert old in whole
    (state / "last_known.json").write_bytes(whole.replace(old, new))
    scene = set_scene(LOADED, Wish())
    assert started(scene, View(), state / "view.json").rows
    assert all(t.last is None for t in scene.board().tickers)
    (said,) = events(scene)
    assert said.startswith("last_known.json cannot be used")
    assert (state / "last_known.json.unreadable").exists()
    assert events(set_scene(LOADED, Wish())) == [], "the next start has nothing to say"


def test_a_state_that_no_board_can_be_made_of_is_left_out_too(
    state: Path, whole: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    (state / "last_known.json").write_bytes(whole)
    plain_board = Scene.board

    def board(scene: Scene) -> Any:
        if scene.store.snapshot().quotes:
            raise ZeroDivisionError
        return plain_board(scene)

    monkeypatch.setattr(Scene, "board", board)
    (said,) = events(set_scene(LOADED, Wish()))
    assert "no board can be made of it, ZeroDivisionError" in said


@pytest.mark.parametrize(
    "content",
    [
        b'{"screen":"valuation"}', b'{"x":' + b"[" * DEEP + b"]" * DEEP + b"}", b'{"muted":{"E3":"9999-12-31"}}',
        b'{"pairs":7}', b"spoilt",
    ],
    ids=["a screen of a newer version", "deep", "a day without end", "another shape", "no state"],
)  # fmt: skip
def test_a_view_that_cannot_be_used_is_the_first_one(tmp_path: Path, content: bytes) -> None:
    told: list[str] = []
    (tmp_path / "view.json").write_bytes(content)
    assert recall(tmp_path / "view.json", told.append) == View()
    assert told[0].endswith("is kept as view.json.unreadable")
    assert recall(tmp_path / "view.json", told.append) == View()
    assert len(told) == 1


@pytest.mark.parametrize("guilty", ["the view", "the state", "both"])
def test_what_cannot_be_drawn_is_set_aside_and_the_rest_is_kept(state: Path, whole: bytes, guilty: str) -> None:
    (state / "last_known.json").write_bytes(whole)
    (state / "view.json").write_bytes(b'{"screen":"risk"}')
    scene, view = set_scene(LOADED, Wish()), recall(state / "view.json")

    def draw(view: View) -> Sheet:
        known = bool(scene.store.snapshot().quotes)
        if (view.screen == "risk" and guilty != "the state") or (known and guilty != "the view"):
            raise ZeroDivisionError
        return Viewer(scene, view, ascii_only=False).draw(122, 38)

    assert first_sheet(scene, view, state / "view.json", draw).rows
    assert (state / "view.json").exists() == (guilty == "the state")
    assert (state / "last_known.json").exists() == (guilty == "the view")
    assert len(events(scene)) == (2 if guilty == "both" else 1)


def test_a_drawing_that_always_fails_is_no_fault_of_the_state(state: Path, whole: bytes) -> None:
    (state / "last_known.json").write_bytes(whole)
    scene = set_scene(LOADED, Wish())

    def draw(_: View) -> Sheet:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        first_sheet(scene, View(), state / "view.json", draw)


def places(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a document; of a long list its ends."""
    if at:
        yield at
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from places(inner, (*at, key))
    elif isinstance(value, list):
        for n in sorted({*range(min(3, len(value))), len(value) - 1} - {-1}):
            yield from places(value[n], (*at, n))


def other(value: Any, rng: random.Random) -> Any:
    """Something of about the same type that nobody would have written."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, float):
        return rng.choice((0.0, -1.5, 1e15, -1e15, 5e-324, -value, value * 1e6, None, 1e300))
    if isinstance(value, int):
        return rng.choice((0, -1, 10**14, -(10**14), value + 1, 10**300))
    if isinstance(value, str) and value[4:5] == "-" and value[7:8] == "-":
        days = ("1700-01-01", "2200-12-31", "2031-01-01", "1977-12-30", "0001-01-01", "9999-12-31")
        return rng.choice(days) + value[10:]
    if isinstance(value, str):
        return rng.choice(("", "x", "\x1b[2J", "[/x]", "A" * 5000, "\u202e", "１２", "UNKNOWN", "ALERT"))
    return rng.choice(([], {}, None, value))


@pytest.mark.whole
@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(1, 40))])
def test_whatever_a_state_was_turned_into_it_is_drawn_or_set_aside(state: Path, whole: bytes, seed: int) -> None:
    rng = random.Random(seed)
    document = json.loads(whole)
    kinds: dict[tuple[Any, ...], list[tuple[Any, ...]]] = {}
    for place in places(document):  # each kind of place as often as any other
        kinds.setdefault(tuple("#" if isinstance(p, int) else p for p in (*place[:2], *place[3:])), []).append(place)
    drawn = 0
    for _ in range(25):
        spoilt = json.loads(whole)
        *way, last = rng.choice(kinds[rng.choice(list(kinds))])
        holder = spoilt
        for step in way:
            holder = holder[step]
        holder[last] = other(holder[last], rng)
        (state / "last_known.json").write_text(json.dumps(spoilt))
        scene = set_scene(LOADED, Wish())
        drawn += (state / "last_known.json").exists()
        for name in rng.sample(list(SCREENS), 2):
            assert Viewer(scene, View(screen=name), ascii_only=False).draw(122, 38).rows
    assert drawn, "some of it is no harm"
