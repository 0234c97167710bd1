"""What `config check` says of what a config names: each file is opened and read as the monitor would, themes as
well, each part of another package imported, and each key looked for.
"""

import asyncio
from collections.abc import Iterable
from pathlib import Path

from rotation_tui.app.roster import Means, part_of, roster, surroundings_of
from rotation_tui.cli.doctor.feeds import told
from rotation_tui.cli.plugged import used
from rotation_tui.config.schema import Loaded, all_feeds, asked_feeds, state_folder
from rotation_tui.config.universe import universe
from rotation_tui.domain.clock import SystemClock
from rotation_tui.domain.refusal import plain_text
from rotation_tui.domain.wording import counted
from rotation_tui.providers.base import BadReply, Examinable, Misconfigured, ProviderFault
from rotation_tui.providers.keys import Keys, chosen
from rotation_tui.theme.load import MarketTheme, read_theme
from rotation_tui.toml_file.fault import ConfigFault
from rotation_tui.toml_file.place import line_of
from rotation_tui.workers.feed import Feed
from rotation_tui.workers.given import Followed

_MOST_NAMES = 8


def themes(folder: Path) -> tuple[tuple[str, bool], ...]:
    """A line for each theme of the user's own, and a line for each fault of one that cannot be used."""
    own = (read_theme(file) for file in sorted(folder.glob("*.toml")))
    return tuple(
        line
        for found in own
        for line in (
            [(f"OK theme {found.name}", True)]
            if isinstance(found, MarketTheme)
            else [(f"rotation-tui: {fault}", False) for fault in found]
        )
    )


def looked_at(loaded: Loaded) -> tuple[tuple[str, bool], ...]:
    """A line a file and whether all of it can be used, in the order of the feeds.

    A disk that gives no answer is waited for for ten seconds.
    """
    own = _of_positions(loaded) if loaded.config.positions_files else ()
    if all(feed.path is None for feed in loaded.config.feeds):
        return own
    feeds = roster(loaded, Followed(universe(loaded.config)), Means(state_folder(), SystemClock()))
    text = _text(loaded)
    return (*_of_feeds(feeds, loaded, text), *own)


def _of_feeds(feeds: Iterable[Feed], loaded: Loaded, text: str) -> tuple[tuple[str, bool], ...]:
    return tuple(
        _said(feed.provider, f"feeds[{number}].path", loaded, text)
        for number, feed in enumerate(feeds, 1)
        if isinstance(feed.provider, Examinable)
    )


def _of_positions(loaded: Loaded) -> tuple[tuple[str, bool], ...]:
    """A line a file of positions: what it holds, how it was read, and what of it is no position."""
    from rotation_tui.app.own_positions import opened

    text, said = _text(loaded), list[tuple[str, bool]]()
    for number, settings in enumerate(loaded.config.positions_files, 1):
        path = loaded.folder / Path(settings.path).expanduser()
        try:
            found = opened(path, settings)
        except (OSError, BadReply) as fault:
            why = getattr(fault, "strerror", None) or str(fault)
            said.append(_refused(f"{path} {why}", f"positions_files[{number}].path", loaded, text))
            continue
        names = [held.id for held in found.held]
        more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
        rows = counted(found.rows, "row")
        said.append((f"OK {settings.path}: {', '.join(names[:_MOST_NAMES])}{more} of {rows}; {found.understood}", True))
        said += [(f"   left out: {plain_text(words)}", True) for words in found.left_out]
    return tuple(said)


def plugged_in(loaded: Loaded) -> tuple[tuple[str, bool], ...]:
    """A line for each source or pane of another package, and whether it can be used."""
    text = _text(loaded)
    return tuple(
        (f'OK {part.key}: "{part.name}" of {part.whose}', True)
        if part.problem is None
        else _refused(part.problem, part.key, loaded, text)
        for part in used(loaded.config)
    )


def keys(loaded: Loaded) -> tuple[tuple[str, bool], ...]:
    """A line for each source that wants a key: where it was found, or where it was looked for."""
    text, said = _text(loaded), list[tuple[str, bool]]()
    followed, means = Followed(universe(loaded.config)), Means(state_folder(), SystemClock())
    asked = asked_feeds(loaded.config)
    for number, settings in enumerate(all_feeds(loaded.config), 1):
        if settings not in asked:
            continue
        part = part_of(settings.provider)
        if part.keys:
            places = Keys(part.name, part.keys, surroundings_of(part, settings, loaded, followed, means)).places()
            try:
                found = chosen(places)
            except Misconfigured as fault:
                said.append(_refused(f"{part.name}: {fault}", f"feeds[{number}].provider", loaded, text))
            else:
                careful = f"; {places[-1].warning}" if places[-1].warning else ""
                said.append((f"OK {part.name}: key from {found.where}{careful}", True))
    return tuple(said)


def _text(loaded: Loaded) -> str:
    # a pipe has been read to its end already
    return loaded.path.read_text(encoding="utf-8-sig") if loaded.path and loaded.path.is_file() else ""


def _refused(problem: str, key: str, loaded: Loaded, text: str) -> tuple[str, bool]:
    said = ConfigFault(loaded.path or "config", key, plain_text(problem, 600), line_of(key, text))
    return f"rotation-tui: {said}", False


def _said(provider: Examinable, key: str, loaded: Loaded, text: str) -> tuple[str, bool]:
    try:
        found = asyncio.run(provider.examine())
        if found.problems:
            raise BadReply(told(found.problems))
        if found.last is None:
            raise Misconfigured("holds no value at all")
    except ProviderFault as fault:
        return _refused(str(fault), key, loaded, text)
    names = ", ".join(found.names[:_MOST_NAMES])
    more = len(found.names) - _MOST_NAMES
    file = loaded.config.feeds[int(key[6:].partition("]")[0]) - 1].path
    listed = names + (f" and {more} more" if more > 0 else "")
    return f"OK {file}: {listed} up to {found.last}; {found.understood}", True
