"""Expressions on columns: what rows they mean, and where a wrong one is marked."""

import operator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rotation_tui.screens.filtering import filtered
from rotation_tui.widgets.cells import Answers, Face, Span, plain
from rotation_tui.widgets.expression import ExpressionFault, is_expression, parsed
from rotation_tui.widgets.table import Column, answering

ROWS: dict[str, dict[str, float | str | None]] = {
    "KRE": {"1M": 6.0, "3M": -2.0, "tag": "rates", "vol": 20e6, "ex": "2026-03-16"},
    "KBE": {"1M": 5.0, "3M": 7.5, "tag": "Rates", "vol": 3e3, "ex": None},
    "HYG": {"1M": None, "3M": 1.0, "tag": "credit", "vol": None, "ex": "2025-12-15"},
    "XLF": {"1M": -1.5, "3M": None, "tag": None, "vol": 1.2e9, "ex": None},
}


def _cell(row: str, _: int) -> Span:
    return Span(row)


def _column(key: str, header: str) -> Column[str]:
    return Column(key, header, 5, _cell, lambda row: ROWS[row][key])


COLUMNS = [
    _column("1M", "1M"),
    _column("3M", "3M"),
    _column("tag", "a tag"),
    _column("vol", "volume"),
    _column("ex", "ex−div"),
    Column("age", "age", 5, _cell),
]
ASKED: Answers = answering(COLUMNS, list(ROWS), str).make()
FACE = Face(
    "Rows", tuple((Span(row),) for row in ROWS), tuple(ROWS), answers=answering(COLUMNS, list(ROWS), str)
)  # fmt: skip


def meant(text: str) -> list[str]:
    test = parsed(text, ASKED)
    return [row for row in ROWS if test(row) is True]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("1M > 5", ["KRE"]),
        ("1M >= 5", ["KRE", "KBE"]),
        ("1m<=-1.5", ["XLF"]),
        ("1M < −1", ["XLF"]),
        ("1M = 5%", ["KBE"]),
        ("1M != 5", ["KRE", "XLF"]),
        ("vol > 10m", ["KRE", "XLF"]),
        ("volume >= 1.2bn", ["XLF"]),
        ("1M > 3M", ["KRE"]),
        ("tag = rates", ["KRE", "KBE"]),
        ('"a tag" != rates', ["HYG"]),
        ("1M > 5 and tag = rates", ["KRE"]),
        ("1M < 0 or 3M > 0", ["KBE", "HYG", "XLF"]),
        ("1M < 0 or 3M > 0 and tag = credit", ["HYG", "XLF"]),
        ("(1M < 0 or 3M > 0) and tag = credit", ["HYG"]),
        ("not 1M > 5", ["KBE", "XLF"]),
        ("not (1M > 5 or tag = credit)", ["KBE"]),
        ("1M unknown", ["HYG"]),
        ("not 1M unknown and 3M unknown", ["XLF"]),
        ("ex > 2026-01-01", ["KRE"]),
        ("ex-div < 2026-01-01", ["HYG"]),
        ('tag = "1M"', []),
    ],
)
def test_what_an_expression_means(text: str, rows: list[str]) -> None:
    assert is_expression(text, ASKED)
    assert meant(text) == rows


@pytest.mark.parametrize("text", ["rates", "kre and kbe", "1M", "", "not", "unknown", "x unknown", "1M unknwon"])
def test_what_asks_nothing_of_a_column_is_a_text(text: str) -> None:
    assert not is_expression(text, ASKED)


@pytest.mark.parametrize(
    ("text", "at", "words"),
    [
        ("1Mo > 5", 0, 'no column "1mo", did you mean "1m"?; there are 1m, 3m, tag, vol, ex'),
        ("1M >", 4, "a number, a word or a column is missing"),
        ("1M > 5 and", 10, "a column is missing"),
        ("1M > rates", 5, '1m is a number, and "rates" is neither a number nor a column'),
        ("1M > tag", 5, "1m is a number, and tag is a text"),
        ("1M > 5 3M < 2", 7, '"3m" is more than was asked'),
        ("(1M > 5", 7, "a bracket is not closed"),
        ("1M > 5)", 6, '")" is more than was asked'),
        ("1M 5 > 3", 3, '"5" asks nothing; there are > >= < <= = != and unknown'),
        ("age > 3", 0, 'no column "age"'),
        ("> 3", 0, 'no column ">"'),
        ("(" * 40 + "1M > 5", 19, "stands too deep in brackets"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(text: str, at: int, words: str) -> None:
    with pytest.raises(ExpressionFault) as fault:
        parsed(text, ASKED)
    assert fault.value.at == at
    assert str(fault.value).startswith(words)
    assert str(fault.value).endswith(f"(at character {at + 1})")
    face, said = filtered(FACE, text)
    drawn = [plain((row,)) for row in face.rows]
    assert drawn[1] == " " * at + "^", "the place is marked below the text"
    assert said.endswith("?")
    assert set(face.ids) == {None}


def test_a_face_keeps_the_rows_that_are_meant_and_counts_them() -> None:
    face, said = filtered(FACE, "1M > 5 or 3M > 5")
    assert face.ids == ("KRE", "KBE")
    assert said == "/1M > 5 or 3M… 2 of 4"
    assert filtered(FACE, "kbe")[0].ids == ("KBE",)
    nothing, said = filtered(FACE, "1M > 99")
    assert (nothing.ids, said) == ((None,), "/1M > 99 0 of 4")
    text_only = FACE._replace(answers=None)
    assert filtered(text_only, "1M > 5")[0].ids == (None,)


_SIGNS = {">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le, "=": operator.eq, "!=": operator.ne}


@given(st.lists(st.integers(-9, 9), min_size=1, max_size=6), st.integers(-9, 9), st.sampled_from(sorted(_SIGNS)))
def test_a_comparison_is_that_of_numbers(values: list[int], target: int, sign: str) -> None:
    items = list(map(str, range(len(values))))
    columns = [Column("n", "n", 3, _cell, lambda row: float(values[int(row)]))]
    test = parsed(f"n {sign} {target}", answering(columns, items, str).make())
    assert [test(row) for row in items] == [_SIGNS[sign](value, target) for value in values]


@given(st.text('1M3tag<>=!()" andornot5.', max_size=40))
def test_whatever_is_typed_is_rows_or_a_fault_with_a_place(text: str) -> None:
    face, said = filtered(FACE, text)
    assert face.rows
    assert said
