"""What rows are asked by behind `/`: an expression on the columns of a table (METHODOLOGY.md#filter).

It stands on words and signs alone and knows no table: whoever has one gives names and values.
"""

import re
from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Final

from rotation_tui.widgets.cells import Answers

Value = float | str | None
Truth = bool | None
"""None is unknown: a row of which it is not known whether it is meant is not shown."""
_Test = Callable[[str], Truth]
_Operand = Callable[[str], Value]

_TOKEN: Final = re.compile(r'\s*("[^"]*"?|>=|<=|!=|[<>=()]|[^\s<>=!()"]+|!)')
_NUMBER: Final = re.compile(r"([+-]?(?:\d+(?:\.\d*)?|\.\d+))(%|k|m|bn|tn)?", re.IGNORECASE)
_SCALE: Final[Mapping[str, float]] = {"": 1, "%": 1, "k": 1e3, "m": 1e6, "bn": 1e9, "tn": 1e12}
_SIGNS: Final = (">", ">=", "<", "<=", "=", "!=")
_MOST_NESTED: Final = 20


class ExpressionFault(ValueError):
    """Text that is no expression; `at` is where, counted from 0."""

    def __init__(self, at: int, problem: str) -> None:
        super().__init__(f"{problem} (at character {at + 1})")
        self.at = at


def is_expression(text: str, answers: Answers) -> bool:
    """Whether what is typed asks something of columns, and is no text that rows may have in them."""
    tokens = [found[1] for found in _TOKEN.finditer(_plain(text))]
    if any(token in _SIGNS for token in tokens):
        return True
    return any(asked == "unknown" and name.strip('"') in answers.names for name, asked in pairwise(tokens))


def parsed(text: str, answers: Answers) -> _Test:
    """What tells of a row by its id whether it is meant; ExpressionFault where `text` says nothing of that kind."""
    return _Reader(text, answers).whole()


def _plain(text: str) -> str:
    return text.casefold().replace("−", "-")


class _Reader:
    """Reads one text: or binds least, then and, then not."""

    def __init__(self, text: str, answers: Answers) -> None:
        self._tokens = [(found[1], found.start(1)) for found in _TOKEN.finditer(_plain(text))]
        self._end = len(text.rstrip())
        self._answers = answers
        self._at = 0
        self._depth = 0

    def whole(self) -> _Test:
        test = self._either()
        if self._at < len(self._tokens):
            word, at = self._tokens[self._at]
            raise ExpressionFault(at, f'"{word}" is more than was asked; and, or joins two of them')
        return test

    def _next(self) -> str:
        return self._tokens[self._at][0] if self._at < len(self._tokens) else ""

    def _take(self, missing: str) -> tuple[str, int]:
        if self._at >= len(self._tokens):
            raise ExpressionFault(self._end, missing)
        self._at += 1
        return self._tokens[self._at - 1]

    def _either(self) -> _Test:
        tests = [self._both()]
        while self._next() == "or":
            self._at += 1
            tests.append(self._both())
        return tests[0] if len(tests) == 1 else lambda row: _any([test(row) for test in tests])

    def _both(self) -> _Test:
        tests = [self._one()]
        while self._next() == "and":
            self._at += 1
            tests.append(self._one())
        return tests[0] if len(tests) == 1 else lambda row: _all([test(row) for test in tests])

    def _one(self) -> _Test:
        self._depth += 1
        if self._depth > _MOST_NESTED:
            raise ExpressionFault(self._tokens[self._at - 1][1], "stands too deep in brackets")
        word = self._next()
        if word == "not":
            self._at += 1
            test = self._one()
            found: _Test = lambda row: _not(test(row))  # noqa: E731
        elif word == "(":
            self._at += 1
            found = self._either()
            closing, at = self._take("a bracket is not closed")
            if closing != ")":
                raise ExpressionFault(at, f'"{closing}" stands where a bracket closes')
        else:
            found = self._comparison()
        self._depth -= 1
        return found

    def _comparison(self) -> _Test:
        word, at = self._take("a column is missing")
        key = self._column(word, at)
        if self._next() == "unknown":
            self._at += 1
            return lambda row: self._answers.value(row, key) is None
        sign, where = self._take(f"what is asked of {word} is missing: one of {' '.join(_SIGNS)}, or unknown")
        if sign not in _SIGNS:
            raise ExpressionFault(where, f'"{sign}" asks nothing; there are {" ".join(_SIGNS)} and unknown')
        against = self._against(word, key)
        return lambda row: _compared(sign, self._answers.value(row, key), against(row))

    def _column(self, word: str, at: int) -> str:
        names = self._answers.names
        key = names.get(word.strip('"'))
        if key is None:
            raise ExpressionFault(at, f'no column "{word}"{_near(word, names)}; there are {", ".join(_listed(names))}')
        return key

    def _against(self, left: str, key: str) -> _Operand:
        word, at = self._take("a number, a word or a column is missing")
        if word in ("(", ")", *_SIGNS):
            raise ExpressionFault(at, f'"{word}" stands where a number, a word or a column is meant')
        if self._answers.is_number(key) is False:
            told = word.strip('"')
            if not word.startswith('"') and self._answers.names.get(told) is not None:
                return self._value_of(self._answers.names[told])
            return lambda _: told
        other = self._answers.names.get(word.strip('"'))  # before a number: 1M is a column where there is one
        number = _NUMBER.fullmatch(word)
        if other is None and number is not None:
            value = float(number[1]) * _SCALE[(number[2] or "").casefold()]
            return lambda _: value
        if other is None:
            if self._answers.is_number(key) is None:  # every row of it is unknown
                return lambda _: None
            near = _near(word, self._answers.names)
            raise ExpressionFault(at, f'{left} is a number, and "{word}" is neither a number nor a column{near}')
        if self._answers.is_number(other) is False:
            raise ExpressionFault(at, f"{left} is a number, and {word} is a text")
        return self._value_of(other)

    def _value_of(self, key: str) -> _Operand:
        return lambda row: self._answers.value(row, key)


def _near(word: str, names: Mapping[str, str]) -> str:
    import difflib  # only a wrong name needs it

    close = difflib.get_close_matches(word.strip('"'), list(names), n=1)
    return f', did you mean "{close[0]}"?' if close else ""


def _listed(names: Mapping[str, str]) -> list[str]:
    """A name a column, the shortest way to write it."""
    by_key: dict[str, str] = {}
    for name, key in names.items():
        by_key.setdefault(key, name if " " not in name else f'"{name}"')
    return list(by_key.values())


def _compared(sign: str, one: Value, other: Value) -> Truth:
    if one is None or other is None:
        return None
    if isinstance(one, str) or isinstance(other, str):
        return _ordered(sign, _plain(str(one)), _plain(str(other)))
    return _ordered(sign, one, other)


def _ordered(sign: str, one: float | str, other: float | str) -> bool:
    less = one < other  # type: ignore[operator]  # both are of one kind
    return {"=": one == other, "!=": one != other, "<": less, ">=": not less,
            "<=": less or one == other, ">": not less and one != other}[sign]  # fmt: skip


def _not(truth: Truth) -> Truth:
    return None if truth is None else not truth


def _all(truths: list[Truth]) -> Truth:
    return False if False in truths else None if None in truths else True


def _any(truths: list[Truth]) -> Truth:
    return True if True in truths else None if None in truths else False
