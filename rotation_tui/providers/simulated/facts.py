"""The published figures the simulated market is tied to, and the character of each instrument.

Index closes are price returns. Year ends run from 2004 for the indexes and VIX.
"""

from datetime import date

from msgspec import Struct

FIRST_YEAR = 2004
"""Year whose last session is the first row of the long histories (indexes and what follows them)."""

SHORT_FIRST_YEAR = 2014
"""The same for everything else; eleven years are enough for every window and study."""

LAST_YEAR = 2025
"""The last year whose end is published; later ones are simulated."""

YEAR_ENDS: dict[str, tuple[float, ...]] = {
    "RUT": (
        651.57, 673.22, 787.66, 766.03, 499.45, 625.39, 783.65, 740.92, 849.35, 1163.64, 1204.70,
        1135.89, 1357.13, 1535.51, 1348.56, 1668.47, 1974.86, 2245.31, 1761.25, 2027.07, 2230.16, 2481.91,
    ),
    "SPX": (
        1211.92, 1248.29, 1418.30, 1468.36, 903.25, 1115.10, 1257.64, 1257.60, 1426.19, 1848.36, 2058.90,
        2043.94, 2238.83, 2673.61, 2506.85, 3230.78, 3756.07, 4766.18, 3839.50, 4769.83, 5881.63, 6845.50,
    ),
    "NDX": (
        1621.12, 1645.20, 1756.90, 2084.93, 1211.65, 1860.31, 2217.86, 2277.83, 2660.93, 3592.00, 4236.28,
        4593.27, 4863.62, 6396.42, 6329.97, 8733.07, 12888.30, 16320.10, 10939.80, 16825.90, 21012.20,
        25249.80,
    ),
    "VIX": (
        13.29, 12.07, 11.56, 22.50, 40.00, 21.68, 17.75, 23.40, 18.02, 13.72, 19.20,
        18.21, 14.04, 11.04, 25.42, 13.78, 22.75, 17.22, 21.67, 12.45, 17.35, 14.95,
    ),
}  # fmt: skip
"""Closes of the last session of 2004 to 2025."""

FIXED: dict[str, dict[date, float]] = {
    "RUT": {date(2025, 6, 30): 2175.04, date(2025, 12, 11): 2590.61, date(2025, 12, 30): 2500.59},
    "SPX": {
        date(2025, 6, 30): 6204.95,
        date(2025, 12, 11): 6901.00,
        date(2025, 12, 24): 6932.05,
        date(2025, 12, 30): 6896.24,
    },
    "VIX": {date(2025, 12, 30): 14.33},
}
"""Published closes between year ends."""

RECORDS = {"RUT": 2590.61, "SPX": 6932.05, "NDX": 26119.85}
"""Standing record closes at the start of the demo; nothing simulated reaches them, before or after."""

CEILINGS: dict[str, dict[int, float]] = {
    "RUT": dict.fromkeys(range(2021, 2025), 2442.74),
    "SPX": {**dict.fromkeys(range(2021, 2024), 4796.56), 2024: 6090.27},
    "NDX": {**dict.fromkeys(range(2021, 2023), 16573.34), 2023: 16906.80, 2024: 22096.66},
}
"""Record closes that stood in earlier years; the standing one holds in years not named."""


class Profile(Struct, frozen=True):
    """How an instrument moves.

    `level` is its rough price at the end of 2025, `year` its total return of 2025 in percent, `dividend` its
    yield in percent. `large` and `small` are the loads on the S&P 500's return and on the return of Russell
    2000 minus S&P 500. `sector` names the shared noise and `shared` and `own` weigh it and the instrument's
    own, in daily standard deviations of the market. `volume` is in million shares a day, None for an index.
    """

    level: float
    year: float
    dividend: float
    large: float
    small: float
    sector: str
    shared: float
    own: float
    volume: float | None


PROFILES: dict[str, Profile] = {
    "NDX": Profile(25249.80, 20.2, 0.0, 1.22, -0.15, "TEC", 0.22, 0.12, None),
    "IJR": Profile(120.2, 5.9, 1.5, 0.98, 0.92, "S600", 0.25, 0.08, 4.5),
    "RSP": Profile(191.6, 11.2, 1.6, 0.92, 0.25, "VALUE", 0.22, 0.06, 9.0),
    "PSCF": Profile(57.2, 6.2, 2.4, 0.90, 0.85, "FIN", 0.50, 0.25, 0.006),
    "PSCI": Profile(150.1, 13.5, 0.7, 1.05, 1.00, "IND", 0.45, 0.25, 0.008),
    "PSCH": Profile(44.1, -0.5, 0.2, 0.90, 0.95, "HC", 0.60, 0.35, 0.012),
    "PSCE": Profile(42.8, -9.0, 2.0, 0.85, 1.05, "ENE", 1.50, 0.45, 0.015),
    "PSCT": Profile(56.7, 18.6, 0.1, 1.25, 1.05, "TEC", 0.70, 0.40, 0.012),
    "PSCD": Profile(104.6, -2.9, 1.2, 1.10, 1.10, "CD", 0.60, 0.35, 0.002),
    "PSCC": Profile(31.0, -16.5, 1.9, 0.65, 0.65, "CS", 0.55, 0.35, 0.008),
    "PSCM": Profile(84.0, 15.6, 1.0, 1.05, 1.05, "MAT", 0.65, 0.35, 0.002),
    "PSCU": Profile(57.6, -1.9, 1.4, 0.70, 0.60, "UTI", 0.55, 0.35, 0.002),
    "KRE": Profile(64.5, 10.2, 2.4, 0.95, 1.05, "FIN", 0.80, 0.45, 14.0),
    "XBI": Profile(122.0, 35.9, 0.3, 0.85, 1.15, "HC", 0.90, 0.75, 9.0),
    "XOP": Profile(126.4, -1.5, 2.5, 0.85, 0.80, "ENE", 1.45, 0.40, 3.0),
    "XLF": Profile(54.8, 14.9, 1.3, 0.95, 0.12, "FIN", 0.45, 0.15, 38.0),
    "XLI": Profile(155.1, 19.3, 1.3, 0.95, 0.15, "IND", 0.38, 0.12, 9.0),
    "XLV": Profile(154.8, 14.5, 1.6, 0.65, 0.02, "HC", 0.60, 0.20, 10.0),
    "XLE": Profile(44.7, 7.9, 3.2, 0.70, 0.20, "ENE", 1.10, 0.25, 30.0),
    "XLK": Profile(144.0, 24.6, 0.6, 1.30, -0.15, "TEC", 0.50, 0.15, 10.0),
    "XLY": Profile(119.4, 7.4, 0.8, 1.18, 0.05, "CD", 0.45, 0.25, 8.0),
    "XLP": Profile(77.7, 1.5, 2.7, 0.42, -0.05, "CS", 0.55, 0.20, 14.0),
    "XLB": Profile(45.4, 9.9, 1.9, 0.85, 0.20, "MAT", 0.55, 0.20, 11.0),
    "XLU": Profile(42.7, 16.0, 2.7, 0.50, -0.05, "UTI", 0.70, 0.20, 18.0),
    "XLC": Profile(117.7, 23.1, 1.0, 1.02, -0.05, "COM", 0.45, 0.15, 6.0),
    "XLRE": Profile(40.4, 2.6, 3.4, 0.70, 0.15, "RE", 0.65, 0.15, 6.0),
    "XLG": Profile(59.2, 19.5, 0.7, 1.08, -0.18, "MEGA", 0.25, 0.05, 2.5),
    "OEF": Profile(345.0, 20.0, 0.9, 1.05, -0.15, "MEGA", 0.20, 0.05, 0.8),
    "MGC": Profile(252.0, 19.0, 1.0, 1.04, -0.14, "MEGA", 0.18, 0.05, 0.2),
    "MAGS": Profile(66.4, 22.8, 0.7, 1.35, -0.30, "MEGA", 0.70, 0.30, 3.0),
    "IVV": Profile(684.9, 17.8, 1.1, 1.00, 0.00, "SPX", 0.01, 0.02, 6.0),
    "IBB": Profile(168.8, 28.0, 0.2, 0.75, 0.60, "HC", 0.80, 0.40, 1.8),
    "IWC": Profile(157.6, 22.5, 1.0, 0.95, 1.15, "MICRO", 0.40, 0.25, 0.05),
    "IWN": Profile(181.0, 12.4, 1.6, 0.96, 0.95, "VALUE", 0.20, 0.15, 0.9),
    "IWO": Profile(323.0, 12.9, 0.6, 1.05, 1.05, "GROWTH", 0.20, 0.15, 0.5),
    "HYG": Profile(80.6, 8.6, 5.7, 0.24, 0.06, "CREDIT", 0.12, 0.05, 38.0),
    "LQD": Profile(110.2, 7.9, 4.4, 0.10, 0.00, "RATES", 0.40, 0.10, 30.0),
    "IEI": Profile(119.4, 7.0, 3.5, 0.00, 0.00, "RATES", 0.25, 0.05, 2.0),
    "IEF": Profile(96.2, 8.0, 3.8, -0.02, 0.00, "RATES", 0.45, 0.05, 8.0),
    "SHY": Profile(82.8, 5.0, 3.8, 0.00, 0.00, "RATES", 0.08, 0.02, 4.0),
    "TLT": Profile(87.2, 4.2, 4.4, -0.05, -0.02, "RATES", 0.90, 0.15, 38.0),
    "UUP": Profile(27.0, -5.0, 3.0, -0.05, -0.06, "DOLLAR", 0.45, 0.05, 1.0),
    "GLD": Profile(396.3, 63.7, 0.0, 0.05, 0.00, "GOLD", 1.10, 0.10, 11.0),
    "USO": Profile(69.2, -8.5, 0.0, 0.25, 0.10, "ENE", 1.70, 0.80, 3.0),
    "DJI": Profile(48063.3, 13.0, 0.0, 0.88, 0.05, "VALUE", 0.30, 0.10, None),
}  # fmt: skip
"""Everything but the two index legs, the followers of an index and the volatility indexes."""

FOLLOWERS: dict[str, tuple[str, float, float, float | None]] = {
    "IWM": ("RUT", 0.09918, 1.1, 32.0),
    "SPY": ("SPX", 0.09962, 1.15, 72.0),
    "QQQ": ("NDX", 0.02433, 0.55, 48.0),
    "DJX": ("DJI", 0.01, 0.0, None),
    "RTY=F": ("RUT", 1.003, 0.0, None),
    "ES=F": ("SPX", 1.004, 0.0, None),
    "NQ=F": ("NDX", 1.005, 0.0, None),
}
"""Instruments that are an index times a factor: index, factor, dividend yield in percent, million shares."""

LONG_HISTORY = frozenset({"RUT", "SPX", "NDX", "VIX", "IWM", "SPY", "QQQ", "IJR", "RSP"})
"""Symbols whose history starts at the end of FIRST_YEAR."""
