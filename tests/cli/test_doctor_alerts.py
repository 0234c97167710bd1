"""What the doctor says of alerts."""

import subprocess
from typing import Any

import msgspec
import pytest

from rotation_tui.cli.doctor.alerts import diagnostics
from rotation_tui.cli.doctor.command import Severity
from rotation_tui.config.schema import Config
from rotation_tui.domain.alert import Alert, ChannelSettings


def said(**channels: ChannelSettings) -> list[tuple[Severity, str]]:
    to = ("screen", "desktop", *channels)
    config = msgspec.structs.replace(Config(), alerts=(Alert(name="a", when="RUT > 1", to=to),), channels=channels)
    return [(one.severity, f"{one.text}; {one.remedy}") for one in diagnostics(config)]


def test_without_alerts_nothing_is_said() -> None:
    assert list(diagnostics(Config())) == []


@pytest.mark.parametrize(
    ("answer", "severity", "words"),
    [(b"on\n", Severity.NOTE, "lets them pass"), (b"off\n", Severity.WARN, "allow-passthrough on"),
     (None, Severity.WARN, "does not say")],
)  # fmt: skip
def test_within_tmux_it_is_told_whether_notifications_pass(
    answer: bytes | None, severity: Severity, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def tmux(command: list[str], **_: Any) -> subprocess.CompletedProcess[bytes]:
        if answer is None:
            raise FileNotFoundError
        return subprocess.CompletedProcess(command, 0, answer, b"")

    monkeypatch.setenv("TMUX", "/tmp/x,1,0")
    monkeypatch.setattr(subprocess, "run", tmux)
    (_, (found, text)) = said()
    assert found is severity
    assert words in text


def test_a_channel_that_cannot_work_is_named() -> None:
    words = said(mine=ChannelSettings(kind="command", command=("no-such-program-here",)))
    assert words[-1] == (Severity.WARN, "mine: there is no program no-such-program-here; ")
    assert said(mine=ChannelSettings(kind="command", command=("sh",)))[-1][0] is Severity.NOTE
