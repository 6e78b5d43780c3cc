"""Reads orders from online shops (F-A21). One file a provider, each a client of its HTTP API.

Imports no other folder of the gateway.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Protocol

from ticketctl.domain.formats.shopify import OrderPage
from ticketctl.settings.table import Shop


class Provider(Protocol):
    """A shop that can list its orders."""

    def orders(self, since: datetime | None) -> Iterator[OrderPage]:
        """Yield pages of orders changed since then; None: all orders. ShopTrouble if it fails."""


def provider(shop: Shop, token: str) -> Provider:
    """Return the client for a shop of config.toml."""
    from gateway.shops.shopify import Shopify

    return Shopify(shop, token)
