"""The config, edited while the real program runs."""

import os
import re
from functools import partial

import pytest

from tests.end_to_end.home import Home, answered, price_shown, quit_cleanly, shows
from tests.terminal.pty_session import PtySession

pytestmark = pytest.mark.terminal


def squeezed(text: str) -> str:
    """Without what lines are broken and framed by."""
    return re.sub(r"[\s│▌]+", "", text)


def has_row(row: str, seen: str) -> bool:
    return price_shown(seen, row) is not None


def edit(home: Home, old: str, new: str) -> None:
    """Replace `old` in the config as careful editors do: another file takes its place."""
    text = home.config.read_text(encoding="utf-8")
    assert old in text
    beside = home.config.with_suffix(".new")
    beside.write_text(text.replace(old, new), encoding="utf-8")
    os.replace(beside, home.config)


def start(home: Home) -> PtySession:
    session = home.start()
    session.__enter__()
    session.wait_for(lambda seen: price_shown(seen, "RUT") not in (None, "?"))
    session.wait_for(answered)
    return session


def checked(home: Home, old: str, new: str) -> str:
    """What `config check` would say of the file with `new` in the place of `old`."""
    file = home.config.with_name("faulty.toml")
    file.write_text(home.config.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with home.start("config", "check", "--config", str(file), columns=300, rows=10) as command:
        assert command.exit_code() == 2
        return squeezed(command.screen_text())


def test_an_edit_is_on_the_screen_within_two_seconds(quick_home: Home) -> None:
    with start(quick_home) as session:
        took = []
        for old, new, row in (('id = "RUT"', 'id = "R2K"', "R2K"), ('id = "R2K"', 'id = "RUT"', "RUT")) * 2:
            edit(quick_home, old, new)
            took.append(session.wait_for(partial(has_row, row)))
        assert min(took) < 2.0, took
        quit_cleanly(session)
    assert quick_home.log() == ""


def test_a_ticker_of_a_new_config_has_its_price_and_one_that_is_gone_has_no_row(quick_home: Home) -> None:
    market = quick_home.upstream.market
    with start(quick_home) as session:
        edit(quick_home, 'id = "IWM"\nsymbol = "IWM"', 'id = "QQQ"\nsymbol = "QQQ"')
        session.wait_for(lambda seen: shows(seen, {"QQQ": f"{market.last('QQQ').price:,.2f}"}))
        assert price_shown(session.screen_text(), "IWM") is None
        quit_cleanly(session)


def test_a_faulty_config_is_refused_with_the_words_of_config_check_and_the_old_one_stays(quick_home: Home) -> None:
    sound, faulty = "thesis = true", 'thesis = "yes"\ntheses = 1'
    told = checked(quick_home, sound, faulty)
    first = told[told.index("sectors[1].thesis:") :].partition("rotation-tui:")[0]
    assert "sectors[1].theses:" in told
    with start(quick_home) as session:
        edit(quick_home, sound, faulty)
        session.wait_for(lambda seen: first in squeezed(seen) and "(and1more" in squeezed(seen))
        session.wait_for(lambda seen: "configcheck" in squeezed(seen))
        assert price_shown(session.screen_text(), "RUT") not in (None, "?")
        edit(quick_home, faulty, sound)
        edit(quick_home, 'id = "RUT"\n', 'id = "R2K"\n')
        session.wait_for(lambda seen: price_shown(seen, "R2K") is not None)
        quit_cleanly(session)


def test_other_feeds_are_asked_without_a_restart(quick_home: Home) -> None:
    market = quick_home.upstream.market
    with start(quick_home) as session:
        session.press("6")
        session.wait_for("order of failover")
        edit(quick_home, "[risk]\n", '[[feeds]]\nprovider = "cboe"\n[risk]\n')
        session.wait_for(lambda seen: "cboe" in seen and "yahoo" not in seen.split("Events")[0])
        asked = quick_home.upstream.count("yahoo")
        market.scale("SPX", 1.01)
        session.press("1")
        session.wait_for(lambda seen: shows(seen, {"SPX": f"{market.last('SPX').price:,.2f}"}))
        assert quick_home.upstream.count("yahoo") == asked
        quit_cleanly(session)


def test_what_was_there_stays_where_the_file_is_gone_a_folder_or_a_pipe(quick_home: Home) -> None:
    text = quick_home.config.read_text(encoding="utf-8")
    with start(quick_home) as session:
        quick_home.config.unlink()
        session.wait_for("is gone")
        quick_home.config.mkdir()
        session.wait_for("Is a directory")
        quick_home.config.rmdir()
        os.mkfifo(quick_home.config)
        session.wait_for("pipe or a device")
        quick_home.config.unlink()
        quick_home.config.symlink_to(quick_home.config)
        session.wait_for("symbolic links")
        quick_home.config.unlink()
        quick_home.config.write_text("#" * 50_000_000, encoding="utf-8")
        session.wait_for("1000 kB")
        quick_home.config.write_text(text.replace('id = "RUT"\n', 'id = "R2K"\n'), encoding="utf-8")
        session.wait_for(lambda seen: price_shown(seen, "R2K") is not None)
        quit_cleanly(session)
    assert quick_home.log() == ""


def test_a_key_is_another_one_from_the_moment_it_is_saved(quick_home: Home) -> None:
    with start(quick_home) as session:
        session.press("f")
        session.wait_for("f goes on")
        session.press("f")
        session.wait_for("what is true now is shown")
        edit(quick_home, "[risk]\n", '[keys]\nfreeze = ["ctrl+f", "Z"]\nquit = "X"\n[risk]\n')
        session.wait_for(lambda seen: "ctrl+f freeze" in seen and "X quit" in seen)
        session.press("f")
        session.wait_for("f is no key here")
        session.send(b"\x06")
        session.wait_for("ctrl+f goes on")
        session.press("X")
        assert session.exit_code() == 0
    assert quick_home.log() == ""


def test_options_and_variables_stay_above_a_file_that_changes(quick_home: Home) -> None:
    above = {"ROTATION_TUI_TICKERS": '[{ id = "ONLY", symbol = "SPX" }]'}
    with quick_home.start("--ascii", env=above) as session:
        session.wait_for(lambda seen: price_shown(seen, "ONLY") not in (None, "?"))
        edit(quick_home, "[risk]\n", "[display]\nascii = false\nfutures = true\n[risk]\n")
        session.wait_for(lambda seen: has_row("ES=F", seen))
        edit(quick_home, "futures = true\n", 'futures = true\nmouse = "off"\n')
        session.wait_until(lambda: session.raw.rfind(b"\x1b[?1000l") > 0, "the mouse to be left alone")
        edit(quick_home, 'mouse = "off"\n', 'mouse = "on"\n')
        session.wait_until(lambda: session.raw.rfind(b"\x1b[?1000h") > session.raw.rfind(b"\x1b[?1000l"), "the mouse")
        screen = session.screen_text()
        assert has_row("ONLY", screen)
        assert not has_row("RUT", screen)
        assert screen.isascii()
        quit_cleanly(session)
