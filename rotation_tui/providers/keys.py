"""Keys of sources that want one: from the environment, a file or the keyring, and into no sentence, log or file."""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from msgspec import Struct

from rotation_tui.domain.address import host_of, is_loopback
from rotation_tui.domain.refusal import plain_text
from rotation_tui.providers.aside import Aside
from rotation_tui.providers.base import Misconfigured, Surroundings

SERVICE = "rotation-tui"
"""What the keyring knows our keys under; the user name there is that of the environment variable."""
EXTRA = "pip install 'rotation-tui[keyring]'"

_PATIENCE_S = 20.0  # a keyring may ask its user for a password first
_LARGEST_FILE = 4096
_HIDDEN = b"***"
_LEAST_HIDDEN = 4  # characters: a shorter one would blank out words


class Secret(Struct, frozen=True):
    """The keys of one source in the order of their names, and where they were found; neither is ever printed."""

    values: tuple[str, ...]
    where: str

    def __repr__(self) -> str:
        return f"Secret(from {self.where})"


class KeyPlace(Struct, frozen=True):
    """A place where keys are looked for: what was found there, what is wrong with it, what to be careful about."""

    where: str
    key: Secret | None = None
    problem: str = "has none"
    warning: str = ""


class Keys:
    """The keys of one source, looked for once they are needed; what was refused is looked for anew.

    All of them come from the first place that has any: half of a pair from another place would be somebody else's.
    """

    def __init__(self, source: str, names: Sequence[str], surroundings: Surroundings) -> None:
        self._names = tuple(names)
        self._file = _file(source, surroundings)
        self._endpoint = surroundings.endpoint
        self._aside = Aside()
        self._known: Secret | None = None

    async def get(self) -> Secret:
        """The keys; Misconfigured with all places that were looked at where there are none.

        Over plain http none is sent, but to this computer itself.
        """
        for url in (self._endpoint.base_url, self._endpoint.stream_url) if self._endpoint is not None else ():
            if url.lower().startswith(("http:", "ws:")) and not is_loopback(host_of(url)):
                raise Misconfigured(f"no key is sent to {host_of(url)} over plain http; write https")
        if self._known is None:
            try:
                places = await self._aside.done(self.places, _PATIENCE_S)
            except TimeoutError:
                raise Misconfigured(f"nobody has given a key in {_PATIENCE_S:g} s, keyring included") from None
            self._known = chosen(places)
        return self._known

    def forget(self) -> None:
        """Look for them again, now that a source has refused them."""
        self._known = None

    def hide(self, body: bytes) -> bytes:
        """`body` without any key that is known."""
        for value in self._known.values if self._known is not None else ():
            if len(value) >= _LEAST_HIDDEN:
                body = body.replace(value.encode(), _HIDDEN)
        return body

    def places(self) -> tuple[KeyPlace, ...]:
        """Where was looked, in order, up to the first place that has any; reads a file and asks the keyring."""
        found: list[KeyPlace] = []
        for look in (self._in_environment, self._in_file, self._in_keyring):
            found.append(look())
            if found[-1].key is not None or found[-1].problem.startswith(_UNUSABLE):
                break
        return tuple(found)

    def _in_environment(self) -> KeyPlace:
        return self._judged(" and ".join(f"${name}" for name in self._names), map(os.environ.get, self._names))

    def _in_file(self) -> KeyPlace:
        if self._file is None:
            return KeyPlace("file", problem="is not named: key_file")
        where = f"file {self._file}"
        try:
            if self._file.stat().st_size > _LARGEST_FILE:
                return KeyPlace(where, problem=f"{_UNUSABLE}: it has more than {_LARGEST_FILE} bytes")
            lines = self._file.read_text(encoding="utf-8-sig").splitlines()
            open_to_others = os.name == "posix" and bool(self._file.stat().st_mode & 0o077)
        except FileNotFoundError:
            return KeyPlace(where, problem="is not there")
        except (OSError, ValueError) as fault:
            reason = fault.strerror if isinstance(fault, OSError) else "it is no text"
            return KeyPlace(where, problem=f"{_UNUSABLE}: {reason}")
        warning = f"others on this computer can read it: chmod 600 {self._file}" if open_to_others else ""
        return self._judged(where, _written(lines, self._names), warning)

    def _in_keyring(self) -> KeyPlace:
        where = f"keyring as {' and '.join(self._names)} of {SERVICE}"
        try:
            import keyring
        except ImportError:
            return KeyPlace(where, problem=f"is not installed: {EXTRA}")
        try:
            return self._judged(where, [keyring.get_password(SERVICE, name) for name in self._names])
        except Exception as fault:  # whatever a desktop's service raises; its words may have anything in them
            return KeyPlace(where, problem=f"gives no answer ({type(fault).__name__})")

    def _judged(self, where: str, values: Iterable[str | None], warning: str = "") -> KeyPlace:
        told = [(value or "").strip() for value in values]
        if not any(told):
            return KeyPlace(where)
        lacking = [name for name, value in zip(self._names, told, strict=True) if not value]
        if lacking:
            return KeyPlace(where, problem=f"{_UNUSABLE}: it has no {' and no '.join(lacking)}")
        if any(not (value.isascii() and value.isprintable()) or " " in value for value in told):
            return KeyPlace(where, problem=f"{_UNUSABLE}: a key has a character that cannot be sent")
        return KeyPlace(where, Secret(tuple(told), where), "", warning)


_UNUSABLE = "cannot be used"


def chosen(places: Sequence[KeyPlace]) -> Secret:
    """The key of the last place; Misconfigured with what is wrong with each where it has none."""
    if places[-1].key is not None:
        return places[-1].key
    if places[-1].problem.startswith(_UNUSABLE):
        raise Misconfigured(plain_text(f"the key from {places[-1].where} {places[-1].problem}", 400))
    looked = "; ".join(f"{place.where} {place.problem}" for place in places)
    raise Misconfigured(plain_text(f"no key: {looked}", 400))


def _file(source: str, surroundings: Surroundings) -> Path | None:
    """What `key_file` names, else the file of the source's name beside the config."""
    folder: Path | None = surroundings.options.get("base_folder")
    named: str | None = surroundings.options.get("key_file")
    if folder is None:
        return None if named is None else Path(named).expanduser()
    return folder / (Path(named).expanduser() if named is not None else f"{source}.key")


def _written(lines: Iterable[str], names: Sequence[str]) -> list[str | None]:
    """What a file says: a line a key in the order of the names, or NAME=key."""
    stripped = [line.strip() for line in lines]
    told = [line.removeprefix("export ").strip() for line in stripped if line and not line.startswith("#")]
    named = dict(line.split("=", 1) for line in told if line.split("=", 1)[0].strip() in names)
    if named:
        by_name = {name.strip(): value.strip().strip("'\"") for name, value in named.items()}
        return [by_name.get(name) for name in names]
    return [told[at] if at < len(told) else None for at in range(len(names))]
