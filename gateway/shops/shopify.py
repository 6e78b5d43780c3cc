"""Reads orders from Shopify's REST Admin API, newest change last, 250 a page, with the Link header for the next."""

import re
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from urllib.parse import urlencode, urlsplit

from gateway.shops.http import HttpResponse, Server
from ticketctl import __version__
from ticketctl.clock import rfc3339
from ticketctl.domain.formats.shopify import OrderPage, from_json
from ticketctl.errors import BadInput, ShopTrouble
from ticketctl.settings.table import Shop

_FIELDS = (
    "name,order_number,email,contact_email,customer,total_price,currency,"
    "financial_status,fulfillment_status,created_at,updated_at"
)
_A_PAGE = 250
_NEXT = re.compile(r'<([^<>]+)>\s*+;[^,<]*\brel="?next"?')


class Shopify:
    """A shop at Shopify, with the token to read its orders."""

    def __init__(self, shop: Shop, token: str, sleep: Callable[[float], None] = time.sleep) -> None:
        self._shop = shop
        headers = {
            "X-Shopify-Access-Token": token,
            "Accept": "application/json",
            "User-Agent": f"ticketctl/{__version__}",
        }
        self._server = Server(shop.url, headers, sleep)

    def orders(self, since: datetime | None) -> Iterator[OrderPage]:
        """Yield pages of orders changed since then. ShopTrouble if the shop does not answer."""
        asked = {"status": "any", "limit": _A_PAGE, "order": "updated_at asc", "fields": _FIELDS}
        if since is not None:
            asked["updated_at_min"] = rfc3339(since)
        target: str | None = f"/admin/api/{self._shop.version}/orders.json?{urlencode(asked)}"
        seen = set()
        while target is not None:
            if target in seen:
                raise ShopTrouble(f"{self._shop.url} has pages that link in a circle.")
            seen.add(target)
            answer = self._server.get(target)
            yield self._read(answer)
            target = self._next(answer.headers.get("link", ""))

    def _read(self, answer: HttpResponse) -> OrderPage:
        name, url = self._shop.name, self._shop.url
        if answer.status in (401, 403):
            raise ShopTrouble(
                f"{url} refused access ({answer.status}): "
                f"check the token of [[shop]] {name} and whether it may read orders."
            )
        if answer.status != 200:
            raise ShopTrouble(f"{url} answers {answer.status} {answer.reason}.")
        try:
            return from_json(answer.body)
        except BadInput as wrong:
            raise ShopTrouble(
                f"{url} sent an answer that cannot be read: {wrong.sentence}"
            ) from None

    def _next(self, link: str) -> str | None:
        """Return the path of the next page; only of this shop, so that the token goes nowhere else."""
        found = _NEXT.search(link)
        if found is None:
            return None
        parts, own = urlsplit(found[1]), urlsplit(self._shop.url)
        if (parts.scheme, parts.netloc.lower()) != (own.scheme, own.netloc.lower()):
            raise ShopTrouble(f"{self._shop.url} names a next page on another server.")
        return f"{parts.path}?{parts.query}"
