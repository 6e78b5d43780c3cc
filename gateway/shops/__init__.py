"""Shops whose orders the desk knows (F-A21): one file a provider, each a client of its HTTP interface."""

from collections.abc import Iterator
from datetime import datetime
from typing import Protocol

from ticketctl.domain.formats.shopify import Page
from ticketctl.settings.table import Shop


class Provider(Protocol):
    """What every kind of shop can do."""

    def orders(self, since: datetime | None) -> Iterator[Page]:
        """The orders changed since then (None: all it tells), a page at a time. ShopTrouble if it fails."""


def provider(shop: Shop, token: str) -> Provider:
    """The client of a shop of config.toml."""
    from gateway.shops.shopify import Shopify

    return Shopify(shop, token)
