"""The last known state: written whole, read back as it was, never guessed at."""

import json
import os
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace

from rotation_tui.domain.bars import Bars, Basis
from rotation_tui.domain.feed import Event
from rotation_tui.domain.quote import Extended
from rotation_tui.domain.results import Studies
from rotation_tui.domain.session import Phase, nyse
from rotation_tui.domain.state import State
from rotation_tui.domain.universe import Spread
from rotation_tui.domain.verdict import Regime, Transition
from rotation_tui.store.last_known import LastKnown
from rotation_tui.store.market_store import MarketStore, Snapshot
from rotation_tui.studies.spreads import study_spread
from rotation_tui.studies.tickers import study_ticker
from tests.store.material import NOON, later, quote


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "last_known.json"


def _history(symbol: str) -> Bars:
    days = nyse().sessions(date(2025, 6, 2), date(2026, 3, 2))
    return Bars(symbol, Basis.PRICE, days, tuple(200.0 + n % 7 for n in range(len(days))), "yahoo", NOON)


def _full() -> MarketStore:
    store = MarketStore()
    evening = Extended(251.5, later(hours=5), Phase.POST)
    store.put_quotes([quote(), replace(quote("SPY"), extended=evening)], later(minutes=1))
    small, large = _history("IWM"), _history("SPY")
    studies = Studies(
        date(2026, 3, 2),
        NOON,
        {"IWM": study_ticker(small, nyse())},
        {"IWM-SPY": study_spread(Spread("IWM-SPY", "IWM", "SPY"), small, large, nyse())},
        faults={"SPY": "no completed bars"},
    )
    store.put_studies(studies)
    store.put_event(Event(NOON, "yahoo: no answer", "watch"))
    return store


def test_what_was_written_is_read_back_as_it_was(path: Path) -> None:
    kept = _full().snapshot()
    LastKnown(path, "abc").write(kept, NOON)
    read = LastKnown(path, "abc").read()
    assert read is not None
    assert dict(read.quotes) == dict(kept.quotes)
    assert dict(read.checked) == dict(kept.checked)
    assert read.studies == kept.studies
    assert read.events == kept.events
    assert MarketStore(read).snapshot().quotes == kept.quotes


def test_that_nobody_is_heard_who_told_it_is_read_back_and_no_matter_of_an_earlier_file(path: Path) -> None:
    store = _full()
    store.put_standing((), {}, later(minutes=1))
    LastKnown(path, "abc").write(store.snapshot(), NOON)
    read = LastKnown(path, "abc").read()
    assert read is not None
    assert read.is_unheard("IWM")
    found = json.loads(path.read_bytes())
    del found["unheard"]
    path.write_text(json.dumps(found), encoding="utf-8")
    read = LastKnown(path, "abc").read()
    assert read is not None
    assert not read.is_unheard("IWM")


def test_of_many_events_the_newest_are_kept(path: Path) -> None:
    store = _full()
    for n in range(30):
        store.put_event(Event(NOON, str(n)))
    LastKnown(path, "abc").write(store.snapshot(), NOON)
    read = LastKnown(path, "abc").read()
    assert read is not None
    assert [e.text for e in read.events][-1] == "29"
    assert len(read.events) == 20


def _broken_quote(content: bytes) -> bytes:
    return content.replace(b'"price":250.0', b'"price":-250.0')


@pytest.mark.parametrize(
    "spoil",
    [
        lambda content: content[: len(content) // 2],
        lambda _: b"",
        lambda _: b"\x00\xff\x00",
        lambda _: b"[]",
        lambda content: content.replace(b'"format":3', b'"format":99'),
        lambda content: content.replace(b'"fingerprint":"abc"', b'"fingerprint":"other universe"'),
        _broken_quote,
    ],
    ids=["truncated", "empty", "binary", "other shape", "other format", "other config", "impossible price"],
)
def test_a_file_that_does_not_fit_is_as_if_it_were_not_there(path: Path, spoil: Callable[[bytes], bytes]) -> None:
    LastKnown(path, "abc").write(_full().snapshot(), NOON)
    whole = path.read_bytes()
    spoilt = spoil(whole)
    assert spoilt != whole
    path.write_bytes(spoilt)
    assert LastKnown(path, "abc").read() is None


def test_the_state_of_the_version_before_is_read(path: Path) -> None:
    path.parent.mkdir(parents=True)
    path.write_bytes((Path(__file__).parent / "last_known_of_format_2.json").read_bytes())
    read = LastKnown(path, "").read()
    assert read is not None
    assert set(read.quotes) == {"RUT", "SPX", "VIX"}
    assert [e.text for e in read.events] == ["yahoo: no answer"]
    verdict = read.studies.verdict
    assert verdict is not None
    assert verdict.transitions[-1] == Transition(date(2025, 10, 29), Regime.REVERSAL)
    weekly, daily = read.studies.rotation
    assert (weekly.preset, weekly.as_of, weekly.rs_ratio) == ("weekly", date(2025, 12, 29), weekly.points[-2].rs_ratio)
    assert (daily.preset, daily.rs_ratio, daily.centre) == ("daily", daily.points[-1].rs_ratio, False)
    sector = read.studies.sectors["PSCF"].rotation
    assert sector is not None
    assert sector.why is not None
    states = {driver.id: driver.state for driver in read.studies.drivers}
    assert (states["VIX"], states["HY"]) == (State.CLOSED, State.UNKNOWN)
    risk = read.studies.risk
    assert [(group.id, group.known, len(group.checks)) for group in risk.groups] == [("V", 2, 4), ("S", 3, 3)]
    assert risk.groups[0].checks[0].why == "VIX 157.4"
    assert risk.trails["V1"].dates[-1] == date(2025, 12, 29)
    assert len(risk.trails["V1"].values) == 5
    assert all(trail.values for trail in risk.trails.values())
    LastKnown(path, "").write(read, NOON)
    again = LastKnown(path, "").read()
    assert again is not None
    assert again.studies == read.studies


@pytest.mark.parametrize("lacking", ["studies", "verdict"])
def test_what_only_says_that_it_is_of_the_version_before_is_set_aside(path: Path, lacking: str) -> None:
    found = json.loads((Path(__file__).parent / "last_known_of_format_2.json").read_bytes())
    del (found if lacking in found else found["studies"])[lacking]
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(found), encoding="utf-8")
    assert LastKnown(path, "").read() is None
    assert [p.name for p in path.parent.iterdir()] == ["last_known.json.unreadable"]


def test_of_a_state_of_the_first_version_prices_and_events_are_kept(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Its 1M was 21 sessions, and its holes had another shape: its results would be other numbers."""
    kept = _full().snapshot()
    LastKnown(path, "abc").write(kept, NOON)
    found = json.loads(path.read_bytes())
    found["format"] = 1
    for study in found["studies"]["tickers"].values():
        study["gaps"] = {"2026-03-02": ["1D"]}
    path.write_text(json.dumps(found), encoding="utf-8")
    read = LastKnown(path, "abc").read()
    assert read is not None
    assert (read.quotes, read.checked, read.events) == (kept.quotes, kept.checked, kept.events)
    assert read.studies == Studies()
    assert (caplog.records, [p.name for p in path.parent.iterdir()]) == ([], [path.name])


@pytest.mark.parametrize(("fingerprint", "is_read"), [("as it was made then", True), ("as it is made now", False)])
def test_a_state_of_an_earlier_format_is_held_to_the_fingerprint_of_its_time(
    path: Path, fingerprint: str, *, is_read: bool
) -> None:
    LastKnown(path, fingerprint).write(_full().snapshot(), NOON)
    path.write_bytes(path.read_bytes().replace(b'"format":3', b'"format":1'))
    read = LastKnown(path, "as it is made now", {1: "as it was made then"}).read()
    assert (read is not None) == is_read


def test_no_file_is_no_state(path: Path) -> None:
    assert LastKnown(path, "abc").read() is None


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_crash_while_writing_leaves_the_old_file(path: Path, step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    store = _full()
    LastKnown(path, "abc").write(store.snapshot(), NOON)
    old = path.read_bytes()
    store.put_quotes([quote(price=260.0, as_of=later(seconds=9))], later(seconds=10))

    def crash(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, step, crash)
    with pytest.raises(OSError, match="No space left"):
        LastKnown(path, "abc").write(store.snapshot(), NOON)
    assert path.read_bytes() == old
    assert [p.name for p in path.parent.iterdir()] == [path.name]


def test_it_is_written_only_where_something_moved(path: Path) -> None:
    store, known = _full(), LastKnown(path, "abc")
    known.write(store.snapshot(), NOON)
    path.unlink()
    known.write(store.snapshot(), later(minutes=1))
    assert not path.exists()
    store.put_quotes([quote()], later(minutes=30))  # the same price, confirmed
    known.write(store.snapshot(), later(minutes=30))
    read = known.read()
    assert read is not None
    assert read.checked["IWM"] == later(minutes=30)


def test_an_empty_board_never_replaces_a_known_one(path: Path) -> None:
    LastKnown(path, "abc").write(_full().snapshot(), NOON)
    LastKnown(path, "abc").write(Snapshot(revision=7), NOON)
    assert LastKnown(path, "abc").read() is not None
