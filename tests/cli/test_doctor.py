"""`rotation-tui doctor`: what it looks at, what it calls degraded, and that it never hangs."""

import os
import pty
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from rotation_tui.__main__ import settle
from rotation_tui.cli.doctor import feeds as doctor_feeds
from rotation_tui.cli.doctor import local as doctor_local
from rotation_tui.cli.doctor.command import Diagnostic, Severity
from rotation_tui.cli.doctor.feeds import Probe
from rotation_tui.cli.program import cli
from rotation_tui.config.schema import Config, Network, state_folder
from rotation_tui.config.schema import Loaded as LoadedConfig
from rotation_tui.domain.series import SERIES
from rotation_tui.domain.session import Calendar, nyse
from tests.cli.conftest import EVENING, Run

pytestmark = pytest.mark.usefixtures("one_evening")

SIMULATED = 'feeds = [{ provider = "simulated" }]\n'


@pytest.fixture
def doctor(run: Run, home: Path) -> Run:
    """Run the doctor with a config of this text."""

    def doctor(text: str, *args: str, **env: str) -> Result:
        file = home / "mine.toml"
        file.write_text(text)
        return run("doctor", "--config", str(file), *args, **env)

    return doctor


def _line(result: Result, subject: str) -> str:
    """The report's line on `subject`, unwrapped."""
    unwrapped = re.sub(r"\n {18}", " ", result.stdout)
    return next(line for line in unwrapped.splitlines() if line[6:].startswith(f"{subject} "))


def test_all_well_is_0_and_everything_is_looked_at(doctor: Run, home: Path) -> None:
    result = doctor(SIMULATED)
    assert result.exit_code == 0
    subjects = [line[6:17].strip() for line in result.stdout.splitlines() if not line.startswith(" " * 18)]
    assert subjects == [
        "program", "config", "terminal", "calendar", "themes", "state", "history", "log", "network",
        "clipboard",
        "simulated", "clock", "terms",
    ]  # fmt: skip
    assert f"{home}/mine.toml" in _line(result, "config")
    assert re.search(r"RUT [\d,]+\.\d\d of \d{4}-\d\d-\d\d", _line(result, "simulated"))
    assert "DEMO" in _line(result, "terms")


def test_the_report_fits_80_columns_but_for_paths(doctor: Run) -> None:
    lines = doctor(SIMULATED).stdout.splitlines()
    assert [line for line in lines if len(line) > 80 and len(line.split()[-1]) < 50] == []


def test_it_asks_aloud_on_standard_error_only(doctor: Run) -> None:
    assert doctor(SIMULATED).stderr == "asking 1 feed, at most 12 s\n"


def test_a_faulty_config_is_2_and_the_rest_is_looked_at_all_the_same(doctor: Run, home: Path) -> None:
    result = doctor("theme = 3")
    assert result.exit_code == 2
    assert f"{home}/mine.toml:1: theme: 3 does not fit" in _line(result, "config")
    assert "not asked" in _line(result, "feeds")
    assert _line(result, "calendar")


@pytest.fixture
def silent_address() -> Iterator[str]:
    """An address that takes connections and never answers."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(8)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"


def _closed_address(host: str = "127.0.0.1") -> str:
    scheme = "http" if host == "127.0.0.1" else "https"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"{scheme}://{host}:{free.getsockname()[1]}"


def test_a_feed_that_cannot_be_reached_is_3_with_a_remedy_and_the_others_are_asked(doctor: Run) -> None:
    result = doctor(
        '[[feeds]]\nprovider = "fred"\n[[feeds]]\nprovider = "simulated"\n[[feeds]]\nprovider = "csv_file"\n'
        f'path = "absent.csv"\nkind = "close"\n[providers.fred]\nbase_url = "{_closed_address("0.0.0.0")}"'
    )
    assert result.exit_code == 3
    assert _line(result, "fred").startswith("FAULT fred        0.0.0.0 cannot be reached: the connection is refused")
    assert "--proxy" in _line(result, "fred")
    assert _line(result, "simulated").startswith("ok")
    assert "absent.csv" in _line(result, "csv_file")
    assert "correct this feed" in _line(result, "csv_file")


def test_an_address_on_this_computer_is_no_matter_of_the_network(doctor: Run) -> None:
    result = doctor(f'[[feeds]]\nprovider = "fred"\n[providers.fred]\nbase_url = "{_closed_address()}"')
    assert result.exit_code == 3
    assert _line(result, "fred").startswith("FAULT fred        127.0.0.1 cannot be reached: the connection is refused")
    assert "see that what should answer there runs" in _line(result, "fred")
    assert "--proxy" not in _line(result, "fred")


def test_feeds_that_never_answer_take_no_longer_than_our_patience(
    doctor: Run, silent_address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor_feeds, "PATIENCE_S", 0.5)
    tables = "".join(
        f'[providers.{name}]\nbase_url = "{silent_address}"\ntimeout_s = 120\n' for name in ("fred", "newyorkfed")
    )
    began = time.monotonic()
    result = doctor('[[feeds]]\nprovider = "fred"\n[[feeds]]\nprovider = "newyorkfed"\n' + tables)
    assert time.monotonic() - began < 60
    assert result.exit_code == 3
    assert "no answer in 0.5 s" in _line(result, "fred")
    assert "no answer in 0.5 s" in _line(result, "newyorkfed")


def test_a_fault_nobody_foresaw_is_a_line_too(doctor: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    async def breaks(*_: object) -> None:
        raise KeyError("quoteResponse")

    monkeypatch.setattr("rotation_tui.providers.simulated.Simulated.quotes", breaks)
    result = doctor(SIMULATED)
    assert result.exit_code == 3
    assert "unexpected KeyError: 'quoteResponse'" in _line(result, "simulated")


def test_files_of_closes_and_observations_are_asked_for_what_they_hold(doctor: Run, home: Path) -> None:
    day = nyse().last_completed(EVENING)
    (home / "closes.csv").write_text(f"date,RUT\n{nyse().previous(day)},2410.5\n{day},2434.25\n")
    series = next(iter(SERIES))
    (home / "other.csv").write_text(f"date,UNHEARD\n{day},1.5\n")
    (home / "spoilt.csv").write_text(f"date,RUT,IWM\n{day},2434.25,x\n")
    (home / "macro.csv").write_text(f"observation_date,{series}\n{day - timedelta(days=3)},3.87\n")
    result = doctor(
        '[[feeds]]\nprovider = "csv_file"\nname = "desk"\npath = "closes.csv"\nkind = "adjusted_close"\n'
        '[[feeds]]\nprovider = "csv_file"\nname = "macro"\npath = "macro.csv"\nkind = "observation"\n'
        '[[feeds]]\nprovider = "csv_file"\nname = "other"\npath = "other.csv"\nkind = "close"\n'
        '[[feeds]]\nprovider = "csv_file"\nname = "spoilt"\npath = "spoilt.csv"\n'
    )
    assert f"RUT closed at 2,434.25 on {day}" in _line(result, "desk")
    assert f"{series} 3.87" in _line(result, "macro")
    assert "none of its titles is a symbol of the board: UNHEARD" in _line(result, "other")
    assert "correct this feed in the config" in _line(result, "other")
    assert 'column IWM: "x" is not a price' in _line(result, "spoilt")
    assert "correct the file" in _line(result, "spoilt")


def test_files_that_were_set_aside_are_named(doctor: Run) -> None:
    folder = state_folder()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "view.json.unreadable").write_text("spoilt")
    result = doctor(SIMULATED)
    assert result.exit_code == 0
    assert f"{folder}/view.json.unreadable: it could not be used" in _line(result, "set aside")


@pytest.mark.parametrize(("last", "severity"), [(date(2030, 12, 31), Severity.OK), (date(2026, 5, 29), Severity.WARN)])
def test_the_end_of_the_session_table_is_told_half_a_year_ahead(
    last: date, severity: Severity, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Now(datetime):
        @classmethod
        def now(cls, tz: object = None) -> "Now":  # noqa: ARG003
            return cls(2026, 1, 6, 15, 0, tzinfo=UTC)

    whole = nyse()
    monkeypatch.setattr(doctor_local, "datetime", Now)
    monkeypatch.setattr(doctor_local, "nyse", lambda: Calendar(whole.first, last, whole._sessions, whole._early))
    (line,) = doctor_local.calendar()
    assert line.severity is severity
    assert line.text.startswith("OPEN, POST from Tue 2026-01-06 16:00 New York time (in 6 h 00 min)")
    monkeypatch.setattr(Now, "now", classmethod(lambda cls, _: cls(2031, 1, 6, 15, 0, tzinfo=UTC)))
    (line,) = doctor_local.calendar()
    assert line.severity is Severity.FAULT


@pytest.mark.parametrize(
    ("ahead", "severity"), [(None, Severity.NOTE), (-3600, Severity.OK), (30, Severity.OK), (600, Severity.WARN)]
)
def test_a_price_from_the_future_means_that_our_clock_is_behind(ahead: float | None, severity: Severity) -> None:
    at = None if ahead is None else EVENING + timedelta(seconds=ahead)
    assert doctor_feeds.clock([Probe(Diagnostic(Severity.OK, "x", ""), at)]).severity is severity


def test_a_password_of_a_proxy_is_not_printed(doctor: Run) -> None:
    line = _line(doctor(SIMULATED, "--proxy", "http://me:secret@localhost:8080"), "network")
    assert "http://me:***@localhost:8080" in line
    assert "secret" not in line
    line = _line(doctor(SIMULATED, HTTPS_PROXY="http://me:secret@localhost:8080"), "network")
    assert "https http://me:***@localhost:8080" in line


def test_a_certificate_file_without_certificates_is_a_fault(home: Path) -> None:
    (home / "ca.pem").write_text("no certificate")
    loaded = LoadedConfig(Config(network=Network(ca_file="ca.pem")), home / "mine.toml")
    assert next(line.severity for line in doctor_local.network(loaded)) is Severity.FAULT


def test_a_faulty_theme_of_ones_own_is_degraded(doctor: Run, home: Path) -> None:
    (home / "themes").mkdir()
    (home / "themes" / "mine.toml").write_text("[colours")
    result = doctor(SIMULATED)
    assert result.exit_code == 3
    assert "mine.toml:1: is not TOML" in _line(result, "theme")


def test_a_state_folder_that_cannot_be_made_is_degraded(doctor: Run, home: Path) -> None:
    (home / "state").touch()
    result = doctor(SIMULATED)
    assert result.exit_code == 3
    assert "is a file" in _line(result, "state")


def test_in_a_terminal_it_tells_size_colours_and_what_is_between(home: Path) -> None:
    (home / "c.toml").write_text(SIMULATED)
    master, slave = pty.openpty()
    env = {
        "PATH": os.environ["PATH"], "HOME": str(home), "TERM": "screen-256color", "TMUX": "/tmp/tmux-0/default",
        "SSH_CONNECTION": "10.0.0.1 1 10.0.0.2 22", "LANG": "C.UTF-8",
    }  # fmt: skip
    code = "import fcntl, struct, termios; fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack('HHHH', 20, 100, 0, 0));"
    code += "from rotation_tui.__main__ import main; main()"
    with subprocess.Popen(
        [sys.executable, "-c", code, "doctor", "--config", str(home / "c.toml")],
        stdin=slave, stdout=slave, stderr=subprocess.DEVNULL, env=env,
    ) as process:  # fmt: skip
        os.close(slave)
        shown = b""
        while part := _read(master):
            shown += part
    os.close(master)
    assert process.returncode == 3
    words = " ".join(shown.decode().split())
    assert "screen-256color, 100x20, UTF-8, colours: 256, over ssh, in tmux" in words
    assert "warn size 100x20 is small" in words


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # Linux says so when the other end is closed
        return b""


def _severities(home: Path, ca_file: str | None = None) -> list[tuple[Severity, str]]:
    loaded = LoadedConfig(Config(network=Network(ca_file=ca_file)), home / "mine.toml")
    return [(line.severity, line.text) for line in doctor_local.network(loaded) if line.subject == "network"]


def test_each_certificate_file_has_one_line_and_a_true_one(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import certifi

    (home / "no.pem").write_text("hello\n")
    (home / "certs").mkdir()
    for file, wrong in (("no.pem", "holds no certificates"), ("gone.pem", "is not there"), (certifi.where(), "")):
        for given in ("config", "environment"):
            monkeypatch.delenv("SSL_CERT_FILE", raising=False)
            if given == "environment":
                monkeypatch.setenv("SSL_CERT_FILE", str(home / file))
            [(severity, text)] = _severities(home, str(home / file) if given == "config" else None)
            assert severity is (Severity.FAULT if wrong else Severity.OK)
            assert wrong in text
            assert ("SSL_CERT_FILE" in text) == (given == "environment")
    monkeypatch.delenv("SSL_CERT_FILE")
    for folder, severity in (("certs", Severity.OK), ("none", Severity.FAULT)):
        monkeypatch.setenv("SSL_CERT_DIR", str(home / folder))
        assert [m for m, _ in _severities(home)] == [severity]


def test_a_terminal_that_would_lose_a_minus_is_named(doctor: Run) -> None:
    line = _line(doctor(SIMULATED, TERM="screen", LANG="", LC_ALL="", LC_CTYPE=""), "characters")
    assert line.startswith("warn")
    assert "no locale is set, and screen takes that for ASCII; ASCII is drawn; set LANG" in line


def test_a_home_that_is_not_absolute_is_said(home: Path) -> None:
    env = {"HOME": ".", "XDG_STATE_HOME": "state", "XDG_CONFIG_HOME": str(home)}
    notes = settle(env)
    assert env.keys() == {"HOME", "XDG_CONFIG_HOME"}
    assert os.path.isabs(env["HOME"])
    assert [note.split(" is ")[0] for note in notes] == ['HOME="."', 'XDG_STATE_HOME="state"']
    assert settle({"HOME": "", "TERM": "x"})
    assert settle({"HOME": "/root"}) == settle({}) == ()
    result = CliRunner().invoke(cli, ["doctor"], obj=notes)
    assert 'HOME="." is not absolute' in _line(result, "home")
    assert result.exit_code != 0


def test_every_folder_is_absolute_wherever_home_is() -> None:
    env = {**os.environ, "HOME": "."}
    del env["XDG_STATE_HOME"], env["XDG_CONFIG_HOME"]
    program = [sys.executable, "-m", "rotation_tui", "config", "locate", "--log-file", "~/x.log"]
    said = subprocess.run(program, env=env, capture_output=True, text=True, check=True).stdout
    assert all(line.split(maxsplit=1)[1].startswith("/") for line in said.splitlines())
    assert str(Path.cwd()) not in said
