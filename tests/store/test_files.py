"""Files that are whole or not there, and what a kill leaves of them."""

import os
from pathlib import Path

from rotation_tui.store.kept import keep, sweep


def test_what_a_kill_has_left_goes_and_nothing_else(tmp_path: Path) -> None:
    shelf = tmp_path / "history" / "yahoo"
    keep(shelf / "IWM.json", {})
    keep(tmp_path / "view.json", {})
    old = [shelf / ".IWM.json.ab12_xyz", tmp_path / ".view.json.12345678"]
    others = [
        tmp_path / ".notes.txt",
        tmp_path / ".view.json",
        tmp_path / ".x.json.backup",
        tmp_path / "a.json.12345678",
    ]
    young = tmp_path / ".view.json.87654321"
    for file in (*old, *others, young):
        file.write_bytes(b"x")
    long_ago = young.stat().st_mtime - 7200
    for file in (*old, *others):
        os.utime(file, (long_ago, long_ago))
    (tmp_path / ".d.json.abcdefgh").mkdir()
    sweep(tmp_path)
    left = {f for f in tmp_path.rglob("*") if f.is_file()}
    assert left == {*others, young, shelf / "IWM.json", tmp_path / "view.json"}


def test_a_folder_that_is_not_there_is_swept(tmp_path: Path) -> None:
    sweep(tmp_path / "nowhere")
