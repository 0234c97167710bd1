"""Keys, as `config check`, `config show` and `doctor` tell of them: where each is, if it was taken, and never which."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from rotation_tui.domain.session import nyse
from tests.cli.conftest import Run
from tests.cli.test_doctor_sources import Reply, source, told

ALPACA = '[[feeds]]\nprovider = "alpaca"\n'
KEY, SECRET = "a-key-of-nobody", "a-secret-of-nobody"


@pytest.fixture
def config(home: Path) -> Callable[[str], Path]:
    """A config file of this text."""

    def written(text: str) -> Path:
        file = home / "mine.toml"
        file.write_text(text)
        return file

    return written


def test_check_says_where_a_key_was_found(run: Run, home: Path, config: Callable[[str], Path]) -> None:
    file, keys = config(ALPACA), home / "alpaca.key"
    keys.write_text(f"{KEY}\n{SECRET}\n")
    keys.chmod(0o600)
    result = run("config", "check", "--config", str(file))
    assert (result.exit_code, result.output) == (0, f"OK {file}\nOK alpaca: key from file {keys}\n")
    keys.chmod(0o644)
    careful = f"OK alpaca: key from file {keys}; others on this computer can read it: chmod 600 {keys}\n"
    assert run("config", "check", "--config", str(file)).output.endswith(careful)
    found = run("config", "check", "--config", str(file), APCA_API_KEY_ID=KEY, APCA_API_SECRET_KEY=SECRET)
    assert found.output == f"OK {file}\nOK alpaca: key from $APCA_API_KEY_ID and $APCA_API_SECRET_KEY\n"


def test_check_names_every_place_where_there_is_no_key(run: Run, home: Path, config: Callable[[str], Path]) -> None:
    file = config(f'{ALPACA}[providers.alpaca]\nkey_file = "mine.key"\n')
    result = run("config", "check", "--config", str(file), PYTHON_KEYRING_BACKEND="keyring.backends.null.Keyring")
    assert result.exit_code == 2
    said = " ".join(result.stderr.split())
    assert f"{file}:2: feeds[1].provider: alpaca: no key: $APCA_API_KEY_ID and $APCA_API_SECRET_KEY has none" in said
    assert f"file {home / 'mine.key'} is not there; keyring as APCA_API_KEY_ID" in said


def test_show_has_the_file_and_not_what_is_in_it(run: Run, home: Path, config: Callable[[str], Path]) -> None:
    file = config(f'{ALPACA}[providers.alpaca]\nkey_file = "mine.key"\n')
    (home / "mine.key").write_text(f"{KEY}\n{SECRET}\n")
    shown = run("config", "show", "--config", str(file), FINNHUB_API_KEY=KEY).output
    assert 'key_file = "mine.key"' in shown
    assert KEY not in shown
    assert SECRET not in shown


def snapshot(_: str) -> Reply:
    """What Alpaca says of every fund of the default universe that is asked for first."""
    last = nyse().close_at(nyse().last_completed(datetime.now(UTC)))
    trade = f'{{"latestTrade":{{"t":"{last.isoformat()}","p":244.25}}}}'
    return 200, {"Content-Type": "application/json"}, f'{{"IWM":{trade}}}'.encode()


def no(_: str) -> Reply:
    return 401, {}, f"forbidden {SECRET}".encode()


@pytest.mark.parametrize(
    ("reply", "code", "words"),
    [
        (snapshot, 0, "took the key from $APCA_API_KEY_ID and $APCA_API_SECRET_KEY"),
        (no, 3, "Alpaca does not take the key from $APCA_API_KEY_ID and $APCA_API_SECRET_KEY;"),
    ],
    ids=["taken", "not taken"],
)
def test_doctor_says_whether_the_source_took_it(
    run: Run, config: Callable[[str], Path], reply: Callable[[str], Reply], code: int, words: str
) -> None:
    with source(reply) as url:
        file = config(f'{ALPACA}[providers.alpaca]\nbase_url = "{url}"\n[[tickers]]\nid = "IWM"\nsymbol = "IWM"\n')
        result = run("doctor", "--config", str(file), APCA_API_KEY_ID=KEY, APCA_API_SECRET_KEY=SECRET)
    assert words in told(result)
    assert ("see at the source whether the key still counts" in told(result)) is (code == 3)
    assert KEY not in result.output
    assert SECRET not in result.output
