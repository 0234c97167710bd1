"""The default universe as plain rows: what is on the board before anybody configures anything."""

from datetime import date

FEEDS = ("yahoo", "cboe", "newyorkfed", "fred", "treasury")
"""Providers in the order of failover."""

PAPER_SOURCES = ("ishares", "sec")
"""Providers of holdings and of filings, behind all feeds."""

TICKERS = (
    ("RUT", "Russell 2000"), ("SPX", "S&P 500"), ("NDX", "Nasdaq-100"), ("VIX", "Cboe Volatility Index"),
    ("IWM", "iShares Russell 2000 ETF"), ("SPY", "SPDR S&P 500 ETF"), ("QQQ", "Invesco QQQ"),
    ("RSP", "Invesco S&P 500 Equal Weight ETF"), ("IJR", "iShares Core S&P Small-Cap ETF"),
)  # fmt: skip
"""Symbol and name."""

PAIRS = (("RUT", "SPX"), ("IWM", "SPY"), ("IWM", "QQQ"), ("IJR", "SPY"), ("RSP", "SPY"))
"""Small and large leg."""

_S600 = "S&P SmallCap 600 Capped "
SECTORS = (
    ("PSCF", "Financials", _S600 + "Financials & Real Estate", "XLF", True),
    ("PSCI", "Industrials", _S600 + "Industrials", "XLI", True),
    ("PSCH", "Health care", _S600 + "Health Care", "XLV", True),
    ("PSCE", "Energy", _S600 + "Energy", "XLE", True),
    ("PSCT", "Technology", _S600 + "Information Technology", "XLK", False),
    ("PSCD", "Discretionary", _S600 + "Consumer Discretionary", "XLY", False),
    ("PSCC", "Staples", _S600 + "Consumer Staples", "XLP", False),
    ("PSCM", "Materials", _S600 + "Materials", "XLB", False),
    ("PSCU", "Utilities", _S600 + "Utilities & Communication Services", "XLU", False),
    ("KRE", "Regional banks", "S&P Regional Banks Select Industry", "XLF", False),
    ("XBI", "Biotech", "S&P Biotechnology Select Industry", "XLV", False),
    ("XOP", "Oil and gas", "S&P Oil & Gas Exploration & Production Select Industry", None, False),
)
"""Fund, sector, index it tracks, large-cap fund, and whether the thesis names the sector as a leader."""

LARGE_SECTORS = (
    ("XLC", "Communication", "S&P 500 Communication Services Select Sector"),
    ("XLRE", "Real estate", "S&P 500 Real Estate Select Sector"),
)
"""Large-cap funds that no small-cap one is paired with: fund, sector, index."""

RECONSTITUTIONS = (
    date(2022, 6, 24), date(2023, 6, 23), date(2024, 6, 28), date(2025, 6, 27), date(2026, 6, 26), date(2026, 12, 11),
    date(2027, 6, 25), date(2027, 12, 10), date(2028, 6, 23), date(2028, 12, 8),
)  # fmt: skip
"""Days of the Russell reconstitution: the fourth Friday of June and, from 2026 on, one in December.

The latter is effective after the close of the second Friday (ranked on 2026-10-30 for 2026-12-11, by four
reports of autumn 2026 against one that has 12-18); 2027 and 2028 by the same rule.
"""
