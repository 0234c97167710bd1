"""Files of closes and observations: what a good one gives, and what a bad one costs."""

import asyncio
import os
import subprocess
import sys
import threading
import time
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from rotation_tui.domain.bars import Basis
from rotation_tui.domain.instrument import Instrument
from rotation_tui.domain.session import nyse
from rotation_tui.providers import csv_file
from rotation_tui.providers.base import (
    BadReply,
    Misconfigured,
    Surroundings,
    UnknownSymbol,
    Unreachable,
)
from rotation_tui.providers.csv_file import PROVIDER, CsvFile
from rotation_tui.providers.csv_file.own import Spelling, read_own
from tests import shared_material
from tests.patience import PATIENCE_S

NIGHT = datetime(2025, 12, 31, 3, 0, tzinfo=UTC)  # 30 December, 22:00 in New York
RUT, IWM = Instrument.of("^RUT"), Instrument.of("IWM")
CLOSES = """date,RUT,IWM_px,SPX
2025-12-29,2519.80,250.02,6905.74
2025-12-30,2500.59,248.03,
2025-12-31,2481.91,246.16,6845.50
"""


def made(folder: Path, text: str, ids: dict[str, str] | None = None, **options: Any) -> CsvFile:
    """A feed of a file with this text."""
    (folder / "closes.csv").write_text(text, encoding="utf-8")
    return feed(folder, ids, path="closes.csv", **options)


def feed(folder: Path, ids: dict[str, str] | None = None, **options: Any) -> CsvFile:
    """A feed with these options."""
    known = ids or {}
    return PROVIDER.build(
        Surroundings(None, folder, options={"base_folder": folder, **options}, universe_ids=lambda: dict(known))
    )


async def values(provider: CsvFile, instrument: Instrument, now: datetime = NIGHT) -> dict[str, float]:
    """Closes by date."""
    (bars,) = await provider.bars(instrument, None, now)
    return {str(day): close for day, close in zip(bars.dates, bars.closes, strict=True)}


async def test_the_last_close_stands_in_for_the_quote(tmp_path: Path) -> None:
    provider = made(tmp_path, CLOSES, kind="close")
    reply = await provider.quotes([RUT, Instrument.of("SPX"), IWM], NIGHT)
    rut, spx = reply.quotes
    assert (rut.price, rut.session, rut.previous_close) == (2500.59, date(2025, 12, 30), 2519.80)
    assert rut.previous_session == date(2025, 12, 29)
    assert rut.as_of == datetime(2025, 12, 30, 21, 0, tzinfo=UTC)
    assert (rut.delay_s, rut.source) == (0, "csv_file closes.csv")
    # A blank is no value: the close before it is the last one.
    assert (spx.price, spx.session, spx.previous_close) == (6905.74, date(2025, 12, 29), None)
    assert list(reply.missing) == ["IWM"]


@pytest.mark.parametrize(
    ("now", "last"),
    [
        (datetime(2025, 12, 30, 20, 59, 59, tzinfo=UTC), "2025-12-29"),
        (datetime(2025, 12, 30, 21, 0, tzinfo=UTC), "2025-12-30"),
        (datetime(2026, 11, 23, 15, 0, tzinfo=UTC), "2025-12-31"),
    ],
)
async def test_nothing_later_than_now_is_given(tmp_path: Path, now: datetime, last: str) -> None:
    provider = made(tmp_path, CLOSES)
    assert max(await values(provider, RUT, now)) == last
    (quote,) = (await provider.quotes([RUT], now)).quotes
    assert str(quote.session) == last
    early = await provider.quotes([RUT], datetime(2025, 12, 29, 12, 0, tzinfo=UTC))
    assert (early.quotes, list(early.missing)) == ((), ["RUT"])


async def test_closes_reach_back_to_the_first_day_of_the_russell_2000(tmp_path: Path) -> None:
    text = "date,RUT\n1987-09-10,168.97\n1987-10-19,133.60\n1987-11-26,120.00\n1989-12-29,168.30\n"
    known = await values(made(tmp_path, text), RUT)
    assert list(known) == ["1987-09-10", "1987-10-19", "1989-12-29"], "Thanksgiving is no session"


@pytest.mark.parametrize("cell", ["0", "-1", "text", "168.97\n1987-09-14,170"])
async def test_a_bad_cell_is_no_trouble_of_the_days_before_it(tmp_path: Path, cell: str) -> None:
    provider = made(tmp_path, f"date,RUT\n1987-09-14,{cell}\n1987-09-10,168.97\n1987-09-11,168.46\n")
    assert await values(provider, RUT, datetime(1987, 9, 12, tzinfo=UTC)) == {
        "1987-09-10": 168.97,
        "1987-09-11": 168.46,
    }
    with pytest.raises(BadReply, match="RUT"):
        await values(provider, RUT, datetime(1987, 9, 15, tzinfo=UTC))


async def test_columns_are_matched_to_the_universe(tmp_path: Path) -> None:
    ids = {"RUT": "RUT", "SMALL": "IWM", "IWM": "IWM"}
    provider = made(tmp_path, CLOSES, ids, columns={"IWM_px": "small"})
    assert provider.offers_bars(IWM)
    assert provider.offers_quotes(IWM)
    assert not provider.offers_bars(Instrument.of("SPX"))  # in the file, not in the universe
    assert not provider.offers_series("RUT")
    assert (await values(provider, IWM))["2025-12-30"] == 248.03


async def test_adjusted_closes_are_total_return_and_never_a_price(tmp_path: Path) -> None:
    provider = made(tmp_path, CLOSES, kind="adjusted_close")
    assert not provider.offers_quotes(RUT)
    (bars,) = await provider.bars(RUT, date(2025, 12, 30), NIGHT)
    assert (bars.basis, bars.dates) == (Basis.TOTAL, (date(2025, 12, 30),))


async def test_observations_by_id_on_any_day(tmp_path: Path) -> None:
    text = "observation_date,NFCI,DGS10\n2025-12-27,-0.5,.\n2025-12-28,0.0,4.1\n2026-01-02,1,4.2\n"
    provider = made(tmp_path, text, {"RUT": "RUT"}, kind="observation")
    assert provider.offers_series("NFCI")
    assert not provider.offers_bars(RUT)
    reply = await provider.series(["NFCI", "DGS10", "DFF"], None, NIGHT)
    assert {s.series_id: s.values for s in reply.series} == {"NFCI": (-0.5, 0.0), "DGS10": (4.1,)}
    assert list(reply.missing) == ["DFF"]
    (since,) = (await provider.series(["NFCI"], date(2025, 12, 28), NIGHT)).series
    assert since.values == (0.0,)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Date,RUT\n2025-12-30,2\n2025-12-29,1\n", {"2025-12-29": 1.0, "2025-12-30": 2.0}),
        ("date,RUT\r\n2025-12-29, 1\r\n\r\n2025-12-30, \r\n", {"2025-12-29": 1.0}),
        ("\ufeffdate,^rut\n2025-12-29,1\n2025-12-29,1\n", {"2025-12-29": 1.0}),
        # Saturday and Christmas are no sessions, whatever the file says.
        ("date,RUT\n2025-12-24,1\n2025-12-25,9\n2025-12-27,9\n", {"2025-12-24": 1.0}),
        ("date,RUT\n1901-01-02,9\n2025-12-29,1\n", {"2025-12-29": 1.0}),
    ],
)
async def test_what_a_file_may_look_like(tmp_path: Path, text: str, expected: dict[str, float]) -> None:
    assert await values(made(tmp_path, text), RUT) == expected


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("abc", 'line 3, column RUT: "abc" is not a price'),
        ("inf", '"inf" is not a price'),
        ("0", '"0" is not a price'),
        ("-5", '"-5" is not a price'),
        ("1_000", '"1_000" is not a price'),
        ('"25,00.59"', '"25,00.59" is not a price'),
        ("\x1b[2J", r'"\[2J" is not a price'),
    ],
)
async def test_a_bad_cell_costs_its_column_alone(tmp_path: Path, cell: str, words: str) -> None:
    provider = made(tmp_path, f"date,RUT,IWM\n2025-12-29,1,5\n2025-12-30,{cell},6\n")
    with pytest.raises(BadReply, match=words):
        await provider.bars(RUT, None, NIGHT)
    reply = await provider.quotes([RUT, IWM], NIGHT)
    assert [quote.price for quote in reply.quotes] == [6.0]
    assert list(reply.missing) == ["RUT"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("date,RUT\n2025-12-29,1\n2025-12-29,2\n", "says 1 and 2 for 2025-12-29"),
        ("date,RUT,^RUT\n2025-12-29,1,1\n", 'columns "RUT" and "\\^RUT" both hold RUT'),
        ("", "is empty"),
        ("date,RUT\n2025-12-28,1\n29.13.2025,1\n", 'line 3: "29.13.2025" is no date like 2025-12-28'),
        ("date,RUT,IWM\n2025-12-29,1\n", "line 2 has 2 cells, the header 3"),
    ],
)
async def test_a_file_that_contradicts_itself_is_refused(tmp_path: Path, text: str, words: str) -> None:
    provider = made(tmp_path, text)
    with pytest.raises(BadReply, match=words):
        await provider.bars(RUT, None, NIGHT)


@pytest.mark.parametrize("cut", range(1, len("2025-12-30,2500.59,6905.74\n")))
async def test_a_file_that_is_being_written_never_gives_half_a_number(tmp_path: Path, cut: int) -> None:
    text = "date,RUT,SPX\n2025-12-29,2519.80,6901.25\n2025-12-30,2500.59,6905.74\n"
    provider = made(tmp_path, text[:-cut])
    true = {"RUT": {2519.80, 2500.59}, "SPX": {6901.25, 6905.74}}
    for symbol, closes in true.items():
        with suppress(BadReply):
            assert set((await values(provider, Instrument.of(symbol))).values()) <= closes


@pytest.mark.parametrize(
    ("last", "believed"),
    [("6905.74", True), ("6905.740", True), ("6905.7", False), ("6905.", False), ("6905", False), ("", True)],
)
async def test_a_last_number_without_a_line_break_counts_where_it_is_as_fine_as_the_others(
    tmp_path: Path, last: str, believed: bool
) -> None:
    provider = made(tmp_path, f"date,RUT,SPX\n2025-12-29,2519.80,6901.25\n2025-12-30,2500.59,{last}")
    reply = await provider.quotes([RUT, Instrument.of("SPX")], NIGHT)
    assert [q.price for q in reply.quotes] == [2500.59, *([6905.74 if last else 6901.25] * believed)]
    assert all("may be half a number" in why for why in reply.missing.values())
    earlier = await provider.quotes([Instrument.of("SPX")], NIGHT - timedelta(days=1))
    assert earlier.quotes[0].price == 6901.25


async def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    provider = made(tmp_path, "")
    (tmp_path / "closes.csv").write_bytes(b"date,RUT\n2025-12-29,\x81\n")
    with pytest.raises(BadReply, match="byte 20 is 0x81"):
        await provider.quotes([RUT], NIGHT)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"path": "absent.csv"}, r"absent\.csv: No such file"),
        ({"path": "."}, "is no plain file"),
        ({}, "needs path"),
        ({"path": "closes.csv", "kind": "closing"}, "kind is"),
        ({"path": "closes.csv", "columns": {"IWM_pz": "IWM"}}, "IWM_pz, but the file has RUT, IWM_px, SPX"),
    ],
)
async def test_settings_that_cannot_work_are_told_when_asked(
    tmp_path: Path, options: dict[str, Any], words: str
) -> None:
    (tmp_path / "closes.csv").write_text(CLOSES, encoding="utf-8")
    provider = feed(tmp_path, **options)
    if options.get("kind") is None:
        assert provider.offers_quotes(RUT)  # so that it is asked, and says what is wrong
    with pytest.raises(Misconfigured, match=words):
        await provider.quotes([RUT], NIGHT)


@pytest.mark.parametrize(
    ("text", "options", "words"),
    [
        ("day,close\n2025-12-29,1\n", {}, r'holds one symbol.*columns = \{ "close" = "IWM" \}.*its titles are close'),
        ("date,ABC,DEF\n2025-12-29,1,2\n", {}, r"none of its titles is a symbol of the board: ABC, DEF; columns ="),
        ("date,symbol,close\n2025-12-29,ABC,2\n", {}, "none of its titles is a symbol of the board: ABC;"),
        ("date,ABC\n2025-12-29,1\n", {"kind": "observation"}, "none of its titles is a series of the board: ABC;"),
        ("date,RUT\n2025-12-29,1\n", {"date_format": "american"}, 'date_format: "american" is no order'),
    ],
)
async def test_a_file_without_a_title_of_ours_lists_those_that_it_has(
    tmp_path: Path, text: str, options: dict[str, Any], words: str
) -> None:
    provider = made(tmp_path, text, {"RUT": "RUT"}, **options)
    if "kind" in options:
        assert provider.offers_series("DGS10")
        with pytest.raises(Misconfigured, match=words):
            await provider.series(["DGS10"], None, NIGHT)
        return
    assert provider.offers_quotes(RUT)  # so that it is asked, and says what is wrong
    with pytest.raises(Misconfigured, match=words):
        await provider.quotes([RUT], NIGHT)


async def test_a_symbol_in_a_long_file_may_be_renamed(tmp_path: Path) -> None:
    text = "date;symbol;close\n29.12.2025;US7827001089;2519,80\n30.12.2025;US7827001089;2500,59\n"
    provider = made(tmp_path, text, {"RUT": "RUT"}, columns={"US7827001089": "RUT"})
    assert await values(provider, RUT) == {"2025-12-29": 2519.80, "2025-12-30": 2500.59}


async def test_a_file_that_is_too_large_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    provider = made(tmp_path, CLOSES)
    monkeypatch.setattr(csv_file, "MOST_BYTES", 10)
    with pytest.raises(BadReply, match=r"closes\.csv has 0 MB, and at most 32 MB are read"):
        await provider.quotes([RUT], NIGHT)


async def test_a_large_file_is_not_read_by_the_first_look(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_file, "_QUICK_BYTES", 10)
    provider = made(tmp_path, CLOSES)
    assert provider.offers_bars(Instrument.of("QQQ"))
    assert (await provider.quotes([RUT], NIGHT)).quotes[0].price == 2500.59
    assert not provider.offers_bars(Instrument.of("QQQ"))


async def test_what_a_file_gives_is_told_to_whoever_sets_it_up(tmp_path: Path) -> None:
    provider = made(tmp_path, "date;RUT;SPX\n29.12.2025;2519,80;1\n30.12.2025;2500,59;x\n")
    assert isinstance(provider, csv_file.CsvFile)
    found = await provider.examine()
    assert (found.names, found.last) == (("RUT",), date(2025, 12, 30))
    assert 'separator ";"' in found.understood
    assert [problem.partition("closes.csv: ")[2] for problem in found.problems] == [
        'line 3, column SPX: "x" is not a price'
    ]


async def test_a_file_is_read_again_when_it_changed(tmp_path: Path) -> None:
    provider = made(tmp_path, "date,RUT\n2025-12-29,1\n")
    assert await values(provider, RUT) == {"2025-12-29": 1.0}
    assert not provider.offers_bars(IWM)
    made(tmp_path, "date,RUT,IWM\n2025-12-29,1,5\n2025-12-30,2,6\n")
    assert await values(provider, RUT) == {"2025-12-29": 1.0, "2025-12-30": 2.0}
    assert provider.offers_bars(IWM)
    (tmp_path / "closes.csv").unlink()
    with pytest.raises(Misconfigured):
        await provider.quotes([RUT], NIGHT)


async def test_a_column_is_taken_as_soon_as_its_symbol_is_followed(tmp_path: Path) -> None:
    followed = {"RUT": "RUT"}
    provider = made(tmp_path, "date,RUT,IWM\n2025-12-29,1,5\n2025-12-30,2,6\n", followed)
    assert await values(provider, RUT) == {"2025-12-29": 1.0, "2025-12-30": 2.0}
    assert not provider.offers_bars(IWM)
    followed |= {"IWM": "IWM", "QQQ": "QQQ"}
    assert provider.offers_bars(IWM)
    assert not provider.offers_bars(Instrument.of("QQQ"))
    assert await values(provider, IWM) == {"2025-12-29": 5.0, "2025-12-30": 6.0}
    assert not provider.offers_bars(Instrument.of("QQQ"))


async def test_an_unchanged_file_is_parsed_once(tmp_path: Path) -> None:
    path = tmp_path / "closes.csv"
    provider = made(tmp_path, "date,RUT\n2025-12-29,1\n")
    stamp = path.stat().st_mtime_ns
    await values(provider, RUT)
    path.write_text("date,RUT\n2025-12-29,2\n", encoding="utf-8")
    os.utime(path, ns=(stamp, stamp))  # same time and size: nothing tells that it changed
    assert await values(provider, RUT) == {"2025-12-29": 1.0}


async def test_a_symbol_that_is_not_in_the_file_is_unknown(tmp_path: Path) -> None:
    provider = made(tmp_path, CLOSES)
    assert not provider.offers_bars(Instrument.of("QQQ"))
    with pytest.raises(UnknownSymbol, match="no column QQQ"):
        await provider.bars(Instrument.of("QQQ"), None, NIGHT)


async def test_a_disk_that_is_slow_is_waited_for_after_the_first_look(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csv_file, "_FIRST_LOOK_S", 0.01)
    looking, plain = threading.Event(), Path.read_bytes

    def read_bytes(path: Path) -> bytes:
        looking.wait()
        return plain(path)

    monkeypatch.setattr(Path, "read_bytes", read_bytes)
    provider = made(tmp_path, CLOSES)
    assert provider.offers_quotes(RUT)
    asked = asyncio.create_task(provider.quotes([RUT], NIGHT))
    await asyncio.sleep(0)
    looking.set()
    assert (await asked).quotes[0].price == 2500.59


async def test_a_disk_that_hangs_holds_up_neither_the_start_nor_the_loop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csv_file, "_FIRST_LOOK_S", 0.05)
    monkeypatch.setattr(csv_file, "_PATIENCE_S", 0.5)
    back, plain = threading.Event(), Path.stat
    hanging: list[threading.Thread] = []

    def stat(path: Path, *, follow_symlinks: bool = True) -> os.stat_result:
        if path.name == "closes.csv":
            hanging.append(threading.current_thread())
            back.wait()
        return plain(path, follow_symlinks=follow_symlinks)

    provider = made(tmp_path, CLOSES)
    monkeypatch.setattr(Path, "stat", stat)
    began = time.monotonic()
    assert provider.offers_quotes(RUT)  # so that it is asked, and says what is wrong
    assert provider.offers_bars(Instrument.of("QQQ"))
    for _ in range(20):
        with pytest.raises(Unreachable, match=r"closes\.csv cannot be read"):
            await provider.quotes([RUT], NIGHT)
        monkeypatch.setattr(csv_file, "_PATIENCE_S", PATIENCE_S)
    assert time.monotonic() - began < PATIENCE_S, "who asks after the first does not wait as long"
    assert len(hanging) == 1  # not one more each time
    back.set()
    hanging[0].join()
    assert (await provider.quotes([RUT], NIGHT)).quotes[0].price == 2500.59
    assert not provider.offers_bars(Instrument.of("QQQ"))


def test_the_program_ends_while_a_disk_hangs() -> None:
    code = """
import asyncio, threading
from rotation_tui.providers.aside import Aside
async def main():
    try:
        await Aside().done(threading.Event().wait, 0.05)
    except TimeoutError:
        print("late")
asyncio.run(main())
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=PATIENCE_S, check=False)
    assert (done.returncode, done.stdout) == (0, "late\n"), done.stderr


def test_twenty_years_are_read_quickly_and_exactly() -> None:
    data = shared_material.path("history", "index_close_2005_2025.csv").read_bytes()
    took = []
    for _ in range(3):
        began = time.thread_time()  # a busy machine is no fault of the reader
        table = read_own(data, lambda title: title, Spelling()).table
        took.append(time.thread_time() - began)
    assert min(took) < 0.15
    rut = table.columns["RUT"]
    assert table.refused == {}
    assert rut.values[rut.dates.index(date(2025, 12, 11))] == 2590.61
    assert max(rut.values) == 2590.61
    assert rut.dates == nyse().sessions(rut.dates[0], rut.dates[-1])
