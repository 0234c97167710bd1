"""The condition of an alert: from text to what is read and what is asked of it (METHODOLOGY.md#alerts)."""

import re
from collections.abc import Mapping
from datetime import time, timedelta
from typing import Final

from msgspec import Struct

from rotation_tui.alerts.places import Known, Place, PlaceFault, Read, Sort, place
from rotation_tui.plugins import nearest

_TOKEN: Final = re.compile(r'\s*(>=|<=|!=|==|[<>]|=(?=\s)|(?:"[^"]*"|[^\s<>!"])+|!)')
_SEGMENT: Final = re.compile(r'"([^"]*)"|([^."]+)|(\.)')
_NUMBER: Final = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)")
_SPAN: Final = re.compile(r"(\d{1,6})\s*(s|m|h|d|seconds?|minutes?|hours?|days?)")
_UNITS: Final[Mapping[str, int]] = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
_COMPARISONS: Final = (">", ">=", "<", "<=")
_EQUAL: Final[Mapping[str, str]] = {"=": "is", "==": "is", "is": "is", "!=": "is not"}
_WORDS: Final = ("is", "becomes", "changes", "crosses", "unknown")
_YES: Final[Mapping[str, bool]] = {"yes": True, "true": True, "no": False, "false": False}


class ConditionFault(ValueError):
    """Text that is no condition; `marked` is the text with a mark below the place at fault."""

    def __init__(self, text: str, at: int, problem: str) -> None:
        super().__init__(f"{problem} (at character {at + 1})")
        self.marked = f"{text}\n{' ' * at}^"


class Condition(Struct, frozen=True):
    """What is asked of a value: `kind` is one of `RULES`, `asks` its operator, `target` what it is set against.

    `span` is for how long, for a kind that asks that.
    """

    text: str
    place: Place
    kind: str
    asks: str = ""
    target: Read = None
    span: timedelta = timedelta()


class _Token(Struct, frozen=True):
    text: str
    at: int


def parsed(text: str, known: Known) -> Condition:
    """The condition that `text` says; ConditionFault where it says none."""
    tokens = [_Token(found[1], found.start(1)) for found in _TOKEN.finditer(text)]
    if not tokens:
        raise ConditionFault(text, 0, "there is no condition")
    denied = tokens[0].text == "not" and len(tokens) > 1
    path, rest = tokens[1 if denied else 0], tokens[2 if denied else 1 :]
    where = _place(text, path, known)
    if not rest:
        if where.sort is not Sort.YES_NO:
            example = "> 0" if where.sort is Sort.NUMBER else "changes"
            problem = f"{path.text} is {where.sort.value}: say what of it, as {path.text} {example}"
            raise ConditionFault(text, len(text.rstrip()), problem)
        return Condition(text.strip(), where, "is", "is", not denied)
    if denied:
        raise ConditionFault(text, tokens[0].at, "not stands before a path alone")
    return _asked(text, where, rest[0], rest[1:])


def span_of(text: str) -> timedelta:
    """The time that "90s", "5m", "2h", "1d" or "30 minutes" says; ValueError where it says none."""
    found = _SPAN.fullmatch(text.strip())
    if found is None:
        raise ValueError(f'"{text}" is no time; allowed: a number with s, m, h or d, as 5m')
    return timedelta(seconds=int(found[1]) * _UNITS[found[2][0]])


def hours_of(text: str) -> tuple[time, time]:
    """Both ends of "22:00-07:00"; ValueError where they are none."""
    try:
        begin, end = (time.fromisoformat(part.strip()) for part in text.split("-"))
    except ValueError:
        raise ValueError(f'"{text}" is no span of hours; allowed: two times, as 22:00-07:00') from None
    if begin == end or begin.tzinfo or end.tzinfo:
        raise ValueError(f'"{text}" is no span of hours; allowed: two different times, as 22:00-07:00')
    return begin, end


def _place(text: str, token: _Token, known: Known) -> Place:
    segments: list[str] = []
    starts: list[int] = []
    dotted = True
    for found in _SEGMENT.finditer(token.text):
        if found[3]:
            if dotted:
                raise ConditionFault(text, token.at + found.start(), "a name is missing before this point")
            dotted = True
        elif not dotted:
            raise ConditionFault(text, token.at + found.start(), "a point is missing between two names")
        else:
            segments.append(found[1] if found[1] is not None else found[2])
            starts.append(token.at + found.start())
            dotted = False
    if dotted or not segments:
        raise ConditionFault(text, token.at + len(token.text), "a name is missing behind this point")
    try:
        return place(segments, known)
    except PlaceFault as fault:
        raise ConditionFault(text, starts[min(max(fault.at, 0), len(starts) - 1)], str(fault)) from None


def _asked(text: str, where: Place, verb: _Token, rest: list[_Token]) -> Condition:
    whole = text.strip()
    said = verb.text.lower()
    if said in _COMPARISONS:
        number = _number(text, where, verb, rest, said)
        return Condition(whole, where, "compare", said, number)
    if said in _EQUAL:
        asks = _EQUAL[said]
        if said == "is" and rest and rest[0].text.lower() == "not":
            asks, rest = "is not", rest[1:]
        return Condition(whole, where, "is", asks, _target(text, where, verb, rest))
    if said == "becomes":
        return Condition(whole, where, "becomes", said, _target(text, where, verb, rest))
    if said == "changes":
        _over(text, rest)
        return Condition(whole, where, "changes", said)
    if said == "crosses":
        side = rest[0].text.lower() if rest and rest[0].text.lower() in ("above", "below") else ""
        number = _number(text, where, verb, rest[1:] if side else rest, "crosses")
        return Condition(whole, where, "crosses", side, number)
    if said == "unknown":
        return Condition(whole, where, "unknown", said, None, _for(text, verb, rest))
    near = nearest(said, _WORDS)
    allowed = ", ".join((*_COMPARISONS, *_WORDS))
    raise ConditionFault(text, verb.at, f'"{verb.text}" asks nothing{near}; allowed: {allowed}')


def _number(text: str, where: Place, verb: _Token, rest: list[_Token], asks: str) -> float:
    if where.sort is not Sort.NUMBER:
        raise ConditionFault(text, verb.at, f"{where.path} is {where.sort.value}, and {asks} is for numbers")
    if not rest:
        raise ConditionFault(text, len(text.rstrip()), f"a number is missing behind {asks}")
    if not _NUMBER.fullmatch(rest[0].text):
        raise ConditionFault(text, rest[0].at, f'"{rest[0].text}" is no number; allowed: digits with a point, as 2.5')
    _over(text, rest[1:])
    return float(rest[0].text)


def _target(text: str, where: Place, verb: _Token, rest: list[_Token]) -> Read:
    if not rest:
        raise ConditionFault(text, len(text.rstrip()), f"a word is missing behind {verb.text}")
    if where.sort is Sort.NUMBER:
        return _number(text, where, verb, rest, verb.text)
    said = text[rest[0].at :].strip().strip('"')
    if where.sort is Sort.YES_NO:
        if said.lower() not in _YES:
            raise ConditionFault(text, rest[0].at, f'"{said}" is neither yes nor no')
        return _YES[said.lower()]
    if where.sort is Sort.WORD:
        word = next((word for word in where.words if word.lower() == said.lower()), None)
        if word is None:
            near = nearest(said.upper(), where.words) or nearest(said, where.words)
            problem = f'{where.path} is never "{said}"{near}; it is one of {", ".join(where.words)}'
            raise ConditionFault(text, rest[0].at, problem)
        return word
    return said


def _for(text: str, verb: _Token, rest: list[_Token]) -> timedelta:
    if not rest or rest[0].text.lower() != "for" or len(rest) < 2:
        at = rest[0].at if rest else verb.at + len(verb.text)
        raise ConditionFault(text, at, "a time is missing, as unknown for 30m")
    try:
        return span_of(text[rest[1].at :])
    except ValueError as wrong:
        raise ConditionFault(text, rest[1].at, str(wrong)) from None


def _over(text: str, rest: list[_Token]) -> None:
    if rest:
        problem = f'"{rest[0].text}" is more than a condition has; one alert, one condition'
        raise ConditionFault(text, rest[0].at, problem)
