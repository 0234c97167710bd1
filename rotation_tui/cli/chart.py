"""`rotation-tui chart`: the history of a pair or a symbol to standard output, for scripts and mails."""

import asyncio
import math
import os
import re
import sys
from collections.abc import Sequence

from msgspec import Struct
from rich.color import ColorSystem

from rotation_tui.board.lines import MEAN, Drawable, Lines
from rotation_tui.cli.options import DemoOptions, Options
from rotation_tui.cli.output import complain, give, shown
from rotation_tui.domain.refusal import RefusedValueError
from rotation_tui.theme.palette import Palette, sixteen

DRAWN, WRONG, EMPTY = 0, 2, 4

_LINE, _MEAN = 1, 2
"""What stands for the colours of a theme until plotext has drawn."""
_ESCAPE = re.compile(r"\x1b\[38;5;([12])m")
_NUMBERS_WIDE = 9
_ROWS_A_NUMBER = 4
_LEAST = (20, 6)
_CORNERS = str.maketrans("┌┐└┘┬┤", "+++++|")


class ChartRequest(Struct, frozen=True):
    """`name` as it was typed, `frame` as the monitor's charts have it, size in characters, seconds for the feeds."""

    name: str
    frame: str
    columns: int
    rows: int
    demo: DemoOptions | None
    timeout_s: float


def run(options: Options, request: ChartRequest) -> int:
    """Print the chart: 0, 2 for what is neither pair nor symbol, 4 where there is no history of it."""
    try:
        lines, why = asyncio.run(_history(options, request))
    except RefusedValueError as fault:
        complain(f"rotation-tui: {fault}")
        return WRONG
    first = None if lines is None else _first(lines, request.frame)
    if lines is None or first is None:
        complain(f"rotation-tui: no history of {request.name}{f' in {request.frame}' if lines else ''}{why}")
        return EMPTY
    if request.columns < _LEAST[0] or request.rows < _LEAST[1]:
        least = f"{_LEAST[0]}x{_LEAST[1]}"
        complain(f"rotation-tui: {request.columns}x{request.rows} has no room for a chart; {least} is the least")
    give(_coloured(_drawn(lines, first, request, ascii_only=_is_ascii(options)), options))
    return DRAWN


async def _history(options: Options, request: ChartRequest) -> tuple[Drawable | None, str]:
    """What the feeds, or the disk, have of the legs and of nothing else; where that is nothing, why."""
    from rotation_tui.app.looking import legs_of
    from rotation_tui.app.scene import Wish
    from rotation_tui.app.setup import prepare
    from rotation_tui.app.unwaited import Unwaited
    from rotation_tui.board.lines import lines_of
    from rotation_tui.domain.instrument import Instrument
    from rotation_tui.domain.universe import Universe
    from rotation_tui.store.market_store import history_name

    loop = asyncio.get_running_loop()
    loop.set_default_executor(Unwaited())
    wish = Wish(demo_seed=None if request.demo is None else request.demo.seed, demo_speed=None)
    prepared = prepare(options.load(), wish)
    universe = prepared.scope.universe
    spread = next((s for s in universe.spreads if s.id == request.name), None)
    symbol = universe.ids.get(request.name.upper(), request.name)
    legs = (spread.small, spread.large) if spread else legs_of(symbol, {i.symbol for i in universe.with_bars})
    desk, store = prepared.desk, prepared.store
    desk.follow(Universe((), (), (), visitors=tuple(map(Instrument.of, legs))), ())
    await desk.open()
    try:
        ends = loop.time() + request.timeout_s
        while not desk.fed():
            if loop.time() > ends:
                complain(f"rotation-tui: not all feeds answered within {request.timeout_s:g} s")
                break
            await asyncio.sleep(0.05)
        snapshot = store.snapshot()
    finally:
        await desk.close()
    lines = lines_of(request.name if spread else "/".join(legs), universe, snapshot)
    missing = (snapshot.missing.get(history_name(leg)) for leg in legs)
    return lines, "".join(f"; {why}" for why in missing if why)


def _first(lines: Drawable, frame: str) -> int | None:
    from rotation_tui.panes.history.frames import first_of

    return first_of(lines.dates, frame) if lines.dates else None


def _drawn(lines: Drawable, first: int, request: ChartRequest, *, ascii_only: bool) -> str:
    """The lines by plotext, in two colours that stand for those of a theme."""
    import plotext  # here, because it costs 200 ms

    from rotation_tui.widgets.axis import date_ticks, ticks
    from rotation_tui.widgets.cells import cut
    from rotation_tui.widgets.glyphs import ascii_only as in_ascii

    dates, values, mean = lines.dates[first:], _values(lines)[first:], lines.mean[first:]
    columns, rows = request.columns, request.rows - 1
    known = [v for v in (*values, *mean) if v is not None]
    low, high = min(known), max(known)
    figure, points = plotext.figure, range(len(dates))
    plotext.terminal.limit(False, False)
    figure.clear()
    figure.theme("colorless")
    figure.canvas("default")
    figure.plot_size(columns, rows)
    figure.legend(False)
    means = [(at, value) for at, value in enumerate(mean) if value is not None]
    marks = ("*", ".") if ascii_only else ("braille", "·")
    for drawn, mark, colour in ((means, marks[1], _MEAN), (list(zip(points, values, strict=True)), marks[0], _LINE)):
        if drawn:
            signal = figure.signal(*zip(*drawn, strict=True), marker=plotext.marker(mark, pixel=colour))
            figure.draw(signal.lines(colour == _LINE))
    numbers, decimals = ticks(low, high, max(1, rows // _ROWS_A_NUMBER))
    figure.ruler("y").ticks(list(numbers), [f"{number:,.{decimals}f}" for number in numbers])
    wide = max(1, columns - _NUMBERS_WIDE)
    at = [min(len(dates) - 1, round(n * (len(dates) - 1) / max(1, wide - 1))) for n in range(wide)]
    days = date_ticks([dates[point] for point in at])
    figure.ruler("x").ticks([at[column] for column, _ in days], [text for _, text in days])
    if len(dates) > 1:
        figure.ruler("x").lim(0, len(dates) - 1)
    text: str = figure.build().string()
    figure.clear()
    words = cut(_words(lines, first, request.frame, marks[1]), columns)
    whole = f"{shown(words)}\n{text.rstrip()}\n"
    return "\n".join(map(in_ascii, whole.translate(_CORNERS).split("\n"))) if ascii_only else whole


def _values(lines: Drawable) -> Sequence[float]:
    return lines.ratio if isinstance(lines, Lines) else lines.closes


def _words(lines: Drawable, first: int, frame: str, mark: str) -> str:
    """What is drawn, its last value, by how much it moved in the frame, and its mean."""
    values, mean = _values(lines), lines.mean[-1]
    moved = 100.0 * (values[-1] / values[first] - 1.0)
    average = "" if mean is None else f", mean of {MEAN} sessions ({mark}) {_number(mean)}"
    return f"{lines.name} {frame} to {lines.dates[-1]}: {_number(values[-1])}, {moved:+.1f} %{average}"


def _number(value: float) -> str:
    """Four significant digits, or two decimals of what is larger."""
    decimals = max(2, 3 - math.floor(math.log10(abs(value)))) if value else 2
    return f"{value:,.{decimals}f}"


def _is_ascii(options: Options) -> bool:
    from rotation_tui.app.link import ascii_because

    return options.load().config.display.ascii or (sys.stdout.isatty() and ascii_because(os.environ) is not None)


def _coloured(text: str, options: Options) -> str:
    """The text in the colours of the theme, as far as they are wanted; into a file only where they are asked for."""
    from rotation_tui.terminal.looks import PLAIN, colours
    from rotation_tui.theme.load import load_theme

    wanted = options.load().config.display.color
    systems = {"truecolor": ColorSystem.TRUECOLOR, "256": ColorSystem.EIGHT_BIT, "16": ColorSystem.STANDARD}
    system = systems.get(wanted) or (colours() if wanted == "auto" and sys.stdout.isatty() else None)
    theme = load_theme(options.load().config.theme, options.themes_folder)
    if system is None or theme is None:
        return re.sub(r"\x1b\[[0-9;]*m", "", text)
    palette, plain = theme.palette, load_theme(PLAIN, None)
    if system is ColorSystem.STANDARD and plain is not None:
        palette = sixteen(palette, plain.palette)
    codes = {str(_LINE): _code(palette, "highlight", system), str(_MEAN): _code(palette, "dim", system)}
    return _ESCAPE.sub(lambda found: f"\x1b[{codes[found[1]]}m", text)


def _code(palette: Palette, tone: str, system: ColorSystem) -> str:
    colour = palette.tones[tone].colour or palette.tones["text"].colour
    return "39" if colour is None else ";".join(colour.downgrade(system).get_ansi_codes())
