"""iShares: a fund's file in the older order of columns, without the disclaimer that follows the table."""

from datetime import date

from tests.providers.local_source import Request
from tests.providers.replies import Weights

CALLED = {"IWM": "iShares Russell 2000 ETF", "IVV": "iShares Core S&P 500 ETF"}
COLUMNS = (
    "Ticker,Name,Sector,Asset Class,Market Value,Weight (%),Notional Value,Quantity,Price,Location,Exchange,Currency,"
    "FX Rate,Market Currency,Accrual Date"
)


def holdings(_: Request, fund: str, members: Weights, as_of: date) -> str:
    """Each member is worth a million dollars a percent, at a hundred dollars a share."""
    head = f'{CALLED.get(fund, fund)}\nFund Holdings as of,"{as_of:%b %d, %Y}"\nShares Outstanding,"1,000.00"\n\xa0\n'
    return f"\ufeff{head}{COLUMNS}\n" + "".join(line(*member) for member in members) + "\xa0\n"


def line(ticker: str, weight: str, name: str = "", asset: str = "Equity", exchange: str = "NASDAQ") -> str:
    """One line; a weight that is no number stands there as it is."""
    try:
        value, quantity = f"{float(weight) * 1e6:,.2f}", f"{float(weight) * 1e4:,.2f}"
    except ValueError:
        value, quantity = "1,000,000.00", "10,000.00"
    cells = (ticker, name or f"{ticker} INC", "Industrials", asset, value, weight, value, quantity, "100.00",
             "United States", exchange, "USD", "1.00", "USD", "-")  # fmt: skip
    return ",".join(f'"{cell}"' for cell in cells) + "\n"
