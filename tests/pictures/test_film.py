"""A film shows each of its pictures, whole and alone, in its turn."""

import re
from xml.etree import ElementTree

from rotation_tui.app.picture import svg
from rotation_tui.widgets.cells import Row, Span, fit
from tests.pictures.film import film

WORDS = (("small", "large"), ("small", "equal"), ("a < b & c", "large"))


def picture(words: tuple[str, ...]) -> str:
    rows: list[Row] = [fit((Span(word, "gain" if word == "equal" else "text"),), 20) for word in words]
    return svg(rows, 20, "a title", "dark", None)


def seen_at(made: str, share: float) -> list[str]:
    """The texts that are visible at this share of the film."""
    rules = {}
    for name, steps in re.findall(r"@keyframes (t\d+)\{((?:[\d.]+%\{visibility:\w+\})+)\}", made):
        times = [(float(at), word) for at, word in re.findall(r"([\d.]+)%\{visibility:(\w+)\}", steps)]
        rules[name] = [word for at, word in times if at <= 100 * share][-1]
    root = ElementTree.fromstring(made)
    return [
        text.text or ""
        for group in root.iter("{http://www.w3.org/2000/svg}g")
        if rules.get(group.get("class", ""), "visible") == "visible" and group.get("class", "").startswith("t")
        for text in group.iter("{http://www.w3.org/2000/svg}text")
    ]


def test_every_picture_is_seen_in_its_turn() -> None:
    made = film([picture(words) for words in WORDS], 1.0)
    for number, words in enumerate(WORDS):
        seen = [text.strip().replace("\N{NO-BREAK SPACE}", " ") for text in seen_at(made, (number + 0.5) / len(WORDS))]
        assert sorted(text for text in seen if text) == sorted(words)


def test_what_stays_is_written_once() -> None:
    assert film([picture(WORDS[0])] * 5, 1.0).count("small") == 1
    assert "@keyframes" not in film([picture(WORDS[0])] * 5, 1.0)


def test_it_loads_nothing() -> None:
    made = film([picture(words) for words in WORDS], 1.0)
    assert "script" not in made
    assert set(re.findall(r"https?://[^\"' )]*", made)) == {"http://www.w3.org/2000/svg"}
