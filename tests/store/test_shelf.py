"""History on disk: what is kept comes back, and what continues it is joined only where both agree."""

import os
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from rotation_tui.domain.bars import Bars, Basis, Split
from rotation_tui.store import shelf as shelf_of
from rotation_tui.store.shelf import Shelf, folder_of, joined
from tests.store.material import bars, later, series

DUE = later(hours=5)


def test_bars_come_back_with_the_time_when_they_are_due(tmp_path: Path) -> None:
    price = replace(
        bars({2: 100.0, 3: 101.5}),
        lows=(99.0, None),
        volumes=(1e6, None),
        splits=(Split(date(2026, 2, 3), 2.0),),
        last_print=later(hours=-1),
    )
    both = (price, bars({2: 90.0, 3: 91.5}, basis=Basis.TOTAL))
    Shelf(tmp_path).keep_bars("IWM", both, DUE)
    kept = Shelf(tmp_path).bars("IWM")
    assert kept is not None
    assert (kept.bars, kept.due) == (both, DUE)


def test_histories_that_nobody_follows_are_swept_when_they_are_old_or_many(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shelf_of, "MOST_STRANGERS", 2)
    shelf = Shelf(tmp_path)
    ages = {"IWM": 40, "^RUT": 40, "OLD": 31, "THIRD": 3, "SECOND": 2, "FIRST": 1}
    for symbol, days in ages.items():
        shelf.keep_bars(symbol, [bars({2: 100.0}, symbol)], DUE)
        file = shelf._path("bars", symbol)
        os.utime(file, (file.stat().st_mtime - days * 86_400,) * 2)
    shelf.keep_series(series({2: 4.1}), DUE)
    shelf.sweep_bars({"IWM", "^RUT"})
    assert [symbol for symbol in ages if shelf.bars(symbol) is not None] == ["IWM", "^RUT", "SECOND", "FIRST"]
    assert shelf.series("DGS10") is not None
    Shelf(tmp_path / "of nobody").sweep_bars({"IWM"})


def test_series_come_back_too(tmp_path: Path) -> None:
    one = replace(series({2: 4.1, 3: -0.2}), complete_since=date(2023, 2, 1))
    Shelf(tmp_path).keep_series(one, DUE)
    kept = Shelf(tmp_path).series("DGS10")
    assert kept is not None
    assert (kept.series, kept.due) == (one, DUE)


def test_a_history_of_the_first_version_with_a_split_is_due_as_a_whole_and_not_set_aside(tmp_path: Path) -> None:
    Shelf(tmp_path).keep_bars("IWM", [bars({2: 100.0, 3: 50.5})], DUE)
    file = tmp_path / "bars" / "IWM.json"
    file.write_bytes(file.read_bytes().replace(b'"splits":[]', b'"splits":["2026-03-03"]'))
    kept = Shelf(tmp_path).bars("IWM")
    assert kept is not None
    assert (kept.bars, kept.due < later()) == ((), True)
    assert [p.name for p in file.parent.iterdir()] == [file.name]


@pytest.mark.parametrize("symbols", [("BRK.B", "BRK_B"), ("^RUT", "_RUT"), ("a/b", "a?b")])
def test_two_symbols_never_share_a_file(tmp_path: Path, symbols: tuple[str, str]) -> None:
    shelf = Shelf(tmp_path)
    for n, symbol in enumerate(symbols, 1):
        shelf.keep_bars(symbol, [bars({2: float(n)}, symbol)], DUE)
    kept = [shelf.bars(symbol) for symbol in symbols]
    assert [k.bars[0].closes for k in kept if k is not None] == [(1.0,), (2.0,)]
    assert all(p.parent == tmp_path / "bars" for p in tmp_path.rglob("*.json"))


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"null", b'{"format":99,"due":"2026-03-03T22:00:00Z","bars":[]}', b'{"format":1,"bars":[{"x":1}]}'],
)
def test_a_file_that_cannot_be_read_is_as_if_it_were_not_there(tmp_path: Path, content: bytes) -> None:
    shelf = Shelf(tmp_path)
    shelf.keep_bars("IWM", [bars({2: 100.0})], DUE)
    (tmp_path / "bars" / "IWM.json").write_bytes(content)
    assert shelf.bars("IWM") is None
    assert shelf.bars("SPY") is None
    assert shelf.series("DGS10") is None


def test_files_that_cannot_be_used_are_told_once_and_together(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    for symbol in ("IWM", "SPY"):
        shelf.keep_bars(symbol, [bars({2: 100.0}, symbol)], DUE)
        file = tmp_path / "bars" / f"{symbol}.json"
        file.write_bytes(file.read_bytes().replace(b'"fetched_at":"2026', b'"fetched_at":"9999'))
        assert shelf.bars(symbol) is None
    said = shelf.take_refused()
    assert said.startswith("history: IWM.json cannot be used (")
    assert "of the year 9999" in said
    assert said.endswith(") and is kept as IWM.json.unreadable, and 1 more of its files")
    assert shelf.take_refused() == ""
    assert [shelf.bars(symbol) for symbol in ("IWM", "SPY")] == [None, None]
    assert shelf.take_refused() == ""


def test_an_answer_that_agrees_continues_what_is_kept() -> None:
    old = replace(bars({2: 10.0, 3: 11.0, 4: 12.0}), splits=(Split(date(2026, 2, 2), 2.0), Split(date(2026, 2, 5))))
    new = replace(bars({3: 11.0, 4: 12.0, 5: 13.0}), fetched_at=later(days=1), splits=(Split(date(2026, 2, 5), 0.25),))
    whole = joined(old, new)
    assert whole is not None
    assert whole.closes == (10.0, 11.0, 12.0, 13.0)
    assert [d.day for d in whole.dates] == [2, 3, 4, 5]
    assert whole.splits == (Split(date(2026, 2, 2), 2.0), Split(date(2026, 2, 5), 0.25))
    assert whole.fetched_at == later(days=1)


def test_the_last_cent_of_rounding_is_no_restatement() -> None:
    whole = joined(bars({2: 100.0, 3: 250.004}), bars({3: 250.0, 4: 251.0}))
    assert whole is not None
    assert whole.closes == (100.0, 250.0, 251.0)


VOLUMES = (1.0, 1.0, 1.0)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (bars({2: 10.0, 3: 11.0}), bars({3: 5.5, 4: 6.0})),
        (bars({2: 10.0, 3: 11.0}), bars({3: 11.01, 4: 12.0})),
        (bars({2: 10.0, 3: 11.0}), bars({4: 12.0, 5: 13.0})),
        (bars({}), bars({4: 12.0})),
        (bars({2: 10.0}), bars({})),
        (replace(bars({2: 1.0, 3: 1.0, 4: 1.0}), volumes=VOLUMES), bars({3: 1.0, 4: 1.0, 5: 1.0})),
        (bars({2: 1.0, 3: 1.0, 4: 1.0}), replace(bars({3: 1.0, 4: 1.0, 5: 1.0}), lows=VOLUMES)),
    ],
    ids=["split since then", "restated", "gap", "nothing kept", "nothing new", "columns differ", "lows are new"],
)
def test_what_cannot_be_joined_is_not(old: Bars, new: Bars) -> None:
    assert joined(old, new) is None


def test_no_two_feeds_share_a_folder(tmp_path: Path) -> None:
    names = ("a b", "a_b", "a-b", "A_b", "ab", "yahoo", "a/b", "..", "csv_file closes.csv", "\u00e9 b")
    folders = [folder_of(tmp_path, name, names) for name in names]
    assert len({str(folder).lower() for folder in folders}) == len(names)
    assert {folder.parent for folder in folders} == {tmp_path}
    assert folder_of(tmp_path, "yahoo", names) == tmp_path / "yahoo"


def test_the_folder_of_an_older_version_is_taken_over_by_the_one_that_made_it(tmp_path: Path) -> None:
    Shelf(tmp_path / "my_feed").keep_bars("IWM", [bars({2: 100.0})], DUE)
    assert Shelf(folder_of(tmp_path, "my feed", ("my feed", "my_feed"))).bars("IWM") is None  # whose is it?
    assert Shelf(folder_of(tmp_path, "my feed", ("my feed", "yahoo"))).bars("IWM") is not None
    assert Shelf(folder_of(tmp_path, "my feed", ("my feed", "yahoo"))).bars("IWM") is not None
