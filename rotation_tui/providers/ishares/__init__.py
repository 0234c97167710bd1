"""What iShares' index funds hold: a file a fund and day, from the product pages, for want of the indexes' own lists."""

import asyncio
from collections.abc import Mapping
from datetime import datetime

from rotation_tui.domain.holdings import OLD_AFTER, Holdings
from rotation_tui.domain.session import EASTERN
from rotation_tui.providers.base import Endpoint, Misconfigured, ProviderPart, Surroundings, UnknownSymbol
from rotation_tui.providers.http import LARGE, Http
from rotation_tui.providers.ishares.table import parse_holdings

NAME = "ishares"
PRODUCTS: Mapping[str, str] = {
    "IWM": "239710/ishares-russell-2000-etf",
    "IVV": "239726/ishares-core-sp-500-etf",
    "IJR": "239774/ishares-core-sp-smallcap-etf",
    "IWB": "239707/ishares-russell-1000-etf",
    "IJH": "239763/ishares-core-sp-midcap-etf",
    "IWC": "239716/ishares-microcap-etf",
}
"""By fund the number of its product and its name, as both stand in the address of its page."""

_FILE = "/us/products/{product}/latest-holdings.csv"


class IShares:
    """The files as a source, of PRODUCTS and of what `products` under [providers.ishares] adds or puts right."""

    def __init__(self, surroundings: Surroundings) -> None:
        self._http = Http(NAME, surroundings, {"Accept": "text/csv"})
        self._products = {**PRODUCTS, **surroundings.options.get("products", {})}
        self._tell = surroundings.tell

    def offers_holdings(self, fund: str) -> bool:
        """Whether the address of its page is known."""
        return fund in self._products

    async def holdings(self, fund: str, now: datetime) -> Holdings:
        """The newest file of `fund`; of one older than ten days it is told."""
        product = self._products.get(fund)
        if product is None:
            raise UnknownSymbol(f"iShares has no address of {fund}: products under [providers.ishares] can name it")
        number, _, called = product.partition("/")
        if not (number.isdigit() and called):
            raise Misconfigured(
                f'products.{fund} under [providers.ishares] is "{product}", not like "{PRODUCTS["IWM"]}"'
            )
        body = await self._http.get(_FILE.format(product=product), most=LARGE)
        found = await asyncio.to_thread(parse_holdings, body, fund, called, NAME, now)
        age = now.astimezone(EASTERN).date() - found.as_of
        if age > OLD_AFTER:
            self._tell(f"the newest holdings of {fund} are of {found.as_of}, {age.days} days old")
        return found

    def requests_last_hour(self) -> int:
        return self._http.requests_last_hour()

    async def close(self) -> None:
        await self._http.close()


PROVIDER = ProviderPart(
    NAME,
    Endpoint(
        base_url="https://www.ishares.com",
        user_agent="Mozilla/5.0 (compatible; rotation-tui)",
        timeout_s=30.0,
        max_per_hour=30,
    ),
    IShares,
    terms="iShares' holdings are for personal use under BlackRock's terms.",
    naming="it turns away most names that do not begin with Mozilla/5.0",
)
