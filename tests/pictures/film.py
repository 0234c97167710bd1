"""Pictures one after the other as one SVG that any browser plays; it needs no script and loads nothing.

What is the same in several pictures is written once, with the times at which it is seen.
"""

import re
from collections.abc import Sequence
from xml.etree import ElementTree

_SVG = "http://www.w3.org/2000/svg"
_RULE = re.compile(r"\.board-(r\d+) \{([^}]*)\}")
_PARTS = (
    r'(viewBox="[^"]*")',
    r'(<rect fill=[^>]*rx="8"/>.*?)(?=<g transform="translate\([^)]*\)" clip-path)',
    r'(<g transform="translate\([^)]*\)")(?= clip-path)',
    r"\.board-matrix \{([^}]*)\}",
    r"\.board-title \{([^}]*)\}",
)
"""Size, window, place of the screen in it, and both fonts."""


def film(pictures: Sequence[str], seconds: float) -> str:
    """An endless film of these pictures of one size, as `app.picture.svg` makes them, each seen for `seconds`."""
    looks: dict[str, str] = {}
    seen: dict[str, list[int]] = {}
    for number, picture in enumerate(pictures):
        for element in _elements(picture, looks):
            at = seen.setdefault(element, [])
            if number not in at:
                at.append(number)
    times = {tuple(at): f"t{n}" for n, at in enumerate(dict.fromkeys(map(tuple, seen.values())))}
    shown = {at: name for at, name in times.items() if len(at) < len(pictures)}
    rules = [
        *(f".{name}{{{look}}}" for look, name in looks.items()),
        *(_rule(name, at, len(pictures), seconds) for at, name in shown.items()),
    ]
    groups = [
        f'<g class="{name}">' + "".join(e for e, at in seen.items() if tuple(at) == when) + "</g>"
        for when, name in times.items()
    ]
    head, tail = _around(pictures[0])
    return f"{head}<style>{''.join(rules)}</style>{''.join(groups)}{tail}\n"


def _rule(name: str, at: Sequence[int], count: int, seconds: float) -> str:
    """Visible while one of the pictures `at` is on; where nothing moves, the first picture is what is seen."""
    steps: list[str] = []
    for number in range(count):
        word = "visible" if number in at else "hidden"
        if not steps or not steps[-1].endswith(f"{{visibility:{word}}}"):
            steps.append(f"{100 * number / count:.3f}%{{visibility:{word}}}")
    first = "visible" if 0 in at else "hidden"
    return (
        f".{name}{{visibility:{first};animation:{name} {count * seconds:g}s step-end infinite}}"
        f"@keyframes {name}{{{''.join(steps)}}}"
    )


def _elements(picture: str, looks: dict[str, str]) -> list[str]:
    """What the picture's screen is drawn of, background first; the look of each is named in `looks`."""
    root = ElementTree.fromstring(picture)
    rules = dict(_RULE.findall(picture))
    found = []
    for element in root.iter():
        kind = element.tag.removeprefix(f"{{{_SVG}}}")
        look = element.get("class", "").removeprefix("board-")
        if kind == "text" and look in rules:
            name = looks.setdefault(rules[look].strip(), f"c{len(looks)}")
            found.append(_written("text", element, {"class": name}, ("x", "y", "textLength")))
        elif kind == "rect" and element.get("shape-rendering"):
            found.append(_written("rect", element, {}, ("fill", "x", "y", "width", "height")))
    return found


def _written(kind: str, element: ElementTree.Element, more: dict[str, str], kept: Sequence[str]) -> str:
    attributes = more | {key: element.get(key, "") for key in kept}
    made = ElementTree.Element(kind, attributes)
    made.text = element.text
    return ElementTree.tostring(made, encoding="unicode")


def _around(picture: str) -> tuple[str, str]:
    """The window without its screen: what comes before and after."""
    size, window, place, font, title = (_part(pattern, picture) for pattern in _PARTS)
    head = f'<svg xmlns="{_SVG}" {size}><style>.f{{{font}}}.board-title{{{title}}}</style>{window}{place} class="f">'
    return head, "</g></svg>"


def _part(pattern: str, picture: str) -> str:
    found = re.search(pattern, picture, re.DOTALL)
    assert found is not None, "the picture is not one of app.picture"
    return " ".join(found[1].split())
