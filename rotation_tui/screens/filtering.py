"""Rows of a pane that have what was typed behind `/`, or of which it is true; nothing but what is in sight changes."""

from collections.abc import Callable

from rotation_tui.screens.keymap import DEFAULT, Keymap
from rotation_tui.widgets.cells import Face, Row, Span, cut
from rotation_tui.widgets.expression import ExpressionFault, is_expression, parsed

_LONGEST = 14
"""Columns of what was typed that a title tells."""


def filtered(face: Face, sought: str, keymap: Keymap = DEFAULT) -> tuple[Face, str]:
    """The face with the rows alone that are meant, and what its title says of that.

    An expression on the columns asks that of their values; any other text is sought in what the rows show, and in ids.
    """
    answers = None if face.answers is None else face.answers.make()
    if answers is None or not is_expression(sought, answers):
        return _left(face, sought, lambda row_id, shown: _has(row_id, shown, sought), "no row has that", keymap)
    try:
        test = parsed(sought, answers)
    except ExpressionFault as fault:
        said: list[Row] = [(Span(f"{sought}", "text"),), (Span(f"{' ' * fault.at}^", "watch"),)]
        said += [(Span(str(fault), "dim"),), (Span(f"{keymap.shown('esc')} shows all rows", "faint"),)]
        return face._replace(rows=tuple(said), ids=(None,) * len(said), note=()), f"/{cut(sought, _LONGEST)} ?"
    return _left(face, sought, lambda row_id, _: test(row_id) is True, "no row is known to be so", keymap)


def _left(face: Face, sought: str, meant: Callable[[str, str], bool], none: str, keymap: Keymap) -> tuple[Face, str]:
    # the second line of a row has no id: then every row has one
    lines = 2 if len(face.ids) > 2 and face.ids[0] and face.ids[1] is None and face.ids[2] else 1
    rows: list[Row] = []
    ids: list[str | None] = []
    found = 0
    for at, row_id in enumerate(face.ids):
        if row_id is None:
            continue
        if meant(row_id, "".join(span.text for row in face.rows[at : at + lines] for span in row)):
            found += 1
            rows += face.rows[at : at + lines]
            ids += face.ids[at : at + lines]
    total = sum(row_id is not None for row_id in face.ids)
    if not found:
        rows, ids = [(Span(f"{none}; {keymap.shown('esc')} shows all of them", "dim"),)], [None]
    said = f"/{cut(sought, _LONGEST)} {found} of {total}"
    return face._replace(rows=tuple(rows), ids=tuple(ids), note=()), said


def _has(row_id: str, shown: str, sought: str) -> bool:
    wanted = _plain(sought)
    return wanted in _plain(row_id) or wanted in _plain(shown)


def _plain(text: str) -> str:
    """As it is typed: in small letters, with the hyphen for the sign that is drawn as minus."""
    return text.casefold().replace("−", "-")
