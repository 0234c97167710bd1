"""A file of the user's written anew: whole or not at all, with its rights, and never over somebody else's change."""

import os
import stat
from pathlib import Path

import pytest

from rotation_tui.toml_file.fault import ConfigFault
from rotation_tui.toml_file.writing import rewrite


def added(text: str) -> str:
    return text + "b = 2\n"


def fine(_: str) -> None:
    """Nothing is wrong with it."""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "config.toml"
    path.write_text("a = 1\n", encoding="utf-8")
    return path


def alone(file: Path) -> bool:
    """Whether nothing else was left in its folder."""
    return [path.name for path in file.parent.iterdir()] == [file.name]


def test_it_is_written_and_keeps_its_rights(file: Path) -> None:
    file.chmod(0o640)
    assert rewrite(file, added, fine) == "a = 1\nb = 2\n"
    assert file.read_text(encoding="utf-8") == "a = 1\nb = 2\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert alone(file)


def test_a_link_stays_a_link(file: Path, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    link = tmp_path / "home" / "config.toml"
    link.symlink_to(Path("..") / "config.toml")
    rewrite(link, added, fine)
    assert link.is_symlink()
    assert file.read_text(encoding="utf-8") == "a = 1\nb = 2\n"
    assert alone(link)


def test_where_there_is_none_it_is_made_with_its_folder(tmp_path: Path) -> None:
    file = tmp_path / "config" / "rotation-tui" / "config.toml"
    rewrite(file, added, fine)
    assert file.read_text(encoding="utf-8") == "b = 2\n"
    assert alone(file)


def test_line_ends_and_the_mark_of_its_encoding_stay(file: Path) -> None:
    file.write_bytes(b"\xef\xbb\xbfa = 1\r\n")
    rewrite(file, lambda text: text + "b = 2\r\n", fine)
    assert file.read_bytes() == b"\xef\xbb\xbfa = 1\r\nb = 2\r\n"


def test_what_does_not_check_is_not_written(file: Path) -> None:
    def refused(text: str) -> None:
        raise ConfigFault(file, "b", f"is refused in {len(text)} characters")

    with pytest.raises(ConfigFault, match="is refused in 12 characters"):
        rewrite(file, added, refused)
    assert file.read_text(encoding="utf-8") == "a = 1\n"
    assert alone(file)


def test_what_somebody_else_has_changed_meanwhile_is_left_alone(file: Path) -> None:
    def slowly(_: str) -> None:
        file.write_text("c = 3\n", encoding="utf-8")

    with pytest.raises(ConfigFault, match="changed by somebody else meanwhile"):
        rewrite(file, added, slowly)
    assert file.read_text(encoding="utf-8") == "c = 3\n"
    assert alone(file)


def test_a_file_that_came_or_went_meanwhile_is_a_change(file: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigFault, match="meanwhile"):
        rewrite(file, added, lambda _: file.unlink())
    new = tmp_path / "new.toml"
    with pytest.raises(ConfigFault, match="meanwhile"):
        rewrite(new, added, lambda _: new.write_text("c = 3\n", encoding="utf-8"))
    assert new.read_text(encoding="utf-8") == "c = 3\n"


def test_what_changes_nothing_writes_nothing(file: Path) -> None:
    before = file.stat().st_mtime_ns, file.stat().st_ino
    rewrite(file, lambda text: text, fine)
    assert (file.stat().st_mtime_ns, file.stat().st_ino) == before


def test_a_disk_that_is_read_only_is_told(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = os.open

    def refused(path: str, flags: int, mode: int = 0o777, **more: int) -> int:
        if flags & os.O_CREAT:
            raise OSError(30, "Read-only file system")
        return opened(path, flags, mode, **more)

    monkeypatch.setattr(os, "open", refused)
    with pytest.raises(ConfigFault, match="cannot be written: Read-only file system"):
        rewrite(file, added, fine)
    assert file.read_text(encoding="utf-8") == "a = 1\n"


def test_a_full_disk_leaves_the_old_file_whole(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ConfigFault, match="No space left on device"):
        rewrite(file, added, fine)
    assert file.read_text(encoding="utf-8") == "a = 1\n"
    assert alone(file)


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path in (pipe, tmp_path):
        with pytest.raises(ConfigFault, match="is no file that can be written"):
            rewrite(path, added, fine)
