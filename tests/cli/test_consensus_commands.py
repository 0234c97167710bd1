"""`consensus add`: a figure goes behind what the config has, and by the same door."""

from pathlib import Path

import pytest

from rotation_tui.config.load import load
from tests.cli.conftest import Run

GIVEN = (
    *("--index", "R2000", "--measure", "fwd_pe", "--period", "NTM", "--value", "17.6"),
    *("--basis", "LSEG, ex-negative", "--as-of", "2026-11-20", "--source", "LSEG dashboard"),
)
OLD = """# mine
[display] # for the day
ascii = true

[[consensus]] # the first
index = 'SPX'
measure = 'fwd_pe'
period = 'NTM'
value = 22.1
basis = 'LSEG, ex-negative'
as_of = 2026-11-20
source = 'LSEG dashboard'
"""


def test_what_stands_there_stays_as_it_is(run: Run, home: Path) -> None:
    file = home / "mine.toml"
    file.write_text(OLD, encoding="utf-8")
    file.chmod(0o600)
    result = run("consensus", "add", *GIVEN, "--config", str(file))
    assert (result.exit_code, result.stdout) == (0, f"{file}: entry 2, R2000 fwd_pe NTM 17.6\n")
    assert file.read_text(encoding="utf-8").startswith(OLD)
    assert file.stat().st_mode & 0o777 == 0o600
    first, second = load(file).config.consensus
    assert (first.value, second.value, second.basis, str(second.as_of)) == (
        22.1, 17.6, "LSEG, ex-negative", "2026-11-20",
    )  # fmt: skip


def test_the_first_entry_makes_the_file(run: Run, home: Path) -> None:
    file = home / "config" / "rotation-tui" / "config.toml"
    assert run("consensus", "add", *GIVEN).exit_code == 0
    (entry,) = load(file).config.consensus
    assert entry.source == "LSEG dashboard"


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--measure", "pe", "measure"),
        ("--index", "DAX", "index"),
        ("--source", "", "source"),
        ("--value", "nan", "finite"),
    ],
)
def test_what_cannot_be_an_entry_is_refused_and_nothing_is_written(
    run: Run, home: Path, option: str, value: str, said: str
) -> None:
    file = home / "mine.toml"
    file.write_text("# nothing\n", encoding="utf-8")
    given = [value if before == option else word for before, word in zip(("", *GIVEN), GIVEN, strict=False)]
    result = run("consensus", "add", *given, "--config", str(file))
    assert result.exit_code == 2
    assert said in result.stderr
    assert file.read_text(encoding="utf-8") == "# nothing\n"
