"""Other keys by the config: what they do, how they are written wherever they are named, and what is refused."""

import ast
import re
from pathlib import Path

import pytest
from textual.keys import _character_to_key

import rotation_tui
from rotation_tui.app.commands import bindings, commands, openers
from rotation_tui.screens.keymap import ACTIONS, DEFAULT, NO_KEY, Keymap, problems, textual_name, written
from rotation_tui.screens.keys import KEYS
from rotation_tui.screens.view import View
from rotation_tui.widgets.cells import plain
from rotation_tui.widgets.keyed import key, told
from tests.boards import FULL
from tests.panes.test_contract import PANES, sheet_of

OTHER = Keymap({"freeze": ("ctrl+f", "!"), "sort": ("f",), "reverse_sort": (), "back": ("q",), "quit": ("ctrl+q",)})


def actions(keymap: Keymap) -> dict[str, str]:
    return {key: binding.action for binding in bindings(keymap) for key in binding.key.split(",")}


def test_every_action_has_a_name_of_its_own_that_can_stand_in_a_file() -> None:
    assert len(set(ACTIONS)) == len(KEYS)
    assert all(re.fullmatch(r"[a-z_]+", name) for name in ACTIONS)


def test_the_keys_of_before_are_the_keys_without_changes() -> None:
    assert DEFAULT.keys == KEYS
    assert Keymap({}).keys == KEYS


def test_what_is_changed_is_bound_and_the_old_key_does_nothing_else() -> None:
    bound = actions(OTHER)
    assert bound["ctrl+f"] == bound["exclamation_mark"] == "freeze"
    assert bound["f"] == "sort(1)"
    assert bound["q"] == "go_back"
    assert "S" not in bound
    assert "escape" not in bound
    assert bound["ctrl+c"] == "quit_at_once(130)"


def test_a_key_that_opens_a_prompt_is_known_by_its_new_name() -> None:
    assert "ctrl+g" in openers(Keymap({"go_to": ("ctrl+g",)}))
    assert "colon" not in openers(Keymap({"go_to": ("ctrl+g",)}))


@pytest.mark.parametrize("character", [chr(n) for n in range(33, 127)])
def test_a_character_has_the_name_that_textual_has_for_it_and_is_written_as_itself(character: str) -> None:
    name = textual_name(character)
    assert name == _character_to_key(character)
    assert written(str(name)) == character


@pytest.mark.parametrize(
    ("typed", "name", "shown"),
    [("esc", "escape", "esc"), ("PgDn", "pagedown", "pgdn"), ("F5", "f5", "f5"), ("ctrl+P", "ctrl+p", "ctrl+p"),
     ("alt+x", "alt+x", "alt+x"), ("shift+tab", "shift+tab", "shift+tab"), ("up", "up", "↑"),
     ("space", "space", "space"), ("ctrl+left", "ctrl+left", "ctrl+←"), ("alt++", "alt+plus", "alt++")],
)  # fmt: skip
def test_keys_that_are_no_character(typed: str, name: str, shown: str) -> None:
    assert textual_name(typed) == name
    assert written(name) == shown


@pytest.mark.parametrize(
    ("changes", "name", "says"),
    [
        ({"freze": ("x",)}, "freze", 'did you mean "freeze"?; there are: overview, '),
        ({"freeze": ("ctlr+f",)}, "freeze", 'no key "ctlr+f", did you mean "ctrl+f"?'),
        ({"freeze": ("",)}, "freeze", 'no key ""'),
        ({"freeze": ("s",)}, "freeze", '"s" is the key of sort already; give sort another one, or none: sort = []'),
        ({"freeze": ("F12",), "sort": ("f12",)}, "sort", '"f12" is the key of freeze already'),
        ({"freeze": ("ctrl+c",)}, "freeze", "ctrl+c ends every program"),
        ({"freeze": ("ctrl+i",)}, "freeze", "ctrl+i is tab to a terminal"),
        ({"next_pane": ("i",)}, "next_pane", "is needed while something is typed"),
        ({"next_pane": ("enter",), "open": ()}, "next_pane", "is needed while something is typed"),
    ],
)
def test_what_cannot_be_is_named(changes: dict[str, tuple[str, ...]], name: str, says: str) -> None:
    found = list(problems(changes))
    assert [key for key, _ in found] == [name]
    assert says in found[0][1]


@pytest.mark.parametrize(
    "changes",
    [
        {},
        OTHER.changes,
        {"freeze": ("s",), "sort": ("f",)},
        {"freeze": ("s",), "sort": ()},
        {"open": ("enter", "l", "o"), "lower": ()},
    ],
    ids=str,
)
def test_keys_that_change_places_are_no_conflict(changes: dict[str, tuple[str, ...]]) -> None:
    assert list(problems(changes)) == []


def test_every_key_can_be_another_one() -> None:
    for entry in KEYS:
        assert list(problems({entry.name: ("ctrl+y",)})) == []
        (bound,) = [k for k in Keymap({entry.name: ("ctrl+y",)}).keys if k.action == entry.action]
        assert bound.keys == "ctrl+y"


def test_a_sentence_shows_the_key_of_now() -> None:
    sentence = f"the board stands; {key('f')} goes on, {key('esc')} leads back, {key('S')} turns"
    assert told(sentence) == "the board stands; f goes on, esc leads back, S turns"
    assert OTHER.told(sentence) == f"the board stands; ctrl+f goes on, q leads back, {NO_KEY} turns"


@pytest.mark.parametrize("size", [(80, 24), (122, 38), (200, 60)], ids=str)
def test_footer_borders_and_help_name_the_keys_of_now(size: tuple[int, int]) -> None:
    keymap = Keymap({"freeze": ("!",), "sort": ("Z",), "help": ("f1",), "quit": ("X",)})
    text = plain(sheet_of(FULL, View(focus="sectors"), size, keymap=keymap).rows)
    assert "f1 help" in text
    assert "X quit" in text
    assert "Z sort" in text
    assert not re.search(r"\bs sort\b|\? help\b|\bq quit\b", text)
    help_text = plain(sheet_of(FULL, View(help=True), (200, 60), keymap=keymap).rows)
    assert re.search(r"! +freeze the view", help_text)
    assert re.search(r"Z S +sort", help_text)


def test_the_help_has_all_its_words_where_keys_have_names_as_ctrl_f() -> None:
    keymap = Keymap({"freeze": ("ctrl+f",), "next_row": ("n",), "last_row": ("G",), "new_alert": ("!",)})
    text = plain(sheet_of(FULL, View(help=True), (80, 24), keymap=keymap).rows)
    for told_as in ("freeze the view, not data", "n ↑       next, before; home G", "fetch filings; !: an alert"):
        assert told_as in text


def test_what_has_no_key_is_not_named_where_keys_are() -> None:
    keymap = Keymap({"sort": (), "reverse_sort": (), "freeze": ()})
    text = plain(sheet_of(FULL, View(focus="sectors"), (122, 38), keymap=keymap).rows)
    assert " sort" not in text.split("\n")[-1]
    assert "freeze" not in text
    assert re.search(r"none +freeze", plain(sheet_of(FULL, View(help=True), (200, 60), keymap=keymap).rows))


def test_the_answer_to_a_key_names_the_keys_of_now() -> None:
    view = View(said=f"it stands; {key('f')} goes on")
    assert "it stands; ctrl+f goes on" in plain(sheet_of(FULL, view, (80, 24), keymap=OTHER).rows)


def test_the_palette_names_them_too() -> None:
    async def act(_: str) -> bool:
        return True

    assert "key ctrl+f" in [command.help for command in commands(act, (), OTHER)][:60]


_BY_HAND = re.compile(
    r"(?:^|; |, )(?:esc|enter|tab|[a-zA-Z?\]\[=]) "
    r"(?:goes|shows|leads|lets|stops|keeps|closes|opens|fetches|makes|turns|brings|puts|hides|gives|reads|asks)\b"
)


def _texts(file: Path) -> list[str]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    documents = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documents
    ]


def test_no_sentence_names_a_key_by_hand() -> None:
    folder = Path(rotation_tui.__file__).parent
    found = [
        (file.name, text)
        for part in ("app", "panes", "screens")
        for file in sorted((folder / part).rglob("*.py"))
        for text in _texts(file)
        if _BY_HAND.search(text)
    ]
    assert found == []


@pytest.mark.parametrize("name", sorted(PANES))
def test_panes_stand_with_keys_of_long_names(name: str) -> None:
    keymap = Keymap({entry.name: ("shift+home",) for entry in KEYS})
    for size in ((60, 18), (122, 38)):
        sheet = sheet_of(FULL, View(focus=name), size, keymap=keymap)
        assert len(sheet.rows) == size[1]
