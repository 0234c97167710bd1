"""What the simulated macro series are tied to: the Fed's published target range and rough year ends."""

import math
from datetime import date

from msgspec import Struct

TARGET_UPPER: dict[date, float] = {
    date(2008, 12, 16): 0.25,
    date(2015, 12, 17): 0.50,
    date(2016, 12, 15): 0.75,
    date(2017, 3, 16): 1.00,
    date(2017, 6, 15): 1.25,
    date(2017, 12, 14): 1.50,
    date(2018, 3, 22): 1.75,
    date(2018, 6, 14): 2.00,
    date(2018, 9, 27): 2.25,
    date(2018, 12, 20): 2.50,
    date(2019, 8, 1): 2.25,
    date(2019, 9, 19): 2.00,
    date(2019, 10, 31): 1.75,
    date(2020, 3, 4): 1.25,
    date(2020, 3, 16): 0.25,
    date(2022, 3, 17): 0.50,
    date(2022, 5, 5): 1.00,
    date(2022, 6, 16): 1.75,
    date(2022, 7, 28): 2.50,
    date(2022, 9, 22): 3.25,
    date(2022, 11, 3): 4.00,
    date(2022, 12, 15): 4.50,
    date(2023, 2, 2): 4.75,
    date(2023, 3, 23): 5.00,
    date(2023, 5, 4): 5.25,
    date(2023, 7, 27): 5.50,
    date(2024, 9, 19): 5.00,
    date(2024, 11, 8): 4.75,
    date(2024, 12, 19): 4.50,
    date(2025, 9, 18): 4.25,
    date(2025, 10, 30): 4.00,
    date(2025, 12, 11): 3.75,
}
"""Upper end of the Fed's target range in percent by the first day it held; the lower end is 0.25 below."""


class Wandering(Struct, frozen=True):
    """A series that wanders between year ends from 2014 to 2025.

    `step` is the standard deviation of a session's change; `market` and `rates` are the correlations of that
    change with large-cap shares and with bond prices. Values are rounded to `digits`, never under `least`.
    """

    ends: tuple[float, ...]
    step: float
    market: float = 0.0
    rates: float = 0.0
    digits: int = 2
    least: float = -math.inf


LEVELS: dict[str, Wandering] = {
    # Less the middle of the target range: bills follow the Fed.
    "DGS3MO": Wandering((-0.09, -0.21, -0.11, 0.01, 0.08, -0.07, -0.03, -0.07, 0.05, 0.02, 0.0, 0.04), 0.01),
    "DGS2": Wandering((0.67, 1.06, 1.2, 1.89, 2.48, 1.58, 0.13, 0.73, 4.41, 4.23, 4.25, 3.47), 0.03, 0.1, -0.8),
    "DGS10": Wandering((2.17, 2.27, 2.45, 2.4, 2.69, 1.92, 0.93, 1.52, 3.88, 3.88, 4.58, 4.18), 0.035, 0.1, -0.9),
    "DFII10": Wandering((0.49, 0.73, 0.5, 0.44, 0.98, 0.15, -1.06, -1.04, 1.58, 1.72, 2.24, 1.93), 0.028, 0, -0.85),
    "BAMLH0A0HYM2": Wandering(
        (5.04, 6.95, 4.22, 3.63, 5.33, 3.6, 3.86, 3.1, 4.81, 3.39, 2.92, 2.81), 0.03, -0.75, least=2.0
    ),
    "NFCI": Wandering(
        (-0.76, -0.57, -0.72, -0.83, -0.62, -0.8, -0.59, -0.58, -0.218, -0.367, -0.486, -0.54),
        0.006,
        -0.6,
        digits=3,
    ),
    "NFCICREDIT": Wandering(
        (-0.15, 0.05, -0.1, -0.2, -0.05, -0.1, -0.05, -0.1, 0.181, 0.055, -0.07, -0.02), 0.004, -0.5, digits=3
    ),
    "UNRATE": Wandering((5.6, 5.0, 4.7, 4.1, 3.9, 3.6, 6.7, 3.9, 3.5, 3.8, 4.1, 4.4), 0.01, digits=1, least=3.2),
    "ICSA": Wandering(
        (290e3, 275e3, 240e3, 240e3, 225e3, 215e3, 780e3, 205e3, 206e3, 203e3, 211e3, 203e3),
        1600,
        digits=-3,
        least=185e3,
    ),
    "CCSA": Wandering(
        (2400e3, 2250e3, 2100e3, 1900e3, 1740e3, 1770e3, 5100e3, 1600e3, 1700e3, 1830e3, 1870e3, 1900e3),
        4000,
        digits=-3,
        least=1300e3,
    ),
    "DTWEXBGS": Wandering(
        (107, 117, 126, 116, 122, 119, 111, 116, 121.43, 118.42, 129.28, 119.75), 0.28, -0.2, digits=4
    ),
    "DCOILWTICO": Wandering(
        (53.45, 37.13, 53.75, 60.46, 45.15, 61.14, 48.35, 75.33, 80.16, 71.89, 72.44, 57.4),
        1.1,
        0.3,
        least=20,
    ),
    "DHHNGSP": Wandering((3.1, 2.3, 3.7, 3.7, 3.25, 2.1, 2.4, 3.8, 3.5, 2.6, 3.4, 4.0), 0.08, least=1.3),
    "MANEMP": Wandering(
        (12350, 12340, 12360, 12560, 12820, 12800, 12250, 12590, 12950, 12940, 12790, 12700), 4, digits=0
    ),
    "IPMAN": Wandering((101, 100, 100.5, 102.5, 103, 101, 98, 102, 100, 99.5, 99, 99.8), 0.1, digits=4),
    "INDPRO": Wandering((102.5, 99, 99.8, 103, 104, 102.5, 99, 102.5, 102, 102, 101.5, 101.7), 0.1, digits=4),
    "NEWORDER": Wandering(
        (69e3, 66.5e3, 65.5e3, 69.5e3, 69.5e3, 69e3, 71.5e3, 78e3, 73.5e3, 73.8e3, 73.7e3, 77.5e3),
        120,
        digits=0,
    ),
    "TLMFGCONS": Wandering(
        (72e3, 75e3, 72e3, 66e3, 74e3, 73e3, 72e3, 82e3, 120e3, 205e3, 235e3, 215e3),
        500,
        digits=0,
        least=50e3,
    ),
    "EPUTRADE": Wandering((60, 70, 150, 110, 180, 200, 90, 70, 60, 60, 250, 300), 10, -0.2, digits=2, least=25),
    "DRTSCIS": Wandering((-5, 4, 1, -2, 0, 2, 12, -10, 40, 25, 5, 8), 0.5, -0.2, digits=1),
    "DRTSCILM": Wandering((-5, 7, 1, -8, 3, 0, 5, -14, 39.1, 15, 3, 6.5), 0.5, -0.2, digits=1),
    "DRSDCIS": Wandering((5, 0, -8, -5, -5, -10, -15, 20, -25, -20, -10, -5), 0.6, 0.2, digits=1),
    "DRSDCILM": Wandering((10, 0, -10, -10, -5, -15, -10, 25, -30, -15, -3, 0), 0.6, 0.2, digits=1),
    "B235RC1Q027SBEA": Wandering((36, 37, 37, 39, 68, 77, 68, 95, 100, 85, 95, 350), 1, digits=3, least=30),
    "A255RC1Q027SBEA": Wandering(
        (2850, 2750, 2750, 2950, 3100, 3000, 2900, 3500, 3750, 3600, 3850, 3500), 12, digits=3
    ),
    "Y033RC1Q027SBEA": Wandering((1030, 1040, 1030, 1110, 1170, 1180, 1150, 1240, 1300, 1330, 1380, 1500), 3, digits=3),
}
"""Rough year ends, good enough for a demo."""

LINKED: dict[str, tuple[str, float, float, int]] = {
    "BAMLH0A1HYBB": ("BAMLH0A0HYM2", 0.6, 0.05, 2),
    "BAMLH0A3HYC": ("BAMLH0A0HYM2", 2.2, 2.8, 2),
    "BAMLC0A0CM": ("BAMLH0A0HYM2", 0.22, 0.17, 2),
    "BAA10Y": ("BAMLH0A0HYM2", 0.35, 0.72, 2),
    "ANFCI": ("NFCI", 1.0, 0.02, 3),
    "NFCIRISK": ("NFCI", 0.95, -0.03, 3),
    "NFCILEVERAGE": ("NFCI", 0.6, 0.25, 3),
    "STLFSI4": ("NFCI", 2.0, 0.4, 4),
    "DTWEXAFEGS": ("DTWEXBGS", 0.93, 0.0, 4),
    "DPRIME": ("DFEDTARU", 1.0, 3.0, 2),
    "DFEDTARL": ("DFEDTARU", 1.0, -0.25, 2),
    "DFF": ("DFEDTARU", 1.0, -0.15, 2),
}
"""Series that are another one times a factor plus an offset, and their digits."""

DIFFERENCES = {"T10Y2Y": ("DGS10", "DGS2"), "T10Y3M": ("DGS10", "DGS3MO"), "T10YIE": ("DGS10", "DFII10")}
"""Series that are one less another."""

CLOSES = {"VIXCLS": "VIX", "RVXCLS": "RVX", "SP500": "SPX"}
"""Series that are the closes of an index."""

EVERY_DAY = frozenset({"DFEDTARU", "DFEDTARL", "DFF"})
"""Daily series with values on week-ends and holidays too."""

ON_SATURDAY = frozenset({"ICSA", "IC4WSA", "CCSA"})
"""Weekly series dated Saturday; the others are dated Friday."""
