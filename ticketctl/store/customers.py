"""People who write to the desk. Identities are `kind:value` with values in lower case (G1)."""

import unicodedata
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, delete, func, insert, or_, select, update

from ticketctl.desk.records import Customer, Ticket
from ticketctl.errors import Conflict, NotFound
from ticketctl.store import tickets
from ticketctl.store.engine import Tx
from ticketctl.store.rows import if_new, new_id
from ticketctl.store.schema import customer, identity, participant, ticket

_other = identity.alias()
_identities = (
    select(func.aggregate_strings(_other.c.kind + ":" + _other.c.value, "\n"))
    .where(_other.c.customer_id == customer.c.id)
    .scalar_subquery()
    .label("identities")
)
_SELECT = select(customer, _identities)
_GET = _SELECT.where(customer.c.id == bindparam("of_customer"))
_BY_IDENTITY = _SELECT.join(identity, identity.c.customer_id == customer.c.id).where(
    identity.c.kind == bindparam("of_kind"), identity.c.value == bindparam("of_value")
)
_INSERT = insert(customer)
_take = if_new(identity)


def key(value: str) -> str:
    """An identity's value as it is compared: without blanks around, NFC, lower case."""
    return unicodedata.normalize("NFC", value.strip()).lower()


def get(tx: Tx, id: int) -> Customer:
    """The customer; NotFound where there is none."""
    row = tx.execute(_GET, {"of_customer": id}).first()
    if row is None:
        raise NotFound(f"no customer {id}.")
    return _record(row)


def by_identity(tx: Tx, kind: str, value: str) -> Customer | None:
    """Whose identity this is, whatever its case; None for a stranger."""
    row = tx.execute(_BY_IDENTITY, {"of_kind": kind, "of_value": key(value)}).first()
    return _record(row) if row else None


def find_or_create(
    tx: Tx, *, email: str, name: str, language: str | None, at: datetime
) -> Customer:
    """`find_or_create_by` an e-mail address."""
    return find_or_create_by(tx, "email", email, name=name, language=language, at=at)


def find_or_create_by(
    tx: Tx, kind: str, value: str, *, name: str, language: str | None, at: datetime
) -> Customer:
    """The customer of an identity, made if he is new; an unknown name or language is filled in later (G1, L2).

    Safe against two at once: the second waits for the first's identity and takes its customer.
    """
    found = by_identity(tx, kind, value)
    if found is None:
        made = _create(tx, kind, key(value), name, language, at)
        if made is not None:
            return made
        found = by_identity(tx, kind, value)
    if found is None:
        raise Conflict(f"the customer {value} was removed just now; try again.")
    return _filled(tx, found, name, language)


def add_identity(tx: Tx, customer_id: int, kind: str, value: str, at: datetime) -> None:
    """Give a customer one more identity; Conflict if it is another's, nothing if it is his already."""
    if _claim(tx, customer_id, kind, key(value), at):
        return
    holder = by_identity(tx, kind, value)
    if holder is None or holder.id != customer_id:
        whose = f"customer {holder.id}" if holder else "another customer"
        raise Conflict(f"{kind}:{key(value)} belongs to {whose}.")


def tickets_of(tx: Tx, customer_id: int, limit: int = 25) -> list[Ticket]:
    """Tickets he asked for or takes part in, the newest activity first."""
    addresses = select(identity.c.value).where(
        identity.c.customer_id == customer_id, identity.c.kind == "email"
    )
    taking_part = select(participant.c.ticket_id).where(participant.c.address.in_(addresses))
    return tickets.rows(
        tx,
        tickets.SELECT.where(or_(ticket.c.customer_id == customer_id, ticket.c.id.in_(taking_part)))
        .order_by(ticket.c.updated_at.desc(), ticket.c.id.desc())
        .limit(limit),
    )


def _create(
    tx: Tx, kind: str, value: str, name: str, language: str | None, at: datetime
) -> Customer | None:
    """Make a customer with this identity; None, and nothing made, if it was taken meanwhile."""
    email = value if kind == "email" else ""
    row: dict[str, Any] = {"name": name, "email": email, "language": language}
    row |= {"profile": {}, "created_at": at}
    id = new_id(tx.execute(_INSERT, row))
    if not _claim(tx, id, kind, value, at):
        tx.execute(delete(customer).where(customer.c.id == id))
        return None
    return Customer(
        id=id,
        name=name,
        email=email,
        identities=(f"{kind}:{value}",),
        language=language,
        profile={},
        last_seen_at=None,
    )


def _claim(tx: Tx, customer_id: int, kind: str, value: str, at: datetime) -> bool:
    row = {"customer_id": customer_id, "kind": kind, "value": value, "created_at": at}
    return _take(tx, row)


def _filled(tx: Tx, found: Customer, name: str, language: str | None) -> Customer:
    missing: dict[str, Any] = {}
    if name and not found.name:
        missing["name"] = name
    if language and not found.language:
        missing["language"] = language
    if not missing:
        return found
    tx.execute(update(customer).where(customer.c.id == found.id).values(**missing))
    return get(tx, found.id)


def _record(row: Row[Any]) -> Customer:
    return Customer(
        id=row.id,
        name=row.name,
        email=row.email,
        identities=tuple(sorted(row.identities.split("\n"))) if row.identities else (),
        language=row.language,
        profile=row.profile,
        last_seen_at=row.last_seen_at,
        last_page=row.last_page,
        merged_into=row.merged_into,
    )
