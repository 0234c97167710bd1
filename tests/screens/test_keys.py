"""One table of keys: what it names is bound, what is bound exists, and the help shows all of it."""

import inspect

import pytest
from msgspec.structs import replace
from textual.actions import parse
from textual.binding import Binding
from textual.keys import _character_to_key

from rotation_tui.app.monitor import Monitor
from rotation_tui.board.contract import Mode
from rotation_tui.screens import steer
from rotation_tui.screens.keys import JUMPS, KEYS, SCREENS, TAPE, Key
from rotation_tui.screens.view import View
from rotation_tui.widgets.cells import plain
from rotation_tui.widgets.glyphs import ASCII, UNICODE, Glyphs
from tests.boards import CONFIG, FULL
from tests.panes.test_claims import BOARD as CLAIMS
from tests.panes.test_contract import PANES, panes_of, sheet_of

NAMED = [key for key in KEYS if key.words]


def bound() -> dict[str, str]:
    """Action by key, as the monitor binds them."""
    pairs: list[tuple[str, str]] = []
    for binding in Monitor.BINDINGS:
        assert isinstance(binding, Binding)
        pairs += [(key.strip(), binding.action) for key in binding.key.split(",")]
    assert len(pairs) == len(dict(pairs)), "a key is bound twice"
    return dict(pairs)


def test_every_key_of_the_table_is_bound_and_no_other() -> None:
    table = {key: entry.action for entry in KEYS for key in entry.keys.split(",")}
    actions = bound()
    assert {key: actions.get(key) for key in table} == table
    assert set(actions) - set(table) == {"ctrl+c"}, "ctrl+c is every terminal's own"


@pytest.mark.parametrize("action", sorted(set(bound().values())))
def test_every_action_exists_and_takes_what_it_is_given(action: str) -> None:
    _, name, parameters = parse(action)
    inspect.signature(getattr(Monitor, f"action_{name}")).bind(None, *parameters)
    if name == "step":
        step, *given = map(str, parameters)
        inspect.signature(getattr(steer, step)).bind(View(), None, *given)


@pytest.mark.parametrize("key", [k for k in KEYS if len(k.shown) == 1 and k.shown.isascii()], ids=lambda k: k.shown)
def test_a_key_is_written_as_it_is_typed(key: Key) -> None:
    assert _character_to_key(key.shown) in key.keys.split(",")


def test_the_help_shows_the_keys_of_a_tape_while_one_is_played() -> None:
    text = plain(sheet_of(replace(FULL, mode=Mode.REPLAY), View(help=True), (120, 50)).rows)
    assert all(key.words in text for key in NAMED)
    assert any(key.group == TAPE for key in NAMED)


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)], ids=str)
@pytest.mark.parametrize("glyphs", [UNICODE, ASCII], ids=["unicode", "ascii"])
def test_the_help_shows_every_key_with_all_its_words(size: tuple[int, int], glyphs: Glyphs) -> None:
    text = plain(sheet_of(FULL, View(help=True), size, glyphs).rows)
    for key in NAMED:
        assert (key.words in text) is (key.group != TAPE), key
    if glyphs is UNICODE:
        assert all(key.shown in text for key in NAMED if key.group != TAPE)
    else:
        assert text.isascii()
        assert "dn j up k next" in text, "a key does not touch what it does"
        assert "<- ->" in text
        drawn = plain(sheet_of(FULL, View(help=True), size, UNICODE).rows)
        assert text.count("?") == drawn.count("?"), "a question mark is for what is unknown"
    assert "esc closes" in text


def test_every_key_without_words_is_the_way_back_of_one_with() -> None:
    named = {parse(key.action)[1] for key in NAMED}
    for key in KEYS:
        if not key.words:
            told = any(key.keys in other.shown.split() for other in NAMED)
            assert told or parse(key.action)[1] in named


def test_keys_that_settings_use_are_bound_both_ways() -> None:
    actions = bound()
    for pane in PANES.values():
        for setting in pane.settings:
            assert actions[setting.key] == f"setting('{setting.key}', 1)"
            assert actions[setting.key.upper()] == f"setting('{setting.key}', -1)"
            choices = setting.choices_on(CLAIMS)
            assert len(set(choices)) == len(choices) > 1


def test_every_pane_of_a_screen_has_a_letter_to_jump_to() -> None:
    assert len(set(JUMPS)) == len(JUMPS)
    for screen in SCREENS:
        assert len(panes_of(screen)) <= len(JUMPS)
        for size in ((80, 24), (200, 60)):
            sheet = sheet_of(FULL, View(screen=screen, jumping=True), size)
            text = plain(sheet.rows)
            shown = [slot for slot, _ in sheet.spots if slot.framed or slot.pane.least > 1]
            for slot in shown:
                assert f"[{JUMPS[sheet.panes.index(slot.pane.name)]}]" in text


def test_the_panes_of_every_screen_exist_and_stand_one_way() -> None:
    assert {pane for screen in SCREENS.values() for pane in screen.panes} | set(CONFIG.layout.overview) <= set(PANES)
    assert [name for name, screen in SCREENS.items() if not screen.panes] == ["overview"], "its panes are in the config"
    assert not any(screen.stacked and screen.paired for screen in SCREENS.values())


@pytest.mark.parametrize(
    ("view", "moved"),
    [
        (View(screen="sectors"), "back"),
        (View(screen="sectors", focus="rotation"), "back"),
        (View(screen="spreads"), "cursor"),
        (View(screen="charts"), "cursor"),
    ],
)
def test_left_and_right_step_what_is_in_sight(view: View, moved: str) -> None:
    sheet = sheet_of(FULL, view, (120, 40), UNICODE)
    stepped = view
    for _ in range(60):
        stepped = steer.moved_cursor(stepped, sheet, -1)
    assert set(stepped.settings) == {moved}
    assert int(stepped.settings[moved]) == {"back": 52, "cursor": 60}[moved]
    assert steer.moved_cursor(stepped, sheet, 999).settings == {moved: "0"}
    assert "back" not in stepped.kept().settings, "the morning begins with now"


@pytest.mark.parametrize("screen", [name for name, screen in SCREENS.items() if screen.panes])
def test_the_key_of_a_screen_leads_into_its_first_pane_whose_keys_the_last_line_has(screen: str) -> None:
    view = steer.on(View(), sheet_of(FULL, View(), (122, 38)), screen)
    there = sheet_of(FULL, view, (122, 38))
    assert view.focus == there.panes[0]
    own = [key.short for key in KEYS if key.short and key.works_in is not None and key.works_in(PANES[view.focus])]
    assert own[0] in plain(there.rows[-1:])
