"""Rows of a pane that have what was typed behind `/`; nothing but what is in sight changes."""

from rotation_tui.widgets.cells import Face, Row, Span, cut

_LONGEST = 14
"""Columns of what was typed that a title tells."""


def filtered(face: Face, sought: str) -> tuple[Face, str]:
    """The face with the rows alone that show `sought` or have it in their id, and what its title says of that."""
    wanted = _plain(sought)
    # the second line of a row has no id: then every row has one
    lines = 2 if len(face.ids) > 2 and face.ids[0] and face.ids[1] is None and face.ids[2] else 1
    rows: list[Row] = []
    ids: list[str | None] = []
    found = 0
    for at, row_id in enumerate(face.ids):
        if row_id is None:
            continue
        shown = (span.text for row in face.rows[at : at + lines] for span in row)
        if wanted in _plain(row_id) or wanted in _plain("".join(shown)):
            found += 1
            rows += face.rows[at : at + lines]
            ids += face.ids[at : at + lines]
    total = sum(row_id is not None for row_id in face.ids)
    if not found:
        rows, ids = [(Span("no row has that; esc shows all of them", "dim"),)], [None]
    said = f"/{cut(sought, _LONGEST)} {found} of {total}"
    return face._replace(rows=tuple(rows), ids=tuple(ids), note=()), said


def _plain(text: str) -> str:
    """As it is typed: in small letters, with the hyphen for the sign that is drawn as minus."""
    return text.casefold().replace("−", "-")
