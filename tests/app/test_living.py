"""The files of a config, looked at while the monitor runs: what is told of them, and when."""

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from rotation_tui.app.living import Living, Read
from rotation_tui.config import schema
from rotation_tui.config.load import load
from rotation_tui.toml_file import read as reading
from rotation_tui.toml_file.fault import ConfigFault
from rotation_tui.toml_file.read import text_of
from rotation_tui.toml_file.watched import AFTER_CHANGE_S, AT_REST_S, HALF_S, QUIET_S, RESTLESS_S, Watched
from tests.patience import PATIENCE_S


class Heard:
    """What a thread has told, one after the other."""

    def __init__(self) -> None:
        self.reads: list[Read] = []
        self._news = threading.Condition()

    def __call__(self, read: Read) -> None:
        with self._news:
            self.reads.append(read)
            self._news.notify_all()

    def until(self, question: Callable[[Read], bool]) -> Read:
        """The first that is so."""
        with self._news:
            assert self._news.wait_for(lambda: any(map(question, self.reads)), PATIENCE_S), self.reads
        return next(filter(question, self.reads))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    config = tmp_path / "config.toml"
    config.write_text('theme = "dark"\n', encoding="utf-8")
    return config


@pytest.fixture
def followed(file: Path) -> Iterator[Heard]:
    living, heard = Living(lambda: load(file), file, schema.themes_folder(file)), Heard()
    living.begin(heard)
    yield heard
    living.end()


def says(theme: str) -> Callable[[Read], bool]:
    return lambda read: read.loaded is not None and read.loaded.config.theme == theme


def test_a_change_is_told(file: Path, followed: Heard) -> None:
    file.write_text('theme = "light"\n', encoding="utf-8")
    assert followed.until(says("light")).why_not is None


def test_a_file_that_takes_the_place_of_another_is_told(file: Path, followed: Heard) -> None:
    new = file.with_suffix(".new")
    new.write_text('theme = "light"\n', encoding="utf-8")
    os.replace(new, file)
    followed.until(says("light"))


def test_what_a_link_leads_to_is_followed(tmp_path: Path) -> None:
    there, link = tmp_path / "there", tmp_path / "config.toml"
    there.write_text('theme = "dark"\n', encoding="utf-8")
    link.symlink_to(there)
    living, heard = Living(lambda: load(link), link, tmp_path / "themes"), Heard()
    living.begin(heard)
    there.write_text('theme = "light"\n', encoding="utf-8")
    heard.until(says("light"))
    living.end()


def test_a_config_that_cannot_be_used_is_told_once_and_a_good_one_again(file: Path, followed: Heard) -> None:
    file.write_text("theme = 1\n", encoding="utf-8")
    told = followed.until(lambda read: read.why_not is not None)
    with pytest.raises(ConfigFault) as refused:
        load(file)
    assert told.why_not == str(refused.value)
    file.write_text("theme = 1 \n", encoding="utf-8")
    file.write_text('theme = "light"\n', encoding="utf-8")
    followed.until(says("light"))
    assert [read.why_not for read in followed.reads].count(told.why_not) == 1


def test_a_file_that_is_gone_gives_no_defaults(file: Path, followed: Heard) -> None:
    file.unlink()
    told = followed.until(lambda read: read.why_not is not None)
    assert told.loaded is None
    assert "is gone" in str(told.why_not)
    file.write_text('theme = "light"\n', encoding="utf-8")
    followed.until(says("light"))


def test_a_config_that_was_not_there_may_come(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    living, heard = Living(lambda: load(file), file, tmp_path / "themes"), Heard()
    living.begin(heard)
    file.write_text('theme = "light"\n', encoding="utf-8")
    heard.until(says("light"))
    living.end()


def test_a_theme_and_the_map_beside_it_are_followed(file: Path, followed: Heard) -> None:
    (file.parent / "map.toml").write_text("[companies]\nABC = 7\n", encoding="utf-8")
    followed.until(lambda read: read.loaded is not None and read.loaded.companies == {"ABC": 7})
    (file.parent / "themes").mkdir()
    shipped = Path(reading.PACKAGE.parent / "themes" / "dark.toml").read_text(encoding="utf-8")
    (file.parent / "themes" / "mine.toml").write_text(shipped, encoding="utf-8")
    followed.until(lambda read: read.themes is not None and "mine" in read.themes.themes)


def test_a_pipe_that_nobody_writes_to_keeps_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_PIPE_S", 0.05)
    pipe = tmp_path / "config.toml"
    os.mkfifo(pipe)
    with pytest.raises(ConfigFault, match="nobody has written"):
        text_of(pipe)


def test_what_is_written_into_a_pipe_is_read(tmp_path: Path) -> None:
    pipe = tmp_path / "config.toml"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_text, args=("theme = 1" * 20_000,))
    writer.start()
    assert text_of(pipe) == "theme = 1" * 20_000
    writer.join()


def test_a_disk_that_hangs_holds_up_nobody_but_its_thread(file: Path) -> None:
    hangs, released = threading.Event(), threading.Event()

    def hanging() -> schema.Loaded:
        hangs.set()
        released.wait(PATIENCE_S)
        raise AssertionError

    living, heard = Living(hanging, file, file.parent / "themes"), Heard()
    living.begin(heard)
    living.ask()
    assert hangs.wait(PATIENCE_S)
    living.end()  # returns, though the thread does not
    threads = [thread for thread in threading.enumerate() if thread.name == "config" and not thread.daemon]
    released.set()
    assert threads == []
    assert heard.reads == []


def test_a_change_is_read_within_two_seconds_of_its_end() -> None:
    assert AT_REST_S + QUIET_S + AFTER_CHANGE_S < 1.5
    assert AT_REST_S + HALF_S + AFTER_CHANGE_S < 2.0


def test_looks_are_seldom_but_for_what_has_just_changed(file: Path) -> None:
    watched = Watched((file,))
    watched.look(0.0)
    assert watched.next_look_s == AT_REST_S
    os.utime(file, ns=(1, 1))
    watched.look(1.0)
    assert watched.next_look_s == AFTER_CHANGE_S
    watched.look(1.0 + QUIET_S)
    watched.good()
    assert watched.next_look_s == AT_REST_S


def test_a_file_is_read_when_it_is_quiet_and_not_before(file: Path) -> None:
    watched = Watched((file,))
    now, looks = 0.0, []
    for at in range(40):  # ten changes a second
        file.write_text(f'theme = "{at}"\n', encoding="utf-8")
        os.utime(file, ns=(at, at))
        looks.append(watched.look(now))
        now += 0.1
    assert not any(look.due for look in looks)
    assert watched.look(now + QUIET_S).due
    assert not watched.look(now + QUIET_S + 0.1).due


def test_files_that_never_rest_are_told_once(file: Path) -> None:
    watched = Watched((file,))
    looks = []
    for at in range(1, 400):
        os.utime(file, ns=(at, at))
        looks.append(watched.look(at / 10))
    told = [number for number, look in enumerate(looks) if look.restless]
    assert len(told) == 1
    assert told[0] == pytest.approx(RESTLESS_S * 10, abs=2)


def test_what_may_be_half_a_file_is_looked_at_once_more(file: Path) -> None:
    watched = Watched((file,))
    os.utime(file, ns=(1, 1))
    watched.look(0.0)
    first, second, third = (watched.look(at) for at in (QUIET_S, HALF_S, HALF_S * 3))
    assert (first.due, first.settled) == (True, False)
    assert (second.due, second.settled) == (True, True)
    assert not third.due


def test_what_could_be_used_is_not_read_again(file: Path) -> None:
    watched = Watched((file,))
    os.utime(file, ns=(1, 1))
    watched.look(0.0)
    assert watched.look(QUIET_S).due
    watched.good()
    assert not watched.look(HALF_S).due
