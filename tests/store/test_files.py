"""Files that are whole or not there, and what a kill leaves of them."""

import os
from pathlib import Path

from rotation_tui.store import files


def test_what_a_kill_has_left_goes_and_nothing_else(tmp_path: Path) -> None:
    shelf = tmp_path / "history" / "yahoo"
    files.write_whole(shelf / "IWM.json", b"{}")
    files.write_whole(tmp_path / "view.json", b"{}")
    old = [shelf / ".IWM.json.ab12_xyz", tmp_path / ".view.json.12345678"]
    kept = [tmp_path / ".notes.txt", tmp_path / ".view.json", tmp_path / ".x.json.backup", tmp_path / "a.json.12345678"]
    young = tmp_path / ".view.json.87654321"
    for file in (*old, *kept, young):
        file.write_bytes(b"x")
    long_ago = young.stat().st_mtime - 7200
    for file in (*old, *kept):
        os.utime(file, (long_ago, long_ago))
    (tmp_path / ".d.json.abcdefgh").mkdir()
    files.sweep(tmp_path)
    left = {f for f in tmp_path.rglob("*") if f.is_file()}
    assert left == {*kept, young, shelf / "IWM.json", tmp_path / "view.json"}


def test_a_folder_that_is_not_there_is_swept(tmp_path: Path) -> None:
    files.sweep(tmp_path / "nowhere")
