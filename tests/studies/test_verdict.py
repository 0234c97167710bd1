"""The verdict: what is said of a rotation, and above all what is not."""

from datetime import date

import pytest
from msgspec.structs import replace

from rotation_tui.domain.bars import Bars
from rotation_tui.domain.reading import Checklist, GroupReading, Level
from rotation_tui.domain.refusal import RefusedValueError
from rotation_tui.domain.verdict import Regime
from rotation_tui.studies.leaderboard import PairsLed
from rotation_tui.studies.rotation_history import MIN_CLOSES, RotationHistory, choose_pair, study_rotation
from rotation_tui.studies.verdict import WARNING, study_verdict, survival
from tests.golden import golden
from tests.studies.material import NYSE, history, on_sessions, total

RUNNING = RotationHistory("RUT-SPX", date(2025, 12, 31), 5000, {}, Regime.ROTATION, episode_age=300, new_high=True)
CALM = tuple(GroupReading(name, name, Level.OK, (), 1, 1) for name in "EFLQ")


def indexes(last: date, first: date = date(2005, 1, 3)) -> RotationHistory:
    return study_rotation(history("RUT").since(first).until(last), history("SPX").since(first).until(last), NYSE)


@pytest.mark.parametrize("age", [0, 63, 172, 500])
def test_base_rates(age: int) -> None:
    entry = golden("V04")
    found = survival(age, entry["input"])
    expected = entry["output"][f"a={age}"]
    assert (found.reached, found.of) == (expected["reached"], expected["of"])
    assert found.p == (None if expected["p"] is None else pytest.approx(expected["p"], rel=1e-8))


def test_the_verdict_when_the_article_appeared() -> None:
    found = study_verdict(indexes(date(2025, 12, 30)))
    assert (found.regime, found.since, found.age_sessions) == (Regime.ROTATION, date(2025, 12, 15), 10)
    assert found.price_only_score == pytest.approx(23.9, abs=0.05)
    assert found.score == found.price_only_score
    assert found.coverage == pytest.approx(0.8)
    assert found.sustained.startswith("UNDECIDED: 10 of 252 sessions old")
    assert found.base_rate == ("23 of 23 completed episodes of 1988-2025 reached 10 sessions, 7 of these 252 (30 %)")
    assert {"breadth", "sectors", "backdrop", "earnings growth", "valuation discount"} <= set(found.missing)
    assert (found.pair, found.warning) == ("RUT-SPX", WARNING)
    assert sum(t.contribution or 0 for t in found.terms) == pytest.approx(found.score)


def test_a_past_verdict_sees_nothing_later() -> None:
    whole, then = indexes(date(2025, 12, 31)), indexes(date(2024, 8, 30))
    assert whole.transitions[: len(then.transitions)] == then.transitions
    assert then.regime is Regime.REVERSAL
    assert (then.last_episode, then.episode_age) == (12, None)


def test_sectors_and_risk_take_part_once_they_are_known() -> None:
    history_now = indexes(date(2025, 12, 31))
    found = study_verdict(history_now, PairsLed(9, 9, 9), breadth_pct=80.0)
    assert found.coverage == pytest.approx(0.95)
    assert found.score is not None
    assert found.price_only_score is not None
    assert found.score > found.price_only_score
    assert "breadth" not in found.missing
    assert study_verdict(history_now, PairsLed(4, 4, 9)).coverage == pytest.approx(0.8)


@pytest.mark.parametrize(("rows", "known"), [(MIN_CLOSES - 1, False), (MIN_CLOSES, True)])
def test_the_state_needs_452_closes(rows: int, known: bool) -> None:
    first = history("RUT").dates[-rows]
    found = study_verdict(indexes(date(2025, 12, 31), first))
    assert (found.regime is not Regime.UNKNOWN) is known
    assert (found.sustained == "UNDECIDED: the state needs 452 closes, have 451") is not known
    assert found.price_only_score == pytest.approx(16.7, abs=0.05)


def test_a_very_short_history_has_no_score() -> None:
    found = study_verdict(study_rotation(on_sessions([1.0] * 5), on_sessions([1.0] * 5), NYSE))
    assert (found.score, found.price_only_score, found.regime) == (None, None, Regime.UNKNOWN)
    assert (found.since, found.age_sessions, found.coverage) == (None, None, 0.0)


def test_a_state_as_old_as_the_history_has_no_known_beginning() -> None:
    found = study_verdict(study_rotation(on_sessions([1.0] * 600), on_sessions([1.0] * 600), NYSE))
    assert (found.regime, found.since, found.age_sessions) == (Regime.NO_ROTATION, None, None)
    assert found.sustained == "UNDECIDED: no episode is running"
    assert found.base_rate == "7 of 23 completed episodes of 1988-2025 lasted 252 sessions (30 %)"


@pytest.mark.parametrize(
    ("age", "high", "pairs", "breadth", "earnings", "groups", "discount", "word"),
    [
        (252, True, 6, 55.0, True, CALM, True, "SUSTAINED"),
        (251, True, 6, 55.0, True, CALM, True, "UNDECIDED"),
        (252, False, 6, 55.0, True, CALM, True, "SUSTAINED"),
        (252, None, 6, 55.0, True, CALM, True, "SUSTAINED"),
        (252, False, 5, 55.0, True, CALM, True, "UNDECIDED"),
        (252, True, 6, 54.9, None, CALM, True, "UNDECIDED"),
        (252, True, 6, None, True, CALM, True, "SUSTAINED"),
        (252, True, 6, None, None, CALM, True, "UNDECIDED"),
        (252, True, 6, 55.0, None, (), True, "UNDECIDED"),
        (252, True, 6, 55.0, True, (replace(CALM[0], level=Level.ALERT), *CALM[1:]), True, "SUSTAINED"),
        (252, False, 6, 55.0, True, (*(replace(g, level=Level.ALERT) for g in CALM[:2]), CALM[2]), True, "UNDECIDED"),
    ],
)  # fmt: skip
def test_lasting_takes_a_year_and_four_signs_of_five(
    age: int,
    high: bool | None,
    pairs: int,
    breadth: float | None,
    earnings: bool | None,
    groups: tuple[GroupReading, ...],
    discount: bool | None,
    word: str,
) -> None:
    made = replace(RUNNING, episode_age=age, new_high=high)
    found = study_verdict(made, PairsLed(pairs, 9, 9), Checklist(groups), breadth, earnings, discount)
    assert found.sustained.split(":")[0] == word


@pytest.mark.parametrize(
    ("regime", "age", "told"),
    [
        (Regime.ROTATION, 80, "80 of 252 sessions old"),
        (Regime.ROTATION, 5, "80 of 252 sessions since ROTATION began"),
        (Regime.CONSOLIDATION, 5, "80 of 252 sessions since ROTATION began"),
    ],
)
def test_an_episode_that_is_older_than_its_regime_says_since_when(regime: Regime, age: int, told: str) -> None:
    made = replace(RUNNING, regime=regime, age=age, episode_age=80)
    assert study_verdict(made).sustained.startswith(f"UNDECIDED: {told}, ")


@pytest.mark.parametrize(
    ("regime", "before", "before_age", "last_episode", "word"),
    [
        (Regime.REVERSAL, Regime.ROTATION, 125, 125, "TEMPORARY"),
        (Regime.REVERSAL, Regime.CONSOLIDATION, 9, 126, "UNDECIDED"),
        (Regime.NO_ROTATION, Regime.EMERGING, 125, 400, "TEMPORARY"),
        (Regime.NO_ROTATION, Regime.EMERGING, 126, 400, "UNDECIDED"),
        (Regime.NO_ROTATION, Regime.REVERSAL, 63, 12, "UNDECIDED"),
        (Regime.EMERGING, Regime.NO_ROTATION, 63, 12, "UNDECIDED"),
    ],
)
def test_temporary_is_said_only_afterwards(
    regime: Regime, before: Regime, before_age: int, last_episode: int, word: str
) -> None:
    made = replace(
        RUNNING,
        regime=regime,
        before=before,
        before_age=before_age,
        episode_age=None,
        last_episode=last_episode,
    )
    assert study_verdict(made).sustained.split(":")[0] == word


@pytest.mark.parametrize(
    ("age", "told"),
    [
        (172, "9 of 23 completed episodes of 1988-2025 reached 172 sessions, 7 of these 252 (78 %)"),
        (300, "5 of 23 completed episodes of 1988-2025 reached 300 sessions"),
        (403, "none of 23 completed episodes of 1988-2025 reached 403 sessions"),
    ],
)
def test_base_rates_are_told_with_their_number(age: int, told: str) -> None:
    assert study_verdict(replace(RUNNING, episode_age=age)).base_rate == told


def test_funds_stand_in_for_a_missing_index() -> None:
    made = {"RUT": history("RUT"), "SPX": history("SPX"), "IWM": history("IWM_px"), "SPY": history("SPY_px")}

    def chosen(bars: dict[str, Bars]) -> str | None:
        found = choose_pair(bars, NYSE)
        return None if found is None else found[0].symbol

    last = date(2025, 12, 31)
    assert chosen(made) == "RUT"
    assert chosen({name: kept for name, kept in made.items() if name != "SPX"}) == "IWM"
    assert chosen(made | {"RUT": made["RUT"].until(NYSE.offset(last, -2))}) == "RUT"
    assert chosen(made | {"RUT": made["RUT"].until(NYSE.offset(last, -3))}) == "IWM"
    assert chosen(made | {"SPX": made["SPX"].since(date(2025, 1, 2))}) == "IWM"
    assert chosen({name: made[name].since(date(2025, 1, 2)) for name in ("RUT", "SPX")}) == "RUT"
    assert chosen({"RUT": made["RUT"]}) is None
    both = choose_pair({name: made[name] for name in ("IWM", "SPY")}, NYSE)
    assert both is not None
    assert study_verdict(study_rotation(*both, NYSE)).pair == "IWM-SPY"


def test_the_legs_are_on_one_basis() -> None:
    with pytest.raises(RefusedValueError, match="not comparable"):
        study_rotation(history("IWM_px"), total("SPY"), NYSE)
