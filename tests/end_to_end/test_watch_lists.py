"""Watch lists in the real program: added, described and dropped by keys, in a file whose comments stay."""

import pytest
import tomli

from tests.end_to_end.home import Home, answered, price_shown, quit_cleanly, shows

pytestmark = pytest.mark.terminal


def rows_of(home: Home) -> list[object]:
    lists = tomli.loads(home.config.read_text(encoding="utf-8")).get("watchlists", [])
    return [symbol for listed in lists for symbol in listed["symbols"]]


def last_line(seen: str) -> str:
    return seen.rstrip().splitlines()[-1].strip()


def test_a_symbol_is_added_described_and_dropped_by_keys(quick_home: Home) -> None:
    before = f"# mine\n{quick_home.config.read_text(encoding='utf-8')}"
    quick_home.config.write_text(before, encoding="utf-8")
    price = quick_home.upstream.market.last("QQQ").price
    with quick_home.start() as session:
        session.wait_for(lambda seen: price_shown(seen, "RUT") not in (None, "?"))
        session.wait_for(answered)
        session.press("8")
        session.wait_for("No watch list yet.")
        session.press("n")
        session.send("QQQ #tech the large ones\r")
        session.wait_for(lambda seen: "QQQ is added to watch, in " in last_line(seen))
        session.wait_for(lambda seen: shows(seen, {"QQQ": f"{price:,.2f}"}) and "tech" in seen)
        assert rows_of(quick_home) == [{"symbol": "QQQ", "note": "the large ones", "tag": "tech"}]
        session.press("N")
        session.wait_for("#tech the large ones")
        session.send(" of them\r")
        session.wait_until(
            lambda: rows_of(quick_home) == [{"symbol": "QQQ", "note": "the large ones of them", "tag": "tech"}],
            "the note in the file",
        )
        session.press("n")
        session.send("QQQ\r")
        session.wait_for("is in watch already")
        session.wait_for(lambda seen: last_line(seen) == "QQQ")  # it can be typed over
        session.press("escape")
        session.wait_for(lambda seen: last_line(seen) != "QQQ")
        session.press("x")
        session.wait_for(lambda seen: "QQQ is dropped from watch; n offers it again" in last_line(seen))
        session.wait_until(lambda: rows_of(quick_home) == [], "the symbol is out of the file")
        session.wait_for("no symbol in this list")
        quit_cleanly(session)
    after = quick_home.config.read_text(encoding="utf-8")
    assert after.startswith(before.rstrip()), "what stood there stays to the letter"
    assert quick_home.log() == ""
