"""Every figure of every company that any of the funds holds, worked out once for all funds."""

from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rotation_tui.domain import figures as f
from rotation_tui.studies.fundamentals.accounts import Accounts, Fault, Twelve
from rotation_tui.studies.fundamentals.formulas import Numbers

GROWTH_YEAR = 2025
"""The year whose earnings the thesis is about."""
CAPEX_YEARS = 6


class Books(NamedTuple):
    """Columns over the companies `ciks`, NaN where nothing is known.

    Of twelve months where they are told so, else of the last full year; `capex` of the last years, the newest first.
    """

    ciks: Numbers
    seen: NDArray[np.bool_]
    income: Twelve
    interest: Twelve
    ebit: Twelve
    year_income: Numbers
    year_income_before: Numbers
    shares: Numbers
    share_change: Numbers
    debt: Numbers
    debt_before: Numbers
    peak_interest: Numbers
    peak_opening: Numbers
    peak_closing: Numbers
    capex: tuple[Numbers, ...]
    revenue: Numbers
    taxes: Numbers
    pretax: Numbers
    payout: Numbers


def books_of(accounts: Accounts) -> Books:
    """All columns; reads every frame that is there."""
    year, peak = accounts.newest.last_full_year, f.PEAK_YEAR
    interest, pretax = accounts.trailing(f.INTEREST), accounts.trailing(f.PRETAX_INCOME)
    shares, shares_before = accounts.last_and_year_before(partial(accounts.at, f.SHARES), moment=True)
    diluted, diluted_before = accounts.last_and_year_before(partial(accounts.at, f.DILUTED_SHARES), moment=False)
    buybacks, issues = accounts.year(f.BUYBACKS, year), accounts.year(f.ISSUES, year)
    debt, debt_before = accounts.last_and_year_before(partial(_debt, accounts), moment=True)
    opening, closing = (_debt(accounts, f"CY{of}Q4I") for of in (peak - 1, peak))
    found = _change(shares_before, shares)
    return Books(
        ciks=accounts.ciks,
        seen=accounts.seen,
        income=accounts.trailing(f.NET_INCOME),
        interest=interest,
        ebit=_or(accounts.trailing(f.OPERATING_INCOME), _plus(pretax, interest)),
        year_income=accounts.year(f.NET_INCOME, GROWTH_YEAR),
        year_income_before=accounts.year(f.NET_INCOME, GROWTH_YEAR - 1),
        shares=np.where(shares > 0, shares, np.where(diluted > 0, diluted, np.nan)),
        share_change=np.where(np.isnan(found), _change(diluted_before, diluted), found),
        debt=debt,
        debt_before=debt_before,
        peak_interest=accounts.year(f.INTEREST, peak),
        peak_opening=opening,
        peak_closing=closing,
        capex=tuple(accounts.year(f.CAPITAL_SPENDING, year - n) for n in range(CAPEX_YEARS)),
        revenue=accounts.year(f.REVENUE, year),
        taxes=accounts.year(f.TAXES_PAID, year),
        pretax=accounts.year(f.PRETAX_INCOME, year),
        payout=np.where(np.isnan(buybacks) & np.isnan(issues), np.nan, _told(buybacks) - _told(issues)),
    )


def _debt(accounts: Accounts, period: str) -> Numbers:
    """All debt at a moment: the long one with what is due of it, or its parts, and what was borrowed for a short time.

    A part that a company does not tell counts as none once the long one is known.
    """
    whole, later, due, short, current = (
        accounts.at(figure, period)
        for figure in (f.DEBT, f.DEBT_NONCURRENT, f.DEBT_CURRENT, f.BORROWINGS, f.ALL_CURRENT_DEBT)
    )
    parts = later + np.where(np.isnan(current), _told(due) + _told(short), current)
    found = np.where(np.isnan(whole), parts, whole + _told(short))
    return np.where(found >= 0, found, np.nan)


def _told(column: Numbers) -> Numbers:
    return np.nan_to_num(column, nan=0.0)


def _change(before: Numbers, now: Numbers) -> Numbers:
    """The change as a share, NaN where either is not above 0."""
    known = (before > 0) & (now > 0)
    return np.where(known, now / np.where(known, before, 1.0) - 1, np.nan)


def _plus(one: Twelve, other: Twelve) -> Twelve:
    fault = np.where(one.fault != Fault.NONE, one.fault, other.fault)
    return Twelve(one.now + other.now, one.before + other.before, fault)


def _or(one: Twelve, other: Twelve) -> Twelve:
    """The first, or where a company does not tell it the other: both twelve months of one company are of one."""
    takes = np.isnan(one.now) & ~np.isnan(other.now)
    return Twelve(*(np.where(takes, b, a) for a, b in zip(one, other, strict=True)))
