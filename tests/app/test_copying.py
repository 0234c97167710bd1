"""Copying: a value, a row, a pane or a link goes to the terminal's clipboard, and the last line says so."""

import base64
import csv
import io

import pytest
from msgspec.structs import replace

from rotation_tui.app.copying import Choice, Copier, choices, pane_text
from rotation_tui.app.viewer import Viewer
from rotation_tui.board.contract import Board
from rotation_tui.board.private import AMOUNTS, discreet
from rotation_tui.domain.reading import InputReading
from rotation_tui.screens.keys import SCREENS
from rotation_tui.screens.overlay import Offers
from rotation_tui.screens.view import View
from rotation_tui.widgets.keyed import told
from tests.app.test_muting import a_run
from tests.boards import FULL
from tests.panes.test_contract import sheet_of

ON_RUT = View(focus="indexes").with_selected("indexes", "RUT")


def _choices(view: View, board: Board = FULL) -> dict[str, Choice]:
    return {choice.name: choice for choice in choices(board, view, sheet_of(board, view, (122, 38)))}


def _table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text), delimiter="\t"))


def test_a_row_a_value_and_the_pane_of_it() -> None:
    found, row = _choices(ON_RUT), FULL.tickers[0]
    assert next(iter(found)) == "row", "what enter takes"
    assert _table(found["row"].text)[0]["last"] == found["last"].text == f"{row.last:.10g}"
    assert found["windows.YTD"].text == f"{row.windows['YTD']:.10g}"
    assert [each["id"] for each in _table(found["pane"].text)] == [row.id for row in FULL.tickers]
    assert found["line"].text.startswith("RUT ")
    assert "Indexes" in found["picture"].text


def test_every_pane_can_be_copied() -> None:
    for screen in SCREENS:
        sheet = sheet_of(FULL, View(screen=screen), (122, 38))
        for pane in sheet.panes:
            found = _choices(View(screen=screen, focus=pane))
            assert found["picture"].text.strip(), pane
            table = next(slot.pane.table for slot, _ in sheet.spots if slot.pane.name == pane)
            assert ("pane" in found) is bool(table is not None and tuple(table(FULL))), pane


def test_in_private_no_amount_is_copied() -> None:
    view = View(screen="positions", focus="positions").with_selected("positions", FULL.positions[0].id)
    shown, hidden = _choices(view), _choices(view, discreet(FULL))
    assert set(AMOUNTS) & shown.keys()
    assert not set(AMOUNTS) & hidden.keys()
    for row in _table(hidden["pane"].text):
        assert {name: told for name, told in row.items() if name in AMOUNTS and told} == {}


def test_a_check_has_links_to_the_series_that_it_reads() -> None:
    group = FULL.risk[0]
    read = (InputReading("NFCI", 0.1, None, "fred"), InputReading("IWM", 200.0, None, "yahoo"))
    checks = (replace(group.checks[0], inputs=read), *group.checks[1:])
    board = replace(FULL, risk=(replace(group, checks=checks), *FULL.risk[1:]))
    found = _choices(View(screen="risk", focus="checks").with_selected("checks", checks[0].id), board)
    assert found["link NFCI"].text == "https://fred.stlouisfed.org/series/NFCI"
    assert found["link IWM"].text == "https://finance.yahoo.com/quote/IWM"


class _Seen(Viewer):
    """A viewer that has drawn the full board."""

    def __init__(self, view: View) -> None:
        super().__init__(a_run(), view, ascii_only=False)
        self.sheet = sheet_of(FULL, view, (122, 38))

    @property
    def board(self) -> Board:
        return FULL


class _Terminal:
    """What was sent and said, and the offers that lie over the screen."""

    def __init__(self, view: View = ON_RUT) -> None:
        self.sent: list[str] = []
        self.said: list[str | None] = []
        self.offers: Offers | None = None
        self.copier = Copier(_Seen(view), self.sent.append, self.said.append)

    @property
    def clipboard(self) -> str:
        return base64.b64decode(self.sent[-1].removeprefix("\x1b]52;c;").removesuffix("\x1b\\")).decode()

    def show(self, offers: Offers | None) -> None:
        self.offers = offers


@pytest.fixture(autouse=True)
def _xterm(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("TMUX", raising=False)


def test_what_is_typed_leaves_the_values_of_that_name() -> None:
    terminal = _Terminal()
    asked = terminal.copier.asked(terminal.show)
    asked.typing("")
    assert terminal.offers is not None
    assert terminal.offers.rows[0][0] == "row"
    asked.typing("ytd")
    assert terminal.offers is not None
    assert {name for name, _ in terminal.offers.rows} >= {"windows.YTD"}
    asked.entered("ytd")
    assert terminal.clipboard == f"{FULL.tickers[0].windows['YTD']:.10g}"
    assert terminal.offers is None
    assert "sent" in (terminal.said[-1] or "")
    assert "doctor" in (terminal.said[-1] or "")


def test_the_pane_is_copied_at_once() -> None:
    terminal = _Terminal()
    terminal.copier.pane()
    whole = pane_text(FULL, ON_RUT, sheet_of(FULL, ON_RUT, (122, 38)))
    assert whole is not None
    assert terminal.clipboard == whole.text


def test_what_is_too_long_is_not_sent_and_e_is_offered() -> None:
    terminal = _Terminal()
    terminal.copier.copy(Choice("pane", "", "x" * 90_000))
    assert terminal.sent == []
    assert "90,000 characters are too many" in (terminal.said[-1] or "")
    assert "e writes" in told(terminal.said[-1] or "")


def test_nothing_is_sent_to_a_console(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "linux")
    terminal = _Terminal()
    terminal.copier.pane()
    assert terminal.sent == []
    assert "a console has no clipboard" in (terminal.said[-1] or "")
