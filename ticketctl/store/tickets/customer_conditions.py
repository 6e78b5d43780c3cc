"""Conditions on the customer of a ticket: number, name, address or its domain."""

import re
from collections.abc import Sequence
from typing import Any

from ticketctl.domain.base.addresses import address_key
from ticketctl.domain.base.condition import Value
from ticketctl.store.db.core import hole, sa, t
from ticketctl.store.db.fragments import Part
from ticketctl.store.db.prepared import any_of, expression
from ticketctl.store.db.values import escape_like

OF_CUSTOMERS = expression(
    lambda: t.ticket.c.customer_id.in_(sa.select(t.customer.c.id).where(hole("customer")))
)
_CUSTOMER = expression(lambda: t.ticket.c.customer_id == sa.bindparam("number"))
_NAMED = expression(
    lambda: t.ticket.c.customer_id.in_(
        sa.select(t.customer.c.id).where(
            sa.or_(
                t.customer.c.name.like(sa.bindparam("pattern"), escape="/"),
                sa.func.lower(t.customer.c.name).like(sa.bindparam("lower"), escape="/"),
            )
        )
    )
)
_WITHOUT_ADDRESS = expression(
    lambda: t.ticket.c.customer_id.in_(sa.select(t.customer.c.id).where(t.customer.c.email == ""))
)


def _owners(fits: Any) -> Any:
    owners = sa.select(t.identity.c.customer_id).where(t.identity.c.kind == "email", fits)
    return t.ticket.c.customer_id.in_(owners)


_ADDRESS = expression(lambda: _owners(t.identity.c.value == sa.bindparam("address")))
_DOMAIN = expression(lambda: _owners(t.identity.c.value.like(sa.bindparam("pattern"), escape="/")))


def customer(_op: str, values: Sequence[Value]) -> Part:
    """A customer's number, address, or a part of the name; `none`: a customer without an address."""
    return any_of(*(_one_customer(str(value)) for value in values))


def _one_customer(value: str) -> Part:
    if re.fullmatch("[0-9]{1,18}", value, re.ASCII):
        return _CUSTOMER.part({"number": int(value)})
    if "@" in value or value == "none":
        return _one_email(value)
    return _NAMED.part(
        {"pattern": f"%{escape_like(value)}%", "lower": f"%{escape_like(value.lower())}%"}
    )


def email(_op: str, values: Sequence[Value]) -> Part:
    """Addresses of the customer, or `@domain`."""
    return any_of(*(_one_email(str(value)) for value in values))


def _one_email(value: str) -> Part:
    """An address of the customer, or `@domain` for every address there; `none`: no address."""
    if value == "none":
        return _WITHOUT_ADDRESS.part()
    address = address_key(value)
    if address.startswith("@"):
        return _DOMAIN.part({"pattern": f"%{escape_like(address)}"})
    return _ADDRESS.part({"address": address})
