"""What is special about Tiingo: closes as they were traded, splits beside them, and a key in the head."""

from datetime import date
from pathlib import Path

import pytest

from rotation_tui.domain.bars import Basis, Split
from rotation_tui.domain.instrument import Instrument
from rotation_tui.providers.base import BadReply, HasBars, Refused
from rotation_tui.providers.tiingo import KEYS as NAMES
from rotation_tui.providers.tiingo import PROVIDER, parse
from tests.providers.heard import source_at
from tests.providers.keyed import KEYS
from tests.providers.local_source import Answer, serving
from tests.providers.promises import FUND, NOW
from tests.providers.replies.tiingo import told

DAYS = (date(2026, 11, 16), date(2026, 11, 17), date(2026, 11, 18), date(2026, 11, 19))


def test_a_split_is_put_into_the_prices_before_its_day() -> None:
    """Two for one on the 18th, then one for four on the 19th, as worked by hand: 480 is 240, and then 960."""
    rows = list(zip(DAYS, ("480.0", "484.0", "243.0", "976.0"), ("1.0", "1.0", "2.0", "0.25"), strict=True))
    prices, total = parse(told(rows).encode(), "IWM", NOW)
    assert prices.closes == (960.0, 968.0, 972.0, 976.0)
    assert prices.volumes == (500.0, 500.0, 250.0, 1000.0)
    assert prices.highs == (500.0, 500.0, 1000.0, 250.0)
    assert prices.splits == (Split(DAYS[2], 2.0), Split(DAYS[3], 0.25))
    assert (total.basis, total.closes) == (Basis.TOTAL, (480.0, 484.0, 243.0, 976.0))


def test_without_its_adjusted_closes_there_is_no_total_return() -> None:
    body = told([(DAYS[0], "480.0", "1.0")]).replace('"adjClose":480.0', '"adjClose":null')
    assert [bars.basis for bars in parse(body.encode(), "IWM", NOW)] == [Basis.PRICE]


def test_a_row_of_no_session_is_left_out() -> None:
    rows = [(date(2026, 11, 15), "1.0", "1.0"), (DAYS[0], "480.0", "1.0")]
    assert parse(told(rows).encode(), "IWM", NOW)[0].dates == (DAYS[0],)


@pytest.mark.parametrize("split", ["0", "-2.0", "null", "1e999"])
def test_a_split_that_cannot_be_is_refused(split: str) -> None:
    with pytest.raises(BadReply):
        parse(told([(DAYS[0], "480.0", "1.0"), (DAYS[1], "240.0", split)]).encode(), "IWM", NOW)


async def test_the_key_goes_in_the_head_and_the_days_in_the_question(tmp_path: Path) -> None:
    answer = Answer(told([(DAYS[3], "240.0", "1.0")]).encode())
    async with serving(lambda _: answer) as local, source_at(PROVIDER, local.url, tmp_path) as source:
        assert isinstance(source, HasBars)
        await source.bars(FUND, DAYS[0], NOW)
        await source.bars(FUND, None, NOW)
    first, second = local.seen
    assert (first.path, first.query) == ("/tiingo/daily/iwm/prices", {"startDate": "2026-11-16", "format": "json"})
    assert second.query["startDate"] == "1970-01-01"
    assert first.headers["authorization"] == f"token {KEYS[NAMES[0]]}"  # the server reads heads in lower case


async def test_a_wrong_key_is_told_by_where_it_is_from(tmp_path: Path) -> None:
    answer = Answer(f'{{"detail":"Invalid token {KEYS[NAMES[0]]}."}}'.encode(), 401)
    async with serving(lambda _: answer) as local, source_at(PROVIDER, local.url, tmp_path) as source:
        assert isinstance(source, HasBars)
        with pytest.raises(Refused, match=r"^Tiingo does not take the key from \$TIINGO_API_KEY; ") as refused:
            await source.bars(Instrument.of("IWM"), None, NOW)
    assert KEYS[NAMES[0]] not in str(refused.value)
