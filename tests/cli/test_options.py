"""The options of every command: before it, after it, from the environment, and which of them counts."""

import sys
import threading
import types
from datetime import date
from pathlib import Path

import pytest
import tomli

from rotation_tui import __version__
from rotation_tui.cli import options
from rotation_tui.cli.options import DEMO_SEED, DemoOptions, Options, SnapshotRequest
from rotation_tui.toml_file.fault import ConfigFault
from tests.cli.conftest import Run
from tests.patience import PATIENCE_S

LEAVES = (
    (), ("demo",), ("snapshot",), ("doctor",), ("config",), ("config", "init"), ("config", "check"),
    ("config", "show"), ("config", "schema"), ("config", "locate"),
)  # fmt: skip
OPTIONS = (
    "--config", "--theme", "--color", "--ascii", "--proxy", "--ca-file", "--log-file", "--log-level", "--version",
)  # fmt: skip


class Commands:
    """Stands in for the two commands that show the market, and keeps what they were given."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.given: list[tuple[Options, DemoOptions | SnapshotRequest | None]] = []
        for name in ("monitor", "snapshot"):
            module = types.ModuleType(f"rotation_tui.cli.{name}")
            module.run = self.run  # type: ignore[attr-defined]
            monkeypatch.setitem(sys.modules, module.__name__, module)

    def run(self, options: Options, request: DemoOptions | SnapshotRequest | None) -> int:
        self.given.append((options, request))
        return 3


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch) -> Commands:
    return Commands(monkeypatch)


@pytest.mark.parametrize("command", LEAVES, ids=" ".join)
def test_every_command_has_them_all(run: Run, command: tuple[str, ...]) -> None:
    told = run(*command, "--help").output
    assert [option for option in OPTIONS if f"  {option}" not in told] == []


@pytest.mark.parametrize("command", LEAVES, ids=" ".join)
def test_every_command_tells_its_version(run: Run, command: tuple[str, ...]) -> None:
    assert run(*command, "--version").output == f"rotation-tui, version {__version__}\n"


@pytest.mark.parametrize("command", [(), ("demo",), ("snapshot",)], ids=" ".join)
def test_options_count_before_and_after_the_command(
    run: Run, commands: Commands, command: tuple[str, ...], tmp_path: Path
) -> None:
    given = ("--theme", "light", "--ascii", "--log-file", str(tmp_path / "a.log"), "--proxy", "http://localhost:1")
    assert run(*given, *command).exit_code == 3
    assert run(*command, *given).exit_code == 3
    before, after = (options for options, _ in commands.given)
    assert before == after
    assert (before.theme, before.ascii, before.proxy) == ("light", True, "http://localhost:1")
    assert before.log_file == tmp_path / "a.log"


def test_the_nearest_counts(run: Run, commands: Commands) -> None:
    run("--theme", "a", "demo", "--theme", "b", ROTATION_TUI_THEME="c")
    run("--theme", "a", "demo", ROTATION_TUI_THEME="c")
    run("demo", ROTATION_TUI_THEME="c")
    run("demo")
    assert [options.theme for options, _ in commands.given] == ["b", "a", "c", None]


def test_low_bandwidth_can_be_forbidden_as_well(run: Run, commands: Commands) -> None:
    run("--low-bandwidth", "demo", "--no-low-bandwidth")
    run("--low-bandwidth", ROTATION_TUI_LOW_BANDWIDTH="off")
    run("demo", ROTATION_TUI_LOW_BANDWIDTH="off")
    assert [options.low_bandwidth for options, _ in commands.given] == ["off", "on", "off"]


def test_each_has_an_environment_variable(run: Run, commands: Commands, home: Path) -> None:
    (home / "ca.pem").touch()
    run(
        ROTATION_TUI_CONFIG="~/mine.toml",
        ROTATION_TUI_THEME="light",
        ROTATION_TUI_COLOR="16",
        ROTATION_TUI_ASCII="1",
        ROTATION_TUI_LOW_BANDWIDTH="1",
        ROTATION_TUI_PROXY="http://localhost:1",
        ROTATION_TUI_CA_FILE="~/ca.pem",
        ROTATION_TUI_LOG_FILE="~/my.log",
        ROTATION_TUI_LOG_LEVEL="debug",
    )
    assert commands.given[0][0] == Options(
        home / "mine.toml", "light", "16", True, "on", "http://localhost:1", home / "ca.pem", home / "my.log", "debug"
    )


def test_what_nobody_says_is_left_to_the_config_file(run: Run, commands: Commands, home: Path) -> None:
    run()
    log = home / "state" / "rotation-tui" / "rotation-tui.log"
    assert commands.given == [(Options(None, None, None, None, None, None, None, log, "info"), None)]


@pytest.mark.parametrize(
    ("args", "no_color", "color"),
    [((), "1", "none"), ((), "", "256"), (("--color", "auto"), "1", "auto"), (("--color", "16"), "", "16")],
)
def test_no_color_counts_unless_color_is_asked_for(
    run: Run, home: Path, args: tuple[str, ...], no_color: str, color: str
) -> None:
    (home / "c.toml").write_text('display.color = "256"')
    shown = run("config", "show", "--config", str(home / "c.toml"), *args, NO_COLOR=no_color)
    assert tomli.loads(shown.stdout)["display"]["color"] == color


def test_options_go_over_the_file_and_the_rest_of_it_stays(home: Path) -> None:
    file = home / "c.toml"
    file.write_text('theme = "light"\n[display]\nmouse = "off"\n[network]\nproxy = "http://localhost:1"')
    options = Options(file, "dark", "16", None, "off", None, home / "ca.pem", home / "log", "info")
    loaded = options.load()
    assert loaded.config.theme == "dark"
    display = loaded.config.display
    assert (display.mouse, display.color, display.low_bandwidth) == ("off", "16", "off")
    assert loaded.config.network.proxy == "http://localhost:1"
    assert loaded.config.network.ca_file == str(home / "ca.pem")
    assert loaded.path == file


def test_an_unknown_theme_is_answered_with_those_there_are(home: Path) -> None:
    options = Options(None, "drak", None, None, None, None, None, home / "log", "info")
    with pytest.raises(ConfigFault, match=r'no theme "drak", did you mean "dark".*blue_orange, dark, .*light'):
        options.load()


@pytest.mark.parametrize(
    ("args", "request_"),
    [
        ((), SnapshotRequest("text", None, None, 30.0, False, 122, 36)),
        (
            ("--format", "svg", "--size", "200x60", "--timeout", "2.5"),
            SnapshotRequest("svg", None, None, 2.5, False, 200, 60),
        ),
        (
            ("--demo", "--as-of", "2025-12-31"),
            SnapshotRequest("text", DemoOptions(DEMO_SEED, 1.0), date(2025, 12, 31), 30.0, False, 122, 36),
        ),
        (("--demo", "--seed", "0"), SnapshotRequest("text", DemoOptions(0, 1.0), None, 30.0, False, 122, 36)),
        (("--schema",), SnapshotRequest("text", None, None, 30.0, True, 122, 36)),
    ],
)
def test_a_snapshot_is_asked_for_in_these_words(
    run: Run, commands: Commands, args: tuple[str, ...], request_: SnapshotRequest
) -> None:
    run("snapshot", *args)
    assert commands.given[0][1] == request_


def test_the_demo_has_a_seed_and_a_speed(run: Run, commands: Commands) -> None:
    run("demo")
    run("demo", "--seed", "3", "--speed", "60")
    assert [request for _, request in commands.given] == [DemoOptions(DEMO_SEED, 1.0), DemoOptions(3, 60.0)]


def test_the_demo_and_the_simulated_feed_are_the_same_market() -> None:
    from rotation_tui.providers.simulated import DEFAULT_SEED

    assert DEMO_SEED == DEFAULT_SEED


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("snapshot", "--size", "80"), "COLSxROWS from 1x1"),
        (("snapshot", "--size", "80x0"), "COLSxROWS from 1x1"),
        (("snapshot", "--as-of", "2025-02-30"), "YYYY-MM-DD"),
        (("snapshot", "--as-of", "20250228"), "YYYY-MM-DD"),
        (("snapshot", "--as-of", "2037-01-05"), "is yet to come; allowed: a day up to 20"),
        (("snapshot", "--timeout", "0"), "above 0"),
        (("snapshot", "--timeout", "nan"), "above 0"),
        (("snapshot", "--seed", "3"), "needs --demo"),
        (("snapshot", "--format", "xml"), "'json'"),
        (("demo", "--speed", "-1"), "above 0"),
        (("demo", "--speed", "inf"), "above 0"),
        (("--color", "8", "demo"), "'truecolor'"),
        (("--proxy", "localhost:1", "demo"), "http://host:port"),
        (("--proxy", "http://localhost:port", "demo"), "http://host:port"),
        (("demo", "--ca-file", "/no/such.pem"), "there is no file /no/such.pem"),
        (("--log-level", "loud"), "'debug'"),
        (("recrod",), "No such command"),
        (("config", "chekc"), "No such command"),
    ],
)
def test_a_usage_error_is_told_on_standard_error_and_is_2(
    run: Run, commands: Commands, args: tuple[str, ...], said: str
) -> None:
    result = run(*args)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in " ".join(result.stderr.split())
    assert commands.given == []


def test_a_disk_that_does_not_answer_holds_no_start_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(options, "_DISK_S", 0.05)
    released = threading.Event()
    given = Options(tmp_path / "c.toml", None, None, None, None, None, None, tmp_path / "log", "info")
    with pytest.raises(ConfigFault, match=r"c\.toml: could not be read within 0\.05 s: its disk does not answer"):
        given.in_time(lambda: released.wait(PATIENCE_S))
    released.set()


def test_what_is_wrong_with_a_config_is_raised_by_whoever_waits_for_it(tmp_path: Path) -> None:
    given = Options(tmp_path / "c.toml", None, None, None, None, None, None, tmp_path / "log", "info")
    with pytest.raises(ConfigFault, match="there is no such file"):
        given.load()
