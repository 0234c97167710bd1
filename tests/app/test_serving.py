"""What a server hands on is the same object for as long as it says the same."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from rotation_tui.app.scene import Wish
from rotation_tui.app.serving import Server
from rotation_tui.app.setup import prepare
from rotation_tui.config.schema import Config, Loaded
from rotation_tui.hub.link import HubAddress


def test_what_boards_are_about_is_one_object_until_it_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    run = prepare(Loaded(Config(), None), Wish(), serves=True)
    server = Server(run, HubAddress("redis://localhost"), print)
    first = server._moment().about
    assert server._moment().about is first, "another one has all histories told anew"
    run.scope = replace(run.scope, fetches=True)
    assert server._moment().about.fetches
