"""State files: what cannot be used is set aside and named, and is never in the way of a start."""

import os
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from rotation_tui.store import kept
from rotation_tui.store.kept import all_aside, keep_in_place, read_kept, set_aside

NOON = datetime(2026, 3, 3, 17, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class State:
    """What a test keeps."""

    format: int = 1
    name: str = ""
    value: float = 0.0
    at: datetime | None = None
    day: date | None = None
    line: tuple[float, ...] = ()
    more: dict[str, tuple[date, float]] = field(default_factory=dict)


def read(folder: Path, content: bytes) -> tuple[State | None, list[str]]:
    """What is read, and what is told of it."""
    told: list[str] = []
    file = folder / "state.json"
    file.write_bytes(content)
    return read_kept(file, State, version=1, tell=told.append), told


def test_what_is_sound_is_read_and_stays(tmp_path: Path) -> None:
    text = b'{"format":1,"name":"x","at":"2026-03-03T17:00:00Z","line":[1.0,-2.5],"more":{"a":["2026-03-03",1e12]}}'
    state = State(1, "x", 0.0, NOON, None, (1.0, -2.5), {"a": (date(2026, 3, 3), 1e12)})
    assert read(tmp_path, text) == (state, [])
    assert [p.name for p in tmp_path.iterdir()] == ["state.json"]
    assert read_kept(tmp_path / "absent.json", State) is None
    assert read_kept(tmp_path, State) is None, "a folder"


DEEP = 1_000_000
"""More lists in each other than any Python follows: 3.13 follows 9,000."""


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "truncated"),
        (b'{"format":1,"name":"x', "truncated"),
        (b"\x00\xff", "malformed"),
        (b'{"format":1,"value":"1"}', "Expected `float`"),
        (b'{"format":1,"value":1e999}', "out of range"),
        (b'{"format":1,"value":1e16}', "a number beyond all bounds"),
        (b'{"format":1,"line":[1.0,-1e300]}', "a number beyond all bounds"),
        (b'{"format":1,"line":[' + b"1.5," * 50 + b"-1e300]}", "a number beyond all bounds"),
        (b'{"format":1,"at":"0001-01-01T00:00:00+14:00"}', "the year 1"),
        (b'{"format":1,"at":"9999-12-31T23:59:59-12:00"}', "the year 9999"),
        (b'{"format":1,"at":"2026-03-03T17:00:00"}', "a time without a zone"),
        (b'{"format":1,"more":{"a":["9999-12-31",1.0]}}', "the year 9999"),
        (b'{"format":1,"name":"' + b"x" * 30_000 + b'"}', "a text without end"),
        pytest.param(b'{"format":1,"x":' + b"[" * DEEP + b"]" * DEEP + b"}", "recursion", id="deep"),
        pytest.param(b"[" * DEEP + b"]" * DEEP, "Expected `object`", id="deep and no object"),
        (b'{"format":2,"name":7}', "written by a newer version"),
    ],
    ids=str,
)
def test_what_no_board_can_be_made_of_is_set_aside_and_named(tmp_path: Path, content: bytes, why: str) -> None:
    state, (told,) = read(tmp_path, content)
    assert state is None
    assert told.startswith("state.json cannot be used (")
    assert told.endswith(") and is kept as state.json.unreadable")
    assert why.lower() in told.lower()
    assert all_aside(tmp_path) == [tmp_path / "state.json.unreadable"]
    assert (tmp_path / "state.json.unreadable").read_bytes() == content


def test_an_older_format_is_as_if_it_were_not_there(tmp_path: Path) -> None:
    assert read(tmp_path, b'{"format":0,"name":7}') == (None, [])
    assert (tmp_path / "state.json").exists()


def test_files_set_aside_stay_few(tmp_path: Path) -> None:
    for n in range(5):
        read(tmp_path, f"spoilt {n}".encode())
    assert [p.name for p in tmp_path.iterdir()] == ["state.json.unreadable"]
    assert (tmp_path / "state.json.unreadable").read_bytes() == b"spoilt 4"


def test_a_file_beyond_all_size_is_not_read_to_its_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "MOST_BYTES", 10)
    state, (told,) = read(tmp_path, b'{"format":1}' + b" " * 100)
    assert state is None
    assert "more than" in told


def test_a_folder_that_lets_nothing_be_renamed_is_told(tmp_path: Path) -> None:
    told: list[str] = []
    set_aside(tmp_path / "state.json", "why\x1b[2J", told.append)
    assert told == ["state.json cannot be used (why[2J) and cannot be set aside: No such file or directory"]


@pytest.mark.parametrize("sizes", [(0, 5000, 3, 4000, 9000), (9000, 0, 1)])
def test_what_is_written_over_is_read_whole_however_long_it_was(tmp_path: Path, sizes: tuple[int, ...]) -> None:
    file = tmp_path / "state.json"
    for size in sizes:
        state = State(name="x" * size, value=size / 7)
        keep_in_place(file, state)
        assert read_kept(file, State, version=1) == state
    assert os.listdir(tmp_path) == ["state.json"]


def test_a_full_disk_leaves_what_is_to_be_written_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file, before = tmp_path / "state.json", State(name="before")
    keep_in_place(file, before)
    write = os.pwrite
    monkeypatch.setattr(os, "pwrite", lambda handle, content, at: write(handle, content[:100], at))
    with pytest.raises(OSError, match="No space"):
        keep_in_place(file, State(name="x" * 5000))
    assert read_kept(file, State, version=1) == before
