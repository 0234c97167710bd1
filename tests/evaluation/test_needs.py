"""What is fetched is what the parts read."""

from rotation_tui.domain.inputs import SeriesId, Symbol, Unfed
from rotation_tui.evaluation import needs
from tests.needs import made


def test_the_table_is_what_the_parts_read() -> None:
    assert needs.TABLE.read_text(encoding="utf-8") == made(), "python -m tests.needs writes it anew"


def test_what_the_checks_have_fetched() -> None:
    wanted = needs.of_checks()
    assert set(map(Symbol, ("IWM", "SPY", "PSCI", "VIX3M"))) <= wanted
    assert set(map(SeriesId, ("UNRATE", "NFCI", "BAMLH0A0HYM2"))) <= wanted
    assert {each.id for each in wanted if isinstance(each, Unfed)} == {"members' highs, lows, volume"}
    assert SeriesId("DTWEXBGS") not in needs.of_checks(skip=["X1"])


def test_what_the_claims_have_fetched() -> None:
    symbols = ("RUT", "SPX", "IWM", "SPY", "MAGS", "XLG", "RSP", "KRE", "XBI", "UUP", "PSCE")
    series = ("DFEDTARU", "DGS2", "DRTSCIS", "EPUTRADE", "DCOILWTICO", "IPMAN")
    assert {*map(Symbol, symbols), *map(SeriesId, series)} <= needs.of_claims()
    assert Symbol("UUP") not in needs.of_claims(skip=["C25"])
