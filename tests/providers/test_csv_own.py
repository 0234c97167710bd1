"""Files as people have them: what is plain is read as it was meant, what is not is refused with what settles it."""

import csv
import gzip
import io
import random
import tracemalloc
from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from rotation_tui.domain.date_order import date_order
from rotation_tui.domain.session import nyse
from rotation_tui.providers.base import BadReply
from rotation_tui.providers.csv_file import text as csv_text
from rotation_tui.providers.csv_file.own import OwnTable, Spelling, read_own

IDS = {"IWM": "IWM", "SPY": "SPY", "RUT": "RUT", "LOW": "LOW", "BRK-B": "BRK-B"}
BOTH = {"IWM": {"2026-11-25": 295.46, "2026-11-27": 296.69}, "SPY": {"2026-11-25": 705.40, "2026-11-27": 708.73}}
ONE = {"IWM": BOTH["IWM"]}
LARGE = {"IWM": {"2026-11-25": 2954.60, "2026-11-27": 2966.90}}


def read(text: str | bytes, columns: Mapping[str, str] | None = None, kind: str = "close", **said: Any) -> OwnTable:
    """The file read for a universe of a few symbols."""
    data = text.encode() if isinstance(text, str) else text
    return read_own(data, lambda title: IDS.get(title.upper()), Spelling(kind, columns=columns or {}, **said))


def values(own: OwnTable) -> dict[str, dict[str, float]]:
    """Values by day by name; no column may have been refused."""
    assert own.table.refused == {}
    return {n: dict(zip(map(str, c.dates), c.values, strict=True)) for n, c in own.table.columns.items()}


def closes(*rows: str, head: str = "Date,IWM,SPY") -> str:
    """A file of these rows."""
    return "\n".join((head, *rows, ""))


PLAIN = closes("2026-11-25,295.46,705.40", "2026-11-27,296.69,708.73")
GERMAN = "Date;IWM;SPY\r\n25.11.2026;295,46;705,40\r\n27.11.2026;296,69;708,73\r\n"

WIDE = {
    "as most programs write it": PLAIN,
    "semicolons and decimal commas": GERMAN,
    "tabs": PLAIN.replace(",", "\t"),
    "bars": PLAIN.replace(",", "|"),
    "fields beside the symbols": closes("2026-11-25,295.46,9,705.40", "2026-11-27,296.69,9,708.73",
                                        head="Date,IWM Close,IWM Volume,SPY (USD)"),
    "the exchange before the symbol": PLAIN.replace("IWM", "NYSEARCA:IWM").replace("SPY", "NYSEARCA:SPY"),
    "the titles once more": closes("2026-11-25,295.46,705.40", "Date,IWM,SPY", "2026-11-27,296.69,708.73"),
    "values carried through a weekend": closes("2026-11-25,295.46,705.40", "2026-11-26,295.46,705.40",
        "2026-11-27,296.69,708.73", "2026-11-28,296.69,708.73", "2026-11-29,296.69,708.73"),
    "spaces between columns": "Date        IWM     SPY\n2026-11-25  295.46  705.40\n2026-11-27  296.69  708.73\n",
    "a space after each comma": PLAIN.replace(",", ", "),
    "the mark of UTF-8": b"\xef\xbb\xbf" + PLAIN.encode(),
    "UTF-16 with its mark": PLAIN.encode("utf-16"),
    "UTF-16 of the other end": b"\xfe\xff" + PLAIN.encode("utf-16-be"),
    "UTF-16 without a mark": PLAIN.encode("utf-16-le"),
    "a title in cp1252": closes("2026-11-25,295.46,705.40,x", "2026-11-27,296.69,708.73,x",
                                head="Date,IWM,SPY,Größe").encode("cp1252"),
    "packed": gzip.compress(PLAIN.encode(), mtime=0),
    "line ends of an old Mac": PLAIN.replace("\n", "\r"),
    "no line end at the end": PLAIN.removesuffix("\n"),
    "quotes around everything": '"Date","IWM","SPY"\n"2026-11-25","295.46","705.40"\n"2026-11-27","296.69","708.73"\n',
    "a line that names the separator": "sep=;\r\n" + GERMAN,
    "empty rows": PLAIN.replace("2026-11-27", "\n  \n2026-11-27") + "\n \n",
    "empty rows of separators": PLAIN + ",,\n,,\n",
    "separators at the end of lines": PLAIN.replace("\n", ",\n"),
    "separators at the end of rows alone": closes("2026-11-25,295.46,705.40,,", "2026-11-27,296.69,708.73,,"),
    "a first column without a title": PLAIN.replace("Date", "", 1),
    "a first column of row numbers": ",Date,IWM,SPY\n0,2026-11-25,295.46,705.40\n1,2026-11-27,296.69,708.73\n",
    "a title of our own for the days": PLAIN.replace("Date", "stand", 1),
    "newest first": closes("2026-11-27,296.69,708.73", "2026-11-25,295.46,705.40"),
    "a preamble": "Closing prices\nAccount: 12345, all funds\nFrom,2026-01-01,To,2026-11-27\n\n" + PLAIN,
    "a footer": PLAIN + "\nSource: my broker\n",
    "a footer with a date in it": PLAIN + '"Downloaded from Barchart.com as of 11-27-2026 03:00pm CST"\n',
    "a footer with commas": PLAIN + "Data by Example, Inc., delayed, as is\n",
    "a footer of means": PLAIN + "Average,296.08,707.07\n",
    "comments": "# made by a script, 5 columns\n" + PLAIN + "# end\n",
    "a line of units": closes(",USD,USD", "2026-11-25,295.46,705.40", "2026-11-27,296.69,708.73"),
    "the same day twice with the same value": PLAIN + "2026-11-27,296.69,708.73\n",
    "currency signs": closes("2026-11-25,$295.46,$705.40", "2026-11-27,$296.69,$708.73"),
    "currency names": closes("2026-11-25,USD 295.46,705.40 USD", "2026-11-27,USD 296.69,708.73 USD"),
    "text kept as text by a spreadsheet": closes('="2026-11-25",="295.46",="705.40"', "'2026-11-27','296.69','708.73'"),
    "US dates": closes("11/25/2026,295.46,705.40", "11/27/2026,296.69,708.73"),
    "European dates": closes("25/11/2026,295.46,705.40", "27/11/2026,296.69,708.73"),
    "European dates with dashes": closes("25-11-2026,295.46,705.40", "27-11-2026,296.69,708.73"),
    "years of two figures": closes("11/25/26,295.46,705.40", "11/27/26,296.69,708.73"),
    "European years of two figures": closes("25.11.26,295.46,705.40", "27.11.26,296.69,708.73"),
    "years first, with slashes": closes("2026/11/25,295.46,705.40", "2026/11/27,296.69,708.73"),
    "days of eight figures": closes("20261125,295.46,705.40", "20261127,296.69,708.73"),
    "English words": closes('"Nov 25, 2026",295.46,705.40', '"Friday, November 27, 2026",296.69,708.73'),
    "day, word, year": closes("25 November 2026,295.46,705.40", "27-Nov-26,296.69,708.73"),
    "German words": "Datum;IWM;SPY\n25. Nov. 2026;295,46;705,40\nFr 27. November 2026;296,69;708,73\n",
    "French words": "Date;IWM;SPY\n25 novembre 2026;295,46;705,40\n27 nov. 2026;296,69;708,73\n",
    "times of day": closes("2026-11-25 16:00:00,295.46,705.40", "11/27/2026 4:00 PM,296.69,708.73"),
    "midnights in New York": closes("2026-11-25 00:00:00-05:00,295.46,705.40",
                                    "2026-11-27T00:00:00-05:00,296.69,708.73"),
    "midnights in UTC": closes("2026-11-25T00:00:00Z,295.46,705.40", "2026-11-27T00:00:00.000+00:00,296.69,708.73"),
    "openings in UTC": closes("2026-11-25T14:30:00Z,295.46,705.40", "2026-11-27T14:30:00Z,296.69,708.73"),
    "seconds since 1970": closes("1795617000,295.46,705.40", "1795789800,296.69,708.73", head="time,IWM,SPY"),
    "several header lines of yfinance": "Price,Close,Close\nTicker,IWM,SPY\nDate,,\n2026-11-25,295.46,705.40\n"
                                        "2026-11-27,296.69,708.73\n",
    "yfinance by ticker": "Ticker,IWM,IWM,IWM,SPY,SPY\nPrice,Open,Close,Volume,Open,Close\nDate,,,,,\n"
                          "2026-11-25,1,295.46,7,2,705.40\n2026-11-27,1,296.69,7,2,708.73\n",
    "yfinance of old": ",Adj Close,Adj Close,Close,Close\n,IWM,SPY,IWM,SPY\nDate,,,,\n"
                                              "2026-11-25,9,9,295.46,705.40\n2026-11-27,9,9,296.69,708.73\n",
    "yfinance in one line": closes("2026-11-25,1,295.46,705.40", "2026-11-27,1,296.69,708.73",
                                   head="Date,Open_IWM,Close_IWM,Close_SPY"),
    "symbols above fields": ",IWM US Equity,,SPY US Equity,\nDates,PX_LAST,PX_VOLUME,PX_LAST,PX_VOLUME\n"
                            "11/25/2026,295.46,10,705.40,20\n11/27/2026,296.69,#N/A N/A,708.73,20\n",
    "long": "date,symbol,close\n2026-11-25,IWM,295.46\n2026-11-25,SPY,705.40\n2026-11-27,IWM,296.69\n"
            "2026-11-27,SPY,708.73\n2026-11-27,XYZ,abc\n",
    "long, the symbol first": "Ticker;Datum;Schlusskurs\nIWM;25.11.2026;295,46\nIWM;27.11.2026;296,69\n"
                              "SPY;25.11.2026;705,40\nSPY;27.11.2026;708,73\n",
    "long with all fields, as Stooq has it":
        "<TICKER>,<PER>,<DATE>,<TIME>,<OPEN>,<HIGH>,<LOW>,<CLOSE>,<VOL>,<OPENINT>\n"
        "IWM.US,D,20261125,000000,1,2,0.5,295.46,100,0\nIWM.US,D,20261127,000000,1,2,0.5,296.69,100,0\n"
        "SPY.US,D,20261125,000000,1,2,0.5,705.40,100,0\nSPY.US,D,20261127,000000,1,2,0.5,708.73,100,0\n",
}  # fmt: skip


@pytest.mark.parametrize("text", WIDE.values(), ids=WIDE.keys())
def test_what_is_plain_is_read_as_it_was_meant(text: str | bytes) -> None:
    assert values(read(text)) == BOTH


SINGLE: dict[str, tuple[str, str, dict[str, dict[str, float]]]] = {
    "Nasdaq": ("Date,Close/Last,Volume,Open,High,Low\n11/27/2026,$296.69,1000,$295.50,$297.00,$295.10\n"
               "11/25/2026,$295.46,1200,$297.20,$297.30,$294.90\n", "Close/Last", ONE),
    "investing.com": ('\ufeff"Date","Price","Open","High","Low","Vol.","Change %"\n'
                      '"11/27/2026","2,966.90","2,955.00","2,970.00","2,951.00","33.10M","0.42%"\n'
                      '"11/25/2026","2,954.60","2,972.00","2,973.00","2,949.00","30.00M","-0.56%"\n', "Price", LARGE),
    "investing.com in German": ('"Datum","Zuletzt","Eröffn.","Hoch","Tief","Vol.","+/- %"\n'
                                '"27.11.2026","2.966,90","2.955,00","2.970,00","2.951,00","","0,42%"\n'
                                '"25.11.2026","2.954,60","2.972,00","2.973,00","2.949,00","","-0,56%"\n',
                                "Zuletzt", LARGE),
    "Yahoo": ("Date,Open,High,Low,Close,Adj Close,Volume\n2026-11-24,null,null,null,null,null,null\n"
              "2026-11-25,1,2,1,295.460000,290.1,100\n2026-11-27,1,2,1,296.690000,291.2,100\n", "Close", ONE),
    "Yahoo's page, copied": ("Date\tOpen\tHigh\tLow\tClose Close price adjusted for splits.\tAdj Close\tVolume\n"
                             "Nov 27, 2026\t295.50\t297.00\t295.10\t296.69\t296.69\t1,000\n"
                             "Nov 26, 2026\t0.62 Dividend\n"
                             "Nov 25, 2026\t297.20\t297.30\t294.90\t295.46\t294.84\t1,200\n",
                             "Close Close price adjusted for splits.", ONE),
    "GOOGLEFINANCE": ("Date,Close\n11/25/2026 16:00:00,295.46\n11/27/2026 13:00:00,296.69\n", "Close", ONE),
    "TradingView": ("time,open,high,low,close,Volume\n2026-11-25T14:30:00Z,1,2,1,295.46,5\n"
                    "2026-11-27T14:30:00Z,1,2,1,296.69,5\n", "close", ONE),
    "Barchart": ('Time,Open,High,Low,Last,Change,%Chg,Volume\n11/27/2026,1,2,1,296.69,1.23,+0.42%,5\n'
                 '11/25/2026,1,2,1,295.46,-1.7,-0.56%,5\n"Downloaded from Barchart.com as of 11-27-2026 03:00pm CST"\n',
                 "Last", ONE),
    "Wall Street Journal": ("Date, Open, High, Low, Close\n11/27/26, 1, 2, 1, 2966.90\n11/25/26, 1, 2, 1, 2954.60\n",
                            "Close", LARGE),
    "Portfolio Performance": ("Datum;Kurs\n2026-11-25;2.954,60\n2026-11-27;2.966,90\n", "Kurs", LARGE),
    "Bloomberg": ("Security,IWM US Equity\nStart Date,11/25/2026\nEnd Date,11/27/2026\nPeriod,D\n\nDate,PX_LAST\n"
                  "11/27/2026,296.69\n11/26/2026,#N/A N/A\n11/25/2026,295.46\n", "PX_LAST", ONE),
    "MetaTrader": ("<DATE>\t<OPEN>\t<HIGH>\t<LOW>\t<CLOSE>\t<TICKVOL>\n2026.11.25\t1\t2\t1\t295.46\t5\n"
                   "2026.11.27\t1\t2\t1\t296.69\t5\n", "<CLOSE>", ONE),
    "Swiss figures": ("Datum;Kurs\n25.11.2026;2'954.60\n27.11.2026;2’966.90\n", "Kurs", LARGE),
    "French figures": ("Date;Dernier\n25/11/2026;2\u202f954,60\n27/11/2026;2\u00a0966,90\n", "Dernier", LARGE),
    "Yahoo's page, with stars": ("Date,Close*,Adj Close**\n2026-11-25,295.46,1.25\n2026-11-27,296.69,1.25\n"
                                 '"*Close price adjusted for splits. **Adjusted close price."\n', "Close", ONE),
    "Stooq in Polish": ("Data,Otwarcie,Najwyzszy,Najnizszy,Zamkniecie,Wolumen\n2026-11-25,1,2,1,295.46,5\n"
                        "2026-11-27,1,2,1,296.69,5\n", "Zamkniecie", ONE),
    "MarketWatch": ('Date,Open,High,Low,Close,Volume\n'
                    '"11/27/2026","2,955.00","2,970.00","2,951.00","2,966.90","1,000"\n'
                    '"11/25/2026","2,972.00","2,973.00","2,949.00","2,954.60","1,200"\n', "Close", LARGE),
    "another case of the title": ("DATE,CLOSE\n2026-11-25,295.46\n2026-11-27,296.69\n", "Close", ONE),
}  # fmt: skip


@pytest.mark.parametrize(("text", "title", "expected"), SINGLE.values(), ids=SINGLE.keys())
def test_a_file_of_one_symbol_is_read_once_the_config_names_it(
    text: str, title: str, expected: dict[str, dict[str, float]]
) -> None:
    assert values(read(text, {title: "IWM"})) == expected
    said = read(text)
    assert said.table.columns == {}
    if title.casefold() in ("close", "last", "price", "kurs", "close/last", "px_last"):
        assert 'columns = { "' in said.problem
        assert '" = "IWM" }' in said.problem


def test_fields_of_a_session_are_no_symbols() -> None:
    own = read("Date,Open,High,Low,Close\n2026-11-25,1,2,1,1.5\n")
    assert own.table.columns == {}, "LOW is a symbol, Low beside High is not"
    assert values(read("Date,IWM,LOW\n2026-11-25,295.46,250\n"))["LOW"] == {"2026-11-25": 250.0}


def test_the_kind_chooses_between_close_and_adjusted_close() -> None:
    text = "Price,Adj Close,Close\nTicker,IWM,IWM\nDate,,\n2026-11-25,290.5,295.46\n"
    assert values(read(text)) == {"IWM": {"2026-11-25": 295.46}}
    assert values(read(text, kind="adjusted_close")) == {"IWM": {"2026-11-25": 290.5}}
    assert 'kind = "adjusted_close"' in read("Date,Adj Close\n2026-11-25,290.5\n").problem


BLANKS = ["", " ", ".", "-", "--", "NaN", "nan", "null", "NULL", "NA", "N/A", "n/a", "#N/A", "#NV", "#DIV/0!", "None",
          "#VALUE!", "—", "<NA>", "#N/A N/A"]  # fmt: skip


@pytest.mark.parametrize("cell", BLANKS)
def test_a_blank_is_no_value_that_day_and_costs_nothing_else(cell: str) -> None:
    text = closes(f"2026-11-24,{cell},693.56", "2026-11-25,295.46,705.40", f"2026-11-27,296.69,{cell}")
    assert values(read(text)) == {
        "IWM": BOTH["IWM"],
        "SPY": {"2026-11-24": 693.56, "2026-11-25": 705.40},
    }


NUMBERS = {
    "thousands and decimals": (["2,954.60", "954"], [2954.60, 954.0]),
    "German thousands and decimals": (["2.954,60", "954"], [2954.60, 954.0]),
    "thousands that another row tells": (["2,954", "954.60"], [2954.0, 954.60]),
    "German thousands that another row tells": (["2.954", "954,60"], [2954.0, 954.60]),
    "three decimals that another row tells": (["2.954", "954.60"], [2.954, 954.60]),
    "millions": (["1,234,567", "1,234"], [1234567.0, 1234.0]),
    "German millions": (["1.234.567", "1.234"], [1234567.0, 1234.0]),
    "apostrophes": (["1'234.567", "234.5"], [1234.567, 234.5]),
    "thin spaces": (["1\u202f234,567", "1\u2009234,5"], [1234.567, 1234.5]),
    "a zero before": (["0.125", "1.125"], [0.125, 1.125]),
    "four figures before": (["2954.125", "1.125"], [2954.125, 1.125]),
    "powers of ten": (["2.9546E+03", "1e3"], [2954.6, 1000.0]),
    "a currency": (["€ 2.954,60", "954,60 €"], [2954.60, 954.60]),
    "a currency in the first row alone": (["$954.60", "954.70"], [954.60, 954.70]),
    "a plus": (["+2.5", "+1"], [2.5, 1.0]),
}


@pytest.mark.parametrize(("cells", "expected"), NUMBERS.values(), ids=NUMBERS.keys())
def test_numbers_are_read_as_the_column_proves_them(cells: list[str], expected: list[float]) -> None:
    text = closes(f'2026-11-25,"{cells[0]}"', f'2026-11-27,"{cells[1]}"', head="Date,IWM")
    assert list(values(read(text))["IWM"].values()) == expected


SIGNED = {"-0.5": -0.5, "−0.5": -0.5, "(0.5)": -0.5, "4.25%": 4.25, "-$1.50": -1.5, "$-1.50": -1.5, "0": 0.0}


def test_a_percent_beside_a_bare_number_is_refused() -> None:
    text = "date,IWM\n2026-11-25,4.25%\n2026-11-27,0.0425\n"
    assert "IWM" in read(text, kind="observation").table.refused


@pytest.mark.parametrize(("cell", "expected"), SIGNED.items())
def test_observations_have_signs_and_percents(cell: str, expected: float) -> None:
    assert values(read(f"date,IWM\n2026-11-25,{cell}\n", kind="observation"))["IWM"] == {"2026-11-25": expected}


OPEN = {
    "a thousand or a decimal point": (closes("2026-11-25,1.234", head="Date,IWM"), '"1.234" may be 1.234 or 1234'),
    "a thousand or a decimal comma": (closes('2026-11-25,"2,954"', head="Date,IWM"), r'"2,954" may be 2954 or 2\.954'),
    "both marks in one column": (closes("2026-11-25;295,46", "2026-11-27;296.69", head="Date;IWM"),
                                 'line 3, column IWM: "296.69", but line 2 has "295,46"'),
    "two currencies": (closes("2026-11-25,$295.46", "2026-11-27,€296.69", head="Date,IWM"), 'line 3.*is in "€"'),
    "a percent for a price": (closes("2026-11-25,0.42%", head="Date,IWM"), 'line 2.*"0.42%" is not a price'),
    "a word": (closes("2026-11-25,abc", head="Date,IWM"), 'line 2, column IWM: "abc" is not a price'),
    "32nds": (closes("2026-11-25,110'16", head="Date,IWM"), "is not a price"),
    "millions of a price": (closes("2026-11-25,1.2M", head="Date,IWM"), "is not a price"),
    "figures with underscores": (closes("2026-11-25,1_000", head="Date,IWM"), "is not a price"),
    "figures of another script": (closes("2026-11-25,１２", head="Date,IWM"), "is not a price"),
    "another value for the same day": (PLAIN + "2026-11-27,296.70,708.73\n", "says 296.69 and 296.7 for 2026-11-27"),
    "two titles for one symbol": (closes("2026-11-25,1,2", head="Date,IWM,iwm"), "both hold IWM"),
    "two values in a long file": ("date,symbol,close\n2026-11-25,IWM,1\n2026-11-25,IWM,2\n", "says 1 and 2 for"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "words"), OPEN.values(), ids=OPEN.keys())
def test_a_column_that_may_mean_two_things_is_refused(text: str, words: str) -> None:
    own = read(text)
    assert "IWM" not in own.table.columns
    with pytest.raises(BadReply, match=words):
        raise BadReply(own.table.refused["IWM"])


def test_what_spoils_one_column_leaves_the_other() -> None:
    own = read(closes("2026-11-25,abc,705.40"))
    assert (list(own.table.columns), list(own.table.refused)) == (["SPY"], ["IWM"])


REFUSED = {
    "nothing": ("", "is empty"),
    "a day that may be another": (closes("03/04/2026,295.46", "04/03/2026,296.69", head="Date,IWM"),
                                  r'line 2: "03/04/2026" may be 3 April 2026 \(date_format = "dmy"\) or 4 March 2026'),
    "days that change their places": (closes("25/11/2026,1", "11/27/2026,2", head="Date,IWM"),
                                      'line 2 has the date "25/11/2026" and line 3 "11/27/2026"'),
    "a short year at either end": (closes("10/11/12,1", head="Date,IWM"), "may be .* or .* or "),
    "days counted by a spreadsheet": (closes("46351,295.46", head="Date,IWM"), 'date_format = "excel"'),
    "no titles": ("2026-11-25,295.46,705.40\n", "line 1 has data already"),
    "no dates": ("a,b\n1,2\n", "no line has a date and a number"),
    "a month that is none": (closes("2026-13-25,1", "2026-11-27,2", head="Date,IWM"),
                             'line 2: "2026-13-25" is no date'),
    "a day written otherwise": (closes("2026-11-25,1", "yesterday 2,2", "2026-11-27,2", head="Date,IWM"),
                                'line 3: "yesterday 2" is no date like 2026-11-25'),
    "a month in a language of its own": (closes("1 joulukuu 2026,2", "25 nov 2026,1", head="Date,IWM"), "is no date"),
    "decimal commas without quotes": (closes("2026-11-25,295,46,705,40"),
                                      "line 2 has 5 cells, the header 3: a number with"),
    "a short row": (closes("2026-11-25,295.46"), "line 2 has 2 cells, the header 3"),
    "a quote left open": (closes('2026-11-24,"290,1', "2026-11-25,295.46,705.40", "2026-11-27,296.69,708.73"), "quote"),
    "an evening": (closes("2026-11-25T23:30:00Z,295.46", head="Date,IWM"), "an evening in New York"),
    "two columns of dates": ("Date,Close,Date,Close\n2026-11-25,295.46,2026-11-24,705.40\n", "has 2 columns of dates"),
    "days a day late": (closes(*(f"2026-11-{d},{d}" for d in (10, 11, 12, 13, 14, 17, 18, 19, 20, 21)),
                               head="Date,IWM"), "line 6: 2026-11-14 is a Saturday, and no row is of a Monday"),
    "days a day early": (closes(*(f"2026-11-{d:02},{d}" for d in (8, 9, 10, 11, 12, 15, 16, 17, 18)),
                                head="Date,IWM"), "line 2: 2026-11-08 is a Sunday, and no row is of a Friday"),
    "a workbook": (b"PK\x03\x04rest", "save the sheet as CSV"),
    "an old workbook": (b"\xd0\xcf\x11\xe0rest", "save the sheet as CSV"),
    "a web page": (b"<!DOCTYPE html><html></html>", "is a web page"),
    "bytes that are no text": (b"Date,IWM\n2026-11-25,\x81\xff\n", "is no text: byte 20 is 0x81"),
    "half of a UTF-16 file": (PLAIN.encode("utf-16")[:-1], "is no text in utf-16"),
    "a damaged archive": (gzip.compress(PLAIN.encode(), mtime=0)[:30], "cut off"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "words"), REFUSED.values(), ids=REFUSED.keys())
def test_a_file_that_leaves_it_open_is_refused_with_what_settles_it(text: str | bytes, words: str) -> None:
    with pytest.raises(BadReply, match=words):
        read(text)


def test_what_the_config_says_settles_it() -> None:
    open_days = closes("03/04/2026,295.46", head="Date,IWM")
    assert values(read(open_days, date_format="dmy"))["IWM"] == {}, "Good Friday is no session"
    assert values(read(open_days, date_format="mdy"))["IWM"] == {"2026-03-04": 295.46}
    assert values(read(open_days, date_format="%m/%d/%Y"))["IWM"] == {"2026-03-04": 295.46}
    counted = closes("46351,295.46", "46353,296.69", head="Date,IWM")
    assert values(read(counted, date_format="excel")) == ONE
    assert values(read(closes('2026-11-25,"2,954"', head="Date,IWM"), decimal="."))["IWM"] == {"2026-11-25": 2954.0}
    assert values(read(closes('2026-11-25,"2,954"', head="Date,IWM"), decimal=","))["IWM"] == {"2026-11-25": 2.954}
    assert values(read(PLAIN.replace(",", "|"), separator="|")) == BOTH
    refused = read(PLAIN, decimal=",").table.refused["IWM"]
    assert 'line 2, column IWM: "295.46" is not a price with "," before its decimals' in refused
    with pytest.raises(BadReply, match=r'line 2: "2026-11-25" is no date.*date_format = "%d.%m.%Y"'):
        read(PLAIN, date_format="%d.%m.%Y")


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("DD/MM/YYYY", "dmy"),
        ("m/d/yy", "mdy"),
        ("yyyy-mm-dd", "ymd"),
        ("ISO", "ymd"),
        ("Excel", "excel"),
        ("%d %b %y", "%d %b %y"),
    ],
)
def test_an_order_may_be_spelled_in_several_ways(text: str, order: str) -> None:
    assert date_order(text) == order


@pytest.mark.parametrize("text", ["", "european", "dd/mm", "%d", "dmd"])
def test_an_order_that_is_none_is_refused_with_those_that_are(text: str) -> None:
    with pytest.raises(ValueError, match='allowed: "dmy", "mdy", "ymd"'):
        date_order(text)


@pytest.mark.parametrize(
    ("text", "believed"),
    [
        ("Date;IWM\n25.11.2026;295,46\n27.11.2026;296,6", False),
        ("Date;IWM\n25.11.2026;295,46\n27.11.2026;296,69", True),
        ("date,symbol,close\n2026-11-25,IWM,295.46\n2026-11-27,IWM,296", False),
        ("date,close,symbol\n2026-11-25,295.46,IWM\n2026-11-27,296,IWM", True),
        ("Date,IWM\n2026-11-25,295.46\n2026-11-27,296\n\nSource: my broker", True),
        (closes("2026-11-25,295.46", "2026-11-27,296", head="Date,IWM").encode("utf-16"), True),
    ],
    ids=["a comma, cut", "a comma, whole", "long, cut", "long, whole", "before a footer", "UTF-16, with a line break"],
)
def test_the_end_of_a_file_that_may_be_cut(text: str | bytes, believed: bool) -> None:
    own = read(text)
    assert ("IWM" in own.table.columns) == believed
    assert believed or "may be half a number" in own.table.refused["IWM"]


def figure(value: float, decimal: str, group: str, places: int) -> str:
    """A number as a program of some country writes it."""
    text = f"{value:,.{places}f}" if group else f"{value:.{places}f}"
    return text.translate({ord(","): group, ord("."): decimal})


FIGURES = ((".", ""), (".", ","), (",", ""), (",", "."), (",", "\u202f"), (".", "'"))
DAYS = ("%Y-%m-%d", "%d.%m.%Y", "%m/%d/%Y", "%d/%m/%Y", "%d-%b-%y", "%B %d, %Y", "%m/%d/%y", "%d.%m.%y", "%Y%m%d",
        "%Y/%m/%d", "%d-%m-%Y", "%Y-%m-%dT16:00:00")  # fmt: skip


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(1, 50))])
def test_a_file_of_any_country_is_read_exactly_or_refused(seed: int) -> None:
    """Whatever the spelling: never another number, never another day."""
    rng = random.Random(seed)
    sessions = nyse().sessions(date(2024, 1, 2), date(2026, 6, 30))
    whole = 0
    for _ in range(150):
        (decimal, group), days = rng.choice(FIGURES), rng.choice(DAYS)
        places, separator = rng.choice((0, 1, 2, 2, 2, 3, 4)), rng.choice(",;\t|")
        first = rng.randrange(len(sessions) - 30)
        kept = sorted(rng.sample(sessions[first : first + 30], rng.choice((1, 2, 5, 25))), reverse=rng.random() < 0.5)
        level = rng.choice((0.5, 3.0, 40.0, 290.0, 2600.0, 65_000.0, 1_500_000.0))
        true = {day: {s: round(level * rng.uniform(0.9, 1.2), places) for s in ("IWM", "SPY")} for day in kept}
        out = io.StringIO()
        writer = csv.writer(out, delimiter=separator, lineterminator=rng.choice(("\n", "\r\n", "\r")))
        writer.writerows([["My closes"], []] * rng.randrange(2) + [["Date", "IWM", "SPY"]])
        for day, closes_ in true.items():
            writer.writerow(
                [day.strftime(days), *(figure(value, decimal, group, places) for value in closes_.values())]
            )
        writer.writerows([["Source: somebody"]] * rng.randrange(2))
        try:
            table = read(out.getvalue()).table
        except BadReply as refused:
            assert "date_format" in str(refused) or "day and month change" in str(refused), refused  # noqa: PT017
            continue
        for symbol, column in table.columns.items():
            assert dict(zip(column.dates, column.values, strict=True)) == {d: true[d][symbol] for d in sorted(kept)}
        assert all("may be" in why or "is not a price" in why for why in table.refused.values()), table.refused
        whole += len(table.columns) == 2
    assert whole > 75


def test_how_a_file_was_read_is_told() -> None:
    assert read(GERMAN).understood == 'separator ";", decimal ",", day before month'


@pytest.mark.whole
def test_columns_that_nobody_wants_are_not_kept() -> None:
    head = "date,IWM," + ",".join(f"C{i}" for i in range(500))
    row = ",1.5," + ",".join("123.45" for _ in range(500))
    days = [date.fromordinal(date(2024, 1, 1).toordinal() + i).isoformat() for i in range(600)]
    data = "\n".join([head, *(day + row for day in days)]).encode()
    tracemalloc.start()
    try:
        assert len(read(data).table.columns["IWM"].dates) > 400
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 3 * len(data)


def test_an_archive_is_unpacked_no_further_than_a_file_may_be_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_text, "MOST_BYTES", 1000)
    with pytest.raises(BadReply, match="are read: keep the columns and years that are wanted"):
        read(gzip.compress(b"x" * 5000, mtime=0))
